"""Plan files into plans: every mistake of every file is told at once, each with file, line and field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attain.company import Company
from attain.errors import InputError
from attain.plans.book import Plan, PlanBook, conflicts, ordered
from attain.plans.catalogue import load_catalogue
from attain.plans.grammar import Terms
from attain.plans.references import stray_references
from attain.plans.rules import plan_faults
from attain.plans.rules_shared import At, told
from attain.plans.workbook import read_workbook
from attain.yamlfile import Document, read_all, validated


def load_plans(company: Company) -> PlanBook:
    """All plans of the company, valid one by one and together.

    Raises InputError with one line per mistake (`file:line: field: what is wrong, what is allowed`; in a workbook
    `file, sheet S, cell C4: field: …`).
    """
    plans, mistakes = read_plans(company)
    if mistakes:
        raise InputError("\n".join(mistakes))
    return ordered(plans)


def read_plans(company: Company) -> tuple[list[Plan], list[str]]:
    """The plans that are valid, and the mistakes of all the others and between plans."""
    plans: list[Plan] = []
    mistakes: list[str] = []
    for path in plan_files(company.folder, company.plans_dir):
        try:
            plans += plans_of(path)
        except InputError as error:
            mistakes += str(error).splitlines()
    book = ordered(plans)
    # What stands in a file that could not be read is unknown, not missing.
    strays = [] if mistakes else stray_references(book)
    return plans, [*mistakes, *conflicts(book, company.currency), *strays]


def plan_from_mapping(data: Any, label: str) -> Plan:
    """A plan given as a mapping (scalars as text, as YAML files are read here); `label` stands for the file.

    Raises InputError with one line per mistake.
    """
    return plan_from_document(Document(label, data))


def plan_from_document(document: Document, at: At = ()) -> Plan:
    """The plan that stands at `at` in a YAML document. Raises InputError with one line per mistake."""
    terms = validated(Terms, document, at)
    broken = told(plan_faults(terms, load_catalogue()), document, at)
    if broken:
        raise InputError("\n".join(broken))
    return Plan(terms, document, at)


def book_of(plans: list[Plan]) -> PlanBook:
    """Plans that were read one by one as a book. Raises InputError when they cannot stand together."""
    book = ordered(plans)
    broken = conflicts(book)
    if broken:
        raise InputError("\n".join(broken))
    return book


def whole_book_of(plans: list[Plan]) -> PlanBook:
    """As `book_of`, for all plans of a company: what one names of another must be there."""
    book = book_of(plans)
    strays = stray_references(book)
    if strays:
        raise InputError("\n".join(strays))
    return book


def plans_of(path: Path) -> list[Plan]:
    """The plans of one file, YAML or workbook, valid one by one. Raises InputError with one line per mistake."""
    plans: list[Plan] = []
    mistakes: list[str] = []
    documents: Sequence[Document] = read_workbook(path) if path.suffix.lower() == ".xlsx" else read_all(path)
    for document in documents:
        is_list = isinstance(document.data, list)
        places: list[At] = [(position,) for position in range(len(document.data))] if is_list else [()]
        for at in places:
            try:
                plans.append(plan_from_document(document, at))
            except InputError as error:
                mistakes.append(str(error))
    if mistakes:
        raise InputError("\n".join(mistakes))
    if not plans:
        raise InputError(f"{path}: holds no plan; write one, or remove the file.")
    return plans


def plan_files(folder: Path, plans_dir: Path) -> list[Path]:
    """The YAML files of the folder of plans, and plans.xlsx in it or in the folder it belongs to."""
    books = [path for path in dict.fromkeys((folder / "plans.xlsx", plans_dir / "plans.xlsx")) if path.exists()]
    return [*sorted([*plans_dir.glob("*.yml"), *plans_dir.glob("*.yaml")]), *books]
