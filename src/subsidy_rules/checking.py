"""``check``: sources in, one report out.

A source is a path, a folder, ``-``, a record (``Deliberation`` or mapping), a table of a data-frame library, or a list
of these. What a source contains never raises: a file that cannot be read is a source with a reason, and the run goes
on. Each kind of source has its own reader, imported only when a source of that kind is met.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from subsidy_rules.causes import with_causes
from subsidy_rules.claims import Claim, Judgement, State
from subsidy_rules.collecting import paused
from subsidy_rules.engine import Judged, judge_facts, order
from subsidy_rules.facts import Charge, Facts
from subsidy_rules.figures import Figure
from subsidy_rules.finding import Finding, Report, Source, Tally
from subsidy_rules.os_errors import why
from subsidy_rules.place import Place
from subsidy_rules.reading import Limits, ReadError
from subsidy_rules.rulebook import Rule
from subsidy_rules.settings import Settings, selects
from subsidy_rules.sources import KINDS, Found, kind_of, sniff, walk
from subsidy_rules.wording import Language, Message

if TYPE_CHECKING:
    from subsidy_rules.deliberation import Deliberation
    from subsidy_rules.document import Document
    from subsidy_rules.suppressions import Suppression

__all__ = ["Run", "check", "check_text", "load", "read_document"]

_ABSENT: Final = Message("ce fichier n’existe pas", "this file does not exist")
_NO_NAME: Final = Message("le nom du fichier est vide", "the file name is empty")
_DENIED: Final = Message("ce fichier ne peut pas être ouvert : {why}", "this file cannot be opened: {why}")
_SPECIAL: Final = Message(
    "ce n’est pas un fichier ordinaire (tube, périphérique…)", "not an ordinary file (pipe, device…)"
)
_FORMAT: Final = Message(
    "format « {suffix} » non pris en charge ; formats lus : {known}",
    "format “{suffix}” is not supported; formats read: {known}",
)
_NO_DOCUMENT: Final = Message(
    "format « {suffix} » : ce n’est pas un document dont on puisse tirer un enregistrement ; formats lus : {known}",
    "format “{suffix}”: not a document that a record can be drafted from; formats read: {known}",
)
_LEGACY: Final = Message(
    "format « {suffix} » non pris en charge : enregistrez le fichier en .docx, .odt, .xlsx, .ods ou .pdf",
    "format “{suffix}” is not supported: save the file as .docx, .odt, .xlsx, .ods or .pdf",
)
_ROWS_READ: Final = Message("{path} : {rows} {rows:ligne lue|lignes lues}", "{path}: {rows} {rows:row|rows} read")
_NOT_COMPARED: Final = Message(
    "plus de {limit} lignes dans le dossier : les montants de cette table ne sont pas comparés à ceux des autres",
    "more than {limit} rows in the folder: the amounts of this table are not compared with those of the others",
)
_EMPTY: Final = Message("le fichier est vide", "the file is empty")
_NO_INPUT: Final = Message(
    "l’entrée standard est fermée : donnez un fichier, ou envoyez-le par un tube",
    "standard input is closed: give a file, or send it through a pipe",
)
_EMPTY_FOLDER: Final = Message("rien à vérifier dans ce dossier", "nothing to check in this folder")
_TOO_LARGE: Final = Message(
    "fichier de {size} {size:octet|octets} : la limite est de {limit} (réglage max_file_size)",
    "file of {size} {size:byte|bytes}: the limit is {limit} (setting max_file_size)",
)
MOST_EXPLAINED: Final = 25
"""Records of one stream whose wrong figure is searched for: a file with more faults has another fault."""
_NOT_EXPLAINED: Final = Message(
    "le chiffre à corriger n’est recherché que pour les {count} premières décisions incohérentes, sur {broken}",
    "the figure to correct is searched for in the first {count} inconsistent decisions only, of {broken}",
)
_NOT_A_SOURCE: Final = (
    "check() takes a path, a folder, '-', a Deliberation, a mapping, a table, or a list of these; got {kind}"
)


def check(
    source: Any,
    *,
    rules: Sequence[Rule] = (),
    settings: Settings | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    lang: Language | None = None,
    fiscal_year: int | None = None,
    nomenclature: str | None = None,
    body: str | None = None,
    certificates: bool = False,
) -> Report:
    """Checks what ``source`` says about its own figures.

    ``source``: a path, a folder, ``"-"`` (standard input), a ``Deliberation``, a mapping shaped like one, a polars,
    pandas or Arrow table, or a list of these. ``rules`` are added to the standard ones. The other arguments replace
    those of ``settings``. With ``certificates``, the JSON report gets ``proofs``: for each group of claims that share
    figures, a witness or a contradiction that ``verify_certificate`` checks alone.

    Returns a :class:`~subsidy_rules.finding.Report`; what a source contains never raises.
    Raises ``TypeError`` when ``source`` is none of these.
    """
    run = Run(
        _settings(settings, select, ignore, lang, fiscal_year, nomenclature, body),
        extra_rules=tuple(rules),
        proofs=[] if certificates else None,
    )
    run.add(source)
    return run.report()


def check_text(
    text: str,
    *,
    name: str = "<text>",
    rules: Sequence[Rule] = (),
    settings: Settings | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] | None = None,
    lang: Language | None = None,
    fiscal_year: int | None = None,
    nomenclature: str | None = None,
    body: str | None = None,
) -> Report:
    """Checks the text of an act, as if it had been read from a file called ``name`` (its extension says the layout)."""
    run = Run(_settings(settings, select, ignore, lang, fiscal_year, nomenclature, body), extra_rules=tuple(rules))
    suffix = os.path.splitext(name)[1].lower()
    run.add_bytes(text.encode("utf-8", "surrogatepass"), name, suffix if kind_of(name) else ".txt")
    return run.report()


def load(path: str | Path, *, settings: Settings | None = None) -> Deliberation | list[Deliberation] | Document:
    """What is in a file, before any check: a ``Deliberation`` (or a list of them) for a record, else a ``Document``.

    Raises :class:`~subsidy_rules.reading.ReadError` when the file cannot be read, and pydantic's ``ValidationError``
    when a record does not have the shape of one.
    """
    chosen = settings or Settings()
    file = Path(path)
    data = _bytes(file, chosen)
    if kind_of(file.name) == "record":
        from subsidy_rules.deliberation import load_records

        records = load_records(str(path), data)
        return records[0] if len(records) == 1 else records
    return read_document(str(path), data, file.suffix.lower())


def read_document(path: str, data: bytes, suffix: str, limits: Limits | None = None) -> Document:
    """The text, tables and places of one document. Raises ``ReadError``; a missing extra is one of them."""
    limits = limits or Limits()
    match suffix:
        case ".md" | ".markdown":
            from subsidy_rules.readers import markdown as reader
        case ".html" | ".htm" | ".xhtml":
            from subsidy_rules.readers import html as reader  # type: ignore[no-redef]
        case ".docx":
            from subsidy_rules.readers import docx as reader  # type: ignore[no-redef]
        case ".odt":
            from subsidy_rules.readers import odt as reader  # type: ignore[no-redef]
        case ".pdf":
            from subsidy_rules.readers import pdf as reader  # type: ignore[no-redef]
        case ".txt":
            from subsidy_rules.readers import text as reader  # type: ignore[no-redef]
        case _:
            raise ReadError(_FORMAT.having(suffix=suffix, known=_known()))
    return reader.read(path, data, limits=limits)


def _known() -> str:
    return " ".join(suffix for suffix, kind in KINDS.items() if kind != "legacy")


def _settings(
    settings: Settings | None,
    select: Iterable[str] | None,
    ignore: Iterable[str] | None,
    lang: Language | None,
    fiscal_year: int | None,
    nomenclature: str | None,
    body: str | None,
) -> Settings:
    chosen = settings or Settings()
    changes: dict[str, Any] = {}
    if select is not None:
        changes["select"] = (select,) if isinstance(select, str) else tuple(select)
    if ignore is not None:
        changes["ignore"] = (ignore,) if isinstance(ignore, str) else tuple(ignore)
    said = {"language": lang, "fiscal_year": fiscal_year, "nomenclature": nomenclature, "body": body}
    changes.update({name: value for name, value in said.items() if value is not None})
    if changes.get("language", "fr") not in ("fr", "en"):
        raise ValueError(f"lang is 'fr' or 'en', not {changes['language']!r}")
    return replace(chosen, **changes) if changes else chosen


def _bytes(path: Path, settings: Settings) -> bytes:
    """The bytes of an ordinary file. Raises ``ReadError`` for what is absent, forbidden, special or too large."""
    try:
        status = os.stat(path)
        ordinary = os.path.isfile(path)
    except FileNotFoundError:
        raise ReadError(_ABSENT) from None
    except (OSError, ValueError) as error:
        raise ReadError(_DENIED.having(why=why(error))) from None
    if not ordinary:
        raise ReadError(_SPECIAL)
    if status.st_size > settings.max_file_size:
        raise ReadError(_TOO_LARGE.having(size=status.st_size, limit=settings.max_file_size))
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(_DENIED.having(why=why(error))) from None


@dataclass(slots=True)
class Run:
    """One run in progress: sources are added, then the report is made. Not shared between threads.

    ``progress`` is told each source before it is read, and how far the reading of a table has come, for a terminal.
    """

    settings: Settings = field(default_factory=Settings)
    extra_rules: tuple[Rule, ...] = ()
    progress: Callable[[str], None] | None = None
    tally: Tally = field(default_factory=Tally)
    proofs: list[dict[str, Any]] | None = None
    _findings: list[Finding] = field(default_factory=list)
    _claims: list[Judgement] = field(default_factory=list)
    _charges: list[Charge] = field(default_factory=list)
    _charge_states: list[State] = field(default_factory=list)
    _sources: list[Source] = field(default_factory=list)
    _untied: list[Figure] = field(default_factory=list)
    _skipped: list[str] = field(default_factory=list)
    _suppressed: list[Suppression] = field(default_factory=list)
    _rules: tuple[Rule, ...] | None = None
    _tables: list[tuple[Path, str]] = field(default_factory=list)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that run: the standard ones and those passed, less what select and ignore leave out."""
        if self._rules is None:
            from subsidy_rules.rules import standard_rules

            chosen = [
                rule
                for rule in (*standard_rules(), *self.extra_rules)
                if selects(rule.code, self.settings.select, self.settings.ignore)
            ]
            self._rules = tuple(
                replace(rule, severity=self.settings.severities[rule.code])
                if rule.code in self.settings.severities
                else rule
                for rule in chosen
            )
        return self._rules

    def rules_for(self, path: str) -> tuple[Rule, ...]:
        """The rules that run on one file: per-file ignores taken away."""
        ignored = self.settings.ignored_in(path)
        if not ignored:
            return self.rules
        return tuple(rule for rule in self.rules if not rule.code.startswith(ignored))

    # -- adding sources ---------------------------------------------------------------------------------------

    def add(self, source: Any) -> None:
        """Reads and judges one source of any kind."""
        if isinstance(source, (str, os.PathLike)):
            self.add_path(os.fspath(source))
        elif isinstance(source, Mapping) or hasattr(source, "model_dump"):
            self.add_record(source)
        elif hasattr(source, "__arrow_c_stream__") or hasattr(source, "__dataframe__") or hasattr(source, "iloc"):
            try:
                self.add_table(source, "<table>")
            except ReadError as error:
                self._unreadable("<table>", error.reason)
        elif isinstance(source, Iterable) and not isinstance(source, (bytes, bytearray)):
            for number, item in enumerate(source):
                if isinstance(item, Mapping) or hasattr(item, "model_dump"):
                    self.add_record(item, name=f"<record {number}>")
                else:
                    self.add(item)
        else:
            raise TypeError(_NOT_A_SOURCE.format(kind=type(source).__name__))

    def add_path(self, shown: str | bytes) -> None:
        """A file, a folder, or ``-``."""
        name = os.fsdecode(shown)
        if name == "-":
            self.add_stdin()
            return
        if not name:
            # pathlib takes an empty name for the current folder; a variable left unset means no such thing.
            self._unreadable(name, _NO_NAME)
            return
        path = Path(name)
        try:
            is_folder = path.is_dir()
        except (OSError, ValueError) as error:
            self._unreadable(name, _DENIED.having(why=why(error)))
            return
        if not is_folder:
            self._file(Found(path=path, shown=name, kind=kind_of(name), named=True))
            return
        from subsidy_rules.own_reports import is_own_report

        before = len(self._sources)
        for found in walk(path):
            if found.kind is None or is_own_report(found.path):
                self._skipped.append(found.shown)
            else:
                self._file(found)
        if len(self._sources) == before:
            self._unreadable(name, _EMPTY_FOLDER)

    def add_stdin(self, filename: str | None = None) -> None:
        """What comes on standard input; its kind is told by ``filename``, else by its first bytes."""
        if sys.stdin is None:  # closed before the start
            self._unreadable(filename or "<stdin>", _NO_INPUT)
            return
        data = sys.stdin.buffer.read(self.settings.max_file_size + 1)
        if len(data) > self.settings.max_file_size:
            limit = self.settings.max_file_size
            self._unreadable(filename or "<stdin>", _TOO_LARGE.having(size=len(data), limit=limit))
            return
        suffix = os.path.splitext(filename)[1].lower() if filename else sniff(data)
        self.add_bytes(data, filename or "<stdin>", suffix)

    def add_record(self, source: Any, name: str = "<record>") -> None:
        """A ``Deliberation`` or a mapping shaped like one."""
        from subsidy_rules.record import facts_of

        value = source.model_dump(mode="python", exclude_unset=True) if hasattr(source, "model_dump") else source
        self._judge(facts_of(value, self.settings, name=name), name)
        self._sources.append(Source(path=name, format="record"))

    def add_table(self, source: Any, name: str, suffix: str | None = None) -> None:
        """A path to a table, its bytes (``suffix`` says of which kind), or a table of a data-frame library."""
        from subsidy_rules.tables import check_table

        outcome = check_table(
            source,
            self.rules_for(name),
            self.settings,
            self.tally,
            name=name,
            suffix=suffix,
            read_text=self._claims_of,
            progress=self._rows_of(name),
        )
        self._findings.extend(outcome.findings)
        self._claims.extend(outcome.judgements)
        self._sources.append(outcome.source)

    def _rows_of(self, name: str) -> Callable[[int], None] | None:
        """Tells how many rows of a table were read so far."""
        progress, language = self.progress, self.settings.language
        if progress is None:
            return None
        return lambda rows: progress(_ROWS_READ.having(path=name, rows=rows).say(language))

    def draft(self, path: str) -> str:
        """A record drafted from a document, as YAML with each field's origin in a comment. Raises ``ReadError``."""
        from subsidy_rules.drafting import draft

        file = Path(path)
        if file.suffix and kind_of(path) != "document" and file.exists():
            known = " ".join(suffix for suffix, kind in KINDS.items() if kind == "document")
            raise ReadError(_NO_DOCUMENT.having(suffix=file.suffix.lower(), known=known))
        document = read_document(path, _bytes(file, self.settings), file.suffix.lower())
        return draft(document, self.settings)

    def add_bytes(self, data: bytes, name: str, suffix: str) -> None:
        """Bytes already in memory, read as a file of that extension would be."""
        try:
            self._bytes(data, name, suffix)
        except ReadError as error:
            self._unreadable(name, error.reason)

    def _file(self, found: Found) -> None:
        if self.progress is not None:
            self.progress(found.shown)
        suffix = found.path.suffix.lower()
        try:
            match found.kind:
                case None:
                    if not found.path.exists():
                        raise ReadError(_ABSENT)
                    raise ReadError(_FORMAT.having(suffix=suffix or "?", known=_known()))
                case "legacy":
                    raise ReadError(_LEGACY.having(suffix=suffix))
                case "table":
                    _ordinary(found.path)
                    self.add_table(found.path, found.shown)
                    self._tables.append((found.path, found.shown))
                case "stream":
                    _ordinary(found.path)
                    with open(found.path, "rb") as lines:
                        head = lines.read(_HEAD)
                        lines.seek(0)
                        if not _is_table(head):
                            self._stream(lines, found.shown)
                            return
                    self.add_table(found.path, found.shown)
                    self._tables.append((found.path, found.shown))
                case _:
                    data = _bytes(found.path, self.settings)
                    if found.kind == "record" and not found.named:
                        from subsidy_rules.record import looks_like_record

                        if not looks_like_record(data):
                            self._skipped.append(found.shown)
                            return
                    self._bytes(data, found.shown, suffix)
        except ReadError as error:
            self._unreadable(found.shown, error.reason)
        except OSError as error:
            self._unreadable(found.shown, _DENIED.having(why=why(error)))

    def _bytes(self, data: bytes, name: str, suffix: str) -> None:
        if b"subsidy-rules:" in data:
            from subsidy_rules.suppressions import suppressions

            self._suppressed += suppressions(name, data.decode("utf-8", "replace"))
        match kind_of("x" + suffix):
            case "record":
                from subsidy_rules.record import read_facts

                for facts in read_facts(name, data, self.settings):
                    self._judge(facts, name)
                self._sources.append(Source(path=name, format=suffix.lstrip(".")))
            case "stream":
                if _is_table(data[:_HEAD]):
                    self.add_table(data, name, suffix)
                    return
                import io

                self._stream(io.BytesIO(data), name)
            case "document":
                from subsidy_rules.extract import facts_of

                document = read_document(name, data, suffix)
                with paused():
                    self._judge(facts_of(document, self.settings), name)
                self._sources.append(
                    Source(path=name, format=document.format, remarks=document.remarks, unread=document.unread)
                )
            case "table":
                self.add_table(data, name, suffix)
            case "legacy":
                raise ReadError(_LEGACY.having(suffix=suffix))
            case None:
                raise ReadError(_FORMAT.having(suffix=suffix or "?", known=_known()))

    def _stream(self, lines: Any, name: str) -> None:
        from subsidy_rules.record import stream

        rules = self.rules_for(name)
        broken = 0
        rows = self.tally.rows

        def explained(judged: Judged) -> Judged:
            nonlocal broken
            broken += 1
            if broken > MOST_EXPLAINED:
                return judged
            return with_causes(judged, rules, self.tally, self.settings.language)

        for judged in stream(name, lines, rules, self.settings, self.tally, explained=explained):
            self._findings.extend(judged.findings)
            self._claims.extend(claim for claim in judged.claims if claim.state != "holds")
        if self.tally.rows == rows:
            raise ReadError(_EMPTY)
        remarks = () if broken <= MOST_EXPLAINED else (_NOT_EXPLAINED.having(count=MOST_EXPLAINED, broken=broken),)
        self._sources.append(Source(path=name, format="jsonl", remarks=remarks))

    def _judge(self, facts: Facts, name: str) -> Judged:
        rules = self.rules_for(name)
        judged = judge_facts(facts, rules, self.tally, self.settings.language)
        if judged.claims:
            before = len(self.proofs or ())
            judged = with_causes(judged, rules, self.tally, self.settings.language, proofs=self.proofs)
            for proof in (self.proofs or [])[before:]:
                proof["claims"] = [len(self._claims) + number for number in proof["claims"]]
        self._findings.extend(judged.findings)
        self._claims.extend(judged.claims)
        self._charges.extend(facts.charges)
        self._charge_states.extend(judged.charges)
        self._untied.extend(judged.untied)
        return judged

    def _claims_of(self, text: str, place: Place) -> tuple[Claim, ...]:
        """The claims that a cell's text makes, each at the cell's own place."""
        from subsidy_rules.extract import facts_of
        from subsidy_rules.readers import text as reader

        document = reader.read(place.path or "", text.encode("utf-8", "surrogatepass"), limits=Limits())
        return facts_of(document, self.settings).claims

    def _compare_tables(self) -> None:
        """Holds the tables of each folder against one another, once they are all read."""
        folders: dict[Path, list[tuple[Path, str]]] = {}
        for path, shown in dict.fromkeys(self._tables):
            folders.setdefault(path.parent, []).append((path, shown))
        workbooks = {shown for path, shown in dict.fromkeys(self._tables) if path.suffix.lower() in _WORKBOOKS}
        self._tables.clear()
        if not workbooks and not any(len(tables) > 1 for tables in folders.values()):
            return
        from subsidy_rules.tables.across import CODE, MOST_ROWS, Table, compare
        from subsidy_rules.tables.run import sources_of

        rows = {source.path: source.rows or 0 for source in self._sources}
        for tables in folders.values():
            chosen, room = [], MOST_ROWS
            for path, shown in tables:
                if len(tables) == 1 and shown not in workbooks:
                    continue
                if not any(rule.code == CODE for rule in self.rules_for(shown)):
                    continue
                if rows.get(shown, 0) > room:
                    self._remark(shown, _NOT_COMPARED.having(limit=MOST_ROWS))
                    continue
                room -= rows.get(shown, 0)
                suffix = path.suffix.lower()
                chosen.append(Table(path, shown, partial(sources_of, path, shown, suffix, self.settings)))
            self._findings.extend(compare(chosen, self.rules, self.settings, self.tally))

    def _remark(self, name: str, remark: Message) -> None:
        """One more thing said of a source that was read."""
        self._sources = [
            replace(source, remarks=(*source.remarks, remark)) if source.path == name else source
            for source in self._sources
        ]

    def _unreadable(self, name: str, reason: Message) -> None:
        self._sources.append(Source(path=name, status="unreadable", reason=reason))

    # -- the end ----------------------------------------------------------------------------------------------

    def report(self) -> Report:
        """Everything, in a defined order, less what an exception sets aside (and those are listed)."""
        self._compare_tables()
        findings = order(self._findings)
        extra: dict[str, Any] = {} if self.proofs is None else {"proofs": self.proofs}
        if self.settings.waivers or self._suppressed:
            from subsidy_rules.exceptions import set_aside

            stay, aside = set_aside(
                findings,
                self._suppressed,
                self.settings,
                sources=(source.path for source in self._sources if source.status == "read"),
                codes=frozenset(rule.code for rule in self.rules),
            )
            findings = order(stay)
            extra["exceptions"] = [one.to_json() for one in aside]
        return Report(
            findings=findings,
            claims=tuple(self._claims),
            imputations=tuple(self._charges),
            imputation_states=tuple(self._charge_states),
            sources=tuple(self._sources),
            untied=tuple(self._untied),
            tally=self.tally,
            rules=self.rules,
            language=self.settings.language,
            skipped=tuple(self._skipped),
            extra=extra,
        )


def _ordinary(path: Path) -> None:
    if not path.exists():
        raise ReadError(_ABSENT)
    if not path.is_file():
        raise ReadError(_SPECIAL)


_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
"""Tables of which the sheets are compared with one another."""
_HEAD: Final = 65_536
"""Bytes of a file of JSON lines that tell records from the rows of a table."""


def _is_table(head: bytes) -> bool:
    """True for JSON lines that are the rows of a table."""
    if b'"allocations"' in head.split(b"\n", 1)[0]:
        return False  # a record, as nearly all are: nothing more to load
    from subsidy_rules.tables.jsonrows import is_table

    return is_table(head)
