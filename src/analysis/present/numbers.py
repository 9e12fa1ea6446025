"""How numbers are printed in figures and their tables: rounded as ``release`` rounds those of the sentences."""

from __future__ import annotations

from analysis.inference.record import Arm, Estimate
from analysis.present.labels import word
from analysis.release.numbers import difference_decimals, level_decimals, round_text

MINUS = "\N{MINUS SIGN}"


def show(value: float, decimals: int) -> str:
    """A number with a true minus sign and no negative zero."""
    return round_text(value, decimals).replace("-", MINUS)


def decimals_for(estimate: Estimate) -> int:
    """Places of one estimate: a level's by its base, a difference's by its range."""
    if estimate.kind == "level":
        return level_decimals(estimate.n_teachers, estimate.unit)
    return difference_decimals(estimate.ci_low, estimate.ci_high, estimate.estimate)


def show_arm(arm: Arm | None, unit: str) -> str:
    """The level of one side, or the sign for what is hidden or absent."""
    if arm is None:
        return word("cell_missing")
    if arm.level is None:
        return word("cell_hidden")
    return show(arm.level, level_decimals(arm.n_teachers, unit))


def show_or_missing(value: float | None, decimals: int) -> str:
    """A number, or the sign for what is not in the data."""
    return word("cell_missing") if value is None else show(value, decimals)


def show_range(value: float, low: float | None, high: float | None, decimals: int) -> str:
    """A number with its range in brackets, lower end first; only the number if there is no range."""
    first = show(value, decimals)
    if low is None or high is None:
        return first
    ends = {"low": show(low, decimals), "high": show(high, decimals)}
    return word("range_cell", estimate=first, **ends)


def show_estimate(estimate: Estimate, decimals: int) -> str:
    """An estimate with its range, or the sign for hidden or for not in the data."""
    if estimate.estimate is None:
        return word("cell_hidden" if estimate.reason == "hidden" else "cell_missing")
    return show_range(estimate.estimate, estimate.ci_low, estimate.ci_high, decimals)
