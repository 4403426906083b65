"""Tables as town halls make them: the right ones are not accused, whatever they write between their rows, and one wrong
figure in them is found in its cell."""

from __future__ import annotations

import pytest

from tests.tables.making import check, codes

# (the right table, what is changed in it, what it becomes)
TABLES: dict[str, tuple[str, str, str]] = {
    "sub-totals": (
        "Bénéficiaire;Objet;Montant\n"
        "CULTURE;;\n"
        "Association Les Tréteaux;Fonctionnement;12 000,00 €\n"
        "Harmonie municipale;Fonctionnement;3 500,00 €\n"
        "Sous-total Culture;;15 500,00 €\n"
        "SPORT;;\n"
        "FC Bourg;Fonctionnement;8 000,00 €\n"
        "Judo Club;Stage;1 250,50 €\n"
        "Sous-total Sport;;9 250,50 €\n"
        "TOTAL GÉNÉRAL;;24 750,50 €\n",
        "9 250,50",
        "9 520,50",
    ),
    "total-of-two-years": (
        "Nom de l'association;Montant 2023 (€);Montant 2024 (€)\n"
        "Amicale des sapeurs-pompiers;1 200,00 €;1 300,00 €\n"
        "Comité des fêtes;2 500,00 €;2 500,00 €\n"
        "École de musique;10 000,00 €;11 000,00 €\n"
        "Total;13 700,00 €;14 800,00 €\n",
        "14 800",
        "14 700",
    ),
    "thousands": (
        "Bénéficiaire;Montant (k€)\nOpéra;1 250,4\nOrchestre;830,3\nThéâtre;415,2\nTotal;2 496,0\n",
        "2 496,0",
        "2 596,0",
    ),
    "dont": (
        "Libellé;Montant voté\n"
        "Subventions aux associations;100 000\n"
        "dont Harmonie;30 000\n"
        "Subvention au CCAS;250 000\n"
        "Total;350 000\n",
        "Total;350 000",
        "Total;360 000",
    ),
    "refund": (
        "Bénéficiaire;Objet;Montant\n"
        "Club nautique;Subvention 2023;5 000,00\n"
        "Club nautique;Remboursement trop-perçu 2022;-1 200,00\n"
        "Total;;3 800,00\n",
        "3 800",
        "6 200",
    ),
    "instalments": (
        "Bénéficiaire;Convention;Versement;Montant\n"
        "Scène nationale;2024-12;Acompte 1;50 000,00\n"
        "Scène nationale;2024-12;Acompte 2;30 000,00\n"
        "Scène nationale;2024-12;Solde;20 000,00\n"
        "Total;;;100 000,00\n",
        "100 000,00",
        "110 000,00",
    ),
    "titles-and-notes": (
        "VILLE DE SAINT-AUBIN;;;\n"
        "Subventions aux associations - exercice 2024;;;\n"
        ";;;\n"
        "Association;Siège;Compte;Montant en euros\n"
        "Arc;Saint-Aubin;6574;4 000\n"
        "Bois;Saint-Aubin;6574;6 000\n"
        "Total général;;;10 000\n"
        ";;;\n"
        "(1) sous réserve de la production du budget 2024;;;\n"
        "Vu pour être annexé à la délibération du 12 mars 2024;;;\n",
        "10 000",
        "12 000",
    ),
    "two-headers": (
        "Association;Fonctionnement;;Investissement;\n"
        ";2023;2024;2023;2024\n"
        "Arc;1 000;1 100;500;0\n"
        "Bois;2 000;2 000;0;700\n"
        "Total;3 000;3 100;500;700\n",
        "3 100",
        "3 200",
    ),
    "years": (
        "Bénéficiaire;2021;2022;2023;Total\n"
        "Arc;1 000;1 100;1 200;3 300\n"
        "Bois;2 000;2 000;2 500;6 500\n"
        "Total;3 000;3 100;3 700;9 800\n",
        "6 500",
        "6 600",
    ),
    "two-budgets": (
        "Budget principal;;\n"
        "Bénéficiaire;Imputation;Montant\n"
        "Arc;65/6574;1 000\n"
        "Bois;65/6574;2 000\n"
        "Total budget principal;;3 000\n"
        ";;\n"
        "Budget annexe eau;;\n"
        "Bénéficiaire;Imputation;Montant\n"
        "Syndicat;67/6743;5 000\n"
        "Total budget annexe;;5 000\n",
        "annexe;;5 000",
        "annexe;;5 500",
    ),
    "column-of-totals": (
        "Bénéficiaire;Fonctionnement;Projet;Exceptionnelle;Total\n"
        "Arc;1 000,00;500,00;;1 500,00\n"
        "Bois;2 000,00;;250,00;2 250,00\n"
        "Total;3 000,00;500,00;250,00;3 750,00\n",
        "2 250,00",
        "2 550,00",
    ),
    "asked-and-granted": (
        "Association;Montant demandé;Montant proposé;Montant voté\n"
        "Arc;1 500;1 000;1 000\n"
        "Bois;2 500;2 000;1 800\n"
        "TOTAL;4 000;3 000;2 800\n",
        "2 800",
        "2 900",
    ),
    "nothing-granted": (
        "Association;2023;2024\nArc;-;1 000 €\nBois;néant;2 000 €\nCerf;500 €;pas de demande\nTOTAL;500 €;3 000 €\n",
        "3 000",
        "3 100",
    ),
    "average": (
        "Bénéficiaire;Adhérents;Montant;Montant par adhérent\nArc;100;1 000;10\nBois;50;2 000;40\nTotal;150;3 000;20\n",
        "Total;150;3 000",
        "Total;150;3 500",
    ),
    "carried-over": (
        "Bénéficiaire;Montant\n"
        "Arc;1 000\n"
        "Bois;2 000\n"
        "A reporter;3 000\n"
        "Report;3 000\n"
        "Cerf;500\n"
        "Daim;700\n"
        "Total;4 200\n",
        "4 200",
        "4 300",
    ),
    "pages": (
        "Bénéficiaire;Montant\n"
        "Arc;1 000\n"
        "Bois;2 000\n"
        "Total page 1;3 000\n"
        "Cerf;500\n"
        "Total page 2;500\n"
        "Total des pages;3 500\n",
        "Total des pages;3 500",
        "Total des pages;3 600",
    ),
    "count-in-the-label": (
        "N°;Bénéficiaire;Montant\n1;Arc;1 000\n2;Bois;2 000\n3;Cerf;500\nTotal : 3 associations;;3 500\n",
        ";;3 500",
        ";;3 600",
    ),
    "sections-in-sections": (
        "Bénéficiaire;Montant\n"
        "Théâtre;100\n"
        "Danse;200\n"
        "Sous-total Spectacle;300\n"
        "Peinture;50\n"
        "Sous-total Arts;50\n"
        "Total Culture;350\n"
        "Foot;70\n"
        "Judo;30\n"
        "Sous-total Sport collectif;100\n"
        "Yoga;5\n"
        "Sous-total Sport loisir;5\n"
        "Total Sport;105\n"
        "TOTAL GÉNÉRAL;455\n",
        "Total Sport;105",
        "Total Sport;115",
    ),
    "thousands-by-title": (
        "Budget 2024 (en milliers d'euros);;\nBénéficiaire;2023;2024\nArc;10;21\nBois;11;12\nTotal;22;34\n",
        "22;34",
        "22;44",
    ),
    "for-each-member": (
        "Bénéficiaire;Adhérents;Montant;Montant par adhérent;Plafond\n"
        "Arc;100;1 000,00;10,00;5 000\n"
        "Bois;50;2 000,00;40,00;5 000\n"
        "Total;150;3 000,00;20,00;\n",
        "150;3 000,00",
        "150;3 500,00",
    ),
    "years-without": (
        "Association;Montant 2023;Montant 2024;Observations\n"
        "Arc;0;1 000;nouvelle\n"
        "Bois;500;0;dissoute\n"
        "Cerf;néant;néant;\n"
        "Total;500;1 000;\n",
        "Total;500;1 000",
        "Total;500;1 100",
    ),
    "names-like-totals": (
        "Bénéficiaire;SIRET;Objet;Montant\nTotalEnergies;;Mécénat;1 000\nTotal Danse;;Festival;2 000\nTotal;;;3 000\n",
        ";;;3 000",
        ";;;3 001",
    ),
    "cancelled": (
        "N°;Bénéficiaire;Objet;Montant\n1;Arc;Festival;1 000,00\n2;Arc;Annulation partielle;-250,00\n;TOTAL;;750,00\n",
        "750",
        "1 250",
    ),
    "details-below": (
        "Bénéficiaire;Montant\nCulture;3 000\n- dont Arc;1 000\n- dont Bois;2 000\nSport;500\nTotal;3 500\n",
        "Total;3 500",
        "Total;3 600",
    ),
    "parts-of-the-total": (
        "Bénéficiaire;Montant 2024;Part\nArc;1 000;33,33 %\nBois;2 000;66,67 %\nTotal;3 000;100,00 %\n",
        "Total;3 000",
        "Total;3 300",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_right_table_of_a_town_hall_is_not_accused(name: str) -> None:
    text, before, _ = TABLES[name]
    assert before in text
    outcome, tally = check(text.encode())
    assert [f.say("fr") for f in outcome.findings if f.severity != "note"] == []
    assert tally.rules["SUM004"]["holds"] >= 1
    assert not tally.rules["SUM004"]["unknown"]


@pytest.mark.parametrize("name", TABLES)
def test_one_wrong_total_is_found_in_its_cell(name: str) -> None:
    text, before, after = TABLES[name]
    wrong = text.replace(before, after, 1)
    outcome, _ = check(wrong.encode())
    told = [f for f in outcome.findings if f.severity == "error"]
    assert [f.code for f in told] == ["SUM004"]
    line = next(n for n, (a, b) in enumerate(zip(text.split("\n"), wrong.split("\n"), strict=True), 1) if a != b)
    total = max(n for n, row in enumerate(text.split("\n"), 1) if "otal" in row or "OTAL" in row)
    assert told[0].place.line in (line, total)


def test_identifiers_as_people_write_them_are_right() -> None:
    text = "Association;SIRET;Montant\nArc;{};1 000\n"
    for right in ("217 500 016 00019", "'21750001600019", "21750001600019"):
        assert codes(check(text.format(right).encode())[0]) == []
    for wrong in ("217 500 016 00018", "'21750001600018"):
        assert codes(check(text.format(wrong).encode())[0]) == ["ID001"]


def test_rows_under_another_heading_are_not_read_with_the_first() -> None:
    text = "Bénéficiaire;Montant voté;Objet\nArc;1 000;a\nTotal;1 000;\nMontant voté;Bénéficiaire;Objet\n2 000;Bois;b\n"
    outcome, _ = check(text.encode())
    assert [(f.code, f.state, f.place.line) for f in outcome.findings] == [("TAB006", "unknown", 4)]
    assert outcome.source.unread == 1


def test_figures_without_a_name_are_a_total_when_they_add_up() -> None:
    text = "Bénéficiaire;Objet;Montant\nA;x;100\nB;y;200\n;;300\nC;z;50\nTotal;;350\n"
    outcome, tally = check(text.encode())
    assert codes(outcome) == []
    assert tally.rules["SUM004"]["holds"] == 2


def test_words_in_the_place_of_an_amount_accuse_nobody() -> None:
    text = "Association;Demandé 2024;Voté 2024\nArc;1 000;refusé\nBois;2 000;en attente\nTotal;3 000;500\n"
    outcome, tally = check(text.encode())
    assert [(f.code, f.state, f.place.line) for f in outcome.findings] == [("AMT001", "unknown", 3)]
    assert (tally.rules["SUM004"]["holds"], tally.rules["SUM004"]["unknown"]) == (1, 1)
    outcome, _ = check(b"Association;Montant\nArc;12 O00\n")
    assert [(f.code, f.state) for f in outcome.findings] == [("AMT001", "broken")]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "Article;Libellé;Montant\n6574;Total 6574;300\n6574;A;100\n6574;B;200\n657362;Total 657362;50\n"
            "657362;CCAS;50\n;TOTAL;350\n",
            (";300\n", ";310\n", 2),
        ),
        (
            "Bénéficiaire;Montant\nCulture;300\nA;100\nB;200\nSport;50\nC;50\nTotal;350\n",
            ("Total;350", "Total;360", 7),
        ),
        ("Bénéficiaire;2023;2024\nEffectif;12;14\nA;100;200\nTotal;100;200\n", ("Total;100", "Total;110", 4)),
        ("Bénéficiaire;Montant\nA;500\nB;500\nC;200\nTotal;1200\n", ("Total;1200", "Total;700", 5)),
    ],
    ids=["totals-above", "groups-above", "counts-of-people", "two-equal-subsidies"],
)
def test_rows_that_stand_above_what_they_sum_up(text: str, wrong: tuple[str, str, int]) -> None:
    outcome, tally = check(text.encode())
    assert codes(outcome) == []
    assert not tally.rules["SUM004"]["unknown"]
    before, after, line = wrong
    outcome, tally = check(text.replace(before, after, 1).encode())
    told = [(f.code, f.place.line) for f in outcome.findings]
    assert told == [("SUM004", line)] or (not told and tally.rules["SUM004"]["unknown"])


def test_a_rounded_total_cannot_be_told() -> None:
    outcome, tally = check("Bénéficiaire;Montant\nA;100,40\nB;200,30\nTotal arrondi;301\n".encode())
    assert (codes(outcome), tally.rules["SUM004"]["unknown"]) == ([], 1)


def test_json_lines_in_french_are_a_table() -> None:
    from subsidy_rules.tables.jsonrows import is_table

    assert is_table('{"bénéficiaire": "Arc", "montant": 1000}'.encode())
    assert not is_table(b'{"reference": "D-1", "montant": 1000}')
    assert not is_table(b'{"total": 100, "montant": 1000, "beneficiaire": "Arc", "siret": "1"}')
