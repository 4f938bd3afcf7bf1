"""Answers about a close: who may give one, and what is kept of a rejection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from attain.approval import APPROVED, REJECTED, Approval, record_rejection, refuse_unfit, rejections
from attain.errors import InputError

ANSWER = Approval("2026-01", "ab" * 32, APPROVED, "Li Na", "Wang", "2026-02-03T09:00:00+00:00", "test")


def test_anybody_but_the_preparer_may_approve_when_nobody_is_named() -> None:
    refuse_unfit(ANSWER, [])
    with pytest.raises(InputError, match="li  na prepared the close of 2026-01 and cannot approve it"):
        refuse_unfit(replace(ANSWER, by="li  na", prepared_by=" Li Na"), [])


def test_only_the_named_may_approve_whatever_the_case_of_their_name() -> None:
    refuse_unfit(replace(ANSWER, by="LI NA "), ["zhou", "li na"])
    with pytest.raises(InputError, match=r"Sun may not approve a close; .* names zhou, li na"):
        refuse_unfit(replace(ANSWER, by="Sun"), ["zhou", "li na"])


def test_an_approval_without_a_name_is_none() -> None:
    with pytest.raises(InputError, match="needs the name"):
        refuse_unfit(replace(ANSWER, by=" ", prepared_by=""), [])


def test_each_rejection_is_kept_and_none_replaces_another(tmp_path: Path) -> None:
    first = replace(ANSWER, decision=REJECTED, comment="缺少一单")
    second = replace(first, by="Zhou")
    paths = [record_rejection(tmp_path, one) for one in (first, second)]
    assert [path.name for path in paths] == ["2026-01-abababababab-1.json", "2026-01-abababababab-2.json"]
    assert rejections(tmp_path) == [first, second]


def test_a_record_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = record_rejection(tmp_path, replace(ANSWER, decision=REJECTED))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"-1\.json: is no record of an answer"):
        rejections(tmp_path)
