"""Risks beyond the first period: who is followed from a landmark, cumulative risks by arm, and ways of leaving.

The exposed group stays as it was at the landmark. Hazards of each period are standardised by the landmark's weights
(to the exposed: 1 and the odds of exposure), then multiplied up: an inverse-probability weighted life table, the
saturated form of the pooled logit of Hernan and Robins 2020 (What If, 17.4); by cause the Aalen-Johansen estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.estimators.fits import interval
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard_errors import Landmarks
from analysis.inference.estimators.hazard_weights import Exposure, own_weights
from analysis.inference.record import Point
from analysis.inference.sample import Sample

MIN_CAUSES = 0.8  # share of leavers whose reason must be known
CAUSE_HORIZONS = (1, 3)
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Incidence:
    """A cumulative risk (a share) and how much each of n landmark rows contributes to its variation (n)."""

    risk: float
    influence: np.ndarray


def follow_up(sample: Sample, n_periods: int, starts: np.ndarray | None = None) -> np.ndarray:
    """The row in which each landmark row is seen j periods later: J by n row numbers, -1 where not followed.

    ``starts``: row numbers of the landmarks, by default every row.

    A person who left is not followed further, not even after coming back: that is a landmark of its own. A period
    without a row of the person ends the follow-up too.
    """
    following = next_rows(sample)
    first = np.arange(len(sample.y)) if starts is None else starts
    found = np.full((n_periods, len(first)), -1)
    found[0] = first
    for j in range(1, n_periods):
        found[j] = np.where(found[j - 1] >= 0, following[found[j - 1]], -1)
    return found


def next_rows(sample: Sample) -> np.ndarray:
    """The row of the same person one period later: n row numbers, -1 for leavers and where there is none."""
    person = pd.factorize(sample.rows[sample.design.unit_id])[0].astype(np.int64)
    period = period_codes(sample.rows[sample.design.time])
    key = person * (int(period.max()) + 2) + period
    order = np.argsort(key, kind="stable")
    at = np.minimum(np.searchsorted(key[order], key + 1), len(key) - 1)
    found = order[at]
    return np.where((key[found] == key + 1) & (sample.y == 0), found, -1)


def period_codes(times: pd.Series) -> np.ndarray:
    """Periods as whole numbers from 0, in steps of the smallest gap; text by its order."""
    if not pd.api.types.is_numeric_dtype(times):
        return pd.factorize(times, sort=True)[0].astype(np.int64)
    number = times.to_numpy(dtype=float)
    distinct = np.unique(number)
    step = float(np.diff(distinct).min()) if len(distinct) > 1 else 1.0
    return np.rint((number - distinct[0]) / step).astype(np.int64)


def incidence(
    seen: np.ndarray, left: np.ndarray, event: np.ndarray, weight: np.ndarray
) -> Incidence:
    """Weighted cumulative incidence of ``event`` among competing ways of having ``left``, over the J periods seen.

    ``seen``: J by n rows of the follow-up; ``left`` and ``event``: 0/1 by row, event only among those who left;
    ``weight``: n weights of the landmark rows, 0 outside the arm. Aalen and Johansen 1978 (Scand. J. Statist. 5).
    """
    at_risk = (seen >= 0) * weight
    total = at_risk.sum(axis=1)
    gone, of_cause = left[seen], event[seen]
    hazard = (at_risk * gone).sum(axis=1) / total
    share = (at_risk * of_cause).sum(axis=1) / total
    present = np.concatenate([[1.0], np.cumprod(1 - hazard)])
    reached = np.cumsum(present[:-1] * share)
    still = (reached[-1] - reached) / np.maximum(1 - hazard, 1e-12)
    pieces = present[:-1, None] * (of_cause - share[:, None]) - still[:, None] * (
        gone - hazard[:, None]
    )
    return Incidence(float(reached[-1]), (at_risk / total[:, None] * pieces).sum(axis=0))


def risk_difference(
    landmarks: Landmarks, seen: np.ndarray, event: np.ndarray
) -> tuple[float, float]:
    """Difference of cumulative incidences between the arms and its CRV1 standard error, in the design's unit.

    Weights are estimated: the propensity's part is in the error.
    """
    sample, exposure, clusters = landmarks.sample, landmarks.exposure, landmarks.clusters
    weight = standard_weights(sample, exposure)
    arms = [
        incidence(seen, sample.y, event, weight * arm)
        for arm in (sample.is_treated, ~sample.is_treated)
    ]
    influence = arms[0].influence - arms[1].influence
    pull = exposure.model.matrix.crossed(influence * exposure.slope)
    scores = clusters.sums(influence) + landmarks.steps @ pull
    g = clusters.size
    error = np.sqrt(g / (g - 1) * float(scores @ scores)) if g > 1 else float("nan")
    scale = sample.design.scale
    return scale * (arms[0].risk - arms[1].risk), scale * float(error)


def standard_weights(sample: Sample, exposure: Exposure) -> np.ndarray:
    """N weights that give both arms the periods and covariates of the exposed, or of everybody for "ate"."""
    if sample.design.target == "att":
        return exposure.odds
    chance = np.where(sample.is_treated, exposure.propensity, 1 - exposure.propensity)
    return own_weights(sample) / np.maximum(chance, 1e-12)


def horizons(landmarks: Landmarks, fitted: Fitted) -> tuple[Point, ...]:
    """Risk differences at the design's horizons, as far as a landmark is followed; the first is the estimate itself.

    ``n``: people still followed in the last period of the horizon.
    """
    sample, points = landmarks.sample, []
    for horizon in sorted(h for h in sample.design.horizons if h >= 1):
        seen = follow_up(sample, horizon)
        if not is_followed(sample, seen):
            break
        found = (fitted.value, fitted.std_error)
        if horizon > 1:
            found = risk_difference(landmarks, seen, sample.y)
        points.append(make_point(str(horizon), found, fitted.df, people(sample, seen[-1] >= 0)))
    return tuple(points)


def is_followed(sample: Sample, seen: np.ndarray) -> bool:
    """Whether people of both arms are followed to the last period of ``seen`` (J by n)."""
    still = seen[-1] >= 0
    return bool((still & sample.is_treated).any() and (still & ~sample.is_treated).any())


def people(sample: Sample, keep: np.ndarray) -> int:
    """Number of different people among some rows."""
    return int(sample.rows.loc[keep, sample.design.unit_id].nunique())


def make_point(label: str, found: tuple[float, float], df: float, n: int) -> Point:
    """A point of a series with its t interval; without an interval where the error is not a number."""
    value, error = found
    if not (np.isfinite(error) and error > 0 and df > 0):
        return Point(label, value, n=n)
    low, high = interval(value, error, df)
    return Point(label, value, error, low, high, n)


def destinations(landmarks: Landmarks) -> tuple[Point, ...]:
    """Differences of the risk of leaving for each reason, at 1 and 3 periods; labels "reason:period".

    Empty unless the reason is known for at least 80 % of the leavers. The reasons add up to the weighted risk
    difference of the horizon; ``n``: people who left for the reason in the first period after a landmark.
    """
    sample = landmarks.sample
    reason = reasons(sample)
    if reason is None:
        return ()
    df, points = landmarks.clusters.df(1), []
    for horizon in CAUSE_HORIZONS:
        seen = follow_up(sample, horizon)
        if not is_followed(sample, seen):
            break
        for name in sorted(set(reason[sample.y == 1])):
            event = ((reason == name) & (sample.y == 1)).astype(float)
            found = risk_difference(landmarks, seen, event)
            points.append(make_point(f"{name}:{horizon}", found, df, people(sample, event == 1)))
    return tuple(points)


def reasons(sample: Sample) -> np.ndarray | None:
    """N reasons of leaving as text, "unknown" where missing; None if too few leavers have one."""
    if not sample.design.causes:
        return None
    given = sample.rows[sample.design.causes]
    left = sample.y == 1
    if float(given[left].notna().mean()) < MIN_CAUSES:
        return None
    return given.astype("object").where(given.notna(), UNKNOWN).map(str).to_numpy()
