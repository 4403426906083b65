"""A copy of a checked table as a workbook, marked cell by cell: what was found, where it was found.

Every row of the table is there, in its place; a cell that a finding is about is coloured and carries the finding as a
comment, cells that it relates to are coloured more lightly, and a last column tells the findings of each row. Texts are
never formulas.
"""

from __future__ import annotations

import io
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from subsidy_rules.finding import Finding, Report
from subsidy_rules.own_reports import WORKBOOK_MARK
from subsidy_rules.place import Place
from subsidy_rules.rowstream import Row, RowSource, cell_name
from subsidy_rules.safe_text import cut, formula_free, visible
from subsidy_rules.settings import Settings
from subsidy_rules.showing import SEVERITY_NAMES, repair_text, working_text
from subsidy_rules.wording import Language, Message

__all__ = ["is_table", "marked_name", "marked_table"]

FORMATS: Final = frozenset({"csv", "tsv", "xlsx", "xlsm", "xls", "ods"})
MOST_ROWS: Final = 1_000_000
MOST_COLUMNS: Final = 16_000
LONGEST: Final = 32_000
DIGITS: Final = 15
"""A spreadsheet keeps fifteen digits of a number: a longer one is written as text."""

_HEADING: Final = Message("constats", "findings")
_SHEET: Final = Message("table", "table")
_SAID: Final = Message("{severity} {code} : {message}", "{severity} {code}: {message}")
_CUT: Final = Message(
    "la table continue : {n} lignes au plus tiennent ici", "the table goes on: {n} rows at most fit here"
)


def is_table(source_format: str) -> bool:
    """Whether a source of this format can be copied and marked."""
    return source_format.lower().lstrip(".") in FORMATS


def marked_name(path: str) -> str:
    """The name of the marked copy of ``path``: « dossier/a.csv » gives « dossier-a.csv.xlsx »."""
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return visible("-".join(parts))[-180:] + ".xlsx"


def marked_table(path: str, report: Report, settings: Settings) -> bytes:
    """The marked copy of the table at ``path``, as a workbook.

    Needs XlsxWriter (extra ``xlsx``), and python-calamine for workbooks (extra ``workbooks``); raises ``ImportError``
    without them, ``ReadError`` and ``OSError`` when the table can no longer be read.
    """
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(stream, options)
    book.set_properties({"keywords": WORKBOOK_MARK, "created": datetime(1980, 1, 1)})  # noqa: DTZ001 - the same table makes the same file
    findings = [finding for finding in report.findings if finding.place.path == path]
    with ExitStack() as streams:
        for number, source in enumerate(_sources(path, settings, streams), start=1):
            name = _sheet_name(source.sheet or _SHEET.say(settings.language), number)
            _Sheet(book, name, source, findings, settings.language).write()
    book.close()
    return stream.getvalue()


def _sources(path: str, settings: Settings, streams: ExitStack) -> Sequence[RowSource]:
    if os.path.splitext(path)[1].lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
        from subsidy_rules.readers.workbook import sheets

        return sheets(Path(path), path, settings.tables.sheet)
    from subsidy_rules.tables.run import open_csv

    rows = open_csv(Path(path), path)
    streams.callback(rows.close)
    return [rows]


def _sheet_name(name: str, number: int) -> str:
    """A name that workbooks take: thirty-one characters, none of seven signs, no two alike."""
    clean = "".join("-" if sign in "[]:*?/\\'" else sign for sign in visible(name)).strip() or "-"
    return clean[:27] + ("" if number == 1 else f" ({number})")


