"""TOML text to a tree with places.

The standard library says whether the text is TOML and what is wrong if it is not; it keeps no positions, so a second
walk over the text, which may then trust it, builds the tree. Numbers keep their characters (``70000.10``).
"""

from __future__ import annotations

import re
from typing import Any, Final

from subsidy_rules.tree import DEPTH, Entry, Fields, Items, Malformed, Node, Scalar, Source, Tree, too_deep
from subsidy_rules.wording import Message

__all__ = ["read"]

_WHERE: Final = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)\Z")
_AFTER: Final = Message(
    "rien n’est attendu après la valeur (un montant avec des espaces se met entre guillemets)",
    "nothing is expected after the value (an amount with spaces goes in quotes)",
)
_PROBLEMS: Final[tuple[tuple[str, Message], ...]] = (
    ("Cannot overwrite", Message("ce champ est déjà donné plus haut", "this field is already given above")),
    ("Duplicate inline", Message("ce champ est déjà donné plus haut", "this field is already given above")),
    ("Cannot declare", Message("cette table est déjà donnée plus haut", "this table is already given above")),
    ("Cannot mutate", Message("cette table est déjà fermée", "this table is already closed")),
    ("Unterminated", Message("un guillemet ouvert n’est pas refermé", "a quotation mark is not closed")),
    ("Unclosed", Message("un crochet ou une accolade n’est pas refermé", "a square or curly bracket is not closed")),
    ("Illegal character", Message("caractère interdit ici", "character not allowed here")),
    ("Found invalid character", Message("caractère interdit ici", "character not allowed here")),
    ("after a key", Message("« = » attendu après le nom du champ", "“=” expected after the field name")),
    ("newline or end", _AFTER),
    ("Expected ']'", Message("« ] » attendu", "“]” expected")),
    ("Invalid statement", Message("un nom de champ est attendu ici", "a field name is expected here")),
    ("key part", Message("un nom de champ est attendu ici", "a field name is expected here")),
    ("escape", Message("« \\ » suivi d’un caractère inconnu", "“\\” before an unknown character")),
    ("date", Message("cette date n’existe pas", "this date does not exist")),
    (
        "Invalid value",
        Message(
            "ce n’est pas une valeur : un texte, une date ou un montant avec des espaces se met entre guillemets",
            "this is not a value: text, or an amount with spaces, goes in quotes",
        ),
    ),
)
_SYNTAX: Final = Message("syntaxe TOML incorrecte", "wrong TOML syntax")
_LONG: Final = Message("nombre démesuré", "enormous number")


def read(path: str, text: str) -> Tree:
    """The document of ``text``. Raises ``Malformed`` with the position and the reason."""
    import tomllib

    source = Source(path, text)
    _count_openings(source)
    try:
        tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(*_told(str(error), source)) from None
    except ValueError:  # Python refuses to read an integer of thousands of digits
        raise Malformed(_LONG, source, _longest_number(text)) from None
    walk = _Walk(source)
    return Tree(source, (walk.document(),))


def _told(error: str, source: Source) -> tuple[Message, Source, int]:
    says = next((message for fragment, message in _PROBLEMS if fragment in error), _SYNTAX)
    where = _WHERE.search(error)
    if where is None:
        return says, source, len(source.text)
    line, column = int(where[1]), int(where[2])
    start = 0
    for _ in range(line - 1):
        start = source.text.find("\n", start) + 1
    return says, source, start + column - 1


def _longest_number(text: str) -> int:
    return max(re.finditer(r"[0-9]++", text), key=lambda found: found.end() - found.start()).start()


def _count_openings(source: Source) -> None:
    """Refuses what would overrun the standard library's recursion or its patience (its time grows as the square of a
    dotted name), before it tries. Strings count too: no act leaves that many brackets open, nor dots that many words.
    """
    depth = 0
    for found in re.finditer(r"[\[\]{}]", source.text):
        depth += 1 if found.group() in "[{" else -1
        if depth > 2 * DEPTH:
            raise too_deep(source, found.start())
    dotted = re.search(_DOTTED, source.text)
    if dotted is not None:
        raise too_deep(source, dotted.start())


_DOTTED: Final = rf"(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{2 * DEPTH}}}"
_BLANK: Final = re.compile(r"(?>(?:[ \t\r\n]++|#[^\n]*+)*)")
_SPACE: Final = re.compile(r"[ \t]*+")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]++")
_STRING: Final = re.compile(
    r'"""(?>(?:[^"\\]|\\.|"{1,2}(?!"))*)"{3,5}|'
    r"'''(?>(?:[^']|'{1,2}(?!'))*)'{3,5}|"
    r'"(?>(?:[^"\\\n]|\\.)*)"|'
    r"'[^'\n]*+'",
    re.DOTALL,
)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9:.Zz+-]++)?|[0-9]{2}:[0-9]{2}[0-9:.]*+")
_PLAIN: Final = re.compile(r"[^\s,\]}#]++")


class _Table:
    """A table while it grows: name -> stretch of the name, and a value or a table."""

    __slots__ = ("content", "end", "start")

    def __init__(self, start: int) -> None:
        self.content: dict[str, tuple[int, int, Any]] = {}
        self.start = start
        self.end = start

    def node(self) -> Fields:
        return Fields(
            tuple(Entry(key, start, end, _frozen(value)) for key, (start, end, value) in self.content.items()),
            self.start,
            self.end,
        )


