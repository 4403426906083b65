"""What an imputation says, segment by segment: official labels, section, chapter, years, what it became, sources.

Labels are the official ones, in French whatever the language of the page: only the headings are translated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, Literal

from subsidy_rules import nomenclature as plans
from subsidy_rules.frozen import dataclass
from subsidy_rules.imputation import Imputation, Reading, account_code, parse_imputation
from subsidy_rules.nomenclature import Applicable, Section, Successor
from subsidy_rules.wording import Language, Message

__all__ = ["Explanation", "Meaning", "SegmentExplanation", "explain_imputation"]

State = Literal["chargeable", "heading", "known", "absent", "unknown", "own"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one segment is in some nomenclatures: those of ``names`` say the same of it.

    ``observed``: the first and last exercice of each stretch of years in which it was seen, chargeable for an
    account that ever was (``open_end``: the lists go no further). ``parent``: the heading above it, code and label.
    ``became``: what replaced it and since when; ``replaced``: what it took the place of. ``near``: accounts one slip
    away from one that no list has.
    """

    names: tuple[str, ...]
    state: State
    label: str = ""
    parent: tuple[str, str] | None = None
    section: Section | None = None
    chapters: tuple[str, ...] = ()
    observed: tuple[tuple[int, int], ...] = ()
    open_end: bool = False
    became: tuple[Successor, ...] = ()
    became_since: int | None = None
    replaced: tuple[Successor, ...] = ()
    variants: tuple[str, ...] = ()
    near: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentExplanation:
    """One segment: its name, its text, and its meanings, the usual nomenclature first. Own segments have none."""

    key: str
    value: str
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An imputation explained. ``readings`` holds the other ways to read it, when there are any."""

    imputation: Imputation
    year: int | None
    applicable: Applicable
    segments: tuple[SegmentExplanation, ...]
    readings: tuple[Reading, ...]
    sources: tuple[tuple[str, str], ...]

    def say(self, language: Language) -> str:
        """The explanation as a page of text, without a final line feed."""
        return "\n".join(_page(self, language))

    def to_json(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {
            "raw": self.imputation.raw,
            "canonical": self.imputation.canonical(),
            "fiscal_year": self.year,
            "nomenclatures": list(self.applicable.names),
            "settled": self.applicable.settled,
            "segments": [
                {
                    "name": segment.key,
                    "value": segment.value,
                    "meanings": [
                        {
                            "nomenclatures": list(meaning.names),
                            "state": meaning.state,
                            "label": meaning.label,
                            "parent": None if meaning.parent is None else list(meaning.parent),
                            "section": meaning.section,
                            "chapters": list(meaning.chapters),
                            "observed": [list(span) for span in meaning.observed],
                            "observed_to_the_end": meaning.open_end,
                            "became": [item.code for item in meaning.became],
                            "became_since": meaning.became_since,
                            "replaced": [item.code for item in meaning.replaced],
                            "near": [code for code, _ in meaning.near],
                        }
                        for meaning in segment.meanings
                    ],
                }
                for segment in self.segments
            ],
            "other_readings": [dict(reading.pairs) for reading in self.readings],
            "sources": [list(source) for source in self.sources],
        }


def explain_imputation(code: str, year: int | None = None, nomenclature: str | None = None) -> Explanation:
    """Explains a code, bare or labelled, for the exercice ``year`` and a nomenclature (`M57`, `M57 abrégé`, `M14`…).

    Without a nomenclature, every one of the time is told. Raises ``ImputationError`` for a malformed code.
    """
    imputation = parse_imputation(code, fiscal_year=year, nomenclature=nomenclature)
    applicable = plans.applicable(None, year, nomenclature)
    names = tuple(sorted(applicable.names, key=_usual))
    segments = tuple(
        SegmentExplanation(key=key, value=value, meanings=tuple(_meanings(key, value, year, names)))
        for key, value in imputation.pairs
    )
    used = [name for segment in segments for meaning in segment.meanings for name in meaning.names]
    sources = dict.fromkeys(
        source
        for name in dict.fromkeys(used)
        for origin in plans.nomenclature(_base(name)).origins
        for source in origin.sources
    )
    return Explanation(
        imputation=imputation,
        year=year,
        applicable=applicable,
        segments=segments,
        readings=imputation.readings[1:],
        sources=tuple(sorted(sources)),
    )


def _usual(name: str) -> tuple[int, str]:
    order = ("M57", "M14", "M52", "M71", "M61")
    base = _base(name)
    return (order.index(base) if base in order else len(order)), name


def _base(name: str) -> str:
    return name.partition(" ")[0]


# -- what the lists say -----------------------------------------------------------------------------------------


def _meanings(key: str, value: str, year: int | None, names: tuple[str, ...]) -> Iterator[Meaning]:
    """Meanings of one segment, nomenclatures that agree told once; a code that no list has is told once as absent."""
    read = {
        "nature": _of_account,
        "fonction": _of_function,
        "chapitre": _of_chapter,
        "article": _of_article,
    }.get(key)
    if read is None:
        return
    found: dict[Meaning, list[str]] = {}
    silent: list[str] = []
    for name in names:
        meaning = read(value, year, name)
        if meaning is None:
            silent.append(name)
        else:
            found.setdefault(meaning, []).append(name)
    for meaning, where in found.items():
        yield replace(meaning, names=tuple(where))
    if not found:
        unread = all(_unread(key, value, year, name) for name in silent)
        near: tuple[tuple[str, str], ...] = ()
        if key == "nature" and silent and not unread:
            code = account_code(value)
            near = tuple((item.code, item.label) for item in plans.neighbours(code, year, names)[:5])
        yield Meaning(names=tuple(silent), state="unknown" if unread or not silent else "absent", near=near)


def _unread(key: str, value: str, year: int | None, name: str) -> bool:
    table = plans.nomenclature(_base(name))
    if year is None:
        return False
    if key == "nature":
        return not table.covered(account_code(value), year)
    if key == "fonction":
        return year not in table.function_years
    return year not in table.years


def _stretches(years: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Runs of consecutive years."""
    out: list[tuple[int, int]] = []
    for year in sorted(set(years)):
        if out and year == out[-1][1] + 1:
            out[-1] = (out[-1][0], year)
        else:
            out.append((year, year))
    return tuple(out)


