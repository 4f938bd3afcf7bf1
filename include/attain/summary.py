"""What a run shows: its steps while they go on, and at the end the page a person enjoys reading."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, TextIO

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from attain.amounts import money, parts_of_pay
from attain.journal import newest_journal
from attain.pages import plain
from attain.pipeline import STEPS
from attain.plurals import paid

_NAMES = {"airflow": "Airflow", "land": "Landing: read the inbox", **dict(STEPS)}
_SHORT = {
    "airflow": "airflow",
    "land": "land",
    "begin": "prepare",
    "stage": "stage",
    "gate_stage": "gate inputs",
    "score": "score",
    "gate_score": "gate scores",
    "pay": "pay",
    "gate_pay": "gate pay",
    "publish": "publish",
}
_TOP = 10


class Progress:
    """Steps as they happen: one moving line in a terminal, plain lines in a log."""

    def __init__(self, output: TextIO) -> None:
        self.output = output
        self.moving = output.isatty()
        self.step = ""
        self.started = time.perf_counter()
        self.details = 0

    def __call__(self, step: str, detail: str) -> None:
        if step != self.step:
            self._end_step()
            self.step, self.started, self.details = step, time.perf_counter(), 0
            if not self.moving:
                self._write(f"{_NAMES.get(step, step)} ...\n")
        self.details += bool(detail)
        if self.moving:
            shown = f"{_NAMES.get(step, step)}  {detail}"
            self._write(f"\r\033[K  \033[36m…\033[0m {shown[:100]}")
        elif detail and step == "land":
            self._write(f"  {detail}\n")

    def close(self) -> None:
        """The last step has ended."""
        self._end_step()

    def _end_step(self) -> None:
        if not self.step:
            return
        seconds = time.perf_counter() - self.started
        name = _NAMES.get(self.step, self.step)
        if self.moving:
            self._write(f"\r\033[K  \033[32m✓\033[0m {name:<48}{seconds:6.1f} s\n")
        else:
            self._write(f"  {name}: {seconds:.1f} s\n")
        self.step = ""

    def _write(self, text: str) -> None:
        self.output.write(text)
        self.output.flush()


def show(home: Path, output: TextIO, total_seconds: float | None = None) -> None:
    """Print the summary of the newest run: rows, gates, totals, the top of the table, where the outputs are."""
    journal = newest_journal(home)
    console = Console(file=output, width=None if output.isatty() else 110, highlight=False)
    database = home / "published" / "attain.duckdb"
    with duckdb.connect(str(database.resolve()), read_only=True) as con:
        _headline(console, journal, con)
        _rows(console, journal, home)
        _gates(console, journal)
        _pay(console, con)
    _places(console, home, journal)
    _seconds(console, journal, total_seconds)


def _headline(console: Console, journal: dict[str, Any], con: duckdb.DuckDBPyConnection) -> None:
    period, as_of = con.sql("select period, as_of from marts.publication").fetchall()[0]
    is_new = journal["published"]["is_new"]
    text = "published" if is_new else "unchanged: the published set already says exactly this"
    console.print(f"\n[bold]Period {period}[/bold]  {text}   knowledge up to {as_of:%Y-%m-%d %H:%M:%S} UTC\n")


def _rows(console: Console, journal: dict[str, Any], home: Path) -> None:
    landed = journal["landed"]
    counts = journal.get("rows") or []
    total = [sum(row[index] for row in counts) for index in (1, 2, 3, 4)]
    table = Table(box=None, pad_edge=False, title="Rows", title_justify="left", title_style="bold")
    for name in ("stream", "landed", "staged", "superseded", "quarantined"):
        table.add_column(name, justify="left" if name == "stream" else "right")
    for row in counts:
        if row[1]:
            style = "yellow" if row[4] else ""
            table.add_row(row[0], *(f"{value:,}" for value in row[1:]), style=style)
    table.add_row("all", *(f"{value:,}" for value in total), style="bold")
    console.print(table)
    new = f"{landed['rows']:,} rows were new in this run." if landed["rows"] else "Nothing new was in the inbox."
    console.print(f"{new}\n")
    for text in landed["warnings"][:5]:
        console.print(Text.assemble("  ", ("!", "yellow"), f" {plain(text)}"), soft_wrap=True)
    if len(landed["warnings"]) > 5:
        more = f" and {len(landed['warnings']) - 5} more, in {home / 'logs' / 'runs'}"
        console.print(Text.assemble("  ", ("!", "yellow"), more), soft_wrap=True)


def _gates(console: Console, journal: dict[str, Any]) -> None:
    console.print("[bold]Gates[/bold]")
    for name in ("gate_stage", "gate_score", "gate_pay"):
        gate = journal.get(name)
        if not gate:
            continue
        warned = len(gate["warnings"])
        mark = "[yellow]![/yellow]" if warned else "[green]✓[/green]"
        console.print(f"  {mark} {gate['gate']:<8}{gate['passed']} passed" + (f", {warned} warned" if warned else ""))
        for _, sentence, _ in gate["warnings"][:4]:
            console.print(Text(f"      {plain(sentence)}"), soft_wrap=True)
        if warned > 4:
            console.print(f"      and {warned - 4} more in quality.html")
    console.print()


def _pay(console: Console, con: duckdb.DuckDBPyConnection) -> None:
    totals = con.sql(
        """
        select currency, count(*) filter (where payable <> 0),
            sum(gross_earned), sum(adjustments), sum(draws), sum(deductions), sum(payable)
        from marts.commission_table where period = (select period from marts.publication)
        group by currency order by currency
        """
    ).fetchall()
    for currency, people, *amounts in totals:
        console.print(
            f"[bold]Payable {money(amounts[-1], currency)} {currency}[/bold] to {paid(people)}"
            f"   ({parts_of_pay(amounts, currency)})",
            soft_wrap=True,
        )
    table = Table(box=None, pad_edge=False)
    for name, justify in (("", "right"), ("participant", "left"), ("name", "left"), ("team", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_column("payable", justify="right")
    table.add_column("", justify="left")
    rows = con.sql(
        f"""
        select participant_id, name, coalesce(team, ''), payable, currency
        from marts.commission_table where period = (select period from marts.publication)
        order by payable desc, participant_id limit {_TOP}
        """
    ).fetchall()
    for number, (participant, name, team, payable, currency) in enumerate(rows, start=1):
        known = (Text(plain(text)) for text in (participant, name, team))
        table.add_row(str(number), *known, money(payable, currency), currency)
    console.print(table)


def _places(console: Console, home: Path, journal: dict[str, Any]) -> None:
    published = home / "published"
    console.print("\n[bold]Outputs[/bold]")
    for name, what in (
        ("attain.duckdb", "every table, for BI tools (open read-only)"),
        ("parquet/", "the same as files"),
        ("current/commission_table.xlsx", "for finance"),
        ("current/quality.html", "what the gates found, and how much is in quarantine by which rule"),
    ):
        console.print(Text.assemble(f"  {published / name}  ", (what, "dim")), soft_wrap=True)
    console.print(f"  [dim]set {journal['published']['set']}[/dim]\n")


def _seconds(console: Console, journal: dict[str, Any], total: float | None) -> None:
    parts = [f"{_SHORT.get(name, name)} {seconds:.1f}" for name, seconds in journal["seconds"].items()]
    spent = sum(journal["seconds"].values())
    whole = f"   with Airflow {total:.1f}" if total else ""
    console.print(f"[dim]Seconds: {' · '.join(parts)}   together {spent:.1f}{whole}[/dim]", soft_wrap=True)
    if journal["run"].get("known_batches") is not None:
        console.print("[dim]Begun with what the last run left: only what changed since was made anew.[/dim]")
