"""From what is wrong to findings: the rules of the run are asked, and one fault in a whole column is told once."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, Final

from subsidy_rules.claims import Judgement
from subsidy_rules.facts import Charge, Context, Grant, Trouble
from subsidy_rules.finding import Finding, Tally, make_finding
from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place
from subsidy_rules.rulebook import Rule, Verdict
from subsidy_rules.settings import Settings
from subsidy_rules.wording import Message

__all__ = ["FAMILIES", "Gathered", "Teller"]

FAMILIES: Final = (
    "AMT", "AVG", "BAL", "CHG", "CNT", "DAT", "EQU", "EXC", "ID0", "IMP", "LIM", "PAY", "PCT", "REC", "SHR", "SUM",
    "TAB", "TAX", "TXT", "WRD",
)  # fmt: skip
"""Families of this package's own codes. A rule of another family may look at anything: every row is judged for it."""

FEW: Final = 3
"""A fault met on fewer rows than this is told row by row, even when the table has no others."""
MOST: Final = 20_000
"""One fault of one column is told row by row up to this many rows; beyond, once for all of them."""
SHOWN: Final = 20
"""Places that a finding about many rows lists beside its own."""

_GROUPED: Final = Message(
    "{first} — même constat sur {count} lignes de la colonne", "{first} — the same on {count} rows of the column"
)
_GROUPED_ROWS: Final = Message("{first} — même constat sur {count} lignes", "{first} — the same on {count} rows")


class Teller:
    """Asks the rules of a run and counts their answers in the tally. Keeps no subject."""

    def __init__(self, rules: Sequence[Rule], settings: Settings, tally: Tally) -> None:
        self.rules = tuple(rules)
        self._settings = settings
        self.tally = tally
        self.language = settings.language
        self.context = settings.context()
        self.codes = frozenset(rule.code for rule in rules)
        self._by_code = {rule.code: rule for rule in rules}
        self._on: dict[str, list[Rule]] = {}
        for rule in rules:
            self._on.setdefault(rule.on, []).append(rule)
        self.findings: list[Finding] = []
        self.judgements: list[Judgement] = []

    def aside(self) -> Teller:
        """One that asks the same rules, and of which nothing is kept."""
        return Teller(self.rules, self._settings, Tally())

    def absorb(self, other: Teller) -> None:
        """Takes over what another one was told."""
        self.findings.extend(other.findings)
        self.judgements.extend(other.judgements)
        self.tally.add(other.tally)

    def on(self, subject: str) -> Sequence[Rule]:
        return self._on.get(subject, ())

    def trouble(self, trouble: Trouble, times: int = 1) -> None:
        """Tells a trouble under the rule of its code, if that rule runs."""
        rule = self._by_code.get(trouble.code)
        if rule is None:
            return
        if rule.on == "trouble":
            for verdict in _verdicts(rule, trouble, self.context):
                self._tell(rule, verdict, times)
        else:  # the rule judges another subject in other sources; here the trouble says it all
            self._tell(
                rule,
                Verdict(
                    state=trouble.state,
                    place=trouble.place,
                    words=trouble.words,
                    values=trouble.values,
                    related=trouble.related,
                    says=trouble.says,
                    key=trouble.key,
                ),
                times,
            )

    def judgement(self, judged: Judgement, *, key: str = "", count: bool = True, only: str = "") -> None:
        """Asks every rule on claims of this kind; of the package's own ones, ``only`` that code when it is given."""
        if count:
            self.tally.claim(judged.claim.kind, judged.state)
        if judged.state != "holds":
            self.judgements.append(judged)
        for rule in self.on(judged.claim.kind):
            if only and rule.code != only and rule.code.startswith(FAMILIES):
                continue
            for verdict in _verdicts(rule, judged, self.context):
                self._tell(rule, _keyed(verdict, key))

    def charge(self, charge: Charge, context: Context, key: str) -> tuple[tuple[str, str], ...] | None:
        """Asks every rule on imputations; the states by code when nothing was to be told, else ``None``."""
        before = len(self.findings)
        states: list[tuple[str, str]] = []
        for rule in self.on("charge"):
            for verdict in _verdicts(rule, charge, context):
                states.append((rule.code, verdict.state))
                self._tell(rule, _keyed(verdict, key))
        return tuple(states) if len(self.findings) == before else None

    def grant(self, grant: Grant, context: Context) -> None:
        """Asks the rules on subsidies that have something to say of a row: the threshold of conventions, the user's."""
        for rule in self.on("grant"):
            if rule.code != "LIM001" and rule.code.startswith(FAMILIES):
                continue
            for verdict in _verdicts(rule, grant, context):
                self._tell(rule, verdict)

    def _tell(self, rule: Rule, verdict: Verdict, times: int = 1) -> None:
        self.tally.rule(rule.code, verdict.state, times)
        finding = make_finding(rule, verdict, self.language)
        if finding is not None:
            self.findings.append(finding)


