"""Grade (how credible the design is) and verdict (what the interval says); both computed, never typed."""

from __future__ import annotations

from collections.abc import Iterable

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
    low: float | None, high: float | None, relevant: float | None, checks: Iterable[Check]
) -> Verdict:
    """Direction if the adjusted interval excludes zero, bounded if inside the relevant effect, else undetermined.

    With two to five clusters in an arm nothing can be told, whatever the interval says.
    """
    too_few = any(c.name == "clusters" and c.verdict == "fail" for c in checks)
    if low is None or high is None or too_few:
        return "undetermined"
    if low > 0 or high < 0:
        return "direction"
    if relevant is not None and max(abs(low), abs(high)) < relevant:
        return "bounded"
    return "undetermined"


def cost_of(assignment: str, checks: Iterable[Check]) -> tuple[str, ...]:
    """Which lines cost what, for the record: names of checks that capped, cost a step, or blocked."""
    return tuple(c.name for c in checks if c.blocks or c.cap is not None or c.steps)
