"""The rows and the matrix an estimator works on: complete cases are chosen once, before formula and clusters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.composition import composed, is_filled
from analysis.inference.covariates import covariate_block
from analysis.inference.design import Design, check_columns
from analysis.inference.within import SHARE


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
    def is_exposed(self) -> np.ndarray:
        """N booleans: treated; where units start in different periods, from the start on."""
        if self.design.kind != "staggered":
            return self.is_treated
        start = pd.to_numeric(self.rows[self.design.first_treated]).to_numpy(float)
        time = self.rows[self.design.time].to_numpy(float)
        return (time >= start) & (start > 0)

    @property
    def sample_id(self) -> str:
        """A short hash of outcome, treatment and row order; never of a person's key."""
        digest = hashlib.sha256(self.y.tobytes() + self.x[:, 1].tobytes())
        return digest.hexdigest()[:12]


def draw_sample(frame: pd.DataFrame, design: Design) -> Sample:
    """Complete cases of ``frame`` for ``design``; rows with a weight of zero or less are not used.

    A control that is nowhere filled is left out and named, so that a region without birth dates still gets an estimate.
    DataError if a column that the design cannot do without is not there.
    """
    check_columns(frame, design)
    present = [c for c in design.controls + design.linear if _is_filled(frame, design, c)]
    needed = list(dict.fromkeys([*design.columns(), *present]))
    optional = {
        design.first_treated,
        design.causes,
        design.placebo_outcome,
        design.placebo_baseline,
    }
    optional -= {*present, design.outcome}
    frame = frame[used_columns(frame, design)]
    asked = frame[_asked(design)].notna().any(axis=1)
    keep = asked & is_complete(frame, [c for c in needed if c not in optional])
    if design.weights:
        keep &= frame[design.weights] > 0
    rows = (frame if keep.all() else frame[keep]).reset_index(drop=True)
    x, names = design_matrix(rows, design, present)
    return Sample(
        design=design,
        rows=rows,
        y=composed(rows, design),
        x=x,
        names=names,
        groups=cluster_codes(rows, design),
        n_dropped=int(asked.sum()) - len(rows),
        left_out=tuple(c for c in design.controls + design.linear if c not in present)
        + tuple(c for c in design.composition if not is_filled(rows, c)),
    )


def used_columns(frame: pd.DataFrame, design: Design) -> list[str]:
    """The columns a design or its checks read; a panel has many more, and copying them costs more than the fit."""
    named = {*design.columns(), *design.controls, *design.linear, *design.propensity_controls}
    named |= {*design.composition}
    named |= {design.exposed_on, design.closes_on, "teacher_id"}
    prefix = design.replicate_prefix
    return [c for c in frame if c in named or (prefix and str(c).startswith(prefix))]


def is_complete(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Whether each of n rows has all these values; an infinite number is none."""
    complete: np.ndarray = np.ones(len(frame), dtype=bool)
    for values in (frame[column] for column in columns):
        if pd.api.types.is_float_dtype(values):
            complete &= np.isfinite(values.to_numpy(dtype=float, na_value=np.nan))
        else:
            complete &= values.notna().to_numpy()
    return complete


def _asked(design: Design) -> list[str]:
    """The columns of which a row must have one to be asked about at all."""
    return [c for c in (design.outcome, design.treatment) if c]


def cluster_codes(rows: pd.DataFrame, design: Design) -> np.ndarray:
    """N integer codes of the clusters, in order of first appearance; each row its own without a cluster."""
    if not design.cluster:
        return np.arange(len(rows))
    return pd.factorize(same_text(rows[design.cluster]))[0]


def same_text(values: pd.Series) -> pd.Series:
    """Ids as texts where numbers and texts are mixed, as in a spreadsheet column: 5, 5.0 and "5" are one school."""
    if values.dtype != object:
        return values
    return values.map(lambda v: str(int(v)) if isinstance(v, float) and v.is_integer() else str(v))


def _is_filled(frame: pd.DataFrame, design: Design, column: str) -> bool:
    """Whether a covariate has at least half its values among the rows whose outcome is known."""
    if column not in frame:
        return False
    if column == SHARE:  # without it the comparison would be another one
        return True
    known = frame.loc[frame[design.outcome].notna(), column]
    return len(known) > 0 and float(known.notna().mean()) >= 0.5


def design_matrix(
    rows: pd.DataFrame, design: Design, controls: list[str]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Constant, treatment, then covariates: n by k, full rank by leaving out what the others already say."""
    exposed = rows[design.treatment].astype(float) if design.treatment else 0.0
    blocks = [pd.DataFrame({"const": 1.0, "treatment": exposed}, index=rows.index)]
    for column in [*design.fixed, *controls]:
        blocks.append(
            covariate_block(rows[column], column in design.linear, column in design.fixed)
        )
    names = [str(name) for block in blocks for name in block]
    wide = np.column_stack([block.to_numpy(dtype=float) for block in blocks])
    keep = independent_columns(wide, always=(0, 1))
    return wide[:, keep], tuple(names[i] for i in keep)


def independent_columns(
    x: np.ndarray, tolerance: float = 1e-9, always: tuple[int, ...] = (0,)
) -> list[int]:
    """Indices of columns that are not linear combinations of earlier ones (pivot-free Gram-Schmidt by QR).

    ``always``: columns that stay whatever the others say, as the constant and the treatment do.
    """
    stay = {i for i in always if i < x.shape[1]}
    if len(x) == 0:
        return sorted(stay)
    scale = np.sqrt((x**2).sum(axis=0))
    r = np.linalg.qr(x / np.where(scale > 0, scale, 1.0), mode="r")
    diagonal = np.abs(np.diag(r))
    kept = [i for i in range(x.shape[1]) if i < len(diagonal) and diagonal[i] > tolerance]
    return sorted({*stay, *kept})
