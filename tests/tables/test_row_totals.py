"""Totals of rows: told only where the table itself shows what they add up, and silent on every right table."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.tables import crossing
from tests.tables.making import check

TABLE = (
    "Association;Fonctionnement;Investissement;Total\n"
    "Arc;1 000,00;500,00;1 500,00\nBois;2 000,00;400,00;2 400,00\nCerf;300,00;250,00;550,00\nDaim;150,00;;150,00\n"
    "Élan;700,00;90,00;790,00\n"
)


def told(text: str) -> list[tuple[str, str, int | None, str | None]]:
    outcome, _ = check(text.encode(), select=("SUM005",))
    return [(f.severity, f.state, f.place.line, f.place.quote) for f in outcome.findings]


def states(text: str) -> dict[str, int]:
    _, tally = check(text.encode(), select=("SUM005",))
    return {state: count for state, count in tally.rules.get("SUM005", {}).items() if count}


def test_a_right_table_holds() -> None:
    assert told(TABLE) == []
    assert states(TABLE) == {"holds": 5}


def test_one_wrong_total_is_told_with_what_the_others_add() -> None:
    outcome, _ = check(TABLE.replace("2 400,00", "2 450,00").encode())
    (finding,) = outcome.findings
    assert (finding.code, finding.severity, finding.place.line, finding.place.quote) == (
        "SUM005",
        "warning",
        3,
        "2 450,00",
    )
    said = " ".join(finding.say("fr").split())
    assert "2 000,00 € + 400,00 € = 2 400 €, et non 2 450,00 € (écart : 50 €)" in said
    assert "« Total » est la somme de « Fonctionnement » + « Investissement »" in said
    assert [place.quote for place in finding.related] == ["2 000,00", "400,00"]
    assert finding.values["columns"] == ["Fonctionnement", "Investissement"]


def test_many_witnesses_make_it_an_error() -> None:
    rows = "".join(f"A{n};{100 + n};{7 * n};{100 + 8 * n}\n" for n in range(1, 20))
    text = "Association;2023;2024;Total\n" + rows
    assert told(text) == []
    assert told(text.replace("140\n", "1400\n", 1)) == [("error", "broken", 6, "1400")]


def test_a_wrong_part_is_told_at_its_total() -> None:
    assert told(TABLE.replace("Bois;2 000", "Bois;2 750")) == [("warning", "broken", 3, "2 400,00")]


WRONG_BY = {
    # name: (table, state of its odd row)
    "two-rows-show-nothing": ("Association;A;B;Total\nArc;1;2;3\nBois;4;5;9\nCerf;10;20;99\n", "unknown"),
    "a-cell-left-blank": (TABLE.replace("Daim;150,00;;150,00", "Daim;150,00;;400,00"), "unknown"),
    "rounded-to-the-euro": (
        "Association;A;B;C;Total\nArc;1;2;3;6\nBois;4;5;6;15\nCerf;33;33;33;100\nDaim;10;20;30;60\nÉlan;7;8;9;24\n",
        "unknown",
    ),
    "told-in-words": (
        TABLE.replace("\n", ";\n")
        .replace("Total;", "Total;Observations", 1)
        .replace("1 500,00;", "1 800,00;dont mise à disposition de salle (300 €)"),
        "unknown",
    ),
    "a-deduction": (
        "Association;A;B;Retenue;Total\nArc;1000;200;0;1200\nBois;400;500;0;900\nCerf;10;20;0;30\nDaim;40;50;0;90\n"
        "Élan;700;80;50;730\n",
        "unknown",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_BY)
def test_what_may_explain_a_gap_is_a_doubt(name: str) -> None:
    text, state = WRONG_BY[name]
    assert told(text) == []
    assert state in states(text)


RIGHT = {
    "merged-titles": (
        "VILLE DE SAINT-AUBIN;;;;\nSubventions 2024;;;;\n;;;;\nAssociation;Subventions;;;Total\n"
        ";Fonctionnement;Projet;Exceptionnelle;\nArc;1 000;500;;1 500\nBois;2 000;;250;2 250\nCerf;300;40;10;350\n"
        "Daim;90;80;70;240\nTotal;3 390;620;330;4 340\n"
    ),
    "sections": (
        "Association;Fonctionnement;Projet;Total\nCULTURE;;;\nArc;100;50;150\nBois;200;30;230\n"
        "Sous-total Culture;300;80;380\nSPORT;;;\nCerf;70;30;100\nDaim;5;6;11\nSous-total Sport;75;36;111\n"
        "Total général;375;116;491\n"
    ),
    "years": (
        "Association;BP 2022;BP 2023;BP 2024;Total\nArc;100;110;120;330\nBois;0;0;50;50\nCerf;néant;20;30;50\n"
        "Daim;-;-;40;40\nÉlan;1;2;3;6\n"
    ),
    "totals-by-year": (
        "Association;F 2023;I 2023;Total 2023;F 2024;I 2024;Total 2024;Total général\n"
        "Arc;10;5;15;20;5;25;40\nBois;20;0;20;30;7;37;57\nCerf;3;4;7;8;9;17;24\nDaim;1;1;2;2;2;4;6\n"
    ),
    "total-of-some": (
        "Association;Demandé;Fonctionnement;Projet;Total voté;Reste\nArc;200;100;50;150;50\nBois;300;200;30;230;70\n"
        "Cerf;100;70;30;100;0\nDaim;20;5;6;11;9\n"
    ),
    "total-first": (
        "Tiers;Total;dont fonctionnement;dont projet\nArc;150;100;50\nBois;230;200;30\nCerf;100;70;30\nDaim;11;5;6\n"
    ),
    "details-not-added": (
        "Association;Subvention;dont loyer;Projet;Total\nArc;100;20;50;150\nBois;200;0;30;230\nCerf;70;7;30;100\n"
        "Daim;5;1;6;11\n"
    ),
    "thousands": (
        "Subventions (en milliers d’euros);;;\nAssociation;2023;2024;Total\nArc;10,4;11,4;21,9\nBois;1,2;2,2;3,4\n"
        "Cerf;5,0;6,0;11,0\nDaim;7,1;8,1;15,2\n"
    ),
    "instalments": (
        "Bénéficiaire;Acompte;Solde;Total\nArc;600;400;1000\nBois;500;;500\nCerf;;300;300\nDaim;60;40;100\nÉlan;6;4;10\n"
    ),
    "in-kind": (
        "Association;Subvention;Projet;Mise à disposition;Total\nArc;100;50;salle;150\nBois;200;30;2 000;230\n"
        "Cerf;70;30;;100\nDaim;5;6;;11\n"
    ),
    "notes-below": (TABLE + ";;;\n(1) sous réserve du budget 2024, soit 1 000 € au plus;;;\n"),
    "counts": (
        "Association;Adhérents;Licenciés;Total;Montant\nArc;10;5;15;100\nBois;20;3;23;200\nCerf;7;3;10;70\nDaim;5;6;11;5\n"
    ),
    "months": (
        "Association;" + ";".join(f"M{n}" for n in range(1, 13)) + ";Total\n"
        + "".join(f"A{k};" + ";".join(str(k * n) for n in range(1, 13)) + f";{78 * k}\n" for k in range(1, 6))
    ),
    "total-means-another-thing": (
        "Association;2023;2024;Total\nArc;10;20;500\nBois;30;40;900\nCerf;50;60;110\nDaim;1;2;3\nÉlan;5;5;77\n"
    ),
    "capped-totals": (
        "Association;Aide 1;Aide 2;Total plafonné\nArc;100;50;120\nBois;20;30;50\nCerf;7;3;10\nDaim;5;6;11\n"
    ),
    "net-of-recoveries": (
        "Association;Attribué;Repris;Total\nArc;100;10;90\nBois;200;20;180\nCerf;70;5;65\nDaim;50;0;50\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_table_is_not_accused(name: str) -> None:
    outcome, _ = check(RIGHT[name].encode())
    assert [f.say("fr") for f in outcome.findings if f.state == "broken"] == []


def test_totals_by_year_and_a_total_of_them_tell_one_cause_once() -> None:
    text = RIGHT["totals-by-year"]
    more = "".join(f"Z{n};{n};1;{n + 1};{n};2;{n + 2};{2 * n + 3}\n" for n in range(2, 9))
    assert told(text + more) == []
    assert [line for _, _, line, _ in told((text + more).replace("Bois;20;0;20;30", "Bois;20;4;20;30"))] == [3]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[int]], set[int]]:
    """Rows of amounts in cents, and the columns that the total adds."""
    width = draw(st.integers(2, 6))
    members = draw(st.sets(st.integers(0, width - 1), min_size=2))
    cell = st.one_of(st.just(0), st.integers(1, 9), st.integers(1, 10**8))
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=25))
    return rows, members


def written(rows: list[list[int]], totals: list[int]) -> str:
    lines = ["Association;" + ";".join(f"Aide {n}" for n in range(len(rows[0]))) + ";Total"]
    lines += [
        ";".join([f"A{n}", *(f"{cents // 100},{cents % 100:02d}" for cents in (*row, total))])
        for n, (row, total) in enumerate(zip(rows, totals, strict=True))
    ]
    return "\n".join(lines) + "\n"


@settings(max_examples=80, deadline=None)
@given(tables())
def test_whatever_columns_a_total_adds_nobody_is_accused(made: tuple[list[list[int]], set[int]]) -> None:
    rows, members = made
    totals = [sum(row[member] for member in members) for row in rows]
    assert told(written(rows, totals)) == []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_wrong_total_among_many_is_found_or_doubted(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(st.integers(1, 10**7), min_size=3, max_size=3), min_size=8, max_size=20))
    totals = [sum(row) for row in rows]
    at = data.draw(st.integers(0, len(rows) - 1))
    totals[at] += data.draw(st.integers(-99_999, 99_999).filter(bool))
    text = written(rows, totals)
    found = told(text)
    assert [line for _, _, line, _ in found] in ([at + 2], [])
    if not found:
        assert states(text).get("unknown")


def test_many_columns_and_rows_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried is bounded whatever the width; only a few choices are followed down a long table."""
    random_of = random.Random(5)
    rows = [[random_of.choice((0, random_of.randrange(10**6))) for _ in range(40)] for _ in range(300)]
    text = written(rows, [sum(row) for row in rows])
    taken = 0
    take = crossing._Choice.take

    def counted(self: crossing._Choice, line: crossing._Line) -> None:
        nonlocal taken
        taken += 1
        take(self, line)

    monkeypatch.setattr(crossing._Choice, "take", counted)
    assert told(text) == []
    assert taken < 200_000


def test_hostile_cells() -> None:
    for cell in ("9" * 3000, "1e99999", "=A1", "\x07", "٣", "1 000 " * 90, "-" * 50, "NaN", "(1)", "1 500 (1)", "'12"):
        for at in range(1, 4):
            lines = TABLE.split("\n")
            cells = lines[2].split(";")
            cells[at] = cell
            lines[2] = ";".join(cells)
            assert len(told("\n".join(lines))) <= 1
