"""The record of a deliberation as a pydantic model, and its JSON Schema.

The model and the reader of files (``record``) take every value through the functions of ``annotated``, so that both
accept and refuse the same records. A model says what an act says, it does not judge it: a total that is not the sum of
its parts makes a perfectly valid ``Deliberation``, and a finding of ``check``.

    from subsidy_rules import Deliberation, check

    grant = Deliberation.model_validate({"total": "70 000 euros", "base": 1329243, "stated_percentage": "5,27 %"})
    report = check(grant)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from subsidy_rules.annotated import (
    AmountInWords,
    CurrencyCode,
    Day,
    Euros,
    FieldError,
    Label,
    Percentage,
    Reads,
    Year,
    code_from,
    flag_from,
    text_from,
)
from subsidy_rules.reading import ReadError
from subsidy_rules.record import KINDS, PARTITIONS, SECTIONS, python_values, read_tree
from subsidy_rules.wording import LANGUAGES, Language, Message

__all__ = [
    "Allocation",
    "Base",
    "Beneficiary",
    "Breakdown",
    "Ceiling",
    "Convention",
    "Deliberation",
    "FinancingPlan",
    "Line",
    "Part",
    "Period",
    "StatedPercentage",
    "load_records",
    "schema",
]

_CODE_EXAMPLES: Final = ["B320/65/6574/61", "3A/61/6574", "chapitre 65, nature 6574, fonction 61"]

Code = Annotated[
    str,
    Reads(code_from, {"anyOf": [{"type": "string"}, {"type": "integer"}], "examples": _CODE_EXAMPLES}),
]
"""A budget code as it is written: a malformed one is a finding (IMP001), not an invalid record."""


def _one_of(values: Sequence[str]) -> Any:
    def read(value: Any) -> str:
        text = text_from(value).strip().lower()
        if text not in values:
            shown = Message("{list}", "{list}").having(list=", ".join(values))
            raise FieldError(value, Message("valeur inconnue", "unknown value"), shown)
        return text

    return Reads(read, {"enum": list(values)})


Section = Annotated[str, _one_of(tuple(SECTIONS))]
BeneficiaryKind = Annotated[str, _one_of(KINDS)]
PartitionKind = Annotated[str, _one_of(PARTITIONS)]


class _Fields(BaseModel):
    """What all the mappings of a record have in common: frozen, no unknown field, anyone's own ``x-`` fields left."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _own_fields_left(cls, value: Any) -> Any:
        """Drops ``x-…`` and ``$…`` fields, and those whose value is absent."""
        if isinstance(value, Mapping):
            return {
                key: item
                for key, item in value.items()
                if not (item is None and key in cls.model_fields) and not str(key).startswith(("x-", "$"))
            }
        return value


def _labelled(value: Any) -> Any:
    """An amount alone stands for one without a label."""
    return value if value is None or isinstance(value, (Mapping, BaseModel)) else {"amount": value}


class Base(_Fields):
    """An amount and what it is."""

    label: Label | None = None
    amount: Euros


class Beneficiary(_Fields):
    """Who receives the subsidy."""

    name: Label | None = None
    kind: BeneficiaryKind | None = None
    siret: Code | None = None


class Convention(_Fields):
    """The convention that goes with the subsidy."""

    signed_on: Day | None = None
    reference: Label | None = None


class Period(_Fields):
    """From a day to another, both included."""

    start: Day | None = None
    end: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if value is None or isinstance(value, (Mapping, BaseModel)):
            return value
        from subsidy_rules.dates import parse_period

        period = parse_period(text_from(value))
        return {"start": period.start, "end": period.end}


def _beneficiary(value: Any) -> Any:
    return value if value is None or isinstance(value, (Mapping, Beneficiary)) else text_from(value)


def _convention(value: Any) -> Any:
    return value if value is None or isinstance(value, (Mapping, Convention)) else flag_from(value)


class Part(_Fields):
    """One part of a breakdown."""

    label: Label | None = None
    beneficiary: str | Beneficiary | None = None
    funder: Label | None = None
    year: Year | None = None
    date: Day | None = None
    amount: Euros | None = None
    percentage: Percentage | None = None
    imputation: Code | None = None
    convention: bool | Convention | None = None
    breakdowns: Annotated[list[Breakdown], Field(min_length=1)] | None = None

    _beneficiary = field_validator("beneficiary", mode="before")(_beneficiary)
    _convention = field_validator("convention", mode="before")(_convention)


