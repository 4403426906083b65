"""Codes read one at a time: what is accepted, what is refused, and that nothing else is ever raised."""

from __future__ import annotations

import pickle
import random
import re
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from subsidy_rules.imputation import (
    SEGMENT_KEYS,
    SURE_SHAPE,
    Imputation,
    ImputationError,
    parse_imputation,
)
from tests.imputations.notations import Written, bare, labelled, mistyped
from tests.shared import shared_folder


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("B320/65/6574/61", {"politique": "B320", "chapitre": "65", "nature": "6574", "fonction": "61"}),
        ("3A/61/6574", {"ligne": "3A", "fonction": "61", "nature": "6574"}),
        ("65-6574-313", {"chapitre": "65", "nature": "6574", "fonction": "313"}),
        ("6574-313", {"nature": "6574", "fonction": "313"}),
        ("65/6574", {"chapitre": "65", "nature": "6574"}),
        ("6574", {"nature": "6574"}),
        ("6574/025", {"nature": "6574", "fonction": "025"}),
        ("33-6574", {"fonction": "33", "nature": "6574"}),
        ("204/20422/324", {"chapitre": "204", "nature": "20422", "fonction": "324"}),
        ("011-6188-020", {"chapitre": "011", "nature": "6188", "fonction": "020"}),
        ("65/6574/33/P003", {"chapitre": "65", "nature": "6574", "fonction": "33", "ligne": "P003"}),
        ("936/65748/61", {"chapitre": "936", "nature": "65748", "fonction": "61"}),
        ("65 / 6574 / 33", {"chapitre": "65", "nature": "6574", "fonction": "33"}),
        ("65 6574 33", {"chapitre": "65", "nature": "6574", "fonction": "33"}),
        ("65.6574.33", {"chapitre": "65", "nature": "6574", "fonction": "33"}),
        ("65|6574|33", {"chapitre": "65", "nature": "6574", "fonction": "33"}),
        ("65–6574–33", {"chapitre": "65", "nature": "6574", "fonction": "33"}),
        ("65", {"chapitre": "65"}),
        ("011", {"chapitre": "011"}),
        ("945-25/657-3", {"sous_chapitre": "945-25", "nature": "657-3"}),
        ("P003", {"ligne": "P003"}),
        ("DE 80005", {"ligne": "DE 80005"}),
        ("0P28O5361", {"ligne": "0P28O5361"}),
        ("DEB2-980345", {"ligne": "DEB2", "programme": "980345"}),
        ("  65/6574\n", {"chapitre": "65", "nature": "6574"}),
        ("I.B. 6574-313", {"nature": "6574", "fonction": "313"}),
        ("Imputation budgétaire : 65/6574/33", {"chapitre": "65", "nature": "6574", "fonction": "33"}),
        ("mission 90010-75-030", {"mission": "90010-75-030"}),
        ("ligne de subvention DE 80005", {"ligne": "DE 80005"}),
        ("opération n°0P28O5361", {"operation": "0P28O5361"}),
        ("nature 65 51 11, fonction 33", {"nature": "655111", "fonction": "33"}),
        ("chapitre 65, natrue 6574", {"chapitre": "65", "nature": "6574"}),
        (
            "chapitre 945, sous-chapitre 945-25, article 657-3",
            {"chapitre": "945", "sous_chapitre": "945-25", "nature": "657-3"},
        ),
        (
            "article 6574, fonction 06, activité DEB2 - Enveloppe 980345",
            {"nature": "6574", "fonction": "06", "activite": "DEB2", "ligne": "980345"},
        ),
        ("chapitre 936, article fonctionnel 9361", {"chapitre": "936", "article": "9361"}),
        ("sur la ligne 3A/61/6574", {"ligne": "3A", "fonction": "61", "nature": "6574"}),
        ("Nature 6574 Fonction 33 6 225 000 F", {"nature": "6574", "fonction": "33"}),
    ],
)
def test_notations_of_practice(text: str, segments: dict[str, str]) -> None:
    read = parse_imputation(text)
    assert read.segments == segments
    assert read.raw == text
    assert not read.faults
    assert parse_imputation(read.canonical()).segments == segments


