"""Findings as a table, in CSV and in Parquet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from subsidy_rules.tables import findings_table
from tests.tables.making import check, row, table

DATA = table(row(nomBeneficiaire="=cmd()", montant="-5"), row(nature="Aide en nature"))


def test_csv_has_a_row_for_each_finding_and_no_formula() -> None:
    outcome, _ = check(DATA, select=("AMT001", "TAB002"))
    lines = list(csv.DictReader(io.StringIO(findings_table.to_csv(outcome.findings))))
    assert [line["code"] for line in lines] == ["AMT001", "TAB002"]
    assert tuple(lines[0]) == findings_table.COLUMNS
    assert lines[0]["quote"] == "'-5"
    assert lines[0]["message"] == outcome.findings[0].say("fr")


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
