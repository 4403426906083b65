"""What is said of a list once its sum is known: « ces quatre bourses », « soit trois versements égaux », and the total
of a plan beside the cost that the act told before it.

The list is known by its sum, which holds: its parts are then as many as the figures that made it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Equal, Listing, Sum
from subsidy_rules.figures import Figure
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Mention, N
from subsidy_rules.sentences import Sentence

__all__ = ["claims"]

_POINTING: Final = re.compile(
    rf"(?<![a-z])(?P<words>ces|lesdit(?:e)?s|soit|these)"
    rf" (?P<count>{N}) (?:(?:nouvelles|nouveaux|petites|premiere?s|autres) )?(?P<noun>[a-z][a-z-]{{3,20}}[sx])(?![a-z])"
)
_MEASURES: Final = re.compile(
    r"(?:ans|annees|mois|jours|semaines|heures|points|euros|francs|fois|pages|articles|exemplaires|voix|habitants|membres"
    r"|eleves|agents|personnes|salaries|conseillers|elus|votants|years|months|days|euros)\Z"
)
_TWOFOLD: Final = re.compile(r"(?<![a-z])(?:et|and|ainsi que|chacun[a-z]{0,2}|each|x|deux|trois|dont)(?![a-z])|[&×+/]")
"""Words by which one line of a list may hold several things."""
_COST: Final = re.compile(
    rf"(?<![a-z])(?:couts?|operation|projet|travaux|depenses?|montant|marches?|budget|devis|estime[a-z]{{0,3}}|evalue"
    rf"[a-z]{{0,3}}|chiffre[a-z]{{0,3}}|h\.?t\.?|cost)(?![a-z])[^;]{{0,120}}{A}|{A} ?(?:h\.?t|ttc|hors tax)"
)
_PLAN_TOPICS: Final = frozenset(("table", "closing", "labels", "running", "group"))
_NEAR: Final = 3
_MOST: Final = 40


def claims(act: Act, found: Sequence[Claim]) -> Iterator[Claim]:
    """The numbers of things in lists that add up, and the totals told again. ``found``: what is claimed so far."""
    sums = [claim for claim in found if isinstance(claim, Sum) and claim.total is not None and holds(claim)]
    if not sums:
        return
    sentences = list(act.sentences())
    starts = [sentence.clip.origin(sentence.start) for sentence in sentences]
    spots: dict[int, Mention] = {id(m.figure): m for m in act.passage.mentions.items if m.figure is not None}
    told: set[int] = set()
    for claim in sums:
        members = [spots.get(id(part)) for part in claim.parts if part is not None]
        total = spots.get(id(claim.total))
        if total is None or any(member is None for member in members) or not 2 <= len(members) <= _MOST:
            continue
        places = [member.start for member in members if member is not None]
        if claim.topic in ("table", "row", "group", "tax", "roles", "agreement"):
            continue
        last = bisect_right(starts, max(*places, total.start)) - 1
        first = bisect_right(starts, total.start) - 1
        for sentence in dict.fromkeys((sentences[first], *sentences[last : last + 2])):
            listing = _counted(act, sentence, len(members), _told_apart(act, places, total, sentence))
            if listing is not None and id(listing.stated) not in told:
                told.add(id(listing.stated))
                yield listing
    yield from _told_before(act, found, sums, spots, sentences, starts)


def _told_apart(act: Act, places: Sequence[int], total: Mention, sentence: Sentence) -> bool:
    """True when the sentence gives the total of the parts just before it, each of one thing."""
    low, high = min(places), max(places)
    if not sentence.clip.origin(sentence.start) <= total.start <= sentence.clip.span(sentence.start, sentence.end)[1]:
        return False
    label = max(0, low - _LABEL)
    return high < total.start and _TWOFOLD.search(act.passage.folded, label, high) is None


_LABEL: Final = 40


def _counted(act: Act, sentence: Sentence, count: int, apart: bool) -> Listing | None:
    if N not in sentence.text:
        return None
    for hit in _POINTING.finditer(sentence.clip.text, sentence.start, sentence.end):
        stated = sentence.clip.mention(hit.start("count"))
        if _MEASURES.match(hit["noun"]) or stated.figure is None or stated.figure.qualifier:
            continue
        if stated.figure.fraction == count or (
            hit["words"] in ("ces", "these") and apart and stated.figure.fraction >= 2
        ):
            return Listing(
                place=place_of(stated),
                cue=act.cue(sentence.clip, hit.start("count"), hit.end("noun")),
                topic="list",
                stated=stated.figure,
                listed=count,
                confidence="medium",
            )
    return None


def _told_before(
    act: Act,
    found: Sequence[Claim],
    sums: Sequence[Sum],
    spots: dict[int, Mention],
    sentences: Sequence[Sentence],
    starts: Sequence[int],
) -> Iterator[Claim]:
    """« L'opération est estimée à A HT. … Total : A »: the plan closes on the cost told before it, or after it."""
    tied = {
        id(figure) for claim in found if isinstance(claim, Equal) for figure in claim.figures() if figure is not None
    }
    announced = {id(claim.total) for claim in found if isinstance(claim, Sum) and claim.topic not in _PLAN_TOPICS}
    done: set[int] = set()
    for claim in sums:
        total = claim.total
        if claim.topic not in _PLAN_TOPICS or total is None or id(total) in tied or id(total) in done:
            continue
        spot = spots.get(id(total))
        parts = [spots.get(id(part)) for part in claim.parts if part is not None]
        if spot is None or any(part is None for part in parts) or not total.is_exact:
            continue
        low = min(part.start for part in parts if part is not None)
        high = max(spot.start, *(part.start for part in parts if part is not None))
        before = bisect_right(starts, low) - 1
        after = bisect_right(starts, high)
        near = [*reversed(sentences[max(0, before - _NEAR) : before]), *sentences[after : after + 1]]
        for sentence in near:
            again = _same(sentence, total, tied | announced)
            if again is None or sentence.piece.kind == "row":
                continue
            done.add(id(total))
            one, two = (again, spot) if again.start < spot.start else (spot, again)
            yield Equal(
                place=place_of(two),
                cue=act.passage.mentions.written(two.start, two.end),
                topic="total",
                first=one.figure,
                again=two.figure,
                confidence="medium",
            )
            break


def _same(sentence: Sentence, total: Figure, tied: set[int]) -> Mention | None:
    """The one amount of a sentence about a cost that is the same as a total."""
    if A not in sentence.text or _COST.search(sentence.text) is None:
        return None
    same = [
        m
        for _, m in sentence.exact()
        if m.figure is not None and id(m.figure) not in tied and m.figure.fraction == total.fraction
    ]
    return same[0] if len(same) == 1 else None
