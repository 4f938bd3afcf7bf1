"""YAML files read as people write them: every scalar is text until a field types it, every value knows its line.

Plans, mappings and company.yml pay people, so `rate: 0.10` must not pass through a float and `on` must stay a word
(plan-spec.md, first paragraph).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ValidationError

from attain.errors import InputError

Path_ = tuple[str | int, ...]
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The C library's parser, where PyYAML was built with it, takes a fifteenth of the time of the one in Python.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# It goes down a level per block and would end the process where Python raises; nobody writes a tenth of these.
_DEEPEST = 200


@dataclass(frozen=True)
class Document:
    """One YAML document: `data` (dicts, lists, text, None), where it came from and the line of every value."""

    label: str
    data: Any
    lines: dict[Path_, int] = field(default_factory=dict, compare=False)

    def line(self, path: Path_) -> int:
        """Line (1-based) of the value at `path`, or of the nearest enclosing value that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, path: Path_) -> str:
        """Where the value at `path` stands, for a message: `file:line`."""
        return f"{self.label}:{self.line(path)}"


def read_all(path: Path) -> list[Document]:
    """Every document of a YAML file. Raises InputError naming file and line for anything that is not YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}.") from error
    return parse_all(text, str(path))


def read(path: Path) -> Document:
    """The single document of a YAML file; an empty file gives an empty mapping."""
    documents = read_all(path)
    if len(documents) > 1:
        raise InputError(f"{path}: holds {len(documents)} documents, one was expected.")
    return documents[0] if documents else Document(str(path), {}, {})


def parse_all(text: str, label: str) -> list[Document]:
    """Documents of a YAML text; `label` stands for the file in messages."""
    try:
        documents = []
        for node in _nodes(text, label):
            if node is None:
                continue
            lines: dict[Path_, int] = {}
            _refuse_circle(node, label, ())
            documents.append(Document(label, _value(node, (), lines, label), lines))
        return documents
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{label}:{mark.line + 1}" if mark else label
        raise InputError(f"{where}: this is not valid YAML: {error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise InputError(f"{label}: this is not valid YAML: {error}.") from error


def _nodes(text: str, label: str) -> list[yaml.Node | None]:
    try:
        _refuse_depth(text, label)
        return list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.YAMLError:
        # The parser in Python says more of what it found.
        return list(yaml.compose_all(text, Loader=yaml.BaseLoader))


def _refuse_depth(text: str, label: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            where = f"{label}:{event.start_mark.line + 1}" if event.start_mark else label
            raise InputError(f"{where}: blocks are nested too deeply to be read; write fewer within each other.")


def _refuse_circle(node: yaml.Node, label: str, around: tuple[yaml.Node, ...]) -> None:
    """Raises InputError when a block holds itself, which `&name` before it and `*name` in it can write."""
    if any(node is one for one in around):
        raise InputError(
            f"{label}:{node.start_mark.line + 1}: the block that begins here holds itself (an alias *name stands "
            "inside what its &name marks); write out what is meant."
        )
    if isinstance(node, yaml.SequenceNode):
        inner = list(node.value)
    else:
        inner = [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else []
    for one in inner:
        _refuse_circle(one, label, (*around, node))


def _value(node: yaml.Node, path: Path_, lines: dict[Path_, int], label: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        is_null = not node.style and node.value in ("", "null", "~")
        return None if is_null else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines, label) for index, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{label}:{node.start_mark.line + 1}: unexpected YAML node.")
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            raise InputError(f"{label}:{key_node.start_mark.line + 1}: {key} is written twice in one block.")
        result[key] = _value(value_node, (*path, key), lines, label)
    return result


def _number(value: object) -> object:
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value.strip()):
            raise ValueError(f"{value!r} is not a number; write digits with an optional decimal point, like 0.05")
        return Decimal(value.strip())
    if isinstance(value, float):
        raise ValueError("a binary float would lose digits; pass text or a Decimal")
    return value


def _whole(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(r"[+-]?[0-9]+", value.strip()):
            raise ValueError(f"{value!r} is not a whole number")
        return int(value)
    return value


def _flag(value: object) -> object:
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise ValueError(f"{value!r} is not a yes-or-no value; write true or false")
        return value == "true"
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        if not _DAY.fullmatch(value):
            raise ValueError(f"{value!r} is not a date; write it like 2026-01-31")
        try:
            return dt.date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is not a day of the calendar") from error
    return value


Number = Annotated[Decimal, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Day = Annotated[dt.date, BeforeValidator(_day)]

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], document: Document, at: Path_ = ()) -> Model:
    """The document (or the part of it at `at`) as `model`. Raises InputError naming file, line and field."""
    data = document.data
    for step in at:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError("\n".join(sentences(error, document, at))) from error


def sentences(error: ValidationError, document: Document, at: Path_ = ()) -> Iterator[str]:
    """One sentence per fault: `file:line: field: what is wrong and what is allowed`."""
    for fault in error.errors():
        path = (*at, *_real_path(document, at, fault["loc"]))
        name = _dotted(path)
        shown = f"{name}: " if name else ""
        yield f"{document.place(path)}: {shown}{_message(fault)}."


def _real_path(document: Document, at: Path_, loc: Path_) -> Path_:
    """pydantic's location without the union tags it puts between the keys of the file."""
    data = document.data
    for step in at:
        data = data[step]
    path: list[str | int] = []
    for step in loc:
        if isinstance(data, dict) and step in data:  # noqa: SIM114 - typed apart
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif isinstance(data, (dict, list)) and step == loc[-1]:
            data = None
        else:
            continue
        path.append(step)
    return tuple(path)


def _dotted(path: Path_) -> str:
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


# By kind of fault, what was expected; limits are in the fault's context.
_EXPECTED = {
    "list_type": "a list was expected here, like [a, b]",
    "tuple_type": "a list was expected here, like [a, b]",
    "dict_type": "a block of keys with values was expected here",
    "mapping_type": "a block of keys with values was expected here",
    "model_type": "a block of keys with values was expected here",
    "string_type": "a text was expected here, not a list or block",
    "greater_than_equal": "is too small; it must be at least {ge}",
    "greater_than": "is too small; it must be above {gt}",
    "less_than_equal": "is too large; it may be {le} at most",
    "less_than": "is too large; it must be below {lt}",
    "string_too_short": "a text of {min_length} or more letters was expected here",
    "string_too_long": "a text of at most {max_length} letters was expected here",
}


def _message(fault: Any) -> str:
    kind, message = fault["type"], str(fault["msg"])
    if kind == "missing":
        return "is required and missing"
    if kind == "extra_forbidden":
        return "is not a known key here"
    if kind == "literal_error":
        return f"{fault['input']!r} is not allowed; it must be {fault['ctx']['expected']}"
    if kind == "string_type" and fault["input"] is None:
        return "is empty; a text was expected"
    if kind in _EXPECTED:
        told = _EXPECTED[kind].format(**fault.get("ctx", {}))
        return f"{fault['input']} {told}" if told.startswith("is ") else told
    message = message.removeprefix("Value error, ")
    return message.rstrip(".")
