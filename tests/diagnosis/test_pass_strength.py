"""What a claim that holds proves."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.pass_strength import _passing, gap_probability, strength
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.numerals import parse_amount, parse_percentage
from tests.shared import shared_folder
from tests.strategies_numbers import bounds


def test_a_share_without_decimals_proves_little() -> None:
    part, whole = parse_amount("70 000"), parse_amount("1 329 243")
    fine = strength(parse_percentage("5,27 %"), part, whole)
    coarse = strength(parse_percentage("5 %"), part, whole)
    assert fine.parts == 132
    assert coarse.parts == 13_292
    assert (fine.rates, coarse.rates) == (0, 0)
    assert fine.wholes is not None
    assert coarse.wholes is not None
    assert fine.wholes < coarse.wholes
    assert coarse.noticed < fine.noticed < 1
    assert "132" in fine.message.say("fr")
    assert "13,292" in coarse.message.say("en")


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 1))
@settings(max_examples=25, deadline=None)
def test_counts_agree_with_trying_every_value(part: int, whole: int, decimals: int) -> None:
    scale = 10**decimals

    def passes(n: int, a: int, b: int) -> bool:
        gap: int = abs(200 * scale * a - 2 * n * b)
        return gap <= b

    n = (200 * scale * part + whole) // (2 * whole)
    found = strength(Percentage(n=n, decimals=decimals), Amount(n=part), Amount(n=whole))
    assert found.rates == sum(passes(other, part, whole) for other in range(n + 5) if other != n)
    assert found.parts == sum(passes(n, other, whole) for other in range(-whole, part + whole) if other != part)
    if n:
        most = 300 * scale * part
        if most < 20_000:
            assert found.wholes == sum(passes(n, part, other) for other in range(1, most) if other != whole)
    else:
        assert found.wholes is None


@given(bounds(endless=False), st.integers(-30, 30), st.integers(0, 2), st.integers(0, 1), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_outermost_are_found_by_trying(within: Bounds, n: int, decimals: int, exponent: int, exact: bool) -> None:
    figure: Figure
    if exact:
        figure = Amount(n=n, decimals=decimals)
    else:
        figure = Percentage(n=n, decimals=decimals, exponent=exponent)
    found = _passing(figure, within, "nearest")
    assert found is not None
    # Ends are within 12 and the finest place is a hundredth.
    tried = [n for n in range(-1210, 1211) if replace(figure, n=n).bounds().meets(within)]
    assert list(range(found[0], found[1] + 1)) == tried


def test_only_for_a_claim_that_holds() -> None:
    with pytest.raises(ValueError, match="does not hold"):
        strength(parse_percentage("6 %"), Amount(n=5), Amount(n=100))
    with pytest.raises(ValueError, match="above zero"):
        strength(parse_percentage("6 %"), Amount(n=5), Amount(n=0))


def test_the_chance_of_a_gap_is_that_of_the_outside_table() -> None:
    path = shared_folder("vectors", "visible_difference_probabilities.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 116
    for row in rows:
        parts, gap = int(row["parts"]), int(row["difference_in_last_place_units"])
        assert gap_probability(parts, gap) == Fraction(row["P_percent_table_exact"])
        assert gap_probability(parts, gap, rounded_total=True) == Fraction(row["P_rounded_total_exact"])


@pytest.mark.parametrize("parts", [1, 2, 3, 4, 7])
def test_chances_add_to_one_and_are_even_on_both_sides(parts: int) -> None:
    for rounded in (False, True):
        chances = {gap: gap_probability(parts, gap, rounded_total=rounded) for gap in range(-parts, parts + 1)}
        assert sum(chances.values()) == 1
        assert all(chances[gap] == chances[-gap] for gap in chances)


def test_the_chance_of_a_gap_against_a_grid_of_remainders() -> None:
    # Two free shares on a fine grid, the third being what is left: 3/4 of them miss nothing.
    steps = 40
    errors = [Fraction(2 * i + 1 - steps, 2 * steps) for i in range(steps)]
    missed = sum(abs(a + b) > Fraction(1, 2) for a, b in product(errors, errors))
    assert abs(Fraction(missed, steps**2) - (1 - gap_probability(3, 0))) < Fraction(1, steps)
    with pytest.raises(ValueError, match="at least one"):
        gap_probability(0, 0)
