"""`attain plan diff`: what differs between two plans, by meaning and in words, one line per difference.

Layout, comments, the way of keeping a plan (YAML or Excel) and defaults written out are no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from attain.plans.book import Plan
from attain.plans.diff_words import ENGLISH, Label, word
from attain.plans.grammar import Assignment
from attain.plans.grammar_base import Block
from attain.plans.grammar_components import Part
from attain.plans.grammar_modifiers import Instalment, Tier
from attain.plans.grammar_scorecard import Grade, GradeGate, Measure

# A key of the plan grammar, or what a block of a list is called.
Name = str | Label


@dataclass(frozen=True)
class Change:
    """A difference: `added`, `removed` or `changed`; where in the plan, in words; what was and what is."""

    kind: str
    where: tuple[Name, ...]
    before: str = ""
    after: str = ""

    def told(self, language: str = ENGLISH) -> str:
        """One line in `language` (`en`, `zh-CN`); keys and values stand as in the plan."""
        values = f"{self.before} → {self.after}" if self.kind == "changed" else self.before or self.after
        names = [name.told(language) if isinstance(name, Label) else name for name in self.where]
        colon = word("colon", language) if values else ""
        return f"{word(self.kind, language):<8} {word('comma', language).join(names)}{colon}{values}"


def compared(before: list[Plan], after: list[Plan], language: str = ENGLISH) -> list[str]:
    """The comparison as lines: a heading per plan that differs, its differences below, plans of one side only.

    Plans are paired by version, else by id; one plan a side is always a pair. The order of the lines is that of
    `before`, then what is new in `after`. Empty when nothing differs.
    """
    pairs, removed, added = _paired(before, after)
    lines: list[str] = []
    for old, new in pairs:
        changes = [f"  {change.told(language)}" for change in differences(old, new)]
        if changes:
            lines += [f"{_told(old, language)} → {_told(new, language)}", *changes]
    for kind, plans in (("removed", removed), ("added", added)):
        lines += [f"{word(kind, language)} {word('plan', language, _told(plan, language))}" for plan in plans]
    return lines


def _told(plan: Plan, language: str) -> str:
    """The version and the file it is written in."""
    divider = " " if language == ENGLISH else ""
    return f"{plan.version_id}{divider}{word('of_file', language, plan.label)}"


def differences(before: Plan, after: Plan) -> list[Change]:
    """Every difference in meaning between two plans, in the order of the plan's keys."""
    return list(_between(before.terms, after.terms, ()))


def _paired(before: list[Plan], after: list[Plan]) -> tuple[list[tuple[Plan, Plan]], list[Plan], list[Plan]]:
    pairs: list[tuple[Plan, Plan]] = []
    old, new = list(before), list(after)
    alone = len(before) == len(after) == 1
    for same in (_version, _id, _any) if alone else (_version, _id):
        for plan in list(old):
            mates = [other for other in new if same(other) == same(plan)]
            rivals = [other for other in old if same(other) == same(plan)]
            if len(mates) == len(rivals) == 1:
                pairs.append((plan, mates[0]))
                old.remove(plan)
                new.remove(mates[0])
    pairs.sort(key=lambda pair: before.index(pair[0]))
    return pairs, old, new


def _version(plan: Plan) -> str:
    return plan.version_id


def _id(plan: Plan) -> str:
    return plan.id


def _any(plan: Plan) -> str:
    return ""


def _between(before: Any, after: Any, where: tuple[Name, ...]) -> Iterator[Change]:
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        if before != after:
            yield Change("changed", where, words(before), words(after))
        return
    for name in _order(before, after, old, new):
        here = (*where, name)
        if name not in new:
            yield Change("removed", here, _content(old[name]))
        elif name not in old:
            yield Change("added", here, "", _content(new[name]))
        elif _is_labelled(old[name]) and _is_labelled(new[name]):
            yield from _reordered(old[name], new[name], (*where, Label("order", str(name))))
            yield from _between(old[name], new[name], where)
        else:
            yield from _between(old[name], new[name], here)