class _Sheet:
    """One sheet being written."""

    def __init__(
        self, book: Any, name: str, source: RowSource, findings: Iterable[Finding], language: Language
    ) -> None:
        self.source = source
        self.language: Language = language
        self.sheet = book.add_worksheet(name)
        self.own = {
            "error": book.add_format({"bg_color": "#F8B4BE"}),
            "warning": book.add_format({"bg_color": "#FBD99A"}),
            "note": book.add_format({"bg_color": "#BBD8F6"}),
        }
        self.near = book.add_format({"bg_color": "#F3F0D7"})
        self.bold = book.add_format({"bold": True})
        self.by_row: defaultdict[int, list[tuple[Place, Finding, bool]]] = defaultdict(list)
        for finding in findings:
            if finding.place.sheet not in (None, source.sheet):
                continue
            for index, place in enumerate((finding.place, *finding.related)):
                if place.row is not None and place.path == finding.place.path:
                    self.by_row[place.row].append((place, finding, index == 0))
            shown = {place.row for place in (finding.place, *finding.related)}
            for number in finding.values.get("rows", ()):
                # The other rows of a group that one finding tells: their cells have no place of their own.
                if number not in shown:
                    self.by_row[number].append((Place(path=finding.place.path, row=number), finding, False))

    def write(self) -> None:
        """Every row, then the widths."""
        last = 0
        tellings: list[tuple[int, str]] = []
        for row in self.source.rows():
            if row.number > MOST_ROWS:
                self.sheet.write_string(MOST_ROWS, 0, _CUT.having(n=MOST_ROWS).say(self.language))
                break
            last = max(last, len(row.cells))
            marks = self.by_row.get(row.number)
            styles = self._styles(row, marks) if marks else {}
            for column, text in enumerate(row.cells[:MOST_COLUMNS]):
                self._cell(row, column, text, styles.get(column))
            if marks:
                told = dict.fromkeys(self._said(finding) for _, finding, own in marks if own)
                if told:
                    tellings.append((row.number, "\n".join(told)))
        column = min(last, MOST_COLUMNS)
        for number, text in tellings:
            self.sheet.write_string(number - 1, column, cut(formula_free(text.replace("\n", " ; ")), LONGEST))
        if tellings and tellings[0][0] > 1:
            self.sheet.write_string(0, column, _HEADING.say(self.language), self.bold)
        self.sheet.set_column(0, max(0, column - 1), 16)
        self.sheet.set_column(column, column, 90)
        self.sheet.freeze_panes(1, 0)

    def _styles(self, row: Row, marks: list[tuple[Place, Finding, bool]]) -> dict[int, Any]:
        """The format of each cell that a finding is about; its comments are written on the way."""
        styles: dict[int, Any] = {}
        comments: defaultdict[int, list[str]] = defaultdict(list)
        for place, finding, own in marks:
            for column in self._columns(row, place):
                if own:
                    styles[column] = self.own[finding.severity]
                    comments[column].append(self._said(finding))
                else:
                    styles.setdefault(column, self.near)
        for column, said in comments.items():
            text = cut("\n\n".join(dict.fromkeys(said)), LONGEST)
            self.sheet.write_comment(row.number - 1, column, text, {"x_scale": 3, "y_scale": 2, "author": ""})
        return styles

    def _columns(self, row: Row, place: Place) -> Iterable[int]:
        """The cells that a place covers; the whole row when it is about the row."""
        columns = range(min(len(row.cells), MOST_COLUMNS))
        if place.cell is not None:
            found = [column for column in columns if cell_name(column, row.number) == place.cell]
            return found or columns
        for column in columns:
            here = self.source.place(row, column)
            if (here.line, here.column, here.end_column) == (place.line, place.column, place.end_column):
                return [column]
        return columns

    def _cell(self, row: Row, column: int, text: str, style: Any) -> None:
        number = row.number - 1
        digits = sum(sign.isdigit() for sign in text)
        if row.kinds.get(column) == "number" and digits <= DIGITS and _is_number(text):
            self.sheet.write_number(number, column, float(text), style)
        elif text or style is not None:
            self.sheet.write_string(number, column, cut(formula_free(text), LONGEST), style)

    def _said(self, finding: Finding) -> str:
        severity = SEVERITY_NAMES[finding.severity]
        words = {"severity": severity, "code": finding.code, "message": finding.text}
        said = [visible(_SAID.having(**words).say(self.language))]
        working = working_text(finding, self.language)
        if working is not None:
            said.append(working)
        return "\n".join([*said, *(repair_text(repair, self.language) for repair in finding.repairs)])


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").replace(".", "", 1).isdecimal()
