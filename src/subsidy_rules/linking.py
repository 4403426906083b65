"""From the claims of a document to one system: each printed figure once, each claim a relation between them.

Two claims speak of the same figure when they hold it at the same place; figures without a place (a record built in a
program) are the same when they are the same object. Claims that could not be read whole make no relation: absent is
not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from subsidy_rules.bounds import Bounds
from subsidy_rules.claims import (
    AtMost,
    Average,
    Balance,
    Change,
    Claim,
    Equal,
    Listing,
    Share,
    SharesTotal,
    Sum,
    Taxed,
)
from subsidy_rules.diagnosis.relations import (
    Relation,
    System,
    at_most,
    average,
    balance,
    change,
    equal,
    percentage,
    shares_total,
    sum_of,
    tax,
)
from subsidy_rules.figures import Figure
from subsidy_rules.frozen import dataclass
from subsidy_rules.rounding import Mode

__all__ = ["Linked", "link"]


@dataclass(frozen=True, slots=True)
class Linked:
    """A system made of claims. ``claim_of`` gives, for each relation, the number of the claim it comes from."""

    system: System
    claim_of: tuple[int, ...]


def link(claims: Sequence[Claim]) -> Linked:
    """The system that ``claims`` make; claims with a figure that could not be read, or with a doubt, are left out."""
    names: dict[object, str] = {}
    figures: dict[str, Figure] = {}
    modes: dict[str, Mode] = {}

    def name(figure: Figure) -> str:
        # A figure stands at its place; without one, it is the object that two claims share.
        key: object = id(figure) if figure.place is None else (figure.place.sort_key, figure.n, figure.decimals)
        known = names.get(key)
        if known is None:
            known = f"f{len(names) + 1}"
            names[key] = known
            figures[known] = figure
        return known

    relations: list[Relation] = []
    claim_of: list[int] = []
    for number, claim in enumerate(claims):
        relation = None if claim.doubt is not None else _relation(claim, name, modes)
        if relation is not None:
            relations.append(relation)
            claim_of.append(number)
    return Linked(System(figures, tuple(relations), modes=modes), tuple(claim_of))


def _relation(claim: Claim, name: Callable[[Figure], str], modes: dict[str, Mode]) -> Relation | None:
    match claim:
        case Sum(total=Figure() as total, parts=parts) if _all_read(parts):
            read = [part for part in parts if part is not None]
            shown = sum((part.fraction for part in read), Fraction(0))
            # Reductions are totalled without their sign.
            sign = -1 if claim.absolute and shown < 0 < total.n else 1
            return sum_of(name(total), [name(part) for part in read], weights=[sign] * len(read))
        case Share(stated=Figure() as stated, part=Figure() as part, whole=Figure() as whole):
            return percentage(name(stated), name(part), name(whole))
        case AtMost(limit=Figure() as limit) if _all_read(claim.parts or (claim.value,)):
            values = [value for value in (claim.parts or (claim.value,)) if value is not None]
            return at_most([name(value) for value in values], name(limit), strict=claim.strict)
        case Equal(first=Figure() as first, again=Figure() as again):
            return equal(name(first), name(again))
        case Listing(stated=Figure() as stated, listed=int() as listed):
            one = name(stated)
            return Relation(((one, Fraction(1)),), Bounds.point(listed), text=f"{one} = {listed}", kind="count")
        case Taxed(net=Figure() as net, rate=Figure() as rate, gross=Figure() as gross):
            modes[name(rate)] = "exact"
            return tax(name(net), name(rate), name(gross))
        case Change(start=Figure() as start, end=Figure() as end, stated=Figure() as stated):
            return change(name(start), name(end), name(stated), falling=claim.falling and stated.n > 0)
        case SharesTotal(percents=percents) if _all_read(percents):
            return shares_total([name(percent) for percent in percents if percent is not None], claim.whole)
        case Balance(start=Figure() as start, minus=minus, result=Figure() as result) if _all_read(minus):
            return balance(name(start), [name(item) for item in minus if item is not None], name(result))
        case Average(total=Figure() as total, count=Figure() as count, stated=Figure() as stated):
            relation = average(name(total), name(count), name(stated))
            room = _rounding_of_average(stated) * abs(count.fraction)
            return replace(relation, bounds=Bounds(-room, room))
        case _:
            return None


def _all_read(figures: Sequence[Figure | None]) -> bool:
    return bool(figures) and all(figure is not None for figure in figures)


def _rounding_of_average(stated: Figure) -> Fraction:
    """Half the worth of the last digit that is not zero: an average may be printed to ten or to a hundred euros."""
    if not stated.is_exact:
        return Fraction(0)
    n, unit = stated.n, stated.unit
    while n and n % 10 == 0:
        n, unit = n // 10, unit * 10
    return unit / 2
