#!/usr/bin/env python3
"""Mutation testing: small wrong changes to a module, each of which some test must notice.

    scripts/mutate.py bounds rounding            # the modules, by name; their tests are in TESTS below
    scripts/mutate.py numerals --only 120-180    # only the changes on these lines
    scripts/mutate.py numerals --list            # what would be tried

A change inside a function is tried in a forked child of a process that has collected the tests and measured which
of them execute which lines: only those are run, the quick ones first. A change of what runs at import (tables,
defaults) is given to the import system in place of the file, in a child that begins afresh. Nothing on disk is
touched. What was killed is remembered in the folder for temporary files until the function is edited, and what
docs/mutation.md explains is left alone, so that a second run tries the survivors only; ``--fresh`` tries all. What no
test notices is shown to the type checker, which the continuous integration runs as it runs the tests.
"""

from __future__ import annotations

import argparse
import ast
import copy
import gc
import hashlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "subsidy_rules"

# Which tests judge which module: the fast and telling ones first, timing tests never.
TESTS: dict[str, list[str]] = {
    "bounds": ["tests/arithmetic/test_bounds.py"],
    "rounding": ["tests/arithmetic/test_rounding.py", "tests/arithmetic/test_bounds.py"],
    "arithmetic": ["tests/arithmetic/test_accepting_modes.py", "tests/arithmetic/test_bounds.py"],
    "numerals": [
        "tests/arithmetic/test_numeral_edges.py",
        "tests/arithmetic/test_numerals.py",
        "tests/arithmetic/test_found_figures.py",
    ],
    "figures": [
        "tests/arithmetic/test_figures.py",
        "tests/arithmetic/test_rounding.py",
        "tests/arithmetic/test_numerals.py",
        "tests/kernel",
    ],
    "words": ["tests/arithmetic/test_words.py"],
    "dates": ["tests/arithmetic/test_dates.py"],
    "claims": ["tests/kernel"],
}
SKIPPED = "not linear and not long_texts and not megabyte"
MEMORY = 4 << 30
"""Bytes of address space that a mutant may take."""

Change = Callable[[Any], None]


@dataclass(frozen=True)
class Mutant:
    """One change: the position of its node in the walk of the tree, what to do there, and how to say it.

    ``where`` is the outermost function around it ("" in tables), ``code`` its line, ``span`` the lines of its
    statement (``None`` for what runs at import), ``key`` a name that lasts while that function is not edited.
    """

    node: int
    line: int
    what: str
    change: Change
    where: str
    code: str
    span: tuple[int, int] | None
    key: str


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
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
        return True  # for the type checker alone
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


# -- mutants --------------------------------------------------------------------------------------------------------


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(source)
    lines = source.splitlines()
    around = _surroundings(tree)
    found: list[Mutant] = []
    seen: Counter[tuple[str, str, str]] = Counter()
    within: Counter[tuple[str, str]] = Counter()
    for index, node in enumerate(walk(tree)):
        for what, change in changes(node):
            line = getattr(node, "lineno", 0)
            name, top, span = around[id(node)]
            code = lines[line - 1].strip()
            seen[name, code, what] += 1
            if seen[name, code, what] > 1:
                what = f"{what} (no. {seen[name, code, what]} of the line)"
            unit = "\n".join(lines[top.lineno - 1 : top.end_lineno])
            within[unit, what] += 1
            written = f"{name}\n{unit}\n{within[unit, what]}\n{what}"
            key = hashlib.sha256(written.encode()).hexdigest()[:24]
            found.append(Mutant(index, line, what, change, name, code, span, key))
    return found


def _surroundings(tree: ast.Module) -> dict[int, tuple[str, ast.stmt, tuple[int, int] | None]]:
    """For every node: its outermost function (or ""), the statement to hash, and the lines that tell who runs it.

    The lines are ``None`` for what runs when the module is imported: tables, defaults of arguments, class bodies.
    """
    around: dict[int, tuple[str, ast.stmt, tuple[int, int] | None]] = {}

    def inside(node: ast.AST, name: str, unit: ast.stmt, span: tuple[int, int]) -> None:
        if isinstance(node, ast.stmt):
            span = (node.lineno, node.end_lineno or node.lineno)
        around[id(node)] = (name, unit, span)
        for child in ast.iter_child_nodes(node):
            inside(child, name, unit, span)

    def outside(node: ast.AST, prefix: str, unit: ast.stmt | None) -> None:
        here = node if unit is None and isinstance(node, ast.stmt) else unit
        around[id(node)] = (prefix.rstrip("."), here or tree.body[0], None)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                name = prefix + child.name
                around[id(child)] = (name, child, None)
                for part in ast.iter_child_nodes(child):
                    if isinstance(part, ast.stmt):
                        inside(part, name, child, (part.lineno, part.end_lineno or part.lineno))
                    else:
                        outside(part, name, child)
            elif isinstance(child, ast.ClassDef):
                around[id(child)] = (child.name, child, None)
                outside(child, f"{prefix}{child.name}.", None)
            else:
                outside(child, prefix, None if isinstance(node, ast.Module | ast.ClassDef) else here)

    outside(tree, "", None)
    return around


