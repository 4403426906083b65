"""The examples of the repository do what they say: one record holds, each of the others breaks one rule."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from subsidy_rules import check
from subsidy_rules.engine import judge_facts
from subsidy_rules.finding import Tally
from subsidy_rules.record import facts_of, read_facts
from subsidy_rules.rulebook import Example, Rule
from subsidy_rules.rules import arithmetic, records, standard_rules
from subsidy_rules.settings import Settings
from tests.shared import ROOT

EXAMPLES: Final = ROOT / "examples"
BROKEN: Final = sorted((EXAMPLES / "broken").iterdir())
ONLY_DOUBTED: Final = ("REC006",)


def test_the_optitec_record_holds_in_both_languages() -> None:
    for language in ("fr", "en"):
        report = check(EXAMPLES / "optitec-2017.yaml", lang=language)
        assert report.ok
        assert report.findings == ()
        assert report.summary["claims"] == {"holds": 2, "broken": 0, "unknown": 0}
        assert report.summary["imputations"] == 2
        assert report.figures["found"] == report.figures["tied"] == 5
        workings = [judged.working.say(language) for judged in report.claims]
        assert any("5.266155…" in text or "5,266155…" in text for text in workings)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_each_broken_record_breaks_the_rule_it_is_named_after_and_no_other(path: Path) -> None:
    code = path.name[:6]
    report = check(path)
    expected = "unknown" if code in ONLY_DOUBTED else "broken"
    assert [(finding.code, finding.state) for finding in report.findings] == [(code, expected)]
    (finding,) = report.findings
    assert finding.place.path == str(path)
    assert finding.place.line is not None
    assert finding.place.quote
    assert finding.say("fr") != finding.say("en")


def test_every_rule_on_records_has_its_broken_example() -> None:
    shown = {path.name[:6] for path in BROKEN}
    written_as_records = {rule.code for rule in arithmetic.RULES if isinstance(rule.bad and rule.bad.source, dict)}
    assert {rule.code for rule in records.RULES} | written_as_records <= shown


OWN: Final = (*arithmetic.RULES, *records.RULES)


def _codes(rule: Rule, example: Example) -> set[tuple[str, str]]:
    source: Any = example.source
    if isinstance(source, str):
        (facts,) = read_facts(f"x{example.suffix}", source.encode(), Settings())
    else:
        facts = facts_of(source, Settings())
    found = judge_facts(facts, OWN, Tally(), "fr").findings
    return {(finding.code, finding.state) for finding in found}


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.code)
def test_the_examples_of_a_rule_are_what_it_says_of_them(rule: Rule) -> None:
    assert rule.good is not None
    assert rule.bad is not None
    if rule.good.suffix == ".txt" and isinstance(rule.good.source, str):
        good, bad = rule.good.source, rule.bad.source
        from subsidy_rules import check_text

        assert isinstance(bad, str)
        calm = check_text(good, name="x.txt")
        assert (rule.on, "holds") in {(judged.claim.kind, judged.state) for judged in calm.claims}
        assert rule.code not in {finding.code for finding in calm.findings}
        assert rule.code in {finding.code for finding in check_text(bad, name="x.txt").findings}
        return
    state = "unknown" if rule.code in ONLY_DOUBTED else "broken"
    assert (rule.code, "broken") not in _codes(rule, rule.good)
    assert (rule.code, state) in _codes(rule, rule.bad)


def test_codes_and_names_are_each_used_once() -> None:
    rules = standard_rules()
    assert len({rule.code for rule in rules}) == len(rules)
    assert len({rule.name for rule in rules}) == len(rules)


@pytest.mark.parametrize("rule", OWN, ids=lambda rule: rule.code)
def test_every_rule_is_explained_in_both_languages(rule: Rule) -> None:
    for message in (rule.title, rule.says, rule.why, rule.computation):
        assert message.fr
        assert message.en
        assert message.fr != message.en
    assert rule.authority


def _run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLES / script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)


def test_the_application_imports_what_holds_and_sends_the_rest_back() -> None:
    done = _run("application.py")
    assert done.stderr == ""
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "2017-114: imported"
    assert lines[1] == "2017-115: refused"
    assert lines[2].strip().startswith("PCT001 ")
    assert lines[3] == "2017-116: refused"
    assert lines[4].strip().startswith("total: ")


def test_the_auditor_gets_every_finding_and_the_count_of_what_holds() -> None:
    done = _run("auditor.py")
    assert done.stderr == ""
    assert done.returncode == 1
    for path in BROKEN:
        assert f"{path.name}, ligne " in done.stdout
    assert "affirmations tiennent" in done.stdout.splitlines()[-1]


def test_the_stream_of_examples_has_one_wrong_line() -> None:
    report = check(EXAMPLES / "records.jsonl")
    assert [(finding.code, finding.place.line) for finding in report.findings if finding.state == "broken"] == [
        ("SUM001", 2)
    ]
    assert report.summary["rows"] == 3
