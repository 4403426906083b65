"""What a pattern is said not to do without, it does not do without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from subsidy_rules.patterns import hinted
from tests.readers.test_patterns import modules


def hinted_patterns() -> Iterator[tuple[str, Any]]:
    for name, module in sorted(modules().items()):
        for constant, value in sorted(vars(module).items()):
            if type(value).__name__ == "_Hinted":
                yield f"{name}.{constant}", value


def needs_one(pattern: Any, hints: Sequence[str]) -> bool:
    """True when every match of a parsed pattern surely holds one of the hints: some run of letters in it does, or all
    branches of some choice do."""
    run = ""
    for kind, value in [*pattern, (None, None)]:
        if kind is op.LITERAL:
            run += chr(value)
            continue
        if any(hint in run for hint in hints):
            return True
        run = ""
        if kind is op.SUBPATTERN and needs_one(value[3], hints):
            return True
        if kind is op.BRANCH and all(needs_one(branch, hints) for branch in value[1]):
            return True
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] > 0 and needs_one(value[2], hints):
            return True
    return False


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(n, p, id=n) for n, p in hinted_patterns()])
def test_every_match_holds_a_hint(name: str, pattern: Any) -> None:
    parsed = parser.parse(pattern.pattern)
    branches = parsed.data[0][1][1] if len(parsed) == 1 and parsed.data[0][0] is op.BRANCH else [parsed]
    for branch in branches:
        assert needs_one(branch, pattern.hints), name


def test_a_missing_hint_is_noticed() -> None:
    parsed = parser.parse("(?<![a-z])(?:soldes?|restent|reste)(?: du)? [0-9]")
    assert needs_one(parsed, ("solde", "rest"))
    assert not needs_one(parsed, ("solde", "restent"))
    assert not needs_one(parsed, ("solde", "rest du"))


def test_it_finds_what_the_pattern_finds() -> None:
    pattern = hinted("(?<![a-z])(?:reste|solde) (?P<n>[0-9])", "reste", "solde")
    text = "le solde 4, le reste 5"
    assert [found["n"] for found in pattern.finditer(text)] == ["4", "5"]
    assert [found["n"] for found in pattern.finditer(text, 10)] == ["5"]
    assert list(pattern.finditer(text, 0, 8)) == []
    found = pattern.search(text, 4)
    assert found is not None
    assert found.span() == re.search("reste 5", text).span()  # type: ignore[union-attr]
    assert pattern.search("rien") is None
