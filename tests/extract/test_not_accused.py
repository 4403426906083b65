"""Correct texts near the ways of saying: ranges, limits, rates of other amounts, lists under the total of something
else, parts that are not all told. None may be accused, whatever is read in them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.extract.reading import accusations

TEXTS: Final = (Path(__file__).parent / "not_accused.txt").read_text("utf-8").rstrip("\n").split("\n=====\n")


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_a_correct_text_is_not_accused(number: int) -> None:
    assert not accusations(TEXTS[number]), TEXTS[number]
