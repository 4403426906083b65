"""Figures as text, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.diagnosis.printed import FigureUnreadable, read, rewritten
from subsidy_rules.figures import Amount, Percentage


@pytest.mark.parametrize(
    ("text", "n", "decimals", "expected"),
    [
        ("75 000", 70_000, 0, "70 000"),
        ("75\u202f000 €", 1_070_000, 0, "1\u202f070\u202f000 €"),
        ("75000", 70_000, 0, "70000"),
        ("161", 1_452, 0, "1452"),
        ("5,27 %", 564, 2, "5,64 %"),
        ("5,27 %", 527, 1, "52,7 %"),
        ("52.7%", 527, 2, "5.27%"),
        ("10 M€", 12, 0, "12 M€"),
        ("1 329 243,50 euros", 132_924_351, 2, "1 329 243,51 euros"),
        ("-12", 12, 0, "12"),
        ("12", -12, 0, "-12"),
        ("−12 €", -21, 0, "−21 €"),
        ("(1 234)", 1_235, 0, "1 235"),
        ("≈ 3", 4, 0, "≈ 4"),
        ("environ 70 000 €", 80_000, 0, "environ 80 000 €"),
        ("0,05 %", 5, 1, "0,5 %"),
    ],
)
def test_another_value_in_the_same_style(text: str, n: int, decimals: int, expected: str) -> None:
    assert rewritten(read("x", text), n, decimals) == expected


def test_short_figures_take_the_grouping_of_their_record() -> None:
    assert rewritten(read("x", "900"), 9_000, 0, grouping=" ") == "9 000"
    assert rewritten(read("x", "9000"), 90_000, 0, grouping=" ") == "90000"


def test_a_figure_without_digits_in_its_text_gives_plain_ones() -> None:
    words = Amount(n=70_000, text="soixante-dix mille euros")
    assert rewritten(words, 75_000, 0) == "75000"
    assert rewritten(Percentage(n=527, decimals=2), 526, 2) == "5,26"


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12), st.sampled_from([" ", "\u202f", ""]))
def test_what_is_written_is_read_back(old: int, new: int, group: str) -> None:
    text = f"{old:,}".replace(",", group)
    assert read("x", rewritten(read("x", text), new, 0)).n == new


@pytest.mark.parametrize("text", ["", "abc", "12 34", "1e5", "5,27 % 3"])
def test_what_is_no_figure_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(FigureUnreadable) as caught:
        read("total", text)
    assert caught.value.name == "total"
    assert caught.value.text == text


def test_kinds_of_figures() -> None:
    assert isinstance(read("x", "5,27 %"), Percentage)
    assert isinstance(read("x", "5,27 pour cent"), Percentage)
    assert read("x", "10 M€").fraction == 10_000_000
    assert not read("x", "≈1").is_exact
    assert read("x", "12500.10").is_exact
