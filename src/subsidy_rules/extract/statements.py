"""Short statements of one figure a line: « Montant de la subvention : A / Acompte versé : B / Solde à verser : C »."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Balance, Claim, Sum
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Mention
from subsidy_rules.sentences import Piece
from subsidy_rules.series import choose

__all__ = ["claims"]

_LINE: Final = re.compile(
    rf"(?P<label>[a-z\ue004][^{A}:=|]{{1,90}}?)? ?[:=] ?(?P<sign>[-−–+] ?)?(?P<amount>{A})(?![^\n]*{A})"
)
_LONGEST: Final = 160
_MOST: Final = 10
_LEFT: Final = re.compile(
    r"(?<![a-z])(?:soldes?|restes?|restant|reliquat|disponibles?|differences?|ecart|nete?s?|cession|excedent|deficit"
    r"|resultat|economie|a (?:verser|payer|financer|charge)|charge|remaining|balance|left)(?![a-z])"
)
_GIVEN: Final = re.compile(
    r"(?<![a-z])(?:subventions?|montant (?:de la subvention|attribue|vote|accorde|du marche)|aide|credits?|dotation"
    r"|enveloppe|participation|convention|marche|grant|award)(?![a-z])"
)
_TAKEN: Final = re.compile(
    r"(?<![a-z])(?:acomptes?|avances?|deja|versee?s?|payee?s?|mandatee?s?|engagee?s?|consommee?s?|percue?s?|advance"
    r"|paid)(?![a-z])"
)
_STILL: Final = re.compile(r"(?<![a-z])(?:soldes?|reste|restant|reliquat|disponible|remaining|balance)(?![a-z])")
_ADDED: Final = re.compile(
    r"(?<![a-z])(?:revient|cout|montant|assiette|base|budget|cumule?e?|cloture|ensemble|totale?|depenses?|recettes?"
    r"|prix"
    r"|charges?|produits?|resultat|cost|sum)(?![a-z])"
)
_CLOSING: Final = re.compile(r"(?<![a-z])resultat (?:de cloture|cumule|global|d'ensemble|total)(?![a-z])")
_SUB_TOTAL: Final = re.compile(r"[ >*•-]{0,4}(?:sous[- ]?totaux?|sous[- ]?total|sub[- ]?total)(?![a-z])")
_NO_PART: Final = re.compile(
    r"(?<![a-z])(?:dont|pour memoire|sous[- ]total|totaux?|total|reste|solde|plafond|maximum|budget|taux|base"
    r"|rappel)(?![a-z])"
)
_OF_YEARS: Final = re.compile(
    r"(?<![a-z])(?:report[a-z]{0,3}|anterieur[a-z]{0,2}|exercice|n-1|resultat|excedent)(?![a-z])"
)
_LOSS: Final = re.compile(r"(?<![a-z])(?:deficit[a-z]{0,4}|besoin|negatif|reste a realiser|restes a realiser)(?![a-z])")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: its words, its figure, and whether a minus stands before it."""

    piece: Piece
    label: str
    start: int
    at: int
    mention: Mention
    less: bool

    @property
    def value(self) -> Fraction:
        assert self.mention.figure is not None
        return abs(self.mention.figure.fraction)


def claims(act: Act) -> Iterator[Claim]:
    """What the lines of a statement leave, or add up to; its first line, when it is the sum of all the others."""
    for run in _runs(act):
        if len(run) < 3:
            continue
        told: list[set[int]] = []
        for index in range(2, len(run)):
            before, line = run[max(0, index - _MOST) : index], run[index]
            claim = _left(act, before, line, alone=index == 2) or _added(act, before, line, first=len(before) == index)
            if claim is not None:
                told.append({id(figure) for figure in claim.figures()})
                yield claim
        for claim in _announced(act, run):
            if {id(figure) for figure in claim.figures()} not in told:
                yield claim


def _runs(act: Act) -> Iterator[list[_Line]]:
    """Lines of one figure that follow one another."""
    run: list[_Line] = []
    last = -2
    for piece in act.passage.pieces:
        line = _line(piece)
        if line is None or piece.number != last + 1:
            yield run
            run = []
        if line is not None:
            run.append(line)
            last = piece.number
    yield run


