"""Plain text and Markdown: every line its own, lists, wrapped paragraphs, drawn tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.document import Document
from subsidy_rules.layout import Wrapping, columns_of, list_mark, marks_of, reads_on
from tests.readers.reading_files import cells, check, lines, read, refusal


def text(source: str) -> Document:
    return read(".txt", source.encode())


def markdown(source: str) -> Document:
    return read(".md", source.encode())


# -- marks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "- 50 000 €",
        "– suite",
        "• puce",
        "■  Titre",
        "* a",
        "\uf0b7 puce",
        "1. un",
        "12) x",
        "a) x",
        "IV. x",
        "5° - Les",
    ],
)
def test_marks_of_items(line: str) -> None:
    mark = list_mark(line)
    assert mark is not None
    assert line[mark.end] not in " -–•"


@pytest.mark.parametrize(
    "line",
    [
        "-50 000 €",
        "− 50 000",
        "+ 50 000",
        "2017. Le",
        "300. 000 €",
        "12.50 euros",
        "Art. 2.- x",
        "–",
        "- ",
        "M. Dupont",
        "**gras**",
        "3A/61",
    ],
)
def test_what_is_no_mark(line: str) -> None:
    assert list_mark(line) is None


def test_a_number_before_a_figure_is_a_mark_only_among_others() -> None:
    assert [mark is not None for mark in marks_of(["1. 500 euros", "2. 300 euros"])] == [True, True]
    assert marks_of(["Total de", "3. 500 euros"]) == [None, None]


# -- paragraphs -----------------------------------------------------------------------------------------------------


def test_lines_that_their_author_ended_are_paragraphs() -> None:
    document = text("Total 2016 : 50 000\n20 000 pour 2017\n\nFin")
    assert lines(document) == [
        ("paragraph", "Total 2016 : 50 000"),
        ("paragraph", "20 000 pour 2017"),
        ("paragraph", "Fin"),
    ]
    assert [block.line for block in document.blocks] == [1, 2, 4]


WRAPPED = """Le conseil municipal décide d'attribuer une subvention de fonctionnement d'un montant de 1 329
243 euros au titre de l'exercice 2017, imputée au chapitre 65 du budget principal de la ville
- exercice 2017 - et autorise le maire à signer la convention d'objectifs avec l'association,
qui rendra compte de son emploi avant la fin de l'année suivante.
"""


def test_lines_cut_by_the_width_are_one_paragraph() -> None:
    document = text(WRAPPED)
    assert len(document.blocks) == 1
    assert document.text == WRAPPED, "the text of the document is the text of the file"


def test_a_list_is_not_joined_even_when_its_lines_are_as_long() -> None:
    source = "".join(f"- subvention à l'association numéro {n} de la commune de Lyon\n" for n in range(1, 8))
    assert [role for role, _ in lines(text("Liste :\n" + source))] == ["paragraph", *["item"] * 7]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("GLOBAL DE 84 000 EUROS - CONCOURS FINANCIER DU CASINO", "MUNICIPAL DE LA VILLE"),
        ("une somme de 200 000 €, dont 116 000 € ont", "fait l'objet d'un vote"),
        ("un tissu de", "laboratoires"),
        ("la subvention est fixée à un montant total de 1 329", "243 euros"),
    ],
)
def test_words_that_show_that_a_line_goes_on(line: str, after: str) -> None:
    assert reads_on(line, after)


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("Association sportive de la ville et de ses environs 5 000", "300 associations"),
        ("Association sportive de la ville et de ses environs 5 000 euros", "associations culturelles 3 000 euros"),
        ("TOTAL DEPENSES", "TOTAL RECETTES"),
        ("Fin de la phrase, qui est assez longue pour l'être.", "puis autre chose"),
    ],
)
def test_words_that_do_not(line: str, after: str) -> None:
    assert not reads_on(line, after)


def test_a_sentence_broken_off_is_taken_up_after_a_blank_line() -> None:
    assert lines(text("des laboratoires de\n\nrecherche de renommée.")) == [
        ("paragraph", "des laboratoires de recherche de renommée.")
    ]


def test_the_width_is_seen_only_where_lines_are_cut_by_it() -> None:
    assert Wrapping.of(WRAPPED.split("\n")) is not None
    assert Wrapping.of(["Budget principal", "Dépenses", "Recettes", "Total"]) is None


def test_form_feeds_are_pages() -> None:
    document = text("un.\n\fdeux.\n\ftrois.")
    assert [(block.page, block.line) for block in document.blocks] == [(1, 1), (2, 2), (3, 3)]


# -- tables ---------------------------------------------------------------------------------------------------------


def test_bars_make_a_table() -> None:
    document = text(
        "Nature 6574 | Fonction 311 | 1 245 000 F |\nNature 6574 | Fonction 33 | 795 000 F |\n"
        "TOTAL | 2 040 000 F |\nFin"
    )
    assert cells(document) == [
        ["Nature 6574", "Fonction 311", "1 245 000 F"],
        ["Nature 6574", "Fonction 33", "795 000 F"],
        ["TOTAL", "", "2 040 000 F"],
    ]
    assert [role for role, _ in lines(document)] == ["row", "row", "row", "paragraph"]


def test_a_drawn_table_has_no_ruler() -> None:
    document = text("+-----+------+\n| Nom | Total |\n+=====+======+\n| A | 5 000 |\n+-----+------+")
    assert cells(document) == [["Nom", "Total"], ["A", "5 000"]]


def test_blanks_make_a_table_when_figures_stand_in_line() -> None:
    document = text(
        "Budget         Dépenses   Recettes\n"
        "Personnel        12 000     3 000\n"
        "Achats            8 000\n"
        "Total            20 000     3 000\n"
    )
    assert cells(document)[2] == ["Achats", "8 000", ""]
    assert document.text[document.grids[0].cells[4].start :].startswith("12 000")


def test_tabs_make_a_table_by_their_number() -> None:
    assert cells(text("a\tb\tc\n1\t2\t3\n4\t\t6\n")) == [["a", "b", "c"], ["1", "2", "3"], ["4", "", "6"]]


def test_prose_with_wide_blanks_is_no_table() -> None:
    assert not text("Fin de phrase.  Une autre.\nEncore une.  Et une autre phrase.\nFin.  Voilà tout.").grids


def test_a_row_whose_pieces_share_a_column_is_no_table() -> None:
    assert columns_of([[(0, 5), (10, 15)], [(0, 12), (13, 20)]]) is None
    assert columns_of([[(0, 5), (10, 15)], [(1, 4), (9, 20)]]) == [[0, 1], [0, 1]]


def test_stretches_without_width_have_a_column_too() -> None:
    assert columns_of([[(0, 5), (10, 10)], [(1, 4), (10, 10)]]) == [[0, 1], [0, 1]]


# -- Markdown -------------------------------------------------------------------------------------------------------


def test_markdown_is_read_by_its_marks() -> None:
    document = markdown(
        "# Titre #\n\nUn texte sur\ndeux lignes, **70 000** €.  \nAprès.\n\nSous-titre\n---\n\n"
        "- a\n  - b\n    suite\n\n"
        "| Nom | Total |\n|---|--:|\n| A | 5 000 |\n\n> cité\n\n```\n1 | 2\n```\n\n<!-- caché -->\n\n***\n\nFin."
    )
    assert lines(document) == [
        ("heading", "Titre"),
        ("paragraph", "Un texte sur deux lignes, **70 000** €."),
        ("paragraph", "Après."),
        ("heading", "Sous-titre"),
        ("item", "a"),
        ("item", "b suite"),
        ("row", "| Nom | Total |"),
        ("row", "| A | 5 000 |"),
        ("paragraph", "cité"),
        ("preformatted", "1 | 2"),
        ("paragraph", "Fin."),
    ]
    assert [block.level for block in document.blocks][:6] == [1, 0, 0, 2, 1, 2]
    assert cells(document) == [["Nom", "Total"], ["A", "5 000"]]


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_blank_files_are_refused(suffix: str) -> None:
    assert "aucun mot" in refusal(suffix, b" \n\t\n").reason.say("fr")


@settings(max_examples=80, deadline=None)
@given(
    source=st.lists(
        st.text("ab 0-–•|#>`*.:\t1\u00a0€,\f", max_size=30).map(lambda line: line.replace("\x00", "")),
        min_size=1,
        max_size=12,
    ).map("\n".join)
)
def test_every_word_is_in_one_block_at_its_own_place(source: str) -> None:
    if not source.strip():
        return
    document = text("x\n" + source)
    check(document)
    covered = [False] * len(document.text)
    for block in document.blocks:
        covered[block.start : block.end] = [True] * (block.end - block.start)
        place = document.place(block.start, block.end)
        assert place.line == document.text.count("\n", 0, block.start) + 1
    for offset, character in enumerate(document.text):
        if not covered[offset]:
            line = document.text[document.line_span(offset)[0] : document.line_span(offset)[1]]
            assert not character.isalpha() or list_mark(line) is not None
