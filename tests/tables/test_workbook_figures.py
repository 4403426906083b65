"""Figures of workbooks: what a cell shows, what it holds, what it never computed; and columns that look alike."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from subsidy_rules.finding import Tally
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings
from subsidy_rules.tables import TableOutcome, check_table
from tests.tables.making import HEADER, check, codes, row, table

xlsxwriter: Any = pytest.importorskip("xlsxwriter")

Cell = str | float | None
MONEY = "#,##0.00"


def workbook(
    rows: Sequence[Sequence[Cell]],
    form: str | None = None,
    merged: Sequence[str] = (),
    forms: dict[int, str] | None = None,
) -> bytes:
    """A workbook of one sheet whose numbers have that format (``forms``: by column)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Annexe")
    made = {code: book.add_format({"num_format": code}) for code in {form, *(forms or {}).values()} if code}
    for number, cells in enumerate(rows):
        for column, value in enumerate(cells):
            code = (forms or {}).get(column, form)
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write_number(number, column, value, made.get(code or ""))
    book.close()
    if not merged:
        return out.getvalue()
    again = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    for area in merged:
        again["Annexe"].merge_cells(area)
    out = io.BytesIO()
    again.save(out)
    return out.getvalue()


def told(data: bytes, name: str = "annexe.xlsx") -> tuple[TableOutcome, Tally]:
    tally = Tally()
    return check_table(data, standard_rules(), Settings(), tally, name=name), tally


def total(parts: Sequence[float], whole: float, form: str | None = MONEY) -> str:
    """What is said of a total row under these amounts."""
    rows: list[Sequence[Cell]] = [("Association", "Montant voté"), *(("A", part) for part in parts), ("Total", whole)]
    _, tally = told(workbook(rows, form))
    (state,) = [state for state, count in tally.rules["SUM004"].items() if count]
    return state


@pytest.mark.parametrize(
    ("parts", "whole", "form"),
    [
        ((100.004,) * 3, 300.012, MONEY),  # the formula's own total: shown 300,01 under three times 100,00
        ((100.004,) * 3, 300.00, MONEY),  # the total of what is shown
        ((33.3333333,) * 3, 100, MONEY),
        ((33.3333333,) * 3, 99.99, MONEY),
        ((1 / 3, 2 / 3), 1, MONEY),
        ((100.4,) * 3, 301.2, "#,##0"),
        ((100.4,) * 3, 301, "#,##0"),  # rounded after the sum
        ((100.4,) * 3, 300, "#,##0"),  # and before it
        ((100.4, 100.3), 201, "#,##0"),
        ((100.40, 100.30), 200.70, MONEY),
        ((0.1, 0.2), 0.30000000000000004, MONEY),
    ],
)
def test_a_total_of_what_cells_show_or_hold_is_right(parts: Sequence[float], whole: float, form: str) -> None:
    assert total(parts, whole, form) == "holds"


@pytest.mark.parametrize(
    ("parts", "whole", "form"),
    [
        ((100.01, 100.02), 200.04, MONEY),  # one cent, in figures that were typed
        ((100.01, 100.02), 200.04, None),
        ((100.004,) * 3, 300.02, MONEY),
        ((33.3333333,) * 3, 110, MONEY),
        ((100.4,) * 3, 303, "#,##0"),
        ((100, 200), 301, "#,##0"),
    ],
)
def test_a_total_that_nothing_explains_is_told(parts: Sequence[float], whole: float, form: str | None) -> None:
    assert total(parts, whole, form) == "broken"


def test_a_rate_that_the_spreadsheet_computed() -> None:
    rows: list[Sequence[Cell]] = [("Association", "Montant voté", "Budget", "Taux")]
    rows += [("A", 1000 / 3, 1000, 1 / 3), ("B", 2000 / 3, 1000, 2 / 3), ("C", 125, 1000, 0.125)]
    for form in ("0 %", "0.00%"):
        outcome, tally = told(workbook(rows, forms={1: MONEY, 3: form}))
        assert codes(outcome) == []
        assert tally.rules["PCT001"]["holds"] == 3
    rows += [("D", 250, 1000, 0.35)]
    outcome, _ = told(workbook(rows, forms={1: MONEY, 3: "0%"}))
    (finding,) = outcome.findings
    assert (finding.code, finding.place.cell) == ("PCT001", "D5")


def test_a_formula_without_its_value_is_not_known_rather_than_missing() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for cells in (HEADER, row(montant="=500+500", referenceDecision="=A1")):
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    outcome, tally = told(out.getvalue())
    found = [finding for finding in outcome.findings if finding.code == "TAB001"]
    assert [(finding.state, finding.severity) for finding in found] == [("unknown", "note")] * 2
    assert tally.rules["TAB001"]["unknown"] == 2
    assert not tally.rules["TAB001"].get("broken")


