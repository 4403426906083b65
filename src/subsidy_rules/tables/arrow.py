"""Tables that are already columns: Arrow, Parquet, Feather, and the data frames that give themselves as Arrow.

Nothing is copied where the columns are text; numbers and dates are written out as a person would write them (`24975.5`,
`2018-03-22`), because that is what the judge reads. A binary float is given at the fifteen digits it can be trusted
for. Rows are numbered as if the names of the columns were row 1 of a spreadsheet. Needs pyarrow (the extra ``tables``).

A file is read a part at a time, and never mapped into memory: a file that another program cuts short would then kill
the process. Arrow files are checked before they are read, because an offset that leads out of its buffer would be
followed.
"""

from __future__ import annotations

import datetime
import io
import json
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from subsidy_rules.place import Place
from subsidy_rules.reading import MissingExtra, ReadError
from subsidy_rules.rowstream import CellKind, Row, cell_name, number_text
from subsidy_rules.wording import Message

__all__ = ["ArrowRows", "batches_of", "texts_of"]

BATCH: Final = 65_536
"""Rows written out at once."""
MOST_COLUMNS: Final = 16_384
MOST_ROWS: Final = 10_000_000_000
"""Beyond, a file that says how many rows it has is not believed."""
NESTED: Final = 2_000
"""Characters kept of a value that is itself a list or a record."""

_DAMAGED: Final = Message(
    "fichier {format} abîmé, incomplet, protégé, ou d’un autre format que ne le dit son nom ({why})",
    "{format} file damaged, cut short, protected, or of another format than its name says ({why})",
)
_EMPTY: Final = Message("le fichier est vide", "the file is empty")
_CHANGED: Final = Message(
    "le fichier a changé pendant la lecture : relancez la vérification une fois l’écriture terminée",
    "the file changed while it was being read: run the check again once it is fully written",
)
_NOT_A_TABLE: Final = Message(
    "ce n’est pas une table que l’on sache lire ({kind})", "this is not a table that can be read ({kind})"
)
_WIDE: Final = Message(
    "la table a plus de {limit} colonnes : ce n’est pas une table ordinaire",
    "the table has more than {limit} columns: this is no ordinary table",
)
_NESTED: Final = Message(
    "colonne « {column} » : ses valeurs sont des listes ou des enregistrements ({type}) ; elles sont lues comme du "
    "texte",
    "column “{column}”: its values are lists or records ({type}); they are read as text",
)
_BINARY: Final = Message(
    "colonne « {column} » : ses valeurs sont des octets, sans encodage déclaré ; elles sont lues comme du texte UTF-8",
    "column “{column}”: its values are bytes, of no declared encoding; they are read as UTF-8 text",
)
_MIXED: Final = Message(
    "colonne « {column} » : valeurs de plusieurs types (nombres, textes…) ; elles sont lues comme du texte",
    "column “{column}”: values of several types (numbers, texts…); they are read as text",
)


def _arrow() -> Any:
    try:
        return import_module("pyarrow")
    except ImportError:
        raise MissingExtra(extra="tables", library="pyarrow") from None


@contextmanager
def _told(format: str) -> Iterator[None]:
    """What Arrow says of a file, as a ``ReadError``; what the system says stays an ``OSError``."""
    pyarrow = _arrow()
    try:
        yield
    except (pyarrow.ArrowException, UnicodeDecodeError) as error:
        raise _damage(error, format) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise _damage(error, format) from None


def _damage(error: BaseException, format: str) -> ReadError:
    return ReadError(_DAMAGED.having(format=format or "Arrow", why=" ".join(str(error).split())[:160]))


