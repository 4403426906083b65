"""The report for a person at a terminal: the source line with its figures underlined, the working, the repair.

    note.txt:7:12: erreur SUM001 Le total annoncé n’est pas la somme des montants…
       7 │ total de 80 000 euros
         │          ^^^^^^^^^^^^
         = 50 000 + 20 000 = 70 000, et non 80 000 (écart : 10 000)

Then, when few sources were read, every claim with its state and its working, and in all cases the four lines that say
what was read, what holds, what is inconsistent and what cannot be told. Colours are the sixteen of the terminal's own
palette, so that they suit a dark and a light one alike, and nothing is said by colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from subsidy_rules.claims import Judgement
from subsidy_rules.finding import Finding, Report, Source
from subsidy_rules.frozen import dataclass
from subsidy_rules.rulebook import Severity
from subsidy_rules.safe_text import cells_wide, visible
from subsidy_rules.showing import (
    KINDS,
    SEVERITY_NAMES,
    STATES,
    Mark,
    ShownLine,
    locator,
    place_words,
    repair_text,
    rule_titles,
    shown_lines,
    summary_lines,
    unreadable_text,
    working_text,
)
from subsidy_rules.wording import Language, Message, number

__all__ = ["render"]

FEW_SOURCES: Final = 3
"""Up to this many sources, the claims that hold are listed with their working."""
FEW_CLAIMS: Final = 60
"""…unless there are more than this many of them."""

_MARKS: Final = {"holds": "✓", "broken": "✗", "unknown": "?"}
_STATE_COLORS: Final = {"holds": "32", "broken": "31", "unknown": "33"}
_SEVERITY_COLORS: Final[dict[Severity, str]] = {"error": "31", "warning": "33", "note": "36"}

_CLAIMS: Final = Message("Affirmations recalculées", "Claims recomputed")
_IMPUTATIONS: Final = Message("Imputations vérifiées", "Imputations checked")
_UNTIED: Final = Message("Montants et taux qu’aucune affirmation ne rapproche", "Figures that no claim ties")
_REPAIR: Final = Message("correction possible : {repair}", "possible repair: {repair}")
_BY_RULE: Final = Message("Par règle", "By rule")
_MORE: Final = Message("… et {n} {n:autre|autres}", "… and {n} more")
_LABEL: Final = Message("{label} :", "{label}:")
_NOTHING: Final = Message("rien n’a été lu", "nothing was read")


@dataclass(frozen=True, slots=True)
class _Ink:
    """Writes in colour, or plainly."""

    on: bool

    def __call__(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self.on and codes and text else text


def render(
    report: Report,
    *,
    language: Language | None = None,
    color: bool = False,
    width: int = 100,
    statistics: bool = False,
) -> str:
    """The report as text. ``width`` is that of the screen in columns; ``color`` puts ANSI colours.

    ``statistics`` adds the count of each rule by state.
    """
    said = language or report.language
    ink = _Ink(color)
    wide = max(40, width)
    parts = ["\n".join(_finding(finding, said, ink, wide)) for finding in report.findings]
    for source in report.sources:
        lines = list(_source(source, said, ink))
        if lines:
            parts.append("\n".join(lines))
    if report.claims and len(report.sources) <= FEW_SOURCES and len(report.claims) <= FEW_CLAIMS:
        parts.append("\n".join(_claims(report.claims, said, ink, wide)))
    if report.imputations and len(report.sources) <= FEW_SOURCES and len(report.imputations) <= FEW_CLAIMS:
        parts.append("\n".join(_imputations(report, said, ink, wide)))
    if report.untied and len(report.sources) <= FEW_SOURCES:
        parts.append("\n".join(_untied(report, said, ink, wide)))
    if statistics:
        parts.append("\n".join(_statistics(report, said, ink)))
    parts.append("\n".join(_summary(report, said, ink, wide)))
    return "\n\n".join(parts) + "\n"


# -- findings -------------------------------------------------------------------------------------------------


def _finding(finding: Finding, language: Language, ink: _Ink, width: int) -> Iterator[str]:
    place = finding.place
    color = _SEVERITY_COLORS[finding.severity]
    head = f"{locator(place)}: "
    severity = SEVERITY_NAMES[finding.severity].say(language)
    yield (
        ink(head, "1") + ink(f"{severity} {finding.code}", "1", color) + " " + ink(visible(finding.say(language)), "1")
    )
    where = place_words(place, language, path=False, line=False)
    if where:
        yield f"      {ink(where, '2')}"
    yield from _excerpts(finding, ink, width, color)
    working = working_text(finding, language)
    if working is not None:
        yield from _told("= ", working, ink, width)
    for repair in finding.repairs:
        text = _REPAIR.having(repair=repair_text(repair, language)).say(language)
        yield from _told("→ ", text, ink, width, "32")


def _told(mark: str, text: str, ink: _Ink, width: int, *codes: str) -> Iterator[str]:
    indent = "      "
    for index, line in enumerate(_wrapped(text, width - len(indent) - len(mark))):
        yield indent + ink(mark if index == 0 else " " * len(mark), "2") + ink(line, *codes)


def _excerpts(finding: Finding, ink: _Ink, width: int, color: str) -> Iterator[str]:
    """The lines of the finding's own source where its place and its related places stand, underlined."""
    shown = shown_lines(finding)
    gutter = max((len(str(line.number or "")) for line in shown), default=1)
    for line in shown:
        yield from _rows(line, max(gutter, 4), ink, width, color)


