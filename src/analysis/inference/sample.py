"""The rows and the matrix an estimator works on: complete cases are chosen once, before formula and clusters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

MIN_LEVEL = (
    50  # teachers in a control level; rarer levels are pooled, a rule that looks at no outcome
)


@dataclass(frozen=True)
class Design:
    """What to estimate on any tidy frame, by column names.

    ``kind``: logit (risk difference on the treated), linear, or replicate (survey weights with replicates).
    ``controls`` are numeric (entered with their square) or text (entered as levels); ``fixed`` always as levels.
    """

    kind: str
    outcome: str
    treatment: str
    cluster: str
    unit: str
    controls: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    linear: tuple[str, ...] = ()  # numeric covariates without a square: pre-scores
    weights: str | None = None
    replicate_prefix: str | None = None
    fay: float = 0.5
    is_policy: bool = False  # groups before and after a date: a cluster is on one side only


@dataclass(frozen=True)
class Sample:
    """The complete cases of a design.

    ``x``: n by k matrix, first column the constant, second the treatment; ``y``: n outcomes;
    ``groups``: n integer cluster codes; ``rows``: the rows themselves.
    """

    design: Design
    rows: pd.DataFrame
    y: np.ndarray
    x: np.ndarray
    names: tuple[str, ...]
    groups: np.ndarray
    n_dropped: int
    left_out: tuple[str, ...]

    @property
    def is_treated(self) -> np.ndarray:
        """N booleans: whether the row is exposed."""
        return self.x[:, 1] == 1

    @property
    def sample_id(self) -> str:
        """A short hash of outcome, treatment and row order; never of a person's key."""
        digest = hashlib.sha256(self.y.tobytes() + self.x[:, 1].tobytes())
        return digest.hexdigest()[:12]


def draw_sample(frame: pd.DataFrame, design: Design) -> Sample:
    """Complete cases of ``frame`` for ``design``.

    A control that is nowhere filled is left out and named, so that a region without birth dates still gets an estimate.
    KeyError if a column that the design cannot do without is not there.
    """
    present = [c for c in design.controls + design.linear if _is_filled(frame, design, c)]
    needed = [design.outcome, design.treatment, design.cluster, *design.fixed, *present]
    needed += [design.weights] if design.weights else []
    asked = frame[frame[[design.outcome, design.treatment]].notna().any(axis=1)]
    rows = asked.dropna(subset=needed).reset_index(drop=True)
    x, names = design_matrix(rows, design, present)
    return Sample(
        design=design,
        rows=rows,
        y=rows[design.outcome].to_numpy(dtype=float),
        x=x,
        names=names,
        groups=pd.factorize(rows[design.cluster])[0],
        n_dropped=len(asked) - len(rows),
        left_out=tuple(c for c in design.controls + design.linear if c not in present),
    )


def _is_filled(frame: pd.DataFrame, design: Design, column: str) -> bool:
    """Whether a covariate has at least half its values among the rows whose outcome is known."""
    if column not in frame:
        return False
    known = frame.loc[frame[design.outcome].notna(), column]
    return len(known) > 0 and float(known.notna().mean()) >= 0.5


def design_matrix(
    rows: pd.DataFrame, design: Design, controls: list[str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Constant, treatment, then covariates: n by k, full rank by leaving out what the others already say."""
    blocks = [pd.DataFrame({"const": 1.0, "treatment": rows[design.treatment].astype(float)})]
    for column in [*design.fixed, *controls]:
        blocks.append(
            covariate_block(rows[column], column in design.linear, column in design.fixed)
        )
    wide = pd.concat(blocks, axis=1)
    keep = independent_columns(wide.to_numpy(dtype=float))
    return wide.to_numpy(dtype=float)[:, keep], tuple(wide.columns[keep])


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
    text = values.astype("object").map(str)
    counts = text.value_counts()
    rare = set(counts.index[counts < min_count])
    pooled = text.where(~text.isin(rare), "other")
    dummies = pd.get_dummies(pooled, prefix=str(values.name), dtype=float)
    base = f"{values.name}_{pooled.value_counts().index[0]}" if len(pooled) else None
    return dummies.drop(columns=[base]) if base in dummies else dummies


def independent_columns(x: np.ndarray, tolerance: float = 1e-9) -> list[int]:
    """Indices of columns that are not linear combinations of earlier ones (pivot-free Gram-Schmidt by QR)."""
    if len(x) == 0:
        return list(range(min(2, x.shape[1])))
    scale = np.sqrt((x**2).sum(axis=0))
    r = np.linalg.qr(x / np.where(scale > 0, scale, 1.0), mode="r")
    diagonal = np.abs(np.diag(r))
    kept = [i for i in range(x.shape[1]) if i < len(diagonal) and diagonal[i] > tolerance]
    return sorted({0, 1, *kept})