class Allocation(_Fields):
    """What one funder gives."""

    funder: Label
    label: Label | None = None
    beneficiary: str | Beneficiary | None = None
    amount: Euros | None = None
    percentage: Percentage | None = None
    imputation: Code | None = None
    convention: bool | Convention | None = None
    breakdowns: Annotated[list[Breakdown], Field(min_length=1)] | None = None

    _beneficiary = field_validator("beneficiary", mode="before")(_beneficiary)
    _convention = field_validator("convention", mode="before")(_convention)


_NO_AMOUNT: Final = "every part needs its amount, unless all give a percentage and none an amount"


def _all_have_amounts(parts: Sequence[Part | Allocation] | None) -> None:
    """Raises ``ValueError`` for a part without amount, unless the parts are a key of division (percentages alone)."""
    if not parts or all(part.percentage is not None and part.amount is None for part in parts):
        return
    if any(part.amount is None for part in parts):
        raise ValueError(_NO_AMOUNT)


class Breakdown(_Fields):
    """Another partition of the same amount: by beneficiary, imputation, funder, year, payment…"""

    by: PartitionKind | None = None
    label: Label | None = None
    total: Euros | None = None
    parts: Annotated[list[Part], Field(min_length=1)]

    @model_validator(mode="after")
    def _amounts(self) -> Breakdown:
        _all_have_amounts(self.parts)
        return self


class StatedPercentage(_Fields):
    """A percentage with its own part and base."""

    label: Label | None = None
    stated: Percentage
    part: Base
    base: Base

    _labelled = field_validator("part", "base", mode="before")(_labelled)


class Ceiling(_Fields):
    """What the total (or ``amount``) may not exceed: ``limit``, or ``rate`` of ``of``."""

    label: Label | None = None
    limit: Euros | None = None
    amount: Euros | None = None
    rate: Percentage | None = None
    of: Base | None = None

    _labelled = field_validator("of", mode="before")(_labelled)

    @model_validator(mode="after")
    def _has_a_limit(self) -> Ceiling:
        if self.rate is not None and self.of is None:
            raise ValueError("a rate needs what it is of")
        if self.rate is None and self.limit is None:
            raise ValueError("a ceiling needs a limit, or a rate and what it is of")
        return self


class Line(_Fields):
    """One line of a financing plan."""

    label: Label | None = None
    amount: Euros
    percentage: Percentage | None = None
    lines: Annotated[list[Line], Field(min_length=1)] | None = None


class FinancingPlan(_Fields):
    """Expenses and revenues, which are equal."""

    label: Label | None = None
    total: Euros | None = None
    expenses: Annotated[list[Line], Field(min_length=1)]
    revenues: Annotated[list[Line], Field(min_length=1)]


class Deliberation(_Fields):
    """What an act granting a subsidy says about its own figures."""

    reference: Label | None = None
    title: Label | None = None
    authority: Label | None = None
    beneficiary: str | Beneficiary | None = None
    voted_on: Day | None = None
    fiscal_year: Year | None = None
    nomenclature: Label | None = None
    currency: CurrencyCode | None = None
    section: Section | None = None
    imputation: Code | None = None
    total: Euros
    amount_in_words: AmountInWords | None = None
    base: Base | None = None
    stated_percentage: Percentage | None = None
    convention: bool | Convention | None = None
    period: Period | None = None
    allocations: Annotated[list[Allocation], Field(min_length=1)] | None = None
    breakdowns: Annotated[list[Breakdown], Field(min_length=1)] | None = None
    percentages: Annotated[list[StatedPercentage], Field(min_length=1)] | None = None
    ceilings: Annotated[list[Ceiling], Field(min_length=1)] | None = None
    financing_plan: FinancingPlan | None = None

    _beneficiary = field_validator("beneficiary", mode="before")(_beneficiary)
    _convention = field_validator("convention", mode="before")(_convention)
    _labelled = field_validator("base", mode="before")(_labelled)

    @model_validator(mode="after")
    def _amounts(self) -> Deliberation:
        _all_have_amounts(self.allocations)
        return self


def load_records(path: str, data: bytes) -> list[Deliberation]:
    """Every record of a YAML, JSON or TOML file as a model.

    Raises ``ReadError`` for what cannot be read (a doubled field too: which value is meant is not known) and pydantic's
    ``ValidationError`` for what is not a record.
    """
    tree = read_tree(path, data)
    for note in tree.notes:
        raise ReadError(note.says)
    return [Deliberation.model_validate(value) for value in python_values(tree)]


