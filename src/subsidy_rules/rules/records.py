"""Rules on records: their shape, their dates, the amounts that cannot be, and the law that applies to them.

The shape is judged while a record is read (``record``): what was found comes here as a ``Trouble`` and is told under
its rule's code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from subsidy_rules.facts import Context, Dated, Grant, Trouble
from subsidy_rules.figures import Amount
from subsidy_rules.rulebook import Authority, Example, Rule, Verdict, broken, holds, rule, unknown
from subsidy_rules.wording import Message

__all__ = ["RULES"]

_FORM: Final = Authority(
    Message("forme de l’enregistrement (schéma « deliberation »)", "shape of the record (schema “deliberation”)")
)
_YAML: Final = Authority(
    Message("YAML 1.1 et 1.2 : types des valeurs sans guillemets", "YAML 1.1 and 1.2: types of unquoted values")
)


def _told(trouble: Trouble, context: Context) -> Verdict:
    """The trouble as it was met. A zero is less than a fault: it may be a grant withdrawn."""
    cause = trouble.values.get("cause")
    return Verdict(
        state=trouble.state,
        place=trouble.place,
        words=trouble.words,
        values=trouble.values,
        related=trouble.related,
        says=trouble.says,
        severity="warning" if cause == "zero" and trouble.state == "broken" else None,
        confidence="medium" if trouble.values.get("repaired") else "high",
        key=trouble.key,
    )


_SMALL: Final[dict[str, Any]] = {
    "reference": "D-12",
    "fiscal_year": 2017,
    "total": "3 000 euros",
    "allocations": [{"funder": "Ville", "amount": "3 000 euros", "imputation": "65/6574/61"}],
}
_GOOD: Final = Example(_SMALL)


def _but(**changes: Any) -> Example:
    return Example({**_SMALL, **changes})


record_invalid: Final = rule(
    "REC001",
    name="record-invalid",
    on="trouble",
    fr="L’enregistrement n’a pas la forme attendue.",
    en="The record does not have the expected shape.",
    title=Message("Enregistrement incorrect", "Invalid record"),
    why=Message(
        "Un champ absent, mal nommé ou d’un autre type échapperait au contrôle sans que personne ne le voie.",
        "A field that is missing, misnamed or of another type would escape every check unseen.",
    ),
    computation=Message(
        "les champs, leur nom et leur type sont ceux du schéma (subsidy-rules schema deliberation)",
        "fields, names and types are those of the schema (subsidy-rules schema deliberation)",
    ),
    tolerance=Message(
        "Les champs dont le nom commence par « x- » ou « $ » sont laissés à leur auteur.",
        "Fields whose name begins with “x-” or “$” are left to their author.",
    ),
    authority=(_FORM,),
    good=_GOOD,
    bad=_but(fiscal_year=20245),
)(_told)

figure_unreadable: Final = rule(
    "REC002",
    name="figure-unreadable",
    on="trouble",
    fr="Un montant ou un taux est illisible.",
    en="An amount or a rate cannot be read.",
    title=Message("Montant ou taux illisible", "Unreadable amount or rate"),
    doubts=Message("Un montant ou un taux a deux lectures.", "An amount or a rate has two readings."),
    why=Message(
        "Un montant illisible ne vaut pas zéro : tout calcul qui en dépend reste indécis.",
        "An amount that cannot be read is not zero: every computation that needs it stays undecided.",
    ),
    computation=Message(
        "le texte est un seul nombre, écrit comme les actes l’écrivent, ou un nombre exact",
        "the text is one single number, written as acts write them, or an exact number",
    ),
    tolerance=Message(
        "Espaces de toutes sortes, point ou virgule, € ou euros, M€ : tout ce qui n’a qu’une lecture.",
        "Spaces of all kinds, point or comma, € or euros, M€: whatever has a single reading.",
    ),
    inconclusive=Message(
        "« 12,500 » ou « 74.567 » ont deux lectures : elles sont données, aucune n’est retenue.",
        "“12,500” and “74.567” have two readings: both are given, neither is chosen.",
    ),
    authority=(_FORM,),
    good=_GOOD,
    bad=_but(total="3 OOO euros", allocations=None, imputation="65/6574/61"),
)(_told)

value_misread: Final = rule(
    "REC003",
    name="value-misread-elsewhere",
    on="trouble",
    severity="warning",
    fr="Une valeur sans guillemets sera lue autrement par un autre programme.",
    en="A value without quotes will be read otherwise by another program.",
    title=Message("Valeur YAML à mettre entre guillemets", "YAML value that needs quotes"),
    why=Message(
        "Sans guillemets, « 01004 » devient 516 et « 18:30 » devient 1110 pour d’autres lecteurs de YAML. Ici rien "
        "n’est changé : la valeur est lue telle qu’elle est écrite.",
        "Without quotes, “01004” becomes 516 and “18:30” becomes 1110 for other YAML readers. Nothing is changed here: "
        "the value is read as it is written.",
    ),
    computation=Message(
        "la valeur sans guillemets a un autre sens en YAML 1.1 ou 1.2",
        "unquoted, the value means something else in YAML 1.1 or 1.2",
    ),
    authority=(_YAML,),
    good=Example('reference: "01004"\ntotal: 3000\nimputation: 65/65748/30\n', ".yaml"),
    bad=Example("reference: 01004\ntotal: 3000\nimputation: 65/65748/30\n", ".yaml"),
)(_told)

key_doubled: Final = rule(
    "REC004",
    name="field-doubled",
    on="trouble",
    fr="Un champ est donné deux fois.",
    en="A field is given twice.",
    title=Message("Champ donné deux fois", "Field given twice"),
    why=Message(
        "La plupart des programmes gardent la dernière valeur sans le dire : la première disparaît.",
        "Most programs keep the last value without saying so: the first one vanishes.",
    ),
    computation=Message("un nom de champ ne paraît qu’une fois", "a field name appears only once"),
    tolerance=Message(
        "Aucune ; deux valeurs différentes ne sont retenues ni l’une ni l’autre.",
        "None; of two different values neither is used.",
    ),
    authority=(_FORM,),
    good=Example("reference: D-12\ntotal: 3000\nimputation: 65/65748/30\n", ".yaml"),
    bad=Example("reference: D-12\ntotal: 3000\ntotal: 4000\nimputation: 65/65748/30\n", ".yaml"),
)(_told)

notation_refused: Final = rule(
    "REC005",
    name="notation-refused",
    on="trouble",
    fr="Une notation YAML n’est pas admise.",
    en="A YAML notation is not accepted.",
    title=Message("Notation YAML non admise", "YAML notation that is not accepted"),
    why=Message(
        "Clés de fusion, étiquettes d’un programme et clés composées ne veulent pas dire la même chose partout.",
        "Merge keys, tags of one program and composite keys do not mean the same thing everywhere.",
    ),
    computation=Message(
        "clé « << », étiquette « !nom », clé qui n’est pas un mot", "key “<<”, tag “!name”, key that is no word"
    ),
    authority=(_YAML,),
    good=Example("reference: D-12\ntotal: 3000\nimputation: 65/65748/30\n", ".yaml"),
    bad=Example("reference: !secret D-12\ntotal: 3000\nimputation: 65/65748/30\n", ".yaml"),
)(_told)

amount_not_positive: Final = rule(
    "AMT001",
    name="amount-not-positive",
    on="trouble",
    fr="Un montant n’est pas positif.",
    en="An amount is not positive.",
    title=Message("Montant négatif ou nul", "Negative or zero amount"),
    why=Message(
        "Une subvention attribuée est un montant positif ; un signe moins est le plus souvent une faute de saisie, ou "
        "une annulation qui doit être dite comme telle.",
        "A subsidy granted is a positive amount; a minus sign is most often a slip, or a withdrawal that must be "
        "called one.",
    ),
    computation=Message("montant > 0", "amount > 0"),
    tolerance=Message(
        "Un total nul n’est qu’un avertissement. Un montant repris et nommé ainsi (« trop-perçu 2022 », titre "
        "« Réduction de la subvention… ») est négatif à bon droit.",
        "A total of zero is only a warning. Money taken back and called so (“refund 2022”, a title “Reduction of the "
        "subsidy…”) is rightly negative.",
    ),
    good=_GOOD,
    bad=_but(
        total="-3 000 euros",
        allocations=[{"funder": "Ville", "amount": "-3 000 euros", "imputation": "65/6574/61"}],
    ),
)(_told)


# -- the law --------------------------------------------------------------------------------------------------------

CONVENTION_ABOVE: Final = 23_000
"""Euros a year above which a convention is required (« supérieur à »: at 23 000 none is)."""

_LOI: Final = Authority(
    Message("loi n° 2000-321 du 12 avril 2000, art. 10", "loi n° 2000-321 of 12 April 2000, art. 10"),
    since=date(2000, 4, 13),
)
_DECRET: Final = Authority(
    Message("décret n° 2001-495 du 6 juin 2001, art. 1er", "décret n° 2001-495 of 6 June 2001, art. 1"),
    since=date(2001, 6, 10),
)
_LARGE: Final[dict[str, Any]] = {
    "total": "30 000 euros",
    "beneficiary": "Association Foyer rural",
    "allocations": [{"funder": "Ville", "amount": "30 000 euros", "imputation": "65/6574/61"}],
}
_LIMIT: Final = Amount(n=CONVENTION_ABOVE, currency="EUR", text="23 000 €")


@rule(
    "LIM001",
    name="convention-required",
    on="grant",
    fr="Subvention de {amount} sans convention, alors qu’elle est obligatoire au-dessus de {limit} par an pour un "
    "bénéficiaire de droit privé (loi n° 2000-321 du 12 avril 2000, art. 10 ; décret n° 2001-495 du 6 juin 2001, "
    "art. 1er).",
    en="Subsidy of {amount} without a convention, which is required above {limit} a year for a beneficiary under "
    "private law (loi n° 2000-321 of 12 April 2000, art. 10; décret n° 2001-495 of 6 June 2001, art. 1).",
    title=Message("Convention obligatoire au-dessus de 23 000 €", "Convention required above 23 000 €"),
    doubts=Message(
        "Subvention de {amount}, au-dessus de {limit} : {reason} (loi n° 2000-321 du 12 avril 2000, art. 10 ; "
        "décret n° 2001-495 du 6 juin 2001, art. 1er).",
        "Subsidy of {amount}, above {limit}: {reason} (loi n° 2000-321 of 12 April 2000, art. 10; "
        "décret n° 2001-495 of 6 June 2001, art. 1).",
    ),
    why=Message(
        "La convention fixe l’objet, le montant, les modalités de versement et l’emploi de la subvention ; sans elle, "
        "le comptable ne peut pas payer.",
        "The convention sets the purpose, the amount, how it is paid and used; without it the accountant cannot pay.",
    ),
    computation=Message(
        "montant annuel attribué à un bénéficiaire > 23 000 € et convention annoncée comme absente",
        "amount granted to one beneficiary in a year > 23 000 € and a convention said to be absent",
    ),
    tolerance=Message(
        "Aucune : à 23 000 € exactement, rien n’est exigé.", "None: at exactly 23 000 € nothing is required."
    ),
    inconclusive=Message(
        "La source ne dit pas s’il y a une convention ; le montant est arrondi autour du seuil, réparti sur plusieurs "
        "années ou entre plusieurs financeurs qui sont peut-être autant d’autorités ; une autre monnaie ; un "
        "bénéficiaire dont ni l’imputation ni le nom ne disent s’il est de droit privé. Un bénéficiaire public (ou un "
        "compte qui ne paie que des organismes publics : 6573, 2041) n’est pas concerné.",
        "The source does not say whether there is a convention; the amount is rounded around the threshold, spread "
        "over years, or shared by funders who may be as many authorities; another currency; a beneficiary that "
        "neither the imputation nor the name places under private law. A public beneficiary (or an account that pays "
        "public bodies only: 6573, 2041) is not concerned.",
    ),
    authority=(_LOI, _DECRET),
    good=_but(**_LARGE, convention=True),
    bad=_but(**_LARGE, convention=False),
)
def convention_required(grant: Grant, context: Context) -> Verdict | None:
    """What one beneficiary receives in a year, and whether a convention is announced."""
    amount = grant.amount
    if amount is None or grant.beneficiary_kind in ("public", "menage"):
        return None
    act = context.voted_on or (date(context.fiscal_year, 12, 31) if context.fiscal_year is not None else None)
    if act is not None and _DECRET.since is not None and act < _DECRET.since:
        return None
    above = _above(grant)
    if above == "no" or grant.convention is True:
        return holds(grant.place)
    reason = _SILENT if above == "yes" else _UNSURE
    if above == "yes" and grant.convention is False:
        private = _is_private(grant)
        if private == "no":
            return None
        if private == "yes":
            verdict = broken(grant.place, amount=amount, limit=_LIMIT)
            related = (grant.convention_place,) if grant.convention_place is not None else ()
            return replace(verdict, related=related, values=_compared_values(amount))
        reason = _PERHAPS_PUBLIC
    return Verdict(
        state="unknown",
        place=grant.place,
        words={"amount": amount, "limit": _LIMIT, "reason": reason},
        values=_compared_values(amount),
        says=None if amount.currency in (None, "EUR") else _FOREIGN,
    )


_FOREIGN: Final = Message(
    "Subvention de {amount}, dans une autre monnaie que le seuil de {limit} : {reason} (loi n° 2000-321 du 12 avril "
    "2000, art. 10 ; décret n° 2001-495 du 6 juin 2001, art. 1er).",
    "Subsidy of {amount}, in another currency than the threshold of {limit}: {reason} (loi n° 2000-321 of 12 April "
    "2000, art. 10; décret n° 2001-495 of 6 June 2001, art. 1).",
)
_PERHAPS_PUBLIC: Final = Message(
    "il n’y a pas de convention, mais le bénéficiaire est peut-être un organisme public, que la loi ne concerne pas",
    "there is no convention, but the beneficiary may be a public body, which the law does not concern",
)

_PAYS_PUBLIC: Final = ("6573", "2041")
"""Accounts of all the nomenclatures that pay public bodies only: the law on conventions is for the others."""
_PUBLIC_WORDS: Final = frozenset(
    [
        "agence",
        "agglomération",
        "caisse",
        "ccas",
        "centre",
        "chambre",
        "cias",
        "collège",
        "communauté",
        "commune",
        "conservatoire",
        "crous",
        "département",
        "ehpad",
        "epcc",
        "epci",
        "epic",
        "établissement",
        "état",
        "foyer",
        "groupement",
        "gip",
        "hôpital",
        "institut",
        "laboratoire",
        "lycée",
        "mairie",
        "métropole",
        "musée",
        "office",
        "opéra",
        "orchestre",
        "parc",
        "petr",
        "pôle",
        "région",
        "régie",
        "résidence",
        "sdis",
        "service",
        "sictom",
        "sivom",
        "sivos",
        "sivu",
        "société",
        "spl",
        "syndicat",
        "théâtre",
        "université",
        "ville",
        "école",
    ]
)
"""Words in the names of bodies that may well be public: what they name is not said to be of private law."""


def _is_private(grant: Grant) -> str:
    """Whether the beneficiary is under private law, by its kind, the accounts, then its name: yes, no or unsure."""
    if grant.beneficiary_kind in ("association", "entreprise"):
        return "yes"
    accounts: tuple[str, ...] = grant.facts.get("accounts", ())
    told = [account for account in accounts if account]
    if told:
        public = [account.startswith(_PAYS_PUBLIC) for account in told]
        if all(public):
            return "no"
        return "unsure" if any(public) else "yes"
    if grant.beneficiary_kind is not None:
        return "unsure"  # « autre »
    said = grant.beneficiary or ""
    words = said.lower().replace("’", "'").replace("'", " ").replace("-", " ").split()
    return "unsure" if any(word.rstrip("s,;.") in _PUBLIC_WORDS or word in _PUBLIC_WORDS for word in words) else "yes"


_SILENT: Final = Message(
    "rien ne dit s’il y a une convention, obligatoire pour un bénéficiaire de droit privé",
    "nothing says whether there is a convention, which is required for a beneficiary under private law",
)
_UNSURE: Final = Message(
    "on ne sait pas si le montant annuel par autorité et par bénéficiaire dépasse le seuil de la convention",
    "whether the yearly amount by authority and beneficiary is above the threshold for a convention is not known",
)


def _compared_values(amount: Amount) -> dict[str, str]:
    return {"amount": amount.plain, "limit": str(CONVENTION_ABOVE)}


def _above(grant: Grant) -> str:
    """Whether a beneficiary gets more than the threshold in a year from one authority: yes, no or unsure."""
    whole = _compared(grant.amount)
    if whole != "yes":
        return whole
    if grant.facts.get("spread"):
        return "unsure"  # over more than a year, or shared out further below
    years: tuple[Amount | None, ...] = grant.facts.get("years", ())
    receivers: tuple[Amount | None, ...] = grant.facts.get("receivers", ())
    funders: tuple[Amount | None, ...] = grant.facts.get("funders", ())
    others: tuple[Amount | None, ...] = grant.facts.get("others", ())
    if receivers and not years:
        return "no"  # each receiver is a grant of its own
    for parts in (years, receivers, funders, others):
        if not parts:
            continue
        compared = [_compared(part) for part in parts]
        if all(answer == "no" for answer in compared):
            return "no" if parts is years else "unsure"
        if "yes" not in compared or sum(map(bool, (years, receivers, funders, others))) > 1:
            return "unsure"
    return "yes"


def _compared(amount: Amount | None) -> str:
    if amount is None or amount.currency not in (None, "EUR"):
        return "unsure"
    bounds = amount.bounds()
    if bounds.lower is not None and bounds.lower > CONVENTION_ABOVE:
        return "yes"
    if bounds.upper is not None and bounds.upper <= CONVENTION_ABOVE:
        return "no"
    return "unsure"


# -- imputation -----------------------------------------------------------------------------------------------------


@rule(
    "REC006",
    name="imputation-missing",
    on="grant",
    severity="warning",
    fr="Aucune imputation budgétaire n’est donnée.",
    en="No budget imputation is given.",
    title=Message("Imputation budgétaire absente", "No budget imputation"),
    doubts=Message(
        "Aucune imputation budgétaire n’est donnée : on ne peut pas dire où la dépense est inscrite.",
        "No budget imputation is given: where the money is charged cannot be told.",
    ),
    why=Message(
        "La dépense doit être imputée au chapitre et à l’article où les crédits sont ouverts (CGCT, art. L2311-7 pour "
        "les communes).",
        "The money must be charged to the chapter and article where credit is open (CGCT, art. L2311-7 for communes).",
    ),
    computation=Message("au moins une imputation dans l’enregistrement", "at least one imputation in the record"),
    inconclusive=Message(
        "Toujours, quand elle manque : elle peut figurer dans une autre pièce du dossier.",
        "Always, when there is none: it may be in another paper of the file.",
    ),
    authority=(Authority(Message("CGCT, art. L2311-7", "CGCT, art. L2311-7")),),
    good=_GOOD,
    bad=_but(allocations=[{"funder": "Ville", "amount": "3 000 euros"}]),
)
def imputation_missing(grant: Grant, context: Context) -> Verdict | None:
    """Where the money is charged."""
    if grant.imputed is None:
        return None
    return holds(grant.place) if grant.imputed else unknown(grant.place)


# -- dates ----------------------------------------------------------------------------------------------------------


def _first(grant: Grant, role: str) -> Dated | None:
    return next((dated for dated in grant.dates if dated.role == role), None)


@rule(
    "DAT003",
    name="support-period-reversed",
    on="grant",
    fr="La période finit ({end}) avant de commencer ({start}).",
    en="The period ends ({end}) before it starts ({start}).",
    title=Message("Période qui finit avant de commencer", "Period that ends before it starts"),
    why=Message(
        "Les dates bornent les dépenses éligibles : inversées, aucune ne l’est.",
        "The dates bound the eligible expenses: reversed, none is eligible.",
    ),
    computation=Message("début ≤ fin", "start ≤ end"),
    tolerance=Message("Aucune ; un seul jour est une période.", "None; one single day is a period."),
    good=_but(period={"start": "2017-01-01", "end": "2017-12-31"}),
    bad=_but(period={"start": "2017-12-31", "end": "2017-01-01"}),
)
def period_reversed(grant: Grant, context: Context) -> Verdict | None:
    """The start and the end of what is subsidised."""
    start, end = _first(grant, "start"), _first(grant, "end")
    if start is None or end is None:
        return None
    if end.value >= start.value:
        return holds(end.place)
    return Verdict(
        state="broken",
        place=end.place,
        words={"start": start.value, "end": end.value},
        values={"start": start.value.isoformat(), "end": end.value.isoformat()},
        related=(start.place,) if start.place != end.place else (),
    )


_CLOSED: Final = Message(
    "les crédits de l’exercice {year:plain} ne sont plus disponibles",
    "the credit of fiscal year {year:plain} is closed",
)


@rule(
    "DAT004",
    name="date-outside-year",
    on="grant",
    severity="warning",
    fr="La délibération est du {day}, après la clôture de l’exercice {year:plain} (31 janvier suivant au plus tard).",
    en="The deliberation is dated {day}, after fiscal year {year:plain} was closed (31 January of the next one at the "
    "latest).",
    title=Message("Date hors de l’exercice", "Date outside the fiscal year"),
    doubts=Message(
        "Date hors de l’exercice {year:plain} : {what} ({day}), ce qui peut être voulu.",
        "Date outside fiscal year {year:plain}: {what} ({day}), which may be meant.",
    ),
    why=Message(
        "Les crédits sont ouverts pour un exercice : une décision prise après sa clôture ne peut plus les engager.",
        "Credit is open for one fiscal year: a decision taken after it closed can no longer commit it.",
    ),
    computation=Message(
        "date de la délibération ≤ 31 janvier de l’année suivant l’exercice",
        "date of the deliberation ≤ 31 January after the fiscal year",
    ),
    tolerance=Message(
        "La journée complémentaire, jusqu’au 31 janvier suivant (CGCT, art. L1612-11 et D2342-3).",
        "The complementary day, until 31 January after it (CGCT, art. L1612-11 and D2342-3).",
    ),
    inconclusive=Message(
        "Vote en janvier suivant, ou avant l’exercice ; période soutenue entièrement hors de l’exercice.",
        "Vote in the following January, or before the fiscal year; subsidised period wholly outside it.",
    ),
    authority=(Authority(Message("CGCT, art. L1612-11 et D2342-3", "CGCT, art. L1612-11 and D2342-3")),),
    good=_but(voted_on="2017-03-12"),
    bad=_but(voted_on="2018-06-12"),
)
def date_outside_year(grant: Grant, context: Context) -> Iterator[Verdict]:
    """The day of the vote and the period, against the fiscal year."""
    year = context.fiscal_year
    if year is None:
        return
    opened, shut = date(year, 1, 1), date(year, 12, 31)
    voted = _first(grant, "voted_on")
    if voted is not None:
        words = {"day": voted.value, "year": year}
        if opened <= voted.value <= shut:
            yield holds(voted.place)
        elif voted.value > date(year + 1, 1, 31):
            yield Verdict(state="broken", place=voted.place, words=words, values={"voted_on": voted.value.isoformat()})
        else:
            what = _EARLY if voted.value < opened else _LATE
            yield Verdict(state="unknown", place=voted.place, words={**words, "what": what})
    start, end = _first(grant, "start"), _first(grant, "end")
    if start is None or end is None or end.value < start.value:
        return
    if start.value <= shut and end.value >= opened:
        yield holds(start.place)
    else:
        yield Verdict(
            state="unknown", place=start.place, words={"day": start.value, "year": year, "what": _PERIOD_OUTSIDE}
        )


_EARLY: Final = Message("vote avant l’exercice", "vote before the fiscal year")
_LATE: Final = Message("vote dans la journée complémentaire", "vote in the complementary day")
_PERIOD_OUTSIDE: Final = Message("période entièrement hors de l’exercice", "period wholly outside it")

RULES: Final[tuple[Rule, ...]] = (
    record_invalid,
    figure_unreadable,
    value_misread,
    key_doubled,
    notation_refused,
    amount_not_positive,
    convention_required,
    imputation_missing,
    period_reversed,
    date_outside_year,
)
