"""Linear and logit fits with standard errors clustered by school, as numbers and nothing else.

CRV1: the usual sandwich with G/(G-1) x (n-1)/(n-k). CRV3: the cluster jackknife (MacKinnon, Nielsen and Webb 2023,
J. Econometrics 232), for the logit in its linearised form. Intervals use t with G-1 degrees of freedom.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.tools.sm_exceptions import (
    ConvergenceWarning,
    PerfectSeparationWarning,
    SpecificationWarning,
)

from analysis.inference.estimators.sandwich import solve_all
from analysis.inference.sample import Sample

MAX_COEFFICIENT = 10.0  # beyond this a logit coefficient means an (almost) empty cell
FEW_ARM = 6  # clusters of an arm below which an interval says nothing unless they were drawn by lot
MAX_STD_ERROR = 5.0


@dataclass(frozen=True)
class Fit:
    """Coefficients (k), their CRV1 and CRV3 covariances (k by k), and jackknife coefficients (G by k).

    ``n_clusters`` is G; ``problem`` names why the fit cannot be used, empty if it can.
    """

    beta: np.ndarray
    cov: np.ndarray
    cov_jackknife: np.ndarray
    jackknife: np.ndarray
    n_clusters: int
    problem: str = ""


def fit_linear(sample: Sample) -> Fit:
    """Least squares of ``y`` on ``x`` (n by k); clustered, HC1 without clusters, or with classical errors.

    Weights of answers are no counts of people: they enter as in ``svyglm``, and the errors stay those of clusters.
    """
    weight = weight_of(sample)
    model = sm.WLS(sample.y, sample.x, weights=weight)
    if sample.design.errors == "classical":
        result = model.fit(use_t=True)
    elif sample.design.errors == "robust" or not sample.design.cluster:
        result = model.fit(cov_type="HC1", use_t=True)
    else:
        groups = {"groups": sample.groups}
        result = model.fit(cov_type="cluster", cov_kwds=groups, use_t=True)
    moves = leave_one_out(sample, weight, weight * np.asarray(result.resid))
    return _fit(result, moves)


def weight_of(sample: Sample) -> np.ndarray:
    """N weights of the design, ones without."""
    name = sample.design.weights
    return sample.rows[name].to_numpy(dtype=float) if name else np.ones(len(sample.y))


def mean_one(weight: np.ndarray) -> np.ndarray:
    """N weights divided by their mean: whoever wrote them in thousands or in thousandths meant the same."""
    return weight / weight.mean() if len(weight) else weight


def fit_logit(sample: Sample) -> Fit:
    """Maximum-likelihood logit of 0/1 ``y`` on ``x`` (n by k), guarded against separation.

    Errors by cluster (rows of their own without one), or classical ones from the information matrix.
    """
    weight = mean_one(weight_of(sample))
    model = sm.GLM(sample.y, sample.x, family=sm.families.Binomial(), var_weights=weight)
    errors = {"cov_type": "cluster", "cov_kwds": {"groups": sample.groups}}
    if sample.design.errors == "classical":
        errors = {}
    with warnings.catch_warnings():
        # All are turned into a named problem below; a warning would only reach the notebook.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "overflow", RuntimeWarning)  # on the way to a chance of 1
        # The sandwich takes the weights with the scores; the library has merely not tested every kind of it,
        # and says so for weights of one, too.
        warnings.filterwarnings("ignore", "cov_type not fully supported", SpecificationWarning)
        result = model.fit(use_t=True, **errors)
    p = np.asarray(result.fittedvalues)
    moves = leave_one_out(sample, weight * p * (1 - p), weight * (sample.y - p))
    return _fit(result, moves, separation_problem(result))


def _fit(result: object, moves: np.ndarray, problem: str = "") -> Fit:
    """A Fit from a statsmodels result and the jackknife moves (G by k)."""
    beta = np.asarray(result.params)  # type: ignore[attr-defined]
    g = len(moves)
    return Fit(
        beta=beta,
        cov=np.asarray(result.cov_params()),  # type: ignore[attr-defined]
        cov_jackknife=(g - 1) / g * moves.T @ moves,
        jackknife=beta + moves,
        n_clusters=g,
        problem=problem,
    )


def separation_problem(result: object) -> str:
    """Whether a logit ran away: statsmodels no longer raises, it prints huge coefficients and says converged."""
    if not result.converged:  # type: ignore[attr-defined]
        return "not_converged"
    return "separation" if ran_away(result.params[1], result.bse[1]) else ""  # type: ignore[attr-defined]


def ran_away(coefficient: float, error: float) -> bool:
    """Whether a coefficient and its error are those of an (almost) empty cell."""
    return not (abs(coefficient) <= MAX_COEFFICIENT and error <= MAX_STD_ERROR)


def leave_one_out(sample: Sample, weight: np.ndarray, residual: np.ndarray) -> np.ndarray:
    """How far each coefficient moves when one cluster is left out: G by k.

    Exact for least squares; one Newton step for the logit: b(-g) - b = -(A - A_g)^-1 X_g' r_g, A = X'WX.
    """
    return cluster_moves(sample.x, sample.groups, weight, residual)


def cluster_moves(
    x: np.ndarray, groups: np.ndarray, weight: np.ndarray, residual: np.ndarray
) -> np.ndarray:
    """The same for any x (n by k), cluster codes 0..G-1, curvature ``weight`` and weighted ``residual``: G by k.

    Where every row is its own cluster the inverse comes from the leverage: -A^-1 x_i r_i / (1 - h_i).
    """
    xw = x * weight[:, None]
    whole = xw.T @ x
    order = np.argsort(groups, kind="stable")
    edges = np.flatnonzero(np.diff(groups[order], prepend=-1))
    if len(edges) == len(x):
        ahead = (x @ np.linalg.pinv(whole))[order]
        leverage = np.einsum("ij,ij->i", ahead, xw[order])
        moves: np.ndarray = -ahead * (residual[order] / (1 - leverage))[:, None]
        return moves
    parts = np.split(order, edges[1:])
    own = np.array([xw[rows].T @ x[rows] for rows in parts])
    return -solve_all(whole - own, np.array([x[rows].T @ residual[rows] for rows in parts]))


def by_content(sums: np.ndarray) -> np.ndarray:
    """The order of G clusters by their sums (G by m), the first column before the next; rounding does not count.

    Random numbers are dealt in this order: in that of first appearance they would follow the order of the rows.
    """
    size = np.abs(sums).max(axis=0)
    rounded = np.round(sums / np.where(size > 0, size, 1.0), 9)
    return np.lexsort(rounded.T[::-1])


def interval(
    estimate: float, std_error: float, df: float, level: float = 0.95
) -> tuple[float, float]:
    """A two-sided t interval."""
    half = stats.t.ppf(0.5 + level / 2, df) * std_error
    return estimate - half, estimate + half


def p_value(estimate: float, std_error: float, df: float) -> float:
    """Two-sided p of a t statistic."""
    return float(2 * stats.t.sf(abs(estimate) / std_error, df))
