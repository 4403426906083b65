"""A diagnosis in one sentence."""

from __future__ import annotations

import pytest

from subsidy_rules.diagnosis.record import Diagnosis, diagnose
from subsidy_rules.diagnosis.relations import (
    Relation,
    at_most,
    average,
    balance,
    change,
    equal,
    percentage,
    shares_total,
    sum_of,
    tax,
)
from subsidy_rules.diagnosis.slips import KINDS
from subsidy_rules.diagnosis.telling import role_of, sentence
from subsidy_rules.wording import placeholders

NOTE = {"a": "50 000", "b": "20 000", "t": "75 000", "whole": "1 329 243"}


def said(diagnosis: Diagnosis, language: str = "fr") -> str | None:
    message = sentence(diagnosis)
    if message is None:
        return None
    text = message.say("fr" if language == "fr" else "en")
    return " ".join(text.split())


def test_the_sentence_of_the_note() -> None:
    diagnosis = diagnose(NOTE, ["a + b = t", "t = 5,27 % whole"])
    assert said(diagnosis) == ("le total est sans doute 70 000 (et non 75 000) : les deux parts et le taux s’accordent")
    assert said(diagnosis, "en") == "the total is probably 70 000 (not 75 000): both parts and the rate agree"


def test_one_claim_alone_gives_the_slip_instead_of_witnesses() -> None:
    assert said(diagnose({"a": "353", "b": "283", "c": "115"}, ["a - b = c"])) == (
        "un des montants est sans doute 238 (et non 283) : deux chiffres voisins intervertis"
    )


def test_a_choice_between_a_few() -> None:
    choice = said(diagnose({name: NOTE[name] for name in "abt"}, ["a + b = t"]))
    assert choice is not None
    assert choice.startswith("soit le total est 70 000 (et non 75 000), soit un des montants est 55 000")
    assert choice.count("soit") == 3


def test_what_the_best_repairs_share() -> None:
    names = [f"x{i}" for i in range(1, 12)]
    values = [1452, 116, 1568, 161, 0, 0, 0, 411, 19979, 1842, 137]
    relations = ["x1 + x2 = x3", "x2 = x4", "x5 + x6 + x7 = x8", "x3 + x8 = x9", "x9 - x10 = x11"]
    text = said(diagnose(dict(zip(names, map(str, values), strict=True)), relations))
    assert text is not None
    assert "116 (et non 161)" in text
    assert "1979 (et non 19979)" in text
    assert "411" not in text


def test_nothing_is_said_when_nothing_can_be() -> None:
    assert sentence(diagnose({"a": "5", "b": "5"}, ["a = b"])) is None
    many = {f"p{i}": str(1111 * (i + 1)) for i in range(8)}
    diagnosis = diagnose({**many, "t": "40 000"}, [" + ".join(many) + " = t"])
    assert diagnosis.feasible is False
    assert sentence(diagnosis) is None


@pytest.mark.parametrize(
    ("relation", "roles"),
    [
        (sum_of("t", ["a", "b"]), {"t": "total", "a": "part"}),
        (percentage("r", "p", "w"), {"r": "rate", "p": "part", "w": "whole"}),
        (tax("n", "r", "g"), {"r": "rate", "n": "net", "g": "gross"}),
        (change("a", "b", "r"), {"r": "rate", "a": "start", "b": "end"}),
        (average("t", "n", "m"), {"n": "count", "t": "total", "m": "part"}),
        (balance("s", ["a"], "r"), {"s": "start", "a": "part", "r": "result"}),
        (at_most(["a"], "m"), {"a": "part", "m": "limit"}),
        (shares_total(["p", "q"]), {"p": "part"}),
        (equal("a", "b"), {"a": "other"}),
    ],
)
def test_roles(relation: Relation, roles: dict[str, str]) -> None:
    assert {name: role_of(relation, name) for name in roles} == roles


def test_every_kind_of_slip_is_named_in_both_languages() -> None:
    for message in KINDS.values():
        assert message.fr != message.en
        assert placeholders(message.fr) == placeholders(message.en) == frozenset()
