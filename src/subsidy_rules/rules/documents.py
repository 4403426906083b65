"""Rules on the words of a document: fields of a template never filled, dates that cannot follow one another."""

from __future__ import annotations

from typing import Final

from subsidy_rules.claims import Confidence
from subsidy_rules.facts import Context, Leftover, Trouble
from subsidy_rules.rulebook import Authority, Example, Rule, Severity, Verdict, rule
from subsidy_rules.wording import Message

__all__ = ["RULES"]

_CALENDAR: Final = Authority(Message("calendrier", "calendar"))
_TEMPLATE: Final = Authority(Message("un acte est complet quand il est signé", "an act is complete when it is signed"))

_GOOD_TEXT: Final = "Le rapport est soumis au Conseil de Territoire du 12/06/2017.\n"

_QUIET: Final = frozenset(("blank", "dots"))
"""Blanks that an act may keep on purpose: the place and date of signature, a form in its annex."""


@rule(
    "TXT001",
    name="leftover-field",
    on="leftover",
    severity="warning",
    fr="Un champ du modèle n’a pas été rempli : « {text} ».",
    en="A field of the template was not filled in: “{text}”.",
    title=Message("Champ du modèle non rempli", "Template field left unfilled"),
    why=Message(
        "Un acte publié avec un champ vide est incomplet : la date, le nom ou le montant manque.",
        "An act published with an empty field is incomplete: the date, the name or the amount is missing.",
    ),
    computation=Message(
        "le texte contient « xx/xx/2017 », « Erreur ! … », « <%…%> », « [à compléter] », « XXX € » ou un champ "
        "de fusion",
        "the text holds “xx/xx/2017”, “Error! …”, “<%…%>”, “[to be completed]”, “XXX €” or a merge field",
    ),
    tolerance=Message(
        "Les points de conduite d’un sommaire et les points de suspension ne sont pas des champs ; "
        "un blanc (« ____ ») n’est qu’une note, car il peut attendre une signature.",
        "The dot leaders of a table of contents and ellipses are no fields; a blank (“____”) is only a note, for it "
        "may await a signature.",
    ),
    authority=(_TEMPLATE,),
    good=Example(_GOOD_TEXT),
    bad=Example("Le rapport est soumis au Conseil de Territoire du xx/xx/2017.\n"),
)
def leftover_field(leftover: Leftover, context: Context) -> Verdict:
    """A field of the template that nobody filled."""
    severity: Severity | None = "note" if leftover.kind in _QUIET else None
    confidence: Confidence = "low" if leftover.kind in _QUIET else "high"
    return Verdict(
        state="broken",
        place=leftover.place,
        words={"text": leftover.text},
        values={"kind": leftover.kind},
        severity=severity,
        confidence=confidence,
    )


def _told(trouble: Trouble, context: Context) -> Verdict:
    return Verdict(
        state=trouble.state,
        place=trouble.place,
        words=trouble.words,
        values=trouble.values,
        related=trouble.related,
        says=trouble.says,
        key=trouble.key,
    )


period_reversed: Final = rule(
    "TXT002",
    name="dates-reversed",
    on="trouble",
    severity="warning",
    fr="La période finit avant de commencer : du {start} au {end}.",
    en="The period ends before it begins: from {start} to {end}.",
    title=Message("Période qui finit avant de commencer", "Period that ends before it begins"),
    why=Message(
        "Les dates bornent les actions et les dépenses aidées : inversées, aucune ne l’est.",
        "Dates bound the actions and the expenses that are aided: reversed, none is.",
    ),
    computation=Message("« du … au … » : première date ≤ seconde date", "“from … to …”: first date ≤ second date"),
    inconclusive=Message(
        "Une date sans jour, sans mois ou sans année.", "A date without its day, its month or its year."
    ),
    authority=(_CALENDAR,),
    good=Example("L’action se déroule du 30 avril 2003 au 30 juin 2003.\n"),
    bad=Example("L’action se déroule du 30 juin 2003 au 30 avril 2003.\n"),
)(_told)

date_impossible: Final = rule(
    "TXT003",
    name="date-impossible",
    on="trouble",
    severity="note",
    fr="Cette date n’existe pas : « {text} » ({reason}).",
    en="This date does not exist: “{text}” ({reason}).",
    title=Message("Date qui n’existe pas", "Date that does not exist"),
    why=Message(
        "Un jour absent du calendrier ou qui ne tombe pas le jour de semaine écrit signale une faute de frappe.",
        "A day that is not in the calendar, or not the weekday written, tells of a typing slip.",
    ),
    computation=Message("calendrier grégorien", "Gregorian calendar"),
    authority=(_CALENDAR,),
    good=Example("Le conseil s’est réuni le 28 février 2017.\n"),
    bad=Example("Le conseil s’est réuni le 31 février 2017.\n"),
)(_told)


RULES: Final[tuple[Rule, ...]] = (leftover_field, period_reversed, date_impossible)
