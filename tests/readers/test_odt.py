"""OpenDocument: the same choices as for Word."""

from __future__ import annotations

from subsidy_rules.document import Document
from tests.readers.making import as_zip, odt
from tests.readers.reading_files import cells, lines, read, refusal


def writer(body: str, styles: str = "") -> Document:
    return read(".odt", odt(body, styles))


def said(document: Document) -> str:
    return " / ".join(remark.say("fr") for remark in document.remarks)


def test_tracked_deletions_are_not_read() -> None:
    document = writer(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>60 000</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>Une subvention de <text:change/><text:change-start/>70 000<text:change-end/> euros</text:p>"
    )
    assert document.text == "Une subvention de 70 000 euros"
    assert "insérés, lus comme le reste\u00a0: 1" in said(document)
    assert "supprimés, non lus\u00a0: 1" in said(document)


def test_blanks_are_those_of_the_page() -> None:
    document = writer(
        '<text:p>  Total\n   :<text:s text:c="3"/>70\u00a0000<text:tab/>€ <text:span> fin</text:span>'
        "<text:line-break/>suite</text:p>"
    )
    assert document.text == "Total :   70\u00a0000\t€ fin\nsuite"


def test_hidden_struck_and_raised_text() -> None:
    document = writer(
        '<text:p>un <text:span text:style-name="Cache">caché </text:span>'
        '<text:span text:style-name="Barre">barré </text:span>'
        'm<text:span text:style-name="Haut">2</text:span></text:p>'
        '<text:section text:display="none"><text:p>section</text:p></text:section>'
    )
    assert document.text == "un m²"
    assert "masqués, non lus\u00a0: 2" in said(document)
    assert "barrés, non lus\u00a0: 1" in said(document)


def test_lists_are_marked_and_counted() -> None:
    document = writer(
        '<text:list text:style-name="Nombres">'
        "<text:list-item><text:p>un</text:p><text:p>suite</text:p></text:list-item>"
        "<text:list-item><text:p>deux</text:p>"
        "<text:list><text:list-item><text:p>dedans</text:p></text:list-item></text:list></text:list-item></text:list>"
    )
    assert document.text == "1. un\nsuite\n2. deux\n- dedans"
    assert [(block.role, block.level) for block in document.blocks] == [
        ("item", 1), ("item", 1), ("item", 1), ("item", 2),
    ]  # fmt: skip


def test_notes_follow_the_text() -> None:
    document = writer(
        "<text:p>70 000 euros<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>hors taxes</text:p></text:note-body></text:note> votés.</text:p><text:p>Fin.</text:p>"
    )
    assert document.text == "70 000 euros¹ votés.\nFin.\n¹ hors taxes"
    assert lines(document)[-1] == ("footnote", "hors taxes")


def test_frames_follow_their_paragraph_and_comments_are_told() -> None:
    document = writer(
        "<text:p>Avant<draw:frame><draw:text-box><text:p>Encadré : 5 000 €</text:p></draw:text-box></draw:frame> après"
        "<office:annotation><text:p>à revoir</text:p></office:annotation></text:p>"
    )
    assert document.text == "Avant après\nEncadré : 5 000 €"
    assert "commentaires, non lus\u00a0: 1" in said(document)


def test_merged_and_repeated_cells() -> None:
    document = writer(
        '<table:table table:name="T"><table:table-row>'
        '<table:table-cell table:number-columns-spanned="2"><text:p>Concours</text:p></table:table-cell>'
        "<table:covered-table-cell/>"
        '<table:table-cell table:number-rows-spanned="2"><text:p>Montant</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'
        "<table:covered-table-cell><text:p>couvert</text:p></table:covered-table-cell></table:table-row></table:table>"
    )
    assert cells(document) == [["Concours", "", "Montant"], ["x", "x", ""]]
    assert document.grids[0].name == "T"


def test_headings_objects_and_pages() -> None:
    document = writer(
        '<text:h text:outline-level="2">Article 1</text:h>'
        "<text:p>Avant.<text:soft-page-break/></text:p><text:p>Après.</text:p>"
        "<text:p><draw:frame><draw:object><text:p>caché</text:p></draw:object></draw:frame></text:p>"
    )
    assert [(b.role, b.level, b.page) for b in document.blocks] == [
        ("heading", 2, 1), ("paragraph", 0, 1), ("paragraph", 0, 2),
    ]  # fmt: skip
    assert document.unread == 1
    assert "objets incorporés" in said(document)


def test_headers_and_footers_come_from_the_styles() -> None:
    document = writer(
        "<text:p>Texte</text:p>",
        styles="<style:master-page><style:header><text:p>Ville de Lyon</text:p></style:header>"
        "<style:footer><text:p>Page 1</text:p></style:footer></style:master-page>",
    )
    assert lines(document) == [("header", "Ville de Lyon"), ("paragraph", "Texte"), ("footer", "Page 1")]


def test_an_unresolved_field_shows_its_text() -> None:
    document = writer(
        "<text:p>au <text:variable-get>Erreur : source de la référence non trouvée</text:variable-get></text:p>"
    )
    assert document.text == "au Erreur : source de la référence non trouvée"


def test_a_protected_document_is_refused() -> None:
    data = odt("<text:p>x</text:p>", parts={"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"})
    assert "mot de passe" in refusal(".odt", data).reason.say("fr")


def test_a_workbook_named_odt_is_told() -> None:
    data = as_zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})
    assert "n’est pas un texte" in refusal(".odt", data).reason.say("fr")


def test_repeated_blank_tables_inside_one_another_cost_nothing() -> None:
    inner = "<text:p/>"
    for _ in range(12):
        inner = (
            '<table:table><table:table-row table:number-rows-repeated="1000">'
            f'<table:table-cell table:number-columns-repeated="1000">'
            f"{inner}</table:table-cell></table:table-row></table:table>"
        )
    assert writer(inner + "<text:p>fin</text:p>").text == "fin"


def test_a_drawn_number_with_words_is_part_of_the_text() -> None:
    style = (
        '<text:list-style style:name="Articles"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-prefix="Article " style:num-suffix=" :"/></text:list-style>'
    )
    item = "<text:list-item><text:p>{}</text:p></text:list-item>"
    document = read(
        ".odt",
        odt(
            f'<text:list text:style-name="Articles">{item.format("Le conseil")}{item.format("Le maire")}</text:list>',
            style,
        ),
    )
    assert lines(document) == [("item", "Article 1 : Le conseil"), ("item", "Article 2 : Le maire")]
