"""The working paper recalculates: a spreadsheet finds by itself every verdict that the program gave."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules.finding import Source
from subsidy_rules.reporters import render
from subsidy_rules.wording import LANGUAGES, Language
from tests.reporters import sample
from tests.reporters.programs import office

pytest.importorskip("xlsxwriter", reason="extra xlsx absent")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl absent")


def book(data: str | bytes) -> Any:
    assert isinstance(data, bytes)
    return openpyxl.load_workbook(BytesIO(data))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets(language: Language) -> None:
    names = book(render("xlsx", sample.varied(language))).sheetnames
    expected = {
        "fr": ["Résumé", "Constats", "Recalculs", "Opérandes", "Imputations", "Non rapprochés", "Règles"],
        "en": ["Summary", "Findings", "Recalculations", "Operands", "Imputations", "Untied", "Rules"],
    }
    assert names == expected[language]


def test_every_finding_and_every_claim_has_its_row() -> None:
    report = sample.varied()
    opened = book(render("xlsx", report))
    codes = [row[3].value for row in opened["Constats"].iter_rows(min_row=2)]
    assert codes == [finding.code for finding in report.findings]
    numbers = [row[0].value for row in opened["Recalculs"].iter_rows(min_row=3)]
    assert numbers == list(range(1, len(report.claims) + 1))


def test_the_strength_of_a_percentage_that_holds_is_written() -> None:
    rows = list(book(render("xlsx", sample.clean()))["Recalculs"].iter_rows(min_row=2, values_only=True))
    head, total, share = (row[11:] for row in rows)
    assert head == (
        "autres taux admis",
        "autres parts admises",
        "autres bases admises",
        "fautes de frappe visibles (%)",
    )
    assert total == (None, None, None, None)
    assert share == (0, 132, 2519, 93)


def test_texts_are_never_formulas() -> None:
    opened = book(render("xlsx", sample.hostile()))
    for sheet in opened:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert sheet.title in ("Recalculs", "Opérandes"), (sheet.title, cell.coordinate, cell.value)
                    assert "cmd" not in str(cell.value)
                elif isinstance(cell.value, str):
                    assert not cell.value.lstrip().startswith(("=", "+", "@", "-2")), cell.value


def test_the_same_report_makes_the_same_file() -> None:
    assert render("xlsx", sample.varied()) == render("xlsx", sample.varied())


def test_a_very_long_text_is_cut_and_not_lost() -> None:
    claim = sample.sum_claim("a.txt", 1, 10, tuple(range(1, 9)), before="x" * 50_000 + " de")
    report = sample.report_of((claim,), sources=(Source(path="y" * 40_000),))
    sheet = book(render("xlsx", report))["Résumé"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(text.startswith("yyy") and text.endswith("…") for text in texts)


def test_a_spreadsheet_finds_every_verdict(tmp_path: Path) -> None:
    report = sample.report_of(sample.every_kind(11, 25), sources=(Source(path="tirage.txt"),))
    decided = [judged for judged in report.claims if judged.state != "unknown"]
    kinds = {(judged.claim.kind, judged.state) for judged in decided}
    assert len(kinds) == 20, "each of the ten kinds has to be drawn both true and false"
    opened = book(render("xlsx", report))
    opened.save(tmp_path / "paper.xlsx")  # openpyxl keeps the formulas and forgets the values: all is recalculated
    rows = office(tmp_path / "paper.xlsx", tmp_path)["Recalculs"][2:]
    assert len(rows) == len(report.claims)
    shown = {"holds": "tient", "broken": "incohérent"}
    for judged, row in zip(report.claims, rows, strict=True):
        if judged.state == "unknown":
            assert row[7] == ""
            continue
        assert (row[7], row[9]) == (shown[judged.state], "oui"), (judged, row)


def test_the_values_written_are_those_that_are_computed(tmp_path: Path) -> None:
    report = sample.report_of(sample.every_kind(5, 4), sources=(Source(path="tirage.txt"),))
    data = render("xlsx", report)
    assert isinstance(data, bytes)
    written = openpyxl.load_workbook(BytesIO(data), data_only=True)["Recalculs"]
    book(data).save(tmp_path / "paper.xlsx")
    computed = office(tmp_path / "paper.xlsx", tmp_path)["Recalculs"][2:]
    for before, after in zip(written.iter_rows(min_row=3), computed, strict=True):
        for column in (4, 5, 6):
            if before[column].value is not None:
                assert float(after[column]) == pytest.approx(before[column].value, rel=1e-9, abs=1e-6)


def test_a_changed_figure_changes_the_verdict(tmp_path: Path) -> None:
    report = sample.varied()
    opened = book(render("xlsx", report))
    operands = opened["Opérandes"]
    row = next(row for row in operands.iter_rows(min_row=2) if row[2].value == "80000 euros")
    row[3].value = 70000
    opened.save(tmp_path / "paper.xlsx")
    first = office(tmp_path / "paper.xlsx", tmp_path)["Recalculs"][2]
    assert (float(first[4]), float(first[5]), first[7], first[9]) == (70000, 70000, "tient", "à revoir")
