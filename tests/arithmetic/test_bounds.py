"""Intervals against the sets they stand for: membership is the only definition, everything else is derived."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from subsidy_rules.bounds import Bounds, exactly
from tests.strategies_numbers import bounds, fractions, small_fractions

FAR: Final = Fraction(10**40)
NEAR: Final = Fraction(1, 10**12)


def holds(it: Bounds, value: Fraction) -> bool:
    """Membership said again from the four fields, by order alone."""
    above = it.lower is None or it.lower < value or (it.lower_closed and it.lower == value)
    below = it.upper is None or value < it.upper or (it.upper_closed and it.upper == value)
    return above and below


def samples(it: Bounds) -> list[Fraction]:
    """Values of the interval, the ones nearest its ends among them."""
    low = -FAR if it.lower is None else it.lower
    high = FAR if it.upper is None else it.upper
    step = min(NEAR, (high - low) / 8) if high > low else Fraction(0)
    tries = {low, high, low + step, high - step, (low + high) / 2, Fraction(0), Fraction(1), Fraction(-1)}
    return sorted(value for value in tries if holds(it, value))


small = bounds()
GRID = [Fraction(n, 12) for n in range(-13 * 12, 13 * 12 + 1)]


def _all_small() -> list[Bounds]:
    """Every interval with ends among none, -1, 0 and 1, and every combination of flags: products tie often there."""
    ends = (None, Fraction(-1), Fraction(0), Fraction(1))
    found: dict[Bounds, None] = {}
    for lower, upper, left, right in product(ends, ends, (True, False), (True, False)):
        with suppress(ValueError):
            found[Bounds(lower, upper, left, right)] = None
    return list(found)


ALL: Final = _all_small()
PAIRS: Final = list(product(ALL, ALL))
LINE: Final = [-FAR, *(Fraction(n, 4) for n in range(-10, 15)), FAR]


def test_the_small_intervals_are_all_there() -> None:
    # Both ends: 3 pairs of different ends, 4 flags each, and 3 points; one end: 3 ends, 2 sides, 2 flags; no end: 1.
    assert len(ALL) == 12 + 3 + 12 + 1


def test_questions_on_all_small_pairs() -> None:
    inside = {it: {x for x in LINE if holds(it, x)} for it in ALL}
    for a in ALL:
        assert all(a.contains(x) == (x in inside[a]) for x in LINE)
        assert a.is_point == (len(inside[a]) == 1)
    for a, b in PAIRS:
        both = inside[a] & inside[b]
        assert a.meets(b) == bool(both), (a, b)
        assert a.within(b) == (inside[a] <= inside[b]), (a, b)
        assert a.is_below(b) == (max(inside[a]) < min(inside[b])), (a, b)
        common = a.intersection(b)
        assert (set() if common is None else {x for x in LINE if holds(common, x)}) == both, (a, b)


def test_arithmetic_on_all_small_pairs() -> None:
    values = {it: samples(it) for it in ALL}
    for a, b in PAIRS:
        pairs = list(product(values[a], values[b]))
        attains(a + b, [x + y for x, y in pairs])
        attains(a - b, [x - y for x, y in pairs])
        attains(a * b, [x * y for x, y in pairs])
        if 0 in values[b] or 0 in (b.lower, b.upper):
            with pytest.raises(ZeroDivisionError):
                a / b
        else:
            attains(a / b, [x / y for x, y in pairs])


# -- building -------------------------------------------------------------------------------------------------------


def test_a_point_holds_one_value() -> None:
    it = Bounds.point(5)
    assert it.is_point
    assert it.contains(5)
    assert not it.contains(Fraction(5000001, 1000000))
    assert str(it) == "[5, 5]"


@pytest.mark.parametrize(
    ("lower", "upper", "left", "right"),
    [(1, 0, True, True), (1, 1, True, False), (1, 1, False, True), (1, 1, False, False), (2, 1, False, False)],
)
def test_an_empty_interval_cannot_be_built(lower: int, upper: int, left: bool, right: bool) -> None:
    with pytest.raises(ValueError, match="empty interval"):
        Bounds(Fraction(lower), Fraction(upper), left, right)


def test_a_missing_end_is_open() -> None:
    it = Bounds(None, None, True, True)
    assert (it.lower_closed, it.upper_closed) == (False, False)
    assert Bounds(None, Fraction(1)) == Bounds(None, Fraction(1), False, True)
    assert not it.is_point
    assert str(it) == "(-∞, +∞)"


def test_closed_ends_stay_closed() -> None:
    it = Bounds(Fraction(1), Fraction(2), True, False)
    assert (it.lower_closed, it.upper_closed) == (True, False)
    assert str(it) == "[1, 2)"
    assert not it.is_point


def test_between_takes_any_exact_number() -> None:
    assert Bounds.between(Decimal("0.5"), 2, upper_closed=False) == Bounds(Fraction(1, 2), Fraction(2), True, False)
    assert Bounds.between(None, 1, lower_closed=True) == Bounds(None, Fraction(1), False, True)
    assert Bounds.between(1, None) == Bounds(Fraction(1), None, True, False)
    assert Bounds.between(0, 1, lower_closed=False) == Bounds(Fraction(0), Fraction(1), False, True)


@pytest.mark.parametrize("value", [0.1, 1.0, float("nan"), float("inf")])
def test_floats_are_refused(value: float) -> None:
    with pytest.raises(TypeError, match="not exact"):
        exactly(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Bounds.point(1).contains(value)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Bounds.point(1) * value  # type: ignore[operator]


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        exactly(Decimal(value))


@given(fractions)
def test_exactly_changes_nothing(value: Fraction) -> None:
    assert exactly(value) == value
    assert exactly(value.numerator) == value.numerator


# -- asking ---------------------------------------------------------------------------------------------------------


@given(small, small_fractions)
def test_contains(it: Bounds, value: Fraction) -> None:
    assert it.contains(value) == holds(it, value) == (value in it)


@given(small, small)
def test_meets_is_a_common_value(a: Bounds, b: Bounds) -> None:
    # Every end is a third or a half: if two intervals meet, they meet on the grid of twelfths.
    common = any(holds(a, x) and holds(b, x) for x in GRID) or any(holds(a, x) and holds(b, x) for x in (FAR, -FAR))
    assert a.meets(b) == b.meets(a) == common


@given(small, small)
def test_is_below_is_order_of_all_values(a: Bounds, b: Bounds) -> None:
    assert a.is_below(b) == all(x < y for x in [g for g in [-FAR, *GRID, FAR] if holds(a, g)] for y in samples(b))


@given(small, small)
def test_within_is_inclusion(a: Bounds, b: Bounds) -> None:
    assert a.within(b) == all(holds(b, x) for x in [-FAR, *GRID, FAR] if holds(a, x))


@given(small, small)
def test_intersection_is_what_both_hold(a: Bounds, b: Bounds) -> None:
    both = a.intersection(b)
    assert both == b.intersection(a)
    assert (both is None) == (not a.meets(b))
    for x in [-FAR, *GRID, FAR]:
        assert (both is not None and both.contains(x)) == (holds(a, x) and holds(b, x))


def test_ends_that_touch() -> None:
    left, right = Bounds(Fraction(0), Fraction(1), True, False), Bounds(Fraction(1), Fraction(2))
    assert not left.meets(right)
    assert left.is_below(right)
    assert not right.is_below(left)
    closed = Bounds(Fraction(0), Fraction(1))
    assert closed.meets(right)
    assert closed.intersection(right) == Bounds.point(1)
    assert not closed.is_below(right)
    assert left.within(closed)
    assert not closed.within(left)


# -- arithmetic -----------------------------------------------------------------------------------------------------


def attains(result: Bounds, values: list[Fraction]) -> None:
    """``result`` holds all of ``values``, and they come as near to its ends as its flags promise."""
    assert all(result.contains(value) for value in values)
    slack = NEAR * 10**4
    if result.lower is None:
        assert min(values) < -(10**12)
    else:
        assert min(values) <= result.lower + slack
        assert (min(values) == result.lower) == result.lower_closed
    if result.upper is None:
        assert max(values) > 10**12
    else:
        assert max(values) >= result.upper - slack
        assert (max(values) == result.upper) == result.upper_closed


@given(small, small)
def test_sum_is_the_set_of_sums(a: Bounds, b: Bounds) -> None:
    assert a + b == b + a
    attains(a + b, [x + y for x, y in product(samples(a), samples(b))])


@given(small, small)
def test_difference_is_the_set_of_differences(a: Bounds, b: Bounds) -> None:
    assert a - b == a + -b == -(b - a)
    attains(a - b, [x - y for x, y in product(samples(a), samples(b))])


@given(small, small_fractions)
def test_numbers_are_points_in_sums(a: Bounds, x: Fraction) -> None:
    assert a + x == x + a == a + Bounds.point(x)
    assert a - x == a + -x
    assert x - a == Bounds.point(x) - a
    assert (a + x) - x == a


@given(small)
def test_minus_twice_is_nothing(a: Bounds) -> None:
    mirrored = -a
    assert -mirrored == a
    assert all(mirrored.contains(-x) for x in samples(a))


def test_a_negative_weight_swaps_ends_and_flags() -> None:
    it = Bounds(Fraction(1), Fraction(3), True, False)
    assert -it == Bounds(Fraction(-3), Fraction(-1), False, True)
    assert it * -2 == Bounds(Fraction(-6), Fraction(-2), False, True)
    assert 10 - it == Bounds(Fraction(7), Fraction(9), False, True)


@given(small, small_fractions)
def test_scaling_is_the_set_of_multiples(a: Bounds, x: Fraction) -> None:
    scaled = a * x
    assert scaled == x * a == a * Bounds.point(x)
    attains(scaled, [value * x for value in samples(a)])
    if x:
        assert a * x / x == a


@given(small, small)
def test_product_is_the_set_of_products(a: Bounds, b: Bounds) -> None:
    assert a * b == b * a
    attains(a * b, [x * y for x, y in product(samples(a), samples(b))])


@given(small, small)
def test_quotient_is_the_set_of_quotients(a: Bounds, b: Bounds) -> None:
    assume(not b.contains(0) and b.lower != 0 and b.upper != 0)
    quotient = a / b
    found = [x / y for x, y in product(samples(a), samples(b))]
    assert all(quotient.contains(value) for value in found)
    attains(quotient, found)
    assert (quotient * b).meets(a)


@pytest.mark.parametrize(
    "divisor",
    [
        Bounds.point(0),
        Bounds(Fraction(0), Fraction(1), False, True),
        Bounds(Fraction(-1), Fraction(0), True, False),
        Bounds(Fraction(-1), Fraction(1)),
        Bounds(None, None),
        Bounds(Fraction(-1), None),
    ],
)
def test_nothing_is_divided_by_zero(divisor: Bounds) -> None:
    with pytest.raises(ZeroDivisionError) as told:
        Bounds.point(1) / divisor
    assert str(told.value) == f"{divisor} holds or touches zero"
    with pytest.raises(ZeroDivisionError):
        Bounds.point(1) / 0


def test_quotients_by_endless_divisors() -> None:
    one = Bounds.point(1)
    assert one / Bounds(Fraction(2), None) == Bounds(Fraction(0), Fraction(1, 2), False, True)
    assert one / Bounds(None, Fraction(-2)) == Bounds(Fraction(-1, 2), Fraction(0), True, False)
    assert one / Bounds(Fraction(2), Fraction(4), False, True) == Bounds(Fraction(1, 4), Fraction(1, 2), True, False)
    assert one / 4 == Bounds.point(Fraction(1, 4))
    assert one / Bounds(Fraction(1, 2), Fraction(1)) == Bounds(Fraction(1), Fraction(2))
    assert one / Bounds(Fraction(-1), Fraction(-1, 2)) == Bounds(Fraction(-2), Fraction(-1))


def test_products_with_zero() -> None:
    anything = Bounds(None, None)
    assert anything * 0 == Bounds.point(0)
    assert anything * Bounds.point(0) == Bounds.point(0)
    positive = Bounds(Fraction(0), None, False)
    assert positive * positive == positive
    assert Bounds(Fraction(0), None) * positive == Bounds(Fraction(0), None)
    assert positive * Bounds(Fraction(-1), Fraction(2)) == anything


@given(small, small, small)
def test_sums_do_not_depend_on_order(a: Bounds, b: Bounds, c: Bounds) -> None:
    assert (a + b) + c == a + (b + c)


@given(small, small, small)
def test_products_distribute_outwards(a: Bounds, b: Bounds, c: Bounds) -> None:
    """a·(b+c) lies within a·b + a·c: the two occurrences of a are free there."""
    assert (a * (b + c)).within(a * b + a * c)


@given(small, small_fractions)
def test_widening_moves_both_ends_outwards(a: Bounds, slack: Fraction) -> None:
    if slack < 0:
        with pytest.raises(ValueError, match="slack"):
            a.widened(slack)
        return
    wide = a.widened(slack)
    assert a.within(wide)
    assert wide.lower == (None if a.lower is None else a.lower - slack)
    assert wide.upper == (None if a.upper is None else a.upper + slack)
    assert (wide.lower_closed, wide.upper_closed) == (a.lower_closed, a.upper_closed)


@given(st.integers(-(10**400), 10**400), st.integers(1, 10**400))
def test_huge_and_tiny_ends_are_exact(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    it = Bounds.point(value)
    assert (it + Fraction(1, denominator * 3)).lower == value + Fraction(1, denominator * 3)
    assert not it.meets(it + Fraction(1, 10**900))
    assert (it * 3 / 3) == it


def test_bounds_are_frozen_and_hash() -> None:
    it = Bounds.point(1)
    with pytest.raises(AttributeError):
        it.lower = Fraction(2)  # type: ignore[misc]
    assert len({it, Bounds.point(1), Bounds.between(1, 2)}) == 2
