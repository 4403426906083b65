"""Word: what the printed page shows, every change accepted; the rest is told."""

from __future__ import annotations

from subsidy_rules.document import Document
from tests.readers.making import W_STRICT, R, as_zip, cell, docx, paragraph, run, table
from tests.readers.reading_files import cells, lines, read, refusal

LEFTOVER = "Erreur ! Aucune variable de document fournie."


def word(body: str, **others: str) -> Document:
    return read(".docx", docx(body, others))


def said(document: Document) -> str:
    return " / ".join(remark.say("fr") for remark in document.remarks)


def test_insertions_are_read_and_deletions_are_not() -> None:
    document = word(
        paragraph(
            run("Une subvention de ")
            + f"<w:del w:id='1'><w:r><w:delText>60 000</w:delText></w:r></w:del><w:ins w:id='2'>{run('70 000')}</w:ins>"
            + run(" euros")
        )
    )
    assert document.text == "Une subvention de 70 000 euros"
    assert "insérés, lus comme le reste\u00a0: 1" in said(document)
    assert "supprimés, non lus\u00a0: 1" in said(document)


def test_moved_text_is_read_once_where_it_went() -> None:
    document = word(
        paragraph(f"<w:moveFrom w:id='1'>{run('50 000 euros')}</w:moveFrom>{run('Avant')}")
        + paragraph(f"<w:moveTo w:id='2'>{run('50 000 euros')}</w:moveTo>")
    )
    assert lines(document) == [("paragraph", "Avant"), ("paragraph", "50 000 euros")]


def test_a_deleted_end_of_paragraph_joins_two_paragraphs() -> None:
    document = word(
        paragraph(run("un montant de 50 "), "<w:rPr><w:del w:id='1'/></w:rPr>") + paragraph("000 euros, deux articles.")
    )
    assert document.text == "un montant de 50 000 euros, deux articles."


def test_a_deleted_row_is_not_read() -> None:
    deleted = f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{cell('B')}{cell('9 999 €')}</w:tr>"
    kept = "".join(f"<w:tr>{cell(name)}{cell(amount)}</w:tr>" for name, amount in (("A", "1 €"), ("Total", "1 €")))
    document = word(f"<w:tbl>{deleted}{kept}</w:tbl>")
    assert cells(document) == [["A", "1 €"], ["Total", "1 €"]]
    assert "supprimés, non lus\u00a0: 1" in said(document)


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_the_result_of_a_field_is_read_and_its_code_is_not() -> None:
    document = word(paragraph(run("proposer au ") + field(" DOCVARIABLE assemblee ", LEFTOVER) + run(" de délibérer")))
    assert document.text == f"proposer au {LEFTOVER} de délibérer"


def test_a_field_inside_the_code_of_another_does_not_show() -> None:
    nested = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>'
        + field(" MERGEFIELD total ", "99 999")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("70 000 euros")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert word(paragraph(run("Total : ") + nested)).text == "Total : 70 000 euros"


def test_a_field_without_an_end_is_told() -> None:
    document = word(paragraph(run("Total : ") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("70 000 euros")))
    assert document.text == "Total :"
    assert document.unread == 1
    assert "champ" in said(document)


def test_simple_fields_and_content_controls_are_read() -> None:
    document = word(
        paragraph(f'<w:fldSimple w:instr="DATE">{run("12 mai 2017")}</w:fldSimple>')
        + f"<w:sdt><w:sdtPr><w:placeholder/></w:sdtPr><w:sdtContent>{paragraph('Cliquez ici')}</w:sdtContent></w:sdt>"
    )
    assert document.text == "12 mai 2017\nCliquez ici"


def test_hidden_and_struck_text_is_left_out_and_told() -> None:
    document = word(
        paragraph(
            run("un ") + run("secret ", "<w:vanish/>") + run("caché ", '<w:rStyle w:val="Cache"/>')
            + run("barré ", "<w:strike/>") + run("montré ", '<w:strike w:val="0"/>') + run("deux")
        )
    )  # fmt: skip
    assert document.text == "un montré deux"
    assert "masqués, non lus\u00a0: 2" in said(document)
    assert "barrés, non lus\u00a0: 1" in said(document)