@pytest.mark.parametrize(
    ("text", "position", "fault", "repair"),
    [
        ("A123-65/6574/5", 4, "mixed-separators", "A123/65/6574/5"),
        ("A123/65/6574/5/", 14, "dangling-separator", "A123/65/6574/5"),
        ("A123//65/6574/5", 5, "doubled-separator", "A123/65/6574/5"),
        ("/A123/65/6574/5", 0, "dangling-separator", "A123/65/6574/5"),
        ("A123/204/20O22/5", 11, "letter-for-digit", "A123/204/20422/5"),
        ("A123/6S/6574/5", 6, "letter-for-digit", "A123/65/6574/5"),
        ("A123/2S/20422/5", 6, "letter-for-digit", "A123/204/20422/5"),
        ("A123/65/65 74/5", 10, "space-inside", "A123/65/6574/5"),
        ("65 74", 2, "space-inside", "6574"),
        ("6S74", 1, "letter-for-digit", "6574"),
        ("6574--33", 5, "doubled-separator", "6574-33"),
        ("nature 6S748", 8, "letter-for-digit", "nature 65748"),
        ("  65//6574", 5, "doubled-separator", "65/6574"),
    ],
)
def test_malformed_codes_are_refused_with_their_repair(text: str, position: int, fault: str, repair: str) -> None:
    with pytest.raises(ImputationError) as caught:
        parse_imputation(text)
    error = caught.value
    assert (error.fault, error.repair) == (fault, repair)
    assert error.position == position
    assert error.text == text
    parse_imputation(repair)
    assert error.reason.say("fr") != error.reason.say("en")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "n/a",
        "?",
        "-",
        "néant",
        "99/99",
        "0",
        "chapitre",
        "nature :",
        "chapitre 65, nature 65é4",
        "x" * 600,
        "６５/６５７４",
        "12 000 €",
        "65/6574/33/1/2/3/4/5",
        "\x00",
        "65/65é4",
        "nature 65O74",
    ],
)
def test_what_no_notation_allows(text: str) -> None:
    with pytest.raises(ImputationError) as caught:
        parse_imputation(text)
    assert 0 <= caught.value.position <= len(text)
    assert str(caught.value)


def test_a_body_s_own_codes_are_never_malformed() -> None:
    for own in ("3A", "B320", "6S", "0P28O5361", "1O", "A", "P003"):
        assert parse_imputation(f"{own}/65/6574/61").get("politique") == own
        assert parse_imputation(f"{own}/61/6574").get("ligne") == own
        assert parse_imputation(f"65/6574/61/{own}").get("ligne") == own


def test_the_generator_of_the_benchmark_is_read_and_its_seven_faults_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = shared_folder("bench")
    monkeypatch.syspath_prepend(str(folder))
    sys.modules.pop("gen", None)
    gen = __import__("gen")
    source = random.Random(7)
    sure = re.compile(SURE_SHAPE)
    for _ in range(4000):
        code = gen.imputation(source)
        read = parse_imputation(code)
        assert "/".join(read.segments.values()) == code
        assert list(read.segments) == ["politique", "chapitre", "nature", "fonction"]
        assert not read.ambiguous
        assert sure.fullmatch(code)
        wrong = gen.break_imputation(code, source)
        assert not sure.fullmatch(wrong)
        with pytest.raises(ImputationError) as caught:
            parse_imputation(wrong, fiscal_year=2020)
        assert caught.value.fault is not None
        assert caught.value.repair is not None


@given(st.from_regex(SURE_SHAPE, fullmatch=True))
def test_the_sure_shape_is_read_as_it_promises(code: str) -> None:
    read = parse_imputation(code)
    assert [key for key, _ in read.pairs] == ["politique", "chapitre", "nature", "fonction"]
    assert not read.readings


