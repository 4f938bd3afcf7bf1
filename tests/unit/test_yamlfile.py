"""YAML as people write it: text scalars, exact numbers, line numbers in every message."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

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
