"""What a run is told besides its sources: plain frozen values, with a default for each.

Settings come from the command line, from a configuration file (see ``configuration``) or from Python; the rest of
the package only sees this value. It holds nothing that changes during a run.
"""

from __future__ import annotations

import contextlib
import fnmatch
import os.path
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from subsidy_rules.facts import Context, OwnSegment
from subsidy_rules.frozen import dataclass
from subsidy_rules.rulebook import Severity
from subsidy_rules.wording import Language

__all__ = ["Settings", "TableSettings", "Waiver", "path_matches", "selects"]


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
class Waiver:
    """An exception that a body has decided: findings that are known, explained, and no longer told until a date.

    ``code`` may be a prefix; ``path`` is a pattern (see :func:`path_matches`), empty for any; ``fingerprint`` names
    one finding exactly; ``quote`` is a text that the finding quotes or says. ``until`` is the last day it applies.
    """

    code: str
    reason: str
    until: date
    path: str = ""
    fingerprint: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a run is told. ``select`` empty means every rule; codes may be given by prefix (``IMP``).

    ``waivers`` are the exceptions; ``use_waivers`` false tells every finding all the same (for auditors), and also
    overlooks the suppressions written in the sources. ``rule_modules`` and ``rule_packs`` name rules of one's own.
    ``file`` is where the settings were read and ``root`` its folder; ``today`` replaces the calendar's date.
    """

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
    profile: str | None = None
    outputs: tuple[str, ...] = ()
    quiet: bool = False
    waivers: tuple[Waiver, ...] = ()
    use_waivers: bool = True
    rule_modules: tuple[str, ...] = ()
    rule_packs: tuple[str, ...] = ()
    file: str | None = None
    root: str | None = None
    today: date | None = None

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
            if path_matches(path, pattern, self.root):
                found.extend(codes)
        return tuple(found)


def path_matches(path: str, pattern: str, root: str | None = None) -> bool:
    """True when ``pattern`` (``*`` crosses folders) is for ``path``.

    The path is compared as it was given and as seen from ``root``; a pattern without a slash is compared to the file's
    name alone. Backslashes count as slashes, and case matters on every system, so that a run on two of them agrees.
    """
    shown = path.replace("\\", "/").removeprefix("./")
    if "/" not in pattern:
        return fnmatch.fnmatchcase(shown.rsplit("/", 1)[-1], pattern)
    seen = [shown]
    if root is not None and "\0" not in path:
        with contextlib.suppress(ValueError):  # another drive
            seen.append(os.path.relpath(path, root).replace("\\", "/"))
    wanted = pattern.removeprefix("./")
    return any(fnmatch.fnmatchcase(one, wanted) for one in seen)


def selects(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    """True when ``code`` runs: the longest prefix that matches it decides, and ``ignore`` wins ties."""
    chosen = max((len(prefix) for prefix in select if code.startswith(prefix)), default=-1)
    if select and chosen < 0:
        return False
    refused = max((len(prefix) for prefix in ignore if code.startswith(prefix)), default=-1)
    return refused < 0 or chosen > refused
