"""Smoothing that can be undone: every stretch of the smooth text is a stretch of the one that was written."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.normalised import Normalised, normalise, normalise_document
from tests.readers.reading_files import read


def written(smooth: Normalised, source: str, words: str) -> str:
    """What the source says where the smooth text says ``words``."""
    start = smooth.text.index(words)
    first, last = smooth.original(start, start + len(words))
    return source[first:last]


@pytest.mark.parametrize(
    ("source", "smooth", "words", "quote"),
    [
        ("1\u202f329\u00a0243 €", "1 329 243 €", "1 329 243 €", "1\u202f329\u00a0243 €"),
        ("l’année – « A »", "l'année - « A »", "année - «", "année – «"),
        ("dÃ©libÃ©ration Ã  5 â‚¬", "délibération à 5 €", "délibération à", "dÃ©libÃ©ration Ã "),
        ("coe\u0301t ﬁnancé", "coét financé", "fin", "ﬁn"),
        ("sub\u00advention de 70\u200b000", "subvention de 70000", "subvention", "sub\u00advention"),
        ("de **70 000** euros", "de 70 000 euros", "70 000 euros", "70 000** euros"),
        ("6574\u20113\u20441", "6574-3/1", "6574-3/1", "6574\u20113\u20441"),
        ("70 000 euros¹ votés pour 12 m² (2)", "70 000 euros votés pour 12 m² (2)", "euros votés", "euros¹ votés"),
        ("note ** et ** note", "note ** et ** note", "** et", "** et"),
    ],
)
def test_what_is_smoothed_comes_back(source: str, smooth: str, words: str, quote: str) -> None:
    done = normalise(source)
    assert done.text == smooth
    assert written(done, source, words) == quote


@pytest.mark.parametrize(
    ("source", "smooth"),
    [
        ("l'associa-\ntion", "l'association"),
        ("sous-\nchapitre 945-25", "sous-chapitre 945-25"),
        ("Aix-\n  Marseille", "Aix-Marseille"),
        ("6574-\n313", "6574-313"),
        ("1 329 \n  243 euros", "1 329 243 euros"),
        ("quatre-\nvingt", "quatre-vingt"),
        ("fi\u00ad\nnance", "finance"),
        ("un rendu, compte-\nrendu et compte-rendu", "un rendu, compte-rendu et compte-rendu"),
        ("un trait -\nsuite", "un trait - suite"),
    ],
)
def test_lines_that_the_width_cut_are_joined(source: str, smooth: str) -> None:
    assert normalise(source, wrapped=[(0, len(source))]).text == smooth


def test_line_feeds_elsewhere_stay() -> None:
    assert normalise("5 000\n3 000").text == "5 000\n3 000"
    document = read(".txt", b"A | 5 000 |\nB | 3 000 |")
    assert normalise_document(document).text == document.text


def test_lost_accents_show_in_the_folded_text() -> None:
    smooth = normalise("Accord\ufffd À l?Association ?")
    assert smooth.folded == "accord\ufffd a l\ufffdassociation ?"
    assert len(smooth.folded) == len(smooth.text)


_DIRTY = st.text(
    st.sampled_from(list("abcé1234567890 .,-/\n\u00a0\u202f\u2009–’“«»\u00ad\u200bﬁ*Ã©Â°â‚¬™e\u0301\ufffd?Aà\u2028\t")),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(source=_DIRTY, cut=st.integers(0, 60))
def test_every_stretch_comes_from_the_source_in_order(source: str, cut: int) -> None:
    smooth = normalise(source, wrapped=[(0, cut)] if 0 < cut <= len(source) else [])
    last = 0
    for offset in range(len(smooth.text)):
        first, end = smooth.original(offset, offset + 1)
        assert 0 <= first < end <= len(source)
        assert first >= last or smooth.original(offset - 1, offset)[0] == first
        last = first
    whole = smooth.original(0, len(smooth.text))
    assert whole[1] <= len(source)
    assert len(smooth.folded) == len(smooth.text)


@settings(max_examples=150, deadline=None)
@given(source=_DIRTY, cut=st.integers(0, 60))
def test_digits_are_never_changed(source: str, cut: int) -> None:
    smooth = normalise(source, wrapped=[(0, cut)] if 0 < cut <= len(source) else [])
    assert re.findall("[0-9]", smooth.text) == re.findall("[0-9]", source)
    for offset, character in enumerate(smooth.text):
        if character in "0123456789/":
            first, end = smooth.original(offset, offset + 1)
            assert source[first:end] in (character, "\u2044", "\u2215")


@settings(max_examples=80, deadline=None)
@given(source=_DIRTY)
def test_the_way_there_and_back(source: str) -> None:
    smooth = normalise(source)
    for offset in range(len(smooth.text)):
        first, end = smooth.original(offset, offset + 1)
        there = smooth.smoothed(first, end)
        assert there[0] <= offset < there[1]


@settings(max_examples=60, deadline=None)
@given(text=st.text("aàâéèêëîïôùûüçÀÉÈœŒ €«»’–°0123456789,.", max_size=60))
def test_text_decoded_twice_is_as_if_it_had_been_once(text: str) -> None:
    twice = text.encode().decode("cp1252", "surrogateescape")
    if any(0xDC80 <= ord(character) <= 0xDCFF for character in twice):
        return  # a byte that Windows-1252 leaves free: programs disagree on what they make of it
    assert normalise(twice).text == normalise(text).text


@settings(max_examples=60, deadline=None)
@given(text=st.text("aeiouAEIOUcC0123 ", max_size=40).map(lambda text: text.replace("e", "é").replace("c", "ç")))
def test_accents_written_apart_are_as_if_they_were_not(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)).text == normalise(text).text
