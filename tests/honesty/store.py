"""Finished draws on disk: one JSON line each, with the fingerprint of the source it was made by.

The first line of a store says what was drawn and with which packages. Lines are only added, one per finished draw;
a line cut short by a kill is taken off before the next is added.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.honesty.draws import FIELDS, Cells, Measured, as_row
from tests.honesty.worlds import Plan

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "honesty"
MEASURED_BY = (
    "inference",
    "panel",
    "synthetic",
)  # rooms: of these, what the harness imports, near or far
STUDY_FILES = ("interventions.toml", "outcomes.toml")
STUDY_CLASSES = Path("src/analysis/study/objects.py")
NOT_ASKED = ("Indicator", "Problem", "Measure", "Count")  # classes no draw looks at
PACKAGES = ("numpy", "pandas", "scipy", "statsmodels", "pyfixest", "moderndid")
LONGEST_ERROR = 300


class StoreError(Exception):
    """Stored draws that no table may be made of; the message says which and why."""


@dataclass(frozen=True)
class Draw:
    """One draw: its seed, what it was made by, and its cells, or the error that broke it."""

    seed: int
    source: str
    seconds: float
    cells: Cells
    error: str = ""


def store_file(plan: Plan, folder: Path = FOLDER) -> Path:
    """Where the draws of a plan lie."""
    return folder / f"{plan.name}.jsonl"


@cache
def fingerprint() -> str:
    """The fingerprint of the source as it was when this process first asked."""
    return source_fingerprint(ROOT)


def source_fingerprint(root: Path) -> str:
    """Twelve hex digits of what is measured: source of what a draw imports, without docstrings, study files, packages."""
    digest = hashlib.sha256(json.dumps(versions(), sort_keys=True).encode())
    for path in measured_files(root):
        text = path.read_text(encoding="utf-8")
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update((bare_source(text) if path.suffix == ".py" else text).encode())
    return digest.hexdigest()[:12]


def measured_files(root: Path) -> list[Path]:
    """The files that decide what a draw gives: the harness, what it imports of the rooms, and the study's files."""
    here = [root / "tests" / "honesty" / name for name in ("worlds.py", "draws.py")]
    found, waiting = set(here), list(here)
    while waiting:
        new = imported_files(root, waiting.pop()) - found
        found |= new
        waiting += new
    study = [root / STUDY_CLASSES, *(root / "study" / name for name in STUDY_FILES)]
    return [*sorted(found), *study]


def imported_files(root: Path, path: Path) -> set[Path]:
    """The modules of the rooms that a module imports anywhere in its text."""
    lines = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.ImportFrom) and n.module]
    names = {f"{n.module}.{a.name}" for n in lines for a in n.names} | {
        str(n.module) for n in lines
    }
    rooms = tuple(f"analysis.{room}." for room in MEASURED_BY)
    files = [root / "src" / f"{n.replace('.', '/')}.py" for n in names if n.startswith(rooms)]
    return {f for f in files if f.exists()}


def stamp() -> int:
    """A number that changes when any measured file is written; cheap enough to ask at every draw."""
    return hash(tuple((p, p.stat().st_mtime_ns) for p in measured_files(ROOT)))


def parsed(path: Path) -> ast.Module:
    """A module's tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def bare_source(text: str) -> str:
    """A module without comments, docstrings and the classes no draw looks at: better words make no draw older."""
    tree = ast.parse(text)
    tree.body = [n for n in tree.body if not (isinstance(n, ast.ClassDef) and n.name in NOT_ASKED)]
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            node, clean=False
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def versions() -> dict[str, str]:
    """What computes the numbers: Python's minor version and the packages that fit."""
    found = {name: metadata.version(name) for name in PACKAGES}
    return {"python": ".".join(platform.python_version_tuple()[:2])} | found


def header_of(plan: Plan) -> dict[str, Any]:
    """The first line of a plan's store."""
    about = {"world": plan.world, "level": plan.level, "bureau": plan.bureau}
    return about | {"fields": list(FIELDS), "versions": versions()}


def as_line(draw: Draw) -> str:
    """A draw as one line of JSON."""
    about: dict[str, Any] = {"seed": draw.seed, "source": draw.source, "seconds": draw.seconds}
    if draw.error:
        return json.dumps(about | {"error": draw.error[:LONGEST_ERROR]}) + "\n"
    cells = {name: as_row(cell) for name, cell in draw.cells.items()}
    return json.dumps(about | {"cells": cells}, separators=(",", ":")) + "\n"


def open_store(plan: Plan, folder: Path = FOLDER) -> Path:
    """The store of a plan, ready for the next draw: with its first line, without a line that was cut short."""
    path = store_file(plan, folder)
    open_lines(path, header_of(plan))
    return path


def open_lines(path: Path, header: dict[str, Any]) -> None:
    """A file of JSON lines, ready for the next: with its first line, without a line that was cut short."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    if not whole:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = json.dumps(header) + "\n"
    if whole != text:
        path.write_text(whole, encoding="utf-8")


def append_draw(path: Path, draw: Draw) -> None:
    """Add one draw; it is on disk when this returns."""
    append_line(path, as_line(draw))


def append_line(path: Path, line: str) -> None:
    """Add one line; it is on disk when this returns."""
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read_draws(path: Path) -> tuple[Draw, ...]:
    """All whole draws of a store in order of seeds; StoreError if a seed is there twice or the fields differ."""
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").split("\n")[
        :-1
    ]  # what follows the last break is cut short
    if not lines:
        return ()
    if json.loads(lines[0])["fields"] != list(FIELDS):
        raise StoreError(f"{path.name} holds other fields than are measured now: start it anew")
    found = sorted((as_draw(json.loads(line)) for line in lines[1:]), key=lambda d: d.seed)
    seeds = [d.seed for d in found]
    if twice := sorted({s for s in seeds if seeds.count(s) > 1}):
        raise StoreError(f"{path.name} holds seed {twice[0]} twice")
    return tuple(found)


def as_draw(line: dict[str, Any]) -> Draw:
    """A draw from its line."""
    cells = {name: Measured(*row) for name, row in line.get("cells", {}).items()}
    return Draw(line["seed"], line["source"], line["seconds"], cells, line.get("error", ""))


def sources(draws: Iterable[Draw]) -> tuple[str, ...]:
    """The fingerprints that draws were made with."""
    return tuple(sorted({d.source for d in draws}))


def sound_draws(path: Path) -> tuple[Draw, ...]:
    """The draws of a store that a table may be made of.

    StoreError if one broke, or if they were made with different sources: neither is ever dropped or mixed.
    """
    draws = read_draws(path)
    if broken := [d for d in draws if d.error]:
        first = broken[0]
        raise StoreError(
            f"{path.name}: {len(broken)} of {len(draws)} draws broke, first seed {first.seed}: {first.error}"
        )
    if len(found := sources(draws)) > 1:
        raise StoreError(
            f"{path.name} mixes draws of the sources {', '.join(found)}: start it anew"
        )
    return draws


def is_usable(path: Path) -> bool:
    """Whether a store can be continued: no draw of another source, none that broke; also where there is no store."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = [json.loads(line) for line in text.split("\n")[:-1]]
    is_readable = not lines or lines[0]["fields"] == list(FIELDS)
    return is_readable and all(d["source"] == fingerprint() and "cells" in d for d in lines[1:])
