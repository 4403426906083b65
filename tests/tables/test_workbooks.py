"""Workbooks as rows: what a spreadsheet holds, said exactly; and what cannot be read, said clearly."""

from __future__ import annotations

import contextlib
import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.protection import Protection

from subsidy_rules.finding import Tally
from subsidy_rules.readers import workbook
from subsidy_rules.readers.workbook import Format, date_text, number_text, sheets, shown_as
from subsidy_rules.reading import Limits, ReadError
from subsidy_rules.rowstream import Row, RowSource
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings, TableSettings
from subsidy_rules.tables import TableOutcome, check_table
from tests.tables.making import HEADER, RIGHT, codes

xlsxwriter: Any = pytest.importorskip("xlsxwriter")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TITLE = "Subventions votées en 2024"


def raw_xlsx(
    sheet: str, *, strings: str | None = None, styles: str | None = None, more: Mapping[str, bytes] | None = None
) -> bytes:
    """The smallest xlsx around the XML of one sheet."""
    relations = [f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>']
    parts: dict[str, str | bytes] = {"xl/worksheets/sheet1.xml": sheet, **(more or {})}
    if strings is not None:
        relations.append(f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>')
        parts["xl/sharedStrings.xml"] = strings
    if styles is not None:
        relations.append(f'<Relationship Id="r3" Type="{OFFICE}/styles" Target="styles.xml"/>')
        parts["xl/styles.xml"] = styles
    parts["[Content_Types].xml"] = "<Types/>"
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    )
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Feuil1" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{RELS}">{"".join(relations)}</Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def rows_of(data: bytes, name: str = "x.xlsx") -> list[Row]:
    return list(sheets(data, name)[0].rows())


def cells_of(data: bytes) -> dict[int, tuple[str, ...]]:
    return {row.number: row.cells for row in rows_of(data)}


def read_all(data: bytes, name: str, limits: Limits) -> None:
    for sheet in sheets(data, name, limits=limits):
        for _ in sheet.rows():
            pass


def refusal(data: bytes, name: str = "x.xlsx", limits: Limits = workbook.LIMITS) -> str:
    """What is said in French of a workbook that cannot be read to its end; said in English too."""
    with pytest.raises(ReadError) as caught:
        read_all(data, name, limits)
    assert caught.value.reason.say("en") != caught.value.reason.say("fr")
    return caught.value.reason.say("fr")


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def check(data: bytes, name: str = "table.xlsx", **settings: Any) -> TableOutcome:
    return check_table(data, standard_rules(), Settings(tables=TableSettings(**settings)), Tally(), name=name)


def scdl(**changes: Any) -> bytes:
    """An official table of one row, written by a spreadsheet library, under a merged title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Subventions"
    sheet.append([TITLE])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(HEADER)
    values: dict[str, Any] = {**RIGHT, "montant": 1000, "pourcentageSubvention": 1, **changes}
    sheet.append([values[name] or None for name in HEADER])
    sheet.cell(4, HEADER.index("dateConvention") + 1).value = datetime.date(2024, 7, 7)
    for name, value in changes.items():
        sheet.cell(4, HEADER.index(name) + 1).value = value
    return saved(book)


# -- numbers, dates, formats ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("35", "35"),
        ("35.0", "35"),
        ("0.34999999999999998", "0.35"),
        ("0.30000000000000004", "0.3"),
        ("5.2499120500013E13", "52499120500013"),
        ("52499120500013", "52499120500013"),
        ("1E-2", "0.01"),
        ("-0", "0"),
        ("-1234.50", "-1234.5"),
        ("007", "7"),
        ("00.50", "0.5"),
        ("70051.106099999997", "70051.1061"),
        ("123456789012345678", "123456789012346000"),
        ("1E+300", "1" + "0" * 300),
    ],
)
def test_a_number_is_written_in_full(raw: str, text: str) -> None:
    assert number_text(raw) == text


@pytest.mark.parametrize("raw", ["", "NaN", "INF", "1e999999999", "١٢", "1_000", "12 000", "abc", "1" * 500])
def test_what_is_no_number_is_not_made_one(raw: str) -> None:
    assert number_text(raw) is None


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_number_is_the_float_at_fifteen_digits(value: float) -> None:
    text = number_text(repr(value))
    assert text is not None
    assert "e" not in text.lower()
    exact = Decimal(repr(value))
    assert abs(Decimal(text) - exact) * 2 <= Decimal(1).scaleb(exact.adjusted() - 14)


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("General", Format("plain")),
        ("0%", Format("percent", 0)),
        ("0.00%", Format("percent", 2)),
        ('0.0" %"', Format("plain", 1)),
        ('# ##0.00" €"', Format("plain", 2)),
        ("#,##0.00\\ [$€-40C]", Format("plain", 2)),
        ("_-* #,##0\\ _€_-;\\-* #,##0\\ _€_-", Format("plain", 0)),
        ("#,##0.0,", Format("plain")),
        ("dd/mm/yyyy", Format("date")),
        ("[$-40C]d mmmm yyyy;@", Format("date")),
        ("dd/mm/yyyy hh:mm", Format("datetime")),
        ("[h]:mm:ss", Format("time")),
        ("0.00E+00", Format("plain")),
        ("# ?/?", Format("plain")),
        ("@", Format("plain")),
        ('"jour "0', Format("plain", 0)),
    ],
)
def test_a_number_format_says_how_a_number_is_shown(code: str, form: Format) -> None:
    assert shown_as(code) == form


@pytest.mark.parametrize(
    ("serial", "since_1904", "day"),
    [
        ("45480", False, "2024-07-07"),
        ("61", False, "1900-03-01"),
        ("60", False, "1900-02-29"),
        ("59", False, "1900-02-28"),
        ("1", False, "1900-01-01"),
        ("44018", True, "2024-07-07"),
        ("45480.5", False, "2024-07-07"),
        ("-1", False, None),
        ("1e99", False, None),
    ],
)
def test_a_day_number_is_a_date(serial: str, since_1904: bool, day: str | None) -> None:
    assert date_text(serial, "date", since_1904=since_1904) == day


def test_a_time_is_kept_when_the_cell_shows_it() -> None:
    assert date_text("45480.5", "datetime") == "2024-07-07T12:00:00"
    assert date_text("0.25", "time") == "06:00:00"


# -- what an xlsx holds -----------------------------------------------------------------------------------------------


def test_cells_are_named_as_the_spreadsheet_names_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Été 2024"
    sheet["B3"] = "a"
    sheet["AA7"] = 12.5
    source = sheets(saved(book), "dossier/x.xlsx")[0]
    rows = list(source.rows())
    assert [row.number for row in rows] == [3, 7]
    assert rows[1].cells[26] == "12.5"
    assert rows[1].kinds[26] == "number"
    place = source.place(rows[1], 26)
    assert (place.sheet, place.cell, place.row, place.quote) == ("Été 2024", "AA7", 7, "12.5")
    assert source.place(rows[0]).row == 3


def test_kinds_of_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([0.35, 0.35, True, False, datetime.date(2024, 7, 7), "texte", "#N/A", "=1+1"])
    sheet["A1"].number_format = "0 %"
    row = rows_of(saved(book))[0]
    assert row.cells == ("0.35", "0.35", "oui", "non", "2024-07-07", "texte", "#N/A", "")
    assert dict(row.kinds) == {
        0: "percent", 1: "number", 2: "boolean", 3: "boolean", 4: "date", 6: "error", 7: "formula",
    }  # fmt: skip


def test_a_formula_without_its_value_is_unknown_and_told() -> None:
    xml = sheet_xml(
        '<row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v></v></c><c r="C1"><f>1+1</f><v>2</v></c>'
        '<c r="D1" t="str"><f>""</f><v></v></c></row>'
    )
    source = sheets(raw_xlsx(xml), "x.xlsx")[0]
    row = next(iter(source.rows()))
    assert row.cells == ("", "", "2")
    assert dict(row.kinds) == {0: "formula", 1: "formula", 2: "number"}
    list(source.rows())
    assert "formules sans valeur enregistrée : 2 (la première en A1)" in source.remarks[0].say("fr").replace(
        "\xa0", " "
    )


def test_a_number_with_more_decimals_than_shown_is_read_as_shown_and_told() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    money = book.add_format({"num_format": '#,##0.00" €"'})
    whole = book.add_format({"num_format": "#,##0"})
    sheet.write_number(0, 0, 70051.1061, money)
    sheet.write_number(0, 1, 1234.56, whole)
    sheet.write_number(0, 2, 70051.1061)
    book.close()
    source = sheets(out.getvalue(), "x.xlsx")[0]
    assert [row.cells for row in source.rows()] == [("70051.11", "1234.56", "70051.1061")]
    assert "A1" in source.remarks[0].say("fr")
    assert len(source.remarks) == 1


def test_strings_in_all_their_forms() -> None:
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>a &amp; b &#233; &lt;</t></si><si><r><t>en </t></r><r><rPr/><t>gras</t></r>'
        "<rPh><t>non</t></rPh></si><si><t>x_x000D_y</t></si><si/></sst>"
    )
    xml = sheet_xml(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
        '<c r="D1" t="inlineStr"><is><t>d &amp; e</t></is></c><c r="E1" t="str"><v>f</v></c>'
        '<c r="F1" t="s"><v>3</v></c>'
        "</row>"
    )
    assert rows_of(raw_xlsx(xml, strings=strings))[0].cells == ("a & b é <", "en gras", "x\ny", "d & e", "f")


@pytest.mark.parametrize(
    "cell",
    [
        '<x:c r="A1"><x:v>5</x:v></x:c>',
        "<x:c r='A1'><x:v>5</x:v></x:c>",
        '<x:c s="0" r="A1"><x:v><![CDATA[5]]></x:v></x:c>',
        "<x:c><x:v>5</x:v><!-- une note --></x:c>",
    ],
)
def test_unusual_xml_is_read_the_long_way(cell: str) -> None:
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1">{cell}</x:row></x:sheetData></x:worksheet>'
    assert rows_of(raw_xlsx(xml))[0].cells == ("5",)


def test_utf_16_is_read() -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml('<row r="1"><c r="A1" t="str"><v>é</v></c></row>')
    data = raw_xlsx("", more={"xl/worksheets/sheet1.xml": xml.encode("utf-16")})
    assert rows_of(data)[0].cells == ("é",)


def test_rows_of_one_form_are_read_as_cells_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows read at one stroke by the form of those before, against the same rows read cell by cell."""

    def cells(number: int, *, style: str = ' s="1"', name: str = "A") -> str:
        return (
            f'<c r="{name}{number}" t="s"><v>{number % 3}</v></c><c r="B{number}"{style}><v>{number}.126</v></c>'
            f'<c r="D{number}" t="inlineStr"><is><t>a &amp; {number}</t></is></c><c r="E{number}" s="1"/>'
        )

    rows = [
        f'<row r="{n}" spans="1:4">{cells(n, style=(" s=" + chr(34) + "1" + chr(34)) * (n % 2))}</row>'
        for n in range(2, 20)
    ]
    rows.insert(0, '<row r="1"/>')
    rows.append('<row r="20"><c r="A20" t="s"><v>2</v></c><c r="B20" s="1"/></row>')  # an empty text, then nothing
    rows.append('<row r="21"><c r="A21" t="s"><v>2</v></c><c r="B21" s="1"/></row>\n')
    rows.append(f'<row r="22" hidden="1"/><row r="23" spans="1:4">{cells(23)}</row>')
    strings = f'<sst xmlns="{MAIN}"><si><t>zéro</t></si><si><t>un</t></si><si><t></t></si></sst>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="2"/></cellXfs></styleSheet>'
    data = raw_xlsx(sheet_xml("".join(rows)), strings=strings, styles=styles)

    def read() -> Any:
        sheet = sheets(data, "x.xlsx")[0]
        rows = [(row.number, row.cells, dict(row.kinds)) for row in sheet.rows()]
        return rows, [remark.say("fr") for remark in sheet.remarks]

    fast = read()
    assert fast[0][:2] == [
        (2, ("", "2.126", "", "a & 2"), {1: "number"}),
        (3, ("zéro", "3.13", "", "a & 3"), {1: "number"}),
    ]
    assert [number for number, _, _ in fast[0]] == [*range(2, 20), 23]
    for wrong in ("A5", "C5"):  # another row’s cell, or one out of its order, is not read by the form of the others
        bad = sheet_xml("".join(rows).replace('<c r="D7"', f'<c r="{wrong}"'))
        assert refusal(raw_xlsx(bad, strings=strings, styles=styles))
    monkeypatch.setattr(workbook, "MOST_LEARNED", 0)
    assert read() == fast


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).filter(
        lambda text: not text.startswith("=") and text == text.strip()
    ),
    st.integers(-(10**14), 10**14),
    st.decimals(-(10**9), 10**9, places=2).map(float),
    st.booleans(),
    st.dates(datetime.date(1901, 1, 1), datetime.date(2100, 1, 1)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(VALUES, min_size=1, max_size=6), min_size=1, max_size=6), st.booleans())
