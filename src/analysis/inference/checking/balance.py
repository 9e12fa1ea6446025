"""Whether two groups can be compared: order in time, size, likeness after weighting, overlap, and who is missing.

Thresholds are those of the project's method reference: the What Works Clearinghouse's .05 and .25 for standardised
differences and its bound on differential loss.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.nuisance import binomial_model
from analysis.inference.estimators.overlap import Overlap, measure_overlap
from analysis.inference.record import Check
from analysis.inference.sample import Sample

BALANCE_FINE, BALANCE_FAILS = 0.05, 0.25
MAX_MISSING_GAP = 0.05
MIN_BASE = 30


def order_check(sample: Sample) -> Check:
    """The share of exposed rows whose exposure was complete before the outcome could begin; below 1 blocks.

    Exposure without a date cannot be ordered: a caution that caps at C.
    """
    day, closes = sample.design.exposed_on, sample.design.closes_on
    rows = sample.rows[sample.is_exposed]
    if not day or not closes:
        return Check("exposure_before_outcome", None, "caution", cap="C", detail="undated")
    done, closed = days_of(rows[day]), days_of(rows[closes])
    if done is None or closed is None:
        return Check("exposure_before_outcome", None, "caution", cap="C", detail="undated")
    share = float((done <= closed).fillna(False).mean())
    is_fine = share == 1
    return Check(
        "exposure_before_outcome", share, "pass" if is_fine else "fail", blocks=not is_fine
    )


def days_of(values: pd.Series) -> pd.Series | None:
    """Days as dates, whether they came as such or as ISO texts; numbers stay; None if some value is no day."""
    if pd.api.types.is_numeric_dtype(values):
        return values
    try:
        return pd.to_datetime(values, format="ISO8601", utc=True)
    except (TypeError, ValueError):
        return None


def size_check(n: int) -> Check:
    """Fewer than 30 persons in an arm is a clue, never more."""
    is_fine = n >= MIN_BASE
    return Check("base", n, "pass" if is_fine else "fail", cap=None if is_fine else "D")


def balance_check(sample: Sample, fitted: Fitted) -> Check:
    """The largest standardised difference of a covariate after weighting; the detail names it.

    Up to .05 fine, up to .25 a caution (it is adjusted for), above caps at D.
    """
    if sample.x.shape[1] <= 2:
        return Check("balance", None, "not_run", cap="D", detail="no covariate")
    gap = standardised_gaps(sample, fitted.weights)
    worst = int(np.argmax(np.abs(gap)))
    value, detail = float(abs(gap[worst])), sample.names[2 + worst]
    if value > BALANCE_FAILS:
        return Check("balance", value, "fail", cap="D", detail=detail)
    return Check("balance", value, "pass" if value <= BALANCE_FINE else "caution", detail=detail)


def standardised_gaps(sample: Sample, weights: np.ndarray | None) -> np.ndarray:
    """Weighted differences of the covariates' means, exposed less others, by the unweighted pooled deviation (k).

    The deviation stays that before weighting, so that weights cannot make a gap small by widening it
    (Austin and Stuart 2015, Statistics in Medicine 34).
    """
    x, t = sample.x[:, 2:], sample.is_treated
    w = np.ones(len(x)) if weights is None else weights
    spread = np.sqrt((x[t].var(axis=0) + x[~t].var(axis=0)) / 2)
    gap = np.average(x[t], axis=0, weights=w[t]) - np.average(x[~t], axis=0, weights=w[~t])
    return np.asarray(gap / np.where(spread > 0, spread, 1.0))


def overlap_check(sample: Sample, fitted: Fitted) -> Check:
    """The share of exposed rows inside the others' range of propensities, of the rows that were used.

    Fine from 95 % on if no weight has more than 5 % of its arm and each arm keeps half its effective rows. Where
    that took trimming it is a caution (the estimate is of those with a counterpart), where it is missed, cap D.
    """
    if sample.x.shape[1] <= 2:
        return Check("overlap", None, "not_run", cap="D", detail="no covariate")
    found, used = overlap_of(sample, fitted)
    detail = f"largest {found.largest:.3f}, effective {found.effective:.2f}, used {used:.3f}"
    if not found.is_fine:
        return Check("overlap", found.inside, "fail", cap="D", detail=detail)
    return Check("overlap", found.inside, "pass" if used == 1 else "caution", detail=detail)


def overlap_of(sample: Sample, fitted: Fitted) -> tuple[Overlap, float]:
    """The overlap of the rows used and their share of the exposed; a fit without propensity gets one from a logit."""
    n, t = len(sample.y), sample.x[:, 1]
    weights = np.ones(n) if fitted.weights is None else fitted.weights
    score = fitted.propensity
    if score is None:
        x = np.delete(sample.x, 1, axis=1)
        score = binomial_model(x, t, np.ones(n), np.empty(0, dtype=int)).fitted
    used = weights > 0
    target = sample.design.target
    found = measure_overlap(t[used], score[used], weights[used], target, is_weighted=True)
    return found, float(used[t == 1].mean())


def missing_check(frame: pd.DataFrame, sample: Sample) -> Check:
    """The difference between the arms in the share whose outcome is missing; above 5 points costs one step,
    unless the bounds leave the direction as it is.

    The detail then has the bounds of the effect under the worst and best selection (:func:`lee_bounds`) of outcomes
    adjusted for the covariates, in the design's unit.
    """
    design = sample.design
    if (
        not design.treatment
    ):  # a level has no arms: what share is missing is said, and costs nothing
        return Check(
            "missingness", float(frame[design.outcome].isna().mean()), "pass", detail="one side"
        )
    known = frame[frame[design.treatment].notna()]
    rates = (
        known[design.outcome].notna().groupby(known[design.treatment] == 1).mean()
        if len(known)
        else {}
    )
    if len(rates) < 2:
        return Check("missingness", None, "not_run", steps=1, detail="one arm")
    treated, control = float(rates[True]), float(rates[False])
    gap = abs(treated - control)
    if gap <= MAX_MISSING_GAP:
        return Check("missingness", gap, "pass")
    y, t = adjusted_outcome(sample), sample.is_treated
    low, high = (design.scale * b for b in lee_bounds(y[t], y[~t], treated, control))
    detail = f"bounds {low:.4g} to {high:.4g}"
    if low * high > 0:  # whoever is missing, the direction stays
        return Check("missingness", gap, "caution", detail=detail)
    return Check("missingness", gap, "fail", steps=1, detail=detail)


def adjusted_outcome(sample: Sample) -> np.ndarray:
    """The outcome less what the covariates say of it beside the treatment (least squares): n numbers."""
    beta = np.linalg.lstsq(sample.x, sample.y, rcond=None)[0]
    adjusted: np.ndarray = sample.y - sample.x[:, 2:] @ beta[2:]
    return adjusted


def lee_bounds(
    treated: np.ndarray, control: np.ndarray, rate_treated: float, rate_control: float
) -> tuple[float, float]:
    """The least and greatest difference of means among those seen in either arm (Lee 2009, Rev. Econ. Studies 76).

    The arm with the higher response rate loses its surplus share from the top, or from the bottom.
    """
    if rate_treated >= rate_control:
        share = 1 - rate_control / rate_treated
        rest = control.mean()
        return kept_mean(treated, share, "top") - rest, kept_mean(treated, share, "bottom") - rest
    share = 1 - rate_treated / rate_control
    mean = treated.mean()
    return mean - kept_mean(control, share, "bottom"), mean - kept_mean(control, share, "top")


def kept_mean(values: np.ndarray, share: float, lost: str) -> float:
    """The mean without a share of the values at one end; the value at the cut counts in part."""
    ordered = np.sort(values) if lost == "top" else np.sort(values)[::-1]
    keep = (1 - share) * len(ordered)
    weight = np.clip(keep - np.arange(len(ordered)), 0.0, 1.0)
    return float(weight @ ordered / weight.sum())
