"""JSON lines whose every line is a row of a table: flat objects, their keys being the names of the columns.

Open-data portals export tables this way. Numbers are kept as they are written (`1234.50` keeps its zero), and a line
that cannot be read is told and counted, never passed over. Rows are numbered as if the names of the columns were row 1;
the place of a row also says its line.
"""

from __future__ import annotations

import io
import json
import os
import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from subsidy_rules.place import Place
from subsidy_rules.reading import ReadError
from subsidy_rules.rowstream import CellKind, Row, number_text
from subsidy_rules.tables.columns import known_names
from subsidy_rules.tables.schema import SCDL, fold_name
from subsidy_rules.wording import Message

__all__ = ["JsonRows", "is_table"]

LINE_BYTES: Final = 16_000_000
LOOKED_AT: Final = 1_000
"""Lines at the top whose keys make the columns."""
MOST_COLUMNS: Final = 2_000
NESTED: Final = 2_000

_EMPTY: Final = Message("le fichier est vide", "the file is empty")
_CHANGED: Final = Message(
    "le fichier a changé pendant la lecture : relancez la vérification une fois l’écriture terminée",
    "the file changed while it was being read: run the check again once it is fully written",
)
_UNREAD: Final = Message(
    "lignes qui ne sont pas un objet JSON lisible : {count} (la première : ligne {line:plain}) ; elles n’ont pas été "
    "vérifiées",
    "lines that are no readable JSON object: {count} (the first: line {line:plain}); they were not checked",
)
_LATE: Final = Message(
    "clé « {key} », absente des {looked} premières lignes : elle n’est pas vérifiée (ligne {line:plain} et suivantes)",
    "key “{key}”, absent from the first {looked} lines: it is not checked (line {line:plain} and after)",
)
_NESTED: Final = Message(
    "colonne « {column} » : ses valeurs sont des listes ou des objets ; elles sont lues comme du texte",
    "column “{column}”: its values are lists or objects; they are read as text",
)
_WIDE: Final = Message(
    "les lignes ont plus de {limit} clés différentes : ce n’est pas une table de subventions",
    "the lines have more than {limit} different keys: this is not a table of subsidies",
)


class _Number(str):
    """A number, as it is written."""

    __slots__ = ()


