"""The three gates over small run files: all pass when all is well, and each check finds its own fault."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import duckdb
import pytest
from tests.integration import gate_files
from tests.integration.gate_faults import FAULTS_BEFORE_PAY, Fault
from tests.integration.gate_files import RunFiles
from tests.integration.pay_gate_faults import GIVEN_BACK, LONG_HISTORY, ONE_CLOSED, ONE_PAYOUT, PAY_FAULTS, WINDFALL

from attain.quality import GateResult, record, run_gate, stored
from attain.quality.results import GATES, Check, Gate
from attain.quality.suites import load

FAULTS = [*FAULTS_BEFORE_PAY, *PAY_FAULTS]


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


def gate_with_one_suite(name: Gate, check: str, files: RunFiles, project: Path, folder: Path) -> GateResult:
    """The gate with only the suite that holds `check`: the others pass in their own test."""
    alone = folder / "expectations"
    (alone / name).mkdir(parents=True)
    for path in (project / "expectations").glob("*.yml"):
        shutil.copy(path, alone)
    suites = (project / "expectations" / name).glob("*.yml")
    holder = next(path for path in suites if f"check: {check}\n" in path.read_text(encoding="utf-8"))
    shutil.copy(holder, alone / name)
    return run_gate(name, warehouse=files.warehouse, marts=files.marts, expectations=alone, run_id="r1")


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
def test_a_fault_is_found_by_its_own_check(broken: Fault, files: RunFiles, project: Path, tmp_path: Path) -> None:
    files.change(*broken.statements)
    result = gate_with_one_suite(broken.gate, broken.check, files, project, tmp_path)
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
    for amount in ("30.03", "1,501.50", "3,003", "7,777.77", "30.04"):
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
    files.change(
        "update intermediate.int_stream_counts set staged = 195, quarantined = 21 where stream = 'deals'",
        "insert into intermediate.int_quarantined_rows select 'deals', 'unknown_product', null from range(21)",
    )
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


def test_rows_that_a_later_delivery_mended_no_longer_count_against_their_stream(files: RunFiles, project: Path) -> None:
    files.change(
        "update intermediate.int_stream_counts set landed = 237, staged = 216, quarantined = 21 where stream = 'deals'",
        "insert into intermediate.int_quarantined_rows select 'deals', 'unknown_participant', null from range(21)",
    )
    open_rows = named(gate("inputs", files, project), "quarantine_share")
    assert (open_rows.status, open_rows.observed) == ("failed", "8.9 % (deals)")
    files.change("update intermediate.int_quarantined_rows set resolved_batch_no = 7")
    mended = named(gate("inputs", files, project), "quarantine_share")
    assert (mended.status, mended.observed) == ("passed", "0.0 % (teams)")


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
        "insert into attain.marts.ledger select participant_id, period, period, participant_id, "
        "plan, component, "
        "'earned', earned, null from attain.marts.payouts where period = '2026-06'",
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
        "select gate, severity, status, observed, expected, failed_rows, sample from "
        'inputs.gate_results where "check" = ?',
        ["delivered_rows_landed"],
    ).fetchall()
    con.close()
    assert [kept_row[:6] for kept_row in row] == [("inputs", "critical", "failed", "445", "446", 1)]
    assert json.loads(row[0][6]) == [{"stream": "teams", "delivered": "2", "landed": "1"}]


def test_credits_moved_from_one_deal_to_another_are_found_though_the_total_is_right(
    files: RunFiles, project: Path, tmp_path: Path
) -> None:
    files.change(
        "update intermediate.int_deal_credits set amount = 101.10 where deal_id = 'd1-01-0'",
        "update intermediate.int_deal_credits set amount = 99.10 where deal_id = 'd2-06-2'",
    )
    found = named(gate_with_one_suite("pay", "credits_equal_deals", files, project, tmp_path), "credits_equal_deals")
    assert [(row["deal_id"], row["credited_amount"]) for row in found.sample] == [
        ("d1-01-0", "101.10"),
        ("d2-06-2", "99.10"),
    ]


def test_a_deal_with_lines_is_worth_its_lines(files: RunFiles, project: Path, tmp_path: Path) -> None:
    files.change(
        "insert into staging.stg_deal_lines (deal_id, line, amount) values ('d1-01-0', '1', 70), ('d1-01-0', '2', 50)",
        "update intermediate.int_deal_credits set amount = 120 where deal_id = 'd1-01-0'",
    )
    found = named(gate_with_one_suite("pay", "credits_equal_deals", files, project, tmp_path), "credits_equal_deals")
    assert (found.status, found.observed) == ("passed", "0 / 216")


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("the deal is still won", "update staging.stg_deals set status = 'won'"),
        ("what it earned is adjusted, too", "update inputs.adjustable set from_period = '2026-02'"),
        ("the event stands as well", "update inputs.adjustable set from_period = '2026-06'"),
        (
            "it has been given back before",
            "insert into attain.marts.ledger values "
            "('back', '2026-05', '2026-05', 'p3', 'ae', 'new', 'clawback', 10.01, 'd3-02-0')",
        ),
        ("the run books nothing", "update attain.marts.payouts set status = 'closed' where period = '2026-06'"),
    ],
)
def test_a_clawback_is_not_told_as_given_back_when(why: str, change: str, files: RunFiles, project: Path) -> None:
    files.change(*GIVEN_BACK)
    assert named(gate("pay", files, project), "clawbacks_not_given_back").status == "warned"
    files.change(change)
    assert named(gate("pay", files, project), "clawbacks_not_given_back").status == "passed", why


def test_what_is_given_back_of_a_deal_at_a_loss_is_earned(files: RunFiles, project: Path) -> None:
    files.change(
        "insert into attain.marts.earnings values ('p3', 'ae', 'new', '2026-06', 'clawback', 'd8', 7)",
        "insert into intermediate.int_clawbacks values ('p3', 'ae', 'new', '2026-06', 'd8', 7)",
        f"update attain.marts.payouts set earned = earned + 7, payable = payable + 7 where {ONE_PAYOUT}",
        f"update attain.marts.commission_table set payable = payable + 7 where {ONE_PAYOUT}",
    )
    assert gate("pay", files, project).sentence.startswith("All ")


def test_what_rounding_leaves_of_clawbacks_is_taken_back_and_not_earned(files: RunFiles, project: Path) -> None:
    taken = ", ".join(
        f"('p3', 'ae', 'new', '2026-06', '{kind}', '{deal}', {amount})"
        for deal in ("d8", "d9")
        for kind, amount in (("clawback", "-0.504"), ("rounding", "0.004"))
    )
    files.change(
        f"insert into attain.marts.earnings values {taken}",
        "insert into intermediate.int_clawbacks values "
        "('p3', 'ae', 'new', '2026-06', 'd8', -0.50), ('p3', 'ae', 'new', '2026-06', 'd9', -0.50)",
        f"update attain.marts.payouts set clawed_back = 1, payable = payable - 1 where {ONE_PAYOUT}",
        f"update attain.marts.commission_table set payable = payable - 1 where {ONE_PAYOUT}",
    )
    assert gate("pay", files, project).sentence.startswith("All ")
