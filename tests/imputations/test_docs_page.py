"""The page about nomenclatures says what the data say."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from subsidy_rules import nomenclature as plans
from tests.shared import ROOT

PAGE = ROOT / "docs" / "nomenclatures.md"
START, END = "<!-- coverage -->\n", "<!-- /coverage -->\n"
HEAD = """
| Nomenclature | Comptes, listes entières | Comptes, en partie (préfixes lus) | Fonctions | Codes |
|---|---|---|---|---|
"""


def runs(years: Iterable[int]) -> str:
    out: list[list[int]] = []
    for year in sorted(years):
        if out and year == out[-1][1] + 1:
            out[-1][1] = year
        else:
            out.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in out) or "—"


def table() -> str:
    """The rows of the page's table, from the data."""
    lines = []
    for name in plans.available():
        plan = plans.nomenclature(name)
        partly = " ; ".join(f"{year} : {' '.join(prefixes)}" for year, prefixes in plan.prefixes.items()) or "—"
        count = sum(1 for _ in plan.codes())
        lines.append(f"| {name} | {runs(plan.whole_years)} | {partly} | {runs(plan.function_years)} | {count} |\n")
    return HEAD + "".join(lines) + "\n"


def test_the_table_of_coverage_is_that_of_the_data() -> None:
    page = PAGE.read_text("utf-8")
    written = page.partition(START)[2].partition(END)[0]
    assert written == table(), "run: python -m tests.imputations.test_docs_page"


def test_the_page_names_every_source() -> None:
    page = PAGE.read_text("utf-8")
    for name in plans.available():
        for origin in plans.nomenclature(name).origins:
            for _, what in origin.sources:
                assert any(mark in page for mark in ("224b56c", "275f2b43") if mark in what)


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(START)
    PAGE.write_text(before + START + table() + END + rest.partition(END)[2], "utf-8")
    sys.exit(0)
