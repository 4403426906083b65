"""Tables in columns: what data frames and their files hold, said as a person would read it."""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.finding import Tally
from subsidy_rules.reading import ReadError
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings
from subsidy_rules.tables import TableOutcome, check_table
from subsidy_rules.tables import arrow as module
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


MOMENT = datetime.datetime(2024, 7, 7, 3)  # noqa: DTZ001 (what a column without a zone holds)
FAULTS = [("AMT001", 3), ("ID001", 4)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", None, "é"], ["a", "", "é"]),
        ([1, None, -(2**63)], ["1", "", "-9223372036854775808"]),
        (
            [1.5, None, float("nan"), 52499120500013.0, 0.1 + 0.2, 1e20],
            ["1.5", "", "", "52499120500013", "0.3", "1" + "0" * 20],
        ),
        ([Decimal("1234.50"), None, Decimal("0.00")], ["1234.50", "", "0.00"]),
        ([Decimal(10) ** 30, None], ["1" + "0" * 30, ""]),
        ([True, False, None], ["oui", "non", ""]),
        ([datetime.date(2024, 7, 7), None], ["2024-07-07", ""]),
        ([None, None], ["", ""]),
        ([MOMENT.replace(hour=0), MOMENT], ["2024-07-07", "2024-07-07 03:00:00"]),
        ([[1, 2], None], ["[1, 2]", ""]),
        ([b"a", None, b"\xff"], ["a", "", "\\xff"]),
        ([{"a": Decimal("1.5")}, None], ['{"a": "1.5"}', ""]),
    ],
)
def test_values_as_text(values: list[Any], expected: list[str]) -> None:
    assert column(values) == expected


def test_values_of_less_usual_types() -> None:
    assert column(pa.array(["a", "b", "a", None]).dictionary_encode()) == ["a", "b", "a", ""]
    assert column(pa.array(["a", None], pa.large_string())) == ["a", ""]
    assert column(pa.array([0.1, None], pa.float32())) == ["0.1", ""]
    assert column(pa.array([2**64 - 1], pa.uint64())) == [str(2**64 - 1)]
    assert column(pa.array([1_720_310_400_000_000_001], pa.timestamp("ns"))) == ["2024-07-07"]
    paris = pa.array([MOMENT.replace(day=6, hour=22)], pa.timestamp("s", "UTC"))
    assert column(paris.cast(pa.timestamp("s", "Europe/Paris"))) == ["2024-07-07"]
    assert column(pa.array([datetime.date(2024, 7, 7)], pa.date64())) == ["2024-07-07"]


def test_kinds_are_those_of_the_columns() -> None:
    table = pa.table({"a": [1], "b": ["x"], "c": [True], "d": [datetime.date(2024, 1, 1)], "e": [1.5]})
    (_, row) = ArrowRows.of(table, "<table>", "").rows()
    assert dict(row.kinds) == {0: "number", 2: "boolean", 3: "date", 4: "number"}


def test_nested_and_binary_columns_are_told() -> None:
    source = ArrowRows.of(pa.table({"liste": [[1]], "octets": [b"\xff"], "texte": ["a"]}), "<table>", "")
    told = [remark.say("fr") for remark in source.remarks]
    assert len(told) == 2
    assert "liste" in told[0]
    assert "octets" in told[1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.decimals(-(10**15), 10**15, places=4), min_size=1, max_size=20))
def test_decimals_are_exact(values: list[Decimal]) -> None:
    found = column(pa.array(values, pa.decimal128(38, 4)))
    assert [Decimal(text) for text in found] == values
    assert not any("E" in text or text.endswith(".") for text in found)


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


@pytest.mark.parametrize(("name", "write"), FILES)
def test_files_cut_short_or_damaged_are_refused(name: str, write: Callable[[Any, Path], None], tmp_path: Path) -> None:
    path = tmp_path / name
    write(pa.Table.from_pylist(rows()), path)
    data = path.read_bytes()
    for bad in (b"", data[: len(data) // 2], b"nom,montant\n" * 30):
        path.write_bytes(bad)
        with pytest.raises(ReadError) as caught:
            list(ArrowRows.of(path, name, path.suffix).rows())
        assert ("abîmé" if bad else "vide") in caught.value.reason.say("fr")
        assert caught.value.reason.say("en") != caught.value.reason.say("fr")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_damage_anywhere_never_escapes(
    tmp_path_factory: pytest.TempPathFactory, kind: tuple[str, Any], data: st.DataObject
) -> None:
    """One byte changed: rows, or a `ReadError`; whichever path reads them."""
    path = tmp_path_factory.getbasetemp() / kind[0]
    kind[1](pa.Table.from_pylist(rows()), path)
    damaged = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(ReadError):
        source = ArrowRows.of(bytes(damaged), kind[0], path.suffix)
        list(source.batches())
        list(source.rows())


def test_a_damaged_page_in_the_middle_is_a_source_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    numbers = list(range(20_000))
    parquet.write_table(pa.table({"montant": numbers, "beneficiaire": [f"A{n}" for n in numbers]}), str(path))
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 400] = b"\xff" * 400
    path.write_bytes(data)
    with pytest.raises(ReadError):
        list(ArrowRows.of(path, "x.parquet", ".parquet").rows())


def test_offsets_that_lead_out_of_a_buffer_are_refused(tmp_path: Path) -> None:
    offsets = pa.py_buffer(b"".join(at.to_bytes(4, "little") for at in (0, 10_000_000, 3)))
    wrong = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"abc"))
    path = tmp_path / "x.arrow"
    _ipc(pa.table({"a": wrong}), path)
    with pytest.raises(ReadError):
        ArrowRows.of(path, "x.arrow", ".arrow")


@pytest.mark.parametrize(("name", "write"), [FILES[0], FILES[1]])
def test_a_file_that_changes_is_refused(name: str, write: Callable[[Any, Path], None], tmp_path: Path) -> None:
    path = tmp_path / name
    write(pa.Table.from_pylist(rows()), path)
    source = ArrowRows.of(path, name, path.suffix)
    for read in (source.rows, source.batches):
        reading = iter(read())
        next(reading)
        with open(path, "ab") as file:
            file.write(b"more")
        with pytest.raises(ReadError):
            list(reading)


@pytest.mark.parametrize("batch", [3, 1_000])
def test_rows_are_found_again(batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", batch)
    path = tmp_path / "x.parquet"
    table = pa.table({"a": list(range(50)), "b": [None if n % 7 == 0 else f"x{n}" for n in range(50)]})
    parquet.write_table(table, str(path), row_group_size=8)
    for source in (ArrowRows.of(path, "x.parquet", ".parquet"), ArrowRows.of(table.slice(0, 50), "<table>", "")):
        every = list(source.rows())
        assert [row.number for row in every] == list(range(1, 52))
        assert [row.cells[0] for row in every[1:]] == [str(n) for n in range(50)]
        wanted = [1, 2, 9, 10, 11, 33, 51]
        assert list(source.again(wanted)) == [every[number - 1] for number in wanted]
        assert sum(one.num_rows for one in source.batches()) == 50


def test_a_pandas_column_of_several_types_is_text_and_told() -> None:
    pandas: Any = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": pandas.Series([1, "NC", 2.5, None, True, Decimal("1.50")], dtype=object)})
    source = ArrowRows.of(frame, "<table>", "")
    assert [row.cells[0] for row in source.rows()][1:] == ["1", "NC", "2.5", "", "oui", "1.50"]
    assert "plusieurs types" in source.remarks[0].say("fr")


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
