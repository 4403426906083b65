"""Figures with their labels: « Travaux : A. Honoraires : B. Total HT : C. TVA : D. TTC : E » inside a paragraph, and
the record of a grant, « Dépense éligible : A / Taux : P / Subvention : B », on one line or on several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from subsidy_rules.acts import Act, place_of
from subsidy_rules.claims import Claim, Share, Sum, Taxed
from subsidy_rules.figures import Amount, Figure, Percentage
from subsidy_rules.mentions import A, Mention, P
from subsidy_rules.patterns import before_marks
from subsidy_rules.sentences import Piece
from subsidy_rules.series import choose

__all__ = ["claims"]

_AMOUNT: Final = re.compile(rf"(?::|=) ?(?P<amount>{A})(?: ?(?:h\.?t\.?|t\.?t\.?c\.?)(?![a-z]))?")
_BORDER: Final = re.compile(rf"[{A}:;,]|(?<=[a-z0-9)][a-z0-9)])\.(?![a-z])")
"""What ends a label; the stops of « T.V.A. » and « H.T. » do not."""
_LONGEST: Final = 70
_TOTAL: Final = re.compile(r"(?<![a-z])(?:total(?:e)?|ensemble|cumul|global(?:e)?)(?![a-z])")
_NET: Final = re.compile(r"(?<![a-z])(?:h\.?t\.?|hors taxes?|net)(?![a-z])")
_GROSS: Final = re.compile(r"(?<![a-z])(?:t\.?t\.?c\.?|toutes taxes comprises)(?![a-z])")
_VAT: Final = re.compile(r"(?<![a-z])(?:t\.?v\.?a\.?|vat)(?![a-z])")
_ELSEWHERE: Final = re.compile(
    r"(?<![a-z])(?:budget|demand[a-z]{1,4}|depuis|annuel[a-z]{0,2}|disponible|deja|ttc|projet|operation|marche|contrat"
    r"|financer|restant|reste|affermi[a-z]{1,2}|versee?s?|payee?s?|engagee?s?|retenue?s?|acceptee?s?|eligibles?"
    r"|subventionn[a-z]{2,5})(?![a-z])|\ue004"
)
"""A total of more than what was just named, or of only some of it."""
_NOT_ADDED: Final = re.compile(
    r"(?<![a-z])(?:dont|cout|prix|rappel|memoire|assiette|plafond|of which|including|cost)(?![a-z])"
)
"""Labels of amounts that are part of another, or that are divided rather than added."""
_LESS: Final = re.compile(r"(?<![a-z])(?:reste|subvention|aide|participation|charge|solde|acompte)")
_GAP: Final = 60


class _Item:
    __slots__ = ("at", "end", "label", "mention", "piece", "rate")

    def __init__(self, piece: Piece, found: re.Match[str], label: str) -> None:
        self.piece = piece
        self.label = label
        self.at = found.start("amount")
        self.end = found.end()
        self.mention: Mention = piece.clip.mention(self.at)
        near = [m for _, m in piece.clip.within(found.start() - len(label), self.at) if m.kind == "percent"]
        self.rate = near[0].figure if len(near) == 1 and isinstance(near[0].figure, Percentage) else None


def _items(piece: Piece) -> Iterator[_Item]:
    """« label : amount », each label being the words since the last mark."""
    text = piece.clip.text
    for found in _AMOUNT.finditer(text):
        low = max(0, found.start() - _LONGEST)
        borders = list(_BORDER.finditer(text, low, found.start()))
        if not borders and low:
            continue
        label = text[borders[-1].end() if borders else 0 : found.start()]
        if len(label.strip()) > 1:
            yield _Item(piece, found, label)


def claims(act: Act) -> Iterator[Claim]:
    """Totals of labelled amounts in one paragraph; HT, TVA and TTC there or on three lines."""
    lines: list[_Item] = []
    for piece in act.passage.pieces:
        if piece.kind in ("row", "aside") or A not in piece.clip.text:
            lines = []
            continue
        items = list(_items(piece))
        run: list[_Item] = []
        for item in items:
            gap = piece.clip.text[run[-1].end : item.at] if run else ""
            if (run and len(gap) - len(item.label) > _GAP) or A in gap:
                yield from _run(act, run)
                run = []
            run.append(item)
        if len(run) > 2:
            yield from _run(act, run)
        lines = [*lines[-2:], items[0]] if len(items) == 1 and len(piece.clip.text) < 90 else []
        if len(lines) == 3:
            yield from _taxed(act, *lines)
    for record in _records(act):
        yield from _share(act, record)


def _run(act: Act, run: list[_Item]) -> Iterator[Claim]:
    scope: list[_Item] = []
    # The run is the whole paragraph so far: nothing else could be part of its total.
    alone = run[0].at - len(run[0].label) <= 3
    for index, item in enumerate(run):
        if index >= 2:
            yield from _taxed(act, run[index - 2], run[index - 1], item)
        if _TOTAL.search(item.label):
            if len(scope) > 1 and not _GROSS.search(item.label):
                claim = Sum(
                    place=place_of(item.mention),
                    cue=act.cue(item.piece.clip, item.at - len(item.label), item.at + 1),
                    topic="labels",
                    total=item.mention.figure,
                    parts=tuple(other.mention.figure for other in scope),
                    confidence="medium",
                )
                plain = not any(_NOT_ADDED.search(other.label) for other in scope)
                kept = tuple(other.mention.figure for other in scope if "dont" not in other.label.split())
                readings: list[tuple[Claim, bool]] = [(claim, alone and plain and not _ELSEWHERE.search(item.label))]
                if 1 < len(kept) < len(scope):
                    readings.append((replace(claim, parts=kept), False))
                chosen = choose(readings)
                if chosen is not None:
                    yield chosen
            scope, alone = [], True
        else:
            scope.append(item)


def _taxed(act: Act, net: _Item, tax: _Item, gross: _Item) -> Iterator[Claim]:
    """« HT : A / TVA 20 % : B / TTC : C »."""
    if not (_NET.search(net.label) or _TOTAL.search(net.label) or getattr(net.mention.figure, "tax", None) == "HT"):
        return
    if _LESS.search(net.label):
        return
    if not _VAT.search(tax.label) or not (
        _GROSS.search(gross.label) or getattr(gross.mention.figure, "tax", None) == "TTC"
    ):
        return
    cue = act.cue(gross.piece.clip, gross.at - len(gross.label), gross.at + 1)
    yield Sum(
        place=place_of(gross.mention),
        cue=cue,
        topic="tax",
        total=_bare(gross.mention.figure),
        parts=(_bare(net.mention.figure), _bare(tax.mention.figure)),
        confidence="medium",
    )
    if tax.rate is not None and tax.rate.fraction > Fraction(0):
        yield Taxed(
            place=place_of(gross.mention),
            cue=cue,
            topic="tax",
            net=net.mention.figure,
            rate=tax.rate,
            gross=gross.mention.figure,
            confidence="medium",
        )


def _bare(figure: Figure | None) -> Figure | None:
    """The figure without its « HT » or « TTC »: net and tax are meant to be added."""
    return replace(figure, tax=None) if isinstance(figure, Amount) else figure


# -- the record of a grant ------------------------------------------------------------------------------------------

_FIELD: Final = re.compile(rf"(?P<label>[a-z][^{A}{P}:=;|]{{2,60}})[:=] ?(?P<figure>[{A}{P}])")
_RATE_FIELD: Final = re.compile(r"(?<![a-z])(?:taux|pourcentage|quotite|%|rate|percentage)(?![a-z])")
_BASE_FIELD: Final = re.compile(
    r"(?<![a-z])(?:assiette|base|cout|devis|budget|travaux|depenses?|montant (?:ht|ttc|de l'operation|du projet)|"
    r"eligible|cost)(?![a-z])"
)
_STRICT_BASE: Final = re.compile(r"(?<![a-z])(?:assiette|(?:eligible|subventionnable|retenu)e?s?)(?![a-z])")
_AID_FIELD: Final = re.compile(
    r"(?<![a-z])(?:subvention|aide|participation|fonds de concours|dotation|grant|award)s?(?![a-z])"
)
_CAPPED: Final = re.compile(r"(?<![a-z])(?:plafon|maxim|forfait|minimum|bonus|bonif|capp|limit)")
_SHORT: Final = 160
_LONGEST_RECORD: Final = 12

Field = tuple[Piece, int, int, str, Mention]


_FILLED: Final = re.compile(rf"[:=] ?[{A}{P}]")
_LONGEST_FIELD: Final = 61
"""A label has no more characters."""


def _records(act: Act) -> Iterator[list[Field]]:
    """Runs of « label : figure », in one piece or in short pieces that follow one another."""
    run: list[Field] = []
    last = -2
    for piece in act.passage.pieces:
        text = piece.clip.text
        fields: list[Field] = []
        if piece.kind not in ("row", "aside") and (A in text or P in text) and (":" in text or "=" in text):
            fields = [
                (piece, found.start(), found.end(), found["label"], piece.clip.mention(found.start("figure")))
                for found in before_marks(_FIELD, _FILLED, _LONGEST_FIELD, text)
            ]
        if not fields or len(text) > _SHORT or piece.number != last + 1 or len(run) > _LONGEST_RECORD:
            yield run
            run = []
        if fields:
            run = [*run, *fields[:_LONGEST_RECORD]]
            last = piece.number if len(text) <= _SHORT else -2
    yield run


def _share(act: Act, record: list[Field]) -> Iterator[Claim]:
    rates = [field for field in record if field[4].kind == "percent" and _RATE_FIELD.search(field[3])]
    money = [field for field in record if field[4].kind == "amount"]
    aids = [field for field in money if _AID_FIELD.search(field[3]) and not _BASE_FIELD.search(field[3])]
    bases = [field for field in money if _BASE_FIELD.search(field[3])]
    if len(rates) != 1 or len(aids) != 1 or not bases or not isinstance(rates[0][4].figure, Percentage):
        return
    piece, start, end, _, stated = rates[0]
    part = aids[0][4]
    rate = stated.figure
    strict = [field for field in bases if _STRICT_BASE.search(field[3])]
    capped = any(_CAPPED.search(field[0].clip.text) for field in record)
    readings: list[tuple[Claim, bool]] = []
    for *_, whole in bases:
        if part.figure is None or whole.figure is None or not isinstance(rate, Percentage):
            continue
        claim = Share(
            place=place_of(stated),
            cue=act.cue(piece.clip, start, end),
            topic="record",
            stated=rate,
            part=part.figure,
            whole=whole.figure,
            confidence="medium",
        )
        # Less than its rate, an aid may be capped elsewhere; more, it is not what the record says.
        over = part.figure.fraction * 100 > (rate.fraction + 1) * whole.figure.fraction
        sole = len(strict) == 1 and strict[0][4] is whole
        clear = over and not capped and sole and len(bases) == 1
        if not clear and sole and not over and _CAPPED.search(act.passage.folded) is None:
            # No ceiling anywhere in the act: worth a look, and no more.
            claim, clear = replace(claim, confidence="low"), True
        readings.append((claim, clear))
    chosen = choose(readings)
    if chosen is not None:
        yield chosen
