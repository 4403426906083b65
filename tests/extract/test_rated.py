"""Rates whose part and base are said apart, each by its own words: told when false, left alone when in doubt."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.extract.reading import accusations, read

COSTS = st.integers(200, 9_000).map(lambda n: n * 100)
RATES = st.integers(5, 95)


def euros(cents: int, sign: str = "€") -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", " ") + (f",{rest:02d}" if rest else "") + f" {sign}"


WAYS = (
    "Coût : {cost}. Subvention attendue du Département au taux de {rate} %, soit {aid}.",
    "Le hangar coûte {cost} HT. L'État nous suit à hauteur de {aid}, c'est-à-dire {rate} %.",
    "La halle – budget {cost} – aide {aid}, soit {rate} %",
    "La commune en attend {aid}, pour des travaux de {cost} HT, ce qui ferait {rate} %.",
    "Aide de {aid} sur une facture de {cost} (taux : {rate} %).",
    "Facture : {cost}. Prise en charge à {rate} %. Aide : {aid}.",
    "La prise en charge est de {rate} %, ce qui représente {aid} pour une facture de {cost}.",
    "Le taux d'intervention de {rate} %, appliqué à une dépense éligible de {cost}, conduit à une aide de {aid}.",
    "Le budget global de {cost} est financé à hauteur de {aid} par la Région, soit {rate} %.",
    "La dépense s'élève à {cost} et l'aide représente {rate} % de ce montant, soit {aid}.",
    "Une subvention de {cost} est accordée, dont {rate} % ({aid}) versés à la signature.",
    "La subvention de {cost} votée le 8 mars a donné lieu à un premier versement de {aid} ({rate} %).",
    "Sur la base d'un devis de {cost}, la commission propose une aide de {aid} ({rate} %).",
    "Le coût du poste est de {cost}, financé à {rate} % par l'État ({aid}).",
    "Les travaux sont estimés à {cost} HT. La Région apporte {aid} ({rate} %).",
    "Le montant des dépenses subventionnables est de {cost} ; l'aide régionale est calculée au taux de {rate} %, "
    "soit {aid}.",
)


@settings(max_examples=50)
@given(st.sampled_from(WAYS), COSTS, RATES, RATES, st.sampled_from(("€", "euros")))
def test_a_rate_of_the_only_cost_is_told_true_or_false(way: str, cost: int, rate: int, wrong: int, sign: str) -> None:
    aid = cost * rate  # in cents

    def said(printed: int) -> str:
        return way.format(cost=euros(cost * 100, sign), aid=euros(aid, sign), rate=printed)

    assert not accusations(said(rate))
    assert read(said(rate)).has("percentage", "holds", stated=rate, whole=cost)
    # One per cent more or less may be a rounding; the complement, a rate of the rest; with tax, of the cost with tax.
    assume(abs(rate - wrong) > 2 and abs(100 - rate - wrong) > 2)
    assume(all(abs(rate * 1000 - wrong * tax) > 1500 and abs(rate * tax - wrong * 1000) > 1500 for tax in TAXES))
    found = read(said(wrong))
    assert found.has("percentage", "broken", stated=wrong, whole=cost), said(wrong)


TAXES = (1200, 1196, 1100, 1085, 1055)

NAMED = (
    "Le club sollicite {cost}. La commission propose {aid}, soit {rate} % de la demande.",
    "Le fonds est doté de {cost}. À ce jour, {aid} ont été engagés, soit {rate} % de l'enveloppe.",
    "Le budget de l'association s'élève à {cost}. Il est proposé de lui verser {aid}. Cette aide représente {rate} % du"
    " budget de l'association.",
    "Une subvention de {aid} est attribuée à la commune. Elle représente {rate} % de la dépense subventionnable,"
    " arrêtée à {cost} HT.",
    "L'aide atteint {aid}, {rate} % des {cost} engagés.",
)


@settings(max_examples=40)
@given(st.sampled_from(NAMED), COSTS, RATES, RATES)
def test_a_base_named_otherwise_is_found(way: str, cost: int, rate: int, wrong: int) -> None:
    def said(printed: int) -> str:
        return way.format(cost=euros(cost * 100), aid=euros(cost * rate), rate=printed)

    assert not accusations(said(rate))
    assert read(said(rate)).has("percentage", "holds", stated=rate, whole=cost)
    assume(abs(rate - wrong) > 2)
    assert read(said(wrong)).has("percentage", "broken", stated=wrong, whole=cost), said(wrong)


CORRECT = (
    "Le budget de l'association est de 60 000 €. Une aide de 15 000 € est accordée pour le festival. Cette aide "
    "représente 50 % du budget du festival.",
    "Le budget du centre est de 400 000 €. La Ville finance le poste de direction à hauteur de 20 000 €, soit 50 %.",
    "Le projet est évalué à 400 000 €. L'étude préalable, aidée par l'Agence à hauteur de 8 000 €, soit 80 %, finit.",
    "Le budget de l'association est de 400 000 €. Pour ce poste, la CAF apporte 8 000 €, soit 80 %.",
    "Une subvention de 9 000 € est accordée, dont 6 000 € pour le festival, dont 50 % (3 000 €) versés à la signature.",
    "La subvention de 60 000 € a donné lieu à un premier versement de 24 000 € (80 % de l'avance).",
    "Le budget est de 500 000 € et les recettes de 100 000 € ; 20 % de ce montant, soit 20 000 €, vont aux écoles.",
    "Le prix de vente est de 240 000 €. La plus-value est de 40 000 €, soit 20 %.",
    "Le coût du projet est de 100 000 €. L'État apporte 25 000 €, soit 50 % de la dépense éligible.",
    "Le projet coûte 64 000 €. La Région intervient à 30 % des dépenses d'investissement, soit 12 000 €.",
    "Le coût du projet est de 120 000 €. La Région apporte 15 000 €, soit 30 % des équipements retenus.",
    "Coût : 80 000 €. Subvention du Département au taux de 40 %, plafonnée à 20 000 €, soit 20 000 €.",
    "Coût : 80 000 €. Aide : 20 000 €, soit 30 %, dans la limite du plafond du règlement.",
    "Coût : 96 000 € TTC. Subvention du Département : 24 000 €, soit 30 % du HT.",
    "Le projet coûte 96 000 € TTC. La Région le soutient à hauteur de 24 000 € (30 %).",
    "La dépense est estimée à 50 000 €. L'État finance 30 %, soit 15 000 €, la Région 20 % du reste, soit 7 000 €.",
    "Le coût est de 200 000 €. L'aide de l'État, 20 %, bonifiée de 10 % en zone de montagne, s'élève à 60 000 €.",
    "Le coût est de 200 000 €. Le taux de 20 % est porté à 30 %, soit 60 000 €.",
    "Le budget de l'association est de 45 000 €. La Ville verse 10 000 €, soit 15 % de plus que l'an dernier.",
    "Le budget de la manifestation est de 60 000 €. Une avance de 50 %, soit 6 000 €, est versée à la signature.",
    "Le coût des travaux est de 300 000 €. La subvention est versée en deux fois : 60 %, soit 54 000 €, au démarrage et"
    " 40 %, soit 36 000 €, à l'achèvement.",
    "Le coût de l'opération s'élève à 90 000 €. L'aide est de 18 000 €. Un acompte de 5 400 € (30 %) sera versé.",
    "Le devis est de 12 000 €. La remise commerciale est de 1 800 €, soit 15 %.",
    "Le devis de 12 000 € comprend des fournitures pour 3 000 € (TVA 5,5 %).",
    "Coût du poste : 36 000 € par an. Sur trois ans, l'aide s'élève à 54 000 €, soit 50 %.",
    "Le projet de 100 000 € est aidé par l'État (20 000 €) et la Région (10 000 €), soit 30 %.",
    "Le coût est de 100 000 €. L'État donne 20 000 € et la Région 10 000 € (30 % au total).",
    "Le coût est de 100 000 € ; après déduction de 20 000 € de recettes, l'aide est de 24 000 €, soit 30 %.",
    "Travaux : 80 000 €, honoraires : 20 000 €. Aide : 30 000 € (30 %).",
    "Le coût est de 33 000 €. La subvention, 11 000 €, couvre environ 30 % du coût.",
    "Le coût est de 33 000 €. La subvention de 11 000 € représente entre 30 et 35 % du coût.",
    "Coût : 30 000 €. Participation des familles : 20 à 30 %, soit 9 000 €.",
    "Le taux de subvention est compris entre 20 % et 40 %. Pour un coût de 50 000 €, l'aide est de 15 000 €.",
    "L'aide ne peut dépasser 50 % du coût. Le coût est de 50 000 €, l'aide de 15 000 €.",
    "Le coût total est de 250 000 € HT, dont 200 000 € éligibles. L'Agence apporte 80 000 €, soit 40 %.",
    "Le coût total est de 250 000 € HT. La dépense éligible est de 200 000 €. L'Agence apporte 80 000 €, soit 40 %.",
    "Le coût total des travaux est de 150 000 €. Le lot 1 (90 000 €) est subventionné à 40 %, soit 36 000 €.",
    "L'opération est estimée à 500 000 €. La première tranche bénéficie d'une aide de 40 000 € (20 %).",
    "Le budget est de 1 000 000 €. La section de fonctionnement (600 000 €) comprend 240 000 € de salaires (40 %).",
    "La Ville détient 30 % du capital, soit 15 000 €. Le budget de la société est de 900 000 €.",
    "Le coût de la fête est de 20 000 €. Le taux de fréquentation est de 80 %, les recettes de 6 000 €.",
    "Budget : 20 000 €. Aide : 4 000 €. Part de l'emploi : 60 %.",
    "Le budget prévisionnel est de 20 000 €. L'association demande 10 000 €. La commission propose 5 000 €, soit 50 %.",
    "Le coût est de 70 000 €. L'aide de l'an dernier, au taux de 20 %, était de 12 000 € pour un coût de 60 000 €.",
    "Le coût de l'étude s'élève à 30 000 €, les travaux 300 000 €. L'Agence aide l'étude à 80 %, soit 24 000 €.",
    "La dépense subventionnable est de 45 678 €. Au taux de 35 %, l'aide s'élève à 15 990 €.",
    "La dépense subventionnable est de 45 678 €. Au taux de 35 %, l'aide s'élève à 15 900 €.",
    "Les dépenses éligibles, plafonnées à 50 000 €, sont subventionnées à 30 % ; l'aide est ainsi de 12 000 €.",
    "Le coût du séjour est de 12 000 €. Les familles paient 4 800 € (60 % du coût restant).",
    "Le coût du séjour est de 12 000 €. La CAF verse 3 600 € (30 %) et la Ville 4 200 €, soit 50 % du reste.",
    "La part de l'État, 30 000 € (60 % des aides), s'ajoute à 20 000 € (40 %) de la Région. Le coût est de 100 000 €.",
    "Le coût est de 100 000 €. Les aides, 50 000 €, viennent de l'État pour 60 % (30 000 €) et de la Région "
    "pour 40 % (20 000 €).",
    "Le marché de 100 000 € est réalisé à 60 %. Un acompte de 45 000 € a été versé.",
    "Le coût est de 10 000 €. L'aide pour les dépenses de personnel, de 4 000 €, représente 60 % de celles-ci.",
    "Subvention au titre des dépenses de communication de 8 000 €, soit 40 %. Coût du festival : 90 000 €.",
)


@pytest.mark.parametrize("words", CORRECT)
def test_rates_of_something_else_accuse_nobody(words: str) -> None:
    assert not accusations(words)


def test_an_aid_below_its_rate_is_only_pointed_at() -> None:
    for mark in (" - ", "\n"):
        words = mark.join(("Dépense subventionnable : 64 000 €", "Taux : 85 %", "Subvention : 48 000 €"))
        assert not accusations(words)
        assert read(words).has("percentage", "broken", stated=85, part=48_000, whole=64_000)
        capped = read(f"Plafond de l'aide : 48 000 €.\n\n{words}")
        assert not capped.has("percentage", "broken", stated=85)


def test_an_aid_rounded_from_its_rate_is_no_error() -> None:
    assert not accusations("Coût : 45 678 €. Subvention du Département au taux de 35 %, soit 15 900 €.")
    assert accusations("Coût : 45 678 €. Subvention du Département au taux de 35 %, soit 12 900 €.")
