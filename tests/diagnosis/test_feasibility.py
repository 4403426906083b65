"""Joint feasibility against enumeration of a grid, and every answer against the independent checker."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.certificates import certificate
from subsidy_rules.diagnosis.feasibility import SIGN_OPEN, TOO_LARGE, Outcome, settle
from subsidy_rules.diagnosis.record import diagnose
from subsidy_rules.diagnosis.relations import Product, Relation, System
from subsidy_rules.diagnosis.rows import Conflict, Row, Undecided
from subsidy_rules.diagnosis.simplex import solve
from subsidy_rules.diagnosis.verify import verify_certificate
from subsidy_rules.figures import Amount, Percentage
from subsidy_rules.rounding import MODES, Mode

GRID = 24
"""Parts of a unit. Sums of neighbours make a totally unimodular system: the corners of what is allowed are whole or
half units, and the middle of up to four of them, which strict ends allow when anything is allowed, is on this grid."""


def checked(system: System) -> Outcome:
    """The outcome, its certificate verified."""
    outcome = settle(system)
    assert verify_certificate(certificate(system, outcome)) == (outcome.feasible is not None)
    return outcome


def on_grid(figures: list[tuple[int, Mode]], relations: list[tuple[int, int, str, int]]) -> bool:
    """Some point of the grid prints as the figures and satisfies the relations: plain loops, no intervals."""
    choices = []
    for n, mode in figures:
        choices.append([k for k in range((n - 1) * GRID, (n + 1) * GRID + 1) if prints(k, n, mode)])
    for point in product(*choices):
        for first, last, sign, bound in relations:
            total = sum(point[first:last])
            limit = bound * GRID
            if not (
                total == limit if sign == "=" else total <= limit if sign == "<=" else total < limit
                if sign == "<" else total >= limit
            ):  # fmt: skip
                break
        else:
            return True
    return False


def prints(k: int, n: int, mode: Mode) -> bool:
    """``k / GRID`` is printed ``n`` when rounded by ``mode``."""
    low, high = n * GRID - GRID // 2, n * GRID + GRID // 2
    match mode:
        case "exact":
            return k == n * GRID
        case "nearest":
            return low <= k <= high
        case "half_to_positive":
            return low <= k < high
        case "half_away_from_zero":
            return low <= k < high if n > 0 else low < k <= high if n < 0 else low < k < high
        case "floor":
            return n * GRID <= k < (n + 1) * GRID
        case "ceiling":
            return (n - 1) * GRID < k <= n * GRID
        case _:
            raise AssertionError(mode)


grid_modes: st.SearchStrategy[Mode] = st.sampled_from(
    ("exact", "nearest", "half_to_positive", "half_away_from_zero", "floor", "ceiling")
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_feasibility_agrees_with_enumeration(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3))
    figures = data.draw(st.lists(st.tuples(st.integers(-1, 2), grid_modes), min_size=size, max_size=size))
    relations = data.draw(
        st.lists(
            st.tuples(
                st.integers(0, size - 1),
                st.integers(1, size),
                st.sampled_from(["=", "<=", "<", ">="]),
                st.integers(-3, 6),
            ).filter(lambda one: one[0] < one[1]),
            min_size=1,
            max_size=4,
        )
    )
    names = [f"v{i}" for i in range(size)]
    shapes = {
        "=": lambda bound: Bounds.point(bound),
        "<=": lambda bound: Bounds(None, Fraction(bound), False, True),
        "<": lambda bound: Bounds(None, Fraction(bound), False, False),
        ">=": lambda bound: Bounds(Fraction(bound), None, True, False),
    }
    system = System(
        {name: Amount(n=n, text=str(n)) for name, (n, _) in zip(names, figures, strict=True)},
        tuple(
            Relation(tuple((name, Fraction(1)) for name in names[first:last]), shapes[sign](bound), text=sign)
            for first, last, sign, bound in relations
        ),
        modes={name: mode for name, (_, mode) in zip(names, figures, strict=True)},
    )
    assert checked(system).feasible is on_grid(figures, relations)


def random_system(r: random.Random) -> System:
    """Figures of all kinds and relations with products, near to true and not."""
    names = [f"v{i}" for i in range(r.randint(2, 7))]
    base = {name: Fraction(r.randint(-20, 60), 4) for name in names}
    figures: dict[str, Amount | Percentage] = {}
    modes: dict[str, Mode] = {}
    for name in names:
        n = round(base[name])
        kind = r.random()
        if kind < 0.7:
            figures[name] = Amount(n=n, text=str(n))
            if kind > 0.3:
                modes[name] = r.choice(MODES)
        elif kind < 0.8:
            loose = r.choice(("about", "above", "at_least", "below", "at_most"))
            figures[name] = Amount(n=n, text=str(n), qualifier=loose)  # type: ignore[arg-type]
        elif kind < 0.95:
            figures[name] = Percentage(n=round(base[name] * 10), decimals=1)
    relations = []
    for _ in range(r.randint(1, 5)):
        chosen = r.sample(names, r.randint(1, min(4, len(names))))
        terms = tuple((name, Fraction(r.choice((1, 1, 1, -1, -1, 2, -3)))) for name in chosen)
        value = sum((weight * base[name] for name, weight in terms), Fraction(0))
        products: tuple[Product, ...] = ()
        if r.random() < 0.3 and len(names) > 2:
            factor, whole = r.sample(names, 2)
            by = Fraction(r.choice((1, -1)), r.choice((1, 10, 100)))
            products = (Product(factor, ((whole, by),)),)
            value += by * base[factor] * base[whole]
        off = r.choice((-1, 0, 0, 1))
        bounds = r.choice(
            (
                Bounds.point(round(value)),
                Bounds.point(value),
                Bounds(None, value + off, False, r.random() < 0.6),
                Bounds(value + off, None, r.random() < 0.6, False),
                Bounds(value - 1, value, True, r.random() < 0.5),
            )
        )
        relations.append(Relation(terms, bounds, products, text="r"))
    nonnegative = frozenset(name for name in names if r.random() < 0.1)
    return System(figures, tuple(relations), nonnegative, modes={k: v for k, v in modes.items() if k in figures})


def test_every_answer_is_proved() -> None:
    r = random.Random(20_240_615)
    answers = [checked(random_system(r)).feasible for _ in range(400)]
    assert answers.count(True) > 80
    assert answers.count(False) > 200
    assert answers.count(None) < 40


def test_pairs_that_pass_one_by_one_and_cannot_all_be_true() -> None:
    figures = dict.fromkeys("abc", "1") | {"ab": "3", "bc": "3", "ac": "3", "t": "3"}
    relations = ["a + b = ab", "b + c = bc", "a + c = ac", "a + b + c = t"]
    for kept in range(4):
        rest = [relation for i, relation in enumerate(relations) if i != kept]
        assert diagnose(figures, rest, rounded=figures).feasible is True, "any three of them can be true"
    together = diagnose(figures, relations, rounded=figures)
    assert together.feasible is False
    assert together.broken == ()
    assert verify_certificate(together.certificate)
    approximate = {name: f"≈{text}" for name, text in figures.items()}
    assert diagnose(approximate, relations).feasible is False, "the text itself may say that it is rounded"
    assert diagnose(figures, relations[:1]).feasible is False, "and figures to the unit are exact when nothing does"


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=12), st.integers(-3, 3))
@settings(max_examples=60, deadline=None)
def test_a_rounded_sum_may_miss_by_half_a_unit_a_term(parts: list[int], off: int) -> None:
    figures = {f"p{i}": str(part) for i, part in enumerate(parts)} | {"t": str(sum(parts) + off)}
    relation = " + ".join(name for name in figures if name != "t") + " = t"
    expected = 2 * abs(off) <= len(parts) + 1
    assert diagnose(figures, [relation], rounded=figures).feasible is expected


def test_a_tree_of_totals_of_any_size_and_a_system_too_large_with_cycles() -> None:
    figures: dict[str, Amount] = {"t": Amount(n=0)}
    relations = []
    for i in range(600):
        figures[f"s{i}"] = Amount(n=2)
        figures[f"a{i}"] = figures[f"b{i}"] = Amount(n=1)
        terms = ((f"a{i}", Fraction(1)), (f"b{i}", Fraction(1)), (f"s{i}", Fraction(-1)))
        relations.append(Relation(terms))
    figures["t"] = Amount(n=1_200)
    relations.append(Relation((*((f"s{i}", Fraction(1)) for i in range(600)), ("t", Fraction(-1)))))
    modes: dict[str, Mode] = dict.fromkeys(figures, "nearest")
    assert checked(System(figures, tuple(relations), modes=modes)).feasible is True
    # The same figures tied a second time, out of order: cycles, and more of them than the limit.
    again = tuple(
        Relation(((f"a{i}", Fraction(1)), (f"b{(7 * i + 3) % 600}", Fraction(1)), (f"s{i}", Fraction(-1))))
        for i in range(600)
    )
    outcome = settle(System(figures, (*relations, *again), modes=modes))
    assert (outcome.feasible, outcome.reason) == (None, TOO_LARGE)


def test_cannot_tell_when_the_base_of_a_rate_may_have_either_sign() -> None:
    whole = Amount(n=0, exponent=6, text="0 M€")
    figures = {"p": Amount(n=900_000, text="900000"), "w": whole, "r": Percentage(n=50, decimals=0)}
    relation = Relation((("p", Fraction(1)),), products=(Product("r", (("w", Fraction(-1, 100)),)),))
    outcome = settle(System(figures, (relation,)))
    assert (outcome.feasible, outcome.reason) == (None, SIGN_OPEN)


def test_a_rate_says_of_each_ratio_that_it_rounds_to_it() -> None:
    figures = {"r": "33,3 %", "a": "333", "b": "1000", "c": "334", "d": "1003"}
    assert 333 * 1003 != 334 * 1000, "two ratios, and one printed rate that is right for both"
    assert diagnose(figures, ["a = r b", "c = r d"]).feasible is True
    assert diagnose({**figures, "c": "336"}, ["a = r b", "c = r d"]).feasible is False


def test_a_rounded_part_of_a_rounded_whole_beside_other_relations() -> None:
    figures = {"r": "50 %", "part": "5 M€", "whole": "10 M€", "rest": "4 M€"}
    relations = ["part = r whole", "part + rest = whole"]
    # The rest is at least 49,5 % of at least 9,5 M€, that is 4,7 M€; printed « 4 M€ » it is at most 4,5.
    together = diagnose(figures, relations)
    assert (together.feasible, together.broken) == (False, ())
    assert verify_certificate(together.certificate)
    assert diagnose({**figures, "rest": "5 M€"}, relations).feasible is True


def test_the_simplex_on_its_own() -> None:
    bounds = {"x": Bounds(Fraction(0), Fraction(1)), "y": Bounds(Fraction(0), Fraction(1))}
    both = Row(0, {"x": Fraction(1), "y": Fraction(1)}, Bounds(Fraction(2), None))
    apart = Row(1, {"x": Fraction(1), "y": Fraction(-1)}, Bounds(Fraction(0), None, False, False))
    point = solve([both], bounds, {})
    assert point == {"x": Fraction(1), "y": Fraction(1)}
    conflict = solve([both, apart], bounds, {})
    assert isinstance(conflict, Conflict)
    many = [Row(i, {f"x{j}": Fraction(1) for j in range(300)}, Bounds.point(1)) for i in range(300)]
    assert isinstance(solve(many, {f"x{j}": Bounds(None, None) for j in range(300)}, {}), Undecided)


@pytest.mark.parametrize(("n", "feasible"), [(3148, True), (3000, False)])
def test_a_uniform_factor_of_a_thousand_leaves_rounded_figures_consistent(n: int, feasible: bool) -> None:
    figures = {"x1": str(n), "x2": "936", "x3": "4085"}
    assert diagnose(figures, ["x1 + x2 = x3"], rounded=figures).feasible is feasible
