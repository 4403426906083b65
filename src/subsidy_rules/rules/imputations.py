"""Rules about imputations: their shape, and what the official plans de comptes say of them.

Each rule looks at one imputation where it is written (``facts.Charge``). What the lists cannot decide (an exercice
that was not read, a nomenclature that is not held, two readings that remain) is *unknown*, and counted; a body's own
segments are opaque and never wrong unless the body declared what they look like.

When the nomenclature is neither stated nor settled by law, every one of the time is tried, and a code is told wrong
only when it is wrong in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal

from subsidy_rules import nomenclature as plans
from subsidy_rules.claims import Confidence
from subsidy_rules.facts import BeneficiaryKind, Charge, Context, Facts, Section
from subsidy_rules.frozen import dataclass
from subsidy_rules.imputation import Imputation, ImputationError, account_code, parse_imputation
from subsidy_rules.nomenclature import AccountStatus, Neighbour, Successor
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Authority, Example, Repair, Rule, Verdict, rule
from subsidy_rules.wording import Message

__all__ = ["RULES"]

Segments = Mapping[str, str]

PLANS: Final = Authority(
    Message(
        "plans de comptes annexés aux instructions budgétaires et comptables (M57 : arrêté du 29 décembre 2014 et ses "
        "arrêtés annuels), fichiers de la DGCL et de la DGFiP par exercice",
        "plans de comptes of the budget and accounting instructions (M57: arrêté of 29 December 2014 and its yearly "
        "changes), as published by the DGCL and the DGFiP for each fiscal year",
    )
)
VOTE: Final = Authority(
    Message(
        "CGCT, art. L2312-2 et L2312-3 : crédits votés par chapitre, par nature ou par fonction",
        "CGCT, art. L2312-2 and L2312-3: credits voted by chapter, by nature or by function",
    )
)
SECTIONS: Final = Authority(
    Message(
        "CGCT, art. L2311-1 : le budget comporte une section de fonctionnement et une section d’investissement",
        "CGCT, art. L2311-1: the budget has an operating section and an investment section",
    )
)
NOTATION: Final = Authority(
    Message(
        "notations en usage dans les actes : un code se lit sans ambiguïté ou n’est pas un code",
        "notations used in acts: a code can be read, or it is no code",
    )
)
GENERAL: Final = Authority(
    Message(
        "la M57 est le référentiel des métropoles depuis 2016 ; annoncée pour tous en 2024, commune à tous au plus "
        "tard en 2026",
        "the M57 is the chart of the métropoles since 2016, was announced for all in 2024, and is common to all by "
        "2026 at the latest",
    ),
    since=date(2016, 1, 1),
)

# -- what is known around a code --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The nomenclatures to try and the exercices meant. A year of ``None`` is not known.

    Compared by identity: scopes come from one cache, and are the keys of the others.
    """

    names: tuple[str, ...]
    years: tuple[int | None, ...]
    settled: bool
    stated: bool
    why: Message

    @property
    def year(self) -> int | None:
        """The exercice, when there is only one."""
        return self.years[0] if len(self.years) == 1 else None

    @property
    def confidence(self) -> Confidence:
        """High only when both the nomenclature and the exercice are said."""
        return "high" if self.stated and self.year is not None else "medium"


_YEARS: Final = re.compile(r"((?:19|20)[0-9]{2})(?: (?:à|-) ((?:19|20)[0-9]{2}))?", re.IGNORECASE)


def _scope(charge: Charge, context: Context) -> Scope:
    imputation = charge.imputation
    exercice = budget = None
    if imputation is not None:
        exercice, budget = imputation.get("exercice"), imputation.get("budget")
    francs = charge.amount is not None and charge.amount.currency == "FRF"
    return _scope_of(
        context.fiscal_year, context.voted_on, context.nomenclature, context.body, exercice, budget, francs
    )


@lru_cache(maxsize=4096)
def _scope_of(
    fiscal_year: int | None,
    voted_on: date | None,
    stated: str | None,
    body: str | None,
    exercice: str | None,
    budget: str | None,
    francs: bool,
) -> Scope:
    years: tuple[int | None, ...] = (None,)
    found = None if exercice is None else _YEARS.match(exercice)
    if found is not None:
        first = int(found.group(1))
        last = int(found.group(2) or first)
        years = tuple(range(first, min(last, first + 9) + 1)) or (first,)
    elif fiscal_year is not None:
        years = (fiscal_year,)
    elif francs:
        years = (2001,)  # the last exercice in francs, or one before: none of them was read
    elif voted_on is not None:
        years = (voted_on.year, voted_on.year + 1)  # an act may charge the budget of the next year
    # An annex budget may follow another nomenclature (M4, M49…) than the body's main one.
    whose = None if budget is not None and budget.lower().startswith("annexe") else body
    each = [plans.applicable(whose, year, stated) for year in years]
    names = tuple(dict.fromkeys(name for one in each for name in one.names))
    return Scope(names, years, all(one.settled for one in each), each[0].stated, each[0].why)


_NOWHERE: Final = Place()
_HOLDS: Final = Verdict(state="holds", place=_NOWHERE)
_UNKNOWN: Final = Verdict(state="unknown", place=_NOWHERE)
"""Verdicts that tell nothing, only counted: they need no place, and a run makes millions of them."""


def _least(*given: Confidence) -> Confidence:
    order: tuple[Confidence, ...] = ("low", "medium", "high")
    return min(given, key=order.index)


def _shown(name: str) -> Message:
    """A nomenclature as people write it: `M57 D` is « M57 développé »."""
    base, _, variant = name.partition(" ")
    word = plans.nomenclature(base).variants.get(variant) if variant else None
    if word is None:
        return Message("{base}", "{base}").having(base=base)
    return Message("{base} {word}", "{base} {word}").having(base=base, word=word)


def _in_prose(charge: Charge, confidence: Confidence) -> Confidence:
    """How sure a finding can be in prose, where a code may be quoted, shortened, or be another body's; in data, and
    where nothing is gained by doubting, as sure as the rest allows."""
    return "high" if charge.strict else confidence


def _list(names: Iterable[str]) -> tuple[Message, ...]:
    return tuple(_shown(name) for name in names)


def _each_reading(imputation: Imputation) -> Iterator[Segments]:
    yield imputation.segments
    for reading in imputation.readings[1:]:
        yield reading.segments


_TWO_READINGS: Final = Message(
    "« {raw} » se lit de plusieurs façons ({readings}) : au moins une est cohérente, rien n’est affirmé.",
    "“{raw}” can be read in several ways ({readings}): at least one is consistent, so nothing is asserted.",
)


def _reading_words(segments: Segments) -> str:
    return ", ".join(f"{key} {value}" for key, value in segments.items())


def _over_readings(charge: Charge, one: Callable[[Segments], Verdict | None]) -> Verdict | None:
    """The verdict of the best reading; when it is broken and another reading is not, nothing can be asserted."""
    imputation = charge.imputation
    if imputation is None:
        return None
    verdict = one(imputation.segments)
    if verdict is None or verdict.state != "broken" or not imputation.ambiguous:
        return verdict
    others = [one(segments) for segments in list(_each_reading(imputation))[1:]]
    if all(other is not None and other.state == "broken" for other in others):
        return verdict
    readings = " ; ".join(_reading_words(segments) for segments in _each_reading(imputation))
    return Verdict(
        state="unknown",
        place=charge.place,
        says=_TWO_READINGS,
        words={"raw": charge.raw, "readings": readings},
        values={"raw": charge.raw},
    )


def _record(imputation: str, year: int, **more: Any) -> Example:
    """A record with one allocation, for the examples."""
    part = {"funder": "Ville", "amount": "20 000 euros", "imputation": imputation}
    head = {"reference": f"{year}-12", "fiscal_year": year, **more}
    return Example({**head, "total": "20 000 euros", "allocations": [part]}, ".yaml")


