"""What a run did and how long each stage took: ``run.json`` and ``run.log``, beside the processed data.

Here, and only here, go clock, host and user; a report never holds them.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import platform
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from analysis.run.staging import writable
from analysis.study.workspace import Workspace

RUNNING = "running"  # what a run that was killed outright leaves behind


@dataclass
class Diary:
    """The record of one run while it grows: seconds by stage, warnings that a notebook printed."""

    region: str
    year: int
    started: str
    stages: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Counts the seconds of the block under a stage's name."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = round(time.perf_counter() - begin, 2)


def diary_file(space: Workspace, region: str) -> Path:
    """``run.json``: the last run of a region."""
    return space.processed(region) / "run.json"


def log_file(space: Workspace, region: str) -> Path:
    """``run.log``: what a programmer needs to know about the last failure."""
    return space.processed(region) / "run.log"


@contextmanager
def kept_diary(space: Workspace, region: str, year: int) -> Iterator[Diary]:
    """A diary of the block, saved as it begins and however it ends; a traceback goes to ``run.log``.

    Raises ParameterError if nothing can be written there.
    """
    diary = Diary(region, year, _now())
    with writable(space.processed(region)):
        space.processed(region).mkdir(parents=True, exist_ok=True)
        log_file(space, region).unlink(missing_ok=True)
        _save(diary_file(space, region), diary, RUNNING)
    outcome = "killed"
    try:
        yield diary
        outcome = "finished"
    except Exception as error:
        outcome = type(error).__name__
        log_file(space, region).write_text(traceback.format_exc(), encoding="utf-8")
        raise
    finally:
        _save(diary_file(space, region), diary, outcome)


def _save(path: Path, diary: Diary, outcome: str) -> None:
    """Writes the record of a run, over that of the run before."""
    record = {
        "region": diary.region,
        "year": diary.year,
        "outcome": outcome,
        "started": diary.started,
        "ended": "" if outcome == RUNNING else _now(),
        "host": platform.node(),
        "user": _user(),
        "seconds": diary.stages,
        "warnings": diary.warnings,
    }
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _now() -> str:
    """The moment, with its time zone."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def _user() -> str:
    """Who runs this, or a dash where the system does not say (a container without accounts)."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "-"
