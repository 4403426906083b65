"""Grand totals over sub-totals, whatever the layout: « Sous-total sports : 11 900 € … Sous-total culture : 7 000 € …
TOTAL GÉNÉRAL : 18 900 € » on lines of prose, in one table or in several, « Total 1 … Total 2 … TOTAL 1+2 ».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Balance, Claim, Sum
from subsidy_rules.figures import Amount
from subsidy_rules.mentions import Mention
from subsidy_rules.sentences import Piece
from subsidy_rules.series import CUT, sole

__all__ = ["claims"]

_LONGEST: Final = 140
_FIGURE: Final = re.compile(r"(?:\A|[ :=|.…])[\ue000\ue002][ |.;,]{0,4}\Z")
_SUB: Final = re.compile(
    r"[ >*|•-]{0,4}(?:(?:sous[- ]?tota(?:l|ux)|s/s?[ -]?total|sub[- ]?total)(?![a-z])"
    r"|total (?:n° ?|partie |section |groupe )?(?P<index>\ue002|[0-9]{1,2}|[a-h]|[ivx]{1,4})(?![a-z0-9+]))"
)
_ALL: Final = re.compile(
    r"[ >*|•-]{0,4}(?:(?:grand )?tota(?:l|ux)(?P<general> (?:general|generaux|generale|de l'ensemble"
    r"|toutes? [a-z' ]{3,30}))?"
    r"(?P<sum> ?\(?(?:[0-9]{1,2}|[a-h]|[ivx]{1,4})(?: ?\+ ?(?:[0-9]{1,2}|[a-h]|[ivx]{1,4})){1,8}\)?)?"
    r"|(?P<ensemble>ensemble|montant total))"
    r"(?: ?\(?(?:en )?(?:€|euros?|k€|francs?)\)?)?[ :.…|=-]*\Z"
)
_LEAST: Final = 2
_MOST: Final = 40


def claims(act: Act) -> Iterator[Claim]:
    """The sums of the sub-totals that a general total closes, what two totals leave, and totals that count."""
    yield from _results(act)
    yield from _counted(act)
    subs: list[tuple[Mention, bool]] = []
    loose, cut = 0, False
    for piece in act.passage.pieces:
        if piece.kind == "aside":
            continue
        text = piece.clip.text
        cut = cut or CUT.search(text) is not None
        last = _last(piece)
        if last is None:
            if len(text) > _LONGEST or piece.money() or (piece.kind == "prose" and text.rstrip()[-1:] in ".;!?"):
                subs, loose, cut = [], 0, False  # a sentence, or a row of several columns
            continue
        at, mention = last
        label = text[:at]
        sub = _SUB.match(label)
        whole = _ALL.match(label)
        if sub is not None and (whole is None or whole["sum"] is None):
            subs.append((mention, sub["index"] is None))
            loose = 0
        elif whole is not None:
            if _LEAST <= len(subs) <= _MOST and not cut:
                yield from _claim(act, piece, at, mention, subs, whole, loose)
            subs, loose, cut = [], 0, False
        else:
            loose += 1


# -- what two totals leave ------------------------------------------------------------------------------------------

_IN: Final = re.compile(
    r"[ >*|•-]{0,4}tota(?:l|ux) (?:general )?(?:des |de )?(?:produits|recettes|ressources)[ :.…|]*\Z"
)
_OUT: Final = re.compile(r"[ >*|•-]{0,4}tota(?:l|ux) (?:general )?(?:des |de )?(?:charges|depenses|emplois)[ :.…|]*\Z")
_RESULT: Final = re.compile(
    r"[ >*|•-]{0,4}(?P<word>excedent|deficit|resultat|benefice|perte)(?: net| de l'exercice| de l'annee| comptable)?"
    r"[ :.…|=]*\Z"
)


def _results(act: Act) -> Iterator[Claim]:
    """« Total produits … », « Total charges … », then « Excédent … » on a line of its own."""
    held: dict[str, Mention] = {}
    lines: list[Mention] = []
    whole = True
    for piece in act.passage.pieces:
        last = _last(piece) if piece.kind != "aside" else None
        if last is None:
            if len(piece.clip.text) > _LONGEST or piece.money():
                held = {}
            continue
        at, mention = last
        label = piece.clip.text[:at]
        side = "in" if _IN.match(label) else "out" if _OUT.match(label) else ""
        word = _RESULT.match(label)
        if side:
            held = {} if side in held else held
            # Between two totals stand the lines of the second one, and no others.
            whole = not held or not lines or _adds_up(lines, mention)
            held[side] = mention
            lines = []
        elif word is not None:
            if len(held) == _LEAST:
                yield from _result(act, piece, at, mention, held, word["word"], whole and not lines)
            held = {}
        else:
            lines.append(mention)


def _adds_up(lines: list[Mention], total: Mention) -> bool:
    added = sum((m.figure.fraction for m in lines if m.figure is not None), Fraction(0))
    return total.figure is not None and added == total.figure.fraction


def _result(
    act: Act, piece: Piece, at: int, mention: Mention, held: dict[str, Mention], word: str, whole: bool
) -> Iterator[Claim]:
    income, spending, result = held["in"].figure, held["out"].figure, mention.figure
    if income is None or spending is None or result is None:
        return
    figures = (income, spending, result)
    if any(isinstance(figure, Amount) and figure.qualifier is not None for figure in figures):
        return
    loses = word in ("deficit", "perte") or (word == "resultat" and income.fraction < spending.fraction)
    if loses and result.n > 0:
        result = replace(result, n=-result.n)
    claim = Balance(
        place=place_of(mention),
        cue=act.cue(piece.clip, 0, at + 1),
        topic="roles",
        start=income,
        minus=(spending,),
        result=result,
        confidence="medium",
    )
    yield from sole(claim, certain=whole and loses == (income.fraction < spending.fraction))


# -- a total that counts what it adds --------------------------------------------------------------------------------

_COUNTS: Final = re.compile(
    r"(?:soit |total : |au total,? |ensemble : )?\ue002 [a-z][a-z' -]{2,30}?,? ?(?:pour |: |soit )?"
    r"(?:un (?:montant|total) (?:total |global )?de )?\ue000"
)


def _counted(act: Act) -> Iterator[Claim]:
    """« 5 entreprises, 9 000 € » under five lines of one amount each."""
    found: list[tuple[Piece, list[Mention]]] = [
        (series.after, [entry.amounts[0] for entry in series.entries])
        for series in act.series
        if series.after is not None and series.sure and series.closing is None and not series.cut
    ]
    for ledger in act.ledgers:
        columns = [
            column
            for column in ledger.columns
            if all((m := line.figure(column)) is not None and m.kind == "amount" for line in ledger.lines)
        ]
        if ledger.after is not None and len(columns) == 1 and all(line.kind == "plain" for line in ledger.lines):
            parts = [m for line in ledger.lines if (m := line.figure(columns[0])) is not None]
            found.append((ledger.after, parts))
    for after, parts in found:
        text = after.clip.text
        said = _COUNTS.match(text)
        if said is None or len(parts) < _LEAST:
            continue
        count = after.clip.mention(text.index("\ue002")).figure
        at = said.end() - 1
        total = after.clip.mention(at)
        if count is None or count.fraction != len(parts) or total.figure is None:
            continue
        claim = Sum(
            place=place_of(total),
            cue=act.cue(after.clip, 0, at + 1),
            topic="closing",
            total=total.figure,
            parts=tuple(m.figure for m in parts),
            confidence="medium",
        )
        fits = all(m.figure is not None and m.figure.fraction <= total.figure.fraction for m in parts)
        yield from sole(claim, certain=fits and _EACH.match(text, at + 1) is None)


_EACH: Final = re.compile(r" ?(?:chacun|par |/|maxim|en moyenne|each|depuis|y compris|avec|dont)")


def _last(piece: Piece) -> tuple[int, Mention] | None:
    """The figure that ends a short line, when it has no other but the number of its section."""
    text = piece.clip.text
    if len(text) > _LONGEST or _FIGURE.search(text) is None:
        return None
    held = [(at, m) for at, m in zip(piece.clip.positions, piece.clip.mentions, strict=True) if m.figure is not None]
    if not held or any(m.is_money for _, m in held[:-1]) or len(held) > _LEAST:
        return None
    at, mention = held[-1]
    if mention.kind not in ("amount", "number") or mention.repaired:
        return None
    if len(held) == _LEAST and not text[: held[0][0]].rstrip(" n°").endswith("total") and "." not in text[:4]:
        return None
    return at, mention


def _claim(
    act: Act,
    piece: Piece,
    at: int,
    total: Mention,
    subs: list[tuple[Mention, bool]],
    whole: re.Match[str],
    loose: int,
) -> Iterator[Claim]:
    added = whole["sum"]
    named = len(re.findall(r"\+", added)) + 1 if added else 0
    figures = [m.figure for m, _ in subs] + [total.figure]
    plain = (
        all(not isinstance(figure, Amount) or (figure.qualifier is None and figure.n > 0) for figure in figures)
        and len({figure.tax for figure in figures if isinstance(figure, Amount)}) < _LEAST
    )
    certain = (
        plain
        and not loose
        and (named == len(subs) if added else whole["general"] is not None or all(said for _, said in subs))
    )
    claim = Sum(
        place=place_of(total),
        cue=act.cue(piece.clip, 0, at + 1),
        topic="closing",
        total=total.figure,
        parts=tuple(m.figure for m, _ in subs),
        confidence="medium",
    )
    yield from sole(claim, certain=certain)
