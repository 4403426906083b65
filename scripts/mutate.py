#!/usr/bin/env python3
"""Mutation testing: small wrong changes to a module, each of which some test must notice.

    scripts/mutate.py bounds rounding            # the modules, by name; their tests are in TESTS below
    scripts/mutate.py numerals --only 120-180    # only the changes on these lines
    scripts/mutate.py numerals --list            # what would be tried

Every mutant runs in a forked child of this process, which has pytest and its plugins loaded already; the mutated
code is compiled from the changed syntax tree and given to the import system in place of the file, so that nothing on
disk is touched. Survivors are printed with their line; docs/mutation.md explains those that cannot be killed.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "subsidy_rules"

# Which tests judge which module: the fast and telling ones first, timing tests never.
TESTS: dict[str, list[str]] = {
    "bounds": ["tests/arithmetic/test_bounds.py"],
    "rounding": ["tests/arithmetic/test_rounding.py", "tests/arithmetic/test_bounds.py"],
    "arithmetic": ["tests/arithmetic/test_accepting_modes.py"],
    "numerals": ["tests/arithmetic/test_numerals.py", "tests/arithmetic/test_found_figures.py"],
    "words": ["tests/arithmetic/test_words.py"],
    "dates": ["tests/arithmetic/test_dates.py"],
    "claims": ["tests/kernel"],
}
SKIPPED = "not linear and not long_texts and not megabyte"

Change = Callable[[Any], None]


@dataclass(frozen=True)
class Mutant:
    """One change: the position of its node in the walk of the tree, what to do there, and how to say it."""

    node: int
    line: int
    what: str
    change: Change


# -- changes --------------------------------------------------------------------------------------------------------

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


def _set(name: str, value: Any) -> Change:
    return lambda node: setattr(node, name, value)


def _compare(index: int, operator: type[ast.cmpop]) -> Change:
    def change(node: ast.Compare) -> None:
        node.ops[index] = operator()

    return change


def _drop(index: int) -> Change:
    def change(node: ast.BoolOp) -> None:
        del node.values[index]

    return change


def _negate(name: str) -> Change:
    def change(node: Any) -> None:
        setattr(node, name, ast.UnaryOp(ast.Not(), getattr(node, name)))

    return change


def changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """The changes worth trying at one node."""
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    yield f"{type(operator).__name__} -> {other.__name__}", _compare(index, other)
        case ast.BinOp() | ast.AugAssign() if type(node.op) in OPERATORS:
            other_op = OPERATORS[type(node.op)]
            yield f"{type(node.op).__name__} -> {other_op.__name__}", _set("op", other_op())
        case ast.BoolOp():
            swapped = ast.Or if isinstance(node.op, ast.And) else ast.And
            yield f"{type(node.op).__name__} -> {swapped.__name__}", _set("op", swapped())
            if len(node.values) > 2:
                for index in range(len(node.values)):
                    yield f"operand {index} dropped", _drop(index)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield f"{type(node.op).__name__} dropped", _set("op", ast.UAdd() if isinstance(node.op, ast.USub) else None)
        case ast.Constant(value=bool() as flag):
            yield f"{flag} -> {not flag}", _set("value", not flag)
        case ast.Constant(value=int() as n):
            yield f"{n} -> {n + 1}", _set("value", n + 1)
            if n > 1:
                yield f"{n} -> {n - 1}", _set("value", n - 1)
        case ast.Constant(value=str() as text):
            yield f"{text!r} -> {'X' + text!r}", _set("value", "X" + text)
        case ast.If() | ast.While() | ast.IfExp():
            yield "condition negated", _negate("test")
        case ast.Return(value=ast.expr()):
            if not (isinstance(node.value, ast.Constant) and node.value.value is None):
                yield "return None", _set("value", ast.Constant(None))
        case ast.Slice():
            if node.lower is not None:
                yield "slice without lower end", _set("lower", None)
            if node.upper is not None:
                yield "slice without upper end", _set("upper", None)
        case ast.Break():
            yield "break -> continue", lambda broken: setattr(broken, "__class__", ast.Continue)
        case ast.Continue():
            yield "continue -> break", lambda broken: setattr(broken, "__class__", ast.Break)


def _silent(node: ast.AST) -> bool:
    """True for what no test can see or needs to: wordings, assertions for the type checker, names of exports."""
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Message", "TypeVar"):
        return True
    if isinstance(node, ast.Raise):
        # That it is raised is tested by type; the words of a TypeError or ValueError are free.
        return isinstance(node.exc, ast.Call)
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(it, ast.Name) and it.id in ("__all__", "__slots__") for it in targets)


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of executable code, in a fixed order; annotations, docstrings, decorators and f-string text are not."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        if _silent(node):
            continue
        below: list[ast.AST] = []
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_comment", "bases", "keywords") and isinstance(
                node, ast.AnnAssign | ast.arg | ast.FunctionDef | ast.ClassDef
            ):
                continue
            if isinstance(node, ast.JoinedStr):
                continue
            children = value if isinstance(value, list) else [value]
            for index, child in enumerate(children):
                if not isinstance(child, ast.AST):
                    continue
                docstring = (
                    index == 0 and name == "body" and isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
                )
                text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
                if not (text and (docstring or isinstance(child, ast.Expr))):
                    below.append(child)
        stack.extend(reversed(below))


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module."""
    return [
        Mutant(index, getattr(node, "lineno", 0), what, change)
        for index, node in enumerate(walk(ast.parse(source)))
        for what, change in changes(node)
    ]


