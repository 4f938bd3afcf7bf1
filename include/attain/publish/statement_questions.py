"""What was asked about a statement: a note on each disputed line, and the questions with their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attain.amounts import NONE, money
from attain.publish.statement_parts import Column, Row, Table
from attain.publish.statement_words import Words
from attain.publish.statements import Line, Statement

_COLUMNS = ("question_id", "about", "question", "raised_on", "answer", "answered_on", "outcome")
_LONG = ("about", "question", "answer")


def asked(line: Line, words: Words) -> tuple[str, ...]:
    """A note for every question about the line: how long it is open, or how it was answered."""
    return tuple(
        f"{words('question')} {one['dispute_id']}{words('colon')}{_standing(one, words)}" for one in line.disputes
    )


def questions(statement: Statement, words: Words) -> Table:
    """All questions about the month, oldest first; those about no line of it as well."""
    rows = tuple(
        Row(
            (
                one["dispute_id"],
                _about(one, words),
                one["question"],
                f"{one['raised_on']}",
                one["answer"] or NONE,
                f"{one['answered_on'] or NONE}",
                words.outcome(one["outcome"]) if one["outcome"] else NONE,
            ),
            one["status"],
            reason=_standing(one, words) if one["status"] == "open" else "",
            line="" if one["line"] is None else str(one["line"]),
        )
        for one in statement.disputes
    )
    columns = tuple(Column(words(key), "long" if key in _LONG else "short") for key in _COLUMNS)
    return Table(words("questions_and_answers"), words("about_questions"), columns, rows, words("line"))


def _standing(dispute: Mapping[str, Any], words: Words) -> str:
    if dispute["status"] == "open":
        return words.days(dispute["age_days"])
    outcome = words.outcome(dispute["outcome"]) if dispute["outcome"] else ""
    return words("comma").join(part for part in (words("answered"), outcome) if part)


def _about(dispute: Mapping[str, Any], words: Words) -> str:
    # A total has its currency as source, which its amount shows.
    source = "" if dispute["section"] == "total" else words.source(dispute["source_ref"] or "")
    if dispute["is_line_unknown"]:
        return " · ".join(part for part in (words("no_such_line"), source) if part)
    amount, code = dispute["amount"], dispute["currency"] or ""
    shown = "" if amount is None else f"{money(amount, code)} {code}".strip()
    return " · ".join(part for part in (dispute["label_zh" if words.at else "label_en"], source, shown) if part)
