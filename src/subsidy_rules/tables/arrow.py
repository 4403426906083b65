"""Tables in columns: Parquet, Arrow and Feather files, and the tables of polars, pandas and pyarrow.

A batch of rows is turned into text column by column, by Arrow itself where it can; nothing is copied before that. What
a program holds as a number, a date or a boolean is said in ``kinds``; a binary float is given at the fifteen digits it
can be trusted for, and never computed with. The names of the columns are row 1, as in the same table saved as a file.
"""

from __future__ import annotations

import json
import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from importlib import import_module
from itertools import repeat
from pathlib import Path
from typing import Any, Final

from subsidy_rules.place import Place
from subsidy_rules.readers.workbook import number_text
from subsidy_rules.reading import MissingExtra, ReadError
from subsidy_rules.rowstream import CellKind, Row
from subsidy_rules.wording import Message

__all__ = ["ArrowRows"]

BATCH: Final = 16_384
"""Rows turned into text at once."""
MOST_COLUMNS: Final = 16_384
WHOLE: Final = 2_000_000
"""Rows of a group of a Parquet file that may be held at once to go back to some of them."""
NESTED: Final = 2_000
"""Characters kept of a value that is itself a list or a record."""

_DAMAGED: Final = Message(
    "fichier {format} abîmé, incomplet, protégé ou d’un autre format que ne le dit son nom ({why})",
    "{format} file damaged, cut short, protected, or of another format than its name says ({why})",
)
_CHANGED: Final = Message(
    "le fichier a changé pendant la lecture : relancez la vérification une fois l’écriture terminée",
    "the file changed while it was being read: run the check again once it is fully written",
)
_NOT_A_TABLE: Final = Message(
    "cet objet n’est pas une table qu’Arrow sache lire ({why})", "this object is no table that Arrow can read ({why})"
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
    "colonne « {column} » : valeurs binaires, qui ne sont pas du texte ; elles ne sont pas vérifiées",
    "column “{column}”: binary values that are not text; they are not checked",
)
_MIXED: Final = Message(
    "colonne « {column} » : valeurs de plusieurs types (nombres, textes…) ; elles sont lues comme du texte",
    "column “{column}”: values of several types (numbers, texts…); they are read as text",
)


def _arrow() -> Any:
    try:
        return import_module("pyarrow")
    except ImportError:
        raise MissingExtra(extra="columnar", library="pyarrow") from None


class _Chunks:
    """Where batches come from: parts that can each be read again, with the number of rows in each."""

    __slots__ = ("counts", "part", "schema")

    def __init__(self, schema: Any, counts: Sequence[int], part: Callable[[int], Iterator[Any]]) -> None:
        self.schema = schema
        self.counts = counts
        self.part = part


