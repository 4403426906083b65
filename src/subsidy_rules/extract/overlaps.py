"""What two ways of saying tell of the same figures: the one that the words say is kept, chance is left out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from subsidy_rules.claims import AtMost, Average, Balance, Claim, Share, Sum
from subsidy_rules.figures import Amount, Figure
from subsidy_rules.holding import holds

__all__ = ["apart"]

_UNSAID = ("enumeration", "agreement")
_OPEN = ("above", "below", "at_least", "at_most")


def apart(claims: Sequence[Claim], where: Callable[[Figure], Hashable], plain: Callable[[Claim], Claim]) -> list[Claim]:
    """The claims without those that say nothing beside another.

    ``where`` tells figures apart, ``plain`` is a claim with its amounts taken as printed. An advance that is a share
    of the subsidy is no more than it; what is left of a total is the last of the parts that make it; a total of
    subtotals is told of these; « jusqu'à A » makes no sum.
    """
    sums = [claim for claim in claims if isinstance(claim, Sum) and claim.total is not None and holds(claim)]
    rated = {where(claim.part) for claim in claims if isinstance(claim, Share) and claim.part and holds(claim)}
    made = {
        (frozenset(where(part) for part in claim.parts if part is not None), claim.total.fraction)
        for claim in sums
        if claim.total is not None and claim.topic not in _UNSAID
    }
    out: list[Claim] = []
    for claim in claims:
        if isinstance(claim, AtMost) and claim.topic == "advance" and claim.value and where(claim.value) in rated:
            continue
        if isinstance(claim, Balance) and claim.topic in ("remainder", "agreement") and claim.start and claim.result:
            own = frozenset(where(figure) for figure in (*claim.minus, claim.result) if figure is not None)
            if (own, claim.start.fraction) in made:
                continue
        if isinstance(claim, Sum | Balance | Average) and _by_openness(claim, plain):
            continue
        out.append(_of_subtotals(claim, sums, where))
    return out


def _by_openness(claim: Claim, plain: Callable[[Claim], Claim]) -> bool:
    """True for what holds only because « jusqu'à A » may be anything below."""
    if not any(isinstance(figure, Amount) and figure.qualifier in _OPEN for figure in claim.figures()):
        return False
    return holds(claim) and not holds(plain(claim))


def _of_subtotals(claim: Claim, sums: Sequence[Sum], where: Callable[[Figure], Hashable]) -> Claim:
    """« A, B et C, soit S d'aides. Le solde » is what S leaves; « … S. S'y ajoute D. Total » is what S and D make."""
    if isinstance(claim, Balance) and claim.topic in ("remainder", "agreement"):
        figures, after = claim.minus, claim.result
    elif isinstance(claim, Sum) and claim.topic in _UNSAID and holds(claim):
        figures, after = claim.parts, claim.total
    else:
        return claim
    if after is None or after.place is None or len(figures) < 2 or len(sums) > _MOST:
        return claim
    own = {where(figure): figure for figure in figures if figure is not None}
    for other in sums:
        total = other.total
        inner = {where(part) for part in other.parts if part is not None}
        if total is None or total.place is None or other is claim or len(inner) < 2 or not inner <= own.keys():
            continue
        if where(total) in own or total.place.sort_key >= after.place.sort_key:
            continue
        rest = tuple(figure for spot, figure in own.items() if spot not in inner)
        if isinstance(claim, Balance):
            return replace(claim, minus=(total, *rest))
        return replace(claim, parts=(total, *rest)) if rest else claim
    return claim


_MOST = 200
"""Sums among which a subtotal is looked for."""
