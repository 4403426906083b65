"""The sheets of a workbook as rows: .xlsx and .xlsm, .ods, .xls.

The first two are read here, from their XML. A library that reads them gives binary floats and no number formats: it
cannot tell 0,35 from 35 %, nor an empty cell from a formula that was never computed, and a sheet of two cells in
opposite corners makes it ask for half a terabyte. Here a number is the decimal text of the file, cells that are not
there take no room, and every part is counted as it comes out of the archive. The older .xls is a binary form: it is
read by python-calamine (extra ``workbooks``).

Sources: ECMA-376 part 1, 18.3 (sheets), 18.4 (shared strings), 18.8.30 (number formats); OpenDocument 1.3 part 3.
"""

from __future__ import annotations

import io
import marshal
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from importlib import import_module
from pathlib import Path
from typing import Final, Literal

from subsidy_rules.archive import Archive, parse_xml
from subsidy_rules.place import Place
from subsidy_rules.reading import Deadline, Limits, MissingExtra, ReadError, check_size, recognise
from subsidy_rules.rowstream import CellKind, Hidden, Row, RowSource, cell_name, in_full, number_text
from subsidy_rules.wording import Message

__all__ = ["LIMITS", "Sheet", "number_text", "sheets", "shown_as"]

LIMITS: Final = Limits(
    file_bytes=512 * 1024 * 1024, member_bytes=2_000_000_000, expanded_bytes=3_000_000_000, seconds=600
)
"""A full sheet (1 048 576 rows) of 16 columns is half a gigabyte of XML; it is streamed, never held."""
MAX_COLUMNS: Final = 16_384
MAX_ROWS: Final = 1_048_576
MAX_CELLS: Final = 64_000_000
"""Cells of one sheet, the empty ones between two others included."""
MAX_TEXTS: Final = 1_000_000_000
"""Characters of text in one sheet: a text that a million cells share counts for each."""
MAX_WHOLE: Final = 256_000_000
"""Bytes of a part that must be held whole."""
MAX_MERGES: Final = 200_000
MOST_PADDED: Final = 512
CENTS: Final = 2
"""Decimals of an amount: what a cell holds is kept so far even when it shows less."""
CHUNK: Final = 1 << 20
UNPACKED: Final = 4_000_000
"""Cells kept as they are to be found again by row number; those after are packed."""
PACK: Final = 512

_WRONG_KIND: Final = Message(
    "malgré son nom, ce fichier n’est pas un classeur : enregistrez-le en .xlsx ou en .ods depuis le tableur",
    "despite its name, this file is not a workbook: save it as .xlsx or .ods from the spreadsheet program",
)
_TEXT_KIND: Final = Message(
    "malgré son nom, ce fichier est du texte (un CSV ou une page web, peut-être) : renommez-le en .csv, ou "
    "enregistrez-le en .xlsx depuis le tableur",
    "despite its name, this file is text (perhaps a CSV or a web page): rename it .csv, or save it as .xlsx from the "
    "spreadsheet program",
)
_ENCRYPTED: Final = Message(
    "ce classeur est protégé par un mot de passe : enregistrez-en une copie sans mot de passe",
    "this workbook is protected by a password: save a copy of it without one",
)
_NO_SHEET: Final = Message(
    "le classeur n’a pas de feuille « {sheet} » (réglage tables.sheet) ; ses feuilles : {names}",
    "the workbook has no sheet “{sheet}” (setting tables.sheet); its sheets: {names}",
)
_NOTHING: Final = Message("le classeur ne contient aucune donnée", "the workbook holds no data")
_HIDDEN: Final = Message(
    "feuilles masquées, non vérifiées : {names} (réglage tables.sheet pour en lire une)",
    "hidden sheets, not checked: {names} (setting tables.sheet to read one)",
)
_DAMAGED: Final = Message(
    "la feuille « {sheet} » est abîmée ou incomplète : ouvrez le classeur dans un tableur et enregistrez-le à nouveau",
    "the sheet “{sheet}” is damaged or cut short: open the workbook in a spreadsheet program and save it again",
)
_ORDER: Final = Message(
    "la feuille « {sheet} » est abîmée : la ligne {row:plain} y vient après la ligne {before:plain}",
    "the sheet “{sheet}” is damaged: row {row:plain} comes after row {before:plain}",
)
_TOO_WIDE: Final = Message(
    "la feuille « {sheet} » dépasse {limit} cellules : ce n’est pas une table ordinaire",
    "the sheet “{sheet}” has more than {limit} cells: this is no ordinary table",
)
_OUTSIDE: Final = Message(
    "la feuille « {sheet} » a une cellule « {cell} » hors des limites d’un tableur",
    "the sheet “{sheet}” has a cell “{cell}” outside the limits of a spreadsheet",
)
_PART: Final = Message(
    "la partie « {part} » dépasse {limit} octets une fois décomprimée",
    "the part “{part}” is more than {limit} bytes once expanded",
)
_FORMULAS: Final = Message(
    "feuille « {sheet} » : formules sans valeur enregistrée : {count} (la première en {cell}) ; ces cellules ne sont "
    "ni vides ni nulles, leur valeur n’est pas connue : ouvrez le classeur dans un tableur et enregistrez-le",
    "sheet “{sheet}”: formulas without a saved value: {count} (the first in {cell}); these cells are neither empty "
    "nor zero, their value is not known: open the workbook in a spreadsheet program and save it",
)
_ROUNDED: Final = Message(
    "feuille « {sheet} » : nombres qui ont plus de décimales que leur cellule n’en affiche : {count} (le premier en "
    "{cell}) ; ils sont lus comme ils sont affichés, au centime",
    "sheet “{sheet}”: numbers with more decimals than their cell shows: {count} (the first in {cell}); they are read "
    "as they are shown, to the cent",
)
_MERGED: Final = Message(
    "feuille « {sheet} » : des cellules sont fusionnées d’une ligne à l’autre ; leur texte vaut pour toutes ces "
    "lignes, leurs nombres pour la première seulement",
    "sheet “{sheet}”: cells are merged from one row to the next; their text counts for all these rows, their numbers "
    "for the first one only",
)
_XLS_FORMULAS: Final = Message(
    "format .xls : les formats d’affichage (pourcentages) et les formules sans valeur enregistrée n’y sont pas "
    "reconnus ; enregistrez le classeur en .xlsx pour une vérification entière",
    ".xls format: display formats (percentages) and formulas without a saved value are not recognised in it; save the "
    "workbook as .xlsx for a full check",
)

_NOT_XLS: Final = Message(
    "ce classeur .xls est abîmé ou incomplet : ouvrez-le dans un tableur et enregistrez-le en .xlsx",
    "this .xls workbook is damaged or cut short: open it in a spreadsheet program and save it as .xlsx",
)
_NOT_XLS_TABLE: Final = Message(
    "les cellules de ce classeur .xls sont trop éloignées les unes des autres pour une table ordinaire : "
    "enregistrez-le en .xlsx",
    "the cells of this .xls workbook stand too far apart for an ordinary table: save it as .xlsx",
)

TableInput = str | os.PathLike[str] | bytes
Shown = Literal["plain", "percent", "date", "datetime", "time"]


