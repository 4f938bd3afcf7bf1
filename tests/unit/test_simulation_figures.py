"""The comparison of two replays, by hand: cost, mix, who gains and loses, distribution, means."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from attain.simulation.facts import Payment, Person, Reading, Salary, Side
from attain.simulation.figures import Means, Pair, compare
from attain.simulation.files import moved, scratch, write_files
from attain.simulation.page import headlines, render_page
from attain.simulation.spread import Bucket, change_buckets, pay_buckets, percent, quantile
from attain.simulation.tables import shown
from attain.simulation.view import Told, view

PEOPLE = tuple(Person(who, who.title(), "North") for who in ("ann", "bo", "cy", "di"))
TOLD = Told("Tiny", "new.yml", "2026-01", dt.datetime(2026, 2, 1, tzinfo=dt.UTC), ("changed",), (), {})


def paid(who: str, amount: str, period: str = "2026-01", kind: str = "commission", currency: str = "USD") -> Payment:
    value = Decimal(amount)
    return Payment(who, period, "ae", kind, kind, currency, value, Decimal(0), Decimal(0), value)


def side(*payments: Payment, readings: tuple[Reading, ...] = (), salaries: tuple[Salary, ...] = ()) -> Side:
    return Side(payments, readings, PEOPLE, salaries)


BEFORE = side(paid("ann", "100"), paid("ann", "50", "2026-02"), paid("bo", "80"), paid("cy", "0"), paid("di", "20"))
AFTER = side(paid("ann", "120"), paid("bo", "60", kind="bonus"), paid("cy", "30"), paid("di", "20"))


def test_cost_is_compared_by_month_type_and_component() -> None:
    (money,) = compare(BEFORE, AFTER, ["2026-01", "2026-02", "2026-03"]).money
    assert money.total == Pair(Decimal(250), Decimal(230))
    assert (money.total.difference, money.total.percent) == (Decimal(-20), Decimal("-8.0"))
    assert money.months == (
        ("2026-01", Pair(Decimal(200), Decimal(230))),
        ("2026-02", Pair(Decimal(50), Decimal(0))),
        ("2026-03", Pair(Decimal(0), Decimal(0))),
    )
    assert money.types == (
        (("bonus",), Pair(Decimal(0), Decimal(60))),
        (("commission",), Pair(Decimal(250), Decimal(170))),
    )
    assert [key for key, _ in money.components] == [("ae", "bonus", "bonus"), ("ae", "commission", "commission")]


def test_winners_losers_and_who_is_paid_under_one_side_only() -> None:
    (money,) = compare(BEFORE, AFTER, ["2026-01"]).money
    assert [(one.person.participant, one.pay.difference) for one in money.losers] == [
        ("ann", Decimal(-30)),
        ("bo", Decimal(-20)),
    ]
    assert [(one.person.participant, one.pay.percent, one.only) for one in money.winners] == [("cy", None, "draft")]
    assert money.unchanged == 1


def test_currencies_are_never_added_together() -> None:
    comparison = compare(BEFORE, side(*BEFORE.payments, paid("bo", "7", currency="CNY")), ["2026-01"])
    assert [(one.currency, one.total.difference) for one in comparison.money] == [("CNY", Decimal(7)), ("USD", 0)]
    assert not comparison.is_equal
    assert compare(BEFORE, BEFORE, ["2026-01"]).is_equal


def test_money_that_only_moves_between_people_or_months_is_a_difference() -> None:
    assert not compare(side(paid("ann", "1")), side(paid("bo", "1")), ["2026-01"]).is_equal
    assert not compare(side(paid("ann", "1")), side(paid("ann", "1", "2026-02")), ["2026-01", "2026-02"]).is_equal


def test_fixed_pay_counts_those_whose_salary_is_known_in_that_currency() -> None:
    salaries = (
        Salary("ann", "2026-01", "USD", Decimal(1000)),
        Salary("ann", "2026-02", "USD", Decimal(1000)),
        Salary("bo", "2026-01", "CNY", Decimal(9000)),
        Salary("zoe", "2026-01", "USD", Decimal(5000)),
    )
    (money,) = compare(side(*BEFORE.payments, salaries=salaries), AFTER, ["2026-01"]).money
    assert money.fixed is not None
    assert (money.fixed.people, money.fixed.fixed) == (1, Decimal(2000))
    assert money.fixed.variable == Pair(Decimal(150), Decimal(120))
    assert compare(BEFORE, AFTER, ["2026-01"]).money[0].fixed is None


def test_means_are_told_where_they_differ_or_stand_on_one_side() -> None:
    same = Reading("ae", "", "ann", "2026-01", Decimal("0.9"))
    before = (same, Reading("ae", "csat", "ann", "2026-01", Decimal("0.8")))
    after = (
        same,
        Reading("ae", "csat", "ann", "2026-01", Decimal("0.8")),
        Reading("ae", "csat", "bo", "2026-01", Decimal("1.0")),
        Reading("ae", "nps", "bo", "2026-01", Decimal("0.5")),
    )
    assert compare(side(readings=before), side(readings=after), []).means == (
        Means("ae", "csat", Decimal("0.8"), Decimal("0.9")),
        Means("ae", "nps", None, Decimal("0.5")),
    )


def test_quantiles_lie_between_neighbours_in_proportion() -> None:
    values = [Decimal(one) for one in (10, 20, 30, 40)]
    assert [quantile(values, at) for at in (0, 25, 50, 90, 100)] == [
        Decimal(10),
        Decimal("17.5"),
        Decimal(25),
        Decimal(37),
        Decimal(40),
    ]
    assert quantile([Decimal(7)], 90) == 7
    with pytest.raises(ValueError, match="no values"):
        quantile([], 50)


def test_buckets_of_pay_are_round_and_hold_everybody_once() -> None:
    before = [Decimal(one) for one in ("-30", "0", "199.99", "200")]
    assert pay_buckets(before, [Decimal(420)]) == [
        Bucket(Decimal(low), Decimal(low + 50), count, after)
        for low, count, after in [
            *((-50, 1, 0), (0, 1, 0), (50, 0, 0), (100, 0, 0), (150, 1, 0), (200, 1, 0)),
            *((250, 0, 0), (300, 0, 0), (350, 0, 0), (400, 0, 1)),
        ]
    ]
    assert pay_buckets([], []) == []
    assert pay_buckets([Decimal(5)], [Decimal(5)]) == [Bucket(Decimal(5), Decimal(6), 1, 1)]


@pytest.mark.parametrize("high", ["1", "9", "10", "99.99", "100", "12345.67", "1000000", "0.03"])
def test_there_are_never_more_than_ten_buckets(high: str) -> None:
    values = [Decimal(0), Decimal(high) / 3, Decimal(high)]
    found = pay_buckets(values, values)
    assert len(found) <= 10
    assert sum(one.before for one in found) == 3


def test_changes_on_a_bound_are_counted_once() -> None:
    percents = [Decimal(one) for one in ("-25", "-10", "-5", "-0.01", "0", "0.01", "5", "10", "25", "25.01")]
    assert [count for _, _, count in change_buckets(percents)] == [0, 1, 1, 2, 1, 2, 1, 1, 1]
    assert percent(Decimal("0.25"), Decimal(100)) == Decimal("0.3"), "half up"
    assert percent(Decimal(1), Decimal(0)) is None


def test_amounts_are_rounded_half_up_to_their_currency() -> None:
    assert shown(Decimal("1234.565"), "USD", sign=True) == "+1,234.57"
    assert shown(Decimal("-1234.5"), "JPY") == "-1,235"
    assert shown(Decimal("-0.001"), "USD", sign=True) == "0.00"


def test_where_nobody_is_paid_the_page_says_so() -> None:
    page = render_page(view(compare(side(), side(), ["2026-01"]), TOLD, "en", 50))
    assert "Nobody has a plan with pay in these months." in page
    assert "pays everybody the same" not in page


def test_a_log_says_nothing_about_anybodys_pay() -> None:
    text = "\n".join(headlines(view(compare(BEFORE, AFTER, ["2026-01"]), TOLD, "en", 0)))
    assert "In force 250.00 USD · Draft 230.00 USD · Difference -20.00 USD (-8.0 %)" in text
    assert "1 paid more · 2 paid less · 1 the same" in text
    assert "ann" not in text.casefold()


def test_the_page_escapes_what_comes_from_data_in_both_languages() -> None:
    comparison = compare(BEFORE, AFTER, ["2026-01"])
    told = Told("<script>", "new.yml", "2026-01", TOLD.as_of, ("  changed <i>",), (), {})
    for language, word in (("en", "Largest losses"), ("zh-CN", "减少最多")):
        page = render_page(view(comparison, told, language, 50))
        assert word in page
        assert "<script>" not in page
        assert "changed &lt;i&gt;" in page


def test_texts_in_the_files_are_no_formulas(tmp_path: Path) -> None:
    danger = Side(BEFORE.payments, (), (Person("ann", "=1+1", "@x"),), ())
    written = write_files(tmp_path, "page", "en", (danger, danger), compare(danger, danger, ["2026-01"]))
    assert "ann,'=1+1,'@x,USD,150,150,0,0.0," in moved(written, tmp_path / "out")[1].read_text(encoding="utf-8")


def test_scratch_of_a_killed_simulation_goes_and_that_of_one_at_work_stays(tmp_path: Path) -> None:
    code = "import os, sys; from pathlib import Path; from attain.simulation.files import scratch\n"
    code += "with scratch(Path(sys.argv[1])) as folder: os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=dict(os.environ), check=False)
    assert len(list(tmp_path.glob(".work-*"))) == 1
    with scratch(tmp_path) as one:
        assert list(tmp_path.iterdir()) == [one], "what was left is gone"
        with scratch(tmp_path) as other:
            assert {*tmp_path.iterdir()} == {one, other}
    assert list(tmp_path.iterdir()) == []