class _Tidy(ast.NodeTransformer):
    """Takes out the ``not`` that a mutation emptied."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if node.op is None else node


class Source:
    """A module, read once: its mutated trees are made by copying no more than the statement that changes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.module = ast.parse(text)
        self.nodes = list(walk(self.module))
        self.top = {id(node): number for number, it in enumerate(self.module.body) for node in ast.walk(it)}

    def mutated(self, mutant: Mutant, *, whole: bool) -> ast.Module:
        """The module with one change, or only its statement with the change (a function or a class)."""
        node = self.nodes[mutant.node]
        number = self.top[id(node)]
        copies: dict[int, Any] = {}
        statement = copy.deepcopy(self.module.body[number], copies)
        mutant.change(copies[id(node)])
        body = [_Tidy().visit(statement)]
        if whole:
            body = [*self.module.body[:number], *body, *self.module.body[number + 1 :]]
        return ast.fix_missing_locations(ast.Module(body, []))


# -- what is explained ----------------------------------------------------------------------------------------------

PAGE = ROOT / "docs" / "mutation.md"
_EXPLAINED = re.compile(r"- `(?P<where>[^`]*)` · `(?P<code>[^`]+)` · `(?P<what>[^`]+)`: (?P<why>.+)")


def explained(page: str) -> dict[str, set[tuple[str, str, str]]]:
    """By module, the (function, line of code, change) of the mutants that the page explains."""
    found: dict[str, set[tuple[str, str, str]]] = {}
    module = ""
    for line in page.splitlines():
        if line.startswith("### "):
            module = line.removeprefix("### ").strip("` ")
        elif (match := _EXPLAINED.fullmatch(line)) is not None:
            where = "" if match["where"] == "(tables)" else match["where"]
            found.setdefault(module, set()).add((where, match["code"], match["what"]))
    return found


# -- running --------------------------------------------------------------------------------------------------------


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives the import system the mutated code instead of the file."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def _forget_caches() -> None:
    """What the package computed before a change must be computed again under it."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == PACKAGE:
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _code_objects(code: CodeType) -> Iterator[CodeType]:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const
            yield from _code_objects(const)


def _functions(module: ModuleType) -> dict[tuple[str, int], list[FunctionType]]:
    """The functions that a module made, by name and line: methods of remade classes and decorated ones among them."""
    found: dict[tuple[str, int], list[FunctionType]] = {}
    for it in gc.get_objects():
        if isinstance(it, FunctionType) and it.__globals__ is module.__dict__:
            found.setdefault((it.__code__.co_qualname, it.__code__.co_firstlineno), []).append(it)
    return found


def _put_in_place(functions: dict[tuple[str, int], list[FunctionType]], code: CodeType, name: str) -> None:
    """Gives the functions called ``name`` the code that they have in the module compiled to ``code``."""
    changed = 0
    for new in _code_objects(code):
        if new.co_qualname == name:
            for it in functions.get((name, new.co_firstlineno), ()):
                it.__code__ = new
                changed += 1
    if not changed:
        raise LookupError(name)


def _limits() -> None:
    """A mutant may loop and fill the memory: it is stopped before the machine suffers."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _first_failure(items: Sequence[Any], seconds: dict[str, float]) -> dict[str, str] | None:
    """Runs ``items`` until one fails: its name and why; ``None`` when all pass.

    Each test has twenty times its own time and five seconds more, of *processor* time: a loaded machine stops nobody,
    and the signal ends the process.
    """
    from _pytest.runner import runtestprotocol

    for item in items:
        signal.setitimer(signal.ITIMER_PROF, 20 * seconds.get(item.nodeid, 1.0) + 5)
        for report in runtestprotocol(item, log=False, nextitem=None):
            if report.failed:
                crash = getattr(report.longrepr, "reprcrash", None)
                return {"by": item.nodeid, "why": str(getattr(crash, "message", report.longrepr)).splitlines()[0][:160]}
    signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _quiet() -> None:
    if "MUTATE_SHOW" not in os.environ:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        os.dup2(devnull, 2)


