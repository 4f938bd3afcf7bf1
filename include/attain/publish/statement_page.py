"""A statement as one self-contained HTML page, which loads nothing, and on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attain.pages import plain, templates

if TYPE_CHECKING:
    from rich.console import Console

    from attain.publish.statement_parts import Table, View

_TEMPLATES = Path(__file__).parent / "templates"
_WAITING = ("held", "partly held", "open")


def render_page(view: View) -> str:
    """The page as HTML text; everything that comes from data is escaped. The same view gives the same text."""
    return templates(_TEMPLATES).get_template("statement.html.j2").render(v=view)


def print_page(view: View, console: Console) -> None:
    """The same sections as tables of text."""
    from rich.text import Text

    console.print(Text(plain(f"{view.title} {view.period} · {view.name}"), style="bold"))
    console.print(Text(plain(" · ".join([view.company, *(f"{label}: {text}" for label, text in view.facts)]))))
    console.print(Text(view.note, style="dim"))
    for payable, code, parts in view.totals:
        console.print()
        console.print(Text(f"{view.payable} {payable} {code}", style="bold green"))
        console.print(Text("   ".join(f"{label} {amount}" for label, amount in parts)))
    for note in view.notes:
        console.print(Text(plain(note), style="yellow"))
    for table in view.tables:
        _print_table(table, console)
    console.print()
    console.print(Text(view.questions, style="dim"))
    console.print(Text(" · ".join(f"{label}: {text}" for label, text in view.footer), style="dim"))


def _print_table(table: Table, console: Console) -> None:
    from rich.table import Table as Grid
    from rich.text import Text

    console.print()
    console.print(Text(table.title, style="bold") + Text(f"  {table.about}", style="dim"))
    grid = Grid(box=None, pad_edge=False)
    if table.number:
        grid.add_column(Text(table.number), justify="right")
    for column in table.columns:
        grid.add_column(Text(column.text), justify="right" if column.style == "number" else "left", overflow="fold")
    grid.add_column("", overflow="fold")
    for row in table.rows:
        style = "yellow" if row.status in _WAITING else "" if row.kind == "line" else "bold"
        told = " · ".join(part for part in (row.badge, row.reason, *row.asked) if part)
        number = [row.line] if table.number else []
        grid.add_row(*(Text(plain(cell)) for cell in (*number, *row.cells, told)), style=style)
    console.print(grid)
