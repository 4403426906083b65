"""``check_table``: one table in, its findings out, whichever way it is read.

The table is read twice at most: once over every row, once over the rows that must be judged with others. Memory does
not grow with the rows but for a few numbers each (where the row starts, its decision, its figures).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from subsidy_rules.claims import Judgement
from subsidy_rules.engine import order
from subsidy_rules.facts import Trouble
from subsidy_rules.finding import Finding, Source, Tally
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.reading import MissingExtra, ReadError
from subsidy_rules.rowstream import Row, RowSource
from subsidy_rules.rulebook import Rule
from subsidy_rules.settings import Settings
from subsidy_rules.tables.arrow import ArrowRows
from subsidy_rules.tables.columns import LOOKED_AT, Header, Layout, find_header, known_names
from subsidy_rules.tables.csvrows import HEAD, CsvRows, opened
from subsidy_rules.tables.decisions import Decisions
from subsidy_rules.tables.dialect import find_dialect
from subsidy_rules.tables.jsonrows import JsonRows
from subsidy_rules.tables.judging import Judge, ReadText
from subsidy_rules.tables.schema import Column, fold_name
from subsidy_rules.tables.streaming import needs_look, stream_rows
from subsidy_rules.tables.telling import Teller
from subsidy_rules.tables.totals import scale_of
from subsidy_rules.tables.twins import Twins, tell_splits, tell_twins
from subsidy_rules.wording import Message

if TYPE_CHECKING:
    from subsidy_rules.tables.columnar_decisions import ColumnarDecisions

__all__ = ["TableOutcome", "check_table", "count", "open_csv", "sources_of", "tell_columns"]

LARGE: Final = 4_000_000
"""Bytes from which a CSV file is worth the start of the columnar path, when that path is left to choose."""

TableInput = str | os.PathLike[str] | bytes | Any
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOutcome:
    """What a table gave. ``judgements`` are the claims that are broken or could not be told; the others are counted
    in the tally."""

    findings: tuple[Finding, ...]
    judgements: tuple[Judgement, ...]
    source: Source


_NO_HEADER: Final = Message(
    "aucune ligne d’en-tête reconnue : la table n’a pas été vérifiée (réglages tables.header_row et tables.columns)",
    "no header row was recognised: the table was not checked (settings tables.header_row and tables.columns)",
)
_NO_FIGURES: Final = Message(
    "aucune colonne de montants, de parts ou d’imputations reconnue : rien n’a été calculé sur cette table (réglage "
    "tables.columns)",
    "no column of amounts, shares or imputations was recognised: nothing was computed on this table (setting "
    "tables.columns)",
)
_KINDS: Final = {
    "scdl": Message("table reconnue : schéma SCDL « subventions »", "table recognised: SCDL “subventions” schema"),
    "allocations": Message(
        "table de subventions d’une autre forme que SCDL", "table of subsidies not in the SCDL form"
    ),
}
_HEADER_AT: Final = Message("l’en-tête est à la ligne {row:plain}", "the header is in row {row:plain}")
_NAMED: Final = Message("colonnes reconnues : {names}", "columns recognised: {names}")
_MISSING: Final = Message("colonne « {column} » absente", "column “{column}” is missing")
_UNKNOWN: Final = Message(
    "colonne « {column} » inconnue du schéma : elle n’est pas vérifiée",
    "column “{column}” is unknown to the schema: it is not checked",
)
_NEAR: Final = Message(
    "colonne « {column} » comprise comme « {official} » : le schéma demande ce nom exact",
    "column “{column}” is understood as “{official}”: the schema wants that exact name",
)
_DOUBLED: Final = Message(
    "colonne « {column} » présente deux fois : seule la première est vérifiée",
    "column “{column}” is present twice: only the first is checked",
)
_UNCHECKED: Final = Message(
    "lignes qui n’ont pas pu être lues, et n’ont pas été vérifiées : {count}",
    "rows that could not be read, and were not checked: {count}",
)
_FORMAT: Final = Message(
    "format « {suffix} » non pris en charge pour une table", "format “{suffix}” is not supported for a table"
)


def check_table(
    source: TableInput,
    rules: Sequence[Rule],
    settings: Settings,
    tally: Tally,
    *,
    name: str | None = None,
    suffix: str | None = None,
    read_text: ReadText | None = None,
    progress: Progress | None = None,
) -> TableOutcome:
    """Checks one table: a path, the bytes of a file, or a table of polars, pandas or Arrow.

    What a file is is told by ``suffix``, else by the extension of its name, else it is a CSV file.
    ``tally`` gets the counts of everything that was judged. ``read_text`` gives the claims that a text makes (payment
    conditions); ``progress`` is told the number of rows read, now and then. Raises ``ReadError`` when the table cannot
    be read, and ``OSError`` when the file cannot be opened.
    """
    shown = name or (os.fspath(source) if isinstance(source, (str, os.PathLike)) else "<table>")
    if suffix is None:
        suffix = os.path.splitext(shown if isinstance(shown, str) else os.fsdecode(shown))[1].lower()
    outcomes = []
    for rows in sources_of(source, str(shown), suffix, settings):
        try:
            outcomes.append(_Run(rows, rules, settings, tally, read_text, progress).outcome())
        finally:
            if isinstance(rows, CsvRows):
                rows.close()  # the others hold no file open
    return _joined(outcomes)


def sources_of(source: TableInput, shown: str, suffix: str, settings: Settings) -> Iterable[RowSource]:
    """What gives the rows of a table: one source, or one for each sheet. Raises ``ReadError`` and ``OSError``."""
    if isinstance(source, (str, os.PathLike)):
        source = Path(source)
    if suffix in (".xlsx", ".xlsm", ".xls", ".ods"):
        try:
            workbook = import_module("subsidy_rules.readers.workbook")
        except ModuleNotFoundError:
            raise ReadError(_FORMAT.having(suffix=suffix)) from None
        sheets: Sequence[RowSource] = workbook.sheets(source, shown, settings.tables.sheet)
        return sheets
    if suffix in (".jsonl", ".ndjson"):
        return [JsonRows(source, shown)]
    if suffix in (".parquet", ".arrow", ".feather", ".ipc") or not isinstance(source, (Path, bytes)):
        return [ArrowRows.of(source, shown, suffix)]
    return [open_csv(source, shown)]


def open_csv(source: Path | bytes, shown: str) -> CsvRows:
    """The rows of a CSV file, its dialect found. Raises ``ReadError`` and ``OSError``."""
    streams = opened(source)
    try:
        head = streams[0].read(HEAD + 1)
        streams[0].seek(0)
        dialect = find_dialect(head[:HEAD], whole=len(head) <= HEAD, known=known_names)
    except ReadError:
        for stream in streams:
            stream.close()
        raise
    return CsvRows(streams, dialect, shown)


def _joined(outcomes: Sequence[TableOutcome]) -> TableOutcome:
    if len(outcomes) == 1:
        return outcomes[0]
    first = outcomes[0].source
    return TableOutcome(
        findings=tuple(finding for outcome in outcomes for finding in outcome.findings),
        judgements=tuple(judged for outcome in outcomes for judged in outcome.judgements),
        source=replace(
            first,
            remarks=tuple(remark for outcome in outcomes for remark in outcome.source.remarks),
            unread=sum(outcome.source.unread for outcome in outcomes),
            rows=sum(outcome.source.rows or 0 for outcome in outcomes),
        ),
    )


@dataclass(slots=True)
class _Run:
    """One table, from its first row to its findings."""

    source: RowSource
    rules: Sequence[Rule]
    settings: Settings
    tally: Tally
    read_text: ReadText | None
    progress: Progress | None

    def outcome(self) -> TableOutcome:
        source, tables = self.source, self.settings.tables
        teller = Teller(self.rules, self.settings, self.tally)
        top = list(islice(source.rows(), LOOKED_AT))
        header = find_header(
            [row.cells for row in top],
            kind=tables.kind,
            own_names=tables.columns,
            at=None if tables.header_row is None else tables.header_row - 1,
        )
        if header is None:
            return self._unknown_table(teller)
        titles = (cell for row in top[: header.first] for cell in row.cells if cell)
        layout = replace(header.layout, scale=max((scale_of(cell, title=True) for cell in titles), default=0))
        rows = top[header.first : header.last + 1]
        if isinstance(source, CsvRows):
            source.header = (rows[-1].number, layout.width)
        tell_columns(teller, source, layout, rows)
        remarks = [_KINDS[layout.kind]]
        if header.last > 0:
            remarks.append(_HEADER_AT.having(row=rows[-1].number))
        if layout.kind == "allocations":
            names = ", ".join(f"« {item.label} » = {item.column.name}" for item in layout.placed)
            remarks.append(_NAMED.having(names=names))
        if not any(item.column.holds in ("amount", "share", "imputation", "total") for item in layout.placed):
            remarks.append(_NO_FIGURES)
        judge = self._read(teller, layout, rows[-1].number)
        if judge.unread_rows:
            remarks.append(_UNCHECKED.having(count=judge.unread_rows))
        remarks.extend(self.understood)
        remarks.extend(judge.remarks.values())
        self.tally.rows += judge.data_rows
        return TableOutcome(
            findings=order(teller.findings),
            judgements=tuple(teller.judgements),
            source=Source(
                path=source.path,
                format=source.format,
                remarks=(*source.remarks, *remarks),
                unread=judge.unread_rows,
                rows=judge.data_rows,
            ),
        )

    understood: tuple[Message, ...] = ()

    def _read(self, teller: Teller, layout: Layout, after: int) -> Judge:
        source = self.source
        codes = teller.codes
        wants_decisions = bool({"SUM002", "AMT003"} & codes) or bool(teller.on("percentage"))
        has_decisions = (
            layout.kind == "scdl"
            and layout.index("referenceDecision") is not None
            and layout.index("pourcentageSubvention") is not None
        )
        decided = wants_decisions and has_decisions
        columnar = self._columnar(source)
        if columnar is not None:
            # What is told on the way is kept apart until the whole file was seen to be plain.
            aside = teller.aside()
            judge = self._judge(aside, layout, columnar.ColumnarDecisions() if decided else None)
            twins = self._twins(layout, codes)
            if isinstance(source, CsvRows):
                done = columnar.survey(source, judge, after, twins, self.progress)
            elif isinstance(source, ArrowRows):
                done = after == 1 and columnar.survey_batches(source, judge, twins, self.progress)
            else:
                done = False
            if done:
                self._settle(judge, twins, after)
                teller.absorb(aside)
                return judge
        judge = self._judge(teller, layout, Decisions() if decided else None)
        twins = self._twins(layout, codes)
        if isinstance(source, CsvRows):
            sweeping: Any = import_module("subsidy_rules.tables.sweeping")  # its tables of digits are long to make
            sweeping.sweep(source, judge, after, twins, self.progress)
        else:
            stream_rows(source, judge, after, twins, self.progress)
        self._settle(judge, twins, after)
        return judge

    def _judge(self, teller: Teller, layout: Layout, sink: Decisions | ColumnarDecisions | None) -> Judge:
        source = self.source
        return Judge(
            source=source,
            layout=layout,
            teller=teller,
            settings=self.settings,
            sink=sink,
            separator=source.dialect.separator if isinstance(source, CsvRows) else ",",
            read_text=self.read_text,
        )

    def _twins(self, layout: Layout, codes: frozenset[str]) -> Twins | None:
        if not {"TAB009", "TAB010"} & codes:
            return None
        return Twins(layout, wants_twins="TAB009" in codes, wants_splits="TAB010" in codes)

    def _settle(self, judge: Judge, twins: Twins | None, after: int) -> None:
        """What can only be told once every row was read: twins, decisions, totals, faults of whole columns."""
        source, teller, sink = self.source, judge.teller, judge.sink
        codes = teller.codes
        if twins is not None:
            if "TAB009" in codes:
                tell_twins(judge, twins.suspects(), source.again)
            if "TAB010" in codes:
                tell_splits(judge, twins.near(), source.again)
        if sink is not None:
            amount: Literal["auto", "part", "whole", "none"] = self.settings.tables.amount
            if judge.layout.index("montant") is None:
                amount = "none"
            meaning, outcome = sink.settle(
                amount=amount,
                complete=self.settings.tables.decisions == "complete",
                keep=judge.every_row,
            )
            self.understood = meaning.remarks
            judge.decided(meaning, outcome, source.again)
        if judge.agreements is not None:
            judge.agreements.tell()
        if judge.crossings is not None:
            judge.crossings.tell()
        if judge.totals:
            judge.added_up(source.rows(), after)
        judge.gathered.tell(teller, judge.data_rows)
        count(judge)

    def _columnar(self, source: RowSource) -> Any:
        """The columnar path, when it is wanted, installed, and worth its start; else ``None``."""
        wanted = self.settings.tables.engine
        if wanted == "python" or source.format in ("xlsx", "xlsm", "xls", "ods", "jsonl"):
            return None
        if wanted == "auto" and isinstance(source, CsvRows) and source.size < LARGE:
            return None
        try:
            return import_module("subsidy_rules.tables.columnar")
        except ImportError:
            if wanted == "columnar":
                raise MissingExtra(extra="tables", library="numpy") from None
            return None

    def _unknown_table(self, teller: Teller) -> TableOutcome:
        source = self.source
        place = Place(path=source.path, sheet=source.sheet, line=1)
        teller.trouble(Trouble(code="TAB003", place=place, says=_NO_HEADER, state="unknown", key="header"))
        return TableOutcome(
            findings=tuple(teller.findings),
            judgements=(),
            source=Source(
                path=source.path, format=source.format, remarks=(*source.remarks, _NO_HEADER), unread=1, rows=0
            ),
        )


def tell_columns(teller: Teller, source: RowSource, layout: Layout, header: Sequence[Row]) -> None:
    """Missing, unknown, doubled and oddly named columns: told once, before the rows."""
    top = header[-1]
    for column in layout.missing:
        _column(teller, "TAB003", source.place(top), _MISSING, column.name)
    for index in layout.unknown:
        if layout.kind == "scdl":
            _column(teller, "TAB004", source.place(top, index), _UNKNOWN, layout.labels[index])
    for index in layout.doubled:
        _column(teller, "TAB005", source.place(top, index), _DOUBLED, layout.labels[index])
    for item in layout.placed:
        if item.near:
            says = _NEAR.having(official=item.column.name)
            same = item.label.lower() == item.column.name.lower()
            cause = "near-case" if same else "near-name"
            _column(teller, "TAB004", source.place(top, item.index), says, item.label, cause=cause)
    judged = {item.column.name for item in layout.placed}
    required = sum(column.present for column in _schema(layout))
    teller.tally.rule("TAB003", "holds", max(0, required - len(layout.missing)))
    if not layout.doubled and "TAB005" in teller.codes:
        teller.tally.rule("TAB005", "holds", len(judged))


def _schema(layout: Layout) -> tuple[Column, ...]:
    from subsidy_rules.tables.schema import ALLOCATIONS, SCDL

    return SCDL if layout.kind == "scdl" else ALLOCATIONS


def _column(teller: Teller, code: str, place: Place, says: Message, label: str, cause: str = "column") -> None:
    teller.trouble(
        Trouble(
            code=code,
            place=place,
            says=says.having(column=label),
            values={"column": label, "cause": cause},
            key=f"column\0{fold_name(label)}",
        )
    )


_ON_CELLS: Final = {
    "siret": ("ID001",),
    "rna": ("ID001",),
    "date": ("DAT001",),
    "period": ("DAT001", "DAT002"),
    "year": ("DAT001",),
    "amount": ("AMT001", "AMT002"),
    "share": ("TAB008",),
    "choice": ("TAB002",),
}


def count(judge: Judge) -> None:
    """Counts, for each rule on cells and rows, the subjects in which it found nothing."""
    codes = judge.teller.codes
    subjects: dict[str, int] = {}
    for item in judge.layout.placed:
        filled = judge.nonblank[item.index]
        for code in _ON_CELLS.get(item.column.holds, ()):
            subjects[code] = subjects.get(code, 0) + filled
        if item.column.longest is not None:
            subjects["TAB007"] = subjects.get("TAB007", 0) + filled
        if item.column.filled:
            subjects["TAB001"] = subjects.get("TAB001", 0) + filled
        if item.column.holds in ("amount", "share") and needs_look(item.column, judge):
            judge.teller.tally.figures += filled
    subjects["TAB006"] = judge.data_rows
    if judge.layout.kind == "scdl" and judge.layout.index("idBeneficiaire") is not None:
        subjects["ID002"] = judge.data_rows - judge.unread_rows
    for code, seen in sorted(subjects.items()):
        told = judge.gathered.counts[code] if code != "TAB001" else 0
        if code in codes and seen > told:
            judge.teller.tally.rule(code, "holds", seen - told)
    if judge.teller.on("charge") and not judge.knows_more_than_shape:
        held = judge.charges - judge.charges_judged
        if held > 0:
            judge.teller.tally.rule("IMP001", "holds", held)
    if judge.teller.on("charge"):
        judge.teller.tally.imputations += judge.charges


def header_of(source: RowSource, settings: Settings) -> Header | None:
    """The header of a table, for callers that only want to know what a file is."""
    return find_header([row.cells for row in islice(source.rows(), LOOKED_AT)], own_names=settings.tables.columns)
