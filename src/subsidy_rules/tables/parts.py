"""Beyond one machine: the same check as a function on Arrow batches, for an engine that already spreads rows.

The engine brings the rows of a decision together (a partition by its reference), runs `weigh_part` then `judge_part`
on each part, and gives back the tables that they return; `join` makes one outcome of them. There is no scheduler,
queue or cluster here: Spark is one such engine (`check_frame`), and any other that maps a function over Arrow batches
will do.

Two passes are needed, because what the amounts of a table mean is shown by all of its decisions together. Rows that are
there twice and subsidies split under a threshold are looked for by other keys than the decision: they are not part of
this, and the outcome says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any, Final, Literal

from subsidy_rules.engine import order
from subsidy_rules.finding import Finding, Source, Tally
from subsidy_rules.place import Place
from subsidy_rules.rowstream import Row
from subsidy_rules.rulebook import Rule
from subsidy_rules.settings import Settings, selects
from subsidy_rules.tables.arrow import ArrowRows, batches_of
from subsidy_rules.tables.columns import Layout, find_header
from subsidy_rules.tables.decisions import Decisions, Evidence, Understanding, understand
from subsidy_rules.tables.judging import Judge
from subsidy_rules.tables.run import TableOutcome, count, tell_columns
from subsidy_rules.tables.telling import Gathered, Teller
from subsidy_rules.wording import Message

__all__ = ["COLUMNS", "check_frame", "join", "judge_part", "weigh_part"]

COLUMNS: Final = (
    ("part", "string"),
    ("code", "string"),
    ("name", "string"),
    ("severity", "string"),
    ("confidence", "string"),
    ("state", "string"),
    ("row", "int64"),
    ("column", "string"),
    ("cause", "string"),
    ("message_fr", "string"),
    ("message_en", "string"),
    ("details", "string"),
)
"""Columns of the table that `judge_part` returns. ``part`` is `finding`, `fault` (told once for a whole column when it
repeats) or `tally`; ``details`` is JSON."""

NOT_IN_PARTS: Final = ("SUM005", "TAB009", "TAB010")
"""Rules that need rows of the whole table that no key brings together."""

_NOT_LOOKED_FOR: Final = Message(
    "les lignes en double, les subventions fractionnées et les totaux de lignes ne sont pas recherchés quand la table "
    "est répartie entre plusieurs machines",
    "duplicated rows, split subsidies and totals of rows are not looked for when the table is spread over several "
    "machines",
)


def _rules(settings: Settings, rules: Sequence[Rule] | None) -> list[Rule]:
    if rules is None:
        rules = import_module("subsidy_rules.rules").standard_rules()
    return [
        rule for rule in rules if selects(rule.code, settings.select, settings.ignore) and rule.code not in NOT_IN_PARTS
    ]


def _layout(names: Sequence[str], settings: Settings) -> Layout:
    header = find_header([names], kind=settings.tables.kind, own_names=settings.tables.columns)
    if header is None:
        raise ValueError(f"none of the columns is known: {', '.join(names[:20])}")
    return header.layout


def _read(
    batches: Iterable[Any], settings: Settings, rules: Sequence[Rule], row: str, name: str
) -> tuple[Judge, Tally] | None:
    """The rows of a part, each judged; ``None`` for a part without rows."""
    pyarrow: Any = import_module("pyarrow")
    held = [batch for batch in batches if batch.num_rows]
    if not held:
        return None
    table: Any = pyarrow.Table.from_batches(held)
    numbers = table.column(row).to_pylist()
    table = table.drop_columns([row])
    layout = _layout(table.column_names, settings)
    source = ArrowRows(batches_of(table), name, "table", numbers=numbers)
    tally = Tally()
    teller = Teller(rules, settings, tally)
    wants = bool({"SUM002", "AMT003"} & teller.codes) or bool(teller.on("percentage"))
    has = layout.index("referenceDecision") is not None and layout.index("pourcentageSubvention") is not None
    try:
        columnar: Any = import_module("subsidy_rules.tables.columnar") if settings.tables.engine != "python" else None
    except ImportError:
        columnar = None
    if columnar is not None:
        judge = Judge(source, layout, teller, settings, columnar.ColumnarDecisions() if wants and has else None)
        if columnar.survey_batches(source, judge, None, None):
            return judge, tally
    judge = Judge(source, layout, teller, settings, Decisions() if wants and has else None)
    for line in source.rows():
        if line.number != 1:
            judge.row(line)
    return judge, tally


def _amount(judge: Judge, settings: Settings) -> Literal["auto", "part", "whole", "none"]:
    return "none" if judge.layout.index("montant") is None else settings.tables.amount


def weigh_part(
    batches: Iterable[Any], *, settings: Settings, row: str, name: str = "table", usual: int | None = None
) -> Iterator[Any]:
    """What the decisions of a part show of how the table is to be read: one row of JSON (`Evidence`)."""
    pyarrow: Any = import_module("pyarrow")
    rules = [rule for rule in _rules(Settings(), None) if rule.code == "SUM002"]
    read = _read(batches, settings, rules, row, name)
    if read is None or read[0].sink is None:
        return
    judge = read[0]
    evidence = judge.sink.weigh(_amount(judge, settings), usual) if judge.sink is not None else Evidence()
    told = {
        "part": evidence.part,
        "whole": evidence.whole,
        "decimals": evidence.decimals,
        "short": evidence.short,
        "fit": evidence.fit,
    }
    yield pyarrow.RecordBatch.from_pydict({"evidence": [json.dumps(told)]})


def judge_part(
    batches: Iterable[Any],
    *,
    settings: Settings,
    row: str,
    name: str = "table",
    meaning: Understanding | None = None,
    rules: Sequence[Rule] | None = None,
) -> Iterator[Any]:
    """The findings of a part, its faults not yet gathered, and its counts, as batches of the columns ``COLUMNS``.

    ``row`` is the column that numbers the rows of the whole table; every row of a decision must be in the part.
    """
    read = _read(batches, settings, _rules(settings, rules), row, name)
    if read is None:
        return
    judge, tally = read
    if judge.sink is not None:
        meaning, outcome = judge.sink.settle(
            amount=_amount(judge, settings),
            complete=settings.tables.decisions == "complete",
            keep=judge.every_row,
            meaning=meaning,
        )
        judge.decided(meaning, outcome, judge.source.again)
    if judge.agreements is not None:
        judge.agreements.tell()
    count(judge)
    lines = [
        _line("finding", finding.code, finding.text, finding.place, _finding_details(finding), finding=finding)
        for finding in judge.teller.findings
    ]
    for fault in judge.gathered.each():
        details = {"values": dict(fault["values"]), "key": fault["key"], "place": _place(fault["place"])}
        line = _line("fault", fault["code"], fault["says"], fault["place"], details)
        lines.append({**line, "column": fault["column"], "cause": fault["cause"], "state": fault["state"]})
    counts = {
        "rules": {code: dict(states) for code, states in tally.rules.items()},
        "claims": dict(tally.claims),
        "kinds": {kind: dict(states) for kind, states in tally.kinds.items()},
        "figures": tally.figures,
        "tied": tally.tied,
        "imputations": tally.imputations,
        "rows": judge.data_rows,
        "unread": judge.unread_rows,
    }
    lines.append({"part": "tally", "details": json.dumps(counts)})
    pyarrow: Any = import_module("pyarrow")
    kinds = {"string": pyarrow.string(), "int64": pyarrow.int64()}
    schema = pyarrow.schema([(column, kinds[kind]) for column, kind in COLUMNS])
    for start in range(0, len(lines), 10_000):
        yield pyarrow.RecordBatch.from_pylist(lines[start : start + 10_000], schema=schema)


def _line(
    part: str, code: str, text: Message, place: Place, details: Mapping[str, Any], *, finding: Finding | None = None
) -> dict[str, Any]:
    line = {
        "part": part,
        "code": code,
        "row": place.row,
        "message_fr": text.say("fr"),
        "message_en": text.say("en"),
        "details": json.dumps(details, ensure_ascii=False),
    }
    if finding is not None:
        line.update(name=finding.name, severity=finding.severity, confidence=finding.confidence, state=finding.state)
    return line


def _place(place: Place) -> dict[str, Any]:
    return {key: value for key, value in place.to_json().items() if value is not None}


def _finding_details(finding: Finding) -> dict[str, Any]:
    working = finding.working
    return {
        "values": dict(finding.values),
        "key": finding.key,
        "place": _place(finding.place),
        "related": [_place(place) for place in finding.related],
        "working": None if working is None else [working.say("fr"), working.say("en")],
    }


def _said(fr: str, en: str) -> Message:
    """A message that is already said."""
    return Message("{fr}", "{en}", {"fr": fr, "en": en})


def join(
    lines: Iterable[Mapping[str, Any]],
    *,
    names: Sequence[str],
    settings: Settings,
    tally: Tally,
    name: str = "table",
    meaning: Understanding | None = None,
    rules: Sequence[Rule] | None = None,
) -> TableOutcome:
    """One outcome from what all parts returned, the same as one machine would give."""
    teller = Teller(_rules(settings, rules), settings, tally)
    layout = _layout(names, settings)
    header = Row(number=1, cells=tuple(names))
    source = ArrowRows(batches_of(None, names), name, "table")
    tell_columns(teller, source, layout, [header])
    gathered, faults, rows, unread = Gathered(), [], 0, 0
    for line in lines:
        details = json.loads(line["details"])
        if line["part"] == "tally":
            other = Tally(figures=details["figures"], tied=details["tied"], imputations=details["imputations"])
            for code, states in details["rules"].items():
                for state, times in states.items():
                    other.rule(code, state, times)
            other.claims.update(details["claims"])
            for kind, states in details["kinds"].items():
                other.kinds.setdefault(kind, type(other.claims)()).update(states)
            tally.add(other)
            rows += details["rows"]
            unread += details["unread"]
        elif line["part"] == "fault":
            faults.append((line, details))
        else:
            teller.findings.append(_finding(line, details, settings))
    for line, details in sorted(faults, key=lambda fault: fault[0]["row"] or 0):
        gathered.add(
            line["code"],
            line["column"],
            line["cause"],
            number=line["row"],
            place=Place(**details["place"]),
            says=_said(line["message_fr"], line["message_en"]),
            values=details["values"],
            key=details["key"],
            state=line["state"],
        )
    gathered.tell(teller, rows)
    tally.rows += rows
    remarks = (_NOT_LOOKED_FOR, *(meaning.remarks if meaning is not None else ()))
    return TableOutcome(
        findings=order(teller.findings),
        judgements=(),
        source=Source(path=name, format="table", remarks=remarks, unread=unread, rows=rows),
    )


def _finding(line: Mapping[str, Any], details: Mapping[str, Any], settings: Settings) -> Finding:
    working = details["working"]
    return Finding(
        code=line["code"],
        name=line["name"],
        severity=line["severity"],
        confidence=line["confidence"],
        state=line["state"],
        text=_said(line["message_fr"], line["message_en"]),
        place=Place(**details["place"]),
        related=tuple(Place(**place) for place in details["related"]),
        values=details["values"],
        working=None if working is None else _said(*working),
        key=details["key"],
        language=settings.language,
    )


# -- Spark ------------------------------------------------------------------------------------------------------------


def check_frame(frame: Any, settings: Settings, tally: Tally, *, row: str, name: str = "table") -> TableOutcome:
    """Checks a Spark data frame; ``row`` is its column that numbers the rows (the header would be row 1).

    The findings are also to be had as a Spark table: ``findings_frame``.
    """
    names = [column for column in frame.columns if column != row]
    keyed = _keyed(frame, names, settings, row)
    meaning = _meaning(keyed, settings, row, name)
    told = _told(keyed, settings, row, name, meaning)
    lines = (line.asDict() for line in told.toLocalIterator())
    return join(lines, names=names, settings=settings, tally=tally, name=name, meaning=meaning)


def findings_frame(frame: Any, settings: Settings, *, row: str, name: str = "table") -> Any:
    """The findings of a Spark data frame as another one, with the columns ``COLUMNS``."""
    names = [column for column in frame.columns if column != row]
    keyed = _keyed(frame, names, settings, row)
    return _told(keyed, settings, row, name, _meaning(keyed, settings, row, name))


def _keyed(frame: Any, names: Sequence[str], settings: Settings, row: str) -> Any:
    """The frame spread so that the rows of a decision are together, each part in the order of its rows."""
    layout = _layout(names, settings)
    key = layout.index("referenceDecision")
    if key is None:
        return frame
    functions: Any = import_module("pyspark.sql.functions")
    # A reference is read without the blanks around it: its rows must meet whether or not they have some.
    return frame.repartition(functions.trim(functions.col(f"`{names[key]}`"))).sortWithinPartitions(row)


def _meaning(keyed: Any, settings: Settings, row: str, name: str) -> Understanding:
    evidence = _weighed(keyed, settings, row, name, None)
    usual = evidence.usual
    fitted = _weighed(keyed, settings, row, name, usual)
    evidence.short, evidence.fit = fitted.short, fitted.fit
    layout = _layout([column for column in keyed.columns if column != row], settings)
    amount = "none" if layout.index("montant") is None else settings.tables.amount
    return understand(evidence, amount=amount, complete=settings.tables.decisions == "complete")


def _weighed(keyed: Any, settings: Settings, row: str, name: str, usual: int | None) -> Evidence:
    weigh = partial(weigh_part, settings=_portable(settings), row=row, name=name, usual=usual)
    evidence = Evidence()
    for line in keyed.mapInArrow(weigh, "evidence string").collect():
        evidence.add(Evidence(**json.loads(line["evidence"])))
    return evidence


def _told(keyed: Any, settings: Settings, row: str, name: str, meaning: Understanding) -> Any:
    judge = partial(judge_part, settings=_portable(settings), row=row, name=name, meaning=replace(meaning, remarks=()))
    schema = ", ".join(f"`{column}` {'bigint' if kind == 'int64' else kind}" for column, kind in COLUMNS)
    return keyed.mapInArrow(judge, schema)


def _portable(settings: Settings) -> Settings:
    """The settings with plain dictionaries, which can be sent to another process."""
    return replace(
        settings,
        severities=dict(settings.severities),
        options=dict(settings.options),
        tables=replace(settings.tables, columns=dict(settings.tables.columns)),
    )
