"""What data of this size can detect, in closed form: 80 % power, 5 % level, two-sided, unless asked otherwise."""

from __future__ import annotations

import math

from scipy import stats
from statsmodels.stats.power import TTestIndPower

MDE_FACTOR = 2.8  # 1.96 + 0.84 standard errors


def sample_size_per_arm(d: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """People in each of two equal arms to see a standardised difference ``d`` (Cohen 1988), by the noncentral t."""
    return float(TTestIndPower().solve_power(effect_size=d, power=power, alpha=alpha))


def smallest_effect(std_error: float) -> float:
    """The effect seen with 80 % power at the two-sided 5 % level: 2.8 standard errors (Bloom 1995)."""
    return MDE_FACTOR * std_error


def design_effect(size: float, icc: float) -> float:
    """How much ``size`` alike people per cluster swell a variance: 1 + (m - 1) rho (Kish 1965)."""
    return 1 + (size - 1) * icc


def effective_number(n: float, size: float, icc: float) -> float:
    """How many people that have nothing to do with each other say as much as ``n`` in clusters of ``size``."""
    return n / design_effect(size, icc)


def detection_factor(df: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Standard errors of the smallest effect with few clusters: t(1 - alpha/2) + t(power) at ``df`` (Bloom 1995)."""
    return float(stats.t.ppf(1 - alpha / 2, df) + stats.t.ppf(power, df))


def smallest_effect_clustered(
    n_treated: int, n_control: int, size: float, icc: float, spread: float = 1.0
) -> float:
    """The smallest effect that clusters of ``size`` people could show, in the unit of ``spread`` (a person's SD).

    Variance: spread^2 (rho + (1 - rho)/m) (1/J1 + 1/J0); the factor has J1 + J0 - 2 degrees of freedom (Bloom,
    Richburg-Hayes and Black 2007, EEPA 29). ValueError below three clusters or with an empty arm.
    """
    if min(n_treated, n_control) < 1 or n_treated + n_control < 3:
        raise ValueError("each arm needs a cluster, and both together three")
    variance = design_effect(size, icc) / size * (1 / n_treated + 1 / n_control)
    return detection_factor(n_treated + n_control - 2) * spread * math.sqrt(variance)
