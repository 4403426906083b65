"""The report as one HTML file: nothing to fetch, nothing to install, printable on A4.

The summary comes first, then pictures, then the findings of each source by rule, with the recalculation sheet of that
source. Python prepares plain values (every text made harmless first); the template under ``page/`` escapes them again
and only lays them out. The content security policy of the page forbids any request, and any script but its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Any, Final

from subsidy_rules import __version__
from subsidy_rules.claims import Judgement, State, Sum
from subsidy_rules.facts import Charge
from subsidy_rules.figures import Figure
from subsidy_rules.finding import SEVERITIES, Finding, Report, Source
from subsidy_rules.pictures import division, rate
from subsidy_rules.place import Place
from subsidy_rules.rule_pages import sections
from subsidy_rules.rulebook import Severity
from subsidy_rules.safe_text import visible
from subsidy_rules.showing import (
    COUNTED,
    KINDS,
    MANY_SEVERITIES,
    SEVERITY_NAMES,
    STATES,
    counted,
    pass_strength,
    place_words,
    repair_text,
    rule_titles,
    shown_lines,
    stakes,
    summary_lines,
    template_text,
    unreadable_text,
    working_text,
)
from subsidy_rules.wording import Language, Message, money, number, value_text

__all__ = ["render"]

OPEN_UP_TO: Final = 60
"""With more findings than this, the sources are shown closed."""
MOST_RATES: Final = 12
MOST_PICTURES: Final = 300
PICTURES_EACH: Final = 6

_TEXTS: Final[Mapping[str, Message]] = {
    "title": Message("Vérification des chiffres", "Check of the figures"),
    "skip": Message("Aller aux constats", "Skip to the findings"),
    "summary": Message("Résumé", "Summary"),
    "unreadable": Message("Ce qui n’a pas pu être lu", "What could not be read"),
    "rates": Message("Pourcentages annoncés et recalculés", "Stated and recomputed percentages"),
    "rates_hint": Message(
        "La bande couvre les valeurs qui s’arrondissent au taux annoncé ; le point est le taux recalculé.",
        "The band covers the values that round to the stated rate; the dot is the recomputed rate.",
    ),
    "stated": Message("Annoncé", "Stated"),
    "band": Message("Place du taux recalculé", "Where the recomputed rate falls"),
    "recomputed": Message("Recalculé", "Recomputed"),
    "state": Message("État", "State"),
    "place": Message("Emplacement", "Place"),
    "kind": Message("Nature", "Kind"),
    "working": Message("Calcul", "Working"),
    "findings": Message("Constats", "Findings"),
    "filter": Message("Filtrer les constats", "Filter the findings"),
    "search": Message("Rechercher", "Search"),
    "severity": Message("Gravité", "Severity"),
    "rule": Message("Règle", "Rule"),
    "all_rules": Message("toutes", "all"),
    "reset": Message("Tout afficher", "Show all"),
    "open_all": Message("Tout déplier", "Unfold all"),
    "close_all": Message("Tout replier", "Fold all"),
    "no_finding": Message("Aucun constat.", "No finding."),
    "quiet": Message("Sources sans affirmation ni constat", "Sources without claim or finding"),
    "rules": Message("Règles", "Rules"),
    "rules_hint": Message("Les règles qui ont donné lieu à un constat.", "The rules that led to a finding."),
}
_SHOWN: Final = Message("constats affichés : {n} sur {total}", "findings shown: {n} of {total}")
_LEAD: Final = Message(
    "Ce rapport dit si les chiffres écrits dans les sources sont cohérents entre eux. Il ne juge ni l’opportunité ni "
    "la légalité des subventions.",
    "This report says whether the figures written in the sources are consistent with each other. It judges neither "
    "the merit nor the legality of the subsidies.",
)
_FOOTER: Final = Message("Produit par subsidy-rules {version}.", "Made by subsidy-rules {version}.")
_READ: Final = Message("Ce qui a été lu", "What was read")
_STANDS: Final = Message("Ce qui tient", "What holds")
_BROKEN: Final = Message("Ce qui est incohérent", "What is inconsistent")
_UNTOLD: Final = Message("Ce qu’on ne peut pas dire", "What cannot be told")
_STAKES: Final = Message("Montants en jeu", "Amounts at stake")
_STAKES_HINT: Final = Message(
    "somme des écarts entre l’écrit et le recalculé ; un même écart peut compter plusieurs fois",
    "sum of the gaps between written and recomputed; the same gap may count more than once",
)
_NO_CURRENCY: Final = Message("sans monnaie écrite", "no currency written")
_COVERAGE: Final = Message("Couverture des montants et taux", "Coverage of the figures")
_CLAIMS: Final = Message("Affirmations recalculées", "Claims recomputed")
_TIED: Final = Message("rapprochés : {n}", "tied: {n}")
_UNTIED: Final = Message("non rapprochés : {n}", "untied: {n}")
_PART: Final = Message("{label} : {n}", "{label}: {n}")
_RATE: Final = Message(
    "annoncé {stated}, recalculé {recomputed} : {state}", "stated {stated}, recomputed {recomputed}: {state}"
)
_RATES_MORE: Final = Message(
    "{n} {n:autre pourcentage figure|autres pourcentages figurent} dans les feuilles de recalcul.",
    "{n} more {n:percentage is|percentages are} in the recalculation sheets.",
)
_SEGMENTS: Final = Message("{raw} : {read}", "{raw}: {read}")
_SHEET: Final = Message("Feuille de recalcul ({n})", "Recalculation sheet ({n})")
_TABLE_SHEET: Final = Message(
    "D’une table, la feuille de recalcul ne retient que ce qui ne tient pas ; le résumé compte le reste.",
    "Of a table, the recalculation sheet keeps only what does not hold; the summary counts the rest.",
)
_UNTIED_LIST: Final = Message("Montants et taux non rapprochés ({n})", "Untied figures ({n})")
_DIVISION: Final = Message("Répartition de {total}", "Division of {total}")
_DIVIDED: Final = Message("{total} se répartit en {parts}", "{total} divides into {parts}")
_MISSING: Final = Message("il manque {gap}", "{gap} missing")
_EXCESS: Final = Message("{gap} de trop", "{gap} too much")
_REPAIR: Final = Message("correction possible : {repair}", "possible repair: {repair}")
_NOWHERE: Final = Message("(sans source)", "(no source)")
_MARKS: Final = {"holds": "✓", "broken": "✗", "unknown": "?"}
_EUR: Final = {"EUR": "€", "FRF": "F"}


def render(report: Report, *, language: Language | None = None) -> str:
    """The page. Needs jinja2 (extra ``html``); raises ``ImportError`` without it."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    said = language or report.language
    page = files("subsidy_rules.reporters") / "page"
    style = (page / "page.css").read_text("utf-8")
    script = (page / "page.js").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=False)
    template = environment.from_string((page / "page.html").read_text("utf-8"))
    return template.render(
        **_context(report, said),
        lang=said,
        version=__version__,
        style=Markup(style),
        script=Markup(script),
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


def _context(report: Report, language: Language) -> dict[str, Any]:
    texts = {name: message.say(language) for name, message in _TEXTS.items()}
    texts["shown"] = _SHOWN.having(n="{n}", total="{total}").say(language)
    groups = list(_groups(report, language))
    rates, more = _rates(report.claims, language)
    fired = {finding.code for finding in report.findings}
    titles = rule_titles(report, language)
    return {
        "t": texts,
        "lead": _LEAD.say(language),
        "footer": _FOOTER.having(version=__version__).say(language),
        "cards": _cards(report, language),
        "unreadable": [
            {"path": visible(source.path), "reason": unreadable_text(source, language)} for source in report.unreadable
        ],
        "bars": list(_bars(report, language)),
        "rates": rates,
        "rates_more": more,
        "total": len(report.findings),
        "severities": [
            (name, SEVERITY_NAMES[name].say(language))
            for name in reversed(SEVERITIES)
            if any(finding.severity == name for finding in report.findings)
        ],
        "states": [
            (state, STATES[state].say(language))
            for state in ("broken", "unknown")
            if any(finding.state == state for finding in report.findings)
        ],
        "codes": [(code, f"{code} — {titles[code]}" if code in titles else code) for code in sorted(fired)],
        "groups": [group for group in groups if group["decisions"] or group["claims"]],
        "quiet": [
            {"path": group["path"], "text": " — ".join(group["remarks"])}
            for group in groups
            if not group["decisions"] and not group["claims"]
        ],
        "pages": [
            {
                "code": rule.code,
                "title": template_text(rule.title, language),
                "sections": [
                    {"title": section.title, "text": section.text, "code": section.code}
                    for section in sections(rule, language)
                ],
            }
            for rule in sorted(report.rules, key=lambda rule: rule.code)
            if rule.code in fired
        ],
    }


# -- summary --------------------------------------------------------------------------------------------------


def _cards(report: Report, language: Language) -> list[dict[str, Any]]:
    tally = report.tally
    broken = [finding for finding in report.findings if finding.state == "broken"]
    doubts = len(report.findings) - len(broken)
    read = sum(source.status == "read" for source in report.sources)

    def card(kind: str, label: Message, count: int, noun: str, lines: Iterable[str]) -> dict[str, Any]:
        shown, unit = _split(counted(count, *COUNTED[noun], language))
        return {"kind": kind, "label": label.say(language), "number": shown, "unit": unit, "lines": list(lines)}

    details = [counted(tally.rows, *COUNTED["row"], language)] if tally.rows else []
    details += [
        f"{counted(tally.figures, *COUNTED['figure'], language)} ({counted(tally.tied, *COUNTED['tied'], language)})",
        counted(tally.imputations, *COUNTED["imputation"], language),
    ]
    told = [
        counted(count, SEVERITY_NAMES[severity], MANY_SEVERITIES[severity], language)
        for severity in reversed(SEVERITIES)
        if (count := sum(finding.severity == severity for finding in broken))
    ]
    untold = [counted(doubts, *COUNTED["finding"], language)] if doubts else []
    if report.unreadable:
        untold.append(counted(len(report.unreadable), *COUNTED["unreadable"], language))
    charges = Counter(state for _, state in report.judged_imputations)

    def imputed(state: State) -> list[str]:
        return [counted(charges[state], *COUNTED["imputation"], language)] if charges[state] else []

    cards = [
        card("read", _READ, read, "source", details),
        card("holds", _STANDS, tally.claims.get("holds", 0), "claim", imputed("holds")),
        card("broken", _BROKEN, tally.claims.get("broken", 0), "claim", [*imputed("broken"), *told]),
        card("unknown", _UNTOLD, tally.claims.get("unknown", 0), "claim", [*imputed("unknown"), *untold]),
    ]
    for currency, gap in sorted(stakes(report.claims).items(), key=lambda item: (item[0] is None, item[0] or "")):
        cards.append(
            {
                "kind": "broken" if gap else "read",
                "label": _STAKES.say(language),
                "number": money(gap, language) if currency else number(gap, language),
                "unit": _EUR.get(currency, currency) if currency else _NO_CURRENCY.say(language),
                "lines": [_STAKES_HINT.say(language)],
            }
        )
    for label, text in summary_lines(report, language)[4:]:  # what an exception or a baseline keeps out of the findings
        shown, unit = _split(text)
        cards.append({"kind": "read", "label": label, "number": shown, "unit": unit, "lines": []})
    return cards


def _split(text: str) -> tuple[str, str]:
    head, _, tail = text.partition(" ")
    return head, tail


def _bars(report: Report, language: Language) -> Iterator[dict[str, Any]]:
    tally = report.tally
    if tally.figures:
        parts = [("tied", _TIED, tally.tied), ("untied", _UNTIED, tally.figures - tally.tied)]
        yield _bar(
            _COVERAGE.say(language),
            [(kind, message.having(n=count).say(language), count) for kind, message, count in parts],
        )
    if sum(tally.claims.values()):
        yield _bar(
            _CLAIMS.say(language),
            [
                (state, _PART.having(label=STATES[state], n=tally.claims.get(state, 0)).say(language), count)
                for state in STATES
                if (count := tally.claims.get(state, 0))
            ],
        )


def _bar(title: str, parts: list[tuple[str, str, int]]) -> dict[str, Any]:
    whole = sum(count for _, _, count in parts)
    at = 0
    drawn = []
    for kind, label, count in parts:
        start = 1000 * at // whole
        at += count
        drawn.append({"kind": kind, "label": label, "start": start, "width": 1000 * at // whole - start})
    return {"title": title, "parts": drawn, "described": f"{title} — " + ", ".join(label for _, label, _ in parts)}


def _rates(claims: Iterable[Judgement], language: Language) -> tuple[list[dict[str, Any]], str]:
    drawn = [(judged, picture) for judged in claims if (picture := rate(judged)) is not None]
    drawn.sort(key=lambda item: item[0].state != "broken")
    rows = []
    for judged, picture in drawn[:MOST_RATES]:
        recomputed = _RECOMPUTED.having(value=picture.recomputed).say(language)
        stated = value_text(picture.stated, language)
        state = STATES[judged.state].say(language)
        rows.append(
            {
                "state": judged.state,
                "said": state,
                "stated": stated,
                "recomputed": recomputed,
                "low": picture.low,
                "width": picture.high - picture.low,
                "at": picture.at,
                "off": picture.off,
                "where": place_words(judged.claim.place, language),
                "described": _RATE.having(stated=stated, recomputed=recomputed, state=state).say(language),
            }
        )
    more = len(drawn) - len(rows)
    return rows, _RATES_MORE.having(n=more).say(language) if more else ""


_RECOMPUTED: Final = Message("{value} %", "{value}%")


# -- sources --------------------------------------------------------------------------------------------------


def _groups(report: Report, language: Language) -> Iterator[dict[str, Any]]:
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        findings[finding.place.path or ""].append(finding)
    claims: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judged in report.claims:
        claims[judged.claim.place.path or ""].append(judged)
    charges: defaultdict[str, list[tuple[Charge, State]]] = defaultdict(list)
    for charge, state in report.judged_imputations:
        charges[charge.place.path or ""].append((charge, state))
    untied: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in report.untied:
        untied["" if figure.place is None else figure.place.path or ""].append(figure)
    sources: dict[str, Source | None] = {source.path: source for source in report.sources if source.status == "read"}
    for path in (*findings, *claims, *charges):
        sources.setdefault(path, None)
    titles = rule_titles(report, language)
    open_all = len(report.findings) <= OPEN_UP_TO and len(sources) <= OPEN_UP_TO
    pictures = 0
    for index, (path, source) in enumerate(sources.items()):
        drawn: list[dict[str, Any]] = []
        for judged in claims[path]:
            if len(drawn) >= PICTURES_EACH or pictures + len(drawn) >= MOST_PICTURES:
                break
            picture = _division(judged, language)
            if picture is not None:
                drawn.append(picture)
        pictures += len(drawn)
        sheet = [_claim(judged, language) for judged in claims[path]]
        sheet += [_charge(charge, state, language) for charge, state in charges[path]]
        yield {
            "number": index,
            "path": visible(path) or _NOWHERE.say(language),
            "open": open_all and bool(findings[path]),
            "sheet_open": open_all and len(sheet) <= OPEN_UP_TO,
            "counts": list(_counts(findings[path], claims[path], language)),
            "remarks": _remarks(source, language),
            "decisions": [
                {
                    "name": name,
                    "rules": [
                        {
                            "code": code,
                            "title": titles.get(code, ""),
                            "findings": [_finding(finding, language) for finding in same],
                        }
                        for code, same in groupby(sorted(told, key=_code), key=_code)
                    ],
                }
                for name, told in _decisions(findings[path], source, language)
            ],
            "pictures": drawn,
            "claims": sheet,
            "sheet_title": _SHEET.having(n=len(sheet)).say(language),
            "untied": [_untied(figure, language) for figure in untied[path]],
            "untied_title": _UNTIED_LIST.having(n=len(untied[path])).say(language),
        }


def _code(finding: Finding) -> str:
    return finding.code


def _decisions(
    findings: list[Finding], source: Source | None, language: Language
) -> Iterator[tuple[str, list[Finding]]]:
    """The findings of a source, by decision when it is a table, in the order of its rows; those of the whole table
    first. Another source speaks of one decision, which needs no name."""
    if source is None or source.rows is None:
        if findings:
            yield "", findings
        return
    found: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: -1 if _is_of_table(one) else one.place.row or 0):
        found.setdefault(_decision(finding, language), []).append(finding)
    yield from found.items()


_WHOLE: Final = Message("Toute la table", "The whole table")
_DECISION: Final = Message("Décision {reference}", "Decision {reference}")
_OF: Final = Message("Sans référence : {who}", "No reference: {who}")
_ROW: Final = Message("Ligne {n:plain}", "Row {n:plain}")


def _is_of_table(finding: Finding) -> bool:
    """About a column, or told once for the many rows that share it."""
    return finding.place.row is None or finding.key.startswith("column\0") or "count" in finding.values


def _decision(finding: Finding, language: Language) -> str:
    """What a finding of a table is about. The key of one that names a beneficiary, or that compares the rows of one
    decision, begins with the reference of the decision."""
    if _is_of_table(finding):
        return _WHOLE.say(language)
    who = finding.values.get("beneficiary")
    if isinstance(who, str) or finding.code.startswith(("SUM", "PCT", "AMT")):
        reference = finding.key.partition("\0")[0]
        if reference:
            return _DECISION.having(reference=visible(reference)).say(language)
        if isinstance(who, str) and who:
            return _OF.having(who=visible(who)).say(language)
    return _ROW.having(n=finding.place.row).say(language)


def _remarks(source: Source | None, language: Language) -> list[str]:
    if source is None:
        return []
    told = [visible(remark.say(language)) for remark in source.remarks]
    return told if source.rows is None else [*told, _TABLE_SHEET.say(language)]


def _counts(findings: list[Finding], claims: list[Judgement], language: Language) -> Iterator[dict[str, str]]:
    broken = [finding for finding in findings if finding.state == "broken"]
    severities: tuple[Severity, ...] = tuple(reversed(SEVERITIES))
    for severity in severities:
        count = sum(finding.severity == severity for finding in broken)
        if count:
            text = counted(count, SEVERITY_NAMES[severity], MANY_SEVERITIES[severity], language)
            yield {"kind": severity, "text": text}
    for state in ("unknown", "holds"):
        count = sum(judged.state == state for judged in claims)
        if count:
            yield {"kind": state, "text": _PART.having(label=STATES[state], n=count).say(language)}


def _finding(finding: Finding, language: Language) -> dict[str, Any]:
    label = SEVERITY_NAMES[finding.severity] if finding.state == "broken" else STATES["unknown"]
    lines = [
        {"number": "" if line.number is None else str(line.number), "segments": list(line.segments())}
        for line in shown_lines(finding)
    ]
    if not lines and finding.place.quote:
        lines = [{"number": "", "segments": [(visible(finding.place.quote), "own")]}]
    return {
        "severity": finding.severity,
        "state": finding.state,
        "label": label.say(language),
        "message": visible(finding.say(language)),
        "where": _where(finding.place, language),
        "lines": lines,
        "working": working_text(finding, language) or "",
        "repairs": [
            visible(_REPAIR.having(repair=repair_text(repair, language)).say(language)) for repair in finding.repairs
        ],
    }


def _claim(judged: Judgement, language: Language) -> dict[str, str]:
    kind = judged.claim.kind
    return {
        "state": judged.state,
        "mark": _MARKS[judged.state],
        "said": STATES[judged.state].say(language),
        "kind": KINDS[kind].say(language) if kind in KINDS else kind,
        "working": visible(judged.working.say(language)),
        "strength": pass_strength(judged, language),
        "where": _where(judged.claim.place, language),
    }


def _charge(charge: Charge, state: State, language: Language) -> dict[str, str]:
    segments = {} if charge.imputation is None else charge.imputation.segments
    read = " · ".join(f"{name} {code}" for name, code in segments.items())
    return {
        "state": state,
        "mark": _MARKS[state],
        "said": STATES[state].say(language),
        "kind": COUNTED["imputation"][0].say(language),
        "working": visible(_SEGMENTS.having(raw=charge.raw, read=read).say(language) if read else charge.raw),
        "strength": "",
        "where": _where(charge.place, language),
    }


def _untied(figure: Figure, language: Language) -> tuple[str, str]:
    where = "" if figure.place is None else _where(figure.place, language)
    return visible(figure.text or figure.plain), where


def _where(place: Place, language: Language) -> str:
    return place_words(place, language, path=False)


def _division(judged: Judgement, language: Language) -> dict[str, Any] | None:
    picture = division(judged)
    if picture is None or not isinstance(judged.claim, Sum):
        return None
    total = value_text(picture.stated, language)
    parts = [value_text(piece.figure, language) for piece in picture.pieces]
    gap = None
    described = _DIVIDED.having(total=total, parts=", ".join(parts)).say(language)
    stretch = picture.missing or picture.excess
    if stretch is not None:
        missing = abs(picture.stated.fraction - sum(piece.figure.fraction for piece in picture.pieces))
        label = (_MISSING if picture.missing else _EXCESS).having(gap=missing).say(language)
        kind = "missing" if picture.missing else "excess"
        gap = {"kind": kind, "start": stretch[0], "width": stretch[1] - stretch[0], "label": label}
        described = f"{described} — {label}"
    return {
        "title": _DIVISION.having(total=total).say(language),
        "described": visible(described),
        "pieces": [
            {"start": piece.start, "width": piece.width, "color": index % 6, "label": part}
            for index, (piece, part) in enumerate(zip(picture.pieces, parts, strict=True))
        ],
        "gap": gap,
        "total": picture.total,
    }
