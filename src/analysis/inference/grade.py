"""Grade (how credible the design is) and verdict (what the interval says); both computed, never typed."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.inference.estimators.fits import FEW_ARM
from analysis.inference.record import GRADES, Check, Grade, Verdict

CEILING: dict[str, Grade] = {
    "lot": "A",
    "cutoff": "B",
    "staggered": "B",
    "chosen": "C",
    "volunteer": "C",
    "universal": "D",
    "adjusted_gap": "C",
    "raw_gap": "D",
}
MAX_STEPS = 2  # eight independent 5 % lines all pass in only 66 % of perfect studies


def grade_of(assignment: str, checks: Iterable[Check]) -> Grade:
    """The ceiling of the assignment, lowered by caps and by at most two steps; E if a check blocks any sentence."""
    checks = tuple(checks)
    if any(c.blocks for c in checks):
        return "E"
    capped = max([CEILING[assignment], *(c.cap for c in checks if c.cap is not None)])
    steps = min(MAX_STEPS, sum(c.steps for c in checks))
    return GRADES[min(GRADES.index(capped) + steps, GRADES.index("D"))]


def verdict_of(
    low: float | None,
    high: float | None,
    relevant: float | None,
    checks: Iterable[Check],
    level: float = 0.05,
) -> Verdict:
    """Direction if the adjusted interval excludes zero, bounded if inside the relevant effect, else undetermined.

    With two to five clusters in an arm the interval alone tells nothing: only where units were drawn by lot, and the
    p of dealing the lots anew is below ``level`` (5 % over the size of the family), may it give a direction.
    """
    checks = tuple(checks)
    is_few = has_few_clusters(checks)
    if low is None or high is None or (is_few and not is_beyond_chance(checks, level)):
        return "undetermined"
    if low > 0 or high < 0:
        return "direction"
    if relevant is not None and max(abs(low), abs(high)) < relevant and not is_few:
        return "bounded"
    return "undetermined"


def has_few_clusters(checks: Iterable[Check]) -> bool:
    """Whether an arm has so few clusters, five at most or one to a cohort, that its interval alone tells nothing."""
    return any(
        c.name == "clusters" and (c.verdict == "fail" or is_below(c, FEW_ARM)) for c in checks
    )


def is_beyond_chance(checks: Iterable[Check], level: float) -> bool:
    """Whether units were drawn by lot (else few clusters fail) and another deal would seldom give as much."""
    by_name = {c.name: c for c in checks}
    clusters, dealt = by_name.get("clusters"), by_name.get("randomisation")
    is_lot = clusters is not None and clusters.verdict != "fail"
    return is_lot and dealt is not None and is_below(dealt, level)


def is_below(check: Check, limit: float) -> bool:
    """Whether a check has a value, and it is below a limit."""
    return check.value is not None and check.value < limit


def cost_of(assignment: str, checks: Iterable[Check]) -> tuple[str, ...]:
    """Which lines cost what, for the record: names of checks that capped, cost a step, or blocked."""
    return tuple(c.name for c in checks if c.blocks or c.cap is not None or c.steps)
