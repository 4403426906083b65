"""Small tables for tests, and one way to check them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Literal

from subsidy_rules.finding import Tally
from subsidy_rules.rulebook import Rule
from subsidy_rules.rules import standard_rules
from subsidy_rules.settings import Settings, TableSettings, selects
from subsidy_rules.tables import TableOutcome, check_table

RIGHT = {
    "nomAttribuant": "Ville d’Antibes",
    "idAttribuant": "21060004500392",
    "dateConvention": "2024-07-07",
    "referenceDecision": "D-12",
    "nomBeneficiaire": "Foyer rural",
    "idBeneficiaire": "52499120500013",
    "rnaBeneficiaire": "",
    "objet": "Fonctionnement",
    "montant": "1000",
    "nature": "aide en numéraire",
    "conditionsVersement": "unique",
    "datesPeriodeVersement": "2024-09-30",
    "idRAE": "",
    "notificationUE": "non",
    "pourcentageSubvention": "1",
    "dispositifAide": "",
    "imputation": "B320/65/6574/61",
}
HEADER = list(RIGHT)
BENCH = ("ID001", "DAT001", "AMT001", "SUM002", "PCT001", "TAB002", "TAB001", "IMP001")


def row(**changes: str) -> list[str]:
    """A right row, but for these cells."""
    return [str({**RIGHT, **changes}[name]) for name in HEADER]


def table(*rows: Sequence[str], header: Sequence[str] = HEADER, **dialect: Any) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", **dialect)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def check(
    data: bytes,
    *,
    select: Sequence[str] = (),
    rules: Sequence[Rule] | None = None,
    engine: Literal["auto", "python", "columnar"] = "python",
    amount: Literal["auto", "part", "whole"] = "auto",
    decisions: Literal["auto", "complete", "partial"] = "auto",
    read_text: Any = None,
    **settings: Any,
) -> tuple[TableOutcome, Tally]:
    chosen = Settings(
        select=tuple(select), tables=TableSettings(engine=engine, amount=amount, decisions=decisions), **settings
    )
    tally = Tally()
    asked = [rule for rule in (rules or standard_rules()) if selects(rule.code, chosen.select, chosen.ignore)]
    return check_table(data, asked, chosen, tally, name="table.csv", read_text=read_text), tally


def codes(outcome: TableOutcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def rows_told(outcome: TableOutcome, code: str) -> set[int]:
    """The rows that findings of that code are about."""
    told: set[int] = set()
    for finding in outcome.findings:
        if finding.code == code:
            told.update(finding.values.get("rows", ()))
            if finding.place.row is not None:
                told.add(finding.place.row)
    return told


def said(outcome: TableOutcome, tally: Tally) -> Any:
    """Everything that a run said, to compare two of them."""
    return (
        [
            (f.code, f.severity, f.state, f.say("fr"), f.say("en"), f.place, f.related, dict(f.values), f.key)
            for f in outcome.findings
        ],
        [remark.say("fr") for remark in outcome.source.remarks],
        outcome.source.status,
        outcome.source.rows,
        outcome.source.unread,
        {code: {k: v for k, v in counts.items() if v} for code, counts in sorted(tally.rules.items())},
        {state: count for state, count in sorted(tally.claims.items()) if count},
        {kind: {k: v for k, v in counts.items() if v} for kind, counts in sorted(tally.kinds.items())},
        tally.figures,
        tally.tied,
        tally.rows,
        tally.imputations,
    )
