"""What a run is told besides its sources: plain frozen values, with a default for each.

Settings come from the command line, from a configuration file (see ``configuration``) or from Python; the rest of
the package only sees this value. It holds nothing that changes during a run.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from subsidy_rules.facts import Context, OwnSegment
from subsidy_rules.rulebook import Severity
from subsidy_rules.wording import Language

__all__ = ["Settings", "TableSettings", "selects"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """How tables are understood. ``auto`` infers from the table and says what it inferred.

    ``amount``: whether the amount column of a decision shared between beneficiaries holds each one's ``part`` or the
    ``whole``. ``decisions``: whether every beneficiary of a decision is listed (``complete``) or only some
    (``partial``). ``columns`` maps the names of a table's own columns to those of the schema. ``engine``: which
    execution path (``auto`` takes the columnar one when it is installed and the table is large).
    """

    amount: Literal["auto", "part", "whole"] = "auto"
    decisions: Literal["auto", "complete", "partial"] = "auto"
    kind: Literal["auto", "scdl", "allocations"] = "auto"
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    engine: Literal["auto", "python", "columnar"] = "auto"
    header_row: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a run is told. ``select`` empty means every rule; codes may be given by prefix (``IMP``)."""

    language: Language = "fr"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    fail_on: Severity | Literal["never"] = "error"
    fiscal_year: int | None = None
    nomenclature: str | None = None
    body: str | None = None
    own_segments: tuple[OwnSegment, ...] = ()
    tables: TableSettings = field(default_factory=TableSettings)
    max_file_size: int = 512 * 1024 * 1024
    options: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def context(self) -> Context:
        """What the settings say of every source; a source's own words come first."""
        return Context(
            fiscal_year=self.fiscal_year,
            nomenclature=self.nomenclature,
            body=self.body,
            own_segments=self.own_segments,
            options=self.options,
        )

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The code prefixes ignored in the file ``path`` by ``per_file_ignores``."""
        found: list[str] = []
        for pattern, codes in self.per_file_ignores:
            if fnmatch.fnmatch(path, pattern):
                found.extend(codes)
        return tuple(found)


def selects(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    """True when ``code`` runs: the longest prefix that matches it decides, and ``ignore`` wins ties."""
    chosen = max((len(prefix) for prefix in select if code.startswith(prefix)), default=-1)
    if select and chosen < 0:
        return False
    refused = max((len(prefix) for prefix in ignore if code.startswith(prefix)), default=-1)
    return refused < 0 or chosen > refused
