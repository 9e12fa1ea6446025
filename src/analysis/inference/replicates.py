"""Weighted regressions of a survey with replicate weights, by the survey library (BRR with Fay's factor)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
import svy

from analysis.inference.sample import Sample


@dataclass(frozen=True)
class ReplicateFit:
    """The treatment coefficient of a weighted regression, its replicate standard error and degrees of freedom."""

    estimate: float
    std_error: float
    df: float


def fit_replicates(sample: Sample) -> ReplicateFit:
    """Weighted least squares of ``y`` on ``x`` with BRR variance (Fay): the weights are the survey's own."""
    design = sample.design
    names = [f"x{i}" for i in range(1, sample.x.shape[1])]
    columns = {n: sample.x[:, i + 1] for i, n in enumerate(names)} | {"outcome": sample.y}
    data = open_survey(sample.rows, columns, design.replicate_prefix or "", design.fay)
    fitted = data.glm.fit("outcome", x=names, method="replication").to_polars()
    row = fitted.filter(pl.col("term") == "x1").to_dicts()[0]
    return ReplicateFit(row["estimate"], row["std_err"], float(row["df"]))


def mean_replicates(rows: pd.DataFrame, column: str, prefix: str, fay: float = 0.5) -> ReplicateFit:
    """The weighted mean of a column with BRR variance (Fay)."""
    data = open_survey(rows, {"outcome": rows[column].to_numpy(float)}, prefix, fay)
    found = data.estimation.mean("outcome", method="replication").to_polars().to_dicts()[0]
    return ReplicateFit(found["est"], found["se"], float(found["df"]))


def open_survey(
    rows: pd.DataFrame, columns: dict[str, np.ndarray], prefix: str, fay: float
) -> svy.Sample:
    """Columns with the survey's weight and replicate weights, ready for the survey library."""
    replicates = replicate_columns(rows, prefix)
    weighted = {f"rep{i + 1}": rows[c].to_numpy(float) for i, c in enumerate(replicates)}
    weighted["weight"] = rows["survey_weight"].to_numpy(float)
    weights = svy.RepWeights(method="BRR", prefix="rep", n_reps=len(replicates), fay_coef=fay)
    return svy.Sample(pl.DataFrame(columns | weighted), svy.Design(wgt="weight", rep_wgts=weights))


def replicate_columns(rows: pd.DataFrame, prefix: str) -> list[str]:
    """The replicate-weight columns in number order."""
    found = [c for c in rows.columns if c.startswith(prefix)]
    return sorted(found, key=lambda c: int(c.removeprefix(prefix)))