def _rows(shown: ShownLine, gutter: int, ink: _Ink, width: int, color: str) -> Iterator[str]:
    """The line cut to the screen's width; of a long one, only the rows that hold something underlined."""
    kept = _kept(shown, max(20, width - gutter - 6))
    for index, (start, end) in enumerate(kept):
        name = str(shown.number) if index == 0 and shown.number is not None else ""
        before = "…" if start > 0 and (index == 0 or kept[index - 1][1] != start) else ""
        after = "…" if end < len(shown.line) and (index + 1 == len(kept) or kept[index + 1][0] != end) else ""
        body, under = _row(shown.line, start, end, shown.marks)
        yield f"  {ink(name.rjust(gutter) + ' │', '2')} {before}{body.rstrip()}{after}"
        if under.strip():
            painted = _RUN.sub(
                lambda run: ink(run.group(), "1", color if run.group()[0] == "^" else "34"), under.rstrip()
            )
            yield f"  {ink(' ' * gutter + ' │', '2')} {' ' * len(before)}{painted}"


def _kept(shown: ShownLine, room: int) -> list[tuple[int, int]]:
    """The stretches of the line to show: one around all that is underlined when it fits, else a row for each."""
    line = shown.line
    if len(line) <= room and cells_wide(visible(line)) <= room:
        return [(0, len(line))]
    if shown.marks:
        first, last = min(start for start, _, _ in shown.marks), max(end for _, end, _ in shown.marks)
        spare = room - cells_wide(visible(line[first:last]))
        if spare >= 0:
            return [_window(line, first, last, room)]
    pieces = list(_pieces(line, room))
    kept = [piece for piece in pieces if any(start < piece[1] and end > piece[0] for start, end, _ in shown.marks)]
    return kept or pieces[:1]


def _window(line: str, first: int, last: int, room: int) -> tuple[int, int]:
    """``line[first:last]`` and as many whole words before and after it as there is room for, twice as many before."""
    left = room - cells_wide(visible(line[first:last]))
    start, end = first, last
    while start > 0 and left > room // 3 and (wide := cells_wide(visible(line[start - 1]))) <= left:
        start, left = start - 1, left - wide
    while end < len(line) and (wide := cells_wide(visible(line[end]))) <= left:
        end, left = end + 1, left - wide
    while start > 0 and (wide := cells_wide(visible(line[start - 1]))) <= left:
        start, left = start - 1, left - wide
    if start > 0 and (blank := line.find(" ", start, first)) != -1:
        start = blank + 1
    if end < len(line) and (blank := line.rfind(" ", last, end)) != -1:
        end = blank
    return start, end


_RUN: Final = re.compile(r"\^+|-+")


def _pieces(line: str, room: int) -> Iterator[tuple[int, int]]:
    """The line as stretches no wider than ``room`` columns, cut after blanks where there are some."""
    start = 0
    if visible(line) is line and cells_wide(line) == len(line):  # one column for each character: no need to count
        while start < len(line):
            end = min(start + room, len(line))
            if end < len(line):
                end = line.rfind(" ", start, end) + 1 or end
            yield start, end
            start = end
        return
    while start < len(line):
        used = 0
        end = start
        blank = 0
        while end < len(line):
            used += cells_wide(visible(line[end]))
            if used > room:
                break
            end += 1
            if line[end - 1] in " \t":
                blank = end
        if end < len(line) and blank > start:
            end = blank
        end = max(end, start + 1)
        yield start, end
        start = end


