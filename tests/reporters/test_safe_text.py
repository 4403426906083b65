"""Text from outside is harmless wherever it is shown, and what was taken out stays visible."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidy_rules.safe_text import (
    cells_wide,
    cut,
    escape_json_text,
    formula_free,
    github_data,
    github_property,
    is_formula_like,
    markdown,
    visible,
)

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
NASTY = st.text(st.sampled_from("a1 =+-@\t\r\n\x00\x1b\x9b\x7f\u202e\u2066\u200b\u2028\ufeff\u00a0\u202fé«»\U000e0041"))


def hidden(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


@given(st.one_of(ANY, NASTY))
def test_nothing_hidden_is_left(text: str) -> None:
    assert not hidden(visible(text))


@given(st.one_of(ANY, NASTY))
def test_lines_are_kept_when_asked_for_and_nothing_else(text: str) -> None:
    assert hidden(visible(text, lines=True)) <= {"\n"}


def test_every_format_character_of_unicode_is_shown() -> None:
    for code in range(0x110000):
        character = chr(code)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            assert visible(character) != character, f"U+{code:04X}"


@pytest.mark.parametrize("text", ["50 000 €", "50\u202f000\u00a0€", "« à l’unité » – ½ — 日本", "naïve\u0301"])
def test_ordinary_typography_is_untouched(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\u202eb", "a\\u202eb"),
        ("a\tb", "a b"),
        ("a\nb", "a\\nb"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_what_is_taken_out_has_a_name(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "wide"), [("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("ｱ", 1), ("Ａ", 2), ("", 0)]
)
def test_columns_of_a_terminal(text: str, wide: int) -> None:
    assert cells_wide(text) == wide


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1+1", "\x00=1", "-2+3", "-1-1"]
)
def test_formulas_are_neutralised(text: str) -> None:
    assert is_formula_like(text)
    assert formula_free(text).startswith("'")


@pytest.mark.parametrize("text", ["", "70 000 €", "-5 000,00 €", "+12", "-3,5 %", "a=b", "'=1", "12-13"])
def test_numbers_and_words_are_not_formulas(text: str) -> None:
    assert formula_free(text) == text


@given(st.one_of(ANY, NASTY))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = formula_free(text)
    assert not cell.lstrip(" ").startswith(("=", "@", "＝", "＠", "\t", "\r", "\n"))


@given(st.one_of(ANY, NASTY), st.integers(1, 80))
def test_a_cut_text_is_no_longer_than_asked(text: str, length: int) -> None:
    short = cut(text, length)
    assert len(short) <= length
    assert short == text or short.endswith("…")


@given(st.one_of(ANY, NASTY))
def test_json_text_keeps_its_data_and_loses_its_controls(text: str) -> None:
    written = escape_json_text(json.dumps({"a": text}, ensure_ascii=False))
    assert json.loads(written) == {"a": text}
    assert not hidden(written)
    written.encode("utf-8")


@given(st.one_of(ANY, NASTY))
def test_a_workflow_command_stays_on_its_line(text: str) -> None:
    assert "\n" not in github_data(text)
    assert "\r" not in github_data(text)
    assert not set(github_property(text)) & set(",\n\r")
    assert ":" not in github_property(text)


@pytest.mark.parametrize(
    "text",
    [
        "<b>gras</b> & <script>alert(1)</script>",
        "[lien](javascript:alert(1)) ![image](http://exemple.fr/x.png)",
        "# titre",
        "- puce",
        "1. liste",
        "`code` *a* _b_ ~~c~~ | d",
        "http://exemple.fr www.exemple.fr a@exemple.fr @equipe #12",
        "    code",
        "***",
        "> citation",
        "a\\b",
        "&amp; &#60;",
    ],
)
def test_markdown_is_read_back_as_the_words_it_was(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py absent")
    pytest.importorskip("linkify_it", reason="linkify-it-py absent")
    parser = markdown_it.MarkdownIt("gfm-like")
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False})  # forges link what has a scheme or www., not every name with a dot
    page = parser.render("x " + markdown(text))
    assert page.startswith("<p>x ")
    for tag in ("<a ", "<img", "<script", "<b>", "<code", "<em", "<strong", "<s>", "<h1", "<ul", "<ol", "<table"):
        assert tag not in page
    plain = parser.parseInline("x " + markdown(text))[0].children or []
    said = "".join(token.content for token in plain if token.type in ("text", "text_special"))
    assert said == "x " + text
