"""What makes exposed and unexposed alike at the landmark: propensity, weights, and how the weights vary."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import expit
from statsmodels.tools.sm_exceptions import (
    ConvergenceWarning,
    PerfectSeparationWarning,
    SingularMatrixWarning,
)

from analysis.inference.estimators.fits import separation_problem
from analysis.inference.sample import Sample

LEAST_CONTROLS = (
    1e-6  # sum of the controls' weights below which nobody unexposed is like the exposed
)
TOLERANCE = 1e-9  # share of a column's length that the earlier columns must leave


@dataclass(frozen=True)
class Matrix:
    """A full-rank matrix ``x`` (n by k): ``first`` are the first rows of its distinct patterns, ``codes`` (n) which."""

    x: np.ndarray
    first: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class Regression:
    """A fitted binary regression of n rows on ``x`` (n by k).

    ``beta``: k coefficients; ``score``: n numbers, the derivative of each row's log-likelihood by its linear
    predictor; ``information``: n numbers, the expected second derivative with its sign turned.
    """

    x: np.ndarray
    beta: np.ndarray
    score: np.ndarray
    information: np.ndarray
    problem: str = ""


@dataclass(frozen=True)
class Exposure:
    """How likely each of n rows was to be exposed, and the weights that follow.

    ``propensity``: n chances; ``odds``: n weights, 1 for the exposed and the odds of exposure for the others (times
    the design's own weights); ``stabilised``: n weights of the regression; ``slope``: n derivatives of the log weight
    by the propensity's linear predictor; ``model``: the propensity's regression.
    """

    propensity: np.ndarray
    odds: np.ndarray
    stabilised: np.ndarray
    slope: np.ndarray
    model: Regression
    problem: str = ""


def fit_exposure(sample: Sample) -> Exposure:
    """Propensity by a logit on period and covariates (numbers with their square), and stabilised weights.

    For everybody (``target`` "ate") the weight is P(A | period) / P(A | period, covariates); for the exposed ("att")
    that weight times the exposed share it stands for: 1 for the exposed and, for the others, the odds of exposure
    over the odds in their period (Hernan and Robins 2020, Causal Inference: What If, 12.3 and technical point 4.1;
    Sato and Matsuyama 2003, Epidemiology 14). A period in which nobody or everybody is exposed gets weight 1.
    """
    base, exposed = own_weights(sample), sample.is_treated
    model = fit_binary(propensity_matrix(sample), exposed.astype(float), base)
    chance = exposed - model.score / base
    odds = np.where(exposed, 1.0, chance / np.maximum(1 - chance, 1e-12))
    share = period_shares(sample, base)
    is_mixed = (share > 0) & (share < 1)
    plain = base * np.where(is_mixed, stable_weight(sample, chance, odds, share), 1.0)
    has_controls = float((base * odds)[~exposed].sum()) > LEAST_CONTROLS
    return Exposure(
        propensity=chance,
        odds=base * odds,
        stabilised=plain,
        slope=np.where(is_mixed, log_slope(sample, chance), 0.0),
        model=model,
        problem=model.problem or ("" if has_controls else "separation"),
    )


def stable_weight(
    sample: Sample, chance: np.ndarray, odds: np.ndarray, share: np.ndarray
) -> np.ndarray:
    """N stabilised weights from the chance, the odds and the exposed share of the row's period."""
    exposed = sample.is_treated
    safe = np.clip(share, 1e-12, 1 - 1e-12)
    if sample.design.target == "ate":
        return np.where(exposed, safe / np.maximum(chance, 1e-12), (1 - safe) * (1 + odds))
    return np.where(exposed, 1.0, odds * (1 - safe) / safe)


def log_slope(sample: Sample, chance: np.ndarray) -> np.ndarray:
    """N derivatives of the log weight by the linear predictor of the propensity.

    The period's share is taken as given: whatever function of the period stands there, the target is the same.
    """
    exposed = sample.is_treated
    if sample.design.target == "ate":
        return np.where(exposed, chance - 1, chance)
    return np.where(exposed, 0.0, 1.0)


def own_weights(sample: Sample) -> np.ndarray:
    """N weights the design names, 1 without."""
    name = sample.design.weights
    return sample.rows[name].to_numpy(dtype=float) if name else np.ones(len(sample.y))


def period_shares(sample: Sample, base: np.ndarray) -> np.ndarray:
    """N exposed shares, P(A = 1 | period of the row); over all rows if the design names no time."""
    time = sample.design.time
    codes = pd.factorize(sample.rows[time])[0] if time else np.zeros(len(base), dtype=int)
    return (np.bincount(codes, base * sample.is_treated) / np.bincount(codes, base))[codes]


def propensity_matrix(sample: Sample) -> Matrix:
    """The sample's covariates and the period as levels: n by q."""
    return make_matrix(np.column_stack([np.delete(sample.x, 1, axis=1), period_columns(sample)]))


def period_columns(sample: Sample) -> np.ndarray:
    """The period as 0/1 columns, none if the design has it among its fixed effects."""
    is_there = sample.design.time in sample.design.fixed
    return np.empty((len(sample.y), 0)) if is_there else period_levels(sample)


def period_levels(sample: Sample) -> np.ndarray:
    """The period as 0/1 columns, none if the design names no time."""
    time = sample.design.time
    if not time:
        return np.empty((len(sample.y), 0))
    return level_columns(pd.factorize(sample.rows[time])[0])


def level_columns(codes: np.ndarray) -> np.ndarray:
    """0/1 columns for all of n codes (0, 1, ...) but the most frequent."""
    counts = np.bincount(codes)
    kept = [c for c in np.flatnonzero(counts) if c != counts.argmax()]
    return (codes[:, None] == np.array(kept, dtype=int)).astype(float)


def make_matrix(wide: np.ndarray) -> Matrix:
    """The columns (of n by k) that say something the earlier ones do not, with the patterns of the rows."""
    first, codes = patterns(wide)
    return Matrix(x=wide[:, spanning_columns(wide[first])], first=first, codes=codes)


def spanning_columns(x: np.ndarray) -> list[int]:
    """Indices of the columns that are no combination of earlier ones, by Gram-Schmidt with a second pass.

    Few patterns may face as many columns, where a triangle of a QR decomposition misses some.
    """
    basis = np.zeros((len(x), min(x.shape)))
    kept: list[int] = []
    for i, column in enumerate(x.T):
        rest = column
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size > TOLERANCE * float(np.linalg.norm(column)):
            basis[:, len(kept)] = rest / size
            kept.append(i)
    return kept


def patterns(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each distinct row of ``x`` (n by k), and the n codes of the patterns; by 64-bit hashes."""
    hashes = pd.util.hash_pandas_object(pd.DataFrame(x), index=False).to_numpy()
    codes, distinct = pd.factorize(hashes)
    first = np.full(len(distinct), len(x))
    np.minimum.at(first, codes, np.arange(len(x)))
    return first, codes


def fit_binary(
    matrix: Matrix, y: np.ndarray, weight: np.ndarray, link: str = "logit", at: int | None = None
) -> Regression:
    """A weighted binary regression of 0/1 ``y`` (n) on a matrix (n by k), by the statistics library.

    Rows that share all columns enter once, with their mean outcome and summed weight: the same likelihood in less
    time. ``at``: the coefficient whose size is guarded, if any.
    """
    x, codes = matrix.x, matrix.codes
    total = np.bincount(codes, weight)
    share = np.bincount(codes, weight * y) / np.maximum(total, 1e-300)
    links = sm.families.links
    family = sm.families.Binomial(links.CLogLog() if link == "cloglog" else links.Logit())
    with warnings.catch_warnings(), np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        # All three end in a named problem or in a level without weight; a warning would only reach the notebook.
        for kind in (PerfectSeparationWarning, ConvergenceWarning, SingularMatrixWarning):
            warnings.simplefilter("ignore", kind)
        result = sm.GLM(share, x[matrix.first], family=family, var_weights=total).fit()
    beta = np.asarray(result.params)
    score, information = derivatives(x @ beta, y, weight, link)
    found = separation_problem(result) if at is not None else converged_problem(result)
    return Regression(x=x, beta=beta, score=score, information=information, problem=found)


def converged_problem(result: object) -> str:
    """Whether a regression whose coefficients nobody reads came to an end."""
    return "" if result.converged else "not_converged"  # type: ignore[attr-defined]


def derivatives(
    predictor: np.ndarray, y: np.ndarray, weight: np.ndarray, link: str
) -> tuple[np.ndarray, np.ndarray]:
    """Score and expected information of n rows by their linear predictor (McCullagh and Nelder 1989, 2.5)."""
    p, slope = risks(predictor, link)
    variance = np.maximum(p * (1 - p), 1e-300)
    return weight * (y - p) * slope / variance, weight * slope**2 / variance


def risks(predictor: np.ndarray, link: str) -> tuple[np.ndarray, np.ndarray]:
    """Risks of n linear predictors and their derivatives, under the logit or the complementary log-log link."""
    if link == "cloglog":
        hazard = np.exp(np.minimum(predictor, 30.0))
        return -np.expm1(-hazard), hazard * np.exp(-hazard)
    p = expit(predictor)
    return p, p * (1 - p)
