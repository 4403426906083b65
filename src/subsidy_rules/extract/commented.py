"""What a sentence says of figures that stand elsewhere: rates of the table or of the list above it (« La Ville porte
ainsi 44,4 % de l'effort public »), and rates of things counted (« le comité en a agréé 31 (81,6 %) »).

The words seldom name both the part and the whole, so that all this is told only when one pair of figures makes the
rate true, and when the words or the layout bring that pair.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Share
from subsidy_rules.figures import Figure, Percentage
from subsidy_rules.folding import stem
from subsidy_rules.holding import share_holds
from subsidy_rules.ledgers import Ledger
from subsidy_rules.mentions import Mention, N, P
from subsidy_rules.sentences import Piece, Sentence
from subsidy_rules.series import Series

__all__ = ["claims"]

_ELSE: Final = re.compile(
    r"(?<![a-z])(?:hausse|baisse|augment[a-z]{0,6}|diminu[a-z]{0,6}|progress[a-z]{0,6}|evolu[a-z]{0,5}|recul[a-z]{0,3}"
    r"|inflation|t\.?v\.?a|taux (?:d'interet|fixe|variable|horaire)|interets?|remise|rabais|penalite|increase|decrease"
    r"|vat)(?![a-z])"
)
_AFTER: Final = 3
"""Pieces after a table that speak of it."""
_MOST: Final = 60

Pair = tuple[Mention, Mention]


def claims(act: Act) -> Iterator[Claim]:
    """Rates whose part and whole stand in the table or the list just above, then rates of numbers."""
    told: set[int] = set()
    for ledger in act.ledgers:
        if ledger.after is None or not any(line.kind == "total" for line in ledger.lines):
            continue
        for claim, at in _under(act, ledger.after, lambda sentence, table=ledger: _of_table(table, sentence)):
            if at not in told:
                told.add(at)
                yield claim
    for series in act.series:
        if series.after is None or series.closing is None:
            continue
        for claim, at in _under(act, series.after, lambda sentence, items=series: _of_list(items, sentence)):
            if at not in told:
                told.add(at)
                yield claim
    for sentence in act.sentences():
        if N in sentence.text and P in sentence.text:
            yield from _counted(act, sentence)


def _under(act: Act, first: Piece, pairs: object) -> Iterator[tuple[Claim, int]]:
    """The rates of the sentences from ``first`` on, each with the one pair of figures that makes it true."""
    assert callable(pairs)
    for piece in act.passage.pieces[first.number : first.number + _AFTER]:
        if piece.kind == "row":
            return
        for sentence in piece.sentences:
            if P not in sentence.text or sentence.crowded:
                continue
            for at, stated in sentence.mentions():
                rate = stated.figure
                if stated.kind != "percent" or not isinstance(rate, Percentage) or rate.n <= 0:
                    continue
                if _ELSE.search(sentence.clip.text, max(sentence.start, at - 60), min(sentence.end, at + 30)):
                    continue
                found: dict[tuple[object, object], Pair] = {}
                for part, whole in pairs(sentence):
                    if part.figure is not None and whole.figure is not None and _makes(rate, part.figure, whole.figure):
                        found.setdefault((part.figure.fraction, whole.figure.fraction), (part, whole))
                if len(found) == 1:
                    part, whole = next(iter(found.values()))
                    yield _share(act, sentence, at, stated, rate, part, whole), stated.start


def _makes(rate: Percentage, part: Figure, whole: Figure) -> bool:
    return 0 < part.fraction < whole.fraction and share_holds(rate, part, whole)


def _share(
    act: Act, sentence: Sentence, at: int, stated: Mention, rate: Percentage, part: Mention, whole: Mention
) -> Claim:
    low = max(sentence.start, at - 40)
    low = sentence.clip.text.find(" ", low, at) + 1 if low > sentence.start else low
    return Share(
        place=place_of(stated),
        cue=act.cue(sentence.clip, low, at + 1),
        topic="commented",
        stated=rate,
        part=part.figure,
        whole=whole.figure,
        confidence="medium",
    )


_WORD: Final = re.compile(r"[a-z]{3,}")


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _WORD.findall(text))


_EMPTY: Final = _stems("les des une pour par sur dans avec aux est sont total ensemble montant euros and the for")


def _of_table(ledger: Ledger, sentence: Sentence) -> Iterator[Pair]:
    """A row that the sentence names under the total of its column; two totals; two figures of a row that it names."""
    words = _stems(sentence.text) - _EMPTY
    totals = [line for line in ledger.lines if line.kind == "total"]
    named = [line for line in ledger.lines[:_MOST] if line.kind == "plain" and words & _stems(line.label)]
    columns = ledger.columns
    for line in (*named, *(line for line in ledger.lines if line.kind == "subtotal")):
        for total in totals[-1:]:
            for column in columns:
                part, whole = line.figure(column), total.figure(column)
                if _sums(part, whole):
                    assert part is not None
                    assert whole is not None
                    yield part, whole
    for line in (*totals, *named):
        sums = [m for column in columns if (m := line.figure(column)) is not None and m.kind in ("amount", "number")]
        yield from _pairs(sums[:8])
    if len(totals) > 1:
        for column in columns:
            sums = [m for line in totals if (m := line.figure(column)) is not None and m.kind in ("amount", "number")]
            yield from _pairs(sums[:8])


def _of_list(series: Series, sentence: Sentence) -> Iterator[Pair]:
    """A line that the sentence names under the total of its list; the amounts of the line of the total."""
    if series.closing is None:
        return
    piece, start = series.closing
    totals = [m for _, m in piece.clip.within(start, len(piece.clip.text)) if m.kind in ("amount", "number")]
    words = _stems(sentence.text) - _EMPTY
    for entry in series.entries[:_MOST]:
        if words & _stems(entry.text) and totals:
            yield entry.amounts[0], totals[0]
    yield from _pairs(totals[:6])


def _sums(part: Mention | None, whole: Mention | None) -> bool:
    return (
        part is not None
        and whole is not None
        and part.kind in ("amount", "number")
        and whole.kind in ("amount", "number")
    )


def _pairs(sums: Sequence[Mention]) -> Iterator[Pair]:
    for part in sums:
        for whole in sums:
            if part is not whole:
                yield part, whole


# -- numbers --------------------------------------------------------------------------------------------------------

_RATED: Final = re.compile(
    rf"(?P<part>{N})(?: [a-z' -]{{1,40}}?)?,? ?(?:\( ?(?:soit )?|soit |ou |or |i\.e\. )(?P<rate>{P})"
)
_BACK: Final = 3
_FEWEST: Final = 4


def _counted(act: Act, sentence: Sentence) -> Iterator[Claim]:
    """« 38 dossiers ont été déposés. Le comité en a agréé 31 (81,6 %) »."""
    clip = sentence.clip
    for found in _RATED.finditer(clip.text, sentence.start, sentence.end):
        part, stated = clip.mention(found.start("part")), clip.mention(found.start("rate"))
        rate = stated.figure
        if part.figure is None or part.figure.decimals or not isinstance(rate, Percentage) or rate.n <= 0:
            continue
        wholes = [m for _, m in clip.within(sentence.start, found.start())]
        wholes += [m for _, m in clip.within(found.end(), min(sentence.end, found.end() + 80))]
        for earlier in act.sentences_before(sentence, _BACK):
            wholes += [m for _, m in earlier.mentions()]
        making = {
            m.figure.fraction: m
            for m in reversed(wholes)
            if m.kind == "number"
            and m.figure is not None
            and m.figure.fraction >= _FEWEST
            and _makes(rate, part.figure, m.figure)
        }
        if len(making) == 1:
            whole = next(iter(making.values()))
            yield _share(act, sentence, found.start("rate"), stated, rate, part, whole)
