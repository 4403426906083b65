"""Tables that are already columns: Arrow, Parquet, Feather, and the data frames that give themselves as Arrow.

Nothing is copied where the columns are text; numbers and dates are written out as a person would write them (`24975.5`,
`2018-03-22`), because that is what the judge reads. Rows are numbered as if the names of the columns were row 1 of a
spreadsheet. Needs pyarrow (the extra ``tables``).
"""

from __future__ import annotations

import datetime
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from subsidy_rules.place import Place
from subsidy_rules.reading import MissingExtra, ReadError
from subsidy_rules.rowstream import CellKind, Row, cell_name
from subsidy_rules.wording import Message

__all__ = ["ArrowRows", "batches_of", "texts_of"]

BATCH: Final = 65_536

_DAMAGED: Final = Message("ce fichier {format} ne peut pas être lu : {why}", "this {format} file cannot be read: {why}")
_NOT_A_TABLE: Final = Message(
    "ce n’est pas une table que l’on sache lire ({kind})", "this is not a table that can be read ({kind})"
)


class ArrowRows:
    """The rows of one Arrow table, a ``RowSource``. ``first`` is the number of its first row of data."""

    sheet = None
    remarks: tuple[Message, ...] = ()

    def __init__(self, source: Any, path: str, format: str, *, numbers: Sequence[int] | None = None) -> None:
        self.path = path
        self.format = format
        self._source = source
        self._numbers = numbers
        self.names: list[str] = [str(name) for name in source.schema.names]
        self._cached: tuple[int, list[list[str]], list[Mapping[int, CellKind]]] | None = None
        self._starts: list[int] = []

    @classmethod
    def of(cls, source: Any, shown: str, suffix: str) -> ArrowRows:
        """The rows of a file (a path or bytes) or of an object. Raises ``ReadError``, ``MissingExtra``, ``OSError``."""
        try:
            pyarrow: Any = import_module("pyarrow")
        except ImportError:
            raise MissingExtra(extra="tables", library="pyarrow") from None
        try:
            if isinstance(source, (str, os.PathLike, bytes)):
                return cls(_opened(source, suffix), shown, suffix.lstrip("."))
            return cls(_Batches.of_object(source), shown, "table")
        except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError, pyarrow.ArrowTypeError) as error:
            why = str(error).splitlines()[0][:200]
            raise ReadError(_DAMAGED.having(format=suffix.lstrip(".") or "Arrow", why=why)) from None

    # -- RowSource ----------------------------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        yield Row(number=1, cells=tuple(self.names))
        number = 2
        for at in range(len(self._source)):
            cells, kinds = self._texts(at)
            for row, kind in zip(cells, kinds, strict=True):
                yield Row(number=self._number(number), cells=tuple(row), kinds=kind)
                number += 1

    def again(self, numbers: Sequence[int]) -> Iterator[Row]:
        starts = self._source.starts
        for number in numbers:
            if number == 1:
                yield Row(number=1, cells=tuple(self.names))
                continue
            position = self._position(number)
            at = max(index for index, start in enumerate(starts) if start <= position)
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
            yield self._source[at]

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
        batch = self._source[at]
        columns = [texts_of(batch.column(index)) for index in range(batch.num_columns)]
        rows = [list(row) for row in zip(*(texts for texts, _ in columns), strict=True)] if columns else []
        typed = {index: kind for index, (_, kind) in enumerate(columns) if kind is not None}
        kinds: list[Mapping[int, CellKind]] = [
            {index: kind for index, kind in typed.items() if row[index]} if typed else {} for row in rows
        ]
        self._cached = (at, rows, kinds)
        return rows, kinds


