"""E3: the landmark discrete-time hazard, for training people choose and leaving.

Each snapshot is a landmark: exposure is what happened in the 12 months up to it and stays what it is; the outcome is
leaving in the 12 months after it. Who is not there at the landmark is in neither group, so that nobody is counted as
exposed because he or she stayed long enough (van Houwelingen 2007, Scand. J. Statist. 34; Hernan and Robins 2020,
Causal Inference: What If, 17.1 and 22.3). People enter the risk set at the tenure they have: left truncation needs
nothing more. A row whose outcome is missing was not followed and leaves the risk set; it is not a stayer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inference.estimators.effects import Effect
from analysis.inference.estimators.fits import Fit
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard_errors import Landmarks, clustered_fit, make_landmarks
from analysis.inference.estimators.hazard_risks import destinations, horizons
from analysis.inference.estimators.hazard_weights import (
    Exposure,
    Matrix,
    Regression,
    fit_binary,
    fit_exposure,
    level_columns,
    make_matrix,
    own_weights,
    period_columns,
    period_levels,
    risks,
)
from analysis.inference.sample import MIN_LEVEL, Sample

MIN_DATED = 0.95  # share of leavers with a dated exit that a landmark between snapshots needs
MAX_BANDS = 12
NAN = float("nan")


def landmark_allowed(share_dated: float) -> bool:
    """Whether a landmark may lie between two snapshots: only if at least 95 % of the leavers have a dated exit.

    Otherwise nobody knows who was still there at the landmark, and whoever left before it without a date would be
    counted as unexposed. A landmark on a snapshot needs no dates: the snapshot says who is there.
    """
    return share_dated >= MIN_DATED


@dataclass(frozen=True)
class Hazard:
    """What one landmark fit rests on: the rows with weights and clusters, the regression, its covariance."""

    landmarks: Landmarks
    regression: Regression
    fit: Fit

    @property
    def sample(self) -> Sample:
        """The rows it was fitted on."""
        return self.landmarks.sample


def fit_hazard(sample: Sample) -> Fitted:
    """Average risk difference on the exposed in the first period after the landmark, with later horizons.

    ``design.method``: "weighted" (the default: weights and covariates), "adjusted" (covariates only), "ipw" (weights
    only); ``design.link``: logit unless "cloglog"; ``design.target``: "att" or "ate". The exposure may have happened
    only to those present, so the estimate is of those in post at the landmark.
    """
    found = empty_cells(sample)
    if found:
        return failed(sample, found)
    exposure = fit_exposure(sample)
    if exposure.problem:
        return failed(sample, exposure.problem)
    regression = fit_regression(sample, exposure)
    if regression.problem:
        return failed(sample, regression.problem)
    landmarks = make_landmarks(sample, exposure)
    fit = clustered_fit(regression, landmarks, sample.design.method != "adjusted")
    return summarise(Hazard(landmarks, regression, fit))


def empty_cells(sample: Sample) -> str:
    """Problem "empty_cell" if one of stayers and leavers is missing among exposed or unexposed."""
    exposed, left = sample.is_treated, sample.y == 1
    cells = [(a & b).sum() for a in (exposed, ~exposed) for b in (left, ~left)]
    return "" if min(cells) > 0 else "empty_cell"


def failed(sample: Sample, problem: str) -> Fitted:
    """A Fitted without numbers and the reason."""
    n_clusters = len(np.unique(sample.groups))
    return Fitted(NAN, NAN, float(n_clusters - 1), n_clusters=n_clusters, problem=problem)


def fit_regression(sample: Sample, exposure: Exposure) -> Regression:
    """The pooled regression of leaving, with the weights its method asks for."""
    is_plain = sample.design.method == "adjusted"
    weight = own_weights(sample) if is_plain else exposure.stabilised
    return fit_binary(hazard_matrix(sample), sample.y, weight, link_of(sample), at=1)


def link_of(sample: Sample) -> str:
    """The link of the hazard: logit unless the design asks for the complementary log-log."""
    return "cloglog" if sample.design.link == "cloglog" else "logit"


def hazard_matrix(sample: Sample) -> Matrix:
    """Constant, exposure, period levels, fixed effects, covariates: n by k, full rank.

    Numbers (age, tenure) enter in bands, so that the hazard may have any shape over them. With the weights only
    ("ipw"): constant, exposure and period.
    """
    if sample.design.method == "ipw":
        return make_matrix(np.column_stack([sample.x[:, :2], period_levels(sample)]))
    more = [period_columns(sample), *covariate_columns(sample)]
    return make_matrix(np.column_stack([sample.x[:, :2], *more]))


def covariate_columns(sample: Sample) -> list[np.ndarray]:
    """The sample's covariates as they are, but the numbers with a square, which enter in bands."""
    controls = [c for c in sample.design.controls if c not in sample.left_out]
    numbers = [c for c in controls if pd.api.types.is_numeric_dtype(sample.rows[c])]
    curved = [c for c in numbers if c not in sample.design.linear + sample.design.fixed]
    replaced = {name for c in curved for name in (c, f"{c}^2")}
    kept = [i for i, name in enumerate(sample.names) if i > 1 and name not in replaced]
    return [sample.x[:, kept], *(level_columns(bands(sample.rows[c])) for c in curved)]


