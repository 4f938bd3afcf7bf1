"""Mapping files: what is accepted, and what is said about what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.drops import Drops

from attain.errors import InputError
from attain.mapping import load_mappings

HEAD = "- stream: deals\n  file: x.csv\n  columns:\n"


@pytest.fixture
def drops(tmp_path: Path) -> Drops:
    return Drops(tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("- stream: deal\n  file: x.csv\n", "crm.yml:1: [1]: stream: 'deal' is not a stream; it must"),
        (HEAD + "    deal_idd: Id\n", "crm.yml:1: [1]: columns.deal_idd: is not a column of deals"),
        (HEAD + "    deal_id: {form: Id}\n", "crm.yml:4: [1].columns.deal_id.form: is not a known key here"),
        (HEAD + "    deal_id:\n      from: Id\n      others: drop\n",
         "crm.yml:6: [1].columns.deal_id.others: 'drop' is not allowed; it must be 'keep' or 'reject'"),
        (HEAD + "    status: {from: S, others: reject}\n",
         "crm.yml:4: [1].columns.status: others: reject needs"),
        (HEAD + "    status: {from: S, value: won}\n", "crm.yml:4: [1].columns.status: value: is a constant"),
        (HEAD + "    won_on: {from: W, format: dd.mm.yyyy}\n",
         "crm.yml:4: [1].columns.won_on: format: 'dd.mm.yyyy'"),
        (HEAD + "    amount: {from: W, format: '%d'}\n", "crm.yml:1: [1]: columns.amount: is no date"),
        (HEAD + "    won_on: {from: W, format: '%d.%m.%Y%z'}\n",
         "crm.yml:1: [1]: columns.won_on: is a business date, counted as written"),
        ("- stream: deal_stages\n  file: x\n  columns:\n    entered_at: {format: ['%d%z', '%d']}\n",
         "crm.yml:4: [1].columns.entered_at: format: either all formats hold a zone"),
        ("- stream: deals\n", "crm.yml:1: [1].file: is required and missing"),
        ("deals: []\n", "crm.yml:1: deals: is not a known key here; expected mappings"),
        ("mappings:\n  - stream: deals\n    file: x\n    sheets: a\n",
         "crm.yml:4: mappings[1].sheets: is not a known key"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_line_and_field(drops: Drops, content: str, sentence: str) -> None:
    drops.map(content)
    with pytest.raises(InputError) as error:
        load_mappings(drops.company)
    assert sentence in str(error.value)


@pytest.mark.parametrize("content", ["", "mappings:\n", "[]\n"])
def test_an_empty_mapping_file_maps_nothing(drops: Drops, content: str) -> None:
    drops.map(content)
    assert load_mappings(drops.company).entries == ()


def test_a_list_and_a_list_under_mappings_mean_the_same(drops: Drops) -> None:
    drops.map(HEAD + "    deal_id: Id\n", "a.yml")
    drops.map("mappings:\n" + "".join(f"  {line}\n" for line in (HEAD + "    deal_id: Id\n").splitlines()), "b.yaml")
    first, second = load_mappings(drops.company).entries
    assert first.columns == second.columns
    assert first.columns["deal_id"].source == "Id"
    assert (first.where, second.where) == ("mappings/a.yml:1", "mappings/b.yaml:2")


def test_a_pattern_fits_the_path_or_the_name_of_a_file(drops: Drops) -> None:
    drops.map("- {stream: deals, file: 'sales_*.csv'}\n- {stream: teams, file: 'crm/*.csv'}\n")
    mappings = load_mappings(drops.company)
    assert [entry.stream for entry in mappings.for_file("crm/sales_1.csv")] == ["teams", "deals"]
    assert [entry.stream for entry in mappings.for_file("sales_1.csv")] == ["deals"]
    assert mappings.for_file("crm/x.xlsx") == []


def test_entries_for_one_file_and_stream_are_told_apart_by_name_or_place(drops: Drops) -> None:
    entry = "- {stream: participants, file: people.csv%s}\n"
    drops.map(entry % "" + entry % "" + entry % ", name: leads" + "- {stream: teams, file: people.csv}\n")
    slots = [(entry.stream, entry.slot) for entry in load_mappings(drops.company).for_file("people.csv")]
    assert slots == [("participants", ""), ("participants", "2"), ("participants", "leads"), ("teams", "")]


def test_a_landed_batch_finds_its_entry_again_or_a_sentence_says_it_is_gone(drops: Drops) -> None:
    entry = "- {stream: participants, file: people.csv, name: %s}\n"
    drops.map(entry % "agents" + entry % "managers")
    mappings = load_mappings(drops.company)
    found = mappings.entry_of("participants", "people.csv", "", "managers")
    assert found is not None
    assert found.where == "mappings/crm.yml:2"
    assert mappings.entry_of("participants", "other.csv", "", "") is None
    for slot, said in (("2", "entry '2', which is gone"), ("", "before its mapping entries had names")):
        with pytest.raises(InputError, match=said):
            mappings.entry_of("participants", "people.csv", "", slot)
    drops.map(entry % "staff")
    renamed = load_mappings(drops.company).entry_of("participants", "people.csv", "", "agents")
    assert renamed is not None
    assert renamed.name == "staff"
