"""Words that label a segment are found among the tokens of a long text as they are word by word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules import imputation

_PARTS = [
    *("sous", "ss", "s", "S", "Sous", "SOUS", "chapitre", "Chapitres", "art", "article", "natrue", "nature", "budget"),
    *("l'article", "(chap.", "c/6574", "65", "un", "mots", "«", "fonct", "ligne", "sous-chapitre", "sous-", "s/"),
    *("exer\ufffdice", "exercice", "é", "chapître", "x", "_", "3", "-", "/", "\n", "\t", " ", "  ", "\u00a0"),
]
_TEXTS = st.lists(
    st.tuples(st.sampled_from(_PARTS), st.sampled_from(("", " ", " ", "  ", "\n"))).map("".join), max_size=14
).map("".join)


@given(_TEXTS, st.integers(0, 3), st.integers(0, 3))
@settings(max_examples=400, deadline=None)
def test_same_labels(text: str, first: int, short: int) -> None:
    end = max(first, len(text) - short)

    def labels() -> list[tuple[int, int]]:
        return [
            found.span()
            for found in imputation._labels_in(text, first, end)
            if imputation._label(found.group()) is not None
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imputation, "_FEW_TOKENS", 0)
        by_tokens = labels()
        patch.setattr(imputation, "_FEW_TOKENS", 10_000)
        assert by_tokens == labels()
