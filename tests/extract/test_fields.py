"""Labelled figures sought before their marks are those that the pattern finds by itself."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.extract import labels, parallel
from subsidy_rules.mentions import A, N, P

_PARTS = ["a", "bc ", " ", "-", "- ", ":", ": ", "=", " = ", "|", ";", A, N, P, "mot de plus ", "très ", "9"]
_LENGTHS = [28, 57, 58, 59, 60, 61, 62, 63, 66]
_TEXTS = st.lists(st.sampled_from([*_PARTS, *("x" * length for length in _LENGTHS)]), max_size=16).map("".join)


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_fields(text: str) -> None:
    for module in (labels, parallel):
        whole = [found.span() for found in module._FIELD.finditer(text)]
        assert [found.span() for found in module._fields(text)] == whole


def test_a_label_may_be_as_long_as_the_pattern_says() -> None:
    for length in range(50, 70):
        text = "y" * length + " : " + A
        for module in (labels, parallel):
            assert [found.span() for found in module._fields(text)] == [f.span() for f in module._FIELD.finditer(text)]
