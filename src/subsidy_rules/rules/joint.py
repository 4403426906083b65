"""Figures that hold claim by claim and cannot all be true together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from subsidy_rules.facts import Context
from subsidy_rules.rulebook import Example, Rule, Verdict
from subsidy_rules.wording import Message

__all__ = ["JOINT", "RULES"]


def _told_by_the_diagnosis(subject: Any, context: Context) -> Iterable[Verdict]:
    """Nothing to judge subject by subject: the diagnosis looks at all claims of a source at once (``causes``)."""
    return ()


_RECORD: Final[dict[str, Any]] = {
    "reference": "2024-12",
    "fiscal_year": 2024,
    "convention": True,
    "total": "1 M€",
    "base": {"label": "budget prévisionnel", "amount": "2 000 000 euros"},
    "stated_percentage": "70 %",
    "allocations": [
        {"funder": "Région", "amount": "900 000 euros", "imputation": "65/65748/30"},
        {"funder": "Département", "amount": "500 000 euros", "imputation": "65/65748/30"},
    ],
}

JOINT: Final = Rule(
    code="SUM003",
    name="figures-cannot-all-be-true",
    on="facts",
    severity="warning",
    judge=_told_by_the_diagnosis,
    title=Message(
        "Chiffres compatibles un à un, mais pas tous ensemble", "Figures that agree one by one, but not all together"
    ),
    says=Message(
        "Ces {claims} affirmations tiennent une à une, mais aucun jeu de valeurs arrondies comme imprimé ne les "
        "satisfait toutes ensemble.",
        "These {claims} claims hold one by one, but no set of values rounded as printed satisfies them all together.",
    ),
    why=Message(
        "Avec a, b et c arrondis à 1, chaque paire peut faire 3 et le tout faire 3 : chaque égalité est possible, "
        "leur réunion ne l’est pas.",
        "With a, b and c each printed as 1, every pair may make 3 and the whole make 3: each equality is possible, "
        "all of them together are not.",
    ),
    computation=Message(
        "Tous les chiffres liés sont remplacés par l’ensemble exact des valeurs qu’ils peuvent représenter ; un "
        "certificat (multiplicateurs de Farkas) prouve la contradiction et se vérifie à part.",
        "All linked figures are replaced by the exact set of values they may stand for; a certificate (Farkas "
        "multipliers) proves the contradiction and is verified apart.",
    ),
    tolerance=Message("aucune", "none"),
    inconclusive=Message(
        "Au-delà d’une taille donnée, la vérification d’ensemble n’est pas tentée.",
        "Beyond a given size the joint check is not attempted.",
    ),
    good=Example(_RECORD),
    bad=Example({**_RECORD, "stated_percentage": "60 %"}),
)

RULES: Final[tuple[Rule, ...]] = (JOINT,)