# -- the schema -----------------------------------------------------------------------------------------------------

Said = tuple[str, str, str, str]
"""Title and description, French then English each."""

_FIELDS: Final[Mapping[str, Mapping[str, Said]]] = {
    "Deliberation": {
        "reference": ("Référence", "Reference", "Numéro ou nom de l’acte.", "Number or name of the act."),
        "title": ("Titre", "Title", "Objet de l’acte, comme il est imprimé.", "Subject of the act, as printed."),
        "authority": (
            "Collectivité", "Authority",
            "Qui attribue la subvention : commune, département, métropole…", "Who grants the subsidy.",
        ),
        "beneficiary": (
            "Bénéficiaire", "Beneficiary",
            "Qui reçoit la subvention : son nom, ou nom, nature et SIRET.",
            "Who receives the subsidy: a name, or a name, a kind and a SIRET number.",
        ),
        "voted_on": ("Date du vote", "Date of the vote", "Jour de la délibération.", "Day of the deliberation."),
        "fiscal_year": (
            "Exercice", "Fiscal year",
            "Exercice budgétaire, sur quatre chiffres.", "Budget year, four digits.",
        ),
        "nomenclature": (
            "Nomenclature", "Nomenclature",
            "Plan de comptes de la collectivité : M57, M14, M52, M71, M61, M4…",
            "Chart of accounts of the authority: M57, M14, M52, M71, M61, M4…",
        ),
        "currency": (
            "Monnaie", "Currency",
            "Monnaie des montants écrits sans unité (EUR si rien n’est dit).",
            "Currency of the amounts written without a unit (EUR when nothing is said).",
        ),
        "section": (
            "Section", "Section", "Fonctionnement ou investissement.", "Operating or investment.",
        ),
        "imputation": (
            "Imputation", "Imputation",
            "Code budgétaire de toute la subvention, quand il n’est pas donné part par part.",
            "Budget code of the whole subsidy, when it is not given part by part.",
        ),
        "total": (
            "Montant total", "Total amount",
            "Montant de la subvention : un nombre, ou le texte imprimé (« 70 000 euros »).",
            "Amount of the subsidy: a number, or the text as printed (“70 000 euros”).",
        ),
        "amount_in_words": (
            "Montant en lettres", "Amount in words",
            "Le total en toutes lettres, comme l’acte l’écrit.", "The total in words, as the act writes it.",
        ),
        "base": (
            "Base du pourcentage", "Base of the percentage",
            "Ce dont la subvention est une part : budget, coût du projet…",
            "What the subsidy is a share of: a budget, the cost of a project…",
        ),
        "stated_percentage": (
            "Pourcentage annoncé", "Stated percentage",
            "Part de la base que représente le total, avec les décimales de l’acte.",
            "Share of the base that the total is, with the decimals of the act.",
        ),
        "convention": (
            "Convention", "Convention",
            "true s’il y en a une, false s’il n’y en a pas, ou sa date et sa référence ; absent : on ne sait pas.",
            "true if there is one, false if there is none, or its date and reference; absent: not known.",
        ),
        "period": (
            "Période", "Period",
            "Période soutenue : début et fin, ou « 2017-01-01/2017-12-31 ».",
            "Subsidised period: start and end, or “2017-01-01/2017-12-31”.",
        ),
        "allocations": (
            "Attributions", "Allocations",
            "Ce que donne chaque financeur : la somme est le total.", "What each funder gives, adding up to the total.",
        ),
        "breakdowns": (
            "Autres répartitions", "Other breakdowns",
            "D’autres partitions du même total : par bénéficiaire, imputation, année, versement…",
            "Other partitions of the same total: by beneficiary, imputation, year, payment…",
        ),
        "percentages": (
            "Autres pourcentages", "Other percentages",
            "Pourcentages avec leur propre part et leur base.", "Percentages with their own part and base.",
        ),
        "ceilings": (
            "Plafonds", "Ceilings",
            "Ce que la subvention ne doit pas dépasser.", "What the subsidy may not exceed.",
        ),
        "financing_plan": (
            "Plan de financement", "Financing plan",
            "Dépenses et recettes, qui s’équilibrent.", "Expenses and revenues, which balance.",
        ),
    },
    "Base": {
        "label": ("Libellé", "Label", "Ce qu’est ce montant.", "What this amount is."),
        "amount": ("Montant", "Amount", "Nombre, ou texte imprimé.", "A number, or the text as printed."),
    },
    "Beneficiary": {
        "name": ("Nom", "Name", "Nom du bénéficiaire.", "Name of the beneficiary."),
        "kind": (
            "Nature", "Kind",
            "Décide des comptes et des obligations qui s’appliquent.", "Decides which accounts and duties apply.",
        ),
        "siret": ("SIRET", "SIRET", "Quatorze chiffres, entre guillemets.", "Fourteen digits, in quotes."),
    },
    "Convention": {
        "signed_on": ("Date de signature", "Date of signature", "Jour de la signature.", "Day it was signed."),
        "reference": ("Référence", "Reference", "Numéro de la convention.", "Number of the convention."),
    },
    "Period": {
        "start": ("Début", "Start", "Premier jour.", "First day."),
        "end": ("Fin", "End", "Dernier jour.", "Last day."),
    },
    "Allocation": {
        "funder": ("Financeur", "Funder", "Qui donne.", "Who gives."),
        "label": ("Libellé", "Label", "À quoi sert cette part.", "What this part is for."),
        "beneficiary": ("Bénéficiaire", "Beneficiary", "Qui reçoit cette part.", "Who receives this part."),
        "amount": ("Montant", "Amount", "Nombre, ou texte imprimé.", "A number, or the text as printed."),
        "percentage": ("Part", "Share", "Part du total, en pour cent.", "Share of the total, in per cent."),
        "imputation": ("Imputation", "Imputation", "Code budgétaire de cette part.", "Budget code of this part."),
        "convention": ("Convention", "Convention", "Convention propre à cette part.", "Convention of this part."),
        "breakdowns": ("Répartitions", "Breakdowns", "Partitions de cette part.", "Partitions of this part."),
    },
    "Breakdown": {
        "by": ("Selon", "By", "Ce selon quoi le montant est réparti.", "What the amount is divided by."),
        "label": ("Libellé", "Label", "Nom de la répartition.", "Name of the breakdown."),
        "total": ("Total", "Total", "Total imprimé sous la répartition.", "Total printed below the breakdown."),
        "parts": ("Parts", "Parts", "Les parts, dont la somme est le total.", "The parts, which add up to the total."),
    },
    "Part": {
        "label": ("Libellé", "Label", "Nom de la part.", "Name of the part."),
        "beneficiary": ("Bénéficiaire", "Beneficiary", "Qui reçoit cette part.", "Who receives this part."),
        "funder": ("Financeur", "Funder", "Qui donne cette part.", "Who gives this part."),
        "year": ("Année", "Year", "Année de cette part.", "Year of this part."),
        "date": ("Date", "Date", "Jour du versement.", "Day of the payment."),
        "amount": ("Montant", "Amount", "Nombre, ou texte imprimé.", "A number, or the text as printed."),
        "percentage": ("Part", "Share", "Part du total, en pour cent.", "Share of the total, in per cent."),
        "imputation": ("Imputation", "Imputation", "Code budgétaire de cette part.", "Budget code of this part."),
        "convention": ("Convention", "Convention", "Convention propre à cette part.", "Convention of this part."),
        "breakdowns": ("Répartitions", "Breakdowns", "Partitions de cette part.", "Partitions of this part."),
    },
    "StatedPercentage": {
        "label": ("Libellé", "Label", "Ce que dit ce pourcentage.", "What this percentage says."),
        "stated": ("Pourcentage", "Percentage", "Le pourcentage, comme imprimé.", "The percentage, as printed."),
        "part": ("Part", "Part", "Ce qui est rapporté à la base.", "What is compared with the base."),
        "base": ("Base", "Base", "Ce à quoi la part est rapportée.", "What the part is compared with."),
    },
    "Ceiling": {
        "label": ("Libellé", "Label", "D’où vient ce plafond.", "Where this ceiling comes from."),
        "limit": ("Plafond", "Limit", "Montant à ne pas dépasser.", "Amount not to exceed."),
        "amount": (
            "Montant plafonné", "Capped amount", "Ce qui est plafonné ; le total par défaut.",
            "What is capped; the total by default.",
        ),
        "rate": ("Taux maximal", "Highest rate", "Taux de « of » à ne pas dépasser.", "Rate of “of” not to exceed."),
        "of": ("Assiette du taux", "Basis of the rate", "Ce à quoi le taux s’applique.", "What the rate applies to."),
    },
    "Line": {
        "label": ("Libellé", "Label", "Nom de la ligne.", "Name of the line."),
        "amount": ("Montant", "Amount", "Nombre, ou texte imprimé.", "A number, or the text as printed."),
        "percentage": ("Part", "Share", "Part du total du plan, en %.", "Share of the plan’s total, in %."),
        "lines": ("Détail", "Detail", "Lignes dont la somme est celle-ci.", "Lines that add up to this one."),
    },
    "FinancingPlan": {
        "label": ("Libellé", "Label", "Nom du plan.", "Name of the plan."),
        "total": ("Total", "Total", "Total de chacun des deux côtés.", "Total of each of the two sides."),
        "expenses": ("Dépenses", "Expenses", "Lignes de dépenses.", "Lines of expenses."),
        "revenues": ("Recettes", "Revenues", "Lignes de recettes.", "Lines of revenues."),
    },
}  # fmt: skip
_TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "Deliberation": (
        "Délibération attributive de subvention : ce qu’elle dit de ses propres chiffres",
        "Deliberation granting a subsidy: what it says about its own figures",
    ),
    "Base": ("Montant et son libellé", "Amount and its label"),
    "Beneficiary": ("Bénéficiaire", "Beneficiary"),
    "Convention": ("Convention", "Convention"),
    "Period": ("Période", "Period"),
    "Allocation": ("Attribution d’un financeur", "Allocation of a funder"),
    "Breakdown": ("Répartition", "Breakdown"),
    "Part": ("Part d’une répartition", "Part of a breakdown"),
    "StatedPercentage": ("Pourcentage avec sa part et sa base", "Percentage with its part and base"),
    "Ceiling": ("Plafond", "Ceiling"),
    "Line": ("Ligne d’un plan de financement", "Line of a financing plan"),
    "FinancingPlan": ("Plan de financement", "Financing plan"),
}
_EXAMPLE: Final[dict[str, Any]] = {
    "reference": "optitec-2017",
    "authority": "Métropole Aix-Marseille-Provence",
    "fiscal_year": 2017,
    "nomenclature": "M57",
    "total": "70 000 euros",
    "base": {"label": "budget prévisionnel 2017", "amount": "1 329 243 euros"},
    "stated_percentage": "5,27 %",
    "convention": True,
    "allocations": [
        {"funder": "CT1", "amount": "50 000 euros", "imputation": "B320/65/6574/61"},
        {"funder": "CT2", "amount": "20 000 euros", "imputation": "3A/61/6574"},
    ],
}
_AMOUNT_OR_LABELLED: Final = ("base", "part", "of")


