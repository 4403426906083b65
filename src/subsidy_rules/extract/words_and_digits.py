"""« 50 420 000 F (cinquante millions quatre cent vingt mille francs) »: one amount, in digits and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Equal
from subsidy_rules.figures import Amount, Count, Figure
from subsidy_rules.mentions import A, Mention, N, W
from subsidy_rules.series import TOTAL

__all__ = ["claims"]

_SAYS: Final = (
    r"(?:soit |c'est-a-dire |en (?:toutes )?lettres ?:? ?|en chiffres ?:? ?|(?:la |une )?somme de "
    r"|say |in words ?:? ?)?"
)
_DIGITS_FIRST: Final = re.compile(
    rf"(?P<first>{A}) ?(?:\( ?{_SAYS}|[,:-] ?(?:soit |en (?:toutes )?lettres ?:? ?|say "
    rf"|in words ?:? ?)|en (?:toutes )?lettres ?:? ?)(?P<again>[{W}{N}]) ?(?:euros?|francs?)? ?[).,;:-]?"
)
_WORDS_FIRST: Final = re.compile(
    rf"(?P<first>[{W}{N}]) ?(?:euros?|francs?)? ?\( ?{_SAYS}(?P<again>[{A}{N}]) ?(?:euros?|francs?|€)? ?\)"
)


def _in_words(mention: Mention) -> bool:
    return mention.figure is not None and not any(char.isdigit() for char in mention.figure.text)


def claims(act: Act) -> Iterator[Claim]:
    """Amounts, and counts (« deux (2) »), written twice side by side."""
    told: set[int] = set()
    for piece in act.passage.pieces:
        text = piece.clip.text
        if "(" not in text and W not in text and "lettres" not in text:
            continue
        for pattern in (_DIGITS_FIRST, _WORDS_FIRST):
            for found in pattern.finditer(text):
                first = piece.clip.mention(found.start("first"))
                again = piece.clip.mention(found.start("again"))
                if _in_words(first) == _in_words(again) or first.figure is None or again.figure is None:
                    continue
                digits, words = (again, first) if _in_words(first) else (first, again)
                if words.kind == "number" and not _meant(act, digits, words):
                    continue
                if digits.kind == "number" and words.kind == "words" and not _same(digits.figure, words.figure):
                    continue  # « 12 (douze euros) »
                if (
                    digits.kind == "amount"
                    and words.kind == "number"
                    and not text[found.start() : found.end()].endswith(")")
                ):
                    continue
                yield Equal(
                    place=place_of(words),
                    cue=act.cue(piece.clip, *_around(found, words is again)),
                    topic="words",
                    first=digits.figure,
                    again=_like(words.figure, digits.figure),
                )
                told.add(words.start)
    for claim, start in _alone(act):
        if start not in told:
            yield claim


_BACK: Final = 4
_STOPPED: Final = re.compile(
    r"(?<![a-z])(?:arrete[a-z]{0,2}|certifi[a-z]{1,3}|liquid[a-z]{1,4}|ordonnanc[a-z]{1,4})(?![a-z])[^\ue000;]{0,60}\Z"
)


def _alone(act: Act) -> Iterator[tuple[Claim, int]]:
    """An amount in words apart from its digits: « Arrêté le présent état à la somme de quarante et un mille euros »
    under a total, « la subvention, quinze mille euros, est… ». Told when a sentence before has it in digits; said to
    be false only of the total that the words close."""
    for sentence in act.sentences():
        if W not in sentence.text:
            continue
        clip = sentence.clip
        for at, words in sentence.mentions():
            if words.kind != "words" or words.figure is None or words.repaired:
                continue
            beside = [m for spot, m in sentence.money() if m.kind == "amount"]
            nearest = [*reversed(beside)]
            closed = _STOPPED.search(clip.text, sentence.start, at) is not None and not beside
            total: Mention | None = None
            for number, earlier in enumerate(act.sentences_before(sentence, _BACK)):
                sums = [
                    m
                    for spot, m in earlier.mentions()
                    if m.kind == "amount" or (m.kind == "number" and m.figure and m.figure.fraction >= _LARGE)
                ]
                if not number and closed and len(sums) == 1 and TOTAL.search(earlier.text):
                    total = sums[0]
                nearest.extend(reversed(sums))
            same = next((m for m in nearest if m.figure and m.figure.fraction == words.figure.fraction), total)
            if same is None or same.figure is None or same.repaired:
                continue
            claim = Equal(
                place=place_of(words),
                cue=act.cue(clip, at, at + 1),
                topic="words",
                first=same.figure,
                again=_like(words.figure, same.figure),
            )
            yield claim, words.start


_LARGE: Final = 100


def _meant(act: Act, digits: Mention, words: Mention) -> bool:
    """False for « les deux premiers (22 500 €) », where the words count something else, and for « trois (1) », where
    the digits call a note that the text has."""
    if digits.figure is None or words.figure is None or digits.figure.fraction == words.figure.fraction:
        return True
    if digits.kind == "amount":
        return words.figure.fraction >= _LEAST
    note = f"({digits.figure.text.strip()})"
    return not any(act.passage.text[piece.start : piece.start + len(note)] == note for piece in act.passage.pieces)


_LEAST: Final = 100
"""A smaller number in words beside an amount is a number of things."""


def _same(digits: Figure | None, words: Figure | None) -> bool:
    """True for a large number that the words give as an amount: the unit stands in the words alone."""
    return digits is not None and words is not None and digits.fraction == words.fraction >= 100


def _around(found: re.Match[str], words_last: bool) -> tuple[int, int]:
    at = found.start("again") if words_last else found.start("first")
    return at, at + 1


def _like(words: Figure | None, digits: Figure | None) -> Figure | None:
    """« (cinquante mille) » after an amount is an amount of the same currency."""
    if isinstance(words, Amount) and isinstance(digits, Count):
        return Count(n=words.n, text=words.text, place=words.place) if not words.decimals else words
    if isinstance(words, Count) and isinstance(digits, Amount):
        return Amount(n=words.n, text=words.text, place=words.place, currency=digits.currency)
    return words