class _Tidy(ast.NodeTransformer):
    """Takes out the ``not`` that a mutation emptied."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if node.op is None else node


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The tree of ``source`` with one change."""
    tree = ast.parse(source)
    node = next(node for index, node in enumerate(walk(tree)) if index == mutant.node)
    mutant.change(node)
    tidy = _Tidy().visit(copy.deepcopy(tree))
    assert isinstance(tidy, ast.Module)
    return ast.fix_missing_locations(tidy)


# -- running --------------------------------------------------------------------------------------------------------


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the import system the mutated tree instead of the file."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.tree = name, path, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def _child(name: str, path: Path, tree: ast.Module | None, tests: list[str]) -> int:
    """Runs the tests in this (forked) process; 0 when they all pass."""
    import hypothesis
    import pytest

    if "MUTATE_SHOW" not in os.environ:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        os.dup2(devnull, 2)
    if tree is not None:
        sys.meta_path.insert(0, _Mutated(name, path, tree))
    hypothesis.settings.register_profile(
        "mutation",
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutation")
    # hypothesis is loaded already, which pytest warns about, and warnings are errors here.
    quiet = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore", "--assert=plain"]
    arguments = [*tests, *quiet, "-k", SKIPPED]
    return int(pytest.main(arguments))


def _start(name: str, path: Path, tree: ast.Module | None, tests: list[str]) -> int:
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            code = _child(name, path, tree, tests)
        except BaseException:  # noqa: BLE001 (a mutant may fail in any way; the parent only needs to know that it did)
            code = 4
            if "MUTATE_SHOW" in os.environ:
                traceback.print_exc()
        finally:
            os._exit(code)
    return pid


def run(
    name: str, path: Path, source: str, chosen: list[Mutant], tests: list[str], jobs: int, limit: float
) -> dict[str, list[Mutant]]:
    """Tries the mutants, ``jobs`` at a time; the outcome is killed, timeout or survived."""
    outcome: dict[str, list[Mutant]] = {"killed": [], "timeout": [], "survived": []}
    running: dict[int, tuple[Mutant, float]] = {}
    waiting = list(reversed(chosen))
    done = 0
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            try:
                tree = mutated(source, mutant)
                compile(tree, str(path), "exec")
            except (SyntaxError, ValueError, TypeError):
                continue
            running[_start(name, path, tree, tests)] = (mutant, time.monotonic())
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            for busy, (mutant, began) in list(running.items()):
                if time.monotonic() - began > limit:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(busy, signal.SIGKILL)
                    os.waitpid(busy, 0)
                    del running[busy]
                    outcome["timeout"].append(mutant)
                    print(f"  {path.name}:{mutant.line}: {mutant.what} (stopped after {limit:.0f} s)", flush=True)
            time.sleep(0.02)
            continue
        mutant, _ = running.pop(pid)
        result = "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        outcome[result].append(mutant)
        done += 1
        if result == "survived":
            print(f"  {path.name}:{mutant.line}: {mutant.what}", flush=True)
            print(f"      {source.splitlines()[mutant.line - 1].strip()}", flush=True)
        elif done % 100 == 0:
            print(f"  … {done} of {len(chosen)}", file=sys.stderr, flush=True)
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="+", choices=sorted(TESTS))
    parser.add_argument("--only", help="lines, as 120-180 or 12,40,77")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=float, default=0.0, help="seconds before a mutant counts as hanging")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    if options.json:
        options.json = options.json.resolve()
    # A copy of the tree as it is now: work may go on meanwhile, and a test half written kills no mutant.
    snapshot = Path(tempfile.mkdtemp(prefix="mutate-"))
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, snapshot / name, ignore=shutil.ignore_patterns("__pycache__", "nomenclatures"))
    shutil.copy(ROOT / "pyproject.toml", snapshot)
    os.chdir(snapshot)
    sys.path[:0] = [str(snapshot / "src"), str(snapshot)]
    try:
        return judge(options, snapshot)
    finally:
        os.chdir(ROOT)
        shutil.rmtree(snapshot)


def judge(options: argparse.Namespace, snapshot: Path) -> int:
    """Tries the mutants of every module asked for; 1 when one survives, 2 when the tests fail without any."""
    import decimal  # noqa: F401 (loaded before the forks, once)
    import fractions  # noqa: F401

    import hypothesis.strategies  # noqa: F401
    import pytest  # noqa: F401

    sys.dont_write_bytecode = False  # the first run writes it, all others read it
    survivors = 0
    figures: dict[str, dict[str, int]] = {}
    for module in options.modules:
        path = snapshot / "src" / PACKAGE / f"{module}.py"
        source = path.read_text("utf-8")
        chosen = mutants(source)
        if options.only:
            lines: set[int] = set()
            for part in options.only.split(","):
                low, _, high = part.partition("-")
                lines.update(range(int(low), int(high or low) + 1))
            chosen = [mutant for mutant in chosen if mutant.line in lines]
        if options.list:
            for mutant in chosen:
                print(f"{path.name}:{mutant.line}: {mutant.what}")
            continue
        began = time.monotonic()
        pid = _start(f"{PACKAGE}.{module}", path, None, TESTS[module])
        _, status = os.waitpid(pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            print(f"{module}: the tests fail without any change", file=sys.stderr)
            return 2
        took = time.monotonic() - began
        limit = options.limit or 10 * took + 60
        print(f"{module}: {len(chosen)} mutants, tests take {took:.1f} s", flush=True)
        outcome = run(f"{PACKAGE}.{module}", path, source, chosen, TESTS[module], options.jobs, limit)
        figures[module] = {name: len(found) for name, found in outcome.items()}
        print(f"{module}: {figures[module]} in {time.monotonic() - began:.0f} s", flush=True)
        survivors += len(outcome["survived"])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