def test_raised_digits_are_not_digits_of_a_figure() -> None:
    document = word(paragraph(run("1 200 m") + run("2", '<w:vertAlign w:val="superscript"/>') + run(" pour 5 000 €")))
    assert document.text == "1 200 m² pour 5 000 €"


def test_blanks_hyphens_and_symbols() -> None:
    content = (
        run("1\u00a0329\u202f243") + "<w:r><w:tab/></w:r>"
        + run("sous") + "<w:r><w:noBreakHyphen/></w:r>" + run("total")
        + '<w:r><w:sym w:font="Symbol" w:char="F0A0"/></w:r>' + '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    )  # fmt: skip
    assert word(paragraph(content)).text == "1\u00a0329\u202f243\tsous\u2011total€□"


def test_words_without_preserved_blanks_lose_them_as_in_word() -> None:
    assert word("<w:p><w:r><w:t> 70 </w:t></w:r><w:r><w:t>000</w:t></w:r></w:p>").text == "70000"


def test_line_breaks_part_lines_and_typed_dashes_are_items() -> None:
    document = word(paragraph(run("Répartition :") + "<w:r><w:br/></w:r>" + run("- 50 000 euros") + "<w:r><w:br/></w:r>"
                              + run("– 20 000 euros")))  # fmt: skip
    assert lines(document) == [("paragraph", "Répartition :"), ("item", "50 000 euros"), ("item", "20 000 euros")]
    assert {block.paragraph for block in document.blocks} == {1}


def numbered(words: str, list_id: int, level: int = 0) -> str:
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(run(words), properties)


def test_the_numbers_that_word_draws_are_counted() -> None:
    document = word(
        numbered("un", 2) + numbered("a", 2, 1) + numbered("b", 2, 1) + numbered("deux", 2) + numbered("c", 2, 1)
    )
    assert document.text == "1. un\n1.a) a\n1.b) b\n2. deux\n2.a) c"
    assert [(block.role, block.level) for block in document.blocks] == [
        ("item", 1), ("item", 2), ("item", 2), ("item", 1), ("item", 2),
    ]  # fmt: skip
    assert lines(document)[1] == ("item", "a"), "the mark is not in the block"


def test_a_drawn_number_with_words_is_part_of_the_text() -> None:
    document = word(numbered("attribution", 3) + numbered("imputation", 3))
    assert lines(document) == [("item", "Article 1 : attribution"), ("item", "Article 2 : imputation")]


def test_notes_follow_in_the_order_of_their_calls() -> None:
    def note(identifier: int, words: str) -> str:
        return f'<w:footnote w:id="{identifier}">{paragraph(run(words))}</w:footnote>'

    body = paragraph(
        run("70 000 euros") + '<w:r><w:footnoteReference w:id="3"/></w:r>' + run(" et 5 %")
        + '<w:r><w:footnoteReference w:id="2"/></w:r>' + '<w:r><w:endnoteReference w:id="7"/></w:r>'
    )  # fmt: skip
    separator = f'<w:footnote w:type="separator" w:id="0">{paragraph("non")}</w:footnote>'
    document = word(
        body,
        footnotes=separator + note(2, "deuxième") + note(3, "première") + note(4, "jamais appelée"),
        endnotes=f'<w:endnote w:id="7">{paragraph(run("dernière"))}</w:endnote>',
    )
    assert document.text == "70 000 euros¹ et 5 %²¹\n¹ première\n² deuxième\n¹ dernière"
    assert lines(document)[1:] == [("footnote", "première"), ("footnote", "deuxième"), ("footnote", "dernière")]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph(run('Encadré : 5 000 €'))}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    drawing = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    assert word(paragraph(run("Avant") + drawing + run(" après"))).text == "Avant après\nEncadré : 5 000 €"


def test_headers_and_footers_are_told_from_the_text() -> None:
    document = word(
        paragraph("Texte")
        + '<w:sectPr><w:headerReference r:id="header1"/><w:footerReference r:id="footer1"/>'
        + '<w:headerReference r:id="header2"/></w:sectPr>',
        header1=paragraph("Ville de Lyon"),
        header2=paragraph("Ville de Lyon"),
        footer1=paragraph("Page 1"),
    )
    assert lines(document) == [("header", "Ville de Lyon"), ("paragraph", "Texte"), ("footer", "Page 1")]


