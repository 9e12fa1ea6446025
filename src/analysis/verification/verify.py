"""The whole verification: published numbers, planted effects, the table, and whether anything was missed."""

from __future__ import annotations

import os
from collections.abc import Iterator

from analysis.errors import RunError
from analysis.verification.planted import DRAWS, check_draws
from analysis.verification.published import CASES, check_cases
from analysis.verification.record import Line

MAX_WORKERS = 4


def verify_lines(*, published: bool = True, planted: bool = True) -> Iterator[Line]:
    """A line for every figure of the parts asked for, in the order of the table."""
    if published:
        yield from check_cases(CASES)
    if planted:
        yield from check_draws(DRAWS, workers=min(MAX_WORKERS, os.cpu_count() or 1))


def raise_missed(lines: list[Line]) -> None:
    """RunError (exit code 1) that names the figures that did not come out; nothing if all did."""
    missed = [f"{line.case}: {line.figure}" for line in lines if line.status == "miss"]
    if missed:
        raise RunError("verify_missed", count=len(missed), figures="; ".join(missed))
