"""Correct texts near the ways of saying: ranges, limits, rates of other amounts, lists under the total of something
else, parts that are not all told. None may be accused, whatever is read in them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from subsidy_rules import check_text
from tests.extract.reading import accusations

TEXTS: Final = (Path(__file__).parent / "not_accused.txt").read_text("utf-8").rstrip("\n").split("\n=====\n")


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_correct_text_is_not_accused(number: int) -> None:
    assert not accusations(TEXTS[number]), TEXTS[number]


@pytest.mark.parametrize(
    "text",
    [
        "La subvention de 20 000 € représente environ 35 % du coût du projet, estimé à 60 000 €.",
        "La subvention de 20 000 €, soit près de 35 % du coût total de 60 000 €, est attribuée au club.",
        "Une aide de 33 000 €, soit de l'ordre de 30 % du budget de 100 000 €, est versée.",
        "Le budget passe de 100 000 € à 108 000 €, soit une hausse d'environ 10 %.",
        "La commune compte environ 1 000 habitants ; la dépense de 12 400 € revient à environ 12 € par habitant.",
        "Le coût total est d'environ 60 000 €, réparti entre la Ville (25 000 €) et la Région (34 000 €).",
    ],
)
def test_an_approximation_weighs_a_note_at_most(text: str) -> None:
    assert all(finding.severity == "note" for finding in check_text(text, name="acte.txt").findings)
