"""What data of a size can detect, beside printed numbers and a simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.inference import power


@pytest.mark.parametrize(("d", "expected"), [(0.5, 63.77), (0.2, 393.41)])
def test_people_per_arm(d: float, expected: float) -> None:
    """Cohen 1988, two-sided 5 %, 80 % power: 64 and 394 people an arm; digits as the R package pwr prints them."""
    assert power.sample_size_per_arm(d) == pytest.approx(expected, abs=0.005)


def test_smallest_effect_is_two_point_eight_errors() -> None:
    assert power.smallest_effect(0.5) == pytest.approx(1.4)
    assert pytest.approx(stats.norm.ppf(0.975) + stats.norm.ppf(0.8), abs=0.002) == power.MDE_FACTOR


def test_answers_of_one_school_resemble_each_other() -> None:
    """The domain reference, wording 12: 1 + (53 - 1) x 0.08 = 5.2, so 5,862 answers are worth about 1,136."""
    assert power.design_effect(53, 0.08) == pytest.approx(5.2, abs=0.05)
    assert power.effective_number(5862, 53, 0.08) == pytest.approx(1136, abs=0.5)
    assert power.design_effect(1, 0.3) == 1


def test_detection_factor_grows_with_few_clusters() -> None:
    """Bloom 1995, table 1 rests on t: 2.80 without limit; with 10 degrees of freedom 2.228 + 0.879."""
    assert power.detection_factor(1e6) == pytest.approx(2.80, abs=0.005)
    assert power.detection_factor(10) == pytest.approx(2.228 + 0.879, abs=0.001)


def test_smallest_effect_of_clusters_is_found_four_times_in_five() -> None:
    """Planted: 20 and 30 schools of 25, rho .1; the effect called smallest is found in 80 % of 4,000 draws."""
    effect = power.smallest_effect_clustered(20, 30, 25, 0.1, spread=2.0)
    rng = np.random.default_rng(4)
    school_sd = 2.0 * math.sqrt(0.1 + 0.9 / 25)
    treated = effect + school_sd * rng.normal(size=(4000, 20))
    control = school_sd * rng.normal(size=(4000, 30))
    p = stats.ttest_ind(treated, control, axis=1).pvalue
    assert (p < 0.05).mean() == pytest.approx(0.80, abs=3 * math.sqrt(0.8 * 0.2 / 4000))


def test_smallest_effect_scales_and_needs_two_arms() -> None:
    one = power.smallest_effect_clustered(6, 10, 20, 0.05)
    assert power.smallest_effect_clustered(6, 10, 20, 0.05, spread=10) == pytest.approx(10 * one)
    assert power.smallest_effect_clustered(6, 10, 10_000, 0.05) < one  # more people help a little
    assert power.smallest_effect_clustered(60, 100, 20, 0.05) < one / 3  # more schools a lot
    for arms in ((0, 5), (1, 1)):
        with pytest.raises(ValueError, match="cluster"):
            power.smallest_effect_clustered(*arms, 20, 0.05)
