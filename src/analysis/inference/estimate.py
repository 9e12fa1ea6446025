"""``estimate(frame, design)``: complete cases, fit, checks, grade and verdict, as one Estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.arms import arms_of, raw_difference
from analysis.inference.asked import check_design
from analysis.inference.blank import blank_estimate, with_interval
from analysis.inference.checking.required import run_checks
from analysis.inference.checking.sides import error_of, sides_check, sides_of
from analysis.inference.design import Design
from analysis.inference.estimators.absorbed import fit_absorbed
from analysis.inference.estimators.aipw import fit_aipw
from analysis.inference.estimators.fits import interval
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard import fit_hazard
from analysis.inference.estimators.oaxaca import fit_oaxaca
from analysis.inference.estimators.ordered import fit_ordered
from analysis.inference.estimators.regression import fit_regression
from analysis.inference.estimators.replicates import fit_replicates
from analysis.inference.estimators.staggered import EXACT, fit_staggered
from analysis.inference.estimators.survey import fit_mean
from analysis.inference.family import adjust_family
from analysis.inference.prepare import Prepared, prepare
from analysis.inference.record import Estimate, Point
from analysis.inference.sample import Sample, draw_sample

FITS: dict[str, Callable[[Sample], Fitted]] = {
    "staggered": fit_staggered,
    "hazard": fit_hazard,
    "aipw": fit_aipw,
    "linear": fit_regression,
    "logit": fit_regression,
    "replicate": fit_replicates,
    "mean": fit_mean,
    "oaxaca": fit_oaxaca,
    "ordered": fit_ordered,
}
NO_SIDES = ("staggered", "mean")  # kinds whose sides are no column of 0 and 1


def estimate(frame: pd.DataFrame, design: Design, *, cheap: bool = False) -> Estimate:
    """One question to a frame as one Estimate with its checks, grade and verdict, as a family of its own.

    ``frame``: one row per unit and period, columns by any names; ``cheap`` leaves out the checks that refit (for
    simulations; the grade then is capped as for any check that was not run). DataError if the design names a column
    that is not there; any other reason that nothing can be said is grade E with ``reason``, a key of wording.toml.
    """
    return adjust_family([measure(frame, design, cheap=cheap)])[0]


def measure(frame: pd.DataFrame, design: Design, *, cheap: bool = False) -> Estimate:
    """The Estimate before it is adjusted for its family and graded."""
    frame = frame.reset_index(drop=True)
    check_design(frame, design)
    given = prepare(frame, design)
    frame, design = given.rows, given.design
    sample = draw_sample(frame, design)
    blank = blank_estimate(design)
    reason = reason_against(frame, sample)
    if reason:
        return replace(blank, reason=reason, n_dropped=sample.n_dropped)
    if stands_alone(sample):
        record = with_counts(blank, sample, given, sample)
        return drop_if_blocked(replace(record, checks=(sides_check(sample),)))
    fitted = fit_of(sample)
    record = with_counts(blank, sample, given, used_of(sample, fitted))
    if fitted.problem:
        return replace(record, reason=fitted.problem)
    record = with_numbers(record, sample, fitted)
    if record.reason:
        return record
    checks, series = run_checks(frame, sample, fitted, record, cheap=cheap)
    return drop_if_blocked(replace(record, checks=checks, series=record.series | series))


def drop_if_blocked(record: Estimate) -> Estimate:
    """The record without its numbers if a check says that they mean nothing; the check stays as the reason."""
    blocking = [c.name for c in record.checks if c.blocks]
    if not blocking:
        return record
    return replace(
        record,
        estimate=None, std_error=None, ci_low=None, ci_high=None, p_value=None, mde=None,
        ratio=None, ratio_low=None, ratio_high=None, reason=f"blocked_{blocking[0]}",
        series={name: points for name, points in record.series.items() if name == "flow"},
    )  # fmt: skip


def stands_alone(sample: Sample) -> bool:
    """Whether one cluster is a whole side: nothing can be said, and leaving it out would leave nothing to fit."""
    design = sample.design
    return bool(design.cluster) and design.kind not in NO_SIDES and min(sides_of(sample)) < 2


def fit_of(sample: Sample) -> Fitted:
    """The fit of a sample's kind; least squares with absorbed effects go through the library for those."""
    design = sample.design
    if design.kind == "logit" and design.errors == "robust":  # each row is on its own
        sample = replace(sample, groups=np.arange(len(sample.y)))
    if design.kind == "linear" and design.absorb:
        return fit_absorbed(sample.rows, design)
    return FITS[design.kind](sample)


