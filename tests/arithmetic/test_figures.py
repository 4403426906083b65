"""A figure refuses what is no count of units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from subsidy_rules.figures import Amount, Count, Figure, Percentage


@pytest.mark.parametrize("kind", [Figure, Amount, Percentage, Count])
def test_only_whole_numbers_count_units(kind: type[Figure]) -> None:
    for wrong in (True, 1.0, "1", Decimal(1), Fraction(1), None):
        with pytest.raises(TypeError, match="n is an int"):
            kind(n=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="decimals is not negative"):
        kind(n=1, decimals=-1)
    assert kind(n=1, decimals=0).fraction == 1


@pytest.mark.parametrize(
    ("decimals", "exponent", "value", "unit"),
    [
        (0, 0, "12", Fraction(1)),
        (2, 0, "0.12", Fraction(1, 100)),
        (0, 1, "120", Fraction(10)),
        (1, 1, "12", Fraction(1)),
        (2, 1, "1.2", Fraction(1, 10)),
        (2, 6, "120000", Fraction(10_000)),
        (0, -1, "1.2", Fraction(1, 10)),
    ],
)
def test_the_worth_of_a_figure(decimals: int, exponent: int, value: str, unit: Fraction) -> None:
    figure = Percentage(n=12, decimals=decimals, exponent=exponent)
    assert (str(figure.value), figure.plain) == (value, value)
    assert (figure.fraction, figure.unit) == (Fraction(value), unit)


def test_words_that_loosen_open_one_side() -> None:
    shown = {
        None: "[12, 12]",
        "about": "[23/2, 25/2]",
        "above": "(12, +∞)",
        "at_least": "[12, +∞)",
        "below": "(-∞, 12)",
        "at_most": "(-∞, 12]",
    }
    for qualifier, bounds in shown.items():
        figure = Amount(n=12, qualifier=qualifier)  # type: ignore[arg-type]
        assert str(figure.bounds()) == bounds
        assert figure.is_exact == (qualifier is None)
        assert Figure(n=12).is_exact is False


@pytest.mark.parametrize(
    ("decimals", "exponent", "qualifier", "worth"),
    [
        (0, 6, None, "1000000"),
        (2, 6, None, "10000"),
        (0, 1, None, "10"),
        (3, 3, None, "1"),
        (4, 3, None, "0.1"),
        (0, 0, "about", "1"),
        (2, 0, "at_least", "0.01"),
        (2, 0, None, None),
        (0, 0, None, None),
    ],
)
def test_an_amount_that_is_not_exact_tells_its_last_written_place(
    decimals: int, exponent: int, qualifier: Any, worth: str | None
) -> None:
    amount = Amount(n=12, decimals=decimals, exponent=exponent, qualifier=qualifier)
    assert worth == (None if amount.rounded_to is None else str(amount.rounded_to))
    assert amount.rounded_to in (None, Decimal(amount.unit.numerator) / amount.unit.denominator)


@pytest.mark.parametrize("kind", [Figure, Amount, Percentage, Count])
def test_a_figure_that_nobody_wrote_has_no_text(kind: type[Figure]) -> None:
    assert (kind(n=1).text, kind(n=1).place) == ("", None)
