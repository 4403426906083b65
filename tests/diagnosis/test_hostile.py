"""Nothing that a record holds makes the diagnosis hang, raise what it does not promise, or answer beyond its limits."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from fractions import Fraction

import pytest

from subsidy_rules.diagnosis import FigureUnreadable, RelationError, diagnose, verify_certificate
from subsidy_rules.diagnosis.record import MOST_FIGURES

LONG = 30.0
"""Seconds; what takes a tenth of one here must not take minutes anywhere."""


def test_the_same_relation_many_times() -> None:
    found = diagnose({"a": "50 000", "b": "20 000", "t": "75 000"}, ["a + b = t"] * 200)
    assert found.feasible is False
    assert verify_certificate(found.certificate)
    assert all(sum(int(text.replace(" ", "")) for text in repair.changes.values()) for repair in found.repairs)


def test_a_relation_of_a_figure_with_itself() -> None:
    assert diagnose({"a": "5"}, ["a + a = 10"]).feasible is True
    wrong = diagnose({"a": "5"}, ["a + a = 12"])
    assert wrong.feasible is False
    assert wrong.repairs[0].changes == {"a": "6"}
    assert diagnose({"a": "5", "b": "7"}, ["a + b = a"]).feasible is False
    with pytest.raises(RelationError):
        diagnose({"a": "5"}, ["a = a"])
    assert diagnose({"a": "5"}, ["2 a <= a"]).feasible is False


def test_contradictory_limits_have_no_repair_to_offer_or_say_which() -> None:
    found = diagnose({"a": "5"}, ["a >= 10", "a <= 3"])
    assert found.feasible is False
    assert found.repairs == ()
    assert found.repair is None
    assert found.common == {}
    assert verify_certificate(found.certificate)
    fixed = diagnose({"a": "5", "b": "6"}, ["a = b"], fixed=["a", "b"])
    assert (fixed.feasible, fixed.repairs) == (False, ())


@pytest.mark.parametrize("zeros", [30, 38])
def test_numbers_beyond_any_budget(zeros: int) -> None:
    whole = 10**zeros
    figures = {"a": str(whole), "b": "1", "t": str(whole)}
    found = diagnose(figures, ["a + b = t"])
    assert found.feasible is False
    assert verify_certificate(found.certificate, figures, ["a + b = t"])
    assert all(Fraction(0) <= repair.probability <= 1 for repair in found.repairs)
    assert diagnose({**figures, "t": str(whole + 1)}, ["a + b = t"]).feasible is True


def test_zeros_everywhere() -> None:
    assert diagnose({"a": "0", "b": "0", "t": "0"}, ["a + b = t", "a = 0 % t", "t >= 0"]).feasible is True
    found = diagnose({"a": "0", "b": "0", "t": "7"}, ["a + b = t"])
    assert {name for repair in found.repairs for name in repair.changes} <= {"a", "b", "t"}
    assert diagnose({"p": "0 %", "w": "0", "x": "0"}, ["x = p w"]).feasible is True


def test_no_relation_and_no_figure() -> None:
    assert diagnose({}, []).feasible is True
    assert diagnose({"a": "5"}, []).feasible is True
    nobody = diagnose({}, ["a + b = c"])
    assert nobody.feasible is True
    assert nobody.unread == ("a", "b", "c")


@pytest.mark.parametrize(
    "text",
    [
        "", "=", "a", "a =", "= a", "a = = b", "a + = b", "(a = b", "a) = b", "((((a)))) = ", "a / b = c", "a / 0 = b",
        "a ** b = c", "a = b = c", "a b c d = e", "`a = b", "`` = a", "a = 1e9", "a = 0x10", "import os", "a.b = c",
        "a = \x00", "🙂 = a", "(" * 50 + "a" + ")" * 50 + " = b", "a % = b", "a = b;c", "٣ = a", "a != b", "a + b",
        "1 = 2",
    ],
)  # fmt: skip
def test_what_is_no_relation_is_told_with_its_place(text: str) -> None:
    with pytest.raises(RelationError) as told:
        diagnose({"a": "5", "b": "5", "c": "1"}, [text])
    assert told.value.text == text[:100_000]
    assert 0 <= told.value.position <= len(text)
    assert told.value.expected
    assert "cannot read the relation" in str(told.value)


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "12 et 13", "1,2,3", "--5", "5 %%", "1e5", "∞", "NaN", "\x00", "12\n13"]
)
def test_what_is_no_figure_is_told_with_its_name(text: str) -> None:
    with pytest.raises(FigureUnreadable) as told:
        diagnose({"le total": text}, [])
    assert told.value.name == "le total"
    assert told.value.text == text
    assert "le total" in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000, "(" * 99_999, "a + " * 24_000 + "a = b", "1 " * 49_000, "9" * 99_000 + " = a", "`" * 99_999,
        "a = " + "b " * 40_000, "-" * 90_000 + "a = b", " " * 99_000 + "a = b", "1 000 " * 16_000, "a = b" * 20_000,
    ],
)  # fmt: skip
def test_long_text_is_read_in_linear_time(text: str) -> None:
    began = time.process_time()
    with suppress(RelationError):
        diagnose({"a": "1", "b": "2"}, [text])
    assert time.process_time() - began < LONG


def test_a_relation_beyond_the_length_is_refused() -> None:
    with pytest.raises(RelationError, match="shorter"):
        diagnose({"a": "1"}, ["a + " * 30_000 + "a = a"])


def test_a_record_beyond_the_limit_is_judged_and_not_searched() -> None:
    count = MOST_FIGURES + 50
    figures = {f"x{i}": "7" for i in range(count)} | {"t": str(7 * count + 1)}
    found = diagnose(figures, [" + ".join(f"x{i}" for i in range(count)) + " = t"])
    assert found.feasible is False
    assert found.broken == (0,)
    assert not found.repairs
    assert not found.complete
    assert found.unlisted == 1
    assert found.reason is not None
    assert verify_certificate(found.certificate)


def test_everything_wrong_at_once_ends_and_says_that_it_is_not_complete() -> None:
    r = random.Random(9)
    figures = {f"x{i}": str(r.randint(1, 10**6)) for i in range(60)}
    relations = [f"x{r.randrange(60)} + x{r.randrange(60)} = x{i}" for i in range(60)]
    relations = [text for text in relations if len(set(text.replace("+", " ").replace("=", " ").split())) == 3]
    began = time.process_time()
    found = diagnose(figures, relations)
    assert time.process_time() - began < LONG
    assert found.feasible is False
    assert not found.complete
    assert found.repair is None


def test_rounded_figures_in_many_cycles_end() -> None:
    r = random.Random(4)
    count = 40
    figures = {f"x{i}": f"{r.randint(10, 99)} M€" for i in range(count)}
    relations = []
    for _ in range(120):
        a, b, c = r.sample(range(count), 3)
        relations.append(f"x{a} + x{b} <= x{c} + {r.randint(100, 200)} 000 000")
    began = time.process_time()
    found = diagnose(figures, relations)
    assert time.process_time() - began < LONG
    assert found.feasible is not None or found.reason is not None
    if found.feasible is not None:
        assert verify_certificate(found.certificate)


@pytest.mark.parametrize("seed", range(8))
def test_the_same_input_gives_the_same_answer(seed: int) -> None:
    r = random.Random(seed)
    figures = {f"x{i}": str(r.randint(1, 9_999)) for i in range(9)}
    relations = [f"x{a} + x{b} = x{c}" for a, b, c in ((0, 1, 2), (3, 4, 5), (2, 5, 8), (6, 7, 8))]
    one, two = diagnose(figures, relations), diagnose(dict(figures), list(relations))
    assert [(repair.changes, repair.probability) for repair in one.repairs] == [
        (repair.changes, repair.probability) for repair in two.repairs
    ]
    assert one.certificate == two.certificate
