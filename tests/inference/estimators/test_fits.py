"""Fits against an independent re-derivation in plain numpy, and planted truths recovered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from analysis.inference.checking.sides import uses_jackknife as needs_jackknife
from analysis.inference.design import Design
from analysis.inference.estimators.effects import linear_effect, risk_effect
from analysis.inference.estimators.fits import (
    fit_linear,
    fit_logit,
    interval,
    leave_one_out,
    p_value,
)
from analysis.inference.sample import Sample, draw_sample


def frame(seed: int, schools: int = 60, size: int = 30, effect: float = 1.0) -> pd.DataFrame:
    """Teachers in schools: half the schools exposed, a covariate, a school shock, a score with a known effect."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), size)
    treat = (school % 2 == 0).astype(float)
    x = rng.normal(size=len(school)) + 0.5 * treat
    shock = rng.normal(scale=0.6, size=schools)[school]
    score = 2.0 + effect * treat + 1.5 * x + shock + rng.normal(size=len(school))
    p = 1 / (1 + np.exp(-(-2.0 + 0.7 * treat + 0.5 * x + 0.3 * shock)))
    return pd.DataFrame(
        {
            "school_id": school.astype(str),
            "treat": treat,
            "x": x,
            "score": score,
            "left": (rng.random(len(school)) < p).astype(float),
            "teacher_id": [f"t{i}" for i in range(len(school))],
        }
    )


def sample(rows: pd.DataFrame, kind: str = "linear", outcome: str = "score") -> Sample:
    return draw_sample(
        rows, Design(kind=kind, outcome=outcome, treatment="treat", cluster="school_id",
                     unit="points", linear=("x",))
    )  # fmt: skip


def sandwich(
    x: np.ndarray, residual: np.ndarray, groups: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """CRV1 from its textbook formula: bread, sum of school scores squared, small-sample factor."""
    bread = np.linalg.inv((x * weight[:, None]).T @ x)
    scores = np.array([x[groups == g].T @ residual[groups == g] for g in np.unique(groups)])
    n, k, g = *x.shape, len(scores)
    return g / (g - 1) * (n - 1) / (n - k) * bread @ scores.T @ scores @ bread


def test_linear_matches_the_textbook_sandwich() -> None:
    s = sample(frame(1))
    fit = fit_linear(s)
    beta = np.linalg.solve(s.x.T @ s.x, s.x.T @ s.y)
    cov = sandwich(s.x, s.y - s.x @ beta, s.groups, np.ones(len(s.y)))
    assert np.allclose(fit.beta, beta, atol=1e-10)
    assert np.allclose(fit.cov, cov, rtol=1e-8)


def test_jackknife_matches_refitting_without_each_school() -> None:
    s = sample(frame(2, schools=12))
    fit = fit_linear(s)
    refits = []
    for g in np.unique(s.groups):
        keep = s.groups != g
        refits.append(np.linalg.lstsq(s.x[keep], s.y[keep], rcond=None)[0])
    assert np.allclose(fit.jackknife, np.array(refits), atol=1e-8)
    moves = np.array(refits) - fit.beta
    assert np.allclose(fit.cov_jackknife, 11 / 12 * moves.T @ moves, atol=1e-10)


def test_weights_enter_the_sandwich_and_the_jackknife_as_weights() -> None:
    """Survey weights: beta = (X'WX)^-1 X'Wy, the middle of the sandwich from W e, refits with the same weights."""
    rows = frame(4, schools=12)
    rows["survey_weight"] = np.random.default_rng(4).uniform(0.3, 3.0, len(rows))
    design = replace(sample(rows).design, weights="survey_weight")
    s = draw_sample(rows, design)
    w = rows["survey_weight"].to_numpy()
    fit = fit_linear(s)
    beta = np.linalg.solve(s.x.T @ (w[:, None] * s.x), s.x.T @ (w * s.y))
    assert np.allclose(fit.beta, beta, atol=1e-10)
    assert np.allclose(fit.cov, sandwich(s.x, w * (s.y - s.x @ beta), s.groups, w), rtol=1e-8)
    refits = []
    for g in np.unique(s.groups):
        keep, root = s.groups != g, np.sqrt(w)[:, None]
        refits.append(np.linalg.lstsq((root * s.x)[keep], (root[:, 0] * s.y)[keep], rcond=None)[0])
    assert np.allclose(fit.jackknife, np.array(refits), atol=1e-8)


def test_weights_ten_times_as_large_claim_no_more_answers() -> None:
    """A weight is no count of people: the error does not shrink with it."""
    rows = frame(5, schools=20)
    rows["survey_weight"] = np.random.default_rng(5).uniform(0.3, 3.0, len(rows))
    design = replace(sample(rows).design, weights="survey_weight")
    one = fit_linear(draw_sample(rows, design))
    ten = rows.assign(survey_weight=10 * rows["survey_weight"])
    many = fit_linear(draw_sample(ten, design))
    assert np.allclose(one.cov, many.cov, rtol=1e-9)


def test_logit_matches_newton_by_hand() -> None:
    s = sample(frame(3), kind="logit", outcome="left")
    beta = np.zeros(s.x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(s.x @ beta)))
        hessian = (s.x * (p * (1 - p))[:, None]).T @ s.x
        beta = beta + np.linalg.solve(hessian, s.x.T @ (s.y - p))
    p = 1 / (1 + np.exp(-(s.x @ beta)))
    # a generalised linear model's sandwich has no (n-1)/(n-k) in this library: only G/(G-1)
    fit = fit_logit(s)
    assert np.allclose(fit.beta, beta, atol=1e-7)
    expected = sandwich(s.x, s.y - p, s.groups, p * (1 - p))
    assert np.allclose(np.diag(fit.cov), np.diag(expected), rtol=0.01)