# -- numbers and dates ----------------------------------------------------------------------------------------------

_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Format:
    """How a number is shown: as what, and with how many decimals where the format fixes them."""

    shown: Shown
    decimals: int | None = None


PLAIN_FORMAT: Final = Format("plain")
_LITERAL: Final = re.compile(r'"[^"]*"|[\\_*].|\[(?![hHmMsS]{1,2}\])[^\]]*\]')
_DIGITS: Final = re.compile(r"[0#?]")
_DECIMALS: Final = re.compile(r"\.([0#?]{1,30})")
_BUILT_IN: Final[Mapping[int, Format]] = {
    **dict.fromkeys((1, 3, 37, 38), Format("plain", 0)),
    **dict.fromkeys((2, 4, 7, 8, 39, 40, 43, 44), Format("plain", 2)),
    9: Format("percent", 0),
    10: Format("percent", 2),
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 34, 35, 36, *range(50, 59)), Format("date")),
    22: Format("datetime"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 46, 47), Format("time")),
}


def shown_as(code: str) -> Format:
    """What a number format makes of a number: ``0.00%``, ``dd/mm/yyyy``, ``# ##0.00" €"``…"""
    bare = _LITERAL.sub("", code[:400]).split(";")[0]
    low = bare.lower()
    if low.strip() in ("general", "standard", "@", ""):
        return PLAIN_FORMAT
    if "%" in bare:
        return Format("percent", _decimals(bare))
    without_exponent = re.sub(r"e[+-]", "", low)
    if re.search("[ydhs]|m", without_exponent):
        day = bool(re.search("[yd]", without_exponent)) or ("m" in without_exponent and "h" not in without_exponent)
        clock = bool(re.search("[hs]", without_exponent))
        return Format("datetime" if day and clock else "date" if day else "time")
    if "e" in low or "/" in low:
        return PLAIN_FORMAT
    if re.search(r"[0#?],+(?![0#?,])", bare):
        return PLAIN_FORMAT  # shown in thousands: the number itself is what counts
    return Format("plain", _decimals(bare))


def _decimals(bare: str) -> int | None:
    found = _DECIMALS.search(bare)
    if found:
        return len(found[1])
    return 0 if _DIGITS.search(bare) else None


def date_text(raw: str, shown: Shown, *, since_1904: bool = False) -> str | None:
    """The date of a spreadsheet's day number, in ISO form; ``None`` when it is none (the 1900 system has a 29 February
    1900 that never was: days before it are one later)."""
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return None
    if not value.is_finite() or not 0 <= value < 2_958_466:
        return None
    days = int(value)
    seconds = int(((value - days) * 86_400).to_integral_value(ROUND_HALF_UP))
    if seconds == 86_400:
        days, seconds = days + 1, 0
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if shown == "time":
        return clock if days == 0 else number_text(raw)
    if since_1904:
        day = date(1904, 1, 1) + timedelta(days=days)
    elif days == 60:
        return "1900-02-29"
    else:
        day = date(1899, 12, 30 if days > 60 else 31) + timedelta(days=days)
    return f"{day.isoformat()}T{clock}" if shown == "datetime" and seconds else day.isoformat()


# -- one sheet, whatever the format -----------------------------------------------------------------------------------

