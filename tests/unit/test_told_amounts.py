"""What a run, a proposal and a close tell: amounts in the decimals of their currency, people counted one way."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import duckdb
from rich.console import Console

from attain import summary
from attain.closing_command import told_totals
from attain.proposal import Proposal, propose
from attain.publish.set import PublishedSet

D = Decimal


def proposal() -> Proposal:
    return Proposal(
        period="2026-02",
        previous="2026-01",
        set_name="s",
        set_hash="h",
        totals=[
            ("JPY", 2, D(120000), D(-500), D(0), D(-20), D(119480)),
            ("KWD", 1, D("1.5"), D(0), D("0.25"), D(0), D("1.75")),
        ],
        totals_before=[("JPY", 2, D(0), D(0), D(0), D(0), D(100000))],
        changes=[("a", "JPY", D(1000), D(2000))],
        adjustments=[("a", "p/c", "2026-01", "adjustment", D(-500), "JPY", 3)],
        outliers=[("a", "JPY", D(9000), D(10000), 3), ("b", "KWD", D(-1), None, None)],
        without_pay=[],
        questions=[],
        warnings=[],
        waiting=[],
    )


def test_a_proposal_tells_amounts_in_the_decimals_of_their_currency() -> None:
    shown = proposal().text()
    assert "**Payable 119,480 JPY** to 2 people" in shown
    assert "(earned 120,000, adjustments -500, deductions -20); 2026-01: 100,000, change 19,480." in shown
    assert "**Payable 1.750 KWD** to 1 " in shown
    assert "(earned 1.500, adjustments 0.000, draws 0.250); 2026-01: 0.000, change 1.750." in shown
    assert "- a: 2,000 JPY, before 1,000" in shown
    assert "Adjustments of closed periods and clawbacks (the 1 largest of 3):" in shown
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
            ('a', 'Ann', 'north', '2026-02', 'JPY', 120000.000, -500.000, 100.0, -100.0, 119500.000),
            ('b', 'Bo', null, '2026-02', 'KWD', 1.5, 0.0, 0.0, 0.0, 1.5),
            ('c', 'Cy', null, '2026-02', 'JPY', 0.0, 0.0, 0.0, 0.0, 0.0)
        ) as t (participant_id, name, team, period, currency, gross_earned, adjustments, draws, deductions, payable);
    """)
    out = io.StringIO()
    summary._pay(Console(file=out, width=110), con)
    shown = out.getvalue()
    assert "Payable 119,500 JPY to 1 " in shown
    assert "(earned 120,000, adjustments -500, draws 100, deductions -100)" in shown
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


def test_a_run_and_its_proposal_count_the_same_people(tmp_path: Path) -> None:
    """Ann is paid; Bo's two components come to nothing; Cy has a row of 0; Di has left and pays back; Ed has no row."""
    path = tmp_path / "attain.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("""
            create schema marts;
            create schema settlement;
            create table marts.payouts as
            select *, '2026-02' as period, 'EUR' as currency, 'open' as status, payable as earned, 0.00 as adjustment,
                0.00 as held, 0.00 as released, 0.00 as clawed_back, 0.00 as drawn, 0.00 as recovered
            from (values ('ann', 10.00), ('bo', 5.00), ('bo', -5.00), ('cy', 0.00), ('di', -1.00))
                as t (participant_id, payable);
            create table marts.commission_table as
            select participant_id, participant_id as name, null::varchar as team, period, currency,
                sum(earned) as gross_earned, sum(adjustment) as adjustments, sum(drawn - recovered) as draws,
                0.00 as deductions, sum(payable) as payable
            from marts.payouts group by all;
            create table marts.publication as select '2026-02' as period;
            create table marts.dim_period as
            select '2026-02' as period, date '2026-02-01' as starts_on, date '2026-02-28' as ends_on;
            create table marts.dim_participant as
            select unnest(['ann', 'bo', 'cy', 'di', 'ed']) as participant_id, participant_id as name,
                null::date as hired_on, case participant_id when 'di' then date '2026-01-31' end as left_on,
                date '2025-01-01' as effective_from,
                date '9999-12-31' as effective_to;
            create table settlement.close_entries (participant_id varchar, plan varchar, component varchar,
                origin_period varchar, kind varchar, transaction_id varchar, amount decimal(24, 6), currency varchar);
            create table marts.disputes (dispute_id varchar, participant_id varchar, line integer, age_days integer,
                period varchar, status varchar);
            create table marts.quality_results (gate varchar, "check" varchar, observed varchar, status varchar);
        """)
        out = io.StringIO()
        summary._pay(Console(file=out, width=110), con)
    shown = propose(PublishedSet(tmp_path, {"period": "2026-02", "hash": "h"}), None, []).text()
    assert "Payable 9.00 EUR to 2 people whose pay is not 0" in out.getvalue()
    assert "**Payable 9.00 EUR** to 2 people whose pay is not 0 (" in shown
    assert "People without pay (3):\n- bo bo\n- cy cy\n- ed ed" in shown