def _of_account(value: str, year: int | None, name: str) -> Meaning | None:
    code = account_code(value)
    status = plans.account(code, year, name)
    if not status.rows:
        return None
    table = plans.nomenclature(_base(name))
    rows = status.ever_chargeable or status.rows
    row = rows[-1] if year is None else status.account
    covered = [one for one in table.years if table.covered(code, one)]
    spans = _stretches(one for one in covered if any(found.first <= one <= found.last for found in rows))
    became: tuple[Successor, ...] = ()
    since = None
    for later in table.years:
        if spans and later > spans[-1][1] and (heirs := table.successors(code, later)):
            became, since = heirs, later
            break
    only: tuple[str, ...] = ()
    if row is not None and row.variants and set(row.variants) < table.variants_of(year or row.last):
        only = tuple(table.variants.get(variant, variant) for variant in row.variants)
    return Meaning(
        names=(),
        state=status.state,
        label=status.label,
        parent=_parent(code, year, name),
        section=plans.section_of(code),
        chapters=row.chapters if row is not None else (),
        observed=spans,
        open_end=bool(spans) and spans[-1][1] == covered[-1],
        became=became,
        became_since=since,
        replaced=table.predecessors(code),
        variants=only,
    )


def _parent(code: str, year: int | None, name: str) -> tuple[str, str] | None:
    """The nearest heading above an account, of two digits or more: many labels mean nothing without it."""
    for end in range(len(code) - 1, 1, -1):
        status = plans.account(code[:end], year, name)
        if status.account is not None or (status.rows and year is None):
            return code[:end], status.label
    return None


def _of_function(value: str, year: int | None, name: str) -> Meaning | None:
    status = plans.function(value, year, name)
    if not status.rows:
        return None
    table = plans.nomenclature(_base(name))
    covered = table.function_years
    spans = _stretches(one for one in covered if any(row.first <= one <= row.last for row in status.rows))
    above = plans.function(value[:-1], year, name) if len(value) > 1 else None
    return Meaning(
        names=(),
        state=status.state,
        label=status.label,
        parent=(above.code, above.label) if above is not None and above.rows else None,
        observed=spans,
        open_end=bool(spans) and spans[-1][1] == covered[-1],
    )


def _of_chapter(value: str, year: int | None, name: str) -> Meaning | None:
    row = plans.chapter(value, year, name)
    if row is None:
        return None
    table = plans.nomenclature(_base(name))
    state: State = "known" if year is None or year in table.years else "unknown"
    return Meaning(names=(), state=state, label=row.label, section=row.section)


def _of_article(value: str, year: int | None, name: str) -> Meaning | None:
    row = plans.nomenclature(_base(name)).article(value, year)
    if row is None:
        return None
    return Meaning(names=(), state="known", label=row.label, chapters=(row.chapter,), observed=((row.first, row.last),))


# -- saying it --------------------------------------------------------------------------------------------------

