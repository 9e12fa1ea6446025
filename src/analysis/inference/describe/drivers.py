"""Which of several gaps is the largest, and whether it can be told from the others."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pandas as pd

from analysis.inference.checking.sides import error_of
from analysis.inference.design import Design
from analysis.inference.estimators.fits import interval
from analysis.inference.estimators.regression import fit_regression
from analysis.inference.record import Arm, Estimate, Point
from analysis.inference.sample import draw_sample
from analysis.study.objects import Indicator

FOCUS = "is_focus"
DIFFERENCE = "difference"


def drivers_record(blank: Estimate, indicator: Indicator, now: pd.DataFrame) -> Estimate:
    """The like-for-like gap of each of the ``measures``, for the same teachers, and its difference from the largest.

    Series ``gaps``: one point per measure; ``apart``: the largest gap less each other one, with ranges that hold for
    all pairs together (Bonferroni over the pairs, since the largest is picked). The verdict is ``direction`` if the
    largest gap points to the problem and is told from all others. Errors by school.
    """
    names = [m for m in indicator.measures if m in now and now[m].notna().any()]
    if len(names) < 2 or indicator.group not in now:
        return replace(blank, reason="no_outcome")
    sides = now[now[indicator.group].isin(indicator.focus + indicator.reference)]
    sides = sides[sides[names].notna().all(axis=1)]
    sides = sides.assign(**{FOCUS: sides[indicator.group].isin(indicator.focus).astype(float)})
    if sides[FOCUS].nunique() < 2:
        return replace(blank, reason="one_arm")
    gaps = [gap_point(sides, sides[m], m, indicator, 1) for m in names]
    if any(g.estimate is None for g in gaps):
        return replace(blank, reason="too_few")
    sign = 1 if indicator.supports == "higher" else -1
    largest = max(gaps, key=lambda g: sign * (g.estimate or 0.0))
    pairs = len(list(combinations(names, 2)))
    apart = [
        gap_point(sides, sides[largest.label] - sides[m], m, indicator, pairs)
        for m in names if m != largest.label
    ]  # fmt: skip
    return driven(blank, sides, largest, (tuple(gaps), tuple(apart)), sign)


def driven(
    blank: Estimate, sides: pd.DataFrame, largest: Point,
    found: tuple[tuple[Point, ...], tuple[Point, ...]], sign: int,
) -> Estimate:  # fmt: skip
    """The record of the largest gap with both series."""
    gaps, apart = found
    is_told = all(min(sign * (p.ci_low or 0.0), sign * (p.ci_high or 0.0)) > 0 for p in apart)
    is_gap = min(sign * (largest.ci_low or 0.0), sign * (largest.ci_high or 0.0)) > 0
    arms = {
        name: Arm(int(rows["teacher_id"].nunique()), int(rows["school_id"].nunique()), None, None)
        for name, rows in (
            ("focus", sides[sides[FOCUS] == 1]),
            ("reference", sides[sides[FOCUS] == 0]),
        )
    }
    return replace(
        blank,
        outcome=largest.label,
        estimate=largest.estimate,
        std_error=largest.std_error,
        ci_low=largest.ci_low,
        ci_high=largest.ci_high,
        grade="D",
        verdict="direction" if is_told and is_gap else "undetermined",
        n_teachers=int(sides["teacher_id"].nunique()),
        n_schools=int(sides["school_id"].nunique()),
        n_treated=arms["focus"].n_teachers,
        arms=arms,
        series={"gaps": gaps, "apart": apart},
    )


def gap_point(
    sides: pd.DataFrame, values: pd.Series, label: str, indicator: Indicator, pairs: int
) -> Point:
    """Focus less reference in ``values``, aligned, with the range for one of ``pairs`` comparisons; none if unknown."""
    rows = sides.assign(**{DIFFERENCE: values.astype(float)})
    design = Design(
        kind="linear", outcome=DIFFERENCE, treatment=FOCUS, cluster="school_id", unit="points",
        controls=indicator.adjust,
    )  # fmt: skip
    sample = draw_sample(rows, design)
    fit = fit_regression(sample)
    if fit.problem or len(sample.y) <= sample.x.shape[1] or fit.df < 1:
        return Point(label, None)
    error = error_of(sample, fit)[1]
    low, high = interval(fit.value, error, fit.df, 1 - 0.05 / pairs)
    return Point(label, fit.value, error, low, high, len(sample.y))