# -- IMP001 -----------------------------------------------------------------------------------------------------

_FAULTS: Final[Mapping[str, Message]] = {
    "letter-for-digit": Message("une lettre tient lieu de chiffre", "a letter stands for a digit"),
    "mixed-separators": Message("séparateurs mêlés", "mixed separators"),
    "doubled-separator": Message("séparateur doublé", "doubled separator"),
    "dangling-separator": Message("séparateur au bord du code", "separator at the edge of the code"),
    "space-inside": Message("espace à l’intérieur du compte", "space inside the account"),
}
_MEANT: Final = Message("le code voulu était sans doute {new}", "the code meant was probably {new}")


@rule(
    "IMP001",
    name="imputation-malformed",
    on="charge",
    fr="L’imputation « {raw} » est mal formée : {reason}.",
    en="The imputation “{raw}” is malformed: {reason}.",
    title=Message("Imputation mal formée", "Malformed imputation"),
    why=Message(
        "Un code qui ne se lit pas ne dit pas où la dépense est imputée : le comptable ne peut pas la prendre en "
        "charge, et un traitement automatique la perd.",
        "A code that cannot be read does not say where the money is charged: the accountant cannot take it up, and "
        "automatic processing loses it.",
    ),
    computation=Message(
        "Les codes nus ont un seul séparateur, ni doublé ni au bord, et un compte fait de chiffres ; les codes "
        "libellés ont une valeur lisible après chaque libellé. Les segments propres à la collectivité (B320, 3A, "
        "P003) sont acceptés tels quels.",
        "Bare codes have one separator, neither doubled nor at the edge, and an account made of digits; labelled "
        "codes have a readable value after each label. A body’s own segments (B320, 3A, P003) are taken as they are.",
    ),
    authority=(NOTATION,),
    good=_record("65/6574/61", 2017),
    bad=_record("65//6574/61", 2017),
)
def malformed(charge: Charge, context: Context) -> Verdict | None:
    """IMP001: no notation allows the code."""
    imputation = charge.imputation
    if imputation is not None:
        faults = imputation.faults
        if not faults:
            return _HOLDS
        return Verdict(
            state="broken",
            place=charge.place,
            words={"raw": charge.raw, "reason": tuple(_FAULTS[fault] for fault in faults)},
            values={"raw": charge.raw, "faults": list(faults)},
            repairs=(_repair(charge.raw, imputation.canonical(), charge.place),),
            confidence=_least(charge.confidence, "medium"),
        )
    reason, repair = charge.trouble, None
    try:
        parse_imputation(charge.raw, fiscal_year=context.fiscal_year, nomenclature=context.nomenclature)
    except ImputationError as error:
        reason, repair = error.reason, error.repair
    return Verdict(
        state="broken",
        place=charge.place,
        words={"raw": charge.raw, "reason": reason or Message("illisible", "unreadable")},
        values={"raw": charge.raw},
        repairs=() if repair is None else (_repair(charge.raw, repair, charge.place),),
        confidence=charge.confidence,
    )


def _repair(old: str, new: str, place: Place, says: Message | None = None, kind: str = "") -> Repair:
    return Repair(old=old, new=new, place=place, kind=kind, says=says or _MEANT.having(new=new))


# -- accounts: IMP002, IMP006, IMP007 ---------------------------------------------------------------------------

CaseKind = Literal["holds", "unknown", "late", "ceased", "not-yet", "m14", "heading", "elsewhere", "absent"]


@dataclass(frozen=True, slots=True)
class Case:
    """What the lists say of an account within a scope.

    ``names``: where it stands (holds), or where it exists (elsewhere); ``status``: the row the case rests on.
    """

    kind: CaseKind
    names: tuple[str, ...] = ()
    status: AccountStatus | None = None
    successors: tuple[Successor, ...] = ()


@lru_cache(maxsize=32768)
def _case(code: str, scope: Scope) -> Case:
    statuses = [plans.account(code, year, name) for name in scope.names for year in scope.years]
    standing = tuple(dict.fromkeys(status.nomenclature for status in statuses if status.state == "chargeable"))
    if standing:
        return Case("holds", standing, next(status for status in statuses if status.state == "chargeable"))
    if not statuses:
        return Case("unknown")
    if any(status.state == "unknown" for status in statuses):
        late = _late(statuses, scope)
        return Case("unknown") if late is None else late
    if scope.years[0] is None and (len(code) < 4 or not plans.neighbours(code, None, scope.names)):
        return Case("unknown")  # perhaps an account of the years before those that were read
    for status in statuses:
        year = status.year
        if year is None or not _was_charged(status):
            continue
        first = min(row.first for row in status.ever_chargeable)
        table = plans.nomenclature(status.nomenclature)
        if first > year:
            olds = tuple(
                old
                for old in table.predecessors(code)
                if plans.account(old.code, year, status.nomenclature).state == "chargeable"
            )
            return Case("not-yet", (status.nomenclature,), status, olds)
        return Case("ceased", (status.nomenclature,), status, table.successors(code, year))
    for status in statuses:
        if status.year is not None and status.nomenclature == "M57" and status.state == "absent":
            moved = plans.nomenclature("M57").from_m14(code, status.year)
            if moved:
                return Case("m14", ("M14",), status, moved)
    heading = next((status for status in statuses if status.state == "heading"), None)
    if heading is not None:
        return Case("heading", (heading.nomenclature,), heading)
    others = tuple(
        name
        for name in plans.available()
        if all(name != status.nomenclature for status in statuses)
        and any(plans.account(code, year, name).state == "chargeable" for year in scope.years)
    )
    if others:
        return Case("elsewhere", others, plans.account(code, scope.years[0], others[0]))
    return Case("absent", (), statuses[0])


def _was_charged(status: AccountStatus) -> bool:
    """Whether money was once charged to a code that is no longer chargeable: a real operation, or a known change."""
    if not status.ever_chargeable or status.year is None:
        return False
    if any(row.sense != "O" for row in status.ever_chargeable):
        return True
    return bool(plans.nomenclature(status.nomenclature).successors(status.code, status.year))


def _late(statuses: list[AccountStatus], scope: Scope) -> Case | None:
    """From 2024 the M57 is nearly everyone's, and the lists of the others were not read: an account that the M57 no
    longer has deserves a word, not an accusation."""
    if scope.settled or scope.year is None or scope.year < 2024:
        return None
    mine = next((status for status in statuses if status.nomenclature == "M57"), None)
    if mine is None or mine.state not in ("heading", "absent"):
        return None
    if not _was_charged(mine):
        return None
    return Case("late", ("M57",), mine, plans.nomenclature("M57").successors(mine.code, scope.year))


def _account(charge: Charge, context: Context) -> tuple[str, Scope, Case] | None:
    imputation = charge.imputation
    if imputation is None:
        return None
    nature = imputation.get("nature")
    if nature is None:
        return None
    scope = _scope(charge, context)
    code = account_code(nature)
    return code, scope, _case(code, scope)


def _values(code: str, scope: Scope, **more: Any) -> dict[str, Any]:
    return {"nature": code, "fiscal_year": scope.year, "nomenclatures": list(scope.names), **more}


