"""An application that imports records of subsidies: what is well formed and consistent comes in, the rest goes back.

python examples/application.py
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from subsidy_rules import Deliberation, check

INCOMING: list[Mapping[str, Any]] = [
    {
        "reference": "2017-114",
        "fiscal_year": 2017,
        "total": "65 000 euros",
        "convention": True,
        "allocations": [
            {"funder": "Conseil de Territoire 1", "amount": "45 000 euros", "imputation": "B320/65/6574/61"},
            {"funder": "Conseil de Territoire 2", "amount": "20 000 euros", "imputation": "3A/61/6574"},
        ],
    },
    {
        "reference": "2017-115",
        "fiscal_year": 2017,
        "total": "70 000 euros",
        "convention": True,
        "base": {"label": "budget prévisionnel 2017", "amount": "1 329 243 euros"},
        "stated_percentage": "5,72 %",
        "imputation": "B320/65/6574/61",
    },
    {"reference": "2017-116", "fiscal_year": 2017, "total": "12 5OO euros"},
]


def accept(record: Mapping[str, Any]) -> list[str]:
    """What is wrong with a record; nothing when it can be imported."""
    try:
        grant = Deliberation.model_validate(record)
    except ValidationError as error:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    report = check(grant, lang="en")
    return [f"{finding.code} {finding.message}" for finding in report.at_or_above("error")]


def main() -> int:
    refused = 0
    for record in INCOMING:
        problems = accept(record)
        refused += bool(problems)
        print(f"{record['reference']}: {'refused' if problems else 'imported'}")
        for problem in problems:
            print(f"    {problem}")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
