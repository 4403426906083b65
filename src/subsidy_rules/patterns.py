"""Regular expressions compiled when first used, and those that most texts are spared.

Compiling costs about half a millisecond a pattern, and a hook that reads one record uses a few of the hundred that the
package holds. ``lazy`` takes the place of ``re.compile`` at the top of a module.

A way of saying is tried on every sentence, and nearly none says it. ``hinted`` looks first for the words that the
pattern cannot do without: it costs a tenth of what the pattern does.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, cast

__all__ = ["before_marks", "hinted", "lazy"]


class _Lazy:
    """Becomes the compiled pattern the first time anything of it is asked for."""

    __slots__ = ("_flags", "_methods", "_text")

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags
        self._methods: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        methods: dict[str, Any] = object.__getattribute__(self, "_methods")
        if not methods:
            pattern = re.compile(self._text, self._flags)
            for known in ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split"):
                methods[known] = getattr(pattern, known)
            methods["pattern"], methods["flags"], methods["groups"] = pattern.pattern, pattern.flags, pattern.groups
            methods["groupindex"] = pattern.groupindex
        try:
            return methods[name]
        except KeyError:
            raise AttributeError(name) from None


def lazy(text: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile(text, flags)`` gives, compiled the first time it is used."""
    return cast("re.Pattern[str]", _Lazy(text, flags))


class _Hinted:
    """A pattern that looks for its hints before it searches."""

    __slots__ = ("compiled", "flags", "hints", "pattern")

    def __init__(self, text: str, hints: tuple[str, ...]) -> None:
        self.compiled = re.compile(text)
        self.pattern, self.flags = self.compiled.pattern, self.compiled.flags
        self.hints = hints

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        for hint in self.hints:
            if text.find(hint, start, end) >= 0:
                return self.compiled.search(text, start, end)
        return None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        for hint in self.hints:
            if text.find(hint, start, end) >= 0:
                return self.compiled.finditer(text, start, end)
        return iter(())


def hinted(text: str, *hints: str) -> re.Pattern[str]:
    """What ``re.compile(text)`` gives, for ``search`` and ``finditer`` only.

    ``hints``: every match holds one of them at least, as written; a test reads the pattern and makes sure of it.
    """
    return cast("re.Pattern[str]", _Hinted(text, hints))


def before_marks(pattern: re.Pattern[str], marks: re.Pattern[str], longest: int, text: str) -> Iterator[re.Match[str]]:
    """What ``pattern`` finds in ``text`` when each of its matches ends with one of ``marks`` and has at most
    ``longest`` characters before it: sought around the marks alone, which are few."""
    at = 0
    for mark in marks.finditer(text):
        found = pattern.search(text, max(at, mark.start() - longest), mark.end())
        if found is not None:
            at = found.end()
            yield found
