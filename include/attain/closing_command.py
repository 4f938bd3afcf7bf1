"""`attain close` and `attain close-files`: show what a close would book, take the answer, tell what came of it."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import click

from attain.amounts import money
from attain.approval import REJECTED, Approval
from attain.closing import booked_before, close_period, closed, propose_close, reject_close
from attain.errors import InputError
from attain.finance.files import ensure_files, write_files
from attain.pages import plain_lines
from attain.summary import Progress


@dataclass(frozen=True)
class Answer:
    """The options of `attain close`; None where one was not given."""

    by: str | None
    prepared_by: str | None
    set_hash: str | None
    comment: str
    is_no: bool

    def stripped(self) -> Answer:
        """Without blanks around names and hash. Raises InputError for one that was given and is empty."""
        return replace(
            self,
            by=_given("--approved-by", self.by, "the name of whoever approves"),
            prepared_by=_given("--prepared-by", self.prepared_by, "the name of whoever prepared the amounts"),
            set_hash=_given("--set", self.set_hash, "the hash of the approved set or its beginning"),
        )


def answer_close(folder: Path, home: Path, period: str, answer: Answer, now: dt.datetime) -> None:
    """Shows the proposal; with a name, books it or records the rejection. Raises what `close_period` raises."""
    answer = answer.stripped()
    prepared_by = answer.prepared_by or _user()
    if answer.by is None and answer.is_no:
        raise InputError("A rejection needs the name of whoever gives it: --approved-by NAME.")
    again = None if answer.is_no else booked_before(home, period, answer.set_hash)
    if again:
        shown = again.set_hash
        click.echo(f"Period {period} is booked as {again.close_id}, approved by {again.approved_by}.")
    else:
        proposal = propose_close(folder, home, period)
        shown = answer.set_hash or proposal.set_hash
        click.echo(plain_lines(proposal.text().replace("**", "")) + "\n")
    if answer.by is None:
        told = "To complete files and publication" if again else "Nothing is booked. To close"
        click.echo(f"{told}: attain close {period} --set {shown[:12]} --approved-by NAME")
        return
    if answer.is_no:
        refusal = Approval(
            period, shown, REJECTED, answer.by, prepared_by, now.isoformat(), "attain close", answer.comment
        )
        click.echo(f"Period {period} stays open; the rejection is recorded in {reject_close(home, refusal)}.")
        return
    progress = Progress(sys.stdout)
    try:
        # What was shown is what is booked: a set published meanwhile is refused.
        booked = close_period(folder, home, period, answer.by, shown, now, progress, prepared_by, answer.comment)
    finally:
        progress.close()
    click.echo(
        f"Period {period} is closed: {booked.entries} entries, {told_totals(booked.totals)} payable, "
        f"booked as {booked.close_id}, approved by {booked.approved_by}. Files: {booked.files}"
    )


def told_totals(totals: Mapping[str, Decimal]) -> str:
    """Totals by currency as text: `100.00 EUR, 120 JPY`."""
    return ", ".join(f"{money(amount, currency)} {currency}" for currency, amount in totals.items()) or "nothing"


def write_close_files(home: Path, period: str, target: Path | None) -> Path:
    """The folder with the files of a closed period; `target` (made, and empty) gets a copy written anew.

    Raises InputError when the period is open or `target` holds something.
    """
    close = closed(home, period)
    if target is None:
        return ensure_files(home, close)
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise InputError(f"{target}: is not empty; name a new folder for the files of {period}.")
    write_files(close, target)
    return target


def _given(option: str, value: str | None, what: str) -> str | None:
    if value is None:
        return None
    if not value.strip():
        raise InputError(f"{option} is empty; give {what}, or leave the option out.")
    return value.strip()


def _user() -> str:
    try:
        return os.environ.get("ATTAIN_USER") or getpass.getuser()
    except OSError:
        return ""