@rule(
    "IMP002",
    name="account-unknown",
    on="charge",
    fr="Le compte {nature} n’existe {when} ({names}).{guess}",
    en="Account {nature} does not exist {when} ({names}).{guess}",
    title=Message("Compte inconnu", "Unknown account"),
    why=Message(
        "Une faute de frappe (6754 pour 6574) a l’allure d’un compte : seule la liste de l’exercice la distingue.",
        "A slip of the hand (6754 for 6574) looks like an account: only the list of the year tells.",
    ),
    computation=Message(
        "Le compte est cherché dans la liste de l’exercice. Nomenclature indiquée ou fixée par la loi : celle-là ; "
        "sinon toutes celles de l’époque, et il n’est dit inconnu que s’il l’est de toutes. Les comptes voisins à un "
        "chiffre près sont proposés, ceux du chapitre indiqué d’abord.",
        "The account is looked up in the list of the year. A nomenclature stated, or settled by law: that one; "
        "otherwise all of the time, and it is called unknown only when it is unknown to all. Accounts one digit away "
        "are proposed, those of the stated chapter first.",
    ),
    inconclusive=Message(
        "Quand la liste de l’exercice, ou cette partie de la liste, n’a pas été lue (voir la page des nomenclatures).",
        "When the list of the year, or that part of it, was not read (see the page on nomenclatures).",
    ),
    authority=(PLANS,),
    good=_record("65/6574/61", 2017, nomenclature="M57"),
    bad=_record("65/6754/61", 2017, nomenclature="M57"),
)
def account_unknown(charge: Charge, context: Context) -> Verdict | None:
    """IMP002: no list of the time has the account."""
    found = _account(charge, context)
    if found is None:
        return None
    code, scope, case = found
    imputation = charge.imputation
    chapter = None if imputation is None else imputation.get("chapitre")
    if case.kind in ("unknown", "late"):
        if charge.strict or not _exchanged(code, scope, chapter):
            return _UNKNOWN
        scope, case = replace(scope, names=("M57",)), Case("absent")
    if case.kind not in ("absent", "elsewhere"):
        return _HOLDS
    near = _near(code, scope, chapter)
    if any(item.fits for item in near):
        # What another chapter carries is worth telling only when the slip is the plainest one.
        near = tuple(item for item in near if item.fits or item.edit == "transposition")
    near = near[:5]
    repairs = tuple(_repair(code, item.code, charge.place, _meant(item, scope), item.edit) for item in near)
    guess = Message("", "")
    if case.kind == "elsewhere":
        guess = Message(" Il existe en {others}.", " It exists in {others}.").having(others=_list(case.names))
    elif near and (near[0].fits or chapter is None):
        guess = Message(" Peut-être {code}, « {label} » ?", " Perhaps {code}, “{label}”?").having(
            code=near[0].code, label=near[0].label
        )
    own = _extends_account(code, scope) and not (near and near[0].fits and near[0].edit == "transposition")
    return Verdict(
        state="broken",
        place=charge.place,
        words={
            "nature": code,
            "when": _negation(scope),
            "names": _list(scope.names) if scope.settled else _tried(scope),
            "guess": guess,
        },
        values=_values(code, scope, neighbours=[item.code for item in near]),
        repairs=repairs,
        working=scope.why,
        severity="warning" if own else None,
        confidence=_least(charge.confidence, scope.confidence, _in_prose(charge, "low" if own else "medium")),
        key=f"{code}\0{charge.raw}",
    )


_M57_FOR_ALL: Final = 2024


def _exchanged(code: str, scope: Scope, chapter: str | None) -> bool:
    """True for a code of no list of any year, in the years of the M57 for all, that two neighbouring digits exchanged
    make an account of the M57 which the stated chapter carries: the lists that were not read would not explain it."""
    if scope.year is None or scope.year < _M57_FOR_ALL or chapter is None or "M57" not in scope.names:
        return False
    if plans.account(code, scope.year, "M57").state != "absent":
        return False
    if any(plans.account(code, None, name).state != "absent" for name in scope.names):
        return False
    near = plans.neighbours(code, scope.year, ("M57",), chapter_code=chapter)
    return any(item.fits and item.edit == "transposition" for item in near)


_TRIED: Final = Message("nomenclatures essayées : {names}", "nomenclatures tried: {names}")


@lru_cache(maxsize=4096)
def _near(code: str, scope: Scope, chapter: str | None) -> tuple[Neighbour, ...]:
    """Accounts one slip away, those of the year first; an exchange of two digits that gives an account of another
    year comes before the rest: a slip may also be made on an account that is gone."""
    now = plans.neighbours(code, scope.year, scope.names, chapter_code=chapter)
    if scope.year is None:
        return now
    known = {item.code for item in now}
    gone = tuple(
        item
        for item in plans.neighbours(code, None, scope.names, chapter_code=chapter)
        if item.code not in known
        and item.fits
        and item.edit == "transposition"
        and plans.account(item.code, scope.year, item.nomenclature).state != "unknown"
    )
    first = tuple(item for item in now if item.edit == "transposition" and item.fits)
    return (*first, *gone, *(item for item in now if item not in first))


def _meant(item: Neighbour, scope: Scope) -> Message:
    """The label of a neighbour, and what it became when it is of another year."""
    said = Message("« {label} »", "“{label}”").having(label=item.label)
    year = scope.year
    if year is None or plans.account(item.code, year, item.nomenclature).state == "chargeable":
        return said
    heirs = plans.nomenclature(item.nomenclature).successors(item.code, year)
    if not heirs:
        return Message("{said} (autre exercice)", "{said} (another year)").having(said=said)
    return Message("{said} (depuis, {codes})", "{said} (since then, {codes})").having(
        said=said, codes=tuple(_named(heir) for heir in heirs)
    )


def _tried(scope: Scope) -> Message:
    return _TRIED.having(names=_list(scope.names))


def _negation(scope: Scope) -> Message:
    """« n'existe » is completed by « pas en 2017 », « pas de 2017 à 2018 », « dans aucun exercice connu »."""
    if scope.years[0] is None:
        return Message("dans aucun exercice connu", "in any known fiscal year")
    if scope.year is not None:
        return Message("pas en {year:plain}", "in {year:plain}").having(year=scope.year)
    return Message("pas de {first:plain} à {last:plain}", "from {first:plain} to {last:plain}").having(
        first=scope.years[0], last=scope.years[-1]
    )


def _extends_account(code: str, scope: Scope) -> bool:
    """Whether the code prolongs an account that is chargeable: perhaps the body's own subdivision of it."""
    parents = (
        plans.account(code[:end], year, name)
        for end in range(3, len(code))
        for name in scope.names
        for year in scope.years
    )
    return any(
        parent.state == "chargeable" and parent.account is not None and parent.account.sense != "O"
        for parent in parents
    )


_BECAME: Final = Message("remplacé par {codes}", "replaced by {codes}")
_NO_HEIR: Final = Message("son remplacement n’est pas connu des tables", "the tables do not know what replaced it")
_BEFORE: Final = Message("avant cela, {codes}", "before that, {codes}")
_LATE: Final = Message(
    "Le compte {nature} n’existe plus en M57 ({became}), que presque toutes les collectivités appliquent en "
    "{year:plain} ; les listes des autres nomenclatures n’ont pas été lues pour cet exercice : à vérifier.",
    "Account {nature} no longer exists in the M57 ({became}), which nearly all bodies apply in {year:plain}; the "
    "lists of the other nomenclatures were not read for that year: to be checked.",
)
_NOT_YET: Final = Message(
    "Le compte {nature}, « {label} », n’est pas encore imputable en {year:plain} en {name} : il l’est à partir de "
    "{first:plain} ({became}).",
    "Account {nature}, “{label}”, is not chargeable yet in {year:plain} in the {name}: it is from {first:plain} on "
    "({became}).",
)
_OF_M14: Final = Message(
    "Le compte {nature} est de la M14 ; en M57, pour {year:plain} : {became}.",
    "Account {nature} belongs to the M14; in the M57, for {year:plain}: {became}.",
)
_KIND_OF: Final[Mapping[BeneficiaryKind, str]] = {"menage": "65741", "entreprise": "65742", "association": "65748"}


