"""Rows that come in cells (workbooks, tables in memory) are glanced at as lines are: with or without, one report."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subsidy_rules.finding import Tally
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings, TableSettings, selects
from subsidy_rules.tables import check_table, streaming
from tests.tables.making import BENCH, HEADER, row, said
from tests.tables.test_paths_agree import dirty_rows


def workbook(rows: list[list[str]], typed: bool) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    for number, cells in enumerate(rows, 2):
        for column, text in enumerate(cells, 1):
            if text:
                cell = sheet.cell(number, column)
                cell.value = text.replace("\x00", "")
                cell.data_type = "s"
                if typed and HEADER[column - 1] in ("montant", "pourcentageSubvention", "idBeneficiaire"):
                    try:
                        cell.value = float(text)
                    except ValueError:
                        continue
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def report(data: Any, select: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, *, glances: bool) -> Any:
    chosen = Settings(select=select, tables=TableSettings(engine="python"))
    rules = [rule for rule in standard_rules() if selects(rule.code, chosen.select, ())]
    tally = Tally()
    with monkeypatch.context() as patched:
        if not glances:
            patched.setattr(streaming, "line_pattern", lambda *_, **__: None)
        name = "table.xlsx" if isinstance(data, bytes) else "<table>"
        return said(check_table(data, rules, chosen, tally, name=name), tally)


MARKED = row(objet="un\x1fdeux"), row(nomBeneficiaire='"a', objet='b"'), row(objet="a\nb"), row(objet='"' + "x" * 257)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=dirty_rows(),
    odd=st.lists(st.sampled_from(MARKED[1:]), max_size=2),
    typed=st.booleans(),
    select=st.sampled_from([(), BENCH, ("SUM002", "PCT001"), ("TAB",), ("ID001",), ("IMP",), ("AMT", "DAT")]),
)
def test_dirty_workbooks(
    rows: list[list[str]], odd: list[list[str]], typed: bool, select: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = workbook([*rows, *odd], typed)
    fast = report(data, select, monkeypatch, glances=True)
    assert fast == report(data, select, monkeypatch, glances=False)


def test_the_mark_itself_in_a_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    pyarrow: Any = pytest.importorskip("pyarrow", reason="tables in memory need pyarrow (extra « tables »)")
    rows = [*MARKED, row(montant="-5")]
    source = pyarrow.table({name: [cells[at] for cells in rows] for at, name in enumerate(HEADER)})
    assert report(source, (), monkeypatch, glances=True) == report(source, (), monkeypatch, glances=False)
