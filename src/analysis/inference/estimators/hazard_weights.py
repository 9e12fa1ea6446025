"""What makes exposed and unexposed alike at the landmark: propensity, weights, and how the weights vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.estimators.binary import Matrix, Regression, fit_binary, make_matrix
from analysis.inference.estimators.fits import mean_one, weight_of
from analysis.inference.sample import Sample

LEAST_CONTROLS = (
    1e-6  # sum of the controls' weights below which nobody unexposed is like the exposed
)


@dataclass(frozen=True)
class Exposure:
    """How likely each of n rows was to be exposed, and the weights that follow.

    ``propensity``: n chances; ``odds``: n weights, 1 for the exposed and the odds of exposure for the others (times
    the design's own weights, 1 on average); ``stabilised``: n weights of the regression; ``slope``: n derivatives of
    the log weight by the propensity's linear predictor; ``model``: the propensity's regression.
    """

    propensity: np.ndarray
    odds: np.ndarray
    stabilised: np.ndarray
    slope: np.ndarray
    model: Regression
    problem: str = ""


def fit_propensity(sample: Sample, start: np.ndarray | None = None) -> Regression:
    """The chance of being exposed by a logit on period and covariates (numbers with their square).

    It is the same whatever the method, the link and the target. ``start``: n chances near the answer, if known.
    """
    exposed: np.ndarray = sample.is_treated.astype(float)
    return fit_binary(propensity_matrix(sample), exposed, own_weights(sample), start=start)


def fit_exposure(sample: Sample, model: Regression | None = None) -> Exposure:
    """The propensity (``model``, if it is fitted already) and the stabilised weights that follow.

    For everybody (``target`` "ate") the weight is P(A | period) / P(A | period, covariates); for the exposed ("att")
    that weight times the exposed share it stands for: 1 for the exposed and, for the others, the odds of exposure
    over the odds in their period (Hernan and Robins 2020, Causal Inference: What If, 12.3 and technical point 4.1;
    Sato and Matsuyama 2003, Epidemiology 14). A period in which nobody or everybody is exposed gets weight 1.
    """
    base, exposed = own_weights(sample), sample.is_treated
    model = model or fit_propensity(sample)
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
    """N weights the design names, 1 on average since their scale says nothing; 1 without."""
    return mean_one(weight_of(sample))


def period_shares(sample: Sample, base: np.ndarray) -> np.ndarray:
    """N exposed shares, P(A = 1 | period of the row); over all rows if the design names no time."""
    time = sample.design.time
    codes = pd.factorize(sample.rows[time])[0] if time else np.zeros(len(base), dtype=int)
    return (np.bincount(codes, base * sample.is_treated) / np.bincount(codes, base))[codes]


def propensity_matrix(sample: Sample) -> Matrix:
    """The sample's covariates and the period as levels: n by q."""
    return make_matrix(np.delete(sample.x, 1, axis=1), period_columns(sample))


def period_columns(sample: Sample) -> list[np.ndarray]:
    """The period's codes, none if the design has it among its fixed effects."""
    return [] if sample.design.time in sample.design.fixed else period_levels(sample)


def period_levels(sample: Sample) -> list[np.ndarray]:
    """The period as n codes, none if the design names no time."""
    time = sample.design.time
    return [pd.factorize(sample.rows[time])[0]] if time else []
