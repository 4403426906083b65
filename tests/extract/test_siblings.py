"""A share among others that hold: told when it is false, left alone when anything else may be meant."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, given
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
