"""YAML as people write it: text scalars, exact numbers, line numbers in every message."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from attain import yamlfile
from attain.errors import InputError
from attain.yamlfile import Day, Flag, Number, Whole


class Item(BaseModel):
    """A small model with one field of every kind."""

    model_config = ConfigDict(extra="forbid")

    rate: Number
    count: Whole = 1
    always: Flag = False
    on: Day | None = None


class File(BaseModel):
    """A list of items."""

    items: list[Item]


def read(text: str) -> File:
    return yamlfile.validated(File, yamlfile.parse_all(text, "plan.yml")[0])


def test_a_rate_keeps_its_written_digits() -> None:
    assert read("items: [{rate: 0.10}]").items[0].rate == Decimal("0.10")
    assert str(read("items: [{rate: 1.005}]").items[0].rate) == "1.005"


def test_only_true_and_false_are_booleans() -> None:
    assert read("items: [{rate: 1, always: true}]").items[0].always is True
    with pytest.raises(InputError, match=r"plan.yml:1: items\[1\].always: 'yes' is not a yes-or-no value"):
        read("items: [{rate: 1, always: yes}]")


def test_dates_stay_text_until_a_field_types_them() -> None:
    assert read("items: [{rate: 1, on: 2026-02-28}]").items[0].on == dt.date(2026, 2, 28)
    with pytest.raises(InputError, match="'2026-02-30' is not a day of the calendar"):
        read("items: [{rate: 1, on: 2026-02-30}]")


@pytest.mark.parametrize("written", ["1e3", "NaN", "ten", "1,000", "1_000", ".5", "0x10", "１２"])
def test_what_is_no_plain_number_is_refused(written: str) -> None:
    with pytest.raises(InputError, match=r"items\[1\].rate: .* is not a number"):
        read(f"items: [{{rate: '{written}'}}]")


def test_a_fault_names_the_line_it_stands_on() -> None:
    with pytest.raises(InputError) as error:
        read("items:\n  - rate: 1\n  - rate: 0.1\n    colour: red\n")
    assert str(error.value) == "plan.yml:4: items[2].colour: is not a known key here."


def test_a_missing_field_names_the_line_of_its_block() -> None:
    with pytest.raises(InputError, match=r"plan.yml:3: items\[2\].rate: is required and missing\."):
        read("items:\n  - rate: 1\n  - count: 2\n")


class Limits(BaseModel):
    """Fields with bounds and shapes."""

    low: Annotated[Whole, Field(ge=1)] = 1
    above: Annotated[Whole, Field(gt=0)] = 1
    high: Annotated[Whole, Field(le=12)] = 1
    below: Annotated[Whole, Field(lt=5)] = 1
    code: Annotated[str, Field(min_length=1, max_length=3)] = "a"
    names: list[str] = []
    shares: dict[str, str] = {}
    inner: Item | None = None


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("low: 0", "low: 0 is too small; it must be at least 1."),
        ("above: 0", "above: 0 is too small; it must be above 0."),
        ("high: 13", "high: 13 is too large; it may be 12 at most."),
        ("below: 5", "below: 5 is too large; it must be below 5."),
        ("code: ''", "code: a text of 1 or more letters was expected here."),
        ("code: abcd", "code: a text of at most 3 letters was expected here."),
        ("code: [a]", "code: a text was expected here, not a list or block."),
        ("names: a", "names: a list was expected here, like [a, b]."),
        ("shares: [a]", "shares: a block of keys with values was expected here."),
        ("inner: a", "inner: a block of keys with values was expected here."),
    ],
)
def test_a_value_beyond_its_limits_or_of_another_shape_says_what_was_expected(written: str, told: str) -> None:
    (document,) = yamlfile.parse_all(f"# first\n{written}\n", "company.yml")
    with pytest.raises(InputError) as error:
        yamlfile.validated(Limits, document)
    assert str(error.value) == f"company.yml:2: {told}"


def test_a_key_written_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"plan\.yml:2: rate is written twice"):
        yamlfile.parse_all("rate: 1\nrate: 2\n", "plan.yml")


def test_text_that_is_no_yaml_names_the_line() -> None:
    with pytest.raises(InputError, match=r"plan.yml:\d: this is not valid YAML"):
        yamlfile.parse_all("items:\n  - {rate: 1\n", "plan.yml")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.yml"
    path.write_bytes("name: 提成".encode("gb18030"))
    with pytest.raises(InputError, match="is not UTF-8 text"):
        yamlfile.read(path)


@pytest.mark.parametrize("text", ["a: 1\nfx: &a {rate: plan, plan_rates: *a}\n", "a: 1\nb: &b\n  - [1, *b]\n"])
def test_a_block_that_holds_itself_is_told_with_its_line(text: str) -> None:
    with pytest.raises(InputError, match=r"^plan.yml:2: the block that begins here holds itself \(an alias \*name"):
        yamlfile.parse_all(text, "plan.yml")


def test_an_alias_of_another_block_is_that_block() -> None:
    (document,) = yamlfile.parse_all("a: &a {x: 1}\nb: [*a, *a]\n", "plan.yml")
    assert document.data == {"a": {"x": "1"}, "b": [{"x": "1"}, {"x": "1"}]}


@pytest.mark.parametrize("depth", [200, 300_000])
def test_blocks_nested_beyond_reading_are_told(depth: int) -> None:
    with pytest.raises(InputError, match=r"^plan.yml:2: blocks are nested too deeply"):
        yamlfile.parse_all("b: 1\na: " + "[" * depth + "]" * depth, "plan.yml")


def test_blocks_are_read_to_a_depth_nobody_writes() -> None:
    (document,) = yamlfile.parse_all("a: " + "[" * 199 + "]" * 199, "plan.yml")
    inner = document.data["a"]
    while inner:
        (inner,) = inner
    assert inner == []
