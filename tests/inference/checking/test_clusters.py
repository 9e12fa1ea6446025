"""How many units carry an estimate: rules drawn by hand, and the wild bootstrap beside slow re-derivations."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.inference.checking import clusters as c
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.sandwich import cluster_regression, solve
from analysis.inference.record import Check


@pytest.mark.parametrize(
    ("treated", "control", "cohort", "verdict", "blocks", "cap"),
    [
        (0, 40, None, "fail", True, None),
        (1, 40, None, "fail", True, None),
        (40, 1, None, "fail", True, None),
        (2, 40, None, "fail", False, "D"),
        (5, 40, None, "fail", False, "D"),
        (6, 40, None, "caution", False, None),
        (14, 40, None, "caution", False, None),
        (15, 14, None, "caution", False, None),
        (15, 15, None, "pass", False, None),
        (12, 100, 2, "caution", False, None),  # 2/4/6 of 112: k is 12, not 2
        (50, 310, 10, "caution", False, None),  # 10/15/25 of 360: enough, but CRV3 for the cohort
        (50, 310, 15, "pass", False, None),
        (12, 100, 1, "fail", False, "D"),  # 1/4/7: the single school's error is taken for zero
        (36, 324, 1, "caution", False, None),  # 1/10/25: it weighs too little to matter
    ],
)
def test_the_smaller_arm_decides(
    treated: int, control: int, cohort: int | None, verdict: str, blocks: bool, cap: str | None
) -> None:
    found = c.cluster_check(treated, control, treated + control, cohort)
    assert (found.value, found.verdict) == (min(treated, control), verdict)
    assert (found.blocks, found.cap, found.steps) == (blocks, cap, 0)


def test_fewer_than_thirty_clusters_are_few() -> None:
    assert c.cluster_check(15, 15, 30).verdict == "pass"
    assert c.cluster_check(15, 15, 29).verdict == "caution"  # clusters that hold both arms
    assert c.needs_jackknife(15, 15, 29)
    assert not c.needs_jackknife(15, 15, 30)
    assert c.needs_jackknife(20, 20, 40, smallest_cohort=14)


def test_a_lot_inside_strata_saves_few_clusters() -> None:
    assert c.cluster_check(3, 9, 12, is_lot=True).verdict == "caution"
    assert c.cluster_check(1, 9, 10, is_lot=True).blocks


def fitted(value: float, narrow: float, wide: float | None, g: int = 30) -> Fitted:
    return Fitted(value, narrow, df=g - 1, n_clusters=g, std_error_jackknife=wide)


def test_sandwich_and_jackknife_must_agree_on_zero() -> None:
    # t(29) at 97.5 % is 2.045: 1.0 is outside zero with an error of .48, inside with .50.
    assert c.jackknife_check(fitted(1.0, 0.40, 0.48)) == Check("jackknife_agrees", 1.2, "pass")
    assert c.jackknife_check(fitted(1.0, 0.40, 0.50)).steps == 1
    assert c.jackknife_check(fitted(0.1, 0.40, 0.50)).steps == 0
    assert c.jackknife_check(fitted(1.0, 0.4, None)).steps == 1  # one cluster carries it alone
    assert c.jackknife_check(Fitted(1.0, 0.4, 100.0)).verdict == "not_run"


def district_rows() -> pd.DataFrame:
    """Two districts of three schools, two years; the first district starts in the second year."""
    rows = [(d, f"{d}{s}", y) for d in "ab" for s in range(3) for y in (2024, 2025)]
    frame = pd.DataFrame(rows, columns=["district", "school", "year"])
    frame["on"] = ((frame["district"] == "a") & (frame["year"] == 2025)).astype(float)
    return frame.assign(start=np.where(frame["district"] == "a", 2025, np.nan))


def test_districts_that_start_together_are_the_cluster() -> None:
    frame = district_rows()
    assert c.assignment_cluster(frame, "start", "school", "district") == "district"
    assert c.assignment_cluster(frame, "on", "school", "district", "year") == "district"
    frame.loc[frame["school"] == "a0", "start"] = np.nan  # one school of the district never starts
    assert c.assignment_cluster(frame, "start", "school", "district") == "school"
    frame.loc[frame["school"] == "b0", "on"] = 1.0
    assert c.assignment_cluster(frame, "on", "school", "district", "year") == "school"


def test_what_differs_nowhere_or_holds_one_school_is_no_wider_cluster() -> None:
    frame = district_rows()
    assert c.assignment_cluster(frame.assign(on=1.0), "on", "school", "district") == "school"
    after = frame.assign(on=(frame["year"] == 2025).astype(float))  # everybody, by date alone
    assert c.assignment_cluster(after, "on", "school", "district", "year") == "school"
    alone = frame.assign(own=frame["school"])
    assert c.assignment_cluster(alone, "start", "school", "own") == "school"
    assert c.assignment_cluster(frame, "start", "school", "") == "school"
    assert c.assignment_cluster(frame, "start", "school", "county") == "school"


def drawn(g: int, treated: int, size: int = 4, seed: int = 3) -> tuple[np.ndarray, ...]:
    """Clusters of unequal size, a treatment by cluster, one covariate; no effect planted."""
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(g), size + np.arange(g) % 3)
    treat = (groups < treated).astype(float)
    x = np.column_stack([np.ones(len(groups)), treat, rng.normal(size=len(groups))])
    y = 0.5 * x[:, 2] + 0.4 * rng.normal(size=g)[groups] + rng.normal(size=len(groups))
    return x, y, groups, rng.uniform(0.5, 2, len(groups))


def slow_t(x: np.ndarray, y: np.ndarray, groups: np.ndarray, weights: np.ndarray) -> float:
    """The clustered t of column 1 by the statistics library, without its factor for few clusters."""
    result = sm.WLS(y, x, weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    return float(result.params[1] / result.bse[1])


@pytest.mark.parametrize("is_weighted", [False, True])
def test_wild_statistics_are_those_of_a_loop_over_samples(is_weighted: bool) -> None:
    x, y, groups, w = drawn(6, 3)
    w = w if is_weighted else np.ones(len(y))
    signs = np.array(list(itertools.product([-1.0, 1.0], repeat=6))).T
    found, tried = c.wild_statistics(x, y, groups, signs, weights=w if is_weighted else None)
    null = sm.WLS(y, x[:, [0, 2]], weights=w).fit()
    slow = [
        slow_t(x, null.fittedvalues + null.resid * signs[groups, b], groups, w) for b in range(64)
    ]
    assert found == pytest.approx(slow_t(x, y, groups, w))
    assert tried == pytest.approx(np.array(slow))
    assert np.sort(tried) == pytest.approx(-np.sort(-tried)[::-1])
    assert tried[-1] == pytest.approx(found)  # all signs plus: the sample itself


def test_wild_bootstrap_comes_near_all_its_samples() -> None:
    """All 2^12 sign changes of twelve clusters beside 3,999 drawn ones, within three Monte-Carlo errors."""
    x, y, groups, _ = drawn(12, 5, seed=8)
    y = y + 0.55 * x[:, 1]
    signs = np.array(list(itertools.product([-1.0, 1.0], repeat=12))).T
    found, tried = c.wild_statistics(x, y, groups, signs)
    exact = float(np.mean(np.abs(tried) >= abs(found) * (1 - 1e-10)))
    drawn_p = c.wild_bootstrap(x, y, groups, repetitions=3999)
    assert 0.01 < exact < 0.5
    assert drawn_p == pytest.approx(exact, abs=3 * np.sqrt(exact * (1 - exact) / 3999))


def test_few_clusters_take_six_points() -> None:
    six = c.multipliers(11, 4_000, seed=1)
    points = [-np.sqrt(1.5), -1, -np.sqrt(0.5), np.sqrt(0.5), 1, np.sqrt(1.5)]
    assert np.unique(six) == pytest.approx(np.array(points))
    assert (six.mean(), six.var()) == pytest.approx((0, 1), abs=0.02)
    assert set(c.multipliers(12, 50, seed=1).ravel()) == {-1.0, 1.0}


def by_cluster_means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The means of n by k values in each row's cluster: n by k."""
    return pd.DataFrame(values).groupby(groups).transform("mean").to_numpy()


