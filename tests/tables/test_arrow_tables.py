"""Tables in columns: what data frames and their files hold, said as a person would read it."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules.finding import Tally
from subsidy_rules.reading import ReadError
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings
from subsidy_rules.tables import TableOutcome, check_table
from subsidy_rules.tables.arrow import ArrowRows
from tests.tables.making import RIGHT

pa: Any = pytest.importorskip("pyarrow")
parquet: Any = pytest.importorskip("pyarrow.parquet")
feather: Any = pytest.importorskip("pyarrow.feather")


def texts(source: Any) -> list[tuple[str, ...]]:
    return [row.cells for row in ArrowRows.of(source, "<table>", "").rows()]


def column(values: Any) -> list[str]:
    return [cells[0] for cells in texts(pa.table({"a": values}))[1:]]


def right(**changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {**RIGHT, "montant": Decimal("1000.00"), "pourcentageSubvention": 1.0}
    row["dateConvention"] = datetime.date(2024, 7, 7)
    row["notificationUE"] = False
    row["rnaBeneficiaire"] = row["idRAE"] = row["dispositifAide"] = None
    return {**row, **changes}


def rows() -> list[dict[str, Any]]:
    return [
        right(referenceDecision="D-1"),
        right(referenceDecision="D-2", montant=Decimal("-5.00")),
        right(referenceDecision="D-3", idBeneficiaire="52499120500014"),
    ]


def check(source: Any, name: str | None = None) -> TableOutcome:
    return check_table(source, standard_rules(), Settings(), Tally(), name=name)


def told(outcome: TableOutcome) -> list[tuple[str, int | None]]:
    return [(f.code, f.place.row) for f in outcome.findings if f.state == "broken"]


FAULTS = [("AMT001", 3), ("ID001", 4)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", None, "é"], ["a", "", "é"]),
        ([1, None, -(2**63)], ["1", "", "-9223372036854775808"]),
        ([1.5, None, float("nan"), 52499120500013.0, 1e20], ["1.5", "", "", "52499120500013", "1" + "0" * 20]),
        ([Decimal("1234.50"), None, Decimal("0.00")], ["1234.50", "", "0.00"]),
        ([Decimal(10) ** 30, None], ["1" + "0" * 30, ""]),
        ([True, False, None], ["oui", "non", ""]),
        ([datetime.date(2024, 7, 7), None], ["2024-07-07", ""]),
        ([None, None], ["", ""]),
        ([[1, 2], None], ["[1, 2]", ""]),
    ],
)
def test_values_as_text(values: list[Any], expected: list[str]) -> None:
    assert column(values) == expected


def test_values_of_less_usual_types() -> None:
    assert column(pa.array(["a", "b", "a", None]).dictionary_encode()) == ["a", "b", "a", ""]
    assert column(pa.array(["a", None], pa.large_string())) == ["a", ""]
    assert column(pa.array([2**64 - 1], pa.uint64())) == [str(2**64 - 1)]
    assert column(pa.array([datetime.date(2024, 7, 7)], pa.date64())) == ["2024-07-07"]


def test_kinds_are_those_of_the_columns() -> None:
    table = pa.table({"a": [1], "b": ["x"], "c": [True], "d": [datetime.date(2024, 1, 1)], "e": [1.5]})
    (_, row) = ArrowRows.of(table, "<table>", "").rows()
    assert dict(row.kinds) == {0: "number", 2: "boolean", 3: "date", 4: "number"}


def _ipc(table: Any, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _ipc_stream(table: Any, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)


def _feather(table: Any, path: Path) -> None:
    feather.write_feather(table, str(path), compression="zstd")


def _parquet(table: Any, path: Path) -> None:
    parquet.write_table(table, str(path), row_group_size=2)


FILES: list[tuple[str, Callable[[Any, Path], None]]] = [
    ("x.parquet", _parquet),
    ("x.arrow", _ipc),
    ("x.ipc", _ipc_stream),
    ("x.feather", _feather),
]


@pytest.mark.parametrize(("name", "write"), FILES)
def test_files_give_the_same_findings(name: str, write: Callable[[Any, Path], None], tmp_path: Path) -> None:
    path = tmp_path / name
    write(pa.Table.from_pylist(rows()), path)
    outcome = check(path, name)
    assert told(outcome) == FAULTS
    assert outcome.source.rows == 3
    assert told(check(path.read_bytes(), name)) == FAULTS


def test_an_absent_file_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        ArrowRows.of(tmp_path / "x.parquet", "x.parquet", ".parquet")


def test_arrow_objects() -> None:
    table = pa.Table.from_pylist(rows())
    assert told(check(table)) == FAULTS
    assert told(check(table.to_batches()[0])) == FAULTS
    assert told(check(pa.RecordBatchReader.from_batches(table.schema, table.to_batches()))) == FAULTS


def test_polars_tables() -> None:
    polars: Any = pytest.importorskip("polars")
    assert told(check(polars.DataFrame(rows()))) == FAULTS


def test_pandas_tables() -> None:
    pandas: Any = pytest.importorskip("pandas")
    frame = pandas.DataFrame(rows())
    assert told(check(frame)) == FAULTS
    frame["montant"] = [1000.0, -5.0, float("nan")]
    assert ("TAB001", 4) in told(check(frame))


def test_what_is_no_table_is_told() -> None:
    with pytest.raises(ReadError):
        ArrowRows.of(object(), "<table>", "")


def test_the_same_text_as_a_csv_of_the_same_table() -> None:
    """The judge sees in a data frame what it would see in the file that holds the same cells."""
    out = io.BytesIO()
    import csv

    table = pa.table({"a": [1, 2], "b": ["x", "y"], "d": [datetime.date(2024, 7, 7)] * 2})
    pytest.importorskip("pyarrow.csv").write_csv(table, out)
    assert texts(table) == [tuple(row) for row in csv.reader(io.StringIO(out.getvalue().decode()))]
