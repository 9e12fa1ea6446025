"""Binary regressions of many rows that are alike: distinct rows, a full-rank matrix of them, maximum likelihood.

A county asks 60,000 rows some thirty regressions. Rows with the same covariates enter once, and each step solves the
k normal equations; the statistics library decomposes all rows at every step, which took most of a report's time. The
tests hold coefficients and errors against the library's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit, xlog1py, xlogy

from analysis.inference.estimators.fits import ran_away

TOLERANCE = 1e-9  # share of a column's length that the earlier columns must leave
MAX_STEPS = 100
SETTLED = 1e-8  # change of the deviance that ends the steps, as in the statistics library
ROUNDING = 1e-15  # share of the deviance below which its change is rounding
SEED = 20263


@dataclass(frozen=True)
class Matrix:
    """A full-rank matrix of n rows that are often alike: ``each`` (p by k) are the distinct rows.

    ``first``: p row numbers, where each is first seen; ``codes``: n numbers, which of them a row is.
    """

    each: np.ndarray
    first: np.ndarray
    codes: np.ndarray

    @property
    def x(self) -> np.ndarray:
        """The matrix of all rows, n by k."""
        return self.each[self.codes]

    def totals(self, values: np.ndarray) -> np.ndarray:
        """Sums of n numbers over the rows that are alike: p."""
        return np.bincount(self.codes, values, minlength=len(self.each))

    def crossed(self, values: np.ndarray) -> np.ndarray:
        """The products X'v with n numbers: k."""
        return self.totals(values) @ self.each

    def information(self, weight: np.ndarray) -> np.ndarray:
        """The products X'WX with n weights: k by k."""
        return (self.each * self.totals(weight)[:, None]).T @ self.each


@dataclass(frozen=True)
class Regression:
    """A fitted binary regression of n rows on a matrix with k columns.

    ``beta``: k coefficients; ``risk``: n fitted risks; ``score``: n numbers, the derivative of each row's
    log-likelihood by its linear predictor; ``information``: n numbers, the expected second derivative with its sign
    turned.
    """

    matrix: Matrix
    beta: np.ndarray
    risk: np.ndarray
    score: np.ndarray
    information: np.ndarray
    problem: str = ""


def make_matrix(wide: np.ndarray, levels: Sequence[np.ndarray] = ()) -> Matrix:
    """The columns (of n by k, then 0/1 columns of each of ``levels``) that say something the earlier ones do not.

    ``levels``: n codes (0, 1, ...) each. Only distinct rows are spread out into 0/1 columns.
    """
    first, codes = patterns(np.column_stack([wide, *levels]))
    each = np.column_stack([wide[first], *(level_columns(level, first) for level in levels)])
    return Matrix(each=each[:, spanning_columns(each)], first=first, codes=codes)