@given(st.integers(0, 10_000), st.floats(0.1, 50))
@settings(max_examples=6, deadline=None)
def test_wild_bootstrap_does_not_see_order_or_unit(seed: int, unit: float) -> None:
    x, y, groups, w = drawn(8, 4)
    order = np.random.default_rng(seed).permutation(len(y))
    p = c.wild_bootstrap(x, y, groups, weights=w, repetitions=99)
    again = c.wild_bootstrap(
        x[order], unit * y[order], groups[order], weights=w[order], repetitions=99
    )
    assert again == p
    names = pd.factorize(groups[order])[0]  # codes in order of appearance, as a sample has them
    assert c.wild_bootstrap(x[order], y[order], names, weights=w[order], repetitions=99) == p
    y0, x0 = (v - by_cluster_means(v, groups) for v in (y[:, None], x[:, 2:]))  # sums of nought
    one, two = (
        c.wild_bootstrap(x0[o], y0[o, 0], pd.factorize(groups[o])[0], column=0, repetitions=99)
        for o in (np.arange(len(y)), order)
    )
    assert one == two
    names = np.array([f"school {g:02d}" for g in groups])
    assert c.wild_bootstrap(x, y, names, weights=w, repetitions=99) == p


def test_wild_bootstrap_works_after_effects_were_taken_out() -> None:
    """Demeaned by period, without the constant: the same p as with period dummies (Frisch, Waugh and Lovell)."""
    x, y, groups, _ = drawn(9, 4)
    period = np.arange(len(y)) % 3
    dummies = (period[:, None] == np.arange(3)).astype(float)
    full = np.column_stack([x[:, 1], x[:, 2], dummies])
    clear = np.column_stack([x[:, 1], x[:, 2], y])
    clear = clear - dummies @ np.linalg.lstsq(dummies, clear, rcond=None)[0]
    signs = c.multipliers(9, 99, seed=4)
    t, tried = c.wild_statistics(full, y, groups, signs, column=0)
    # Residuals are the same; only the projection of v*u on the dummies is lost, and with it exactness.
    t_clear, tried_clear = c.wild_statistics(clear[:, :2], clear[:, 2], groups, signs, column=0)
    assert t_clear == pytest.approx(t)
    assert np.corrcoef(tried, tried_clear)[0, 1] > 0.98


