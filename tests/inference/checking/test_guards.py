"""Fits that must not be read, each drawn so that one thing is wrong with it."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.inference.checking import guards

TREATED = np.array([True] * 4 + [False] * 6)
FINE = np.array([1, 0, 0, 1, 1, 0, 0, 1, 0, 1])


def test_a_sound_logit_passes_with_its_smallest_cell() -> None:
    found = guards.separation_check(FINE, TREATED, np.array([0.3]), np.array([0.4]))
    assert (found.verdict, found.value, found.blocks) == ("pass", 2, False)


@pytest.mark.parametrize(
    ("y", "beta", "error", "problem", "detail"),
    [
        (np.array([0] * 4 + [1, 0, 0, 1, 0, 1]), 0.3, 0.4, "", "empty_cell"),
        (np.array([1] * 4 + [1, 0, 0, 1, 0, 1]), 0.3, 0.4, "", "empty_cell"),
        (FINE, -10.1, 0.4, "", "separation"),
        (FINE, 0.3, 5.1, "", "separation"),
        (FINE, 0.3, np.nan, "", "separation"),
        (FINE, np.inf, 0.4, "", "separation"),
        (FINE, 0.3, 0.4, "not_converged", "not_converged"),
    ],
)
def test_a_runaway_fit_blocks_the_sentence(
    y: np.ndarray, beta: float, error: float, problem: str, detail: str
) -> None:
    found = guards.separation_check(y, TREATED, np.array([0.1, beta]), np.array([0.1, error]), problem)  # fmt: skip
    assert (found.verdict, found.blocks, found.detail) == ("fail", True, detail)


def test_the_library_calls_a_separated_logit_converged_and_the_guard_does_not() -> None:
    """A covariate that separates leaves no empty cell; the library still says converged."""
    x = np.column_stack([np.ones(10), TREATED, np.arange(10)]).astype(float)
    y = (np.arange(10) % 4 > 1).astype(int)
    x[:, 2] = y + 0.1 * np.arange(10) / 10
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = sm.GLM(y, x, family=sm.families.Binomial()).fit()
    found = guards.separation_check(y, TREATED, result.params, result.bse)
    assert found.value > 0
    assert (found.detail, found.blocks) == ("separation", True)


def test_rank_of_the_treatment() -> None:
    rng = np.random.default_rng(1)
    const, t, a = np.ones(10), TREATED.astype(float), rng.normal(size=10)
    assert guards.rank_check(np.column_stack([const, t, a]), FINE).verdict == "pass"
    said = guards.rank_check(np.column_stack([const, t, 1 - t]), FINE)
    assert (said.detail, said.blocks) == ("collinear", True)
    nobody = guards.rank_check(np.column_stack([const, 0 * t]), FINE)
    assert (nobody.value, nobody.detail) == (0.0, "collinear")
    everybody = guards.rank_check(np.column_stack([const, const]), FINE)
    assert everybody.blocks
    # orthogonal to the constant, all of the column is left
    assert guards.share_left(np.column_stack([const, t - t.mean()])) == pytest.approx(1.0)


def test_an_outcome_that_never_varies_blocks() -> None:
    x = np.column_stack([np.ones(10), TREATED]).astype(float)
    found = guards.rank_check(x, np.full(10, 3.0))
    assert (found.detail, found.blocks) == ("constant_outcome", True)
    assert guards.constant_problem(np.array([])) == "constant_outcome"
    assert guards.constant_problem(FINE) == ""
