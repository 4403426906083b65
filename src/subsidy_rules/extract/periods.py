"""Dates that cannot be, and periods that end before they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from subsidy_rules.acts import Act
from subsidy_rules.facts import Trouble
from subsidy_rules.mentions import D, Mention

__all__ = ["troubles"]

_PERIOD: Final = re.compile(rf"(?<![a-z])(?:du|entre le|from) (?P<start>{D}) (?:au|et le|to|jusqu'au) (?P<end>{D})")
_TWO: Final = re.compile(rf"{D} (?:au|et le|to|jusqu'au) {D}")


def troubles(act: Act) -> Iterator[Trouble]:
    """One trouble for each reversed period, and for each date that the calendar does not have."""
    for piece in act.passage.pieces:
        clip = piece.clip
        if D not in clip.text:
            continue
        for found in _PERIOD.finditer(clip.text) if _TWO.search(clip.text) is not None else ():
            first, last = clip.mention(found.start("start")), clip.mention(found.start("end"))
            start, end = _day(first), _day(last)
            if start is not None and end is not None and start > end:
                place = act.passage.place(first.start, last.end)
                yield Trouble(code="TXT002", place=place, words={"start": start, "end": end})
        for mention in clip.mentions:
            if mention.date is not None and mention.date.problem is not None and _is_written_out(act, mention):
                place = act.passage.place(mention.start, mention.end)
                yield Trouble(
                    code="TXT003", place=place, words={"text": place.quote or "", "reason": mention.date.problem}
                )


def _day(mention: Mention) -> date | None:
    return mention.date.date if mention.date is not None else None


def _is_written_out(act: Act, mention: Mention) -> bool:
    """Only a date with its month in letters is surely one: « 45/13/2003 » may be a reference."""
    return any(char.isalpha() for char in act.passage.text[mention.start : mention.end])
