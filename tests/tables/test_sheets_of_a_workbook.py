"""Two sheets of one workbook: the same subsidy, two amounts, told with both cells; and all that may rightly differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from subsidy_rules.checking import check
from subsidy_rules.finding import Report
from tests.tables.making import HEADER, row

xlsxwriter: Any = pytest.importorskip("xlsxwriter", reason="making a workbook needs XlsxWriter (extra « xlsx »)")
pytest.importorskip("python_calamine", reason="reading a workbook needs python-calamine (extra « workbooks »)")

OWN = ["Référence", "Association", "Financeur", "Objet", "Date", "Montant voté"]


def told(folder: Path, **sheets: list[list[str]]) -> Report:
    path = folder / "subventions.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name.replace("_", " "))
        for number, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    book.close()
    return check(str(path), select=("AMT004",))


def official(*rows: list[str]) -> list[list[str]]:
    return [HEADER, *([cell or "" for cell in cells] for cells in rows)]


def others(count: int) -> list[list[str]]:
    return [row(referenceDecision=f"X-{n}", objet=f"Projet culturel n° {n}") for n in range(count)]


def test_two_sheets_that_repeat_each_other_are_told_with_both_cells(tmp_path: Path) -> None:
    first = official(*others(4), row(montant="1000"))
    again = official(row(montant="1200"), *others(4))
    report = told(tmp_path, Liste=first, Conventions=again)
    (finding,) = report.findings
    assert (finding.code, finding.severity, finding.state) == ("AMT004", "warning", "broken")
    column = chr(65 + HEADER.index("montant"))
    assert (finding.place.sheet, finding.place.cell) == ("Conventions", f"{column}2")
    assert [(place.sheet, place.cell) for place in finding.related] == [("Liste", f"{column}6")]
    said = " ".join(finding.say("fr").split())
    assert f"1 200 € ici, mais 1 000 € dans la feuille « Liste » (cellule {column}6)" in said
    assert f"the sheet “Liste” (cell {column}6)" in finding.say("en")
    assert report.tally.rules["AMT004"] == {"holds": 4, "broken": 1}


def test_sheets_that_agree_hold(tmp_path: Path) -> None:
    report = told(tmp_path, Liste=official(*others(4)), Conventions=official(*reversed(others(4))))
    assert report.findings == ()
    assert report.tally.rules["AMT004"]["holds"] == 4


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("2023", "2024"),
        ("BP 2024", "DM1"),
        ("Propositions", "Votes"),
        ("Liste", "Versements"),
        ("Fonctionnement", "Investissement"),
        ("CT1", "CT2"),
        ("Commission", "Conseil"),
        ("T1", "T2"),
        ("Janvier", "Liste"),
    ],
)
def test_stages_years_and_givers_have_their_own_amounts(tmp_path: Path, first: str, again: str) -> None:
    sheets = {first: official(*others(4), row(montant="1000")), again: official(*others(4), row(montant="1200"))}
    assert told(tmp_path, **sheets).findings == ()


def test_between_sheets_that_share_little_it_is_only_a_question(tmp_path: Path) -> None:
    report = told(tmp_path, Ville=official(row(montant="1000")), Agglo=official(row(montant="1200")))
    (finding,) = report.findings
    assert (finding.severity, finding.state) == ("note", "unknown")
    assert "même subvention" in finding.say("fr")


@pytest.mark.parametrize(
    "change",
    [
        {"dateConvention": "2023-07-07"},
        {"objet": "Solde du fonctionnement"},
        {"pourcentageSubvention": "0.5"},
        {"idAttribuant": "23350001600040", "nomAttribuant": "Département"},
        {"montant": "1000.00"},
        {"montant": "inconnu"},
    ],
)
def test_what_may_rightly_differ_is_not_told(tmp_path: Path, change: dict[str, str]) -> None:
    changed = row(**{"montant": "1200", **change})
    sheets = {"Liste": official(*others(4), row(montant="1000")), "Conventions": official(*others(4), changed)}
    assert told(tmp_path, **sheets).findings == ()


def test_tables_of_ones_own_need_their_reference_and_a_voted_amount(tmp_path: Path) -> None:
    def sheet(amount: str, label: str = "Montant voté") -> list[list[str]]:
        rows = [[f"2024-{n}", f"A{n}", "Ville", f"Projet {n}", "2024-03-12", "500"] for n in range(4)]
        return [[*OWN[:-1], label], *rows, ["2024-9", "Arc", "Ville", "Festival", "2024-03-12", amount]]

    (finding,) = told(tmp_path, Liste=sheet("700"), Annexe=sheet("800")).findings
    assert finding.state == "broken"
    (finding,) = told(tmp_path, Liste=sheet("700", "Subvention"), Annexe=sheet("800", "Subvention")).findings
    assert finding.state == "unknown"
    assert told(tmp_path, Liste=sheet("700", "Montant versé"), Annexe=sheet("800", "Montant versé")).findings == ()


def test_a_third_sheet_says_no_more(tmp_path: Path) -> None:
    sheets = {
        name: official(*others(4), row(montant=amount)) for name, amount in (("A", "10"), ("B", "20"), ("C", "20"))
    }
    assert len(told(tmp_path, **sheets).findings) == 2
