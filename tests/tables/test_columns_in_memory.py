"""Arrow, Parquet, polars and pandas: the same findings as the same table in CSV."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest

from subsidy_rules.finding import Tally
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings, TableSettings
from subsidy_rules.tables import TableOutcome, check_table
from tests.tables.making import HEADER, check, row, table

pyarrow: Any = pytest.importorskip("pyarrow", reason="tables in memory need pyarrow (extra « tables »)")

ROWS = [
    row(referenceDecision="D-1", pourcentageSubvention="0.6", montant="600"),
    row(referenceDecision="D-1", pourcentageSubvention="0.5", montant="400"),
    row(montant="-5", nature="Aide en nature"),
    row(idBeneficiaire="52499120500014", rnaBeneficiaire=""),
    row(idBeneficiaire="", rnaBeneficiaire="", imputation="B320/65/65O4/61"),
    row(dateConvention="2024-02-30", objet=""),
]


def arrow() -> Any:
    return pyarrow.table(
        {name: [cells[at] or None for cells in ROWS] for at, name in enumerate(HEADER)},
        schema=pyarrow.schema([(name, pyarrow.string()) for name in HEADER]),
    )


def told(source: Any, name: str = "<table>", engine: Any = "auto") -> list[tuple[str, int | None, str]]:
    settings = Settings(tables=TableSettings(engine=engine))
    outcome = check_table(source, standard_rules(), settings, Tally(), name=name)
    return facts(outcome)


def facts(outcome: TableOutcome) -> list[tuple[str, int | None, str]]:
    return sorted((f.code, f.place.row, f.say("fr")) for f in outcome.findings)


EXPECTED = facts(check(table(*ROWS))[0])


@pytest.mark.parametrize("engine", ["python", "auto"])
def test_arrow(engine: str) -> None:
    assert told(arrow(), engine=engine) == EXPECTED
    assert told(arrow().slice(0, 6).combine_chunks().to_batches()[0], engine=engine) == EXPECTED


@pytest.mark.parametrize("engine", ["python", "auto"])
def test_parquet_in_several_row_groups(engine: str) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    parquet.write_table(arrow(), out, row_group_size=2)
    assert told(out.getvalue(), "t.parquet", engine) == EXPECTED


def test_feather_and_streams() -> None:
    for make in (pyarrow.ipc.new_file, pyarrow.ipc.new_stream):
        out = io.BytesIO()
        with make(out, arrow().schema) as writer:
            writer.write_table(arrow())
        assert told(out.getvalue(), "t.arrow") == EXPECTED


def test_polars() -> None:
    polars: Any = pytest.importorskip("polars")
    frame = polars.DataFrame({name: [cells[at] or None for cells in ROWS] for at, name in enumerate(HEADER)})
    assert told(frame) == EXPECTED


def test_pandas() -> None:
    pandas: Any = pytest.importorskip("pandas")
    assert told(pandas.DataFrame(ROWS, columns=HEADER)) == EXPECTED


def test_numbers_and_dates_as_a_person_writes_them() -> None:
    typed = arrow().slice(2, 1)
    typed = typed.set_column(HEADER.index("montant"), "montant", pyarrow.array([1234.5]))
    typed = typed.set_column(
        HEADER.index("dateConvention"), "dateConvention", pyarrow.array([datetime.date(2024, 7, 7)])
    )
    typed = typed.set_column(HEADER.index("idBeneficiaire"), "idBeneficiaire", pyarrow.array([8612023500113]))
    typed = typed.set_column(HEADER.index("pourcentageSubvention"), "pourcentageSubvention", pyarrow.array([1.0]))
    rules = [rule for rule in standard_rules() if rule.code in ("ID001", "DAT001", "AMT001", "AMT002", "TAB008")]
    outcome = check_table(typed, rules, Settings(), Tally(), name="t")
    told_of = {(f.code, f.values.get("cause")): f for f in outcome.findings}
    assert set(told_of) == {("ID001", "leading-zero")}, [f.say("fr") for f in outcome.findings]
    finding = told_of["ID001", "leading-zero"]
    assert finding.values["cause"] == "leading-zero"
    assert finding.place.cell == "F2"


def test_a_damaged_file_is_refused_with_a_reason() -> None:
    from subsidy_rules.reading import ReadError

    with pytest.raises(ReadError):
        told(b"PAR1 and then nothing", "t.parquet")