def _keyed(verdict: Verdict, key: str) -> Verdict:
    """The verdict under that key, if it has none of its own."""
    if verdict.key or not key:
        return verdict
    return Verdict(
        state=verdict.state,
        place=verdict.place,
        words=verdict.words,
        values=verdict.values,
        related=verdict.related,
        repairs=verdict.repairs,
        working=verdict.working,
        says=verdict.says,
        severity=verdict.severity,
        confidence=verdict.confidence,
        key=key,
    )


def _verdicts(rule: Rule, subject: Any, context: Context) -> Iterator[Verdict]:
    answer = rule.judge(subject, context)
    if answer is None:
        return
    if isinstance(answer, Verdict):
        yield answer
    else:
        yield from answer


@dataclass(frozen=True, slots=True)
class _Told:
    place: Place
    says: Message
    values: Mapping[str, Any]
    key: str
    state: Any


@dataclass(slots=True)
class _Heap:
    rows: array[int] = field(default_factory=lambda: array("q"))
    told: list[_Told] = field(default_factory=list)


class Gathered:
    """Faults of cells and rows, kept until the table is read to know which ones repeat in a whole column.

    Memory stays bounded: past ``MOST`` rows of one fault only their numbers are kept.
    """

    def __init__(self) -> None:
        self._heaps: dict[tuple[str, str, str], _Heap] = {}
        self.counts: Counter[str] = Counter()

    def add(
        self,
        code: str,
        column: str,
        cause: str,
        *,
        number: int,
        place: Place,
        says: Message,
        values: Mapping[str, Any],
        key: str,
        state: str = "broken",
    ) -> None:
        heap = self._heaps.get((code, column, cause))
        if heap is None:
            heap = self._heaps[(code, column, cause)] = _Heap()
        heap.rows.append(number)
        self.counts[code] += 1
        if len(heap.told) <= MOST:
            heap.told.append(_Told(place, says, values, key, state))

    def each(self) -> Iterator[dict[str, Any]]:
        """Every fault as it was added, for a part of a table whose faults are gathered elsewhere."""
        for (code, column, cause), heap in sorted(self._heaps.items()):
            for number, told in zip(heap.rows, heap.told, strict=False):
                yield {
                    "code": code,
                    "column": column,
                    "cause": cause,
                    "number": number,
                    "place": told.place,
                    "says": told.says,
                    "values": told.values,
                    "key": told.key,
                    "state": told.state,
                }

    def tell(self, teller: Teller, rows: int) -> None:
        """Tells everything gathered from a table of ``rows`` rows."""
        for (code, column, cause), heap in sorted(self._heaps.items()):
            count = len(heap.rows)
            if (count >= FEW and count * 2 > rows) or count > MOST:
                first = heap.told[0]
                says = (_GROUPED if column else _GROUPED_ROWS).having(first=first.says, count=count)
                teller.trouble(
                    Trouble(
                        code=code,
                        place=first.place,
                        says=says,
                        related=tuple(told.place for told in heap.told[1 : SHOWN + 1]),
                        values={**first.values, "cause": cause, "count": count, "rows": list(heap.rows)},
                        state=first.state,
                        key=f"{column}\0{cause}\0*",
                    ),
                    times=count,
                )
                continue
            for told in heap.told:
                teller.trouble(
                    Trouble(
                        code=code,
                        place=told.place,
                        says=told.says,
                        values={**told.values, "cause": cause},
                        state=told.state,
                        key=told.key,
                    )
                )
