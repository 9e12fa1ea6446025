"""E5, gaps: how much of a gap the two sides' composition explains, and what is left.

Two-fold decomposition with the coefficients of the pooled regression that holds the group itself (Jann 2008,
Stata Journal 8; Oaxaca 1973 and Blinder 1973 for the idea): gap = (mean x of the focus less that of the reference)'b
+ rest. With least squares the rest is the group's own coefficient, so it is the like-for-like gap itself. Errors by
a bootstrap over clusters (Efron and Tibshirani 1993, ch. 6), drawn among those that hold only the focus, only the
reference, or both: the library's own errors take rows for independent. Every draw needs only X'WX and X'Wy of each
cluster, which add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.inference.estimators.fits import by_content, interval
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.survey import weight_of
from analysis.inference.record import Point
from analysis.inference.sample import Sample

REPETITIONS = 500
SEED = 20251
TINY = 1e-10  # relative: what rounding leaves of nothing


@dataclass(frozen=True)
class Moments:
    """X'WX (G by k by k) and X'Wy (G by k) of G clusters; x begins with constant and group."""

    xx: np.ndarray
    xy: np.ndarray


def fit_oaxaca(sample: Sample, repetitions: int = REPETITIONS, seed: int = SEED) -> Fitted:
    """The unexplained part of the gap focus minus reference, in the design's unit, for ``Design(kind="oaxaca")``.

    ``treatment`` marks the focus group. Below zero: the focus has less than the same composition would let one
    expect. ``series["decomposition"]``: ``gap``, ``explained``, ``unexplained``, then the explained part of each
    covariate, with bootstrap errors and t(G-1) intervals. ``problem``: ``one_cluster``, ``one_arm``, ``no_variation``.
    """
    g, scale = len(np.unique(sample.groups)), sample.design.scale
    problem = sides_problem(sample, g)
    if problem:
        return Fitted(np.nan, np.nan, 0.0, g, problem=problem)
    moments, labels = cluster_moments(sample), covariate_labels(sample)
    value = parts(moments.xx.sum(axis=0)[None], moments.xy.sum(axis=0)[None], labels)[0]
    draws = drawn_parts(moments, labels, cluster_sides(sample), repetitions, seed)
    rest = parts(moments.xx.sum(axis=0) - moments.xx, moments.xy.sum(axis=0) - moments.xy, labels)
    errors = draws.std(axis=0, ddof=1)
    names = ("gap", "explained", "unexplained", *dict.fromkeys(labels))
    points = [
        Point(name, scale * v, scale * e, *limits(scale * v, scale * e, g - 1), n=len(sample.y))
        for name, v, e in zip(names, value.tolist(), errors.tolist(), strict=True)
    ]
    moved = scale * rest[:, 2]
    return Fitted(
        value=scale * float(value[2]),
        std_error=scale * float(errors[2]),
        df=float(g - 1),
        n_clusters=g,
        std_error_jackknife=float(np.sqrt((g - 1) / g * ((moved - scale * value[2]) ** 2).sum())),
        jackknife=moved,
        series={"decomposition": tuple(points)},
        problem="" if errors[2] > TINY * np.abs(sample.y).max() else "no_variation",
    )


def limits(value: float, std_error: float, df: int) -> tuple[float, float]:
    """A 95 % t interval as plain numbers."""
    low, high = interval(value, std_error, df)
    return float(low), float(high)


def sides_problem(sample: Sample, n_clusters: int) -> str:
    """Why there is no gap to take apart; empty if there is."""
    if len(np.unique(sample.x[:, 1])) < 2:
        return "one_arm"
    is_alone = n_clusters < 2 or np.bincount(cluster_sides(sample)).min() == 1
    return "one_cluster" if is_alone else ""


def cluster_moments(sample: Sample) -> Moments:
    """Sums of squares and products by cluster, weighted where the design names weights."""
    order = np.argsort(sample.groups, kind="stable")
    edges = np.flatnonzero(np.diff(sample.groups[order], prepend=-1))
    weighted = sample.x * weight_of(sample)[:, None]
    found = [
        (weighted[rows].T @ sample.x[rows], weighted[rows].T @ sample.y[rows])
        for rows in np.split(order, edges[1:])
    ]
    return Moments(np.array([xx for xx, _ in found]), np.array([xy for _, xy in found]))


def covariate_labels(sample: Sample) -> tuple[str, ...]:
    """The covariate that each column after constant and group belongs to (its levels, its square)."""
    design = sample.design
    known = sorted((*design.fixed, *design.controls, *design.linear), key=len, reverse=True)
    return tuple(
        next((c for c in known if name in (c, f"{c}^2") or name.startswith(f"{c}_")), name)
        for name in sample.names[2:]
    )


def parts(xx: np.ndarray, xy: np.ndarray, labels: Sequence[str]) -> np.ndarray:
    """Gap, explained, unexplained, then each covariate's explained part, for R sums (R by k by k, R by k).

    The means of both sides stand in X'WX: the constant's row is summed over all rows, the group's over the focus.
    """
    beta = np.einsum("rij,rj->ri", np.linalg.pinv(xx, rcond=TINY, hermitian=True), xy)
    n_focus, n_reference = xx[:, 1, 1], xx[:, 0, 0] - xx[:, 1, 1]
    x_gap = xx[:, 1, 2:] / n_focus[:, None]
    x_gap = x_gap - (xx[:, 0, 2:] - xx[:, 1, 2:]) / n_reference[:, None]
    gap = xy[:, 1] / n_focus - (xy[:, 0] - xy[:, 1]) / n_reference
    each = x_gap * beta[:, 2:]
    names = list(dict.fromkeys(labels))
    by_name = [each[:, [lab == name for lab in labels]].sum(axis=1) for name in names]
    explained = each.sum(axis=1)
    return np.column_stack([gap, explained, gap - explained, *by_name])


def cluster_sides(sample: Sample) -> np.ndarray:
    """G codes: 0 for clusters that hold only the reference, 1 only the focus, 2 both.

    A side of one cluster is drawn together with those that hold both: alone it could not vary.
    """
    n = np.bincount(sample.groups)
    focus = np.bincount(sample.groups, weights=sample.is_treated.astype(float))
    sides = np.where(focus == 0, 0, np.where(focus == n, 1, 2))
    sizes = np.bincount(sides, minlength=3)
    return np.where((sizes[sides] == 1) & (sizes[2] > 0), 2, sides)


def drawn_parts(
    moments: Moments, labels: Sequence[str], sides: np.ndarray, repetitions: int, seed: int
) -> np.ndarray:
    """The parts of ``repetitions`` samples of whole clusters, as many of each side as there are; R by parts."""
    rng = np.random.default_rng(seed)
    counts = np.zeros((repetitions, len(sides)))
    wide = moments.xx.reshape(len(sides), -1)
    ordered = by_content(
        np.column_stack([wide[:, 0], moments.xy[:, 0], wide[:, 1], moments.xy, wide])
    )
    for side in np.unique(sides):
        own = ordered[sides[ordered] == side]
        counts[:, own] = rng.multinomial(len(own), np.full(len(own), 1 / len(own)), repetitions)
    return parts(
        np.tensordot(counts, moments.xx, axes=1), np.tensordot(counts, moments.xy, axes=1), labels
    )
