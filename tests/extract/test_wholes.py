"""Wholes and remainders whose words leave no doubt: what is true is read and accuses nobody, what is false is told; and
correct texts that only look like them accuse nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.extract.reading import accusations, read

AMOUNTS = st.integers(1_000, 900_000)
SLIPS = st.integers(1, 900).map(lambda n: n * 7)
SIGNS = st.sampled_from(("€", "euros", "Euros", "€."))


def written(number: int, sign: str = "€", *, dots: bool = False) -> str:
    """An amount with spaces or dots between its thousands."""
    return f"{number:,}".replace(",", "." if dots else " ") + " " + sign.rstrip(".")


# -- rates that make 100 % ------------------------------------------------------------------------------------------

RATES: Final = ((60, 40), (75, 25), (55, 25, 20), (45, 35, 20), (40, 25, 22, 13), (70, 20, 10))
PAYERS: Final = ("l'État", "la Région", "le Département", "l'intercommunalité")
RATED: Final = (
    ("Le coût du projet, de {total}, est financé par ", "{who} pour {amount} ({rate} %)", ", ", "."),
    ("Recettes : {total}, dont ", "{who} {amount}, soit {rate} %", " ; ", "."),
    ("Le plan ({total}) réunit ", "{who} ({amount}, soit {rate} %)", ", ", "."),
    ("L'opération, d'un montant de {total}, associe ", "{who} : {amount} ({rate} %)", " et ", "."),
)


@settings(max_examples=40)
@given(
    st.sampled_from(RATED),
    st.sampled_from(RATES),
    st.integers(10, 9_000),
    st.integers(0, 3),
    SLIPS,
    SIGNS,
    st.booleans(),
)
def test_rates_that_make_a_hundred_say_that_nothing_is_missing(
    way: tuple[str, str, str, str], rates: tuple[int, ...], hundredth: int, wrong: int, slip: int, sign: str, dots: bool
) -> None:
    head, item, join, end = way
    total = hundredth * 100

    def said(whole: int, amounts: list[int]) -> str:
        items = [
            item.format(who=who, amount=written(amount, sign, dots=dots), rate=rate)
            for who, amount, rate in zip(PAYERS, amounts, rates, strict=False)
        ]
        return head.format(total=written(whole, sign, dots=dots)) + join.join(items) + end

    parts = [hundredth * rate for rate in rates]
    assert not accusations(said(total, parts))
    assert read(said(total, parts)).has("sum", "holds", total=total, parts=parts)
    # A slip within the rounding of the rates is not theirs to tell.
    assume(slip * 200 > total and slip not in parts)
    spot = wrong % len(parts)
    slipped = [part + slip if index == spot else part for index, part in enumerate(parts)]
    assume(all(part <= total for part in slipped) and sorted(slipped) != sorted(parts))
    assert accusations(said(total, slipped))
    assert accusations(said(total + sum(parts) // 3 * 2 + slip, parts))


# -- words that leave no third --------------------------------------------------------------------------------------

OPPOSED: Final = (
    "Une subvention de {total} est votée, dont {one} au titre du fonctionnement et {two} au titre de l'investissement.",
    "L'aide, de {total}, se compose d'une part fixe de {one} et d'une part variable de {two}.",
    "La Région mobilise {total}, dont {one} programmés et {two} à programmer.",
    "La dotation de {total} comprend {one} en numéraire et {two} en nature.",
    "Au total, ce sont {total} qui seront versés : {one} pour les clubs sportifs, {two} pour les écoles.",
    "Le crédit ({total}) comprend deux tranches : {one} en mars ; {two} en octobre.",
    "L'aide de {total} est partagée en deux parts : {one} pour Les Lilas, {two} pour La Plaine.",
)


@settings(max_examples=50)
@given(st.sampled_from(OPPOSED), AMOUNTS, AMOUNTS, SLIPS, SIGNS)
def test_two_kinds_that_leave_no_third_make_the_whole(way: str, one: int, two: int, slip: int, sign: str) -> None:
    def said(total: int) -> str:
        return way.format(total=written(total, sign), one=written(one, sign), two=written(two, sign))

    assert not accusations(said(one + two))
    assert read(said(one + two)).has("sum", "holds", total=one + two, parts=[one, two])
    assert accusations(said(one + two + slip))


PLANS: Final = (
    ("Coût de l'opération : {cost} ; subvention de l'État : {one} ; aide de la Région : {two} ; {own} : {rest}."),
    ("Coût des travaux : {cost}\nDETR : {one}\nSubvention du Département : {two}\n{own} : {rest}"),
    ("Dépense HT : {cost} ; autres subventions : {one} ; fonds de concours : {two} ; {own} : {rest}"),
    ("Montant du projet : {cost}. Participation de la CAF : {one}. Aide de la MSA : {two}. {own} : {rest}."),
)
OWN: Final = ("Autofinancement", "Part communale", "Fonds propres", "Reste à charge", "Participation communale")


@settings(max_examples=40)
@given(st.sampled_from(PLANS), st.sampled_from(OWN), AMOUNTS, AMOUNTS, AMOUNTS, SLIPS, st.booleans())
def test_an_own_share_closes_the_plan(
    way: str, own: str, one: int, two: int, rest: int, slip: int, bigger: bool
) -> None:
    def said(cost: int) -> str:
        return way.format(cost=written(cost), one=written(one), two=written(two), rest=written(rest), own=own)

    cost = one + two + rest
    assert not accusations(said(cost))
    assume(bigger or cost - slip > max(one, two, rest))
    wrong = cost + slip if bigger else cost - slip
    assume(wrong not in (one + two, one + rest, two + rest))
    assert accusations(said(wrong))


# -- what is left ---------------------------------------------------------------------------------------------------

LEFT: Final = (
    "Le solde de l'enveloppe, soit {left}, est réaffecté : {whole} étaient inscrits et {taken} ont été consommés.",
    "Sur une autorisation d'engagement de {whole}, {taken} ont été affectés et {left} demeurent disponibles.",
    "Crédits ouverts : {whole}. Crédits consommés : {taken}. Disponible : {left}.",
    "Crédits ouverts : {whole}\nCrédits engagés : {taken}\nSolde : {left}",
    "La cotisation s'élève à {whole}. Compte tenu de l'acompte versé ({taken} en mars), il reste à mandater {left}.",
    "La dotation étant de {whole} et {taken} ayant été dépensés, il subsiste {left}.",
    "Un acompte de {taken} a été payé en mars. Le solde, {left}, le sera en mai. Montant de la subvention : {whole}.",
    "Charges : {taken}\nProduits : {whole}\nExcédent : {left}",
    "Le résultat, soit {left}, correspond à la différence entre les produits ({whole}) et les charges ({taken}).",
)


@settings(max_examples=50)
@given(st.sampled_from(LEFT), AMOUNTS, AMOUNTS, SLIPS, SIGNS)
def test_what_is_left_is_told_when_false(way: str, taken: int, left: int, slip: int, sign: str) -> None:
    assume(taken != left)

    def said(result: int) -> str:
        whole = written(taken + left, sign)
        return way.format(whole=whole, taken=written(taken, sign), left=written(result, sign))

    assert not accusations(said(left))
    assume(left + slip < taken + left)
    assert accusations(said(left + slip))


@settings(max_examples=20)
@given(AMOUNTS, AMOUNTS, st.sampled_from((("Deux", 2), ("Trois", 3), ("4", 4))), SLIPS)
def test_equal_advances_are_taken_as_often_as_they_are_paid(
    each: int, left: int, times: tuple[str, int], slip: int
) -> None:
    word, count = times
    said = (
        f"L'aide allouée à l'office s'élève à {written(each * count + left)}. "
        f"{word} acomptes de {written(each)} chacun "
        f"ayant été mandatés, le solde à verser s'établit à "
    )
    assert not accusations(f"{said}{written(left)}.")
    assume(left + slip < each * count + left)
    assert accusations(f"{said}{written(left + slip)}.")


# -- parts first, then their total -----------------------------------------------------------------------------------

CLOSED: Final = (
    "Le conseil vote une subvention de {a} à l'amicale, de {b} au foyer et de {c} à la ligue (total {total}).",
    "Participations : Lanta {a} ; Caraman {b} ; Verfeil {c} ; total : {total}.",
    "Il est attribué {a} à la culture, {b} au sport et {c} au social, soit {total} pour l'ensemble.",
    "Sont accordés : {a} à La Ruche ; {b} aux Graines ; {c} au Moulin.\nArt. 2 - La dépense totale, soit {total}, sera "
    "imputée au chapitre 65.",
    "Sont accordés : {a} à La Ruche ; {b} aux Graines ; {c} au Moulin. Le montant total de ces aides est de {total}.",
)


@settings(max_examples=40)
@given(st.sampled_from(CLOSED), AMOUNTS, AMOUNTS, AMOUNTS, SLIPS, SIGNS, st.booleans())
def test_a_total_that_closes_its_sentence_is_told(
    way: str, a: int, b: int, c: int, slip: int, sign: str, dots: bool
) -> None:
    def said(total: int) -> str:
        figures = {"a": a, "b": b, "c": c, "total": total}
        return way.format(**{name: written(figure, sign, dots=dots) for name, figure in figures.items()})

    assert not accusations(said(a + b + c))
    assert read(said(a + b + c)).has("sum", "holds", total=a + b + c, parts=[a, b, c])
    assert accusations(said(a + b + c + slip))


SECTIONS: Final = (
    ("{name}\n{rows}\nSous-total {name} : {sub}\n", "{label} : {figure}", "\nTOTAL GÉNÉRAL : {total}"),
    (
        "{number}. {name}\n{rows}\n   Total {number}                {sub}\n",
        "   {label:<30}{figure}",
        "TOTAL {sum}          {total}",
    ),
    (
        "{name}\n{rows}\n   Sous-total {name}     {sub}\n",
        "   {label:<30}{figure}",
        "\nTOTAL GENERAL (en euros)    {total}",
    ),
)
NAMES: Final = ("Sports", "Culture", "Enseignement", "Environnement")
LABELS: Final = (
    "Football Club",
    "Les Amis du Livre",
    "Refuge animalier",
    "Amicale laïque",
    "Judo",
    "Chorale",
    "Ligue",
    "UNC",
)


@settings(max_examples=30)
@given(
    st.sampled_from(SECTIONS),
    st.lists(st.tuples(st.integers(150, 40_000), st.integers(150, 40_000)), min_size=2, max_size=4),
    SLIPS,
)
def test_a_grand_total_adds_its_sub_totals(
    way: tuple[str, str, str], sections: list[tuple[int, int]], slip: int
) -> None:
    section, row, last = way
    unit = " €" if row.startswith("{label} :") else ""

    def figure(number: int) -> str:
        return f"{number:,}".replace(",", " ") + unit

    text = "SUBVENTIONS (en euros)\n\n"
    for index, pair in enumerate(sections):
        rows = "\n".join(
            row.format(label=LABELS[2 * index + spot], figure=figure(amount)) for spot, amount in enumerate(pair)
        )
        text += section.format(name=NAMES[index], number=index + 1, rows=rows, sub=figure(sum(pair)))
    total = sum(map(sum, sections))
    names = "+".join(str(number + 1) for number in range(len(sections)))
    assert not accusations(text + last.format(total=figure(total), sum=names))
    told = read(text + last.format(total=figure(total), sum=names))
    assert told.has("sum", "holds", total=total, parts=list(map(sum, sections)))
    assert accusations(text + last.format(total=figure(total + slip), sum=names))


@settings(max_examples=30)
@given(
    st.lists(st.integers(100, 90_000), min_size=4, max_size=5, unique=True),
    st.lists(st.integers(100, 90_000), min_size=2, max_size=4, unique=True),
    SLIPS,
)
def test_two_sides_with_words_and_figure_in_one_cell(charges: list[int], incomes: list[int], slip: int) -> None:
    incomes = [*incomes, 200_000 + sum(charges) - sum(incomes)]
    charges = [*charges, 200_000]

    def said(total: int) -> str:
        rows = ["CHARGES | PRODUITS |"]
        for index in range(max(len(charges), len(incomes))):
            left = f"{LABELS[index]} {written(charges[index], '')}" if index < len(charges) else ""
            right = f"{LABELS[-index - 1]} {written(incomes[index], '')}" if index < len(incomes) else ""
            rows.append(f"{left.strip()} | {right.strip()} |")
        rows.append(
            f"TOTAL CHARGES {written(total, '').strip()} | TOTAL PRODUITS {written(sum(incomes), '').strip()} |"
        )
        return "Budget prévisionnel de l'association (en euros)\n" + "\n".join(rows)

    assert not accusations(said(sum(charges)))
    assert read(said(sum(charges))).has("sum", "holds", total=sum(charges), parts=charges)
    assert read(said(sum(charges))).has("sum", "holds", total=sum(incomes), parts=incomes)
    assert accusations(said(sum(charges) + slip))


# -- what only looks like it ----------------------------------------------------------------------------------------

CORRECT: Final = (Path(__file__).parent / "correct.txt").read_text("utf-8").rstrip("\n").split("\n=====\n")


@pytest.mark.parametrize("number", range(len(CORRECT)))
def test_correct_texts_that_look_false_accuse_nobody(number: int) -> None:
    assert not accusations(CORRECT[number]), CORRECT[number]
