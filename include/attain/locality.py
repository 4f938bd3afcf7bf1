"""What a model says of itself: of which rows of which tables a row of it is computed.

A model declares it in its config (macro `local_by` writes it), and tests/integration/test_refreshing.py proves it:

    meta={'local': {'by': ['deal_id'], 'rests_on': {
        'typed_deals': ['deal_id'],
        'rejected_deals': [['typed_deals', ['_batch_no', '_row']]]}}}

Rows of the model with one value of `by` rest on those rows of the named tables that lead to it, and on every other
table as a whole. The columns of a table are the key, in its order; or other tables lead from it to the key, one after
the other: each is joined by the columns named beside it, the first by columns of the table itself. What the table calls
a column of the key otherwise is told before: `[{'period': 'origin_period'}, ['int_windows', ['window_id']]]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Hop:
    """A table on the way to the key, and the columns it has in common with the table before it."""

    table: str
    on: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """How the rows of a table lead to a key: by columns of their own, or through `hops`, where the table may call a
    column of the key otherwise (`names`)."""

    columns: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Locality:
    """The key `by`, and the links of the tables whose rows lead to it, by the model's or source's name."""

    by: tuple[str, ...]
    rests_on: Mapping[str, Link] = field(default_factory=dict)


def locality(meta: Mapping[str, Any]) -> Locality | None:
    """What the config of a model declares; None for a model that is always made wholly."""
    declared = meta.get("local")
    if not declared:
        return None
    return Locality(tuple(declared["by"]), {name: _link(link) for name, link in declared["rests_on"].items()})


def _link(declared: list[Any]) -> Link:
    if all(isinstance(one, str) for one in declared):
        return Link(columns=tuple(declared))
    names = declared[0] if isinstance(declared[0], dict) else {}
    hops = declared[1:] if names else declared
    return Link(hops=tuple(Hop(table, tuple(on)) for table, on in hops), names=names)


def restored(facts: Mapping[str, Any] | None) -> Locality | None:
    """A locality that was written as JSON."""
    if facts is None:
        return None
    links = {
        name: Link(
            tuple(link["columns"]), tuple(Hop(hop["table"], tuple(hop["on"])) for hop in link["hops"]), link["names"]
        )
        for name, link in facts["rests_on"].items()
    }
    return Locality(tuple(facts["by"]), links)