def test_a_sheet_is_read_as_another_program_reads_it(table: Sequence[Sequence[Any]], inline: bool) -> None:
    """Both ways of reading (plain XML and any XML) against openpyxl, on what openpyxl and XlsxWriter wrote."""
    out = io.BytesIO()
    if inline:
        book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_urls": False})
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, values in enumerate(table):
            for column, value in enumerate(values):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(number, column, datetime.datetime.combine(value, datetime.time()), day)
                elif isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)
        book.close()
    else:
        written = openpyxl.Workbook()
        assert written.active is not None
        for number, values in enumerate(table, 1):
            for column, value in enumerate(values, 1):
                cell = written.active.cell(number, column)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
        written.save(out)
    data = out.getvalue()
    expected: dict[tuple[int, int], str] = {}
    for row in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows():
        for cell in row:
            if cell.value not in (None, ""):
                expected[cell.row, cell.column] = _said(cell.value)
    try:
        sheet = sheets(data, "x.xlsx")[0]
    except ReadError:
        assert not expected
        return
    assert isinstance(sheet, workbook.Sheet)
    assert _filled(sheet.rows()) == expected
    assert _filled(sheet.again(range(1, 9))) == expected
    reader = sheet.source.__self__  # type: ignore[attr-defined]
    slow = {
        (number, column): text
        for number, cells, _ in reader._other_rows()
        for column, text in enumerate(cells, 1)
        if text
    }
    assert slow == expected


