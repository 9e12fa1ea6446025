"""Errors of a regression with estimated weights: against refits without each school, and against known weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.design import Design
from analysis.inference.estimators.hazard import fit_hazard, fit_regression
from analysis.inference.estimators.hazard_errors import clustered_fit, make_clusters, make_landmarks
from analysis.inference.estimators.hazard_weights import fit_exposure
from tests.inference.drawn_hazard import LANDMARK, draw_volunteers, hazard_sample

DESIGN = replace(LANDMARK, causes="", horizons=(1,), measure="log_odds")


def refits(frame: pd.DataFrame, design: Design) -> np.ndarray:
    """The estimate without each school, everything fitted anew."""
    return np.array(
        [
            fit_hazard(hazard_sample(frame[frame["school"] != school], design)).value
            for school in frame["school"].unique()
        ]
    )


@pytest.mark.parametrize(("method", "target"), [("weighted", "att"), ("ipw", "ate")])
def test_one_step_without_a_school_is_close_to_a_refit(method: str, target: str) -> None:
    """The jackknife of both equations follows refits of propensity and hazard, school by school."""
    frame = draw_volunteers(5, schools=12, size=40).frame
    design = replace(DESIGN, method=method, target=target, controls=("sex",))
    fitted, again = fit_hazard(hazard_sample(frame, design)), refits(frame, design)
    np.testing.assert_allclose(fitted.jackknife, again, atol=0.1 * fitted.std_error)
    spread = np.sqrt(11 / 12 * ((again - fitted.value) ** 2).sum())
    assert fitted.std_error_jackknife == pytest.approx(spread, rel=0.05)


def test_estimated_weights_tell_more_than_known_ones() -> None:
    """Weights that come from the same rows take chance imbalance out: taking them as known makes errors too wide.

    (Robins, Mark and Newey 1992, Biometrics 48; here for everybody as target with a covariate that matters.)
    """
    frame = draw_volunteers(5).frame
    strong = np.where(frame["tenure"] < 9, 0.5, 0.02)
    rng = np.random.default_rng(1)
    frame["left"] = (rng.random(len(frame)) < strong).astype(float)
    frame["beginner"] = np.where(frame["tenure"] < 9, "yes", "no")
    design = replace(DESIGN, method="ipw", target="ate", controls=("beginner",))
    sample = hazard_sample(frame, design)
    exposure = fit_exposure(sample)
    regression, landmarks = fit_regression(sample, exposure), make_landmarks(sample, exposure)
    known = clustered_fit(regression, landmarks, False)
    estimated = clustered_fit(regression, landmarks, True)
    assert estimated.cov[1, 1] < 0.9 * known.cov[1, 1]
    assert estimated.cov_jackknife[1, 1] < 0.9 * known.cov_jackknife[1, 1]


def test_rows_of_their_own_have_no_jackknife() -> None:
    """Without a cluster: G is the number of rows, errors by row."""
    sample = hazard_sample(draw_volunteers(5, schools=10).frame, replace(DESIGN, cluster=""))
    clusters = make_clusters(sample)
    assert clusters.size == len(sample.y)
    assert not clusters.is_clustered
    fitted = fit_hazard(sample)
    assert len(fitted.jackknife) == 0
    assert fitted.std_error > 0


def test_sums_and_products_by_cluster() -> None:
    """By hand on drawn numbers."""
    sample = hazard_sample(draw_volunteers(5, schools=6).frame, DESIGN)
    clusters, rng = make_clusters(sample), np.random.default_rng(1)
    x, w = rng.normal(size=(len(sample.y), 3)), rng.random(len(sample.y))
    for g in range(6):
        rows = sample.groups == g
        np.testing.assert_allclose(clusters.sums(x)[g], x[rows].sum(axis=0))
        np.testing.assert_allclose(
            clusters.products(x, w, x)[g], (x[rows] * w[rows, None]).T @ x[rows]
        )
    without = clusters.without(clusters.products(x, w, x))
    rest = sample.groups != 2
    np.testing.assert_allclose(without[2], (x[rest] * w[rest, None]).T @ x[rest])
