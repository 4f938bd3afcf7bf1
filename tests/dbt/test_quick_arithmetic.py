"""The fast forms of exact arithmetic give what fractions give, ties and large numbers included."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import duckdb
import pytest

from attain.environment import DBT_PROJECT

Pair = tuple[Decimal, Decimal]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The SQL of each macro, as the models get it."""
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("inline")
    options = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--quiet"]
    options += ["--target-path", str(folder / "target"), "--log-path", str(folder)]
    calls = "{{ quick_ratio('n', 'd') }}@{{ quickly_published('x') }}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ATTAIN_WAREHOUSE", str(folder / "warehouse.duckdb"))
        patched.setenv("ATTAIN_MARTS", str(folder / "attain.duckdb"))
        outcome = dbtRunner().invoke(["compile", "--inline", calls, *options])
    assert outcome.success, outcome.exception
    ratio, published = str(outcome.result.results[0].node.compiled_code).split("@")
    return {"quick_ratio": ratio, "quickly_published": published}


def _half_up(value: Fraction, places: int) -> Decimal:
    units = (abs(value) * 10**places * 2 + 1) // 2
    with localcontext(prec=60):
        return (-1 if value < 0 else 1) * Decimal(units).scaleb(-places)


def _pairs() -> list[Pair]:
    dice = random.Random(7)
    drawn = [
        (Decimal(dice.randint(-(10**digits), 10**digits)).scaleb(-6), Decimal(dice.randint(1, 10**other)).scaleb(-6))
        for digits in (3, 8, 12, 14)
        for other in (3, 8, 12, 14)
        for _ in range(125)
    ]
    # n ÷ d exactly half a unit of the tenth place above k units.
    ties = [
        (Decimal((2 * dice.randint(-(10**digits), 10**digits) + 1) * m).scaleb(-10), Decimal(2 * m))
        for digits in (2, 9, 14)
        for m in (1, 3, 1024, 7_777)
        for _ in range(100)
    ]
    edges = [
        (Decimal(99_999_999), Decimal(1)),
        (Decimal("99999998.9999999999"), Decimal("0.0000000003")),
        (Decimal("123456789012.345678"), Decimal("7.7")),
        (Decimal(5), Decimal(-99_999_999)),
        (Decimal(0), Decimal(9)),
        (Decimal(1), Decimal(2048)),
    ]
    return drawn + ties + edges


def test_the_quick_ratio_is_the_exact_ratio(compiled: dict[str, str]) -> None:
    sql = compiled["quick_ratio"]
    largest = Decimal("99999999.9999999999")
    pairs = [pair for pair in _pairs() if abs(Fraction(pair[0]) / Fraction(pair[1])) < Fraction(largest)]
    with duckdb.connect() as connection:
        connection.execute("create table pairs (n decimal(26, 10), d decimal(26, 10))")
        connection.executemany("insert into pairs values (?, ?)", pairs)
        rows = connection.execute(f"select n, d, {sql} from pairs").fetchall()
    assert len(rows) == len(pairs)
    wrong = [(n, d, found) for n, d, found in rows if found != _half_up(Fraction(n) / Fraction(d), 10)]
    assert wrong == []


def test_the_quick_ratio_over_nothing_is_no_value(compiled: dict[str, str]) -> None:
    sql = compiled["quick_ratio"]
    cases = "(values (1, 0), (0, 0), (null, 1), (1, null)) as cases(n, d)"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select {sql} from (select cast(n as decimal(26, 10)) as n, cast(d as decimal(26, 10)) as d from {cases})"
        ).fetchall()
    assert rows == [(None,)] * 4


def test_what_is_published_is_rounded_half_away_from_zero(compiled: dict[str, str]) -> None:
    sql = compiled["quickly_published"]
    values = [Decimal("0.0000005"), Decimal("-0.0000005"), Decimal("0.0000004999"), Decimal("99999998.9999995")]
    values += [Decimal("1234567890.1234565"), Decimal("-1234567890.1234565"), Decimal(0)]
    with duckdb.connect() as connection:
        connection.execute("create table numbers (x decimal(26, 10))")
        connection.executemany("insert into numbers values (?)", [(value,) for value in values])
        rows = connection.execute(f"select x, {sql} from numbers").fetchall()
    assert [found for _, found in rows] == [x.quantize(Decimal("0.000001"), ROUND_HALF_UP) for x, _ in rows]
