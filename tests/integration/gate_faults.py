"""One fault per check: the statements that break it in sound run files, and what the gate must then say.

Those of the gate of pay stand in `pay_gate_faults`.
"""

from __future__ import annotations

from dataclasses import dataclass

from attain.quality.results import Gate


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


FAULTS_BEFORE_PAY = [
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
]
