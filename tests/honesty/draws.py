"""One draw: a panel, every programme held against its outcomes, and what is kept of each estimate."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.grade import cost_of
from analysis.inference.record import Estimate
from analysis.panel.build import Panel
from analysis.study.objects import Study
from analysis.synthetic.worlds import DrawnPanel
from tests.honesty.worlds import (
    PILOT,
    PSEUDO,
    SCORE,
    Plan,
    draw_world,
    panel_of,
    pseudo_pilot,
    study_of,
    truth_of,
)

DIGITS = 5  # significant; far finer than any Monte-Carlo error
CAUSAL, CLAIMED = ("A", "B"), ("A", "B", "C")  # grades of a causal verb, and of any claim


@dataclass(frozen=True)
class Measured:
    """What is kept of one estimate of one draw, in the estimate's unit; ``truth`` of that very draw.

    ``cost``: names of the checks that lowered the grade, joined by blanks. At the estimator level everything after
    ``reason`` is left out: without all checks a grade means nothing.
    """

    estimate: float | None
    std_error: float | None
    ci_low: float | None
    ci_high: float | None
    p_value: float | None
    p_adjusted: float | None
    truth: float | None
    reason: str = ""
    grade: str = ""
    verdict: str = ""
    cost: str = ""
    relevant: float | None = None

    @property
    def is_estimated(self) -> bool:
        """Whether there is a number at all."""
        return self.estimate is not None

    @property
    def is_direction(self) -> bool:
        """Whether the adjusted interval excludes zero."""
        return self.verdict == "direction"

    @property
    def is_claimed(self) -> bool:
        """Whether the report would state a direction as a finding: grade C or better."""
        return self.is_direction and self.grade in CLAIMED

    @property
    def is_causal(self) -> bool:
        """Whether it would state it as an effect: grade B or better."""
        return self.is_direction and self.grade in CAUSAL

    @property
    def has_right_sign(self) -> bool:
        """Whether the estimate points where the truth does; never where the truth is nothing."""
        return (self.estimate or 0.0) * (self.truth or 0.0) > 0

    @property
    def is_wrong(self) -> bool:
        """Whether what would be said is not so: a claimed direction that is not there, a bound that does not hold."""
        if self.truth is None:
            return False
        beyond = self.relevant is not None and abs(self.truth) >= self.relevant
        is_bound = self.verdict == "bounded" and self.grade != "E"
        return (self.is_claimed and not self.has_right_sign) or (is_bound and beyond)


LEAST_FIELDS = 7  # up to the truth
FIELDS = tuple(f.name for f in fields(Measured))
Cells = dict[str, Measured]


def measure_draw(plan: Plan, seed: int) -> tuple[Cells, float]:
    """Cells (``programme:outcome``) of one draw, and the seconds that it took."""
    begin = time.perf_counter()
    drawn, study = draw_world(plan, seed), study_of(plan.is_short)
    cells = dict(measured(plan, study, drawn))
    return cells, round(time.perf_counter() - begin, 2)


def measured(plan: Plan, study: Study, drawn: DrawnPanel) -> Iterator[tuple[str, Measured]]:
    """Every programme whose exposure the drawn panel has, and the pilots with a pretended start."""
    panel = panel_of(drawn.frame)
    known = {o for i in study.interventions.values() for o in i.design}
    for outcome in sorted(known & set(plan.outcomes or known)):
        for found in evaluated(plan, study, panel, outcome):
            if f"exposed_{found.subject}_{outcome}" in drawn.frame:
                yield f"{found.subject}:{outcome}", kept(plan, found, truth_of(drawn, plan, found))
    is_asked = not plan.is_short and SCORE in (plan.outcomes or (SCORE,))
    before = pseudo_pilot(drawn) if is_asked else None
    if before is not None:
        yield f"{PSEUDO}:{SCORE}", pretended(plan, study, before)


def pretended(plan: Plan, study: Study, panel: Panel) -> Measured:
    """The pilots' estimate at a pretended start, alone in its family; nothing is true of it."""
    alone = study.model_copy(update={"interventions": {PILOT: study.interventions[PILOT]}})
    (found,) = evaluated(plan, alone, panel, SCORE)
    return kept(plan, found, 0.0)


def evaluated(plan: Plan, study: Study, panel: Panel, outcome: str) -> tuple[Estimate, ...]:
    """The estimates of one outcome under its primary definition; parts of a population are left out."""
    found = evaluate_outcome(study, panel, outcome, cheap=plan.level == "estimator")
    return tuple(e for e in found if e.family)


def kept(plan: Plan, estimate: Estimate, truth: float | None) -> Measured:
    """What is stored of an estimate at the plan's level."""
    e = estimate
    numbers = (e.estimate, e.std_error, e.ci_low, e.ci_high, e.p_value, e.p_adjusted)
    if plan.level == "estimator":
        return Measured(*numbers, truth, e.reason)
    cost = " ".join(cost_of(e.assignment, e.checks))
    return Measured(*numbers, truth, e.reason, e.grade, e.verdict, cost, e.relevant_effect)


def as_row(cell: Measured) -> list[float | str | None]:
    """A cell in the order of ``FIELDS``, numbers to five significant digits, without what is empty at the end."""
    row = [float(f"{v:.{DIGITS}g}") if isinstance(v, float) else v for v in astuple(cell)]
    while len(row) > LEAST_FIELDS and row[-1] in (None, ""):
        row.pop()
    return row