def test_merged_cells_keep_their_columns() -> None:
    document = word(
        table(
            [
                [cell("Concours", '<w:gridSpan w:val="2"/>'), cell("Montant")],
                [cell("Ville", '<w:vMerge w:val="restart"/>'), cell("2016"), cell("1 000 €")],
                [cell("", "<w:vMerge/>"), cell("2017"), cell("2 000 €")],
            ]
        )
    )
    assert cells(document) == [["Concours", "", "Montant"], ["Ville", "2016", "1 000 €"], ["", "2017", "2 000 €"]]
    spans = {document.text[c.start : c.end]: (c.row_span, c.column_span) for c in document.grids[0].cells}
    assert spans["Concours"] == (1, 2)
    assert spans["Ville"] == (2, 1)
    assert document.text.split("\n")[1] == "Ville | 2016 | 1 000 €"


def test_a_table_inside_a_cell_is_a_grid_of_its_own() -> None:
    inner = table([[cell("a"), cell("1 €")], [cell("b"), cell("2 €")]])
    document = word(table([[cell("Détail"), cell(paragraph("Total 3 €") + inner)], [cell("x"), cell("y")]]))
    assert len(document.grids) == 2
    assert cells(document, 1) == [["a", "1 €"], ["b", "2 €"]]
    assert cells(document, 0)[0][1] == "Total 3 €\na | 1 €\nb | 2 €"


def test_a_table_of_one_cell_is_a_frame() -> None:
    document = word(table([[cell(paragraph("Titre") + paragraph("- 5 000 €"))]]))
    assert lines(document) == [("paragraph", "Titre"), ("item", "5 000 €")]
    assert not document.grids


def test_a_cell_that_holds_a_page_gives_paragraphs() -> None:
    page = "".join(
        paragraph(f"Un paragraphe assez long pour être du texte suivi, le numéro {n} de la page. " * 2)
        for n in range(5)
    )
    document = word(table([[cell("Objet"), cell(page)]]))
    assert [block.role for block in document.blocks] == ["paragraph"] * 6
    assert len(document.grids) == 1


def test_two_figures_in_two_cells_are_never_one() -> None:
    document = word(table([[cell("50 000"), cell("20 000")], [cell("1"), cell("2")]]))
    assert "50 000 20 000" not in " ".join(document.text.split())


def test_embedded_objects_and_comments_are_told() -> None:
    ole = (
        '<w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="Excel.Sheet.12"/></w:object>'
    )
    document = word(
        paragraph(run("Voir tableau :") + f"<w:r>{ole}</w:r>"),
        comments=f"<w:comment>{paragraph('à revoir')}</w:comment>",
    )
    assert document.text == "Voir tableau :"
    assert document.unread == 1
    assert "objets incorporés" in said(document)
    assert "commentaires, non lus\u00a0: 1" in said(document)


def test_pages_are_those_that_word_last_drew() -> None:
    document = word(paragraph("Avant.") + paragraph("<w:r><w:lastRenderedPageBreak/></w:r>" + run("Après.")))
    assert [block.page for block in document.blocks] == [1, 2]
    assert [block.page for block in word(paragraph("Avant.")).blocks] == [None]


def test_the_strict_namespace_is_read_too() -> None:
    assert read(".docx", docx(paragraph("70 000 euros"), namespace=W_STRICT)).text == "70 000 euros"


def test_the_main_part_may_have_another_name() -> None:
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    data = as_zip(
        {
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="a" Type="{R}/officeDocument" '
            'Target="/word/document2.xml"/></Relationships>',
            "word/document2.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{paragraph('70 000 euros')}</w:body></w:document>",
        }
    )
    assert read(".docx", data).text == "70 000 euros"


def test_a_workbook_named_docx_is_told() -> None:
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    data = as_zip(
        {
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="a" Type="{R}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": "<workbook/>",
        }
    )
    assert "n’est pas un document Word" in refusal(".docx", data).reason.say("fr")


def test_a_docx_without_a_word_is_refused() -> None:
    assert "aucun mot" in refusal(".docx", docx(paragraph("<w:r/>"))).reason.say("fr")
