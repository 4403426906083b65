"""The tick sheet: every figure of a document, and the claims that vouch for it (auditors: « tick and tie »)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Final, Literal

from subsidy_rules.claims import State
from subsidy_rules.figures import Figure
from subsidy_rules.finding import Report
from subsidy_rules.safe_text import escape_json_text, formula_free, visible
from subsidy_rules.wording import Language, Message

__all__ = ["Tick", "tick_sheet", "ticks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One figure, the claims it takes part in, and what became of them. No claim: the figure is untied."""

    figure: Figure
    kinds: tuple[str, ...] = ()
    states: tuple[State, ...] = ()

    @property
    def state(self) -> Literal["holds", "broken", "unknown", "untied"]:
        """Broken if any claim is, else holds if any does, else unknown; ``untied`` when no claim uses the figure."""
        order: tuple[State, ...] = ("broken", "holds", "unknown")
        for state in order:
            if state in self.states:
                return state
        return "untied"


_MARKS: Final = {"holds": "✓", "broken": "✗", "unknown": "?", "untied": "·"}
_STATES: Final = {
    "holds": Message("rapproché", "tied"),
    "broken": Message("incohérent", "inconsistent"),
    "unknown": Message("indécidable", "cannot tell"),
    "untied": Message("non rapproché", "untied"),
}
_KINDS: Final = {
    "sum": Message("somme", "sum"),
    "percentage": Message("pourcentage", "percentage"),
    "at_most": Message("plafond", "ceiling"),
    "equal": Message("répétition", "repetition"),
    "count": Message("dénombrement", "count"),
    "tax": Message("taxe", "tax"),
    "change": Message("évolution", "change"),
    "shares_total": Message("total des parts", "total of shares"),
    "balance": Message("solde", "balance"),
    "average": Message("moyenne", "average"),
}
_HEADER: Final = (
    Message("état", "state"),
    Message("chiffre", "figure"),
    Message("emplacement", "place"),
    Message("affirmations", "claims"),
)
_TOTAL: Final = Message(
    "montants et taux relevés : {found} ; rapprochés : {tied} ; non rapprochés : {untied}",
    "amounts and rates found: {found}; tied: {tied}; untied: {untied}",
)


def ticks(report: Report) -> tuple[Tick, ...]:
    """The figures of ``report`` in reading order, each once."""
    seen: dict[object, tuple[Figure, list[str], list[State]]] = {}
    for judged in report.claims:
        for figure in judged.claim.figures():
            entry = seen.setdefault(_key(figure), (figure, [], []))
            entry[1].append(judged.claim.kind)
            entry[2].append(judged.state)
    for figure in report.untied:
        seen.setdefault(_key(figure), (figure, [], []))
    found = [
        Tick(figure=figure, kinds=tuple(dict.fromkeys(kinds)), states=tuple(states))
        for figure, kinds, states in seen.values()
    ]
    return tuple(sorted(found, key=lambda tick: tick.figure.place.sort_key if tick.figure.place else ()))


def _key(figure: Figure) -> object:
    place = figure.place
    return id(figure) if place is None else (place.sort_key, place.quote)


def _where(figure: Figure) -> str:
    place = figure.place
    if place is None:
        return ""
    parts = [place.path or ""]
    if place.page is not None:
        parts.append(f"p. {place.page}")
    if place.cell is not None:
        parts.append(f"{place.sheet or ''}!{place.cell}")
    elif place.line is not None:
        parts.append(f"{place.line}:{place.column}")
    elif place.pointer is not None:
        parts.append(place.pointer)
    return ":".join(part for part in parts if part)


def tick_sheet(report: Report, output: str, language: Language) -> str:
    """The tick sheet as ``text``, ``csv`` (semicolons) or ``json``."""
    sheet = ticks(report)
    if output == "json":
        rows = [
            {
                "text": tick.figure.text,
                "value": tick.figure.plain,
                "state": tick.state,
                "claims": list(tick.kinds),
                "place": None if tick.figure.place is None else tick.figure.place.to_json(),
            }
            for tick in sheet
        ]
        return escape_json_text(json.dumps(rows, ensure_ascii=False, indent=2)) + "\n"
    lines = [
        (
            _STATES[tick.state].say(language),
            tick.figure.text,
            _where(tick.figure),
            ", ".join(_KINDS[kind].say(language) for kind in tick.kinds),
        )
        for tick in sheet
    ]
    if output == "csv":
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow([title.say(language) for title in _HEADER])
        writer.writerows([formula_free(cell) for cell in line] for line in lines)
        return stream.getvalue()
    marks = [_MARKS[tick.state] for tick in sheet]
    wide = max((len(line[1]) for line in lines), default=0)
    said = [
        f"{mark} {visible(text):>{wide}}  {visible(place)}{'  ' + kinds if kinds else ''}"
        for mark, (_, text, place, kinds) in zip(marks, lines, strict=True)
    ]
    coverage = report.figures
    total = _TOTAL.having(found=coverage["found"], tied=coverage["tied"], untied=len(coverage["untied"]))
    return "\n".join([*said, "", total.say(language), ""])
