"""Documents whose percentages were made in one way of their own: nobody is accused, and the way is named.

Each column is made forwards, from its amounts, in plain Python that shares nothing with the library.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from subsidy_rules import check

Make = Callable[..., list[int]]
"""From the parts and the number of decimals to the printed shares, in units of the last decimal."""


def exact(parts: list[int], decimals: int) -> list[Fraction]:
    whole = sum(parts)
    return [Fraction(100 * 10**decimals * part, whole) for part in parts]


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def nearest(parts: list[int], decimals: int) -> list[int]:
    return [half_up(value) for value in exact(parts, decimals)]


def cut(parts: list[int], decimals: int) -> list[int]:
    return [int(value) for value in exact(parts, decimals)]


def up(parts: list[int], decimals: int) -> list[int]:
    return [-int(-value // 1) for value in exact(parts, decimals)]


def twice(parts: list[int], decimals: int) -> list[int]:
    return [half_up(Fraction(half_up(value * 10), 10)) for value in exact(parts, decimals)]


def of_thousands(parts: list[int], decimals: int, unit: int = 1000) -> list[int]:
    thousands = [half_up(Fraction(part, unit)) for part in parts]
    whole = half_up(Fraction(sum(parts), unit))
    return [half_up(Fraction(100 * 10**decimals * part, whole)) for part in thousands]


def remainders(parts: list[int], decimals: int) -> list[int]:
    shares = exact(parts, decimals)
    units = [int(share) for share in shares]
    missing = 100 * 10**decimals - sum(units)
    for at in sorted(range(len(parts)), key=lambda at: units[at] - shares[at])[:missing]:
        units[at] += 1
    return units


def plugged(parts: list[int], decimals: int) -> list[int]:
    units = nearest(parts, decimals)
    units[-1] += 100 * 10**decimals - sum(units)
    return units


WAYS: dict[str, tuple[Make, str, str]] = {
    "truncated": (cut, "tronqués", "cut, not rounded"),
    "rounded_up": (up, "arrondis par excès", "rounded up"),
    "double_rounding": (twice, "arrondis deux fois", "rounded twice"),
    "rounded_amounts": (of_thousands, "calculés sur des montants arrondis à 1", "worked out from amounts rounded to 1"),
    "largest_remainder": (remainders, "plus forts restes", "largest remainders"),
    "plug": (plugged, "ajusté pour que la colonne fasse 100", "adjusted so that its column adds to 100"),
}


def only(kind: str, parts: list[int], decimals: int) -> bool:
    """True when the column differs from plain rounding and no other way makes the same."""
    printed = WAYS[kind][0](parts, decimals)
    return printed != nearest(parts, decimals) and all(
        other == kind or make(parts, decimals) != printed
        for other, make in [(name, way[0]) for name, way in WAYS.items()]
        + [("tens", partial(of_thousands, unit=10)), ("hundreds", partial(of_thousands, unit=100))]
    )


def record(kind: str, r: random.Random) -> dict[str, Any]:
    """A grant shared among several beneficiaries, each with its share as that way prints it."""
    decimals = 1
    while True:
        parts = [r.randint(3_000, 90_000) for _ in range(r.randint(6, 9))]
        if only(kind, parts, decimals):
            break
    shares = WAYS[kind][0](parts, decimals)
    allocations = [
        {"funder": f"Commune {at + 1}", "amount": f"{part} euros", "percentage": f"{n // 10},{n % 10} %"}
        for at, (part, n) in enumerate(zip(parts, shares, strict=True))
    ]
    return {"reference": "2024-017", "total": f"{sum(parts)} euros", "convention": True, "allocations": allocations}


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.parametrize("seed", range(6))
def test_a_way_of_making_percentages_is_named_and_nobody_accused(kind: str, seed: int) -> None:
    _, fr, en = WAYS[kind]
    made = record(kind, random.Random(f"{kind} {seed}"))
    report = check(made, lang="fr")
    assert not [one for one in report.findings if one.severity == "error"], kind
    told = [one for one in report.findings if one.working is not None and fr in one.working.say("fr")]
    assert told, [one.working.say("fr") for one in report.findings if one.working]
    for one in told:
        assert one.severity == "note"
        assert one.working is not None
        assert en in one.working.say("en").replace("\u202f", " ")
    assert fr in json.dumps(report.to_json(), ensure_ascii=False)


@pytest.mark.parametrize("seed", range(10))
def test_plain_rounding_is_no_way_of_its_own(seed: int) -> None:
    r = random.Random(seed)
    parts = [r.randint(3_000, 90_000) for _ in range(7)]
    shares = nearest(parts, 1)
    allocations = [
        {"funder": f"Commune {at}", "amount": f"{part} euros", "percentage": f"{n // 10},{n % 10} %"}
        for at, (part, n) in enumerate(zip(parts, shares, strict=True))
    ]
    made = {"reference": "x", "total": f"{sum(parts)} euros", "convention": True, "allocations": allocations}
    assert not [one for one in check(made).findings if one.state == "broken"]
