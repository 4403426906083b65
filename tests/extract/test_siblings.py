"""A share among others that hold: told when it is false, left alone when anything else may be meant."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from subsidy_rules.claims import Share, Sum, judge
from subsidy_rules.extract import facts_of
from subsidy_rules.readers import text as reader
from subsidy_rules.reading import Limits
from subsidy_rules.settings import Settings

WHO = ("l'État", "la Région", "le Département", "la commune", "le FEDER")
OPENINGS = (
    "Le projet coûte {total} :",
    "Montant de l'opération : {total} ;",
    "Dépense : {total}, dont",
    "Le contrat, de {total}, réunit",
)


def shares(words: str) -> list[tuple[str, str]]:
    claims = facts_of(reader.read("note.txt", words.encode(), limits=Limits()), Settings()).claims
    return [(claim.stated.text, judge(claim).state) for claim in claims if isinstance(claim, Share) and claim.stated]


def euros(amount: int) -> str:
    return f"{amount:,} €".replace(",", " ")


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, list[int]]:
    """A total and whole rates, none twice, that make up 100."""
    rates = draw(st.lists(st.integers(5, 60), min_size=1, max_size=3, unique=True))
    assume(sum(rates) <= 90 and 100 - sum(rates) not in rates)
    return draw(st.integers(11, 9_999)) * 100, [*rates, 100 - sum(rates)]


def said(total: int, rates: list[int], printed: list[int], opening: str, form: str) -> str:
    parts = [
        f"{WHO[n]} {euros(total * rate // 100)}" + form.format(rate=f"{shown} %")
        for n, (rate, shown) in enumerate(zip(rates, printed, strict=True))
    ]
    return opening.format(total=euros(total)) + " " + ", ".join(parts[:-1]) + " et " + parts[-1] + "."


@given(plans(), st.sampled_from(OPENINGS), st.sampled_from((" ({rate})", " (soit {rate})")))
def test_a_plan_that_holds_is_not_accused(plan: tuple[int, list[int]], opening: str, form: str) -> None:
    total, rates = plan
    assert all(state == "holds" for _, state in shares(said(total, rates, rates, opening, form)))


@given(plans(), st.sampled_from(OPENINGS), st.sampled_from((" ({rate})", " (soit {rate})")), st.data())
def test_the_one_that_breaks_ranks_is_told(
    plan: tuple[int, list[int]], opening: str, form: str, data: st.DataObject
) -> None:
    total, rates = plan
    at = data.draw(st.integers(0, len(rates) - 1))
    wrong = data.draw(st.integers(1, 99).filter(lambda rate: rate not in rates))
    # Where the wrong rate is that of any two amounts printed, nobody can tell.
    others = [Fraction(total), *(Fraction(total * rate, 100) for rate in rates)]
    assume(all(abs(one / two * 100 - wrong) > 1 for one in others for two in others))
    printed = [wrong if n == at else rate for n, rate in enumerate(rates)]
    found = shares(said(total, rates, printed, opening, form))
    assert [text for text, state in found if state == "broken"] == [f"{wrong} %"]


def test_a_rate_that_goes_on_is_of_something_else() -> None:
    for words in (
        "Le projet coûte 1 000 € : l'État 600 € (60 %) et la commune 400 € (25 % de son budget d'action).",
        "Le projet coûte 1 000 € : l'État 600 € (60 %) et la commune 400 € (80 % versés à la signature).",
        "Le projet coûte 1 000 € : l'État 600 € (60 %) et la commune 400 € (+ 5 %).",
        "Le projet coûte 1 000 €, pour un budget de 2 000 € : l'État 600 € (60 %) et la commune 400 € (20 %).",
    ):
        assert all(state != "broken" for _, state in shares(words)), words


def test_the_rate_of_an_instalment_of_payments_that_make_up_the_subsidy() -> None:
    words = (
        "La subvention de 86 000 € est versée en deux fois :\n"
        "- un acompte de {rate}, soit 51 600 €, dès que la convention est notifiée ;\n"
        "- le solde, soit 34 400 €, sur remise du compte rendu."
    )
    assert shares(words.format(rate="60 %")) == [("60 %", "holds")]
    assert shares(words.format(rate="70 %")) == [("70 %", "broken")]
    other = words.format(rate="40 %") + " Le budget est de 129 000 €."
    assert ("40 %", "broken") not in shares(other)


@given(st.lists(st.integers(100, 9_999), min_size=2, max_size=5), st.integers(1, 900), st.booleans())
def test_a_sub_total_closes_its_own_section(amounts: list[int], slip: int, true: bool) -> None:
    rows = "\n".join(f"Club n° {chr(65 + n)} : {euros(amount)}" for n, amount in enumerate(amounts))
    total = sum(amounts) + (0 if true else slip)
    words = f"AIDES\n\nSports\n{rows}\nSous-total sports : {euros(total)}\n\nVoté à l'unanimité."
    claims = facts_of(reader.read("note.txt", words.encode(), limits=Limits()), Settings()).claims
    states = [judge(claim).state for claim in claims if isinstance(claim, Sum)]
    assert states == (["holds"] if true else ["broken"])


HUNDRED = (
    "Recettes : {total}, dont dons {a} ({p} %), cotisations {b} ({q} %) et ventes {c} ({r} %).",
    "Le contrat, d'un coût de {total}, réunit l'État ({a}, soit {p} %), la Région ({b}, soit {q} %) et VNF ({c}, soit "
    "{r} %).",
    "Le plan de financement ({total}) associe l'État pour {a} ({p} %), la Région pour {b} ({q} %) et la Ville pour {c} "
    "({r} %).",
)


@settings(max_examples=40)
@given(
    st.sampled_from(HUNDRED),
    st.integers(111, 9_999),
    st.integers(10, 40),
    st.integers(10, 40),
    st.sampled_from(("none", "total", "part")),
    st.sampled_from((2, 3, 5, 7)),
)
def test_shares_of_a_hundred_per_cent_have_one_whole(
    way: str, total: int, one: int, two: int, slip: str, times: int
) -> None:
    last = 100 - one - two
    assume(len({one, two, last}) == 3)
    whole, parts = total * 100, [total * one, total * two, total * last]
    printed = {"p": one, "q": two, "r": last, "total": euros(whole * (times if slip == "total" else 1))}
    wrong = parts[0] + (total * times * 2 if slip == "part" else 0)
    words = way.format(a=euros(wrong), b=euros(parts[1]), c=euros(parts[2]), **printed)
    claims = facts_of(reader.read("note.txt", words.encode(), limits=Limits()), Settings()).claims
    states = {judge(claim).state for claim in claims if claim.confidence != "low"}
    assert ("broken" in states) == (slip != "none"), words


def test_shares_of_a_whole_that_is_not_said_accuse_nobody() -> None:
    for words in (
        "Coût : 120 000 € TTC. Financement : État 50 000 € (50 %), commune 50 000 € (50 %).",
        "Le programme pèse 900 000 €. Première année : État 20 000 € (20 %), commune 80 000 € (80 %).",
        "Coût total 300 000 €, dont 250 000 € éligibles : État 100 000 € (40 %), commune 150 000 € (60 %).",
        "Travaux : 100 000 €, maîtrise d'œuvre (10 %) : 10 000 €, aléas (5 %) : 5 000 €, soit 115 000 €.",
        "La subvention de 9 000 € : 30 % à la signature, soit 2 700 €, 50 %, soit 4 500 €, puis le solde de 1 800 €.",
    ):
        assert all(state != "broken" for _, state in shares(words)), words


def test_payments_that_make_up_the_aid_are_rated_on_it() -> None:
    way = (
        "La Ville alloue 20 000 €, versés en deux fois : {} % à la signature, soit 14 000 €, et le solde, soit 6 000 €."
    )
    assert shares(way.format(70)) == [("70 %", "holds")]
    assert shares(way.format(80)) == [("80 %", "broken")]
