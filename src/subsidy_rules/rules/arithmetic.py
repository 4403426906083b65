"""Rules on figures: every kind of claim is recomputed by ``claims``; a rule here says what its outcome means.

A claim that was not decided is told as a doubt with its reason, and counted: it is never taken to hold.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from subsidy_rules.claims import Judgement
from subsidy_rules.facts import Context
from subsidy_rules.rulebook import ARITHMETIC, Authority, Example, Rule, Verdict, of_claim, rule
from subsidy_rules.wording import Message

__all__ = ["RULES"]


def _told(judged: Judgement) -> Verdict:
    """The verdict of a claim; what made it doubtful from the start is a better reason than its figures."""
    if judged.state == "holds":
        return Verdict(state="holds", place=judged.claim.place)  # only counted: nothing of it is told
    verdict = of_claim(judged)
    if judged.state == "unknown" and judged.claim.doubt is not None:
        return replace(verdict, words={**verdict.words, "reason": judged.claim.doubt})
    return verdict


_INTERVALS: Final = Message(
    "Aucune : un montant écrit à l’euro ou au centime est exact. Un montant arrondi (« 10 M€ », « environ ») vaut pour "
    "tous ceux qui s’écriraient ainsi.",
    "None: an amount written to the euro or the cent is exact. A rounded one (“10 M€”, “about”) stands for all those "
    "that would be written so.",
)
_UNREAD: Final = Message(
    "Un des montants manque ou n’a pas pu être lu ; monnaies différentes ; montants hors taxes et toutes taxes mêlés.",
    "One of the amounts is missing or could not be read; different currencies; amounts before and after tax mixed.",
)

_OPTITEC: Final[dict[str, Any]] = {
    "reference": "optitec-2017",
    "fiscal_year": 2017,
    "total": "70 000 euros",
    "base": {"label": "budget prévisionnel 2017", "amount": "1 329 243 euros"},
    "stated_percentage": "5,27 %",
    "convention": True,
    "allocations": [
        {"funder": "CT1", "amount": "50 000 euros", "imputation": "B320/65/6574/61"},
        {"funder": "CT2", "amount": "20 000 euros", "imputation": "3A/61/6574"},
    ],
}
_GOOD: Final = Example(_OPTITEC)


def _but(**changes: Any) -> Example:
    return Example({**_OPTITEC, **changes})


_CHARGED: Final[dict[str, Any]] = {"fiscal_year": 2024, "convention": True, "imputation": "65/65748/30"}
"""What each record says besides what a rule is shown on, so that no other rule has anything to tell of it."""


# -- sums -----------------------------------------------------------------------------------------------------------


@rule(
    "SUM001",
    name="total-mismatch",
    on="sum",
    fr="Le total annoncé n’est pas la somme de ses parts : {working}.",
    en="The stated total is not the sum of its parts: {working}.",
    title=Message("Total différent de la somme de ses parts", "Total that is not the sum of its parts"),
    doubts=Message("La somme ne peut pas être vérifiée : {reason}.", "The sum cannot be checked: {reason}."),
    why=Message(
        "Un total qui ne correspond pas à ses parts rend la décision ambiguë : on ne sait plus quel montant est voté.",
        "A total that does not match its parts makes the decision ambiguous: which amount was voted is unclear.",
    ),
    computation=Message("somme des parts = total, au centime", "sum of the parts = total, to the cent"),
    tolerance=_INTERVALS,
    inconclusive=_UNREAD,
    good=_GOOD,
    bad=_but(total="75 000 euros", stated_percentage="5,64 %"),
)
def total_mismatch(judged: Judgement, context: Context) -> Verdict:
    """A total, and the parts it is said to be made of."""
    return _told(judged)


# -- percentages ----------------------------------------------------------------------------------------------------

_PRINTED: Final = Message(
    "Celle de l’arrondi, aux décimales écrites et dans les deux sens en cas d’égalité : « 5,27 % » vaut de 5,265 % à "
    "5,275 % compris.",
    "That of rounding, at the decimals written and either way at a tie: “5.27%” stands for 5.265% to 5.275% included.",
)


@rule(
    "PCT001",
    name="percentage-mismatch",
    on="percentage",
    fr="Le pourcentage annoncé n’est pas celui des montants : {working}.",
    en="The stated percentage is not that of the amounts: {working}.",
    title=Message("Pourcentage différent de celui des montants", "Percentage that is not that of the amounts"),
    doubts=Message(
        "Le pourcentage ne peut pas être vérifié : {reason}.", "The percentage cannot be checked: {reason}."
    ),
    why=Message(
        "Le taux sert au calcul des acomptes, du solde et des reversements : faux, il fausse tout ce qui en découle.",
        "The rate is used for instalments, the balance and repayments: if it is wrong, so is all that follows.",
    ),
    computation=Message(
        "100 × part ÷ base, arrondi aux décimales écrites ; en nombres entiers : "
        "(2n − 1) × base ≤ 200 × 10ᵈ × part ≤ (2n + 1) × base. Dans une table, un plafond de la ligne peut borner le "
        "montant ou sa base.",
        "100 × part ÷ base, rounded at the decimals written; in integers: "
        "(2n − 1) × base ≤ 200 × 10ᵈ × part ≤ (2n + 1) × base. In a table, a ceiling of the row may bound the amount "
        "or its base.",
    ),
    tolerance=_PRINTED,
    inconclusive=_UNREAD,
    good=_GOOD,
    bad=_but(stated_percentage="5,72 %"),
)
def percentage_mismatch(judged: Judgement, context: Context) -> Verdict | None:
    """A percentage of an amount; the merely truncated ones are told by PCT002."""
    return None if judged.remark == "truncated" else _told(judged)


@rule(
    "PCT002",
    name="percentage-truncated",
    on="percentage",
    severity="note",
    fr="Le pourcentage est tronqué au lieu d’être arrondi : {working}.",
    en="The percentage is truncated instead of rounded: {working}.",
    title=Message("Pourcentage tronqué", "Truncated percentage"),
    why=Message(
        "Les décimales sont coupées et non arrondies : ce n’est pas une erreur de montant, mais un usage à connaître.",
        "The decimals are cut, not rounded: no amount is wrong, but it is a habit worth knowing of.",
    ),
    computation=Message(
        "100 × part ÷ base, coupé aux décimales écrites, donne le taux annoncé ; arrondi, il donnerait le suivant",
        "100 × part ÷ base, cut at the decimals written, gives the stated rate; rounded, it would give the next one",
    ),
    tolerance=Message("Aucune.", "None."),
    inconclusive=_UNREAD,
    good=_GOOD,
    bad=_but(
        stated_percentage="5,266 %",
        base={"amount": "1 329 243 euros"},
        total="70 010 euros",
        allocations=None,
        imputation="B320/65/6574/61",
    ),
)
def percentage_truncated(judged: Judgement, context: Context) -> Verdict | None:
    """A percentage whose decimals were cut."""
    if judged.remark == "truncated" or judged.state == "holds":
        return _told(judged)
    return None


_KEY: Final[dict[str, Any]] = {
    **_CHARGED,
    "total": "30 000 euros",
    "allocations": [
        {"funder": "Région", "percentage": "50 %"},
        {"funder": "Département", "percentage": "30 %"},
        {"funder": "Ville", "percentage": "20 %"},
    ],
}


@rule(
    "SHR001",
    name="shares-not-100",
    on="shares_total",
    fr="Les parts ne font pas 100 % : {working}.",
    en="The shares do not add up to 100%: {working}.",
    title=Message("Parts dont le total n’est pas 100 %", "Shares that do not add up to 100%"),
    doubts=Message(
        "Le total des parts ne peut pas être vérifié : {reason}.",
        "The total of the shares cannot be checked: {reason}.",
    ),
    why=Message(
        "Une clé de répartition qui ne fait pas 100 % laisse une partie de la dépense sans financeur, ou la paie deux "
        "fois.",
        "A key of division that is not 100% leaves part of the expense unfunded, or pays it twice.",
    ),
    computation=Message("somme des pourcentages = 100", "sum of the percentages = 100"),
    tolerance=Message(
        "L’arrondi de chaque part, quand les parts sont calculées ou écrites avec des décimales ; une clé de parts "
        "entières, décidée, doit faire 100 : l’écart n’est alors qu’un avertissement si l’arrondi peut l’expliquer.",
        "The rounding of each share, when shares are worked out or written with decimals; a key of whole shares was "
        "decided and must be 100: the gap is then only a warning if rounding may explain it.",
    ),
    inconclusive=Message("Une des parts n’a pas pu être lue.", "One of the shares could not be read."),
    good=Example(_KEY),
    bad=Example(
        {
            **_KEY,
            "allocations": [
                {"funder": "Région", "percentage": "50 %"},
                {"funder": "Département", "percentage": "40 %"},
                {"funder": "Ville", "percentage": "20 %"},
            ],
        }
    ),
)
def shares_total(judged: Judgement, context: Context) -> Verdict | None:
    """Shares of one whole; those of a decision of a table have their own rule."""
    if judged.claim.topic == "decision":
        return None
    verdict = _told(judged)
    if judged.state == "broken" and judged.remark == "rounding":
        return replace(verdict, severity="warning")
    return verdict


# -- the same thing twice -------------------------------------------------------------------------------------------


@rule(
    "EQU001",
    name="amounts-differ",
    on="equal",
    fr="Le même montant est écrit de deux façons : {working}.",
    en="The same amount is written in two ways: {working}.",
    title=Message("Même montant, deux valeurs", "Same amount, two values"),
    doubts=Message(
        "Les deux écritures du montant ne peuvent pas être comparées : {reason}.",
        "The two writings of the amount cannot be compared: {reason}.",
    ),
    why=Message(
        "Le titre, l’exposé et l’article doivent annoncer le même montant : c’est l’article qui engage.",
        "Title, statement and article must give the same amount: the article is what binds.",
    ),
    computation=Message("premier montant = second montant", "first amount = second amount"),
    tolerance=_INTERVALS,
    inconclusive=_UNREAD,
    good=Example(
        {
            **_CHARGED,
            "total": "30 000 euros",
            "breakdowns": [
                {
                    "by": "payment",
                    "total": "30 000,00 €",
                    "parts": [{"label": "acompte", "amount": 20000}, {"label": "solde", "amount": 10000}],
                }
            ],
        }
    ),
    bad=Example(
        {
            **_CHARGED,
            "total": "30 000 euros",
            "breakdowns": [
                {
                    "by": "payment",
                    "total": "31 000 €",
                    "parts": [{"label": "acompte", "amount": 21000}, {"label": "solde", "amount": 10000}],
                }
            ],
        }
    ),
)
def amounts_differ(judged: Judgement, context: Context) -> Verdict | None:
    """An amount written again."""
    return None if judged.claim.topic in ("words", "balance") else _told(judged)


_PLAN: Final[dict[str, Any]] = {
    **_CHARGED,
    "total": 20000,
    "financing_plan": {
        "expenses": [{"label": "Achats", "amount": 30000}, {"label": "Personnel", "amount": 50000}],
        "revenues": [{"label": "Ville", "amount": 20000}, {"label": "Autres", "amount": 60000}],
    },
}


@rule(
    "EQU002",
    name="plan-unbalanced",
    on="equal",
    fr="Le plan de financement n’est pas équilibré : dépenses et recettes diffèrent, {working}.",
    en="The financing plan does not balance: expenses and revenues differ, {working}.",
    title=Message("Plan de financement déséquilibré", "Financing plan that does not balance"),
    doubts=Message(
        "L’équilibre du plan de financement ne peut pas être vérifié : {reason}.",
        "Whether the financing plan balances cannot be checked: {reason}.",
    ),
    why=Message(
        "Un plan dont les recettes n’égalent pas les dépenses cache un financement manquant, ou un excédent que la "
        "subvention ne doit pas constituer.",
        "A plan whose revenues do not equal its expenses hides a missing funding, or a surplus that the subsidy must "
        "not create.",
    ),
    computation=Message("somme des dépenses = somme des recettes", "sum of the expenses = sum of the revenues"),
    tolerance=_INTERVALS,
    inconclusive=Message(
        "Un montant du plan manque ou n’a pas pu être lu ; les montants du plan sont arrondis.",
        "An amount of the plan is missing or could not be read; the amounts of the plan are rounded.",
    ),
    good=Example(_PLAN),
    bad=Example(
        {
            **_CHARGED,
            "total": 20000,
            "financing_plan": {
                "expenses": [{"label": "Achats", "amount": 30000}, {"label": "Personnel", "amount": 50000}],
                "revenues": [{"label": "Ville", "amount": 20000}, {"label": "Autres", "amount": 65000}],
            },
        }
    ),
)
def plan_unbalanced(judged: Judgement, context: Context) -> Verdict | None:
    """The two sides of a financing plan."""
    return _told(judged) if judged.claim.topic == "balance" else None


@rule(
    "WRD001",
    name="words-mismatch",
    on="equal",
    fr="Le montant en lettres n’est pas le montant en chiffres : {working}.",
    en="The amount in words is not the amount in digits: {working}.",
    title=Message("Montant en lettres différent du montant en chiffres", "Amount in words that is not that in digits"),
    doubts=Message(
        "Le montant en lettres ne peut pas être comparé au montant en chiffres : {reason}.",
        "The amount in words cannot be compared with the amount in digits: {reason}.",
    ),
    why=Message(
        "En cas de différence, c’est d’ordinaire la somme en toutes lettres qui vaut (code civil, art. 1376) : la "
        "contradiction doit être levée avant signature.",
        "Where they differ, it is ordinarily the sum in words that counts (code civil, art. 1376): the contradiction "
        "must be lifted before signature.",
    ),
    computation=Message("montant lu en lettres = montant en chiffres", "amount read in words = amount in digits"),
    tolerance=Message("Aucune.", "None."),
    inconclusive=_UNREAD,
    authority=(
        ARITHMETIC,
        Authority(Message("code civil, art. 1376", "code civil, art. 1376"), since=date(2016, 10, 1)),
    ),
    good=Example({**_CHARGED, "total": "70 000 euros", "amount_in_words": "soixante-dix mille euros"}),
    bad=Example({**_CHARGED, "total": "70 000 euros", "amount_in_words": "soixante-dix-huit mille euros"}),
)
def words_mismatch(judged: Judgement, context: Context) -> Verdict | None:
    """An amount in words and in digits."""
    return _told(judged) if judged.claim.topic == "words" else None


# -- counts, taxes, changes, balances, averages ---------------------------------------------------------------------


@rule(
    "CNT001",
    name="count-mismatch",
    on="count",
    fr="Le nombre annoncé n’est pas celui de la liste : {working}.",
    en="The stated number is not that of the list: {working}.",
    title=Message("Nombre annoncé différent de la liste", "Stated number that is not that of the list"),
    doubts=Message("La liste ne peut pas être comptée : {reason}.", "The list cannot be counted: {reason}."),
    why=Message(
        "Un bénéficiaire annoncé mais absent de la liste n’a pas de subvention votée ; un de trop en a une qui n’est "
        "pas annoncée.",
        "A beneficiary announced but not listed has no subsidy voted; one too many has one that is not announced.",
    ),
    computation=Message("nombre d’éléments de la liste = nombre annoncé", "items of the list = number announced"),
    tolerance=Message("Aucune, sauf « environ ».", "None, except “about”."),
    inconclusive=Message(
        "La liste est coupée, ou l’on ne sait pas où elle s’arrête.", "The list is cut, or where it ends is not known."
    ),
    good=Example(
        "Le conseil attribue une subvention aux trois associations suivantes :\n"
        "- Amicale laïque : 1 000 €\n- Foyer rural : 2 000 €\n- Club nautique : 3 000 €\n"
    ),
    bad=Example(
        "Le conseil attribue une subvention aux quatre associations suivantes :\n"
        "- Amicale laïque : 1 000 €\n- Foyer rural : 2 000 €\n- Club nautique : 3 000 €\n"
    ),
)
def count_mismatch(judged: Judgement, context: Context) -> Verdict:
    """A number announced and the list that follows it."""
    return _told(judged)


@rule(
    "TAX001",
    name="tax-mismatch",
    on="tax",
    fr="Les montants hors taxes et toutes taxes comprises ne concordent pas : {working}.",
    en="The amounts before and after tax do not agree: {working}.",
    title=Message("Montants HT et TTC discordants", "Amounts before and after tax that do not agree"),
    doubts=Message("La taxe ne peut pas être vérifiée : {reason}.", "The tax cannot be checked: {reason}."),
    why=Message(
        "L’assiette d’une subvention est hors taxes ou toutes taxes comprises selon que le bénéficiaire récupère la "
        "TVA : les deux montants doivent se correspondre.",
        "The basis of a subsidy is before or after tax depending on whether the beneficiary recovers VAT: the two "
        "amounts must correspond.",
    ),
    computation=Message(
        "montant HT × (100 + taux) ÷ 100 = montant TTC ; dans une table, montant HT + TVA = montant TTC, ligne "
        "par ligne",
        "net × (100 + rate) ÷ 100 = gross; in a table, also net + tax = gross, row by row",
    ),
    tolerance=Message(
        "Un centime : la taxe est arrondie au centime, par ligne ou sur le total (EN 16931-1, BR-CO-14 et BR-CO-17).",
        "One cent: tax is rounded to the cent, by line or on the total (EN 16931-1, BR-CO-14 and BR-CO-17).",
    ),
    inconclusive=Message(
        "Le taux n’est pas donné et aucun des taux en vigueur n’est connu pour la date ; montants arrondis. Sans taux "
        "écrit, un écart n’est qu’un avertissement : l’opération peut mêler plusieurs taux. Dans une table : montants "
        "sans centimes, écart que donne un autre montant de la ligne (remise, éco-contribution), montant TTC égal au "
        "montant HT.",
        "The rate is not given and no rate in force is known for the date; rounded amounts. Without a written rate a "
        "gap is only a warning: the operation may mix several rates. In a table: amounts without cents, a gap that is "
        "another amount of the row (rebate, eco-tax), an amount with tax equal to the one before it.",
    ),
    authority=(
        ARITHMETIC,
        Authority(
            Message(
                "code général des impôts, art. 278, 278-0 bis, 279", "code général des impôts, art. 278, 278-0 bis, 279"
            ),
            since=date(2014, 1, 1),
        ),
    ),
    good=Example("Le coût des travaux s’élève à 10 000 € HT, soit 12 000 € TTC.\n"),
    bad=Example("Le coût des travaux s’élève à 10 000 € HT (TVA 20 %), soit 12 500 € TTC.\n"),
)
def tax_mismatch(judged: Judgement, context: Context) -> Verdict:
    """An amount before tax, and after."""
    verdict = _told(judged)
    if judged.state == "broken" and judged.remark == "unstated_rate":
        return replace(verdict, severity="warning")
    return verdict


@rule(
    "CHG001",
    name="change-mismatch",
    on="change",
    fr="L’évolution annoncée n’est pas celle des montants : {working}.",
    en="The stated change is not that of the amounts: {working}.",
    title=Message("Évolution différente de celle des montants", "Change that is not that of the amounts"),
    doubts=Message("L’évolution ne peut pas être vérifiée : {reason}.", "The change cannot be checked: {reason}."),
    why=Message(
        "L’évolution d’une subvention d’une année sur l’autre est ce que retient le lecteur : elle doit se recalculer.",
        "The change of a subsidy from one year to the next is what readers remember: it must be recomputable.",
    ),
    computation=Message(
        "100 × (arrivée − départ) ÷ départ, arrondi aux décimales écrites",
        "100 × (end − start) ÷ start, rounded at the decimals written",
    ),
    tolerance=_PRINTED,
    inconclusive=_UNREAD,
    good=Example("La subvention passe de 10 000 € à 12 000 €, soit une hausse de 20 %.\n"),
    bad=Example("La subvention passe de 10 000 € à 12 000 €, soit une hausse de 25 %.\n"),
)
def change_mismatch(judged: Judgement, context: Context) -> Verdict:
    """A change in per cent; a merely truncated one is a note."""
    verdict = _told(judged)
    return replace(verdict, severity="note") if judged.remark == "truncated" else verdict


@rule(
    "BAL001",
    name="balance-mismatch",
    on="balance",
    fr="Le reste annoncé n’est pas celui du calcul : {working}.",
    en="The stated remainder is not what is left: {working}.",
    title=Message("Solde différent de ce qui reste", "Balance that is not what is left"),
    doubts=Message("Le solde ne peut pas être vérifié : {reason}.", "The balance cannot be checked: {reason}."),
    why=Message(
        "Acomptes et solde doivent faire la subvention : sinon elle est payée en trop, ou pas entièrement.",
        "Instalments and balance must make the subsidy: otherwise it is overpaid, or not paid in full.",
    ),
    computation=Message("montant − versements = reste", "amount − payments = remainder"),
    tolerance=_INTERVALS,
    inconclusive=_UNREAD,
    good=Example(
        "Le coût de 100 000 €, déduction faite de la subvention de 30 000 €, laisse un reste à charge de 70 000 €.\n"
    ),
    bad=Example(
        "Le coût de 100 000 €, déduction faite de la subvention de 30 000 €, laisse un reste à charge de 70 700 €.\n"
    ),
)
def balance_mismatch(judged: Judgement, context: Context) -> Verdict:
    """What is left once payments are taken away."""
    return _told(judged)


@rule(
    "AVG001",
    name="average-mismatch",
    on="average",
    fr="La moyenne annoncée n’est pas celle des montants : {working}.",
    en="The stated average is not that of the amounts: {working}.",
    title=Message("Moyenne différente de celle des montants", "Average that is not that of the amounts"),
    doubts=Message("La moyenne ne peut pas être vérifiée : {reason}.", "The average cannot be checked: {reason}."),
    why=Message(
        "Un montant par bénéficiaire qui ne redonne pas le total laisse un reste que personne ne reçoit.",
        "An amount for each beneficiary that does not give the total back leaves a remainder nobody receives.",
    ),
    computation=Message(
        "total ÷ nombre, arrondi à l’unité, à la dizaine ou à la centaine que montre le montant écrit",
        "total ÷ number, rounded to the unit, ten or hundred that the written amount shows",
    ),
    tolerance=Message("Celle de l’arrondi du montant écrit.", "That of the rounding of the written amount."),
    inconclusive=_UNREAD,
    good=Example("Une somme de 9 000 € est répartie entre trois associations, soit 3 000 € chacune.\n"),
    bad=Example("Une somme de 9 000 € est répartie entre trois associations, soit 3 500 € chacune.\n"),
)
def average_mismatch(judged: Judgement, context: Context) -> Verdict:
    """An amount shared equally."""
    return _told(judged)


# -- ceilings -------------------------------------------------------------------------------------------------------


@rule(
    "LIM002",
    name="ceiling-exceeded",
    on="at_most",
    fr="Le montant dépasse le plafond annoncé : {working}.",
    en="The amount exceeds the stated ceiling: {working}.",
    title=Message("Plafond dépassé", "Ceiling exceeded"),
    doubts=Message("Le plafond ne peut pas être vérifié : {reason}.", "The ceiling cannot be checked: {reason}."),
    why=Message(
        "Un plafond écrit dans l’acte (« plafonné à », « dans la limite de ») lie l’ordonnateur : ce qui le dépasse "
        "n’est pas voté.",
        "A ceiling written in the act (“capped at”, “within the limit of”) binds: what exceeds it was not voted.",
    ),
    computation=Message(
        "montant ≤ plafond ; le plafond peut être un taux d’un montant",
        "amount ≤ ceiling; it may be a rate of an amount",
    ),
    tolerance=Message(
        "Un plafond est une borne, jamais une somme : rester au-dessous est correct. Un montant arrondi ne dépasse que "
        "si toutes ses lectures dépassent. Un taux donne un plafond arrondi au centime.",
        "A ceiling is a bound, never a sum: staying below is right. A rounded amount exceeds it only if all its "
        "readings do. A rate gives a ceiling rounded to the cent.",
    ),
    inconclusive=Message(
        "Un des montants manque ou n’a pas pu être lu ; monnaies différentes ; montants hors taxes et toutes taxes "
        "mêlés. Montant qui est celui du taux arrondi à l’euro, ou taux à deux décimales (« 33,33 % ») qui est sans "
        "doute une fraction arrondie.",
        "One of the amounts is missing or could not be read; different currencies; amounts before and after tax mixed. "
        "An amount that is that of the rate rounded to the euro, or a rate with two decimals (“33.33%”) that is "
        "probably a rounded fraction.",
    ),
    good=Example({**_CHARGED, "total": 40000, "ceilings": [{"label": "50 % du coût", "rate": "50 %", "of": 100000}]}),
    bad=Example({**_CHARGED, "total": 40000, "ceilings": [{"label": "enveloppe votée", "limit": 35000}]}),
)
def ceiling_exceeded(judged: Judgement, context: Context) -> Verdict:
    """An amount and the ceiling it is under."""
    return _told(judged)


RULES: Final[tuple[Rule, ...]] = (
    total_mismatch,
    percentage_mismatch,
    percentage_truncated,
    shares_total,
    amounts_differ,
    plan_unbalanced,
    words_mismatch,
    count_mismatch,
    tax_mismatch,
    change_mismatch,
    balance_mismatch,
    average_mismatch,
    ceiling_exceeded,
)
