"""Suppressions written in a source, beside the line that they are about, with their reason.

    total: 80 000 euros   # subsidy-rules: ignore[SUM001] erreur matérielle rapportée le 12 mars

On a line of its own, a suppression is for the next line that is not one. Codes may be prefixes; there is no
suppression without a code, and none without a reason: it is then not applied, and told.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from subsidy_rules.frozen import dataclass
from subsidy_rules.place import Place

__all__ = ["MARK", "Suppression", "suppressions"]

MARK: Final = b"subsidy-rules:"
"""What a source must hold for it to be worth looking for suppressions."""

_LINE: Final = re.compile(
    r"(?P<mark>(?:#|<!--|//|%|\.\.)?[ \t]{0,8}subsidy-rules:[ \t]{0,8}ignore)"
    r"(?:[ \t]{0,8}\[(?P<codes>[^\]\n]{0,200})\])?(?P<rest>[^\n]{0,400})"
)
_CODE: Final = re.compile(r"[A-Z]{2,12}[0-9]{0,3}")
_TRIM: Final = " \t:-–—"


@dataclass(frozen=True, slots=True)
class Suppression:
    """One suppression: the lines it is for, its codes, its reason, where it stands; ``fault`` when it is unusable."""

    lines: tuple[int, int]
    codes: tuple[str, ...]
    reason: str
    place: Place
    fault: Literal["", "no-code", "bad-code", "no-reason"] = ""


def suppressions(path: str, text: str) -> tuple[Suppression, ...]:
    """The suppressions written in ``text``, in order. Lines count from 1, as in places."""
    found: list[Suppression] = []
    waiting: list[int] = []  # those on a line of their own, until the line that they are for
    for number, line in enumerate(text.split("\n"), start=1):
        match = _LINE.search(line) if "subsidy-rules:" in line else None
        if match is None:
            if line.strip():
                for index in waiting:
                    one = found[index]
                    found[index] = Suppression((one.lines[0], number), one.codes, one.reason, one.place, one.fault)
                waiting = []
            continue
        suppression = _read(path, number, line, match)
        if not line[: match.start()].strip():
            waiting.append(len(found))
        found.append(suppression)
    return tuple(found)


def _read(path: str, number: int, line: str, match: re.Match[str]) -> Suppression:
    written = match["codes"]
    codes = tuple(code.strip() for code in (written or "").split(",") if code.strip())
    rest = match["rest"].split("-->", 1)[0]
    reason = rest.strip(_TRIM + "\r")
    fault: Literal["", "no-code", "bad-code", "no-reason"] = ""
    if not codes:
        fault = "no-code"
    elif not all(_CODE.fullmatch(code) for code in codes):
        fault = "bad-code"
    elif len(reason) < 3:
        fault = "no-reason"
    place = Place(
        path=path,
        line=number,
        column=match.start() + 1,
        end_line=number,
        end_column=match.end() + 1,
        quote=match.group(),
        excerpt=line.rstrip("\r"),
    )
    return Suppression((number, number), codes, reason, place, fault)