def _row(line: str, start: int, end: int, marks: Iterable[Mark]) -> tuple[str, str]:
    body: list[str] = []
    under: list[str] = []
    signs = list(marks)
    for index in range(start, end):
        shown = visible(line[index])
        body.append(shown)
        sign = " "
        for first, last, own in signs:
            if first <= index < last:
                sign = "^" if own else "-"
                break
        under.append(sign * cells_wide(shown))
    return "".join(body), "".join(under)


def _wrapped(text: str, room: int) -> Iterator[str]:
    for start, end in _pieces(text, max(20, room)):
        yield text[start:end].rstrip()


# -- sources, claims, summary ---------------------------------------------------------------------------------


def _source(source: Source, language: Language, ink: _Ink) -> Iterator[str]:
    if source.status != "read":
        yield f"{ink(visible(source.path), '1')}: {ink(unreadable_text(source, language), '31')}"
    for remark in source.remarks:
        yield f"{visible(source.path)}: {ink(visible(remark.say(language)), '2')}"


def _claims(claims: Iterable[Judgement], language: Language, ink: _Ink, width: int) -> Iterator[str]:
    yield ink(_CLAIMS.say(language), "1")
    shown = [
        (judged, KINDS.get(judged.claim.kind, Message(judged.claim.kind, judged.claim.kind)).say(language))
        for judged in claims
    ]
    for judged, kind in shown:
        mark = ink(f"{_MARKS[judged.state]} {STATES[judged.state].say(language)}", _STATE_COLORS[judged.state])
        yield f"  {mark}  {kind}  {ink(place_words(judged.claim.place, language), '2')}"
        yield from _told("", visible(judged.working.say(language)), ink, width)


def _imputations(report: Report, language: Language, ink: _Ink, width: int) -> Iterator[str]:
    yield ink(_IMPUTATIONS.say(language), "1")
    for charge, state in report.judged_imputations:
        mark = ink(f"{_MARKS[state]} {STATES[state].say(language)}", _STATE_COLORS[state])
        where = place_words(charge.place, language)
        yield f"  {mark}  {visible(charge.raw)}  {ink(where, '2')}"
        if charge.imputation is not None:
            segments = " · ".join(f"{name} {code}" for name, code in charge.imputation.segments.items())
            yield from _told("", visible(segments), ink, width)


def _untied(report: Report, language: Language, ink: _Ink, width: int) -> Iterator[str]:
    yield ink(_UNTIED.say(language), "1")
    texts = [visible(figure.text or figure.plain) for figure in report.untied]
    most = 20
    listed = " · ".join(texts[:most])
    if len(texts) > most:
        listed += " " + _MORE.having(n=len(texts) - most).say(language)
    for line in _wrapped(listed, width - 4):
        yield f"  {line}"


def _statistics(report: Report, language: Language, ink: _Ink) -> Iterator[str]:
    yield ink(_BY_RULE.say(language), "1")
    counts: Mapping[str, Mapping[str, int]] = report.summary["rules"]
    titles = rule_titles(report, language)
    head = ["", *(message.say(language) for message in STATES.values()), ""]
    rows = [head] + [
        [code, *(number(states.get(state, 0), language) for state in STATES), titles.get(code, "")]
        for code, states in counts.items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:4], widths[1:], strict=True)),
        ]
        yield "  " + "  ".join([*cells, row[4]]).rstrip()


def _summary(report: Report, language: Language, ink: _Ink, width: int) -> Iterator[str]:
    if not report.sources:
        yield ink(_NOTHING.say(language), "33")
        return
    lines = [(_LABEL.having(label=label).say(language), text) for label, text in summary_lines(report, language)]
    longest = max(len(label) for label, _ in lines)
    for label, text in lines:
        if width - longest < 24:  # a narrow screen: the text goes under its label
            yield ink(label, "1")
            yield from (f"  {line}" for line in _wrapped(text, width - 2))
            continue
        head = label.ljust(longest + 1)
        for index, line in enumerate(_wrapped(text, width - len(head))):
            yield ink(head, "1") + line if index == 0 else " " * len(head) + line
