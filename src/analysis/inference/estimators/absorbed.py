"""Least squares with one or more sets of fixed effects taken out before the fit, by the fixed-effects library.

For teacher effects on many rows, where dummies would not fit into memory. CRV1 with t(G-1); teachers (or whatever is
absorbed) seen only once say nothing and are left out: both numbers of rows are reported.
"""

from __future__ import annotations

import itertools
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.inference.covariates import covariate_block
from analysis.inference.design import Design, check_columns
from analysis.inference.estimators.fitted import EMPTY, Fitted
from analysis.inference.estimators.sandwich import by_cluster, demean
from analysis.inference.record import Point
from analysis.inference.sample import same_text

MAX_EXACT, MAX_DUMMIES = (
    500,
    60,
)  # clusters, and levels of further effects, up to which the jackknife is exact
MIN_LEFT = 1e-8  # share of the treatment's variation that must be left without a cluster
MIN_KNOWN = 1e-6  # by how much a coefficient may be mixed with others and still be called its own


@dataclass(frozen=True)
class Absorbed:
    """The complete rows of a design as ``y``, ``treatment``, ``x0``.., ``fe0``.., ``cluster``, ``weight``.

    Effects and clusters are integer codes; the treatment is a float (an integer column breaks parts of the library).
    """

    rows: pd.DataFrame
    terms: tuple[str, ...]
    effects: tuple[str, ...]
    has_cluster: bool
    has_weights: bool
    errors: str = "hetero"  # without clusters: the library's word for robust, or for classical

    @property
    def formula(self) -> str:
        """The model in the library's words."""
        return f"y ~ {' + '.join(self.terms)} | {' + '.join(self.effects)}"


def fit_absorbed(frame: pd.DataFrame, design: Design) -> Fitted:
    """The treatment's coefficient with ``design.absorb`` and ``design.fixed`` absorbed, in the design's unit.

    ``frame``: one row per unit and period. Series ``absorbed_rows``: complete rows, and those used without singletons.
    DataError if a column is not there; ValueError if the design absorbs nothing or asks for a link. The G estimates
    without one cluster are exact up to 500 clusters and 60 levels of a further effect, if what is absorbed first lies
    inside clusters (a teacher who changes school does not); otherwise one step, off by the order of 1/G.
    """
    if not design.absorb or design.link != "identity":
        raise ValueError("fit_absorbed needs a column to absorb and the identity link")
    check_columns(frame, design)
    data = absorb_rows(frame, design)
    problem = problem_with(data)
    model = None if problem else run_library(data)
    if model is None or "treatment" not in model.coef():
        return Fitted(np.nan, np.nan, np.nan, problem=problem or "no_variation")
    return _fitted(model, data, design.scale)


def problem_with(data: Absorbed) -> str:
    """Why nothing can be fitted, as a key of wording.toml; empty if something can."""
    rows = data.rows
    if len(rows) == 0 or not rows["treatment"].any():
        return "no_treated"
    if rows["treatment"].all():
        return "no_control"
    if data.has_cluster and rows["cluster"].nunique() < 2:
        return "one_cluster"
    return "constant_outcome" if np.ptp(rows["y"].to_numpy()) == 0 else ""


def absorb_rows(frame: pd.DataFrame, design: Design) -> Absorbed:
    """Complete cases, chosen once, as a narrow frame of numbers; rows with a weight of zero or less are not used."""
    effects = tuple(dict.fromkeys([design.absorb, *design.fixed]))
    known = frame[design.outcome].notna()
    asked = [c for c in design.controls + design.linear if c in frame]
    covariates = [c for c in asked if frame.loc[known, c].notna().mean() >= 0.5]
    cluster = design.cluster if design.errors == "cluster" else ""
    named = (design.outcome, design.treatment, *effects, cluster, design.weights or "", *covariates)
    needed = [c for c in dict.fromkeys(named) if c]
    narrow = frame[needed]
    finite = np.logical_and.reduce([_is_known(narrow[c]) for c in needed])
    if design.weights:
        finite &= narrow[design.weights].to_numpy(dtype=float, na_value=np.nan) > 0
    rows = narrow if finite.all() else narrow[finite]
    columns = {"y": _floats(rows, design.outcome), "treatment": _floats(rows, design.treatment)}
    columns |= _covariates(rows, covariates, design.linear)
    terms = tuple(columns)[1:]
    names = tuple(f"fe{i}" for i in range(len(effects)))
    columns |= {n: pd.factorize(rows[e])[0] for n, e in zip(names, effects, strict=True)}
    columns["cluster"] = (
        pd.factorize(same_text(rows[cluster]))[0] if cluster else np.arange(len(rows))
    )
    columns["weight"] = _floats(rows, design.weights) if design.weights else np.ones(len(rows))
    return Absorbed(
        pd.DataFrame(columns, copy=False),
        terms,
        names,
        bool(cluster),
        bool(design.weights),
        "iid" if design.errors == "classical" else "hetero",
    )


def _is_known(values: pd.Series) -> np.ndarray:
    """N booleans: neither missing nor infinite."""
    if pd.api.types.is_float_dtype(values.dtype):
        return np.isfinite(values.to_numpy(dtype=float, na_value=np.nan))
    return values.notna().to_numpy()


def _floats(rows: pd.DataFrame, column: str) -> np.ndarray:
    """A column as floats."""
    return rows[column].to_numpy(dtype=float)