def _frozen(value: Any) -> Node:
    if isinstance(value, _Table):
        return value.node()
    if isinstance(value, list):
        nodes = tuple(table.node() for table in value)
        return Items(nodes, nodes[0].start, nodes[-1].end)
    node: Node = value
    return node


class _Walk:
    """A walk over text that is known to be TOML."""

    __slots__ = ("source", "text")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text

    def document(self) -> Node:
        text = self.text
        root = here = _Table(0)
        at = self._blank(0)
        while at < len(text):
            if text[at] == "[":
                array = text[at + 1] == "["
                keys, at = self._keys(at + 1 + array)
                if len(keys) > DEPTH // 2:
                    raise too_deep(self.source, keys[0][1])
                at = text.index("]", at) + 1 + array
                here = self._open(root, keys, array)
                here.end = at
            else:
                at = self._pair(here, at, 1)
            at = self._blank(at)
        root.end = len(text)
        return root.node()

    def _blank(self, at: int) -> int:
        found = _BLANK.match(self.text, at)
        return found.end() if found else at

    def _space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _keys(self, at: int) -> tuple[list[tuple[str, int, int]], int]:
        """A dotted key: the name and stretch of each part."""
        keys: list[tuple[str, int, int]] = []
        while True:
            at = self._space(at)
            found = (_STRING if self.text[at] in "\"'" else _BARE).match(self.text, at)
            assert found is not None
            keys.append((self._decoded(found.group()), at, found.end()))
            at = self._space(found.end())
            if self.text[at : at + 1] != ".":
                return keys, at
            at += 1

    def _open(self, root: _Table, keys: list[tuple[str, int, int]], array: bool) -> _Table:
        here = self._down(root, keys[:-1])
        name, start, end = keys[-1]
        known = here.content.get(name)
        if array:
            table = _Table(start)
            if known is None:
                here.content[name] = (start, end, [table])
            else:
                known[2].append(table)
            return table
        if known is not None and isinstance(known[2], _Table):
            return known[2]
        table = _Table(start)
        here.content[name] = (start, end, table)
        return table

    def _down(self, table: _Table, keys: list[tuple[str, int, int]]) -> _Table:
        for name, start, end in keys:
            known = table.content.get(name)
            if known is None:
                below = _Table(start)
                table.content[name] = (start, end, below)
                table = below
            else:
                value = known[2]
                table = value[-1] if isinstance(value, list) else value
        return table

    def _pair(self, table: _Table, at: int, depth: int) -> int:
        keys, at = self._keys(at)
        if len(keys) + depth > DEPTH:
            raise too_deep(self.source, keys[0][1])
        value, end = self._value(self._space(at + 1), depth + len(keys) - 1)
        holder = self._down(table, keys[:-1])
        name, start, stop = keys[-1]
        holder.content[name] = (start, stop, value)
        holder.end = table.end = end
        return end

    def _value(self, at: int, depth: int) -> tuple[Any, int]:
        text = self.text
        if depth > DEPTH:
            raise too_deep(self.source, at)
        if text[at] == "[":
            nodes: list[Node] = []
            start, at = at, self._blank(at + 1)
            while text[at] != "]":
                value, at = self._value(at, depth + 1)
                nodes.append(_frozen(value))
                at = self._blank(at)
                if text[at] == ",":
                    at = self._blank(at + 1)
            return Items(tuple(nodes), start, at + 1), at + 1
        if text[at] == "{":
            table = _Table(at)
            at = self._blank(at + 1)
            while text[at] != "}":
                at = self._blank(self._pair(table, at, depth + 1))
                if text[at] == ",":
                    at = self._blank(at + 1)
            table.end = at + 1
            return table, at + 1
        string = _STRING.match(text, at)
        if string is not None:
            return self._text(string.group(), at, string.end()), string.end()
        plain = _MOMENT.match(text, at) or _PLAIN.match(text, at)
        assert plain is not None
        written, end = plain.group().rstrip(), plain.end()
        end = at + len(written)
        if written in ("true", "false"):
            return Scalar("boolean", written, at, end, written == "true"), end
        if _MOMENT.fullmatch(written):
            return Scalar("word", written, at, end), end
        return Scalar("number", _decimal(written), at, end), end

    def _text(self, raw: str, start: int, end: int) -> Scalar:
        quotes = 3 if raw.startswith(('"""', "'''")) else 1
        value = self._decoded(raw)
        if end - start > 2 * quotes:
            start, end = start + quotes, end - quotes
        return Scalar("text", value, start, end)

    def _decoded(self, raw: str) -> str:
        if raw[0] not in "\"'":
            return raw
        if "\\" not in raw and not raw.startswith(('"""', "'''")):
            return raw[1:-1]
        import tomllib

        value: str = tomllib.loads("v=" + raw)["v"]
        return value


def _decimal(written: str) -> str:
    """The characters of a TOML number as those of a decimal one: no underscores, no plus sign, no other base."""
    plain = written.replace("_", "").removeprefix("+")
    return str(int(plain, 0)) if plain[:2] in ("0x", "0o", "0b") else plain