def _filled(rows: Any) -> dict[tuple[int, int], str]:
    return {(row.number, column): text for row in rows for column, text in enumerate(row.cells, 1) if text}


def _said(value: object) -> str:
    match value:
        case bool():
            return "oui" if value else "non"
        case datetime.datetime():
            return value.date().isoformat()
        case int() | float():
            return number_text(repr(value)) or ""
        case _:
            return str(value).replace("\r\n", "\n").replace("\r", "\n")


def test_rows_past_the_first_ones_are_packed_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "UNPACKED", 30)
    monkeypatch.setattr(workbook, "PACK", 4)
    book = openpyxl.Workbook()
    assert book.active is not None
    for number in range(40):
        book.active.append([number, f"t{number}", "x"])
    source = sheets(saved(book), "x.xlsx")[0]
    first = list(source.rows())
    assert len(first) == 40
    assert list(source.rows()) == first
    assert list(source.again([1, 2, 15, 16, 39, 40, 41])) == [first[i] for i in (0, 1, 14, 15, 38, 39)]


# -- sheets, titles, merges -------------------------------------------------------------------------------------------


def test_every_visible_sheet_is_a_table_and_hidden_ones_are_told() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Culture"
    for sheet in (first, book.create_sheet("Sport"), book.create_sheet("Paramètres")):
        sheet.append(["Bénéficiaire", "Montant"])
        sheet.append([sheet.title, 10])
    book.create_sheet("Vide")
    book["Paramètres"].sheet_state = "hidden"
    data = saved(book)
    found = sheets(data, "x.xlsx")
    assert [sheet.sheet for sheet in found] == ["Culture", "Sport"]
    assert any("Paramètres" in remark.say("fr") for remark in found[0].remarks)
    assert [sheet.sheet for sheet in sheets(data, "x.xlsx", "paramètres")] == ["Paramètres"]
    with pytest.raises(ReadError, match="Culture"):
        sheets(data, "x.xlsx", "Absente")
    outcome = check(data)
    assert outcome.source.rows == 2


