"""A simulation as one self-contained HTML page, which loads nothing, and on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attain.pages import plain, templates

if TYPE_CHECKING:
    from rich.console import Console

    from attain.simulation.tables import Table
    from attain.simulation.view import View

_TEMPLATES = Path(__file__).parent / "templates"
_BAR = 30


def render_page(view: View) -> str:
    """The page as HTML text; everything that comes from data is escaped. The same view gives the same text."""
    return templates(_TEMPLATES).get_template("simulation.html.j2").render(v=view)


def headlines(view: View) -> list[str]:
    """What a log may say: the draft, its cost beside that in force, how many gain and lose; nobody's pay."""
    lines = [f"{view.title}: {view.draft} · " + " · ".join(f"{label} {text}" for label, text in view.facts)]
    before, after, difference = view.labels
    for head in view.heads:
        code = head.currency
        lines.append(
            f"{before} {head.before} {code} · {after} {head.after} {code} · {difference} {head.difference} {code} "
            f"({head.percent})"
        )
        lines.append(head.counts)
    return [plain(line) for line in (*lines, *view.notes)]


def print_page(view: View, console: Console) -> None:
    """The same sections as tables of text."""
    from rich.text import Text

    first, *others = headlines(view)
    console.print(Text(first, style="bold"), soft_wrap=True)
    for line in others:
        console.print(Text(line), soft_wrap=True)
    if view.changes[2]:
        console.print()
        console.print(Text(view.changes[0], style="bold"))
        for line in view.changes[2]:
            console.print(Text(plain(line)), soft_wrap=True)
    for table in view.tables:
        _print_table(table, console)


def _print_table(table: Table, console: Console) -> None:
    from rich.table import Table as Grid
    from rich.text import Text

    console.print()
    console.print(Text(table.title, style="bold") + Text(f"  {table.about}", style="dim"))
    grid = Grid(box=None, pad_edge=False)
    for position, column in enumerate(table.columns):
        grid.add_column(Text(column), justify="left" if position < table.texts else "right", overflow="fold")
    grid.add_column("", overflow="fold")
    for row in table.rows:
        bar = "█" * (row.bars[-1] * _BAR // 100) if row.bars else ""
        grid.add_row(*(Text(plain(cell)) for cell in (*row.cells, bar)), style="" if row.kind == "line" else "bold")
    console.print(grid)
