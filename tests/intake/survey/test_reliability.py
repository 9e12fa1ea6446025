"""Alpha and omega against an independent derivation, a known population and a published example."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.intake.survey.reliability import alpha, omega, omega_of


def answers_with(covariance: np.ndarray, n: int = 400) -> np.ndarray:
    """Rows whose sample covariance is exactly the one asked for."""
    raw = np.random.default_rng(7).standard_normal((n, len(covariance)))
    white = np.linalg.solve(np.linalg.cholesky(np.cov(raw, rowvar=False)), raw.T)
    return (np.linalg.cholesky(covariance) @ white).T


def test_alpha_of_a_tau_equivalent_matrix() -> None:
    """Variances 10 to 13, all covariances 6: alpha is k^2 c / sum = 16 x 6 / 118 = .8136, worked by hand."""
    covariance = np.full((4, 4), 6.0) + np.diag([4.0, 5.0, 6.0, 7.0])
    assert alpha(answers_with(covariance)) == pytest.approx(96 / 118, abs=1e-9)


def test_alpha_of_equal_correlations_is_spearman_brown() -> None:
    """For equal correlations r alpha is k r / (1 + (k-1) r): Cronbach 1951."""
    covariance = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    assert alpha(answers_with(covariance)) == pytest.approx(5 * 0.4 / (1 + 4 * 0.4), abs=1e-9)


def test_omega_finds_the_loadings_of_one_factor() -> None:
    """Loadings .8 .7 .6 .5: (2.6)^2 / (2.6^2 + sum of 1 - l^2) = 6.76 / 9.02, worked by hand."""
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    covariance = np.outer(loadings, loadings)
    np.fill_diagonal(covariance, 1.0)
    assert omega_of(covariance, 400) == pytest.approx(6.76 / 9.02, abs=1e-5)


def test_omega_of_a_published_example() -> None:
    """Wikipedia, "Congeneric reliability": squared sum of loadings 106.22 of 124.23, so omega = .8550.

    The covariances stand there with two decimals, which leaves the third decimal of omega open.
    """
    below = np.array([[10, 0, 0, 0], [4.42, 11, 0, 0], [4.98, 5.71, 12, 0], [6.98, 7.99, 9.01, 13]])
    covariance = below + below.T - np.diag(np.diag(below))
    assert omega_of(covariance, 400) == pytest.approx(0.8550, abs=5e-4)
    assert alpha(answers_with(covariance)) < 0.8550  # alpha is a lower bound


def test_units_of_the_items_are_kept() -> None:
    """An item on a scale twice as wide weighs twice as much: omega is that of the sum, not of the correlations."""
    loadings, unique = np.array([2.0, 1.0, 1.0]), np.array([1.0, 1.0, 1.0])
    covariance = np.outer(loadings, loadings) + np.diag(unique)
    assert omega_of(covariance, 400) == pytest.approx(16 / 19, abs=1e-4)


@pytest.mark.parametrize(
    "rows",
    [np.ones((50, 4)), np.ones((3, 4)), np.random.default_rng(1).standard_normal((50, 2))],
)
def test_what_cannot_be_told_is_missing(rows: np.ndarray) -> None:
    assert np.isnan(omega(rows))
    assert np.isnan(alpha(np.ones((50, 4))))
    assert np.isnan(alpha(np.ones((50, 1))))
