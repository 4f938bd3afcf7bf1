"""Worked examples of plans: reading them, and filling in what an example may leave out (plan-spec.md, last section)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from attain.company import Calendar, Company, settings_from
from attain.errors import InputError
from attain.plans.book import Plan, PlanBook
from attain.plans.loader import book_of, plan_from_document
from attain.streams import STREAMS
from attain.yamlfile import Document, read_all, validated

Row = dict[str, str | None]
Rows = dict[str, list[Row]]
# Expected rows by table; `only` names tables that must have no further rows with a number other than 0.
Expectation = dict[str, Any]

_DEFAULTS: dict[str, Row] = {
    "survey_responses": {"question": "overall"},
    "activities": {"kind": "call"},
    "training": {"course": "course"},
}


class _Step(BaseModel):
    model_config = ConfigDict(extra="forbid")

    given: dict[str, list[dict[str, str | None]]] = Field(default_factory=dict)
    close: str | list[str]
    expect: dict[str, Any] = Field(default_factory=dict)


class _Example(BaseModel):
    model_config = ConfigDict(extra="forbid")

    example: str
    source: str = ""
    why: str = ""
    plan: dict[str, Any] | list[Any] | str
    company: dict[str, Any] = Field(default_factory=dict)
    given: dict[str, list[dict[str, str | None]]] = Field(default_factory=dict)
    close: str | list[str] | None = None
    steps: list[_Step] = Field(default_factory=list)
    expect: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _closes_somehow(self) -> _Example:
        if bool(self.close) == bool(self.steps):
            raise ValueError("an example needs either close (a month or a list of months) or steps")
        return self


@dataclass(frozen=True)
class Step:
    """Rows that land, the months that are closed then (skipped ones included), and what must be seen afterwards."""

    rows: Rows
    closes: tuple[str, ...]
    expect: Expectation


@dataclass(frozen=True)
class Example:
    """A worked example, complete: company, plans, steps, and what must be seen at the end."""

    name: str
    path: Path
    company: Company
    book: PlanBook
    steps: tuple[Step, ...]
    expect: Expectation


def read_examples(path: Path, home: Company | None = None) -> list[Example]:
    """The examples of a file. `home` is the company whose plans an example may name.

    Raises InputError naming file, line and field.
    """
    return [_example(document, path, home) for document in read_all(path)]


def _example(document: Document, path: Path, home: Company | None) -> Example:
    written = validated(_Example, document)
    plans = _plans(written, document, home)
    steps = written.steps or [_Step(close=written.close or "")]
    closes = [_as_list(step.close) for step in steps]
    settings = {
        "name": written.example,
        "currency": plans.plans[0].terms.currency or (home.currency if home else "CNY"),
        "first_period": closes[0][0] if closes[0] else "",
        **written.company,
    }
    company = Company(path.parent, settings_from(settings, f"{document.label}: company"))
    complete = _Complete(plans.plans[0].terms.currency or company.currency)
    calendar = Calendar(company.fiscal_year_start)
    done: list[Step] = []
    last = ""
    for number, (step, months) in enumerate(zip(steps, closes, strict=True)):
        given = {**step.given}
        if number == 0:
            given = {
                stream: [*written.given.get(stream, []), *step.given.get(stream, [])]
                for stream in {**written.given, **step.given}
            }
        whole = _with_skipped(calendar, last, months)
        last = whole[-1]
        done.append(Step(complete.rows(given, document), tuple(whole), step.expect))
    return Example(written.example, path, company, plans, tuple(done), written.expect)


def _plans(written: _Example, document: Document, home: Company | None) -> PlanBook:
    if isinstance(written.plan, str):
        return _home_plans(written.plan, document, home)
    if isinstance(written.plan, list):
        return book_of([plan_from_document(document, ("plan", index)) for index in range(len(written.plan))])
    return book_of([plan_from_document(document, ("plan",))])


def _home_plans(plan: str, document: Document, home: Company | None) -> PlanBook:
    from attain.plans.loader import load_plans

    versions: list[Plan] = load_plans(home).versions(plan) if home else []
    if not versions:
        where = f"in {home.plans_dir}" if home else "because no company was given"
        raise InputError(f"{document.label}:{document.line(('plan',))}: plan: there is no plan {plan} {where}.")
    return book_of(versions)


def _as_list(close: str | list[str]) -> list[str]:
    return [close] if isinstance(close, str) else close


def _with_skipped(calendar: Calendar, last: str, months: list[str]) -> list[str]:
    whole: list[str] = []
    for month in months:
        start = calendar.next_month(whole[-1] if whole else last) if whole or last else month
        whole += [period.key for period in calendar.months(start, month)]
    if not whole:
        raise InputError(f"close: {', '.join(months)} was closed before; months are closed in order.")
    return whole


class _Complete:
    """Fills in what an example leaves out; remembers what was invented, so nothing is invented twice."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.known: dict[str, set[str]] = defaultdict(set)
        self.count: dict[str, int] = defaultdict(int)

    def rows(self, given: dict[str, list[dict[str, str | None]]], document: Document) -> Rows:
        """The rows of one step, by stream, with defaults and invented accounts, products and teams."""
        for stream in given:
            if stream not in STREAMS:
                raise InputError(
                    f"{document.label}:{document.line(('given', stream))}: given.{stream}: there is no such stream."
                )
        rows = {stream: [self._row(stream, row, document) for row in items] for stream, items in given.items()}
        for stream, key in (("accounts", "account_id"), ("products", "product_id"), ("teams", "team_id")):
            self.known[stream] |= {str(row[key]) for row in rows.get(stream, [])}
            wanted = {str(row[key]) for items in rows.values() for row in items if row.get(key)}
            invented = sorted(wanted - self.known[stream])
            self.known[stream] |= set(invented)
            if invented:
                rows.setdefault(stream, []).extend(self._row(stream, {key: one}, document) for one in invented)
        return rows

    def _row(self, stream: str, row: dict[str, str | None], document: Document) -> Row:
        contract = STREAMS[stream]
        unknown = sorted(set(row) - set(contract.columns) - {"is_deleted"})
        if unknown:
            raise InputError(
                f"{document.label}:{document.line(('given', stream))}: given.{stream}: {unknown[0]} is no column of it."
            )
        self.count[stream] += 1
        complete: Row = {**_DEFAULTS.get(stream, {}), **row}
        key = contract.key[0]
        if key.endswith("_id") and key in contract.required and not complete.get(key):
            complete[key] = f"{stream}-{self.count[stream]}"
        if "name" in contract.columns:
            complete.setdefault("name", complete.get(key))
        if stream == "participants":
            complete.setdefault("effective_from", complete.get("hired_on") or "1900-01-01")
        if stream == "deals":
            self._complete_deal(complete)
        if stream in ("invoices", "payments") and not complete.get("currency"):
            complete["currency"] = self.currency
        return complete

    def _complete_deal(self, deal: Row) -> None:
        status = "won" if deal.get("won_on") else "lost" if deal.get("lost_on") else "open"
        deal.setdefault("status", status)
        deal.setdefault("stage", deal["status"])
        deal.setdefault("currency", self.currency)
        deal.setdefault("account_id", f"account-of-{deal['deal_id']}")
