"""How numbers are printed: decimals by base and range, signs as words, and the slot that carries them."""

from __future__ import annotations

import math

from analysis.release.claims import Slot
from analysis.release.wording import phrase

MIN_FINE_BASE = 1000
FINEST = 6  # decimals; an end so small still shows on which side of zero it lies
TEN_THOUSAND, MANY = 10_000, 100_000


def level_decimals(n: int, unit: str) -> int:
    """Shares: one decimal from 1000 persons on, whole numbers below; everything else always one."""
    return 1 if unit != "pp" or n >= MIN_FINE_BASE else 0


def difference_decimals(low: float | None, high: float | None, *ends: float | None) -> int:
    """One decimal; none for a range of 10 or more, two for one under 0.3; more if an end would print as zero."""
    width = None if low is None or high is None else high - low
    decimals = 1 if width is None else 0 if width >= 10 else 2 if width < 0.3 else 1
    shown = [e for e in (low, high, *ends) if e]
    while decimals < FINEST and any(round(e, decimals) == 0 for e in shown):
        decimals += 1
    return decimals


def round_text(value: float, decimals: int) -> str:
    """A number with fixed decimals, halves away from zero as readers expect, no minus for a printed zero."""
    factor = 10**decimals
    rounded = math.copysign(math.floor(abs(value) * factor + 0.5) / factor, value)
    return f"{abs(rounded) if rounded == 0 else rounded:.{decimals}f}"


def level_text(value: float, unit: str, n: int) -> str:
    """A level with its unit; a share that is not exactly 0 or 100 never prints as if it were."""
    decimals = level_decimals(n, unit)
    if unit != "pp":
        return round_text(value, decimals) + phrase("unit", unit)
    while decimals < 3 and 0 < value < 100 and float(round_text(value, decimals)) in (0.0, 100.0):
        decimals += 1
    return round_text(value, decimals) + phrase("unit", "percent")


def signed_text(value: float, unit: str, decimals: int, is_change: bool = False) -> str:
    """A difference with its sign as a word and its unit; a change over time of a share rises or falls.

    One that prints as zero has neither: it is level.
    """
    sign = "negative" if value < 0 else "positive"
    number = round_text(abs(value), decimals)
    if float(number) == 0:
        return phrase("sign", "none")
    words = "change" if is_change and unit == "pp" else unit
    return phrase("sign", f"{words}_{sign}") + number + phrase("unit", unit)


def size_text(value: float, unit: str, decimals: int) -> str:
    """The size of a difference without its sign, with its unit."""
    return round_text(abs(value), decimals) + phrase("unit", unit)


def level_slot(name: str, value: float, unit: str, n: int, source: str) -> Slot:
    """A slot for a level."""
    text = level_text(value, unit, n)
    return Slot(name, value, text, "%" if unit == "pp" else unit, source, level_decimals(n, unit))


def signed_slot(
    name: str, value: float, unit: str, decimals: int, source: str, is_change: bool = False
) -> Slot:
    """A slot for a signed difference."""
    text = signed_text(value, unit, decimals, is_change)
    return Slot(name, value, text, unit, source, decimals)


def size_slot(name: str, value: float, unit: str, decimals: int, source: str) -> Slot:
    """A slot for an unsigned size."""
    return Slot(name, value, size_text(value, unit, decimals), unit, source, decimals)


def count_text(value: int) -> str:
    """A count in prose: exact up to five digits, then in ten thousands with one decimal."""
    if value < MANY:
        return str(value)
    return round_text(value / TEN_THOUSAND, 1) + phrase("unit", "ten_thousand")


def count_slot(name: str, value: int, source: str) -> Slot:
    """A slot for a count; the unit stands in the sentence."""
    return Slot(name, float(value), count_text(value), "count", source, 0)


def plain_slot(name: str, value: float, decimals: int, source: str) -> Slot:
    """A slot for a bare number such as a ratio."""
    return Slot(name, value, round_text(value, decimals), "", source, decimals)
