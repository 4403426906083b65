"""Web pages: what a browser shows, at the places of the source."""

from __future__ import annotations

from subsidy_rules.document import Document
from tests.readers.reading_files import cells, lines, read


def page(source: str) -> Document:
    return read(".html", source.encode())


def said(document: Document) -> str:
    return " / ".join(remark.say("fr") for remark in document.remarks)


def test_what_is_not_shown_is_not_read() -> None:
    document = page(
        "<head><title>T 1</title><style>p{content:'2'}</style></head><script>if (a<b) x('3')</script><!-- 4 -->"
        "<p>un <span style='display: none'>5</span><span hidden>6</span>deux</p><select><option>7</select>"
        "<textarea>8</textarea>"
    )
    assert document.text == "un deux"
    assert "masqués, non lus\u00a0: 2" in said(document)


def test_struck_text_is_left_out_and_raised_digits_are_marked() -> None:
    document = page("<p><del>60 000</del><ins>70 000</ins> € pour 12 m<sup>2</sup><s> non</s><sup>e</sup></p>")
    assert document.text == "70 000 € pour 12 m²e"
    assert "barrés, non lus\u00a0: 2" in said(document)


def test_blanks_are_collapsed_but_no_break_ones_stay() -> None:
    assert page("<p> 1&nbsp;329&#8239;243\n   euros <b> et</b> plus").text == "1\u00a0329\u202f243 euros et plus"


def test_lists_are_marked() -> None:
    document = page("<ul><li>a<li>b<ol type=a start=3><li>c<li><p>d</p><p>e</p></ol></ul><p>f")
    assert document.text == "- a\n- b\nc. c\nd. d\ne\nf"
    assert [(block.role, block.level) for block in document.blocks] == [
        ("item", 1), ("item", 1), ("item", 2), ("item", 2), ("item", 2), ("paragraph", 0),
    ]  # fmt: skip


def test_tables_with_merged_cells_and_a_caption() -> None:
    document = page(
        "<table><caption>Concours</caption><tr><th colspan=2>Qui<th>Combien"
        "<tr><td rowspan=2>Ville<td>2016<td>1 000 €<tr><td>2017<td>2 000 €</table>Fin"
    )
    assert cells(document) == [["Qui", "", "Combien"], ["Ville", "2016", "1 000 €"], ["", "2017", "2 000 €"]]
    assert lines(document)[0] == ("paragraph", "Concours")
    assert lines(document)[-1] == ("paragraph", "Fin")


def test_places_go_through_references_and_tags() -> None:
    source = "<p>Montant :\n  <b>70&nbsp;000</b>&#x20AC; &eacute;t&eacute; &amp; &copy &unknown; 3 < 4</p>"
    document = page(source)
    rows = source.split("\n")
    for words, written in (
        ("70\u00a0000", "70&nbsp;000"),
        ("€", "&#x20AC;"),
        ("été", "&eacute;t&eacute;"),
        ("3 < 4", "3 < 4"),
    ):
        start = document.text.index(words)
        place = document.place(start, start + len(words))
        assert place.quote == words
        assert place.line == 2
        assert place.column is not None
        assert place.end_column is not None
        shown = rows[1][place.column - 1 : place.end_column - 1]
        assert shown == written
    assert "&unknown;" in document.text


def test_the_declared_encoding_is_used_when_it_is_not_utf8() -> None:
    source = "<meta charset='iso-8859-1'><p>déjà 5 €</p>".encode("cp1252")
    document = read(".html", source)
    assert document.text == "déjà 5 €"
    assert document.encoding == "windows-1252"
    assert "annonce" in said(document)


def test_a_page_that_breaks_off_says_where() -> None:
    document = page("<p>un\n<!-- jamais fermé <p>deux")
    assert document.text == "un"
    assert document.unread == 1
    assert "ligne 2" in said(document)


def test_hidden_elements_with_an_optional_end_hide_only_themselves() -> None:
    assert page("<p hidden>un<p>deux<ul><li style='visibility:hidden'>a<li>b</ul>").text == "deux\n- b"


def test_preformatted_text_keeps_its_lines() -> None:
    document = page("<pre>a   1\nb   2</pre>")
    assert [block.role for block in document.blocks] == ["preformatted", "preformatted"]
    assert document.text == "a   1\nb   2"
