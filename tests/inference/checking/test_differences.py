"""How far apart chance puts two estimates of the same clusters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.checking.differences import gap_error, is_near, moves_of
from analysis.inference.design import Design
from analysis.inference.estimators.callaway import fit_callaway
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.staggered import fit_staggered
from analysis.inference.sample import draw_sample

DESIGN = Design(
    kind="staggered",
    outcome="y",
    treatment="d",
    first_treated="start",
    unit_id="person",
    time="t",
    cluster="school",
    absorb="school",
)


def schools(seed: int, n: int = 40, n_treated: int = 16, effect: float = 1.0) -> pd.DataFrame:
    """Schools over six years, some from the fourth or fifth year on; ten people each, shocks by school and year."""
    rng = np.random.default_rng(seed)
    rows = []
    for s in range(n):
        start = (4 + s % 2) if s < n_treated else 0
        level, shock = rng.normal(0, 1), rng.normal(0, 0.5, 6)
        for t in range(1, 7):
            d = float(0 < start <= t)
            y = level + shock[t - 1] + effect * d + rng.normal(0, 0.3, 10)
            rows += [
                {"y": v, "d": d, "start": start, "person": f"{s}-{i}", "t": t, "school": f"s{s}"}
                for i, v in enumerate(y)
            ]
    return pd.DataFrame(rows)


def test_by_hand_three_clusters():
    """Moves 1, -1, 0 against 0, -1, 1 differ by 1, 0, -1: sqrt(2/3 x 2)."""
    one = pd.Series([1.0, -1.0, 0.0], index=["a", "b", "c"])
    other = pd.Series([1.0, -1.0], index=["c", "b"])
    assert gap_error(one, other) == pytest.approx(np.sqrt(2 / 3 * 2))
    assert gap_error(one, one) == 0
    assert gap_error(one, pd.Series(dtype=float)) == 0


def test_near_is_one_error_or_what_chance_allows():
    assert is_near(0.99, 1.0, 0.0, 30)
    assert not is_near(1.01, 1.0, 0.0, 30)
    assert not is_near(1.01, 1.0, 0.4, 30)  # 0.4 x 2.04 = 0.82
    assert is_near(1.01, 1.0, 0.5, 30)  # 0.5 x 2.04 = 1.02
    assert not is_near(float("nan"), 1.0, 0.5, 30)


def test_moves_carry_the_names_of_their_clusters():
    """Always exposed schools are not used; the others keep their own names, whatever the order of the rows."""
    frame = schools(1).assign(start=lambda d: d["start"].where(d["school"] != "s3", 1))
    sample = draw_sample(frame, DESIGN)
    turned = draw_sample(frame.iloc[::-1].reset_index(drop=True), DESIGN)
    one, other = (moves_of(fit_staggered(s), s).sort_index() for s in (sample, turned))
    assert "s3" not in one.index
    assert len(one) == 39
    pd.testing.assert_series_equal(one, other, atol=1e-9, rtol=1e-6)
    second = moves_of(fit_callaway(sample.rows, DESIGN), sample).sort_index()
    assert list(second.index) == list(one.index)


def test_without_clusters_nothing_is_put_down_to_chance():
    design = replace(DESIGN, cluster="")
    sample = draw_sample(schools(1), design)
    assert moves_of(Fitted(1.0, 1.0, 9.0), sample).empty


def test_the_error_is_how_far_two_sound_estimators_fall_apart():
    """Over 60 draws the standard deviation of the difference is what the jackknife of the difference says."""
    gaps, errors = [], []
    for seed in range(60):
        sample = draw_sample(schools(seed), DESIGN)
        one, other = fit_staggered(sample), fit_callaway(sample.rows, DESIGN)
        gaps.append(other.value - one.value)
        errors.append(gap_error(moves_of(one, sample), moves_of(other, sample)))
    assert np.mean(gaps) == pytest.approx(0, abs=3 * np.std(gaps) / np.sqrt(60))
    assert np.mean(errors) / np.std(gaps) == pytest.approx(1, abs=0.3)


def test_one_step_without_a_cluster_is_near_the_fit_without_it():
    """Callaway's jackknife is read from its influence function; leaving a school out for good says nearly the same."""
    frame = schools(5)
    sample = draw_sample(frame, DESIGN)
    whole = fit_callaway(frame, DESIGN)
    moves = moves_of(whole, sample)
    for name in ("s0", "s20"):
        left = fit_callaway(frame[frame["school"] != name].reset_index(drop=True), DESIGN)
        assert left.value - whole.value == pytest.approx(moves[name], abs=0.1 * whole.std_error)