Cells = tuple[int, list[str], dict[int, CellKind]]
"""A row that is not empty: its number, its cells up to the last that is not empty, what they are."""


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook: a ``RowSource``. ``source`` gives its rows that are not empty, in order."""

    path: str
    format: str
    sheet: str
    source: Callable[[], Iterator[Cells]]
    merges: Callable[[], Sequence[tuple[int, int, int, int]]] = tuple
    said: list[Message] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    rounded: list[str] = field(default_factory=list)
    _hidden: dict[int, Hidden] = field(default_factory=dict)
    _count_formulas: int = 0
    _count_rounded: int = 0
    _filled_down: bool = False
    _merged: Sequence[tuple[int, int, int, int]] | None = None
    _numbers: list[int] = field(default_factory=list)
    _kept: list[Row] = field(default_factory=list)
    _packs: list[bytes] = field(default_factory=list)
    _opened: tuple[int, list[Row]] = (-1, [])
    _complete: bool = False

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What had to be guessed or is not known, in the rows read so far."""
        out = list(self.said)
        if self._filled_down:
            out.append(_MERGED.having(sheet=self.sheet))
        if self._count_formulas:
            out.append(_FORMULAS.having(sheet=self.sheet, count=self._count_formulas, cell=self.formulas[0]))
        if self._count_rounded:
            out.append(_ROUNDED.having(sheet=self.sheet, count=self._count_rounded, cell=self.rounded[0]))
        return tuple(out)

    def rows(self) -> Iterator[Row]:
        """The rows that hold something, in order. Raises ``ReadError``."""
        if self._complete:
            yield from self._kept
            for number in range(len(self._packs)):
                yield from self._pack(number)
            return
        self._numbers, self._kept, self._packs = [], [], []
        self._count_formulas = self._count_rounded = 0
        self.formulas, self.rounded = [], []
        self._hidden = {}
        self._filled_down = False
        room = 0
        pending: list[Row] = []
        for row in self._read():
            self._numbers.append(row.number)
            room += len(row.cells)
            if room <= UNPACKED and not self._packs and not pending:
                self._kept.append(row)
            else:
                pending.append(row)
                if len(pending) == PACK:
                    self._packs.append(_packed(pending))
                    pending = []
            yield row
        if pending:
            self._packs.append(_packed(pending))
        self._complete = True

    def again(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The rows with these numbers; the others, and empty ones, are left out."""
        from bisect import bisect_left

        if not self._complete:
            for _ in self.rows():
                pass
        for number in numbers:
            at = bisect_left(self._numbers, number)
            if at == len(self._numbers) or self._numbers[at] != number:
                continue
            if at < len(self._kept):
                yield self._kept[at]
            else:
                pack, place = divmod(at - len(self._kept), PACK)
                yield self._pack(pack)[place]

    def place(self, row: Row, column: int | None = None) -> Place:
        """Where a row is, or one of its cells, by the name that the spreadsheet gives it."""
        if column is None:
            return Place(path=self.path, sheet=self.sheet, row=row.number)
        quote = row.cells[column] if column < len(row.cells) else ""
        return Place(
            path=self.path,
            sheet=self.sheet,
            row=row.number,
            cell=cell_name(column, row.number),
            quote=quote[:400],
        )

    def _pack(self, number: int) -> list[Row]:
        if self._opened[0] != number:
            self._opened = (number, _unpacked(self._packs[number]))
        return self._opened[1]

    def _read(self) -> Iterator[Row]:
        """The rows at the width of the widest so far, merged cells filled down, unknown values told."""
        total = texts = before = width = 0
        data = False
        ending: dict[int, tuple[int, str, CellKind | None]] = {}
        starts: dict[int, list[tuple[int, int]]] = {}
        if self._merged is None:
            self._merged = self.merges()
        for top, left, bottom, _ in self._merged:
            if bottom > top:
                starts.setdefault(top, []).append((left, bottom))
        for number, cells, kinds in self.source():
            if number <= before:
                raise ReadError(_ORDER.having(sheet=self.sheet, row=number, before=before))
            if number > MAX_ROWS:
                raise ReadError(_OUTSIDE.having(sheet=self.sheet, cell=str(number)))
            before = number
            if starts or ending:
                data = data or any(_FIGURE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in cells)
                self._merge(number, cells, kinds, ending, starts.get(number, ()) if data else ())
            if "formula" in kinds.values():
                self._unknown(number, kinds)
            if len(cells) != width:
                # A row is as wide as those above it: a sheet leaves out what is empty at the end of a row.
                if len(cells) > width:
                    width = min(len(cells), MOST_PADDED)
                cells.extend([""] * (width - len(cells)))
            total += len(cells)
            texts += sum(map(len, cells))
            if total > MAX_CELLS or texts > MAX_TEXTS:
                raise ReadError(_TOO_WIDE.having(sheet=self.sheet, limit=MAX_CELLS))
            yield Row(number, tuple(cells), None, kinds)

    def _unknown(self, number: int, kinds: Mapping[int, CellKind]) -> None:
        for column, kind in kinds.items():
            if kind == "formula":
                self._count_formulas += 1
                if not self.formulas:
                    self.formulas.append(cell_name(column, number))

    def _merge(
        self,
        number: int,
        cells: list[str],
        kinds: dict[int, CellKind],
        ending: dict[int, tuple[int, str, CellKind | None]],
        starting: Sequence[tuple[int, int]],
    ) -> None:
        """Fills merged cells down among the data; in the rows above them (titles, header) they stay as they are."""
        for column in [column for column, (bottom, _, _) in ending.items() if bottom < number]:
            del ending[column]
        for column, (_, text, kind) in ending.items():
            if column < len(cells) and cells[column]:
                continue
            cells.extend([""] * (column + 1 - len(cells)))
            kinds[column] = "merged"
            if kind not in ("number", "percent", "formula"):
                cells[column] = text
            self._filled_down = True
        for column, bottom in starting:
            if column < len(cells) and cells[column]:
                ending[column] = (bottom, cells[column], kinds.get(column))

    def hidden(self, number: int, column: int) -> Hidden | None:
        """What a cell holds beyond what it shows."""
        return self._hidden.get(number * MAX_COLUMNS + column)

    def told_hidden(self, column: int, number: int, hidden: Hidden) -> None:
        """Notes a number that holds more decimals than it shows; past the cent, it is read as it is shown."""
        self._hidden[number * MAX_COLUMNS + column] = hidden
        if len(hidden.stored.partition(".")[2]) > max(hidden.decimals, CENTS):
            self._count_rounded += 1
            if not self.rounded:
                self.rounded.append(cell_name(column, number))


_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_FIGURE: Final = re.compile(r"-?[0-9][0-9 .,\u00a0\u202f]{0,40}€?")
"""A number, whether the workbook holds it as one or as text: where the first one is, the data begin."""


def _packed(rows: Sequence[Row]) -> bytes:
    plain = [(row.number, row.cells, dict(row.kinds)) for row in rows]
    return zlib.compress(marshal.dumps(plain), 1)


def _unpacked(pack: bytes) -> list[Row]:
    return [Row(number, cells, None, kinds) for number, cells, kinds in marshal.loads(zlib.decompress(pack))]


# -- the front door ---------------------------------------------------------------------------------------------------


def sheets(source: TableInput, shown: str, wanted: str | None = None, limits: Limits = LIMITS) -> list[RowSource]:
    """The sheets of a workbook that hold something, each a table: the visible ones, or the one named ``wanted``.

    ``source`` is a path or the bytes; what it is is told by its first bytes, whatever its name. Raises ``ReadError``
    (protected, damaged, cut short, booby-trapped, not a workbook, no such sheet) and ``OSError``.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    check_size(data, limits)
    kind = recognise(data)
    if kind == "zip":
        archive = Archive(data, limits)
        if "mimetype" in archive and archive.read("mimetype")[:80].startswith(b"application/vnd.oasis.opendocument"):
            found = _ods_sheets(archive, shown, limits)
        elif "[Content_Types].xml" in archive:
            found = _xlsx_sheets(archive, data, shown, limits)
        else:
            raise ReadError(_WRONG_KIND)
    elif kind == "ole":
        found = _xls_sheets(data, shown, limits)
    elif kind is None and b"\0" not in data[:4096]:
        raise ReadError(_TEXT_KIND)
    else:
        raise ReadError(_WRONG_KIND)
    return _chosen(found, wanted)


def _chosen(found: Sequence[tuple[Sheet, bool]], wanted: str | None) -> list[RowSource]:
    if wanted is not None:
        named = [sheet for sheet, _ in found if sheet.sheet.strip().casefold() == wanted.strip().casefold()]
        if not named:
            names = ", ".join(f"« {sheet.sheet} »" for sheet, _ in found[:50])
            raise ReadError(_NO_SHEET.having(sheet=wanted, names=names))
        return [*named]
    visible = [sheet for sheet, hidden in found if not hidden]
    hidden = [sheet for sheet, is_hidden in found if is_hidden]
    if not visible:
        visible, hidden = hidden, []
    filled = [sheet for sheet in visible if next(sheet.rows(), None) is not None]
    if not filled:
        raise ReadError(_NOTHING)
    hidden = [sheet for sheet in hidden if next(sheet.rows(), None) is not None]
    if hidden:
        filled[0].said.append(_HIDDEN.having(names=", ".join(f"« {sheet.sheet} »" for sheet in hidden)))
    return [*filled]


# -- xlsx -------------------------------------------------------------------------------------------------------------

_MAIN: Final = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "s",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "s",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/package/2006/relationships": "p",
}


def _xlsx_sheets(archive: Archive, data: bytes, shown: str, limits: Limits) -> list[tuple[Sheet, bool]]:
    deadline = Deadline(limits)
    archive.verify()
    book = next((target for kind, target in _relations(archive, "", limits) if kind == "officeDocument"), None)
    if book is None or not book.endswith(".xml"):
        raise ReadError(_WRONG_KIND)
    found = _Book(zipfile.ZipFile(io.BytesIO(data)), limits, deadline)
    parts = dict(_relations(archive, book, limits, by_kind=False))
    kinds = {target: kind for kind, target in _relations(archive, book, limits)}
    listed: list[tuple[str, str, bool]] = []

    def on_book(name: str, attributes: Mapping[str, str]) -> None:
        if name == "s:workbookPr":
            found.since_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "s:sheet":
            part = parts.get(attributes.get("r:id", ""))
            if part is not None and kinds.get(part) == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                listed.append((attributes.get("name", ""), part, hidden))

    parse_xml(archive.read(book), part=book, limits=limits, deadline=deadline, prefixes=_MAIN, start=on_book)
    for part, kind in kinds.items():
        if kind == "styles":
            found.formats = _formats(archive.read(part), part, limits, deadline)
        elif kind == "sharedStrings":
            found.strings_part = part
    if not listed:
        raise ReadError(_WRONG_KIND)
    out: list[tuple[Sheet, bool]] = []
    for name, part, hidden in listed:
        reader = _XlsxSheet(found, part, name)
        extension = os.path.splitext(shown)[1].lower().lstrip(".")
        sheet = Sheet(shown, extension if extension in ("xlsx", "xlsm") else "xlsx", name, reader.rows, reader.merges)
        reader.hides = sheet.told_hidden
        out.append((sheet, hidden))
    return out


