"""What comes from files is shown on a terminal as it is written: no markup in it is obeyed, no letter steers."""

from __future__ import annotations

import io
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from attain import cli, status, summary
from attain.company import Company, settings_from
from attain.errors import InputError

# A closing mark without an opening one is an error to whoever reads it as markup; the rest clears a screen.
ODD = "Ann [/] [red]Lee\x1b[2J"
SHOWN = "Ann [/] [red]Lee [2J"


def test_names_of_people_and_teams_in_the_summary() -> None:
    con = duckdb.connect()
    con.execute("create schema marts; create table marts.publication as select '2026-02' as period")
    con.execute(
        """
        create table marts.commission_table as select 'a' as participant_id, $odd as name, $odd as team,
            '2026-02' as period, 'EUR' as currency, 1.0 as gross_earned, 0.0 as adjustments, 0.0 as draws,
            0.0 as deductions, 1.0 as payable
        """,
        {"odd": ODD},
    )
    out = io.StringIO()
    summary._pay(Console(file=out, width=110), con)
    assert out.getvalue().count(SHOWN) == 2
    assert "\x1b" not in out.getvalue()


def test_sentences_about_files_and_findings_in_the_summary(tmp_path: Path) -> None:
    out = io.StringIO()
    console = Console(file=out, width=110)
    summary._rows(console, {"landed": {"rows": 0, "warnings": [f"deals [copy].csv: {ODD}"] * 6}}, tmp_path / "[h]")
    gate = {"gate": "pay", "passed": 1, "warnings": [["c", f"{ODD} is far off", ""]]}
    summary._gates(console, {"gate_pay": gate})
    shown = out.getvalue()
    assert shown.count(f"  ! deals [copy].csv: {SHOWN}\n") == 5
    assert f"and 1 more, in {tmp_path}/[h]/logs/runs\n" in shown
    assert f"      {SHOWN} is far off\n" in shown


def test_the_name_of_a_company_in_its_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_from({"name": ODD, "currency": "EUR", "first_period": "2026-01"}, "x")
    status.show_status(Company(tmp_path / "[b]", settings), tmp_path)
    assert capsys.readouterr().out.startswith(f"{SHOWN}  {tmp_path}/[b]\nState: {tmp_path}\n")


def test_a_sentence_that_names_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(standalone_mode: bool) -> None:
        raise InputError(f"deals.csv: row 2: {ODD}\nand a second line.")

    monkeypatch.setattr(cli, "cli", refuse)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert (end.value.code, capsys.readouterr().err) == (2, f"deals.csv: row 2: {SHOWN}\nand a second line.\n")
