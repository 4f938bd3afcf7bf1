"""What a run, a proposal and a close tell: amounts in the decimals of their currency, people counted one way."""

from __future__ import annotations

import io
from decimal import Decimal

import duckdb
from rich.console import Console

from attain import summary
from attain.closing_command import told_totals
from attain.proposal import Proposal

D = Decimal


def proposal() -> Proposal:
    return Proposal(
        period="2026-02",
        previous="2026-01",
        set_name="s",
        set_hash="h",
        totals=[
            ("JPY", 2, D(120000), D(-500), D(0), D(119500)),
            ("KWD", 1, D("1.5"), D(0), D("0.25"), D("1.75")),
        ],
        totals_before=[("JPY", 2, D(0), D(0), D(0), D(100000))],
        changes=[("a", "JPY", D(1000), D(2000))],
        adjustments=[("a", "p/c", "2026-01", "adjustment", D(-500), "JPY")],
        outliers=[("a", "JPY", D(9000), D(10000), 3), ("b", "KWD", D(-1), None, None)],
        without_pay=[],
        questions=[],
        warnings=[],
    )


def test_a_proposal_tells_amounts_in_the_decimals_of_their_currency() -> None:
    shown = proposal().text()
    assert "**Payable 119,500 JPY** to 2 people" in shown
    assert "(earned 120,000, adjustments -500, draws 0); 2026-01: 100,000, change 19,500." in shown
    assert "**Payable 1.750 KWD** to 1 " in shown
    assert "(earned 1.500, adjustments 0.000, draws 0.250); 2026-01: 0.000, change 1.750." in shown
    assert "- a: 2,000 JPY, before 1,000" in shown
    assert "- a, p/c for 2026-01: -500 JPY (adjustment)" in shown
    assert "- a: 9,000 JPY; 3,333 a month until now" in shown
    assert "- b: -1.000 KWD" in shown


def test_a_run_tells_amounts_in_the_decimals_of_their_currency() -> None:
    con = duckdb.connect()
    con.execute("""
        create schema marts;
        create table marts.publication as select '2026-02' as period;
        create table marts.commission_table as
        select * from (values
            ('a', 'Ann', 'north', '2026-02', 'JPY', 120000.000, -500.000, 119500.000),
            ('b', 'Bo', null, '2026-02', 'KWD', 1.5, 0, 1.5),
            ('c', 'Cy', null, '2026-02', 'JPY', 0, 0, 0)
        ) as t (participant_id, name, team, period, currency, gross_earned, adjustments, payable);
    """)
    out = io.StringIO()
    summary._pay(Console(file=out, width=110), con)
    shown = out.getvalue()
    assert "Payable 119,500 JPY to 1 " in shown
    assert "(earned 120,000, adjustments -500)" in shown
    assert "Payable 1.500 KWD to 1 " in shown
    assert "(earned 1.500, adjustments 0.000)" in shown
    assert [line.split()[-2:] for line in shown.splitlines()[-3:]] == [
        ["119,500", "JPY"],
        ["1.500", "KWD"],
        ["0", "JPY"],
    ]


def test_a_close_tells_amounts_in_the_decimals_of_their_currency() -> None:
    assert told_totals({"EUR": D(100), "JPY": D("120.000000")}) == "100.00 EUR, 120 JPY"
    assert told_totals({}) == "nothing"