def _relations(archive: Archive, part: str, limits: Limits, *, by_kind: bool = True) -> list[tuple[str, str]]:
    """What a part points to: (the last word of the relation's type, or its identifier; the part pointed to)."""
    folder, _, base = part.rpartition("/")
    name = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
    out: list[tuple[str, str]] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if tag != "p:Relationship" or attributes.get("TargetMode") == "External":
            return
        target = archive.beside(part, attributes.get("Target", ""))
        if target is not None:
            kind = attributes.get("Type", "").rpartition("/")[2]
            out.append((kind if by_kind else attributes.get("Id", ""), target))

    if name in archive:
        parse_xml(archive.read(name), part=name, limits=limits, deadline=Deadline(limits), prefixes=_MAIN, start=start)
    return out


def _formats(data: bytes, part: str, limits: Limits, deadline: Deadline) -> list[Format]:
    """The format of each cell style, in order."""
    codes: dict[int, Format] = dict(_BUILT_IN)
    out: list[Format] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if name == "s:numFmt":
            number = attributes.get("numFmtId", "")
            if number.isdecimal() and "formatCode" in attributes:
                codes[int(number[:9])] = shown_as(attributes["formatCode"])
        elif name == "s:cellXfs":
            inside = True
        elif name == "s:xf" and inside:
            number = attributes.get("numFmtId", "0")
            out.append(codes.get(int(number[:9]) if number.isdecimal() else 0, PLAIN_FORMAT))

    def end(name: str) -> None:
        nonlocal inside
        if name == "s:cellXfs":
            inside = False

    parse_xml(data, part=part, limits=limits, deadline=deadline, prefixes=_MAIN, start=start, end=end)
    return out


_ENTITY: Final = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class _NotPlain(ValueError):
    """XML written in a way that the fast reader does not know; the slow one reads it."""


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1]) if found[1] else int(found[2], 16)
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        raise _NotPlain
    return chr(code)


def _unescaped(text: str) -> str:
    """Characters from XML text as it stands in the file."""
    if "&" in text:
        if text.count("&") != len(_ENTITY.findall(text)):
            raise _NotPlain
        text = _ENTITY.sub(_character, text)
    return _office(text)


