"""The state of a claim, without its working: for those who only ask, and ask of many.

Looking for the base of a rate, or for the parts of a total, means asking the same of hundreds of figures that have
mostly nothing to do with one another. Sums and shares of exact figures are decided here by whole numbers; everything
else is handed to ``judge``, whose states these are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from subsidy_rules.claims import Claim, Share, State, Sum, judge
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.place import Place

__all__ = ["holds", "share_holds", "state_of"]

_NOWHERE: Final = Place()


def holds(claim: Claim) -> bool:
    """``judge(claim).state == "holds"``."""
    return state_of(claim) == "holds"


def state_of(claim: Claim) -> State:
    """``judge(claim).state``."""
    state = None
    if isinstance(claim, Share):
        if claim.stated is not None and claim.part is not None and claim.whole is not None:
            state = _share(claim.stated, claim.part, claim.whole)
    elif isinstance(claim, Sum) and claim.total is not None and claim.parts:
        parts = [part for part in claim.parts if part is not None]
        if len(parts) == len(claim.parts):
            state = _sum(claim.total, parts, claim.absolute)
    if state is None or claim.doubt is not None:
        return judge(claim).state
    return state


def share_holds(stated: Percentage, part: Figure, whole: Figure) -> bool:
    """True when the claim that ``part`` is ``stated`` per cent of ``whole`` holds."""
    if stated.qualifier is not None or not part.is_exact or not whole.is_exact:
        return judge(Share(place=_NOWHERE, stated=stated, part=part, whole=whole)).state == "holds"
    return whole.n > 0 and _agrees(stated, part, whole) and _compared("holds", (part, whole)) == "holds"


def _agrees(stated: Percentage, part: Figure, whole: Figure) -> bool:
    """|100·part - rate·whole| <= unit·whole / 2, for exact figures and a whole above zero."""
    # All of it twice, and times ten to the decimals of the three.
    power = stated.exponent - stated.decimals
    base: int = whole.n * 10**part.decimals
    share: int = 200 * part.n * 10**whole.decimals
    if power > 0:
        base *= 10**power
    else:
        share *= 10**-power
    return -base <= share - 2 * stated.n * base <= base


def _share(stated: Percentage, part: Figure, whole: Figure) -> State | None:
    """The state when it can be told by whole numbers, else ``None``."""
    if stated.qualifier is not None or not part.is_exact or not whole.is_exact:
        return None
    if whole.n <= 0:
        return "unknown"
    return _compared("holds" if _agrees(stated, part, whole) else "broken", (part, whole))


def _sum(total: Figure, parts: Sequence[Figure], absolute: bool) -> State | None:
    if not total.is_exact or not all(part.is_exact for part in parts):
        return None
    places = max(total.decimals, *(part.decimals for part in parts))
    printed = sum(part.n * 10 ** (places - part.decimals) for part in parts)
    whole = total.n * 10 ** (places - total.decimals)
    # Reductions may be totalled without their sign.
    equal = printed == whole or (absolute and printed == -whole)
    return _compared("holds" if equal else "broken", (total, *parts))


def _compared(state: State, figures: Sequence[Figure]) -> State:
    """The state once it is known whether the figures can be compared: another currency, before and after tax."""
    amounts = [figure for figure in figures if isinstance(figure, Amount)]
    if len({amount.currency for amount in amounts} - {None}) > 1:
        return "unknown"
    if state == "broken" and len({amount.tax for amount in amounts} - {None}) > 1:
        return "unknown"
    return state
