"""Lists whose lines say the same few things, totalled together: « alimentation : 63 aides, 5 040 € … Total : 94 aides,
10 500 € »; and cards, the same labels again and again, totalled at the end label by label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Sum
from subsidy_rules.folding import stem
from subsidy_rules.holding import holds
from subsidy_rules.mentions import A, Mention, N
from subsidy_rules.patterns import before_marks
from subsidy_rules.sentences import Piece
from subsidy_rules.series import CUT, SECONDARY, choose

__all__ = ["claims"]

_TOTAL: Final = re.compile(
    r"(?:soit |pour |donc )?(?:un |le |au |a |en )?(?:montant )?"
    r"(?:total(?:e|es)?|totaux|ensemble|cumul|tout)(?![a-z])|soit(?![a-z])"
)
_UNIT: Final = re.compile(r" ?(?P<noun>[a-z][a-z'-]{1,24})")
_WORD: Final = re.compile(r"[a-z][a-z'-]{3,24}")
_DULL: Final = frozenset(
    ["total", "totale", "totaux", "montant", "pour", "dont", "avec", "soit", "ensemble", "somme", "cumul", "des", "les"]
)
_LONGEST: Final = 240
_MOST: Final = 6
"""Figures of one line."""
_ROWS: Final = 60


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure of a line, with the thing it counts (« 63 aides ») and the words before it (« coût »)."""

    at: int
    mention: Mention
    unit: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Row:
    piece: Piece
    figures: tuple[_Figure, ...]

    @property
    def shape(self) -> tuple[tuple[str, str], ...]:
        return tuple((figure.mention.kind, figure.unit) for figure in self.figures)


def _row(piece: Piece) -> _Row | None:
    """The figures of a short line that adds nothing to itself; rates and dates are left aside."""
    text = piece.clip.text
    if piece.kind in ("row", "aside") or len(text) > _LONGEST or not (A in text or N in text):
        return None
    figures: list[_Figure] = []
    last = 0
    for at, mention in zip(piece.clip.positions, piece.clip.mentions, strict=True):
        if mention.kind not in ("amount", "number") or mention.figure is None:
            continue
        if mention.kind == "number" and not mention.figure.text[:1].isdigit():
            continue  # « Harmonie des Deux Rives »
        unit = ""
        if mention.kind == "number":
            found = _UNIT.match(text, at + 1)
            if found is None:
                if len(figures) == 0:
                    continue  # a number in the name: « Lot 1 », « Trail 41 »
                return None
            unit = stem(found["noun"])
        words = frozenset(stem(word) for word in _WORD.findall(text[last:at])) - _DULL
        figures.append(_Figure(at, mention, unit, words))
        last = at + 1
    return _Row(piece, tuple(figures)) if 0 < len(figures) <= _MOST else None


def claims(act: Act) -> Iterator[Claim]:
    """The totals of every figure that the lines of a list have in common."""
    run: list[_Row] = []
    for piece in act.passage.pieces:
        row = _row(piece)
        if run and len(run) > 1 and _TOTAL.match(piece.clip.text) and row is not None:
            if not any(CUT.search(item.piece.clip.text) for item in run):
                yield from _totals(act, run, row)
            run = []
            continue
        if row is None:
            run = []
        elif run and (row.shape != run[0].shape or row.piece.kind != run[0].piece.kind or len(run) > _ROWS):
            run = [row]
        else:
            run.append(row)
    yield from _cards(act)


def _totals(act: Act, run: Sequence[_Row], total: _Row) -> Iterator[Claim]:
    shape = run[0].shape
    if len(shape) < 2 and shape[0][0] == "amount":
        return  # lists of one amount a line are read elsewhere
    same = total.shape == shape
    for index, figure in enumerate(total.figures):
        found = _matching(run, index, figure, same)
        # « 95 bénéficiaires et 142 500 € sur les 150 000 € ouverts »: a figure more than the lines have is no total.
        alone = sum(other.mention.kind == figure.mention.kind for other in total.figures) == sum(
            other.mention.kind == figure.mention.kind for other in run[0].figures
        )
        readings = [
            (
                _sum(act, total, figure, [row.figures[place] for row in run]),
                alone and len(found) == 1 and _clear(run, place),
            )
            for place in found
        ]
        chosen = choose(readings)
        if chosen is not None:
            yield chosen


