"""The checks of a landmark hazard (E3), beyond those every estimate carries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.checking.aligned import refit_lines, uncapped
from analysis.inference.checking.balance import balance_check, overlap_check
from analysis.inference.checking.guards import separation_check
from analysis.inference.checking.hazard_variants import hazard_variants, placebo_design
from analysis.inference.checking.hidden import e_value_check
from analysis.inference.checking.refits import refit_all, refit_one
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard import fit_hazard
from analysis.inference.record import Check, Estimate, Point
from analysis.inference.sample import Sample

Found = tuple[tuple[Check, ...], dict[str, tuple[Point, ...]]]


def check_hazard(
    frame: pd.DataFrame, sample: Sample, fitted: Fitted, record: Estimate, cheap: bool
) -> Found:
    """Guards, balance and overlap after weighting, hidden causes, a placebo outcome, specifications, and the lot."""
    widening = (record.std_error or 1.0) / fitted.std_error
    common: tuple[Check, ...] = (balance_check(sample, fitted), overlap_check(sample, fitted))
    if sample.design.assignment == "lot":
        common = tuple(uncapped(c) for c in common)
    common += (separation_of(sample, fitted), e_value_check(fitted, sample, widening))
    if cheap:
        return common, {}
    plain = replace(sample.design, horizons=(), causes="")
    results = refit_all(sample, hazard_variants(plain), fit_hazard)
    placebo = refit_one(sample, placebo_design(plain), fit_hazard)
    lines, series = refit_lines(sample, record, results, placebo, "no such outcome")
    return (*common, *lines), series


def separation_of(sample: Sample, fitted: Fitted) -> Check:
    """The guard on the coefficient behind the ratio: its log and that log's error stand for it.

    Where the coefficient itself is asked for there is no ratio, and value and error are the coefficient's.
    """
    if sample.design.measure == "log_odds":
        value, std_error = np.array([fitted.value]), np.array([fitted.std_error])
        return separation_check(sample.y, sample.is_treated, value, std_error, fitted.problem)
    ratio = np.log(fitted.ratio) if fitted.ratio else np.nan
    error = fitted.log_ratio_error if fitted.log_ratio_error is not None else np.nan
    return separation_check(
        sample.y, sample.is_treated, np.array([ratio]), np.array([error]), fitted.problem
    )
