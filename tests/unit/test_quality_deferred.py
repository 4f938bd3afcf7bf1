"""Deferred imports: a stand-in until it is used, the real module then, and no trace of it afterwards."""

from __future__ import annotations

import sys

import pytest

from attain.quality.deferred import deferred


def test_a_module_is_imported_when_it_is_used_and_not_before() -> None:
    sys.modules.pop("colorsys", None)
    with deferred("colorsys"):
        import colorsys
    assert "colorsys" not in sys.modules
    assert colorsys.rgb_to_hsv(1, 1, 1) == (0.0, 0.0, 1)
    assert sys.modules["colorsys"].rgb_to_hsv is colorsys.rgb_to_hsv


def test_asking_a_stand_in_for_what_inspect_asks_imports_nothing() -> None:
    sys.modules.pop("colorsys", None)
    with deferred("colorsys"):
        import colorsys
    with pytest.raises(AttributeError):
        _ = colorsys.__file__
    assert "colorsys" not in sys.modules


def test_a_module_that_is_there_already_stays_what_it_is() -> None:
    import json

    with deferred("json"):
        assert sys.modules["json"] is json
    assert sys.modules["json"] is json