def bands(values: pd.Series) -> np.ndarray:
    """The band of each value: up to twelve of about equal size, none under 50 rows wanted; no outcome is looked at."""
    count = int(np.clip(len(values) // MIN_LEVEL, 1, MAX_BANDS))
    number = values.to_numpy(dtype=float)
    edges = np.unique(np.quantile(number, np.arange(1, count) / count))
    return np.asarray(np.searchsorted(edges, number, side="right"))


def standardised(hazard: Hazard) -> Effect:
    """Mean risk with and without exposure over the exposed rows (all rows for "ate"), and derivatives by coefficients.

    In percentage points if the design's scale is 100; the ratio of the two risks beside it (Wooldridge 2023, The
    Econometrics Journal 26). With ``measure`` "log_odds" the coefficient itself.
    """
    sample, fitted = hazard.sample, hazard.regression
    if sample.design.measure == "log_odds":
        gradient = np.zeros(len(fitted.beta))
        gradient[1] = 1.0
        return Effect(value=float(fitted.beta[1]), gradient=gradient)
    keep = sample.is_treated | (sample.design.target == "ate")
    weight = own_weights(sample)[keep]
    p1, g1 = mean_risk(hazard, keep, weight, 1.0)
    p0, g0 = mean_risk(hazard, keep, weight, 0.0)
    scale = sample.design.scale
    return Effect(
        value=scale * (p1 - p0),
        gradient=scale * (g1 - g0),
        ratio=p1 / p0,
        log_ratio_gradient=g1 / p1 - g0 / p0,
    )


def mean_risk(
    hazard: Hazard, keep: np.ndarray, weight: np.ndarray, exposed: float
) -> tuple[float, np.ndarray]:
    """Weighted mean risk of the kept rows if all or none were exposed, and its gradient (k)."""
    x = hazard.regression.x[keep].copy()
    x[:, 1] = exposed
    p, slope = risks(x @ hazard.regression.beta, link_of(hazard.sample))
    total = weight.sum()
    return float(weight @ p / total), (weight * slope) @ x / total


def summarise(hazard: Hazard) -> Fitted:
    """The Fitted of a landmark fit, with its horizons and destinations."""
    fit, effect = hazard.fit, standardised(hazard)
    jackknife = (fit.jackknife - fit.beta) @ effect.gradient
    has_ratio = effect.log_ratio_gradient is not None
    fitted = Fitted(
        value=effect.value,
        std_error=effect.std_error(fit.cov),
        df=hazard.landmarks.clusters.df(len(fit.beta)),
        n_clusters=fit.n_clusters,
        std_error_jackknife=effect.std_error(fit.cov_jackknife) if len(jackknife) else None,
        jackknife=effect.value + jackknife,
        ratio=effect.ratio,
        log_ratio_error=effect.log_ratio_error(fit.cov) if has_ratio else None,
        weights=hazard.landmarks.exposure.odds,
        propensity=hazard.landmarks.exposure.propensity,
    )
    return with_series(hazard, fitted)


def with_series(hazard: Hazard, fitted: Fitted) -> Fitted:
    """The Fitted with risks at later horizons and by reason of leaving, where people are followed and reasons known."""
    design = hazard.sample.design
    if design.measure == "log_odds" or not (design.unit_id and design.time):
        return fitted
    series = {
        "horizons": horizons(hazard.landmarks, fitted),
        "destinations": destinations(hazard.landmarks),
    }
    return replace(fitted, series={name: points for name, points in series.items() if points})
