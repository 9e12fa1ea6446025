"""What data can detect, in closed form: 80 % power, 5 % level, two-sided, unless asked otherwise."""

from __future__ import annotations

import numpy as np
from scipy import stats
from statsmodels.stats.power import TTestIndPower

POWER = 0.8


def sample_size_per_arm(d: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """People in each of two equal arms to see a standardised difference ``d`` (Cohen 1988), by the noncentral t."""
    return float(TTestIndPower().solve_power(effect_size=d, power=power, alpha=alpha))


def smallest_effect(std_error: float, df: float = np.inf, level: float = 0.05) -> float:
    """The effect seen with 80 % power at a two-sided ``level``: 2.8 standard errors at 5 % and many clusters.

    (t_{1-level/2} + t_{.8}) standard errors with ``df`` degrees of freedom (Bloom 1995, Evaluation Review 19). A
    family's level is 5 % over its size: only what is adjusted gives a direction.
    """
    return float((stats.t.ppf(1 - level / 2, df) + stats.t.ppf(POWER, df)) * std_error)
