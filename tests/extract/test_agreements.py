"""What agrees is told whatever the words, and only what agrees."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, example, given
from hypothesis import strategies as st

from subsidy_rules.claims import Balance, Claim, Share, Sum, judge
from subsidy_rules.extract import facts_of
from subsidy_rules.readers import text as reader
from subsidy_rules.reading import Limits
from subsidy_rules.settings import Settings


def read(words: str) -> tuple[Claim, ...]:
    return facts_of(reader.read("note.txt", words.encode(), limits=Limits()), Settings()).claims


def euros(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    grouped = f"{whole:,}".replace(",", " ")
    return f"{grouped},{rest:02d} €" if rest else f"{grouped} €"


def value(claim: Sum) -> tuple[Fraction, list[Fraction]]:
    assert claim.total is not None
    return claim.total.fraction, sorted(part.fraction for part in claim.parts if part is not None)


AMOUNTS = st.integers(101, 9_999_999)
PARTS = st.lists(AMOUNTS, min_size=3, max_size=7, unique=True)
FILLERS = ("la part communale étant de", "le partenaire apportant", "la Région", "un mécène", "le fonds", "les usagers")


@given(PARTS, st.sampled_from(("le soutien public se chiffre donc à", "on aboutit ainsi à", "ce qui porte le tout à")))
def test_amounts_that_make_up_the_last_one_are_tied_to_it(cents: list[int], words: str) -> None:
    assume(max(cents) < sum(cents) - max(cents) or len(cents) > 2)
    said = ", ".join(f"{FILLERS[n % len(FILLERS)]} {euros(part)}" for n, part in enumerate(cents))
    claims = read(f"Pour mémoire, {said}, {words} {euros(sum(cents))}.")
    sums = [value(claim) for claim in claims if isinstance(claim, Sum)]
    assert (Fraction(sum(cents), 100), sorted(Fraction(part, 100) for part in cents)) in sums


@given(PARTS, st.integers(1, 100_000), st.booleans())
@example([10_000, 20_000, 30_000], 1, True)
def test_what_does_not_agree_is_not_told_for_want_of_words(cents: list[int], slip: int, more: bool) -> None:
    total = sum(cents) + (slip if more else -slip)
    assume(total > max(cents))
    said = ", ".join(f"{FILLERS[n % len(FILLERS)]} {euros(part)}" for n, part in enumerate(cents))
    claims = read(f"Pour mémoire, {said}, on aboutit ainsi à {euros(total)}.")
    assert not [claim for claim in claims if claim.topic == "agreement" and judge(claim).state != "holds"]


@given(AMOUNTS, AMOUNTS, st.sampled_from(("il subsiste", "demeurent disponibles", "un reliquat de", "un besoin de")))
def test_what_is_left_is_a_remainder(one: int, two: int, words: str) -> None:
    assume(one != two)
    claims = read(f"La tranche pesait {euros(one + two)}, on en a consommé {euros(one)} et {words} {euros(two)}.")
    left = [
        (claim.start.fraction, claim.minus[0].fraction, claim.result.fraction)
        for claim in claims
        if isinstance(claim, Balance)
        and claim.start is not None
        and claim.minus[0] is not None
        and claim.result is not None
    ]
    assert left == [(Fraction(one + two, 100), Fraction(one, 100), Fraction(two, 100))]


@given(st.integers(1, 900).map(lambda n: n * 1000), st.integers(1, 999))
def test_a_rate_is_tied_to_the_only_pair_that_makes_it_true(whole: int, tenths: int) -> None:
    part = whole * tenths // 1000
    rate = f"{tenths // 10},{tenths % 10} %"
    claims = read(f"Le règlement retient {rate} ; l'assiette est de {euros(whole * 100)}, d'où {euros(part * 100)}.")
    shares = [claim for claim in claims if isinstance(claim, Share)]
    assert all(judge(claim).state == "holds" for claim in shares)
    assert [(claim.part.fraction, claim.whole.fraction) for claim in shares if claim.part and claim.whole] == [
        (Fraction(part), Fraction(whole))
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ("le club reçoit", "soit", "un total de", "reste", "par an", "dont", "contre", "en 2021,", "x")
            ),
            st.one_of(AMOUNTS.map(euros), st.integers(1, 99).map(lambda n: f"{n} %"), st.integers(2, 40).map(str)),
        ),
        min_size=1,
        max_size=12,
    ).map(
        lambda items: " ".join(
            f"{words} {figure}" + (". Puis" if n % 4 == 3 else ",") for n, (words, figure) in enumerate(items)
        )
    )
)
def test_nothing_but_what_holds_is_ever_told(words: str) -> None:
    assert all(judge(claim).state == "holds" for claim in read(words) if claim.topic == "agreement")


def test_rates_of_tax_limits_and_moves_tie_nothing() -> None:
    for words in (
        "La TVA est de 20 % ; le devis est de 1 000 € et la fourniture de 200 €.",
        "L'aide ne peut dépasser 50 % ; le devis est de 1 000 € et la fourniture de 500 €.",
        "Une inflation de 10 % ; le devis est de 1 000 € et la fourniture de 100 €.",
    ):
        assert not [claim for claim in read(words) if isinstance(claim, Share)], words


def test_two_pairs_that_agree_tie_nothing() -> None:
    claims = read("On retient 50 % ; les postes sont de 400 €, 200 € et 100 €.")
    assert not [claim for claim in claims if isinstance(claim, Share)]


@given(st.integers(2, 800), st.integers(2, 800))  # beyond, some are years
def test_a_number_and_its_two_parts_beside_it(one: int, two: int) -> None:
    claims = read(f"Le dispositif touche {one + two} bénéficiaires, {one} filles et {two} garçons.")
    assert (Fraction(one + two), sorted([Fraction(one), Fraction(two)])) in [
        value(claim) for claim in claims if isinstance(claim, Sum)
    ]


def test_the_count_of_votes_is_nobodys_sum() -> None:
    for words in (
        "Votants : 31, dont 27 présents et 4 pouvoirs.",
        "Le rapport est adopté par 31 voix, 29 pour et 2 contre.",
    ):
        assert not [claim for claim in read(words) if isinstance(claim, Sum)], words


@given(PARTS, st.sampled_from((" ; ", ", ")), st.booleans())
def test_amounts_of_a_paragraph_make_up_what_was_said_before(cents: list[int], mark: str, signed: bool) -> None:
    run = mark.join(f"poste {chr(97 + n)} {'+ ' if signed else ''}{euros(part)}" for n, part in enumerate(cents))
    for total, told in ((sum(cents), True), (sum(cents) + 1, False)):
        said = f"La section s'équilibre à {euros(total)}.\n\nInvestissement\n\nDépenses : {run}."
        sums = [claim for claim in read(said) if isinstance(claim, Sum)]
        assert all(judge(claim).state == "holds" for claim in sums)
        assert ((Fraction(total, 100), sorted(Fraction(part, 100) for part in cents)) in map(value, sums)) is told


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_what_is_left_after_a_unit_price_is_told(one: int, two: int, unit: int) -> None:
    assume(len({one, two, unit, one + two}) == 4)
    said = f"Avec une aide de {euros(unit)} par jeune, on dépense {euros(one)}. Le crédit étant de {euros(one + two)}, "
    claims = read(said + f"il subsiste {euros(two)}.")
    left = [claim.result.fraction for claim in claims if isinstance(claim, Balance) and claim.result is not None]
    assert left == [Fraction(two, 100)]


@given(st.integers(2, 400), st.integers(2, 400), st.sampled_from(("dossiers", "familles", "projets")))
def test_numbers_of_the_same_things_make_their_total(one: int, two: int, thing: str) -> None:
    assume(one != two)
    said = f"Aides individuelles – {one} {thing} ; aides collectives – {two} {thing}. Ensemble : {{}} {thing}."
    for total, told in ((one + two, True), (one + two + 1, False)):
        sums = [value(claim) for claim in read(said.format(total)) if isinstance(claim, Sum)]
        assert ((Fraction(total), sorted((Fraction(one), Fraction(two)))) in sums) is told


@given(st.integers(1, 900).map(lambda n: n * 1000), st.integers(1, 99))
def test_a_rate_is_tied_to_an_aid_said_well_before(whole: int, rate: int) -> None:
    assume(whole * rate % 100 == 0 and rate != 50)
    part = euros(whole * rate)
    said = (
        f"Article 6. L'aide est fixée à {part}.\n\nElle est versée en une fois.\n\nLa convention court trois ans."
        f"\n\nArticle 7. L'assiette ayant été arrêtée à {euros(whole * 100)}, le taux ressort à {rate} %."
    )
    shares = [claim for claim in read(said) if isinstance(claim, Share)]
    assert [claim.whole.fraction for claim in shares if claim.whole is not None] == [Fraction(whole)]