class ArrowRows:
    """The rows of one Arrow table, a ``RowSource``. ``numbers`` are those of its rows, where they do not follow."""

    sheet = None

    def __init__(
        self,
        source: _Batches,
        path: str,
        format: str,
        *,
        numbers: Sequence[int] | None = None,
        file: Path | None = None,
    ) -> None:
        if len(source.schema.names) > MOST_COLUMNS:
            raise ReadError(_WIDE.having(limit=MOST_COLUMNS))
        self.path = path
        self.format = format
        self._source = source
        self._numbers = numbers
        self._file = file
        self._stamp = self._status()
        self.names: list[str] = [str(name) for name in source.schema.names]
        self.remarks: tuple[Message, ...] = (*source.remarks, *_unusual(source.schema))
        self._cached: tuple[int, list[list[str]], list[Mapping[int, CellKind]]] | None = None

    @classmethod
    def of(cls, source: Any, shown: str, suffix: str) -> ArrowRows:
        """The rows of a file (a path or bytes) or of an object. Raises ``ReadError``, ``MissingExtra``, ``OSError``."""
        _arrow()
        if isinstance(source, (str, os.PathLike, bytes)):
            format = suffix.lstrip(".")
            file = None if isinstance(source, bytes) else Path(source)
            if (len(source) if isinstance(source, bytes) else os.stat(source).st_size) == 0:
                raise ReadError(_EMPTY)
            with _told(format):
                return cls(_opened(source, suffix), shown, format, file=file)
        with _told(""):
            return cls(_of_object(source), shown, "table")

    # -- RowSource ----------------------------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        yield Row(number=1, cells=tuple(self.names))
        number = 2
        for at in range(len(self._source)):
            cells, kinds = self._texts(at)
            for row, kind in zip(cells, kinds, strict=True):
                yield Row(number=self._number(number), cells=tuple(row), kinds=kind)
                number += 1
        self._check_unchanged()

    def again(self, numbers: Sequence[int]) -> Iterator[Row]:
        starts = self._source.starts
        for number in numbers:
            if number == 1:
                yield Row(number=1, cells=tuple(self.names))
                continue
            position = self._position(number)
            at = bisect_right(starts, position) - 1
            cells, kinds = self._texts(at)
            inside = position - starts[at]
            yield Row(number=number, cells=tuple(cells[inside]), kinds=kinds[inside])

    def row(self, number: int) -> Row:
        """The row of that number."""
        return next(self.again((number,)))

    def place(self, row: Row, column: int | None = None) -> Place:
        if column is None:
            return Place(path=self.path, row=row.number, quote=" | ".join(row.cells)[:400])
        quote = row.cells[column][:400] if column < len(row.cells) else ""
        return Place(path=self.path, row=row.number, cell=cell_name(column, row.number), quote=quote)

    # -- batches ------------------------------------------------------------------------------------------------------

    def batches(self) -> Iterator[Any]:
        """The record batches, for the path over columns."""
        for at in range(len(self._source)):
            yield self._batch(at)
        self._check_unchanged()

    def _batch(self, at: int) -> Any:
        with _told(self.format):
            return self._source[at]

    def _status(self) -> tuple[int, int] | None:
        if self._file is None:
            return None
        status = os.stat(self._file)
        return status.st_size, status.st_mtime_ns

    def _check_unchanged(self) -> None:
        if self._status() != self._stamp:
            raise ReadError(_CHANGED)

    def number_of(self, position: int) -> int:
        """The number of the row at a position from 0."""
        return self._number(position + 2)

    def _number(self, number: int) -> int:
        return number if self._numbers is None else int(self._numbers[number - 2])

    def _position(self, number: int) -> int:
        if self._numbers is None:
            return number - 2
        if not hasattr(self, "_positions"):
            self._positions = {int(value): at for at, value in enumerate(self._numbers)}
        return self._positions[number]

    def _texts(self, at: int) -> tuple[list[list[str]], list[Mapping[int, CellKind]]]:
        if self._cached is not None and self._cached[0] == at:
            return self._cached[1], self._cached[2]
        batch = self._batch(at)
        with _told(self.format):
            columns = [texts_of(batch.column(index)) for index in range(batch.num_columns)]
        rows = [list(row) for row in zip(*(texts for texts, _ in columns), strict=True)] if columns else []
        typed = {index: kind for index, (_, kind) in enumerate(columns) if kind is not None}
        kinds: list[Mapping[int, CellKind]] = [
            {index: kind for index, kind in typed.items() if row[index]} if typed else {} for row in rows
        ]
        self._cached = (at, rows, kinds)
        return rows, kinds