class ArrowRows:
    """The rows of a table in columns, a ``RowSource``."""

    sheet: str | None = None

    def __init__(self, chunks: _Chunks, path: str, format: str, file: Path | None, remarks: Sequence[Message]) -> None:
        names = [str(name) for name in chunks.schema.names]
        if len(names) > MOST_COLUMNS:
            raise ReadError(_WIDE.having(limit=MOST_COLUMNS))
        self.path = path
        self.format = format
        self._chunks = chunks
        self._names = tuple(names)
        self._file = file
        self._stamp = self._status()
        self._said: dict[str, Message] = {str(number): remark for number, remark in enumerate(remarks)}
        self._firsts = [2]
        for count in chunks.counts:
            self._firsts.append(self._firsts[-1] + count)
        self._opened: tuple[int, Any] = (-1, None)

    @classmethod
    def of(cls, source: Any, shown: str, suffix: str) -> ArrowRows:
        """The rows of a file (its path, or its bytes and ``suffix``) or of an object: polars, pandas, pyarrow, or
        anything with the Arrow C stream. Raises ``ReadError`` and ``OSError``."""
        pa = _arrow()
        if isinstance(source, (Path, str, bytes)):
            file = None if isinstance(source, bytes) else Path(source)
            form = suffix.lstrip(".") or "arrow"
            try:
                chunks = _parquet(pa, source) if suffix == ".parquet" else _ipc(pa, source)
            except (pa.ArrowException, OSError) as error:
                raise _told(error, form) from None
            return cls(chunks, shown, form, file, ())
        table, remarks = _table(pa, source)
        return cls(_in_memory(table), shown, type(source).__module__.partition(".")[0], None, remarks)

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What had to be guessed, or could not be read, in the rows read so far."""
        return tuple(self._said.values())

    def rows(self) -> Iterator[Row]:
        """The names of the columns, then every row."""
        yield Row(1, self._names)
        number = 2
        for part in range(len(self._chunks.counts)):
            for batch in self._read(part):
                for cells, kinds in self._texts(batch):
                    yield Row(number, cells, None, kinds)
                    number += 1
        self._check_unchanged()

    def again(self, numbers: Sequence[int]) -> Iterator[Row]:
        """The rows with these numbers, in order."""
        for number in numbers:
            if number == 1:
                yield Row(1, self._names)
                continue
            part = bisect_right(self._firsts, number) - 1
            if 0 <= part < len(self._chunks.counts):
                batch = self._one(part, number - self._firsts[part])
                for cells, kinds in self._texts(batch):
                    yield Row(number, cells, None, kinds)
        self._check_unchanged()

    def place(self, row: Row, column: int | None = None) -> Place:
        """The row, or its cell with what it holds."""
        if column is None:
            return Place(path=self.path, row=row.number)
        quote = row.cells[column] if column < len(row.cells) else ""
        return Place(path=self.path, row=row.number, quote=quote[:400])

    # -- batches ------------------------------------------------------------------------------------------------------

    def _read(self, part: int) -> Iterator[Any]:
        pa = _arrow()
        try:
            for batch in self._chunks.part(part):
                for start in range(0, batch.num_rows, BATCH):
                    yield batch.slice(start, BATCH)
        except (pa.ArrowException, OSError) as error:
            raise _told(error, self.format) from None

    def _one(self, part: int, place: int) -> Any:
        """A batch of the one row at that place of a part."""
        pa = _arrow()
        if self._opened[0] == part:
            return self._opened[1].slice(place, 1)
        if self._chunks.counts[part] <= WHOLE:
            table = pa.Table.from_batches(list(self._read(part)), schema=self._chunks.schema)
            self._opened = (part, table)
            return table.slice(place, 1)
        for batch in self._read(part):
            if place < batch.num_rows:
                return batch.slice(place, 1)
            place -= batch.num_rows
        raise ReadError(_CHANGED)

    def _status(self) -> tuple[int, int] | None:
        if self._file is None:
            return None
        status = os.stat(self._file)
        return status.st_size, status.st_mtime_ns

    def _check_unchanged(self) -> None:
        if self._status() != self._stamp:
            raise ReadError(_CHANGED)

    # -- text ---------------------------------------------------------------------------------------------------------

    def _texts(self, batch: Any) -> Iterator[tuple[tuple[str, ...], dict[int, CellKind]]]:
        pa = _arrow()
        kinds: dict[int, CellKind] = {}
        columns: list[list[str]] = []
        for index, name in enumerate(self._names):
            column = batch.column(index)
            if isinstance(column, pa.ChunkedArray):
                column = column.combine_chunks()
            try:
                texts, kind = self._column(pa, name, column)
            except pa.ArrowException as error:
                raise _told(error, self.format) from None
            if kind is not None:
                kinds[index] = kind
            columns.append(texts)
        if not columns:
            return
        yield from zip(zip(*columns, strict=True), repeat(kinds), strict=False)

    def _column(self, pa: Any, name: str, column: Any) -> tuple[list[str], CellKind | None]:
        types = pa.types
        of = column.type
        if isinstance(column, pa.ExtensionArray):
            column, of = column.storage, column.storage.type
        if types.is_dictionary(of):
            column = column.dictionary_decode()
            of = column.type
        elif types.is_run_end_encoded(of):
            column = import_module("pyarrow.compute").run_end_decode(column)
            of = column.type
        if types.is_string(of) or types.is_large_string(of) or _is_view(types, of, "string"):
            return _filled(column.to_pylist()), None
        if types.is_null(of):
            return [""] * len(column), None
        if types.is_integer(of):
            return _filled(column.cast(pa.string()).to_pylist()), "number"
        if types.is_floating(of):
            if types.is_float16(of):
                column = column.cast(pa.float32())
            return [_float_text(text) for text in column.cast(pa.string()).to_pylist()], "number"
        if types.is_decimal(of):
            return ["" if value is None else _decimal_text(value) for value in column.to_pylist()], "number"
        if types.is_boolean(of):
            return ["" if value is None else "oui" if value else "non" for value in column.to_pylist()], "boolean"
        if types.is_date(of):
            return _filled(column.cast(pa.date32()).cast(pa.string()).to_pylist()), "date"
        if types.is_timestamp(of):
            if of.tz is not None:
                column = _local(column)
            return [_moment(text) for text in column.cast(pa.string()).to_pylist()], "date"
        if types.is_time(of):
            return _filled(column.cast(pa.string()).to_pylist()), None
        if (
            types.is_binary(of)
            or types.is_large_binary(of)
            or types.is_fixed_size_binary(of)
            or _is_view(types, of, "binary")
        ):
            return self._binary(name, column.to_pylist())
        return self._nested(name, str(of), column.to_pylist())

    def _binary(self, name: str, values: list[bytes | None]) -> tuple[list[str], CellKind | None]:
        try:
            return ["" if value is None else value.decode("utf-8") for value in values], None
        except UnicodeDecodeError:
            self._said.setdefault("binary\0" + name, _BINARY.having(column=name[:80]))
            return ["" if value is None else value[:40].hex() for value in values], "error"

    def _nested(self, name: str, of: str, values: list[Any]) -> tuple[list[str], CellKind | None]:
        self._said.setdefault("nested\0" + name, _NESTED.having(column=name[:80], type=of[:60]))
        return [
            "" if value is None else json.dumps(value, ensure_ascii=False, default=str)[:NESTED] for value in values
        ], None


def _is_view(types: Any, of: Any, kind: str) -> bool:
    found = getattr(types, f"is_{kind}_view", None)
    return bool(found is not None and found(of))


def _filled(texts: list[str | None]) -> list[str]:
    return [text or "" for text in texts] if None in texts else texts  # type: ignore[return-value]


def _float_text(text: str | None) -> str:
    """The text of a float. NaN is how data frames write that nothing is there."""
    if text is None or text == "nan":
        return ""
    return number_text(text) or text


def _decimal_text(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def _local(column: Any) -> Any:
    """The time that clocks showed in the column's own zone."""
    return import_module("pyarrow.compute").local_timestamp(column)