class _Batches(Sequence[Any]):
    """Record batches by position, a whole table in memory (or mapped from its file)."""

    def __init__(self, table: Any) -> None:
        self._batches = [batch for batch in table.to_batches(max_chunksize=BATCH) if batch.num_rows]
        self.schema = table.schema
        self.starts = _starts([batch.num_rows for batch in self._batches])

    @classmethod
    def of_object(cls, source: Any) -> _Batches:
        pyarrow: Any = import_module("pyarrow")
        if isinstance(source, pyarrow.Table):
            return cls(source)
        if isinstance(source, pyarrow.RecordBatch):
            return cls(pyarrow.Table.from_batches([source]))
        if hasattr(source, "__arrow_c_stream__"):
            return cls(pyarrow.table(source))
        if hasattr(source, "iloc"):
            return cls(pyarrow.Table.from_pandas(source, preserve_index=False))
        raise ReadError(_NOT_A_TABLE.having(kind=type(source).__name__))

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, at: Any) -> Any:
        return self._batches[at]


def batches_of(table: Any, names: Sequence[str] = ()) -> Sequence[Any]:
    """The batches of an Arrow table that is in memory; of none, with these names of columns, when it is ``None``."""
    if table is None:
        pyarrow: Any = import_module("pyarrow")
        table = pyarrow.table({name: pyarrow.array([], pyarrow.string()) for name in names})
    return _Batches(table)


class _RowGroups(Sequence[Any]):
    """The row groups of a Parquet file, read when they are asked for: the file need not fit in memory."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.schema = file.schema_arrow
        metadata = file.metadata
        self._groups = [at for at in range(metadata.num_row_groups) if metadata.row_group(at).num_rows]
        self.starts = _starts([metadata.row_group(at).num_rows for at in self._groups])

    def __len__(self) -> int:
        return len(self._groups)

    def __getitem__(self, at: Any) -> Any:
        pyarrow: Any = import_module("pyarrow")
        table = self._file.read_row_group(self._groups[at]).combine_chunks()
        batches = table.to_batches()
        if len(batches) == 1:
            return batches[0]
        return pyarrow.RecordBatch.from_arrays(
            [pyarrow.concat_arrays(table.column(i).chunks) for i in range(table.num_columns)], schema=table.schema
        )


def _starts(sizes: Sequence[int]) -> list[int]:
    starts, at = [], 0
    for size in sizes:
        starts.append(at)
        at += size
    return starts


def _opened(source: Any, suffix: str) -> Any:
    pyarrow: Any = import_module("pyarrow")
    ipc: Any = import_module("pyarrow.ipc")
    parquet: Any = import_module("pyarrow.parquet")
    if suffix == ".parquet":
        return _RowGroups(parquet.ParquetFile(io.BytesIO(source) if isinstance(source, bytes) else source))
    file = pyarrow.BufferReader(source) if isinstance(source, bytes) else pyarrow.memory_map(str(Path(source)))
    try:
        return _Batches(ipc.open_file(file).read_all())
    except pyarrow.ArrowInvalid:
        file.seek(0)
        return _Batches(ipc.open_stream(file).read_all())


def texts_of(column: Any) -> tuple[list[str], CellKind | None]:
    """The cells of an Arrow array as a person would write them, and what they are when they are not text."""
    kinds: Any = import_module("pyarrow.types")
    held = column.type
    if kinds.is_dictionary(held):
        return texts_of(column.dictionary_decode())
    values = column.to_pylist()
    if kinds.is_string(held) or kinds.is_large_string(held) or getattr(kinds, "is_string_view", _no)(held):
        return ["" if value is None else value for value in values], None
    kind: CellKind | None = None
    if kinds.is_boolean(held):
        kind = "boolean"
    elif kinds.is_integer(held) or kinds.is_floating(held) or kinds.is_decimal(held):
        kind = "number"
    elif kinds.is_temporal(held):
        kind = "date"
    return [text_of(value) for value in values], kind


def _no(held: Any) -> bool:
    return False


def text_of(value: Any) -> str:
    """One value as a person would write it. A float is written with the fewest digits that give it back."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "oui" if value else "non"
        case float():
            if value != value:
                return ""  # pandas writes an absent value so
            if value in (float("inf"), float("-inf")):
                return str(value)
            text = format(Decimal(repr(value)), "f")
            return text.removesuffix(".0")
        case Decimal():
            return format(value, "f")
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)
