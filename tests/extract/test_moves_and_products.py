"""Changes, products of a price, and amounts said again, whose figures have their role from words."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.extract.reading import accusations, read


def euros(number: int, sign: str = "€") -> str:
    return f"{number:,}".replace(",", " ") + f" {sign}"


CHANGES = (
    "Le loyer annuel de {start} (100 € par mois) est porté à {end}, soit une hausse de {rate} %.",
    "La dotation, fixée à {start} l'an passé, est majorée de {rate} % et portée à {end}.",
    "La dotation initiale de {start}, augmentée de {rate} % ({delta}), s'établit à {end}.",
    "Le montant initial du marché s'élevait à {start}. L'avenant n° 1 l'a porté à {end}, soit une augmentation de "
    "{rate} %.",
    "Recettes 2021 : {start}. Recettes 2022 : {end}, soit une progression de {rate} %.",
    "La subvention de la Ville est de {end}. Elle était de {start} en 2022 (+ {rate} %).",
    "L'excédent est donc de {end}, à comparer aux {start} de l'an dernier (+{rate} %).",
)


@settings(max_examples=60)
@given(st.sampled_from(CHANGES), st.integers(50, 900), st.integers(2, 60), st.integers(2, 60))
def test_a_change_is_told_true_or_false(way: str, hundreds: int, rate: int, wrong: int) -> None:
    start, delta = hundreds * 100, hundreds * rate
    figures = {"start": euros(start), "end": euros(start + delta), "delta": euros(delta)}
    good = way.format(rate=rate, **figures)
    assert not accusations(good)
    assert read(good).has("change", "holds", start=start, end=start + delta, stated=rate)
    assume(abs(rate - wrong) > 1 and abs(100 * rate / (100 + rate) - wrong) > 1)
    assert read(way.format(rate=wrong, **figures)).has("change", "broken", start=start, end=start + delta, stated=wrong)


COUNTED = (
    "Le nombre d'adhérents est passé de {start} à {end}, soit une hausse de {rate} %.",
    "L'effectif de l'école passe de {start} à {end} élèves, soit une progression de {rate} %.",
    "Le festival a accueilli {end} spectateurs en 2022, contre {start} en 2021 (+ {rate} %).",
)


@settings(max_examples=40)
@given(st.sampled_from(COUNTED), st.integers(1, 9), st.integers(2, 60), st.integers(2, 60))
def test_numbers_that_grow_are_told_true_or_false(way: str, hundreds: int, rate: int, wrong: int) -> None:
    start = hundreds * 100
    end = start + hundreds * rate
    assume(not {start, end} & set(range(1900, 2100)))
    good = way.format(start=start, end=end, rate=rate)
    assert not accusations(good)
    assert read(good).has("change", "holds", start=start, end=end, stated=rate)
    assume(abs(rate - wrong) > 1 and abs(100 * rate / (100 + rate) - wrong) > 1)
    assert read(way.format(start=start, end=end, rate=wrong)).has("change", "broken", start=start, end=end)


PRODUCTS = (
    "La cotisation passe de 85 € à {each} par habitant, soit pour {count} habitants un montant de {total}.",
    "Le coût par élève s'établit à {each} ({total} pour {count} élèves).",
    "Le forfait communal s'élève à {each} par élève. Pour {count} élèves, la dépense est de {total}.",
    "L'aide, de {each} par repas, concerne {count} repas, soit une dépense annuelle de {total}.",
    "La dotation, de {each} par habitant en 2022, s'élève à {total} pour les {count} habitants de la commune.",
    "L'opération ({count} logements) bénéficie d'une aide de {each} par logement, soit {total}.",
)


@settings(max_examples=60)
@given(st.sampled_from(PRODUCTS), st.integers(101, 999), st.integers(12, 900), st.integers(1, 90))
def test_a_product_is_told_true_or_false(way: str, each: int, count: int, slip: int) -> None:
    assume(each % 10)  # a round price may be a rounded one
    total = each * count
    good = way.format(each=euros(each), count=count, total=euros(total))
    assert not accusations(good)
    assert read(good).has("average", "holds", total=total, count=count, stated=each)
    wrong = total + slip * count + 7  # beyond what the rounding of the price explains
    assume(wrong % 10 and wrong % each and wrong != total)
    false = way.format(each=euros(each), count=count, total=euros(wrong))
    assert read(false).has("average", "broken", total=wrong, count=count, stated=each)


AGAIN = (
    "Article 1er : une subvention de {one} est attribuée au comité des fêtes.\nArticle 2 : cette subvention, soit "
    "{two}, sera versée en une seule fois.",
    "Le conseil autorise le maire à verser au Club nautique la somme de {one}.\nIl dit que cette somme de {two} sera "
    "prélevée sur les crédits ouverts.",
    "Le total des dépenses ({one}) est égal au total des recettes ({two}).",
    "Une aide annuelle de {one} est reconduite, identique à celle de 2021, soit {two}.",
    "TITRE : Subvention de {one} à l'association Lire et Dire\nArticle 1er. Une subvention de {two} est attribuée à "
    "l'association Lire et Dire pour son antenne.",
)


@settings(max_examples=40)
@given(st.sampled_from(AGAIN), st.integers(1_000, 90_000), st.integers(1, 900), st.sampled_from(("€", "euros")))
def test_an_amount_said_again_is_told_true_or_false(way: str, amount: int, slip: int, sign: str) -> None:
    good = way.format(one=euros(amount, sign), two=euros(amount, sign))
    assert not accusations(good)
    assert read(good).has("equal", "holds", first=amount, again=amount)
    false = way.format(one=euros(amount, sign), two=euros(amount + slip, sign))
    assert read(false).has("equal", "broken", first=amount, again=amount + slip)


CORRECT = (
    "La dotation était de 48 000 €. Elle est réduite de 5 % en 2022 puis de 5 % en 2023, et ramenée à 43 320 €.",
    "La dotation de 48 000 € est réduite de 5 % au titre des charges et portée à 50 000 € avec le complément.",
    "Le loyer de 800 € est majoré de 2,5 %, soit 20 €.",
    "Le prix de 12 000 € est porté à 15 000 €, soit une hausse de 4,6 % par an.",
    "Le nombre d'adhérents est passé de 210 à 252, soit une hausse de 12 % du nombre de licences.",
    "La subvention de 12 000 € est portée à 15 000 €, soit une hausse de 5 % du budget.",
    "Le marché était de 200 000 €. Il a été porté à 220 000 € par avenant n° 1. L'avenant n° 2 le porte à 230 000 €, "
    "soit une augmentation de 15 %.",
    "Le budget de fonctionnement était de 500 000 €. La dotation passe à 120 000 €, soit une hausse de 20 %.",
    "La subvention passe de 10 000 € à 12 000 € ; le budget, lui, augmente de 5 %.",
    "La subvention de 10 000 € est portée à 12 000 € par la Ville, celle du Département étant en hausse de 5 %.",
    "Le nombre de classes passe de 12 à 14, et celui des élèves augmente de 5 %.",
    "Le taux passe de 3 à 4, soit une hausse de 1 point, et les charges augmentent de 10 %.",
    "Le nombre d'élèves passe de 210 à 240, soit une hausse légèrement supérieure à 14 %.",
    "Le nombre d'élèves passe de 210 à 240, soit une hausse de plus de 10 %.",
    "La dépense initiale de 50 000 € est portée à 60 000 €. L'aide est portée à 18 000 €, soit une hausse de 20 %.",
    "L'aide était de 10 000 €. Elle est portée à 12 500 €, soit 25 % du coût.",
    "L'aide est de 150 € par enfant. Pour 42 enfants, la dépense est de 6 300 €, portée à 7 000 € avec le transport.",
    "L'aide est de 150 € par enfant et par an. Pour 42 enfants, elle s'élève à 18 900 € sur trois ans.",
    "La cotisation est de 0,50 € par habitant, avec un minimum de 2 500 €, soit 2 500 € pour 4 300 habitants.",
    "La subvention est de 30 000 € par an. Pour les trois ans, 100 000 € sont inscrits.",
    "Une aide de 30 000 € par an est versée pendant trois ans, puis 20 000 € pendant deux ans, soit 130 000 €.",
    "L'aide est de 20 000 € par logement. L'opération de 12 logements, dont 8 éligibles, reçoit 160 000 €.",
    "Le tarif est de 12 € par enfant. Le centre compte 45 enfants. La subvention de la CAF s'élève à 9 000 €.",
    "La redevance est de 2 € par habitant. La commune compte 3 400 habitants. Elle perçoit une dotation de 50 000 €.",
    "Le loyer est de 500 € par mois. Le bail de 3 mois prévoit une caution de 1 000 €.",
    "La subvention de 2022 était de 10 000 €. Cette subvention de 12 000 € sera versée en 2023.",
    "Une aide de 10 000 € est accordée. Une avance sur cette aide, de 4 000 €, sera versée.",
    "Les dépenses (145 000 €) sont égales aux recettes, hors report (155 000 €).",
    "L'aide de 12 000 € est reconduite. Elle représente 20 % du budget culturel. Le club dispose de 45 000 €.",
    "L'association reçoit une subvention de 12 000 €. Elle représente 30 % des clubs, dont le budget est de 90 000 €.",
)


@pytest.mark.parametrize("words", CORRECT)
def test_what_only_looks_like_it_accuses_nobody(words: str) -> None:
    assert not accusations(words)
