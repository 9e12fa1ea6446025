"""Performance measures of a simulation, each with its Monte-Carlo error.

Source of measures and errors: Morris, White, Crowther (2019), Using simulation studies to evaluate statistical
methods, Statistics in Medicine 38, table 6. Bias and coverage are against the truth of the same draw, since the
planted effect of the people who happen to be exposed differs from draw to draw; the empirical standard error is, as
there, the standard deviation of the estimates, for a clustered error also answers for which schools were drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEVEL = 0.05


class NoFigureError(ValueError):
    """Too few numbers for a measure: a level that rests on it is missed, in words."""


@dataclass(frozen=True)
class Figure:
    """One measure over ``n`` draws with its Monte-Carlo standard error, both in the measure's unit."""

    value: float
    error: float
    n: int


def share(is_so: np.ndarray) -> Figure:
    """The share of draws in which something is so; error sqrt(p (1 - p) / n). NoFigureError without a draw."""
    n = len(is_so)
    if n == 0:
        raise NoFigureError("no draw has a number")
    p = float(np.mean(is_so))
    return Figure(p, float(np.sqrt(p * (1 - p) / n)), n)


def mean(values: np.ndarray) -> Figure:
    """The mean over draws; error SD / sqrt(n). NoFigureError with fewer than two draws."""
    n = len(values)
    if n < 2:
        raise NoFigureError("fewer than two draws have a number")
    return Figure(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(n)), n)


def bias(estimates: np.ndarray, truths: np.ndarray) -> Figure:
    """Mean of estimate less truth, in the estimate's unit."""
    return mean(estimates - truths)


def relative_bias(estimates: np.ndarray, truths: np.ndarray) -> Figure:
    """Bias as a share of the mean true effect; NoFigureError where the true effect is zero."""
    true = float(np.mean(truths))
    if true == 0:
        raise NoFigureError("the true effect is zero")
    found = bias(estimates, truths)
    return Figure(found.value / true, found.error / abs(true), found.n)


def error_ratio(estimates: np.ndarray, std_errors: np.ndarray) -> Figure:
    """Mean standard error over the standard deviation of the estimates.

    Its error is that of the standard deviation, ratio / sqrt(2 (n - 1)), with the error of the mean SE beside it.
    """
    n = len(estimates)
    spread = float(np.std(estimates, ddof=1))
    mean_error = mean(std_errors)
    ratio = mean_error.value / spread
    relative = np.hypot(1 / np.sqrt(2 * (n - 1)), mean_error.error / mean_error.value)
    return Figure(ratio, float(ratio * relative), n)


def coverage(lows: np.ndarray, highs: np.ndarray, truths: np.ndarray) -> Figure:
    """The share of intervals that hold the truth."""
    return share((lows <= truths) & (truths <= highs))


def rejection(p_values: np.ndarray) -> Figure:
    """The share of draws that reject zero at 5 %: the size where nothing is planted, else the power."""
    return share(p_values < LEVEL)


def family_wise(p_adjusted: np.ndarray) -> Figure:
    """The share of draws with any rejection among tests of nothing; draws by tests, NaN where there is no test."""
    return share((np.nan_to_num(p_adjusted, nan=1.0) < LEVEL).any(axis=1))
