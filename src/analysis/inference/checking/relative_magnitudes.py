"""Robust sets when later deviations from parallel trends are bounded by the largest earlier one.

Rambachan and Roth 2023 (Review of Economic Studies 90, 2555-2591), restriction "relative magnitudes" (section 2.4.1),
tested by the conditional least-favourable hybrid of Andrews, Roth and Pakes 2023 (Review of Economic Studies 90).
The linear programs of that test have a closed form here: per restriction the multipliers have only L + 2 vertices
(L periods after the start), so that nothing is searched for. See docs/decisions/0012.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

ALPHA = 0.05
KAPPA = ALPHA / 10  # size of the first stage, as in the authors' own program
SECOND = (ALPHA - KAPPA) / (1 - KAPPA)
DRAWS, SEED = 20_000, 20230901
ZERO = 1e-12


@dataclass(frozen=True)
class Leads:
    """An event study in order of time: P coefficients before the reference, L after it, their T by T covariance.

    ``parts``: L weights, sum 1, of the average that is reported.
    """

    beta: np.ndarray
    cov: np.ndarray
    n_leads: int
    parts: np.ndarray

    @property
    def n_lags(self) -> int:
        """Periods from the start on, L."""
        return len(self.beta) - self.n_leads

    @property
    def weights(self) -> np.ndarray:
        """T weights of the reported average: zeros before the start."""
        return np.concatenate([np.zeros(self.n_leads), self.parts])

    @property
    def value(self) -> float:
        """The reported average under parallel trends."""
        return float(self.weights @ self.beta)

    @property
    def std_error(self) -> float:
        """Its standard error."""
        return float(np.sqrt(self.weights @ self.cov @ self.weights))


@dataclass(frozen=True)
class Moments:
    """One polyhedron of the restriction: K statistics that are at most 0 in expectation at the true average.

    ``rows``: K by T, each scaled by the spread of its moments; ``cov``: K by K; ``critical``: first-stage value.
    """

    rows: np.ndarray
    cov: np.ndarray
    critical: float


def first_differences(n_leads: int, n_lags: int) -> np.ndarray:
    """T by T: the steps between neighbouring periods, from coefficients without the reference (which is 0)."""
    steps = np.diff(np.eye(n_leads + n_lags + 1), axis=0)
    return np.delete(steps, n_leads, axis=1)


def restriction(leads: Leads, step: int, sign: int, mbar: float) -> tuple[np.ndarray, np.ndarray]:
    """R by T rows and K by R multipliers of "every later step is at most ``mbar`` times the step ``step``".

    With several periods after the start only their rows are used, and the vertices of the multipliers (which let
    everything but the average cancel) are: both sides of one later step, or all upper, or all lower sides weighted by
    the average's remaining weight. With one such period all rows are used, each by itself.
    """
    steps = first_differences(leads.n_leads, leads.n_lags)
    bound: np.ndarray = sign * steps[step]
    after = steps[leads.n_leads :]
    rows = np.vstack([after - mbar * bound, -after - mbar * bound])
    n = leads.n_lags
    if n == 1:
        before = np.delete(steps[: leads.n_leads], step, axis=0)
        rows = np.vstack([rows, before - bound, -before - bound, -2 * bound])
        return rows, np.eye(len(rows))
    rest = np.cumsum(leads.parts[::-1])[::-1]
    up, down = np.maximum(rest, 0), np.maximum(-rest, 0)
    pairs = np.hstack([np.eye(n), np.eye(n)])
    return rows, np.vstack([pairs, np.r_[up, down], np.r_[down, up]])


def moments(leads: Leads, draws: np.ndarray, mbar: float) -> Iterator[Moments]:
    """The 2 P polyhedra whose union is the restriction: each earlier step, up or down, as the largest one.

    ``draws``: N by T of the coefficients' errors, for the first stage's critical value.
    """
    for step in range(leads.n_leads):
        for sign in (1, -1):
            rows, vertices = restriction(leads, step, sign, mbar)
            spread = np.sqrt(np.einsum("rt,tu,ru->r", rows, leads.cov, rows).clip(min=0))
            scaled = (vertices @ rows) / (vertices @ spread)[:, None]
            highest = (draws @ scaled.T).max(axis=1)
            critical = float(np.quantile(highest, 1 - KAPPA))
            yield Moments(scaled, scaled @ leads.cov @ scaled.T, critical)


def draw_errors(leads: Leads) -> np.ndarray:
    """N by T draws of the coefficients' errors, always the same ones."""
    normal = np.random.default_rng(SEED).standard_normal((DRAWS, len(leads.beta)))
    return normal @ np.linalg.cholesky(leads.cov).T


def rejects(leads: Leads, part: Moments, values: np.ndarray) -> np.ndarray:
    """N booleans: whether the hybrid test rejects that the average is each of N ``values``, for one polyhedron.

    The largest statistic is compared with its normal law given that it is the largest (truncated from ``low`` to
    ``high``) and given that the first stage did not reject (Andrews, Roth and Pakes, section 5).
    """
    is_lag = np.arange(len(leads.beta)) >= leads.n_leads
    stats = part.rows @ (leads.beta[:, None] - np.outer(is_lag, values))
    top = stats.argmax(axis=0)
    highest = stats.max(axis=0)
    variance = np.diag(part.cov)[top]
    is_free = variance > ZERO * np.diag(part.cov).max()
    slope = part.cov[:, top] / np.where(is_free, variance, 1.0)
    gap = 1 - slope
    bound = (stats - slope * highest) / np.where(np.abs(gap) > ZERO, gap, 1.0)
    low = np.where(gap > 1e-9, bound, -np.inf).max(axis=0)
    high = np.where(gap < -1e-9, bound, np.inf).min(axis=0)
    sd = np.sqrt(np.where(is_free, variance, 1.0))
    p = upper_tail(highest / sd, low / sd, np.minimum(high, part.critical) / sd)
    return is_free & (highest > 0) & ((highest > part.critical) | (p < SECOND))


def upper_tail(x: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """P(Z > x) of a standard normal truncated to ``low`` .. ``high``; from logarithms, so that far tails hold."""
    log_x, log_low, log_high = (special.log_ndtr(-v) for v in (x, np.minimum(low, x), high))
    over = -np.expm1(np.minimum(log_high - log_x, 0.0))
    all_of_it = -np.expm1(np.minimum(log_high - log_low, -ZERO))
    return np.exp(log_x - log_low) * over / all_of_it


def is_excluded(leads: Leads, mbar: float, value: float = 0.0) -> bool:
    """Whether ``value`` lies outside the robust set: every polyhedron of the union rejects it."""
    at = np.array([value])
    return all(bool(rejects(leads, m, at)[0]) for m in moments(leads, draw_errors(leads), mbar))


def robust_interval(leads: Leads, mbar: float, points: int = 1001) -> tuple[float, float]:
    """Ends of the robust 95 % set, on a grid 20 standard errors and the largest drift wide to both sides."""
    steps = first_differences(leads.n_leads, leads.n_lags)[: leads.n_leads] @ leads.beta
    drift = mbar * np.abs(steps).max() * float(np.arange(1, leads.n_lags + 1) @ np.abs(leads.parts))
    half = 20 * leads.std_error + drift
    grid = np.linspace(leads.value - half, leads.value + half, points)
    is_out = np.all(
        [rejects(leads, m, grid) for m in moments(leads, draw_errors(leads), mbar)], axis=0
    )
    inside = grid[~is_out]
    if len(inside) == 0:
        return float("nan"), float("nan")
    return float(inside[0]), float(inside[-1])
