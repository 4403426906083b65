"""The words that several outputs share: severities, states, kinds of claims, places, the four lines of the summary.

Each output stays one short module that knows nothing of the others; what must be said alike in all of them is
said here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from subsidy_rules.claims import Judgement, State
from subsidy_rules.figures import Amount
from subsidy_rules.finding import Finding, Report, Source, strength_of
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Repair, Severity
from subsidy_rules.safe_text import visible
from subsidy_rules.wording import Language, Message, is_one, number, placeholders

__all__ = [
    "CONFIDENCES",
    "COUNTED",
    "HOLDS",
    "KINDS",
    "MANY_SEVERITIES",
    "SEVERITY_NAMES",
    "STATES",
    "Mark",
    "ShownLine",
    "Stretch",
    "counted",
    "json_indent",
    "locator",
    "pass_strength",
    "place_words",
    "repair_text",
    "rule_titles",
    "shown_lines",
    "stakes",
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
    "count": Message("dénombrement", "count"),
    "tax": Message("taxe", "tax"),
    "change": Message("évolution", "change"),
    "shares_total": Message("total des parts", "total of the shares"),
    "balance": Message("solde", "balance"),
    "average": Message("moyenne", "average"),
}


def counted(n: int, one: Message, many: Message, language: Language) -> str:
    """``n`` and its noun: nothing and one are singular in French, one alone is in English."""
    return f"{number(n, language)} {(one if is_one(n, language) else many).say(language)}"


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
    in_record = place.pointer is not None and place.line is not None  # its line says it; its row is a table's
    if place.row is not None and not place.cell and not in_record and (line or place.row != place.line):
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


Mark = tuple[int, int, bool]
"""Start and end of a stretch to underline; True for the finding's own place, False for a related one."""

MOST_LINES: Final = 8
"""At most this many source lines are shown under one finding."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A source line and what to underline in it. ``number`` is that of the source, when it is known."""

    line: str
    number: int | None
    marks: tuple[Mark, ...]

    def segments(self, *, around: int = 240) -> Iterator[tuple[str, Literal["own", "related", ""]]]:
        """The line cut where the marks begin and end, each piece made harmless.

        Of a piece that is not underlined, only the ``around`` characters beside an underlined one are given.
        """
        cuts = sorted({0, len(self.line), *(cut for start, end, _ in self.marks for cut in (start, end))})
        for start, end in pairwise(cuts):
            kind: Literal["own", "related", ""] = ""
            for first, last, own in self.marks:
                if first <= start and end <= last:
                    kind = "own" if own else "related"
                    break
            piece = self.line[start:end]
            if not kind and len(piece) > 2 * around:
                before = piece[:around] if start > 0 or not self.marks else ""
                after = piece[-around:] if end < len(self.line) else ""
                piece = f"{before}…{after}"
            yield visible(piece), kind


def shown_lines(finding: Finding) -> tuple[ShownLine, ...]:
    """The lines of the finding's own source where its place and its related places stand, in order."""
    lines: dict[tuple[str | None, int], tuple[Stretch, int | None, list[Mark]]] = {}
    for index, place in enumerate((finding.place, *finding.related)):
        found = stretch(place)
        if found is None or place.path != finding.place.path or not found.line.strip():
            continue
        key = (place.sheet, place.line if place.line is not None else -1 - index)
        first, _, marks = lines.setdefault(key, (found, place.line, []))
        if first.line == found.line and found.end > found.start:
            marks.append((found.start, found.end, index == 0))
    ordered = sorted(lines.items(), key=lambda item: (item[1][1] is None, item[0][1]))
    return tuple(ShownLine(found.line, number, tuple(marks)) for _, (found, number, marks) in ordered[:MOST_LINES])


# -- findings and summary -------------------------------------------------------------------------------------

_REPAIR: Final = Message("{old} → {new}", "{old} → {new}")


def repair_text(repair: Repair, language: Language) -> str:
    """« 65 000 → 70 000 », with what is said about it."""
    text = _REPAIR.having(old=repair.old, new=repair.new).say(language)
    return visible(text if repair.says is None else f"{text} — {repair.says.say(language)}")


_STRENGTH: Final = Message(
    "auraient aussi convenu : {rates}, {parts}, {wholes} ; une faute de frappe se serait vue {noticed} fois sur 100",
    "would have passed as well: {rates}, {parts}, {wholes}; a slip would have shown {noticed} {noticed:time|times} "
    "in 100",
)
_OTHER_RATES: Final = (Message("autre taux", "other rate"), Message("autres taux", "other rates"))
_OTHER_PARTS: Final = (Message("autre part", "other part"), Message("autres parts", "other parts"))
_OTHER_WHOLES: Final = (Message("autre base", "other base"), Message("autres bases", "other bases"))
_ENDLESS: Final = Message("une infinité de valeurs", "endlessly many values")


def pass_strength(judged: Judgement, language: Language) -> str:
    """How much a percentage that holds proves: what else, printed in the same form, would have passed.

    Empty for any other claim.
    """
    found = strength_of(judged)
    if found is None:
        return ""
    counts = ((found.rates, _OTHER_RATES), (found.parts, _OTHER_PARTS), (found.wholes, _OTHER_WHOLES))
    rates, parts, wholes = (
        _ENDLESS.say(language) if count is None else counted(count, *nouns, language) for count, nouns in counts
    )
    return _STRENGTH.having(rates=rates, parts=parts, wholes=wholes, noticed=int(found.noticed * 100)).say(language)


def json_indent(report: Report) -> int | None:
    """How far JSON is indented: not at all when only programs will read so much of it (and it is then four times
    faster to write)."""
    return 2 if len(report.findings) + len(report.claims) <= 4000 else None