def _moment(text: str | None) -> str:
    """A day alone when the clock says midnight, else the day and the time."""
    if text is None:
        return ""
    day, _, clock = text.partition(" ")
    return day if not clock.strip("0:.") else f"{day}T{clock}"


def _told(error: BaseException, format: str) -> ReadError:
    """What Arrow says of a file, as a ``ReadError``; what the system says stays an ``OSError``."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error
    why = " ".join(str(error).split())[:120]
    return ReadError(_DAMAGED.having(format=format, why=why))


# -- sources ----------------------------------------------------------------------------------------------------------


def _parquet(pa: Any, source: Path | str | bytes) -> _Chunks:
    file = import_module("pyarrow.parquet").ParquetFile(
        pa.BufferReader(source) if isinstance(source, bytes) else os.fspath(source)
    )
    counts = [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]
    if any(count < 0 for count in counts) or len(file.schema_arrow.names) > MOST_COLUMNS:
        raise ReadError(_WIDE.having(limit=MOST_COLUMNS))

    def part(group: int) -> Iterator[Any]:
        return iter(file.iter_batches(BATCH, row_groups=[group]))

    return _Chunks(file.schema_arrow, counts, part)


def _ipc(pa: Any, source: Path | str | bytes) -> _Chunks:
    """An Arrow file, an Arrow stream, or a Feather file of either version. Each batch is validated: offsets that lead
    out of a buffer would otherwise be followed."""
    head = source[:8] if isinstance(source, bytes) else _head(source)
    held = pa.BufferReader(source) if isinstance(source, bytes) else pa.memory_map(os.fspath(source))
    if head.startswith(b"FEA1"):
        return _in_memory(import_module("pyarrow.feather").read_table(held), validate=True)
    if head.startswith(b"ARROW1"):
        reader = pa.ipc.open_file(held)
        batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        return _batches(reader.schema, batches, validate=True)
    stream = pa.ipc.open_stream(held)
    return _batches(stream.schema, list(stream), validate=True)


def _head(path: Path | str) -> bytes:
    with open(path, "rb") as file:
        return file.read(8)


def _in_memory(table: Any, *, validate: bool = False) -> _Chunks:
    return _batches(table.schema, table.to_batches(), validate=validate)


def _batches(schema: Any, batches: list[Any], *, validate: bool) -> _Chunks:
    for batch in batches if validate else ():
        batch.validate(full=True)

    def part(number: int) -> Iterator[Any]:
        return iter((batches[number],))

    return _Chunks(schema, [batch.num_rows for batch in batches], part)


def _table(pa: Any, source: Any) -> tuple[Any, Sequence[Message]]:
    """An object as an Arrow table, its buffers shared where its library allows it."""
    try:
        if isinstance(source, pa.Table):
            return source, ()
        if isinstance(source, pa.RecordBatch):
            return pa.Table.from_batches([source]), ()
        if isinstance(source, pa.RecordBatchReader):
            return source.read_all(), ()
        if hasattr(source, "iloc") and hasattr(source, "columns"):
            return _from_pandas(pa, source)
        if hasattr(source, "__arrow_c_stream__"):
            return pa.RecordBatchReader.from_stream(source).read_all(), ()
        return import_module("pyarrow.interchange").from_dataframe(source), ()
    except (pa.ArrowException, TypeError, ValueError, NotImplementedError) as error:
        if isinstance(error, ReadError):
            raise
        why = " ".join(str(error).split())[:120]
        raise ReadError(_NOT_A_TABLE.having(why=why)) from None


def _from_pandas(pa: Any, frame: Any) -> tuple[Any, Sequence[Message]]:
    """A pandas table. A column of Python objects of several types has no Arrow type: its values become text."""
    arrays: list[Any] = []
    names: list[str] = []
    remarks: list[Message] = []
    for index, label in enumerate(frame.columns):
        values = frame.iloc[:, index]
        name = " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
        try:
            array = pa.array(values, from_pandas=True)
        except pa.ArrowException:
            array = pa.array([_object_text(value) for value in values.tolist()], pa.string())
            remarks.append(_MIXED.having(column=name[:80]))
        arrays.append(array)
        names.append(name)
    return pa.Table.from_arrays([pa.chunked_array([a]) if isinstance(a, pa.Array) else a for a in arrays], names), (
        remarks
    )


def _object_text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return number_text(repr(value)) or repr(value)
    if isinstance(value, Decimal):
        return _decimal_text(value) if value.is_finite() and abs(value.adjusted()) < 400 else str(value)
    return str(value)
