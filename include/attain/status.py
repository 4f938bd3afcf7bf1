"""`attain status`: what is published, what is closed, what would be next."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from attain.approval import rejections
from attain.company import Company
from attain.journal import ending, newest_attempt, newest_journal
from attain.landing import Landing
from attain.ledger import Ledger
from attain.pages import plain
from attain.plurals import counted
from attain.publish.set import current


def show_status(company: Company, home: Path) -> None:
    """Print the state of one company. Raises Corrupt when the ledger's chain is broken."""
    console = Console(highlight=False)
    console.print(Text.assemble((plain(company.name), "bold"), f"  {company.folder}\nState: {home}\n"), soft_wrap=True)
    batches = Landing(home / "landing").batches()
    newest = f", the newest of {batches[-1].sealed_at:%Y-%m-%d %H:%M} UTC" if batches else ""
    console.print(f"Landed     {counted(len(batches), 'batch', 'batches')}{newest}")
    published = current(home)
    console.print(f"Published  {published.period}, set {published.name}" if published else "Published  nothing yet")
    closes = Ledger(home / "ledger").closes()
    due = company.calendar.next_month(closes[-1].period) if closes else company.first_period
    console.print(f"Closed     {counted(len(closes), 'period')}; the next to close is {due}")
    for answer in rejections(home):
        if answer.period == due:
            why = f": {answer.comment}" if answer.comment else ""
            rejected = f"{due}, set {answer.set_hash[:12]}, by {answer.by} on {answer.at[:16]}{why}"
            console.print(Text(f"Rejected   {plain(rejected)}"), soft_wrap=True)
    journal = newest_journal(home)
    if journal:
        run = journal["run"]
        ended, sentence = ending(journal)
        console.print(f"Last run   {run['period']}, begun {run['started_at'][:16]}: {ended}", soft_wrap=True)
        _print_sentence(console, sentence)
    attempt = newest_attempt(home)
    if attempt:
        told = f"begun {attempt['started_at'][:16]}, no further than {attempt['what']}"
        console.print(f"Last try   {told}", soft_wrap=True)
        _print_sentence(console, attempt.get("sentence", "It did not end, or is still at work."))
    if closes:
        table = Table(box=None, pad_edge=False)
        for name in ("close", "period", "approved by", "booked at"):
            table.add_column(name)
        for close in closes[-12:]:
            table.add_row(close.close_id, close.period, Text(plain(close.approved_by)), close.booked_at[:16])
        console.print()
        console.print(table)


def _print_sentence(console: Console, sentence: str) -> None:
    for line in sentence.splitlines():
        console.print(Text(f"           {plain(line)}"), soft_wrap=True)