def _line(piece: Piece) -> _Line | None:
    text = piece.clip.text
    if piece.kind in ("row", "aside") or len(text) > _LONGEST or text.count(A) != 1:
        return None
    found = _LINE.match(text)
    if found is None:
        return None
    at = found.start("amount")
    mention = piece.clip.mention(at)
    if mention.figure is None or mention.figure.n == 0:
        return None
    less = (found["sign"] or "").strip() in ("-", "−", "–") or mention.figure.n < 0
    return _Line(piece, found["label"] or "", found.start(), at, mention, less)


def _left(act: Act, before: Sequence[_Line], line: _Line, *, alone: bool) -> Claim | None:
    marked = before[-1].less
    if not _LEFT.search(line.label) and not marked:
        return None
    clear = (
        alone
        and _STILL.search(line.label) is not None
        and _GIVEN.search(before[0].label) is not None
        and _TAKEN.search(before[0].label) is None
        and _TAKEN.search(before[1].label) is not None
        and "%" not in line.piece.clip.text
    )
    pairs = [(before[-2], before[-1:])]
    pairs.extend((before[first], before[first + 1 :]) for first in range(len(before) - 1))
    pairs.extend((one, [two]) for one, two in itertools.combinations(before, 2))
    pairs.extend((two, [one]) for one, two in itertools.combinations(before, 2) if not clear)
    values = {id(other): other.value for other in (*before, line)}
    pairs = [
        (start, less)
        for index, (start, less) in enumerate(pairs)
        if (clear and index == 0) or values[id(start)] == values[id(line)] + sum(values[id(other)] for other in less)
    ]
    return choose(
        (
            Balance(
                place=place_of(line.mention),
                cue=act.cue(line.piece.clip, line.start, line.at + 1),
                topic="remainder",
                start=start.mention.figure,
                minus=tuple(other.mention.figure for other in less),
                result=line.mention.figure,
                confidence="medium",
            ),
            clear and index == 0,
        )
        for index, (start, less) in enumerate(pairs)
        if _plain(start, line, *less)
    )


def _plain(*lines: _Line) -> bool:
    """False when a figure is « au moins » or « environ »: nothing is told of what it leaves."""
    return not any(line.mention.figure is None or getattr(line.mention.figure, "qualifier", None) for line in lines)


def _added(act: Act, before: Sequence[_Line], line: _Line, *, first: bool) -> Claim | None:
    """``first``: the lines before are all those of the run."""
    if not _ADDED.search(line.label) or any(other.less for other in before) or not _plain(line, *before):
        return None
    clear = first and (
        (
            len(before) == 2
            and _CLOSING.search(line.label) is not None
            and all(_OF_YEARS.search(other.label) and not _LOSS.search(other.label) for other in before)
        )
        or (
            _SUB_TOTAL.match(line.label) is not None
            and _titled(act, before[0].piece)
            and not any(_NO_PART.search(other.label) for other in before)
        )
    )
    return choose(
        (_sum(act, line, before[start:], "closing"), clear and start == 0) for start in range(len(before) - 1)
    )


def _titled(act: Act, piece: Piece) -> bool:
    """True when a title stands just above: the lines below are all those of its section."""
    return bool(piece.number) and act.passage.pieces[piece.number - 1].kind == "heading"


def _announced(act: Act, run: Sequence[_Line]) -> Iterator[Claim]:
    """« Crédits de paiement : 6 400 000 € », and under it a line for each year: told when it holds."""
    head = run[0]
    left = head.value
    for count, line in enumerate(run[1:], 1):
        left -= line.value
        if line.less or left < 0:
            return
        if left == 0:
            claim = _sum(act, head, run[1 : count + 1], "decomposition")
            if count > 1 and holds(claim):
                yield claim
            return


def _sum(act: Act, total: _Line, parts: Sequence[_Line], topic: str) -> Claim:
    return Sum(
        place=place_of(total.mention),
        cue=act.cue(total.piece.clip, total.start, total.at + 1),
        topic=topic,
        total=total.mention.figure,
        parts=tuple(part.mention.figure for part in parts),
        confidence="medium",
    )
