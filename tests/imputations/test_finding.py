"""Imputations looked for in prose: all of them, no number that is not one, in linear time."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subsidy_rules.imputation import find_imputations
from tests.imputations.notations import Written, bare, labelled, mistyped, numbers
from tests.shared import shared_folder


def cases() -> list[dict[str, Any]]:
    lines = shared_folder("cases", "dev.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def segments_in(text: str) -> list[dict[str, str]]:
    return [dict(found.imputation.segments) for found in find_imputations(text)]


@settings(max_examples=120)
@given(labelled())
def test_labelled_imputations_are_found_whole(written: Written) -> None:
    found = list(find_imputations(written.text))
    assert [dict(item.imputation.segments) for item in found] == [written.segments]
    assert written.text[found[0].start : found[0].end] == found[0].imputation.raw == written.raw


@given(mistyped())
def test_a_mistyped_label_hides_nothing(written: Written) -> None:
    assert segments_in(written.text) == [written.segments]


@settings(max_examples=150)
@given(bare())
def test_announced_codes_are_found(written: Written) -> None:
    found = list(find_imputations(written.text))
    assert [dict(item.imputation.segments) for item in found] == [written.segments]
    assert written.text[found[0].start : found[0].end] == found[0].imputation.raw


@settings(max_examples=120)
@given(st.lists(numbers(), min_size=1, max_size=5), st.sampled_from((". ", ", ", "\n", " ; ", " et ")))
def test_other_numbers_are_not_imputations(sentences: list[str], joint: str) -> None:
    assert segments_in(joint.join(sentences)) == []


@settings(max_examples=120)
@given(labelled(), st.lists(numbers(), min_size=1, max_size=3), st.lists(numbers(), min_size=1, max_size=3))
def test_numbers_around_change_nothing(written: Written, before: list[str], after: list[str]) -> None:
    text = ". ".join(before) + ".\n\n" + written.text.rstrip(".") + ".\n\n" + ". ".join(after) + "."
    assert segments_in(text) == [written.segments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nature 6574 Fonction 33 6 225 000 F,\n\nNature 6574 Fonction 311 15 422 500 F,",
            [{"nature": "6574", "fonction": "33"}, {"nature": "6574", "fonction": "311"}],
        ),
        (
            "Nature 6574 | Fonction 311 | 1 245 000 F |\nNature 6574 | Fonction 312 | 795 000 F |",
            [{"nature": "6574", "fonction": "311"}, {"nature": "6574", "fonction": "312"}],
        ),
        (
            "Chapitre | Nature | Fonction | Montant\n65 | 6574 | 33 | 10 000 €\n204 | 20422 | 324 | 5 000 €\n",
            [
                {"chapitre": "65", "nature": "6574", "fonction": "33"},
                {"chapitre": "204", "nature": "20422", "fonction": "324"},
            ],
        ),
        ("Chapitre\tArticle\tMontant\n65\t6574\t10 000\n65\tnéant\t3", [{"chapitre": "65", "nature": "6574"}]),
        (
            "imputée au chapitre 65 du budget principal de la Ville, article 6574, sous-fonction 33.",
            [{"chapitre": "65", "nature": "6574", "fonction": "33"}],
        ),
        ("les crédits du chapitre 65 et de l'article 20422", [{"chapitre": "65"}, {"nature": "20422"}]),
        (
            "Chapitre 204\nNature 20422\nNature 20421\nChapitre 65\nNature 6574",
            [{"chapitre": "204", "nature": "20422"}, {"nature": "20421"}, {"chapitre": "65", "nature": "6574"}],
        ),
        ("nature 20421, chapitre 65, nature 6574", [{"nature": "20421"}, {"chapitre": "65", "nature": "6574"}]),
        ("l'article 1234, chapitre 12 du règlement intérieur", []),
        ("au compte 6754 (page 23) puis au compte 6574.", [{"nature": "6754"}, {"nature": "6574"}]),
        ("nature 65 74 12 500 F", [{"nature": "6574"}]),
        ("nature 65 748, fonction 33", [{"nature": "65748", "fonction": "33"}]),
        ("Imputation : 65 6574 33.", [{"chapitre": "65", "nature": "6574", "fonction": "33"}]),
        ("Imputation : 65 - 6574 - 025 (DIRAS)", [{"chapitre": "65", "nature": "6574", "fonction": "025"}]),
        ("imputation 6574", [{"nature": "6574"}]),
        ("imputée sur les crédits inscrits à l'article 6574 du budget", [{"nature": "6574"}]),
        ("l'article 6574 du code de commerce", []),
        (
            "budget principal - chapitre 011 - opération n°0P28O5361",
            [{"budget": "principal", "chapitre": "011", "operation": "0P28O5361"}],
        ),
        ("nature 6574 euros, compte 3 747 192€, nature 2000, compte 2017", []),
    ],
)
def test_ways_of_acts(text: str, expected: list[dict[str, str]]) -> None:
    assert segments_in(text) == expected
    for found in find_imputations(text):
        assert text[found.start : found.end] == found.imputation.raw


def test_a_stretch_of_a_text_is_searched_alone() -> None:
    text = "nature 6574, fonction 33. Puis nature 20422, fonction 324."
    at = text.index("Puis")
    assert [found.imputation.nature for found in find_imputations(text, at)] == ["20422"]
    assert [found.imputation.nature for found in find_imputations(text, 0, at)] == ["6574"]


def test_malformed_codes_in_prose_are_found_with_their_fault() -> None:
    found = list(
        find_imputations("La dépense est imputée sur la ligne 3A/61-6574 du budget, nature 6S748, fonction 33.")
    )
    assert {"mixed-separators", "letter-for-digit"} >= {fault for item in found for fault in item.imputation.faults}
    assert any(item.imputation.nature == "65748" for item in found)


def test_the_annotated_texts() -> None:
    wanted = core = full = 0
    for case in cases():
        found = segments_in(case["text"])
        expected = [item["segments"] for item in case["imputations"]]
        for item in case["imputations"]:
            if item.get("optional"):
                continue
            wanted += 1
            mine = {key: item["segments"].get(key) for key in ("chapitre", "nature", "fonction")}
            core += any({key: one.get(key) for key in mine} == mine for one in found)
            full += item["segments"] in found
        assert [one for one in found if one not in expected] == [], case["id"]
    assert core / wanted >= 0.97
    assert full / wanted >= 0.97


@pytest.mark.parametrize(
    "piece",
    [
        "nature ",
        "chapitre 65, ",
        "65/",
        "6574-",
        "(",
        "a",
        "1 ",
        "imputation ",
        "nature 65 ",
        "\ufffd",
        "65 6574 ",
        "| ",
        "Nature | Fonction\n",
        "nature «",
        "nature 6574 (",
        "s/",
        "sous ",
        "A/",
        "n°",
        "imputation 65 - ",
        "article 9",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            for _ in find_imputations(text):
                pass
            best = min(best, time.process_time() - start)
        return best

    cost(2000)
    small, large = cost(8_000), cost(64_000)
    assert large < 8 * small * 3 + 0.02


@settings(max_examples=120)
@given(st.text(max_size=200) | st.text("natrefoci 0123456789/-,:|«»\n\t", max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    end = 0
    for found in find_imputations(text):
        assert found.start >= end
        assert text[found.start : found.end] == found.imputation.raw
        assert found.imputation.pairs
        end = found.end


@given(
    st.sampled_from(("6574", "65748", "657362")),
    st.sampled_from(("", ".33", ".4")),
    st.sampled_from((" : ", " ", " = ")),
)
def test_points_between_chapter_and_account(account: str, function: str, mark: str) -> None:
    text = f"Les paiements sont faits sous 30 jours. Imputation{mark}65.{account}{function}. Le reste suit."
    assert [found.imputation.raw for found in find_imputations(text)] == [f"65.{account}{function}"]
    assert segments_in(text)[0]["nature"] == account
    assert not segments_in(f"Imputation{mark}20.{account}{function}")
    assert not segments_in(f"Imputation : 65.{account} € de frais")


@pytest.mark.parametrize(
    ("text", "chapters"),
    [
        ("Les charges de personnel (chapitre 012) progressent, les autres (chapitre 011) baissent.", ["012", "011"]),
        ("Les subventions (chap. 65) et les aides (chapitre 204) augmentent.", ["65", "204"]),
        ("Le livre II (chapitre 12) du code et le guide (chapitre 60, p. 3) le disent.", []),
    ],
)
def test_a_chapter_alone_in_its_brackets(text: str, chapters: list[str]) -> None:
    assert [segments.get("chapitre") for segments in segments_in(text)] == chapters


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "D 65 / 65748 / 326   Clubs   + 8 400,00\nD 011 / 6232 / 023   Fêtes   - 2 900,00\n"
            "D 67 / 673   Titres annulés   + 1 500,00\nR 75 / 752 / 551   Loyers   + 2 400,00",
            [
                {"chapitre": "65", "nature": "65748", "fonction": "326"},
                {"chapitre": "011", "nature": "6232", "fonction": "023"},
                {"chapitre": "67", "nature": "673"},
                {"chapitre": "75", "nature": "752", "fonction": "551"},
            ],
        ),
        ("Imputation : 939 / 6574 / 93.", [{"chapitre": "939", "nature": "6574", "fonction": "93"}]),
        (
            "Imputation de la dépense : 65 - 20421 - 316, exercice 2022.",
            [{"chapitre": "65", "nature": "20421", "fonction": "316"}],
        ),
        ("  imputation 6574.30, association Musiques ;", [{"nature": "6574", "fonction": "30"}]),
        ("à im puter sur la na ture 6574, fonc tion 40.", [{"nature": "6574", "fonction": "40"}]),
        ("au chap itre 65, art icle 6574", [{"chapitre": "65", "nature": "6574"}]),
        ("D 6574 fonction 40 : + 12 000,00 €", [{"nature": "6574", "fonction": "40"}]),
        ("- 60632, rubrique 020 : 4 500,00 €", [{"nature": "60632", "fonction": "020"}]),
        ("La somme est à prendre sur l'article 657.", [{"nature": "657"}]),
        ("Elle figure à l'article 657 du budget.", [{"nature": "657"}]),
        ("au chapitre 943, article 657, sous-rubrique 2", [{"chapitre": "943", "nature": "657"}]),
        ("Six bourses de 105 F, total : 630 F, article 657 du B.P. 1997.", [{"nature": "657"}]),
        ("Total : 420 € pour 14 élèves, article 6574.", [{"nature": "6574"}]),
        ("deux aides, soit 3 600 € au tot al, imp utées à l'article 6574.", [{"nature": "6574"}]),
        (
            "Répartition par imputation :\n  65748-311 ..... 18 400 €\n  657362-420 .... 2 000 €",
            [{"nature": "65748", "fonction": "311"}, {"nature": "657362", "fonction": "420"}],
        ),
        ("Club | Nature-fonction | Aide\nJudo | 65748-326 | 300 €", [{"nature": "65748", "fonction": "326"}]),
        # Dates, acts, telephones, measures, fractions, scores
        ("Budget\nTél. : 6574-311\n67000-420 Strasbourg\n2041-311 : délibération", []),
        ("Imputation des pages\n6574-6580 ..... 12", []),
        ("65748-311 ..... page du registre", []),
        ("Il est dû 630 € en vertu de la loi, article 6574.", []),
        ("Le mur mitoyen a coûté 630 F, article 657 du C.P.", []),
        ("Réunions des 12 / 06 / 2019 et 14 / 10 / 2041.", []),
        ("Délibération n° 65 / 6574 / 93 du 4 mai.", []),
        ("Tél. 04 / 6574 / 93 ou 01 / 6232 / 023", []),
        ("Panneaux de 120 / 2500 / 30 mm", []),
        ("Les 2 / 3 des 673 élèves", []),
        ("Scores : 67 / 673, 11 / 20", []),
        ("67 / 673   dossiers instruits", []),
        ("imputation 6574.30 €", []),
        ("Le lot 6574 fonction 40 jours par an", []),
        ("l'article 657 du code général", []),
        ("Aide de 4500, fonction 02 € par jour", []),
        ("En 2041, fonction 3 du plan", []),
    ],
)
def test_codes_in_rows_torn_labels_and_half_labelled_ones(text: str, expected: list[dict[str, str]]) -> None:
    assert segments_in(text) == expected
