"""The page of a rule, from the rule itself: the same words in the terminal, the documentation, SARIF and HTML.

A page says what the rule looks for, why, on whose authority and since when, how it computes, what it tolerates, when
it does not conclude, and shows one source that it accepts and one that it refuses.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Final

from subsidy_rules.frozen import dataclass
from subsidy_rules.rulebook import Authority, Example, Rule
from subsidy_rules.safe_text import markdown, visible
from subsidy_rules.showing import SEVERITY_NAMES, template_text
from subsidy_rules.wording import Language, Message

__all__ = [
    "Section",
    "authority_text",
    "example_text",
    "rule_book",
    "rule_list",
    "rule_markdown",
    "rule_page",
    "sections",
]

_WHAT: Final = Message("Ce que dit la règle", "What the rule says")
_DOUBT: Final = Message("Quand elle ne peut pas dire", "When it cannot tell")
_WHY: Final = Message("Pourquoi", "Why")
_AUTHORITY: Final = Message("Fondement", "Authority")
_COMPUTATION: Final = Message("Calcul", "Computation")
_TOLERANCE: Final = Message("Tolérance", "Tolerance")
_INCONCLUSIVE: Final = Message("Quand elle ne conclut pas", "When it does not conclude")
_OPTIONS: Final = Message("Réglages", "Options")
_GOOD: Final = Message("Ce qui tient", "What holds")
_BAD: Final = Message("Ce qui ne tient pas", "What does not hold")
_SEVERITY: Final = Message("Gravité : {severity}", "Severity: {severity}")
_SINCE: Final = Message("{text} (depuis le {since})", "{text} (since {since})")
_UNTIL: Final = Message("{text} (jusqu’au {until})", "{text} (until {until})")
_BETWEEN: Final = Message("{text} (du {since} au {until})", "{text} (from {since} to {until})")
_INDEX: Final = Message("Règles", "Rules")
_MADE: Final = Message(
    "Page tirée des règles elles-mêmes, comme ce que dit « subsidy-rules rule CODE ».",
    "This page is made from the rules themselves, as is what “subsidy-rules rule CODE” says.",
)
_TABLE: Final = (Message("code", "code"), Message("règle", "rule"), Message("gravité", "severity"))


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page. ``code``: shown to the character, as the source it is."""

    title: str
    text: str
    code: bool = False


def _authority(authority: Authority) -> Message:
    words = {"text": authority.text, "since": authority.since, "until": authority.until}
    match authority:
        case Authority(since=None, until=None):
            return authority.text
        case Authority(until=None):
            return _SINCE.having(**words)
        case Authority(since=None):
            return _UNTIL.having(**words)
        case _:
            return _BETWEEN.having(**words)


def example_text(example: Example) -> str:
    """The example as a file would hold it: text as it is, a record as YAML; the settings it is read with first, the
    file that it is compared with last."""
    suffix = example.suffix if isinstance(example.source, str) else ".yaml"
    text = _source_text(example)
    if example.beside:
        text = f"{text}\n# 13{suffix}\n{example.beside}"
    if example.settings or example.beside:
        text = f"# 12{suffix}\n{text}"
    return f"# subsidy-rules.toml\n{example.settings}\n{text}" if example.settings else text


def _source_text(example: Example) -> str:
    if isinstance(example.source, str):
        return example.source
    import yaml

    text: str = yaml.safe_dump(_plain(example.source), allow_unicode=True, sort_keys=False, width=100)
    return text


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case bool() | int() | None:
            return value
        case _:
            return str(value)


def authority_text(rule: Rule, language: Language) -> str:
    """On whose authority the rule speaks, one source a line, with the dates between which each holds."""
    return "\n".join(_authority(item).say(language) for item in rule.authority)


def sections(rule: Rule, language: Language) -> tuple[Section, ...]:
    """The parts of the page, in order; a part with nothing to say is left out."""
    parts = [
        (_WHAT, template_text(rule.says, language)),
        (_DOUBT, "" if rule.doubts is None else template_text(rule.doubts, language)),
        (_WHY, rule.why.say(language)),
        (_AUTHORITY, authority_text(rule, language)),
        (_COMPUTATION, rule.computation.say(language)),
        (_TOLERANCE, rule.tolerance.say(language)),
        (_INCONCLUSIVE, rule.inconclusive.say(language)),
        (_OPTIONS, ", ".join(rule.options)),
    ]
    out = [Section(title.say(language), visible(text, lines=True)) for title, text in parts if text]
    out += [
        Section(title.say(language), visible(example_text(example).strip("\n"), lines=True), code=True)
        for title, example in ((_GOOD, rule.good), (_BAD, rule.bad))
        if example is not None
    ]
    return tuple(out)


def rule_page(rule: Rule, language: Language) -> str:
    """The page for a terminal."""
    severity = _SEVERITY.having(severity=SEVERITY_NAMES[rule.severity]).say(language)
    lines = [f"{rule.code} {rule.name}", template_text(rule.title, language), "", severity]
    for section in sections(rule, language):
        lines += ["", section.title]
        for line in section.text.split("\n"):
            lines += (
                [f"  {line}"] if section.code else textwrap.wrap(line, 96, initial_indent="  ", subsequent_indent="  ")
            )
    return "\n".join(lines) + "\n"


def rule_list(rules: Iterable[Rule], language: Language) -> str:
    """One line for each rule: code, severity, name and title."""
    rows = [
        (rule.code, SEVERITY_NAMES[rule.severity].say(language), rule.name, template_text(rule.title, language))
        for rule in sorted(rules, key=lambda rule: rule.code)
    ]
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) + "\n"
        for row in rows
    )


def rule_markdown(rule: Rule, language: Language, *, level: int = 1) -> str:
    """The page in Markdown; ``level`` is that of its title."""
    severity = _SEVERITY.having(severity=SEVERITY_NAMES[rule.severity]).say(language)
    marks = "#" * level
    lines = [
        f"{marks} {rule.code} {rule.name}",
        "",
        f"**{markdown(template_text(rule.title, language))}**",
        "",
        severity,
    ]
    for section in sections(rule, language):
        lines += ["", f"{marks}# {section.title}", ""]
        if section.code:
            fence = "`" * max(3, _longest_run(section.text) + 1)
            lines += [fence, section.text, fence]
        else:
            lines += [f"{markdown(line)}  " for line in section.text.split("\n")]
            lines[-1] = lines[-1].rstrip()
    return "\n".join(lines) + "\n"


def rule_book(rules: Iterable[Rule], language: Language) -> str:
    """All the rules in one Markdown page: the list first, each line leading to its rule below."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    titles = " | ".join(title.say(language) for title in _TABLE)
    lines = [f"# {_INDEX.say(language)}", "", _MADE.say(language), "", f"| {titles} |", "|---|---|---|"]
    lines += [
        f"| [{rule.code}](#{rule.code.lower()}-{rule.name}) {rule.name} "
        f"| {markdown(template_text(rule.title, language))} | {SEVERITY_NAMES[rule.severity].say(language)} |"
        for rule in ordered
    ]
    pages = "\n".join(rule_markdown(rule, language, level=2) for rule in ordered)
    return "\n".join(lines) + "\n\n" + pages


def _longest_run(text: str) -> int:
    """The longest run of backquotes, which a fence must exceed."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
