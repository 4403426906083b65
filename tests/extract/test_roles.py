"""Words that give every amount its role: what is true is read, what is false is told, and what is unsure is neither."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.extract.reading import accusations, read

AMOUNTS = st.integers(1_000, 900_000)
SLIPS = st.integers(1, 900).map(lambda n: n * 7)


def euros(number: int, sign: str = "€") -> str:
    return f"{number:,}".replace(",", " ") + f" {sign}"


REMAINDERS = (
    "Sur une enveloppe de {whole}, {taken} ont été {verb} ; {left} restent donc à répartir.",
    "Sur les {whole} votés, {taken} ont été {verb}. Il reste {left}.",
    "Le crédit inscrit est de {whole}. {taken} ont déjà été {verb} et il reste {left}.",
    "Le reste à charge, après déduction de la dotation ({taken}), s'élève à {left} pour un coût de {whole}.",
    "Après déduction de l'aide de l'État ({taken}), il reste {left} sur un montant de {whole}.",
    "Le solde de l'aide, dont le montant est de {whole} et sur laquelle {taken} ont été {verb}, ressort à {left}.",
)
VERBS = ("attribués", "versés", "mandatés", "engagés", "consommés", "dépensés")


@settings(max_examples=40)
@given(st.sampled_from(REMAINDERS), st.sampled_from(VERBS), AMOUNTS, AMOUNTS, SLIPS, st.sampled_from(("€", "euros")))
def test_what_is_left_is_told_true_or_false(way: str, verb: str, taken: int, left: int, slip: int, sign: str) -> None:
    assume(taken != left)
    whole = taken + left

    def said(result: int) -> str:
        return way.format(whole=euros(whole, sign), taken=euros(taken, sign), left=euros(result, sign), verb=verb)

    assert not accusations(said(left))
    assert read(said(left)).has("balance", "holds", start=whole, result=left)
    assume(left + slip < whole and left + slip != taken)
    assert read(said(left + slip)).has("balance", "broken", start=whole, result=left + slip)


RESULTS = (
    "Les recettes s'élèvent à {income} et les dépenses à {spending}, soit un {word} de {result}.",
    "Bilan : les charges atteignent {spending}, les produits {income}. Le {word} est donc de {result}.",
    "Section d'investissement : recettes {income}, dépenses {spending}, soit un {word} de {result}.",
)


@settings(max_examples=40)
@given(st.sampled_from(RESULTS), AMOUNTS, AMOUNTS, SLIPS)
def test_a_surplus_and_a_deficit_have_their_sign(way: str, income: int, spending: int, slip: int) -> None:
    assume(income != spending)
    word = "excédent" if income > spending else "déficit"
    gap = abs(income - spending)
    given_ = {"income": euros(income), "spending": euros(spending), "word": word}
    assert not accusations(way.format(result=euros(gap), **given_))
    assume(gap + slip not in (income, spending, income + spending))
    assert read(way.format(result=euros(gap + slip), **given_)).has("balance", "broken", result=gap + slip)


TIMES = (
    "La somme de {total} sera versée en {count} {word} de {each}.",
    "Le montant annuel de {total} sera mandaté en {count} {word} égaux de {each} chacun.",
    "Cette subvention de {total}, payée en {count} {word} de {each}.",
)


@settings(max_examples=40)
@given(
    st.sampled_from(TIMES),
    st.sampled_from((("deux", 2), ("trois", 3), ("4", 4), ("dix", 10), ("douze", 12))),
    st.sampled_from(("versements", "acomptes", "termes")),
    AMOUNTS,
    SLIPS,
)
def test_equal_payments_make_the_whole(way: str, count: tuple[str, int], word: str, each: int, slip: int) -> None:
    name, number = count
    good = way.format(total=euros(each * number), count=name, word=word, each=euros(each))
    assert not accusations(good)
    assert read(good).has("average", "holds", total=each * number, count=number, stated=each)
    assume((each + slip) % 10)  # a round amount is a rounded one
    false = way.format(total=euros(each * number), count=name, word=word, each=euros(each + slip))
    assert read(false).has("average", "broken", total=each * number, stated=each + slip)


@settings(max_examples=40)
@given(st.lists(AMOUNTS, min_size=2, max_size=5), st.integers(2005, 2030), SLIPS, st.sampled_from((" : ", " – ", ", ")))
def test_years_are_added_up(parts: list[int], first: int, slip: int, mark: str) -> None:
    run = " ; ".join(f"{first + rank}{mark}{euros(part)}" for rank, part in enumerate(parts))
    said = f"{run} ; soit {{}} sur la durée de la convention."
    assert not accusations(said.format(euros(sum(parts))))
    assert read(said.format(euros(sum(parts)))).has("sum", "holds", total=sum(parts), parts=parts)
    if mark == " : ":
        assert read(said.format(euros(sum(parts) + slip))).has("sum", "broken", total=sum(parts) + slip)


NAMES = ("Aubres", "Brisset", "Corvol", "Dampierre", "Échiré", "Fay", "Saint-Ay", "La Baule", "Le Mans", "Les Mées")


@settings(max_examples=40)
@given(st.integers(3, 10), st.sampled_from(("communes adhérentes", "communes", "villes partenaires")), st.booleans())
def test_names_in_brackets_are_counted(number: int, noun: str, last: bool) -> None:
    words = ("trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
    names = NAMES[:number]
    listed = ", ".join(names[:-1]) + (" et " if last else ", ") + names[-1]
    good = f"Les {words[number - 3]} {noun} ({listed}) participent au dispositif."
    assert not accusations(good)
    assert read(good).has("count", "holds", stated=number)
    if number < 10:
        assert read(f"Les {words[number - 2]} {noun} ({listed}) participent.").has("count", "broken", stated=number + 1)


@settings(max_examples=40)
@given(AMOUNTS, AMOUNTS, AMOUNTS, SLIPS, st.sampled_from(("–", "-", "−")), st.booleans())
def test_signed_chains(one: int, two: int, three: int, slip: int, minus: str, first: bool) -> None:
    result = one + two - three
    assume(result > 0 and len({one, two, three, result}) == 4)
    chain = f"solde {euros(one)} + dotation {euros(two)} {minus} reprise {euros(three)}"
    for stated, state in ((result, "holds"), (result + slip, "broken")):
        said = f"{euros(stated)} = {chain}" if first else f"Provision : {chain} = {euros(stated)}"
        found = read(said)
        assert bool(accusations(said)) == (state == "broken")
        assert found.has("sum", state, total=stated, parts=[one, two, three])


@settings(max_examples=40)
@given(AMOUNTS, AMOUNTS, st.integers(1, 900), SLIPS)
def test_modifications_of_a_budget(first: int, more: int, less: int, slip: int) -> None:
    said = "BP 2023 : {} ; DM n° 1 : + {} ; DM n° 2 : - {} ; total voté : {}."
    total = first + more - less
    assume(total + slip != more - less)
    good = said.format(euros(first), euros(more), euros(less), euros(total))
    assert not accusations(good)
    assert read(good).has("sum", "holds", total=total)
    assert read(said.format(euros(first), euros(more), euros(less), euros(total + slip))).has("sum", "broken")


@settings(max_examples=40)
@given(st.lists(st.integers(5, 30), min_size=4, max_size=7), st.integers(1, 90), st.integers(0, 6))
def test_the_one_false_rate_of_a_run_is_told(rates: list[int], hundreds: int, wrong: int) -> None:
    assume(sum(rates) < 100 and len(set(rates)) == len(rates))
    rates = [*rates, 100 - sum(rates)]
    assume(len(set(rates)) == len(rates))
    whole = hundreds * 10_000

    def said(shown: list[int]) -> str:
        run = " ; ".join(
            f"financeur {chr(65 + rank)} {euros(whole * rate // 100)} ({stated} %)"
            for rank, (rate, stated) in enumerate(zip(rates, shown, strict=True))
        )
        return f"Restauration du retable : dépense {euros(whole)} ; {run}."

    assert not accusations(said(rates))
    wrong %= len(rates)
    shown = [rate + 10 if rank == wrong else rate for rank, rate in enumerate(rates)]
    assert read(said(shown)).has("percentage", "broken", stated=shown[wrong], whole=whole)


@pytest.mark.parametrize(
    "said",
    [
        "Sur une enveloppe de 150 000 €, 132 500 € ont été attribués ; 10 000 € restent à répartir pour la culture et "
        "7 500 € pour le sport.",
        "Un acompte de 10 000 € a été versé. Sur la subvention de 20 000 €, 6 000 € ont encore été versés ; il reste "
        "4 000 €.",
        "Sur une enveloppe de 50 000 €, 30 000 € ont été engagés et 12 000 € ont été payés. Il reste donc 20 000 €.",
        "Sur une enveloppe de 50 000 €, 30 000 € ont été attribués et 12 000 € restent à instruire, le solde étant "
        "réservé.",
        "Sur les 12 000 € votés, 5 000 € ont été versés puis 1 000 € reversés ; il reste 8 000 €.",
        "Sur les 25 000 € accordés, 10 000 € ont été versés. Le solde de 8 000 € du budget culture est inchangé.",
        "Recettes de fonctionnement 500 000 €, dépenses de fonctionnement 450 000 €, résultat de clôture 80 000 €.",
        "Les recettes s'élèvent à 500 000 € et les dépenses à 450 000 €, soit un résultat cumulé de 80 000 €.",
        "Le budget de 36 000 € permet une aide en trois versements de 10 000 €.",
        "La subvention de 36 000 € sera versée en trois versements de 10 000 €, le reste à la fin.",
        "Le prêt de 36 000 € est remboursé en douze mensualités de 3 100 €.",
        "La somme de 1 000 € sera payée en trois versements de 333,33 €.",
        "2021 : 10 000 € ; 2022 : 12 000 € ; 2023 : 15 000 € ; soit un total de 40 000 € depuis 2020.",
        "2021 : 10 000 € ; 2022 : 12 000 € ; 2023 : 15 000 € ; soit 12 333 € en moyenne.",
        "Arts : 5 000 € ; sport : 9 000 € ; dont judo : 2 000 € ; culture : 3 000 €. Total : 17 000 €.",
        "Lot 1 : 5 000 € ; lot 2 : 9 000 €. Total du marché : 20 000 €.",
        "Coût : 57 000 € ; aides : 30 000 € ; fonds propres : 7 000 € ; total à financer : 20 000 €.",
        "État 40 000 € (40 %) ; Région 30 000 € (30 %) ; Ville 20 000 € (20 %) ; coût 100 000 € ; acompte 20 000 € "
        "(50 %).",
        "Sur un montant de 12 000 € HT, 5 000 € ont été payés, il reste 9 400 € TTC.",
        "12 x 100 € + 3 x 50 € - 10 € = 1 340 €",
        "14 000 € = 12 000 € + 5 000 € - 3 000 €",
        "BP : 100 000 € ; DM n° 1 : + 20 000 € ; DM n° 2 : - 5 000 € ; total des DM : 15 000 €.",
        "Les trois associations des quartiers (Les Lilas, La Plaine) ont répondu.",
        "Les quatre communes concernées (Ars, Saint-Jean et Saint-Paul, Dry) sont d'accord.",
        "Les trois écoles (Jules-Ferry, Pasteur) et le collège (Zola) sont concernés.",
        "Les 3 bourgs (Ars, Dry) disposant d'une école sont desservis, Baule l'étant depuis 2019.",
        "Trois pays (France, Espagne, Portugal, Italie en observateur) participent.",
        "Dépenses de l'exercice : 28 000 €, recettes : 30 000 €, ainsi l'excédent est de 3 500 € avec les stocks.",
        "Sur un crédit de 100 000 €, 60 000 € ont été mandatés et 30 000 € sont engagés ; il reste 40 000 € à payer.",
        "Les trois sites (Lyon, Vienne...) seront fermés.",
        "Le contrat prévoit 3 postes : un directeur (45 k€), deux animateurs (31 k€ chacun).",
        "Le jury a retenu trois projets :\nA) Le lavoir\nB) Le four\nC) La halle\n\nIII. Suite\nRien.",
        "Le jury a retenu trois projets :\n1. Le lavoir\n2. Le four\n3. La halle\n\n4. Suite de l'ordre du jour\nRien.",
    ],
)
def test_what_is_correct_is_not_accused(said: str) -> None:
    assert not accusations(said)