class _Fixed:
    """The same few examples for every mutant, whatever profile the tests load for themselves."""

    def pytest_configure(self) -> None:
        import hypothesis

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


def _pytest(tests: list[str], plugin: object) -> None:
    import pytest

    # hypothesis is loaded already, which pytest warns about, and warnings are errors here.
    quiet = ["-q", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore"]
    pytest.main([*tests, *quiet, "--assert=plain", "-k", SKIPPED], plugins=[_Fixed(), plugin])


def _apart(task: Callable[[], Any]) -> tuple[int, int]:
    """Runs ``task`` in a forked child: (its process, the end of a pipe on which its answer comes as JSON)."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    os.close(reading)
    code = 3
    try:
        answer = json.dumps(task()).encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        code = 0
    except BaseException:  # noqa: BLE001 (a mutant may fail in any way; the parent only needs to know that it did)
        if "MUTATE_SHOW" in os.environ:
            traceback.print_exc()
    finally:
        os._exit(code)


def _collect(pid: int, reading: int) -> Any:
    """The answer of a child, or the word that says how it ended."""
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return json.loads(answer)
    return "hangs" if code in (-signal.SIGPROF, -signal.SIGXCPU, -signal.SIGKILL) else "crashes"


class _Bench:
    """The pytest plugin of the process that has collected the tests: it measures them, then tries the mutants.

    A change inside a function is put into the function of a forked child, which runs only the tests that execute the
    changed statement, the quick ones first. So a mutant costs a fork and, most often, one short test.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.answer: dict[str, Any] = {"failed": "the tests were not collected"}

    def pytest_runtestloop(self, session: Any) -> bool:
        work = self.work
        if session.testsfailed:
            return True
        module = sys.modules[work.name]
        measured = _collect(*_apart(lambda: self.measure(session.items)))
        if not isinstance(measured, dict) or "by" in measured:
            self.answer = {"failed": str(measured)}
            return True
        seconds: dict[str, float] = {name: it["seconds"] for name, it in measured.items()}
        lines: dict[str, set[int]] = {name: set(it["lines"]) for name, it in measured.items()}
        killers: Counter[str] = Counter()
        functions = _functions(module)
        gc.freeze()  # children that collect garbage need not copy all this

        def task(mutant: Mutant) -> Callable[[], Any] | None:
            assert mutant.span is not None
            span = set(range(mutant.span[0], mutant.span[1] + 1))
            chosen = [item for item in session.items if lines[item.nodeid] & span]
            chosen.sort(key=lambda item: seconds[item.nodeid] / (1 + killers[item.nodeid]))
            code = work.code(mutant)
            if code is None:
                return None

            def child() -> Any:
                _quiet()
                _limits()
                _forget_caches()
                _put_in_place(functions, code, mutant.where)
                return _first_failure(chosen, seconds)

            return child

        def told(found: dict[str, str]) -> None:
            killers[found["by"]] += 1

        inside = [mutant for mutant in work.chosen if mutant.span is not None]
        self.answer = {"seconds": seconds, "outcome": work.run(inside, task, told)}
        return True

    def measure(self, items: Sequence[Any]) -> Any:
        """The seconds of processor time of every test, and the lines of the module that it executes."""
        file = str(self.work.path)
        lines: set[int] = set()

        def local(frame: FrameType, event: str, argument: object) -> Any:
            if event == "line":
                lines.add(frame.f_lineno)
            return local

        def trace(frame: FrameType, event: str, argument: object) -> Any:
            return local if frame.f_code.co_filename == file else None

        _quiet()
        found: dict[str, Any] = {}
        for item in items:
            _forget_caches()  # or only the first test would be seen to build what is kept
            lines.clear()
            began = time.process_time()
            sys.settrace(trace)
            failure = _first_failure([item], {item.nodeid: 30.0})
            sys.settrace(None)
            if failure is not None:
                return failure
            found[item.nodeid] = {"seconds": time.process_time() - began, "lines": sorted(lines)}
        return found


class _Anew:
    """The pytest plugin of a child that imports the mutated module afresh: for what runs when it is imported."""

    def __init__(self, seconds: dict[str, float], killers: Counter[str]) -> None:
        self.seconds, self.killers = seconds, killers
        self.answer: dict[str, str] | None = {"by": "import", "why": "the tests could not be collected"}

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.answer = {"by": "import", "why": str(report.longrepr).splitlines()[-1][:160]}

    def pytest_runtestloop(self, session: Any) -> bool:
        if not session.testsfailed:
            by_cost = lambda item: self.seconds.get(item.nodeid, 0.05) / (1 + self.killers[item.nodeid])  # noqa: E731
            self.answer = _first_failure(sorted(session.items, key=by_cost), self.seconds)
        return True


@dataclass
class Work:
    """One module to judge."""

    name: str
    path: Path
    source: Source
    chosen: list[Mutant]
    tests: list[str]
    jobs: int
    memory: Path
    killed_before: dict[str, Any]

    def code(self, mutant: Mutant) -> CodeType | None:
        """The mutated code; ``None`` when Python would not compile it: such a change is no mutant."""
        try:
            return compile(self.source.mutated(mutant, whole=mutant.span is None), str(self.path), "exec")
        except (SyntaxError, ValueError, TypeError):
            return None

    def remember(self, mutant: Mutant, how: dict[str, str]) -> None:
        """A run that is stopped has not worked for nothing."""
        self.killed_before[mutant.key] = how
        with self.memory.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([mutant.key, how]) + "\n")

    def run(
        self,
        waiting: list[Mutant],
        task: Callable[[Mutant], Callable[[], Any] | None],
        told: Callable[[dict[str, str]], None],
    ) -> dict[str, Any]:
        """Tries mutants, ``jobs`` at a time: by key, how each was killed, or ``None``."""
        outcome: dict[str, Any] = {}
        running: dict[int, tuple[Mutant, int]] = {}  # by the end of the pipe
        queue = [mutant for mutant in waiting if mutant.key not in self.killed_before]
        outcome.update({m.key: self.killed_before[m.key] for m in waiting if m.key in self.killed_before})
        queue.reverse()
        done = 0
        while queue or running:
            while queue and len(running) < self.jobs:
                mutant = queue.pop()
                child = task(mutant)
                if child is not None:
                    pid, reading = _apart(child)
                    running[reading] = (mutant, pid)
            for reading in select.select(list(running), [], [])[0] if running else []:
                mutant, pid = running.pop(reading)
                result = _collect(pid, reading)
                if isinstance(result, str):
                    result = {"by": result, "why": result}
                outcome[mutant.key] = result
                done += 1
                if result is None:
                    print(f"  {self.path.name}:{mutant.line}: {mutant.where}: {mutant.what}", flush=True)
                    print(f"      {mutant.code}", flush=True)
                else:
                    told(result)
                    self.remember(mutant, result)
                if done % 100 == 0:
                    print(f"  … {done} of {done + len(queue)}", file=sys.stderr, flush=True)
        return outcome


