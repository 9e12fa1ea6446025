"""How large deviations from parallel trends may be before an event study's effect can no longer be told from zero.

Rambachan and Roth 2023 (Review of Economic Studies 90, 2555-2591), on the average over the periods after the start
that is reported, not on the first of them. Works on the coefficients' own scale (log-odds for a logit).
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.inference.checking.relative_magnitudes import Leads, is_excluded, robust_interval
from analysis.inference.checking.smoothness import (
    find_frontier,
    shortest_interval,
    smoothness_breakdown,
)
from analysis.inference.estimators.fitted import Paths
from analysis.inference.record import Check, Grade, Point

NAME = "honest_did"
MBARS = (0.5, 1.0)  # later deviations against the largest earlier one: the two values that decide
MIN_LEADS = 2
MAX_CORRELATION = 1e-8  # smallest eigenvalue of the correlations that still counts as of full rank
CRITICAL = float(stats.norm.ppf(0.975))


def honest_check(paths: Paths) -> Check:
    """Breakdown at the decision values: 1 keeps the ceiling, 0.5 caps at C, less at D; the smoothness M beside it.

    ``value``: the largest of 1, 0.5, 0 at which later deviations may stand to the largest earlier one with zero still
    outside the robust set; 0 by definition if the plain interval covers zero. What cannot be run caps at C.
    """
    problem = honest_problem(paths)
    if problem:
        return Check(NAME, None, "not_run", cap="C", detail=problem)
    leads = as_leads(paths)
    is_open = abs(leads.value) <= CRITICAL * leads.std_error
    value = 0.0 if is_open else relative_breakdown(leads)
    bend = smoothness_breakdown(find_frontier(leads))
    detail = f"smoothness={bend:.3g}, centre={leads.value:.3g}"
    detail += "; interval covers 0" if is_open else ""
    if value >= 1:
        return Check(NAME, value, "pass", detail=detail)
    cap: Grade = "C" if value >= MBARS[0] else "D"
    return Check(NAME, value, "caution" if cap == "C" else "fail", cap=cap, detail=detail)


def relative_breakdown(leads: Leads) -> float:
    """The largest decision value at which zero is excluded; 0 if at none. The sets are nested, so it stops early."""
    reached = 0.0
    for mbar in MBARS:
        if not is_excluded(leads, mbar):
            break
        reached = mbar
    return reached


def honest_problem(paths: Paths) -> str:
    """Why the robust sets cannot be computed, as words for a check's detail; empty if they can."""
    order = np.argsort(paths.times)
    times = np.array(paths.times)[order]
    before, after = times[times < paths.reference], times[times > paths.reference]
    if len(before) < MIN_LEADS:
        return f"leads={len(before)}"
    if len(after) == 0 or _post_weights(paths).sum() <= 0:
        return "no period after the start"
    whole = np.arange(times[0], times[-1] + 1)
    if len(whole) != len(times) + 1 or not np.array_equal(
        np.setdiff1d(whole, times), [paths.reference]
    ):
        return "periods missing in between"
    return covariance_problem(paths.beta, paths.cov)


def covariance_problem(beta: np.ndarray, cov: np.ndarray) -> str:
    """Why a covariance (T by T) is of no use: not finite, no spread, or of too little rank (fewer clusters than T)."""
    spread = np.diag(cov)
    if not (np.isfinite(beta).all() and np.isfinite(cov).all()):
        return "coefficients not finite"
    if (spread <= 0).any():
        return "coefficients without spread"
    correlation = cov / np.sqrt(np.outer(spread, spread))
    if np.linalg.eigvalsh((correlation + correlation.T) / 2).min() < MAX_CORRELATION:
        return "singular covariance"
    return ""


def _post_weights(paths: Paths) -> np.ndarray:
    """Treated rows behind each period from the start on, in the order of the coefficients."""
    return paths.weights[np.array(paths.times) > paths.reference]


def as_leads(paths: Paths) -> Leads:
    """The event study in order of time, with the average over the periods after the start weighted by treated rows."""
    order = np.argsort(paths.times)
    times = np.array(paths.times)[order]
    weights = paths.weights[order][times > paths.reference]
    cov = paths.cov[np.ix_(order, order)]
    return Leads(
        beta=paths.beta[order],
        cov=(cov + cov.T) / 2,
        n_leads=int((times < paths.reference).sum()),
        parts=weights / weights.sum(),
    )


def sensitivity_points(paths: Paths) -> tuple[Point, ...]:
    """Robust intervals at the two decision values, for the appendix; none if they cannot be computed."""
    return honest_curve(paths, MBARS)


def honest_curve(
    paths: Paths, values: tuple[float, ...], *, is_smoothness: bool = False
) -> tuple[Point, ...]:
    """Robust 95 % intervals at many values of Mbar (or of M, the bend a period), in the coefficients' unit.

    ``label`` is the value; the estimate is the reported average under parallel trends.
    """
    if honest_problem(paths):
        return ()
    leads = as_leads(paths)
    frontier = find_frontier(leads)
    points = []
    for value in values:
        low, high = (
            shortest_interval(frontier, value) if is_smoothness else robust_interval(leads, value)
        )
        points.append(Point(f"{value:g}", leads.value, leads.std_error, low, high))
    return tuple(points)
