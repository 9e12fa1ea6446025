"""Rules over Python source, each a pure function from text to offenders, one line of text per offender.

An offender reads ``line: what``; the caller puts the file in front. No rule imports the code it reads.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

ROOMS = (
    "errors",
    "study",
    "synthetic",
    "intake",
    "panel",
    "inference",
    "release",
    "present",
    "run",
    "verification",
    "cli",
    "__main__",
)
"""The rooms in the order in which data walk through them; imports point from later to earlier."""

ONLY_COMMANDS_MAKE_DATA = {"synthetic": {"run", "verification", "cli", "__main__"}}
"""Rooms that only some later rooms may use: real deliveries never touch invented ones."""

ALLOWED_BY_SYNTHETIC = {"errors", "study", "synthetic"}

MAX_FUNCTION = 30
MAX_MEDIAN = 10
MAX_MODULE = 400

CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
HAN = re.compile("[\u3400-\u9fff]")
RANGE_ENDS = set("\u3400\u4dbf\u4e00\u9fa5\u9fff")
"""Ends of character ranges, written as escapes: they test for Chinese, they are not a text."""

DRAWER_NAMES = re.compile(
    r"(^|_)(utils?|helpers?|managers?|misc|common|final|tools?|stuff)(_|$)|\d$"
)

CLOCK = {
    *(
        (owner, name)
        for owner in ("datetime", "date", "Timestamp")
        for name in ("now", "today", "utcnow")
    ),
    *(("time", name) for name in ("time", "time_ns", "localtime", "strftime")),
}
ROOMS_WITH_CLOCK = {"run", "cli"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def parsed(source: str) -> ast.Module:
    """The tree of a source, parsed once for all rules; none of them changes it."""
    return ast.parse(source)


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """Every node of a source, walked once for all rules."""
    return tuple(ast.walk(parsed(source)))


def room_of(module: str) -> str:
    """The room of a dotted module: ``analysis.panel.build`` -> ``panel``; the package itself is ''."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imported_modules(
    source: str, module: str, *, is_package: bool = False
) -> Iterator[tuple[int, str]]:
    """Every ``analysis...`` module that a source imports, anywhere in it, with the line."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            stem = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*stem, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in (names if base == "analysis" else [base]))


def import_offenders(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """Imports that point to a later room, or to a room that this one may not use."""
    here = room_of(module)
    found = []
    for line, name in imported_modules(source, module, is_package=is_package):
        there = room_of(name)
        if name.split(".")[0] != "analysis" or there in ("", here, "__version__"):
            continue
        if not may_import(here, there):
            found.append(f"{line}: {here or 'analysis'} imports {name}")
    return found


def may_import(here: str, there: str) -> bool:
    """Whether a room may import another: an earlier one, and only its own few for ``synthetic``."""
    if here not in ROOMS or there not in ROOMS:
        return False
    if here == "synthetic":
        return there in ALLOWED_BY_SYNTHETIC
    allowed = ONLY_COMMANDS_MAKE_DATA.get(there)
    return ROOMS.index(there) < ROOMS.index(here) and (allowed is None or here in allowed)


def third_party(source: str) -> set[str]:
    """The top-level names of all absolute imports."""
    names = set()
    for node in nodes(source):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names.add(node.module.split(".")[0])
    return names


def chinese_offenders(source: str) -> list[str]:
    """Chinese text in a source: typed anywhere, or spelt with escapes in a literal."""
    typed = [
        f"{number}: {found.group()!r}"
        for number, line in enumerate(source.splitlines(), start=1)
        if (found := CJK.search(line))
    ]
    if typed:
        return typed
    return [
        f"{node.lineno}: {node.value!r} spelt with escapes"
        for node in nodes(source)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and set(HAN.findall(node.value)) - RANGE_ENDS
    ]


def functions(source: str) -> Iterator[Function]:
    """All functions and methods of a source, nested ones too."""
    for node in nodes(source):
        if isinstance(node, Function):
            yield node


def docstring_lines(node: Function) -> set[int]:
    """The lines of a function's own docstring and of those within it."""
    found: set[int] = set()
    for inner in ast.walk(node):
        is_documented = isinstance(inner, Function | ast.ClassDef) and ast.get_docstring(inner)
        if is_documented:
            text = inner.body[0]
            found |= set(range(text.lineno, text.end_lineno + 1))
    return found


