"""Labelled figures sought before their marks are those that the pattern finds by itself."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.extract import labels, parallel
from subsidy_rules.mentions import A, N, P
from subsidy_rules.patterns import before_marks

_PARTS = ["a", "bc ", " ", "-", "- ", ":", ": ", "=", " = ", "|", ";", A, N, P, "mot de plus ", "très ", "9"]
_LENGTHS = [28, 57, 58, 59, 60, 61, 62, 63, 66]
_TEXTS = st.lists(st.sampled_from([*_PARTS, *("x" * length for length in _LENGTHS)]), max_size=16).map("".join)


Module = Literal["labels", "parallel"]


def both_ways(name: Module, text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the labelled figures of ``text`` stand: around its marks, and by the pattern alone."""
    module = {"labels": labels, "parallel": parallel}[name]
    sought = before_marks(module._FIELD, module._FILLED, module._LONGEST_FIELD, text)
    return [found.span() for found in sought], [found.span() for found in module._FIELD.finditer(text)]


@pytest.mark.parametrize("name", ["labels", "parallel"])
@given(text=_TEXTS)
@settings(max_examples=300, deadline=None)
def test_fields(name: Module, text: str) -> None:
    sought, whole = both_ways(name, text)
    assert sought == whole


@pytest.mark.parametrize("name", ["labels", "parallel"])
@pytest.mark.parametrize("length", range(50, 70))
def test_a_label_may_be_as_long_as_the_pattern_says(name: Module, length: int) -> None:
    sought, whole = both_ways(name, "y" * length + " : " + A)
    assert sought == whole