def schema(language: Language = "fr") -> dict[str, Any]:
    """The JSON Schema (2020-12) of a record, with titles, descriptions and examples, for editors and validators.

    It says what a file may hold; what no schema can say (one single number, a real date) is said by ``check``.
    """
    index = LANGUAGES.index(language)
    made = Deliberation.model_json_schema(mode="validation")
    shapes = {"Deliberation": made, **made.pop("$defs", {})}
    for name, shape in shapes.items():
        said = _FIELDS[name]
        shape["title"] = _TITLES[name][index]
        shape.pop("description", None)
        shape["patternProperties"] = {r"^(x-|\$)": {}}
        for field, content in shape["properties"].items():
            title_fr, title_en, description_fr, description_en = said[field]
            shape["properties"][field] = {
                "title": (title_fr, title_en)[index],
                "description": (description_fr, description_en)[index],
                **_looser(field, {k: v for k, v in content.items() if k not in ("title", "default")}),
            }
    del shapes["Deliberation"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "examples": [_EXAMPLE],
        "$defs": shapes,
    }


def _looser(field: str, content: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field as files write it: an amount alone for a base, text for a period, words for a yes."""
    options: list[Any] = content.get("anyOf", [content])
    if field in _AMOUNT_OR_LABELLED:
        options = [*options, {"type": "string", "pattern": "[0-9]"}, {"type": "number"}]
    elif field == "period":
        options = [*options, {"type": "string"}]
    elif field == "convention":
        options = [*options, {"enum": ["oui", "non"]}]
    else:
        return content
    return {"anyOf": options}
