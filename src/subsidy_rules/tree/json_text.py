"""JSON text to a tree with places.

Strict (RFC 8259), save that ``NaN`` and ``Infinity``, which some programs write, are kept as the numbers they claim to
be, so that the field that holds one can be told. Numbers keep their characters: ``70000.10`` does not lose its zero,
nor ``12345678901234567.89`` its cents.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Final

from subsidy_rules.tree import DEPTH, Entry, Fields, Items, Malformed, Node, Scalar, Source, Tree, too_deep
from subsidy_rules.wording import Message

__all__ = ["read"]

_BLANK: Final = re.compile(r"[ \t\n\r]*+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?>(?:\.[0-9]++)?)(?>(?:[eE][-+]?[0-9]++)?)|NaN|-?Infinity")
_WORD: Final = re.compile(r"true|false|null")
_SIMPLE: Final = re.compile(r'"([^"\\\x00-\x1f]*+)"')
_PLAIN_KEY: Final = re.compile(r'[ \t\n\r]*+"([^"\\\x00-\x1f]*+)"[ \t\n\r]*+:[ \t\n\r]*+')
_CLOSED: Final = re.compile(r"[ \t\n\r]*+}")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_DECODER: Final = JSONDecoder()

_EXPECTED: Final = Message("{what} est attendu ici", "{what} is expected here")
_VALUE: Final = Message("une valeur est attendue ici", "a value is expected here")
_KEY: Final = Message(
    "un nom de champ entre guillemets est attendu ici", "a field name in double quotes is expected here"
)
_END: Final = Message("le texte s’arrête avant la fin des données", "the text ends before the data does")
_STRING: Final = Message(
    "texte entre guillemets mal formé (guillemet fermant absent, caractère de commande ou « \\ » suivi d’une lettre "
    "inconnue)",
    "malformed string (no closing quote, a control character, or “\\” before an unknown letter)",
)
_MORE: Final = Message("rien n’est attendu après la fin des données", "nothing is expected after the end of the data")
_COMMA: Final = Message(
    "une virgule précède la fin de la liste ou de l’objet", "a comma comes just before the end of the list or object"
)
_OR: Final = Message("« {one} » ou « {other} »", "“{one}” or “{other}”")
_ONE: Final = Message("« {one} »", "“{one}”")


def read(path: str, text: str, first_line: int = 1) -> Tree:
    """The one document of ``text``. Raises ``Malformed`` with the position and the reason."""
    source = Source(path, text, first_line)
    start = _skip(text, 0)
    node, end = _value(source, text, start, 0)
    end = _skip(text, end)
    if end < len(text):
        raise Malformed(_MORE, source, end)
    return Tree(source, (node,))


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _fail(source: Source, at: int, says: Message) -> Malformed:
    return Malformed(_END if at >= len(source.text) else says, source, at)


def _value(source: Source, text: str, at: int, depth: int) -> tuple[Node, int]:
    simple = _SIMPLE.match(text, at)
    if simple is not None:
        end = simple.end()
        # The place of a string is what stands between its quotes; an empty one is shown with them.
        return (Scalar("text", simple.group(1), at + 1, end - 1) if end - at > 2 else Scalar("text", "", at, end)), end
    char = text[at : at + 1]
    if char in "{[" and char:
        if depth >= DEPTH:
            raise too_deep(source, at)
        return _object(source, text, at, depth + 1) if char == "{" else _array(source, text, at, depth + 1)
    if char == '"':
        string, end = _string(source, text, at)
        return Scalar("text", string, at + 1, end - 1), end
    number = _NUMBER.match(text, at)
    if number is not None:
        return Scalar("number", number.group(), at, number.end()), number.end()
    word = _WORD.match(text, at)
    if word is None:
        raise _fail(source, at, _VALUE)
    written = word.group()
    if written == "null":
        return Scalar("null", "", at, word.end()), word.end()
    return Scalar("boolean", written, at, word.end(), written == "true"), word.end()


def _string(source: Source, text: str, at: int) -> tuple[str, int]:
    """A string that has an escape, or is malformed."""
    try:
        value, end = _DECODER.raw_decode(text, at)
    except JSONDecodeError as error:
        raise Malformed(_STRING, source, min(error.pos, len(text))) from None
    # A lone half of a pair is no character: nothing could print it.
    return _SURROGATE.sub("\ufffd", str(value)), end


def _key(source: Source, text: str, at: int, *, first: bool) -> tuple[str, int, int, int]:
    """A key that is not in the plain form: its name and stretch, and where its value begins."""
    at = _skip(text, at)
    if text[at : at + 1] != '"':
        raise _fail(source, at, _COMMA if not first and text[at : at + 1] == "}" else _KEY)
    simple = _SIMPLE.match(text, at)
    name, end = (simple.group(1), simple.end()) if simple is not None else _string(source, text, at)
    colon = _skip(text, end)
    if text[colon : colon + 1] != ":":
        raise _fail(source, colon, _EXPECTED.having(what=_ONE.having(one=":")))
    return name, at, end, _skip(text, colon + 1)


def _object(source: Source, text: str, start: int, depth: int) -> tuple[Node, int]:
    entries: list[Entry] = []
    at = start + 1
    closed = _CLOSED.match(text, at)
    if closed is not None:
        return Fields((), start, closed.end()), closed.end()
    while True:
        plain = _PLAIN_KEY.match(text, at)
        if plain is not None:
            name, (key_start, key_end), at = plain.group(1), plain.span(1), plain.end()
            key_start, key_end = key_start - 1, key_end + 1
        else:
            name, key_start, key_end, at = _key(source, text, at, first=not entries)
        node, at = _value(source, text, at, depth)
        entries.append(Entry(name, key_start, key_end, node))
        char = text[at : at + 1]
        if char not in ",}":
            at = _skip(text, at)
            char = text[at : at + 1]
        if char == "}":
            return Fields(tuple(entries), start, at + 1), at + 1
        if char != ",":
            raise _fail(source, at, _EXPECTED.having(what=_OR.having(one=",", other="}")))
        at += 1


def _array(source: Source, text: str, start: int, depth: int) -> tuple[Node, int]:
    nodes: list[Node] = []
    at = _skip(text, start + 1)
    if text[at : at + 1] == "]":
        return Items((), start, at + 1), at + 1
    while True:
        if nodes and text[at : at + 1] == "]":
            raise Malformed(_COMMA, source, at)
        node, at = _value(source, text, at, depth)
        nodes.append(node)
        at = _skip(text, at)
        char = text[at : at + 1]
        if char == "]":
            return Items(tuple(nodes), start, at + 1), at + 1
        if char != ",":
            raise _fail(source, at, _EXPECTED.having(what=_OR.having(one=",", other="]")))
        at = _skip(text, at + 1)
