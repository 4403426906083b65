"""The columns of subsidy tables: what each holds, when it must be filled, under which names it is met.

Two kinds of tables are known. SCDL « subventions » is the official schema of the open data of communities (décret
n° 2017-779, arrêté du 17 novembre 2017; Table Schema of OpenDataFrance, versions 1.x to 2.1): a short layout of 14 to
16 columns, and since 2.1 a long one of 40. « Allocations » is any other table of subsidies: its columns are known by
their headers, and nothing is demanded of it but that its figures agree.

The facts below are taken from the official schema; where its versions differ, a column is demanded only where all of
them demand it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final, Literal

from subsidy_rules.frozen import dataclass

__all__ = ["ALLOCATIONS", "LONG_ONLY", "SCDL", "Column", "Holds", "fold_name", "names_of"]

Holds = Literal[
    "text", "siret", "rna", "date", "period", "amount", "share", "choice", "year", "imputation", "rate", "base", "cap",
    "total",
]  # fmt: skip
"""What the cells of a column are. ``share`` is a part of 1 (SCDL), ``rate`` a percentage of the row's ``base``; a
``cap`` bounds either the base or the amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a schema. ``longest`` is in characters; ``choices`` are the only values allowed.

    ``present``: a table without this column lacks something that every version demands. ``filled``: so does a row
    with an empty cell. ``other_names`` are folded (see ``fold_name``).
    """

    name: str
    holds: Holds = "text"
    present: bool = False
    filled: bool = False
    choices: tuple[str, ...] = ()
    longest: int | None = None
    other_names: tuple[str, ...] = ()


YES_NO: Final = ("oui", "non")
NATURES: Final = (
    "aide en numéraire",
    "aide en nature",
    "aide en numéraire;aide en nature",
    "aide en nature;aide en numéraire",
)

SCDL: Final[tuple[Column, ...]] = (
    Column(name="nomAttribuant", present=True, filled=True, other_names=("attribuant", "nomattributaire")),
    Column(name="idAttribuant", holds="siret", present=True, filled=True, other_names=("siretattribuant",)),
    Column(name="dateConvention", holds="date", present=True, filled=True, other_names=("dateconventionsubvention",)),
    Column(name="referenceDecision", present=True, other_names=("refdecision", "referencedeladecision")),
    Column(name="nomBeneficiaire", present=True, filled=True, other_names=("beneficiaire", "nomdubeneficiaire")),
    Column(name="idBeneficiaire", holds="siret", present=True, other_names=("siretbeneficiaire",)),
    Column(name="rnaBeneficiaire", holds="rna", other_names=("rna",)),
    Column(
        name="objet", present=True, filled=True, longest=256, other_names=("objetsubvention", "objetdelasubvention")
    ),
    Column(name="montant", holds="amount", present=True, filled=True, other_names=("montantsubvention",)),
    Column(name="nature", holds="choice", present=True, filled=True, choices=NATURES),
    Column(name="conditionsVersement", present=True, filled=True, longest=256),
    Column(
        name="datesPeriodeVersement", holds="period", present=True, filled=True, other_names=("dateperiodeversement",)
    ),
    Column(name="idRAE", longest=5),
    Column(name="notificationUE", holds="choice", present=True, filled=True, choices=YES_NO),
    Column(name="pourcentageSubvention", holds="share", present=True, filled=True),
    Column(name="dispositifAide"),
    Column(name="idSubvention"),
    Column(name="nomServiceInstructeur"),
    Column(name="idServiceInstructeur", holds="siret"),
    Column(name="exerciceBudgetaire", holds="year"),
    Column(name="pluriannualite", holds="choice", choices=YES_NO),
    Column(name="anneesPluriannualite"),
    Column(name="dateDecision", holds="date"),
    Column(name="dateCreation", holds="date"),
    Column(name="dateDebut", holds="date"),
    Column(name="dateFin", holds="date"),
    Column(name="dispositif"),
    Column(name="sousDispositif"),
    # « intruction » is how the schema itself writes it; both spellings are taken.
    Column(
        name="statutLabel",
        holds="choice",
        choices=("en cours d'intruction", "en cours d'instruction", "attribuée", "ineligible", "refusée"),
    ),
    Column(name="montantDemande", holds="amount"),
    Column(name="nomOutilInstruction"),
    Column(name="nomOutilVersement"),
    Column(name="ej"),
    Column(name="cléVersement"),
    Column(name="descriptionConditionsVersement", longest=256),
    Column(name="cofinancement", holds="choice", choices=YES_NO),
    Column(name="attribuantsCofinanceurs"),
    Column(name="idCofinancement"),
    Column(name="evaluationCout", holds="amount"),
    Column(name="evaluation"),
    Column(name="dateMiseAJour", holds="date"),
    # Not of the schema, but many communities add it, and it can be checked.
    Column(name="imputation", holds="imputation", other_names=("imputationbudgetaire", "codeimputation")),
)

LONG_ONLY: Final = frozenset(("descriptionConditionsVersement", "idServiceInstructeur", "statutLabel", "idSubvention"))
"""Columns that only the long layout has: where one is, the payment condition is one of three words and the amount may
be empty (the schema 2.1.1 no longer demands it: a request that was refused has none)."""

CONDITIONS: Final = ("unique", "échelonné", "autre")

ALLOCATIONS: Final[tuple[Column, ...]] = (
    Column(
        name="referenceDecision",
        other_names=(
            "reference", "ref", "deliberation", "numerodeliberation", "ndeliberation", "decision", "numero", "ndossier",
            "dossier", "numerodossier", "acte",
        ),
    ),
    Column(
        name="nomBeneficiaire",
        other_names=(
            "beneficiaire", "beneficiaires", "nomdubeneficiaire", "association", "associations", "nomdelassociation",
            "nomassociation", "organisme", "nomdelorganismebeneficiaire", "organismebeneficiaire", "structure", "tiers",
            "nomdelorganisme", "raisonsociale", "attributaire", "nomdutiers", "libelletiers", "denomination",
        ),
    ),
    Column(
        name="nomAttribuant",
        other_names=("financeur", "financeurs", "funder", "attribuant", "collectivite", "territoire", "origine"),
    ),
    Column(name="idBeneficiaire", holds="siret", other_names=("siret", "nsiret", "numerosiret", "siretbeneficiaire")),
    Column(name="rnaBeneficiaire", holds="rna", other_names=("rna", "nrna", "numerorna")),
    Column(name="objet", other_names=("objetdelasubvention", "projet", "action", "intitule", "libelle", "designation")),
    Column(
        name="montant",
        holds="amount",
        other_names=(
            "amount", "montants", "subvention", "subventions", "montantsubvention", "montantdelasubvention",
            "montantvote", "montantattribue", "montantaccorde", "montantpropose", "subventionaccordee",
            "subventionattribuee", "subventionvotee", "subventionproposee", "proposition", "montantverse",
            "montanteneuros", "montanten",
        ),
    ),
    Column(name="imputation", holds="imputation", other_names=("imputationbudgetaire", "codeimputation", "imput")),
    Column(name="exerciceBudgetaire", holds="year", other_names=("annee", "exercice", "year", "anneebudgetaire")),
    Column(name="taux", holds="rate", other_names=("pourcentage", "percentage", "pct", "tauxsubvention", "part")),
    Column(
        name="base",
        holds="base",
        other_names=(
            "coutduprojet", "couttotal", "budget", "budgetprevisionnel", "coutprevisionnel", "depensesubventionnable",
            "montantdesdepenses", "basesubventionnable", "cout",
        ),
    ),
    Column(
        name="plafond",
        holds="cap",
        other_names=(
            "plafondsubvention", "plafonddelasubvention", "plafonddaide", "plafonddelaide", "plafonddedepenses",
            "plafonddesdepenses", "plafonddedepense", "plafonddeladepense", "plafondsubventionnable", "montantplafond",
            "montantplafonne", "subventionplafonnee", "aideplafonnee", "depenseplafonnee", "depensesplafonnees",
            "depensesubventionnableplafonnee", "depenseeligibleplafonnee", "assietteplafonnee", "coutplafonne",
            "montantmaximum", "montantmaximal", "montantmax", "subventionmaximale", "subventionmaximum", "aidemaximale",
        ),
    ),
    Column(name="total", holds="total", other_names=("totalgeneral", "montanttotal", "totalligne", "totaux")),
    Column(name="dateConvention", holds="date", other_names=("date", "datedeliberation", "datevote", "dateconvention")),
)  # fmt: skip

_NOT_ALNUM: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=2_048)
def fold_name(name: str) -> str:
    """A column name without case, accents, spaces, marks and notes: « Montant de la subvention (1) » →
    ``montantdelasubvention``."""
    bare = re.sub(r"\([0-9a-z]{1,3}\)", "", name.lower())
    plain = unicodedata.normalize("NFD", bare.replace("œ", "oe"))
    return _NOT_ALNUM.sub("", "".join(c for c in plain if not unicodedata.combining(c)))


@cache
def names_of(kind: Literal["scdl", "allocations"]) -> dict[str, Column]:
    """Folded name → column, the columns' own names before the others."""
    columns = SCDL if kind == "scdl" else ALLOCATIONS
    out: dict[str, Column] = {}
    for column in columns:
        for name in column.other_names:
            out.setdefault(name, column)
    for column in columns:
        out[fold_name(column.name)] = column
    return out