@rule(
    "IMP006",
    name="account-not-in-year",
    on="charge",
    fr="Le compte {nature}, « {label} », n’est plus imputable en {year:plain} en {name} (il l’a été de {first:plain} "
    "à {last:plain}) : {became}.",
    en="Account {nature}, “{label}”, is no longer chargeable in {year:plain} in the {name} (it was from {first:plain} "
    "to {last:plain}): {became}.",
    title=Message("Compte d’un autre exercice", "Account of another year"),
    why=Message(
        "Le compte 6574 de la M57 a été divisé en 2018 : un modèle d’acte repris d’une année sur l’autre garde un "
        "compte qui n’existe plus.",
        "Account 6574 of the M57 was split in 2018: an act copied from the year before keeps an account that is gone.",
    ),
    computation=Message(
        "Le compte a été imputable, ou le sera, un autre exercice observé de la même nomenclature, ou l’est en M14 "
        "alors que la M57 s’applique. Les remplaçants viennent des listes (subdivisions, même libellé) et de la table "
        "de transposition M14 → M57 ; celui du bénéficiaire vient d’abord.",
        "The account was or will be chargeable in another observed year of the same nomenclature, or is in the M14 "
        "while the M57 applies. What replaced it comes from the lists (subdivisions, same label) and from the table "
        "M14 → M57; the one that fits the beneficiary comes first.",
    ),
    inconclusive=Message(
        "Quand la liste de l’exercice n’a pas été lue, ou quand une autre nomenclature de l’époque l’admet.",
        "When the list of the year was not read, or when another nomenclature of the time has the account.",
    ),
    authority=(PLANS, GENERAL),
    good=_record("65/65748/61", 2019, nomenclature="M57"),
    bad=_record("65/6574/61", 2019, nomenclature="M57"),
)
def account_not_in_year(charge: Charge, context: Context) -> Verdict | None:
    """IMP006: the account is of another year, or of the nomenclature that this one replaced."""
    found = _account(charge, context)
    if found is None:
        return None
    code, scope, case = found
    if case.kind == "unknown":
        return _UNKNOWN
    status = case.status
    if case.kind not in ("ceased", "not-yet", "m14", "late") or status is None or status.year is None:
        return _HOLDS
    ranked = _ranked(case.successors, charge.beneficiary or context.beneficiary)
    codes = tuple(_named(item) for item in ranked)
    rows = status.ever_chargeable
    became = (_BEFORE if case.kind == "not-yet" else _BECAME).having(codes=codes) if codes else _NO_HEIR
    words: dict[str, Any] = {
        "nature": code,
        "year": status.year,
        "name": status.nomenclature,
        "label": rows[-1].label if rows else status.label,
        "first": min((row.first for row in rows), default=0),
        "last": max((row.last for row in rows), default=0),
        "became": codes if case.kind == "m14" else became,
    }
    repairs = tuple(
        _repair(
            code,
            item.code,
            charge.place,
            Message("« {label} »", "“{label}”").having(label=item.label),
            item.basis,
        )
        for item in ranked
    )
    says = {"not-yet": _NOT_YET, "m14": _OF_M14, "late": _LATE}.get(case.kind)
    return Verdict(
        state="unknown" if case.kind == "late" else "broken",
        place=charge.place,
        words=words,
        values=_values(code, scope, successors=[item.code for item in ranked]),
        repairs=repairs,
        working=scope.why,
        says=says,
        severity="warning" if case.kind == "late" else None,
        confidence=_least(charge.confidence, scope.confidence, _in_prose(charge, "medium" if scope.stated else "low")),
        key=f"{code}\0{charge.raw}",
    )


def _named(item: Successor) -> Message:
    if not item.label:
        return Message("{code}", "{code}").having(code=item.code)
    return Message("{code} « {label} »", "{code} “{label}”").having(code=item.code, label=item.label)


def _ranked(items: tuple[Successor, ...], kind: BeneficiaryKind | None) -> tuple[Successor, ...]:
    wanted = None if kind is None else _KIND_OF.get(kind)
    return tuple(sorted(items, key=lambda item: item.code != wanted)) if wanted else items


@rule(
    "IMP007",
    name="account-not-chargeable",
    on="charge",
    severity="warning",
    fr="Le compte {nature}, « {label} », est un intitulé : en {name}, la dépense s’impute à l’une de ses subdivisions"
    "{parts}.",
    en="Account {nature}, “{label}”, is a heading: in the {name} money is charged to one of its subdivisions{parts}.",
    title=Message("Compte non imputable", "Account not chargeable"),
    why=Message(
        "Un intitulé ne désigne pas où la dépense est inscrite : il faut l’une de ses subdivisions.",
        "A heading does not say where the expense is entered: one of its subdivisions is needed.",
    ),
    computation=Message(
        "Le compte figure dans la liste de l’exercice sans qu’aucun chapitre ne le porte, et n’a jamais été imputable.",
        "The account is in the list of the year but no chapter carries it, and it never was chargeable.",
    ),
    authority=(PLANS,),
    good=_record("65/657348/61", 2017, nomenclature="M57"),
    bad=_record("65/65734/61", 2017, nomenclature="M57"),
)
def account_not_chargeable(charge: Charge, context: Context) -> Verdict | None:
    """IMP007: a heading, to whose subdivisions the money is charged."""
    found = _account(charge, context)
    if found is None:
        return None
    code, scope, case = found
    if case.kind in ("unknown", "late"):
        return _UNKNOWN
    status = case.status
    if case.kind != "heading" or status is None:
        return _HOLDS
    if scope.years[0] is None:
        return _UNKNOWN  # before the years that were read it may have been one
    parts = _subdivisions(code, scope.year, status.nomenclature)
    shown = Message("", "")
    if parts:
        more = Message("", "") if len(parts) <= 4 else Message("…", "…")
        shown = Message(" ({codes}{more})", " ({codes}{more})").having(codes=parts[:4], more=more)
    return Verdict(
        state="broken",
        place=charge.place,
        words={"nature": code, "label": status.label, "name": _shown(status.nomenclature), "parts": shown},
        values=_values(code, scope, subdivisions=list(parts)),
        repairs=tuple(
            _repair(
                code,
                part,
                charge.place,
                Message("« {label} »", "“{label}”").having(
                    label=plans.account(part, scope.year, status.nomenclature).label
                ),
                "split",
            )
            for part in parts[:8]
        ),
        working=scope.why,
        confidence=_least(charge.confidence, scope.confidence, _in_prose(charge, "low")),
        key=f"{code}\0{charge.raw}",
    )


@lru_cache(maxsize=1024)
def _subdivisions(code: str, year: int | None, name: str) -> tuple[str, ...]:
    table = plans.nomenclature(name)
    return tuple(
        sorted(
            other
            for other in table.codes()
            if other != code and other.startswith(code) and plans.account(other, year, name).state == "chargeable"
        )
    )


