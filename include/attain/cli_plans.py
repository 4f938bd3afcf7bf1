"""The `attain plan` commands that handle plan files: template, schema, diff, simulate."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attain import environment
from attain.company import load_company
from attain.errors import InputError

if TYPE_CHECKING:
    from attain.plans.book import Plan

_WIDTH_OF_A_FILE = 160


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("plans", nargs=-1, type=click.Path(path_type=Path))
def template(file: Path, plans: tuple[Path, ...]) -> None:
    """Write an Excel workbook to FILE: an empty one to fill in, or the plans of the files PLANS."""
    from attain.plans.loader import plans_of
    from attain.plans.workbook_write import write_workbook

    found = [plan for path in plans for plan in plans_of(path)]
    write_workbook(file, found)
    click.echo(f"{file} holds {len(found)} plan version{'' if len(found) == 1 else 's'}; keep it as plans.xlsx.")


@click.command()
def schema() -> None:
    """Print the JSON Schema of plan files, for editors."""
    from attain.plans.check import file_schema

    click.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--lang", type=click.Choice(["en", "zh-CN"]), default="en", help="Default: en.")
@click.pass_obj
def diff(company: Path | None, before: str, after: str, lang: str) -> None:
    """Say in words what differs: BEFORE and AFTER are plan files, company folders, or plans like ae@2026-01-01."""
    from attain.plans.diff import compared
    from attain.plans.diff_words import word

    for line in compared(_named(before, company), _named(after, company), lang) or [word("nothing", lang)]:
        click.echo(line)


@click.command()
@click.argument("draft", type=click.Path(path_type=Path))
@click.option("--periods", required=True, help="Past months, like 2026-01..2026-06; or a month, quarter or year.")
@click.option("--as-of", help="Knowledge: only what was landed by this instant counts.")
@click.option("--lang", type=click.Choice(["en", "zh-CN"]), help="Default: the company's.")
@click.pass_obj
def simulate(company: Path | None, draft: Path, periods: str, as_of: str | None, lang: str | None) -> None:
    """Replay DRAFT (a plan file, workbook or folder) beside the plans in force and compare what they pay."""
    from rich.console import Console

    from attain.airflow_tasks import instant
    from attain.simulation.command import Request, answer_simulation

    now = dt.datetime.now(dt.UTC)
    folder = environment.choose_company(str(company) if company else None, environment.sample_day(now))
    home = environment.home_of(folder)
    environment.apply(home)
    console = Console(highlight=False)
    # In a file the lines of a table must not be folded at the width of no terminal.
    wide = console if console.is_terminal else Console(highlight=False, width=_WIDTH_OF_A_FILE)
    answer_simulation(Request(folder, home, draft, periods, instant(as_of, now), lang), now, wide)


def _named(name: str, company: Path | None) -> list[Plan]:
    """The plans meant by a file, a company folder, a plan id or a plan version of the company."""
    from attain.plans.loader import load_plans, plans_of

    path = Path(name)
    if path.is_file():
        return plans_of(path)
    if path.is_dir():
        return list(load_plans(load_company(path)).plans)
    today = environment.sample_day(dt.datetime.now(dt.UTC))
    folder = environment.choose_company(str(company) if company else None, today)
    book = load_plans(load_company(folder))
    found = [plan for plan in book.plans if name in (plan.id, plan.version_id)]
    if not found:
        known = ", ".join(plan.version_id for plan in book.plans) or "none"
        raise InputError(f"{name}: is neither a file, nor a folder, nor a plan of {folder}; its plans are {known}.")
    return found