def working_text(finding: Finding, language: Language) -> str | None:
    """The working under the sentence; ``None`` when there is none, or when the sentence already holds it."""
    if finding.working is None or finding.state != "broken":
        return None
    template = finding.text.fr if language == "fr" else finding.text.en
    if "{working}" in template and (finding.text.values or {}).get("working") is finding.working:
        return None  # seen without saying either: a long report would say each working twice
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


COUNTED: Final[Mapping[str, tuple[Message, Message]]] = {
    "source": (Message("source", "source"), Message("sources", "sources")),
    "row": (Message("ligne de tableau", "table row"), Message("lignes de tableau", "table rows")),
    "figure": (Message("montant ou taux", "figure"), Message("montants et taux", "figures")),
    "tied": (Message("rapproché", "tied"), Message("rapprochés", "tied")),
    "imputation": (Message("imputation", "imputation"), Message("imputations", "imputations")),
    "unreadable": (
        Message("source illisible", "unreadable source"),
        Message("sources illisibles", "unreadable sources"),
    ),
    "skipped": (
        Message("fichier laissé de côté", "file left aside"),
        Message("fichiers laissés de côté", "files left aside"),
    ),
    "claim": (Message("affirmation", "claim"), Message("affirmations", "claims")),
    "finding": (Message("constat", "finding"), Message("constats", "findings")),
}
"""What is counted, singular and plural."""

_READ: Final = Message("Ce qui a été lu", "What was read")
_STANDS: Final = Message("Ce qui tient", "What holds")
_BROKEN: Final = Message("Ce qui est incohérent", "What is inconsistent")
_UNKNOWN: Final = Message("Ce qu’on ne peut pas dire", "What cannot be told")
_ASIDE: Final = Message("Ce qu’une exception écarte", "What an exception sets aside")
_KNOWN: Final = Message("Ce que la référence connaît", "What the baseline knows")


def summary_lines(report: Report, language: Language) -> tuple[tuple[str, str], ...]:
    """The four lines of every summary: what was read, what holds, what is inconsistent, what cannot be told.

    Then what was found and is not told again, when there is any: exceptions, and a baseline.
    """
    tally = report.tally
    read = [counted(sum(source.status == "read" for source in report.sources), *COUNTED["source"], language)]
    if tally.rows:
        read.append(counted(tally.rows, *COUNTED["row"], language))
    figures = counted(tally.figures, *COUNTED["figure"], language)
    tied = counted(tally.tied, *COUNTED["tied"], language)
    read.append(f"{figures} ({tied})" if tally.figures else figures)
    read.append(counted(tally.imputations, *COUNTED["imputation"], language))
    if report.skipped:
        read.append(counted(len(report.skipped), *COUNTED["skipped"], language))
    charges = Counter(state for _, state in report.judged_imputations)

    def judged(state: State) -> str:
        claims = counted(tally.claims.get(state, 0), *COUNTED["claim"], language)
        count = charges[state]
        return f"{claims}, {counted(count, *COUNTED['imputation'], language)}" if count else claims

    inconsistent = judged("broken")
    broken = [finding for finding in report.findings if finding.state == "broken"]
    if broken:
        told = counted(len(broken), *COUNTED["finding"], language)
        inconsistent += f" ({told}{_by_severity(broken, language)})"
    untold = [judged("unknown")]
    doubts = len(report.findings) - len(broken)
    if doubts:
        untold.append(counted(doubts, *COUNTED["finding"], language))
    if report.unreadable:
        untold.append(counted(len(report.unreadable), *COUNTED["unreadable"], language))
    lines = [
        (_READ.say(language), ", ".join(read)),
        (_STANDS.say(language), judged("holds")),
        (_BROKEN.say(language), inconsistent),
        (_UNKNOWN.say(language), ", ".join(untold)),
    ]
    aside = report.extra.get("exceptions")
    if aside:
        lines.append((_ASIDE.say(language), counted(len(aside), *COUNTED["finding"], language)))
    baseline = report.extra.get("baseline")
    if baseline is not None:
        lines.append((_KNOWN.say(language), counted(baseline["known"], *COUNTED["finding"], language)))
    return tuple(lines)


MANY_SEVERITIES: Final[Mapping[Severity, Message]] = {
    "error": Message("erreurs", "errors"),
    "warning": Message("avertissements", "warnings"),
    "note": Message("notes", "notes"),
}


_LIST: Final = Message(" : {items}", ": {items}")


def _by_severity(findings: list[Finding], language: Language) -> str:
    said = []
    for severity, many in MANY_SEVERITIES.items():
        count = sum(finding.severity == severity for finding in findings)
        if count:
            said.append(counted(count, SEVERITY_NAMES[severity], many, language))
    return _LIST.having(items=said).say(language)


def stakes(claims: Iterable[Judgement]) -> dict[str | None, Fraction]:
    """By currency, the sum of the gaps of the inconsistent claims between what is written and what is recomputed.

    Only claims whose figures are all amounts count. The same error may be met by several claims, so this is an
    order of magnitude and never an amount due. ``None`` stands for amounts that give no currency.
    """
    found: dict[str | None, Fraction] = {}
    for judged in claims:
        gap = judged.values.get("gap")
        figures = list(judged.claim.figures())
        if judged.state != "broken" or gap is None or not all(isinstance(figure, Amount) for figure in figures):
            continue
        currencies = {figure.currency for figure in figures if isinstance(figure, Amount) and figure.currency}
        currency = currencies.pop() if len(currencies) == 1 else None
        found[currency] = found.get(currency, Fraction(0)) + abs(Fraction(gap))
    return found
