"""Bytes to text: what is certain is not told, what is guessed is."""

from __future__ import annotations

import codecs
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.decoding import decode
from subsidy_rules.reading import Limits, MissingExtra, ReadError

TEXT = "Délibération n° 5 : « 70\u00a0000 € », soit 5,27 % — œuvre"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_marks_and_utf8_are_certain(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + TEXT.encode(encoding), Limits())
    assert decoded.text == TEXT
    assert decoded.encoding == encoding
    assert not decoded.remarks


def test_windows_1252_is_a_guess_and_told() -> None:
    decoded = decode(TEXT.encode("cp1252"), Limits())
    assert decoded.text == TEXT
    assert decoded.encoding == "windows-1252"
    assert "supposé" in decoded.remarks[0].say("fr")


def test_a_declared_encoding_goes_after_utf8() -> None:
    assert decode("é".encode(), Limits(), declared="iso-8859-1").text == "é"
    decoded = decode("Ž€".encode("iso-8859-15"), Limits(), declared="ISO-8859-15")
    assert decoded.text == "Ž€"
    assert "annonce" in decoded.remarks[0].say("fr")


def test_a_few_stray_bytes_do_not_spoil_the_rest() -> None:
    decoded = decode("éàèùç".encode() + "é".encode("cp1252"), Limits())
    assert decoded.text == "éàèùçé"
    assert "1 octet, lu" in decoded.remarks[0].say("fr")


def test_a_text_cut_in_a_character_is_read() -> None:
    assert decode(("é" * 20).encode()[:-1], Limits()).text.startswith("é" * 19)


def test_bytes_that_mean_nothing_are_counted() -> None:
    decoded = decode(b"\x81 \xe9", Limits())
    assert decoded.text == "\ufffd é"
    assert len(decoded.remarks) == 2


def test_line_ends_are_one_character() -> None:
    assert decode(b"a\r\nb\rc\nd", Limits()).text == "a\nb\nc\nd"


@pytest.mark.parametrize(
    "data",
    [b"", b"a\x00b", b"\x01\x02\x03 text", codecs.BOM_UTF16_LE + b"a", codecs.BOM_UTF16_LE + b"\x00\xd8a\x00"],
    ids=["empty", "nul", "controls", "half a unit", "half a pair"],
)
def test_what_is_not_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        decode(data, Limits())


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word"),
        (b"{\\rtf1", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
    ],
)
def test_another_format_under_a_text_name_is_named(data: bytes, word: str) -> None:
    with pytest.raises(ReadError) as raised:
        decode(data, Limits())
    assert word in raised.value.reason.say("fr")


def test_limits_are_told() -> None:
    with pytest.raises(ReadError) as raised:
        decode(b"a" * 11, Limits(file_bytes=10))
    assert "11 octets" in raised.value.reason.say("fr")
    with pytest.raises(ReadError) as raised:
        decode(b"a" * 11, Limits(characters=10))
    assert "11 caractères" in raised.value.reason.say("fr")


def test_errors_survive_a_process_boundary() -> None:
    error = MissingExtra(extra="pdf", library="pypdf")
    assert "subsidy-rules[pdf]" in error.reason.say("fr")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, ReadError)
    assert again.reason == error.reason


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(data: bytes) -> None:
    try:
        decoded = decode(data, Limits())
    except ReadError:
        return
    assert "\x00" not in decoded.text
    assert "\r" not in decoded.text


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100))
def test_utf8_is_always_itself(text: str) -> None:
    if text.startswith(("\ufeff", "%PDF-", "{\\rtf", "GIF8", "PK")):
        return
    assert decode(text.encode(), Limits()).text == text
