"""Balance, overlap, order, size and missing answers against drawn rows whose answer stands beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.checking.balance import (
    balance_check,
    lee_bounds,
    missing_check,
    order_check,
    overlap_check,
    size_check,
    standardised_gaps,
)
from analysis.inference.design import Design
from analysis.inference.estimators.aipw import fit_aipw
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.sample import Sample, draw_sample

DESIGN = Design("aipw", "y", "t", cluster="school_id", linear=("x", "z"))


def rows(shift: float = 0.0, n: int = 300) -> pd.DataFrame:
    """Half exposed; x is higher by ``shift`` deviations among them, z is alike; same quantiles in both arms."""
    quantiles = np.tile(np.random.default_rng(1).normal(size=(n, 2)), (2, 1))
    t = np.repeat([1.0, 0.0], n)
    x = quantiles[:, 0] / quantiles[:, 0].std() + shift * t
    frame = pd.DataFrame({"t": t, "x": x, "z": quantiles[:, 1], "school_id": np.arange(2 * n) % 60})
    return frame.assign(y=frame["x"] + t)


def unweighted(sample: Sample) -> Fitted:
    return Fitted(1.0, 0.1, 59.0)


@pytest.mark.parametrize(
    ("shift", "verdict", "cap"), [(0.04, "pass", None), (0.2, "caution", None), (0.4, "fail", "D")]
)
def test_the_worst_covariate_decides_and_is_named(
    shift: float, verdict: str, cap: str | None
) -> None:
    sample = draw_sample(rows(shift), DESIGN)
    found = balance_check(sample, unweighted(sample))
    assert found.value == pytest.approx(shift, rel=0.01)
    assert (found.verdict, found.cap, found.detail) == (verdict, cap, "x")


def test_weights_mend_what_they_can() -> None:
    sample = draw_sample(rows(0.4), DESIGN)
    assert balance_check(sample, unweighted(sample)).verdict == "fail"
    assert balance_check(sample, fit_aipw(sample, with_jackknife=False)).value < 0.1  # type: ignore[operator]
    exact = fit_aipw(draw_sample(rows(0.4), replace(DESIGN, method="entropy")))
    assert np.allclose(standardised_gaps(sample, exact.weights), 0, atol=1e-4)


def test_a_change_score_still_shows_how_far_apart_the_scores_before_were() -> None:
    sample = draw_sample(rows(0.4), replace(DESIGN, method="change"))
    assert balance_check(sample, fit_aipw(sample)).cap == "D"


def test_nothing_to_balance_caps() -> None:
    sample = draw_sample(rows(), replace(DESIGN, linear=()))
    for check in (balance_check, overlap_check):
        found = check(sample, unweighted(sample))
        assert (found.verdict, found.cap) == ("not_run", "D")


def test_overlap_by_hand() -> None:
    sample = draw_sample(rows(0.1), DESIGN)
    fit = fit_aipw(sample)
    found = overlap_check(sample, fit)
    score, t = fit.propensity, sample.is_treated
    assert score is not None
    inside = (score[t] >= score[~t].min()) & (score[t] <= score[~t].max())
    assert found.value == pytest.approx(inside.mean())
    assert found.verdict == "pass"


def test_trimming_is_a_caution_and_no_counterpart_a_cap() -> None:
    frame = rows(0.1)
    frame.loc[:39, "x"] = 9.0
    sample = draw_sample(frame, DESIGN)
    found = overlap_check(sample, fit_aipw(sample))
    assert (found.verdict, found.cap) == ("caution", None)
    assert "used 0." in found.detail
    score = np.where(sample.is_treated, 0.9, 0.1) + np.linspace(0, 0.01, len(sample.y))
    assert overlap_check(sample, replace(unweighted(sample), propensity=score)).cap == "D"


def test_one_heavy_weight_caps() -> None:
    sample = draw_sample(rows(0.1), DESIGN)
    weights = np.ones(len(sample.y))
    weights[-1] = 40.0  # of 339 in its arm
    fit = replace(fit_aipw(sample), weights=weights)
    assert overlap_check(sample, fit).cap == "D"


def test_missing_by_arm() -> None:
    frame = rows(0.0, 100)
    frame.loc[:3, "y"] = np.nan
    found = missing_check(frame, draw_sample(frame, DESIGN))
    assert (found.value, found.steps) == (pytest.approx(0.04), 0)
    frame.loc[:9, "y"] = np.nan
    found = missing_check(frame, draw_sample(frame, DESIGN))
    # the effect of 1 is larger than anything those missing could hide
    assert (found.value, found.verdict, found.steps) == (pytest.approx(0.10), "caution", 0)
    assert found.detail.startswith("bounds ")
    none = frame.assign(y=(frame["y"] - frame["t"]) * np.where(np.arange(len(frame)) % 2, 1, -1))
    found = missing_check(none, draw_sample(none, DESIGN))
    assert (found.verdict, found.steps) == ("fail", 1)


def test_lee_bounds_by_counting() -> None:
    """Half of the exposed and a quarter of the others are seen: half of those seen exposed go, from either end."""
    low, high = lee_bounds(np.array([1.0, 2, 3, 4]), np.array([2.0, 2]), 0.5, 0.25)
    assert (low, high) == (1.5 - 2, 3.5 - 2)
    low, high = lee_bounds(np.array([2.0, 2]), np.array([1.0, 2, 3, 4]), 0.25, 0.5)
    assert (low, high) == (2 - 3.5, 2 - 1.5)


def test_lee_bounds_hold_the_truth_when_the_weak_are_not_tested() -> None:
    rng = np.random.default_rng(3)
    t = np.repeat([1.0, 0.0], 5000)
    latent = rng.normal(size=10_000)
    y = latent + 0.5 * t
    seen = (t == 0) | (latent > -1.0)
    rates = [seen[t == a].mean() for a in (1, 0)]
    low, high = lee_bounds(y[seen & (t == 1)], y[seen & (t == 0)], *rates)
    assert low < 0.55 < high
    assert low == pytest.approx(0.5, abs=0.05)  # the worst case is the true one here


def test_exposure_must_come_first() -> None:
    frame = rows().assign(came="2025-03-01", tested="2025-05-01")
    assert order_check(draw_sample(frame, DESIGN)).cap == "C"  # no date named: order unknown
    design = replace(DESIGN, exposed_on="came", closes_on="tested")
    assert order_check(draw_sample(frame, design)).verdict == "pass"
    frame.loc[0, "came"] = "2025-06-01"
    assert order_check(draw_sample(frame, design)).blocks


def test_fewer_than_thirty_are_a_clue() -> None:
    assert size_check(30).cap is None
    assert size_check(29).cap == "D"


def test_a_day_is_a_day_as_text_or_as_date() -> None:
    frame = rows().assign(came="2025-03-01", tested=pd.Timestamp("2025-05-01"))
    design = replace(DESIGN, exposed_on="came", closes_on="tested")
    assert order_check(draw_sample(frame, design)).verdict == "pass"
    late = frame.assign(came="2025-05-01T10:00:00")  # the same day, later
    assert order_check(draw_sample(late, design)).blocks
