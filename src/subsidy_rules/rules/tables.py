"""Rules on tables: identifiers, dates, columns, rows, and the shares of a decision.

A table is judged cell by cell and decision by decision in ``tables``; what is found there comes here as a ``Trouble``
(or as a judged claim), and is told under the rule's code, with the rule's severity. `AMT001`, `PCT001` and `IMP00x`,
which tables also use, live with the other rules on their subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from subsidy_rules.claims import Judgement
from subsidy_rules.facts import Context, Trouble
from subsidy_rules.rulebook import ARITHMETIC, Authority, Example, Rule, Severity, Verdict, of_claim, rule
from subsidy_rules.wording import Message

__all__ = ["RULES"]

SCDL: Final = Authority(
    Message(
        "schéma SCDL « subventions » (décret n° 2017-779 du 5 mai 2017, arrêté du 17 novembre 2017)",
        "SCDL “subventions” schema (décret n° 2017-779 of 5 May 2017, arrêté of 17 November 2017)",
    ),
    since=date(2017, 8, 1),
)
SIRENE: Final = Authority(
    Message(
        "répertoire Sirene (code de commerce, art. R123-220 et suivants) : clé de Luhn",
        "Sirene register (code de commerce, art. R123-220 ff.): Luhn check digit",
    )
)

_SOFTER: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        # Right when the file was made, or harmless: said, but as a note.
        "underscore": "note",
        "near-name": "warning",
        "near-case": "note",
        "lowest": "warning",
        "comma": "warning",
        # The schema's pattern takes any digits in a period, and so does the national validator.
        "not-a-day": "warning",
        "form-of-share": "warning",
        # What the columns mean is shown by a handful of rows only.
        "few-rows": "warning",
    }
)


def _told(trouble: Trouble, context: Context) -> Verdict:
    """The trouble as it was found; its cause may make it less serious than the rule is."""
    return Verdict(
        state=trouble.state,
        place=trouble.place,
        words=trouble.words,
        values=trouble.values,
        related=trouble.related,
        says=trouble.says,
        severity=_SOFTER.get(str(trouble.values.get("cause", ""))) if trouble.state == "broken" else None,
        confidence="medium" if trouble.values.get("repaired") else "high",
        key=trouble.key,
    )


_HEAD: Final = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,rnaBeneficiaire,objet,"
    "montant,nature,conditionsVersement,datesPeriodeVersement,idRAE,notificationUE,pourcentageSubvention,dispositifAide\n"
)


def _table(*rows: str) -> str:
    return _HEAD + "".join(row + "\n" for row in rows)


def _rows(*rows: str) -> Example:
    return Example(_table(*rows), ".csv")


_ROW: Final = (
    "Ville d’Antibes,21060004500392,2024-07-07,D-12,Foyer rural,52499120500013,,Fonctionnement,1000,aide en numéraire,"
    "unique,2024-09-30,,non,1,"
)
_GOOD: Final = _rows(_ROW)


def _bad(old: str, new: str) -> Example:
    assert _ROW.count(old) == 1, (old, _ROW.count(old))
    return _rows(_ROW.replace(old, new))


_SHARED: Final = (
    _ROW.replace(",1,", ",0.6,"),
    _ROW.replace(",1,", ",0.4,").replace("Foyer rural,52499120500013", "Amicale laïque,34999632200013"),
)
_WHOLE: Final = '[tables]\namount = "whole"\n'
"""Two beneficiaries of one decision, whose total stands on both rows."""

_TELLING: Final[dict[str, Any]] = {"on": "trouble", "authority": (SCDL,), "good": _GOOD}

ID001: Final = rule(
    "ID001",
    name="identifier-invalid",
    fr="Identifiant impossible.",
    en="Impossible identifier.",
    title=Message("Identifiant (SIRET, RNA) impossible", "Impossible identifier (SIRET, RNA)"),
    why=Message(
        "Un SIRET faux empêche de rattacher la subvention à son bénéficiaire. Le SIRET de La Poste, les zéros perdus "
        "et la notation scientifique des tableurs sont reconnus.",
        "A wrong SIRET keeps the subsidy from being tied to its beneficiary. La Poste’s SIRETs, zeros lost in "
        "spreadsheets and scientific notation are recognised.",
    ),
    computation=Message(
        "14 chiffres ; la somme de Luhn est un multiple de 10 (pour La Poste, la somme des chiffres en est un de 5)",
        "14 digits; the Luhn sum is a multiple of 10 (for La Poste, the sum of the digits is a multiple of 5)",
    ),
    on="trouble",
    authority=(SIRENE, SCDL),
    good=_GOOD,
    bad=_bad("52499120500013", "52499120500014"),
)(_told)

ID002: Final = rule(
    "ID002",
    name="identifier-missing",
    why=Message(
        "Sans identifiant, deux bénéficiaires du même nom se confondent et les aides d’un même organisme ne "
        "peuvent pas être additionnées.",
        "Without an identifier, two beneficiaries of one name are confused, and the aid of one body cannot "
        "be added up.",
    ),
    fr="Ni SIRET ni numéro RNA pour le bénéficiaire.",
    en="Neither SIRET nor RNA number for the beneficiary.",
    title=Message("Bénéficiaire sans identifiant", "Beneficiary without identifier"),
    bad=_bad(",52499120500013,", ",,"),
    **_TELLING,
)(_told)

DAT001: Final = rule(
    "DAT001",
    name="date-invalid",
    why=Message(
        "Une date impossible ne situe la décision dans aucun exercice ; on ne devine pas celle qui était voulue.",
        "An impossible date puts the decision in no fiscal year; the one that was meant is not guessed.",
    ),
    fr="Date illisible ou impossible.",
    en="Unreadable or impossible date.",
    title=Message(
        "Date illisible, impossible ou d’une autre forme", "Unreadable, impossible or otherwise written date"
    ),
    bad=_bad("2024-07-07", "2024-02-30"),
    **_TELLING,
)(_told)

DAT002: Final = rule(
    "DAT002",
    name="period-reversed",
    why=Message(
        "Une période qui finit avant de commencer ne dit pas quand l’aide est versée.",
        "A period that ends before it starts does not say when the aid is paid.",
    ),
    fr="La période finit avant de commencer.",
    en="The period ends before it starts.",
    severity="warning",
    title=Message("Période à l’envers", "Reversed period"),
    bad=_bad("2024-09-30", "2024-09-30/2023-09-30"),
    **_TELLING,
)(_told)

AMT002: Final = rule(
    "AMT002",
    name="amount-form",
    why=Message(
        "Un montant écrit pour l’œil (espaces, virgule, unité) n’est pas lu comme un nombre par ceux qui "
        "réutilisent la table.",
        "An amount written for the eye (spaces, comma, unit) is not read as a number by those who reuse the table.",
    ),
    fr="Montant lisible, mais mal écrit.",
    en="Readable but ill-written amount.",
    severity="warning",
    title=Message("Montant écrit sous une autre forme que celle du schéma", "Amount not in the schema’s form"),
    bad=_rows(_ROW.replace(",1000,", ',"1 000,00",')),
    **_TELLING,
)(_told)

AMT003: Final = rule(
    "AMT003",
    name="decision-amounts-differ",
    why=Message(
        "Quand chaque ligne porte le total de la décision, deux totaux différents ne peuvent pas être vrais "
        "tous les deux.",
        "When each row carries the total of the decision, two different totals cannot both be true.",
    ),
    fr="Les lignes d’une même décision ne portent pas le même montant total.",
    en="The rows of one decision do not carry the same total amount.",
    severity="warning",
    title=Message("Totaux différents dans une même décision", "Different totals within one decision"),
    options=("tables.amount",),
    on="trouble",
    authority=(SCDL,),
    good=replace(_rows(*_SHARED), settings=_WHOLE),
    bad=replace(_rows(_SHARED[0], _SHARED[1].replace(",1000,", ",1001,")), settings=_WHOLE),
)(_told)

AMT004: Final = rule(
    "AMT004",
    name="tables-disagree",
    why=Message(
        "Quand deux tables publiées ensemble donnent deux montants à une même subvention, l’une des deux est fausse ou "
        "dépassée, et celui qui les réutilise ne sait pas laquelle.",
        "When two tables published together give two amounts to one subsidy, one of them is wrong or out of date, and "
        "whoever reuses them cannot know which.",
    ),
    fr="Deux tables du même dossier, ou deux feuilles d’un classeur, donnent des montants différents à une même "
    "subvention.",
    en="Two tables of one folder, or two sheets of a workbook, give different amounts to one subsidy.",
    severity="warning",
    title=Message("Montants différents d’une table à l’autre", "Amounts that differ from one table to another"),
    computation=Message(
        "tables d’un même dossier, feuilles d’un même classeur ; lignes seules de leur espèce dans chacune, qui ont la "
        "même référence, le même bénéficiaire, le même objet, la même date et la même colonne de montant",
        "tables of one folder, sheets of one workbook; rows that are the only ones of their kind in each, with one "
        "reference, beneficiary, object, date and amount column",
    ),
    tolerance=Message(
        "celle de l’arrondi quand l’une des tables est à l’euro et l’autre au centime",
        "that of rounding when one of the tables is in euros and the other in cents",
    ),
    inconclusive=Message(
        "référence absente ; colonne dont on ne sait pas si c’est le montant voté ; montants presque tous différents ; "
        "feuilles qui ne se répètent pas par ailleurs (étapes, années ou financeurs différents : pas comparées) ; "
        "plus de 50 000 lignes dans le dossier (non comparées)",
        "no reference; a column that may not be the amount voted; amounts nearly all different; sheets that do not "
        "repeat each other otherwise (those of different stages, years or funders are not compared); more than 50,000 "
        "rows in the folder (not compared)",
    ),
    on="trouble",
    authority=(SCDL,),
    good=replace(_GOOD, beside=_table(_ROW)),
    bad=replace(_GOOD, beside=_table(_ROW.replace(",1000,", ",1100,"))),
)(_told)

TAB001: Final = rule(
    "TAB001",
    name="cell-missing",
    why=Message(
        "Une cellule obligatoire vide est une donnée absente : elle ne vaut ni zéro ni « sans objet ».",
        "An empty required cell is missing data: it is neither zero nor “not applicable”.",
    ),
    fr="Cellule obligatoire vide.",
    en="Empty required cell.",
    title=Message("Cellule obligatoire vide", "Empty required cell"),
    bad=_bad("Fonctionnement", ""),
    **_TELLING,
)(_told)

TAB002: Final = rule(
    "TAB002",
    name="value-not-in-list",
    why=Message(
        "Une valeur hors de la liste n’est comptée dans aucune catégorie par ceux qui réutilisent la table.",
        "A value outside the list is counted in no category by those who reuse the table.",
    ),
    fr="Valeur hors de la liste admise.",
    en="Value not in the list.",
    title=Message("Valeur hors de la liste admise", "Value not in the list"),
    bad=_bad("aide en numéraire", "subvention"),
    **_TELLING,
)(_told)

TAB003: Final = rule(
    "TAB003",
    name="column-missing",
    why=Message(
        "Sans cette colonne, ce que le schéma exige n’est dit pour aucune ligne.",
        "Without this column, what the schema requires is said for no row.",
    ),
    fr="Colonne obligatoire absente.",
    en="Required column missing.",
    doubts=Message("Aucune colonne connue.", "No known column."),
    title=Message("Colonne obligatoire absente", "Required column missing"),
    bad=Example((_HEAD + _ROW + "\n").replace(",objet,", ",").replace(",Fonctionnement,", ","), ".csv"),
    **_TELLING,
)(_told)

TAB004: Final = rule(
    "TAB004",
    name="column-unknown",
    why=Message(
        "Une colonne nommée autrement n’est pas retrouvée par ceux qui lisent la table selon le schéma.",
        "A column with another name is not found by those who read the table by the schema.",
    ),
    fr="Colonne inconnue du schéma.",
    en="Column unknown to the schema.",
    severity="note",
    title=Message("Colonne inconnue ou nommée autrement", "Unknown or otherwise named column"),
    bad=Example((_HEAD + _ROW + "\n").replace("nomBeneficiaire", "NOM_Beneficiaire"), ".csv"),
    **_TELLING,
)(_told)

TAB005: Final = rule(
    "TAB005",
    name="column-doubled",
    why=Message(
        "Avec deux colonnes de même nom, on ne sait pas laquelle dit vrai.",
        "With two columns of one name, nobody knows which one is right.",
    ),
    fr="Colonne présente deux fois.",
    en="Column present twice.",
    title=Message("Colonne présente deux fois", "Column present twice"),
    bad=Example((_HEAD + _ROW + "\n").replace("dispositifAide", "objet"), ".csv"),
    **_TELLING,
)(_told)

TAB006: Final = rule(
    "TAB006",
    name="row-shape",
    why=Message(
        "Une cellule de trop ou de moins décale toutes les suivantes : un montant se lit alors comme une date.",
        "One cell too many or too few shifts all the next ones: an amount is then read as a date.",
    ),
    fr="La ligne n’a pas le nombre de cellules de l’en-tête.",
    en="The row does not have the cells of the header.",
    title=Message("Ligne dont le nombre de cellules est faux", "Row with the wrong number of cells"),
    bad=_bad(",1000,", ",1000,50,"),
    **_TELLING,
)(_told)

TAB007: Final = rule(
    "TAB007",
    name="text-too-long",
    why=Message(
        "Un texte trop long est coupé par les outils qui suivent le schéma.",
        "Too long a text is cut by the tools that follow the schema.",
    ),
    fr="Texte plus long que le schéma ne l’admet.",
    en="Text longer than the schema allows.",
    severity="warning",
    title=Message("Texte trop long", "Text too long"),
    bad=_bad("Fonctionnement", "Fonctionnement " * 20),
    **_TELLING,
)(_told)

TAB008: Final = rule(
    "TAB008",
    name="share-invalid",
    why=Message(
        "Une part s’écrit entre 0 et 1 : 100 pour « 100 % » la rendrait cent fois trop grande.",
        "A share is written between 0 and 1: 100 for “100%” would make it a hundred times too large.",
    ),
    fr="La part n’est pas comprise entre 0 et 1.",
    en="The share is not between 0 and 1.",
    title=Message("Part illisible, ou hors de 0 à 1", "Share unreadable, or not between 0 and 1"),
    bad=_bad("non,1,", "non,100,"),
    **_TELLING,
)(_told)

TAB009: Final = rule(
    "TAB009",
    name="row-duplicated",
    why=Message(
        "Une ligne en double fait compter deux fois la même aide.",
        "A duplicated row counts the same aid twice.",
    ),
    fr="Ligne en double.",
    en="Duplicated row.",
    severity="warning",
    title=Message("Ligne en double, exactement ou presque", "Row present twice, exactly or nearly"),
    bad=_rows(_ROW, _ROW),
    **_TELLING,
)(_told)

TAB010: Final = rule(
    "TAB010",
    name="split-under-threshold",
    why=Message(
        "Plusieurs aides juste sous le seuil peuvent, ensemble, demander une convention ; c’est un point à "
        "regarder, non un reproche.",
        "Several subsidies just under the threshold may together require an agreement; it is something to "
        "look at, not a reproach.",
    ),
    fr="Plusieurs subventions juste sous le seuil, au même bénéficiaire la même année.",
    en="Several subsidies just under the threshold, to one beneficiary in one year.",
    severity="note",
    title=Message("Subventions juste sous le seuil de 23 000 €", "Subsidies just under the threshold of €23,000"),
    on="trouble",
    authority=(
        Authority(
            Message(
                "loi n° 2000-321 du 12 avril 2000, art. 10 ; décret n° 2001-495 du 6 juin 2001, art. 1",
                "loi n° 2000-321 of 12 April 2000, art. 10; décret n° 2001-495 of 6 June 2001, art. 1",
            ),
            since=date(2001, 6, 10),
        ),
    ),
    good=_GOOD,
    bad=_rows(
        _ROW.replace(",1000,", ",22900,"),
        _ROW.replace(",1000,", ",22950,").replace("D-12", "D-13").replace("07-07", "07-09"),
    ),
)(_told)

PAY001: Final = rule(
    "PAY001",
    name="payment-over-amount",
    why=Message(
        "On ne peut pas verser plus que ce qui est attribué.",
        "No more can be paid than what is granted.",
    ),
    fr="Les versements annoncés dépassent le montant de la subvention.",
    en="The payments announced exceed the amount of the subsidy.",
    title=Message("Versements annoncés et montant", "Payments announced and amount"),
    on="trouble",
    authority=(ARITHMETIC,),
    good=_rows(_ROW.replace(",unique,", ",acompte de 600 € à la signature et solde sur justificatifs,")),
    bad=_rows(_ROW.replace(",unique,", ",acompte de 1 600 € à la signature et solde sur justificatifs,")),
)(_told)

_ROW_TOTALS: Final = (
    "Association;Fonctionnement;Investissement;Total\nA;1000;500;1500\nB;2000;400;2400\nC;300;250;550\nD;150;600;750\n"
)
SUM004: Final = rule(
    "SUM004",
    name="table-total-mismatch",
    why=Message(
        "Un total faux en bas d’une table est repris tel quel dans l’acte et dans le budget.",
        "A wrong total at the foot of a table is copied as it is into the act and the budget.",
    ),
    fr="La ligne de total ne correspond pas à la somme des lignes : {working}.",
    en="The total row is not the sum of the rows: {working}.",
    title=Message("Ligne de total d’une table", "Total row of a table"),
    on="trouble",
    authority=(ARITHMETIC,),
    good=Example("Association;Montant voté\nA;100\nB;200\nTotal;300\n", ".csv"),
    bad=Example("Association;Montant voté\nA;100\nB;200\nTotal;310\n", ".csv"),
)(_told)

SUM005: Final = rule(
    "SUM005",
    name="row-total-mismatch",
    why=Message(
        "Un total de ligne faux change ce que l’on croit donner à un bénéficiaire, et le total général avec lui.",
        "A wrong total of a row changes what a beneficiary is thought to be given, and the grand total with it.",
    ),
    fr="Le total de la ligne n’est pas la somme de ses colonnes.",
    en="The total of the row is not the sum of its columns.",
    title=Message("Total d’une ligne de table", "Total of a row of a table"),
    computation=Message(
        "colonne de total = somme des colonnes que toutes les autres lignes additionnent",
        "column of totals = sum of the columns that all other rows add up",
    ),
    tolerance=Message(
        "aucune ; des montants sans centimes peuvent être des arrondis : un écart d’un euro n’est pas signalé",
        "none; amounts without cents may be rounded: a gap of one euro is not told",
    ),
    inconclusive=Message(
        "moins de trois lignes qui montrent quelles colonnes le total additionne, ou trop de lignes qui le démentent ; "
        "écart qu’une cellule vide, une autre colonne, une déduction ou un montant écrit dans un texte peut expliquer",
        "fewer than three rows that show which columns the total adds, or too many that deny it; a gap that a blank "
        "cell, another column, a deduction or an amount written in a text may explain",
    ),
    on="trouble",
    authority=(ARITHMETIC,),
    good=Example(_ROW_TOTALS, ".csv"),
    bad=Example(_ROW_TOTALS.replace("400;2400", "400;2500"), ".csv"),
)(_told)


def _shares(judged: Judgement, context: Context) -> Verdict | None:
    """Only the shares of a decision of a table: shares in a text are told by another rule."""
    if judged.claim.topic != "decision":
        return None
    return of_claim(judged)


SUM002: Final = rule(
    "SUM002",
    name="shares-total",
    why=Message(
        "Des parts qui ne font pas le tout laissent une partie de l’aide sans bénéficiaire, ou l’attribuent deux fois.",
        "Shares that do not make the whole leave part of the aid without beneficiary, or grant it twice.",
    ),
    on="shares_total",
    fr="Les parts d’une même décision ne font pas le tout : {working}.",
    en="The shares of one decision do not make the whole: {working}.",
    title=Message("Parts d’une décision dont la somme n’est pas 1", "Shares of a decision that do not add to 1"),
    computation=Message(
        "somme des « pourcentageSubvention » des lignes qui portent la même référence de décision",
        "sum of “pourcentageSubvention” over the rows with one decision reference",
    ),
    tolerance=Message(
        "aucune, sauf l’arrondi des parts quand chacune est l’arrondi juste de son montant",
        "none, but the rounding of the shares when each is its amount rightly rounded",
    ),
    inconclusive=Message(
        "somme inférieure à 1 sans que la table soit déclarée complète ; somme entière supérieure à 1",
        "sum under 1 when the table is not declared complete; whole sum over 1",
    ),
    authority=(SCDL, ARITHMETIC),
    options=("tables.decisions", "tables.amount"),
    good=_rows(
        _ROW.replace("non,1,", "non,0.6,").replace(",1000,", ",600,"),
        _ROW.replace("non,1,", "non,0.4,").replace(",1000,", ",400,"),
    ),
    bad=_rows(
        _ROW.replace("non,1,", "non,0.6,").replace(",1000,", ",600,"),
        _ROW.replace("non,1,", "non,0.45,").replace(",1000,", ",400,"),
    ),
)(_shares)

RULES: Final[tuple[Rule, ...]] = (
    AMT002,
    AMT003,
    AMT004,
    DAT001,
    DAT002,
    ID001,
    ID002,
    PAY001,
    SUM002,
    SUM004,
    SUM005,
    TAB001,
    TAB002,
    TAB003,
    TAB004,
    TAB005,
    TAB006,
    TAB007,
    TAB008,
    TAB009,
    TAB010,
)
