"""The part of `make bench` on inference: absorbed teacher effects beside the bare library, and how cost grows.

Ratios, so that two machines can be compared; each time is the best of several, for others use the machine too.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pyfixest

from analysis.inference.checking.clusters import wild_bootstrap
from analysis.inference.checking.lots import coefficient_statistic, drawn_units, randomisation_p
from analysis.inference.design import Design
from analysis.inference.estimate import measure
from analysis.inference.estimators.absorbed import fit_absorbed
from analysis.inference.evaluate import evaluate_outcome
from analysis.panel.build import Panel
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from analysis.synthetic.options import bureau_options
from analysis.synthetic.worlds import draw_panel

TEACHERS, YEARS, IN_POST = 160_000, 8, 0.86  # 1.1 million teacher-years
SCHOOL_SIZE, SEED = 53, 11
ASKED = {"county": 25, "city": 80}  # seconds on two cores
SAME = {"unit_id": "teacher", "time": "year", "cluster": "school"}
GROWING = {
    "teacher effects": Design(
        kind="linear", outcome="y", treatment="t", absorb="teacher", fixed=("year",), **SAME
    ),
    "staggered scores": Design(
        kind="staggered", outcome="y", first_treated="start", absorb="school", **SAME
    ),
    "staggered leaving": Design(
        kind="staggered", outcome="left", first_treated="start", unit="pp", link="logit", **SAME
    ),
    "landmark hazard": Design(
        kind="hazard", outcome="left", treatment="took", unit="pp", link="logit", fixed=("year",),
        controls=("years", "sex"), within="school", horizons=(1,), **SAME,
    ),
    "doubly robust": Design(
        kind="aipw", outcome="y", treatment="took", controls=("years", "sex"), fixed=("year",), **SAME
    ),
}  # fmt: skip
LINE = "{name:<52}{seconds:>8.2f} s{ratio:>8.2f}"


def print_inference() -> None:
    """Absorbed effects on 1.1 million rows beside the bare library, then by size, then the resampling checks."""
    frame = drawn_rows(TEACHERS)
    bare = best_of(5, lambda: bare_fit(frame))
    print_line(f"teacher effects, bare library, {len(frame):,} rows", bare, bare)
    print_line("the same as an estimator, with its jackknife", best_of(5, lambda: own_fit(frame)), bare)  # fmt: skip
    print_growth()
    print_resampling()
    print_bureaus()


def print_growth() -> None:
    """Seconds per million rows of one fit of each kind at three sizes, relative to the smallest: at most 1 is linear."""
    first: dict[str, float] = {}
    for teachers in (5_000, 50_000, 500_000):
        rows = drawn_rows(teachers)
        for kind, design in GROWING.items():
            spent = 1e6 * best_of(2, partial(measure, rows, design, cheap=True)) / len(rows)
            first.setdefault(kind, spent)
            print_line(f"{kind}, {teachers:,} teachers, s per million rows", spent, first[kind])


def print_bureaus() -> None:
    """All estimates and checks of an invented county (asked: 25 s) and city (80 s), and per row relative to the county."""
    study, per_row = load_study(open_workspace()), 0.0
    for bureau, asked in ASKED.items():
        frame = draw_panel(bureau_options(bureau=bureau, region=f"demo-{bureau}", seed=1)).frame
        panel = Panel(region=bureau, year=2025, frame=frame)
        begin = time.perf_counter()
        for outcome in study.outcomes:
            evaluate_outcome(study, panel, outcome, workers=2)
        spent = time.perf_counter() - begin
        per_row = per_row or spent / len(frame)
        told = "" if spent <= asked else ", MISSED"
        print_line(
            f"all estimates and checks, {bureau} (asked {asked} s{told})",
            spent,
            per_row * len(frame),
        )


def print_resampling() -> None:
    """The wild bootstrap and the randomisation p of a county: seconds, and relative to the first."""
    rows = drawn_rows(5_000)
    rows = rows[rows["year"] == rows["year"].max()].assign(one=1.0)
    x = rows[["one", "t"]].to_numpy(dtype=float)
    y, groups = rows["y"].to_numpy(), rows["school"].to_numpy()
    units = drawn_units(rows, "t", "school")
    statistic = coefficient_statistic(y, x[:, :1], units, groups)
    wild = best_of(3, lambda: wild_bootstrap(x, y, groups))
    lots = best_of(3, lambda: randomisation_p(statistic, units.labels, units.strata))
    print_line(f"wild bootstrap, {len(rows):,} rows, {len(units.labels)} schools", wild, wild)
    print_line("randomisation p of the same", lots, wild)


def drawn_rows(teachers: int) -> pd.DataFrame:
    """One row per teacher and year: text ids, a programme that starts in some schools, a planted effect of 2 points."""
    rng = np.random.default_rng(SEED)
    teacher = np.repeat(np.arange(teachers), YEARS)
    year = np.tile(np.arange(1, YEARS + 1), teachers)
    kept = rng.random(len(teacher)) < IN_POST
    teacher, year = teacher[kept], year[kept]
    school = teacher // SCHOOL_SIZE
    start = rng.choice([3, 5, 99], size=school.max() + 1, p=[0.1, 0.1, 0.8])[school]
    treated = (year >= start).astype(float)
    score = 2 * treated + rng.normal(size=teachers)[teacher] + 0.1 * year
    frame = pd.DataFrame({"teacher": teacher, "school": school, "year": year, "t": treated})
    frame["y"] = score + rng.normal(size=len(frame))
    frame["start"] = np.where(start <= YEARS, start, 0)
    frame["left"] = (rng.random(len(frame)) < 0.04 - 0.01 * treated).astype(float)
    frame["took"] = (rng.random(len(frame)) < 0.2).astype(float)
    frame["years"] = rng.integers(1, 35, len(frame)).astype(float)
    frame["sex"] = rng.choice(["f", "m"], len(frame))
    return frame.assign(**{c: c + frame[c].astype(str) for c in ("teacher", "school")})


def bare_fit(frame: pd.DataFrame) -> object:
    """The library called as its manual shows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return pyfixest.feols("y ~ t | teacher + year", frame, vcov={"CRV1": "school"})


def own_fit(frame: pd.DataFrame) -> object:
    """The same through the project's estimator."""
    design = Design(
        kind="linear", outcome="y", treatment="t", absorb="teacher", fixed=("year",), cluster="school"
    )  # fmt: skip
    return fit_absorbed(frame, design)


def best_of(times: int, job: Callable[[], object]) -> float:
    """The shortest of several runs in seconds."""
    return min(seconds_of(job) for _ in range(times))


def seconds_of(job: Callable[[], object]) -> float:
    """How long a job takes."""
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def print_line(name: str, seconds: float, base: float) -> None:
    """A job, its seconds and its ratio to another job."""
    print(LINE.format(name=name, seconds=seconds, ratio=seconds / base))


if __name__ == "__main__":
    print_inference()
