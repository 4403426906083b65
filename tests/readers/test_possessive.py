"""No pattern of the package repeats a group possessively: ``(?:ab)*+``, ``(ab)++``, ``(ab)?+``, ``(ab){1,2}+``.

CPython before 3.11.5 mis-handles them (gh-106052: a possessive repetition of what may itself go back fails to match),
so that a text would be read on one machine and refused on another. Single characters and sets (``[0-9]++``) are safe;
a group is written ``(?>(?:ab)*)``. Looked at twice: the patterns that the modules hold or make, as they are compiled,
and every string of the source, with the pieces that f-strings and sums of strings put together.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

import subsidy_rules
from tests.readers.test_patterns import Pattern, inside

HOLE = "\ue0ff"
"""Stands for a piece of a pattern that is only known when the program runs."""
SETS = {("tables.streaming", "plain")}
"""Local names and parameters, by module, that always hold one set in brackets."""

# What a repetition may stand behind: an escape, a set (a bracket may come first in it), a comment, any character.
_PIECE = re.compile(
    r"\\.|\[\^?\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*\]|\(\?#[^)]*\)|(?P<repeat>(?:[*+?]|\{[0-9]*,?[0-9]*\})\+)|.", re.DOTALL
)


def possessive_groups(text: str, *, verbose: bool = False) -> list[str]:
    """The places of a pattern where a group, or what is not known, is repeated possessively."""
    found: list[str] = []
    before = ""
    at = 0
    while at < len(text):
        if verbose and before != "\\" and text[at] == "#":
            at = text.find("\n", at) % (len(text) + 1)  # a comment to the end of its line
            continue
        piece = _PIECE.match(text, at)
        assert piece is not None
        if piece["repeat"] and before in (")", HOLE):
            found.append(text[max(0, at - 30) : piece.end()])
        at = piece.end()
        if not (verbose and piece.group().isspace()) and not piece.group().startswith("(?#"):
            before = piece.group()
    return found


@cache
def modules() -> dict[str, ModuleType]:
    names = (info.name for info in pkgutil.walk_packages(subsidy_rules.__path__, "subsidy_rules."))
    return {name.removeprefix("subsidy_rules."): importlib.import_module(name) for name in names}


def made(module: ModuleType) -> Iterator[tuple[str, Pattern]]:
    """The patterns that a module holds in constants, and those that its functions without a parameter give."""
    for name, value in list(vars(module).items()):
        for pattern in inside(value):
            yield name, pattern
        function = inspect.unwrap(value) if callable(value) and not isinstance(value, type) else None
        if not isinstance(function, FunctionType) or function.__module__ != module.__name__:
            continue
        signature = inspect.signature(function)
        if not signature.parameters and "re.Pattern" in str(signature.return_annotation):
            for pattern in inside(function()):
                yield f"{name}()", pattern


def pieces(node: ast.expr, known: dict[str, Any]) -> Iterator[str]:
    """The text that an expression gives, with the module's constants put in; what is not known is a hole, followed by
    the name of it when it has one."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.Constant(value=bytes() as text):
            yield text.decode("latin-1")
        case ast.JoinedStr():
            for value in node.values:
                yield from pieces(value, known)
        case ast.FormattedValue(value=value):
            yield from pieces(value, known)
        case ast.BinOp(op=ast.Add()):
            yield from pieces(node.left, known)
            yield from pieces(node.right, known)
        case ast.Name(id=name) if isinstance(known.get(name), str):
            yield known[name]
        case ast.Name(id=name):
            yield f"{HOLE}{name}{HOLE}"
        case _:
            yield f"{HOLE}?{HOLE}"


def strings(tree: ast.AST, known: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Every text that the source writes, put together as far as one expression does, with its line."""
    seen: set[ast.AST] = set()
    for node in ast.walk(tree):  # the outermost first
        if node in seen or not isinstance(node, (ast.Constant, ast.JoinedStr, ast.BinOp)):
            continue
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add):
            continue
        if isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes)):
            continue
        if not isinstance(node, ast.Constant):
            seen.update(ast.walk(node))
        yield node.lineno, "".join(pieces(node, known))


def in_source(module: str, source: str, known: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for line, text in strings(ast.parse(source), known):
        for name in {name for place, name in SETS if place == module}:
            text = text.replace(f"{HOLE}{name}{HOLE}", "[.]")
        places = possessive_groups(text) + (possessive_groups(text, verbose=True) if "\n" in text else [])
        found += [f"{module}, line {line}: {place!r}" for place in places]
    return found


def test_no_compiled_pattern_repeats_a_group_possessively() -> None:
    found: list[str] = []
    patterns = 0
    for module, loaded in modules().items():
        for name, pattern in made(loaded):
            patterns += 1
            text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
            verbose = bool(pattern.flags & re.VERBOSE)
            found += [f"{module}.{name}: {place!r}" for place in possessive_groups(text, verbose=verbose)]
    assert not found
    assert patterns > 400


def test_no_string_of_the_source_repeats_a_group_possessively() -> None:
    found: list[str] = []
    for module, loaded in modules().items():
        assert loaded.__file__ is not None
        found += in_source(module, Path(loaded.__file__).read_text("utf-8"), vars(loaded))
    assert not found


@pytest.mark.parametrize("group", ["(?:ab)", "(ab)", "(?P<n>a|[)])", "(?i:a)", r"(a\))", "([]a])"])
@pytest.mark.parametrize("repeat", ["*+", "++", "?+", "{2}+", "{1,}+", "{1,2}+", "{,2}+"])
def test_planted_ones_are_found(group: str, repeat: str) -> None:
    assert possessive_groups(f"x{group}{repeat}y")
    assert possessive_groups(f"x {group} # the ) end\n {repeat}y", verbose=True)
    assert not possessive_groups(f"x(?>{group}{repeat[:-1]})y")


@pytest.mark.parametrize(
    "safe", ["[0-9]++", "(a)[)]*+", r"(a)\)++", "(a)+[+]", "[^()]*+", r"\s{1,2}+", "(a)*b+", "a++)", "[](a)]?+"]
)
def test_single_characters_and_sets_are_safe(safe: str) -> None:
    assert not possessive_groups(safe)
    assert not possessive_groups(safe, verbose=True)


@pytest.mark.parametrize(
    "source",
    [
        'A = re.compile(r"(?:ab)*+")',
        'A = rb"(ab)?+"',
        'A = rf"(?:{SPACE})++"',
        'A = rf"{GROUP}{{1,2}}+"',
        'A = "x" + GROUP + "*+"',
        'A = GROUP + r"++[0-9]"',
        'A = (r"(?:ab)"\n     r"++")',
        'def made(word):\n    return re.compile(rf"(?:{word})++")',
        'def made(word):\n    return re.compile(rf"{word}++")',  # may be a group: nothing says that it is none
        'def made(words):\n    return "(?:" + "|".join(words) + ")*+"',
        'A = """\n  (?: a | b )  # one of two\n  ++\n"""',
    ],
)
def test_planted_ones_are_found_in_a_source(source: str) -> None:
    assert in_source("planted", source, {"SPACE": "[ ]", "GROUP": "(?:a|b)"})


def test_pieces_that_are_sets_are_safe_in_a_source() -> None:
    source = 'A = rf"{SPACE}*+(?:{SPACE}|a)+" + SPACE + "{1,2}+"\n\ndef made(word):\n    return rf"{word}[0-9]++"'
    assert not in_source("planted", source, {"SPACE": "[ ]"})
