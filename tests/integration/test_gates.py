"""The three gates over small run files: every check passes when all is well and finds its own fault when it is not."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from attain.quality import GateResult, record, run_gate, stored
from attain.quality.results import GATES, Check, Gate
from attain.quality.suites import load
from tests.integration import gate_files
from tests.integration.gate_files import RunFiles

ONE_PAYOUT = "participant_id = 'p3' and period = '2026-06'"
ONE_CLOSED = "participant_id = 'p3' and period = '2026-04'"
# Six more periods with some spread, closed and booked, so that histories are long enough to be compared with.
LONG_HISTORY = (
    "update inputs.run set first_period = '2025-07'",
    "insert into attain.marts.payouts select participant_id, '2025-' || lpad(m::varchar, 2, '0'), plan, component, "
    "earned + m, payable + m, 0, 0, 0, 0, 0, 0, 0, currency, 'closed' "
    "from attain.marts.payouts cross join range(7, 13) as months (m) where period = '2026-01'",
    "insert into attain.marts.ledger select participant_id || period, period, period, participant_id, plan, "
    "component, 'earned', earned from attain.marts.payouts where period < '2026-01'",
    "insert into attain.marts.earnings select participant_id, plan, component, period, 'deal', 'old', earned "
    "from attain.marts.payouts where period < '2026-01'",
    "insert into attain.marts.commission_table select participant_id, period, payable from attain.marts.payouts "
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
        "5.1 % of the rows of deals (11 of 216) are in quarantine, at most 5.0 % may be",
        "update intermediate.int_stream_counts set staged = 205, quarantined = 11 where stream = 'deals'",
    ),
    fault(
        "inputs",
        "quarantine_warning",
        "warned",
        1,
        "first deals with 1.4 % (3 of 216)",
        "update intermediate.int_stream_counts set staged = 213, quarantined = 3 where stream = 'deals'",
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
        "from staging.stg_invoices cross join (values ('a'), ('b')) as copies (k) where invoiced_on >= date '2026-06-01'",
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
        "invoices.csv says 21621.6 in its totals row for amount, but its rows add up to 21621.59 (-0.01)",
        "update landing.invoices set amount = '100.09' where _row = 2",
    ),
    fault(
        "inputs",
        "control_totals_unreadable",
        "warned",
        1,
        "1 value(s) or row(s) could not be read and may be the difference of -100.1",
        "update landing.invoices set amount = '一百' where _row = 2",
    ),
    fault(
        "scores",
        "points_not_negative",
        "failed",
        1,
        "first p2 in 2026-06, ae/csat: -0.5",
        "update attain.marts.score_lines set points = -0.5 where participant_id = 'p2' and period = '2026-06' "
        "and measure = 'csat'",
    ),
    fault(
        "scores",
        "points_usual",
        "warned",
        1,
        "first p2 in 2026-06, ae/csat: 3.000001",
        "update attain.marts.score_lines set points = 3.000001 where participant_id = 'p2' and period = '2026-06' "
        "and measure = 'csat'",
    ),
    fault(
        "scores",
        "weights_are_fractions",
        "failed",
        1,
        "first p2 in 2026-06, ae/csat: 1.2",
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
        "have no score, first p2 for 2026-06, plan ae",
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
        "ae in 2026-06 has 0.7, 1 before",
        "update attain.marts.scores set score = 0.7 where period = '2026-06'",
    ),
    fault(
        "scores",
        "grade_drift",
        "warned",
        2,
        "66.7 % of the 12 people of plan ae have grade A in 2026-06, 100.0 % before",
        "update attain.marts.scores set grade = 'B' where period = '2026-06' and participant_id in ('p1', 'p2', 'p3', 'p4')",
    ),
    fault(
        "pay",
        "payable_identity",
        "failed",
        1,
        "not the sum of their parts, first p3 in 2026-06, ae/new",
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
        "would be paid, first p3 in 2026-06",
        f"update attain.marts.payouts set status = 'provisional' where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "earned_equals_computed",
        "failed",
        1,
        "differ from the sum of their earning lines, first p3 in 2026-06, ae/new",
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
        "first d4-06-0: won 100.1 CNY, credited 100.09",
        "update intermediate.int_deal_credits set amount = 100.09 where deal_id = 'd4-06-0'",
    ),
    fault(
        "pay",
        "closed_periods_unchanged",
        "failed",
        1,
        "differ from the ledger, first p3 in 2026-04, ae/new",
        f"update attain.marts.payouts set earned = earned - 0.01, adjustment = 0.01 where {ONE_CLOSED}",
    ),
    fault(
        "pay",
        "commission_table_equals_payouts",
        "failed",
        1,
        "for 1 person(s) and period(s), first p3 in 2026-06",
        f"delete from attain.marts.commission_table where {ONE_PAYOUT}",
    ),
    fault(
        "pay",
        "bookings_against_billings",
        "warned",
        1,
        "Of the CNY 21621.6 booked in the last twelve months 7207.2 are billed (33.3 %)",
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
    fault("pay", "usual_for_the_role", "warned", 1, "far from the others of their role, first p5 (ae)", *WINDFALL),
]


@pytest.fixture(scope="module")
def sound_files(tmp_path_factory: pytest.TempPathFactory) -> RunFiles:
    return gate_files.build(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def files(sound_files: RunFiles, tmp_path: Path) -> RunFiles:
    return sound_files.copied_to(tmp_path)


def gate(name: Gate, files: RunFiles, project: Path) -> GateResult:
    return run_gate(
        name, warehouse=files.warehouse, marts=files.marts, expectations=project / "expectations", run_id="r1"
    )


def named(result: GateResult, check: str) -> Check:
    return next(found for found in result.checks if found.check == check)


@pytest.mark.parametrize("name", GATES)
def test_every_check_passes_when_all_is_well(name: Gate, files: RunFiles, project: Path) -> None:
    result = gate(name, files, project)
    assert [(check.check, check.sentence) for check in result.checks if check.status != "passed"] == []
    assert [check.failed_rows for check in result.checks] == [0] * len(result.checks)
    assert not result.stopped
    assert result.sentence == f"All {len(result.checks)} checks passed."


@pytest.mark.parametrize("broken", FAULTS, ids=[f"{case.gate}-{case.check}" for case in FAULTS])
def test_a_fault_is_found_by_its_own_check(broken: Fault, files: RunFiles, project: Path) -> None:
    files.change(*broken.statements)
    result = gate(broken.gate, files, project)
    found = named(result, broken.check)
    assert (found.status, found.failed_rows) == (broken.status, broken.failed_rows), found.sentence
    assert broken.says in found.sentence
    assert "–" not in found.sentence
    assert "{" not in found.sentence_zh
    assert (found.status == "failed") <= result.stopped


def test_every_check_is_broken_once(project: Path) -> None:
    checks = {
        (name, expectation.check)
        for name in GATES
        for suite in load(project / "expectations", name)
        for expectation in suite.expectations
    }
    assert {(case.gate, case.check) for case in FAULTS} == checks


def test_a_warning_does_not_stop_and_a_critical_finding_gives_the_sentence(files: RunFiles, project: Path) -> None:
    files.change("update staging.stg_participants set team_id = 't9' where participant_id = 'p4'")
    warned = gate("inputs", files, project)
    assert (warned.stopped, [check.check for check in warned.warned]) == (False, ["known_teams"])
    assert warned.sentence == named(warned, "known_teams").sentence
    files.change("update landing.batches set rows = 2 where stream = 'teams'")
    stopped = gate("inputs", files, project)
    assert stopped.stopped
    assert stopped.sentence == "Of teams 2 rows were delivered, but 1 are in the warehouse."
    assert stopped.sentence_in("zh-CN") == "teams 交付了 2 行，但仓库中有 1 行。"


def test_amounts_of_pay_appear_nowhere(files: RunFiles, project: Path) -> None:
    files.change(
        *LONG_HISTORY,
        *WINDFALL,
        f"update attain.marts.payouts set held = 0.5 where {ONE_PAYOUT}",
        f"update attain.marts.payouts set earned = 7777.77, adjustment = adjustment - 7747.74 where {ONE_CLOSED}",
        f"delete from attain.marts.commission_table where {ONE_PAYOUT}",
        "insert into attain.marts.earnings values ('p3', 'ae', 'new', '2026-04', 'deal', 'late', 0.01)",
    )
    result = gate("pay", files, project)
    found = [check for check in result.checks if check.status != "passed"]
    told = json.dumps([[c.observed, c.expected, c.sentence, c.sentence_zh, c.sample] for c in found])
    assert len(found) >= 6
    for amount in ("30.03", "1501.5", "3003", "7777.77", "30.04"):
        assert amount not in told
    assert named(result, "payable_identity").sample == (
        {
            "participant_id": "p3",
            "period": "2026-06",
            "plan": "ae",
            "component": "new",
            "payable": "•••",
            "identity_payable": "•••",
        },
    )


def test_a_check_that_cannot_look_stops_the_run(files: RunFiles, project: Path) -> None:
    files.change("drop table attain.marts.ledger")
    result = gate("pay", files, project)
    found = named(result, "closed_periods_unchanged")
    assert (found.severity, found.status) == ("critical", "failed")
    assert "closed_periods_unchanged could not be evaluated" in found.sentence
    assert "ledger" in found.sentence
    assert named(result, "credits_equal_deals").status == "passed"


def test_a_company_limit_beats_the_default_and_the_narrower_limit_the_wider(files: RunFiles, project: Path) -> None:
    files.change("update intermediate.int_stream_counts set staged = 195, quarantined = 21 where stream = 'deals'")
    assert named(gate("inputs", files, project), "quarantine_share").status == "failed"
    files.change("insert into inputs.quality_limits values ('quarantine_share', 'deals', '', 0.10, null)")
    allowed = named(gate("inputs", files, project), "quarantine_share")
    assert (allowed.status, allowed.observed, allowed.expected) == ("passed", "9.7 % (deals)", "≤ 10.0 %")
    files.change(
        "delete from inputs.quality_limits",
        "insert into inputs.quality_limits values ('quarantine_share', '', '', 0.50, null), "
        "('quarantine_share', 'deals', null, 0.09, null)",
    )
    assert named(gate("inputs", files, project), "quarantine_share").status == "failed"


def test_a_limit_for_a_column_nobody_fills_makes_it_a_finding(files: RunFiles, project: Path) -> None:
    files.change("update staging.stg_deals set account_id = null")
    assert named(gate("inputs", files, project), "empty_share").status == "passed"
    files.change("insert into inputs.quality_limits values ('empty_share', 'deals', 'account_id', 0.16, null)")
    found = named(gate("inputs", files, project), "empty_share")
    assert (found.status, found.observed) == ("failed", "100.0 % (deals.account_id)")


def test_a_period_is_compared_with_periods_of_its_kind_only(files: RunFiles, project: Path) -> None:
    files.change(
        "insert into inputs.periods values ('2026-Q1', 'quarter', '2026-01-01', '2026-03-31', 5), "
        "('2026-Q2', 'quarter', '2026-04-01', '2026-06-30', 6)",
        "update inputs.run set period = '2026-Q2', period_starts_on = '2026-04-01'",
    )
    volume = named(gate("inputs", files, project), "volume")
    assert (volume.status, volume.observed) == ("passed", "–")


def test_a_booked_period_that_is_run_again_is_not_held_against_late_data(files: RunFiles, project: Path) -> None:
    files.change(
        "update attain.marts.payouts set status = 'closed' where period = '2026-06'",
        "insert into attain.marts.ledger select participant_id, period, period, participant_id, plan, component, "
        "'earned', earned from attain.marts.payouts where period = '2026-06'",
        "insert into attain.marts.earnings values ('p3', 'ae', 'new', '2026-06', 'deal', 'late', 5)",
    )
    assert not gate("pay", files, project).stopped


def test_differences_beyond_the_retro_window_are_not_held_against_the_run(files: RunFiles, project: Path) -> None:
    files.change("insert into attain.marts.earnings values ('p3', 'ae', 'new', '2026-02', 'deal', 'late', 5)")
    assert named(gate("pay", files, project), "ledger_plus_open_equals_computed").status == "failed"
    files.change("update inputs.run set retro_window = 3")
    assert not gate("pay", files, project).stopped


def test_an_adjustment_in_the_open_period_settles_a_late_earning(files: RunFiles, project: Path) -> None:
    files.change(
        "insert into attain.marts.earnings values ('p3', 'ae', 'new', '2026-04', 'deal', 'late', 5)",
        f"update attain.marts.payouts set adjustment = 5, payable = payable + 5 where {ONE_PAYOUT}",
        f"update attain.marts.commission_table set payable = payable + 5 where {ONE_PAYOUT}",
    )
    assert gate("pay", files, project).sentence.startswith("All ")


def test_the_inputs_gate_needs_no_marts(files: RunFiles, project: Path) -> None:
    files.marts.unlink()
    assert not gate("inputs", files, project).stopped
    assert not files.marts.exists()


def test_a_gate_changes_nothing_and_calls_nobody(
    files: RunFiles, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a gate opened a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    before = (files.warehouse.read_bytes(), files.marts.read_bytes())
    gate("pay", files, project)
    assert (files.warehouse.read_bytes(), files.marts.read_bytes()) == before


def test_results_are_kept_as_they_were_found(files: RunFiles, project: Path) -> None:
    files.change("update landing.batches set rows = 2 where stream = 'teams'")
    results = [gate("inputs", files, project), gate("scores", files, project)]
    record(files.warehouse, results)
    record(files.warehouse, results)
    kept = stored(files.warehouse, "r1")
    assert [(result.gate, len(result.checks)) for result in kept] == [("inputs", 19), ("scores", 11)]
    assert kept[0].sentence == results[0].sentence
    con = duckdb.connect(str(files.warehouse), read_only=True)
    row = con.execute(
        'select gate, severity, status, observed, expected, failed_rows, sample from inputs.gate_results where "check" = ?',
        ["delivered_rows_landed"],
    ).fetchall()
    con.close()
    assert [kept_row[:6] for kept_row in row] == [("inputs", "critical", "failed", "445", "446", 1)]
    assert json.loads(row[0][6]) == [{"stream": "teams", "delivered": "2", "landed": "1"}]
