"""Adjusting p-values and intervals over the programmes looked at for one outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from statsmodels.stats.multitest import multipletests

from analysis.inference.fits import interval
from analysis.inference.grade import grade_of, verdict_of
from analysis.inference.record import Estimate

LEVEL = 0.05


def adjust_family(estimates: Sequence[Estimate]) -> tuple[Estimate, ...]:
    """Holm-adjusted p and interval for each estimate that has one, then its grade and verdict.

    The interval is drawn at the level at which Holm tests the estimate while it is rejected, and at Bonferroni's
    level for the whole family once it is not, so that ``bounded`` is never easier than the family allows.
    """
    tested = [e for e in estimates if e.p_value is not None]
    ps = [e.p_value for e in tested]
    adjusted = multipletests(ps, alpha=LEVEL, method="holm")[1] if ps else []
    order = sorted(range(len(ps)), key=lambda i: ps[i] or 0.0)
    factors = {tested[i].id: len(ps) - rank for rank, i in enumerate(order)}
    by_id = {
        e.id: _adjusted(e, float(p), factors[e.id], len(ps))
        for e, p in zip(tested, adjusted, strict=True)
    }
    return tuple(judge(by_id.get(e.id, e)) for e in estimates)


def _adjusted(estimate: Estimate, p_adjusted: float, holm: int, size: int) -> Estimate:
    """The estimate with its adjusted p, the interval at the matching level, and the size of its family."""
    factor = holm if p_adjusted < LEVEL else size
    low, high = interval(
        estimate.estimate or 0.0, estimate.std_error or 0.0, estimate.df or 1.0, 1 - LEVEL / factor
    )
    return replace(estimate, p_adjusted=p_adjusted, ci_adj_low=low, ci_adj_high=high, n_family=size)


def judge(estimate: Estimate) -> Estimate:
    """The estimate with grade and verdict computed from its assignment, checks and adjusted interval."""
    if estimate.estimate is None:
        return replace(estimate, grade="E", verdict="undetermined")
    return replace(
        estimate,
        grade=grade_of(estimate.assignment, estimate.checks),
        verdict=verdict_of(
            estimate.ci_adj_low, estimate.ci_adj_high, estimate.relevant_effect, estimate.checks
        ),
    )
