"""A file of data as a tree whose every key and value knows where it is written.

YAML, JSON and TOML end here as the same three nodes, scalars untyped: « 01004 » is those five characters until the
one who knows the field says what it is. The modules beside this one build the tree, one for each format; Python
values become trees too, with a pointer for all place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from subsidy_rules.place import Place
from subsidy_rules.reading import ReadError
from subsidy_rules.wording import Message

__all__ = [
    "DEPTH",
    "Entry",
    "Fields",
    "Items",
    "Kind",
    "Malformed",
    "Node",
    "Note",
    "Scalar",
    "Source",
    "Tree",
    "of_value",
    "pointer_to",
    "scalars",
    "too_deep",
]

DEPTH: Final = 64
"""Values inside one another: a breakdown of a breakdown of a breakdown takes a dozen."""

Kind = Literal["text", "word", "number", "boolean", "null", "value", "opaque"]
"""What a scalar is for its format: ``text`` a string; ``word`` an unquoted YAML scalar (its characters, untyped);
``number`` a JSON or TOML number (its characters); ``value`` a Python value; ``opaque`` what no field can hold."""


class Scalar(NamedTuple):
    """One value that holds no other. ``text`` is its characters, strings decoded; ``start`` and ``end`` its stretch of
    the source, -1 when it has none. ``value`` is the boolean, or the Python value, when it is one."""

    kind: Kind
    text: str
    start: int = -1
    end: int = -1
    value: Any = None


class Entry(NamedTuple):
    """A key of a mapping, its stretch, and its value."""

    key: str
    start: int
    end: int
    node: Node


class Fields(NamedTuple):
    """A mapping: its entries in the order written, doubled keys included."""

    entries: tuple[Entry, ...]
    start: int = -1
    end: int = -1


class Items(NamedTuple):
    """A list."""

    nodes: tuple[Node, ...]
    start: int = -1
    end: int = -1


Node = Scalar | Fields | Items


class Note(NamedTuple):
    """Something met while building the tree that the rule ``code`` tells, and the stretch it is about."""

    code: str
    says: Message
    start: int
    end: int


class Tree(NamedTuple):
    """The documents of one file (YAML may hold several), and what was met on the way."""

    source: Source
    documents: tuple[Node, ...]
    notes: tuple[Note, ...] = ()


_WINDOW: Final = 60
_SHOWN_LINE: Final = 240
_SHOWN_QUOTE: Final = 400


class Source:
    """The text of a file, and the way from a stretch of it to a place. Lines are counted when first asked for.

    ``first_line`` is the number of the first line of ``text``, when it is one line of a larger file.
    """

    __slots__ = ("_starts", "first_line", "path", "text")

    def __init__(self, path: str, text: str, first_line: int = 1) -> None:
        self.path = path
        self.text = text
        self.first_line = first_line
        self._starts: list[int] | None = None

    def _lines(self) -> list[int]:
        starts = self._starts
        if starts is None:
            starts = [0]
            find = self.text.find
            at = find("\n")
            while at != -1:
                starts.append(at + 1)
                at = find("\n", at + 1)
            self._starts = starts
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        starts = self._lines()
        index = bisect_right(starts, offset) - 1
        return index + self.first_line, offset - starts[index] + 1

    def place(self, start: int, end: int, pointer: str | None, said: str | None = None) -> Place:
        """The place of ``text[start:end]``; the pointer, and ``said`` for a quote, when there is no text
        (``start`` < 0).

        A line too long to show (a whole file on one line) is cut around the stretch, as is an endless quote.
        """
        if start < 0:
            return Place(path=self.path, pointer=pointer, quote=said)
        starts = self._starts or self._lines()
        text = self.text
        if len(starts) == 1:
            first = last = line_start = 0
            line_end = len(text)
        else:
            first = last = bisect_right(starts, start) - 1
            if end > start and last + 1 < len(starts) and starts[last + 1] < end:
                last = bisect_right(starts, end - 1) - 1
            line_start = starts[first]
            line_end = starts[first + 1] - 1 if first + 1 < len(starts) else len(text)
        if line_end > line_start and text[line_end - 1] == "\r":
            line_end -= 1
        quote = text[start:end] if end - start <= _SHOWN_QUOTE else text[start : start + _SHOWN_QUOTE] + "…"
        if line_end - line_start <= _SHOWN_LINE:
            excerpt = text[line_start:line_end]
        else:
            left = start - _WINDOW
            if left < line_start:
                left = line_start
            right = (end if end - start < _SHOWN_LINE else start + _SHOWN_LINE) + _WINDOW
            if right > line_end:
                right = line_end
            excerpt = ("…" if left > line_start else "") + text[left:right] + ("…" if right < line_end else "")
        return Place(
            path=self.path,
            line=first + self.first_line,
            column=start - line_start + 1,
            end_line=last + self.first_line,
            end_column=end - starts[last] + 1,
            pointer=pointer,
            quote=quote,
            excerpt=excerpt,
        )


_AT: Final = Message(
    "ligne {line:plain}, colonne {column:plain} : {says}", "line {line:plain}, column {column:plain}: {says}"
)


class Malformed(ReadError):
    """A text that is not of its format. ``says`` is what is wrong, ``offset`` where; ``reason`` tells both."""

    def __init__(self, says: Message, source: Source, offset: int) -> None:
        line, column = source.position(min(max(offset, 0), len(source.text)))
        super().__init__(_AT.having(line=line, column=column, says=says))
        self.says = says
        self.source = source
        self.offset = offset


_TOO_DEEP: Final = Message(
    "plus de {depth} niveaux de valeurs l’une dans l’autre", "more than {depth} levels of values inside one another"
)


def too_deep(source: Source, offset: int) -> Malformed:
    """The error for values nested beyond ``DEPTH``."""
    return Malformed(_TOO_DEEP.having(depth=DEPTH), source, offset)


def pointer_to(pointer: str, key: str | int) -> str:
    """The JSON pointer (RFC 6901) of a child."""
    if isinstance(key, int):
        return f"{pointer}/{key}"
    if "~" in key or "/" in key:
        key = key.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{key}"


def of_value(value: Any, depth: int = 0) -> Node:
    """A Python value as a tree: mappings, lists and tuples, everything else as it is.

    What is nested beyond ``DEPTH`` (a list that holds itself) is opaque: no field can hold it.
    """
    if isinstance(value, str):
        return Scalar("text", value)
    if value is None:
        return Scalar("null", "")
    if isinstance(value, Mapping):
        if depth >= DEPTH:
            return Scalar("opaque", "{…}")
        return Fields(tuple(Entry(str(key), -1, -1, of_value(item, depth + 1)) for key, item in value.items()))
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        if depth >= DEPTH:
            return Scalar("opaque", "[…]")
        return Items(tuple(of_value(item, depth + 1) for item in value))
    if isinstance(value, bool):
        return Scalar("boolean", str(value).lower(), value=value)
    return Scalar("value", str(value), value=value)


def scalars(node: Node) -> Iterator[Scalar]:
    """Every scalar under ``node``, in the order written."""
    todo: list[Node] = [node]
    while todo:
        here = todo.pop()
        if isinstance(here, Scalar):
            yield here
        elif isinstance(here, Items):
            todo.extend(reversed(here.nodes))
        else:
            todo.extend(entry.node for entry in reversed(here.entries))
