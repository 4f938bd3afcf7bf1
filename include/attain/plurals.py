"""English sentences that agree with their numbers: `1 payout differs`, `2 payouts differ`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PART = re.compile(r"\{(?P<field>\w+)\}|(?P<noun>\(s\))|\[(?P<many>[^\[\]{}|]*)\|(?P<one>[^\[\]{}|]*)\]")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """The number with its noun: `1 day`, `2 days`; `plural` for one that takes no s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def paid(people: int) -> str:
    """To how many a total goes: `13 people whose pay is not 0`."""
    return f"{counted(people, 'person', 'people')} whose pay is not 0"


def agreeing(template: str, words: Mapping[str, Any]) -> str:
    """The template with every `(s)` and `[are|is]` in the number of the count before it, its fields left to be filled.

    Counts are the fields `failed_rows` and those that end in `_count`; other numbers may be ids.
    """
    is_one = False

    def agreed(part: re.Match[str]) -> str:
        nonlocal is_one
        field = part["field"]
        if field:
            if field == "failed_rows" or field.endswith("_count"):
                is_one = str(words.get(field)) == "1"
            return part[0]
        if part["noun"]:
            return "" if is_one else "s"
        return part["one"] if is_one else part["many"]

    return _PART.sub(agreed, template)