class _Batches(Sequence[Any]):
    """Record batches by position, of at most ``BATCH`` rows. ``read`` gives a part of the source, which may hold
    several; the last one read is kept."""

    def __init__(
        self, schema: Any, sizes: Sequence[int], read: Callable[[int], Any], remarks: Sequence[Message] = ()
    ) -> None:
        self.schema = schema
        self.remarks = tuple(remarks)
        self._read = read
        self._at = [(part, first) for part, size in enumerate(sizes) for first in range(0, size, BATCH)]
        self._last: tuple[int, Any] = (-1, None)
        self.starts: list[int] = []
        before = 0
        for size in sizes:
            self.starts.extend(range(before, before + size, BATCH))
            before += size

    def __len__(self) -> int:
        return len(self._at)

    def __getitem__(self, at: Any) -> Any:
        part, first = self._at[at]
        if self._last[0] != part:
            self._last = (part, self._read(part))
        return _one_batch(self._last[1].slice(first, BATCH))


def _one_batch(held: Any) -> Any:
    pyarrow = _arrow()
    if isinstance(held, pyarrow.RecordBatch):
        return held
    batches = held.combine_chunks().to_batches()
    if len(batches) == 1:
        return batches[0]
    return pyarrow.RecordBatch.from_arrays(
        [pyarrow.concat_arrays(held.column(i).chunks) for i in range(held.num_columns)], schema=held.schema
    )


def _of_table(table: Any, remarks: Sequence[Message] = ()) -> _Batches:
    """A table in memory, its buffers shared."""
    batches = [batch for batch in table.to_batches() if batch.num_rows]
    return _Batches(table.schema, [batch.num_rows for batch in batches], batches.__getitem__, remarks)


def _of_object(source: Any) -> _Batches:
    pyarrow = _arrow()
    if isinstance(source, pyarrow.Table):
        return _of_table(source)
    if isinstance(source, pyarrow.RecordBatch):
        return _of_table(pyarrow.Table.from_batches([source]))
    if hasattr(source, "iloc") and hasattr(source, "columns"):
        return _of_pandas(source)
    if hasattr(source, "__arrow_c_stream__"):
        return _of_table(pyarrow.table(source))
    raise ReadError(_NOT_A_TABLE.having(kind=type(source).__name__))


def _of_pandas(frame: Any) -> _Batches:
    """A pandas table. A column of Python objects of several types has no Arrow type: its values become text."""
    pyarrow = _arrow()
    arrays: list[Any] = []
    names: list[str] = []
    remarks: list[Message] = []
    for index, label in enumerate(frame.columns):
        values = frame.iloc[:, index]
        name = " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
        try:
            array = pyarrow.array(values, from_pandas=True)
        except (pyarrow.ArrowException, TypeError, ValueError, OverflowError):
            array = pyarrow.array([text_of(value) or None for value in values.tolist()], pyarrow.string())
            remarks.append(_MIXED.having(column=name[:80]))
        arrays.append(array if isinstance(array, pyarrow.ChunkedArray) else pyarrow.chunked_array([array]))
        names.append(name)
    return _of_table(pyarrow.Table.from_arrays(arrays, names), remarks)


def batches_of(table: Any, names: Sequence[str] = ()) -> _Batches:
    """The batches of an Arrow table that is in memory; of none, with these names of columns, when it is ``None``."""
    if table is None:
        pyarrow = _arrow()
        table = pyarrow.table({name: pyarrow.array([], pyarrow.string()) for name in names})
    return _of_table(table)


def _opened(source: Any, suffix: str) -> _Batches:
    pyarrow = _arrow()
    if suffix == ".parquet":
        return _parquet(pyarrow, source)
    file = pyarrow.BufferReader(source) if isinstance(source, bytes) else pyarrow.OSFile(os.fspath(source))
    first = file.read(8)
    file.seek(0)
    if first.startswith(b"FEA1"):
        table = import_module("pyarrow.feather").read_table(file)
        table.validate(full=True)
        return _of_table(table)
    ipc: Any = import_module("pyarrow.ipc")
    if not first.startswith(b"ARROW1"):
        table = ipc.open_stream(file).read_all()
        table.validate(full=True)
        return _of_table(table)
    reader = ipc.open_file(file)

    def read(part: int) -> Any:
        batch = reader.get_batch(part)
        batch.validate(full=True)
        return batch

    return _Batches(reader.schema, [read(part).num_rows for part in range(reader.num_record_batches)], read)


