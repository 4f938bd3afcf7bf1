"""What a model says of itself: of which rows of which tables a row of it is computed.

A model declares it in its config, and tests/dbt/test_locality.py proves it:

    meta={'local': {'by': ['deal_id'], 'rests_on': {
        'typed_deals': ['deal_id'],
        'rejected_deals': {'on': ['_batch_no', '_row'], 'through': 'typed_deals'}}}}

Rows of the model with one value of `by` rest on those rows of the named tables that have the same value – in columns of
their own, or through another table that leads from their columns to it – and on every other table as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Link:
    """How rows of one table lead to the keys of a model that rests on them.

    `on` are columns of the table. Without `through` they are the key, in its order; with it they are equal to columns
    of the same names in that table, which has the rest of the key.
    """

    on: tuple[str, ...]
    through: str = ""


@dataclass(frozen=True)
class Locality:
    """The key `by` and the tables whose rows lead to it, by the model's or source's name."""

    by: tuple[str, ...]
    rests_on: Mapping[str, Link] = field(default_factory=dict)


def locality(meta: Mapping[str, Any]) -> Locality | None:
    """What the config of a model declares; None for a model that is always made wholly."""
    declared = meta.get("local")
    if not declared:
        return None
    return Locality(tuple(declared["by"]), {name: _link(link) for name, link in declared["rests_on"].items()})


def _link(declared: Any) -> Link:
    if isinstance(declared, list):
        return Link(tuple(declared))
    return Link(tuple(declared["on"]), declared.get("through", ""))


def restored(facts: Mapping[str, Any] | None) -> Locality | None:
    """A locality that was written as JSON."""
    if facts is None:
        return None
    links = {name: Link(tuple(link["on"]), link["through"]) for name, link in facts["rests_on"].items()}
    return Locality(tuple(facts["by"]), links)
