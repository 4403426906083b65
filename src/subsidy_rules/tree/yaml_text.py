"""YAML text to a tree with places.

PyYAML's parser gives events with their positions, and nothing is typed here: ``01004`` stays five characters, ``18:30``
is not 1110, ``12500.10`` keeps its zero. What another YAML program would make of them is said by `misreading`.

Refused with a message rather than obeyed: merge keys (``<<``), tags of a program, keys that are not plain text.
Aliases are read, but not so many that a small file becomes a large one, and a value cannot hold itself.
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal

from subsidy_rules.tree import DEPTH, Entry, Fields, Items, Malformed, Node, Note, Scalar, Source, Tree, too_deep
from subsidy_rules.wording import Message

__all__ = ["EXPANDED", "misreading", "read"]

EXPANDED: Final = 100_000
"""Values that aliases may repeat, all together: a file of ten lines can stand for billions."""

_OPENINGS: Final = 1_000

_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TAG: Final = "tag:yaml.org,2002:"
_WORD_TAGS: Final = frozenset(_TAG + name for name in ("int", "float", "bool", "null", "timestamp"))
_SHAPES: Final = frozenset((_TAG + "map", _TAG + "seq", "!"))

_MERGE: Final = Message(
    "La clé de fusion « << » n’est pas admise : les lecteurs de YAML ne la comprennent pas tous ; recopiez les champs.",
    "The merge key “<<” is not accepted: YAML readers do not all understand it; write the fields out.",
)
_TAGGED: Final = Message(
    "L’étiquette « {tag} » est propre à un programme : elle n’est pas suivie.",
    "The tag “{tag}” belongs to one program: it is not followed.",
)
_COMPLEX: Final = Message(
    "Un nom de champ doit être un mot, pas une liste ni un objet.",
    "A field name must be a word, not a list or a mapping.",
)
_UNKNOWN_ALIAS: Final = Message("l’alias « *{name} » ne renvoie à rien", "the alias “*{name}” refers to nothing")
_CIRCULAR: Final = Message(
    "l’alias « *{name} » renvoie à la valeur qui le contient", "the alias “*{name}” refers to the value that holds it"
)
_BOMB: Final = Message(
    "les alias répètent plus de {most} valeurs : le fichier est refusé",
    "the aliases repeat more than {most} values: the file is refused",
)
_NO_DOCUMENT: Final = Message("le fichier ne contient aucune donnée", "the file holds no data")

# What libyaml and PyYAML's own parser say, by a fragment of it, as a clerk would understand it.
_QUOTE_OPEN: Final = Message("ce guillemet n’est pas refermé", "this quotation mark is not closed")
_BRACKET_OPEN: Final = Message(
    "ce crochet ou cette accolade n’est pas refermé, ou une virgule manque dans ce qui suit",
    "this bracket is not closed, or a comma is missing in what follows",
)
_LEFT_OPEN: Final = (_QUOTE_OPEN, _BRACKET_OPEN)
_PROBLEMS: Final[tuple[tuple[str, Message], ...]] = (
    (
        "tab character",
        Message(
            "une tabulation en début de ligne : le retrait se fait avec des espaces",
            "a tab at the start of a line: indentation is made of spaces",
        ),
    ),
    (
        "mapping values are not allowed",
        Message(
            "un « : » de trop sur cette ligne, ou un retrait incorrect (un texte qui contient « : » se met entre "
            "guillemets)",
            "one “:” too many on this line, or wrong indentation (text that contains “:” goes in quotes)",
        ),
    ),
    (
        "cannot start any token",
        Message(
            "ce caractère ne peut pas commencer une valeur : mettez-la entre guillemets (et pas de tabulation en début "
            "de ligne)",
            "this character cannot begin a value: put it in quotes (and no tab at the start of a line)",
        ),
    ),
    ("unexpected end of stream", _QUOTE_OPEN),
    ("flow", _BRACKET_OPEN),
    (
        "block",
        Message(
            "cette ligne ne se lit pas : son retrait n’est pas celui des lignes voisines, ou du texte suit un "
            "guillemet ou un crochet fermant",
            "this line cannot be read: its indentation is not its neighbours’, or text follows a closing quote or "
            "bracket",
        ),
    ),
    (
        "could not find expected ':'",
        Message("« : » attendu après le nom du champ", "“:” expected after the field name"),
    ),
    (
        "escape",
        Message(
            "« \\ » suivi d’un caractère inconnu dans un texte entre guillemets",
            "“\\” before an unknown character in quoted text",
        ),
    ),
    (
        "duplicate anchor",
        Message("deux ancres portent le même nom", "two anchors have the same name"),
    ),
    (
        "depth",
        Message("trop de valeurs l’une dans l’autre", "too many values inside one another"),
    ),
    (
        "directive",
        Message("directive inconnue (« % » en début de ligne)", "unknown directive (“%” at the start of a line)"),
    ),
    (
        "document",
        Message(
            "directive ou séparateur de document incorrect (« %YAML », « --- »)",
            "wrong directive or document separator (“%YAML”, “---”)",
        ),
    ),
)
_SYNTAX: Final = Message("syntaxe YAML incorrecte", "wrong YAML syntax")
_CONTROL: Final = Message(
    "caractère de commande (code {code}) interdit dans un fichier YAML",
    "control character (code {code}), not allowed in a YAML file",
)


def _problem(context: str | None, problem: str | None) -> Message:
    said = f"{problem or ''} {context or ''}"
    return next((message for fragment, message in _PROBLEMS if fragment in said), _SYNTAX)


def read(path: str, text: str) -> Tree:
    """Every document of ``text``. Raises ``Malformed`` with the position and the reason."""
    import yaml

    source = Source(path, text)
    loader: Any = getattr(yaml, "CSafeLoader", None)
    if loader is None:
        # PyYAML's own scanner takes a time that grows as the square of the brackets left open.
        _count_openings(source)
        loader = yaml.SafeLoader
    building = _Building(source)
    try:
        for event in yaml.parse(text, Loader=loader):
            building.take(event)
    except yaml.reader.ReaderError as error:
        offset = error.position if isinstance(error.position, int) else 0
        code = f"U+{error.character:04X}" if isinstance(error.character, int) else str(error.character)
        raise Malformed(_CONTROL.having(code=code), source, _offset_of_control(text, offset)) from None
    except yaml.MarkedYAMLError as error:
        says = _problem(error.context, error.problem)
        # What was left open is shown where it opens, not where the reader gave up.
        mark = (error.context_mark if says in _LEFT_OPEN else None) or error.problem_mark or error.context_mark
        raise Malformed(says, source, mark.index if mark else len(text)) from None
    if not building.documents:
        raise Malformed(_NO_DOCUMENT, source, 0)
    return Tree(source, tuple(building.documents), tuple(building.notes))


_NOT_YAML: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"


def _offset_of_control(text: str, reported: int) -> int:
    """The two parsers count the position differently (bytes, characters): the character itself does not lie."""
    found = re.search(_NOT_YAML, text)
    return found.start() if found else min(reported, len(text))


def _count_openings(source: Source) -> None:
    depth = 0
    for found in re.finditer(r"[\[\]{}]", source.text):
        depth += 1 if found.group() in "[{" else -1
        if depth > _OPENINGS:
            raise too_deep(source, found.start())


class _Open:
    """A mapping or a list whose end has not come: its children so far, and the key that waits for its value."""

    __slots__ = ("anchor", "entries", "key", "nodes", "start", "weight")

    def __init__(self, start: int, anchor: str | None, entries: list[Entry] | None) -> None:
        self.start = start
        self.anchor = anchor
        self.entries = entries
        self.nodes: list[Node] = []
        self.key: tuple[str, int, int] | Literal["skipped"] | None = None
        self.weight = 1


class _Building:
    """The tree under construction, event by event, without recursion."""

    __slots__ = ("anchors", "documents", "notes", "open", "repeated", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents: list[Node] = []
        self.notes: list[Note] = []
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.repeated = 0

    def take(self, event: Any) -> None:
        match type(event).__name__:
            case "ScalarEvent":
                self._scalar(event)
            case "MappingStartEvent":
                self._begin(event, [])
            case "SequenceStartEvent":
                self._begin(event, None)
            case "MappingEndEvent" | "SequenceEndEvent":
                self._end(event)
            case "AliasEvent":
                self._alias(event)
            case "DocumentStartEvent":
                self.anchors.clear()

    def _scalar(self, event: Any) -> None:
        start, end, text = event.start_mark.index, event.end_mark.index, event.value
        scalar: Scalar
        if not event.style:  # plain: None in one parser, "" in the other
            if event.tag is not None and event.tag != "!":
                start = self._after_tag(start, end)
                scalar = Scalar("text" if self._is_text(event.tag, start, end) else "word", text, start, end)
            elif event.tag == "!":
                scalar = Scalar("text", text, self._after_tag(start, end), end)
            elif text in _NULLS:
                scalar = Scalar("null", text, start, end)
            elif text in _BOOLEANS:
                scalar = Scalar("boolean", text, start, end, _BOOLEANS[text])
            else:
                if event.anchor is not None:
                    start = self._after_tag(start, end)
                scalar = Scalar("word", text, start, end)
        else:
            if event.tag is not None:
                self._is_text(event.tag, start, end)
            if event.tag is not None or event.anchor is not None:
                start = self._after_tag(start, end)
            if event.style in ("'", '"') and end - start > 2:
                start, end = start + 1, end - 1
            scalar = Scalar("text", text, start, end)
        self._add(scalar, 1, event.anchor)

    def _after_tag(self, start: int, end: int) -> int:
        """Where the value itself begins, after its tag and its anchor."""
        found = re.match(r"(?:[!&][^\s]*+\s*+){0,2}", self.source.text[start:end])
        return start + found.end() if found else start

    def _is_text(self, tag: str, start: int, end: int) -> bool:
        """True for a tag that says « text »; what is not a standard tag is noted."""
        if tag in _WORD_TAGS:
            return False
        if tag not in ("!", _TAG + "str"):
            shown = tag.replace(_TAG, "!!")
            self.notes.append(Note("REC005", _TAGGED.having(tag=shown), start, end))
        return True

    def _begin(self, event: Any, entries: list[Entry] | None) -> None:
        start = event.start_mark.index
        if len(self.open) >= DEPTH:
            raise too_deep(self.source, start)
        if event.tag is not None and event.tag not in _SHAPES:
            self._is_text(event.tag, start, event.end_mark.index)
        self.open.append(_Open(start, event.anchor, entries))

    def _end(self, event: Any) -> None:
        done = self.open.pop()
        # A block ends where the next thing begins: its own stretch ends with its last child.
        end = event.end_mark.index
        if end == event.start_mark.index:
            last = done.entries[-1].node if done.entries else done.nodes[-1] if done.nodes else None
            end = last.end if last is not None else done.start
        node: Node
        if done.entries is None:
            node = Items(tuple(done.nodes), done.start, end)
        else:
            node = Fields(tuple(done.entries), done.start, end)
        self._add(node, done.weight, done.anchor)

    def _alias(self, event: Any) -> None:
        name, start = event.anchor, event.start_mark.index
        if any(waiting.anchor == name for waiting in self.open):
            raise Malformed(_CIRCULAR.having(name=name), self.source, start)
        known = self.anchors.get(name)
        if known is None:
            raise Malformed(_UNKNOWN_ALIAS.having(name=name), self.source, start)
        node, weight = known
        self.repeated += weight
        if self.repeated > EXPANDED:
            raise Malformed(_BOMB.having(most=EXPANDED), self.source, start)
        if _height(node) + len(self.open) > DEPTH:
            raise too_deep(self.source, start)
        self._add(node, weight, None, alias=(start, event.end_mark.index))

    def _add(self, node: Node, weight: int, anchor: str | None, alias: tuple[int, int] | None = None) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, weight)
        if not self.open:
            if not (isinstance(node, Scalar) and node.kind == "null"):
                self.documents.append(node)
            return
        parent = self.open[-1]
        parent.weight += weight
        if parent.entries is None:
            parent.nodes.append(node)
        elif parent.key is None:
            parent.key = self._key(node, alias)
        else:
            if parent.key != "skipped":
                parent.entries.append(Entry(*parent.key, node))
            parent.key = None

    def _key(self, node: Node, alias: tuple[int, int] | None) -> tuple[str, int, int] | Literal["skipped"]:
        start, end = alias or (node.start, node.end)
        if not isinstance(node, Scalar):
            self.notes.append(Note("REC005", _COMPLEX, start, end))
            return "skipped"
        if node.text == "<<" and node.kind == "word":
            self.notes.append(Note("REC005", _MERGE, start, end))
            return "skipped"
        return node.text, start, end


def _height(node: Node) -> int:
    """How many levels of lists and mappings ``node`` is; trees are never deeper than ``DEPTH``."""
    if isinstance(node, Scalar):
        return 0
    below = node.nodes if isinstance(node, Items) else [entry.node for entry in node.entries]
    return 1 + max((_height(child) for child in below), default=0)


# -- what other programs would make of it ---------------------------------------------------------------------------

_LEADING_ZERO: Final = r"[-+]?0[0-9_]+"
_SEXAGESIMAL: Final = r"[-+]?[0-9][0-9_]*+(?>(?::[0-5]?[0-9])+)(?:\.[0-9_]*)?"
_OTHER_BASE: Final = r"[-+]?0(?:x[0-9a-fA-F_]+|b[01_]+|o[0-7]+)"
_UNDERSCORED: Final = r"[-+]?[0-9]++(?>(?:_[0-9]++)+)(?:\.[0-9_]*)?"
_SCIENTIFIC: Final = r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+"
_LOST_ZERO: Final = r"[-+]?[0-9]++\.(?:[0-9]*0)?"
_STARTS: Final = frozenset("0123456789+-")
_YES: Final = frozenset(("yes", "no", "on", "off"))

_AS_NUMBER: Final = Message(
    "« {text} » sans guillemets : un autre lecteur de YAML y verra le nombre {other} ; mettez des guillemets.",
    "“{text}” without quotes: another YAML reader takes it for the number {other}; put it in quotes.",
)
_AS_BOOLEAN: Final = Message(
    "« {text} » sans guillemets : selon les lecteurs de YAML, c’est un texte ou un oui/non ; "
    "écrivez true ou false, ou mettez des guillemets.",
    "“{text}” without quotes: depending on the YAML reader it is text or a yes/no value; "
    "write true or false, or put it in quotes.",
)
_ZERO_FIRST: Final = Message(
    "« {text} » sans guillemets : un autre lecteur de YAML perdra le zéro de tête{octal} ; mettez des guillemets.",
    "“{text}” without quotes: another YAML reader drops the leading zero{octal}; put it in quotes.",
)
_OCTAL: Final = Message(", ou lira {other}", ", or reads {other}")
_NO_OCTAL: Final = Message("", "")


def misreading(text: str, *, exact: bool) -> Message | None:
    """What another YAML program would read in the unquoted scalar ``text`` that is not what is written, if anything.

    ``exact``: the characters matter, not only the number (a code, a reference): ``2017.10`` would lose its zero.
    """
    if text.lower() in _YES:
        return _AS_BOOLEAN.having(text=text)
    # What is plainly a number or plainly not one never reaches the patterns below, which are compiled when needed.
    if text[:1] not in _STARTS or len(text) > 40 or " " in text or "," in text:
        return None
    if text[0] not in "+-0" and text.isdecimal():
        return None
    if re.fullmatch(_LEADING_ZERO, text):
        digits = text.lstrip("+-").replace("_", "")
        octal = _NO_OCTAL
        if not set(digits) & set("89"):
            octal = _OCTAL.having(other=f"{'-' if text[0] == '-' else ''}{int(digits, 8)}")
        return _ZERO_FIRST.having(text=text, octal=octal)
    if re.fullmatch(_SEXAGESIMAL, text):
        return _AS_NUMBER.having(text=text, other=_base_60(text))
    if re.fullmatch(_OTHER_BASE, text):
        return _AS_NUMBER.having(text=text, other=str(int(text.replace("_", ""), 0)))
    if re.fullmatch(_UNDERSCORED, text):
        return _AS_NUMBER.having(text=text, other=text.replace("_", ""))
    if exact and re.fullmatch(_SCIENTIFIC, text):
        return _AS_NUMBER.having(text=text, other=_without_exponent(text))
    if exact and re.fullmatch(_LOST_ZERO, text):
        return _AS_NUMBER.having(text=text, other=text.rstrip("0").rstrip("."))
    return None


def _base_60(text: str) -> str:
    whole, point, decimals = text.lstrip("+-").replace("_", "").partition(".")
    value = 0
    for part in whole.split(":"):
        value = value * 60 + int(part)
    return f"{'-' if text[0] == '-' else ''}{value}{point}{decimals}"


def _without_exponent(text: str) -> str:
    from decimal import Decimal

    value = Decimal(text)
    exponent = value.as_tuple().exponent
    return f"{value:f}" if isinstance(exponent, int) and abs(exponent) < 30 else text
