"""« passe de 20 000 € à 25 000 €, soit une hausse de 25 % »: a change in per cent between two amounts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Change, Claim, judge
from subsidy_rules.figures import Percentage
from subsidy_rules.mentions import Mention, P
from subsidy_rules.sentences import Sentence
from subsidy_rules.series import choose

__all__ = ["claims"]

_UP: Final = (
    r"hausse|augment[a-z]{0,8}|progress[a-z]{0,6}|croissance|croit|croitre|majoration|accroissement|revaloris[a-z]{0,6}"
    r"|supplementaires?|de plus|en plus|increase[a-z]?|rise|rises|growth|up"
)
_DOWN: Final = (
    r"baisse|diminu[a-z]{0,6}|recul[a-z]{0,4}|reduction|repli|contraction|chute|minoration"
    r"|de moins|en moins|decrease[a-z]?|fall|falls|drop|cut|down"
)
_MOVE: Final = re.compile(
    rf"(?<![a-z])(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<flat>evolution|variation|evolue[a-z]{{0,3}}"
    rf"|varie[a-z]{{0,3}}|change))(?![a-z])"
)
_FROM: Final = re.compile(r"(?<![a-z])(?:de|d'|from) (?:pres de |environ |plus de )?\Z")
_TO: Final = re.compile(r"(?<![a-z])(?:a|to) (?:pres de |environ |plus de |un montant de )?\Z")
_AGAINST: Final = re.compile(
    r"(?<![a-z])(?:contre|au lieu de|apres|pour memoire|against|compared (?:with|to)|versus)(?![a-z])[^.]{0,30}\Z"
)
_THAN: Final = re.compile(r"(?<![a-z])(?:(?:par rapport|que|compare|relative|on the)(?![a-z])|qu')[^.]{0,60}\Z")
_IN_YEAR: Final = re.compile(r"\A ?(?:euros? )?(?:en|pour|au titre de|in|\()? ?(?:l'exercice |l'annee )?\ue004")
_NEW_SUBJECT: Final = re.compile(
    r"(?<![a-z])(?:est|sont|sera|etait|a ete|ont ete) (?:de|d'environ|fixee? a|evaluee? a|portee? a|realisee?s? a) ?\Z"
)
"""« … La participation au vote a été de P »: the rate is of something else."""
_YEAR_BEFORE: Final = re.compile(r"\ue004 ?(?:\(|:|,|a|de|etait de|est de|etaient de)? ?\Z")
_WIDEST: Final = 130
"""Characters between one figure and the next: beyond, they are not said together."""


def claims(act: Act) -> Iterator[Claim]:
    """Changes whose two amounts and rate stand in one sentence."""
    for sentence in act.sentences():
        text = sentence.text
        if P not in text:
            continue
        figures = [(at, m) for at, m in sentence.mentions() if m.kind in ("amount", "percent", "number") and m.figure]
        for index, (_at, stated) in enumerate(figures):
            if stated.kind != "percent":
                continue
            claim = _change(act, sentence, figures, index)
            if claim is not None:
                yield claim


def _change(act: Act, sentence: Sentence, figures: list[tuple[int, Mention]], index: int) -> Claim | None:
    at, stated = figures[index]
    clip = sentence.clip
    if not isinstance(stated.figure, Percentage):
        return None
    falling = _falls(clip.text, sentence.start, at, sentence.end)
    if falling is None:
        return None
    pair = _pair(clip.text, sentence.start, figures, index)
    pairs = [pair] if pair is not None else _since_before(act, sentence, figures, index)
    rate = stated.figure
    readings: list[tuple[Claim, bool]] = []
    for start, end, sure, cue_from in pairs:
        claim = Change(
            place=place_of(stated),
            cue=act.cue(clip, min(cue_from, at), at + 1),
            topic="change",
            start=start.figure,
            end=end.figure,
            stated=rate,
            falling=falling and rate.n > 0,
            confidence="high" if sure and start.kind == "amount" else "medium",
        )
        readings.append((claim, pair is not None and start.kind == "amount"))
    chosen = choose(readings)
    if isinstance(chosen, Change) and judge(chosen).state == "broken":
        # « progressé de P (de A à B), alors que le budget a augmenté de Q »: the amounts are those of another rate.
        rates = [m.figure for spot, m in figures if m.kind == "percent" and spot != at]
        if any(
            isinstance(other, Percentage) and judge(replace(chosen, stated=other)).state == "holds" for other in rates
        ):
            return None
    return chosen


Pair = tuple[Mention, Mention, bool, int]


def _since_before(act: Act, sentence: Sentence, figures: list[tuple[int, Mention]], index: int) -> list[Pair]:
    """« Recettes 2021 : A. Recettes 2022 : B, soit une progression de P »: one amount is in the sentence before."""
    left = [(spot, m) for spot, m in figures[:index] if m.kind == "amount"]
    if len(left) != 1 or figures[index][0] - left[0][0] > _WIDEST:
        return []
    spot, here = left[0]
    for earlier in act.sentences_before(sentence, 1):
        money = [m for _, m in earlier.money() if m.kind == "amount"]
        if earlier.piece.kind == "row":
            return []
        forwards: list[Pair] = [(m, here, False, spot + 1) for m in reversed(money[-4:])]
        # « La subvention est de B. Elle était de A en 2022 (+ 3 %) »
        return [*forwards, *((here, m, False, spot + 1) for m in reversed(money[-4:]))]
    return []


def _falls(text: str, low: int, at: int, high: int) -> bool | None:
    """True for a fall, False for a rise, ``None`` when the words do not say that the rate is a change."""
    sign = text[max(low, at - 2) : at].strip()[-1:]
    if sign == "+":
        return False
    if sign == "-" and text[max(low, at - 3) : at].strip() in ("-", "(-", ": -", ", -", "de -"):
        return True
    before = list(_MOVE.finditer(text, max(low, at - 90), at))
    after = _MOVE.search(text, at + 1, min(high, at + 25))
    if after is not None and (not before or before[-1]["flat"] is not None):
        return after["down"] is not None
    if before:
        return before[-1]["down"] is not None
    return None


def _pair(
    text: str, low: int, figures: list[tuple[int, Mention]], index: int
) -> tuple[Mention, Mention, bool, int] | None:
    """The amounts before and after the change: first, second, whether grammar ties them, and where the cue begins."""
    at = figures[index][0]
    left = [(spot, m) for spot, m in figures[:index] if m.kind in ("amount", "number")][-4:]
    for (one, first), (two, second) in reversed(list(itertools.pairwise(left))):
        if first.kind != second.kind or at - two > _WIDEST or _NEW_SUBJECT.search(text, two + 1, at):
            continue
        between = text[one + 1 : two]
        if len(between) <= _WIDEST:
            if _FROM.search(text, max(low, one - 24), one) and _TO.search(between):
                return first, second, True, two + 1
            if first.kind in ("amount", "number"):
                if _AGAINST.search(between):
                    return second, first, True, two + 1
                if _IN_YEAR.match(text[one + 1 : one + 40]) and _IN_YEAR.match(text[two + 1 : two + 40]):
                    return first, second, False, two + 1
                if _YEAR_BEFORE.search(text, max(low, one - 30), one) and _YEAR_BEFORE.search(between):
                    return first, second, False, two + 1
    if index + 2 < len(figures):
        (one, first), (two, second) = figures[index + 1], figures[index + 2]
        between = text[one + 1 : two]
        if first.kind == second.kind == "amount" and one - at <= 70 and len(between) <= 90:
            if _AGAINST.search(between):
                return second, first, False, at + 1
            if _FROM.search(text, at, one) and _TO.search(between):
                return first, second, True, at + 1
    if index and index + 1 < len(figures):
        (one, first), (two, second) = figures[index - 1], figures[index + 1]
        if first.kind == second.kind == "amount" and at - one <= _WIDEST and two - at <= _WIDEST:
            between = text[at + 1 : two]
            if _THAN.search(between) or _AGAINST.search(between):
                return second, first, False, one + 1
    return None
