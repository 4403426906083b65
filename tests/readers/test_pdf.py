"""PDF: words from places on a page, nothing guessed, everything left out told."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pytest

from subsidy_rules.document import Document
from subsidy_rules.normalised import normalise_document
from subsidy_rules.page_text import Run, lines_of_runs
from subsidy_rules.reading import Limits, MissingExtra
from subsidy_rules.ruled import Stroke, ruled_grids
from tests.readers.making import COURIER, PdfFile, drawn, pdf
from tests.readers.reading_files import cells, lines, read, refusal


def pages(*contents: str, **options: str) -> Document:
    return read(".pdf", pdf(contents, **options))


def said(document: Document) -> str:
    return " / ".join(remark.say("fr") for remark in document.remarks)


# -- lines ----------------------------------------------------------------------------------------------------------


def test_no_break_spaces_are_kept() -> None:
    assert pages(drawn("1\u00a0329\u00a0243 \u20ac", 50, 700)).text == "1\u00a0329\u00a0243 €"


def test_gaps_between_strings_are_spaces_and_wide_ones_columns() -> None:
    # Courier is 6 points wide at 10: « 70 » ends at 62.
    document = pages(drawn("70", 50, 700) + drawn("000", 63.6, 700) + drawn("\u20ac", 87, 700) + drawn("Fin", 200, 700))
    assert document.text.split() == ["70", "000", "€", "Fin"]
    assert "€   " in document.text


def test_kerned_strings_are_one_word() -> None:
    assert pages("BT /F1 10 Tf 50 700 Td [(d) 20 (\xe9lib) -30 (\xe9r) -250 (ation)] TJ ET").text == "délibér ation"


def test_strings_are_put_in_the_order_of_the_page_not_of_the_file() -> None:
    assert pages(drawn("trois", 50, 660) + drawn("deux", 68, 700) + drawn("un", 50, 700)).text == "un deux\ntrois"


def test_a_spacing_that_jumps_a_column_parts_two_figures() -> None:
    document = pages("BT /F1 10 Tf 40 Tc 50 700 Td (02) Tj ET " + drawn("x", 300, 700))
    assert document.text.split() == ["0", "2", "x"]
    document = pages("BT /F1 10 Tf 30 Tw 50 700 Td (5 400) Tj ET")
    assert document.text.split("   ")[0] == "5"


def test_blanks_that_run_over_the_next_column_part_nothing() -> None:
    document = pages("BT /F1 10 Tf 50 700 Td (12          ) Tj ET" + drawn("2017", 70, 700))
    assert document.text == "12 2017"


def test_a_string_drawn_twice_is_read_once() -> None:
    assert pages(drawn("70 000", 50, 700) + drawn("70 000", 50.4, 700)).text == "70 000"
    assert pages(drawn("11", 50, 700) + drawn("1", 62, 700)).text == "111"


def test_raised_digits_are_calls_of_notes() -> None:
    document = pages(drawn("70 000 euros", 50, 700) + drawn("1", 122, 704, 6) + drawn("vot\u00e9s", 132, 700))
    assert document.text == "70 000 euros¹ votés"


def test_forms_are_read_where_they_are_put() -> None:
    file = PdfFile()
    font = file.add(COURIER)
    form = file.stream(
        b"BT /F1 10 Tf 0 0 Td (dedans) Tj ET",
        f"/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 {font} 0 R >> >>",
    )
    content = file.stream((drawn("avant", 50, 720) + "q 1 0 0 1 50 700 cm /X1 Do Q " + drawn("fin", 50, 680)).encode())
    page = file.add(
        f"<< /Type /Page /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R >> "
        f"/XObject << /X1 {form} 0 R >> >> >>"
    )
    tree = file.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
    document = read(".pdf", file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")))
    assert document.text == "avant\ndedans\nfin"


def test_filled_fields_are_read() -> None:
    file = PdfFile()
    font = file.add(COURIER)
    look = file.stream(
        b"/Tx BMC BT /F1 10 Tf 2 4 Td (70 000) Tj ET EMC",
        f"/Subtype /Form /BBox [0 0 80 16] /Resources << /Font << /F1 {font} 0 R >> >>",
    )
    field = file.add(f"<< /Subtype /Widget /FT /Tx /Rect [108 696 188 712] /F 4 /AP << /N {look} 0 R >> >>")
    content = file.stream(drawn("Montant :", 50, 700).encode())
    page = file.add(
        f"<< /Type /Page /MediaBox [0 0 595 842] /Contents {content} 0 R /Annots [{field} 0 R] "
        f"/Resources << /Font << /F1 {font} 0 R >> >> >>"
    )
    tree = file.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
    assert read(".pdf", file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>"))).text == "Montant : 70 000"


def test_a_landscape_page_is_read_along_its_lines() -> None:
    content = (
        "BT /F1 10 Tf 0 1 -1 0 100 50 Tm (premi\xe8re ligne) Tj ET BT /F1 10 Tf 0 1 -1 0 112 50 Tm (seconde) Tj ET"
    )
    assert pages(content, page_extra="/Rotate 90").text == "première ligne\nseconde"


def test_text_in_the_margin_does_not_mix_with_the_lines() -> None:
    document = pages(drawn("une ligne de texte", 50, 700) + "BT /F1 8 Tf 0 1 -1 0 30 600 Tm (BROUILLON) Tj ET")
    assert document.text == "une ligne de texte\nBROUILLON"


def test_inline_pictures_and_odd_operators_are_passed_over() -> None:
    content = (
        "q 10 0 0 10 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x01( EI\x02 EI Q "
        "/Span << /ActualText (non) /K [1 2] >> BDC "
        + drawn("70 (000) \u20ac \\", 50, 700)
        + " EMC << >> ] ) > 1.2.3 --4 w"
    )
    assert pages(content).text == "70 (000) € \\"


# -- paragraphs, lists, tables --------------------------------------------------------------------------------------


def test_lines_that_the_width_cut_are_one_paragraph() -> None:
    source = (
        "Le conseil attribue une subvention de fonctionnement de 1 329",
        "243 euros, imput\u00e9e au chapitre 65 \u2013 nature 6574 \u2013 fonction 61",
        "\u2013 exercice 2017, \u00e0 l'association des amis de la photographie.",
        "Elle est vers\u00e9e en une fois.",
    )
    document = pages("".join(drawn(line, 50, 700 - 12 * n) for n, line in enumerate(source)))
    assert len(document.blocks) <= 2
    assert "1 329 243 euros" in normalise_document(document).text
    assert "fonction 61 - exercice 2017" in normalise_document(document).text


def test_items_of_a_list_are_not_joined() -> None:
    source = (
        "R\u00e9partition :",
        "- 50 000 euros pour le territoire de Marseille Provence",
        "- 20 000 euros pour le territoire du Pays d'Aix",
    )
    document = pages("".join(drawn(line, 50, 700 - 12 * n) for n, line in enumerate(source)))
    assert [role for role, _ in lines(document)] == ["paragraph", "item", "item"]


def test_a_paragraph_goes_on_over_the_end_of_the_page() -> None:
    first = drawn("Le conseil attribue une subvention de 70 000 euros, qui se d\u00e9compose", 50, 80) + drawn(
        "1", 300, 30
    )
    document = pages(first, drawn("en deux parts.", 50, 780) + drawn("Suite.", 50, 740) + drawn("2", 300, 30))
    assert lines(document)[0] == (
        "paragraph",
        "Le conseil attribue une subvention de 70 000 euros, qui se décompose en deux parts.",
    )
    start = document.text.index("en deux parts")
    place = document.place(start, start + 13)
    assert (place.page, place.line, place.column) == (2, 1, 1)
    assert [(role, words) for role, words in lines(document) if role == "footer"] == [("footer", "1"), ("footer", "2")]


def test_headers_that_come_back_are_told_from_the_text() -> None:
    contents = [
        drawn("Ville de Lyon", 50, 800) + drawn(f"Texte de la page {word}.", 50, 700) + drawn(f"Page {n}/4", 300, 30)
        for n, word in enumerate(("une", "deux", "trois", "quatre"), start=1)
    ]
    document = pages(*contents)
    assert [role for role, _ in lines(document)] == ["paragraph"] * 4 + ["header", "footer"] * 4
    last = document.blocks[-1]
    assert (last.page, document.place(last.start, last.end).line) == (4, 3)


def test_drawn_borders_make_a_grid_with_merged_cells() -> None:
    def box(x: float, y: float, width: float, words: str) -> str:
        return f"{x} {y} {width} 20 re S " + drawn(words, x + 4, y + 6)

    document = pages(
        box(50, 700, 200, "Concours") + box(250, 700, 80, "Montant")
        + box(50, 680, 100, "Ville") + box(150, 680, 100, "2016") + box(250, 680, 80, "1 000 \u20ac")
        + box(50, 660, 100, "R\u00e9gion") + box(150, 660, 100, "2017") + box(250, 660, 80, "2 000 \u20ac")
    )  # fmt: skip
    assert cells(document) == [["Concours", "", "Montant"], ["Ville", "2016", "1 000 €"], ["Région", "2017", "2 000 €"]]
    assert document.text.split("\n")[1] == "Ville | 2016 | 1 000 €"
    assert document.grids[0].cells[0].column_span == 2


def test_thin_filled_boxes_are_borders_too_and_cells_may_have_two_lines() -> None:
    def rule(x: float, y: float, width: float, height: float) -> str:
        return f"{x} {y} {width} {height} re f "

    grid = "".join(rule(50, y, 300, 0.5) for y in (700, 670, 650)) + "".join(
        rule(x, 650, 0.5, 50) for x in (50, 170, 350)
    )
    document = pages(
        grid + drawn("Objet", 54, 690) + drawn("Fonctionnement de la saison", 174, 690) + drawn("culturelle", 174, 678)
        + drawn("Montant", 54, 656) + drawn("5 000 \u20ac", 174, 656)
    )  # fmt: skip
    assert cells(document) == [["Objet", "Fonctionnement de la saison culturelle"], ["Montant", "5 000 €"]]


def test_figures_in_line_make_a_grid_without_borders() -> None:
    rows = (("Association A", "12 000 \u20ac"), ("Association B", "8 000 \u20ac"), ("Total", "20 000 \u20ac"))
    document = pages(
        "".join(drawn(a, 50, 700 - 14 * n) + drawn(b.rjust(10), 250, 700 - 14 * n) for n, (a, b) in enumerate(rows))
    )
    assert cells(document) == [[a, b.replace("\u20ac", "€")] for a, b in rows]


def test_a_frame_around_text_is_no_table() -> None:
    document = pages("40 600 400 120 re S " + drawn("Un texte dans un cadre.", 50, 700))
    assert not document.grids
    assert document.text == "Un texte dans un cadre."


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    def column(x: float, name: str) -> str:
        return "".join(drawn(f"{name} ligne {n} de la colonne, bien pleine", x, 700 - 12 * n, 8) for n in range(1, 9))

    text = pages(column(50, "gauche") + column(320, "droite")).text
    assert text.index("gauche ligne 8") < text.index("droite ligne 1")


def test_a_grid_whose_cells_are_no_rectangles_is_left_alone() -> None:
    strokes = [
        Stroke(0, 0, 30, 0), Stroke(0, 30, 30, 30), Stroke(0, 0, 0, 30), Stroke(30, 0, 30, 30),
        Stroke(0, 10, 20, 10), Stroke(10, 0, 10, 20), Stroke(0, 20, 10, 20), Stroke(20, 10, 20, 30),
    ]  # fmt: skip
    assert ruled_grids(strokes) == []
    assert len(ruled_grids([*strokes[:4], Stroke(0, 15, 30, 15), Stroke(15, 0, 15, 30)])) == 1


def test_lines_close_together_are_two_lines() -> None:
    runs = [Run("un deux", 0, 40, 100, 10), Run("trois", 0, 30, 95.5, 10), Run("2", 41, 44, 104, 6)]
    assert [line.text for line in lines_of_runs(runs)] == ["un deux²", "trois"]


# -- what cannot be read --------------------------------------------------------------------------------------------


def test_pages_without_text_are_not_read_and_told() -> None:
    document = pages(drawn("texte", 50, 700), "0 0 100 100 re f", drawn("encore", 50, 700), "")
    assert document.unread == 2
    assert "2, 4" in said(document)


def test_a_pdf_without_any_text_is_refused() -> None:
    assert "n’a pas de texte" in refusal(".pdf", pdf(["", "0 0 9 9 re f", ""])).reason.say("fr")


def test_invisible_text_comes_from_recognition() -> None:
    document = pages("BT /F1 10 Tf 3 Tr 50 700 Td (70 OOO euros) Tj ET")
    assert document.text == "70 OOO euros"
    assert document.unread == 0
    assert "reconnaissance" in said(document)


IDENTITY = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Arial /Encoding /Identity-H /DescendantFonts "
    "[<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Arial /CIDSystemInfo << /Ordering (Identity) >> "
    "/DW 600 /FontDescriptor << /Type /FontDescriptor /FontName /AAAAAA+Arial /Flags 4 >> >>] >>"
)


@pytest.mark.parametrize(
    ("font", "string"),
    [
        (IDENTITY, "<003000310032003300340035>"),
        (
            "<< /Type /Font /Subtype /Type1 /BaseFont /AAAAAA+X "
            "/Encoding << /Differences [48 /g48 /g49 /g50 /g51] >> >>",
            "(0123)",
        ),
        (
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a0 1 0 R >> "
            "/FirstChar 48 /LastChar 51 /Widths [1 1 1 1] /Encoding << /Differences [48 /a0 /a1 /a2 /a3] >> >>",
            "(0123)",
        ),
    ],
    ids=["glyph numbers", "glyph names", "drawings"],
)
def test_a_font_without_a_table_is_never_guessed(font: str, string: str) -> None:
    content = f"BT /F1 10 Tf 50 700 Td {string} Tj ET"
    assert "la police de ce PDF ne dit pas" in refusal(".pdf", pdf([content], font=font)).reason.say("fr")
    # Beside a page that can be read, it is a page not read.
    file = PdfFile()
    numbers = [(file.add(COURIER), drawn("70 000 euros", 50, 700)), (file.add(font), content)]
    kids = [
        file.add(
            f"<< /Type /Page /Contents {file.stream(words.encode())} 0 R /Resources << /Font << /F1 {f} 0 R >> >> >>"
        )
        for f, words in numbers
    ]
    tree = file.add(f"<< /Type /Pages /Count 2 /Kids [{kids[0]} 0 R {kids[1]} 0 R] >>")
    document = read(".pdf", file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")))
    assert document.text == "70 000 euros"
    assert document.unread == 1
    assert "quels caractères elle dessine, non lues\u00a0: 2" in said(document)


def test_a_few_lost_characters_are_shown_as_lost() -> None:
    font = (
        "<< /Type /Font /Subtype /Type1 /BaseFont /AAAAAA+X "
        "/Encoding << /BaseEncoding /WinAnsiEncoding /Differences [49 /g49] >> >>"
    )
    document = pages("BT /F1 10 Tf 50 700 Td (Une subvention de 1 000 euros) Tj ET", font=font)
    assert document.text == "Une subvention de \ufffd 000 euros"
    assert document.unread == 0
    assert "remplacés" in said(document)


def test_a_table_of_characters_is_followed() -> None:
    file = PdfFile()
    table = file.stream(
        b"1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <41> <0037> <42> <FB01> endbfchar"
    )
    font = file.add(
        "<< /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+X /FirstChar 65 /LastChar 66 /Widths [600 600] "
        f"/ToUnicode {table} 0 R >>"
    )
    content = file.stream(b"BT /F1 10 Tf 50 700 Td (AB) Tj ET")
    page = file.add(
        f"<< /Type /Page /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /F1 {font} 0 R >> >> >>"
    )
    tree = file.add(f"<< /Type /Pages /Count 1 /Kids [{page} 0 R] >>")
    document = read(".pdf", file.bytes(file.add(f"<< /Type /Catalog /Pages {tree} 0 R >>")))
    assert document.text == "7\ufb01"
    assert normalise_document(document).text == "7fi"


def encrypted(user: str, algorithm: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([drawn("70 000 euros", 50, 700)]))))
    writer.encrypt(user, "maire", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_only_forbids_changes_is_read() -> None:
    assert read(".pdf", encrypted("", "RC4-128")).text == "70 000 euros"


def test_a_pdf_with_a_password_is_refused() -> None:
    assert "mot de passe" in refusal(".pdf", encrypted("secret", "RC4-128")).reason.say("fr")


def test_without_pypdf_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name == "pypdf" or name.startswith("pypdf.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    error = refusal(".pdf", pdf([drawn("x", 50, 700)]))
    assert isinstance(error, MissingExtra)
    assert error.extra == "pdf"
    assert "subsidy-rules[pdf]" in error.reason.say("fr")


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    data = pdf([drawn(f"page {n}", 50, 700) for n in range(1, 8)])
    said = refusal(".pdf", data, Limits(pages=5)).reason
    assert "7 pages" in said.say("fr")
    assert "limite de 5" in said.say("fr")
    assert read(".pdf", data, Limits(pages=7)).unread == 0
    # What the file announces is not believed, neither more nor less.
    refusal(".pdf", data.replace(b"/Count 7", b"/Count 2"), Limits(pages=5))
    document = read(".pdf", data.replace(b"/Count 7", b"/Count 9"), Limits(pages=8))
    assert "page 7" in document.text
    assert document.unread == 2


def test_time_past_the_limit_is_told() -> None:
    said = refusal(".pdf", pdf([drawn("x", 50, 700)] * 3), Limits(seconds=0)).reason
    assert "secondes" in said.say("fr")
    assert "3 pages" in said.say("fr")


class _Clock:
    """A time that is over after so many looks at it."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def __call__(self) -> float:
        self.left -= 1
        return 0.0 if self.left > 0 else 1000.0


