"""Randomisation inference: what the estimate would be had the lot fallen otherwise.

Only where it is known which units could have been drawn: labels are dealt anew over the units inside their strata
(Fisher 1935; with clusters and t: Young 2019, Q. J. Econ. 134).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.checking.clusters import LEVEL, one_step
from analysis.inference.estimators.sandwich import by_cluster
from analysis.inference.record import Check
from analysis.inference.sample import same_text

DRAWS, SEED = 999, 20252  # so many that the smallest p, .001, can pass .05 over a family of 49
Statistic = Callable[[np.ndarray], float]


@dataclass(frozen=True)
class Units:
    """What could have been drawn: teachers, classes or schools.

    ``labels``: G labels (0/1, or the cohort, 0 for never); ``strata``: G codes; ``codes``: n, the unit of each row.
    """

    labels: np.ndarray
    strata: np.ndarray
    codes: np.ndarray

    def is_whole(self) -> bool:
        """Whether some stratum holds two labels at all, so that the lot could have fallen otherwise."""
        return any(
            len(np.unique(self.labels[self.strata == s])) > 1 for s in np.unique(self.strata)
        )


def drawn_units(rows: pd.DataFrame, label: str, unit: str, strata: tuple[str, ...] = ()) -> Units:
    """The units of n rows, their labels and strata; ValueError if a unit has two labels or lies in two strata.

    ``label``: 0/1 or the first period exposed, missing for never; ``unit``: teachers or schools, as the lot was.
    """
    codes = pd.factorize(same_text(rows[unit]))[0]
    label_codes = rows[label].fillna(0).to_numpy()
    stratum = rows.groupby(list(strata), dropna=False).ngroup().to_numpy() if strata else codes * 0
    first = np.unique(codes, return_index=True)[1]
    labels, within = label_codes[first], stratum[first]
    if (labels[codes] != label_codes).any() or (within[codes] != stratum).any():
        raise ValueError(f"a unit of {unit} has two labels or lies in two strata")
    return Units(labels, within, codes)


def randomisation_p(
    statistic: Statistic,
    labels: np.ndarray,
    strata: np.ndarray,
    draws: int = DRAWS,
    seed: int = SEED,
) -> float:
    """Two-sided p of ``statistic`` (G labels to one number) over labels dealt anew inside ``strata`` (G codes).

    Exact over all deals if there are at most ``draws`` + 1; otherwise (1 + those at least as large) / (1 + draws).
    """
    observed = abs(statistic(labels)) * (1 - 1e-10)
    if count_deals(labels, strata, draws + 1) <= draws + 1:
        exact = [abs(statistic(deal)) >= observed for deal in every_deal(labels, strata)]
        return float(np.mean(exact))
    rng = np.random.default_rng(seed)
    dealt = (abs(statistic(deal_anew(labels, strata, rng))) >= observed for _ in range(draws))
    return (1 + sum(dealt)) / (1 + draws)


def deal_anew(labels: np.ndarray, strata: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same labels in another order inside each stratum."""
    by_stratum = np.argsort(strata, kind="stable")
    shuffled = np.lexsort((rng.random(len(labels)), strata))
    dealt = labels.copy()
    dealt[by_stratum] = labels[shuffled]
    return dealt


def count_deals(labels: np.ndarray, strata: np.ndarray, stop: int) -> int:
    """Number of different deals, the product over strata of n! / (n_1! n_2! ...); counting ends above ``stop``."""
    total = 1
    for s in np.unique(strata):
        counts = np.unique(labels[strata == s], return_counts=True)[1]
        places = int(counts.sum())
        for count in counts:
            total *= math.comb(places, int(count))
            places -= int(count)
        if total > stop:
            return total
    return total


def every_deal(labels: np.ndarray, strata: np.ndarray) -> Iterator[np.ndarray]:
    """All different deals of the labels inside strata."""
    places = [np.flatnonzero(strata == s) for s in np.unique(strata)]
    for parts in itertools.product(*(list(_arrangements(labels[p])) for p in places)):
        dealt = labels.copy()
        for where, part in zip(places, parts, strict=True):
            dealt[where] = part
        yield dealt


def _arrangements(labels: np.ndarray) -> Iterator[np.ndarray]:
    """All different orders of a few labels, by placing one kind of label after the other."""
    kinds = np.unique(labels)
    if len(kinds) <= 1:
        yield labels.copy()
        return
    count = int((labels == kinds[0]).sum())
    for chosen in itertools.combinations(range(len(labels)), count):
        rest = np.setdiff1d(np.arange(len(labels)), chosen)
        for tail in _arrangements(labels[labels != kinds[0]]):
            dealt = np.full(len(labels), kinds[0])
            dealt[rest] = tail
            yield dealt


def coefficient_statistic(
    y: np.ndarray,
    others: np.ndarray,
    units: Units,
    clusters: np.ndarray,
    weights: np.ndarray | None = None,
) -> Statistic:
    """The t (CRV1, up to a constant) of labels 0/1 in least squares of ``y`` (n) on them and ``others`` (n by k).

    ``others`` holds the constant, strata and covariates; ``clusters``: n labels, the drawn unit or what is wider.
    """
    root = np.ones(len(y)) if weights is None else np.sqrt(weights)
    basis = np.linalg.qr(others * root[:, None])[0]
    cleared = y * root - basis @ (basis.T @ (y * root))
    names, codes = np.unique(clusters, return_inverse=True)

    def statistic(labels: np.ndarray) -> float:
        z = labels[units.codes] * root
        z = z - basis @ (basis.T @ z)
        value = z @ cleared / (z @ z)
        score = by_cluster((z * (cleared - value * z))[:, None], codes, len(names))
        return float(value * (z @ z) / np.linalg.norm(score))

    return statistic


def randomisation_check(p: float | None, model_p: float | None) -> Check:
    """The randomisation p beside the model's (in the detail); one step if only one of them is below 5 %.

    ``p`` None: nobody drew, so that there is no lot to repeat, and the line costs nothing.
    """
    if p is None or model_p is None:
        return Check("randomisation", None, "not_run", detail="no lot")
    agrees = (p < LEVEL) == (model_p < LEVEL)
    detail = f"model p={model_p:.3f}"
    return one_step("randomisation", p, agrees, detail)
