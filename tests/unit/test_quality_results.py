"""How an outcome becomes a check, what is masked, and how results are kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from attain.quality import control, telling
from attain.quality.judge import Outcome
from attain.quality.results import Check, GateResult, record, stored
from attain.quality.suites import Expectation


def expectation(severity: str = "critical", mask: bool = False) -> Expectation:
    return Expectation.model_validate(
        {
            "check": "totals",
            "type": "unexpected_rows_expectation",
            "severity": severity,
            "mask": mask,
            "description": {"en": "All right.", "zh": "正常。"},
            "finding": {
                "en": "{failed_rows} wrong, first {person}: {amount}.",
                "zh": "{failed_rows} 处有误：{person} {amount}。",
            },
        }
    )


def told(severity: str = "critical", mask: bool = False, success: bool = False, **row: Any) -> Check:
    outcome = Outcome(success, 0 if success else 1_200, () if success else (row,))
    return telling.check("pay", expectation(severity, mask), outcome, (None, None), 72_000, ["person"])


@pytest.mark.parametrize(("severity", "status"), [("critical", "failed"), ("warning", "warned"), ("info", "passed")])
def test_severity_decides_what_a_finding_does(severity: str, status: str) -> None:
    found = told(severity, person="p1", amount=Decimal("1234.500000"))
    assert (found.status, found.observed, found.expected) == (status, "1,200 / 72,000", "0")
    assert found.sentence == "1,200 wrong, first p1: 1,234.50."
    assert found.sentence_in("zh-CN") == "1,200 处有误：p1 1,234.50。"


def test_a_passed_check_tells_what_was_checked() -> None:
    assert (told(success=True).status, told(success=True).sentence) == ("passed", "All right.")


def test_masked_rows_show_who_but_not_how_much() -> None:
    found = told(mask=True, person=4711, amount=Decimal("1234.5"), note="late", is_open=True, count=3)
    assert found.sample == ({"person": "4,711", "amount": "•••", "note": "late", "is_open": "true", "count": "•••"},)
    assert "1,234" not in found.sentence


def _of_streams(failed_rows: int, *streams: str | None) -> Check:
    first = {"check": "share", "type": "unexpected_rows_expectation", "severity": "critical"}
    texts = {"en": "{stream} is late.", "zh": "{stream} 迟到。"}
    expected = Expectation.model_validate({**first, "description": texts, "finding": texts})
    rows = tuple({"stream": stream, "days": 3} for stream in streams)
    return telling.check("stage", expected, Outcome(False, failed_rows, rows), (None, None), 9, ["stream", "field"])


@pytest.mark.parametrize(
    ("failed_rows", "streams", "en", "zh"),
    [
        (1, ("deals",), "deals is late.", "deals 迟到。"),
        (2, ("deals", "deals"), "deals is late.", "deals 迟到。"),
        (2, ("deals", None), "deals is late.", "deals 迟到。"),
        (
            1_004,
            ("deals", "teams", "targets", "deals"),
            "deals is late. The same holds for teams, targets and 1,000 more.",
            "deals 迟到。同样情况：teams、targets，另有 1,000 处。",
        ),
    ],
)
def test_a_sentence_about_the_first_row_names_the_others(
    failed_rows: int, streams: tuple[str | None, ...], en: str, zh: str
) -> None:
    found = _of_streams(failed_rows, *streams)
    assert (found.sentence, found.sentence_in("zh-CN")) == (en, zh)


def test_a_missing_value_is_told_as_a_dash() -> None:
    assert told(person=None, amount=Decimal(0)).sentence == "1,200 wrong, first –: 0."


def test_a_check_that_could_not_look_is_critical_whatever_its_severity() -> None:
    outcome = Outcome(False, 0, (), "Catalog Error: no such table.")
    found = telling.check("pay", expectation("info"), outcome, (None, None), None, ["person"])
    assert (found.severity, found.status) == ("critical", "failed")
    assert found.sentence == "The check totals could not be evaluated: Catalog Error: no such table."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (Decimal("0.000000"), "0"),
        (Decimal("-1234567.100000"), "-1,234,567.10"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("1200.000000"), "1,200"),
        (0.30000000000000004, "0.30"),
        (True, "true"),
        (12345, "12,345"),
        (dt.date(2026, 6, 30), "2026-06-30"),
        (dt.datetime(2026, 6, 30, 8, 5), "2026-06-30 08:05:00"),
        ("d1", "d1"),
    ],
)
def test_values_read_as_a_person_writes_them(value: Any, text: str | None) -> None:
    assert telling.text(value) == text


def test_results_survive_being_kept_and_a_gate_run_twice_counts_once(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    failed = GateResult(
        "r1", "pay", (told(person="p1", amount=Decimal(1)), told("warning", person="p2", amount=Decimal(2)))
    )
    record(file, [GateResult("r1", "inputs", (told(success=True),)), failed])
    record(file, [failed])
    kept = stored(file, "r1")
    assert [result.gate for result in kept] == ["pay"]
    assert kept == [failed]
    assert (kept[0].stopped, kept[0].sentence) == (True, "1,200 wrong, first p1: 1.")
    assert stored(file, "another run") == []


def test_the_sentence_that_matters_is_the_first_critical_finding() -> None:
    warned, failed = told("warning", person="w", amount=1), told(person="f", amount=1)
    assert GateResult("r", "pay", (warned, failed)).sentence == failed.sentence
    assert GateResult("r", "pay", (warned,)).sentence == warned.sentence
    assert GateResult("r", "pay", (told(success=True),)).sentence_in("zh-CN") == "1 项检查全部通过。"


@pytest.mark.parametrize(
    ("stream", "written", "totals"),
    [
        (
            "invoices",
            '{"invoice_id": "合计", "amount": "1,234.50", "tax_amount": "-3"}',
            {"amount": "1234.50", "tax_amount": "-3"},
        ),
        ("invoices", '{"amount": "1.234,50", "tax_amount": "12 %"}', {}),
        ("fx_rates", '{"rate": "7.1"}', {}),
        ("targets", '{"value": "500", "revision": "3"}', {"value": "500"}),
        (
            "deals",
            '[{"row": 9, "values": {"amount": "5"}}, {"row": 10, "values": {"amount": "7", "units": "2"}}]',
            {"amount": "7", "units": "2"},
        ),
    ],
)
def test_a_totals_row_gives_the_sums_that_can_be_compared(stream: str, written: str, totals: dict[str, str]) -> None:
    assert control.read_totals(stream, written) == {name: Decimal(value) for name, value in totals.items()}
