"""Draws of a plan in worker processes, added to its store as they finish, until a time is up."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tests.honesty.draws import Cells, measure_draw
from tests.honesty.store import (
    FOLDER,
    ROOT,
    Draw,
    StoreError,
    append_draw,
    fingerprint,
    open_store,
    read_draws,
    source_fingerprint,
    sources,
    stamp,
)
from tests.honesty.worlds import Plan

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS")  # fmt: skip
MeasureDraw = Callable[[Plan, int], tuple[Cells, float]]


def make_workers(count: int) -> ProcessPoolExecutor:
    """Fresh processes, each with one thread for its linear algebra: the draws are what runs side by side."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # read when the process starts
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))


def run_plan(
    plan: Plan,
    workers: Executor,
    *,
    side_by_side: int = 1,
    seconds: float = float("inf"),
    folder: Path = FOLDER,
    measure: MeasureDraw = measure_draw,
) -> int:
    """Add the plan's missing draws to its store, in order of seeds; how many were added.

    No draw begins once ``seconds`` are used up. StoreError if the store was made by another source, or if the source
    is written while draws are made (the unfinished ones then are not kept).
    """
    path, written = open_store(plan, folder), stamp()
    seeds = iter(missing_seeds(plan, path))
    added, begin = 0, time.monotonic()
    waiting: dict[Future[tuple[Cells, float]], int] = {}
    while True:
        while len(waiting) < side_by_side and time.monotonic() - begin < seconds:
            if (seed := next(seeds, None)) is None:
                break
            waiting[workers.submit(measure, plan, seed)] = seed
        if not waiting:
            return added
        for done in wait(waiting, return_when=FIRST_COMPLETED).done:
            draw = finished(waiting.pop(done), done)
            check_unchanged(written)
            append_draw(path, draw)
            added += 1


def missing_seeds(plan: Plan, path: Path) -> Iterator[int]:
    """Seeds of the plan that its store does not hold; StoreError if it holds draws of another source."""
    draws = read_draws(path)
    older = set(sources(draws)) - {fingerprint()}
    if older:
        raise StoreError(
            f"{path.name} was made with source {', '.join(sorted(older))}, now it is {fingerprint()}: "
            "--anew draws it again"
        )
    known = {d.seed for d in draws}
    return (s for s in plan.seeds if s not in known)


def check_unchanged(written: int) -> None:
    """StoreError if a measured file was written with another content since ``written``: a draw may be of both."""
    if stamp() != written and source_fingerprint(ROOT) != fingerprint():
        raise StoreError("the source was changed while draws were made; call again to go on")


def finished(seed: int, done: Future[tuple[Cells, float]]) -> Draw:
    """A draw with its cells, or with the error that broke it.

    A worker that was killed breaks no draw: BrokenProcessPool is raised, and its draws are still missing.
    """
    error = done.exception()
    if isinstance(error, BrokenProcessPool):
        raise error
    if error is not None:
        return Draw(seed, fingerprint(), 0.0, {}, f"{type(error).__name__}: {error}")
    cells, seconds = done.result()
    return Draw(seed, fingerprint(), seconds, cells)