class Types:
    """The type checker as a test: a kind that no ``Literal`` has, or ``None`` from a function that gives a number."""

    def __init__(self, work: Work, kept: Path) -> None:
        self.work, self.kept = work, kept
        self.rest = self.complaints(work.source.module)  # comments are lost, « type: ignore » among them

    def complaints(self, tree: ast.Module) -> Counter[str]:
        shadow = self.kept / "shadow.py"
        shadow.write_text(ast.unparse(tree), "utf-8")
        path = str(ROOT / "src" / PACKAGE / self.work.path.name)
        command = ["-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context", "--no-pretty"]
        where = ["--cache-dir", str(self.kept / "mypy"), "--shadow-file", path, str(shadow), path]
        ran = subprocess.run([sys.executable, *command, *where], cwd=ROOT, capture_output=True, text=True, check=False)
        name = f"{self.work.path.name}:"
        lines = [line for line in ran.stdout.splitlines() if name in line and " error: " in line]
        return Counter(line.partition(" error: ")[2] for line in lines)

    def refuse(self, mutant: Mutant) -> str | None:
        """What mypy says of a mutant that it does not say of the module; ``None`` when it says nothing."""
        new = self.complaints(self.work.source.mutated(mutant, whole=True)) - self.rest
        return next(iter(new), None)