def test_texts_of_merged_cells_go_down_among_the_data_but_numbers_do_not() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Bénéficiaire", "Objet", "Montant"], [None, None, None], ["Foyer", "a", 10], [None, "b", None]):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("C3:C4")
    rows = {row.number: row for row in rows_of(saved(book))}
    assert 2 not in rows
    assert rows[4].cells == ("Foyer", "b", "")
    assert dict(rows[4].kinds) == {0: "merged", 2: "merged"}


def test_a_right_table_under_a_merged_title_gives_nothing() -> None:
    outcome = check(scdl(), decisions="complete", amount="part")
    assert [finding.code for finding in outcome.findings if finding.state == "broken"] == []
    assert outcome.source.rows == 1
    assert outcome.source.format == "xlsx"


def test_a_spoiled_siret_is_told_with_its_cell() -> None:
    outcome = check(scdl(idBeneficiaire="5,24991E+13"))
    finding = next(finding for finding in outcome.findings if finding.code == "ID001")
    assert "notation scientifique" in finding.say("fr")
    assert (finding.place.sheet, finding.place.cell, finding.place.row) == ("Subventions", "F4", 4)


def test_a_siret_held_as_a_number_that_kept_its_digits_is_right() -> None:
    assert "ID001" not in codes(check(scdl(idBeneficiaire=52499120500013)))


