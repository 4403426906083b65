"""Shares told side by side, each after its amount: what is true of the others of one of them.

« Coût : 120 000 €, dont Ville 24 000 € (30 %) et Région 96 000 € (80 %) »: the amounts make up the cost, the second
share is of the cost, so the first is meant to be too. Only a list that closes to the cent, in which all other shares
hold, says so much of the one that does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Share, Sum, judge
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.mentions import Mention, P
from subsidy_rules.sentences import Sentence

__all__ = ["claims"]

_ITS_RATE: Final = re.compile(
    r"(?: (?:ht|ttc|net))?(?:,? ?\((?:soit )?|,? soit |, | ?: ?| - | ?= ?)(?:environ |pres de )?"
    rf"(?P<rate>{P})(?= ?(?:[);,.:]|et (?:la|le|les|l'|un|une) ?|\Z))"
)
"""The rate of the amount before it. One that goes on (« 20 % de plus », « 20 % versés à la signature ») is not."""
_MOST: Final = 12


def claims(act: Act, found: Sequence[Claim], rated: Collection[int]) -> Iterator[Claim]:
    """The shares that break ranks in lists whose amounts make up a total. ``rated``: the rates already tied, by id."""
    sums = [
        claim
        for claim in found
        if isinstance(claim, Sum)
        and claim.total is not None
        and 2 <= len(claim.parts) <= _MOST
        and judge(claim).state == "holds"
    ]
    if not sums:
        return
    where = {
        id(m.figure): (sentence, at)
        for sentence in act.sentences()
        if P in sentence.text
        for at, m in sentence.money()
        if m.figure is not None
    }
    told: set[int] = set()
    for claim in sums:
        total = claim.total
        pairs = [(part, rate) for part in claim.parts if part is not None for rate in _rate_of(part, where)]
        if total is None or len(pairs) < 2 or len(pairs) != len(claim.parts):
            continue
        shares = [_share(act, part, rate, total) for part, rate in pairs]
        holding = [judge(share).state == "holds" for share in shares]
        if holding.count(False) != 1 or holding.count(True) < 1:
            continue
        part, rate = pairs[holding.index(False)]
        if id(rate.figure) in rated or id(rate.figure) in told or _of_another(act, part, rate, where):
            continue
        told.add(id(rate.figure))
        yield shares[holding.index(False)]


def _rate_of(part: Figure, where: dict[int, tuple[Sentence, int]]) -> Iterator[Mention]:
    spot = where.get(id(part))
    if spot is None:
        return
    sentence, at = spot
    found = _ITS_RATE.match(sentence.clip.text, at + 1, sentence.end)
    if found is not None:
        rate = sentence.clip.mention(found.start("rate"))
        if isinstance(rate.figure, Percentage) and rate.figure.n > 0 and not rate.repaired:
            yield rate


def _share(act: Act, part: Figure, rate: Mention, total: Figure) -> Share:
    assert isinstance(rate.figure, Percentage)
    return Share(
        place=place_of(rate),
        cue=act.passage.mentions.written(rate.start, rate.end),
        topic="siblings",
        stated=rate.figure,
        part=part,
        whole=total,
        confidence="medium",
    )


def _of_another(act: Act, part: Figure, rate: Mention, where: dict[int, tuple[Sentence, int]]) -> bool:
    """True when some amount around makes the rate true: it may be the base, or the part, of this one."""
    sentence, _ = where[id(part)]
    around = [m for _, m in sentence.money() if m.figure is not None]
    for other in act.sentences_before(sentence, 2):
        around.extend(m for _, m in other.money() if m.figure is not None)
    for other in sentence.piece.sentences[sentence.number + 1 : sentence.number + 2]:
        around.extend(m for _, m in other.money() if m.figure is not None)
    return any(m.figure is not None and judge(_share(act, part, rate, m.figure)).state == "holds" for m in around[:40])
