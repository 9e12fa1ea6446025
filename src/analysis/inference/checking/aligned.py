"""The checks of an effect aligned on earlier scores (E4), beyond those every estimate carries."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from analysis.inference.checking.aipw_variants import aipw_variants, placebo_design
from analysis.inference.checking.balance import balance_check, overlap_check
from analysis.inference.checking.hidden import robustness_check
from analysis.inference.checking.lots import (
    coefficient_statistic,
    drawn_units,
    randomisation_check,
    randomisation_p,
)
from analysis.inference.checking.refits import refit_all, refit_one
from analysis.inference.checking.sides import uses_jackknife
from analysis.inference.checking.stability import curve_check, curve_points, placebo_check
from analysis.inference.design import Design
from analysis.inference.estimators.aipw import fit_aipw
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.record import Check, Estimate, Point
from analysis.inference.sample import Sample

UNIT = "drawn_unit"
Found = tuple[tuple[Check, ...], dict[str, tuple[Point, ...]]]


def check_aligned(
    frame: pd.DataFrame, sample: Sample, fitted: Fitted, record: Estimate, cheap: bool
) -> Found:
    """Balance and overlap after weighting, hidden causes, an earlier score as placebo, specifications, and the lot."""
    design = sample.design
    balance = balance_check(sample, fitted)
    common: tuple[Check, ...] = (balance, overlap_check(sample, fitted))
    if design.assignment == "lot":  # nobody chose: what chance left uneven is adjusted for
        common = tuple(uncapped(c) for c in common)
    common += (robustness_check(sample, fitted, record.std_error or 0.0),)
    if cheap:
        return common, {}
    plain = partial(fit_aipw, with_jackknife=uses_jackknife(sample))
    results = refit_all(sample, aipw_variants(design), plain)
    placebo = refit_one(sample, placebo_of(design), fit_aipw)
    lines, series = refit_lines(sample, record, results, placebo, "no earlier score")
    return (*common, *lines), series


def refit_lines(
    sample: Sample,
    record: Estimate,
    results: dict[str, Fitted],
    placebo: Fitted | None,
    reason: str,
) -> Found:
    """What comparisons of people (E3, E4) learn from fitting again: placebo, specifications, and the lot."""
    few = uses_jackknife(sample)
    points = curve_points(results, is_few=few)
    lines = (
        placebo_check("placebo_outcome", placebo, is_few=few, reason=reason, applies=False),
        curve_check(points, record.estimate or 0.0, record.std_error or 1.0),
        lot_check(sample, record),
    )
    return lines, {"specifications": points} if points else {}


def uncapped(check: Check) -> Check:
    """The check as information only."""
    return Check(check.name, check.value, check.verdict, detail=check.detail)


def placebo_of(design: Design) -> Design | None:
    """The same comparison one score earlier, of changes where changes are compared; None without an earlier score."""
    if not design.placebo_baseline:
        return placebo_design(design)
    # the school's mean before holds the placebo itself, so the earlier score stands alone beside the roster
    return replace(
        design, outcome=design.placebo_outcome, linear=(design.placebo_baseline,),
        placebo_outcome="", placebo_baseline="",
    )  # fmt: skip


def lot_check(sample: Sample, record: Estimate) -> Check:
    """The p of the lot dealt anew inside its strata, where places were drawn by lot; a person in two lots is two.

    Not run where rows of one unit differ in exposure or stratum: then no unit was drawn as a whole.
    """
    design = sample.design
    if design.assignment != "lot" or not design.unit_id:
        return randomisation_check(None, record.p_value)
    keys = [c for c in (design.unit_id, design.time) if c]
    rows = sample.rows.assign(**{UNIT: sample.rows.groupby(keys, sort=False).ngroup()})
    drawn = [design.treatment, *design.strata]
    if (rows.groupby(UNIT)[drawn].nunique(dropna=False) > 1).any(axis=None):
        return randomisation_check(None, record.p_value)
    units = drawn_units(rows, design.treatment, UNIT, design.strata)
    if not units.is_whole():
        return randomisation_check(None, record.p_value)
    others = np.delete(sample.x, 1, axis=1)
    statistic = coefficient_statistic(sample.y, others, units, sample.groups)
    return randomisation_check(
        randomisation_p(statistic, units.labels, units.strata), record.p_value
    )
