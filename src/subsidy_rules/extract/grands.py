"""Grand totals over sub-totals, whatever the layout: « Sous-total sports : 11 900 € … Sous-total culture : 7 000 € …
TOTAL GÉNÉRAL : 18 900 € » on lines of prose, in one table or in several, « Total 1 … Total 2 … TOTAL 1+2 ».
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Sum
from subsidy_rules.figures import Amount
from subsidy_rules.mentions import Mention
from subsidy_rules.sentences import Piece
from subsidy_rules.series import CUT, choose

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
    """The sums of the sub-totals that a general total closes."""
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
    chosen = choose([(claim, certain)])
    if chosen is not None:
        yield chosen
