"""Regular expressions compiled when first used.

Compiling costs about half a millisecond a pattern, and a hook that reads one record uses a few of the hundred that the
package holds. ``lazy`` takes the place of ``re.compile`` at the top of a module.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["lazy"]


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
