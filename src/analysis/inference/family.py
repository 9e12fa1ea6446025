"""Adjusting p-values and intervals over the programmes looked at for one outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from statsmodels.stats.multitest import multipletests

from analysis.inference.estimators.fits import interval
from analysis.inference.grade import grade_of, verdict_of
from analysis.inference.power import smallest_effect
from analysis.inference.record import Check, Estimate

LEVEL = 0.05


def adjust_family(
    estimates: Sequence[Estimate], *, size: int | None = None
) -> tuple[Estimate, ...]:
    """Holm-adjusted p and interval for each estimate that has one, then its grade and verdict.

    The interval is drawn at the level at which Holm tests the estimate while it is rejected, and at Bonferroni's
    level for the whole family once it is not, so that ``bounded`` is never easier than the family allows.
    ``size``: members of the whole family where only some are at hand; Bonferroni at that size then, for Holm needs
    the others' p (Holm 1979, Scand. J. Stat. 6).
    """
    found = list(estimates)
    tested = [i for i, e in enumerate(found) if e.p_value is not None]
    ps = [found[i].p_value or 0.0 for i in tested]
    whole = max(len(ps), size or 0)
    ranks = {i: rank for rank, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i]))}
    for place, (i, p) in enumerate(zip(tested, adjusted_ps(ps, whole), strict=True)):
        holm = len(ps) - ranks[place] if whole == len(ps) else whole
        found[i] = _adjusted(found[i], p, holm, whole)
    return tuple(judge(e) for e in found)


def adjusted_ps(ps: Sequence[float], whole: int) -> list[float]:
    """The p adjusted over ``whole`` tests: by Holm if these are all of them, else by Bonferroni."""
    if not ps or whole > len(ps):
        return [min(1.0, whole * p) for p in ps]
    return [float(p) for p in multipletests(ps, alpha=LEVEL, method="holm")[1]]


def _adjusted(estimate: Estimate, p_adjusted: float, holm: int, size: int) -> Estimate:
    """The estimate with its adjusted p, the interval at the matching level, and the size of its family."""
    factor = holm if p_adjusted < LEVEL else size
    low, high = interval(
        estimate.estimate or 0.0, estimate.std_error or 0.0, estimate.df or 1.0, 1 - LEVEL / factor
    )
    mde = smallest_effect(estimate.std_error or 0.0, estimate.df or 1.0, LEVEL / size)
    lines = (
        multiplicity_check(estimate.p_value or 0.0, p_adjusted, size),
        Check("mde", mde, "pass"),
    )
    others = tuple(c for c in estimate.checks if c.name not in ("multiplicity", "mde"))
    return replace(
        estimate,
        p_adjusted=p_adjusted,
        ci_adj_low=low,
        ci_adj_high=high,
        n_family=size,
        mde=mde,
        checks=(*others, *lines),
    )


def multiplicity_check(p: float, p_adjusted: float, size: int) -> Check:
    """Whether a p below 5 % stays there once adjusted; costs nothing, for only what is adjusted gives a direction."""
    is_lost = p < LEVEL <= p_adjusted
    verdict: Literal["pass", "caution"] = "caution" if is_lost else "pass"
    return Check("multiplicity", p_adjusted, verdict, detail=f"family={size}")


def judge(estimate: Estimate) -> Estimate:
    """The estimate with grade and verdict computed from its assignment, checks and adjusted interval."""
    if estimate.estimate is None:
        return replace(estimate, grade="E", verdict="undetermined")
    return replace(
        estimate,
        grade=grade_of(estimate.assignment, estimate.checks),
        verdict=verdict_of(
            estimate.ci_adj_low,
            estimate.ci_adj_high,
            estimate.relevant_effect,
            estimate.checks,
            LEVEL / max(1, estimate.n_family),
        ),
    )
