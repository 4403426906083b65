"""Every mode against the ``decimal`` module, at all ties and beside them, for both signs."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import Final, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from subsidy_rules.rounding import DEFAULT_MODE, MODES, Mode, accepts, bounds_of, half_units
from tests.strategies_numbers import fractions, modes

# The modes that are functions, by the name ``decimal`` gives them. « nearest », « half_to_positive » and « exact »
# have none: they are said by hand below.
BY_DECIMAL: Final[dict[Mode, str]] = {
    "half_away_from_zero": decimal.ROUND_HALF_UP,
    "half_to_even": decimal.ROUND_HALF_EVEN,
    "half_to_zero": decimal.ROUND_HALF_DOWN,
    "truncate": decimal.ROUND_DOWN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
    "away_from_zero": decimal.ROUND_UP,
}
EXACT_CONTEXT: Final = decimal.Context(prec=2000, Emin=-(10**6), Emax=10**6)


def printed(value: Decimal, unit: Decimal, mode: Mode) -> set[int]:
    """The figures, in units, that ``value`` may be printed as under ``mode``."""
    if mode in BY_DECIMAL:
        rounded = value.quantize(unit, rounding=BY_DECIMAL[mode], context=EXACT_CONTEXT)
        return {int(EXACT_CONTEXT.divide(rounded, unit))}
    scaled = Fraction(value) / Fraction(unit)
    below = scaled.numerator // scaled.denominator
    if mode == "exact":
        return {below} if scaled == below else set()
    rest = scaled - below
    if mode == "half_to_positive":
        return {below + 1} if rest >= Fraction(1, 2) else {below}
    assert mode == "nearest"
    return {n for n in (below, below + 1) if abs(scaled - n) <= Fraction(1, 2)}


def test_the_modes_are_those_of_the_design() -> None:
    assert get_args(Mode) == MODES
    assert len(MODES) == 10
    assert DEFAULT_MODE == "nearest"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("unit", ["1", "0.01", "1E+6", "1E-30"])
def test_all_ties_both_signs(mode: Mode, unit: str) -> None:
    """Every eighth of a unit from -6 to 6: ties, grid values, and both sides of them."""
    step = Decimal(unit)
    for eighths in range(-48, 49):
        value = step * eighths / 8
        want = printed(value, step, mode)
        for n in range(-8, 9):
            assert accepts(n, mode, eighths, 8) == (n in want), (n, value)
            assert bounds_of(n, Fraction(step), mode).contains(value) == (n in want), (n, value)


@given(modes, st.integers(-(10**40), 10**40), st.integers(-40, 40), st.integers(-20, 20))
@example("half_to_even", 5, -1, 0)
@example("half_to_even", 15, -1, 0)
@example("nearest", -5, -1, 0)
def test_any_decimal_any_unit(mode: Mode, coefficient: int, exponent: int, power: int) -> None:
    value, unit = Decimal(coefficient).scaleb(exponent, EXACT_CONTEXT), Decimal(1).scaleb(power)
    want = printed(value, unit, mode)
    ratio = Fraction(value) / Fraction(unit)
    near = ratio.numerator // ratio.denominator
    for n in range(near - 2, near + 4):
        assert accepts(n, mode, ratio.numerator, ratio.denominator) == (n in want)
        assert bounds_of(n, Fraction(unit), mode).contains(value) == (n in want)


@given(modes, fractions)
def test_every_value_prints_as_something_or_is_not_exact(mode: Mode, value: Fraction) -> None:
    near = value.numerator // value.denominator
    figures = [n for n in range(near - 2, near + 4) if accepts(n, mode, value.numerator, value.denominator)]
    if mode == "exact":
        assert figures == ([near] if value == near else [])
    elif mode == "nearest":
        assert 1 <= len(figures) <= 2
        assert (len(figures) == 2) == (value - near == Fraction(1, 2))
    else:
        assert len(figures) == 1


@given(modes, st.integers(-(10**20), 10**20))
def test_a_figure_stands_for_itself(mode: Mode, n: int) -> None:
    assert accepts(n, mode, n, 1)
    assert accepts(n, mode, 7 * n, 7)


@given(modes, st.integers(-1000, 1000), st.builds(Fraction, st.integers(1, 10**6), st.integers(1, 10**6)))
def test_bounds_scale_with_the_unit(mode: Mode, n: int, unit: Fraction) -> None:
    assert bounds_of(n, unit, mode) == bounds_of(n, Fraction(1), mode) * unit


@pytest.mark.parametrize(
    "mode", ["nearest", "half_away_from_zero", "half_to_even", "half_to_zero", "truncate", "away_from_zero", "exact"]
)
def test_modes_that_go_by_magnitude_mirror_at_zero(mode: Mode) -> None:
    for n in range(-20, 21):
        assert bounds_of(-n, Fraction(1), mode) == -bounds_of(n, Fraction(1), mode)


def test_directed_modes_mirror_each_other() -> None:
    for n in range(-20, 21):
        assert bounds_of(-n, Fraction(1), "floor") == -bounds_of(n, Fraction(1), "ceiling")


def test_the_table_of_the_design() -> None:
    """Section 4.3 of the design, row by row, written out for 2, -2, 1, -1 and 0."""
    shown = {mode: [str(bounds_of(n, Fraction(1), mode)) for n in (2, -2, 1, -1, 0)] for mode in MODES}
    assert shown == {
        "nearest": ["[3/2, 5/2]", "[-5/2, -3/2]", "[1/2, 3/2]", "[-3/2, -1/2]", "[-1/2, 1/2]"],
        "half_away_from_zero": ["[3/2, 5/2)", "(-5/2, -3/2]", "[1/2, 3/2)", "(-3/2, -1/2]", "(-1/2, 1/2)"],
        "half_to_positive": ["[3/2, 5/2)", "[-5/2, -3/2)", "[1/2, 3/2)", "[-3/2, -1/2)", "[-1/2, 1/2)"],
        "half_to_even": ["[3/2, 5/2]", "[-5/2, -3/2]", "(1/2, 3/2)", "(-3/2, -1/2)", "[-1/2, 1/2]"],
        "half_to_zero": ["(3/2, 5/2]", "[-5/2, -3/2)", "(1/2, 3/2]", "[-3/2, -1/2)", "[-1/2, 1/2]"],
        "truncate": ["[2, 3)", "(-3, -2]", "[1, 2)", "(-2, -1]", "(-1, 1)"],
        "floor": ["[2, 3)", "[-2, -1)", "[1, 2)", "[-1, 0)", "[0, 1)"],
        "ceiling": ["(1, 2]", "(-3, -2]", "(0, 1]", "(-2, -1]", "(-1, 0]"],
        "away_from_zero": ["(1, 2]", "[-2, -1)", "(0, 1]", "[-1, 0)", "[0, 0]"],
        "exact": ["[2, 2]", "[-2, -2]", "[1, 1]", "[-1, -1]", "[0, 0]"],
    }


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(KeyError):
        half_units(1, "bankers")  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        bounds_of(1, Fraction(1), "bankers")  # type: ignore[arg-type]
