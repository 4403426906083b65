"""A row's rate, base and ceiling; its amounts before and after tax: the right ones are silent, the false ones told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables.making import check, codes

CAPPED = "Bénéficiaire;Coût du projet;Taux;{cap};Subvention\n"


def told(text: str) -> list[tuple[str, str, int | None]]:
    outcome, _ = check(text.encode(), select=("PCT", "TAX"))
    return [(f.code, f.state, f.place.line) for f in outcome.findings]


@pytest.mark.parametrize("cap", ["Plafond", "Plafond de subvention", "Montant plafonné", "PLAFOND DE L'AIDE (€)"])
def test_a_subsidy_that_its_ceiling_bounds_is_right(cap: str) -> None:
    rows = "A;100 000 €;20 %;8 000 €;8 000 €\nB;10 000 €;20 %;8 000 €;2 000 €\nC;40 000 €;20 %;8 000 €;8 000 €\n"
    assert told(CAPPED.format(cap=cap) + rows) == []


@pytest.mark.parametrize(
    "cap", ["Dépense subventionnable plafonnée", "Plafond de dépenses", "Dépense éligible plafonnée à", "Plafond"]
)
def test_a_subsidy_on_a_capped_base_is_right(cap: str) -> None:
    rows = "A;100 000;20 %;40 000;8 000\nB;30 000;20 %;40 000;6 000\nC;90 000;15,5 %;40 000;6 200\n"
    assert told(CAPPED.format(cap=cap) + rows) == []


def test_a_capped_base_may_be_the_only_base() -> None:
    text = "Bénéficiaire;Dépense subventionnable plafonnée;Taux;Subvention\nA;40 000;20 %;8 000\nB;40 000;25 %;{}\n"
    assert told(text.format("10 000")) == []
    assert told(text.format("11 000")) == [("PCT001", "broken", 3)]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("A;100 000;20 %;8 000;9 000", "broken"),  # neither the rate nor the ceiling
        ("A;30 000;20 %;8 000;8 000", "broken"),  # the rate gives less than the ceiling
        ("A;100 000;20 %;;9 000", "broken"),
        ("A;100 000;20 %;sans plafond;9 000", "broken"),
        ("A;100 000;20 %;-;9 000", "broken"),
        ("A;100 000;20 %;selon règlement;9 000", "unknown"),
        ("A;100 000;20 %;80 %;9 000", "unknown"),
        ("A;100 000;20 %;à définir;9 000", "unknown"),
    ],
)
def test_what_no_ceiling_explains_is_told(row: str, state: str) -> None:
    assert told(CAPPED.format(cap="Plafond") + row + "\n") == [("PCT001", state, 2)]


def test_the_ceiling_is_in_the_working() -> None:
    outcome, _ = check((CAPPED.format(cap="Plafond") + "A;100 000;20 %;8 000;9 000\n").encode())
    (finding,) = outcome.findings
    said = " ".join(finding.say("fr").split())
    assert "9 000 € ÷ 100 000 € = 9 %" in said
    assert "le plafond de 8 000 € ne l’explique pas non plus" in said
    assert "the ceiling of €8,000 does not explain it either" in " ".join(finding.say("en").split())


@pytest.mark.parametrize(
    "text",
    [
        # the rate is of what is granted, not of what was asked
        "Association;Montant demandé;Montant voté;Taux;Coût\nA;5000;2000;20 %;10000\nB;6000;3000;30 %;10000",
        # the rate is of what was asked
        "Association;Budget;Montant demandé;Montant voté;Taux\nA;90000;4000;2000;50 %\nB;60000;4000;3000;75 %\n",
        # the rate is of the part of the cost that counts
        "Tiers;Coût total;Dépense subventionnable;Taux;Subvention\nA;20000;10000;20 %;2000\nB;30000;10000;3 %;300\n",
        "Association;Coût TTC;Coût HT;Budget;Taux;Subvention\nA;12000;10000;99000;20 %;2000\n",
        # units
        "Association;Coût du projet (€);Taux;Subvention (k€)\nA;100 000;20 %;20\n",
        "Subventions 2024 (en milliers d’euros)\nAssociation;Coût du projet;Taux;Subvention\nA;100;20 %;20\n",
        # nothing granted
        "Association;Coût du projet;Taux;Subvention\nA;100 000;20 %;refusé\nB;100 000;20 %;-\nC;1 000;20 %;200\n",
        # per head: no ceiling of the row
        "Association;Coût du projet;Taux;Plafond par élève;Subvention\nA;100 000;20 %;150;20 000\n",
    ],
    ids=["granted", "asked", "eligible", "before-tax", "units", "thousands", "refused", "per-head"],
)
def test_a_rate_of_another_column_is_right(text: str) -> None:
    assert told(text) == []


def test_a_column_that_means_something_else_is_told_once() -> None:
    rows = "".join(f"A{n};{1000 + 7 * n};{n} %;{900 + n}\n" for n in range(1, 9))
    text = "Association;Budget;Taux;Subvention\n" + rows
    outcome, tally = check(text.encode(), select=("PCT001",))
    (finding,) = outcome.findings
    assert (finding.state, finding.severity) == ("unknown", "note")
    assert "8 lignes" in " ".join(finding.say("fr").split())
    assert {k: v for k, v in tally.rules["PCT001"].items() if v} == {"unknown": 8}
    assert {k: v for k, v in tally.kinds["percentage"].items() if v} == {"unknown": 8}


@settings(max_examples=60, deadline=None)
@given(rate=st.integers(1, 100), base=st.integers(100, 9_999_999), cap=st.integers(1, 9_999_999), on_base=st.booleans())
def test_what_a_ceiling_gives_is_never_accused(rate: int, base: int, cap: int, on_base: bool) -> None:
    cents = rate * min(base, cap) if on_base else min(rate * base, 100 * cap)
    row = f"A;{base};{rate} %;{cap};{cents // 100},{cents % 100:02d}\n"
    assert told(CAPPED.format(cap="Plafond") + row) in ([], [("PCT001", "unknown", 2)])


# -- taxes ------------------------------------------------------------------------------------------------------------

TAXED = "Fournisseur;Montant HT;{tax};Montant TTC\n"


@pytest.mark.parametrize(
    ("tax", "rows"),
    [
        ("TVA", "A;1 000;200;1 200\nB;99,99;20,00;119,99\n"),
        ("Montant TVA", "A;1 000,00 €;55,00 €;1 055,00 €\n"),
        ("TVA", "A;1 000;20 %;1 200\nB;1 000;5,5 %;1 055\n"),
        ("TVA", "A;1 000;20;1 200\nB;1 000;5,5;1 055\n"),  # a rate without its sign
        ("Taux de TVA", "A;1 000;20 %;1 200\nB;333,33;20;400,00\n"),
        ("T.V.A.", "A;10,03;2,01;12,04\nB;10,03;2,00;12,04\n"),  # a cent of rounding
        ("TVA", "A;12;2;15\n"),  # 12,40 + 2,48 = 14,88, each to the euro
        ("TVA", "A;1 000;;1 000\nB;1 000;0;1 000\nC;1 000;200;1 000\n"),  # no tax, or not paid here
        ("TVA récupérable", "A;1 000;100;1 200\n"),  # part of it
        ("Récupère la TVA", "A;1 000;oui;1 000\n"),
        ("TVA", "A;néant;-;néant\nB;1 000;200;1 200\n"),
    ],
)
def test_amounts_before_and_after_tax_that_agree(tax: str, rows: str) -> None:
    outcome, _ = check((TAXED.format(tax=tax) + rows).encode(), select=("TAX",))
    assert [f.say("fr") for f in outcome.findings if f.state == "broken"] == []


@pytest.mark.parametrize(
    ("tax", "row", "state"),
    [
        ("TVA", "A;1 000;200;1 250", "broken"),
        ("TVA", "A;1 000,00;200,00;1 200,02", "broken"),
        ("TVA", "A;1 000;20 %;1 210", "broken"),
        ("Taux de TVA", "A;1 000;5,5;1 200", "broken"),
        ("TVA", "A;1 000;200;1 199", "unknown"),
        ("TVA", "A;1 000;200;illisible", "unknown"),
        ("Taux de TVA", "A;1 000,00;20 %;1 200,03", "unknown"),
    ],
)
def test_amounts_before_and_after_tax_that_do_not(tax: str, row: str, state: str) -> None:
    assert told(TAXED.format(tax=tax) + row + "\n") == [("TAX001", state, 2)]


@pytest.mark.parametrize(
    "text",
    [
        "Bénéficiaire;Montant HT;Remise;TVA;Montant TTC\nA;1 000;100;180;1 080\n",
        "Bénéficiaire;Montant HT;TVA;Montant TTC;Observation\nA;1 000;200;1 212;dont éco-participation 12 €\n",
        "Bénéficiaire;Montant;Travaux HT;TVA;Dépense éligible TTC\nA;90;1 000;200;900\n",
        "Bénéficiaire;Coût HT;Coût TTC;Subvention\nA;1 000;1 133;300\n",
        "Bénéficiaire;Montant;Études HT;Études TTC;Travaux HT;Travaux TTC;TVA\nA;90;1 000;1 200;2 000;2 400;600\n",
    ],
    ids=["rebate", "in-words", "other-expense", "no-tax", "two-expenses"],
)
def test_what_explains_a_gap_accuses_nobody(text: str) -> None:
    outcome, _ = check(text.encode(), select=("TAX",))
    assert [f.say("fr") for f in outcome.findings if f.state == "broken"] == []


def test_two_expenses_side_by_side_are_told_apart() -> None:
    text = (
        "Bénéficiaire;Études HT;Études TVA;Études TTC;Travaux (H.T.);Travaux (TVA);Travaux (T.T.C.);Montant voté\n"
        "A;1 000;200;1 200;2 000;400;2 400;90\nB;1 000;200;1 200;2 000;400;2 900;90\n"
    )
    outcome, tally = check(text.encode(), select=("TAX",))
    assert [(f.code, f.place.line, f.place.quote) for f in outcome.findings] == [("TAX001", 3, "2 900")]
    assert tally.rules["TAX001"]["holds"] == 3


@settings(max_examples=60, deadline=None)
@given(
    net=st.integers(1, 10**9), rate=st.sampled_from(["20", "10", "5,5", "2,1", "8,5", "19,6"]), as_rate=st.booleans()
)
def test_a_tax_rounded_to_the_cent_is_right(net: int, rate: str, as_rate: bool) -> None:
    tenths = int(float(rate.replace(",", ".")) * 10)
    tax = (net * tenths + 500) // 1000
    gross = net + tax

    def cents(n: int) -> str:
        return f"{n // 100},{n % 100:02d}"

    shown = rate + " %" if as_rate else cents(tax)
    outcome, _ = check((TAXED.format(tax="TVA") + f"A;{cents(net)};{shown};{cents(gross)}\n").encode(), select=("TAX",))
    assert codes(outcome) == []


def test_hostile_cells_are_refused_or_left() -> None:
    hostile = ["9" * 400, "1e999999", "=1+1", "\x07", "1 000 " * 50, "٣٤", "-" * 60, "%" * 60, "1,2,3,4", "∞", "nan"]
    for cell in hostile:
        for at in range(4):
            cells = ["100 000", "20 %", "8 000", "8 000"]
            cells[at] = cell
            outcome, _ = check((CAPPED.format(cap="Plafond") + "A;" + ";".join(cells) + "\n").encode())
            assert [f.code for f in outcome.findings if f.code == "PCT001" and f.state == "broken"] in ([], ["PCT001"])
            cells = ["1 000", "200", "1 200"]
            if at < 3:
                cells[at] = cell
            check((TAXED.format(tax="TVA") + "A;" + ";".join(cells) + "\n").encode())
