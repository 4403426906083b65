"""JUnit XML: one suite for each source, one case for each finding, as test reports of CI show them.

An inconsistency at warning or above fails; what cannot be told is skipped, with its reason; a note passes and is
written in ``system-out``. A source with nothing to tell is one case that passes, and one that could not be read is
one case in error: a green report in which nothing was checked cannot be mistaken for one where all holds.

Elements and attributes are those that the schema of Jenkins' xUnit plugin (junit-10.xsd, 2.3.2) allows, and no other:
it gives a case no file and no line, which are told in its text.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from subsidy_rules.finding import Finding, Report
from subsidy_rules.safe_text import visible
from subsidy_rules.showing import SEVERITY_NAMES, locator, repair_text, working_text
from subsidy_rules.wording import Language, Message

__all__ = ["render"]

_NOTHING_BROKEN: Final = Message("aucune incohérence relevée", "no inconsistency found")
_UNREADABLE: Final = Message("lecture", "reading")
_NO_SOURCE: Final = Message("rien n’a été lu", "nothing was read")


def render(report: Report, *, language: Language | None = None) -> str:
    """The XML document, in UTF-8 when encoded."""
    said = language or report.language
    by_path: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_path[finding.place.path or "-"].append(finding)
    unreadable = {source.path: source for source in report.unreadable}
    paths = dict.fromkeys([source.path for source in report.sources] + list(by_path))
    root = Element("testsuites", name="subsidy-rules")
    totals = [0, 0, 0, 0]
    for path in paths:
        suite = SubElement(root, "testsuite", name=visible(path), file=visible(path))
        counts = [0, 0, 0, 0]
        source = unreadable.get(path)
        if source is not None:
            reason = "—" if source.reason is None else source.reason.say(said)
            case = SubElement(suite, "testcase", classname=visible(path), name=_UNREADABLE.say(said), time="0")
            SubElement(case, "error", message=visible(reason), type="unreadable")
            counts[0] += 1
            counts[2] += 1
        elif not by_path[path]:
            SubElement(suite, "testcase", classname=visible(path), name=_NOTHING_BROKEN.say(said), time="0")
            counts[0] += 1
        for finding in by_path[path]:
            _case(suite, finding, said, counts)
        _count(suite, counts)
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
    if not paths:
        suite = SubElement(root, "testsuite", name="subsidy-rules")
        case = SubElement(suite, "testcase", classname="subsidy-rules", name=_NO_SOURCE.say(said), time="0")
        SubElement(case, "error", message=_NO_SOURCE.say(said), type="nothing")
        _count(suite, [1, 0, 1, 0])
        totals = [1, 0, 1, 0]
    _count(root, totals, skipped=False)
    indent(root, space="  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, finding: Finding, language: Language, counts: list[int]) -> None:
    place = finding.place
    case = SubElement(
        suite,
        "testcase",
        classname=visible(place.path or "-"),
        name=f"{finding.code} {finding.name} ({finding.fingerprint})",
        time="0",
    )
    counts[0] += 1
    message = visible(finding.say(language))
    told = [f"{locator(place)}: {SEVERITY_NAMES[finding.severity].say(language)} {finding.code} {message}"]
    working = working_text(finding, language)
    if working is not None:
        told.append(working)
    told += [repair_text(repair, language) for repair in finding.repairs]
    if finding.state == "unknown":
        SubElement(case, "skipped", message=message)
        counts[3] += 1
    elif finding.severity == "note":
        SubElement(case, "system-out").text = "\n".join(told)
    else:
        SubElement(case, "failure", message=message, type=finding.severity).text = "\n".join(told)
        counts[1] += 1


def _count(element: Element, counts: list[int], *, skipped: bool = True) -> None:
    tests, failures, errors, skips = map(str, counts)
    element.set("tests", tests)
    element.set("failures", failures)
    element.set("errors", errors)
    if skipped:
        element.set("skipped", skips)
    element.set("time", "0")
