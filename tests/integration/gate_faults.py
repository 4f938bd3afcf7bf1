"""One fault per check: the statements that break it in sound run files, and what the gate must then say."""

from __future__ import annotations

from dataclasses import dataclass

from attain.quality.results import Gate

ONE_PAYOUT = "participant_id = 'p3' and period = '2026-06'"
ONE_CLOSED = "participant_id = 'p3' and period = '2026-04'"
# Six more periods with some spread, closed and booked, so that histories are long enough to be compared with.
LONG_HISTORY = (
    "update inputs.run set first_period = '2025-07'",
    "insert into attain.marts.payouts select participant_id, '2025-' || lpad(m::varchar, 2, '0'), "
    "plan, component, "
    "earned + m, payable + m, 0, 0, 0, 0, 0, 0, 0, currency, 'closed' "
    "from attain.marts.payouts cross join range(7, 13) as months (m) where period = '2026-01'",
    "insert into attain.marts.ledger select participant_id || period, period, period, participant_id, plan, "
    "component, 'earned', earned, null from attain.marts.payouts where period < '2026-01'",
    "insert into attain.marts.earnings select participant_id, plan, component, period, 'deal', 'old', earned "
    "from attain.marts.payouts where period < '2026-01'",
    "insert into attain.marts.commission_table select participant_id, period, payable from "
    "attain.marts.payouts "
    "where period < '2026-01'",
)
# p5 earns fifty times the usual in June, in every table alike.
WINDFALL = (
    "update attain.marts.earnings set amount = amount * 50 where participant_id = 'p5' and origin_period = '2026-06'",
    "update attain.marts.payouts set earned = earned * 50, payable = payable * 50 "
    "where participant_id = 'p5' and period = '2026-06'",
    "update attain.marts.commission_table set payable = payable * 50 "
    "where participant_id = 'p5' and period = '2026-06'",
)
# d3-02-0, won in February, was taken back in May, and is lost now; a run of June adjusts nothing before April.
GIVEN_BACK = (
    "update inputs.adjustable set from_period = '2026-04'",
    "insert into attain.marts.ledger values "
    "('taken', '2026-05', '2026-05', 'p3', 'ae', 'new', 'clawback', -10.01, 'd3-02-0')",
    "update staging.stg_deals set status = 'lost' where deal_id = 'd3-02-0'",
)


@dataclass(frozen=True)
class Fault:
    """Statements that break one thing, and what the check must say."""

    gate: Gate
    check: str
    status: str
    failed_rows: int
    says: str
    statements: tuple[str, ...]


def fault(gate: Gate, check: str, status: str, failed_rows: int, says: str, *statements: str) -> Fault:
    return Fault(gate, check, status, failed_rows, says, statements)