def judge(work: Work) -> dict[str, Any] | str:
    """How each mutant of a module was killed (``None``: survived), by key; a text when the tests fail without any."""

    def functions() -> Any:
        bench = _Bench(work)
        if "MUTATE_SHOW" not in os.environ:
            # pytest's own words go away, ours stay.
            sys.stdout = os.fdopen(os.dup(1), "w")
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, 1)
        _pytest(work.tests, bench)
        return bench.answer

    answer = _collect(*_apart(functions))
    if not isinstance(answer, dict) or "failed" in answer:
        return str(answer)
    seconds: dict[str, float] = answer["seconds"]
    killers: Counter[str] = Counter()

    def task(mutant: Mutant) -> Callable[[], Any] | None:
        code = work.code(mutant)
        if code is None:
            return None

        def child() -> Any:
            _quiet()
            _limits()
            sys.meta_path.insert(0, _Mutated(work.name, work.path, code))
            anew = _Anew(seconds, killers)
            _pytest(work.tests, anew)
            return anew.answer

        return child

    def told(found: dict[str, str]) -> None:
        killers[found["by"]] += 1

    outside = [mutant for mutant in work.chosen if mutant.span is None]
    return {**answer["outcome"], **work.run(outside, task, told)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="+", choices=sorted(TESTS))
    parser.add_argument("--only", help="lines, as 120-180 or 12,40,77")
    parser.add_argument("--jobs", type=int, default=1, help="mutants tried at a time")
    parser.add_argument("--list", action="store_true", help="only show what would be tried")
    parser.add_argument("--fresh", action="store_true", help="try all, not only what may survive")
    parser.add_argument("--json", type=Path, help="write how each mutant ended there")
    options = parser.parse_args()
    if options.json:
        options.json = options.json.resolve()
    kept = Path(tempfile.gettempdir()) / f"subsidy-rules-mutants-{os.getuid()}"
    kept.mkdir(exist_ok=True)
    # A copy of the tree as it is now: work may go on meanwhile, and a test half written kills no mutant.
    snapshot = Path(tempfile.mkdtemp(prefix="mutate-"))
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, snapshot / name, ignore=shutil.ignore_patterns("__pycache__", "nomenclatures"))
    shutil.copy(ROOT / "pyproject.toml", snapshot)
    excused = explained(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    os.chdir(snapshot)
    sys.path[:0] = [str(snapshot / "src"), str(snapshot)]
    try:
        return judge_all(options, snapshot, kept, excused)
    finally:
        os.chdir(ROOT)
        shutil.rmtree(snapshot)


def judge_all(
    options: argparse.Namespace, snapshot: Path, kept: Path, excused: dict[str, set[tuple[str, str, str]]]
) -> int:
    """Tries the mutants of every module asked for; 1 when one survives, 2 when the tests fail without any."""
    # Loaded before the forks, once.
    import decimal  # noqa: F401
    import fractions  # noqa: F401

    import hypothesis.strategies  # noqa: F401
    import pytest  # noqa: F401

    survivors = 0
    told: dict[str, Any] = {}
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
                print(f"{path.name}:{mutant.line}: {mutant.where}: {mutant.what}: {mutant.code}")
            continue
        memory = kept / f"{module}.jsonl"
        if options.fresh:
            memory.unlink(missing_ok=True)
        before = dict(json.loads(line) for line in memory.read_text("utf-8").splitlines()) if memory.exists() else {}
        print(f"{module}: {len(chosen)} mutants", flush=True)
        began = time.monotonic()
        reasons = excused.get(module, set())
        waived = {it.key for it in chosen if (it.where, it.code, it.what) in reasons and not options.fresh}
        tried = [it for it in chosen if it.key not in waived]
        work = Work(f"{PACKAGE}.{module}", path, Source(source), tried, TESTS[module], options.jobs, memory, before)
        outcome = judge(work)
        if isinstance(outcome, str):
            print(f"{module}: the tests fail without any change: {outcome}", file=sys.stderr)
            return 2
        outcome.update(dict.fromkeys(waived))
        unexplained = [
            mutant
            for mutant in chosen
            if mutant.key in outcome
            and outcome[mutant.key] is None
            and (mutant.where, mutant.code, mutant.what) not in reasons
        ]
        if unexplained:
            types = Types(work, kept)
            for mutant in unexplained:
                refused = types.refuse(mutant)
                if refused is not None:
                    outcome[mutant.key] = {"by": "mypy", "why": refused}
                    work.remember(mutant, {"by": "mypy", "why": refused})
        killed = {key: how for key, how in outcome.items() if how is not None}
        alive = [mutant for mutant in chosen if mutant.key in outcome and outcome[mutant.key] is None]
        surviving = [it for it in alive if (it.where, it.code, it.what) not in reasons]
        ways = Counter("a test" if "::" in how["by"] else how["by"] for how in killed.values())
        print(
            f"{module}: {len(outcome)} tried, {len(killed)} killed (by {dict(ways)}),"
            f" {len(alive) - len(surviving)} explained, {len(surviving)} survive; {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for mutant in surviving:
            print(f"- `{mutant.where}` · `{mutant.code}` · `{mutant.what}`: {path.name}:{mutant.line}")
        told[module] = {
            f"{mutant.line}: {mutant.where}: {mutant.what}: {mutant.code}": outcome[mutant.key]
            for mutant in chosen
            if mutant.key in outcome
        }
        survivors += len(surviving)
    if options.json:
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