def _matching(run: Sequence[_Row], index: int, figure: _Figure, same: bool) -> list[int]:
    """The places, in the lines, of what a figure of the total may add: by its rank, its unit or its words."""
    first = run[0]
    alike = [
        place
        for place, other in enumerate(first.figures)
        if other.mention.kind == figure.mention.kind and other.unit == figure.unit
    ]
    if len(alike) > 1:
        named = [
            place for place in alike if figure.words and all(figure.words & row.figures[place].words for row in run)
        ]
        if len(named) == 1:
            return named
        return [index, *(place for place in alike if place != index)] if same else alike
    return alike


def _clear(run: Sequence[_Row], place: int) -> bool:
    """False where the figures may be prices, another year's or parts of others."""
    return not any(
        SECONDARY.search(row.piece.clip.text, max(0, row.figures[place].at - 80), row.figures[place].at) for row in run
    ) and all(_PER.match(row.piece.clip.text, row.figures[place].at + 1) is None for row in run)


_PER: Final = re.compile(r" ?(?:par|/|l'unite|chacune?|piece|ans?(?![a-z])|mois|annees?|jours?|heures?|h(?![a-z])|%)")


def _sum(act: Act, total: _Row, figure: _Figure, parts: Sequence[_Figure]) -> Claim:
    clip = total.piece.clip
    unit = _UNIT.match(clip.text, figure.at + 1) if figure.unit else None
    return Sum(
        place=place_of(figure.mention),
        cue=act.cue(clip, 0, unit.end() if unit else figure.at + 1),
        topic="parallel",
        total=figure.mention.figure,
        parts=tuple(part.mention.figure for part in parts),
        confidence="medium",
    )


# -- cards ----------------------------------------------------------------------------------------------------------

_FIELD: Final = re.compile(rf"[ -]{{0,3}}(?P<label>[a-z][^{A}{N}:=|]{{1,60}}?) ?[:=] ?(?P<figure>[{A}{N}])")
_FILLED: Final = re.compile(rf"[:=] ?[{A}{N}]")
_TOTAL_FIELD: Final = re.compile(
    r"(?:total(?:e|es)?|totaux|ensemble|cumul)(?: generale?)?(?: (?:(?:des?|du|de la)(?![a-z])|de l'|d'))? ?"
    r"(?P<label>[^:]{0,60})\Z"
)
_OF: Final = re.compile(
    r"(?<![a-z])(?:des?|du|de|la|le|les|l|d|total(?:e|es)?|totaux|cumulee?s?|global(?:e|es)?|montant)(?![a-z])"
)


_LONGEST_FIELD: Final = 66
"""A field has no more characters before its mark."""


def _stems(label: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in re.findall(r"[a-z]{2,}", _OF.sub(" ", label)))


def _cards(act: Act) -> Iterator[Claim]:
    """« Dossier 1 / Coût : A / Aide : B … Dossier 2 / Coût : C / Aide : D … Total des coûts : A + C »."""
    held: dict[tuple[str, ...], list[Mention]] = {}
    lengths: Counter[int] = Counter()  # how many labels have come that often
    for piece in act.passage.pieces:
        text = piece.clip.text
        if piece.kind in ("row", "aside") or len(text) > _LONGEST:
            held = {}
            lengths = Counter()
            continue
        for found in before_marks(_FIELD, _FILLED, _LONGEST_FIELD, text):
            label = found["label"].strip()
            mention = piece.clip.mention(found.start("figure"))
            if mention.figure is None or mention.kind not in ("amount", "number"):
                continue
            named = _TOTAL_FIELD.match(label)
            whole = re.search(r"(?<![a-z])(?:totale?s?|totaux|cumulee?s?)\Z", label)
            if named is None and whole is None:
                same = held.setdefault(_stems(label), [])
                lengths[len(same)] -= 1
                same.append(mention)
                lengths[len(same)] += 1
                continue
            wanted = _stems(named["label"] if named is not None else label)
            parts = held.get(wanted, [])
            if len(parts) < 2 or len(parts) > _ROWS or not wanted:
                continue
            claim = Sum(
                place=place_of(mention),
                cue=act.cue(piece.clip, found.start("label"), found.start("figure") + 1),
                topic="parallel",
                total=mention.figure,
                parts=tuple(part.figure for part in parts),
                confidence="medium",
            )
            regular = sum(1 for length, labels in lengths.items() if length > 1 and labels) == 1
            if holds(claim) or (regular and len(held) > 1):
                yield claim
