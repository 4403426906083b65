"""An imputation explained: labels, section, chapter, years, what it became, sources."""

from __future__ import annotations

import json

import pytest

from subsidy_rules.explain import Explanation, SegmentExplanation, explain_imputation
from subsidy_rules.imputation import ImputationError


def segment(explanation: Explanation, key: str) -> SegmentExplanation:
    return next(one for one in explanation.segments if one.key == key)


@pytest.mark.parametrize("code", ["B320/65/6574/61", "3A/61/6574"])
def test_the_two_codes_of_2017(code: str) -> None:
    explained = explain_imputation(code, 2017, "M57")
    (nature,) = segment(explained, "nature").meanings
    assert (nature.state, nature.chapters, nature.section) == ("chargeable", ("65",), "fonctionnement")
    assert nature.observed == ((2015, 2017),)
    assert nature.became_since == 2018
    assert [item.code for item in nature.became] == ["65741", "65742", "65748"]
    (function,) = segment(explained, "fonction").meanings
    assert function.label == "Interventions économiques transversales"
    assert function.observed == ((2015, 2022), (2024, 2025))
    own = explained.segments[0]
    assert own.meanings == ()
    french, english = explained.say("fr"), explained.say("en")
    assert "segment propre à la collectivité" in french
    assert "a segment of the body’s own" in english
    for page in (french, english):
        assert "Interventions économiques transversales" in page
        assert "65748 Autres personnes de droit privé" in page
        assert "2022-05-02" in page


def test_the_same_code_means_other_things_elsewhere() -> None:
    explained = explain_imputation("B320/65/6574/61", 2017, "M14")
    assert segment(explained, "fonction").meanings[0].label == "Services en faveur des personnes âgées"
    both = explain_imputation("65/6574/61", 2017)
    labels = {meaning.label: meaning.names for meaning in segment(both, "fonction").meanings}
    assert labels["Interventions économiques transversales"] == ("M57",)
    assert labels["Services en faveur des personnes âgées"] == ("M14",)


def test_what_cannot_be_told_is_said() -> None:
    (nature,) = segment(explain_imputation("65/6574", 2023, "M57"), "nature").meanings
    assert nature.state == "unknown"
    (absent,) = segment(explain_imputation("65/6754", 2017, "M57"), "nature").meanings
    assert absent.state == "absent"
    assert absent.near[0][0] == "6574"
    assert segment(explain_imputation("65/6574", 2017, "M22"), "nature").meanings[0].state == "unknown"


def test_other_readings_and_plain_data() -> None:
    explained = explain_imputation("3A/65/6574", 2017, "M57")
    data = explained.to_json()
    assert data["other_readings"] == [{"ligne": "3A", "fonction": "65", "nature": "6574"}]
    assert json.loads(json.dumps(data)) == data
    assert "Autre lecture" in explained.say("fr")


def test_a_functional_budget() -> None:
    explained = explain_imputation("chapitre 936, article 9361, nature 65748", 2020, "M57")
    assert segment(explained, "article").meanings[0].chapters == ("936",)
    assert segment(explained, "chapitre").meanings[0].label == "Action économique"


def test_an_account_of_the_abridged_chart() -> None:
    (nature,) = segment(explain_imputation("65738", 2022, "M57"), "nature").meanings
    assert nature.variants == ("abrégé",)


def test_a_malformed_code_is_refused() -> None:
    with pytest.raises(ImputationError):
        explain_imputation("65//6574", 2017, "M57")
