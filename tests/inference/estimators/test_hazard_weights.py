"""Propensity and weights of a landmark: by hand, what they balance, and how they move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.estimators.binary import risks
from analysis.inference.estimators.hazard_weights import fit_exposure
from analysis.inference.sample import Sample
from tests.inference.drawn_hazard import LANDMARK, draw_volunteers, hazard_sample


@pytest.fixture(scope="module")
def sample() -> Sample:
    """A drawn county of volunteers."""
    return hazard_sample(draw_volunteers(3).frame)


def test_weights_make_the_others_like_the_exposed(sample: Sample) -> None:
    """Beginners are exposed more often; weighted, the others are of the same tenure, sex and period."""
    exposure, took = fit_exposure(sample), sample.is_treated
    tenure, woman = sample.rows["tenure"].to_numpy(), (sample.rows["sex"] == "female").to_numpy()
    assert tenure[took].mean() < tenure[~took].mean() - 0.3
    for values in (tenure, woman, (sample.rows["year"] == 2022).to_numpy()):
        after = values[took].mean() - np.average(values[~took], weights=exposure.odds[~took])
        assert abs(after) < 0.02 * values.std()
    assert (exposure.odds[took] == 1).all()


@pytest.mark.parametrize("target", ["att", "ate"])
def test_stabilised_weights_are_one_on_average(sample: Sample, target: str) -> None:
    """The period's share in the numerator keeps each arm at its size in each period."""
    one = replace(sample, design=replace(sample.design, target=target))
    weight = fit_exposure(one).stabilised
    for year in (2021, 2024):
        for arm in (sample.is_treated, ~sample.is_treated):
            rows = arm & (sample.rows["year"] == year).to_numpy()
            assert weight[rows].mean() == pytest.approx(1, abs=0.05)


def test_weights_for_everybody_by_hand(sample: Sample) -> None:
    """P(A | period) over P(A | period, covariates)."""
    one = replace(sample, design=replace(sample.design, target="ate"))
    exposure, took = fit_exposure(one), sample.is_treated
    share = pd.Series(took).groupby(sample.rows["year"]).transform("mean").to_numpy()
    chance = np.where(took, exposure.propensity, 1 - exposure.propensity)
    np.testing.assert_allclose(
        exposure.stabilised, np.where(took, share, 1 - share) / chance, rtol=1e-9
    )


@pytest.mark.parametrize("target", ["att", "ate"])
def test_slopes_are_the_derivatives_of_the_log_weights(sample: Sample, target: str) -> None:
    """By small differences of the linear predictor."""
    one = replace(sample, design=replace(sample.design, target=target))
    exposure, took, step = fit_exposure(one), sample.is_treated, 1e-6
    eta = np.log(exposure.propensity / (1 - exposure.propensity))

    def log_weight(predictor: np.ndarray) -> np.ndarray:
        chance = risks(predictor, "logit")[0]
        if target == "ate":
            return -np.log(np.where(took, chance, 1 - chance))
        return np.where(took, 0.0, np.log(chance / (1 - chance)))

    slope = (log_weight(eta + step) - log_weight(eta - step)) / (2 * step)
    np.testing.assert_allclose(exposure.slope, slope, atol=1e-6)


def test_survey_weights_are_in_the_weights() -> None:
    """A row of weight two counts twice, in the propensity and after it."""
    frame = draw_volunteers(3).frame
    heavy = frame.assign(w=np.where(frame["sex"] == "male", 2.0, 1.0))
    design = replace(LANDMARK, weights="w")
    twice = pd.concat([frame, frame[frame["sex"] == "male"]], ignore_index=True)
    one = fit_exposure(hazard_sample(heavy, replace(design, controls=("sex",))))
    two = fit_exposure(hazard_sample(twice, replace(LANDMARK, controls=("sex",))))
    np.testing.assert_allclose(one.propensity, two.propensity[: len(frame)], rtol=1e-6)
    weight = heavy["w"].to_numpy() / heavy["w"].mean()  # their scale says nothing
    np.testing.assert_allclose(one.odds, weight * two.odds[: len(frame)], rtol=1e-6)
