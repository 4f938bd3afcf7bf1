"""One fault per check of the gate of pay (see gate_faults)."""

from __future__ import annotations

from tests.integration.gate_faults import fault

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

PAY_FAULTS = [
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
