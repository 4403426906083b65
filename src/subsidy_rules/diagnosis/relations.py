"""What a set of figures is said to satisfy, as exact linear facts.

A relation says that a weighted sum of figures, plus products of a printed rate (or a count) by such a sum, lies in
given bounds: ``a + b - t`` in {0}; ``part - 5,27 % · whole`` in {0}; ``a - b`` in ]-∞, 0]. The weights are rationals;
what is uncertain (a rounded figure, a printed rate) is a figure with bounds, never a tolerance.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Final, NoReturn

from subsidy_rules.bounds import Bounds, Exact, exactly
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.rounding import DEFAULT_MODE, Mode, bounds_of

__all__ = [
    "Product",
    "Relation",
    "RelationError",
    "System",
    "Terms",
    "at_most",
    "average",
    "balance",
    "change",
    "equal",
    "parse_relation",
    "percentage",
    "shares_total",
    "sum_of",
    "tax",
]

Terms = tuple[tuple[str, Fraction], ...]
"""Figure names with their weights, each name once, no weight zero."""

ZERO: Final = Bounds.point(0)
ONE: Final = Fraction(1)
PER_CENT: Final = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Product:
    """``factor`` times a weighted sum: a printed rate of a whole, a count of an average."""

    factor: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Relation:
    """``Σ weight · figure + Σ factor · (Σ weight · figure)`` lies in ``bounds``.

    ``text`` is how the relation is shown; ``kind`` is the kind of claim it comes from, or ``relation``.
    ``total`` names the figure that the others make up, when there is one (a total, what a balance starts from);
    ``result`` names what a subtraction leaves, which may be negative.
    """

    terms: Terms
    bounds: Bounds = ZERO
    products: tuple[Product, ...] = ()
    text: str = ""
    kind: str = "relation"
    total: str | None = None
    result: str | None = None

    def names(self) -> Iterator[str]:
        """Every figure the relation speaks of, in order, each once."""
        seen: set[str] = set()
        for name, _ in self.terms:
            if name not in seen:
                seen.add(name)
                yield name
        for product in self.products:
            for name in (product.factor, *(name for name, _ in product.terms)):
                if name not in seen:
                    seen.add(name)
                    yield name


@dataclass(frozen=True)
class System:
    """Figures by name and the relations that are said of them.

    ``modes`` names figures that are read as printed under one rounding mode whatever their unit says: ``exact`` for
    a tax rate, which is a number of the law; ``nearest`` for an amount known to be rounded to its last printed
    place. All others stand for ``Figure.bounds(mode)``. ``nonnegative`` figures are at least 0. ``fixed`` figures
    are trusted: no repair changes them. A name that a relation uses and ``figures`` lacks stands for any value.
    """

    figures: Mapping[str, Figure]
    relations: tuple[Relation, ...]
    nonnegative: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    modes: Mapping[str, Mode] = field(default_factory=dict)
    mode: Mode = DEFAULT_MODE

    def bounds(self, name: str, figure: Figure | None = None) -> Bounds:
        """What the figure ``name`` may stand for, or would if it were printed as ``figure``."""
        shown = self.figures.get(name) if figure is None else figure
        if shown is None:
            return ANYTHING
        mode = self.modes.get(name)
        return shown.bounds(self.mode) if mode is None else bounds_of(shown.n, shown.unit, mode)

    def all_bounds(self) -> dict[str, Bounds]:
        """The bounds of every figure and of every name that relations use."""
        return {name: self.bounds(name) for name in (*self.figures, *self.unread())}

    def unread(self) -> tuple[str, ...]:
        """Names that relations use and that no figure bears."""
        spoken = (name for relation in self.all_relations() for name in relation.names())
        names = {name: None for name in spoken if name not in self.figures}
        return tuple(names)

    def all_relations(self) -> tuple[Relation, ...]:
        """The relations, then one ``x >= 0`` for each figure that must not be negative."""
        return self._all_relations

    @cached_property
    def _all_relations(self) -> tuple[Relation, ...]:
        return self.relations + tuple(
            Relation(((name, ONE),), NOT_NEGATIVE, text=f"{name} >= 0", kind="nonnegative")
            for name in sorted(self.nonnegative)
        )


ANYTHING: Final = Bounds(None, None, False, False)
NOT_NEGATIVE: Final = Bounds(Fraction(0), None, True, False)


# -- the shapes of claims -------------------------------------------------------------------------------------------


def _one(name: str, weight: Exact = 1) -> tuple[tuple[str, Fraction], ...]:
    return ((name, exactly(weight)),)


def _collected(pairs: Iterable[tuple[str, Fraction]]) -> Terms:
    terms: dict[str, Fraction] = {}
    for name, weight in pairs:
        terms[name] = terms.get(name, Fraction(0)) + weight
    return tuple((name, weight) for name, weight in terms.items() if weight)


def sum_of(total: str, parts: Sequence[str], *, weights: Sequence[Exact] | None = None) -> Relation:
    """``total`` is the sum of ``parts``, each times its weight (1 when none are given)."""
    given = [Fraction(1)] * len(parts) if weights is None else [exactly(weight) for weight in weights]
    terms = _collected([*zip(parts, given, strict=True), (total, Fraction(-1))])
    return Relation(terms, text=f"{' + '.join(parts)} = {total}", kind="sum", total=total)


def equal(first: str, again: str) -> Relation:
    """The same thing written twice."""
    return Relation(_collected([*_one(first), *_one(again, -1)]), text=f"{first} = {again}", kind="equal")


def at_most(values: Sequence[str], limit: str, *, strict: bool = False) -> Relation:
    """The sum of ``values`` does not exceed ``limit`` (``strict``: stays under it)."""
    terms = _collected([*((name, Fraction(1)) for name in values), *_one(limit, -1)])
    bounds = Bounds(None, Fraction(0), False, not strict)
    return Relation(terms, bounds, text=f"{' + '.join(values)} {'<' if strict else '<='} {limit}", kind="at_most")


def balance(start: str, minus: Sequence[str], result: str) -> Relation:
    """``start`` less each of ``minus`` leaves ``result``."""
    terms = _collected([*_one(start), *((name, Fraction(-1)) for name in minus), *_one(result, -1)])
    text = f"{' - '.join((start, *minus))} = {result}"
    return Relation(terms, text=text, kind="balance", total=start, result=result)


def percentage(stated: str, part: str, whole: str) -> Relation:
    """``part`` is ``stated`` per cent of ``whole``."""
    product = Product(stated, _one(whole, -PER_CENT))
    return Relation(_one(part), products=(product,), text=f"{part} = {stated} × {whole}", kind="percentage")


def change(start: str, end: str, stated: str, *, falling: bool = False) -> Relation:
    """From ``start`` to ``end`` is a change of ``stated`` per cent (``falling``: printed without its sign)."""
    product = Product(stated, _one(start, PER_CENT if falling else -PER_CENT))
    terms = _collected([*_one(end), *_one(start, -1)])
    return Relation(terms, products=(product,), text=f"{end} - {start} = {stated} × {start}", kind="change")


def tax(net: str, rate: str, gross: str, *, slack: Exact = Fraction(1, 100)) -> Relation:
    """``gross`` is ``net`` plus tax at ``rate`` per cent, within ``slack``.

    The slack of a cent is that of EN 16931 (BR-CO-14, BR-CO-17): tax is rounded to the cent, by line or in total.
    The rate is a number of the law: give its name the mode ``exact``.
    """
    room = exactly(slack)
    product = Product(rate, _one(net, -PER_CENT))
    terms = _collected([*_one(gross), *_one(net, -1)])
    return Relation(terms, Bounds(-room, room), (product,), f"{gross} - {net} = {rate} × {net}", "tax")


def shares_total(percents: Sequence[str], total: Exact = 100) -> Relation:
    """Shares of one whole add to ``total`` per cent."""
    terms = _collected((name, Fraction(1)) for name in percents)
    return Relation(terms, Bounds.point(total), text=f"{' + '.join(percents)} = {total}", kind="shares_total")


def average(total: str, count: str, stated: str) -> Relation:
    """``total`` shared among ``count`` is ``stated`` each (a rounded figure: say so in ``System.modes``)."""
    product = Product(count, _one(stated, -1))
    return Relation(_one(total), products=(product,), text=f"{total} = {count} × {stated}", kind="average")


# -- relations written as text --------------------------------------------------------------------------------------


class RelationError(ValueError):
    """A relation that cannot be read: its ``text``, the ``position`` (from 0) where it stops, what was ``expected``."""

    def __init__(self, text: str, position: int, expected: str) -> None:
        super().__init__(f"cannot read the relation {text!r} at position {position}: expected {expected}")
        self.text = text
        self.position = position
        self.expected = expected


_TOKEN: Final = re.compile(
    r"""
    (?P<space>[ \t\n\u00a0\u2009\u202f]+)
  | (?P<number>[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3}(?![0-9])){1,9}(?:[.,][0-9]{1,30})?
              |[0-9]{1,60}(?:[.,][0-9]{1,30})?)
  | (?P<name>[^\W\d]\w*|`[^`]{1,200}`)
  | (?P<compare><=|>=|==|=<|=>|[=<>≤≥])
  | (?P<mark>[-+−–*×·/()%‰])
    """,
    re.VERBOSE,
)
_COMPARE: Final = {"==": "=", "≤": "<=", "=<": "<=", "≥": ">=", "=>": ">="}
_MARKS: Final = {"−": "-", "–": "-", "×": "*", "·": "*"}
_OF: Final = frozenset({"de", "du", "des", "of"})
_DEPTH: Final = 20


@dataclass(slots=True)
class _Expression:
    """A constant, weighted figures, and products of one factor by weighted figures."""

    constant: Fraction = Fraction(0)
    terms: dict[str, Fraction] = field(default_factory=dict)
    products: dict[str, dict[str, Fraction]] = field(default_factory=dict)

    def add(self, other: _Expression, sign: int = 1) -> None:
        self.constant += sign * other.constant
        for name, weight in other.terms.items():
            self.terms[name] = self.terms.get(name, Fraction(0)) + sign * weight
        for factor, weights in other.products.items():
            mine = self.products.setdefault(factor, {})
            for name, weight in weights.items():
                mine[name] = mine.get(name, Fraction(0)) + sign * weight

    def scaled(self, by: Fraction) -> _Expression:
        out = _Expression()
        for name, weight in self.terms.items():
            out.terms[name] = weight * by
        out.constant = self.constant * by
        out.products = {
            factor: {name: weight * by for name, weight in weights.items()} for factor, weights in self.products.items()
        }
        return out


class _Parser:
    """Recursive descent over one relation. Rates that are printed inside an equality become figures of their own."""

    def __init__(self, text: str, rates: Collection[str], taken: Collection[str]) -> None:
        self.text = text
        self.rates = rates
        self.taken = set(taken)
        self.literals: dict[str, Percentage] = {}
        self.tokens = list(self._tokens())
        self.at = 0
        self.exact_rates = any(kind == "compare" and value in ("<=", ">=", "<", ">") for kind, value, _ in self.tokens)

    def _tokens(self) -> Iterator[tuple[str, str, int]]:
        position = 0
        while position < len(self.text):
            match = _TOKEN.match(self.text, position)
            if match is None:
                self.fail(position, "a figure, a number or a sign")
            kind = match.lastgroup or ""
            value = match.group()
            if kind == "compare":
                value = _COMPARE.get(value, value)
            elif kind == "mark":
                value = _MARKS.get(value, value)
            if kind == "name" and value not in self.taken and position and self.text[position - 1].isdigit():
                # « 1e9 » and « 0x10 » are no numbers here, and nobody gave the figures « e9 » and « x10 ».
                self.fail(position, "a space or a sign after the number")
            if kind != "space":
                yield kind, value, position
            position = match.end()
        yield "end", "", len(self.text)

    def fail(self, position: int, expected: str) -> NoReturn:
        raise RelationError(self.text, position, expected)

    def peek(self) -> tuple[str, str, int]:
        return self.tokens[self.at]

    def take(self, value: str) -> bool:
        if self.tokens[self.at][1] == value and self.tokens[self.at][0] != "name":
            self.at += 1
            return True
        return False

    def relation(self) -> Relation:
        left = self.expression(0)
        kind, compare, position = self.peek()
        if kind != "compare":
            self.fail(position, "=, <=, >=, < or >")
        self.at += 1
        right = self.expression(0)
        kind, _, position = self.peek()
        if kind != "end":
            self.fail(position, "the end of the relation")
        result = _left_over(left, right) if compare == "=" else None
        left.add(right, -1)
        bound = -left.constant
        if compare == "=":
            bounds = Bounds.point(bound)
        elif compare in ("<=", "<"):
            bounds = Bounds(None, bound, False, compare == "<=")
        else:
            bounds = Bounds(bound, None, compare == ">=", False)
        terms = tuple((name, weight) for name, weight in left.terms.items() if weight)
        products = tuple(
            Product(factor, tuple((name, weight) for name, weight in weights.items() if weight))
            for factor, weights in left.products.items()
        )
        products = tuple(product for product in products if product.terms)
        if not terms and not products:
            self.fail(0, "at least one figure that does not cancel out")
        return Relation(terms, bounds, products, self.text.strip(), "relation", _total(terms, products, bounds), result)

    def expression(self, depth: int) -> _Expression:
        if depth > _DEPTH:
            self.fail(self.peek()[2], f"at most {_DEPTH} brackets inside one another")
        out = _Expression()
        sign = -1 if self.take("-") else 1
        if sign == 1:
            self.take("+")
        out.add(self.term(depth), sign)
        while True:
            if self.take("+"):
                out.add(self.term(depth))
            elif self.take("-"):
                out.add(self.term(depth), -1)
            else:
                return out

    def term(self, depth: int) -> _Expression:
        out = self.atom(depth)
        while True:
            kind, value, position = self.peek()
            if kind == "mark" and value == "/":
                self.at += 1
                divisor = self.atom(depth)
                if divisor.terms or divisor.products or not divisor.constant:
                    self.fail(position, "a number that is not zero after « / »")
                out = out.scaled(1 / divisor.constant)
            elif kind == "mark" and value == "*":
                self.at += 1
                out = self.times(out, self.atom(depth), position)
            elif kind == "name" or (kind == "mark" and value == "("):
                if kind == "name" and value in _OF and self.tokens[self.at + 1][:2] != ("mark", "%"):
                    following = self.tokens[self.at + 1]
                    if following[0] == "name" or following[1] == "(":
                        self.at += 1
                        continue
                out = self.times(out, self.atom(depth), position)
            else:
                return out

    def times(self, left: _Expression, right: _Expression, position: int) -> _Expression:
        if not left.terms and not left.products:
            return right.scaled(left.constant)
        if not right.terms and not right.products:
            return left.scaled(right.constant)
        # A printed rate multiplies whichever side it stands on; of two plain names the first is the factor.
        one, two = _single(left), _single(right)
        if one is not None and (one[0] in self.rates or two is None or two[0] not in self.rates):
            (factor, weight), by = one, right
        elif two is not None:
            (factor, weight), by = two, left
        else:
            self.fail(position, "a rate or a count times figures")
        if by.products:
            self.fail(position, "figures without a product of their own")
        if factor in self.rates:
            weight *= PER_CENT
        out = _Expression(terms={factor: weight * by.constant} if by.constant else {})
        out.products = {factor: {name: weight * value for name, value in by.terms.items()}}
        return out

    def atom(self, depth: int) -> _Expression:
        kind, value, position = self.peek()
        if kind == "mark" and value == "(":
            self.at += 1
            inner = self.expression(depth + 1)
            if not self.take(")"):
                self.fail(self.peek()[2], "a closing bracket")
            return inner
        if kind == "number":
            self.at += 1
            number, decimals, digits = _number(value)
            for sign, exponent in (("%", 0), ("‰", -1)):
                if self.take(sign):
                    return self.rate(value, sign, digits, decimals, exponent, position)
            return _Expression(constant=number)
        if kind == "name":
            self.at += 1
            name = value.strip("`")
            if self.peek()[:2] == ("mark", "%"):
                if name not in self.rates:
                    self.fail(self.peek()[2], f"a percentage before « % », and {name} is none")
                self.at += 1
            return _Expression(terms={name: Fraction(1)})
        return self.fail(position, "a figure or a number")

    def rate(self, value: str, sign: str, n: int, decimals: int, exponent: int, position: int) -> _Expression:
        figure = Percentage(n=n, decimals=decimals, exponent=exponent, text=f"{value} {sign}")
        kind, following, _ = self.peek()
        multiplies = kind == "name" or (kind == "mark" and following in ("*", "("))
        if not multiplies:
            return _Expression(constant=figure.fraction)
        if self.exact_rates:
            # « a >= 20 % b » is a threshold that someone decided, not a rounded measurement.
            return _Expression(constant=figure.fraction * PER_CENT)
        name = figure.text
        number = 2
        while name in self.taken:
            name = f"{figure.text} ({number})"
            number += 1
        self.taken.add(name)
        self.literals[name] = figure
        self.rates = {*self.rates, name}
        return _Expression(terms={name: Fraction(1)})


