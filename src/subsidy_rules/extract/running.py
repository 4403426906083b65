"""A plan in running text: « Dépenses : études 12 000 ; travaux 146 000 ; total 158 000. », its rates in brackets, and
the two sides that close, one paragraph after the other or one sentence after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Equal, Share, SharesTotal, Sum
from subsidy_rules.figures import Percentage
from subsidy_rules.holding import holds
from subsidy_rules.ledgers import Side, side_of
from subsidy_rules.mentions import A, Mention, N, P
from subsidy_rules.sentences import Piece

__all__ = ["claims"]

_ENTRY: Final = re.compile(
    rf"(?P<label>(?:[^{A}{N}{P};:=]|{N}(?= ?[a-z])){{2,70}}?)(?: ?[:=])? ?(?P<figure>{A}|{N}(?! ?[a-z]))"
    rf"(?: ?(?:h\.?t\.?|t\.?t\.?c\.?)(?![a-z]))?"
    rf"(?: ?[(,] ?(?:soit )?(?P<rate>{P})(?: (?:du total|du cout|de l'ensemble))? ?\)?)?"
    rf"(?P<mark> ?[;,+.](?![^ ])| et(?= )| ?\Z)[ ]?"
)
_HEAD: Final = re.compile(rf"(?P<head>[^{A}{N}{P}.;:]{{2,80}}?) ?: ")
_TOTAL: Final = re.compile(
    r"(?:soit |et |pour |= ?)?(?:un |le |en |au |d'un )?(?:montant |cout )?(?:total(?:e)?|ensemble)(?: general| des"
    r" (?:depenses|recettes|charges|produits|ressources|emplois)| de)?(?: ?(?:ht|ttc))? ?\Z|soit,? ?\Z"
)
_NO_PART: Final = re.compile(
    r"(?<![a-z])(?:dont|y compris|pour memoire|rappel|reste|solde|plafond|maximum|contre|au lieu|sous[- ]total"
    r"|a deduire|moins|deficit|of which|votes?|voix|abstentions?)(?![a-z])"
)
_PLAN: Final = re.compile(
    r"(?<![a-z])(?:plan(?:s)? (?:previsionnel )?de financement|budget previsionnel|equilibr[a-z]{1,3}"
    r"|financing plan)(?![a-z])"
)
_LONGEST: Final = 1_200
_MOST: Final = 24


@dataclass(frozen=True, slots=True)
class _Part:
    """One entry of a plan: its label, its figure, and the rate in brackets behind it."""

    label: str
    figure: Mention
    rate: Mention | None
    at: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """Entries that follow one another, and their total. ``whole``: they begin where their paragraph or head does."""

    piece: Piece
    side: Side | None
    parts: tuple[_Part, ...]
    total: _Part
    whole: bool


def claims(act: Act) -> Iterator[Claim]:
    """Totals of entries that marks keep apart in one paragraph, the rates of the entries, and sides that close."""
    last: _Plan | None = None
    for piece in act.passage.pieces:
        if piece.kind in ("row", "aside") or len(piece.clip.text) > _LONGEST:
            continue
        if sum(m.kind in ("amount", "number") for m in piece.clip.mentions) < 3:
            continue
        for plan in _plans(piece):
            yield from _told(act, plan)
            if (
                last is not None
                and {last.side, plan.side} == {"in", "out"}
                and plan.piece.number - last.piece.number < 3
            ):
                yield from _closed(act, last, plan)
            last = plan


def _plans(piece: Piece) -> Iterator[_Plan]:
    text = piece.clip.text
    for sentence in _starts(piece):
        head = _HEAD.match(text, sentence)
        at = head.end() if head is not None else sentence
        parts: list[_Part] = []
        while len(parts) < _MOST:
            found = _ENTRY.match(text, at)
            if found is None:
                break
            mention = piece.clip.mention(found.start("figure"))
            rate = piece.clip.mention(found.start("rate")) if found["rate"] else None
            part = _Part(found["label"].strip(" ,-"), mention, rate, at)
            at = found.end()
            if len(parts) > 1 and _TOTAL.match(part.label):
                kinds = {other.figure.kind for other in (*parts, part)}
                if len(kinds) == 1:
                    side = side_of(head["head"] if head is not None else part.label)
                    yield _Plan(piece, side, tuple(parts), part, head is not None or sentence == 0)
                break
            if _TOTAL.match(part.label) or found["mark"].strip() == ".":
                break
            parts.append(part)


def _starts(piece: Piece) -> Iterator[int]:
    """Where a plan may begin: at the piece's beginning, and after each full stop."""
    yield 0
    for sentence in piece.sentences[1:]:
        before = piece.clip.text[: sentence.start].rstrip()
        if not before.endswith(";"):
            yield sentence.start


def _told(act: Act, plan: _Plan) -> Iterator[Claim]:
    clip, total = plan.piece.clip, plan.total
    cue = act.cue(clip, total.at, min(len(clip.text), total.at + len(total.label) + 4))
    claim = Sum(
        place=place_of(total.figure),
        cue=cue,
        topic="running",
        total=total.figure.figure,
        parts=tuple(part.figure.figure for part in plan.parts),
        confidence="medium",
    )
    named = not any(_NO_PART.search(part.label) for part in plan.parts) and "total" in total.label
    if holds(claim) or (named and plan.whole):
        yield claim
    rated = [part for part in plan.parts if part.rate is not None and isinstance(part.rate.figure, Percentage)]
    shares = [
        Share(
            place=place_of(part.rate),
            cue=act.cue(clip, part.at, min(len(clip.text), part.at + len(part.label) + 2)),
            topic="running",
            stated=part.rate.figure,
            part=part.figure.figure,
            whole=total.figure.figure,
            confidence="medium",
        )
        for part in rated
        if part.rate is not None and isinstance(part.rate.figure, Percentage)
    ]
    holding = sum(map(holds, shares))
    if holding > 1 and holding * 2 > len(shares):
        yield from shares
    hundred = total.rate is not None and total.rate.figure is not None and total.rate.figure.fraction == 100
    if hundred and len(rated) == len(plan.parts) and holding * 2 > len(shares):
        yield SharesTotal(
            place=place_of(total.figure),
            cue=cue,
            topic="running",
            percents=tuple(share.stated for share in shares),
            computed=True,
            confidence="medium",
        )


def _closed(act: Act, one: _Plan, two: _Plan) -> Iterator[Claim]:
    """Spending and what pays for it: their totals are one."""
    if one.total.figure.kind != two.total.figure.kind:
        return
    claim = Equal(
        place=place_of(two.total.figure),
        cue=act.cue(two.piece.clip, two.total.at, two.total.at + len(two.total.label) + 2),
        topic="balance",
        first=one.total.figure.figure,
        again=two.total.figure.figure,
        confidence="medium",
    )
    titles = " ".join(piece.clip.text for piece in act.before(one.piece, 2))
    if holds(claim) or _PLAN.search(titles):
        yield claim
