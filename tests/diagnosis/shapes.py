"""Whole records as acts show them: breakdowns, shares with their rates, taxes, payments, financing plans.

Each shape draws a true record with everything printed as an act would print it (rates rounded to a few decimals), says
its relations as text for the diagnosis, and can tell by itself, in exact fractions, whether a record satisfies them.
Slips are planted in the printed digits, forwards, the kinds as often as they were counted (Scholtus 2009, table 1).
Nothing here shares code with the diagnosis.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

Printed = dict[str, str]
"""Figures by name, as printed: « 12500 », « 5,27 % »."""

COUNTED: Final = {"replaced": 112, "omitted": 15, "interchanged": 14, "added": 11}


@dataclass
class Shape:
    """A record being drawn: its figures, its relations as text, and the same as numbers."""

    figures: Printed = field(default_factory=dict)
    relations: list[str] = field(default_factory=list)
    sums: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    shares: list[tuple[str, str, str]] = field(default_factory=list)
    factors: list[tuple[str, Fraction, str]] = field(default_factory=list)
    hundreds: list[tuple[str, ...]] = field(default_factory=list)

    def amount(self, name: str, value: int) -> int:
        """Prints an amount in whole euros."""
        self.figures[name] = str(value)
        return value

    def total(self, name: str, parts: list[str]) -> int:
        """Prints the sum of ``parts`` and says it."""
        value = self.amount(name, sum(int(self.figures[part]) for part in parts))
        self.sum_said(parts, name)
        return value

    def sum_said(self, parts: list[str], total: str) -> None:
        """Says that ``parts`` add to ``total``."""
        self.sums.append((tuple(parts), total))
        self.relations.append(f"{' + '.join(parts)} = {total}")

    def rate(self, name: str, part: str, whole: str, decimals: int = 2) -> None:
        """Prints what share of ``whole`` the ``part`` is, rounded half up, and says it."""
        exact = Fraction(100 * int(self.figures[part]) * 10**decimals, int(self.figures[whole]))
        self.figures[name] = percent(int(exact + Fraction(1, 2)), decimals)
        self.shares.append((part, name, whole))
        self.relations.append(f"{part} = {name} {whole}")

    def times(self, result: str, by: Fraction, of: str, said: str) -> None:
        """Prints ``by`` times a figure and says it."""
        self.amount(result, int(by * int(self.figures[of])))
        self.factors.append((result, by, of))
        self.relations.append(f"{result} = {said} {of}")

    def holds(self, figures: Mapping[str, str]) -> bool:
        """True when every relation holds, one by one, for what is printed."""
        value = {name: number(text) for name, text in figures.items()}
        for parts, total in self.sums:
            if sum(value[part] for part in parts) != value[total]:
                return False
        for part, name, whole in self.shares:
            half = Fraction(1, 2 * 10 ** decimals_of(figures[name]))
            if abs(100 * value[part] - value[name] * value[whole]) > half * value[whole]:
                return False
        if any(value[result] != by * value[of] for result, by, of in self.factors):
            return False
        return all(
            abs(sum((value[name] for name in names), Fraction(0)) - 100)
            <= sum((Fraction(1, 2 * 10 ** decimals_of(figures[name])) for name in names), Fraction(0))
            for names in self.hundreds
        )


def percent(n: int, decimals: int) -> str:
    """« 5,27 % » from 527."""
    digits = str(n).rjust(decimals + 1, "0")
    return (f"{digits[:-decimals]},{digits[-decimals:]}" if decimals else digits) + " %"


def number(text: str) -> Fraction:
    """What is printed, as a number."""
    return Fraction(text.replace(" %", "").replace(",", "."))


def decimals_of(text: str) -> int:
    """How many decimals are printed."""
    return len(text.replace(" %", "").partition(",")[2])


def euros(r: random.Random) -> int:
    """An amount of a budget: some are round, some are not."""
    match r.randrange(4):
        case 0:
            return r.randint(1, 90) * 1_000
        case 1:
            return r.randint(1, 900) * 100
        case _:
            return r.randint(300, 95_000)


# -- shapes, each of about ``size`` figures ---------------------------------------------------------------------------


def sections(r: random.Random, size: int) -> Shape:
    """Sections of lines, their total, and the revenue that equals it."""
    shape = Shape()
    heads = max(2, round(size**0.5) - 1)
    for head in range(heads):
        names = [f"s{head}l{line}" for line in range(max(2, (size - 2) // heads - 1))]
        for name in names:
            shape.amount(name, euros(r))
        shape.total(f"s{head}", names)
    shape.total("t", [f"s{head}" for head in range(heads)])
    shape.times("r", Fraction(1), "t", "")
    return shape


def flat(r: random.Random, size: int) -> Shape:
    """One long list and its total."""
    shape = Shape()
    names = [f"l{line}" for line in range(size - 1)]
    for name in names:
        shape.amount(name, euros(r))
    shape.total("t", names)
    return shape


def rated(r: random.Random, size: int) -> Shape:
    """Amounts, each with its share of the total."""
    shape = Shape()
    names = [f"l{line}" for line in range((size - 1) // 2)]
    for name in names:
        shape.amount(name, euros(r))
    shape.total("t", names)
    for name in names:
        shape.rate(f"p{name}", name, "t")
    return shape


def plan(r: random.Random, size: int) -> Shape:
    """A financing plan: expenses and revenues that close, each funder with a share of the whole."""
    shape = Shape()
    half = max(2, (size - 3) // 3)
    expenses, revenues = ([f"{side}{line}" for line in range(half)] for side in "er")
    for name in expenses:
        shape.amount(name, euros(r))
    whole = shape.total("te", expenses)
    left = whole
    for name in revenues[:-1]:
        left -= shape.amount(name, max(1, min(left - half, r.randint(1, 2 * whole // half))))
    shape.amount(revenues[-1], left)
    shape.total("tr", revenues)
    shape.sum_said(["te"], "tr")
    for name in revenues:
        shape.rate(f"p{name}", name, "te", r.choice((0, 1, 2)))
    return shape


def nested(r: random.Random, size: int) -> Shape:
    """Groups of groups of lines."""
    shape = Shape()
    names: list[str] = []
    groups = max(2, size // 7)
    for group in range(groups):
        lines = [f"g{group}l{line}" for line in range(2)]
        more = [f"g{group}m{line}" for line in range(2)]
        for name in (*lines, *more):
            shape.amount(name, euros(r))
        shape.total(f"g{group}s", more)
        shape.total(f"g{group}", [*lines, f"g{group}s"])
        names.append(f"g{group}")
    shape.total("t", names)
    return shape


def taxed(r: random.Random, size: int) -> Shape:
    """Lines before and after tax, and both totals."""
    shape = Shape()
    lines = max(2, (size - 2) // 2)
    for line in range(lines):
        shape.amount(f"n{line}", 5 * r.randint(100, 15_000))
        shape.times(f"g{line}", Fraction(6, 5), f"n{line}", "1.2")
    shape.total("n", [f"n{line}" for line in range(lines)])
    shape.total("g", [f"g{line}" for line in range(lines)])
    return shape


def instalments(r: random.Random, size: int) -> Shape:
    """Grants paid in an advance, an instalment and a balance; their total, a share of a budget."""
    shape = Shape()
    grants = max(2, (size - 3) // 4)
    for grant in range(grants):
        shape.amount(f"a{grant}", 100 * r.randint(5, 400))
        shape.amount(f"i{grant}", r.randint(500, 40_000))
        shape.amount(f"b{grant}", r.randint(200, 20_000))
        shape.total(f"g{grant}", [f"a{grant}", f"i{grant}", f"b{grant}"])
    total = shape.total("t", [f"g{grant}" for grant in range(grants)])
    shape.amount("budget", total * r.randint(2, 30) + r.randint(0, 900))
    shape.rate("p", "t", "budget")
    return shape


def mixed(r: random.Random, size: int) -> Shape:
    """Two partitions of one total, one of them with its shares."""
    shape = Shape()
    half = max(2, (size - 3) // 3)
    first = [f"a{line}" for line in range(half)]
    for name in first:
        shape.amount(name, euros(r))
    whole = shape.total("t", first)
    second = [f"b{line}" for line in range(half)]
    cuts = sorted(r.sample(range(1, whole), half - 1))
    for name, low, high in zip(second, [0, *cuts], [*cuts, whole], strict=True):
        shape.amount(name, high - low)
    shape.sum_said(second, "t")
    for name in first:
        shape.rate(f"p{name}", name, "t", 1)
    shape.amount("budget", whole * 3 + r.randint(1, whole))
    shape.rate("p", "t", "budget")
    return shape


SHAPES: Final[dict[str, Callable[[random.Random, int], Shape]]] = {
    "sections of lines": sections,
    "one flat sum": flat,
    "amounts with rates": rated,
    "financing plan": plan,
    "nested groups": nested,
    "before and after tax": taxed,
    "instalments": instalments,
    "two partitions, shares": mixed,
}


# -- slips ------------------------------------------------------------------------------------------------------------


def mistyped(text: str, r: random.Random) -> str:
    """``text`` with one typing slip in its digits, of a kind drawn as often as it was counted."""
    unit = " %" if text.endswith(" %") else ""
    shown = text.removesuffix(" %")
    places = [at for at, char in enumerate(shown) if char.isdigit()]
    while True:
        at = r.choice(places)
        match r.choices(list(COUNTED), list(COUNTED.values()))[0]:
            case "replaced":
                typed = shown[:at] + r.choice("0123456789") + shown[at + 1 :]
            case "interchanged":
                after = at + 1
                if after not in places:
                    continue
                typed = shown[:at] + shown[after] + shown[at] + shown[after + 1 :]
            case "added":
                typed = shown[:at] + r.choice("0123456789") + shown[at:]
            case _:
                typed = shown[:at] + shown[at + 1 :]
        whole = typed.partition(",")[0]
        if not whole or typed.endswith(",") or number(typed) == number(shown):
            continue
        if not unit:
            typed = str(int(typed))
        elif len(whole) > 1 and whole.startswith("0"):
            continue
        return typed + unit


def wrong(shape: Shape, slips: int, r: random.Random) -> Printed:
    """What is printed of a true record with so many figures mistyped, at least one relation noticing."""
    while True:
        shown = dict(shape.figures)
        for name in r.sample(sorted(shown), slips):
            shown[name] = mistyped(shown[name], r)
        if not shape.holds(shown):
            return shown


def cases(seed: int, each: int, slips: int, size: int = 20) -> Iterator[tuple[str, Shape, Printed]]:
    """``each`` records of each shape with so many slips: the name of the shape, the true record, what is printed."""
    r = random.Random(seed)
    for name, draw in SHAPES.items():
        for _ in range(each):
            shape = draw(r, size)
            yield name, shape, wrong(shape, slips, r)
