"""The same act by different programs and in different formats says the same things."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from subsidy_rules import check
from subsidy_rules.checking import check_text
from subsidy_rules.reading import Limits
from tests.readers.making import MAKERS, Grid, Item, Part, act_of_text
from tests.readers.reading_files import read, reader
from tests.shared import shared_folder

SAMPLES = Path(__file__).parent / "samples"
PROGRAMS = ("act.odt", "act.docx", "act.html", "act.pdf", "act-ghostscript.pdf")


def said(report: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """The claims, imputations and findings of a report, without their places; blanks of quotes made one."""
    data = report.to_json()
    claims = sorted(
        (claim["kind"], claim["state"], json.dumps(claim["values"], sort_keys=True)) for claim in data["claims"]
    )
    imputations = sorted(json.dumps(imputation["segments"], sort_keys=True) for imputation in data["imputations"])
    findings = sorted(
        (finding["code"], finding["state"], " ".join((finding["place"]["quote"] or "").split()))
        for finding in data["findings"]
    )
    return claims, imputations, findings


# -- an act by LibreOffice and Ghostscript --------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_act_by_any_program_says_the_same(name: str) -> None:
    report = check(SAMPLES / name, fiscal_year=2023, nomenclature="M57")
    claims, imputations, findings = said(report)
    assert [(kind, state) for kind, state, _ in claims] == [
        ("count", "holds"),
        ("percentage", "holds"),
        ("sum", "holds"),
        ("sum", "holds"),
        ("tax", "holds"),
    ]
    values = {kind: values for kind, _, values in claims}
    assert values["sum"] == json.dumps({"parts": ["12000", "6600", "3000"], "total": "21600"})
    assert values["percentage"] == json.dumps({"part": "21600", "stated": "25", "whole": "86400"})
    assert '"listed": 3' in values["count"]
    assert imputations == [json.dumps({"chapitre": "65", "fonction": "40", "nature": "65748"})]
    assert not findings


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_act_by_any_program_gives_the_same_words(name: str) -> None:
    document = read(Path(name).suffix, (SAMPLES / name).read_bytes())
    text = " ".join(document.text.split())
    for words in (
        "La subvention de 21 600 euros se décompose comme suit :",
        "ils offrent à chacun la possibilité de pratiquer une activité physique régulière, dans des installations "
        "officielles",
        "les efforts financiers de la commune sont affectés en priorité à la formation.",
        "Après en avoir délibéré, le conseil municipal décide :",
        "Fait à Valbrune, le 14 mars 2023.",
    ):
        assert words in text
    assert "9 999" not in text
    roles = [(block.role, " ".join(document.text[block.start : block.end].split())) for block in document.blocks]
    assert sum(role == "row" for role, _ in roles) == 5
    assert sum("12 000 euros pour Le Volant" in words for role, words in roles if role == "item") == 1
    (grid,) = document.grids
    first = [document.text[cell.start : cell.end] for cell in grid.cells if cell.column == 0]
    assert first == ["Association", "Le Volant de Valbrune", "Les Pagayeurs réunis", "Tennis du Moulin", "Total"]
    if name != "act.html":  # which knows neither notes nor margins
        assert any(role == "footnote" and "10 000 euros HT" in words for role, words in roles)
        assert any(role == "header" and "séance du 14 mars 2023" in words for role, words in roles)
        assert any(role == "footer" and "2023-017" in words for role, words in roles)
    if name in ("act.odt", "act.docx"):
        # A program draws « Article 1 : » and the file does not hold it.
        assert any(words.startswith("Article 1 : d’attribuer") for _, words in roles)
        assert any("insérés" in remark.say("fr") and "supprimés" in remark.say("fr") for remark in document.remarks)
    if name.endswith(".pdf"):
        assert any(words.startswith("Article 2 : d’imputer") for _, words in roles)
        assert any("barrés" in remark.say("fr") for remark in document.remarks)
        total = text.index("21 600 €")
        assert total > 0
        place = document.place(grid.cells[-1].start, grid.cells[-1].end)
        assert (place.page, place.line) == (2, 4)


# -- the seed -------------------------------------------------------------------------------------------------------


def seed() -> str:
    return shared_folder("seed", "000_29f4c9a8aeb31e39.txt").read_text("utf-8")


def by_fpdf2(act: list[Part], align: str) -> bytes:
    """The act on pages that fpdf2 draws, in a font of its own, the lines filled or not."""
    from fpdf import FPDF

    pages = FPDF()
    pages.set_margin(20)
    pages.add_page()
    pages.set_font("Helvetica", size=11)
    # The fonts that every reader of PDF has know Latin-1 only.
    plain = {"’": "'", "–": "-", "œ": "oe", "■": "*", "€": "EUR", "…": "..."}
    for part in act:
        assert not isinstance(part, Grid)
        text = f"- {part.text}" if isinstance(part, Item) else part.text
        for character, other in plain.items():
            text = text.replace(character, other)
        pages.multi_cell(0, 6, text, align=align, new_x="LMARGIN", new_y="NEXT")
        pages.ln(3)
    return bytes(pages.output())


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_the_seed_says_the_same_in_every_format(suffix: str, tmp_path: Path) -> None:
    text = seed()
    path = tmp_path / f"note{suffix}"
    path.write_bytes(MAKERS[suffix](act_of_text(text)))
    expected = said(check_text(text, name="note.txt"))
    assert said(check(path)) == expected
    assert [kind for kind, _, _ in expected[0]] == ["at_most", "count", "count", "equal", "percentage", "sum"]
    assert {state for _, state, _ in expected[0]} == {"holds"}
    assert len(expected[1]) == 2
    assert [code for code, _, _ in expected[2]] == ["TXT001", "TXT001"]


@pytest.mark.parametrize("align", ["J", "L"])
def test_the_seed_says_the_same_on_pages_of_fpdf2(align: str, tmp_path: Path) -> None:
    pytest.importorskip("fpdf", reason="fpdf2 is not installed")
    path = tmp_path / "note.pdf"
    path.write_bytes(by_fpdf2(act_of_text(seed()), align))
    assert said(check(path)) == said(check_text(seed(), name="note.txt"))


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_figures_of_the_seed_are_quoted_where_they_stand(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"note{suffix}"
    data = MAKERS[suffix](act_of_text(seed()))
    path.write_bytes(data)
    document = reader(suffix).read(str(path), data, limits=Limits())
    lines = document.text.split("\n")
    figures = [figure for claim in check(path).to_json()["claims"] for figure in [claim["place"]]]
    assert figures
    for place in figures:
        assert place["quote"]
        assert "".join(place["quote"].split()) in "".join(document.text.split())
        if suffix in (".txt", ".md"):
            line = data.decode("utf-8").split("\n")[place["line"] - 1]
            assert line[place["column"] - 1 :].startswith(place["quote"].split("\n")[0])
        elif suffix in (".docx", ".odt"):
            assert place["paragraph"]
            assert place["quote"].split("\n")[0] in lines[place["line"] - 1]
        elif suffix == ".pdf":
            assert place["page"] >= 1
