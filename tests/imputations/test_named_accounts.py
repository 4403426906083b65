"""A bare code that its official label follows is read as the code."""

from __future__ import annotations

import pytest

from subsidy_rules import parse_imputation
from subsidy_rules.imputation import ImputationError


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("65748 - Autres personnes de droit privé", {"nature": "65748"}),
        ("65748 – Subventions de fonctionnement aux autres personnes de droit privé", {"nature": "65748"}),
        ("6574 (subventions)", {"nature": "6574"}),
        ("6574 : Subventions de fonctionnement aux associations", {"nature": "6574"}),
        ("65/6574/33 - Action culturelle", {"chapitre": "65", "nature": "6574", "fonction": "33"}),
        ("6574 « subventions aux associations »", {"nature": "6574"}),
    ],
)
def test_a_label_after_a_code_is_no_part_of_it(text: str, segments: dict[str, str]) -> None:
    read = parse_imputation(text, fiscal_year=2015, nomenclature="M14")
    assert dict(read.segments) == segments
    assert read.raw == text


@pytest.mark.parametrize(
    "text",
    ["65 51 11", "65/6S74/33", "65//6574 - Action culturelle", "Action culturelle", "6574 - 12 euros", "65/6574-33"],
)
def test_what_is_malformed_stays_so(text: str) -> None:
    with pytest.raises(ImputationError):
        parse_imputation(text, fiscal_year=2015, nomenclature="M14")
