"""The real tables, as published: read whole, every planted fault found, nothing said of what is right."""

from __future__ import annotations

from pathlib import Path

from subsidy_rules.finding import Tally
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings
from subsidy_rules.tables import TableOutcome, check_table
from tests.shared import shared_folder
from tests.tables.making import rows_told


def told(name: str) -> TableOutcome:
    path: Path = shared_folder("tables", name)
    return check_table(path, standard_rules(), Settings(), Tally())


def test_the_valid_example_gives_no_error() -> None:
    outcome = told("scdl_valid.csv")
    assert outcome.source.rows == 29
    assert [f.say("fr") for f in outcome.findings if f.severity == "error"] == []
    # What the official example does hold, said as warnings: a 30th month, periods that end before they start.
    assert rows_told(outcome, "DAT001") == {27}
    assert rows_told(outcome, "DAT002") == {24, 25, 29}


def test_every_planted_fault_of_the_cells_is_found() -> None:
    outcome = told("scdl_invalid_cells.csv")
    assert {2, 7} <= rows_told(outcome, "ID001")
    assert {5, 6, 8, 12, 27, 30} <= rows_told(outcome, "ID001")
    assert rows_told(outcome, "ID002") == {9}
    assert rows_told(outcome, "DAT001") == {5, 8}
    assert rows_told(outcome, "AMT002") == {6}
    assert rows_told(outcome, "TAB001") == {10}
    assert rows_told(outcome, "TAB002") == {2, 6, 8, 16}
    assert rows_told(outcome, "TAB008") == {2, 3, 4, 9}


def test_columns_are_told_once_before_the_rows() -> None:
    outcome = told("scdl_invalid_columns.csv")
    (named,) = [f for f in outcome.findings if f.code == "TAB004"]
    assert named.place.quote == "NOM_Beneficiaire"
    assert named.place.row == 1
    (doubled,) = [f for f in told("scdl_duplicate_column.csv").findings if f.code == "TAB005"]
    assert doubled.values["column"] == "notificationUE"


def test_the_first_draft_of_the_format() -> None:
    outcome = told("format_subventions_example.csv")
    assert [f.code for f in outcome.findings if f.severity == "error"] == ["ID001"]  # 67895644300011 is no SIRET
    assert any("part de chaque bénéficiaire" in remark.say("fr") for remark in outcome.source.remarks)


def test_each_broken_row_of_the_vendee_is_located_with_its_cause() -> None:
    outcome = told("vendee_2018_conventions.csv")
    assert rows_told(outcome, "TAB006") == set(range(2, 116))
    causes = {f.values["cause"] for f in outcome.findings if f.code == "TAB006"}
    assert causes >= {"decimal-comma", "decimal-comma-and-text", "quoted-line"}
    assert outcome.source.unread == 3
    paid = {f.place.row: f for f in outcome.findings if f.code == "PAY001"}
    assert "661" in paid[21].say("fr")
    assert paid[21].values["value"] == "661500"
    assert paid[21].values["limit"] == "511500.00"
    assert set(paid) == {20, 21}  # and an instalment of the whole amount, with a balance still to come
    later = told("vendee_201906_conventions.csv")
    assert rows_told(later, "TAB006") == set(range(2, 37))
    assert later.source.unread == 0


def test_the_sarthe_reads_whole() -> None:
    outcome = told("sarthe_2018.csv")
    assert outcome.source.rows == 1625
    assert outcome.source.unread == 0
    (wrong,) = [f for f in outcome.findings if f.code == "AMT001"]
    assert wrong.values["value"].startswith("N  ")
    assert wrong.place.line == 1628


def test_what_a_real_importer_refused() -> None:
    outcome = told("cd11_2019_xls-errors_SAMPLE.csv")
    serials = [f.values["meant"] for f in outcome.findings if f.values.get("cause") == "serial"]
    assert serials == ["2019-07-09", "2019-04-11"]
    assert rows_told(outcome, "TAB002") == {2, 3}
    outcome = told("cd11_2024_23k-errors_SAMPLE.csv")
    (numbers,) = [f for f in outcome.findings if f.code == "ID001"]
    assert numbers.values["rows"] == [2, 3, 4, 5, 6, 7]
    assert {f.values["column"] for f in outcome.findings if f.code == "TAB003"} == {
        "nomAttribuant",
        "idAttribuant",
        "pourcentageSubvention",
    }