def test_the_pages_read_before_the_end_of_the_time_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf([drawn(f"page {n}", 50, 700) for n in range(1, 30)])
    monkeypatch.setattr("subsidy_rules.reading.time.monotonic", _Clock(20))
    document = read(".pdf", data)
    assert "page 1" in document.text
    assert 0 < document.unread < 29
    assert "secondes" in said(document)


def test_pages_that_cannot_be_found_are_counted() -> None:
    data = pdf([drawn("bonne", 50, 700), drawn("autre", 50, 700)])
    document = read(".pdf", data.replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [4 0 R 9 0 R]"))
    assert document.text == "bonne"
    assert document.unread == 1
    assert "abîmées ou trop lourdes, non lues\u00a0: 2" in said(document)
    document = read(".pdf", data.replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [4 0 R      ]"))
    assert document.unread == 1
    assert "1 page de plus" in said(document)


def test_a_broken_page_does_not_spoil_the_others() -> None:
    data = pdf([drawn("bonne", 50, 700), drawn("autre", 50, 700)])
    second = data.index(b"/FlateDecode", data.index(b"/FlateDecode") + 1)
    document = read(".pdf", data[:second] + b"/NoSuchDecod" + data[second + 12 :])
    assert document.text == "bonne"
    assert document.unread == 1
    assert "abîmées" in said(document)


# -- struck text, notes and tables that a page cuts -----------------------------------------------------------------


def test_struck_text_is_left_out_and_told() -> None:
    # Courier at 10 points: « 9 999 euros » is 66 points wide; the line crosses the letters, the other is under them.
    line = drawn("Une aide de", 50, 700) + drawn("9 999 euros", 122, 700) + drawn("21 600 euros vot\u00e9e", 188, 700)
    document = pages(line + "121 703 m 189 703 l S\n188 698 m 260 698 l S\n" + drawn("70", 50, 600))
    assert document.text == "Une aide de 21 600 euros votée\n70"
    assert "passages barrés, non lus\u00a0: 1 (pages 1)" in said(document)
    filled = pages(line + "121 702.7 68 0.6 re f\n" + drawn("70", 50, 600))
    assert filled.text == document.text
    # Across a part of the words only, or between two lines, it is another kind of line.
    assert "9 999 euros" in pages(line + "121 703 m 160 703 l S\n").text
    assert "9 999 euros" in pages(line + "40 708 m 400 708 l S 40 696 m 400 696 l S\n").text


def test_a_page_whose_text_is_all_struck_has_no_text() -> None:
    document = pages(drawn("annul\u00e9", 50, 700) + "49 703 m 87 703 l S\n", drawn("vot\u00e9", 50, 700))
    assert document.text == "voté"
    assert "barrés" in said(document)


def test_notes_whose_number_is_not_raised_are_notes_when_the_text_calls_them() -> None:
    body = drawn("Achat de materiel", 50, 700) + drawn("1", 152, 704, 6) + drawn("pour le club.", 160, 700)
    note = drawn("1Soit 10 000 euros HT.", 50, 60, 8)
    assert lines(pages(body + note))[-1] == ("footnote", "Soit 10 000 euros HT.")
    plain = drawn("Achat de materiel pour le club de la commune.", 50, 700)
    assert lines(pages(plain + drawn("2Soit 10 000 euros HT.", 50, 60, 8)))[-1][0] == "paragraph"


def boxes(rows: Sequence[tuple[str, ...]], top: float, widths: tuple[int, ...] = (150, 150, 100)) -> str:
    """A table with drawn borders whose first row is under ``top``."""
    content = ""
    for number, row in enumerate(rows):
        x, y = 50.0, top - 16 * (number + 1)
        for words, width in zip(row, widths, strict=True):
            content += f"{x} {y} {width} 16 re S\n" + (drawn(words, x + 4, y + 5) if words else "")
            x += width
    return content


def stood(rows: Sequence[tuple[str, ...]], top: float) -> str:
    """The same without borders."""
    return "".join(
        drawn(words, 54 + 150 * column, top - 16 * (number + 1) + 5)
        for number, row in enumerate(rows)
        for column, words in enumerate(row)
        if words
    )


NAMES = ("Association", "Objet", "Montant")
FIRST = [("Le Volant", "Saison", "12 000 \u20ac"), ("Les Rameurs", "Ecole", "6 600 \u20ac")]
REST = [("Le Tennis", "Tournoi", "3 000 \u20ac"), ("Total", "", "21 600 \u20ac")]


@pytest.mark.parametrize("draw", [boxes, stood], ids=["drawn", "aligned"])
@pytest.mark.parametrize("again", [False, True], ids=["", "names again"])
def test_a_table_that_a_page_cuts_is_one_table(draw: Callable[..., str], again: bool) -> None:
    before = drawn("Le detail figure dans le tableau qui suit, association par association.", 50, 200)
    after = drawn("Fait le 14 mars 2023.", 50, 500)
    rest = [NAMES, *REST] if again else REST
    document = pages(before + draw([NAMES, *FIRST], 180), draw(rest, 800) + after)
    assert cells(document) == [list(row) for row in (NAMES, *FIRST, *REST)]
    assert len(document.grids) == 1
    place = document.place(document.grids[0].cells[-1].start, document.grids[0].cells[-1].end)
    assert (place.page, place.quote) == (2, "21 600 €")


def test_two_tables_on_two_pages_stay_two() -> None:
    first = boxes([NAMES, *FIRST, ("Total", "", "18 600 \u20ac")], 180)
    again = pages(first, boxes([NAMES, *REST], 800))
    assert [len(grid.cells) for grid in again.grids] == [12, 9], "the same names after a total"
    other = pages(first, boxes([("Club", "But", "Aide"), *REST], 800))
    assert [len(grid.cells) for grid in other.grids] == [12, 9], "other names"
    narrow = pages(boxes([NAMES, *FIRST], 800), boxes(REST, 800))
    assert [len(grid.cells) for grid in narrow.grids] == [15], "whatever room the first page leaves"


def test_what_may_be_the_rest_of_a_table_is_no_table() -> None:
    # A line stands between: the header of a page that comes back nowhere, or a heading. The total would accuse.
    between = drawn("Commune de Valbrune", 50, 815)
    document = pages(boxes([NAMES, *FIRST], 180), between + boxes(REST, 800))
    assert [len(grid.cells) for grid in document.grids] == [9]
    assert ("row", "Total | | 21 600 €") in lines(document)
    # Other columns: the same table with merged cells, perhaps.
    document = pages(boxes([NAMES, *FIRST], 180), boxes([row[1:] for row in REST], 800, (300, 100)))
    assert [len(grid.cells) for grid in document.grids] == [9]


def test_what_stands_around_two_pages_is_told_when_it_comes_back() -> None:
    around = drawn("Commune de Valbrune", 50, 815) + "{}" + drawn("page {}", 300, 20)
    document = pages(
        around.format(drawn("Le conseil attribue une aide.", 50, 700) + drawn("- au club ;", 50, 670), 1),
        around.format(drawn("- aux rameurs.", 50, 700) + drawn("Fait le 14 mars 2023.", 50, 670), 2),
    )
    roles = [role for role, _ in lines(document)]
    assert roles == ["paragraph", "item", "item", "paragraph", "header", "footer", "header", "footer"]
    # Nothing is told from two pages that are the same.
    document = pages(*[around.format(drawn("Fait le 14 mars 2023.", 50, 700), 1)] * 2)
    assert "header" not in [role for role, _ in lines(document)]
