"""Whether both sides moved together before the start, and what the test of it could not have seen.

A joint test of the leads finds a hidden trend seldom (Roth 2022, American Economic Review: Insights 4), so it is
never reported without the smallest linear trend that it finds four times in five, and the bias of such a trend.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, stats

from analysis.inference.checking.honest import MIN_LEADS, covariance_problem
from analysis.inference.estimators.fitted import Paths
from analysis.inference.record import Check

NAME = "pre_period"
LEVEL, POWER = 0.05, 0.80


def lead_check(paths: Paths, df: float) -> Check:
    """P of the joint test of all leads (value), with the smallest detectable trend and its bias in the detail.

    Fewer than two leads besides the reference cap and a rejection cap at C; not rejecting is never evidence by itself.
    Trend and bias are in the unit of ``paths``, a trend per period.
    """
    count = int(is_before(paths).sum())
    if count < MIN_LEADS:
        return Check(NAME, count, "fail", cap="C", detail="fewer than two leads")
    problem = lead_problem(paths, df)
    if problem:
        return Check(NAME, None, "not_run", cap="C", detail=problem)
    p = lead_p(paths, df)
    trend, bias = lead_power(paths, df)
    detail = f"leads={count}, smallest trend={trend:.3g}, implied bias={bias:.3g}"
    is_fine = p >= LEVEL
    return Check(
        NAME, p, "pass" if is_fine else "fail", cap=None if is_fine else "C", detail=detail
    )


def is_before(paths: Paths) -> np.ndarray:
    """T booleans: whether a period lies before the reference."""
    return np.array(paths.times) < paths.reference


def lead_problem(paths: Paths, df: float) -> str:
    """Why the leads cannot be tested, as words for a check's detail; empty if they can."""
    own = is_before(paths)
    if not df > 0:
        return "no degrees of freedom"
    return covariance_problem(paths.beta[own], paths.cov[np.ix_(own, own)])


def lead_p(paths: Paths, df: float) -> float:
    """P of the Wald test that every lead is zero, as F with k and ``df`` degrees of freedom (clusters less one)."""
    own = is_before(paths)
    beta, cov = paths.beta[own], paths.cov[np.ix_(own, own)]
    wald = float(beta @ np.linalg.solve(cov, beta)) / len(beta)
    return float(stats.f.sf(wald, len(beta), df))


def lead_power(paths: Paths, df: float = np.inf) -> tuple[float, float]:
    """The linear trend a period that the joint test finds with 80 % power, and its bias on the reported average.

    Under a trend of slope s the Wald statistic is a non-central F with s squared times d' V^-1 d (d: periods from the
    reference, V: covariance of the leads). The bias is s times the mean distance of the periods after the start from
    the reference, weighted by treated rows: what the trend adds to an average that stands against the reference.
    """
    own = is_before(paths)
    distance = np.array(paths.times, dtype=float) - paths.reference
    d, cov = distance[own], paths.cov[np.ix_(own, own)]
    trend = float(np.sqrt(needed_noncentrality(len(d), df) / (d @ np.linalg.solve(cov, d))))
    weights = np.where(own, 0.0, paths.weights)
    return trend, trend * float(np.average(distance, weights=weights))


def needed_noncentrality(k: int, df: float) -> float:
    """Non-centrality at which a test of ``k`` coefficients at 5 % has 80 % power; chi-squared for infinite ``df``."""
    if np.isinf(df):
        critical = stats.chi2.isf(LEVEL, k)
        return float(optimize.brentq(lambda n: stats.ncx2.sf(critical, k, n) - POWER, 1e-3, 1e3))
    critical = stats.f.isf(LEVEL, k, df)
    return float(optimize.brentq(lambda n: stats.ncf.sf(critical, k, df, n) - POWER, 1e-3, 1e4))
