"""The words that several outputs share: severities, states, kinds of claims, places, the four lines of the summary.

Each output stays one short module that knows nothing of the others; what must be said alike in all of them is
said here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from subsidy_rules.finding import Finding, Report, Source
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Repair, Severity
from subsidy_rules.safe_text import visible
from subsidy_rules.wording import Language, Message, number, placeholders

__all__ = [
    "CONFIDENCES",
    "HOLDS",
    "KINDS",
    "SEVERITY_NAMES",
    "STATES",
    "Stretch",
    "counted",
    "locator",
    "place_words",
    "repair_text",
    "rule_titles",
    "stretch",
    "summary_lines",
    "template_text",
    "unreadable_text",
    "working_text",
]

SEVERITY_NAMES: Final[Mapping[Severity, Message]] = {
    "error": Message("erreur", "error"),
    "warning": Message("avertissement", "warning"),
    "note": Message("note", "note"),
}

HOLDS: Final = Message("tient", "holds")
STATES: Final[Mapping[str, Message]] = {
    "holds": HOLDS,
    "broken": Message("incohérent", "inconsistent"),
    "unknown": Message("on ne peut pas dire", "cannot tell"),
}

CONFIDENCES: Final[Mapping[str, Message]] = {
    "high": Message("haute", "high"),
    "medium": Message("moyenne", "medium"),
    "low": Message("basse", "low"),
}

KINDS: Final[Mapping[str, Message]] = {
    "sum": Message("somme", "sum"),
    "percentage": Message("pourcentage", "percentage"),
    "at_most": Message("plafond", "ceiling"),
    "equal": Message("même montant écrit deux fois", "same figure written twice"),
    "count": Message("dénombrement", "head count"),
    "tax": Message("taxe", "tax"),
    "change": Message("évolution", "change"),
    "shares_total": Message("total des parts", "total of the shares"),
    "balance": Message("solde", "balance"),
    "average": Message("moyenne", "average"),
}


def counted(n: int, one: Message, many: Message, language: Language) -> str:
    """``n`` and its noun: nothing and one are singular in French, one alone is in English."""
    singular = n < 2 if language == "fr" else n == 1
    return f"{number(n, language)} {(one if singular else many).say(language)}"


# -- places ---------------------------------------------------------------------------------------------------


def locator(place: Place) -> str:
    """``path:line:column``, with as much of it as is known; ``path:Sheet!B7`` for a cell of a workbook."""
    path = visible(place.path or "-")
    if path.lstrip().startswith(("::", "##[")):  # a build log would obey a line that begins so
        path = "./" + path
    if place.line is not None:
        column = place.column if place.column is not None else 1
        return f"{path}:{place.line}:{column}"
    if place.cell is not None:
        sheet = f"{visible(place.sheet)}!" if place.sheet else ""
        return f"{path}:{sheet}{visible(place.cell)}"
    if place.row is not None:
        return f"{path}:{place.row}"
    return path


_PAGE: Final = Message("page {n:plain}", "page {n:plain}")
_PARAGRAPH: Final = Message("paragraphe {n:plain}", "paragraph {n:plain}")
_LINE: Final = Message("ligne {n:plain}", "line {n:plain}")
_ROW: Final = Message("ligne {n:plain}", "row {n:plain}")
_SHEET: Final = Message("feuille « {name} »", "sheet “{name}”")
_CELL: Final = Message("cellule {name}", "cell {name}")
_FIELD: Final = Message("champ {name}", "field {name}")


def place_words(place: Place, language: Language, *, path: bool = True, line: bool = True) -> str:
    """A place as people say it: « note.docx, page 3, paragraphe 12 »; without its path or its line if so asked."""
    words = [visible(place.path)] if path and place.path else []
    if place.sheet:
        words.append(_SHEET.having(name=visible(place.sheet)).say(language))
    if place.cell:
        words.append(_CELL.having(name=visible(place.cell)).say(language))
    if place.page is not None:
        words.append(_PAGE.having(n=place.page).say(language))
    if place.paragraph is not None:
        words.append(_PARAGRAPH.having(n=place.paragraph).say(language))
    if place.row is not None and not place.cell:
        words.append(_ROW.having(n=place.row).say(language))
    elif line and place.line is not None and place.page is None and not place.cell:
        words.append(_LINE.having(n=place.line).say(language))
    if place.pointer and not place.cell:
        words.append(_FIELD.having(name=visible(place.pointer)).say(language))
    return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a quote stands in the line that is shown: ``line[start:end]``."""

    line: str
    start: int
    end: int


def stretch(place: Place) -> Stretch | None:
    """The line around ``place`` and the part of it to underline; ``None`` when the line is not known.

    The columns are believed only if the quote is really there; otherwise the quote is looked for, and underlined
    only when it stands once. An unknown part gives an empty stretch at the start.
    """
    line = place.excerpt
    if line is None:
        return None
    line = line.split("\n", 1)[0] if place.column is not None else line.replace("\n", " ")
    quote = (place.quote or "").split("\n", 1)[0]
    if place.column is not None:
        start = place.column - 1
        if quote and line.startswith(quote, start):
            return Stretch(line, start, start + len(quote))
        if not quote and place.end_column is not None and place.end_line in (None, place.line):
            end = min(place.end_column - 1, len(line))
            if 0 <= start < end:
                return Stretch(line, start, end)
    if quote and line.count(quote) == 1:
        start = line.index(quote)
        return Stretch(line, start, start + len(quote))
    return Stretch(line, 0, 0)


