"""How a weighted regression varies when its weights are estimated too: sandwich and jackknife by cluster.

The propensity and the hazard are stacked as estimating equations (Lunceford and Davidian 2004, Statistics in Medicine
23; Stefanski and Boos 2002, The American Statistician 56), so the errors hold for estimated weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.inference.estimators.fits import Fit
from analysis.inference.estimators.hazard_weights import Exposure, Regression
from analysis.inference.sample import Sample

MAX_EXACT = 2000  # clusters up to which each one's own information is taken out in the jackknife


@dataclass(frozen=True)
class Clusters:
    """Rows in the order of their cluster: ``order`` (n), and ``edges`` (G), where each cluster starts in it.

    ``is_clustered`` is false where every row stands for itself: errors are then robust (HC1), without jackknife.
    """

    order: np.ndarray
    edges: np.ndarray
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

    def products(self, left: np.ndarray, weight: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Weighted cross-products of n by k and n by q: G by k by q, or 1 by k by q beyond 2,000 clusters."""
        weighted = (left * weight[:, None])[self.order]
        other = right[self.order]
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
    codes = sample.groups if is_clustered else np.arange(len(sample.y))
    order = np.argsort(codes, kind="stable")
    edges = np.flatnonzero(np.diff(codes[order], prepend=-1))
    return Clusters(order=order, edges=edges, is_clustered=is_clustered)


@dataclass(frozen=True)
class Equations:
    """Estimating equations by cluster: ``scores`` (G by k) and ``information`` (G or 1 by k by k)."""

    scores: np.ndarray
    information: np.ndarray


def equations(regression: Regression, clusters: Clusters) -> Equations:
    """The scores and the expected information of a regression, by cluster."""
    x = regression.x
    return Equations(
        scores=clusters.sums(x * regression.score[:, None]),
        information=clusters.products(x, regression.information, x),
    )


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
    steps = model.scores @ np.linalg.pinv(model.information.sum(axis=0), hermitian=True)
    return Landmarks(sample, exposure, clusters, model, steps)


def clustered_fit(regression: Regression, landmarks: Landmarks, is_weighted: bool) -> Fit:
    """Coefficients with CRV1 and the linearised CRV3; ``is_weighted`` if the weights come from the propensity.

    The jackknife is one Newton step of both equations (MacKinnon, Nielsen and Webb 2023, J. Econometrics 232).
    """
    clusters = landmarks.clusters
    k, g = len(regression.beta), clusters.size
    own = equations(regression, clusters)
    whole, each = np.zeros((g, k)), np.zeros((g, k))
    if is_weighted:
        whole, each = propensity_moves(regression, landmarks)
    moved = (own.scores + whole) @ np.linalg.pinv(own.information.sum(axis=0), hermitian=True)
    moves = np.empty((0, k))
    if clusters.is_clustered:
        moves = solve(clusters.without(own.information), each - own.scores)
    return Fit(
        beta=regression.beta,
        cov=clusters.factor(k) * moved.T @ moved,
        cov_jackknife=(g - 1) / g * moves.T @ moves,
        jackknife=regression.beta + moves,
        n_clusters=g,
    )


def solve(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Solutions of G (or one) symmetric systems k by k for G vectors: G by k."""
    inverse = np.linalg.pinv(matrices, hermitian=True)
    return (inverse @ vectors[:, :, None])[:, :, 0]


def propensity_moves(regression: Regression, landmarks: Landmarks) -> tuple[np.ndarray, np.ndarray]:
    """What a cluster moves in the hazard's equations by way of the propensity, added and left out: each G by k."""
    exposure, clusters, model = landmarks.exposure, landmarks.clusters, landmarks.propensity
    pull = clusters.products(regression.x, regression.score * exposure.slope, exposure.model.x)
    if not clusters.is_clustered:
        return landmarks.steps @ pull.sum(axis=0).T, np.empty((0, 0))
    left_out = solve(clusters.without(model.information), model.scores)
    each = -(clusters.without(pull) @ left_out[:, :, None])[:, :, 0]
    return landmarks.steps @ pull.sum(axis=0).T, each
