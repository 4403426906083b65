"""How the percentages of a document were made."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.diagnosis.rounding_habits import Conventions, HabitKind, Stated, conventions
from subsidy_rules.figures import Amount, Percentage


def share(n: int, part: int, whole: int, decimals: int = 1) -> Stated:
    return Percentage(n=n, decimals=decimals), Amount(n=part), Amount(n=whole)


def kinds(found: Conventions) -> list[HabitKind]:
    return [habit.kind for habit in found.habits]


def half_up(value: Fraction) -> int:
    """The nearest whole number, ties upwards, for values that are not negative."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


amounts = st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=6)


@given(amounts, st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_plain_rounding_explains_what_was_rounded(pairs: list[tuple[int, int]], decimals: int) -> None:
    stated = [share(half_up(Fraction(100 * 10**decimals * a, b)), a, b, decimals) for a, b in pairs]
    found = conventions(stated)
    assert "half_away_from_zero" in found.modes
    assert kinds(found) == ["nearest"]
    assert found.unexplained == ()


@given(amounts)
@settings(max_examples=60, deadline=None)
def test_cut_percentages_are_called_truncated(pairs: list[tuple[int, int]]) -> None:
    found = conventions([share(1000 * a // b, a, b) for a, b in pairs])
    assert "truncate" in found.modes
    odd = [i for i, (a, b) in enumerate(pairs) if 1000 * a // b != half_up(Fraction(1000 * a, b))]
    if any(2 * (1000 * a % b) > b for a, b in pairs):
        assert "truncated" in kinds(found)
        assert set(found.habits[0].tells) <= set(odd)
    assert found.unexplained == ()


def test_rounding_up() -> None:
    found = conventions([share(334, 1, 3), share(667, 2, 3), share(143, 1, 7)])
    assert kinds(found) == ["rounded_up"]
    assert found.habits[0].tells == (0,)


def test_double_rounding() -> None:
    # 5,2449 % -> 5,245 -> 5,25 where plain rounding gives 5,24.
    found = conventions([share(525, 52_449, 1_000_000, 2), share(3333, 100, 300, 2), share(1205, 12_047, 100_000, 2)])
    assert "double_rounding" in kinds(found)
    habit = next(habit for habit in found.habits if habit.kind == "double_rounding")
    assert habit.tells == (0,)
    assert "3 décimales" in habit.message.say("fr")
    assert found.unexplained == ()


def test_percentages_of_rounded_amounts() -> None:
    # Worked out from thousands: 1 499 of 3 499 is 1 of 3.
    found = conventions([share(333, 1_499, 3_499), share(500, 2_501, 6_499), share(250, 1_480, 4_499)])
    assert "rounded_amounts" in kinds(found)
    habit = next(habit for habit in found.habits if habit.kind == "rounded_amounts")
    assert habit.tells == (0, 1, 2)


def hamilton(parts: list[int], units: int) -> list[int]:
    """Shares in whole units that add up, by largest remainders."""
    whole = sum(parts)
    cut = [units * part // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda i: -(units * parts[i] % whole))
    for i in order[: units - sum(cut)]:
        cut[i] += 1
    return cut


@given(st.lists(st.integers(1, 5_000), min_size=3, max_size=9))
@settings(max_examples=120, deadline=None)
def test_largest_remainders_leave_nothing_unexplained(parts: list[int]) -> None:
    whole = sum(parts)
    shares = hamilton(parts, 1000)
    found = conventions([share(n, part, whole) for n, part in zip(shares, parts, strict=True)])
    assert found.unexplained == ()
    if kinds(found) == ["nearest"]:
        plain = [half_up(Fraction(1000 * part, whole)) for part in parts]
        assert all(
            a == b or 2 * (1000 * part % whole) == whole for a, b, part in zip(shares, plain, parts, strict=True)
        )


def test_a_plug_is_named_with_what_it_should_be() -> None:
    # 30,64 30,63 28,73 10,00: the smallest share takes the tenth that is missing, not the largest remainder.
    parts = [3_064, 3_063, 2_873, 1_000]
    found = conventions([share(n, part, 10_000) for n, part in zip((306, 306, 287, 101), parts, strict=True)])
    assert kinds(found) == ["plug"]
    assert found.habits[0].tells == (3,)
    said = found.habits[0].message.say("fr")
    assert "10,1" in said
    assert "10" in said
    assert found.unexplained == ()


def test_what_nothing_explains_is_said() -> None:
    found = conventions([share(333, 100, 300), share(512, 100, 300)])
    assert found.unexplained == (1,)
    assert found.modes == frozenset()
    assert kinds(found) == []


def test_a_whole_that_is_not_above_zero_is_unknown() -> None:
    found = conventions([share(333, 100, 0), share(333, 100, 300)])
    assert found.unknown == (0,)
    assert found.by_figure[0] == frozenset()
    assert kinds(found) == ["nearest"]
    nothing = conventions([])
    assert (nothing.modes, nothing.habits) == (frozenset(), ())


@given(st.lists(st.tuples(st.integers(0, 1200), st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=5))
@settings(max_examples=80, deadline=None)
def test_every_percentage_is_explained_or_listed(rows: list[tuple[int, int, int]]) -> None:
    found = conventions([share(n, part, whole) for n, part, whole in rows])
    for number, modes in enumerate(found.by_figure):
        told = any(number in habit.tells for habit in found.habits)
        assert ("nearest" in modes) or told or number in found.unexplained
        assert found.modes <= modes


@pytest.mark.parametrize("language", ["fr", "en"])
def test_habits_are_told(language: str) -> None:
    found = conventions([share(306, 3_064, 10_000), share(306, 3_063, 10_000), share(388, 3_873, 10_000)])
    assert kinds(found) == ["plug"]
    for habit in found.habits:
        assert habit.message.say("fr" if language == "fr" else "en")
