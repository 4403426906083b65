"""Imputations where they are written, with the section and the beneficiary that the words beside them say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
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
_NEAR: Final = 240
_PAID: Final = (
    r"(?:(?:attribu|accord|allou|vers|octroi|octroy|subvention|aide|participation|fonds de concours|dotation|concours)"
    r"[^.;:\n]{0,90}? (?:a|au|aux)|au (?:profit|benefice) (?:de|du|des)|en faveur (?:de|du|des)"
    r"|beneficiaires? ?(?::|est|sont)) ?(?:la |le |les |l'|d')?"
)
"""What makes a public body the one that is paid: elsewhere an act names the one that pays."""
_KINDS: Final[tuple[tuple[BeneficiaryKind, re.Pattern[str]], ...]] = (
    (
        "association",
        re.compile(
            r"(?<![a-z])(?:(?<!des )associations?|amicale|comite|club|ligue|federation|cooperatives? scolaires?"
            r"|foyer socio-?educatif|sou des ecoles|loi (?:de |du )?(?:1er juillet )?1901)(?![a-z])"
            r"|(?<!salle )(?<!maison )(?<!forum )(?<!vie )(?<!local )(?<!locaux )(?<!espace )(?<!fete )(?<!pole )"
            r"(?<!carrefour )(?<![a-z])des associations(?![a-z])"
        ),
    ),
    (
        "entreprise",
        re.compile(
            r"(?<![a-z])(?:(?<!par l')(?<!par les )(?<!par des )(?<!par une )entreprises?"
            r"|(?<!par la )(?<!par une )societe|s\.?a\.?r\.?l|s\.?a\.?s|societe anonyme|commercants?)(?![a-z])"
        ),
    ),
    (
        "public",
        re.compile(
            rf"(?<![a-z]){_PAID}(?:communes?|etablissements? publics?|syndicat (?:mixte|intercommunal)"
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
        amount = _only_amount(piece)
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
                amount=amount,
                confidence="high" if imputation.labels else "medium",
            )


def _beside(act: Act, piece: Piece, at: int) -> tuple[Section | None, BeneficiaryKind | None]:
    """What the words around the code say, else those of its piece, else of the piece before (two, for who receives)."""
    near = piece.clip.text[max(0, at - _NEAR) : at + _NEAR]
    whole = piece.clip.text if len(piece.clip.text) <= 4 * _NEAR else near
    before = act.before(piece, 2)
    section = _section(near) or _section(whole)
    if section is None and before:
        section = _section(before[0].clip.text[-4 * _NEAR :])
    kind = _beneficiary(whole)
    if kind is None:
        kind = next((named for other in before if (named := _beneficiary(other.clip.text[-4 * _NEAR :]))), None)
    return section, kind


@lru_cache(maxsize=256)
def _section(text: str) -> Section | None:
    runs, builds = _RUNNING.search(text) is not None, _CAPITAL.search(text) is not None
    if runs == builds:
        return None
    return "fonctionnement" if runs else "investissement"


@lru_cache(maxsize=256)
def _beneficiary(text: str) -> BeneficiaryKind | None:
    said = [kind for kind, pattern in _KINDS if pattern.search(text)]
    return said[0] if len(said) == 1 else None


def _only_amount(piece: Piece) -> Amount | None:
    """The amount charged, when the piece holds one only."""
    money: list[Mention] = [m for _, m in piece.money() if m.kind == "amount"]
    if len(money) == 1 and isinstance(money[0].figure, Amount):
        return money[0].figure
    return None