def code_lines(node: Function, source: str) -> int:
    """Lines of code of a function: from ``def``, without docstrings, blank lines and comments."""
    lines = source.splitlines()
    skip = docstring_lines(node)
    return sum(
        1
        for number in range(node.lineno, node.end_lineno + 1)
        if number not in skip
        and lines[number - 1].strip()
        and not lines[number - 1].lstrip().startswith("#")
    )


@cache
def function_sizes(source: str) -> list[tuple[int, str, int]]:
    """(lines of code, name, line) of every function."""
    return [(code_lines(node, source), node.name, node.lineno) for node in functions(source)]


def long_function_offenders(source: str) -> list[str]:
    """Functions over the limit."""
    return [
        f"{line}: {name} has {size} lines of code, at most {MAX_FUNCTION}"
        for size, name, line in function_sizes(source)
        if size > MAX_FUNCTION
    ]


def long_module_offenders(source: str) -> list[str]:
    """The module itself, if it is too long."""
    count = len(source.splitlines())
    return (
        [f"1: module has {count} lines, under {MAX_MODULE} wanted"] if count >= MAX_MODULE else []
    )


def public_definitions(source: str) -> Iterator[Function | ast.ClassDef]:
    """Public functions and classes of a module and public methods of its public classes."""
    for node in parsed(source).body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    item
                    for item in node.body
                    if isinstance(item, Function) and not item.name.startswith("_")
                )


def undocumented_offenders(source: str) -> list[str]:
    """Modules, public functions and public classes without a docstring."""
    tree = parsed(source)
    found = [] if ast.get_docstring(tree) or not tree.body else ["1: module has no docstring"]
    return found + [
        f"{node.lineno}: {node.name} has no docstring"
        for node in public_definitions(source)
        if not ast.get_docstring(node)
    ]


def unannotated(node: Function) -> list[str]:
    """The arguments without a type, and 'return' if that has none."""
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    names = [a.arg for a in every if a and not a.annotation and a.arg not in ("self", "cls")]
    return names + ([] if node.returns else ["return"])


def unannotated_offenders(source: str) -> list[str]:
    """Public functions of which an argument or the result has no type."""
    return [
        f"{node.lineno}: {node.name} lacks types: {', '.join(missing)}"
        for node in public_definitions(source)
        if isinstance(node, Function) and (missing := unannotated(node))
    ]


def drawer_offenders(name: str) -> list[str]:
    """A module named like a drawer (utils, helpers, ...) or numbered like a second try."""
    return [f"1: module name {name!r} says nothing"] if DRAWER_NAMES.search(name) else []


def is_blind(kind: ast.expr | None) -> bool:
    """Whether an except clause catches everything."""
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(n is None or getattr(n, "id", "") in ("Exception", "BaseException") for n in names)


def is_silent(body: list[ast.stmt]) -> bool:
    """Whether a handler does nothing at all with what it caught."""
    idle = (ast.Pass, ast.Continue, ast.Break)
    return all(
        isinstance(s, idle) or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        for s in body
    )


def ignored_error_offenders(source: str) -> list[str]:
    """Bare ``except:``, blind handlers that do nothing, and ``suppress(Exception)``."""
    found = []
    for node in nodes(source):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            found.append(f"{node.lineno}: bare except")
        elif isinstance(node, ast.ExceptHandler) and is_blind(node.type) and is_silent(node.body):
            found.append(f"{node.lineno}: every error is ignored")
        elif (
            isinstance(node, ast.Call)
            and called(node)[1] == "suppress"
            and any(map(is_blind, node.args))
        ):
            found.append(f"{node.lineno}: every error is suppressed")
    return found


def called(node: ast.Call) -> tuple[str, str]:
    """(owner, name) of what is called: ``dt.datetime.now()`` -> ('datetime', 'now')."""
    func = node.func
    if isinstance(func, ast.Attribute):
        owner = func.value
        return getattr(owner, "id", getattr(owner, "attr", "")), func.attr
    return "", getattr(func, "id", "")


def chance_offenders(source: str, room: str) -> list[str]:
    """Clocks outside the rooms that may read one, generators without a seed, and ``hash()``."""
    found = []
    for node in nodes(source):
        if not isinstance(node, ast.Call):
            continue
        owner, name = called(node)
        if (owner, name) in CLOCK and room not in ROOMS_WITH_CLOCK:
            found.append(f"{node.lineno}: reads the clock, {owner}.{name}()")
        elif name == "default_rng" and not node.args and not node.keywords:
            found.append(f"{node.lineno}: a generator without a seed")
        elif owner == "" and name == "hash":
            found.append(f"{node.lineno}: hash() differs from run to run")
    return found
