"""Records that contradict themselves stop the report before a word is made of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from analysis.errors import AnalysisError, RunError, raise_all
from analysis.inference.family import judge
from analysis.inference.record import Arm, Estimate

YEAR_OF_ID = re.compile(r":(\d{4})$")  # levels and trends of several years name theirs
SHARE = "pp"
NEAR = 1e-6  # relative; a level is kept as computed from its own events


def check_sound(estimates: Iterable[Estimate], year: int) -> None:
    """RunError, all faults at once, if a record's verdict, grade, year, unit or counts contradict its numbers."""
    raise_all(fault for e in estimates for fault in find_faults(e, year))


def find_faults(estimate: Estimate, year: int) -> Iterator[AnalysisError]:
    """What is wrong with one record, as errors not yet raised."""
    yield from wrong_year(estimate, year)
    if estimate.estimate is None:
        return
    yield from wrong_interval(estimate)
    yield from wrong_judgement(estimate)
    yield from wrong_ratio(estimate)
    for name, arm in estimate.arms.items():
        yield from wrong_arm(estimate, name, arm)


def fault(estimate: Estimate, part: str, found: object, expected: object) -> AnalysisError:
    """One contradiction: in which record, which part, what stands there and what its numbers give."""
    return RunError("unsound_record", record=estimate.id, part=part, found=found, expected=expected)


def wrong_year(estimate: Estimate, year: int) -> Iterator[AnalysisError]:
    """A record is of the report year, unless its id names another one."""
    named = YEAR_OF_ID.search(estimate.id)
    expected = int(named[1]) if named else year
    if estimate.year != expected:
        yield fault(estimate, "year", estimate.year, expected)


def wrong_interval(estimate: Estimate) -> Iterator[AnalysisError]:
    """An estimate lies in its interval, and the adjusted interval holds the plain one."""
    e = estimate
    if e.estimate is None or e.ci_low is None or e.ci_high is None:
        return
    if not e.ci_low <= e.estimate <= e.ci_high:
        yield fault(e, "estimate", e.estimate, f"[{e.ci_low}, {e.ci_high}]")
    if e.ci_adj_low is None or e.ci_adj_high is None:
        return
    if e.ci_adj_low > e.ci_low or e.ci_adj_high < e.ci_high:
        yield fault(e, "interval", f"[{e.ci_low}, {e.ci_high}]", f"[{e.ci_adj_low}, {e.ci_adj_high}]")  # fmt: skip


def wrong_judgement(estimate: Estimate) -> Iterator[AnalysisError]:
    """Verdict and grade of what was adjusted are those of its interval, its assignment and its checks."""
    if estimate.ci_adj_low is None:
        return
    own = judge(estimate)
    if estimate.verdict != own.verdict:
        yield fault(estimate, "verdict", estimate.verdict, own.verdict)
    if estimate.grade != own.grade:
        yield fault(estimate, "grade", estimate.grade, own.grade)


def wrong_ratio(estimate: Estimate) -> Iterator[AnalysisError]:
    """A ratio of two risks is above one where their difference is above zero, and below where it is below."""
    e = estimate
    if e.estimate is None or e.ratio is None or abs(e.estimate) < NEAR:
        return
    if (e.ratio - 1) * e.estimate < 0:
        yield fault(e, "ratio", e.ratio, "> 1" if e.estimate > 0 else "< 1")


def wrong_arm(estimate: Estimate, name: str, arm: Arm) -> Iterator[AnalysisError]:
    """Events are counted of shares only, there are no more of them than people, and the share is theirs."""
    rows = max(arm.n_rows, arm.n_teachers)
    if arm.n_events is None or arm.level is None:
        return
    if estimate.unit != SHARE:
        yield fault(estimate, f"{name}, unit", estimate.unit, SHARE)
    if arm.n_events > rows:
        yield fault(estimate, f"{name}, events", arm.n_events, f"<= {rows}")
    share = 100 * arm.n_events / rows if rows else 0.0
    if not estimate.is_weighted and not math.isclose(arm.level, share, rel_tol=NEAR, abs_tol=NEAR):
        yield fault(estimate, f"{name}, level", arm.level, share)
