"""Which roundings make a stated percentage right: by integers, against a search that shares no code."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.arithmetic import MODES, Mode, WholeNotPositive, accepting_modes, bounds
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.numerals import AmbiguousNumeral, NumeralError, parse_amount, parse_percentage
from tests.arithmetic.test_rounding import printed
from tests.strategies_numbers import modes

SEED = {
    "nearest",
    "half_away_from_zero",
    "half_to_positive",
    "half_to_even",
    "half_to_zero",
    "ceiling",
    "away_from_zero",
}


def test_the_figures_of_the_design() -> None:
    """70 000 of 1 329 243 is 5.266155… %: 5,27 by rounding, 5,26 only by cutting, 5,28 by nothing."""
    assert accepting_modes("5,27", part=70000, whole=1329243) == SEED
    assert accepting_modes("5,26", part=70000, whole=1329243) == {"truncate", "floor"}
    assert accepting_modes("5,28", part=70000, whole=1329243) == set()
    assert accepting_modes("5,27 %", part="70 000 euros", whole="1 329 243 euros") == SEED
    assert (2 * 527 - 1) * 1329243 == 1399692879 <= 200 * 100 * 70000 <= (2 * 527 + 1) * 1329243 == 1402351365


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_against_enumeration(decimals: int) -> None:
    """Every part of every whole up to 16, every printed figure near it, every mode, by decimal division."""
    context = decimal.Context(prec=60)
    unit = Decimal(1).scaleb(-decimals)
    for whole in range(1, 17):
        for part in range(-whole, 2 * whole + 1):
            ratio = Fraction(100 * part, whole)
            # Exact ties have a finite decimal expansion; others are far from a tie at 60 digits.
            value = context.divide(Decimal(100 * part), Decimal(whole))
            if Fraction(value) != ratio:
                value = value.next_plus(context) if Fraction(value) < ratio else value.next_minus(context)
            near = int(ratio * 10**decimals)
            for n in range(near - 2, near + 3):
                want: set[Mode] = {mode for mode in MODES if mode != "exact" and n in printed(value, unit, mode)}
                if ratio * 10**decimals == n:
                    want.add("exact")
                stated = Percentage(n=n, decimals=decimals)
                assert accepting_modes(stated, part=part, whole=whole) == want, (n, part, whole)


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 8),
    st.integers(-(10**20), 10**20),
    st.integers(1, 10**20),
    st.integers(1, 10**12),
)
def test_integers_and_intervals_agree(n: int, decimals: int, part: int, whole: int, scale: int) -> None:
    """The integer path and the interval of the printed figure say the same, whatever both sides are multiplied by."""
    stated = Percentage(n=n, decimals=decimals)
    ratio = Fraction(100 * part, whole)
    by_bounds = {mode for mode in MODES if stated.bounds(mode).contains(ratio)}
    assert accepting_modes(stated, part=part, whole=whole) == by_bounds
    assert accepting_modes(stated, part=part * scale, whole=whole * scale) == by_bounds
    assert accepting_modes(stated, part=Fraction(part, scale), whole=Fraction(whole, scale)) == by_bounds
    cents = accepting_modes(stated, part=Decimal(part).scaleb(-2), whole=Decimal(whole).scaleb(-2))
    assert cents == by_bounds


@given(st.integers(1, 10**15), st.integers(1, 10**15), st.integers(0, 4), modes)
def test_a_true_percentage_is_accepted(part: int, whole: int, decimals: int, mode: Mode) -> None:
    if mode in ("nearest", "half_to_positive", "exact"):
        mode = "half_away_from_zero"
    ratio = Fraction(100 * part, whole)
    value = Decimal(ratio.numerator) / Decimal(1) if ratio.denominator == 1 else None
    if value is None:
        context = decimal.Context(prec=80)
        value = context.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))
    (n,) = printed(value, Decimal(1).scaleb(-decimals), mode)
    accepted = accepting_modes(Percentage(n=n, decimals=decimals), part=part, whole=whole)
    assert mode in accepted
    if mode.startswith("half"):
        assert "nearest" in accepted


def test_per_mille() -> None:
    """5 ‰ is printed in units of a tenth of a per cent."""
    assert "nearest" in accepting_modes("5 ‰", part=5, whole=1000)
    assert "nearest" in accepting_modes("5 ‰", part=Fraction("5.5"), whole=1000)
    assert "nearest" not in accepting_modes("5 ‰", part=Fraction("5.6"), whole=1000)


def test_a_percentage_of_large_units() -> None:
    """A rate counted in hundreds of per cent: the exponent may outweigh the decimals."""
    stated = Percentage(n=3, exponent=2)
    assert accepting_modes(stated, part=3, whole=1) == set(MODES)
    assert accepting_modes(stated, part=Fraction("3.5"), whole=1) >= {"nearest", "truncate"}
    assert accepting_modes(stated, part=Fraction("3.51"), whole=1) == {"truncate", "floor"}


def test_intervals() -> None:
    """« 10 M€ » is nine and a half to ten and a half millions: what it is a part of is an interval too."""
    assert "nearest" in accepting_modes("50", part="5 M€", whole="10 M€")
    assert "nearest" in accepting_modes("57,9", part="5,5 M€", whole="9 500 000 €")
    assert accepting_modes("60", part="5 M€", whole="10 000 000 €") == set()
    assert "nearest" in accepting_modes("55", part="5 M€", whole="10 000 000 €")
    assert accepting_modes("56", part="5 M€", whole="10 000 000 €") == set()


@given(st.integers(1, 999), st.integers(1, 999), st.integers(0, 20000), modes)
def test_intervals_by_their_definition(part: int, whole: int, n: int, mode: Mode) -> None:
    """Accepted when some part over some whole prints as stated: tried at ends, and just inside them."""
    left, right = parse_amount(f"{part} k€"), parse_amount(f"{whole} k€")
    stated = Percentage(n=n, decimals=1)
    low = Fraction(2 * part - 1, 2 * whole + 1) * 100
    high = Fraction(2 * part + 1, 2 * whole - 1) * 100
    target = stated.bounds(mode)
    assert target.lower is not None
    assert target.upper is not None
    outside = (
        target.upper < low
        or target.lower > high
        or (target.upper == low and not target.upper_closed)
        or (target.lower == high and not target.lower_closed)
    )
    assert (mode in accepting_modes(stated, part=left, whole=right)) == (not outside)


def test_environ_loosens_the_stated_figure() -> None:
    assert accepting_modes("environ 5 %", part=54, whole=1000) == set(MODES)
    assert accepting_modes("environ 5 %", part=56, whole=1000) == set()
    assert accepting_modes("plus de 5 %", part=50, whole=1000) == set()
    assert accepting_modes("plus de 5 %", part=51, whole=1000) == set(MODES)
    assert accepting_modes("au moins 5 %", part=50, whole=1000) == set(MODES)
    assert accepting_modes("moins de 5 %", part=50, whole=1000) == set()
    assert accepting_modes("au plus 5 %", part=50, whole=1000) == set(MODES)


@pytest.mark.parametrize(
    "whole",
    [0, -1, Decimal("0.00"), Fraction(-1, 3), "0 €", "-5", "0 M€", "moins de 5 €", "au plus 5 €", "plus de 0 €"],
)
def test_a_whole_that_is_not_positive_is_told(whole: int | Decimal | Fraction | str) -> None:
    with pytest.raises(WholeNotPositive) as told:
        accepting_modes("5", part=1, whole=whole)
    assert isinstance(told.value, ValueError)
    assert told.value.whole == whole
    assert "must be positive" in str(told.value)
    assert "doit être positif" in told.value.reason.say("fr")


def test_a_whole_below_one_is_a_whole() -> None:
    assert "nearest" in accepting_modes("50", part="0,25", whole="environ 0,50 €")
    assert "nearest" in accepting_modes("50", part="0,25", whole="0,50")


def test_a_whole_above_zero_without_an_upper_end() -> None:
    assert "nearest" in accepting_modes("1", part=10, whole="plus de 900 €")
    assert "nearest" not in accepting_modes("2", part=10, whole="plus de 900 €")


@pytest.mark.parametrize("value", [0.5, 1.0, float("nan")])
def test_floats_are_refused(value: float) -> None:
    with pytest.raises(TypeError):
        accepting_modes("5", part=value, whole=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        accepting_modes("5", part=1, whole=value)  # type: ignore[arg-type]


def test_unreadable_texts_are_told() -> None:
    with pytest.raises(NumeralError):
        accepting_modes("cinq", part=1, whole=2)
    with pytest.raises(NumeralError):
        accepting_modes("5", part="12 5OO", whole=2)
    with pytest.raises(AmbiguousNumeral):
        accepting_modes("5", part=1, whole="74.567 €")


# -- bounds ---------------------------------------------------------------------------------------------------------


def test_bounds_of_a_text() -> None:
    assert str(bounds("5,27")) == "[1053/200, 211/40]"
    assert str(bounds("5,27", mode="truncate")) == "[527/100, 132/25)"
    assert str(bounds("70 000,00", mode="nearest")) == "[13999999/200, 14000001/200]"
    assert bounds("5,27 %") == bounds("5,27") == parse_percentage("5,27").bounds()


def test_bounds_of_a_figure() -> None:
    amount = parse_amount("10 M€")
    assert bounds(amount) == amount.bounds()
    assert str(bounds(amount)) == "[9500000, 10500000]"
    assert bounds(Amount(n=7), mode="truncate").is_point
    with pytest.raises(KeyError):
        bounds("5", mode="bankers")  # type: ignore[arg-type]
    with pytest.raises(NumeralError):
        bounds("cinq")