def level_columns(codes: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """0/1 columns for all of n codes (0, 1, ...) but the most frequent, at some rows."""
    counts = np.bincount(codes)
    kept = [c for c in np.flatnonzero(counts) if c != counts.argmax()]
    return (codes[rows][:, None] == np.array(kept, dtype=int)).astype(float)


def patterns(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each distinct row of ``x`` (n by k), and the n codes of the patterns.

    Rows are told apart by two random combinations of their columns, which differ for different rows with all but
    certainty, unless they differ by rounding alone; rounding could at worst keep two equal rows apart, which changes
    nothing but time.
    """
    mixed = x @ np.random.default_rng(SEED).normal(size=(x.shape[1], 2))
    one, two = (pd.factorize(column)[0].astype(np.int64) for column in mixed.T)
    codes = pd.factorize(one * (len(x) + 1) + two)[0]
    return np.flatnonzero(~pd.Series(codes).duplicated().to_numpy()), codes


def spanning_columns(x: np.ndarray) -> list[int]:
    """Indices of the columns that are no combination of earlier ones, by Gram-Schmidt with a second pass.

    Few patterns may face as many columns, where a triangle of a QR decomposition misses some.
    """
    basis = np.zeros((len(x), min(x.shape)), order="F")
    kept: list[int] = []
    for i, column in enumerate(x.T):
        rest, known = column, basis[:, : len(kept)]
        for _ in range(2):
            rest = rest - known @ (known.T @ rest)
        size = float(np.linalg.norm(rest))
        if size > TOLERANCE * float(np.linalg.norm(column)):
            basis[:, len(kept)] = rest / size
            kept.append(i)
    return kept


def fit_binary(
    matrix: Matrix,
    y: np.ndarray,
    weight: np.ndarray,
    link: str = "logit",
    at: int | None = None,
    start: np.ndarray | None = None,
) -> Regression:
    """A weighted binary regression of 0/1 ``y`` (n) on a matrix (n by k) by maximum likelihood.

    Rows that share all columns enter once, with their mean outcome and summed weight: the same likelihood in less
    time. ``at``: the coefficient whose size is guarded, if any. ``start``: n risks near the answer, as those of a
    like regression of the same rows, to save steps.
    """
    total = matrix.totals(weight)
    share = matrix.totals(weight * y) / np.maximum(total, 1e-300)
    near = (share + 0.5) / 2 if start is None else np.clip(start[matrix.first], 1e-15, 1 - 1e-15)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        beta, bread, settled = scoring(matrix.each, share, total, link, near)
    predictor = (matrix.each @ beta)[matrix.codes]
    score, information = derivatives(predictor, y, weight, link)
    problem = "" if settled else "not_converged"
    if settled and at is not None:
        error = np.sqrt(np.linalg.pinv(bread, hermitian=True)[at, at])
        problem = "separation" if ran_away(float(beta[at]), float(error)) else ""
    risk = risks(predictor, link)[0]
    return Regression(matrix, beta, risk, score, information, problem)


def scoring(
    x: np.ndarray, share: np.ndarray, total: np.ndarray, link: str, risk: np.ndarray
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Coefficients (k) of p shares by Fisher scoring from some risks, their information (k by k), and whether it ended.

    McCullagh and Nelder 1989, 2.5: least squares of the working outcome until the deviance stays where it is.
    """
    predictor, last = predictor_of(risk, link), np.inf
    smallest = SETTLED * min(1.0, float(total.max(initial=0.0)))  # small weights, small deviances
    for _ in range(MAX_STEPS):
        score, information = derivatives(predictor, share, total, link)
        bread = (x * information[:, None]).T @ x
        beta = solve_normal(bread, (information * predictor + score) @ x)
        predictor = x @ beta
        deviance = deviance_of(predictor, share, total, link)
        floor = ROUNDING * abs(deviance)
        if not np.isfinite(deviance) or abs(last - deviance) <= max(smallest, floor):
            break
        last = deviance
    else:
        return beta, bread, False
    return beta, bread, bool(np.isfinite(deviance))


def solve_normal(bread: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The solution (k) of the normal equations; the shortest one where a level has lost all its information."""
    try:
        return np.linalg.solve(bread, right)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(bread, right, rcond=None)[0])


def deviance_of(predictor: np.ndarray, share: np.ndarray, total: np.ndarray, link: str) -> float:
    """Minus twice the log-likelihood of p shares with their weights."""
    p = risks(predictor, link)[0]
    return float(-2 * total @ (xlogy(share, p) + xlog1py(1 - share, -p)))


def derivatives(
    predictor: np.ndarray, y: np.ndarray, weight: np.ndarray, link: str
) -> tuple[np.ndarray, np.ndarray]:
    """Score and expected information of n rows by their linear predictor (McCullagh and Nelder 1989, 2.5)."""
    p, slope = risks(predictor, link)
    variance = np.maximum(p * (1 - p), 1e-300)
    return weight * (y - p) * slope / variance, weight * slope**2 / variance


def risks(predictor: np.ndarray, link: str) -> tuple[np.ndarray, np.ndarray]:
    """Risks of n linear predictors and their derivatives, under the logit or the complementary log-log link."""
    if link == "cloglog":
        hazard = np.exp(np.minimum(predictor, 30.0))
        return -np.expm1(-hazard), hazard * np.exp(-hazard)
    p = expit(predictor)
    return p, p * (1 - p)


def predictor_of(risk: np.ndarray, link: str) -> np.ndarray:
    """The linear predictors of n risks: the inverse of ``risks``."""
    return np.log(-np.log1p(-risk)) if link == "cloglog" else logit(risk)
