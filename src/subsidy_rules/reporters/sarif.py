"""SARIF 2.1.0 (OASIS), for code scanning services and editors.

All the rules that ran are described, not only those that fired. An inconsistency is a result of kind ``fail``; what
could not be decided is of kind ``open``, whose level the standard wants to be ``none``. A source that could not be
read is a notification of the invocation. Columns count Unicode code points, as ``Place`` does.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote_from_bytes

from subsidy_rules import __version__
from subsidy_rules.finding import Finding, Report, Source
from subsidy_rules.place import Place
from subsidy_rules.rule_pages import rule_markdown, rule_page
from subsidy_rules.rulebook import Repair, Rule
from subsidy_rules.safe_text import escape_json_text, visible
from subsidy_rules.showing import json_indent, place_words, repair_text, template_text, unreadable_text, working_text
from subsidy_rules.wording import Language, Message

__all__ = ["SCHEMA_URI", "render"]

SCHEMA_URI: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT: Final = "%SRCROOT%"
_FOLDER: Final = Message("Le dossier où la vérification a été lancée.", "The folder in which the check was started.")


def render(report: Report, *, language: Language | None = None) -> str:
    """The log, as JSON."""
    said = language or report.language
    index = {rule.code: number for number, rule in enumerate(report.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "subsidy-rules",
                "version": __version__,
                "semanticVersion": _semantic(__version__),
                "language": said,
                "rules": [_rule(rule, said) for rule in report.rules],
            }
        },
        "language": said,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": _FOLDER.say(said)}}},
        "invocations": [
            {
                "executionSuccessful": not report.unreadable,
                "toolExecutionNotifications": [_notification(source, said) for source in report.unreadable],
            }
        ],
        "artifacts": [{"location": _artifact(source.path), "roles": ["analysisTarget"]} for source in report.sources],
        "results": [_result(finding, index, said) for finding in report.findings],
    }
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}
    return escape_json_text(json.dumps(log, ensure_ascii=False, indent=json_indent(report))) + "\n"


def _semantic(version: str) -> str:
    """The version as Semantic Versioning writes it: ``0.2.0.dev1`` is ``0.2.0-dev.1``."""
    found = re.fullmatch(r"([0-9]+)\.([0-9]+)\.([0-9]+)(?:\.?(dev|a|b|rc)([0-9]+))?", version)
    if found is None:
        return "0.0.0"
    major, minor, patch, stage, number = found.groups()
    return f"{major}.{minor}.{patch}" + (f"-{stage}.{number}" if stage else "")


def _text(text: str) -> dict[str, str]:
    """A plain message: braces doubled, as the standard asks, and nothing that a viewer could take for a link."""
    return {"text": visible(text, lines=True).replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _rule(rule: Rule, language: Language) -> dict[str, Any]:
    why = rule.why.say(language)
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": _text(template_text(rule.title, language)),
        "fullDescription": _text(why or template_text(rule.title, language)),
        "help": {**_text(rule_page(rule, language)), "markdown": rule_markdown(rule, language, level=2)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": [rule.on]},
    }


def _artifact(path: str | None) -> dict[str, Any]:
    return dict(_address(path))


@lru_cache(maxsize=1024)
def _address(path: str | None) -> tuple[tuple[str, str], ...]:
    raw = os.fsencode(path or "-") if _encodable(path) else (path or "-").encode("utf-8", "backslashreplace")
    if os.path.isabs(path or ""):
        return (("uri", "file://" + quote_from_bytes(raw, safe="/")),)
    return (("uri", quote_from_bytes(raw.removeprefix(b"./"), safe="/")), ("uriBaseId", _ROOT))


def _encodable(path: str | None) -> bool:
    try:
        os.fsencode(path or "-")
    except UnicodeEncodeError:
        return False
    return True


def _region(place: Place) -> dict[str, Any] | None:
    if place.line is None:
        return None
    region: dict[str, Any] = {"startLine": place.line}
    if place.column is not None:
        region["startColumn"] = place.column
    end_line = place.end_line if place.end_line is not None else place.line
    if end_line > place.line:
        region["endLine"] = end_line
    if place.end_column is not None and (end_line > place.line or place.end_column >= (place.column or 1)):
        region["endColumn"] = place.end_column
    if place.quote:
        region["snippet"] = {"text": visible(place.quote, lines=True)}
    return region


def _location(place: Place, language: Language) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.path)}
    region = _region(place)
    if region is not None:
        physical["region"] = region
        if place.excerpt:
            physical["contextRegion"] = {
                "startLine": region["startLine"],
                "endLine": region.get("endLine", region["startLine"]),
                "snippet": {"text": visible(place.excerpt, lines=True)},
            }
    location: dict[str, Any] = {"physicalLocation": physical}
    where = place_words(place, language, path=False, line=False)
    if where:
        logical = {"fullyQualifiedName": where}
        if place.cell is not None:
            logical["kind"] = "cell"
        elif place.pointer is not None:
            logical["kind"] = "pointer"
        location["logicalLocations"] = [logical]
    return location


def _result(finding: Finding, index: dict[str, int], language: Language) -> dict[str, Any]:
    told = finding.say(language)
    working = working_text(finding, language)
    if working is not None:
        told += "\n" + working
    result: dict[str, Any] = {"ruleId": finding.code}
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    result |= {
        "kind": "fail" if finding.state == "broken" else "open",
        "level": finding.severity if finding.state == "broken" else "none",
        "message": _text(told),
        "locations": [_location(finding.place, language)],
        "partialFingerprints": {"subsidyRules/v1": finding.fingerprint},
        "properties": {"confidence": finding.confidence, "severity": finding.severity},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(place, language), "message": _text(place.quote or "—")}
            for number, place in enumerate(finding.related)
        ]
    fixes = [fix for repair in finding.repairs if (fix := _fix(repair, finding.place, language)) is not None]
    if fixes:
        result["fixes"] = fixes
    return result


def _fix(repair: Repair, place: Place, language: Language) -> dict[str, Any] | None:
    """The repair as a replacement, where the columns are those of the file itself: not in a page or a cell."""
    at = repair.place or place
    region = _region(at)
    inside = at.page is not None or at.paragraph is not None or at.sheet is not None or at.cell is not None
    if region is None or inside or at.quote != repair.old or "endColumn" not in region:
        return None
    region.pop("snippet", None)
    return {
        "description": _text(repair_text(repair, language)),
        "artifactChanges": [
            {
                "artifactLocation": _artifact(at.path),
                "replacements": [{"deletedRegion": region, "insertedContent": {"text": repair.new}}],
            }
        ],
    }


def _notification(source: Source, language: Language) -> dict[str, Any]:
    return {
        "level": "error",
        "message": _text(unreadable_text(source, language)),
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(source.path)}}],
    }