def test_a_required_number_merged_downwards_is_not_missing() -> None:
    head: list[Cell] = list(HEADER)
    first: list[Cell] = list(row(referenceDecision="D-1"))
    second: list[Cell] = list(row(referenceDecision="D-1", nomBeneficiaire="Foyer"))
    merged = []
    for name, value in (("montant", 1000.0), ("idBeneficiaire", 52499120500013.0), ("pourcentageSubvention", 1.0)):
        at = HEADER.index(name)
        first[at], second[at] = value, None
        letter = chr(65 + at)
        merged.append(f"{letter}2:{letter}3")
    outcome, _ = told(workbook([head, first, second], merged=merged))
    assert [finding.say("fr") for finding in outcome.findings if finding.code in ("TAB001", "ID002")] == []
    outcome, _ = told(workbook([head, first, second]))
    assert {"TAB001", "ID002"} <= set(codes(outcome))


def test_texts_are_merged_down_where_amounts_are_texts_too() -> None:
    rows: list[Sequence[Cell]] = [HEADER, row(montant="1 000,00 €"), row(nomBeneficiaire="", montant="50,00 €")]
    at = chr(65 + HEADER.index("nomBeneficiaire"))
    outcome, _ = told(workbook(rows, merged=[f"{at}2:{at}3"]))
    assert "TAB001" not in codes(outcome)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (38054500000000.0, "arrondi par un tableur"),
        ("3,80545E+13", "notation scientifique"),
        ("38054500000000", "arrondi par un tableur"),
        ("52499120500000", "complété par des zéros"),
        (52499120500000.0, "complété par des zéros"),
        ("52499120500014", "clé de contrôle"),
    ],
)
def test_what_became_of_a_siret_is_told_apart(value: Cell, words: str) -> None:
    cells: list[Cell] = list(row())
    cells[HEADER.index("idBeneficiaire")] = value
    outcome, _ = told(workbook([HEADER, cells]))
    (finding,) = [finding for finding in outcome.findings if finding.code == "ID001"]
    assert words in finding.say("fr")


def test_ods_numbers_are_read_as_they_are_shown() -> None:
    from tests.tables.test_workbooks import ods

    def cell(value: str, words: str) -> str:
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{words}</text:p>'
            "</table:table-cell>"
        )

    def text(words: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'

    def body(whole: str) -> bytes:
        rows = [
            text("Association") + text("Montant voté"),
            *(text("A") + cell("33.3333333333333", "33,33 €") for _ in range(3)),
            text("Total") + cell(whole, whole + ",00 €"),
        ]
        made = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in rows)
        return ods(f'<table:table table:name="F">{made}</table:table>')

    outcome, tally = told(body("100"), "x.ods")
    assert codes(outcome) == []
    assert tally.rules["SUM004"]["holds"] == 1
    assert any("plus de décimales" in remark.say("fr") for remark in outcome.source.remarks)
    assert codes(told(body("110"), "x.ods")[0]) == ["SUM004"]


# -- columns that look alike ------------------------------------------------------------------------------------------


def test_two_columns_that_could_be_one_are_two() -> None:
    outcome, _ = check("Association;Projet;Objet;Montant voté\nA;Salle;Fonct.;100\nB;y;x;-3\n".encode())
    assert codes(outcome) == ["AMT001"]
    named = next(remark.say("fr") for remark in outcome.source.remarks if "reconnues" in remark.say("fr"))
    assert "« Objet » = objet" in named
    assert "Projet" not in named


def test_an_official_column_and_its_synonym_are_two() -> None:
    header = [*HEADER, "Bénéficiaire"]
    outcome, _ = check(table([*row(), "autre chose"], header=header))
    assert "TAB005" not in codes(outcome)
    (unknown,) = [finding for finding in outcome.findings if finding.code == "TAB004"]
    assert unknown.values["column"] == "Bénéficiaire"


def test_the_same_name_written_twice_is_doubled() -> None:
    outcome, _ = check("Association;Objet;objet ;Montant voté\nA;a;b;100\n".encode())
    assert codes(outcome) == ["TAB005"]


@pytest.mark.parametrize(
    ("rates", "states", "remark"),
    [
        (("12,5", "25"), {"holds": 2}, "« 12,5 » = 12,5 %"),
        (("12.5", "30"), {"holds": 1, "broken": 1}, "« 12.5 »"),
        (("0,125", "0,25"), {"holds": 2}, "part de 1"),
        (("0,125", "0,45"), {"holds": 1, "unknown": 1}, "part de 1"),
        (("12,5 %", "25 %"), {"holds": 2}, ""),
    ],
)
def test_a_rate_without_a_sign_is_read_aloud(rates: Sequence[str], states: dict[str, int], remark: str) -> None:
    lines = f"Association;Montant voté;Budget;Taux\nA;125;1000;{rates[0]}\nB;250;1000;{rates[1]}\n"
    outcome, tally = check(lines.encode(), select=("PCT001",))
    assert {state: count for state, count in tally.rules["PCT001"].items() if count} == states
    told = [" ".join(one.say("fr").split()) for one in outcome.source.remarks]
    said = [text for text in told if "sans signe" in text]
    assert len(said) == bool(remark)
    assert all(remark in text for text in said)