def test_a_siret_held_as_a_number_that_lost_its_zero_is_told() -> None:
    outcome = check(scdl(idAttribuant=5650096600017))
    assert any(finding.code == "ID001" for finding in outcome.findings)


def test_a_share_shown_in_per_cent_is_a_share() -> None:
    book = openpyxl.load_workbook(io.BytesIO(scdl()))
    sheet = book["Subventions"]
    sheet.cell(4, HEADER.index("pourcentageSubvention") + 1).number_format = "0%"
    assert "TAB008" not in codes(check(saved(book)))


def test_a_formula_is_never_an_amount_of_zero() -> None:
    outcome = check(scdl(montant="=500+500"))
    said = [finding.say("fr") for finding in outcome.findings]
    assert not any("nul" in text for text in said)
    assert any("formule" in text for text in said)


# -- hostile and damaged workbooks ------------------------------------------------------------------------------------

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'


def test_cells_in_opposite_corners_take_no_room() -> None:
    far = ONE + '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert {number: len(cells) for number, cells in cells_of(raw_xlsx(sheet_xml(far))).items()} == {
        1: 1,
        1048576: 16384,
    }


@pytest.mark.parametrize("reference", ["XFE1", "ZZZ1", "A1048577", "A9999999"])
def test_cells_outside_a_sheet_are_refused(reference: str) -> None:
    digits = reference.lstrip("ABCDEFXZ")
    xml = sheet_xml(f'<row r="{digits}"><c r="{reference}"><v>1</v></c></row>')
    assert "hors des limites" in refusal(raw_xlsx(xml))


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 40_000)
    wide = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 5))
    assert "cellules" in refusal(raw_xlsx(sheet_xml(wide)))


