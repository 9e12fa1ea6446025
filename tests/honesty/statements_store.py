"""Judged reports on disk, a JSON line each, and the loop that adds the missing ones; as ``store`` and ``run`` do."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.honesty.statements import FIELDS, Statement
from tests.honesty.statements_draw import Found, Reports, draw_statements
from tests.honesty.statements_permuted import WORLD, draw_permuted
from tests.honesty.store import (
    FOLDER,
    LONGEST_ERROR,
    ROOT,
    StoreError,
    append_line,
    bare_source,
    open_lines,
    versions,
)

# rooms whose source decides what a report says; ``present`` and ``run`` only show it
ROOMS = ("study", "synthetic", "intake", "panel", "inference", "release")
DIGITS = 6
EFFECTLESS = tuple(f"W{at}" for at in range(9))
REPORTS = (
    *(Reports(world, "county") for world in (*EFFECTLESS, "planted")),
    Reports("planted", "city", 5),
    Reports(WORLD, "county", 100, "permuted"),
    Reports(WORLD, "panel", 100, "permuted"),
)
DRAW: dict[str, Callable[[Reports, int], Found]] = {
    "statements": draw_statements,
    "permuted": draw_permuted,
}


@dataclass(frozen=True)
class JudgedReport:
    """One report: its seed, what it was made by, its judged statements, or the error that broke it."""

    seed: int
    source: str
    seconds: float
    statements: tuple[Statement, ...]
    error: str = ""


def store_of(plan: Reports, folder: Path = FOLDER) -> Path:
    """Where the reports of a plan lie."""
    return folder / f"{plan.name}.jsonl"


@cache
def source_of(level: str) -> str:
    """Twelve hex digits of all that decides a statement, as it was when this process first asked."""
    return source_now(level)


def source_now(level: str) -> str:
    """Twelve hex digits of the rooms, the study and this harness as they lie on disk, without comments."""
    digest = hashlib.sha256(json.dumps(versions(), sort_keys=True).encode())
    digest.update(level.encode())
    for path in sources_of():
        text = path.read_text(encoding="utf-8")
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update((bare_source(text) if path.suffix == ".py" else text).encode())
    return digest.hexdigest()[:12]


def sources_of() -> list[Path]:
    """Every file that decides what a report says and how it is judged."""
    package = ROOT / "src" / "analysis"
    rooms = [p for room in ROOMS for p in (package / room).rglob("*.py")]
    judges = [
        p for p in (ROOT / "tests" / "honesty").glob("statements*.py") if "table" not in p.name
    ]
    here = [ROOT / "tests" / "honesty" / "worlds.py", package / "release" / "wording.toml"]
    return sorted({*rooms, *judges, *here, *(ROOT / "study").glob("*.toml")})


# --- lines ------------------------------------------------------------------------------------------


def as_line(found: JudgedReport) -> str:
    """A report as one line of JSON."""
    about: dict[str, Any] = {"seed": found.seed, "source": found.source, "seconds": found.seconds}
    if found.error:
        return json.dumps(about | {"error": found.error[:LONGEST_ERROR]}) + "\n"
    rows = [as_row(s) for s in found.statements]
    text = json.dumps(about | {"statements": rows}, separators=(",", ":"), ensure_ascii=False)
    return text + "\n"


def as_row(one: Statement) -> list[Any]:
    """A statement in the order of ``FIELDS``, its numbers to six digits."""
    return [float(f"{v:.{DIGITS}g}") if isinstance(v, float) else v for v in astuple(one)]


def as_report(line: dict[str, Any]) -> JudgedReport:
    """A report from its line."""
    statements = tuple(Statement(*row) for row in line.get("statements", ()))
    about = (line["seed"], line["source"], line["seconds"])
    return JudgedReport(*about, statements, line.get("error", ""))


def open_reports(plan: Reports, folder: Path = FOLDER) -> Path:
    """The store of a plan with its first line, without a line that was cut short."""
    path = store_of(plan, folder)
    about = {"world": plan.world, "level": plan.level, "bureau": plan.bureau}
    open_lines(path, about | {"fields": list(FIELDS), "versions": versions()})
    return path


def append_report(path: Path, found: JudgedReport) -> None:
    """Add one report; it is on disk when this returns."""
    append_line(path, as_line(found))


def read_reports(path: Path) -> tuple[JudgedReport, ...]:
    """All whole reports of a store by seed; StoreError if a seed is there twice or the fields differ."""
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    if not lines:
        return ()
    if json.loads(lines[0])["fields"] != list(FIELDS):
        raise StoreError(f"{path.name} holds other fields than are judged now: start it anew")
    found = sorted((as_report(json.loads(line)) for line in lines[1:]), key=lambda r: r.seed)
    seeds = [r.seed for r in found]
    if twice := sorted({s for s in seeds if seeds.count(s) > 1}):
        raise StoreError(f"{path.name} holds seed {twice[0]} twice")
    return tuple(found)


def sound_reports(path: Path) -> tuple[JudgedReport, ...]:
    """The reports of a store that a table may be made of; StoreError if one broke or sources are mixed."""
    found = read_reports(path)
    if broken := [r for r in found if r.error]:
        first = broken[0]
        raise StoreError(
            f"{path.name}: {len(broken)} of {len(found)} reports broke, first seed {first.seed}: {first.error}"
        )
    if len(made := sorted({r.source for r in found})) > 1:
        raise StoreError(
            f"{path.name} mixes reports of the sources {', '.join(made)}: start it anew"
        )
    return found


def is_current(plan: Reports, path: Path) -> bool:
    """Whether a store can be continued: it can be read, no report broke, all were made by the present source."""
    try:
        found = read_reports(path)
    except StoreError:
        return False
    return all(not r.error and r.source == source_of(plan.level) for r in found)


# --- the loop ---------------------------------------------------------------------------------------


def run_reports(
    plan: Reports,
    workers: Executor,
    *,
    side_by_side: int = 1,
    seconds: float = float("inf"),
    folder: Path = FOLDER,
    draw: Callable[[Reports, int], Found] | None = None,
) -> int:
    """Add the plan's missing reports in order of seeds; how many were added. None begins once the time is up.

    StoreError if the store was made by another source, or if the source is written meanwhile.
    """
    path = open_reports(plan, folder)
    seeds, end = iter(missing(plan, path)), time.monotonic() + seconds
    waiting: dict[Future[Found], int] = {}
    added = 0
    while True:
        while len(waiting) < side_by_side and time.monotonic() < end:
            if (seed := next(seeds, None)) is None:
                break
            waiting[workers.submit(draw or DRAW[plan.level], plan, seed)] = seed
        if not waiting:
            return added
        for done in wait(waiting, return_when=FIRST_COMPLETED).done:
            found = finished(plan, waiting.pop(done), done)
            if source_now(plan.level) != source_of(plan.level):
                raise StoreError(
                    "the source was changed while reports were made; call again to go on"
                )
            append_report(path, found)
            added += 1


def missing(plan: Reports, path: Path) -> Iterator[int]:
    """Seeds of the plan that its store does not hold; StoreError if it holds reports of another source."""
    found = read_reports(path)
    older = sorted({r.source for r in found} - {source_of(plan.level)})
    if older:
        raise StoreError(
            f"{path.name} was made with source {', '.join(older)}, now it is {source_of(plan.level)}: "
            "--anew draws it again"
        )
    known = {r.seed for r in found}
    return (s for s in plan.seeds if s not in known)


def finished(plan: Reports, seed: int, done: Future[Found]) -> JudgedReport:
    """A judged report, or the error that broke it; a worker that was killed breaks none: BrokenProcessPool."""
    error = done.exception()
    if isinstance(error, BrokenProcessPool):
        raise error
    source = source_of(plan.level)
    if error is not None:
        return JudgedReport(seed, source, 0.0, (), f"{type(error).__name__}: {error}")
    statements, seconds = done.result()
    return JudgedReport(seed, source, seconds, statements)
