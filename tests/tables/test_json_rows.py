"""JSON lines whose lines are rows of a table: the findings of the same table in CSV, at the place of each value."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules.checking import Run, check
from subsidy_rules.finding import Finding, Report
from subsidy_rules.reading import ReadError
from subsidy_rules.settings import Settings
from subsidy_rules.tables import jsonrows
from subsidy_rules.tables.jsonrows import JsonRows, is_table
from tests.tables.making import HEADER, row, table

ROWS = [
    row(referenceDecision="D-1", pourcentageSubvention="0.6", montant="600"),
    row(referenceDecision="D-1", pourcentageSubvention="0.5", montant="400"),
    row(montant="-5", nature="Aide en nature"),
    row(idBeneficiaire="52499120500014", rnaBeneficiaire=""),
    row(idBeneficiaire="", rnaBeneficiaire="", imputation="B320/65/65O4/61"),
    row(dateConvention="2024-02-30", objet=""),
]


def lines(rows: list[list[str]], **dumped: Any) -> bytes:
    return b"".join(
        json.dumps(dict(zip(HEADER, cells, strict=True)), ensure_ascii=False, **dumped).encode() + b"\n"
        for cells in rows
    )


def told(report: Report) -> list[tuple[str, int | None, str]]:
    return sorted((f.code, f.place.row, f.say("fr")) for f in report.findings)


def broken(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.state == "broken"]


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson"])
def test_the_same_findings_as_in_csv(tmp_path: Path, suffix: str) -> None:
    csv, stream = tmp_path / "t.csv", tmp_path / f"t{suffix}"
    csv.write_bytes(table(*ROWS))
    stream.write_bytes(lines(ROWS))
    report = check(str(stream))
    assert told(report) == told(check(str(csv)))
    (source,) = report.sources
    assert (source.format, source.rows, source.unread) == ("jsonl", 6, 0)
    negative = next(f for f in report.findings if f.code == "AMT001")
    assert (negative.place.line, negative.place.row, negative.place.pointer) == (3, 4, "/montant")


def test_numbers_are_kept_as_they_are_written() -> None:
    data = b'{"nomBeneficiaire": "A", "montant": 1234.50, "objet": 1e3, "notificationUE": false, "idRAE": null}\n'
    source = JsonRows(data, "t.jsonl")
    (_, only) = source.rows()
    assert only.cells == ("A", "1234.50", "1000", "non", "")
    assert dict(only.kinds) == {1: "number", 2: "number", 3: "boolean"}
    assert [found.cells for found in source.again([1, 2])] == [tuple(source.names), only.cells]


def test_records_stay_records(tmp_path: Path) -> None:
    record = {
        "reference": "D-1",
        "beneficiary": "Association X",
        "total": 300,
        "allocations": [{"funder": "A", "amount": 100}, {"funder": "B", "amount": 150}],
    }
    path = tmp_path / "t.jsonl"
    path.write_text(json.dumps(record) + "\n")
    assert [f.code for f in broken(check(str(path)))] == ["SUM001"]
    plain = {"reference": "D-1", "total": 300, "imputation": "65/6574/61", "beneficiary": "Subvention à X"}
    assert not is_table(json.dumps(plain).encode())
    assert not is_table(b"")
    assert not is_table(b"[1]\n")


def test_a_table_of_another_form(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"association": "A", "objet": "x", "montant": -3}\n', encoding="utf-8")
    assert [f.code for f in broken(check(str(path)))] == ["AMT001"]


def test_lines_that_cannot_be_read_are_told_and_counted() -> None:
    good = lines([row()])
    doubled = b'{"montant": 1, "montant": 2}\n'
    deep = b'{"montant": ' + b"[" * 100_000 + b"\n"
    data = good + b"not json\n" + doubled + b"\xff\xfe\n" + deep + b"\n" + good + good[:-20]
    run = Run(Settings(select=("TAB006",)))
    run.add_bytes(data, "t.jsonl", ".jsonl")
    report = run.report()
    (source,) = report.sources
    assert source.unread == 5
    assert any("5" in remark.say("fr") and "2" in remark.say("fr") for remark in source.remarks)
    assert {row for f in report.findings for row in f.values.get("rows", [f.place.row])} == {3, 4, 5, 6, 9}


def test_a_key_that_comes_late_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonrows, "LOOKED_AT", 2)
    late = lines([row()]).replace(b'"montant"', b'"montantDemande": 5, "montant"')
    run = Run()
    run.add_bytes(lines([row()]) * 2 + late, "t.jsonl", ".jsonl")
    (source,) = run.report().sources
    assert any("montantDemande" in remark.say("fr") for remark in source.remarks)


def test_a_line_that_is_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonrows, "LINE_BYTES", 2_000)
    long = lines([row(objet="x" * 7_000)])
    source = JsonRows(lines([row()]) + long + lines([row(montant="7")]), "t.jsonl")
    rows = list(source.rows())
    assert [len(found.cells) for found in rows] == [len(HEADER), len(HEADER), 1, len(HEADER)]
    assert next(source.again([4])).cells == rows[3].cells
    assert "ligne" in source.remarks[0].say("fr")


def test_a_file_that_changes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(lines(ROWS))
    reading = JsonRows(path, "t.jsonl").rows()
    next(reading)
    with open(path, "ab") as file:
        file.write(b"{}\n")
    with pytest.raises(ReadError):
        list(reading)


def test_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines(ROWS))))
    report = check("-")
    assert "AMT001" in [f.code for f in report.findings]
    assert report.sources[0].rows == 6


def test_progress_of_tables_reaches_who_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(table(*[row(referenceDecision=f"D-{n}") for n in range(66_000)]))
    said: list[str] = []
    run = Run(Settings(select=("AMT001",)), progress=said.append)
    run.add_path(str(path))
    assert said[0] == str(path)
    assert "lignes lues" in said[1]
    run.report()
