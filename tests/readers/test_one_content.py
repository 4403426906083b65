"""One content in six formats: the same words in the same order, each figure at its place, tables as grids."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.document import Document
from subsidy_rules.normalised import normalise_document
from tests.readers.making import MAKERS, Grid, Heading, Item, Part, Prose, act_of_text, words_of
from tests.readers.reading_files import cells, read
from tests.shared import shared_folder

SUFFIXES = sorted(MAKERS)
ACT: list[Part] = [
    Heading("Attribution de subventions à deux associations de la commune"),
    Prose(
        "Le conseil municipal attribue une subvention de 70 000 euros, représentant 5,27 % du budget prévisionnel "
        "(1\u00a0329\u00a0243 €), et l’impute au chapitre 65 – nature 6574 – fonction 61 « culture »."
    ),
    Prose("La dépense se décompose comme suit :"),
    Item("50 000 euros pour la première association, au titre de l'année 2017 ;"),
    Item("20 000 euros pour la seconde association, sur la ligne 3A/61/6574."),
    Heading("Tableau des concours", level=2),
    Grid(
        (
            ("Association", "Objet", "Montant"),
            ("A", "Saison", "50 000 €"),
            ("B", "", "20 000 €"),
            ("Total", "", "70 000 €"),
        )
    ),
    Prose("Fait à Lyon, le 12 mai 2017."),
]


def words_read(document: Document) -> list[str]:
    """The words of a document, the bars between cells left out."""
    words: list[str] = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        words += [word for word in text.split() if word != "|" or block.role != "row"]
    return words


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_words_are_those_of_the_act(suffix: str) -> None:
    assert words_read(read(suffix, MAKERS[suffix](ACT))) == words_of(ACT)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_table_is_a_grid(suffix: str) -> None:
    document = read(suffix, MAKERS[suffix](ACT))
    assert len(document.grids) == 1
    assert cells(document) == [list(row) for row in ACT[6].rows]  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_items_and_headings_are_told_from_paragraphs(suffix: str) -> None:
    document = read(suffix, MAKERS[suffix](ACT))
    roles = {" ".join(document.text[b.start : b.end].split())[:12]: b.role for b in document.blocks}
    assert roles["50 000 euros"] == "item"
    assert roles["20 000 euros"] == "item"
    assert roles["La dépense s"] == "paragraph"
    if suffix in (".md", ".html", ".docx", ".odt"):
        assert roles["Tableau des "] == "heading"


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_places_are_those_of_the_source(suffix: str) -> None:
    source = MAKERS[suffix](ACT)
    document = read(suffix, source)
    lines = source.decode().split("\n")
    for figure in ("70 000 euros", "5,27 %", "1\u00a0329\u00a0243 €", "3A/61/6574", "« culture »", "70 000 €"):
        start = document.text.index(figure)
        place = document.place(start, start + len(figure))
        assert place.quote == figure
        assert place.line is not None
        assert place.line == place.end_line
        assert place.column is not None
        assert place.end_column is not None
        assert lines[place.line - 1][place.column - 1 : place.end_column - 1] == figure


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".pdf"])
def test_places_quote_the_document(suffix: str) -> None:
    document = read(suffix, MAKERS[suffix](ACT))
    smooth = normalise_document(document)
    for figure in ("5,27 %", "3A/61/6574", "70 000 €"):
        start = smooth.text.index(figure)
        place = document.place(*smooth.original(start, start + len(figure)))
        assert place.quote is not None
        assert place.quote.split() == figure.split()
        assert place.excerpt is not None
        assert place.column is not None
        assert place.excerpt[place.column - 1 :].startswith(figure.split()[0])
        assert (place.page == 1) is (suffix == ".pdf")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_seed_reads_the_same_in_every_format(suffix: str) -> None:
    seed = shared_folder("seed", "000_29f4c9a8aeb31e39.txt").read_text("utf-8")
    act = act_of_text(seed)
    document = read(suffix, MAKERS[suffix](act))
    assert words_read(document) == words_of(act)
    assert document.unread == 0
    assert not document.remarks


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_seed_has_the_same_paragraphs_in_every_format(suffix: str) -> None:
    seed = shared_folder("seed", "000_29f4c9a8aeb31e39.txt").read_text("utf-8")
    act = act_of_text(seed)
    document = read(suffix, MAKERS[suffix](act))
    found = [" ".join(document.text[block.start : block.end].split()) for block in document.blocks]
    assert len(found) == len(act) - 1, "one paragraph of the seed is cut in two after « de »"
    for part in act[-6:]:
        assert not isinstance(part, Grid)
        assert part.text in found


# -- any act --------------------------------------------------------------------------------------------------------

_LETTERS = "abcdefghijklmnopqrstuvwxyzéèàçôûABCDEFGHIJKLMNOPQRSTUVWXYZÉ"
_WORD = st.text(_LETTERS, min_size=2, max_size=12)
_AMOUNT = st.builds(
    lambda n, sep, unit: f"{n:,}".replace(",", sep) + unit,
    st.integers(1000, 99_999_999),
    st.sampled_from([" ", "\u00a0", "."]),
    st.sampled_from(["\u00a0€", " euros", " F"]),
)
_CODE = st.sampled_from(["3A/61/6574", "B320/65/6574/61", "nature 6574", "chapitre 65", "n°0P28O5361", "6574-313"])
_PIECE = st.one_of(_WORD, _WORD, _AMOUNT, _CODE)
_TEXT = st.lists(_PIECE, min_size=3, max_size=25).map(" ".join).map(lambda text: f"Le {text}.")
_CELLS = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(_WORD, _AMOUNT), min_size=width, max_size=width).map(tuple), min_size=2, max_size=5
    )
)
_ACTS = st.lists(
    st.one_of(_TEXT.map(Prose), _TEXT.map(Prose), _TEXT.map(Item), _CELLS.map(lambda rows: Grid(tuple(rows)))),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(act=_ACTS)
def test_any_act_gives_its_words_in_every_format(act: list[Part]) -> None:
    expected = words_of(act)
    for suffix, make in MAKERS.items():
        assert words_read(read(suffix, make(act))) == expected, suffix
