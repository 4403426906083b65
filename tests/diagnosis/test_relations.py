"""Relations written as text, and the shapes of claims."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.bounds import Bounds
from subsidy_rules.diagnosis.relations import (
    Relation,
    RelationError,
    System,
    at_most,
    average,
    balance,
    change,
    equal,
    parse_relation,
    percentage,
    shares_total,
    sum_of,
    tax,
)
from subsidy_rules.figures import Amount, Percentage


def read(text: str, *rates: str) -> Relation:
    return parse_relation(text, rates=rates)[0]


@pytest.mark.parametrize(
    ("text", "terms", "bounds"),
    [
        ("a + b = t", {"a": 1, "b": 1, "t": -1}, Bounds.point(0)),
        ("x9 - x10 = x11", {"x9": 1, "x10": -1, "x11": -1}, Bounds.point(0)),
        ("t == a+b", {"t": 1, "a": -1, "b": -1}, Bounds.point(0)),
        ("a <= b", {"a": 1, "b": -1}, Bounds(None, Fraction(0), False, True)),
        ("a ≥ b", {"a": 1, "b": -1}, Bounds(Fraction(0), None, True, False)),
        ("x > 0", {"x": 1}, Bounds(Fraction(0), None, False, False)),
        ("x < 1 329 243,50", {"x": 1}, Bounds(None, Fraction("1329243.5"), False, False)),
        ("60 == y", {"y": -1}, Bounds.point(-60)),
        ("9*x1 == x2", {"x1": 9, "x2": -1}, Bounds.point(0)),
        ("9 x1 = x2 / 2", {"x1": 9, "x2": Fraction(-1, 2)}, Bounds.point(0)),
        ("cost - 0.6*turnover >= 0", {"cost": 1, "turnover": Fraction(-3, 5)}, Bounds(Fraction(0), None, True, False)),
        ("2 (a − b) = t", {"a": 2, "b": -2, "t": -1}, Bounds.point(0)),
        ("`subvention totale` = a + 5", {"subvention totale": 1, "a": -1}, Bounds.point(5)),
        ("dépenses = recettes", {"dépenses": 1, "recettes": -1}, Bounds.point(0)),
        ("p1 + p2 = 100 %", {"p1": 1, "p2": 1}, Bounds.point(100)),
        ("a >= 20 % b", {"a": 1, "b": Fraction(-1, 5)}, Bounds(Fraction(0), None, True, False)),
    ],
)
def test_linear_relations(text: str, terms: dict[str, int | Fraction], bounds: Bounds) -> None:
    relation = read(text)
    assert dict(relation.terms) == terms
    assert relation.bounds == bounds
    assert relation.products == ()


@pytest.mark.parametrize("text", ["part = 5,27 % whole", "part = 5,27 % de whole", "part = 5.27% * whole"])
def test_a_rate_inside_an_equality_is_a_figure_that_may_be_mistyped(text: str) -> None:
    relation, literals = parse_relation(text)
    (name,) = literals
    assert (literals[name].n, literals[name].decimals) == (527, 2)
    assert dict(relation.terms) == {"part": 1}
    (product,) = relation.products
    assert product.factor == name
    assert dict(product.terms) == {"whole": Fraction(-1, 100)}


def test_two_printed_rates_are_two_figures() -> None:
    relation, literals = parse_relation("t = 5 % a + 5 % b", taken=["5 %"])
    assert list(literals) == ["5 % (2)", "5 % (3)"]
    assert [product.factor for product in relation.products] == list(literals)


def test_a_named_rate_multiplies_whichever_side_it_stands_on() -> None:
    for text in ("part = rate whole", "part = whole * rate", "part = rate % whole"):
        (product,) = read(text, "rate").products
        assert product.factor == "rate"
        assert dict(product.terms) == {"whole": Fraction(-1, 100)}
    (product,) = read("total = count each").products
    assert product.factor == "count"
    assert dict(product.terms) == {"each": -1}


def test_what_a_subtraction_leaves_and_what_parts_make_up() -> None:
    assert (read("x1 = r - c").result, read("x1 = r - c").total) == ("x1", "r")
    assert (read("a + b = t").result, read("a + b = t").total) == (None, "t")
    assert read("a = b").total is None


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a +", "a = b = c", "a + = b", "((a)", "a ? b", "3 = 3", "a*b*c = d", "a - a = 0", "a / b = 2",
        "a / 0 = b", "a % b = c", "(" * 50 + "a" + ")" * 50 + " = b",
    ],
)  # fmt: skip
def test_what_is_no_relation_is_refused_with_its_position(text: str) -> None:
    with pytest.raises(RelationError) as caught:
        parse_relation(text)
    assert caught.value.text == text
    assert 0 <= caught.value.position <= len(text)
    assert caught.value.expected


@given(st.text(alphabet="ab+-*/()=<>%0123456789., \u00a0é`", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        relation, literals = parse_relation(text)
    except RelationError:
        return
    assert set(literals) <= set(relation.names())


def test_a_long_relation_costs_its_length() -> None:
    names = [f"part{i}" for i in range(5_000)]
    relation = read(" + ".join(names) + " = total")
    assert len(relation.terms) == 5_001
    with pytest.raises(RelationError):
        read("a+" * 60_000 + "a = b")


def test_the_shapes_of_claims() -> None:
    assert dict(sum_of("t", ["a", "b", "a"]).terms) == {"a": 2, "b": 1, "t": -1}
    assert dict(sum_of("t", ["a"], weights=[-1]).terms) == {"a": -1, "t": -1}
    assert dict(equal("a", "b").terms) == {"a": 1, "b": -1}
    assert at_most(["a"], "m", strict=True).bounds == Bounds(None, Fraction(0), False, False)
    assert balance("s", ["a", "b"], "r").total == "s"
    assert dict(percentage("p", "a", "b").products[0].terms) == {"b": Fraction(-1, 100)}
    assert dict(change("a", "b", "p").terms) == {"b": 1, "a": -1}
    assert dict(change("a", "b", "p", falling=True).products[0].terms) == {"a": Fraction(1, 100)}
    assert tax("n", "p", "g").bounds == Bounds(Fraction(-1, 100), Fraction(1, 100))
    assert shares_total(["p", "q"]).bounds == Bounds.point(100)
    assert average("t", "n", "m").products[0].factor == "n"


def test_a_system_knows_the_bounds_of_what_it_was_given_and_what_is_missing() -> None:
    figures = {"a": Amount(n=7), "p": Percentage(n=527, decimals=2)}
    system = System(figures, (read("a + c = t"),), frozenset({"n"}), modes={"a": "nearest"})
    assert system.unread() == ("c", "t", "n")
    assert system.bounds("a") == Bounds(Fraction(13, 2), Fraction(15, 2))
    assert system.bounds("p") == Bounds(Fraction("5.265"), Fraction("5.275"))
    assert system.bounds("c").lower is None
    assert [relation.kind for relation in system.all_relations()] == ["relation", "nonnegative"]
