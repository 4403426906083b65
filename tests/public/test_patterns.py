"""A pattern that is compiled late is the same pattern."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.patterns import lazy

TEXT = r"(?P<word>[a-c]+)-([0-9]*)"


@given(st.text("abcABC-012 ", max_size=12))
def test_it_finds_what_the_other_finds(text: str) -> None:
    late, soon = lazy(TEXT, re.IGNORECASE), re.compile(TEXT, re.IGNORECASE)
    for name in ("match", "fullmatch", "search"):
        found, expected = getattr(late, name)(text), getattr(soon, name)(text)
        assert (found and found.span(), found and found.groupdict()) == (
            expected and expected.span(),
            expected and expected.groupdict(),
        )
    assert late.findall(text) == soon.findall(text)
    assert [one.span() for one in late.finditer(text)] == [one.span() for one in soon.finditer(text)]
    assert late.sub("x", text) == soon.sub("x", text)
    assert late.split(text) == soon.split(text)
    assert (late.pattern, late.flags, late.groups) == (soon.pattern, soon.flags, soon.groups)


def test_it_is_compiled_once_and_late() -> None:
    wrong = lazy("(")
    with pytest.raises(re.error):
        wrong.match("")
    with pytest.raises(AttributeError):
        getattr(lazy("a"), "nothing")  # noqa: B009 - it is the look-up that is tried
