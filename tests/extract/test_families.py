"""Families of words: any of them, with any figures, in either order, says the same; a slip in what no role ties down
accuses nobody, and one that grammar ties down is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from subsidy_rules import vocabulary
from tests.extract.reading import accusations, read

AMOUNTS = st.integers(1_010, 900_000)
SLIPS = st.integers(1, 900).map(lambda n: n * 7)
SIGNS = st.sampled_from(("€", "euros", "EUR"))


def euros(number: int, sign: str = "€") -> str:
    return f"{number:,}".replace(",", " ") + f" {sign}"


LEFT_BEFORE = (
    "il manquera donc {left}",
    "le complément, {left}, sera pris en charge par le club",
    "le reliquat de {left} étant gardé pour les demandes tardives",
    "la commune supportera {left}",
    "d'où une économie de {left}",
    "la différence, soit {left}, est reportée",
    "il y a lieu de trouver {left}",
    "la marge laissée au jury est de {left}",
    "ce qui laisse {left} pour l'automne",
    "le besoin résiduel s'établit à {left}",
)
LEFT_AFTER = (
    "{left} restent à affecter",
    "{left} demeurent à la charge du syndicat",
    "{left} de reliquat sont reportés",
    "{left} non consommés ont été annulés",
    "{left} manquent encore",
    "{left} n'ont pas été employés",
    "{left} ont été restitués",
    "{left} sont restitués au Département",
)
STARTS = (
    "Le devis retenu ressort à {whole}, la CAF prend {taken}",
    "Le crédit voté au printemps était de {whole}. Les aides de ce jour totalisent {taken}",
    "Le dossier présentait une demande de {whole}. Le groupe de travail en a retenu {taken}",
    "La convention prévoit {whole}. Au 31 décembre, {taken} étaient mandatés",
)


@settings(max_examples=60)
@given(st.sampled_from(STARTS), st.sampled_from((*LEFT_BEFORE, *LEFT_AFTER)), AMOUNTS, AMOUNTS, SIGNS, st.booleans())
def test_what_is_left_is_read_in_any_words(
    start: str, said: str, taken: int, left: int, sign: str, apart: bool
) -> None:
    assume(taken != left)
    whole = taken + left
    said = said.format(left=euros(left, sign))
    opening = start.format(whole=euros(whole, sign), taken=euros(taken, sign))
    text = f"{opening}. {said[0].upper()}{said[1:]}." if apart else f"{opening} ; {said}."
    assert read(text).has("balance", "holds", start=whole, minus=[taken], result=left), text
    assert not accusations(text)


@settings(max_examples=40)
@given(st.sampled_from(("dépasse de", "excède de")), AMOUNTS, AMOUNTS)
def test_a_gap_is_read_between_what_it_separates(verb: str, less: int, gap: int) -> None:
    assume(less != gap)
    text = f"La dotation de 2015 ({euros(less + gap)}) {verb} {euros(gap)} celle de 2014 ({euros(less)})."
    assert read(text).has("balance", "holds", start=less + gap, minus=[less], result=gap)
    text = f"La fermeture allège la charge de {euros(gap)}, la ramenant de {euros(less + gap)} à {euros(less)}."
    assert read(text).has("balance", "holds", start=less + gap, minus=[less], result=gap)


MISSING = (
    "Le club présentait une demande de {whole}. Le groupe de travail en a retenu {taken} : il manquera donc {left}.",
    "Le besoin se monte à {whole} ; le syndicat en a dépensé {taken} et il reste {left}.",
    "Le prix ressort à {whole}. Déduction faite de l'acompte de {taken}, il reste {left}.",
    "Sur une enveloppe de {whole}, {taken} ont été attribués ; {left} manquent encore.",
)


@settings(max_examples=40)
@given(st.sampled_from(MISSING), AMOUNTS, AMOUNTS, SLIPS)
def test_what_is_missing_is_told_true_or_false(way: str, taken: int, left: int, slip: int) -> None:
    assume(taken not in (left, left + slip) and slip < taken)
    given_ = {"whole": euros(taken + left), "taken": euros(taken)}
    assert not accusations(way.format(left=euros(left), **given_))
    assert read(way.format(left=euros(left), **given_)).has("balance", "holds", start=taken + left, result=left)
    assert read(way.format(left=euros(left + slip), **given_)).has("balance", "broken", result=left + slip)


GAPS = (
    "Le produit de 2019 ({more}) excède de {gap} celui de 2018 ({less}).",
    "L'offre retenue ({less}) est inférieure de {gap} à l'estimation de {more}.",
    "L'aide est ramenée de {more} à {less}, soit {gap} de moins.",
    "La participation est portée de {less} à {more}, soit une hausse de {gap}.",
)


@settings(max_examples=40)
@given(st.sampled_from(GAPS), AMOUNTS, AMOUNTS, SLIPS)
def test_a_gap_that_grammar_names_is_told_true_or_false(way: str, less: int, gap: int, slip: int) -> None:
    assume(gap != less and gap + slip != less)
    given_ = {"more": euros(less + gap), "less": euros(less)}
    assert read(way.format(gap=euros(gap), **given_)).has("balance", "holds", start=less + gap, minus=[less])
    assert not accusations(way.format(gap=euros(gap), **given_))
    assert read(way.format(gap=euros(gap + slip), **given_)).has("balance", "broken", result=gap + slip)


BOUNDED = (
    "Les aides accordées atteignent {value}, sur une enveloppe annuelle de {limit}.",
    "{value} ont été consommés sur les {limit} abondés.",
    "La dépense, soit {value}, sera prélevée sur le chapitre 204, dont le disponible est de {limit}.",
    "La somme de {value} est imputée sur l'article 6574, doté de {limit}.",
    "Le plafond annuel est de {limit}. La commande, de {value}, respecte ce plafond.",
    "Le total des aides, {value}, s'inscrit dans l'enveloppe de {limit}.",
    "Une subvention de {value} (plafond : {limit}) est accordée.",
    "La dépense de {value} sera couverte par le crédit de {limit}.",
    "La garantie joue pour {value}, à concurrence de {limit}.",
)
COMPARED = (
    "Le total, {value}, reste en deçà du plafond de {limit}.",
    "Le montant de {value} est inférieur au seuil de {limit}.",
    "La commande de {value} se situe en dessous de la limite de {limit}.",
    "La subvention de {value} demeure sous le seuil de {limit}.",
    "Le cumul est de {value} ; le plafond de {limit} n'est donc pas dépassé.",
)


@settings(max_examples=60)
@given(st.sampled_from((*BOUNDED, *COMPARED)), AMOUNTS, st.integers(0, 90_000), SIGNS)
def test_a_limit_is_read_in_any_words(way: str, value: int, room: int, sign: str) -> None:
    text = way.format(value=euros(value, sign), limit=euros(value + room, sign))
    assert read(text).has("at_most", "holds", value=value, limit=value + room) or (room == 0 and "inférieur" in text), (
        text
    )
    assert not [told for told in accusations(text) if room]


@settings(max_examples=40)
@given(st.sampled_from(COMPARED), AMOUNTS, st.integers(1, 90_000))
def test_a_comparison_that_is_false_is_told(way: str, limit: int, over: int) -> None:
    assert read(way.format(value=euros(limit + over), limit=euros(limit))).has(
        "at_most", "broken", value=limit + over, limit=limit
    )


@settings(max_examples=40)
@given(st.sampled_from(BOUNDED), AMOUNTS, st.integers(1, 90_000))
def test_what_only_words_of_pools_say_accuses_nobody(way: str, limit: int, over: int) -> None:
    assert not accusations(way.format(value=euros(limit + over), limit=euros(limit)))


TOTALS = (
    "Compte tenu des {two} déjà votés, l'exercice totalise {total}.",
    "Les {two} de l'automne portent le montant à {total}.",
    "S'y ajoutent {two}, ce qui donne un engagement cumulé de {total}.",
    "Avec {two} en juin, la somme des concours est de {total}.",
)


@settings(max_examples=40)
@given(st.sampled_from(TOTALS), AMOUNTS, AMOUNTS)
def test_a_total_of_what_sentences_said(way: str, one: int, two: int) -> None:
    assume(one != two)
    text = f"Le conseil accorde {euros(one)} au haras. " + way.format(two=euros(two), total=euros(one + two))
    assert read(text).has("sum", "holds", total=one + two, parts=[one, two]), text
    assert not accusations(text.replace(euros(one + two), euros(one + two + 13)))


@settings(max_examples=30)
@given(
    st.lists(st.integers(3, 90), min_size=2, max_size=5, unique=True),
    st.sampled_from(("Soit", "En tout,", "Au total,")),
)
def test_things_counted_in_lines_then_in_all(numbers: list[int], word: str) -> None:
    lines = "\n".join(f"- vague {rank} : {number} bénéficiaires" for rank, number in enumerate(numbers, 1))
    text = f"Bilan des vagues :\n{lines}\n{word} {sum(numbers)} commerçants soutenus."
    assume(sum(numbers) >= 10)
    assert read(text).has("sum", "holds", total=sum(numbers), parts=numbers), text
    assert not accusations(text.replace(f" {sum(numbers)} commerçants", f" {sum(numbers) + 1} commerçants"))


REMAINING = (
    "Les communes couvrent {one} % du budget, les {two} % restants provenant de la cantine.",
    "L'État finance {one} % du projet, le solde, soit {two} %, revenant à la commune.",
    "La Région prend {one} % de la dépense et le reste ({two} %) incombe au syndicat.",
)


@settings(max_examples=30)
@given(st.sampled_from(REMAINING), st.integers(5, 95), st.integers(1, 4))
def test_shares_and_what_remains_make_a_hundred(way: str, one: int, slip: int) -> None:
    assert read(way.format(one=one, two=100 - one)).has("shares_total", "holds", percents=[one, 100 - one])
    assert not accusations(way.format(one=one, two=100 - one))
    if way is not REMAINING[1]:
        assert not accusations(way.format(one=one, two=100 - one + slip))


NAMES = st.sampled_from(("Total", "Ensemble", "Par an", "Masse", ""))


@settings(max_examples=40)
@given(NAMES, st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=2, max_size=5), SLIPS)
def test_a_last_row_that_adds_up_is_a_total_whatever_its_name(
    name: str, rows: list[tuple[int, int]], slip: int
) -> None:
    def table(total: int, other: int) -> str:
        lines = [f"| Poste {chr(65 + rank)} | {one} € | {two} € |" for rank, (one, two) in enumerate(rows)]
        head = "| Poste | Accordé | Versé |\n|---|---|---|\n"
        return head + "\n".join([*lines, f"| {name} | {total} € | {other} € |"])

    one, two = sum(row[0] for row in rows), sum(row[1] for row in rows)
    found = read(table(one, two))
    assert found.has("sum", "holds", total=one, parts=[row[0] for row in rows])
    assert found.has("sum", "holds", total=two, parts=[row[1] for row in rows])
    if name in ("Par an", "Masse"):
        assert not accusations(table(one + slip, two))


@settings(max_examples=30)
@given(st.sampled_from((20, 10, 5)), st.lists(st.integers(20, 9_000), min_size=2, max_size=4), SLIPS)
def test_columns_before_and_after_tax(rate: int, nets: list[int], slip: int) -> None:
    def table(last: int) -> str:
        rows = [(net * 20, net * 20 * rate // 100) for net in nets]
        lines = [f"| Lot {n} | {net},00 € | {tax},00 € | {net + tax},00 € |" for n, (net, tax) in enumerate(rows, 1)]
        lines.append(f"| Lot 9 | 1000,00 € | {10 * rate},00 € | {last},00 € |")
        return f"| Lot | HT | TVA {rate} % | TTC |\n|---|---|---|---|\n" + "\n".join(lines)

    assert read(table(1000 + 10 * rate)).has("tax", "holds", net=1000, gross=1000 + 10 * rate)
    assert not accusations(table(1000 + 10 * rate))
    assert read(table(1000 + 10 * rate + slip)).has("tax", "broken", net=1000, gross=1000 + 10 * rate + slip)


@settings(max_examples=40)
@given(
    st.integers(0, 2),
    st.lists(st.integers(11_000, 900_000), min_size=3, max_size=3, unique=True),
    st.sampled_from(
        ("Le {name} reçoit {rate} % des crédits.", "Les crédits vont au {name} pour {rate} %.", "{name} : {rate} %.")
    ),
)
def test_a_rate_said_under_its_table(which: int, sums: list[int], way: str) -> None:
    names = ("théâtre", "stade", "musée")
    rows = "\n".join(f"| {name} | {amount} € |" for name, amount in zip(names, sums, strict=True))
    rate = f"{100 * sums[which] / sum(sums):.2f}".replace(".", ",")
    text = f"| Poste | Montant |\n|---|---|\n{rows}\n| Total | {sum(sums)} € |\n\n" + way.format(
        name=names[which], rate=rate
    )
    assert read(text).has("percentage", "holds", part=sums[which], whole=sum(sums)), text
    assert not accusations(text)


@pytest.mark.parametrize("name", vocabulary.__all__)
def test_families_are_folded_alternatives(name: str) -> None:
    family = getattr(vocabulary, name)
    assert family == family.lower()
    assert family.isascii()
    assert not re.compile(f"(?:{family})").fullmatch("")
