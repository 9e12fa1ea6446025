"""Weighted figures of a survey that brings replicate weights, by the survey library.

Variance over R replicate estimates: sum of c_r (t_r - mean t)^2, with c_r = 1/R for balanced half-samples (BRR),
1/(R (1 - fay)^2) with Fay's factor (Judkins 1990, J. Official Statistics 6), (R - 1)/R for the jackknife that leaves
out one unit at a time (JK1), (n_h - 1)/n_h for its stratified form (JKn), 1/R for the bootstrap
(Wolter 2007, Introduction to Variance Estimation, ch. 3-5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import DataError, nearest
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.sample import Sample

if TYPE_CHECKING:
    import svy

METHODS = ("BRR", "JK1", "JKn", "bootstrap")
SPREAD = 1e-3  # relative: replicate weights are delivered with few digits


def fit_replicates(sample: Sample) -> Fitted:
    """Weighted least squares of ``y`` on ``x`` (n by k) with replicate variance; value in the design's unit.

    ``design.method`` is one of ``METHODS`` (empty: BRR with ``design.fay``). DataError if it is none of them, or if
    the coefficients of a stratified jackknife cannot be read from its weights.
    """
    import polars as pl  # slow to import, and needed by surveys only

    names = [f"x{i}" for i in range(1, sample.x.shape[1])]
    columns = {n: sample.x[:, i + 1] for i, n in enumerate(names)} | {"outcome": sample.y}
    data = open_replicates(sample, columns)
    fitted = data.glm.fit("outcome", x=names, method="replication").to_polars()
    row = fitted.filter(pl.col("term") == "x1").to_dicts()[0]
    scale, std_error = sample.design.scale, float(row["std_err"])
    return Fitted(
        value=scale * float(row["estimate"]),
        std_error=scale * std_error,
        df=float(row["df"]),
        n_clusters=len(np.unique(sample.groups)),
        problem="" if np.isfinite(std_error) and std_error > 0 else "no_variation",
    )


def open_replicates(sample: Sample, columns: dict[str, np.ndarray]) -> svy.Sample:
    """Columns (n numbers each) with the survey's weight and replicate weights, ready for the survey library."""
    import polars as pl
    import svy

    design = sample.design
    replicates = sample.rows[replicate_columns(sample.rows, design.replicate_prefix or "")]
    weight = sample.rows[design.weights].to_numpy(dtype=float)
    wide = replicates.to_numpy(dtype=float)
    data = columns | {f"rep{i + 1}": wide[:, i] for i in range(wide.shape[1])} | {"weight": weight}
    weights = variance_rule(design.method or "BRR", design.fay, weight, wide)
    return svy.Sample(pl.DataFrame(data), svy.Design(wgt="weight", rep_wgts=weights))


def variance_rule(method: str, fay: float, weight: np.ndarray, wide: np.ndarray) -> svy.RepWgts:
    """How the R replicate estimates become a variance; ``weight``: n weights, ``wide``: n by R replicate weights."""
    import svy

    n = wide.shape[1]
    if method == "BRR":
        return svy.BrrWgts(prefix="rep", n_reps=n, fay_coef=fay)
    if method == "JK1":
        return svy.JackknifeWgts(prefix="rep", n_reps=n, kind="jk1")
    if method == "JKn":
        scale = [*stratum_coefficients(weight, wide)]
        return svy.JackknifeWgts(prefix="rep", n_reps=n, kind="jkn", scale=scale)
    if method == "bootstrap":
        return svy.BootstrapWgts(prefix="rep", n_reps=n)
    raise DataError(
        "replicates_method", method=method, nearest=nearest(method, METHODS) or "-",
        known=", ".join(METHODS),
    )  # fmt: skip


def stratum_coefficients(weight: np.ndarray, wide: np.ndarray) -> np.ndarray:
    """R coefficients (n_h - 1)/n_h of a stratified jackknife, read from the weights themselves.

    Leaving out one of n_h units multiplies the weights of the others by n_h/(n_h - 1), and of those only. Where a
    replicate changes nothing but the unit left out (no other of its stratum is among the rows), 1 is taken, which
    is never too small. DataError if a replicate shows several factors, as it does after calibration.
    """
    ratio = wide / weight[:, None]
    largest = ratio.max(axis=0)
    is_plain = np.isclose(ratio, 0) | np.isclose(ratio, 1, rtol=SPREAD)
    is_factor = np.isclose(ratio, largest, rtol=SPREAD)
    bad = np.flatnonzero(~(is_plain | is_factor).all(axis=0) | (largest > 2 * (1 + SPREAD)))
    if len(bad):
        raise DataError("replicates_no_strata", n=len(bad), count=wide.shape[1])
    return np.asarray(1 / np.maximum(largest, 1.0))


def replicate_columns(rows: pd.DataFrame, prefix: str) -> list[str]:
    """The replicate-weight columns in number order."""
    found = [c for c in map(str, rows.columns) if c.startswith(prefix)]
    numbered = (c for c in found if c.removeprefix(prefix).isdigit() and c in rows)
    return sorted(numbered, key=lambda c: int(c.removeprefix(prefix)))
