"""A table in parts, on several machines: the findings of one machine."""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from subsidy_rules.finding import Tally
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings, TableSettings
from subsidy_rules.tables import check_table
from tests.tables.making import HEADER, row

pyarrow: Any = pytest.importorskip("pyarrow", reason="parts of tables are Arrow batches (extra « tables »)")

from subsidy_rules.tables import parts  # noqa: E402
from subsidy_rules.tables.decisions import Evidence, understand  # noqa: E402

SETTINGS = Settings(tables=TableSettings(decisions="complete"))


def rows() -> list[list[str]]:
    chance = random.Random(3)
    out = []
    for number in range(90):
        whole = chance.randrange(1000, 9000)
        part = chance.randrange(100, whole)
        share = round(part / whole, 4)
        other = round(1 - share, 4) if number % 10 else round(1 - share - 0.01, 4)
        for amount, text in ((part, share), (whole - part, other)):
            out.append(row(referenceDecision=f"D-{number}", montant=str(amount), pourcentageSubvention=f"{text:.4f}"))
    for cells in out[::7]:
        cells[HEADER.index("idBeneficiaire")] = "52499120500014"
    for cells in out[::2]:
        cells[HEADER.index("notificationUE")] = "Non"
    out[1][HEADER.index("notificationUE")] = "Non"
    out[5][HEADER.index("montant")] = "-4"
    chance.shuffle(out)
    return out


def table(lines: list[list[str]]) -> Any:
    columns = {name: [cells[at] for cells in lines] for at, name in enumerate(HEADER)}
    return pyarrow.table({**columns, "row": list(range(2, len(lines) + 2))})


def facts(outcome: Any) -> Any:
    return [
        (f.code, f.severity, f.confidence, f.state, f.say("fr"), f.say("en"), f.place, f.related, dict(f.values), f.key)
        for f in outcome.findings
    ], outcome.source.rows


def alone(lines: list[list[str]]) -> Any:
    rules = [rule for rule in standard_rules() if rule.code not in ("TAB009", "TAB010")]
    tally = Tally()
    outcome = check_table(table(lines).drop_columns(["row"]), rules, SETTINGS, tally, name="table")
    return facts(outcome), {code: dict(+counts) for code, counts in sorted(tally.rules.items())}


def test_parts_say_what_the_whole_says() -> None:
    lines = rows()
    whole = table(lines)
    keys = [hash(key) % 3 for key in whole.column("referenceDecision").to_pylist()]
    pieces = [whole.filter(pyarrow.array([key == part for key in keys])) for part in range(3)]
    evidence, fitted = Evidence(), Evidence()
    import json

    for target, usual in ((evidence, None), (fitted, 4)):
        for piece in pieces:
            for batch in parts.weigh_part(piece.to_batches(), settings=SETTINGS, row="row", usual=usual):
                target.add(Evidence(**json.loads(batch.column(0)[0].as_py())))
    assert evidence.usual == 4
    evidence.short, evidence.fit = fitted.short, fitted.fit
    meaning = understand(evidence, amount="auto", complete=True)
    told: list[Any] = []
    for piece in pieces:
        for batch in parts.judge_part(piece.to_batches(), settings=SETTINGS, row="row", meaning=meaning):
            told.extend(batch.to_pylist())
    tally = Tally()
    outcome = parts.join(told, names=HEADER, settings=SETTINGS, tally=tally, meaning=meaning)
    expected, counts = alone(lines)
    assert facts(outcome) == expected
    assert {code: dict(+states) for code, states in sorted(tally.rules.items())} == counts
    assert len(outcome.findings) > 30


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql: Any = pytest.importorskip("pyspark.sql", reason="pyspark is not installed (extra « spark »)")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, which is not on this machine")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.mark.filterwarnings("ignore")
def test_local_spark_says_what_one_machine_says(spark: Any) -> None:
    lines = rows()
    frame = spark.createDataFrame([(*cells, at) for at, cells in enumerate(lines, 2)], [*HEADER, "row"])
    tally = Tally()
    outcome = parts.check_frame(frame, SETTINGS, tally, row="row")
    expected, counts = alone(lines)
    assert facts(outcome) == expected
    assert {code: dict(+states) for code, states in sorted(tally.rules.items())} == counts
    found = parts.findings_frame(frame, SETTINGS, row="row")
    assert found.filter("part = 'finding' and code = 'SUM002'").count() > 0
