"""Certificates: verified when whole, refused when touched, and checked by something that shares no code."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import subsidy_rules.diagnosis.verify as checker
from subsidy_rules.diagnosis.certificates import certificate, sealed
from subsidy_rules.diagnosis.feasibility import settle
from subsidy_rules.diagnosis.record import diagnose
from subsidy_rules.diagnosis.verify import verify_certificate
from tests.diagnosis.test_feasibility import random_system

BROKEN = (
    {"a": "50 000", "b": "20 000", "t": "75 000", "whole": "1 329 243"},
    ["a + b = t", "t = 5,27 % whole"],
)
SOUND = ({**BROKEN[0], "t": "70 000"}, BROKEN[1])


def places(item: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    found = [path] if path else []
    if isinstance(item, dict):
        for key, value in item.items():
            found += places(value, (*path, key))
    elif isinstance(item, list):
        for number, value in enumerate(item):
            found += places(value, (*path, number))
    return found


def touched(content: dict[str, Any], path: tuple[Any, ...], r: random.Random) -> dict[str, Any]:
    """A copy with one thing changed, added or taken away at ``path``."""
    copy: dict[str, Any] = json.loads(json.dumps(content))
    inside: Any = copy
    for key in path[:-1]:
        inside = inside[key]
    last = path[-1]
    value = inside[last]
    if r.random() < 0.2:
        del inside[last]
    elif isinstance(value, bool):
        inside[last] = not value
    elif isinstance(value, int):
        inside[last] = value + 1
    elif isinstance(value, str):
        try:
            inside[last] = str(Fraction(value) + r.choice((1, -1, Fraction(1, 3), 100)))
        except ValueError:
            inside[last] = value + "x"
    elif isinstance(value, dict):
        value["other"] = "1"
    elif isinstance(value, list):
        value.append(value[0] if value else "1")
    else:
        inside[last] = "3"
    return copy


def test_any_single_touch_is_refused() -> None:
    for figures, relations in (BROKEN, SOUND):
        whole = diagnose(figures, relations).certificate
        assert verify_certificate(whole)
        assert verify_certificate(json.dumps(whole))
        r = random.Random(1)
        for path in places(whole):
            for _ in range(3):
                assert not verify_certificate(touched(whole, path, r)), path


def test_a_false_proof_is_refused_even_when_sealed_again() -> None:
    """The seal apart: what proves nothing is not believed."""
    r = random.Random(2)
    refused = 0
    for _ in range(150):
        system = random_system(r)
        outcome = settle(system)
        if outcome.feasible is None:
            continue
        whole = certificate(system, outcome)
        for key in ("multipliers", "combination", "least", "most"):
            if key in whole:
                path = r.choice([one for one in places({key: whole[key]}) if len(one) > 1] or [(key,)])
                copy = touched(whole, path, r)
                believed = verify_certificate(sealed(copy))
                refused += not believed
                # A relation that is counted twice, or an end that gives the same row, still proves the same thing.
                assert not believed or key == "multipliers", path
        flipped = {**whole, "feasible": not whole["feasible"]}
        assert not verify_certificate(sealed(flipped))
        if "witness" in whole:
            exact = [name for name, figure in whole["figures"].items() if figure["read"] == "exact"]
            for name in exact:
                moved = {**whole, "witness": {**whole["witness"], name: str(Fraction(whole["witness"][name]) + 1)}}
                assert not verify_certificate(sealed(moved))
    assert refused > 100


def test_the_ends_of_a_figure_must_follow_from_its_digits() -> None:
    whole = diagnose(*BROKEN).certificate
    figures = whole["figures"]
    wider = {**figures, "t": {**figures["t"], "lower": "70000", "upper": "80000"}}
    assert not verify_certificate(sealed({**whole, "figures": wider}))
    other = {**figures, "t": {**figures["t"], "text": "71 000"}}
    assert not verify_certificate(sealed({**whole, "figures": other}))
    absent = {**figures, "t": {**figures["t"], "read": "absent"}}
    assert not verify_certificate(sealed({**whole, "figures": absent}))


@pytest.mark.parametrize(
    "nonsense",
    [
        "", "null", "[]", "{}", '"x"', "1e999", '{"schema": "subsidy-rules/certificate/1"}', "[" * 100_000, "{" * 10,
        '{"schema": "subsidy-rules/certificate/1", "feasible": true, "figures": [], "relations": 3, "witness": {}}',
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_never_raises(nonsense: str) -> None:
    assert verify_certificate(nonsense) is False


def test_a_hostile_number_costs_nothing() -> None:
    whole = diagnose(*SOUND).certificate
    for number in ("1e999999999", "9" * 500, "1/0", "0x10", " 1", "1\n", "١"):
        copy = {**whole, "witness": {**whole["witness"], "a": number}}
        assert not verify_certificate(sealed(copy))


def test_a_certificate_without_an_answer_proves_nothing() -> None:
    unknown = diagnose({"p": "900000", "w": "0 M€"}, ["p = 50 % w"])
    assert unknown.feasible is None
    assert unknown.certificate["reason"]["fr"]
    assert not verify_certificate(unknown.certificate)


def test_the_checker_is_about_a_page_and_imports_the_standard_library_only() -> None:
    source = Path(checker.__file__).read_text("utf-8")
    tree = ast.parse(source)
    modules = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert modules <= {"hashlib", "json", "re", "sys", "collections.abc", "fractions", "typing"}
    assert len(source.splitlines()) < 210


def test_the_checker_as_a_script(tmp_path: Path) -> None:
    good, bad = diagnose(*BROKEN).certificate, diagnose(*SOUND).certificate
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"proofs": [{"certificate": good}, [bad]]}), "utf-8")
    # The file itself, alone, as someone who trusts nothing else would run it.
    script = [sys.executable, "-I", checker.__file__]
    done = subprocess.run([*script, str(report)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "verified\nverified\n")
    bad["witness"]["a"] = "1"
    done = subprocess.run([*script, "-"], input=json.dumps([good, bad]), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert sorted(done.stdout.split()) == ["refused", "verified"]
    assert subprocess.run([*script, str(tmp_path)], capture_output=True, check=False).returncode == 2
    assert checker.main([]) == 2


def test_open_ends_are_part_of_the_proof() -> None:
    strict = diagnose({"x": "0"}, ["x > 0"], kinds=["sign"])
    assert strict.feasible is False
    assert verify_certificate(strict.certificate)
    relation = strict.certificate["relations"][0]
    closed = {**strict.certificate, "relations": [{**relation, "lower_closed": True}]}
    assert not verify_certificate(sealed(closed))
