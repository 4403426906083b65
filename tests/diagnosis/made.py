"""Records made for the tests: three systems of sums with known truths, and slips planted in them.

Nothing here shares code with the diagnosis: a slip works on the digits of the true number, forwards.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

Record = dict[str, int]


@dataclass(frozen=True)
class Made:
    """A kind of record: its relations, the figures that are not negative, and how a true one is drawn."""

    relations: tuple[str, ...]
    nonnegative: tuple[str, ...]
    draw: Callable[[random.Random], Record]


def _one_sum(r: random.Random) -> Record:
    a, b = r.randint(1_000, 90_000), r.randint(1_000, 90_000)
    return {"a": a, "b": b, "t": a + b}


def _accounts(r: random.Random) -> Record:
    x: Record = {"x1": r.randint(100, 9_000), "x2": r.randint(100, 900)}
    x["x3"] = x["x1"] + x["x2"]
    x["x4"] = x["x2"]
    for name in ("x5", "x6", "x7"):
        x[name] = r.randint(10, 900)
    x["x8"] = x["x5"] + x["x6"] + x["x7"]
    x["x9"] = x["x3"] + x["x8"]
    x["x10"] = r.randint(10, x["x9"] - 1)
    x["x11"] = x["x9"] - x["x10"]
    return x


def _budget(r: random.Random) -> Record:
    x = {name: r.randint(500, 60_000) for name in ("f1", "f2", "f3", "i1", "i2", "i3")}
    x["fonc"] = x["f1"] + x["f2"] + x["f3"]
    x["inv"] = x["i1"] + x["i2"] + x["i3"]
    x["tot"] = x["fonc"] + x["inv"]
    x["solde"] = r.randint(1_000, 50_000)
    x["enveloppe"] = x["tot"] + x["solde"]
    return x


SYSTEMS: Final[dict[str, Made]] = {
    "S1": Made(("a + b = t",), ("a", "b"), _one_sum),
    "S2": Made(
        ("x1 + x2 = x3", "x2 = x4", "x5 + x6 + x7 = x8", "x3 + x8 = x9", "x9 - x10 = x11"),
        (),
        _accounts,
    ),
    "S3": Made(
        ("f1 + f2 + f3 = fonc", "i1 + i2 + i3 = inv", "fonc + inv = tot", "tot + solde = enveloppe"),
        ("f1", "f2", "f3", "i1", "i2", "i3"),
        _budget,
    ),
}


def slipped(number: int, r: random.Random) -> int:
    """``number`` with one typing slip in it, of one of the four published kinds, each as likely."""
    while True:
        digits = str(number)
        at = r.randrange(len(digits))
        match r.choice(("replaced", "interchanged", "added", "omitted")):
            case "replaced":
                typed = digits[:at] + r.choice("0123456789") + digits[at + 1 :]
            case "interchanged":
                typed = digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :]
            case "added":
                at = r.randrange(len(digits) + 1)
                typed = digits[:at] + r.choice("0123456789") + digits[at:]
            case _:
                typed = digits[:at] + digits[at + 1 :]
        if typed and int(typed) != number:
            return int(typed)


def consistent(name: str, record: Mapping[str, int]) -> bool:
    """True when every sum of the system holds."""
    x = record
    match name:
        case "S1":
            return x["a"] + x["b"] == x["t"]
        case "S2":
            return (
                x["x1"] + x["x2"] == x["x3"]
                and x["x2"] == x["x4"]
                and x["x5"] + x["x6"] + x["x7"] == x["x8"]
                and x["x3"] + x["x8"] == x["x9"]
                and x["x9"] - x["x10"] == x["x11"]
            )
        case _:
            return (
                x["f1"] + x["f2"] + x["f3"] == x["fonc"]
                and x["i1"] + x["i2"] + x["i3"] == x["inv"]
                and x["fonc"] + x["inv"] == x["tot"]
                and x["tot"] + x["solde"] == x["enveloppe"]
            )


def records(seed: int, each: int, slips: int) -> Iterator[tuple[str, Record, Record]]:
    """``each`` records of each system: its name, the truth, and what is printed with so many figures mistyped."""
    r = random.Random(seed)
    for name, made in SYSTEMS.items():
        for _ in range(each):
            while True:
                truth = made.draw(r)
                shown = dict(truth)
                for figure in r.sample(list(truth), slips):
                    shown[figure] = slipped(truth[figure], r)
                if not consistent(name, shown):
                    break
            yield name, truth, shown
