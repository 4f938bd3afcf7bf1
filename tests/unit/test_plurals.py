"""English sentences agree with the number they tell."""

from __future__ import annotations

import pytest
import yaml

from attain.environment import PROJECT
from attain.plurals import agreeing, counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1200, "1,200 days")])
def test_a_number_stands_with_its_noun(number: int, said: str) -> None:
    assert counted(number, "day") == said


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert counted(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"failed_rows": "1", "who": "7"}, "1 payout differs from its lines, first 7: it waits."),
        ({"failed_rows": "21", "who": "1"}, "21 payouts differ from their lines, first 1: they wait."),
    ],
)
def test_nouns_and_verbs_follow_the_count_and_no_other_number(words: dict[str, str], said: str) -> None:
    template = "{failed_rows} payout(s) [differ from their|differs from its] lines, first {who}: [they wait|it waits]."
    assert agreeing(template, words).format_map(words) == said


def test_what_is_filled_in_is_left_as_it_is() -> None:
    words = {"failed_rows": "1", "who": "a(s) [b|c]"}
    assert agreeing("{failed_rows} name(s): {who}", words).format_map(words) == "1 name: a(s) [b|c]"


def test_a_second_count_rules_what_follows_it() -> None:
    words = {"failed_rows": "1", "unreadable_count": "2"}
    template = "{failed_rows} file(s), {unreadable_count} value(s) [are|is] lost"
    assert agreeing(template, words).format_map(words) == "1 file, 2 values are lost"


def test_every_finding_reads_well_for_one_and_for_many() -> None:
    for path in sorted((PROJECT / "expectations").rglob("*.yml")):
        for line in _findings(yaml.safe_load(path.read_text(encoding="utf-8"))):
            for count in ("1", "2"):
                said = agreeing(line, {"failed_rows": count})
                assert [mark for mark in ("(s)", "|") if mark in said] == [], f"{path.name}: {said}"


def _findings(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [text for name, text in node.items() if name == "en" and isinstance(text, str)]
        return own + [text for value in node.values() for text in _findings(value)]
    return [text for value in node for text in _findings(value)] if isinstance(node, list) else []
