"""Certificates: verified when whole, refused when touched, and checked by something that shares no code."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest

import subsidy_rules.diagnosis.verify as checker
from subsidy_rules.diagnosis.certificates import certificate, sealed
from subsidy_rules.diagnosis.feasibility import settle
from subsidy_rules.diagnosis.record import diagnose
from subsidy_rules.diagnosis.verify import verify_certificate
from subsidy_rules.rounding import Mode, bounds_of
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


def test_sealed_again_it_must_still_speak_of_what_is_printed() -> None:
    """Touched anywhere and sealed again, a certificate is refused or says the same of the printed figures."""
    r = random.Random(5)
    believed = tried = 0
    for figures, relations in (BROKEN, SOUND, *PRINTED):
        whole = diagnose(figures, relations).certificate
        assert verify_certificate(whole, figures, relations)
        assert verify_certificate(json.dumps(whole), figures=figures)
        for path in places(whole):
            for _ in range(4):
                copy = sealed(touched(whole, path, r))
                tried += 1
                if verify_certificate(copy, figures, relations):
                    believed += 1
                    # What may differ is the proof itself (another witness, other multipliers), the way a relation is
                    # shown, and what is beside the proof.
                    assert (
                        path[0] in ("witness", "rates", "multipliers", "seal")
                        or path[-1] == "text"
                        or beside(whole, path)
                    ), path
    assert 4 * believed < tried


def test_the_checker_knows_every_way_of_rounding() -> None:
    for mode in get_args(Mode):
        for n in range(-6, 7):
            one = bounds_of(n, Fraction(1), mode)
            below, below_closed, above, above_closed = checker._reading(mode, n)
            assert below is not None
            assert above is not None
            ends = Fraction(2 * n + below, 2), below_closed, Fraction(2 * n + above, 2), above_closed
            assert ends == (one.lower, one.lower_closed, one.upper, one.upper_closed), (mode, n)


@pytest.mark.parametrize(
    "text", ["plus de 20 000 €", "au moins 20 000", "moins de 5 %", "jusqu’à 5 000", "environ 70 000"]
)
def test_a_word_beside_the_figure_is_part_of_its_reading(text: str) -> None:
    assert verify_certificate(diagnose({"a": text}, ["a >= 0"]).certificate, {"a": text}, ["a >= 0"])


def beside(whole: Any, path: tuple[Any, ...]) -> bool:
    """True for a mapping of fixed keys: one more key there says nothing."""
    for key in path:
        whole = whole[key]
    return isinstance(whole, dict) and ("read" in whole or "terms" in whole)


PRINTED: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"x9": "1 979", "x10": "1842", "x11": "-137"}, ["x9 - x10 = x11"]),
    ({"la part": "35 %", "w": "10 M€", "p": "3,5 M€"}, ["p = `la part` w", "p <= 0.6 w", "2 p + 3 >= p"]),
    ({"g": "120,00", "n": "100,00"}, ["g = 1.2 n", "g > n"]),
    ({"a": "12 k€", "b": "(400)", "m": "5,5 ‰"}, ["a + b >= 0", "b = m a"]),
)


@pytest.mark.parametrize(
    ("figures", "relations"),
    [
        ({"t": "76 000"}, None), ({"t": "7 500"}, None), ({"t": "75 000 k€"}, None),
        ({"other": "1"}, None), ({"whole": "1 329 243,5"}, None), ({"t": "soixante-quinze mille"}, None),
        (None, ["a - b = t", "t = 5,27 % whole"]), (None, ["a + b = t"]), (None, ["a + b = t", "t = 5,28 % whole"]),
        (None, ["a + b <= t", "t = 5,27 % whole"]), (None, ["a + b = t + 1", "t = 5,27 % whole"]),
        (None, ["a + b = 2 t", "t = 5,27 % whole"]), (None, ["t = 5,27 % whole", "a + b = t"]), (None, ["(a", "b"]),
        (None, ["a + b = t", "t = 5,27 % whole", "a = b"]), (None, ["a + (b) = t", "t = 5,27 % whole"]),
    ],
)  # fmt: skip
def test_a_certificate_about_something_else_is_refused(
    figures: dict[str, str] | None, relations: list[str] | None
) -> None:
    whole = diagnose(*BROKEN).certificate
    given = None if figures is None else BROKEN[0] | figures
    assert verify_certificate(whole)
    assert not verify_certificate(whole, given, relations)


def test_a_minus_that_is_not_printed_is_refused() -> None:
    negative = diagnose({"a": "-5", "b": "5"}, ["a + b = 0"]).certificate
    assert verify_certificate(negative, {"a": "− 5", "b": "5"})
    assert not verify_certificate(negative, {"a": "5", "b": "5"})


def test_figures_that_nobody_printed_are_refused() -> None:
    whole = diagnose(*BROKEN).certificate
    assert verify_certificate(whole, figures=BROKEN[0])
    assert not verify_certificate(whole, figures={name: BROKEN[0][name] for name in "abt"})


def test_a_proof_is_compared_with_the_claims_of_its_report() -> None:
    from subsidy_rules import check

    record = {
        "total": "75 000 euros", "stated_percentage": "5,27 %",
        "base": {"label": "budget", "amount": "1 329 243 euros"},
        "allocations": [{"funder": "A", "amount": "50 000 euros"}, {"funder": "B", "amount": "20 000 euros"}],
    }  # fmt: skip
    report = json.loads(json.dumps(check(record, certificates=True).to_json()))
    (proof,) = report["proofs"]
    claims = [report["claims"][number] for number in proof["claims"]]
    assert len(claims) == 2
    assert [verdict for verdict, _ in verdicts(report)] == [True]
    for number, claim in enumerate(claims):
        for key, value in claim["values"].items():
            wrong = {**claim["values"], key: [*value, "1"] if isinstance(value, list) else value + "1"}
            other = [{**claim, "values": wrong} if at == number else one for at, one in enumerate(claims)]
            assert not verify_certificate(proof["certificate"], claims=other), key
    assert not verify_certificate(proof["certificate"], claims=claims[:1])
    assert not verify_certificate(proof["certificate"], claims=claims[::-1])
    assert not verify_certificate(proof["certificate"], claims=[{**one, "kind": "equal"} for one in claims])
    # Somebody changes a figure of the proof, or of the report, and seals again.
    figures = proof["certificate"]["figures"]
    name = next(name for name, figure in figures.items() if figure["n"] == "50000")
    moved = {**figures[name], "n": "51000", "text": "51 000", "lower": "51000", "upper": "51000"}
    resealed = sealed({**proof["certificate"], "figures": {**figures, name: moved}})
    assert [verdict for verdict, _ in verdicts({**report, "proofs": [{**proof, "certificate": resealed}]})] == [False]
    assert [verdict for verdict, _ in verdicts({**report, "proofs": [{**proof, "claims": [0]}]})] == [False]
    assert [verdict for verdict, _ in verdicts({**report, "proofs": [{**proof, "claims": [0, 99]}]})] == [False]


def verdicts(report: dict[str, Any]) -> list[tuple[bool, Any]]:
    """What the checker says of each proof of a report, as its script does."""
    return [(verify_certificate(one, claims=claims), claims) for one, claims in checker._found(report)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("70 000 euros", {70_000}), ("1.329.243", {1_329_243, Fraction(1_329_243, 1000)}),
        ("5,27 %", {Fraction(527, 100)}), ("10 M€", {10_000_000}), ("3,5 millions d’euros", {3_500_000}),
        ("12 k€", {12_000}), ("5,5 ‰", {Fraction(55, 100)}), ("2 milliards", {2 * 10**9}), ("12 mois", {12}),
    ],
)  # fmt: skip
def test_the_values_that_the_checker_reads(text: str, values: set[Fraction]) -> None:
    assert checker._values_of(text) == values


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
    proof, marker, _ = source.partition("# -- what the certificate speaks of")
    assert marker
    assert len(proof.splitlines()) < 220


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