def test_linearised_logit_jackknife_is_close_to_refitting() -> None:
    s = sample(frame(4, schools=40), kind="logit", outcome="left")
    fit = fit_logit(s)
    g = 7
    keep = s.groups != g
    beta = fit.beta.copy()
    for _ in range(30):
        p = 1 / (1 + np.exp(-(s.x[keep] @ beta)))
        hessian = (s.x[keep] * (p * (1 - p))[:, None]).T @ s.x[keep]
        beta = beta + np.linalg.solve(hessian, s.x[keep].T @ (s.y[keep] - p))
    assert np.allclose(fit.jackknife[g], beta, atol=0.01)


def test_risk_difference_and_its_error_match_finite_differences() -> None:
    s = sample(frame(5), kind="logit", outcome="left")
    fit = fit_logit(s)
    effect = risk_effect(s, fit)

    def value(beta: np.ndarray) -> float:
        treated = s.x[s.is_treated]
        without = treated.copy()
        without[:, 1] = 0
        risks = [1 / (1 + np.exp(-(m @ beta))) for m in (treated, without)]
        return 100 * float(risks[0].mean() - risks[1].mean())

    steps = np.eye(len(fit.beta)) * 1e-6
    numeric = np.array([(value(fit.beta + h) - value(fit.beta - h)) / 2e-6 for h in steps])
    assert effect.value == pytest.approx(value(fit.beta))
    assert np.allclose(effect.gradient, numeric, atol=1e-5)


def test_interval_and_p_use_t_not_the_normal() -> None:
    low, high = interval(1.0, 0.5, 11)
    assert high - 1.0 == pytest.approx(stats.t.ppf(0.975, 11) * 0.5)
    assert p_value(1.0, 0.5, 11) == pytest.approx(2 * stats.t.sf(2.0, 11))
    assert (high - low) > 2 * 1.96 * 0.5


def test_coverage_of_a_planted_effect() -> None:
    """Planted 1.0 in 200 draws: bias within 2 Monte-Carlo errors, coverage within 4 errors of 95 %."""
    hits, values = 0, []
    for seed in range(200):
        s = sample(frame(seed, schools=40, size=10))
        fit = fit_linear(s)
        effect = linear_effect(s, fit)
        low, high = interval(effect.value, effect.std_error(fit.cov), fit.n_clusters - 1)
        hits += low <= 1.0 <= high
        values.append(effect.value)
    error = np.std(values) / np.sqrt(200)
    assert abs(np.mean(values) - 1.0) < 2.5 * error
    assert abs(hits / 200 - 0.95) < 4 * 0.0154


def test_duplicated_rows_do_not_shrink_the_error() -> None:
    rows = frame(6)
    once, twice = (fit_linear(sample(f)) for f in (rows, pd.concat([rows, rows])))
    assert np.sqrt(twice.cov[1, 1]) > 0.98 * np.sqrt(once.cov[1, 1])


def test_row_order_and_ids_change_nothing() -> None:
    rows = frame(7)
    shuffled = rows.sample(frac=1, random_state=1)
    shuffled["school_id"] = "s" + shuffled["school_id"]
    a, b = fit_linear(sample(rows)), fit_linear(sample(shuffled))
    assert a.beta[1] == pytest.approx(b.beta[1], rel=1e-10)
    assert a.cov[1, 1] == pytest.approx(b.cov[1, 1], rel=1e-8)


def test_separation_is_named_not_printed_as_a_number() -> None:
    rows = frame(8)
    rows["left"] = rows["treat"]
    fit = fit_logit(sample(rows, kind="logit", outcome="left"))
    assert fit.problem in ("separation", "not_converged")


def test_few_schools_demand_the_jackknife() -> None:
    assert needs_jackknife(sample(frame(9, schools=20)))
    assert not needs_jackknife(sample(frame(9, schools=60)))


def test_leave_one_out_weights_every_school_once() -> None:
    s = sample(frame(10, schools=8))
    fit = fit_linear(s)
    assert leave_one_out(s, np.ones(len(s.y)), s.y - s.x @ fit.beta).shape == (8, len(fit.beta))


def test_classical_errors_of_a_logit_are_the_information_matrix() -> None:
    """Spector and Mazzeo 1980: PSI 2.379 (1.065); by hand the root of the inverse of X'WX."""
    data = sm.datasets.spector.load_pandas().data
    design = Design(
        kind="logit", outcome="GRADE", treatment="PSI", linear=("GPA", "TUCE"), errors="classical"
    )
    s = draw_sample(data, design)
    fit = fit_logit(s)
    p = 1 / (1 + np.exp(-(s.x @ fit.beta)))
    by_hand = np.linalg.inv((s.x * (p * (1 - p))[:, None]).T @ s.x)
    assert np.allclose(fit.cov, by_hand, rtol=1e-4)
    assert (round(fit.beta[1], 3), round(fit.cov[1, 1] ** 0.5, 3)) == (2.379, 1.065)
    clustered = fit_logit(draw_sample(data, replace(design, errors="cluster")))
    assert clustered.cov[1, 1] != pytest.approx(fit.cov[1, 1], rel=1e-3)
