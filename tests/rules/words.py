"""Rules over words: messages, notebooks, page templates and sentences."""

from __future__ import annotations

import ast
import json
import re
from string import Formatter

from tests.rules.code import nodes

RAISERS = {"ParameterError", "DataError", "RunError", "AnalysisError", "message"}
"""What takes a message id as its first argument."""

MAX_CELL = 8
FORBIDDEN_IN_CELLS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.If,
    ast.Try,
    ast.TryStar,
)
TYPED_NUMBER = re.compile(r"\d\s*(?:[%\uff05]|\u4eba)")
CONVENTION = re.compile(r"95\s*[%\uff05]")
"""The level of an interval is a convention, not a finding."""

OUTSIDE = re.compile(
    r"""(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(?:\.[a-z0-9-]+)+|@import""", re.IGNORECASE
)


def fields(text: str) -> set[str]:
    """The names in braces of a message."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name}


def all_fields(entry: dict[str, str]) -> set[str]:
    """The fields that either language names."""
    return set().union(*map(fields, entry.values()))


def message_offenders(messages: dict[str, dict[str, str]]) -> list[str]:
    """Messages that lack a language or whose languages name other fields.

    A field ``zh`` or ``en`` carries one language through, so each stands on its own side only.
    """
    found = []
    for name, entry in messages.items():
        if set(entry) != {"zh", "en"} or not all(entry.values()):
            found.append(f"{name}: has {sorted(entry)}, wants zh and en")
        elif fields(entry["zh"]) - {"zh"} != fields(entry["en"]) - {"en"}:
            found.append(f"{name}: zh and en name other fields")
    return found


def message_uses(source: str) -> list[tuple[int, str, set[str] | None]]:
    """(line, id, fields given; None if they are not written out) wherever a message is named."""
    found = []
    for node in nodes(source):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if name in RAISERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            keys = {k.arg for k in node.keywords}
            found.append((node.lineno, first.value, None if None in keys else keys))
    return found


def message_use_offenders(source: str, messages: dict[str, dict[str, str]]) -> list[str]:
    """Message ids that do not exist, and messages raised without one of their fields."""
    found = []
    for line, name, given in message_uses(source):
        if name not in messages:
            found.append(f"{line}: no message {name!r}")
        elif given is not None and (missing := all_fields(messages[name]) - given):
            found.append(f"{line}: message {name!r} lacks {sorted(missing)}")
    return found


def string_literals(source: str) -> set[str]:
    """All string constants of a source."""
    return {
        node.value
        for node in nodes(source)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def family_names(source: str) -> set[str]:
    """The fixed beginnings of built ids: ``f"stage_{name}"`` -> ``stage_``."""
    starts = (n.values[0] for n in nodes(source) if isinstance(n, ast.JoinedStr) and n.values)
    found = {s.value for s in starts if isinstance(s, ast.Constant) and isinstance(s.value, str)}
    return {start for start in found if re.fullmatch(r"[a-z]{3,}[a-z_]*_", start)}


def unused_message_offenders(sources: list[str], messages: dict[str, dict[str, str]]) -> list[str]:
    """Messages whose id stands nowhere in the code, neither whole nor by the beginning of its family."""
    used = set().union(*map(string_literals, sources))
    families = tuple(set().union(*map(family_names, sources)))
    return [f"{n}: never used" for n in messages if n not in used and not n.startswith(families)]


def cell_source(cell: dict) -> str:
    """A cell's text; a notebook file keeps it as one string or as lines."""
    return "".join(cell["source"])


def code_cell_offenders(cell: dict) -> list[str]:
    """What makes a code cell more than choosing and showing."""
    source = cell_source(cell)
    found = []
    if len(source.splitlines()) > MAX_CELL:
        found.append(f"{len(source.splitlines())} lines, at most {MAX_CELL}")
    if cell.get("outputs") or cell.get("execution_count") is not None:
        found.append("stored output")
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return [*found, "not plain Python"]
    names = {type(n).__name__ for n in ast.walk(tree) if isinstance(n, FORBIDDEN_IN_CELLS)}
    return found + [f"holds {name}" for name in sorted(names)]


def notebook_offenders(text: str) -> list[str]:
    """Everything that makes a notebook thick, its cell number in front."""
    cells = json.loads(text)["cells"]
    found = []
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            found += [f"cell {number}: {what}" for what in code_cell_offenders(cell)]
        elif hit := TYPED_NUMBER.search(cell_source(cell)):
            found.append(f"cell {number}: typed number {hit.group()!r}")
    tagged = sum("parameters" in c.get("metadata", {}).get("tags", []) for c in cells)
    return found if tagged == 1 else [*found, f"{tagged} cells tagged parameters, wants 1"]


def typed_number_offenders(value: object, path: str = "") -> list[str]:
    """Sentences of a TOML tree that hold a typed number of people or a typed percentage."""
    if isinstance(value, dict):
        return [o for k, v in value.items() for o in typed_number_offenders(v, f"{path}.{k}")]
    if isinstance(value, list):
        return [o for v in value for o in typed_number_offenders(v, path)]
    hit = TYPED_NUMBER.search(CONVENTION.sub("", value)) if isinstance(value, str) else None
    return [f"{path.lstrip('.')}: typed number {hit.group()!r}"] if hit else []


def outside_address_offenders(text: str) -> list[str]:
    """Addresses in a page template that a browser would fetch."""
    return [
        f"{number}: {hit.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        if (hit := OUTSIDE.search(line))
    ]
