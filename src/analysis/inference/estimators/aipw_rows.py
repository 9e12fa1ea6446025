"""An adjusted comparison as two arms, before either model is fitted: matrices, weights, the change since a score."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inference.design import Design
from analysis.inference.sample import Sample, independent_columns

METHODS = ("aipw", "ipw", "ra", "linear", "overlap", "entropy", "aipw_probit", "ipw_probit")
CHANGE = "change"  # before any method: of the change since the latest score


@dataclass(frozen=True)
class Arms:
    """What both models are fitted on, n rows: ``y``, ``t`` (0/1), ``x`` and ``z`` (constant and covariates of the
    outcome and of the propensity), the survey's ``weight`` and the cluster ``code`` (empty: rows are independent).
    ``parts``: the same code where the jackknife is wanted, else empty.
    """

    y: np.ndarray
    t: np.ndarray
    x: np.ndarray
    z: np.ndarray
    weight: np.ndarray
    code: np.ndarray
    parts: np.ndarray

    def at(self, rows: np.ndarray) -> Arms:
        """The same for some rows (n booleans); clusters without rows lose their code, constant columns go."""
        code = pd.factorize(self.code[rows])[0] if len(self.code) else self.code
        return Arms(
            self.y[rows],
            self.t[rows],
            varying(self.x[rows]),
            varying(self.z[rows]),
            self.weight[rows],
            code,
            code if len(self.parts) else self.parts,
        )


def varying(x: np.ndarray) -> np.ndarray:
    """The constant and those columns (n by k) that the ones before them do not say."""
    own = [i for i in independent_columns(x) if i == 0 or np.ptp(x[:, i]) > 0] if len(x) else [0]
    return x[:, own]


def method_of(design: Design) -> str:
    """The method without its ``change`` prefix; ValueError if there is no such method."""
    method = design.method.removeprefix(CHANGE).removeprefix("_") or "aipw"
    if method not in METHODS or (design.method.startswith(CHANGE) and not design.linear):
        raise ValueError(
            f"method {design.method}: one of {', '.join(METHODS)}, with a score for change"
        )
    return method


def change_sample(sample: Sample) -> Sample:
    """Under a ``change`` method the outcome less the first of ``linear``, which then is no covariate; else unchanged.

    With AIPW this is the doubly robust difference in differences (Sant'Anna and Zhao 2020, J. Econometrics 219): what
    makes people differ for good cancels, however noisy a score is as a measure of it.
    """
    if not sample.design.method.startswith(CHANGE):
        return sample
    latest = sample.design.linear[0]
    before = sample.rows[latest].to_numpy(dtype=float)
    keep = [i for i, name in enumerate(sample.names) if name != latest]
    names = tuple(sample.names[i] for i in keep)
    return replace(sample, y=sample.y - before, x=sample.x[:, keep], names=names)


def arms_of_sample(sample: Sample, with_jackknife: bool = True) -> Arms:
    """The two matrices of a sample; the propensity has its own covariates where the design names them."""
    design = sample.design
    x = np.delete(sample.x, 1, axis=1)
    weight = sample.rows[design.weights].to_numpy(float) if design.weights else np.ones(len(x))
    is_clustered = bool(design.cluster) and design.errors == "cluster"
    code = sample.groups if is_clustered else np.empty(0, dtype=int)
    return Arms(
        y=sample.y,
        t=sample.x[:, 1],
        x=x,
        z=propensity_matrix(sample) if design.propensity_controls else x,
        weight=weight / weight.mean(),
        code=code,
        parts=code if with_jackknife else code[:0],
    )


def propensity_matrix(sample: Sample) -> np.ndarray:
    """Constant and the named columns, standardised; ``name^2`` is the square: n by k."""
    columns = [np.ones(len(sample.y))]
    for name in sample.design.propensity_controls:
        values = sample.rows[name.removesuffix("^2")].to_numpy(dtype=float)
        scaled = (values - values.mean()) / (values.std() or 1.0)
        columns.append(scaled**2 if name.endswith("^2") else scaled)
    matrix = np.column_stack(columns)
    return matrix[:, independent_columns(matrix)]


def problem_with(arms: Arms) -> str:
    """Why nothing can be fitted, as a key of wording.toml; empty if something can."""
    if not (arms.t == 1).any():
        return "no_treated"
    if not (arms.t == 0).any():
        return "no_control"
    if np.ptp(arms.y) == 0:
        return "constant_outcome"
    widest = max(arms.x.shape[1], arms.z.shape[1])
    return "too_few" if min((arms.t == 1).sum(), (arms.t == 0).sum()) <= widest else ""
