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

    The interval of an estimate is drawn at the level at which Holm tests it, so that interval and p agree.
    """
    tested = [e for e in estimates if e.p_value is not None]
    ps = [e.p_value for e in tested]
    adjusted = multipletests(ps, alpha=LEVEL, method="holm")[1] if ps else []
    by_id = {e.id: _adjusted(e, float(p)) for e, p in zip(tested, adjusted, strict=True)}
    return tuple(judge(by_id.get(e.id, e)) for e in estimates)


def _adjusted(estimate: Estimate, p_adjusted: float) -> Estimate:
    """The estimate with its adjusted p and the interval at the matching level."""
    raw = estimate.p_value or 0.0
    factor = max(1.0, p_adjusted / raw) if raw > 0 else 1.0
    low, high = interval(
        estimate.estimate or 0.0, estimate.std_error or 0.0, estimate.df or 1.0, 1 - LEVEL / factor
    )
    return replace(estimate, p_adjusted=p_adjusted, ci_adj_low=low, ci_adj_high=high)


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
