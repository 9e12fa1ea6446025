"""Whether the two sides of a like-for-like gap can be compared at all: who has a counterpart, and how alike they are.

The sides differ by nature, in the stages they teach for one, so raw differences above .25 say little. Judged is what
is left under overlap weights (Li, Morgan and Zaslavsky 2018, JASA 113): each row counts by the chance to belong to
the other side, rows without a counterpart not at all, much as a regression weighs them (Angrist 1998, Econometrica 66).
Such weights make the means of all covariates equal by construction, so their products are looked at as well: there
an adjustment that only adds covariates could go wrong.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.inference.checking.balance import BALANCE_FAILS, BALANCE_FINE
from analysis.inference.estimators.overlap import measure_overlap, target_weights
from analysis.inference.estimators.survey import weight_of
from analysis.inference.record import Check, Point
from analysis.inference.sample import Sample

LEVEL = 0.05
NOTHING = 1e-6  # of the largest weight: a row without a counterpart


@dataclass(frozen=True)
class Sides:
    """Chances to belong to the focus (n), overlap weights with the survey's (n), and the survey's own (``base``)."""

    propensity: np.ndarray
    weights: np.ndarray
    base: np.ndarray
    is_focus: np.ndarray


def find_sides(sample: Sample) -> Sides:
    """Overlap weights from a logit of the focus on the covariates: 1 - e in the focus, e in the reference."""
    x, focus, base = np.delete(sample.x, 1, axis=1), sample.is_treated, weight_of(sample)
    model = sm.GLM(
        focus.astype(float), x, family=sm.families.Binomial(), var_weights=base / base.mean()
    )
    with warnings.catch_warnings():
        # A level that one side does not have runs to a chance of 0 or 1, and its rows to no weight: as intended.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        chance = np.asarray(model.fit(maxiter=50).fittedvalues)
    mine, other = (target_weights(chance, arm, "overlap")[0] for arm in (1, 0))
    return Sides(chance, base * np.where(focus, mine, other), base, focus)


def comparability_checks(sample: Sample) -> tuple[Check, ...]:
    """Balance under overlap weights and overlap of the two sides; each caps at D where they cannot be compared."""
    if sample.x.shape[1] <= 2:
        names = ("balance", "overlap")
        return tuple(Check(n, None, "not_run", cap="D", detail="no covariate") for n in names)
    found = find_sides(sample)
    return (weighted_balance(sample, found), common_support(found))


def weighted_balance(sample: Sample, found: Sides) -> Check:
    """The largest standardised difference under overlap weights, of a covariate or a product of two: see the detail.

    Above .25 caps at D, unless as many products of independent rows would often show that much by chance.
    """
    value, name, n_terms = -np.inf, "", 0
    for columns, names in terms(sample):
        gaps = standardised(columns, found, found.weights)
        worst = int(np.argmax(gaps))
        if gaps[worst] > value:
            value, name = float(gaps[worst]), names[worst]
        n_terms += len(names)
    if value > BALANCE_FAILS and value > chance_bound(found, n_terms):
        return Check("balance", value, "fail", cap="D", detail=name)
    return Check("balance", value, "pass" if value <= BALANCE_FINE else "caution", detail=name)


def common_support(found: Sides) -> Check:
    """The share of the focus whose chance lies in the reference's range; below 95 % caps at D.

    So do an effective number below half of the rows on either side, and a row with more than 5 % of its side.
    """
    ones = np.ones(len(found.base))  # what the survey's own weights cost is no matter of overlap
    overlap = measure_overlap(found.is_focus.astype(float), found.propensity, ones, "overlap")
    used = float((found.weights[found.is_focus] > NOTHING * found.weights.max()).mean())
    detail = f"largest {overlap.largest:.3f}, effective {overlap.effective:.2f}, used {used:.3f}"
    if overlap.is_fine:
        return Check("overlap", overlap.inside, "pass", detail=detail)
    return Check("overlap", overlap.inside, "fail", cap="D", detail=detail)


def effective(weights: np.ndarray) -> float:
    """Effective number of n weights: (sum w)^2 / sum w^2 (Kish 1965, Survey Sampling, ch. 11.7)."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.any() else 0.0


def terms(sample: Sample) -> Iterator[tuple[np.ndarray, list[str]]]:
    """The covariates' columns (n by k), then each one's products with those after it, with their names.

    One block after the other, since all products at once would be k / 2 times the matrix; constant ones left out.
    """
    x, names = sample.x[:, 2:], sample.names[2:]
    yield x, list(names)
    for i in range(len(names) - 1):
        products = x[:, [i]] * x[:, i + 1 :]
        varies = products.std(axis=0) > 0
        if varies.any():
            told = [f"{names[i]}, {other}" for other in names[i + 1 :]]
            yield (
                products[:, varies],
                [name for name, is_kept in zip(told, varies, strict=True) if is_kept],
            )


def standardised(columns: np.ndarray, found: Sides, weights: np.ndarray) -> np.ndarray:
    """Absolute difference of weighted means by the sides' common spread before weighting (k numbers)."""
    t = found.is_focus
    spread = np.sqrt((columns[t].var(axis=0) + columns[~t].var(axis=0)) / 2)
    if not (weights[t].any() and weights[~t].any()):  # nobody has a counterpart
        return np.full(columns.shape[1], np.inf)
    means = [np.average(columns[s], axis=0, weights=weights[s]) for s in (t, ~t)]
    return np.asarray(np.abs(means[0] - means[1]) / np.where(spread > 0, spread, 1.0))


def chance_bound(found: Sides, n_terms: int) -> float:
    """What the largest of so many differences exceeds in 5 % of samples of independent rows (Bonferroni)."""
    t = found.is_focus
    size = 1 / max(effective(found.weights[t]), 1.0) + 1 / max(effective(found.weights[~t]), 1.0)
    return float(stats.norm.isf(LEVEL / (2 * n_terms)) * np.sqrt(size))


def overlap_gap(sample: Sample) -> Point:
    """The gap under overlap weights with the same covariates, a second opinion in the design's unit."""
    found = find_sides(sample)
    fit = sm.WLS(sample.y, sample.x, weights=found.weights).fit()
    n = int((found.weights > 0).sum())
    return Point("overlap_weights", sample.design.scale * float(fit.params[1]), n=n)
