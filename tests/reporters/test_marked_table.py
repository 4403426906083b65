"""The marked copy of a table: every cell there, each finding on its cell, nothing that computes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules import check
from subsidy_rules.cli import main
from subsidy_rules.marked_table import marked_name, marked_table
from subsidy_rules.rules import find_rule
from subsidy_rules.settings import Settings

pytest.importorskip("xlsxwriter", reason="extra xlsx absent")
openpyxl = pytest.importorskip("openpyxl", reason="openpyxl absent")


def rows(code: str) -> str:
    """The table that a rule refuses, as its page shows it."""
    rule = find_rule(code)
    assert rule is not None
    assert rule.bad is not None
    assert isinstance(rule.bad.source, str)
    return rule.bad.source


def marked(path: Path) -> Any:
    data = marked_table(str(path), check(path), Settings())
    return openpyxl.load_workbook(BytesIO(data)).worksheets[0]


def table(folder: Path, text: str, name: str = "subventions.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def commented(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def test_a_finding_is_on_its_cell(tmp_path: Path) -> None:
    text = rows("ID001")
    sheet = marked(table(tmp_path, text))
    header, first = (line.split(",") for line in text.splitlines()[:2])
    assert [cell.value for cell in sheet[1]][: len(header)] == header
    assert [cell.value or "" for cell in sheet[2]][: len(header)] == first
    found = commented(sheet)
    column = header.index("idBeneficiaire") + 1
    assert list(found) == [sheet.cell(2, column).coordinate]
    assert "ID001" in next(iter(found.values()))
    assert sheet.cell(2, column).fill.fgColor.rgb.endswith("F8B4BE")
    assert "ID001" in sheet.cell(2, len(header) + 1).value
    assert sheet.cell(1, len(header) + 1).value == "constats"


def test_what_a_finding_relates_to_is_marked_more_lightly(tmp_path: Path) -> None:
    text = rows("SUM002")
    sheet = marked(table(tmp_path, text))
    column = text.splitlines()[0].split(",").index("pourcentageSubvention") + 1
    assert sheet.cell(2, column).comment is not None
    assert sheet.cell(3, column).comment is None
    assert sheet.cell(3, column).fill.fgColor.rgb.endswith("F3F0D7")


def test_a_finding_on_a_row_marks_the_row(tmp_path: Path) -> None:
    text = rows("TAB009")
    sheet = marked(table(tmp_path, text))
    assert len({coordinate[-1] for coordinate in commented(sheet)}) == 1
    assert len(commented(sheet)) == len(text.splitlines()[0].split(","))


def test_nothing_computes(tmp_path: Path) -> None:
    text = rows("ID001").replace("Foyer rural", "=HYPERLINK(1)").replace("Fonctionnement", '"@SUM(1),\t=1"')
    sheet = marked(table(tmp_path, text))
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    values = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "'=HYPERLINK(1)" in values
    assert not [value for value in values if value.startswith(("=", "@"))]


def test_a_workbook_is_marked_by_its_cells(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="extra workbooks absent")
    book = openpyxl.Workbook()
    for line in rows("ID001").splitlines():
        book.active.append(line.split(","))
    book.active.cell(2, 9).value = 1000
    path = tmp_path / "subventions.xlsx"
    book.save(path)
    sheet = marked(path)
    assert any("ID001" in text for text in commented(sheet).values())
    assert sheet.cell(2, 9).value == 1000


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, rows("ID001"))
    folder = tmp_path / "marques"
    assert main(["check", str(path), "--annotate", str(folder), "--no-config", "-q"]) == 1
    assert [one.name for one in folder.iterdir()] == [marked_name(str(path))]
    assert "ID001" in capsys.readouterr().out
    assert main(["check", str(path), "--annotate", str(path), "--no-config", "-q"]) == 2


@pytest.mark.parametrize(
    ("path", "name"), [("a/b.csv", "a-b.csv.xlsx"), ("../x/./y.csv", "x-y.csv.xlsx"), ("a\x1b.csv", "a\\x1b.csv.xlsx")]
)
def test_the_name_of_a_copy_stays_in_its_folder(path: str, name: str) -> None:
    assert marked_name(path) == name
