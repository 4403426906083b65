"""Imputations where they are written, with the section and the beneficiary that the words beside them say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from subsidy_rules.acts import Act
from subsidy_rules.facts import BeneficiaryKind, Charge, Section
from subsidy_rules.figures import Amount
from subsidy_rules.imputation import ImputationError, parse_imputation
from subsidy_rules.mentions import Mention
from subsidy_rules.sentences import Piece

__all__ = ["charges"]

_RUNNING: Final = re.compile(
    r"(?<![a-z])(?:subventions? (?:annuelle |globale |exceptionnelle )?de fonctionnement"
    r"|section de fonctionnement|credits de fonctionnement|budget de fonctionnement|depenses? de fonctionnement)(?!["
    r"a-z])"
)
_CAPITAL: Final = re.compile(
    r"(?<![a-z])(?:subventions? (?:d'equipement|d'investissement)|section d'investissement"
    r"|credits d'investissement|budget d'investissement|depenses? d'investissement|fonds de concours)(?![a-z])"
)
_KINDS: Final[tuple[tuple[BeneficiaryKind, re.Pattern[str]], ...]] = (
    (
        "association",
        re.compile(
            r"(?<![a-z])(?:associations?|amicale|comite|club|ligue|federation|loi (?:de "
            r"|du )?(?:1er juillet )?1901)(?![a-z])"
        ),
    ),
    (
        "entreprise",
        re.compile(r"(?<![a-z])(?:entreprises?|societe|s\.?a\.?r\.?l|s\.?a\.?s|societe anonyme|commercants?)(?![a-z])"),
    ),
    (
        "public",
        re.compile(
            r"(?<![a-z])(?:communes?|etablissements? publics?|syndicat (?:mixte|intercommunal)"
            r"|college|lycee|universite|c\.?c\.?a\.?s|office public|centre hospitalier)(?![a-z])"
        ),
    ),
)


def charges(act: Act, year: int | None, nomenclature: str | None) -> Iterator[Charge]:
    """One charge for each imputation written, in reading order."""
    mentions = act.passage.mentions
    for piece in act.passage.pieces:
        codes = [(at, m) for at, m in zip(piece.clip.positions, piece.clip.mentions, strict=True) if m.kind == "code"]
        if not codes:
            continue
        for at, mention in codes:
            if mention.code is None:
                continue
            section, beneficiary = _beside(act, piece, at)
            found = mention.code.imputation
            written = mentions.written(mention.start, mention.end)
            imputation = found
            if not found.labels and year is not None:
                try:
                    imputation = parse_imputation(found.raw, fiscal_year=year, nomenclature=nomenclature)
                except ImputationError:
                    imputation = found
            yield Charge(
                raw=written,
                imputation=imputation,
                place=act.passage.place(mention.start, mention.end),
                section=section,
                beneficiary=beneficiary,
                amount=_amount_of(piece, at),
                confidence="high" if imputation.labels else "medium",
            )


def _beside(act: Act, piece: Piece, at: int) -> tuple[Section | None, BeneficiaryKind | None]:
    """What the sentence says, else the sentences just before it, never further than the article before."""
    index = next((i for i, s in enumerate(piece.sentences) if s.start <= at < s.end), 0)
    texts = [piece.sentences[index].text] if piece.sentences else [piece.clip.text]
    texts.append(piece.clip.text)
    section = _section(texts[0]) or _section(texts[1])
    before = act.before(piece, 2)
    if section is None:
        section = next((said for other in before[:1] if (said := _section(other.clip.text))), None)
    kind = _beneficiary(texts[1])
    if kind is None:
        kind = next((named for other in before if (named := _beneficiary(other.clip.text))), None)
    return section, kind


def _section(text: str) -> Section | None:
    runs, builds = _RUNNING.search(text) is not None, _CAPITAL.search(text) is not None
    if runs == builds:
        return None
    return "fonctionnement" if runs else "investissement"


def _beneficiary(text: str) -> BeneficiaryKind | None:
    said = [kind for kind, pattern in _KINDS if pattern.search(text)]
    return said[0] if len(said) == 1 else None


def _amount_of(piece: Piece, at: int) -> Amount | None:
    """The amount charged, when the piece holds one only."""
    money: list[Mention] = [m for _, m in piece.money() if m.kind == "amount"]
    if len(money) == 1 and isinstance(money[0].figure, Amount):
        return money[0].figure
    return None
