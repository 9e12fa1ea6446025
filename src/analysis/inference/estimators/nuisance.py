"""The models behind an adjusted effect, each with what a row adds to its coefficients' error and its jackknife."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import statsmodels.api as sm
from scipy import optimize
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.inference.estimators.fits import MAX_COEFFICIENT, MAX_STD_ERROR, cluster_moves
from analysis.inference.estimators.sandwich import solve

Link = Literal["logit", "probit"]
MAX_INDEX = {
    "logit": 25.0,
    "probit": 6.5,
}  # chances of one in 10^11 either way; beyond lies separation
LINKS = {"logit": sm.families.links.Logit, "probit": sm.families.links.Probit}


@dataclass(frozen=True)
class Model:
    """k coefficients; of all n rows the prediction and its ``slope`` by the linear index; the errors' two parts.

    ``influence``: n by k, what each row adds; ``moves``: G by k, one Newton step without each cluster.
    """

    beta: np.ndarray
    fitted: np.ndarray
    slope: np.ndarray
    influence: np.ndarray
    moves: np.ndarray
    problem: str = ""


def linear_model(x: np.ndarray, y: np.ndarray, weight: np.ndarray, code: np.ndarray) -> Model:
    """Weighted least squares of y (n) on x (n by k); rows of weight 0 are only predicted."""
    beta = solve(x, y, weight)
    fitted = x @ beta
    influence, moves = errors_of(x, weight, weight * (y - fitted), code)
    return Model(beta, fitted, np.ones(len(y)), influence, moves)


def binomial_model(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, code: np.ndarray, link: Link = "logit"
) -> Model:
    """Maximum likelihood of 0/1 y (n); weights of answers are no counts (``var_weights``), 0 only predicts."""
    own, family = weight > 0, sm.families.Binomial(link=LINKS[link]())
    model = sm.GLM(y[own], x[own], family=family, var_weights=weight[own])
    with warnings.catch_warnings():
        # All are turned into a named problem below; a warning would only reach the notebook.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)  # overflow on the way to a chance of 1
        result = model.fit(maxiter=50)
    beta = np.asarray(result.params)
    index = np.clip(x @ beta, -MAX_INDEX[link], MAX_INDEX[link])
    fitted, slope = family.link.inverse(index), family.link.inverse_deriv(index)
    information = weight * slope / (fitted * (1 - fitted))
    influence, moves = errors_of(x, information * slope, information * (y - fitted), code)
    is_wild = (np.abs(beta[1:]) > MAX_COEFFICIENT) | ~(np.asarray(result.bse)[1:] <= MAX_STD_ERROR)
    problem = "separation" if is_wild.any() else "" if result.converged else "not_converged"
    return Model(beta, fitted, slope, influence, moves, problem)


def balancing_model(
    x: np.ndarray, t: np.ndarray, weight: np.ndarray, code: np.ndarray, start: np.ndarray
) -> Model:
    """Odds exp(x b) whose weighted sums of x over the unexposed equal those over the exposed (n by k).

    Entropy balancing in its dual form (Hainmueller 2012, Political Analysis 20; Zhao and Percival 2017).
    """
    own, target = weight * (1 - t), (weight * t) @ x

    def loss(b: np.ndarray) -> float:
        return float(own @ np.exp(x @ b) - target @ b)

    def slope_of(b: np.ndarray) -> np.ndarray:
        return (own * np.exp(x @ b)) @ x - target

    def curve(b: np.ndarray) -> np.ndarray:
        return (x * (own * np.exp(x @ b))[:, None]).T @ x

    try:
        with np.errstate(over="ignore", invalid="ignore"):  # no finite odds: said by ``problem``
            found = optimize.minimize(loss, start, jac=slope_of, hess=curve, method="trust-exact")
            odds = np.exp(x @ found.x)
    except ValueError as error:
        if "infs or NaNs" not in str(error):
            raise
        return no_balance(x, code)
    if not np.isfinite(odds).all():
        return no_balance(x, code)
    influence, moves = errors_of(x, own * odds, weight * t - own * odds, code)
    is_exact = np.abs(found.jac).max() <= 1e-4 * max(np.abs(target).max(), 1.0)
    p = odds / (1 + odds)
    return Model(found.x, p, p * (1 - p), influence, moves, "" if is_exact else "no_overlap")


def no_balance(x: np.ndarray, code: np.ndarray) -> Model:
    """The answer where no finite odds make the unexposed like the exposed: nothing is moved, and nothing is said."""
    n, k = x.shape
    half: np.ndarray = np.full(n, 0.5)
    moves = np.zeros((len(np.unique(code)), k))
    return Model(np.zeros(k), half, half / 2, np.zeros((n, k)), moves, "no_overlap")


def errors_of(
    x: np.ndarray, curvature: np.ndarray, residual: np.ndarray, code: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Influence of each row on the coefficients (n by k) and their moves without each cluster (G by k).

    Without clusters there are no moves (0 by k).
    """
    bread = np.linalg.pinv((x * curvature[:, None]).T @ x, hermitian=True)
    influence = (x * residual[:, None]) @ bread
    if not len(code):
        return influence, np.empty((0, x.shape[1]))
    return influence, cluster_moves(x, code, curvature, residual)
