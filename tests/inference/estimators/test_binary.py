"""Binary regressions on distinct rows: against the statistics library, and what the matrix keeps."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.inference.estimators.binary import (
    Matrix,
    derivatives,
    fit_binary,
    make_matrix,
    patterns,
    risks,
)

RNG = np.random.default_rng(7)
N = 4000
GROUP, BAND = RNG.integers(0, 4, N), RNG.integers(0, 6, N)
X = np.column_stack([np.ones(N), RNG.integers(0, 2, N)]).astype(float)
WEIGHT = RNG.choice([0.5, 1.0, 2.0], N)
LINKS = {"logit": sm.families.links.Logit(), "cloglog": sm.families.links.CLogLog()}


def drawn_outcome(rare: bool = False) -> np.ndarray:
    """Yes or no by band, group and treatment; ``rare``: nobody of the last band says yes."""
    risk = 0.05 + 0.02 * BAND + 0.03 * GROUP + 0.04 * X[:, 1]
    y = (np.random.default_rng(8).random(N) < risk).astype(float)
    return np.where(BAND == 5, 0.0, y) if rare else y


def matrix() -> Matrix:
    """Constant, treatment, groups and bands."""
    return make_matrix(X, [GROUP, BAND])


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_coefficients_are_those_of_the_statistics_library(link: str) -> None:
    """On all rows, with weights: coefficients and the residuals' products to many digits."""
    own, y = matrix(), drawn_outcome()
    family = sm.families.Binomial(LINKS[link])
    result = sm.GLM(y, own.x, family=family, var_weights=WEIGHT).fit()
    found = fit_binary(own, y, WEIGHT, link, at=1)
    np.testing.assert_allclose(found.beta, result.params, atol=1e-8)
    np.testing.assert_allclose(found.risk, result.fittedvalues, atol=1e-9)
    bread = own.information(found.information)
    np.testing.assert_allclose(np.sqrt(np.diag(np.linalg.inv(bread))), result.bse, rtol=1e-6)
    assert not found.problem


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_a_level_without_events_runs_away_as_far_as_in_the_library(link: str) -> None:
    """Its coefficient goes to minus infinity, the others are those of the library, and nothing is said of it."""
    own, y = matrix(), drawn_outcome(rare=True)
    family = sm.families.Binomial(LINKS[link])
    result = sm.GLM(y, own.x, family=family, var_weights=WEIGHT).fit()
    found = fit_binary(own, y, WEIGHT, link, at=1)
    np.testing.assert_allclose(found.risk, result.fittedvalues, atol=1e-8)
    assert found.beta[1] == pytest.approx(result.params[1], abs=1e-7)
    assert not found.problem


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_where_the_steps_begin_changes_nothing(link: str) -> None:
    """From the risks of another model, even with a level that runs away."""
    for rare in (False, True):
        own, y = matrix(), drawn_outcome(rare)
        near = fit_binary(make_matrix(X, [BAND]), y, np.ones(N)).risk
        plain = fit_binary(own, y, WEIGHT, link, at=1)
        started = fit_binary(own, y, WEIGHT, link, at=1, start=near)
        assert started.beta[1] == pytest.approx(plain.beta[1], abs=1e-7)
        np.testing.assert_allclose(started.risk, plain.risk, atol=1e-8)


def test_an_outcome_that_the_treatment_tells_is_separation() -> None:
    """All of the exposed and none of the others: named, not estimated."""
    assert fit_binary(matrix(), X[:, 1], np.ones(N), at=1).problem == "separation"


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_scores_are_the_derivatives_of_the_likelihood(link: str) -> None:
    """By small differences; the information is the score's mean square."""
    eta, step = np.linspace(-4, 1, 7), 1e-6

    def likelihood(predictor: np.ndarray, y: float) -> np.ndarray:
        p = risks(predictor, link)[0]
        return y * np.log(p) + (1 - y) * np.log(1 - p)

    p = risks(eta, link)[0]
    squares = np.zeros(7)
    for y, chance in ((1.0, p), (0.0, 1 - p)):
        score, information = derivatives(eta, np.full(7, y), np.ones(7), link)
        found = (likelihood(eta + step, y) - likelihood(eta - step, y)) / (2 * step)
        np.testing.assert_allclose(score, found, atol=1e-5)
        squares += chance * score**2
    np.testing.assert_allclose(information, squares, rtol=1e-9)


def test_rows_that_are_alike_enter_once_and_change_nothing() -> None:
    """As many distinct rows as there are kinds, each row told by its code, and scores that sum to nothing."""
    own, y = matrix(), drawn_outcome()
    assert len(own.each) == 2 * 4 * 6
    np.testing.assert_array_equal(own.x[:, :2], X)
    np.testing.assert_array_equal(own.x[own.first], own.each)
    fitted = fit_binary(own, y, WEIGHT)
    assert np.abs(own.x.T @ fitted.score).max() < 1e-5
    np.testing.assert_allclose(own.crossed(fitted.score), own.x.T @ fitted.score, atol=1e-9)
    np.testing.assert_allclose(
        own.information(WEIGHT), (own.x * WEIGHT[:, None]).T @ own.x, rtol=1e-12
    )


def test_patterns_are_those_of_the_rows_in_order_of_appearance() -> None:
    """Against the library's sorted distinct rows; numbers that differ by little are different."""
    first, codes = patterns(np.column_stack([X, GROUP, BAND / 7]))
    wide = np.column_stack([X, GROUP, BAND])
    assert len(first) == len(np.unique(wide, axis=0))
    np.testing.assert_array_equal(wide[first][codes], wide)
    assert (np.diff(first) > 0).all()
    close = np.array([[1.0, 0.1], [1.0, 0.1 + 1e-12], [1.0, 0.1]])
    np.testing.assert_array_equal(patterns(close)[1], [0, 1, 0])


def test_columns_that_repeat_others_are_left_out() -> None:
    """A constant second column and a copy are not kept."""
    rng = np.random.default_rng(1)
    x = rng.integers(0, 2, 50).astype(float)
    found = make_matrix(np.column_stack([np.ones(50), np.ones(50), x, 1 - x]))
    assert found.x.shape == (50, 2)