def _covariates(
    rows: pd.DataFrame, covariates: list[str], linear: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Covariates as columns x0, x1, ...: levels of text, standardised numbers with their square unless linear."""
    blocks = [covariate_block(rows[c], c in linear, is_fixed=False) for c in covariates]
    columns = [b[c].to_numpy(dtype=float) for b in blocks for c in b]
    return {f"x{i}": values for i, values in enumerate(columns)}


def run_library(data: Absorbed) -> Any | None:
    """The library's fitted model; None if the effects leave nothing of any column."""
    import pyfixest  # a second to import: only for those who absorb

    with warnings.catch_warnings():
        # What was dropped is reported as a number; a warning would only reach the notebook.
        warnings.filterwarnings("ignore", message=".*singleton.*")
        warnings.filterwarnings("ignore", message=".*inplace keyword.*")  # the library's own pandas
        warnings.filterwarnings("ignore", message="(?s).*multicollinearity.*")
        try:
            return pyfixest.feols(
                data.formula,
                data.rows,
                vcov={"CRV1": "cluster"} if data.has_cluster else data.errors,
                weights="weight" if data.has_weights else None,
                copy_data=False,
                store_data=False,
            )
        except ValueError as error:
            if "collinear" not in str(error):
                raise
            return None


def _fitted(model: Any, data: Absorbed, scale: float) -> Fitted:
    """The library's numbers by name (never by ``confint``, which may mix up coefficients), and the jackknife."""
    used: np.ndarray = np.ones(len(data.rows), dtype=bool)
    used[list(model._na_index)] = False
    value, error = float(model.coef()["treatment"]), float(model.se()["treatment"])
    moves = cluster_moves(model, data, used) if data.has_cluster else EMPTY
    g, n_used = len(moves), int(used.sum())
    spread = np.sqrt((g - 1) / g * (moves**2).sum()) if g else np.nan
    df = g - 1 if g else n_used - int(model._df_k)
    rows = (Point("complete", None, n=len(used)), Point("used", None, n=n_used))
    return Fitted(
        value=scale * value,
        std_error=scale * error,
        df=float(df),
        n_clusters=g,
        std_error_jackknife=float(scale * spread) if np.isfinite(spread) else None,
        jackknife=scale * (value + moves),
        series={"absorbed_rows": rows},
        problem="" if error > 0 and np.isfinite(error) else "no_variation",
    )


def cluster_moves(model: Any, data: Absorbed, used: np.ndarray) -> np.ndarray:
    """How far the treatment's coefficient moves without each of G clusters: exact, or one step where there are many."""
    cluster = pd.factorize(data.rows["cluster"].to_numpy()[used])[0]
    cleared, residual = (
        np.asarray(model._X),
        np.asarray(model._u_hat),
    )  # both times the root of the weights
    if cluster.max() >= MAX_EXACT or not _has_few_levels(data):
        return one_step_moves(cleared, residual, cluster, model._coefnames.index("treatment"))
    root = np.sqrt(data.rows["weight"].to_numpy()[used])
    return exact_moves(data, used, cluster, residual / root)


def _has_few_levels(data: Absorbed) -> bool:
    """Whether all effects but the first can be carried along as columns."""
    return all(data.rows[name].nunique() <= MAX_DUMMIES for name in data.effects[1:])


def one_step_moves(
    cleared: np.ndarray, residual: np.ndarray, cluster: np.ndarray, column: int
) -> np.ndarray:
    """G moves with the effects as the whole sample has them: -z_g'r_g / (z'z - z_g'z_g), z the cleared treatment.

    ``cleared``: n by k without effects. Off by the order of 1/G; missing where nothing of z is left.
    """
    z, others = cleared[:, column], np.delete(cleared, column, axis=1)
    if others.shape[1]:
        z = z - others @ np.linalg.lstsq(others, z, rcond=None)[0]
    own, score = np.bincount(cluster, z * z), np.bincount(cluster, z * residual)
    rest = own.sum() - own
    is_left = rest > MIN_LEFT * own.sum()
    return np.where(is_left, -score / np.where(is_left, rest, 1.0), np.nan)


def exact_moves(
    data: Absorbed, used: np.ndarray, cluster: np.ndarray, residual: np.ndarray
) -> np.ndarray:
    """G moves -(A - A_g)^-1 Z_g'Wr_g of the treatment (MacKinnon, Nielsen and Webb 2023); missing if not estimable.

    Z: the terms and the levels of small effects less the means of the first effect; ``residual``: n of the whole fit.
    """
    weight = data.rows["weight"].to_numpy()[used]
    first = pd.factorize(data.rows["fe0"].to_numpy()[used])[0]
    z = demean(jackknife_columns(data, used), weight, first)
    order = np.argsort(cluster, kind="stable")
    edges: np.ndarray = np.append(np.flatnonzero(np.diff(cluster[order], prepend=-1)), len(order))
    z, weighted = z[order], (z * weight[:, None])[order]
    own = np.array([weighted[a:b].T @ z[a:b] for a, b in itertools.pairwise(edges)])
    score = by_cluster(weighted * residual[order, None], cluster[order], len(own))
    rest = own.sum(axis=0) - own
    inverse = np.linalg.pinv(rest, rcond=MIN_LEFT, hermitian=True)
    moves = -np.einsum("gj,gj->g", inverse[:, 0], score)
    left = np.einsum("gj,gj->g", inverse[:, 0], rest[:, :, 0])
    return np.where(np.abs(left - 1) < MIN_KNOWN, moves, np.nan)


def jackknife_columns(data: Absorbed, used: np.ndarray) -> np.ndarray:
    """N by k: the terms, then a 0/1 column for every level but one of every further effect."""
    blocks = [data.rows.loc[used, list(data.terms)].to_numpy(dtype=float)]
    for name in data.effects[1:]:
        codes = data.rows[name].to_numpy()[used]
        blocks.append((codes[:, None] == np.unique(codes)[None, 1:]).astype(float))
    return np.hstack(blocks)
