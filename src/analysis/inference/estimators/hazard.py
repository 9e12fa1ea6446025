"""E3: the landmark discrete-time hazard, for training people choose and leaving.

Each snapshot is a landmark (none lies between two, where nobody knows who was still there):
exposure is what happened in the 12 months up to it and stays what it is; the outcome is
leaving in the 12 months after it. Who is not there at the landmark is in neither group, so that nobody is counted as
exposed because he or she stayed long enough (van Houwelingen 2007, Scand. J. Statist. 34; Hernan and Robins 2020,
Causal Inference: What If, 17.1 and 22.3). People enter the risk set at the tenure they have: left truncation needs
nothing more. A row whose outcome is missing was not followed and leaves the risk set; it is not a stayer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.inference.covariates import MIN_LEVEL
from analysis.inference.estimators.binary import (
    Matrix,
    Regression,
    fit_binary,
    make_matrix,
    risks,
)
from analysis.inference.estimators.effects import Effect
from analysis.inference.estimators.fits import Fit
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard_errors import Landmarks, clustered_fit, make_landmarks
from analysis.inference.estimators.hazard_risks import destinations, horizons
from analysis.inference.estimators.hazard_weights import (
    Exposure,
    fit_exposure,
    fit_propensity,
    own_weights,
    period_columns,
    period_levels,
)
from analysis.inference.sample import Sample

MAX_BANDS = 12
NAN = float("nan")


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


@dataclass(frozen=True)
class Start:
    """Where the steps of a like fit begin: n chances of exposure and n of leaving, for these exposures and outcomes."""

    is_treated: np.ndarray
    y: np.ndarray
    exposed: np.ndarray
    left: np.ndarray

    def suits(self, sample: Sample) -> bool:
        """Whether a sample has the same rows, as far as the two regressions can tell."""
        return np.array_equal(self.is_treated, sample.is_treated) and np.array_equal(
            self.y, sample.y
        )


@dataclass(frozen=True)
class Ground:
    """What fits with the same rows and covariates share, whatever method, link and target; each part is made once."""

    sample: Sample
    start: Start | None = None

    @cached_property
    def model(self) -> Regression:
        """The propensity."""
        return fit_propensity(self.sample, self.start.exposed if self.start else None)

    @cached_property
    def landmarks(self) -> Landmarks:
        """The rows with their clusters and what the propensity adds to errors."""
        return make_landmarks(self.sample, fit_exposure(self.sample, self.model))

    @cached_property
    def whole(self) -> Matrix:
        """The hazard's matrix with all covariates."""
        return hazard_matrix(self.sample)

    @cached_property
    def bare(self) -> Matrix:
        """The hazard's matrix for the weights only."""
        return bare_matrix(self.sample)


def fit_hazard(sample: Sample) -> Fitted:
    """Average risk difference on the exposed in the first period after the landmark, with later horizons.

    ``design.method``: "weighted" (the default: weights and covariates), "adjusted" (covariates only), "ipw" (weights
    only); ``design.link``: logit unless "cloglog"; ``design.target``: "att" or "ate". The exposure may have happened
    only to those present, so the estimate is of those in post at the landmark.
    """
    return fit_on(Ground(sample), sample)


def fit_hazards(samples: Iterable[Sample], *, with_jackknife: bool = True) -> Iterator[Fitted]:
    """The same fits of several designs on the same rows; samples that share their matrix share what follows from it.

    The first also tells the others where to start; what they end at is their own.
    """
    ground, start = None, None
    for sample in samples:
        if ground is None or ground.sample.x is not sample.x:
            start = start or make_start(sample)
            ground = Ground(sample, start if start and start.suits(sample) else None)
        yield fit_on(ground, sample, with_jackknife)


def make_start(sample: Sample) -> Start | None:
    """The chances by the covariates of a sample; None where there is no answer to be near to."""
    if empty_cells(sample):
        return None
    ground = Ground(replace(sample, design=replace(sample.design, method="adjusted")))
    regression = fit_regression(ground.sample, fit_exposure(ground.sample, ground.model), ground)
    if ground.model.problem or regression.problem:
        return None
    return Start(sample.is_treated, sample.y, ground.model.risk, regression.risk)


def fit_on(ground: Ground, sample: Sample, with_jackknife: bool = True) -> Fitted:
    """The fit of a sample whose rows and covariates are those of the ground."""
    found = empty_cells(sample)
    if found:
        return failed(sample, found)
    exposure = fit_exposure(sample, ground.model)
    if exposure.problem:
        return failed(sample, exposure.problem)
    regression = fit_regression(sample, exposure, ground)
    if regression.problem:
        return failed(sample, regression.problem)
    landmarks = replace(ground.landmarks, sample=sample, exposure=exposure)
    is_weighted = sample.design.method != "adjusted"
    fit = clustered_fit(regression, landmarks, is_weighted, with_jackknife)
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


def fit_regression(sample: Sample, exposure: Exposure, ground: Ground | None = None) -> Regression:
    """The pooled regression of leaving, with the weights its method asks for."""
    ground = ground or Ground(sample)
    design, start = sample.design, ground.start
    weight = own_weights(sample) if design.method == "adjusted" else exposure.stabilised
    matrix = ground.bare if design.method == "ipw" else ground.whole
    near = start.left if start else None
    return fit_binary(matrix, sample.y, weight, link_of(sample), at=1, start=near)


def link_of(sample: Sample) -> str:
    """The link of the hazard: logit unless the design asks for the complementary log-log."""
    return "cloglog" if sample.design.link == "cloglog" else "logit"


def hazard_matrix(sample: Sample) -> Matrix:
    """Constant, exposure, fixed effects, covariates, period levels: n by k, full rank.

    Numbers (age, tenure) enter in bands, so that the hazard may have any shape over them.
    """
    controls = [c for c in sample.design.controls if c not in sample.left_out]
    numbers = [c for c in controls if pd.api.types.is_numeric_dtype(sample.rows[c])]
    curved = [c for c in numbers if c not in sample.design.linear + sample.design.fixed]
    replaced = {name for c in curved for name in (c, f"{c}^2")}
    kept = [i for i, name in enumerate(sample.names) if i < 2 or name not in replaced]
    banded = [bands(sample.rows[c]) for c in curved]
    return make_matrix(sample.x[:, kept], [*period_columns(sample), *banded])


def bare_matrix(sample: Sample) -> Matrix:
    """Constant, exposure and period, for the weights only ("ipw")."""
    return make_matrix(sample.x[:, :2], period_levels(sample))


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
    weight = own_weights(sample) * keep
    p1, g1 = mean_risk(hazard, weight, 1.0)
    p0, g0 = mean_risk(hazard, weight, 0.0)
    scale = sample.design.scale
    return Effect(
        value=scale * (p1 - p0),
        gradient=scale * (g1 - g0),
        ratio=p1 / p0,
        log_ratio_gradient=g1 / p1 - g0 / p0,
    )


def mean_risk(hazard: Hazard, weight: np.ndarray, exposed: float) -> tuple[float, np.ndarray]:
    """Mean risk if all or none were exposed, by n weights, and its gradient (k)."""
    matrix = hazard.regression.matrix
    x, share = matrix.each.copy(), matrix.totals(weight) / weight.sum()
    x[:, 1] = exposed
    p, slope = risks(x @ hazard.regression.beta, link_of(hazard.sample))
    return float(share @ p), (share * slope) @ x


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
