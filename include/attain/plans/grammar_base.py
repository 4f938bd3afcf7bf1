"""The small blocks of the plan grammar that several parts share: numbers, names, restrictions, curves, KPIs.

Only the shape is said here (keys, types, allowed words); rules between keys are in `rules*.py`, where they
can name the line of the key that is wrong.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, InitErrorDetails, PydanticCustomError

from attain.yamlfile import Flag, Number, Whole

_ID = re.compile(r"\w[\w.-]*")


class Block(BaseModel):
    """A block of known keys.

    `short`: the key that a bare value stands for (`cap: 50000`). `word`: a word instead of a block.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    short: ClassVar[str | None] = None
    word: ClassVar[str | None] = None

    @model_validator(mode="wrap")
    @classmethod
    def _as_block(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(cls._spelled_out(data))
        except ValidationError as error:
            raise cls._naming_known_keys(error) from error

    @classmethod
    def _spelled_out(cls, data: Any) -> Any:
        if isinstance(data, dict | cls):
            return data
        if cls.short and isinstance(data, str | int | Decimal):
            return {cls.short: data}
        value = "one value or " if cls.short else ""
        raise ValueError(f"must be {value}a block with keys out of {', '.join(cls._known_keys())}")

    @classmethod
    def _known_keys(cls) -> list[str]:
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def _naming_known_keys(cls, error: ValidationError) -> ValidationError:
        """The same faults; a key that is not known says which ones are."""
        message = f"is not a known key here; known are {', '.join(cls._known_keys())}"
        unknown = PydanticCustomError("unknown_key", "{message}", {"message": message})
        faults = []
        for fault in error.errors():
            is_unknown = fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1
            kind = unknown if is_unknown else _kind(fault)
            faults.append(InitErrorDetails(type=kind, loc=fault["loc"], input=fault["input"], ctx=fault.get("ctx", {})))
        return ValidationError.from_exception_data(cls.__name__, faults)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        if cls.short:
            return {"anyOf": [schema, {"type": ["string", "number"]}]}
        return {"anyOf": [schema, {"const": cls.word}]} if cls.word else schema


def _kind(fault: ErrorDetails) -> str | PydanticCustomError:
    is_own = fault["type"] == "unknown_key"
    return PydanticCustomError("unknown_key", "{message}", fault["ctx"]) if is_own else fault["type"]


def _decimals(digits: int, places: int) -> AfterValidator:
    """A limit on written digits, so that a number is stored exactly as it was written."""

    def check(value: Decimal) -> Decimal:
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, str) or -exponent > places:
            raise ValueError(f"{value} has too many decimal places; at most {places} are kept")
        if abs(value) >= Decimal(10) ** (digits - places):
            raise ValueError(f"{value} is too large; it must be below 1 followed by {digits - places} zeros")
        return value

    return AfterValidator(check)


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError(f"{value} is negative; it must be 0 or more")
    return value


def _above_zero(value: int) -> int:
    if value < 1:
        raise ValueError(f"{value} is not allowed; it must be 1 or more")
    return value


def _days(value: int) -> int:
    if value < 0:
        raise ValueError(f"{value} is not allowed; it must be 0 days or more")
    return value


def _share(value: Decimal) -> Decimal:
    if not 0 <= value <= 1:
        raise ValueError(f"{value} is not a share; write a fraction from 0 to 1 (20 % is 0.2)")
    return value


def _text(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value.strip()


def _is_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError(f"{value!r} is not an id; use letters, digits, '_', '-' and '.', without spaces")
    return value


def _items(value: object) -> object:
    if not isinstance(value, list | tuple) or not value:
        raise ValueError("must be a list with at least one entry, like [a, b]")
    return value


def listing(like: str) -> BeforeValidator:
    """Anything but a list is refused with what was written and what was meant, such as `[{role: ae}]`."""

    def check(value: object) -> object:
        if isinstance(value, list | tuple):
            return value
        written = "a block" if isinstance(value, dict) else "empty" if value is None else repr(value)
        raise ValueError(f"is {written}, not a list; write it like {like}, or leave it out")

    return BeforeValidator(check)


def _item_or_items(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _mapping(value: object) -> object:
    if not isinstance(value, dict) or not value:
        raise ValueError("must be a block of key: value pairs, like {a: 1}")
    return value


def _pair(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError("must be a pair of two numbers, like [0.8, 0.5]")
    return value


Key = TypeVar("Key")
Value = TypeVar("Value")

Exact = Annotated[Number, _decimals(24, 10)]
Amount = Annotated[Number, _decimals(24, 6)]
Money = Annotated[Amount, AfterValidator(_not_negative)]
Rate = Annotated[Exact, AfterValidator(_not_negative)]
Ratio = Annotated[Number, _decimals(13, 10), AfterValidator(_not_negative)]
Share = Annotated[Number, _decimals(13, 10), AfterValidator(_share)]
Count = Annotated[Whole, AfterValidator(_above_zero)]
Days = Annotated[Whole, AfterValidator(_days)]
Word = Annotated[str, BeforeValidator(_text)]
Id = Annotated[Word, AfterValidator(_is_id)]
Items = Annotated[tuple[Value, ...], BeforeValidator(_items)]
Mapping = Annotated[dict[Key, Value], BeforeValidator(_mapping)]
Point = Annotated[tuple[Exact, Exact], BeforeValidator(_pair)]
Words = Annotated[
    Items[Word],
    BeforeValidator(_item_or_items),
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "string"}, "minItems": 1}, {"type": "string"}]}),
]
Where = Mapping[Word, Words]

Scope = Literal["own", "team", "company"]
PeriodKind = Literal["month", "quarter", "year"]
AfterClose = Literal["frozen", "recompute"]


class Name(Block):
    """A name in one or both languages; the one missing is taken from the other."""

    short: ClassVar[str | None] = "en"
    en: Word | None = None
    zh: Word | None = None

    def in_english(self, default: str) -> str:
        """The English name, else the Chinese one, else `default`."""
        return self.en or self.zh or default

    def in_chinese(self, default: str) -> str:
        """The Chinese name, else the English one, else `default`."""
        return self.zh or self.en or default


class Curve(Block):
    """How x becomes points: through `points` (else points = x), 0 below `floor` in x, at most `cap` in y."""

    points: Items[Point] | None = None
    interpolate: Literal["linear", "step"] = "linear"
    below: Literal["zero", "hold"] = "zero"
    beyond: Literal["hold", "extend"] = "hold"
    floor: Exact | None = None
    cap: Ratio | None = None


class KpiRef(Block):
    """A KPI as a plan names it. `of`: for quota_attainment, the KPI compared with its target (bookings)."""

    kpi: Word
    variant: Word | None = None
    of: Word | None = None
    scope: Scope = "own"


class TargetPay(Block):
    """Pay at 100 %: an amount per period, or a share of a salary component of the participant."""

    short: ClassVar[str | None] = "amount"
    amount: Money | None = None
    of: Literal["base_salary", "variable_pay"] | None = None
    share: Ratio | None = None


class Cap(Block):
    """A greatest amount: money, or a multiple (`share`, default 1) of the target pay."""

    short: ClassVar[str | None] = "amount"
    amount: Money | None = None
    of: Literal["target_pay"] | None = None
    share: Ratio | None = None


class Minimum(Block):
    """A least amount per window. `always` makes it a guarantee, `on_negative` extends it below 0."""

    short: ClassVar[str | None] = "amount"
    amount: Money
    always: Flag = False
    on_negative: Flag = False
