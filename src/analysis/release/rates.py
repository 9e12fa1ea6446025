"""Rare rates: the ratio first, both rates beside it, and so many in a hundred or a thousand on one base."""

from __future__ import annotations

from analysis.inference.record import Estimate
from analysis.release.claims import Slot
from analysis.release.numbers import plain_slot, round_text
from analysis.release.wording import phrase

RARE = 10.0  # a rate below this (%) is rare
HUNDRED, THOUSAND = 100, 1000
DECIMALS = 2  # of a ratio
NEAR = 0.45  # of a person: how far rounding may move a difference


def leads_with_ratio(estimate: Estimate) -> bool:
    """Whether both rates are shown and rare, and the ratio has a range on one side of no difference."""
    rates = shown_rates(estimate)
    if rates is None or estimate.ratio is None or max(rates) >= RARE:
        return False
    low, high = estimate.ratio_low, estimate.ratio_high
    is_apart = low is not None and high is not None and (high < 1 or low > 1)
    printed = [round_text(v, DECIMALS) for v in (low or 0.0, high or 0.0)]
    return is_apart and round_text(1, DECIMALS) not in printed


def shown_rates(estimate: Estimate) -> tuple[float, float] | None:
    """The rates of the exposed and the others; None unless it is a rate and both may be shown."""
    sides = [estimate.arms.get(s) for s in ("treated", "control")]
    levels = [a.level for a in sides if a is not None and a.level is not None]
    return (levels[0], levels[1]) if estimate.unit == "pp" and len(levels) == 2 else None


def ratio_slots(estimate: Estimate) -> tuple[Slot, ...]:
    """The ratio with its range, and how far it is from one in per cent."""
    ratio = estimate.ratio or 0.0
    parts = (
        ("ratio", ratio),
        ("ratio_low", estimate.ratio_low or 0.0),
        ("ratio_high", estimate.ratio_high or 0.0),
    )
    slots = tuple(plain_slot(n, v, DECIMALS, estimate.id) for n, v in parts)
    change = 100 * abs(ratio - 1)
    text = round_text(change, 0) + phrase("unit", "percent")
    return (*slots, Slot("relative", change, text, "%", estimate.id, 0))


def relative_words(estimate: Estimate) -> str:
    """Whether the ratio is below or above one."""
    return phrase("effect", "relative_lower" if (estimate.ratio or 0.0) < 1 else "relative_higher")


def per_hundred_slots(estimate: Estimate) -> tuple[str, tuple[Slot, ...]]:
    """Two rare rates as whole persons on one base; nothing where rounding would make or hide a difference."""
    rates = shown_rates(estimate)
    if rates is None or max(rates) >= RARE or min(rates) <= 0:
        return "", ()
    sizes = [estimate.arms[s].n_teachers for s in ("treated", "control")]
    bases = [HUNDRED, THOUSAND] if min(sizes) >= THOUSAND else [HUNDRED]
    base = next((b for b in bases if tells_truly(rates, b)), None)
    if base is None:
        return "", ()
    slots = tuple(
        plain_slot(f"k_{side}", r * base / HUNDRED, 0, estimate.id)
        for side, r in zip(("treated", "control"), rates, strict=True)
    )
    return "per_hundred" if base == HUNDRED else "per_thousand", slots


def tells_truly(rates: tuple[float, float], base: int) -> bool:
    """Whether the rounded persons lie as far apart as the rates do, within half a person, and none is nought."""
    exact = [r * base / HUNDRED for r in rates]
    whole = [float(round_text(v, 0)) for v in exact]
    return 0 not in whole and abs((whole[0] - whole[1]) - (exact[0] - exact[1])) <= NEAR
