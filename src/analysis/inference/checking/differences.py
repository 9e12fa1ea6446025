"""How far apart chance alone puts two estimates that are made of the same clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.inference.checking.clusters import LEVEL
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.sample import Sample, same_text

MAX_MOVE = 1.0  # standard errors of the reported estimate


def moves_of(fitted: Fitted, sample: Sample) -> pd.Series:
    """How far the estimate moves without each cluster, by the cluster's name; empty where clusters are not told."""
    if not sample.design.cluster or not len(fitted.clusters):
        return pd.Series(dtype=float)
    names = pd.unique(same_text(sample.rows[sample.design.cluster]))
    return pd.Series(fitted.jackknife - fitted.value, index=names[fitted.clusters])


def gap_error(one: pd.Series, other: pd.Series) -> float:
    """Standard error of the difference of two estimates, by the jackknife of the difference itself.

    Both rest on the same clusters, so that most of what moves one moves the other (the idea of Hausman 1978,
    Econometrica 46, with errors by cluster); a cluster that one of them does not use does not move it. Zero if one of
    the two does not tell its clusters: then nothing is put down to chance.
    """
    if one.empty or other.empty:
        return 0.0
    a, b = one.align(other, fill_value=0.0)
    g = len(a)
    return float(np.sqrt((g - 1) / g * ((a - b) ** 2).sum()))


def is_near(gap: float, std_error: float, gap_error: float, df: float) -> bool:
    """Whether two estimates say the same: within one standard error, or no further apart than chance puts them."""
    by_chance = float(stats.t.ppf(1 - LEVEL / 2, df)) * gap_error if gap_error > 0 else 0.0
    return abs(gap) <= max(MAX_MOVE * std_error * (1 + 1e-12), by_chance)