def test_wild_bootstrap_costs_a_step_once() -> None:
    clear = fitted(1.0, 0.2, 0.2)
    assert c.wild_check(0.01, clear).verdict == "pass"
    assert c.wild_check(0.20, clear) == Check("wild_bootstrap", 0.20, "fail", steps=1)
    paid = Check("jackknife_agrees", 2.0, "fail", steps=1)
    assert (c.wild_check(0.20, clear, paid).verdict, c.wild_check(0.20, clear, paid).steps) == (
        "fail",
        0,
    )
    assert c.wild_check(0.04, fitted(1.0, 0.2, 0.6)).steps == 1  # CRV3 covers zero
    assert c.wild_check(None, clear).verdict == "not_run"


@pytest.mark.parametrize(
    ("g", "treated", "low", "high"),
    [
        # methods reference, 50 clusters of ICC .05: iid .40, CRV1 .06, CRV3 .05; 12 with 2 treated: .41, .20, .10
        (50, 25, (0.28, 0.00, 0.00), (0.52, 0.12, 0.11)),
        (12, 2, (0.28, 0.11, 0.03), (0.52, 0.31, 0.20)),
    ],
)
def test_size_with_few_clusters(
    g: int, treated: int, low: tuple[float, ...], high: tuple[float, ...]
) -> None:
    """150 draws without an effect: share of 5 % tests that reject, by plain, CRV1 and CRV3 errors (three errors wide)."""
    rng = np.random.default_rng(7)
    groups = np.repeat(np.arange(g), 85)
    x = np.column_stack([np.ones(len(groups)), groups < treated]).astype(float)
    rejected = np.zeros(3)
    for _ in range(150):
        y = np.sqrt(0.05) * rng.normal(size=g)[groups] + np.sqrt(0.95) * rng.normal(size=len(x))
        beta = solve(x, y, np.ones(len(y)))
        residual = y - x @ beta
        fit = cluster_regression(x, beta, np.ones(len(y)), residual, groups, len(y))
        plain = residual @ residual / len(y) * np.linalg.inv(x.T @ x)
        errors = np.sqrt([v[1, 1] for v in (plain, fit.cov, fit.cov_jackknife)])
        limits = stats.t.ppf(0.975, [len(y), g - 1, g - 1])
        rejected += abs(beta[1]) > limits * errors
    share = rejected / 150
    assert (share >= low).all()
    assert (share <= high).all()


def test_a_drawn_p_is_never_zero() -> None:
    x, y, groups, _ = drawn(20, 10)
    assert c.wild_bootstrap(x, y + 50 * x[:, 1], groups, repetitions=99) == pytest.approx(0.01)