def _parquet(pyarrow: Any, source: Any) -> _Batches:
    """The row groups of a Parquet file, read when they are asked for: the file need not fit in memory."""
    file = import_module("pyarrow.parquet").ParquetFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    sizes = [file.metadata.row_group(at).num_rows for at in range(file.metadata.num_row_groups)]
    if any(size < 0 for size in sizes) or sum(sizes) > MOST_ROWS:
        raise pyarrow.ArrowInvalid("groups of rows of impossible sizes")

    def read(part: int) -> Any:
        table = file.read_row_group(part)
        table.validate(full=True)
        if table.num_rows != sizes[part]:
            raise pyarrow.ArrowInvalid(f"group {part} has {table.num_rows} rows, not {sizes[part]}")
        return table

    return _Batches(file.schema_arrow, sizes, read)


def _unusual(schema: Any) -> Iterator[Message]:
    """What is said of columns that are no plain text, numbers or dates."""
    kinds: Any = import_module("pyarrow.types")
    for name, held in zip(schema.names, schema.types, strict=True):
        held = getattr(held, "storage_type", held)
        if _is_binary(kinds, held):
            yield _BINARY.having(column=name[:80])
        elif kinds.is_nested(held):
            yield _NESTED.having(column=name[:80], type=str(held)[:60])


def _is_binary(kinds: Any, held: Any) -> bool:
    return bool(
        kinds.is_binary(held)
        or kinds.is_large_binary(held)
        or kinds.is_fixed_size_binary(held)
        or getattr(kinds, "is_binary_view", _no)(held)
    )


def texts_of(column: Any) -> tuple[list[str], CellKind | None]:
    """The cells of an Arrow array as a person would write them, and what they are when they are not text."""
    pyarrow, kinds = _arrow(), import_module("pyarrow.types")
    column = getattr(column, "storage", column)
    held = column.type
    if kinds.is_dictionary(held):
        return texts_of(column.dictionary_decode())
    if kinds.is_run_end_encoded(held):
        return texts_of(import_module("pyarrow.compute").run_end_decode(column))
    if kinds.is_timestamp(held) and held.tz is not None:
        column = import_module("pyarrow.compute").local_timestamp(column)
    elif kinds.is_float32(held) or kinds.is_float16(held):
        # Their own shortest digits: 0.1 in half the bits is not the 0.10000000149 of a wider float.
        texts = column.cast(pyarrow.float32()).cast(pyarrow.string()).to_pylist()
        return ["" if text is None else _float_text(text) for text in texts], "number"
    if kinds.is_timestamp(held) and held.unit == "ns":
        # Python's own type stops at the microsecond; what is finer is no date of an act.
        column = import_module("pyarrow.compute").cast(column, pyarrow.timestamp("us"), safe=False)
    values = column.to_pylist()
    if kinds.is_string(held) or kinds.is_large_string(held) or getattr(kinds, "is_string_view", _no)(held):
        return ["" if value is None else value for value in values], None
    kind: CellKind | None = None
    if kinds.is_boolean(held):
        kind = "boolean"
    elif kinds.is_integer(held) or kinds.is_floating(held) or kinds.is_decimal(held):
        kind = "number"
    elif kinds.is_date(held) or kinds.is_timestamp(held):
        kind = "date"
    return [text_of(value) for value in values], kind


def _no(held: Any) -> bool:
    return False


def text_of(value: Any) -> str:
    """One value as a person would write it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "oui" if value else "non"
        case float():
            return _float_text(repr(value))
        case Decimal():
            return format(value, "f") if value.is_finite() and abs(value.adjusted()) < 400 else str(value)
        case datetime.datetime():
            if value != value:
                return ""  # pandas' own absent moment
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case list() | dict() | tuple():
            return json.dumps(value, ensure_ascii=False, default=text_of)[:NESTED]
        case _:
            return "" if value != value else str(value)


def _float_text(text: str) -> str:
    """The text of a float, at the fifteen digits it can be trusted for; data frames write what is absent as NaN."""
    return "" if text == "nan" else number_text(text) or text
