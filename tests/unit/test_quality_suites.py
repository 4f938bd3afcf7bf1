"""Suites and limits as files: what may be written, and the sentence when it is wrong."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from attain.environment import EXPECTATIONS
from attain.errors import InputError
from attain.quality import limits, profile, suites
from attain.quality.results import GATES
from attain.quality.suites import Suite

SUITE = """\
suite: counts
position: 1
keys: [stream]
query: select 1 as stream
expectations:
  - check: rows_add_up
    type: expect_column_values_to_be_between
    severity: critical
    kwargs: {column: stream, min_value: 0, max_value: 1.5, strict_min: true}
    description: {en: All well., zh: 正常。}
    finding: {en: Not well., zh: 异常。}
"""


def written(folder: Path, text: str, name: str = "counts.yml") -> Path:
    (folder / "inputs").mkdir(exist_ok=True)
    (folder / "inputs" / name).write_text(text, encoding="utf-8")
    return folder


def test_kwargs_are_typed_as_great_expectations_wants_them(tmp_path: Path) -> None:
    suite = suites.load(written(tmp_path, SUITE), "inputs")[0]
    assert suite.expectations[0].typed_kwargs() == {
        "column": "stream",
        "min_value": 0,
        "max_value": 1.5,
        "strict_min": True,
    }


def test_suites_come_in_their_position(tmp_path: Path) -> None:
    second = SUITE.replace("position: 1", "position: 0").replace("counts", "later").replace("rows_add_up", "other")
    folder = written(written(tmp_path, SUITE), second, "z.yml")
    assert [suite.suite for suite in suites.load(folder, "inputs")] == ["later", "counts"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("critical", "fatal", "counts.yml:8: expectations[1].severity: 'fatal' is not allowed"),
        ("position: 1", "position: first", "counts.yml:2: position: 'first' is not a whole number"),
        ("keys: [stream]", "keys: [stream]\nkey: x", "counts.yml:4: key: is not a known key here"),
        ("rows_add_up", "Rows add up", "counts.yml:6: expectations[1].check:"),
        (
            "finding:",
            "mask: true\n    observed: sum(stream)\n    finding:",
            "rows_add_up masks its values, so it cannot show one in observed",
        ),
    ],
)
def test_a_wrong_suite_is_refused_by_file_line_and_field(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        suites.load(written(tmp_path, SUITE.replace(old, new)), "inputs")
    assert sentence in str(refused.value)


def test_a_gate_without_suites_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no suites"):
        suites.load(tmp_path, "pay")


def test_a_check_id_stands_once_per_gate(tmp_path: Path) -> None:
    folder = written(written(tmp_path, SUITE), SUITE.replace("suite: counts", "suite: again"), "z.yml")
    with pytest.raises(InputError, match="the check rows_add_up stands twice"):
        suites.load(folder, "inputs")


@pytest.mark.parametrize("gate", GATES)
def test_every_shipped_text_speaks_both_languages_and_masks_pay(project: Path, gate: str) -> None:
    for suite in suites.load(project / "expectations", gate):
        for expectation in suite.expectations:
            for words in (expectation.description, expectation.finding):
                assert words.en.isascii() or "−" in words.en
                assert not words.zh.isascii()
            tables = suite.query.replace("attain.marts.score", "")
            touches_pay = any(name in tables for name in ("marts.payouts", "marts.earnings", "marts.ledger"))
            assert expectation.mask == touches_pay, expectation.check


def test_a_companys_limits_are_told_by_check_stream_and_column(project: Path) -> None:
    quality = {
        "empty_share": {"deals.account_id": Decimal("0.2")},
        "quarantine_share": {"all": "0.1", "deals": "0.3"},
    }
    assert limits.overrides(quality, project / "expectations") == [
        limits.Limit("empty_share", "deals", "account_id", Decimal("0.2"), "critical"),
        limits.Limit("quarantine_share", "", "", Decimal("0.1"), "critical"),
        limits.Limit("quarantine_share", "deals", "", Decimal("0.3"), "critical"),
    ]


@pytest.mark.parametrize(
    ("quality", "sentence"),
    [
        (
            {"emptiness": {"all": "1"}},
            "company.yml: quality.emptiness: there is no such limit; known are billed_high,",
        ),
        ({"empty_share": {"dels": "1"}}, "company.yml: quality.empty_share.dels: dels is not a stream"),
        (
            {"empty_share": {"deals.acount": "1"}},
            "company.yml: quality.empty_share.deals.acount: deals has no column acount",
        ),
        (
            {"quarantine_share": {"deals": "5"}},
            "company.yml: quality.quarantine_share.deals: 5 is more than everything; 5 % is written 0.05.",
        ),
        (
            {"freshness_days": {"all": "-1"}},
            "company.yml: quality.freshness_days.all: -1 is below 0, so it limits nothing; write a number from 0 on.",
        ),
    ],
)
def test_an_unknown_or_impossible_limit_is_refused_by_name(
    project: Path, quality: dict[str, dict[str, str]], sentence: str
) -> None:
    with pytest.raises(InputError) as refused:
        limits.overrides(quality, project / "expectations")
    assert sentence in str(refused.value)


def test_a_share_may_be_everything_and_a_number_of_days_any(project: Path) -> None:
    quality = {"quarantine_share": {"all": "1"}, "freshness_days": {"all": "400"}, "empty_share": {"all": "0"}}
    found = limits.overrides(quality, project / "expectations")
    assert [str(limit.limit) for limit in found] == ["1", "400", "0"]


def test_every_limit_the_suites_ask_for_has_a_default(project: Path) -> None:
    expectations = project / "expectations"
    known = {limit.check for limit in limits.defaults(expectations) if not limit.stream_or_table}
    asked = {
        name
        for path in expectations.glob("*/*.yml")
        for name in known | {"quality_limit"}
        if f"quality_limit('{name}'" in path.read_text(encoding="utf-8")
    }
    drift = {"drift_score", "drift_grade"}
    assert asked | drift == known


def test_a_profile_of_an_unknown_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "streams.yml").write_text("streams:\n  deals: {columns: [acount_id]}\n", encoding="utf-8")
    with pytest.raises(InputError, match="deals has no column acount_id"):
        profile.load(tmp_path)


def unordered_keys(suite: Suite, query: str) -> list[str]:
    """The keys a query of failing rows shows but does not order by: rows equal in the rest would stand in any order."""
    selected = query.partition("select")[2].partition("from {batch}")[0].split(",")
    names = [tuple(one.strip().split(" as ")) for one in selected]
    ordered = {one.strip().removesuffix(" desc") for one in query.rpartition("order by")[2].split(",")}
    given = ordered | {name for place, both in enumerate(names, start=1) if str(place) in ordered for name in both}
    return [both[0] for both in names if set(both) & {*suite.keys, "id", "value"} and not set(both) & given]


def test_failing_rows_have_one_order_so_that_equal_findings_are_told_equally() -> None:
    loose = {
        (suite.suite, one.check): missing
        for gate in GATES
        for suite in suites.load(EXPECTATIONS, gate)
        for one in suite.expectations
        if (query := one.kwargs.get("unexpected_rows_query")) and (missing := unordered_keys(suite, query))
    }
    assert loose == {}