def _office(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


_SIMPLE_STRING: Final = re.compile(r'<si><t(?: xml:space="preserve")?(?:>([^<]*)</t>|/>)</si>|<si/>')


@dataclass(slots=True)
class _Book:
    """What the sheets of one xlsx share."""

    zip: zipfile.ZipFile
    limits: Limits
    deadline: Deadline
    formats: list[Format] = field(default_factory=list)
    since_1904: bool = False
    strings_part: str | None = None
    _strings: list[str] | None = None

    @property
    def strings(self) -> list[str]:
        if self._strings is None:
            self._strings = [] if self.strings_part is None else self._read_strings(self.strings_part)
        return self._strings

    def whole(self, part: str) -> bytes:
        if self.zip.getinfo(part).file_size > MAX_WHOLE:
            raise ReadError(_PART.having(part=part[:100], limit=MAX_WHOLE))
        return self.zip.read(part)

    def chunks(self, part: str) -> Iterator[str]:
        """The text of a part, a megabyte at a time. Raises ``_NotPlain`` when it is not UTF-8."""
        import codecs

        decoder = codecs.getincrementaldecoder("utf-8")()
        first = True
        with self.zip.open(part) as stream:
            while raw := stream.read(CHUNK):
                self.deadline.check()
                try:
                    text = decoder.decode(raw)
                except UnicodeDecodeError:
                    raise _NotPlain from None
                if first:
                    text = text.removeprefix("\ufeff")
                    declared = re.match(r'<\?xml [^>]{0,80}encoding="([^"]{1,20})"', text)
                    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii"):
                        raise _NotPlain
                    first = False
                yield text
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise _NotPlain from None

    def _read_strings(self, part: str) -> list[str]:
        try:
            return self._plain_strings(part)
        except _NotPlain:
            return self._other_strings(part)

    def _plain_strings(self, part: str) -> list[str]:
        out: list[str] = []
        left = ""
        for text in self.chunks(part):
            left += text
            end = left.rfind("</si>") + 5
            if end < 5:
                if len(left) > MAX_WHOLE:
                    raise _NotPlain
                continue
            self._add_strings(left[:end], out)
            left = left[end:]
        self._add_strings(left, out)
        if not left.rstrip().endswith("</sst>") and not left.rstrip().endswith("/>"):
            raise _NotPlain
        return out

    def _add_strings(self, text: str, out: list[str]) -> None:
        if "<!" in text:
            raise _NotPlain
        found = _SIMPLE_STRING.findall(text)
        if len(found) != text.count("<si>") + text.count("<si ") + text.count("<si/") + text.count(":si"):
            raise _NotPlain
        if "&" in text or "_x" in text or "\r" in text:
            found = [_unescaped(one) for one in found]
        out.extend(found)

    def _other_strings(self, part: str) -> list[str]:
        out: list[str] = []
        pieces: list[str] = []
        state = {"t": False, "phonetic": 0}

        def start(name: str, _: Mapping[str, str]) -> None:
            if name == "s:si":
                pieces.clear()
            elif name == "s:rPh":
                state["phonetic"] += 1
            elif name == "s:t":
                state["t"] = not state["phonetic"]

        def end(name: str) -> None:
            if name == "s:si":
                out.append(_office("".join(pieces)))
            elif name == "s:rPh":
                state["phonetic"] -= 1
            elif name == "s:t":
                state["t"] = False

        def text(characters: str) -> None:
            if state["t"]:
                pieces.append(characters)

        parse_xml(
            self.whole(part), part=part, limits=self.limits, deadline=self.deadline, prefixes=_MAIN,
            start=start, end=end, text=text,
        )  # fmt: skip
        return out


# A cell in the form that spreadsheet programs write. What stands inside an unusual one stops at the next cell, so that
# no text is gone over twice.
_CELL: Final = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]{1,5})")?(?: t="([A-Za-z]{1,9})")?'
    r"(?:/>|>(?:<v>([^<]*+)</v></c>|</c>|<is><t(?: xml:space=\"preserve\")?>([^<]*+)</t></is></c>|"
    r"((?>(?:[^<]++|<(?!/c>|c[ >]))*))</c>))"
)
_VALUE: Final = re.compile(r"<v(?: [^<>]*)?>([^<]*)</v>")
_TEXTS: Final = re.compile(r"<t(?: [^<>]*)?>([^<]*)</t>")
_MERGE: Final = re.compile(r'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


_EMPTY_ROW: Final = re.compile(r"<row(?: [^<>]*)?/>")


def _unclosed_rows(piece: str) -> bool:
    opened = piece.count("<row ") + piece.count("<row>") + piece.count("<row/>")
    closed = piece.count("</row>")
    return opened != closed and opened != closed + len(_EMPTY_ROW.findall(piece))


class _Columns(dict[str, int]):
    """Letters of a column -> its index from 0. Raises ``KeyError`` past the last column there is."""

    def __missing__(self, letters: str) -> int:
        index = 0
        for letter in letters:
            index = index * 26 + ord(letter) - 64
        if index > MAX_COLUMNS:
            raise KeyError(letters)
        self[letters] = index - 1
        return index - 1


WIDEST_FORM: Final = 256
MOST_LEARNED: Final = 300
"""Forms made for one sheet: where every row has its own, making them would take longer than reading the cells."""
MOST_FORMS: Final = 32
TRIED: Final = 3
"""Forms of rows that are tried before a row is read cell by cell."""
_SLOTS: Final[Mapping[str, str]] = {
    "s": r"><v>([0-9]{1,9})</v></c>",
    "": r"><v>([^<]++)</v></c>",
    "inlineStr": r'><is><t(?: xml:space="preserve")?>([^<]++)</t></is></c>',
}
"""What stands in a cell of that type, after its opening tag."""


@dataclass(frozen=True, slots=True, eq=False)
class _RowForm:
    """The form of a row: a pattern of its whole XML, whose first group is its number, and what each other group is."""

    pattern: re.Pattern[str]
    slots: tuple[tuple[int, str, str], ...]
    width: int

    @classmethod
    def of(cls, key: Sequence[tuple[str, str, str, bool]], columns: _Columns) -> _RowForm | None:
        """The form of these cells: letters, style, type, whether something is in them. Raises ``KeyError`` for a
        column that no sheet has."""
        parts = [r'<row r="([0-9]{1,7})"[^<>]{0,400}+(?<!/)>']
        slots: list[tuple[int, str, str]] = []
        last = -1
        for letters, style, kind, filled in key:
            column = columns[letters]
            if column <= last:
                return None  # the cells are not in order: the long way says so
            last = column
            opened = rf'<c r="{letters}\1"' + (f' s="{style}"' if style else "") + (f' t="{kind}"' if kind else "")
            if filled:
                parts.append(opened + _SLOTS[kind])
                slots.append((column, style, kind))
            else:
                parts.append(opened + "(?:/>|></c>)")
        return cls(re.compile("".join(parts)), tuple(slots), slots[-1][0] + 1 if slots else 0)


@dataclass(slots=True)
class _XlsxSheet:
    """One worksheet part."""

    book: _Book
    part: str
    name: str
    hides: Callable[[int, int, Hidden], None] = lambda column, row, hidden: None
    columns: _Columns = field(default_factory=_Columns)
    numbers: dict[tuple[str, str], tuple[str, CellKind | None, Hidden | None]] = field(default_factory=dict)
    forms: dict[tuple[tuple[str, str, str, bool], ...], _RowForm] = field(default_factory=dict)
    recent: list[_RowForm] = field(default_factory=list)
    learned: int = 0

    def rows(self) -> Iterator[Cells]:
        done = 0
        try:
            for row in self._plain_rows():
                done = row[0]
                yield row
            return
        except _NotPlain:
            pass
        for row in self._other_rows():
            if row[0] > done:
                yield row

    # -- the fast way

    def _plain_rows(self) -> Iterator[Cells]:
        left = ""
        body = False
        current = ""
        cells: list[str] = []
        kinds: dict[int, CellKind] = {}
        numbers = self.numbers
        strings = self.book.strings
        columns = self.columns
        for text in self.book.chunks(self.part):
            left += text
            if not body:
                at = left.find("<sheetData")
                if at < 0:
                    if len(left) > 4 * CHUNK:
                        raise _NotPlain
                    continue
                if "<!" in left[:at]:
                    raise _NotPlain
                left, body = left[at:], True
            ended = left.find("</sheetData>")
            end = ended if ended >= 0 else left.rfind("</row>") + 6
            if end < 6:
                if len(left) > 64 * CHUNK:
                    raise _NotPlain
                continue
            piece, left = left[:end], left[end:]
            if "<!" in piece:
                raise _NotPlain
            if _unclosed_rows(piece):
                raise _NotPlain
            for text in piece.split("</row>"):
                likely = self._by_form(text)
                if likely is not None:
                    if cells:
                        yield int(current), cells, kinds
                        cells, kinds, current = [], {}, ""
                    if likely[1]:
                        yield likely
                    continue
                found = _CELL.findall(text)
                if len(found) != text.count("<c ") + text.count("<c>") + text.count("<c/") + text.count(":c "):
                    raise _NotPlain
                self._learn(found)
                for letters, digits, style, kind, value, own, inner in found:
                    if digits != current:
                        if cells:
                            yield int(current), cells, kinds
                            cells, kinds = [], {}
                        current = digits
                    is_kind: CellKind | None = None
                    if kind == "s" and value:
                        try:
                            words = strings[int(value)]
                        except (IndexError, ValueError):
                            raise ReadError(_DAMAGED.having(sheet=self.name)) from None
                        if not words:
                            continue
                    elif value and not kind:
                        known = numbers.get((style, value))
                        if known is None:
                            known = self._number(style, value)
                        words, is_kind, hidden = known
                        if hidden is not None:
                            self.hides(columns[letters], int(digits), hidden)
                    elif own and kind == "inlineStr":
                        words = _unescaped(own) if "&" in own or "_x" in own or "\r" in own else own
                    elif not value and not inner:
                        continue
                    else:
                        words, is_kind = (
                            self._unusual(letters, digits, style, kind, inner)
                            if inner
                            else self._cell(letters, digits, style, kind, _unescaped(value))
                        )
                        if not words and is_kind is None:
                            continue
                    try:
                        column = columns[letters]
                    except KeyError:
                        raise ReadError(_OUTSIDE.having(sheet=self.name, cell=letters + digits)) from None
                    gap = column - len(cells)
                    if gap == 0:
                        cells.append(words)
                    elif gap > 0:
                        cells.extend([""] * gap)
                        cells.append(words)
                    else:
                        raise ReadError(_DAMAGED.having(sheet=self.name))
                    if is_kind is not None:
                        kinds[column] = is_kind
            if ended >= 0:
                break
        else:
            if not re.search(r"<sheetData\s*/>", left):
                raise _NotPlain
        if cells:
            yield int(current), cells, kinds

    def _learn(self, found: Sequence[tuple[str, ...]]) -> None:
        """Keeps the form of a row (which cells, of which styles and types), when all its cells are of the usual ones:
        the rows after it mostly have the same, and are then read at one stroke."""
        if not 0 < len(found) <= WIDEST_FORM or self.learned >= MOST_LEARNED:
            return
        if any(inner or kind not in _SLOTS for _, _, _, kind, _, _, inner in found):
            return
        key = tuple((letters, style, kind, bool(value or own)) for letters, _, style, kind, value, own, _ in found)
        form = self.forms.pop(key, None)
        if form is None:
            self.learned += 1
            try:
                form = _RowForm.of(key, self.columns)
            except KeyError:
                return
            if form is None:
                return
            if len(self.forms) >= MOST_FORMS:
                self.forms.pop(next(iter(self.forms)))
        self.forms[key] = form
        if form not in self.recent:
            self.recent = [form, *self.recent[: TRIED - 1]]

    def _by_form(self, text: str) -> Cells | None:
        """The row of that XML when it has the form of one of the last ones; without cells when they are all empty."""
        at = text.rfind("<row ")
        if at < 0 or (at and "<c" in text[:at]):
            return None
        for form in self.recent:
            match = form.pattern.fullmatch(text, at)
            if match is not None:
                break
        else:
            return None
        strings, numbers = self.book.strings, self.numbers
        cells = [""] * form.width
        kinds: dict[int, CellKind] = {}
        digits, *values = match.groups()
        for value, (column, style, kind) in zip(values, form.slots, strict=True):
            if kind == "s":
                try:
                    cells[column] = strings[int(value)]
                except (IndexError, ValueError):
                    raise ReadError(_DAMAGED.having(sheet=self.name)) from None
            elif kind:
                cells[column] = _unescaped(value) if "&" in value or "_x" in value or "\r" in value else value
            else:
                known = numbers.get((style, value)) or self._number(style, value)
                cells[column], is_kind, hidden = known
                if is_kind is not None:
                    kinds[column] = is_kind
                if hidden is not None:
                    self.hides(column, int(digits), hidden)
        while cells and not cells[-1]:
            cells.pop()
        return int(digits), cells, kinds

    def _unusual(self, letters: str, digits: str, style: str, kind: str, inner: str) -> tuple[str, CellKind | None]:
        """A cell with a formula, or with its text in itself."""
        if kind == "inlineStr":
            if "<rPh" in inner or ":t" in inner:
                raise _NotPlain
            return _unescaped("".join(_TEXTS.findall(inner))), None
        found = _VALUE.search(inner)
        value = _unescaped(found[1]) if found else ""
        formula = "<f" in inner
        if not formula and not found and "<v/>" not in inner and "<v " not in inner and "<extLst" not in inner:
            raise _NotPlain
        return self._cell(letters, digits, style, kind, value, formula=formula)

    # -- the slow way

    def _other_rows(self) -> Iterator[Cells]:
        rows: list[Cells] = []
        cells: list[str] = []
        kinds: dict[int, CellKind] = {}
        pieces: list[str] = []
        number = column = 0
        attributes_of: Mapping[str, str] = {}
        value: str | None = None
        formula = False
        taking = phonetic = 0

        def start(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal number, column, cells, kinds, attributes_of, value, formula, taking, phonetic
            if name == "s:row":
                given = attributes.get("r", "")
                number = int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else number + 1
                cells, kinds = [], {}
                column = -1
            elif name == "s:c":
                reference = _REFERENCE.fullmatch(attributes.get("r", ""))
                try:
                    column = self.columns[reference[1]] if reference else column + 1
                except KeyError:
                    column = MAX_COLUMNS
                if column >= MAX_COLUMNS or (reference is not None and int(reference[2]) != number):
                    raise ReadError(_OUTSIDE.having(sheet=self.name, cell=attributes.get("r", "?")[:20]))
                attributes_of, value, formula = attributes, None, False
            elif name == "s:f":
                formula = True
            elif name == "s:rPh":
                phonetic += 1
            elif name in ("s:v", "s:t") and not phonetic:
                taking = 1
                if name == "s:v" or value is None:
                    pieces.clear()

        def end(name: str) -> None:
            nonlocal value, taking, phonetic
            if name in ("s:v", "s:t") and not phonetic:
                taking = 0
                value = "".join(pieces)
            elif name == "s:rPh":
                phonetic -= 1
            elif name == "s:c":
                kind = attributes_of.get("t", "")
                style = attributes_of.get("s", "")
                words, is_kind = self._cell(letters_of(column), str(number), style, kind, value or "", formula=formula)
                if not words and is_kind is None:
                    return
                if column < len(cells):
                    raise ReadError(_DAMAGED.having(sheet=self.name))
                cells.extend([""] * (column - len(cells)))
                cells.append(words)
                if is_kind is not None:
                    kinds[column] = is_kind
            elif name == "s:row" and cells:
                rows.append((number, cells, kinds))

        def text(characters: str) -> None:
            if taking:
                pieces.append(characters)

        book = self.book
        parse_xml(
            book.whole(self.part), part=self.part, limits=book.limits, deadline=book.deadline, prefixes=_MAIN,
            start=start, end=end, text=text,
        )  # fmt: skip
        yield from rows

    # -- both

    def _cell(
        self, letters: str, digits: str, style: str, kind: str, value: str, *, formula: bool = False
    ) -> tuple[str, CellKind | None]:
        """The text of a cell and what it is. A formula whose value is an empty text has a type; one that was never
        computed has none."""
        if not value:
            return ("", "formula") if formula and kind != "str" else ("", None)
        match kind:
            case "" | "n":
                words, is_kind, hidden = self._number(style, value)
                if hidden is not None:
                    self.hides(self.columns[letters], int(digits), hidden)
                return words, is_kind
            case "s":
                strings = self.book.strings
                if not (value.isascii() and value.isdecimal()) or int(value) >= len(strings):
                    raise ReadError(_DAMAGED.having(sheet=self.name))
                return strings[int(value)], None
            case "b":
                return ("oui" if value in ("1", "true") else "non"), "boolean"
            case "e":
                return value, "error"
            case "d":
                day, _, clock = value.partition("T")
                return (day if clock.strip("0:.Z") == "" else value), "date"
            case _:
                return _office(value), None

    def _number(self, style: str, value: str) -> tuple[str, CellKind | None, Hidden | None]:
        known = self.numbers.get((style, value))
        if known is None:
            known = self._worked_out(style, value)
            if len(self.numbers) < 50_000:
                self.numbers[(style, value)] = known
        return known

    def _worked_out(self, style: str, value: str) -> tuple[str, CellKind | None, Hidden | None]:
        formats = self.book.formats
        at = int(style) if style.isascii() and style.isdecimal() and len(style) < 7 else 0
        form = formats[at] if at < len(formats) else PLAIN_FORMAT
        return typed_number(value.strip(), form, since_1904=self.book.since_1904)

    def merges(self) -> Sequence[tuple[int, int, int, int]]:
        """The merged ranges: first row, first column (from 0), last row, last column. They stand after the cells."""
        out: list[tuple[int, int, int, int]] = []
        left = ""
        after = False
        try:
            for text in self.book.chunks(self.part):
                left += text
                if not after:
                    at = left.find("</sheetData>")
                    if at < 0:
                        left = left[-12:]
                        continue
                    after, left = True, left[at:]
                end = left.rfind(">") + 1
                for found in _MERGE.finditer(left[:end]):
                    try:
                        columns = self.columns[found[1]], self.columns[found[3]]
                    except KeyError:
                        continue
                    out.append((int(found[2]), columns[0], int(found[4]), columns[1]))
                    if len(out) > MAX_MERGES:
                        return out
                left = left[end:]
        except _NotPlain:
            return ()
        return out


def letters_of(column: int) -> str:
    """The letters of a column, from its index from 0."""
    return cell_name(column, 1)[:-1]


def typed_number(value: str, form: Format, *, since_1904: bool = False) -> tuple[str, CellKind | None, Hidden | None]:
    """The text of a number shown in that form, what it is, and what of it is not shown."""
    if form.shown in ("date", "datetime", "time"):
        day = date_text(value, form.shown, since_1904=since_1904)
        if day is not None:
            return day, "date", None
    text = number_text(value)
    if text is None:
        return value, "error", None
    decimals = form.decimals
    if form.shown == "percent":
        return text, "percent", None if decimals is None else _hidden(text, decimals + 2)
    return as_shown(text, decimals)


def _hidden(text: str, decimals: int) -> Hidden | None:
    return Hidden(text, decimals) if len(text.partition(".")[2]) > decimals else None


def as_shown(text: str, decimals: int | None) -> tuple[str, CellKind, Hidden | None]:
    """A number of which ``decimals`` are shown (``None``: all of them). Amounts stop at the cent whatever the cell
    shows: 1234.56 shown as 1 235 stays itself, 70051.1061 does not."""
    hidden = None if decimals is None else _hidden(text, decimals)
    if hidden is not None:
        most = max(hidden.decimals, CENTS)
        if len(text.partition(".")[2]) > most:
            exact = Decimal(text).quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP, context=_WIDE)
            return in_full(exact), "number", hidden
    return text, "number", hidden


# -- ods --------------------------------------------------------------------------------------------------------------

_OPEN: Final = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_PIECES: Final = {"text:tab": "\t", "text:line-break": "\n"}


_NONE: Final[Mapping[int, Hidden]] = {}


@dataclass(slots=True)
class _OdsSheet:
    """One table of a content.xml."""

    name: str
    hidden: bool
    found: list[Cells] = field(default_factory=list)
    ranges: list[tuple[int, int, int, int]] = field(default_factory=list)
    unshown: dict[int, dict[int, Hidden]] = field(default_factory=dict)
    hides: Callable[[int, int, Hidden], None] = lambda column, row, hidden: None

    def rows(self) -> Iterator[Cells]:
        for number, cells, kinds in self.found:
            for column, hidden in self.unshown.get(number, _NONE).items():
                self.hides(column, number, hidden)
            yield number, list(cells), dict(kinds)

    def merges(self) -> Sequence[tuple[int, int, int, int]]:
        return self.ranges


def _times(attributes: Mapping[str, str], name: str, most: int) -> int:
    """How often a row or a cell is repeated; more than a spreadsheet holds counts as one more than it holds."""
    written = attributes.get(name, "1")
    if not (written.isascii() and written.isdecimal()):
        return 1
    return max(1, min(int(written[:9]), most + 1))


class _OdsContent:
    """Takes the events of a content.xml and keeps its tables."""

    def __init__(self) -> None:
        self.tables: list[_OdsSheet] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._depth = 0
        self._aside = 0
        self._row = 0
        self._row_times = self._cell_times = 1
        self._column = 0
        self._cells: list[str] = []
        self._kinds: dict[int, CellKind] = {}
        self._unshown: dict[int, Hidden] = {}
        self._cell: Mapping[str, str] | None = None
        self._words: list[str] = []
        self._paragraphs = 0
        self._taking = 0
        self._room = 0
        self._texts = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._aside:
            self._aside += 1
        elif name in ("office:annotation", "table:table") and self._cell is not None:
            self._aside = 1  # a note, or a table inside a cell: not the text of the cell
        elif name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:table-properties":
            if attributes.get("table:display") == "false":
                self._hidden_styles.add(self._style)
        elif name == "table:table":
            hidden = attributes.get("table:style-name", "") in self._hidden_styles
            self.tables.append(_OdsSheet(attributes.get("table:name", ""), hidden))
            self._row = self._room = self._texts = 0
        elif name == "table:table-row" and self.tables:
            self._row_times = _times(attributes, "table:number-rows-repeated", MAX_ROWS)
            self._column, self._cells, self._kinds, self._unshown = 0, [], {}, {}
        elif name in ("table:table-cell", "table:covered-table-cell") and self.tables:
            self._cell = attributes
            self._cell_times = _times(attributes, "table:number-columns-repeated", MAX_COLUMNS)
            self._words, self._paragraphs = [], 0
        elif name == "text:p" and self._cell is not None:
            if self._paragraphs:
                self._words.append("\n")
            self._paragraphs += 1
            self._taking += 1
        elif self._taking:
            if name == "text:s":
                self._words.append(" " * _times(attributes, "text:c", 1000))
            elif name in _PIECES:
                self._words.append(_PIECES[name])

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name == "text:p" and self._taking:
            self._taking -= 1
        elif name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table:table-row" and self.tables:
            self._end_row()

    def text(self, characters: str) -> None:
        if self._taking and not self._aside:
            self._words.append(characters)

    def _end_cell(self, cell: Mapping[str, str]) -> None:
        words, kind, hidden = _ods_value(cell, "".join(self._words))
        column, times = self._column, self._cell_times
        self._column += times
        if not words and kind is None:
            return
        table = self.tables[-1]
        if column + times > MAX_COLUMNS:
            raise ReadError(_OUTSIDE.having(sheet=table.name, cell=cell_name(column + times - 1, self._row + 1)))
        down = _times(cell, "table:number-rows-spanned", MAX_ROWS)
        if down > 1 and len(table.ranges) < MAX_MERGES:
            across = _times(cell, "table:number-columns-spanned", MAX_COLUMNS)
            table.ranges.append((self._row + 1, column, self._row + down, column + across - 1))
        self._cells.extend([""] * (column - len(self._cells)))
        self._cells.extend([words] * times)
        if kind is not None:
            self._kinds.update(dict.fromkeys(range(column, column + times), kind))
        if hidden is not None:
            self._unshown.update(dict.fromkeys(range(column, column + times), hidden))

    def _end_row(self) -> None:
        table = self.tables[-1]
        times = self._row_times
        first = self._row + 1
        self._row += times
        if not self._cells:
            return
        if self._row > MAX_ROWS:
            raise ReadError(_OUTSIDE.having(sheet=table.name, cell=str(self._row)))
        self._room += len(self._cells) * times
        self._texts += sum(map(len, self._cells)) * times
        if self._room > MAX_CELLS or self._texts > MAX_TEXTS:
            raise ReadError(_TOO_WIDE.having(sheet=table.name, limit=MAX_CELLS))
        table.found.extend((number, self._cells, self._kinds) for number in range(first, first + times))
        if self._unshown:
            table.unshown.update(dict.fromkeys(range(first, first + times), self._unshown))


_SHOWN_DECIMALS: Final = re.compile(r"[0-9](?:[.,]([0-9]{1,15}))?[^0-9]{0,20}\Z")


def _ods_value(cell: Mapping[str, str], words: str) -> tuple[str, CellKind | None, Hidden | None]:
    """The text of an OpenDocument cell, what it is, and what of it is not shown. Its value is in its attributes, as
    decimal text; how it is shown is its own text."""
    kind = cell.get("office:value-type")
    formula = "table:formula" in cell
    if cell.get("calcext:value-type") == "error":
        return (words or "#N/A"), "error", None
    match kind:
        case "float" | "currency" | "percentage":
            value = cell.get("office:value", "")
            text = number_text(value)
            if text is None:
                return (value or words), "error", None
            shown = _SHOWN_DECIMALS.search(words[-60:])
            decimals = None if shown is None else len(shown[1] or "")
            if kind == "percentage":
                return text, "percent", None if decimals is None else _hidden(text, decimals + 2)
            return as_shown(text, decimals)
        case "date":
            value = cell.get("office:date-value", words)
            day, _, clock = value.partition("T")
            return (day if not clock.strip("0:.Z") else value), "date", None
        case "boolean":
            return ("oui" if cell.get("office:boolean-value") == "true" else "non"), "boolean", None
        case "time":
            return (words or cell.get("office:time-value", "")), "date", None
        case "string":
            return (words or cell.get("office:string-value", "")), None, None
        case _ if formula and not words:
            return "", "formula", None
        case _:
            return words, None, None


def _ods_sheets(archive: Archive, shown: str, limits: Limits) -> list[tuple[Sheet, bool]]:
    deadline = Deadline(limits)
    whole = replace(limits, member_bytes=min(limits.member_bytes, MAX_WHOLE))

    def on_manifest(name: str, _: Mapping[str, str]) -> None:
        if name == "manifest:encryption-data":
            raise ReadError(_ENCRYPTED)

    if "META-INF/manifest.xml" in archive:
        part = "META-INF/manifest.xml"
        parse_xml(archive.read(part), part=part, limits=whole, deadline=deadline, prefixes=_OPEN, start=on_manifest)
    data = archive.read("content.xml")
    if len(data) > MAX_WHOLE:
        raise ReadError(_PART.having(part="content.xml", limit=MAX_WHOLE))
    content = _OdsContent()
    parse_xml(
        data, part="content.xml", limits=whole, deadline=deadline, prefixes=_OPEN,
        start=content.start, end=content.end, text=content.text,
    )  # fmt: skip
    if not content.tables:
        raise ReadError(_WRONG_KIND)
    out: list[tuple[Sheet, bool]] = []
    for one in content.tables:
        sheet = Sheet(shown, "ods", one.name, one.rows, one.merges)
        one.hides = sheet.told_hidden
        out.append((sheet, one.hidden))
    return out


# -- xls --------------------------------------------------------------------------------------------------------------

_OLE_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_XLS_CELLS: Final = frozenset((0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E))
"""Records of BIFF that place a cell: each begins with its row and its column, two bytes each."""
XLS_ROOM: Final = 8_000_000
"""Cells of the rectangle around what a sheet holds: the library that reads them makes room for all of them."""


def _xls_sheets(data: bytes, shown: str, limits: Limits) -> list[tuple[Sheet, bool]]:
    if _OLE_PACKAGE in data:
        raise ReadError(_ENCRYPTED)
    _check_biff(_ole_stream(data))
    try:
        calamine = import_module("python_calamine")
    except ImportError:
        raise MissingExtra(extra="workbooks", library="python-calamine") from None
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        out: list[tuple[Sheet, bool]] = []
        for about in book.sheets_metadata:
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
            hidden = about.visible != calamine.SheetVisibleEnum.Visible
            out.append((Sheet(shown, "xls", about.name, _XlsSheet(rows).rows, said=[_XLS_FORMULAS]), hidden))
    except calamine.PasswordError:
        raise ReadError(_ENCRYPTED) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise ReadError(_NOT_XLS) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the library gave up; its own class cannot be imported
            raise ReadError(_NOT_XLS) from None
        raise
    return out


@dataclass(frozen=True, slots=True)
class _XlsSheet:
    values: list[list[object]]

    def rows(self) -> Iterator[Cells]:
        for number, row in enumerate(self.values, 1):
            cells: list[str] = []
            kinds: dict[int, CellKind] = {}
            for column, value in enumerate(row):
                text, kind = _python_value(value)
                if text:
                    cells.extend([""] * (column - len(cells)))
                    cells.append(text)
                    if kind is not None:
                        kinds[column] = kind
            if cells:
                yield number, cells, kinds


def _python_value(value: object) -> tuple[str, CellKind | None]:
    match value:
        case str():
            return value, "error" if value in _ERRORS else None
        case bool():
            return ("oui" if value else "non"), "boolean"
        case int() | float():
            return number_text(repr(value)) or repr(value), "number"
        case datetime():
            day = value.isoformat()
            return day.removesuffix("T00:00:00"), "date"
        case date() | time():
            return value.isoformat(), "date"
        case None:
            return "", None
        case _:
            return str(value), None


_ERRORS: Final = frozenset(("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"))


def _ole_stream(data: bytes) -> bytes:
    """The stream of an OLE file that holds a workbook ([MS-CFB]). Raises ``ReadError`` when there is none, or when its
    sectors lead nowhere or in circles."""
    try:
        size = 1 << struct.unpack_from("<H", data, 30)[0]
        if size not in (512, 4096):
            raise ReadError(_NOT_XLS)
        (first_directory,) = struct.unpack_from("<I", data, 48)
        first_difat, _ = struct.unpack_from("<II", data, 68)
        per_sector = size // 4
        tables = list(struct.unpack_from("<109I", data, 76))
        seen = 0
        while first_difat < 0xFFFFFFFA and seen * size < len(data):
            sector = struct.unpack_from(f"<{per_sector}I", data, (first_difat + 1) * size)
            tables.extend(sector[:-1])
            first_difat = sector[-1]
            seen += 1
        fat: list[int] = []
        for table in tables:
            if table < 0xFFFFFFFA:
                fat.extend(struct.unpack_from(f"<{per_sector}I", data, (table + 1) * size))
        directory = _ole_chain(data, first_directory, fat, size)
        for at in range(0, len(directory) - 127, 128):
            (length,) = struct.unpack_from("<H", directory, at + 64)
            name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
            if name in ("workbook", "book"):
                first, stream_size = struct.unpack_from("<II", directory, at + 116)
                if stream_size < 4096:
                    return b""  # too small to hold many cells: it is in the small sectors
                return _ole_chain(data, first, fat, size)[:stream_size]
    except (struct.error, IndexError):
        raise ReadError(_NOT_XLS) from None
    raise ReadError(_WRONG_KIND)


def _ole_chain(data: bytes, first: int, fat: Sequence[int], size: int) -> bytes:
    out: list[bytes] = []
    sector = first
    while sector < 0xFFFFFFFA:
        if len(out) > len(fat):
            raise ReadError(_NOT_XLS)
        out.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = fat[sector]
    return b"".join(out)


def _check_biff(stream: bytes) -> None:
    """Refuses a sheet whose cells stand so far apart that room for all between them would fill the memory."""
    at = 0
    bottom = right = -1
    end = len(stream) - 4
    while at <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind in _XLS_CELLS and length >= 4 and at + 8 <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at + 4)
            bottom, right = max(bottom, row), max(right, column)
            if right > 255 or (bottom + 1) * (right + 1) > XLS_ROOM:
                raise ReadError(_NOT_XLS_TABLE)
        elif kind == 0x000A:  # the end of a sheet
            bottom = right = -1
        at += 4 + length