def test_readings_that_remain_are_told() -> None:
    read = parse_imputation("3A/65/6574", fiscal_year=2017, nomenclature="M57")
    assert read.ambiguous
    assert read.readings[0].segments == read.segments == {"politique": "3A", "chapitre": "65", "nature": "6574"}
    assert read.readings[1].segments == {"ligne": "3A", "fonction": "65", "nature": "6574"}
    assert read.readings[0].score >= read.readings[1].score
    assert not parse_imputation("3A/61/6574", fiscal_year=2017).ambiguous


def test_an_imputation_is_a_value() -> None:
    first, second = parse_imputation("65/6574/61"), parse_imputation("65/6574/61")
    assert first == second
    assert hash(first) == hash(second)
    assert pickle.loads(pickle.dumps(first)) == first
    assert (first.chapitre, first.nature, first.fonction, first.get("ligne")) == ("65", "6574", "61", None)
    with pytest.raises(AttributeError):
        first.raw = "x"  # type: ignore[misc]
    assert parse_imputation("fonction 61, nature 6574, chapitre 65").canonical() == first.canonical()


def test_an_imputation_given_by_segments() -> None:
    made = Imputation.of({"nature": "6574", "chapitre": "65", "ligne": "Théâtre"})
    assert made.raw == 'chapitre 65, nature 6574, ligne "Théâtre"'
    assert parse_imputation(made.raw).segments == {"chapitre": "65", "nature": "6574", "ligne": "Théâtre"}
    for wrong in ({"couleur": "3"}, {"nature": "65O4"}, {"chapitre": ""}, {"fonction": "3A"}):
        with pytest.raises(ImputationError):
            Imputation.of(wrong)


@settings(max_examples=150)
@given(labelled())
def test_labelled_notations_are_read_back(written: Written) -> None:
    read = parse_imputation(written.raw)
    assert read.segments == written.segments
    assert parse_imputation(read.canonical()).segments == written.segments


@given(mistyped())
def test_a_slip_in_a_label_is_seen_through(written: Written) -> None:
    read = parse_imputation(written.raw)
    assert read.segments == written.segments
    assert "label-typo" in read.repaired
    assert not read.faults


@given(bare())
def test_bare_codes_are_read_back(written: Written) -> None:
    read = parse_imputation(written.raw)
    assert read.segments == written.segments
    assert parse_imputation(read.canonical()).segments == written.segments


@settings(max_examples=150)
@given(
    st.one_of(
        st.text(max_size=60),
        st.text("0123456789/-–. |,;ABOSP°\u00a0", max_size=30),
        st.lists(
            st.sampled_from(("nature", "chapitre", "article", "6574", "65", "n°", ":", "«", "»", "/", "-", '"', "33")),
            max_size=12,
        ).map(" ".join),
    ),
    st.none() | st.integers(1990, 2030),
    st.none() | st.sampled_from(("M57", "M14", "M57 abrégé", "M22", "x")),
)
@example("9" * 400, None, None)
@example("000000000", None, None)
@example("212456789", None, None)
@example("/".join("1" * 200), None, None)
@example("9000", None, None)
@example("9361", None, None)
@example("65/9000/61", None, None)
def test_no_text_raises_anything_else(text: str, year: int | None, name: str | None) -> None:
    refused: ImputationError | None = None
    try:
        read = parse_imputation(text, fiscal_year=year, nomenclature=name)
    except ImputationError as error:
        refused = error
    if refused is not None:
        assert 0 <= refused.position <= max(500, len(text))
        return
    assert read.raw == text
    assert read.pairs
    assert set(read.segments) <= set(SEGMENT_KEYS)
    again = parse_imputation(read.canonical(), fiscal_year=year, nomenclature=name)
    assert again.segments == read.segments
