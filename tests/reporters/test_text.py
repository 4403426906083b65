"""What a person sees at a terminal, and what a hook prints."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from subsidy_rules.finding import Finding, Report, Source
from subsidy_rules.place import Place
from subsidy_rules.reporters import render
from subsidy_rules.safe_text import cells_wide
from subsidy_rules.wording import Message
from tests.reporters import sample


def text(report: Report, *, color: bool = False, width: int = 100, statistics: bool = False) -> str:
    shown = render("text", report, color=color, width=width, statistics=statistics)
    assert isinstance(shown, str)
    return shown


def one(line: str, quote: str, *related: str) -> Report:
    """A report of one finding on one line."""

    def at(part: str) -> Place:
        start = line.index(part)
        return Place(
            path="note.txt",
            line=7,
            column=start + 1,
            end_line=7,
            end_column=start + len(part) + 1,
            quote=part,
            excerpt=line,
        )

    finding = Finding(
        code="SUM001",
        name="total-mismatch",
        severity="error",
        confidence="high",
        state="broken",
        text=Message("incohérence", "inconsistency"),
        place=at(quote),
        related=tuple(at(part) for part in related),
    )
    return Report(findings=(finding,), sources=(Source(path="note.txt"),))


def test_the_first_line_is_for_editors() -> None:
    first = text(sample.varied()).splitlines()[0]
    assert re.match(r"dossier/note\.docx:3:10: erreur SUM001 Le total annoncé", first)


@pytest.mark.parametrize(
    ("line", "quote"),
    [
        ("total de 80 000 euros", "80 000 euros"),
        ("日本語 80 000 euros", "80 000 euros"),
        ("e\u0301te\u0301 80 000 euros", "80 000 euros"),
        ("\t80 000 euros", "80 000 euros"),
        ("\x1b[31m80 000 euros", "80 000 euros"),
        ("ａｂ 80 000", "ａｂ"),
    ],
)
def test_what_is_underlined_is_what_is_quoted(line: str, quote: str) -> None:
    rows = text(one(line, quote)).splitlines()
    source, under = rows[1], rows[2]
    first, last = under.index("^"), under.rindex("^")
    columns: list[str] = []
    for character in source:
        columns += [character] * cells_wide(character)
    covered = "".join(character for index, character in enumerate(columns) if first <= index <= last)
    assert re.sub(r"(.)\1", r"\1", covered) == re.sub(r"(.)\1", r"\1", "".join(c * cells_wide(c) for c in quote))


def test_related_figures_are_underlined_apart() -> None:
    rows = text(one("total 70 dont 50 et 20", "70", "50", "20")).splitlines()
    assert rows[2].count("^") == 2
    assert rows[2].count("-") == 4
    assert [rows[1][m.start() : m.end()] for m in re.finditer(r"\^+|-+", rows[2])] == ["70", "50", "20"]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_excerpts_fit_the_screen(width: int) -> None:
    line = "lorem ipsum " * 60 + "total de 80 000 euros" + " dolor sit" * 60
    shown = text(one(line, "80 000 euros"), width=width).splitlines()
    for row in shown[1:]:
        assert cells_wide(row) <= max(width, 40), row
    assert "80 000 euros" in shown[1]
    assert shown[1].index("80 000 euros") == shown[2].index("^")


def test_figures_far_apart_are_all_shown() -> None:
    line = "total de 70 euros " + "x " * 200 + "dont 50 euros " + "y " * 200 + "et 20 euros"
    shown = text(one(line, "70", "50", "20"))
    assert shown.count("^") == 2
    assert shown.count("--") == 2


def test_colour_only_when_asked_for() -> None:
    assert "\x1b" not in text(sample.varied())
    colored = text(sample.varied(), color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text(sample.varied())


def test_claims_that_hold_are_listed_with_their_working() -> None:
    shown = text(sample.clean())
    assert "50\u202f000\u00a0€ + 20\u202f000\u00a0€ = 70\u202f000\u00a0€" in shown
    assert "5,27\u202f%" in shown


def test_a_large_report_does_not_list_them() -> None:
    assert "Affirmations recalculées" not in text(sample.large(100))


def test_the_four_lines_of_the_summary() -> None:
    said = text(sample.varied())
    for label in ("Ce qui a été lu", "Ce qui tient", "Ce qui est incohérent", "Ce qu’on ne peut pas dire"):
        assert re.search(f"^{label}\u00a0: +[0-9]", said, re.MULTILINE), label


def test_nothing_read_is_not_nothing_wrong() -> None:
    assert "rien n’a été lu" in text(Report())


def test_unreadable_sources_and_remarks_are_told() -> None:
    shown = text(sample.varied())
    assert "dossier/scan.pdf: source illisible\u00a0: les pages sont des images sans texte" in shown
    assert "une insertion suivie a été lue" in shown


def test_statistics_count_by_rule_and_state() -> None:
    shown = text(sample.varied(), statistics=True)
    assert re.search(r"SUM001 +0 +1 +1", shown)


def test_what_is_set_aside_is_in_the_summary() -> None:
    aside = {"exceptions": [{"code": "SUM001"}], "baseline": {"path": "b", "known": 3, "stale": 0}}
    shown = text(replace(sample.clean(), extra=aside))
    assert re.search("Ce qu’une exception écarte\u00a0: +1 constat", shown)
    assert re.search("Ce que la référence connaît\u00a0: +3 constats", shown)


def test_concise_is_silent_when_clean() -> None:
    assert render("concise", sample.clean()) == ""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_concise_is_one_line_for_each_finding(language: str) -> None:
    report = sample.varied("fr" if language == "fr" else "en")
    shown = render("concise", report)
    assert isinstance(shown, str)
    lines = shown.splitlines()
    assert len(lines) == len(report.findings)
    assert re.match(r"dossier/note\.docx:3:10: SUM001 \S", lines[0])
    assert any(line.startswith("dossier/plan de financement.xlsx:Plan!C12: LIM002 ") for line in lines)


def test_a_hostile_report_keeps_one_line_for_each_finding() -> None:
    report = sample.hostile()
    shown = render("concise", report)
    assert isinstance(shown, str)
    assert len(shown.split("\n")) == len(report.findings) + 1


@pytest.mark.parametrize("path", ["::error::x", "  ::warning::x", "##[group]x"])
def test_a_path_is_never_a_command_of_a_build_log(path: str) -> None:
    report = one("total 70", "70")
    finding = replace(report.findings[0], place=replace(report.findings[0].place, path=path))
    for name in ("concise", "text"):
        shown = render(name, replace(report, findings=(finding,)))
        assert isinstance(shown, str)
        assert not shown.lstrip().startswith(("::", "##["))