# -- chapters: IMP003 -------------------------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def _carried(chapter: str, code: str, scope: Scope) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the chapter can carry the account, and the chapters that can.

    Only the nomenclatures that have the account are asked (all of them when none has it), and only those for which
    the chapter is an official one: elsewhere it may be an operation, which a body numbers as it likes.
    """
    known = [name for name in scope.names if plans.account(code, None, name).rows]
    right: dict[str, None] = {}
    answers: list[bool | None] = []
    for name in known or scope.names:
        for year in scope.years:
            found = plans.chapter(chapter, year, name)
            if found is None:
                continue
            if found.vote == "fonction":
                section = plans.section_of(code)
                answers.append(None if section == found.section else False if _since(year, 2005) else None)
                continue
            answers.append(plans.carries(chapter, code, year, name))
            row = plans.account(code, year, name).account
            own = row.chapter if row is not None and row.chapter else None
            own = own or plans.nomenclature(name.partition(" ")[0]).own_chapter(code)
            if own is not None:
                right[own] = None
    if True in answers:
        return True, tuple(right)
    if not answers or None in answers:
        return None, tuple(right)
    return False, tuple(right)


def _since(year: int | None, first: int) -> bool:
    return year is not None and year >= first


@rule(
    "IMP003",
    name="chapter-mismatch",
    on="charge",
    fr="Le chapitre {chapitre} ne porte pas le compte {nature}{carried}.",
    en="Chapter {chapitre} does not carry account {nature}{carried}.",
    title=Message("Chapitre et compte en désaccord", "Chapter and account disagree"),
    why=Message(
        "Les crédits sont votés par chapitre : une dépense imputée sous un chapitre qui ne porte pas son compte n’est "
        "pas couverte par le vote.",
        "Credits are voted by chapter: an expense charged under a chapter that does not carry its account is not "
        "covered by the vote.",
    ),
    computation=Message(
        "Le chapitre d’un compte est le plus long chapitre non globalisé qui le préfixe (20422 → 204), sauf les "
        "chapitres globalisés (011, 012, 014…) et les exceptions des listes. Le désaccord n’est dit que si aucune "
        "nomenclature possible n’admet ce chapitre.",
        "The chapter of an account is the longest chapter, not globalised, that begins it (20422 → 204), except for "
        "the globalised chapters (011, 012, 014…) and the exceptions of the lists. The disagreement is told only when "
        "no possible nomenclature allows the chapter.",
    ),
    inconclusive=Message(
        "Quand le chapitre n’est pas un chapitre officiel (ce peut être une opération), ou est voté par fonction.",
        "When the chapter is not an official one (it may be an operation), or is voted by function.",
    ),
    authority=(VOTE, PLANS),
    good=_record("chapitre 204, nature 20422, fonction 324", 2017),
    bad=_record("chapitre 65, nature 20422, fonction 324", 2017),
)
def chapter_mismatch(charge: Charge, context: Context) -> Verdict | None:
    """IMP003: no possible nomenclature puts the account under the chapter."""
    scope = _scope(charge, context)

    def one(segments: Segments) -> Verdict | None:
        chapter, nature = segments.get("chapitre"), segments.get("nature")
        if chapter is None or nature is None:
            return None
        code = account_code(nature)
        carried, right = _carried(chapter, code, scope)
        if carried is False and _case(code, scope).kind == "absent" and _meant_under(chapter, code, scope):
            return None  # IMP002 tells it: the account is the slip, not the chapter
        if carried is not False:
            return _HOLDS if carried else _UNKNOWN
        shown = _OTHER_SECTION
        if right:
            shown = Message(", qui relève du chapitre {right}", ", which belongs to chapter {right}").having(
                right=_either(right)
            )
        of_account = Message("chapitre du compte {nature}", "chapter of account {nature}").having(nature=code)
        repairs = [_repair(chapter, own, charge.place, of_account, "chapter") for own in right]
        for item in plans.neighbours(code, scope.year, scope.names, chapter_code=chapter)[:3]:
            if item.fits:
                says = Message("« {label} »", "“{label}”").having(label=item.label)
                repairs.append(_repair(code, item.code, charge.place, says, item.edit))
        return Verdict(
            state="broken",
            place=charge.place,
            words={"chapitre": chapter, "nature": code, "carried": shown},
            values={"chapitre": chapter, **_values(code, scope, chapters=list(right))},
            repairs=tuple(repairs),
            working=scope.why,
            confidence=charge.confidence,
            key=f"{chapter}\0{code}\0{charge.raw}",
        )

    return _over_readings(charge, one)


_OTHER_SECTION: Final = Message(
    " : ils ne sont pas de la même section du budget", ": they are not of the same section of the budget"
)


@lru_cache(maxsize=4096)
def _meant_under(chapter: str, code: str, scope: Scope) -> bool:
    """Whether an account one slip away goes with the chapter."""
    return any(item.fits for item in _near(code, scope, chapter))


def _either(codes: tuple[str, ...]) -> Message:
    return Message(" ou ".join(codes), " or ".join(codes))


# -- functions: IMP004, IMP009, IMP010 --------------------------------------------------------------------------


@lru_cache(maxsize=16384)
def _function_state(code: str, scope: Scope) -> tuple[Literal["known", "absent", "own", "unknown"], tuple[str, ...]]:
    """What the lists say of a function, and the nomenclatures that were asked: those that have functions."""
    asked = tuple(name for name in scope.names if plans.nomenclature(name.partition(" ")[0]).function_years)
    statuses = [plans.function(code, year, name) for name in asked for year in scope.years]
    if any(status.state == "known" for status in statuses):
        return "known", asked
    if not statuses or any(status.state == "unknown" for status in statuses):
        return "unknown", asked
    return ("own" if any(status.own_subdivision for status in statuses) else "absent"), asked


@rule(
    "IMP004",
    name="function-unknown",
    on="charge",
    fr="La fonction {fonction} n’existe {when} ({names}).",
    en="Function {fonction} does not exist {when} ({names}).",
    title=Message("Fonction inconnue", "Unknown function"),
    why=Message(
        "La fonction dit à quoi sert la dépense ; un code qui n’est pas de la liste ne le dit pas, et fausse la "
        "présentation croisée du budget.",
        "The function says what the money is for; a code that is not of the list does not, and distorts the budget’s "
        "presentation by function.",
    ),
    computation=Message(
        "La fonction est cherchée dans la liste de l’exercice de chaque nomenclature possible, à tous les niveaux "
        "(33 comme 331). Une subdivision d’une fonction de dernier niveau peut être propre à la collectivité : elle "
        "n’est pas jugée.",
        "The function is looked up in the list of the year of each possible nomenclature, at all levels (33 as well "
        "as 331). A subdivision of a function of the last level may be the body’s own: it is not judged.",
    ),
    inconclusive=Message(
        "Quand la liste des fonctions de l’exercice n’a pas été lue.",
        "When the list of functions of the year was not read.",
    ),
    authority=(PLANS, VOTE),
    good=_record("nature 6574, fonction 61", 2017, nomenclature="M57"),
    bad=_record("nature 6574, fonction 99", 2017, nomenclature="M57"),
)
def function_unknown(charge: Charge, context: Context) -> Verdict | None:
    """IMP004: no list of the time has the function."""
    scope = _scope(charge, context)

    def one(segments: Segments) -> Verdict | None:
        code = segments.get("fonction")
        if code is None:
            return None
        state, asked = _function_state(code, scope) if code.isdecimal() else ("own", ())
        if state != "absent":
            return _HOLDS if state == "known" else _UNKNOWN
        if _lost_zero(code, scope):
            return None  # IMP009 tells it
        imputation = charge.imputation
        labelled = imputation is not None and "fonction" in imputation.labels
        return Verdict(
            state="broken",
            place=charge.place,
            words={
                "fonction": code,
                "when": _negation(scope),
                "names": _list(asked) if scope.settled else _TRIED.having(names=_list(asked)),
            },
            values={"fonction": code, "fiscal_year": scope.year, "nomenclatures": list(asked)},
            working=scope.why,
            # In a bare code the place of the function may hold a segment of the body's own.
            confidence=_least(
                charge.confidence,
                scope.confidence,
                "high" if labelled else "medium",
                _in_prose(charge, "medium" if scope.stated else "low"),
            ),
            key=f"{code}\0{charge.raw}",
        )

    return _over_readings(charge, one)


@lru_cache(maxsize=4096)
def _lost_zero(code: str, scope: Scope) -> bool:
    """True when the function is unknown as written, and known with a zero before it."""
    return (
        not code.startswith("0")
        and _function_state(code, scope)[0] == "absent"
        and _function_state("0" + code, scope)[0] == "known"
    )


@rule(
    "IMP009",
    name="leading-zero-lost",
    on="charge",
    severity="warning",
    fr="{what} {written} : le zéro de tête a sans doute été perdu ({meant}).",
    en="{what} {written}: the leading zero was probably lost ({meant}).",
    title=Message("Zéro de tête perdu", "Leading zero lost"),
    why=Message(
        "Un tableur lit 025 comme un nombre et écrit 25, qui n’est pas la même fonction : les zéros de tête comptent.",
        "A spreadsheet reads 025 as a number and writes 25, which is another function: leading zeros matter.",
    ),
    computation=Message(
        "Le code écrit n’existe pas ; le même précédé d’un zéro existe, et porte le compte s’il s’agit d’un chapitre.",
        "The code as written does not exist; with a zero before it, it does, and carries the account if a chapter.",
    ),
    inconclusive=Message(
        "Quand un code sans libellé commence par deux chiffres, sans chapitre, qu’ils sont une fonction, et que le "
        "chapitre qui s’écrit avec un zéro de plus porte le compte : « 11/6281 », fonction 11 ou chapitre 011.",
        "When a code without labels and without a chapter begins with two digits that are a function, while the "
        "chapter with one more zero carries the account: “11/6281”, function 11 or chapter 011.",
    ),
    authority=(PLANS,),
    good=_record("chapitre 011, nature 6188, fonction 020", 2017, nomenclature="M57"),
    bad=_record("chapitre 11, nature 6188, fonction 020", 2017, nomenclature="M57"),
)
def leading_zero_lost(charge: Charge, context: Context) -> Iterable[Verdict]:
    """IMP009: a function or a chapter that exists only with a zero before it."""
    imputation = charge.imputation
    if imputation is None or imputation.ambiguous:
        return
    scope = _scope(charge, context)
    function, chapter = imputation.get("fonction"), imputation.get("chapitre")
    if function is not None and function.isdecimal():
        lost = _lost_zero(function, scope)
        yield _zero(charge, scope, Message("Fonction", "Function"), function, lost)
        account = imputation.get("nature") if imputation.pairs[0] == ("fonction", function) else None
        bare = chapter is None and not imputation.labels
        if bare and account is not None and _chapter_of(function, account_code(account), scope):
            yield Verdict(
                state="unknown",
                place=charge.place,
                says=_FUNCTION_OR_CHAPTER,
                words={"raw": charge.raw, "written": function, "meant": "0" + function},
                values={"written": function, "meant": "0" + function, "fiscal_year": scope.year},
                key=f"{function}\0{charge.raw}",
            )
    if chapter is not None:
        nature = imputation.get("nature")
        lost = _chapter_zero(chapter, None if nature is None else account_code(nature), scope)
        yield _zero(charge, scope, Message("Chapitre", "Chapter"), chapter, lost)


_FUNCTION_OR_CHAPTER: Final = Message(
    "« {raw} » : {written} se lit comme la fonction ; ce peut être aussi le chapitre {meant}, sans son zéro de tête : "
    "rien n’est affirmé.",
    "“{raw}”: {written} reads as the function; it may also be chapter {meant} without its leading zero: nothing is "
    "asserted.",
)


@lru_cache(maxsize=4096)
def _chapter_of(function: str, code: str, scope: Scope) -> bool:
    """True when the digits are a function, and a chapter that carries the account once a zero is before them."""
    if len(function) != 2 or function.startswith("0") or _function_state(function, scope)[0] == "absent":
        return False
    return any(plans.carries("0" + function, code, year, name) is True for name in scope.names for year in scope.years)


def _zero(charge: Charge, scope: Scope, what: Message, written: str, lost: bool) -> Verdict:
    if not lost:
        return _HOLDS
    meant = "0" + written
    return Verdict(
        state="broken",
        place=charge.place,
        words={"what": what, "written": written, "meant": meant},
        values={"written": written, "meant": meant, "fiscal_year": scope.year},
        repairs=(_repair(written, meant, charge.place, kind="zero"),),
        confidence=_least(charge.confidence, "high" if scope.settled else "medium", _in_prose(charge, "low")),
        key=f"{written}\0{charge.raw}",
    )


@lru_cache(maxsize=4096)
def _chapter_zero(chapter: str, code: str | None, scope: Scope) -> bool:
    if chapter.startswith("0") or len(chapter) != 2 or not scope.names:
        return False
    if any(plans.chapter(chapter, year, name) is not None for name in scope.names for year in scope.years):
        return False
    meant = "0" + chapter
    if code is None:
        # A chapter alone: every nomenclature tried must have it.
        return all(plans.chapter(meant, year, name) is not None for name in scope.names for year in scope.years)
    return any(plans.carries(meant, code, year, name) is True for name in scope.names for year in scope.years)


@rule(
    "IMP010",
    name="function-chapter-mismatch",
    on="charge",
    severity="warning",
    fr="Budget voté par fonction : le chapitre {chapitre} ne porte pas {what} {code}{carried}.",
    en="Budget voted by function: chapter {chapitre} does not carry {what} {code}{carried}.",
    title=Message("Chapitre et fonction en désaccord", "Chapter and function disagree"),
    why=Message(
        "Quand le budget est voté par fonction, le chapitre (90x, 93x) suit la fonction et non le compte.",
        "When the budget is voted by function, the chapter (90x, 93x) follows the function, not the account.",
    ),
    computation=Message(
        "L’article fonctionnel est le préfixe de la section (90, 93 ; 92 en M14) suivi de la fonction : 93 + 61 = "
        "9361, au chapitre 936.",
        "The functional article is the prefix of the section (90, 93; 92 in the M14) followed by the function: 93 + 61 "
        "= 9361, under chapter 936.",
    ),
    authority=(VOTE, PLANS),
    good=_record("chapitre 936, nature 65748, fonction 61", 2018, nomenclature="M57"),
    bad=_record("chapitre 933, nature 65748, fonction 61", 2018, nomenclature="M57"),
)
def function_chapter_mismatch(charge: Charge, context: Context) -> Verdict | None:
    """IMP010: a chapter voted by function and the function of the same imputation."""
    scope = _scope(charge, context)

    def one(segments: Segments) -> Verdict | None:
        chapter = segments.get("chapitre")
        if chapter is None or chapter[0] != "9" or len(chapter) not in (3, 4):
            return None
        article, function = segments.get("article"), segments.get("fonction")
        if article is None and function is None:
            return None
        code = article or function or ""
        carried, right = _functional(chapter, code, article is not None, scope)
        if carried is not False:
            return _HOLDS if carried else _UNKNOWN
        what = Message("l’article", "article") if article else Message("la fonction", "function")
        shown = Message("", "")
        if right:
            shown = Message(" (chapitre {right})", " (chapter {right})").having(right=_either(right))
        return Verdict(
            state="broken",
            place=charge.place,
            words={"chapitre": chapter, "what": what, "code": code, "carried": shown},
            values={"chapitre": chapter, "code": code, "chapters": list(right), "fiscal_year": scope.year},
            repairs=tuple(_repair(chapter, own, charge.place, kind="chapter") for own in right),
            working=scope.why,
            confidence=_least(charge.confidence, _in_prose(charge, "low")),
            key=f"{chapter}\0{code}\0{charge.raw}",
        )

    return _over_readings(charge, one)


@lru_cache(maxsize=4096)
def _functional(chapter: str, code: str, is_article: bool, scope: Scope) -> tuple[bool | None, tuple[str, ...]]:
    right: dict[str, None] = {}
    answers: list[bool | None] = []
    for name in scope.names:
        table = plans.nomenclature(name.partition(" ")[0])
        for year in scope.years:
            if year is not None and year < 2013:
                answers.append(None)
                continue
            found = table.chapter(chapter, year)
            if found is None or found.vote != "fonction":
                continue
            wanted = code if is_article else chapter[:2] + code
            exact = table.article(wanted, year)
            chapters = {exact.chapter} if exact is not None else table.chapters_below(wanted, year)
            if not chapters:
                answers.append(None)
            else:
                answers.append(any(own == chapter or own.startswith(chapter) for own in chapters))
                right.update(dict.fromkeys(sorted(chapters)))
    if True in answers:
        return True, tuple(right)
    if not answers or None in answers:
        return None, tuple(right)
    return False, tuple(right)


# -- IMP005: section --------------------------------------------------------------------------------------------

_SECTION_WORDS: Final[Mapping[Section, Message]] = {
    "fonctionnement": Message("de fonctionnement", "operating"),
    "investissement": Message("d’investissement", "investment"),
}
_EQUIPMENT: Final = re.compile(r"[ée]quipement|investissement", re.IGNORECASE)


@lru_cache(maxsize=8192)
def _section(code: str, chapter: str | None, scope: Scope) -> tuple[Section | None, str]:
    """The section that the account, or failing that the chapter, belongs to, and which of the two says so."""
    if code:
        return plans.section_of(code), code
    if chapter is None:
        return None, ""
    found = {row.section for name in scope.names for year in scope.years if (row := plans.chapter(chapter, year, name))}
    return (found.pop() if len(found) == 1 else None), chapter


@rule(
    "IMP005",
    name="section-mismatch",
    on="charge",
    fr="La subvention est dite {said}, mais {what} {code} est de la section {section}.",
    en="The subsidy is called an {said} one, but {what} {code} belongs to the {section} section.",
    title=Message("Section et imputation en désaccord", "Section and imputation disagree"),
    why=Message(
        "Une subvention de fonctionnement ne s’impute pas à un compte d’investissement (204), ni une subvention "
        "d’équipement à un compte de fonctionnement (657) : l’équilibre de chaque section en dépend.",
        "An operating subsidy is not charged to an investment account (204), nor an equipment subsidy to an operating "
        "one (657): the balance of each section depends on it.",
    ),
    computation=Message(
        "Classes 1 à 5 : investissement ; classes 6 et 7 : fonctionnement. La section dite est celle des mots qui "
        "entourent l’imputation, ou de la fiche.",
        "Classes 1 to 5: investment; classes 6 and 7: operating. The section said is that of the words around the "
        "imputation, or of the record.",
    ),
    inconclusive=Message(
        "Avant 2006, des subventions d’équipement s’imputaient en 657 ; les comptes dont le libellé parle d’équipement "
        "ne sont pas jugés.",
        "Before 2006 equipment subsidies were charged to 657; accounts whose label speaks of equipment are not judged.",
    ),
    authority=(SECTIONS, PLANS),
    good=_record("65/6574/61", 2017, section="fonctionnement"),
    bad=_record("204/20422/61", 2017, section="fonctionnement"),
)
def section_mismatch(charge: Charge, context: Context) -> Verdict | None:
    """IMP005: what is said of the subsidy against the section of its account."""
    said = charge.section or context.section
    imputation = charge.imputation
    if said is None or imputation is None:
        return None
    scope = _scope(charge, context)
    nature, chapter = imputation.get("nature"), imputation.get("chapitre")
    section, code = _section("" if nature is None else account_code(nature), chapter, scope)
    if section is None:
        return _UNKNOWN if code else None
    if section == said:
        return _HOLDS
    if said == "investissement" and code.startswith("65"):
        earliest = scope.years[0]
        equipment = any(
            _EQUIPMENT.search(row.label) for name in scope.names for row in plans.account(code, None, name).rows
        )
        if equipment or (earliest is not None and earliest < 2006):
            return _UNKNOWN
    return Verdict(
        state="broken",
        place=charge.place,
        words={
            "said": _SECTION_WORDS[said],
            "what": Message("le compte", "account") if nature else Message("le chapitre", "chapter"),
            "code": code,
            "section": _SECTION_WORDS[section],
        },
        values={"said": said, "section": section, "code": code},
        # In prose the words around may speak of another subsidy.
        confidence=_least(
            charge.confidence, "high" if scope.years[0] is not None else "medium", _in_prose(charge, "low")
        ),
        key=f"{code}\0{charge.raw}",
    )


# -- IMP008: beneficiary ----------------------------------------------------------------------------------------

Paid = Literal["public", "private", "menage", "entreprise"]


@lru_cache(maxsize=4096)
def _paid(code: str, scope: Scope) -> Paid | None:
    """Whom an account pays, where all its labels of the time agree; ``None`` when the code does not tell.

    The plans de comptes keep public bodies and persons of private law apart in 657 and 204 (6573 and 2041; 6574 and
    2042); the M57 splits 6574 by beneficiary since 2018. Accounts of public services run by others are left out.
    """
    if code.startswith(("657364", "6573622", "65743", "2044", "2045")):
        return None
    if code.startswith(("6573", "2041")):
        return "public"
    if code in ("65741", "65742"):
        return "menage" if code == "65741" else "entreprise"
    if code.startswith(("6574", "2042")):
        return "private"
    return None


_BENEFICIARY: Final[Mapping[BeneficiaryKind, Message]] = {
    "association": Message("une association", "an association"),
    "entreprise": Message("une entreprise", "a company"),
    "menage": Message("un ménage", "a household"),
    "public": Message("un organisme public", "a public body"),
    "autre": Message("un autre bénéficiaire", "another beneficiary"),
}
_PAYS: Final[Mapping[Paid, Message]] = {
    "public": Message("des organismes publics", "public bodies"),
    "private": Message("des personnes de droit privé", "persons of private law"),
    "menage": Message("des ménages", "households"),
    "entreprise": Message("des entreprises", "companies"),
}
_AGAINST: Final[frozenset[tuple[BeneficiaryKind, Paid]]] = frozenset(
    {
        ("public", "private"),
        ("public", "menage"),
        ("public", "entreprise"),
        ("association", "public"),
        ("association", "menage"),
        ("entreprise", "public"),
        ("entreprise", "menage"),
        ("menage", "public"),
        ("menage", "entreprise"),
    }
)


@rule(
    "IMP008",
    name="beneficiary-mismatch",
    on="charge",
    severity="warning",
    fr="Le bénéficiaire est {who}, mais le compte {nature}{label} paie {paid}.",
    en="The beneficiary is {who}, but account {nature}{label} pays {paid}.",
    title=Message("Bénéficiaire et compte en désaccord", "Beneficiary and account disagree"),
    why=Message(
        "Les comptes 657 et 204 distinguent les organismes publics des personnes de droit privé, et la M57 les "
        "ménages, les entreprises et les autres : un compte qui ne va pas au bénéficiaire est souvent repris d’un "
        "autre acte.",
        "Accounts 657 and 204 keep public bodies and persons of private law apart, and the M57 households, companies "
        "and others: an account that does not fit the beneficiary was often copied from another act.",
    ),
    computation=Message(
        "6573 et 2041 : organismes publics ; 6574 et 2042 : personnes de droit privé ; M57 depuis 2018 : 65741 "
        "ménages, 65742 entreprises, 65748 autres.",
        "6573 and 2041: public bodies; 6574 and 2042: persons of private law; M57 since 2018: 65741 households, 65742 "
        "companies, 65748 others.",
    ),
    inconclusive=Message(
        "Quand la nature du bénéficiaire n’est pas dite, ou pour les services publics industriels et commerciaux.",
        "When the kind of beneficiary is not said, or for public services of an industrial or commercial kind.",
    ),
    authority=(PLANS,),
    good=_record(
        "65/65748/61",
        2019,
        nomenclature="M57",
        beneficiary={"name": "Association Les Amis du parc", "kind": "association"},
    ),
    bad=_record(
        "65/657341/61",
        2019,
        nomenclature="M57",
        beneficiary={"name": "Association Les Amis du parc", "kind": "association"},
    ),
)
def beneficiary_mismatch(charge: Charge, context: Context) -> Verdict | None:
    """IMP008: the kind of beneficiary against whom the account pays."""
    kind = charge.beneficiary or context.beneficiary
    imputation = charge.imputation
    nature = None if imputation is None else imputation.get("nature")
    if kind is None or nature is None:
        return None
    scope = _scope(charge, context)
    code = account_code(nature)
    paid = _paid(code, scope)
    if paid is None:
        return None
    if (kind, paid) not in _AGAINST:
        return _HOLDS
    case = _case(code, scope)
    if case.kind != "holds" or case.status is None:
        # The account itself is in doubt, or is told wrong by another rule.
        return _UNKNOWN
    label = Message(", « {label} »,", ", “{label}”,").having(label=case.status.label)
    return Verdict(
        state="broken",
        place=charge.place,
        words={"who": _BENEFICIARY[kind], "nature": code, "label": label, "paid": _PAYS[paid]},
        values={"beneficiary": kind, "nature": code, "pays": paid},
        # In prose the words around may speak of another body than the beneficiary.
        confidence=_least(charge.confidence, "medium", _in_prose(charge, "low")),
        key=f"{code}\0{kind}\0{charge.raw}",
    )


# -- own segments, labels, nomenclature -------------------------------------------------------------------------

_SEGMENTS: Final = """[[own_segments]]
name = "politique"
pattern = "[A-Z][0-9]{3}"
"""
_CHARGED_TO: Final[dict[str, Any]] = {"fiscal_year": 2017, "nomenclature": "M57", "total": "3 000 euros"}


@rule(
    "IMP011",
    name="own-segment-mismatch",
    on="charge",
    severity="warning",
    fr="« {value} » ne suit pas la forme déclarée pour {name}{meaning} : {pattern}.",
    en="“{value}” does not follow the form declared for {name}{meaning}: {pattern}.",
    title=Message("Segment propre mal formé", "Own segment malformed"),
    why=Message(
        "Une collectivité peut déclarer ses propres segments (politique, ligne, opération…) : ils sont alors vérifiés.",
        "A body can declare its own segments (politique, ligne, opération…): they are then checked.",
    ),
    computation=Message(
        "Chaque segment déclaré (nom, motif) présent dans l’imputation doit suivre son motif en entier ; un segment "
        "d’un code nu doit suivre l’un des motifs déclarés.",
        "Each declared segment (name, pattern) of the imputation must follow its whole pattern; a segment of a bare "
        "code must follow one of the declared patterns.",
    ),
    authority=(Authority(Message("configuration du projet", "configuration of the project")),),
    options=("own_segments",),
    good=Example({**_CHARGED_TO, "imputation": "B320/65/6574/61"}, settings=_SEGMENTS),
    bad=Example({**_CHARGED_TO, "imputation": "B32/65/6574/61"}, settings=_SEGMENTS),
)
def own_segment_mismatch(charge: Charge, context: Context) -> Iterable[Verdict]:
    """IMP011: the segments that the configuration declares."""
    imputation = charge.imputation
    if imputation is None or not context.own_segments:
        return
    labels = imputation.labels
    for key, value in imputation.pairs:
        declared = [own for own in context.own_segments if own.name == key]
        if key not in labels:
            # A bare code names nothing: any declared pattern may be the one that was meant.
            if key in ("chapitre", "nature", "fonction", "sous_chapitre", "article"):
                continue
            declared = list(context.own_segments)
        if not declared:
            continue
        if any(_pattern(own.pattern).fullmatch(value) for own in declared):
            yield _HOLDS
            continue
        first = next((own for own in declared if own.name == key), declared[0])
        meaning = Message(" ({meaning})", " ({meaning})").having(meaning=first.meaning) if first.meaning else None
        yield Verdict(
            state="broken",
            place=charge.place,
            words={
                "value": value,
                "name": first.name,
                "meaning": meaning or Message("", ""),
                "pattern": " | ".join(own.pattern for own in declared),
            },
            values={"segment": key, "value": value, "pattern": first.pattern},
            confidence=charge.confidence,
            key=f"{key}\0{value}\0{charge.raw}",
        )


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


@rule(
    "IMP012",
    name="label-misspelt",
    on="charge",
    severity="note",
    fr="Un libellé de l’imputation « {raw} » comporte une faute de frappe ; le code reste lisible.",
    en="A label of the imputation “{raw}” is misspelt; the code can still be read.",
    title=Message("Libellé mal orthographié", "Misspelt label"),
    why=Message(
        "« natrue 6574 » se lit, mais une recherche de « nature » ne le trouve pas. Ce n’est pas une incohérence.",
        "“natrue 6574” can be read, but a search for “nature” misses it. It is no inconsistency.",
    ),
    computation=Message(
        "Le libellé est à une lettre d’un libellé connu, et une valeur lisible le suit.",
        "The label is one letter away from a known one, and a readable value follows it.",
    ),
    authority=(NOTATION,),
    good=Example("La dépense sera imputée au chapitre 65, nature 6574, fonction 33 du budget 2016.\n"),
    bad=Example("La dépense sera imputée au chapitre 65, natrue 6574, fonction 33 du budget 2016.\n"),
)
def label_misspelt(charge: Charge, context: Context) -> Verdict | None:
    """IMP012: a slip in a label, told at most as a note."""
    imputation = charge.imputation
    if imputation is None or not imputation.label_pairs:
        return None
    if "label-typo" not in imputation.repaired:
        return _HOLDS
    return Verdict(
        state="broken",
        place=charge.place,
        words={"raw": charge.raw},
        values={"raw": charge.raw},
        confidence=charge.confidence,
    )


@rule(
    "IMP013",
    name="nomenclature-out-of-time",
    on="facts",
    severity="warning",
    fr="La {name} est indiquée pour l’exercice {year:plain}, {why}.",
    en="The {name} is stated for {year:plain}, {why}.",
    title=Message("Nomenclature hors de son temps", "Nomenclature out of its time"),
    why=Message(
        "La M57 remplace les autres nomenclatures : celle que l’on indique doit être en vigueur l’exercice indiqué.",
        "The M57 replaces the other nomenclatures: the one that is stated must be in force in the year stated.",
    ),
    computation=Message(
        "M57 à partir de 2015 ; M14, M52, M61 et M71 jusqu’à 2023, admises avec un avertissement en 2024 et 2025 "
        "(la M57 était annoncée pour tous en 2024 et commune à tous au plus tard en 2026).",
        "M57 from 2015; M14, M52, M61 and M71 up to 2023, allowed with a warning in 2024 and 2025 (the M57 was "
        "announced for all in 2024 and is common to all by 2026).",
    ),
    authority=(GENERAL,),
    good=_record("65/65748/33", 2024, nomenclature="M57"),
    bad=_record("65/6574/33", 2026, nomenclature="M14"),
)
def nomenclature_out_of_time(facts: Facts, context: Context) -> Verdict | None:
    """IMP013: a stated nomenclature that was not in force in the stated year."""
    year = context.fiscal_year
    if context.nomenclature is None or year is None or not facts.charges:
        return None
    known = plans.normalised(context.nomenclature)
    charge = facts.charges[0]
    if known is None:
        return _UNKNOWN
    name = known[0]
    why = None
    if name == "M57" and year < 2015:
        why = Message("alors qu’elle n’existe que depuis 2015", "although it exists only since 2015")
    elif name in ("M14", "M52", "M61", "M71") and year >= 2026:
        why = Message(
            "alors que la M57 est commune à tous depuis 2026 au plus tard",
            "although the M57 is common to all since 2026 at the latest",
        )
    elif name in ("M14", "M52", "M61", "M71") and year >= 2024:
        why = Message(
            "alors que la M57 a été annoncée pour tous en 2024", "although the M57 was announced for all in 2024"
        )
    if why is None:
        return _HOLDS
    return Verdict(
        state="broken",
        place=charge.place,
        words={"name": name, "year": year, "why": why},
        values={"nomenclature": name, "fiscal_year": year},
        # In prose the nomenclature and the year may have been said of different things.
        confidence="medium" if charge.strict else "low",
        key=f"{name}\0{year}",
    )


RULES: Final[tuple[Rule, ...]] = (
    malformed,
    account_unknown,
    chapter_mismatch,
    function_unknown,
    section_mismatch,
    account_not_in_year,
    account_not_chargeable,
    beneficiary_mismatch,
    leading_zero_lost,
    function_chapter_mismatch,
    own_segment_mismatch,
    label_misspelt,
    nomenclature_out_of_time,
)
