"""What data can detect, in closed form: 80 % power, 5 % level, two-sided, unless asked otherwise."""

from __future__ import annotations

from statsmodels.stats.power import TTestIndPower

MDE_FACTOR = 2.8  # 1.96 + 0.84 standard errors


def sample_size_per_arm(d: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """People in each of two equal arms to see a standardised difference ``d`` (Cohen 1988), by the noncentral t."""
    return float(TTestIndPower().solve_power(effect_size=d, power=power, alpha=alpha))


def smallest_effect(std_error: float) -> float:
    """The effect seen with 80 % power at the two-sided 5 % level: 2.8 standard errors (Bloom 1995)."""
    return MDE_FACTOR * std_error
