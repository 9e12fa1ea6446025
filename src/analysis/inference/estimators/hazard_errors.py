"""How a weighted regression varies when its weights are estimated too: sandwich and jackknife by cluster.

The propensity and the hazard are stacked as estimating equations (Lunceford and Davidian 2004, Statistics in Medicine
23; Stefanski and Boos 2002, The American Statistician 56), so the errors hold for estimated weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from analysis.inference.estimators.binary import Matrix, Regression
from analysis.inference.estimators.fits import Fit
from analysis.inference.estimators.hazard_weights import Exposure
from analysis.inference.estimators.sandwich import solve_all
from analysis.inference.sample import Sample

MAX_EXACT = 2000  # clusters up to which each one's own information is taken out in the jackknife


@dataclass(frozen=True)
class Clusters:
    """Rows in the order of their cluster: ``order`` (n), and ``edges`` (G), where each cluster starts in it.

    ``codes`` (n): which one a row is in. ``is_clustered`` is false where every row stands for itself: errors are then
    robust (HC1), without jackknife.
    """

    order: np.ndarray
    edges: np.ndarray
    codes: np.ndarray
    is_clustered: bool

    @property
    def size(self) -> int:
        """Number of clusters, or of rows."""
        return len(self.edges)

    @property
    def is_exact(self) -> bool:
        """Whether cross-products are kept by cluster."""
        return self.is_clustered and self.size <= MAX_EXACT

    def df(self, n_coefficients: int) -> float:
        """Degrees of freedom: clusters less one, or rows less coefficients."""
        return float(self.size - (1 if self.is_clustered else n_coefficients))

    def factor(self, n_coefficients: int) -> float:
        """The sandwich's correction for few clusters: G/(G-1) x (n-1)/(n-k); for rows n/(n-k)."""
        g, n = self.size, len(self.order)
        if g < 2 or n <= n_coefficients:
            return float("nan")
        return g / (g - 1) * (n - 1) / (n - n_coefficients)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sums by cluster of n rows (n, or n by k)."""
        return np.add.reduceat(values[self.order], self.edges, axis=0)

    def scores(self, matrix: Matrix, score: np.ndarray) -> np.ndarray:
        """Sums by cluster of the n rows of a matrix times n numbers: G by k."""
        shape = (self.size, len(matrix.each))
        return sparse.csr_array((score, (self.codes, matrix.codes)), shape=shape) @ matrix.each

    def products(self, left: np.ndarray, weight: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Weighted cross-products of n by k and n by q: G by k by q, or 1 by k by q beyond 2,000 clusters."""
        weighted, other = left[self.order] * weight[self.order, None], right[self.order]
        starts = self.edges if self.is_exact else np.zeros(1, dtype=int)
        bounds = pairwise((*starts, len(self.order)))
        return np.array([weighted[a:b].T @ other[a:b] for a, b in bounds])

    def without(self, products: np.ndarray) -> np.ndarray:
        """What is left of the products' sum without each cluster: G by k by q (1 where they are not kept apart)."""
        whole = products.sum(axis=0)
        return whole - products if self.is_exact else whole[None]


def make_clusters(sample: Sample) -> Clusters:
    """The clusters of a sample; each row its own without a cluster or where the design asks for other errors."""
    is_clustered = bool(sample.design.cluster) and sample.design.errors == "cluster"
    groups = sample.groups if is_clustered else np.arange(len(sample.y))
    order = np.argsort(groups, kind="stable")
    _, edges, codes = np.unique(groups[order], return_index=True, return_inverse=True)
    return Clusters(order, edges, codes[np.argsort(order, kind="stable")], is_clustered)


@dataclass(frozen=True)
class Equations:
    """Estimating equations: ``scores`` by cluster (G by k) and the ``inverse`` of the expected information (k by k)."""

    scores: np.ndarray
    inverse: np.ndarray


def equations(regression: Regression, clusters: Clusters) -> Equations:
    """The scores by cluster and the inverse information of a regression."""
    whole = regression.matrix.information(regression.information)
    scores = clusters.scores(regression.matrix, regression.score)
    return Equations(scores, np.linalg.pinv(whole, hermitian=True))


@dataclass(frozen=True)
class Landmarks:
    """The n landmark rows with their weights and clusters.

    ``propensity``: the estimating equations behind the weights; ``steps``: how far each cluster moves the
    propensity's coefficients (G by q).
    """

    sample: Sample
    exposure: Exposure
    clusters: Clusters
    propensity: Equations
    steps: np.ndarray


def make_landmarks(sample: Sample, exposure: Exposure) -> Landmarks:
    """The landmark rows with what their errors need, computed once."""
    clusters = make_clusters(sample)
    model = equations(exposure.model, clusters)
    return Landmarks(sample, exposure, clusters, model, model.scores @ model.inverse)


def clustered_fit(
    regression: Regression, landmarks: Landmarks, is_weighted: bool, with_jackknife: bool = True
) -> Fit:
    """Coefficients with CRV1 and, if wanted, the linearised CRV3 (else the estimates without a cluster are 0 by k).

    ``is_weighted`` if the weights come from the propensity. Without clusters there is no jackknife.
    """
    clusters = landmarks.clusters
    k, g = len(regression.beta), clusters.size
    own = equations(regression, clusters)
    scores = own.scores
    if is_weighted:
        scores = scores + landmarks.steps @ pull_of(regression, landmarks.exposure).T
    moved = scores @ own.inverse
    moves = np.empty((0, k))
    if clusters.is_clustered and with_jackknife:
        moves = jackknife_moves(regression, landmarks, own, is_weighted)
    return Fit(
        beta=regression.beta,
        cov=clusters.factor(k) * moved.T @ moved,
        cov_jackknife=(g - 1) / g * moves.T @ moves,
        jackknife=regression.beta + moves,
        n_clusters=g,
    )


def pull_of(regression: Regression, exposure: Exposure) -> np.ndarray:
    """How the propensity's coefficients move the hazard's equations by way of the weights: k by q."""
    one, two = regression.matrix, exposure.model.matrix
    shape = (len(one.each), len(two.each))
    weight = regression.score * exposure.slope
    return one.each.T @ (sparse.csr_array((weight, (one.codes, two.codes)), shape=shape) @ two.each)


def jackknife_moves(
    regression: Regression, landmarks: Landmarks, own: Equations, is_weighted: bool
) -> np.ndarray:
    """How far each coefficient moves without each cluster, by one Newton step of both equations: G by k.

    MacKinnon, Nielsen and Webb 2023, J. Econometrics 232.
    """
    exposure, clusters = landmarks.exposure, landmarks.clusters
    x, right = regression.matrix.x, -own.scores
    if is_weighted:
        z, model = exposure.model.matrix.x, exposure.model
        pull = clusters.products(x, regression.score * exposure.slope, z)
        left_out = solve_all(
            clusters.without(clusters.products(z, model.information, z)),
            landmarks.propensity.scores,
        )
        right = right - (clusters.without(pull) @ left_out[:, :, None])[:, :, 0]
    return solve_all(clusters.without(clusters.products(x, regression.information, x)), right)
