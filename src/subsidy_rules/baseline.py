"""A baseline: the findings that were there when a body began to check, so that only new ones are told.

An entry is a rule and a business key (the fingerprint, which no line number enters), with how many times it was
found. One more of the same is new. A baseline is only ever made where there is none, and only ever shrinks after
that: no update can swallow a new finding.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from subsidy_rules.finding import Finding, Report
from subsidy_rules.os_errors import why
from subsidy_rules.reading import ReadError
from subsidy_rules.wording import Message

__all__ = ["SCHEMA", "Baseline", "BaselineError", "Entry"]

SCHEMA: Final = "subsidy-rules/baseline/1"

_ABSENT: Final = Message(
    "{path} : cette référence n’existe pas ; « subsidy-rules baseline create » en crée une",
    "{path}: this baseline does not exist; “subsidy-rules baseline create” makes one",
)
_UNREADABLE: Final = Message(
    "{path} : cette référence ne peut pas être lue ({why})", "{path}: this baseline cannot be read ({why})"
)
_EXISTS: Final = Message(
    "{path} : cette référence existe déjà ; « prune » en retire ce qui a disparu, rien n’y ajoute",
    "{path}: this baseline already exists; “prune” takes out what is gone, nothing adds to it",
)
_NOT_JSON: Final = Message(
    "JSON incorrect, ligne {line:plain}, colonne {column:plain}",
    "invalid JSON, line {line:plain}, column {column:plain}",
)
_SHAPE: Final = Message("ce n’est pas une référence de subsidy-rules", "it is not a subsidy-rules baseline")
_NOT_WRITTEN: Final = Message("{path} : écriture impossible ({why})", "{path}: cannot be written ({why})")


class BaselineError(ReadError):
    """A baseline that is absent, unreadable, or already there."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One known finding. ``said`` is its sentence when it was recorded, for the people who read the file."""

    path: str
    code: str
    fingerprint: str
    count: int = 1
    said: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "code": self.code,
            "fingerprint": self.fingerprint,
            "count": self.count,
            "message": self.said,
        }


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings, in order."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, report: Report) -> Baseline:
        """Every finding of ``report``."""
        return cls(_entries(report.findings))

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline of a file. Raises :class:`BaselineError`: a missing baseline is an error, not an empty one."""
        try:
            data = json.loads(path.read_text("utf-8"))
        except json.JSONDecodeError as error:
            where = _NOT_JSON.having(line=error.lineno, column=error.colno)
            raise BaselineError(_UNREADABLE.having(path=str(path), why=where)) from None
        except FileNotFoundError:
            raise BaselineError(_ABSENT.having(path=str(path))) from None
        except OSError as error:
            raise BaselineError(_UNREADABLE.having(path=str(path), why=why(error))) from None
        except ValueError:  # not UTF-8, or a number of thousands of digits
            raise BaselineError(_UNREADABLE.having(path=str(path), why=_SHAPE)) from None
        entries = _parsed(data)
        if entries is None:
            raise BaselineError(_UNREADABLE.having(path=str(path), why=_SHAPE))
        return cls(entries)

    def dumps(self) -> str:
        """The file: one entry a line, in order, so that it reads and merges well under version control."""
        lines = [json.dumps(entry.to_json(), ensure_ascii=False) for entry in self.entries]
        body = ",\n  ".join(lines)
        from subsidy_rules.safe_text import escape_json_text

        text = f'{{"schema": "{SCHEMA}", "entries": [\n  {body}\n]}}\n' if lines else _EMPTY
        return escape_json_text(text)

    def create(self, path: Path) -> None:
        """Writes the file where there is none; raises :class:`BaselineError` when there is one."""
        try:
            with open(path, "x", encoding="utf-8", newline="\n") as stream:
                stream.write(self.dumps())
        except FileExistsError:
            raise BaselineError(_EXISTS.having(path=str(path))) from None
        except OSError as error:
            raise BaselineError(_NOT_WRITTEN.having(path=str(path), why=why(error))) from None

    def replace(self, path: Path) -> None:
        """Writes the file in place of the one that is there, in one move."""
        target = Path(os.path.realpath(path))  # a link stays one
        temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            temporary.write_text(self.dumps(), "utf-8", newline="\n")
            os.replace(temporary, target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise BaselineError(_NOT_WRITTEN.having(path=str(path), why=why(error))) from None

    def split(self, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], int]:
        """The findings that are not known, and how many are. Of one known once and found twice, one is new."""
        left = Counter({(entry.code, entry.fingerprint): entry.count for entry in self.entries})
        new: list[Finding] = []
        for finding in findings:
            key = (finding.code, finding.fingerprint)
            if left[key] > 0:
                left[key] -= 1
            else:
                new.append(finding)
        return tuple(new), len(findings) - len(new)

    def stale(self, report: Report, *, exists: Callable[[str], bool] = os.path.exists) -> tuple[Entry, ...]:
        """What is no longer found, of the sources that were read or that are gone; with the count that is too many."""
        read = {source.path for source in report.sources if source.status == "read"}
        found = Counter((finding.code, finding.fingerprint) for finding in report.findings)
        gone: list[Entry] = []
        for entry in self.entries:
            if entry.path not in read and exists(entry.path):
                continue
            excess = entry.count - found[entry.code, entry.fingerprint]
            if excess > 0:
                gone.append(Entry(entry.path, entry.code, entry.fingerprint, excess, entry.said))
        return tuple(gone)

    def pruned(self, gone: Iterable[Entry]) -> Baseline:
        """This baseline less ``gone``."""
        less = Counter({(entry.code, entry.fingerprint): entry.count for entry in gone})
        kept = []
        for entry in self.entries:
            count = entry.count - less[entry.code, entry.fingerprint]
            if count > 0:
                kept.append(Entry(entry.path, entry.code, entry.fingerprint, count, entry.said))
        return Baseline(tuple(kept))


_EMPTY: Final = f'{{"schema": "{SCHEMA}", "entries": []}}\n'


def _entries(findings: Sequence[Finding]) -> tuple[Entry, ...]:
    counts = Counter((f.place.path or "", f.code, f.fingerprint) for f in findings)
    said = {(f.place.path or "", f.code, f.fingerprint): f.message for f in reversed(findings)}
    return tuple(sorted(Entry(*key, count, said[key]) for key, count in counts.items()))


def _parsed(data: Any) -> tuple[Entry, ...] | None:
    """The entries of a file of this schema; ``None`` for anything else."""
    match data:
        case {"schema": str(name), "entries": list(items)} if name == SCHEMA:
            entries = []
            for item in items:
                match item:
                    case {
                        "path": str(path),
                        "code": str(code),
                        "fingerprint": str(mark),
                        "count": int(count),
                        "message": str(said),
                    } if count > 0:
                        entries.append(Entry(path, code, mark, count, said))
                    case _:
                        return None
            return tuple(entries)
        case _:
            return None
