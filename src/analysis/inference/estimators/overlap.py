"""Weights that turn one arm into the target population, how well the arms overlap, and which rows are kept.

Nothing here sees an outcome. Trimming keeps the common support and odds of at most nine, the bound of Crump, Hotz,
Imbens and Mitnik (2009, Biometrika 96).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MIN_INSIDE = 0.95  # exposed rows inside the range of the others' propensities
MAX_SHARE = 0.05  # of the largest weight in its arm's total
MIN_EFFECTIVE = 0.5  # effective rows of the weighted arm
MAX_PROPENSITY = 0.9


@dataclass(frozen=True)
class Overlap:
    """``inside``: share of the exposed in the common support; ``largest``: the largest weight's share of its arm;
    ``effective``: Kish's effective number of rows of the arm that suffers most, as a share of its rows.
    """

    inside: float
    largest: float
    effective: float

    @property
    def is_fine(self) -> bool:
        """Whether all three bounds hold."""
        is_spread = self.largest <= MAX_SHARE and self.effective >= MIN_EFFECTIVE
        return self.inside >= MIN_INSIDE and is_spread


def target_weights(score: np.ndarray, arm: int, target: str) -> tuple[np.ndarray, np.ndarray]:
    """What a row of an arm stands for, from its propensity e (n), and the derivative by e.

    att: 1 and the odds; ate: 1/e and 1/(1-e); overlap: 1-e and e (Li, Morgan and Zaslavsky 2018, JASA 113).
    """
    e = np.clip(score, 1e-12, 1 - 1e-12)
    one = np.ones(len(e))
    if target == "att":
        return (one, 0 * one) if arm else (e / (1 - e), 1 / (1 - e) ** 2)
    if target == "overlap":
        return (1 - e, -one) if arm else (e, one)
    return (1 / e, -1 / e**2) if arm else (1 / (1 - e), 1 / (1 - e) ** 2)


def measure_overlap(
    t: np.ndarray, score: np.ndarray, weight: np.ndarray, target: str, is_weighted: bool = False
) -> Overlap:
    """The overlap of n rows; ``weight`` are the survey's, or (``is_weighted``) already those of the estimate."""
    own = [t == 1, t == 0]
    low, high = score[own[1]].min(), score[own[1]].max()
    inside = (score[own[0]] >= low) & (score[own[0]] <= high)
    shares, effective = [], []
    for arm in (1, 0):
        rows = own[1 - arm]
        w = weight[rows]
        if not is_weighted:
            w = w * target_weights(score, arm, target)[0][rows]
        shares.append(w.max() / w.sum())
        effective.append(w.sum() ** 2 / (w @ w) / len(w))
    return Overlap(float(inside.mean()), float(max(shares)), float(min(effective)))


def supported_rows(t: np.ndarray, score: np.ndarray, target: str) -> np.ndarray:
    """N booleans: inside the range of the other arm's propensities and below .9 (for "ate" also above .1)."""
    exposed, others = score[t == 1], score[t == 0]
    keep = (score >= others.min()) & (score <= min(others.max(), MAX_PROPENSITY))
    if target == "ate":
        keep &= (score >= max(exposed.min(), 1 - MAX_PROPENSITY)) & (score <= exposed.max())
    return keep
