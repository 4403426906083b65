"""The rules that tell of exceptions and suppressions themselves, so that neither can rot in silence."""

from __future__ import annotations

from typing import Final

from subsidy_rules.facts import Context
from subsidy_rules.rulebook import Authority, Example, Rule
from subsidy_rules.wording import Message

__all__ = ["EXPIRED", "RULES", "UNUSABLE", "UNUSED"]


def _nothing(subject: object, context: Context) -> None:
    """These rules look at the settings of a run, not at a source: they are told by ``exceptions.set_aside``."""


_PRACTICE: Final = (Authority(Message("règle de ce programme", "rule of this program")),)

_WRONG_TOTAL: Final = """reference: 2024-12
fiscal_year: 2024
convention: true
total: 80 000 euros  {comment}
allocations:
  - {{funder: ville, amount: 50 000 euros, imputation: 65/65748/30}}
  - {{funder: agglomération, amount: 20 000 euros, imputation: 65/65748/30}}
"""
_EXCEPTION: Final = """[[exceptions]]
code = "SUM001"
reason = "erreur matérielle, rapportée le 12 mars 2024"
until = {until}
"""
_WRONG: Final = _WRONG_TOTAL.format(comment="")

EXPIRED: Final = Rule(
    code="EXC001",
    name="exception-expired",
    on="trouble",
    judge=_nothing,
    severity="warning",
    title=Message("Exception échue", "Exception that is over"),
    says=Message(
        "L’exception pour {code} a pris fin le {until} : elle ne s’applique plus (motif : {reason}).",
        "The exception for {code} ended on {until}: it no longer applies (reason: {reason}).",
    ),
    why=Message(
        "Une exception est donnée pour un temps ; au-delà, le constat doit être revu.",
        "An exception is granted for a time; past it, the finding has to be looked at again.",
    ),
    computation=Message(
        "La date de fin est comparée à celle du jour ; le dernier jour compte encore.",
        "The end date is compared with today’s; the last day still counts.",
    ),
    authority=_PRACTICE,
    good=Example(_WRONG, ".yaml", _EXCEPTION.format(until="9999-12-31")),
    bad=Example(_WRONG.replace("80 000", "70 000"), ".yaml", _EXCEPTION.format(until="2024-12-31")),
)
_EXPLAINED: Final = Example(
    _WRONG_TOTAL.format(comment="# subsidy-rules: ignore[SUM001] erreur matérielle, rapportée le 12 mars 2024"), ".yaml"
)

UNUSED: Final = Rule(
    code="EXC002",
    name="exception-unused",
    on="trouble",
    judge=_nothing,
    severity="note",
    title=Message("Exception sans objet", "Exception with no object"),
    says=Message(
        "L’exception pour {code} n’écarte plus aucun constat : elle peut être retirée (motif : {reason}).",
        "The exception for {code} sets no finding aside any more: it can be removed (reason: {reason}).",
    ),
    why=Message(
        "Une exception oubliée cacherait un jour une autre erreur.",
        "A forgotten exception would one day hide another error.",
    ),
    inconclusive=Message(
        "Quand aucune source visée n’a été lue, ou que la règle n’a pas été appliquée.",
        "When no source that it is for was read, or the rule did not run.",
    ),
    authority=_PRACTICE,
    good=_EXPLAINED,
    bad=Example(
        _WRONG_TOTAL.format(
            comment="# subsidy-rules: ignore[SUM001] erreur matérielle, rapportée le 12 mars 2024"
        ).replace("80 000", "70 000"),
        ".yaml",
    ),
)
UNUSABLE: Final = Rule(
    code="EXC003",
    name="suppression-unusable",
    on="trouble",
    judge=_nothing,
    severity="warning",
    title=Message("Suppression inutilisable", "Suppression that cannot be used"),
    says=Message("Cette suppression n’est pas appliquée : {fault}.", "This suppression is not applied: {fault}."),
    why=Message(
        "Un constat n’est écarté que par son code et pour un motif que chacun peut lire.",
        "A finding is set aside only by its code and for a reason that anyone can read.",
    ),
    computation=Message(
        "Une suppression s’écrit « subsidy-rules: ignore[CODE] motif », en commentaire de la ligne visée ou au-dessus.",
        "A suppression reads “subsidy-rules: ignore[CODE] reason”, as a comment on the line it is for or above it.",
    ),
    authority=_PRACTICE,
    good=_EXPLAINED,
    bad=Example(_WRONG_TOTAL.format(comment="# subsidy-rules: ignore").replace("80 000", "70 000"), ".yaml"),
)
RULES: Final = (EXPIRED, UNUSED, UNUSABLE)
