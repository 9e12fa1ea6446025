"""Scores less what the make-up of a staff explains: schools that start early keep and hire other people than the rest.

Teachers come, go and grow older at another pace in schools that join a programme than in those that do not; facts that
no programme can move (age, sex, stage) then shift the means of schools over the periods, and a comparison before and
after would take that for the programme's work (docs/decisions/0026).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.covariates import covariate_block
from analysis.inference.design import Design

LEAST_FILLED = 0.5  # share of rows with a value below which a fact is left out and named


def composed(rows: pd.DataFrame, design: Design) -> np.ndarray:
    """The outcome of n rows, less what the facts ``design.composition`` explain among rows of one cluster and period.

    Coefficients come from inside the cells of cluster and period, where nothing that the design compares differs
    (Frisch and Waugh 1933, Econometrica 1); a row is moved to the mean of all rows. The outcome as it is without facts.
    """
    y = rows[design.outcome].to_numpy(dtype=float)
    facts = [c for c in design.composition if is_filled(rows, c)]
    if not facts or not len(rows):
        return y
    x = np.column_stack([fact_block(rows[c]).to_numpy(dtype=float) for c in facts])
    weight = rows[design.weights].to_numpy(float) if design.weights else np.ones(len(rows))
    keys = [k for k in (design.cluster or design.unit_id, design.time) if k]
    code = rows.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()
    both = less_mean(np.column_stack([x, y]), weight, code)
    root = np.sqrt(weight)[:, None]
    beta = np.linalg.lstsq(both[:, :-1] * root, both[:, -1:] * root, rcond=None)[0][:, 0]
    return y - (x - np.average(x, axis=0, weights=weight)) @ beta


def composed_column(frame: pd.DataFrame, design: Design) -> pd.Series:
    """The same as a column beside all rows, those without an outcome, a cluster, a period or a weight included."""
    if not design.composition:
        return frame[design.outcome].astype(float)
    keys = [k for k in (design.outcome, design.cluster, design.time, design.weights) if k]
    known = frame[frame[keys].notna().all(axis=1)]
    return pd.Series(composed(known, design), index=known.index).reindex(frame.index)


def is_filled(rows: pd.DataFrame, column: str) -> bool:
    """Whether a fact is there for at least half of the rows."""
    return column in rows and len(rows) > 0 and float(rows[column].notna().mean()) >= LEAST_FILLED


def fact_block(values: pd.Series) -> pd.DataFrame:
    """One fact as columns; a missing number stands at the mean, a missing word is a level of its own."""
    if pd.api.types.is_numeric_dtype(values):
        return covariate_block(values.astype(float).fillna(values.mean()), False, False)
    return covariate_block(values.astype(object).where(values.notna(), ""), False, False)


def less_mean(values: np.ndarray, weight: np.ndarray, code: np.ndarray) -> np.ndarray:
    """N by k values less the weighted mean of their group."""
    size = np.bincount(code, weight)
    means = [np.bincount(code, weight * column) / size for column in values.T]
    return values - np.column_stack(means)[code]
