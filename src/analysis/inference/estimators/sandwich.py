"""Weighted fits of a matrix with errors by cluster: coefficients, CRV1, and the jackknife, as plain numbers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

MAX_CONDITION = 1e13  # of a system that is inverted; the cut of the decomposition lies at 1e15


@dataclass(frozen=True)
class Regression:
    """k coefficients, their covariance by cluster (k by k) and the G coefficients without one cluster (G by k).

    ``n_clusters`` is G; ``problem`` says why it cannot be used.
    """

    beta: np.ndarray
    cov: np.ndarray
    jackknife: np.ndarray
    n_clusters: int
    problem: str = ""

    @property
    def cov_jackknife(self) -> np.ndarray:
        """CRV3 in its jackknife form (MacKinnon, Nielsen and Webb 2023, J. Econometrics 232): k by k."""
        moves = self.jackknife - self.beta
        return (self.n_clusters - 1) / self.n_clusters * moves.T @ moves


def cluster_regression(
    x: np.ndarray,
    beta: np.ndarray,
    curvature: np.ndarray,
    residual: np.ndarray,
    groups: np.ndarray,
    n_rows: int,
    n_absorbed: int = 0,
    problem: str = "",
) -> Regression:
    """A Regression from a solved fit: x (n by k), ``curvature`` and weighted ``residual`` (n each), G cluster codes.

    CRV1: G/(G-1) x (N-1)/(N-K), N the rows before collapsing, K without effects absorbed inside clusters.
    """
    code, names = pd.factorize(groups)
    g, k = len(names), x.shape[1]
    weighted = x * curvature[:, None]
    bread = np.linalg.pinv(weighted.T @ x)
    scores = by_cluster(x * residual[:, None], code, g)
    factor = g / max(g - 1, 1) * (n_rows - 1) / max(n_rows - k - n_absorbed, 1)
    cov = factor * bread @ (scores.T @ scores) @ bread
    moves = jackknife_moves(x, weighted, scores, code, g)
    return Regression(beta, cov, beta + moves, g, problem)


def by_cluster(values: np.ndarray, code: np.ndarray, g: int) -> np.ndarray:
    """Sums of n by k values over G clusters: G by k."""
    columns = [np.bincount(code, values[:, j], minlength=g) for j in range(values.shape[1])]
    return np.column_stack(columns) if columns else np.empty((g, 0))


def jackknife_moves(
    x: np.ndarray, weighted: np.ndarray, scores: np.ndarray, code: np.ndarray, g: int
) -> np.ndarray:
    """How far each coefficient moves without one cluster: -(A - A_g)^-1 s_g, exact for least squares: G by k."""
    order = np.argsort(code, kind="stable")
    xs, ws = x[order], weighted[order]
    edges: np.ndarray = np.append(np.searchsorted(code[order], np.arange(g)), len(code))
    own = np.array([ws[a:b].T @ xs[a:b] for a, b in pairwise(edges)])
    return -solve_all(weighted.T @ x - own, scores)


def solve_all(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Solutions of G (or one) symmetric systems k by k for G vectors: G by k.

    The shortest solution where a level is all in the cluster left out; decomposing only those saves most of the time.
    """
    inverse = np.full_like(matrices, np.nan)
    with suppress(np.linalg.LinAlgError):  # one exactly singular system: all are decomposed
        inverse = np.linalg.inv(matrices)
    sizes = (np.abs(m).sum(axis=1).max(axis=1) for m in (matrices, inverse))
    is_loose = ~(np.prod(list(sizes), axis=0) < MAX_CONDITION)
    inverse[is_loose] = np.linalg.pinv(matrices[is_loose], hermitian=True)
    return (inverse @ vectors[:, :, None])[:, :, 0]


def demean(values: np.ndarray, weight: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """N by k values less the weighted mean of their unit: one set of fixed effects taken out exactly."""
    sums = by_cluster(values * weight[:, None], unit, int(unit.max()) + 1)
    total = np.bincount(unit, weight, len(sums))
    mean = sums / np.where(total > 0, total, 1.0)[:, None]  # a unit without rows has no mean
    return values - mean[unit]


def solve(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted least-squares coefficients (k)."""
    root = np.sqrt(weight)
    found: np.ndarray = np.linalg.lstsq(x * root[:, None], y * root, rcond=None)[0]
    return found
