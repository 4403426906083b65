"""Signed chains: « dotation antérieure A + dotation nouvelle B – reprise C = D », « BP : A ; DM n° 1 : + B ;
DM n° 2 : – C ; total voté : D ».

Signs say the role of each amount as surely as words do: what is added, what is taken, and what they make.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Sum
from subsidy_rules.figures import Amount, Figure
from subsidy_rules.mentions import Mention
from subsidy_rules.sentences import Piece
from subsidy_rules.series import choose

__all__ = ["claims"]

_SIGN: Final = re.compile(r"(?P<sign>[+−–-]) ?(?P<label>[a-z0-9'°() \ue004]{0,60})\Z")
"""What brings a term of a chain: its sign, then perhaps its name."""
_JOINS: Final = re.compile(r"[^=;:+−–\ue000\ue001/×*-]{0,60}[+−–-] ?[a-z0-9'°() \ue004]{0,60}\Z")
_MAKES: Final = re.compile(r"[^=;:+−–\ue000\ue001/×*-]{0,60}= ?[a-z0-9'°() \ue004]{0,60}\Z")
_TERM: Final = re.compile(r"[a-z][^:;\ue000\ue001]{0,60}: ?(?P<sign>[+−–-]?) ?\Z")
"""A term of a run of labelled amounts: « DM n° 2 : – »."""
_CLOSES: Final = re.compile(
    r"(?<![a-z])(?:tota[a-z]{1,5}|ensemble|soit|cumul[a-z]{0,2}|nouveau montant|solde|altogether)(?![a-z])"
)
_SIGNED: Final = re.compile(r"[=×*/+−–-]")
_TIMES: Final = re.compile(r"(?<![a-z])[x×*/%\ue001\ue002] ?\Z")
_MOST: Final = 30


def claims(act: Act) -> Iterator[Claim]:
    """What chains of signed amounts say that they make."""
    for piece in act.passage.pieces:
        text = piece.clip.text
        if piece.kind == "row" or not ("=" in text or ";" in text):
            continue
        money = [(at, m) for at, m in piece.money() if m.kind == "amount"]
        if not 3 <= len(money) <= _MOST:
            continue
        if "=" in text:
            yield from _chains(act, piece, money)
        if ";" in text:
            yield from _records(act, piece, money)


def _signed(mention: Mention, sign: str) -> Figure | None:
    figure = mention.figure
    if sign in ("-", "−", "–") and isinstance(figure, Amount) and figure.n > 0:
        return replace(figure, n=-figure.n)
    return figure


def _chains(act: Act, piece: Piece, money: list[tuple[int, Mention]]) -> Iterator[Claim]:
    """« a + b – c = d », in which something is added and something taken: chains of one sign are read elsewhere."""
    clip, text = piece.clip, piece.clip.text
    gaps = [text[one + 1 : two] for (one, _), (two, _) in itertools.pairwise(money)]
    for index, gap in enumerate(gaps):
        if not _MAKES.match(gap):
            continue
        yield from _after(act, piece, money, gaps, index)
        first = index
        while first and _JOINS.match(gaps[first - 1]):
            first -= 1
        signs = [found["sign"] for gap in gaps[first:index] if (found := _SIGN.search(gap)) is not None]
        if len(signs) != index - first or len(signs) < 2 or "+" not in signs or set(signs) == {"+"}:
            continue
        opening = gaps[first - 1] if first else text[: money[0][0]]
        if (first and _SIGNED.search(opening)) or _TIMES.search(opening) or any(map(_TIMES.search, gaps[first:index])):
            continue  # the chain begins before its first amount, or one of its terms is a product
        total = money[index + 1][1]
        terms = [money[first][1].figure]
        terms.extend(_signed(m, sign) for (_, m), sign in zip(money[first + 1 : index + 1], signs, strict=True))
        yield Sum(
            place=place_of(total),
            cue=act.cue(clip, money[index][0] + 1, money[index + 1][0] + 1),
            topic="equation",
            total=total.figure,
            parts=tuple(terms),
            confidence="medium",
        )


def _after(act: Act, piece: Piece, money: list[tuple[int, Mention]], gaps: list[str], index: int) -> Iterator[Claim]:
    """« d = a + b – c », where it ends the sentence."""
    text = piece.clip.text
    last = index + 1
    while last < len(gaps) and _JOINS.match(gaps[last]):
        last += 1
    terms = money[index + 2 : last + 1]
    signs = [found["sign"] for gap in gaps[index + 1 : last] if (found := _SIGN.search(gap)) is not None]
    before = gaps[index - 1] if index else text[: money[0][0]]
    ending = gaps[last] if last < len(gaps) else text[money[last][0] + 1 :]
    if len(signs) != len(terms) or len(signs) < 2 or "+" not in signs or set(signs) == {"+"}:
        return
    if (index and _SIGNED.search(before)) or _SIGNED.match(ending.strip()) or any(map(_TIMES.search, gaps[index:last])):
        return
    total = money[index][1]
    yield Sum(
        place=place_of(total),
        cue=act.cue(piece.clip, money[index][0], money[index + 1][0] + 1),
        topic="equation",
        total=total.figure,
        parts=(money[index + 1][1].figure, *(_signed(m, sign) for (_, m), sign in zip(terms, signs, strict=True))),
        confidence="medium",
    )


def _records(act: Act, piece: Piece, money: list[tuple[int, Mention]]) -> Iterator[Claim]:
    """« BP : A ; DM n° 1 : + B ; DM n° 2 : – C ; total voté : D »: labelled amounts, some with their sign."""
    text = piece.clip.text
    labels = [text[(money[index - 1][0] + 1 if index else 0) : at] for index, (at, _) in enumerate(money)]
    found = [_TERM.search(label[-70:]) for label in labels]
    for index in range(2, len(money)):
        own = labels[index].rpartition(";")[2]
        if not _CLOSES.search(own) or not re.match(r" ?;", labels[index]):
            continue
        first = index - 1
        while first and found[first] is not None and re.match(r" ?;", labels[first]):
            first -= 1
        terms = found[first:index]
        signs = [term["sign"] for term in terms if term is not None]
        if len(signs) != len(terms) or not any(sign in ("-", "−", "–") for sign in signs) or "+" not in signs:
            continue
        total = money[index][1]
        claim = Sum(
            place=place_of(total),
            cue=act.cue(piece.clip, money[index - 1][0] + 2, money[index][0] + 1),
            topic="equation",
            total=total.figure,
            parts=tuple(_signed(m, sign) for (_, m), sign in zip(money[first:index], signs, strict=True)),
            confidence="medium",
        )
        certain = first == 0 and index == len(money) - 1 and not signs[0] and all(signs[1:])
        # « total des DM » leaves the first budget out.
        chosen = choose([(claim, certain), (replace(claim, parts=claim.parts[1:]), False)])
        if chosen is not None:
            yield chosen