class _Doubled(ValueError):
    """An object with the same key twice: nobody knows which one is right."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Doubled
    return made


_DECODER: Final = json.JSONDecoder(
    parse_float=_Number, parse_int=_Number, parse_constant=str, object_pairs_hook=_pairs, strict=False
)


def _object(line: bytes) -> dict[str, Any] | None:
    """The object of a line, or ``None`` when it holds none that can be read."""
    try:
        made = _DECODER.decode(line.decode("utf-8-sig").strip())
    except (ValueError, RecursionError):
        return None
    return made if isinstance(made, dict) else None


_LIKELY: Final = re.compile(rb"montant|subvention|b[e\xc3\xa9]{1,2}n[e\xc3\xa9]{1,2}ficiaire|attribuant", re.IGNORECASE)
_OF_RECORDS: Final = frozenset(
    ("allocations", "total", "base", "title", "authority", "fiscal_year", "stated_percentage", "breakdowns", "ceilings",
     "percentages", "financing_plan", "voted_on", "beneficiary")
)  # fmt: skip
_MAYBE_OF_RECORDS: Final = frozenset(
    ("reference", "nomenclature", "currency", "section", "convention", "period", "imputation", "amount_in_words")
)


def is_table(head: bytes) -> bool:
    """True when the first line of a file of JSON lines is a row of a table of subsidies, not a record."""
    first = next((line for line in head.split(b"\n", 50) if line.strip()), b"")
    if b'"allocations"' in first or not _LIKELY.search(first):
        return False
    made = _object(first)
    if made is None or any(isinstance(value, (dict, list)) for value in made.values()):
        return False
    official = {fold_name(column.name) for column in SCDL}
    if sum(fold_name(key) in official for key in made) >= 5:
        return True
    if _OF_RECORDS & made.keys():
        return False
    known = known_names(list(made))
    return known >= 3 or (known == 2 and not _MAYBE_OF_RECORDS & made.keys())


class JsonRows:
    """The rows of a file of JSON lines, a ``RowSource``: a path, or its bytes."""

    sheet = None
    format = "jsonl"

    def __init__(self, source: Path | bytes, shown: str) -> None:
        self.path = shown
        self._source = source
        self._stamp = self._status()
        self._offsets = array("Q")
        self._complete = False
        self._unread = self._first_unread = 0
        self._late: dict[str, int] = {}
        self._nested: dict[str, None] = {}
        self.names = self._names()
        self._index = {name: at for at, name in enumerate(self.names)}

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What could not be read, in the rows read so far."""
        out = [_NESTED.having(column=name[:80]) for name in self._nested]
        out += [_LATE.having(key=key[:80], line=line, looked=LOOKED_AT) for key, line in self._late.items()]
        if self._unread:
            out.append(_UNREAD.having(count=self._unread, line=self._first_unread))
        return tuple(out)

    def rows(self) -> Iterator[Row]:
        """The names of the columns, then every line that is not empty."""
        self._offsets = array("Q")
        self._unread, self._late = 0, {}
        yield Row(1, tuple(self.names), 1)
        with self._open() as stream:
            for number, (offset, line) in enumerate(_lines(stream), 1):
                self._offsets.append(offset)
                row = self._row(number, line)
                if row is not None:
                    yield row
        self._complete = True
        self._check_unchanged()

    def again(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The rows with these numbers, as they are asked."""
        if not self._complete:
            for _ in self.rows():
                pass
        with self._open() as stream:
            for number in numbers:
                if number == 1:
                    yield Row(1, tuple(self.names), 1)
                    continue
                stream.seek(self._offsets[number - 2])
                row = self._row(number - 1, next(_lines(stream))[1], told=True)
                if row is not None:
                    yield row

    def place(self, row: Row, column: int | None = None) -> Place:
        """The line of a row, or one of its values."""
        if column is None:
            return Place(path=self.path, line=row.line, row=row.number, quote=(row.text or "")[:400] or None)
        name = self.names[column] if column < len(self.names) else ""
        quote = row.cells[column] if column < len(row.cells) else ""
        pointer = "/" + name.replace("~", "~0").replace("/", "~1") if row.number > 1 else None
        return Place(path=self.path, line=row.line, row=row.number, pointer=pointer, quote=quote[:400])

    def _names(self) -> list[str]:
        names: dict[str, None] = {}
        with self._open() as stream:
            read = 0
            for _, line in islice(_lines(stream), LOOKED_AT):
                read += len(line)
                names.update(dict.fromkeys(_object(line) or ()))
                if len(names) > MOST_COLUMNS:
                    raise ReadError(_WIDE.having(limit=MOST_COLUMNS))
                if read > LINE_BYTES:
                    break
        if not names:
            raise ReadError(_EMPTY)
        return list(names)

    def _row(self, number: int, line: bytes, *, told: bool = False) -> Row | None:
        if not line.strip():
            return None
        made = _object(line) if len(line) < LINE_BYTES else None
        if made is None:
            if not told:
                self._unread += 1
                self._first_unread = self._first_unread if self._unread > 1 else number
            text = line[:400].decode("utf-8", "replace").strip()
            return Row(number + 1, (text,), number, text=text)
        cells = [""] * len(self.names)
        kinds: dict[int, CellKind] = {}
        for key, value in made.items():
            at = self._index.get(key)
            if at is None:
                if len(self._late) < 100:
                    self._late.setdefault(key, number)
                continue
            cells[at], kind = self._text(key, value)
            if kind is not None:
                kinds[at] = kind
        return Row(number + 1, tuple(cells), number, kinds)

    def _text(self, key: str, value: Any) -> tuple[str, CellKind | None]:
        match value:
            case _Number():
                plain = value if "e" not in value and "E" not in value else number_text(value) or value
                return str(plain), "number"
            case str():
                return value, None
            case None:
                return "", None
            case bool():
                return ("oui" if value else "non"), "boolean"
            case _:
                self._nested.setdefault(key)
                return json.dumps(value, ensure_ascii=False)[:NESTED], None

    def _open(self) -> BinaryIO:
        return io.BytesIO(self._source) if isinstance(self._source, bytes) else open(self._source, "rb")

    def _status(self) -> tuple[int, int] | None:
        if isinstance(self._source, bytes):
            return None
        status = os.stat(self._source)
        return status.st_size, status.st_mtime_ns

    def _check_unchanged(self) -> None:
        if self._status() != self._stamp:
            raise ReadError(_CHANGED)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Where each line starts, and the line; of one that is too long, its beginning."""
    while True:
        offset = stream.tell()
        line = stream.readline(LINE_BYTES)
        if not line:
            return
        more = line
        while len(more) == LINE_BYTES and not more.endswith(b"\n"):
            more = stream.readline(LINE_BYTES)
        yield offset, line
