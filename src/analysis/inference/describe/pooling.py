"""Many cells, some of them small: each pulled towards its topic, area and stage, and these towards each other; ranked.

Empirical Bayes (Efron and Morris 1975, JASA 70:311; Morris 1983, JASA 78:47) with normal effects of every group and of
the cell itself; variances by restricted likelihood with the MM steps of Zhou, Hu, Zhou and Lange 2019 (J. Comput.
Graph. Stat. 28:350), values by best linear prediction (Searle, Casella and McCulloch 1992, ch. 7). A cell picked as its
raw share is large is too large by chance; its pooled value is not, as far as the model holds. Ranks come with the
uncertainty of the pooled values (Goldstein and Spiegelhalter 1996, JRSS A 159:385).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

DRAWS = 4000
SEED = 20257
STEPS = 300
CLOSE = 1e-4  # of the mean variance of the cells: steps smaller than this change no printed number
LEVEL = 0.95
Z = 1.959963984540054  # the normal 97.5 % point


@dataclass(frozen=True)
class Pooled:
    """K cells after pooling: values in the cells' unit, and the k by k covariance of what is left unknown of them."""

    value: np.ndarray
    cov: np.ndarray

    @property
    def std_error(self) -> np.ndarray:
        """The error of each value."""
        return np.sqrt(np.clip(np.diag(self.cov), 0.0, None))

    @property
    def low(self) -> np.ndarray:
        """The lower ends of the 95 % ranges."""
        return self.value - Z * self.std_error

    @property
    def high(self) -> np.ndarray:
        """The upper ends."""
        return self.value + Z * self.std_error


def pool(value: np.ndarray, variance: np.ndarray, groups: Sequence[np.ndarray]) -> Pooled:
    """Pools k values with known variances; ``groups``: for each kind of group the k codes of its members.

    The variances of groups and cells are taken as estimated, so ranges are a little too narrow where kinds are few.
    Cells that cannot be told to differ at all are given one value: the largest of equals would be too large.
    """
    same = [*((g[:, None] == g[None, :]).astype(float) for g in groups), np.eye(len(value))]
    between = variances(value, variance, same)
    if not is_told(value, variance, same, between):
        between = np.zeros(len(same))
    prior = sum((s * m for s, m in zip(between, same, strict=True)), np.zeros_like(same[-1]))
    inverse = np.linalg.inv(prior + np.diag(variance))
    weight = inverse.sum(axis=1) / inverse.sum()
    mean = float(weight @ value)
    gain = prior @ inverse
    rest = 1 - gain.sum(axis=1)
    cov = prior - gain @ prior + np.outer(rest, rest) / inverse.sum()
    return Pooled(mean + gain @ (value - mean), (cov + cov.T) / 2)


def variances(value: np.ndarray, variance: np.ndarray, same: Sequence[np.ndarray]) -> np.ndarray:
    """The variance of each kind of group by restricted likelihood; 0 is approached, never crossed."""
    found = np.full(len(same), max(float(np.var(value)), CLOSE) / len(same))
    for _ in range(STEPS):
        total = sum((s * m for s, m in zip(found, same, strict=True)), np.diag(variance))
        inverse = np.linalg.inv(total)
        ones = inverse.sum(axis=1)
        projected = inverse - np.outer(ones, ones) / ones.sum()
        seen = projected @ value
        steps = [np.sqrt((seen @ m @ seen) / (projected * m).sum()) for m in same]
        new = found * np.array(steps)
        if np.abs(new - found).max() <= CLOSE * variance.mean():
            return new
        found = new
    return found


def is_told(
    value: np.ndarray, variance: np.ndarray, same: Sequence[np.ndarray], between: np.ndarray
) -> bool:
    """Whether cells differ beyond chance: a likelihood ratio of all variances at once.

    Judged by chi-squared with one degree for each; variances cannot be negative, so this errs towards no difference
    (Self and Liang 1987, JASA 82:605).
    """
    none = np.zeros(len(same))
    gain = likelihood(value, variance, same, between) - likelihood(value, variance, same, none)
    return bool(2 * gain > stats.chi2.ppf(LEVEL, len(same)))


def likelihood(
    value: np.ndarray, variance: np.ndarray, same: Sequence[np.ndarray], between: np.ndarray
) -> float:
    """The restricted log-likelihood but for its constant."""
    total = sum((s * m for s, m in zip(between, same, strict=True)), np.diag(variance))
    inverse = np.linalg.inv(total)
    ones = inverse.sum(axis=1)
    rest = value - ones @ value / ones.sum()
    return float(-(np.linalg.slogdet(total)[1] + np.log(ones.sum()) + rest @ inverse @ rest) / 2)


def ranks(pooled: Pooled, seed: int = SEED) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Median rank of each cell, 1 for the largest, and the 2.5 % and 97.5 % points, from normal draws."""
    rng = np.random.default_rng(seed)
    drawn = rng.multivariate_normal(pooled.value, pooled.cov, DRAWS, method="eigh")
    order = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    low, middle, high = np.percentile(order, (2.5, 50, 97.5), axis=0, method="nearest")
    return middle, low, high