FAULTS = [
    fault(
        "inputs",
        "rows_add_up",
        "failed",
        1,
        "of deals 216 rows landed, but 214 staged + 0 superseded + 1 quarantined",
        "update intermediate.int_stream_counts set staged = 214, quarantined = 1 where stream = 'deals'",
    ),
    fault(
        "inputs",
        "delivered_rows_landed",
        "failed",
        1,
        "Of teams 2 rows were delivered, but 1 are in the warehouse.",
        "update landing.batches set rows = 2 where stream = 'teams'",
    ),
    fault(
        "inputs",
        "quarantine_share",
        "failed",
        1,
        "5.1 % of the rows of deals (11 of 216) are in quarantine, at most 5.0 % may be. They break these rules: "
        "unknown_product 9, column_count 2. ",
        "update intermediate.int_stream_counts set staged = 205, quarantined = 11 where stream = 'deals'",
        "insert into intermediate.int_quarantined_rows select 'deals', 'unknown_product', null from range(9)",
        "insert into landing.malformed select 1, 'deals', range, '', 'column_count', '' from range(2)",
    ),
    fault(
        "inputs",
        "quarantine_warning",
        "warned",
        1,
        "first deals with 1.4 % (3 of 216); rules broken: split_total 3.",
        "update intermediate.int_stream_counts set staged = 213, quarantined = 3 where stream = 'deals'",
        "insert into intermediate.int_quarantined_rows select 'deals', 'split_total', null from range(3)",
    ),
    fault(
        "inputs",
        "essential_streams_delivered",
        "failed",
        1,
        "No usable row of deals has been delivered",
        "delete from staging.stg_deals",
    ),
    fault(
        "inputs",
        "period_has_rows",
        "failed",
        1,
        "deals has 0 rows in the period, the newest is of 2026-05-31",
        "delete from staging.stg_deals where won_on >= date '2026-06-01'",
    ),
    fault(
        "inputs",
        "freshness",
        "warned",
        1,
        "the newest row of deals is of 2026-06-19, 11 days earlier (at most 10 are usual)",
        "update staging.stg_deals set won_on = date '2026-06-19' where won_on >= date '2026-06-01'",
    ),
    fault(
        "inputs",
        "delivered_after_period",
        "warned",
        1,
        "before the period ended on 2026-06-30, first deals at 2026-06-30 23:00:00",
        "update landing.batches set landed_at = timestamp '2026-06-30 23:00:00' where stream = 'deals'",
    ),
    fault(
        "inputs",
        "volume_collapse",
        "failed",
        1,
        "deals has 3 rows in the period where 36 are usual (8.3 %)",
        "delete from staging.stg_deals where won_on >= date '2026-06-01' and owner_id <> 'p1'",
    ),
    fault(
        "inputs",
        "volume",
        "warned",
        1,
        "first invoices: 108 rows in the period, 36 on average before (300.0 %)",
        "insert into staging.stg_invoices select stg_invoices.* replace (invoice_id || k as invoice_id) "
        "from staging.stg_invoices cross join (values ('a'), ('b')) as copies (k) where invoiced_on "
        ">= date '2026-06-01'",
    ),
    fault(
        "inputs",
        "empty_share",
        "failed",
        1,
        "deals.account_id is empty in 10 of 36 rows (27.8 %, at most 25.0 %)",
        "update staging.stg_deals set account_id = null where won_on >= date '2026-06-01' and deal_id in "
        "(select deal_id from staging.stg_deals where won_on >= date '2026-06-01' order by deal_id limit 10)",
    ),
    fault(
        "inputs",
        "empty_warning",
        "warned",
        1,
        "first deals.account_id: 8.3 % (3 of 36 rows)",
        "update staging.stg_deals set account_id = null where won_on >= date '2026-06-01' and owner_id = 'p2'",
    ),
    fault(
        "inputs",
        "never_filled",
        "passed",
        1,
        "for example teams.region",
        "update staging.stg_teams set region = null",
    ),
    fault(
        "inputs",
        "known_managers",
        "warned",
        1,
        "not among the participants: p99, manager of p4",
        "update staging.stg_participants set manager_id = 'p99' where participant_id = 'p4'",
    ),
    fault(
        "inputs",
        "known_teams",
        "warned",
        1,
        "team_id of p4 is t9",
        "update staging.stg_participants set team_id = 't9' where participant_id = 'p4'",
    ),
    fault(
        "inputs",
        "no_manager_cycle",
        "failed",
        2,
        "their own manager, first p1",
        "update staging.stg_participants set manager_id = 'p2' where participant_id = 'p1'",
    ),
    fault(
        "inputs",
        "plans_have_people",
        "warned",
        1,
        "plan se@2026-01-01 is for se, which is no participant, role or team",
        "insert into inputs.plan_assignments values ('se@2026-01-01', 2, 'se')",
    ),
    fault(
        "inputs",
        "control_totals",
        "failed",
        1,
        "invoices.csv says 21,621.60 in its totals row for amount, but its rows add up to 21,621.59 (-0.01)",
        "update landing.invoices set amount = '100.09' where _row = 2",
    ),
    fault(
        "inputs",
        "control_totals_unreadable",
        "warned",
        1,
        "1 value or row could not be read and may be the difference of -100.10",
        "update landing.invoices set amount = '一百' where _row = 2",
    ),
    fault(
        "scores",
        "points_not_negative",
        "failed",
        1,
        "first p2 in 2026-06, ae/csat: -0.50",
        "update attain.marts.score_lines set points = -0.5 where participant_id = 'p2' and period = "
        "'2026-06' "
        "and measure = 'csat'",
    ),
    fault(
        "scores",
        "points_usual",
        "warned",
        1,
        "first p2 in 2026-06, ae/csat: 3.000001",
        "update attain.marts.score_lines set points = 3.000001 where participant_id = 'p2' and "
        "period = '2026-06' "
        "and measure = 'csat'",
    ),
    fault(
        "scores",
        "weights_are_fractions",
        "failed",
        1,
        "first p2 in 2026-06, ae/csat: 1.20",
        "update attain.marts.score_lines set weight = 1.2 where participant_id = 'p2' and period = '2026-06' "
        "and measure = 'csat'",
    ),
    fault(
        "scores",
        "weights_sum_to_one",
        "failed",
        1,
        "first p2 in 2026-06, plan ae: 0.989999 over 3 lines",
        "update attain.marts.score_lines set weight = weight - 0.01 where participant_id = 'p2' "
        "and period = '2026-06' and measure = 'csat'",
    ),
    fault(
        "scores",
        "score_equals_lines",
        "failed",
        1,
        "first p2 in 2026-06, plan ae: score 1.00001, lines 0.999999",
        "update attain.marts.scores set score = 1.00001 where participant_id = 'p2' and period = '2026-06'",
    ),
    fault(
        "scores",
        "score_not_negative",
        "failed",
        1,
        "first p2 in 2026-06, plan ae: -1",
        "update attain.marts.scores set score = -1 where participant_id = 'p2' and period = '2026-06'",
    ),
    fault(
        "scores",
        "grades_known",
        "failed",
        1,
        "first p2 in 2026-06: Z in plan ae",
        "update attain.marts.scores set grade = 'Z' where participant_id = 'p2' and period = '2026-06'",
    ),
    fault(
        "scores",
        "everybody_scored",
        "failed",
        1,
        "has no score, first p2 for 2026-06, plan ae",
        "delete from attain.marts.scores where participant_id = 'p2' and period = '2026-06'",
    ),
    fault(
        "scores",
        "scores_complete",
        "warned",
        1,
        "held back for want of data, first p2 for 2026-06",
        "update attain.marts.scores set status = 'incomplete', score = null, grade = null "
        "where participant_id = 'p2' and period = '2026-06'",
    ),
    fault(
        "scores",
        "score_drift",
        "warned",
        1,
        "ae in 2026-06 has 0.70, 1 before",
        "update attain.marts.scores set score = 0.7 where period = '2026-06'",
    ),
    fault(
        "scores",
        "grade_drift",
        "warned",
        2,
        "66.7 % of the 12 people of plan ae have grade A in 2026-06, 100.0 % before",
        "update attain.marts.scores set grade = 'B' where period = '2026-06' and participant_id in "
        "('p1', 'p2', 'p3', 'p4')",
    ),
    fault(
        "pay",
        "payable_identity",
        "failed",
        1,
        "not the sum of its parts, first p3 in 2026-06, ae/new",
        f"update attain.marts.payouts set held = 0.01 where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "payable_in_minor_units",
        "failed",
        1,
        "fractions of the smallest unit of money, first p3 in 2026-06",
        f"update attain.marts.payouts set payable = payable + 0.001, adjustment = 0.001 where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "parts_not_negative",
        "failed",
        1,
        "negative clawback, draw, recovery or balance, first p3",
        f"update attain.marts.payouts set balance_owed = -1 where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "provisional_pays_nothing",
        "failed",
        1,
        "already earns something, first p3 in 2026-06",
        f"update attain.marts.payouts set status = 'provisional' where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "earned_equals_computed",
        "failed",
        1,
        "differs from the sum of its earning lines, first p3 in 2026-06, ae/new",
        f"update attain.marts.payouts set earned = earned + 0.01, payable = payable + 0.01 where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "ledger_plus_open_equals_computed",
        "failed",
        1,
        "do not add up to what is computed, first p3, ae/new",
        "insert into attain.marts.earnings values ('p3', 'ae', 'new', '2026-04', 'deal', 'late', 0.01)",
    ),
    fault(
        "pay",
        "credits_equal_deals",
        "failed",
        1,
        "first d4-06-0: won 100.10 CNY, credited 100.09",
        "update intermediate.int_deal_credits set amount = 100.09 where deal_id = 'd4-06-0'",
    ),
    fault(
        "pay",
        "money_has_a_rate",
        "failed",
        2,
        "2 amounts have no rate to the currency of the plan, first deal d9 of p3 (USD to CNY 2026-06-03)",
        "insert into attain.marts.credits values ('p3', 'ae', 'deal', 'd9', 'USD', 'CNY', '2026-06-03', null)",
        "update intermediate.int_participant_ranges set pay_currency = 'JPY' where participant_id = 'p4'",
    ),
    fault(
        "pay",
        "closed_periods_unchanged",
        "failed",
        1,
        "differs from the ledger, first p3 in 2026-04, ae/new",
        f"update attain.marts.payouts set earned = earned - 0.01, adjustment = 0.01 where {ONE_CLOSED}",
    ),
    fault(
        "pay",
        "commission_table_equals_payouts",
        "failed",
        1,
        "for 1 person and period, first p3 in 2026-06",
        f"delete from attain.marts.commission_table where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "bookings_against_billings",
        "warned",
        1,
        "Of the CNY 21,621.60 booked in the last twelve months 7,207.20 are billed (33.3 %)",
        "delete from staging.stg_invoices where invoiced_on >= date '2026-03-01'",
    ),
    fault(
        "pay",
        "deals_not_overbilled",
        "warned",
        1,
        "1 of 216 deals in CNY are billed for more than they were booked, first d4-06-0",
        "update staging.stg_invoices set amount = 100.11 where deal_id = 'd4-06-0'",
    ),
    fault(
        "pay",
        "usual_for_the_person",
        "warned",
        1,
        "far from the person's own history, first p5, ae/new",
        *LONG_HISTORY,
        *WINDFALL,
    ),
    fault(
        "pay",
        "usual_for_the_role",
        "warned",
        1,
        "far from the others of their role, first p5 (ae)",
        *WINDFALL,
    ),
    fault(
        "pay",
        "disputes_name_a_line",
        "warned",
        1,
        "1 question names no line of its statement, first q2 of p2 about 9 in 2026-05: ",
        "update attain.marts.disputes set is_line_unknown = true, line = 9 where dispute_id in ('q2', 'later')",
    ),
    fault(
        "pay",
        "disputes_are_answered",
        "warned",
        1,
        "first q2 of p2 about 2026-05: 31 days",
        "update attain.marts.disputes set age_days = age_days + 1",
    ),
    fault(
        "pay",
        "clawbacks_not_given_back",
        "warned",
        1,
        "1 clawback is given back, first what 2026-05 took from p3 (new) for d3-02-0: "
        "the deal is lost or deleted now and has no event any more, but 2026-02, which earned it",
        *GIVEN_BACK,
    ),
]
