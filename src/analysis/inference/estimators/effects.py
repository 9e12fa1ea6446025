"""From a fit to the effect on the treated, in the unit a reader knows: points, or percentage points and a ratio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.inference.estimators.fits import Fit, weight_of
from analysis.inference.sample import Sample


@dataclass(frozen=True)
class Effect:
    """One effect and how it varies: ``gradient`` (k) is its derivative by the coefficients.

    ``value`` in points or percentage points; ``ratio`` of risks with ``log_ratio_gradient`` for yes/no outcomes.
    """

    value: float
    gradient: np.ndarray
    ratio: float | None = None
    log_ratio_gradient: np.ndarray | None = None

    def std_error(self, cov: np.ndarray) -> float:
        """Delta-method standard error under one covariance (k by k)."""
        return float(np.sqrt(self.gradient @ cov @ self.gradient))

    def log_ratio_error(self, cov: np.ndarray) -> float:
        """Delta-method standard error of the log ratio; ValueError if there is no ratio."""
        if self.log_ratio_gradient is None:
            raise ValueError("this effect has no ratio")
        return float(np.sqrt(self.log_ratio_gradient @ cov @ self.log_ratio_gradient))


def linear_effect(sample: Sample, fit: Fit, scale: float = 1.0) -> Effect:
    """The treatment coefficient, times ``scale`` (100 turns a share into percentage points)."""
    gradient = np.zeros(len(fit.beta))
    gradient[1] = scale
    return Effect(value=scale * float(fit.beta[1]), gradient=gradient)


def risk_effect(sample: Sample, fit: Fit) -> Effect:
    """Average risk difference (percentage points) and risk ratio over the treated rows.

    For each treated row the risk with and without treatment, averaged: the average effect on the treated on the
    model's scale; its derivative by the delta method (Wooldridge 2023, The Econometrics Journal 26).
    """
    weight = weight_of(sample)[sample.is_treated]
    x_with = sample.x[sample.is_treated]
    x_without = x_with.copy()
    x_without[:, 1] = 0.0
    p1, g1 = mean_risk(x_with, fit.beta, weight)
    p0, g0 = mean_risk(x_without, fit.beta, weight)
    return Effect(
        value=100 * (p1 - p0),
        gradient=100 * (g1 - g0),
        ratio=p1 / p0,
        log_ratio_gradient=g1 / p1 - g0 / p0,
    )


def mean_risk(x: np.ndarray, beta: np.ndarray, weight: np.ndarray) -> tuple[float, np.ndarray]:
    """Weighted mean predicted risk of n rows and its gradient (k)."""
    p = 1 / (1 + np.exp(-(x @ beta)))
    slope = (p * (1 - p))[:, None] * x
    return float(np.average(p, weights=weight)), np.average(slope, axis=0, weights=weight)