# -- findings and summary -------------------------------------------------------------------------------------

_REPAIR: Final = Message("{old} → {new}", "{old} → {new}")


def repair_text(repair: Repair, language: Language) -> str:
    """« 65 000 → 70 000 », with what is said about it."""
    text = _REPAIR.having(old=repair.old, new=repair.new).say(language)
    return visible(text if repair.says is None else f"{text} — {repair.says.say(language)}")


def working_text(finding: Finding, language: Language) -> str | None:
    """The working under the sentence; ``None`` when there is none, or when the sentence already holds it."""
    if finding.working is None or finding.state != "broken":
        return None
    working = visible(finding.working.say(language))
    return None if working in visible(finding.say(language)) else working


def template_text(message: Message, language: Language) -> str:
    """The sentence before any value is put in it: each placeholder is shown as « … »."""
    names = placeholders(message.fr) | placeholders(message.en)
    return visible(message.having(**dict.fromkeys(names, "…")).say(language))


def rule_titles(report: Report, language: Language) -> dict[str, str]:
    """The title of each rule that ran, by its code."""
    return {rule.code: template_text(rule.title, language) for rule in report.rules}


_UNREADABLE_SOURCE: Final = Message("source illisible : {reason}", "source unreadable: {reason}")


def unreadable_text(source: Source, language: Language) -> str:
    """Why a source could not be read."""
    reason = "—" if source.reason is None else source.reason
    return visible(_UNREADABLE_SOURCE.having(reason=reason).say(language))


_SOURCE: Final = (Message("source", "source"), Message("sources", "sources"))
_FIGURE: Final = (Message("montant ou taux", "figure"), Message("montants et taux", "figures"))
_TIED: Final = (Message("rapproché", "tied"), Message("rapprochés", "tied"))
_IMPUTATION: Final = (Message("imputation", "imputation"), Message("imputations", "imputations"))
_ROWS: Final = (Message("ligne de tableau", "table row"), Message("lignes de tableau", "table rows"))
_UNREADABLE: Final = (
    Message("source illisible", "source unreadable"),
    Message("sources illisibles", "sources unreadable"),
)
_CLAIM: Final = (Message("affirmation", "claim"), Message("affirmations", "claims"))
_FOUND: Final = (Message("constat", "finding"), Message("constats", "findings"))

_READ: Final = Message("Ce qui a été lu", "What was read")
_STANDS: Final = Message("Ce qui tient", "What holds")
_BROKEN: Final = Message("Ce qui est incohérent", "What is inconsistent")
_UNKNOWN: Final = Message("Ce qu’on ne peut pas dire", "What cannot be told")


def summary_lines(report: Report, language: Language) -> tuple[tuple[str, str], ...]:
    """The four lines of every summary: what was read, what holds, what is inconsistent, what cannot be told."""
    tally = report.tally
    read = [counted(sum(source.status == "read" for source in report.sources), *_SOURCE, language)]
    if tally.rows:
        read.append(counted(tally.rows, *_ROWS, language))
    figures = counted(tally.figures, *_FIGURE, language)
    read.append(f"{figures} ({counted(tally.tied, *_TIED, language)})" if tally.figures else figures)
    read.append(counted(tally.imputations, *_IMPUTATION, language))
    inconsistent = counted(tally.claims.get("broken", 0), *_CLAIM, language)
    broken = [finding for finding in report.findings if finding.state == "broken"]
    if broken:
        inconsistent += f" ({counted(len(broken), *_FOUND, language)}{_by_severity(broken, language)})"
    untold = [counted(tally.claims.get("unknown", 0), *_CLAIM, language)]
    doubts = len(report.findings) - len(broken)
    if doubts:
        untold.append(counted(doubts, *_FOUND, language))
    if report.unreadable:
        untold.append(counted(len(report.unreadable), *_UNREADABLE, language))
    return (
        (_READ.say(language), ", ".join(read)),
        (_STANDS.say(language), counted(tally.claims.get("holds", 0), *_CLAIM, language)),
        (_BROKEN.say(language), inconsistent),
        (_UNKNOWN.say(language), ", ".join(untold)),
    )


_MANY: Final[Mapping[Severity, Message]] = {
    "error": Message("erreurs", "errors"),
    "warning": Message("avertissements", "warnings"),
    "note": Message("notes", "notes"),
}


_LIST: Final = Message(" : {items}", ": {items}")


def _by_severity(findings: list[Finding], language: Language) -> str:
    said = []
    for severity, many in _MANY.items():
        count = sum(finding.severity == severity for finding in findings)
        if count:
            said.append(counted(count, SEVERITY_NAMES[severity], many, language))
    return _LIST.having(items=said).say(language)
