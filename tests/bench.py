"""`make bench`: the whole county run, raw files to pages, stage by stage. A benchmark, not a test.

Shares are of the total, so that two machines can be compared; the last line is the total in seconds.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from analysis.run.diary import diary_file
from analysis.run.report import run_report
from analysis.study.workspace import open_workspace
from analysis.synthetic.demo import make_demo
from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.worlds import draw_panel
from tests.bench_inference import print_inference
from tests.bench_intake import print_intake

REGION, YEAR = "demo-county", 2025
LINE = "{name:<28}{seconds:>8.2f} s{share:>8.0%}"
STAGES = {
    "raw to typed": ("01_clean",),
    "estimates (side by side)": ("02_estimate",),
    "pages": ("03_problems", "pages"),
}


def main() -> int:
    """Prints the stages of one run in a fresh workspace."""
    with tempfile.TemporaryDirectory() as folder:
        space = open_workspace(folder)
        make_demo(space, BureauOptions(region=REGION, last_year=YEAR))
        begin = time.perf_counter()
        page = run_report(space, REGION, YEAR)
        total = time.perf_counter() - begin
        print_opening(page)
        seconds = json.loads(diary_file(space, REGION).read_text(encoding="utf-8"))["seconds"]
    print_stages(seconds, total)
    print_bureaus()
    print_intake()
    print_inference()
    return 0


def print_bureaus() -> None:
    """One line per invented bureau: files or Parquet on disk, and a panel in memory; relative to the county's files."""
    large = {"teachers": 100_000, "years": 5, "format": "parquet"}
    with tempfile.TemporaryDirectory() as folder:
        space = open_workspace(folder)
        jobs: dict[str, Callable[[], object]] = {
            "county, files": lambda: make_demo(space, bureau_options("county")),
            "city, files": lambda: make_demo(space, bureau_options("city")),
            "100,000 teachers, Parquet": lambda: make_demo(
                space, bureau_options("county", region="large", **large)
            ),
            "county, panel in memory": lambda: draw_panel(bureau_options("county")),
        }
        spent = {name: seconds_of(job) for name, job in jobs.items()}
    for name, seconds in spent.items():
        print(LINE.format(name=name, seconds=seconds, share=seconds / spent["county, files"]))


def seconds_of(job: Callable[[], object]) -> float:
    """How long a job takes."""
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def print_opening(page: Path) -> None:
    """How long the page takes to open on a processor four times slower, beside one that is not; needs chromium."""
    program = next(
        (p for p in ("chromium", "chromium-browser", "google-chrome") if shutil.which(p)), ""
    )
    if not program:
        print("page opening: not measured, chromium is not here")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(program), args=["--no-sandbox"]
        )
        spent = {rate: opening_ms(browser, page, rate) for rate in (1, 4)}
        browser.close()
    print(f"page opening {spent[1]:.0f} ms, on a processor four times slower {spent[4]:.0f} ms")


def opening_ms(browser: Browser, page: Path, rate: int) -> float:
    """The best of three loads in milliseconds, offline, with the processor slowed ``rate`` times."""
    tab = browser.new_context(offline=True).new_page()
    tab.context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    found = []
    for _ in range(3):
        tab.goto(page.as_uri())
        found.append(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
    return min(found)


def print_stages(seconds: dict[str, float], total: float) -> None:
    """One line per stage, what lies between them, and the total."""
    spent = {name: sum(seconds[part] for part in parts) for name, parts in STAGES.items()}
    spent["between"] = total - sum(spent.values())
    for name, value in spent.items():
        print(LINE.format(name=name, seconds=value, share=value / total))
    print(f"{'total':<28}{total:>8.1f} s on {os.cpu_count()} cores")


if __name__ == "__main__":
    sys.exit(main())
