"""Covariates as columns of a matrix: numbers with their square, texts as levels."""

from __future__ import annotations

import numpy as np
import pandas as pd

MIN_LEVEL = (
    50  # teachers in a control level; rarer levels are pooled, a rule that looks at no outcome
)


def covariate_block(values: pd.Series, is_linear: bool, is_fixed: bool) -> pd.DataFrame:
    """One covariate as columns: levels for text and fixed effects, else standardised value (and its square)."""
    if is_fixed or not pd.api.types.is_numeric_dtype(values):
        return level_block(values, 1 if is_fixed else MIN_LEVEL)
    spread = values.std(ddof=0)
    scaled = (values - values.mean()) / (spread if spread > 0 else 1.0)
    block = pd.DataFrame({values.name: scaled.astype(float)})
    return block if is_linear else block.assign(**{f"{values.name}^2": scaled.astype(float) ** 2})


def level_block(values: pd.Series, min_count: int) -> pd.DataFrame:
    """0/1 columns for all levels but the most frequent; levels rarer than ``min_count`` share one column."""
    code, levels = pd.factorize(values, sort=False)
    names = np.array([str(level) for level in levels], dtype=str)
    counts = np.bincount(code, minlength=len(levels))
    pooled = np.where(counts >= min_count, names, "other")
    kept, place = np.unique(pooled, return_inverse=True)
    own = place[code]
    base = int(np.argmax(np.bincount(own, minlength=1)))
    columns = {
        f"{values.name}_{name}": (own == i).astype(float)
        for i, name in enumerate(kept)
        if i != base
    }
    return pd.DataFrame(columns, index=values.index)
