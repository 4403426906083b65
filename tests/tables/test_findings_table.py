"""Findings as a table, in CSV and in Parquet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules import findings_table
from subsidy_rules.cli import main
from subsidy_rules.finding import Source
from subsidy_rules.own_reports import is_own_report
from subsidy_rules.wording import Message
from tests.tables.making import check, row, table

DATA = table(row(nomBeneficiaire="=cmd()", montant="-5"), row(nature="Aide en nature"))


def test_csv_has_a_row_for_each_finding_and_no_formula() -> None:
    outcome, _ = check(DATA, select=("AMT001", "TAB002"))
    lines = list(csv.DictReader(io.StringIO(findings_table.to_csv(outcome.findings))))
    assert [line["code"] for line in lines] == ["AMT001", "TAB002"]
    assert tuple(lines[0]) == findings_table.COLUMNS
    assert lines[0]["quote"] == "-5"
    assert lines[0]["message"] == outcome.findings[0].say("fr")
    outcome, _ = check(table(row(nature="=cmd()")), select=("TAB002",))
    (line,) = csv.DictReader(io.StringIO(findings_table.to_csv(outcome.findings)))
    assert line["quote"] == "'=cmd()"


def test_parquet() -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow (extra « tables »)")
    outcome, _ = check(DATA, select=("AMT001", "TAB002"))
    out = io.BytesIO()
    findings_table.to_parquet(outcome.findings, out, "en")
    read = parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()
    assert [line["message"] for line in read] == [finding.say("en") for finding in outcome.findings]


def test_the_name_of_a_file_need_not_be_utf_8() -> None:
    pytest.importorskip("pyarrow", reason="Arrow tables need pyarrow (extra « tables »)")
    outcome, _ = check(DATA, select=("AMT001",))
    finding = outcome.findings[0]
    odd = replace(finding, place=finding.place.but(path="t\udcff.csv"))
    assert findings_table.to_arrow([odd]).column("path").to_pylist() == ["t\\udcff.csv"]


def test_a_source_that_could_not_be_read_has_a_row() -> None:
    lost = Source(path="absent\x1b.csv", status="unreadable", reason=Message("introuvable", "not found"))
    (row_of,) = findings_table.to_rows([], "fr", unreadable=[lost])
    assert tuple(row_of) == findings_table.COLUMNS
    assert (row_of["code"], row_of["state"], row_of["path"]) == (None, "unknown", "absent\\x1b.csv")
    assert "introuvable" in row_of["message"]


def test_the_command_line_writes_parquet_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow (extra « tables »)")
    path, out = tmp_path / "t.csv", tmp_path / "out.parquet"
    path.write_bytes(DATA)
    arguments = ["check", "--no-config", "--lang", "fr", "--select", "AMT001,TAB002", str(path), "--output-format"]
    assert main([*arguments, f"parquet={out}"]) == 1
    read = parquet.read_table(out)
    assert read.column("code").to_pylist() == ["AMT001", "TAB002"]
    assert read.column("row").to_pylist() == [2, 3]
    assert tuple(read.column_names) == findings_table.COLUMNS
    capsys.readouterr()
    before = out.read_bytes()
    assert main([*arguments, "parquet"]) == 2
    assert "parquet=FICHIER" in capsys.readouterr().err
    assert out.read_bytes() == before


def test_without_the_extra_nothing_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subsidy_rules.cli._is_installed", lambda name: name != "pyarrow")
    target = tmp_path / "out.parquet"
    assert main(["check", "--no-config", "--lang", "fr", str(tmp_path), f"--output-format=parquet={target}"]) == 2
    assert "subsidy-rules[tables]" in capsys.readouterr().err
    assert not target.exists()


def test_only_our_own_parquet_is_left_aside(tmp_path: Path) -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow (extra « tables »)")
    arrow: Any = pytest.importorskip("pyarrow")
    ours, other = tmp_path / "ours.parquet", tmp_path / "other.parquet"
    findings_table.to_parquet([], ours)
    parquet.write_table(arrow.table({"montant": [1]}), other)
    assert is_own_report(ours)
    assert not is_own_report(other)
    for data in (b"", b"PAR1", b"PAR1" * 5, b"\xff" * 40, ours.read_bytes()[:-1]):
        other.write_bytes(data)
        assert not is_own_report(other)