def _single(expression: _Expression) -> tuple[str, Fraction] | None:
    """The one figure, with its weight, that the expression is; ``None`` when it is anything else."""
    if len(expression.terms) != 1 or expression.products or expression.constant:
        return None
    return next(iter(expression.terms.items()))


def _number(text: str) -> tuple[Fraction, int, int]:
    """The value, the number of decimals and the digits as an integer."""
    whole, mark, decimals = re.sub(r"[^0-9.,]", "", text).replace(",", ".").partition(".")
    digits = int(whole + decimals)
    return Fraction(digits, 10 ** len(decimals)), len(decimals) if mark else 0, digits


def _total(terms: Terms, products: tuple[Product, ...], bounds: Bounds) -> str | None:
    """The figure that stands alone on its side of an equality between three figures or more."""
    if products or len(terms) < 3 or not bounds.is_point or bounds.lower != 0:
        return None
    for sign in (1, -1):
        alone = [name for name, weight in terms if weight * sign > 0]
        if len(alone) == 1:
            return alone[0]
    return None


def _left_over(left: _Expression, right: _Expression) -> str | None:
    """The figure that stands alone on one side when the other side subtracts."""
    for one, other in ((left, right), (right, left)):
        alone = _single(one)
        if alone is not None and alone[1] == 1 and not other.products and any(by < 0 for by in other.terms.values()):
            return alone[0]
    return None


def parse_relation(
    text: str, *, rates: Collection[str] = (), taken: Collection[str] = ()
) -> tuple[Relation, dict[str, Percentage]]:
    """Reads ``a + b = t``, ``x9 - x10 = x11``, ``part = 5,27 % whole``, ``cost >= 0.6 turnover``, ``a <= b``.

    ``rates`` names the figures that are percentages: times a figure, they count per hundred. A rate printed inside
    an equality is itself a figure that may be mistyped: it is returned under its own text (made different from every
    name in ``taken``). Inside an inequality a rate is a threshold, exact. Names with spaces go between back quotes.
    Raises ``RelationError``.
    """
    if len(text) > 100_000:
        raise RelationError(text[:80], 100_000, "a shorter relation")
    parser = _Parser(text, rates, taken)
    return parser.relation(), parser.literals