_HEAD: Final = Message("{raw} : {when}, {why}", "{raw}: {when}, {why}")
_WHEN: Final = Message("exercice {year:plain}", "fiscal year {year:plain}")
_NO_YEAR: Final = Message("exercice inconnu", "fiscal year unknown")
_OWN: Final = Message("segment propre à la collectivité", "a segment of the body’s own")
_STATES: Final[dict[State, Message]] = {
    "chargeable": Message("", ""),
    "heading": Message("non imputable cet exercice", "not chargeable that year"),
    "known": Message("", ""),
    "absent": Message("inconnu des listes", "not in the lists"),
    "unknown": Message(
        "liste de l’exercice non lue : on ne peut rien en dire", "list of the year not read: cannot tell"
    ),
    "own": _OWN,
}
_SECTION_NAMES: Final[dict[Section, Message]] = {
    "fonctionnement": Message("section de fonctionnement", "operating section"),
    "investissement": Message("section d’investissement", "investment section"),
}
_CHAPTERS: Final = Message("chapitre {chapters}", "chapter {chapters}")
_FROM_TO: Final = Message("de {first:plain} à {last:plain}", "from {first:plain} to {last:plain}")
_IN: Final = Message("en {first:plain}", "in {first:plain}")
_CHARGED: Final = Message("imputable {years}", "chargeable {years}")
_LISTED: Final = Message("dans les listes {years}", "in the lists {years}")
_LAST_READ: Final = Message("{years} (dernier exercice lu)", "{years} (the last year read)")
_BECAME: Final = Message("depuis {since:plain} : {codes}", "since {since:plain}: {codes}")
_BELOW: Final = Message("{label} ({code} {above})", "{label} ({code} {above})")
_REPLACED: Final = Message("a remplacé {codes}", "took the place of {codes}")
_ONLY: Final = Message("seulement : {variants}", "only: {variants}")
_NEAR: Final = Message("à un chiffre près : {codes}", "one digit away: {codes}")
_OTHER: Final = Message("Autre lecture : {reading}", "Another reading: {reading}")
_SOURCES: Final = Message("Sources (état des fichiers) : {sources}", "Sources (state of the files): {sources}")
_NAMES: Final[dict[str, Message]] = {
    "article": Message("article fonctionnel", "functional article"),
    "operation": Message("opération", "opération"),
    "activite": Message("activité", "activité"),
    "sous_chapitre": Message("sous-chapitre", "sous-chapitre"),
}


def _page(explanation: Explanation, language: Language) -> Iterator[str]:
    year = explanation.year
    when = _NO_YEAR if year is None else _WHEN.having(year=year)
    yield _HEAD.having(raw=explanation.imputation.raw.strip(), when=when, why=explanation.applicable.why).say(language)
    names = [
        _NAMES[segment.key].say(language) if segment.key in _NAMES else segment.key for segment in explanation.segments
    ]
    width = max((len(f"{name} {segment.value}") for name, segment in zip(names, explanation.segments, strict=True)))
    for name, segment in zip(names, explanation.segments, strict=True):
        head = f"  {f'{name} {segment.value}':<{width}}  "
        if not segment.meanings:
            yield head + _OWN.say(language)
            continue
        several = len(segment.meanings) > 1 or len(explanation.applicable.names) > 1
        for meaning in segment.meanings:
            for line in _lines(meaning, several, language):
                yield head + line
                head = " " * len(head)
    for reading in explanation.readings:
        text = ", ".join(f"{key} {value}" for key, value in reading.pairs)
        yield _OTHER.having(reading=text).say(language)
    if explanation.sources:
        sources = " ; ".join(f"{what} ({date})" for date, what in explanation.sources)
        yield _SOURCES.having(sources=sources).say(language)


def _lines(meaning: Meaning, named: bool, language: Language) -> Iterator[str]:
    """The label first, then what is known of it."""
    names = ", ".join(_shown(name) for name in meaning.names)
    state = _STATES[meaning.state].say(language)
    label = meaning.label or state
    if meaning.parent is not None and meaning.label:
        code, above = meaning.parent
        label = _BELOW.having(label=label, code=code, above=above).say(language)
    colon = "\u00a0: " if language == "fr" else ": "
    yield f"{names}{colon}{label}" if named and names else label
    facts = [state] if state and meaning.label else []
    if meaning.chapters:
        facts.append(_CHAPTERS.having(chapters=meaning.chapters).say(language))
    if meaning.section is not None:
        facts.append(_SECTION_NAMES[meaning.section].say(language))
    if meaning.observed:
        facts.append(_years(meaning).say(language))
    if meaning.variants:
        facts.append(_ONLY.having(variants=meaning.variants).say(language))
    if facts:
        yield "  " + ", ".join(facts)
    if meaning.became and meaning.became_since is not None:
        codes = tuple(_named(item) for item in meaning.became)
        yield "  " + _BECAME.having(since=meaning.became_since, codes=codes).say(language)
    if meaning.near:
        yield "  " + _NEAR.having(codes=tuple(f"{code} {label}" for code, label in meaning.near)).say(language)
    if meaning.replaced:
        yield "  " + _REPLACED.having(codes=tuple(_named(item) for item in meaning.replaced)).say(language)


def _years(meaning: Meaning) -> Message:
    """« imputable de 2015 à 2022, de 2024 à 2025 (dernier exercice lu) »."""
    years = tuple(
        (_IN if first == last else _FROM_TO).having(first=first, last=last) for first, last in meaning.observed
    )
    said = Message("{years}", "{years}").having(years=years)
    if meaning.open_end:
        said = _LAST_READ.having(years=said)
    return (_CHARGED if meaning.chapters or meaning.became else _LISTED).having(years=said)


def _named(item: Successor) -> str:
    return f"{item.code} {item.label}".strip()


def _shown(name: str) -> str:
    base, _, variant = name.partition(" ")
    word = plans.nomenclature(base).variants.get(variant)
    return f"{base} {word}" if word else base
