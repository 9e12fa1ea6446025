"""A report is built where nobody reads and swapped in whole, so readers see the last good one or the new one.

It is built in ``data/processed/<region>/partial/<year>/`` under a mark that says it is not a report;
whatever stops the run, that folder is what remains and the last good report stays as it is.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from analysis.errors import ParameterError, RunError, message
from analysis.study.workspace import Workspace

MARK = "NOT-A-REPORT.txt"


def partial_folder(space: Workspace, region: str, year: int) -> Path:
    """Where a report is built, and where a failed or killed run leaves what it had."""
    return space.processed(region) / "partial" / str(year)


@contextmanager
def staged_report(space: Workspace, region: str, year: int) -> Iterator[Path]:
    """An empty, marked folder to build a report in; swapped in when the block ends without an error.

    Raises ParameterError if no report can be written there, RunError if a file of the old report is
    held open.
    """
    final = space.report(region, year)
    with writable(space.reports):
        space.reports.mkdir(parents=True, exist_ok=True)  # told now, not after the whole run
    recover(final)
    stage = _fresh(partial_folder(space, region, year), region, year)
    yield stage
    (stage / MARK).unlink()
    swap_in(stage, final)


def _fresh(stage: Path, region: str, year: int) -> Path:
    """The folder, emptied of what an earlier failed run left, and marked as no report."""
    if stage.exists():
        shutil.rmtree(stage)
    stage.mkdir(parents=True)
    (stage / MARK).write_text(
        message("partial_mark", region=region, year=year) + "\n", encoding="utf-8"
    )
    return stage


def swap_in(stage: Path, final: Path) -> None:
    """Puts a finished folder in the place of the old one; if that fails the old one is back in place.

    Raises RunError if a file of the old folder is held open (Windows).
    """
    swap = _swap_folder(final)
    new, old = swap / "new", swap / "old"
    swap.mkdir(parents=True)
    _move(stage, new)
    try:
        if final.exists():
            final.rename(old)
        new.rename(final)
    except PermissionError as error:
        _put_back(old, final)
        _move(new, stage)
        swap.rmdir()
        raise RunError("report_in_use", folder=_last_parts(final)) from error
    shutil.rmtree(swap, ignore_errors=True)  # what cannot go now goes at the next run


def recover(final: Path) -> None:
    """Undoes what a run killed in the middle of a swap left: the last good report is back in place."""
    swap = _swap_folder(final)
    _put_back(swap / "old", final)
    if swap.exists():
        shutil.rmtree(swap)


def _put_back(old: Path, final: Path) -> None:
    """The old report under its own name again, if the swap had already taken it away."""
    if old.exists() and not final.exists():
        old.rename(final)


def _swap_folder(final: Path) -> Path:
    """Where new and old report lie for the moment of the swap: on the same disk, and in no list of reports."""
    return final.with_name(f".swap-{final.name}")


def _move(source: Path, target: Path) -> None:
    """Renames a folder; copies it if the target lies on another disk."""
    if target.exists():
        shutil.rmtree(target)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.copytree(source, target)
        shutil.rmtree(source)


def _last_parts(folder: Path) -> str:
    """A report's folder as people know it: reports/<region>/<year>."""
    return "/".join(folder.parts[-3:])


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Around what first writes below a folder; raises ParameterError, naming it, if that cannot be."""
    try:
        yield
    except OSError as error:
        raise ParameterError("folder_closed", folder=folder, detail=error.strerror) from error


@contextmanager
def held_report(space: Workspace, region: str, year: int) -> Iterator[None]:
    """Holds a report for this process; the system lets go when it ends, so no lock is ever stale.

    Raises RunError, naming the process, if another one holds it, ParameterError if nothing can be
    written there.
    """
    path = space.processed(region) / f"run-{year}.lock"
    holder = path.with_suffix(".pid")
    with _opened(path) as handle:
        if not _grab(handle):
            pid = holder.read_text(encoding="ascii") if holder.exists() else "?"
            raise RunError("report_busy", region=region, year=year, pid=pid)
        with writable(path.parent):
            holder.write_text(str(os.getpid()), encoding="ascii")
        yield


def _opened(path: Path) -> BinaryIO:
    """The lock file, made with its folder if it is not there."""
    with writable(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")


if sys.platform == "win32":
    import msvcrt

    def _grab(handle: BinaryIO) -> bool:
        """Whether the file could be locked for this process (first byte, without waiting)."""
        try:
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _grab(handle: BinaryIO) -> bool:
        """Whether the file could be locked for this process, without waiting."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