def _order(before: Any, after: Any, old: dict[Name, Any], new: dict[Name, Any]) -> list[Name]:
    """The names of both sides: keys as the grammar lists them, all else as it stands, what is new at the end."""
    listed: list[Name] = []
    if isinstance(before, Block) and isinstance(after, Block):
        listed = [*_keys(before), *_keys(after)]
    present = {**old, **new}
    return [name for name in dict.fromkeys([*listed, *present]) if name in present]


def _is_labelled(value: Any) -> bool:
    """A list whose entries carry their own name: saying the list too would say it twice."""
    return isinstance(value, tuple) and _parts(value) is not None


def _reordered(before: tuple[Block, ...], after: tuple[Block, ...], where: tuple[Name, ...]) -> Iterator[Change]:
    """One change when what both lists hold stands in another order."""
    old, new = _labelled(before), _labelled(after)
    was, now = [name for name in old if name in new], [name for name in new if name in old]
    if was != now:
        yield Change("changed", where, _names(was), _names(now))


def _names(labels: list[Label]) -> str:
    return ", ".join(label.name for label in labels)


def _parts(value: Any) -> dict[Name, Any] | None:
    """What is compared part by part: keys of a block, entries of a mapping, named blocks of a list.

    None for what is one value to a reader: a number, a list of words, a block that may be written as one value.
    """
    if isinstance(value, Block):
        if value.short or value.word:
            return None
        return {key: part for key, part in _keys(value).items() if part is not None}
    if isinstance(value, dict):
        return {str(key): part for key, part in value.items()}
    if isinstance(value, tuple) and all(isinstance(part, Block) for part in value):
        return dict(_labelled(value).items())
    return None


def _keys(block: Block) -> dict[str, Any]:
    return {field.alias or name: getattr(block, name) for name, field in type(block).model_fields.items()}


def _labelled(blocks: tuple[Block, ...]) -> dict[Label, Block]:
    """The blocks by what they are called; a second one of the same name gets a number."""
    named: dict[Label, Block] = {}
    for block in blocks:
        label = _label(block)
        while label in named:
            label = replace(label, number=label.number + 1)
        named[label] = block
    return named


def _label(block: Block) -> Label:
    if isinstance(block, Assignment):
        return Label("assigned", " ".join(block.member))
    if isinstance(block, Part):
        return Label("component", block.id)
    if isinstance(block, Measure):
        return Label("measure", block.key)
    if isinstance(block, GradeGate):
        return Label("gate", f"{block.kpi}{f' of {block.of}' if block.of else ''}")
    if isinstance(block, Grade):
        return Label("grade", block.grade)
    if isinstance(block, Tier):
        return Label("tier", words(block.from_))
    assert isinstance(block, Instalment), type(block)
    return Label("instalment", str(block.after_days))


def _content(value: Any) -> str:
    """A part that stands on one side only; who a plan is assigned to is said by the label already."""
    return "" if isinstance(value, Assignment) else words(value)


def words(value: Any) -> str:
    """A value as a reader writes it: `0.08`, `true`, `[GTX, SVC]`, `of target_pay, share 2`; defaults left out."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_nested(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return f"[{', '.join(_nested(part) for part in value)}]"
    return _block_words(value) if isinstance(value, Block) else str(value)


def _block_words(block: Block) -> str:
    written = {
        field.alias or name: getattr(block, name)
        for name, field in type(block).model_fields.items()
        if getattr(block, name) != field.default
    }
    if not written:
        return block.word or "defaults"
    return words(written[block.short]) if block.short and [*written] == [block.short] else words(written)


def _nested(value: Any) -> str:
    is_block = isinstance(value, dict) or (isinstance(value, Block) and " " in words(value))
    return f"({words(value)})" if is_block else words(value)