def reason_against(frame: pd.DataFrame, sample: Sample) -> str:
    """Why nothing can be estimated, as a key of wording.toml; empty if something can."""
    design = sample.design
    if not len(sample.y):
        return "none_within" if design.within and len(frame) else "no_rows"
    if design.cluster and len(np.unique(sample.groups)) < 2:
        return "one_cluster"
    if not design.cluster and is_duplicated(sample):
        return "duplicated"
    is_short = design.kind != "mean" and len(sample.y) < sample.x.shape[1] + 2
    if design.kind in NO_SIDES:
        return "too_few" if is_short else ""
    if design.kind != "oaxaca" and np.ptp(sample.y) == 0:
        return "constant_outcome"
    exposed = sample.rows[design.treatment]
    if exposed.nunique() < 2:
        return "no_treated" if not (exposed == 1).any() else "no_control"
    if design.kind == "linear" and design.absorb and not len(seen_again(sample)):
        return "no_variation"
    return "too_few" if is_short else ""


def seen_again(sample: Sample) -> pd.DataFrame:
    """The levels of absorbed effects in the rows that say something: not seen once, nor once without such rows.

    The library that absorbs ends the whole process where no row is left.
    """
    effects = sample.rows[[*dict.fromkeys([sample.design.absorb, *sample.design.fixed])]]
    rows = -1
    while len(effects) != rows:
        rows = len(effects)
        for name in effects:
            effects = effects[effects.duplicated(name, keep=False)]
    return effects


def is_duplicated(sample: Sample) -> bool:
    """Whether a unit has two rows in one period: without clusters each would count as evidence of its own."""
    keys = [c for c in (sample.design.unit_id, sample.design.time) if c]
    return bool(keys) and bool(sample.rows.duplicated(keys).any())


def used_of(sample: Sample, fitted: Fitted) -> Sample:
    """The rows an estimate rests on: those without a counterpart were trimmed, and have no weight."""
    weights = fitted.weights
    if fitted.problem or weights is None or len(weights) != len(sample.y) or (weights > 0).all():
        return sample
    keep = weights > 0
    rows = sample.rows[keep].reset_index(drop=True)
    return replace(
        sample, rows=rows, y=sample.y[keep], x=sample.x[keep], groups=sample.groups[keep]
    )


def with_counts(blank: Estimate, sample: Sample, given: Prepared, used: Sample) -> Estimate:
    """The record with the sizes of what it rests on (``used``) and how many rows each step left."""
    rows, design = used.rows, sample.design
    people = rows[design.unit_id] if design.unit_id else rows.index.to_series()
    treated, control, total = sides_of(used)
    t = used.is_exposed
    is_contrast = design.kind not in ("mean",)
    return replace(
        blank,
        n_teachers=int(people.nunique()),
        n_schools=total,
        n_treated=int(people[t].nunique()),
        n_treated_schools=treated,
        n_control_schools=control,
        n_dropped=sample.n_dropped,
        raw_difference=raw_difference(used) if is_contrast else None,
        arms=arms_of(used) if is_contrast else {},
        sample_id=sample.sample_id,
        left_out=sample.left_out,
        series={"flow": flow(given, sample, used)},
    )


def flow(given: Prepared, sample: Sample, used: Sample) -> tuple[Point, ...]:
    """Rows left after each step: given, followed, without copies, with outcome, exposure, complete, alike; exposed."""
    design, frame = sample.design, given.rows
    steps = dict(given.steps)
    known = frame[frame[design.outcome].notna()]
    steps["with_outcome"] = len(known)
    if design.treatment:
        steps["with_exposure"] = int(known[design.treatment].notna().sum())
    steps["complete"] = len(sample.rows)
    if len(used.rows) < len(sample.rows):
        steps["comparable"] = len(used.rows)
    steps["exposed"] = int(used.is_exposed.sum())
    return tuple(Point(name, None, n=n) for name, n in steps.items())


def with_numbers(record: Estimate, sample: Sample, fitted: Fitted) -> Estimate:
    """The record with estimate, interval, p, ratio and smallest detectable effect; none without variation."""
    kind, std_error = error_of(sample, fitted)
    smallest = EXACT * sample.design.scale * float(np.ptp(sample.y))
    if not (std_error > smallest and np.isfinite(std_error) and np.isfinite(fitted.value)):
        return replace(record, reason="no_variation")
    record = with_interval(record, fitted, kind, std_error)
    record = replace(record, note=fitted.note, series=record.series | fitted.series)
    return with_ratio(record, fitted)


def with_ratio(record: Estimate, fitted: Fitted) -> Estimate:
    """The record with the ratio of risks and its interval, where the outcome is yes/no.

    Where CRV3 widens the difference, the ratio is widened by the same factor.
    """
    if fitted.ratio is None or fitted.log_ratio_error is None or fitted.ratio <= 0:
        return record
    wider = (record.std_error or 0.0) / fitted.std_error
    low, high = interval(float(np.log(fitted.ratio)), wider * fitted.log_ratio_error, fitted.df)
    return replace(
        record, ratio=fitted.ratio, ratio_low=float(np.exp(low)), ratio_high=float(np.exp(high))
    )