def test_a_long_text_shared_by_every_cell_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_TEXTS", 1_000_000)
    strings = f'<sst xmlns="{MAIN}"><si><t>{"x" * 30_000}</t></si></sst>'
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100))
    assert "ordinaire" in refusal(raw_xlsx(sheet_xml(rows), strings=strings))


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (sheet_xml(ONE, before='<!DOCTYPE x [<!ENTITY a "b">]>'), "type de document"),
        (sheet_xml('<row r="1"><c r="A1" t="str"><v>&a;</v></c></row>'), "XML incorrect"),
        (sheet_xml(ONE)[:-25], "XML incorrect"),
        (sheet_xml(ONE + '<row r="2"><c r="A2"><v>1</v></c>'), "XML incorrect"),
        (sheet_xml('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "abîmée"),
        (sheet_xml('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "abîmée"),
        (sheet_xml('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'), "abîmée"),
        (sheet_xml('<row r="2"><c r="A2"><v>1</v></c></row>' + ONE), "vient après"),
        (sheet_xml(""), "aucune donnée"),
        ("", "XML incorrect"),
    ],
)
def test_damaged_sheets_are_refused(xml: str, words: str) -> None:
    assert words in refusal(raw_xlsx(xml))


def test_a_bomb_is_refused_before_it_is_read() -> None:
    bomb = sheet_xml(ONE + "<!--" + "0" * 20_000_000 + "-->")
    assert "piégé" in refusal(raw_xlsx(bomb))
    assert "octets" in refusal(raw_xlsx(sheet_xml(ONE)), limits=Limits(member_bytes=100))


@pytest.mark.parametrize("kept", [0, 3, 100, -200, -30])
def test_a_workbook_cut_short_is_refused(kept: int) -> None:
    data = scdl()
    assert refusal(data[:kept] if kept else b"")


def test_a_protected_workbook_is_told_as_such() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
    assert "mot de passe" in refusal(ole)


def test_a_sheet_locked_against_edits_is_read() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = 5
    book.active["A1"].protection = Protection(locked=True)
    book.active.protection.set_password("secret")
    assert rows_of(saved(book))[0].cells == ("5",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"nom;montant\nFoyer;10\n", ".csv"),
        (b"<html><table><tr><td>1</td></tr></table></html>", ".csv"),
        (b"%PDF-1.7\n", "n’est pas un classeur"),
        (b"\x89PNG\r\n\x1a\n\0\0", "n’est pas un classeur"),
        (b"\0\1\2\3" * 50, "n’est pas un classeur"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
    ],
)
def test_what_is_no_workbook_is_told_as_such(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_text_document_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "n’est pas un classeur" in refusal(out.getvalue())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_never_escapes(data: st.DataObject) -> None:
    """One byte changed in a sheet's XML, stored plain: rows, or a `ReadError`; nothing else, and never a hang."""
    xml = bytearray(
        sheet_xml(
            '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>0.5</v></c><c r="C1"><f>A1</f></c></row>',
            after='<mergeCells><mergeCell ref="A1:A3"/></mergeCells>',
        ).encode()
    )
    at = data.draw(st.integers(0, len(xml) - 1))
    xml[at] = data.draw(st.integers(0, 255))
    strings = f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>'
    with contextlib.suppress(ReadError):
        rows_of(raw_xlsx("", strings=strings, more={"xl/worksheets/sheet1.xml": bytes(xml)}))


# -- ods --------------------------------------------------------------------------------------------------------------


def ods(body: str, manifest: str | None = None) -> bytes:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        if manifest is not None:
            archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr(
            "content.xml",
            f'<office:document-content{spaces}><office:automatic-styles><style:style style:name="ta2">'
            '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
            f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def test_ods_cells_and_their_kinds() -> None:
    body = (
        '<table:table table:name="Été"><table:table-row table:number-rows-repeated="2"><table:table-cell '
        'table:number-columns-repeated="1024"/></table:table-row><table:table-row>'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        '<text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.35"><text:p>35 %</text:p></table:table-cell>'
        '<table:table-cell office:value-type="currency" office:value="1234.5"><text:p>1 234,50 €</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="date" office:date-value="2024-07-07"><text:p>07/07/24</text:p>'
        "</table:table-cell>"
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>VRAI</text:p>'
        '</table:table-cell><table:table-cell table:formula="of:=1+1"/>'
        '<table:table-cell office:value-type="float" office:value="7" table:number-columns-repeated="2"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="1024"/></table:table-row></table:table>'
        '<table:table table:name="Cachée" table:style-name="ta2"><table:table-row><table:table-cell '
        'office:value-type="float" office:value="1"/></table:table-row></table:table>'
    )
    found = sheets(ods(body), "x.ods")
    assert [sheet.sheet for sheet in found] == ["Été"]
    (row,) = found[0].rows()
    assert row.number == 3
    assert row.cells == ("a  b\nc", "0.35", "1234.5", "2024-07-07", "oui", "", "7", "7")
    assert dict(row.kinds) == {
        1: "percent", 2: "number", 3: "date", 4: "boolean", 5: "formula", 6: "number", 7: "number",
    }  # fmt: skip
    assert found[0].place(row, 5).cell == "F3"


def test_ods_repeats_are_counted_before_they_are_made() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    body = f'<table:table table:name="F">{row}</table:table>'
    assert "cellules" in refusal(ods(body), "x.ods")


def test_a_protected_ods_is_told_as_such() -> None:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry>'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    assert "mot de passe" in refusal(ods("", manifest), "x.ods")


# -- xls --------------------------------------------------------------------------------------------------------------


def test_xls_is_read_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt", reason="no program here writes .xls: xlwt is not installed")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Subventions")
    sheet.write(0, 0, "Bénéficiaire")
    sheet.write(1, 0, 52499120500013)
    sheet.write(1, 1, datetime.date(2024, 7, 7), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
    path = tmp_path / "x.xls"
    book.save(str(path))
    source: RowSource = sheets(str(path), "x.xls")[0]
    assert [row.cells for row in source.rows()] == [("Bénéficiaire", ""), ("52499120500013", "2024-07-07")] or [
        row.cells for row in source.rows()
    ] == [("Bénéficiaire",), ("52499120500013", "2024-07-07")]
    assert source.format == "xls"
    data = path.read_bytes()
    assert refusal(data[: len(data) // 2], "x.xls")
