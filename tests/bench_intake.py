"""The part of `make bench` on intake: a city's seven years read, cleaned and linked, beside the same workbooks by openpyxl."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from analysis.intake.clean import clean_region
from analysis.intake.reading.readers import read_sheets
from analysis.study.load import load_study
from analysis.study.workspace import Workspace, open_workspace
from analysis.synthetic.demo import make_demo
from analysis.synthetic.options import bureau_options

REGION, YEAR = "demo-city", 2025
LINE = "{name:<44}{seconds:>8.2f} s{ratio:>8.1f}"


def print_intake() -> None:
    """One line a job, relative to the first; then the memory of this process and of its children."""
    with tempfile.TemporaryDirectory() as folder:
        space = open_workspace(folder)
        make_demo(space, bureau_options("city"))
        study = load_study(space)
        first = seconds_of(lambda: clean_region(space, study, REGION, YEAR))
        again = seconds_of(lambda: clean_region(space, study, REGION, YEAR))
        touch_newest(space)
        newest = seconds_of(lambda: clean_region(space, study, REGION, YEAR))
        books = sorted(space.raw.glob(f"{REGION}/*/*.xlsx"))
        ours = seconds_of(lambda: [read_sheets(book) for book in books])
        theirs = seconds_of(lambda: [read_slowly(book) for book in books])
    print_line("city, seven years: read, cleaned, linked", first, first)
    print_line("the same again: nothing read, all linked", again, first)
    print_line("the same with the newest year changed", newest, first)
    print_line(f"{len(books)} workbooks to text", ours, ours)
    print_line("the same with openpyxl (read only)", theirs, ours)
    print(
        f"memory at most: {peak(resource.RUSAGE_SELF):.0f} MB here, {peak(resource.RUSAGE_CHILDREN):.0f} MB in another process"
    )


def print_line(name: str, seconds: float, base: float) -> None:
    """A job, its seconds and its ratio to another job."""
    print(LINE.format(name=name, seconds=seconds, ratio=seconds / base))


def seconds_of(job: Callable[[], object]) -> float:
    """How long a job takes."""
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def touch_newest(space: Workspace) -> None:
    """A change that means nothing, in the newest description."""
    with (space.delivery(REGION, YEAR) / "source.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n")


def read_slowly(path: Path) -> list[list[str]]:
    """Every cell of a workbook as text, by the reader that most people use."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells = [
        ["" if cell is None else str(cell) for cell in row]
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    ]
    book.close()
    return cells


def peak(whose: int) -> float:
    """The most memory that this process, or the largest of its children, ever had, in megabytes (Linux)."""
    return resource.getrusage(whose).ru_maxrss / 1024


if __name__ == "__main__":
    print_intake()
