"""`attain statement`: shows a statement and writes the pages, each under a name every file system takes."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from attain.errors import InputError
from attain.publish.statement_page import print_page, render_page
from attain.publish.statement_parts import View
from attain.publish.statement_view import language, view
from attain.publish.statements import everybody, statements_of

if TYPE_CHECKING:
    from attain.company import Company

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
# Names Windows gives to devices, whatever follows the dot.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_WIDTH_OF_A_FILE = 160


def answer_statement(
    home: Path, company: Company, period: str, participant: str | None, lang: str | None, target: Path | None
) -> None:
    """Show and write the statement of one participant, or write those of everybody.

    The pages go to `target`, else to `statements/<period>/` of the state folder, named by participant and
    language; an older page of that name is replaced. Raises InputError when there is none or `target` lies in
    the company folder, Corrupt when one does not add up; then none is written.
    """
    from rich.console import Console

    views = _views(home, company, period, participant, lang)
    month = next(iter(views.values())).period
    folder = target or home / "statements" / month
    _refuse_the_company(folder, home, company)
    # A newer set may have been published in between: whoever is written counts as well.
    paths = write_pages(folder, views, file_names([*everybody(home), *views]))
    console = Console(highlight=False)
    if participant is None:
        console.print(f"{len(paths)} statements of {month} in {folder}", soft_wrap=True, markup=False)
        return
    print_page(views[participant], console if console.is_terminal else Console(highlight=False, width=_WIDTH_OF_A_FILE))
    console.print(f"\n{paths[0]}", soft_wrap=True, markup=False)


def write_pages(folder: Path, views: dict[str, View], names: dict[str, str]) -> list[Path]:
    """Write a page per participant id into `folder` (made when absent); gives the files in that order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for participant, seen in views.items():
        path = folder / f"{names[participant]}.{seen.language}.html"
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(render_page(seen), encoding="utf-8")
        os.replace(fresh, path)
        paths.append(path)
    return paths


def file_names(participants: Iterable[str]) -> dict[str, str]:
    """A file name without extension for every participant id: the id itself where every file system takes it.

    Of another id its plain characters stay and a hash tells it apart; so it does for ids that differ in case only.
    """
    ids = sorted(set(participants))
    folded = Counter(one.casefold() for one in ids)
    return {one: one if _is_plain(one) and folded[one.casefold()] == 1 else _hashed(one) for one in ids}


def _views(home: Path, company: Company, period: str, participant: str | None, lang: str | None) -> dict[str, View]:
    return {
        one.participant_id: view(one, language(lang or one.locale), company.name, company.currency)
        for one in statements_of(home, company, period, participant)
    }


def _refuse_the_company(folder: Path, home: Path, company: Company) -> None:
    place, state = folder.resolve(), home.resolve()
    if place.is_relative_to(company.folder.resolve()) and not place.is_relative_to(state):
        raise InputError(f"{folder}: lies in the company folder, where nothing is written; name another with --to.")


def _is_plain(participant: str) -> bool:
    return bool(_PLAIN_NAME.fullmatch(participant)) and not _DEVICES.fullmatch(participant)


def _hashed(participant: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", participant).strip("-")[:40]
    return f"{plain or 'id'}-{hashlib.sha256(participant.encode()).hexdigest()[:12]}"
