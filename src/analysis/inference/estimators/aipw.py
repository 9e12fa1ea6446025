"""E4: the effect of a programme on those who took it, aligned on what was known before, in two models at once.

An outcome model for those without the programme and a propensity model for taking it; the estimate is right if either
is (Robins, Rotnitzky and Zhao 1994, JASA 89). Standard errors come from the influence function of all stacked
estimating equations, so that both models count as estimated (Stefanski and Boos 2002, American Statistician 56);
``aipw`` for everybody reproduces the printed numbers of Stata's ``teffects``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inference.estimators.aipw_rows import (
    Arms,
    arms_of_sample,
    change_sample,
    method_of,
    problem_with,
)
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.nuisance import (
    Link,
    Model,
    balancing_model,
    binomial_model,
    linear_model,
)
from analysis.inference.estimators.overlap import (
    measure_overlap,
    supported_rows,
    target_weights,
)
from analysis.inference.sample import Sample

RUN_AWAY = 1e-5  # a chance this close to 0 or 1 comes from a level that one arm does not have
REFIT_BELOW = 30  # clusters; below, the jackknife fits everything anew


@dataclass(frozen=True)
class Mean:
    """A number, what each row adds to its error (n), and how far it moves without each cluster (G)."""

    value: float
    influence: np.ndarray
    moves: np.ndarray
    problem: str = ""


@dataclass(frozen=True)
class Residuals:
    """How an arm's residuals enter, n rows: ``weight``, its ``slope`` by the propensity's index, what it is divided by.

    ``bends``: 1 if the divisor is the weights themselves (they sum to one), 0 if it is the target's size.
    """

    weight: np.ndarray
    slope: np.ndarray
    base: np.ndarray
    bends: float


@dataclass(frozen=True)
class Contrast:
    """The effect in the outcome's own numbers, with the two means behind it (missing for ``linear``)."""

    effect: Mean
    treated: Mean | None = None
    control: Mean | None = None


def fit_aipw(sample: Sample, *, with_jackknife: bool = True) -> Fitted:
    """The effect on the exposed (``target`` "att") or on everybody ("ate") in the design's unit.

    ``method``: aipw (default), ipw, ra (outcome model only), linear (one common slope), overlap (weights e and 1-e:
    those who could have gone either way) or entropy (weights that balance the means exactly, on the exposed);
    ``aipw_probit`` and ``ipw_probit`` take a probit for the propensity; ``change`` and ``change_ipw`` ... the outcome
    less the latest score. Rows are trimmed by a rule that sees no outcome; ``note`` then says "trimmed". The jackknife
    (if wanted) refits below 30 clusters, else takes one Newton step. ValueError if the method is unknown.
    """
    design, method = sample.design, method_of(sample.design)
    arms = arms_of_sample(change_sample(sample), with_jackknife)
    problem = problem_with(arms)
    if problem:
        return Fitted(np.nan, np.nan, np.nan, problem=problem)
    keep, score = choose_rows(arms, method, design.target)
    kept = arms if keep.all() else arms.at(keep)
    problem = score.problem or problem_with(kept)
    if problem:
        return Fitted(np.nan, np.nan, np.nan, problem=problem)
    found, note = safe_contrast(kept, method, design.target, design.link, score)
    if found.effect.problem:
        return Fitted(np.nan, np.nan, np.nan, problem=found.effect.problem)
    fitted = as_fitted(sample, arms, keep, found, method, score)
    counted = keep if design.target == "ate" else keep[arms.t == 1]
    return replace(fitted, note=note if counted.all() else "trimmed")


def safe_contrast(
    arms: Arms, method: str, target: str, link: str, score: Model
) -> tuple[Contrast, str]:
    """The contrast, with a linear outcome model (note "linear") where a binomial one runs away."""
    found = contrast(arms, method, target, link, score)
    if link == "identity" or found.effect.problem not in ("separation", "not_converged"):
        return found, ""
    return contrast(arms, method, target, "identity", score), "linear"


def score_of(arms: Arms, method: str) -> Model:
    """The chance of being exposed by the propensity's covariates: a logit, or a probit if the method says so."""
    link: Link = "probit" if method.endswith("_probit") else "logit"
    return binomial_model(arms.z, arms.t, arms.weight, arms.parts, link)


def choose_rows(arms: Arms, method: str, target: str) -> tuple[np.ndarray, Model]:
    """Which rows are used (n booleans) and the propensity fitted on them; no outcome is looked at.

    Rows whose chance runs to 0 or 1 have no counterpart and go first. Then all, if the overlap is good enough; else
    those inside the common support, with odds of at most 9.
    """
    keep: np.ndarray = np.ones(len(arms.t), dtype=bool)
    score = score_of(arms, method)
    if score.problem:
        keep = (score.fitted > RUN_AWAY) & (score.fitted < 1 - RUN_AWAY)
        if problem_with(arms.at(keep)):
            return keep, replace(score, problem="no_overlap")
        score = score_of(arms.at(keep), method)
    kept = arms if keep.all() else arms.at(keep)
    if measure_overlap(kept.t, score.fitted, kept.weight, target).is_fine:
        return keep, score
    keep[keep] = supported_rows(kept.t, score.fitted, target)
    if problem_with(arms.at(keep)):
        return keep, replace(score, problem="no_overlap")
    return keep, score_of(arms.at(keep), method)


def contrast(arms: Arms, method: str, target: str, link: str, score: Model) -> Contrast:
    """The difference of the two arms' means by one method, with influence and jackknife moves."""
    if method == "linear":
        x = np.column_stack([arms.x[:, 0], arms.t, arms.x[:, 1:]])
        model = linear_model(x, arms.y, arms.weight, arms.parts)
        factor = np.sqrt((len(x) - 1) / (len(x) - x.shape[1]))  # the same CRV1 as any regression
        effect = Mean(float(model.beta[1]), factor * model.influence[:, 1], model.moves[:, 1])
        return Contrast(effect)
    if method == "entropy":
        score, target = balancing_model(arms.z, arms.t, arms.weight, arms.parts, score.beta), "att"
    one, zero = (arm_mean(arms, a, method, target, link, score) for a in (1, 0))
    effect = Mean(
        one.value - zero.value,
        one.influence - zero.influence,
        one.moves - zero.moves,
        score.problem or one.problem or zero.problem,
    )
    return Contrast(effect, one, zero)


def arm_mean(arms: Arms, arm: int, method: str, target: str, link: str, score: Model) -> Mean:
    """The mean outcome of the target population had all of it been in one arm.

    Weights alone have no prediction, an outcome model alone no residual, and the exposed under "att" are simply
    observed. Weights are made to sum to one, except under ``aipw``, where the residuals are divided by the target's
    size as in the efficient influence function (and in Stata).
    """
    own = (arms.t == arm).astype(float)
    is_seen = target == "att" and arm == 1
    people = arms.weight * (arms.t if target == "att" else 1.0)
    model = None
    if method.startswith(("aipw", "ra")) and not is_seen:
        fit = linear_model if link == "identity" else binomial_model
        model = fit(arms.x, arms.y, arms.weight * own, arms.parts)
    h, rise = target_weights(score.fitted, arm, "overlap" if method == "overlap" else target)
    if method == "ra" and not is_seen:
        h, rise = np.zeros(len(own)), np.zeros(len(own))
    weight = arms.weight * own * h
    part = Residuals(
        weight,
        slope=arms.weight * own * rise * score.slope,
        base=people if method.startswith("aipw") else weight,
        bends=0.0 if method.startswith("aipw") else 1.0,
    )
    return combine(arms, people, part, model, score)


def combine(
    arms: Arms, people: np.ndarray, part: Residuals, model: Model | None, score: Model
) -> Mean:
    """The mean prediction over the target (``people``: n weights) plus the mean residual of the arm.

    The influence of each row is its own part, and its part in both models' coefficients.
    """
    predicted = np.zeros(len(arms.y)) if model is None else model.fitted
    first = people if model is not None else np.zeros(len(people))
    residual = arms.y - predicted
    mean1, own1, out1 = ratio_mean(predicted, first, first, arms.parts)
    mean2, own2, out2 = ratio_mean(residual, part.weight, part.base, arms.parts)
    total = part.base.sum() or 1.0
    by_score = (part.slope * (residual - part.bends * mean2) / total) @ arms.z
    influence = own1 + own2 + score.influence @ by_score
    moves = out1 + out2 + score.moves @ by_score
    if model is None:
        return Mean(mean1 + mean2, influence, moves)
    by_model = ((first / first.sum() - part.weight / total) * model.slope) @ arms.x
    return Mean(
        mean1 + mean2,
        influence + model.influence @ by_model,
        moves + model.moves @ by_model,
        model.problem,
    )


def ratio_mean(
    values: np.ndarray, weight: np.ndarray, base: np.ndarray, code: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Sum of w v by sum of ``base``, each row's influence (n), the moves without each cluster (G); 0 if empty."""
    total = base.sum()
    if total == 0:
        return 0.0, np.zeros(len(values)), np.zeros(int(code.max(initial=-1)) + 1)
    mean = float(weight @ values / total)
    part = weight * values - mean * base
    size, sums = np.bincount(code, base[: len(code)]), np.bincount(code, part[: len(code)])
    rest = np.where(total - size > 0, total - size, np.inf)
    return mean, part / total, -sums / rest


def as_fitted(
    sample: Sample, arms: Arms, keep: np.ndarray, found: Contrast, method: str, score: Model
) -> Fitted:
    """A contrast in the design's unit with its errors, the jackknife in the sample's cluster order, and the weights."""
    design, kept = sample.design, arms if keep.all() else arms.at(keep)
    g = int(kept.code.max(initial=-1)) + 1
    scale = design.scale
    ratio, log_error = ratio_of(found, kept.code) if design.unit == "pp" else (None, None)
    fitted = Fitted(
        value=scale * found.effect.value,
        std_error=scale * std_error(found.effect.influence, kept.code),
        df=float(g - 1 if g else len(kept.y) - kept.x.shape[1] - 1),
        n_clusters=g,
        ratio=ratio,
        log_ratio_error=log_error,
        weights=row_weights(arms, keep, score, method, design.target),
        propensity=spread_out(score.fitted, keep, np.nan),
    )
    if not len(kept.parts):
        return fitted
    moves = found.effect.moves
    if g < REFIT_BELOW:
        moves = refitted_moves(kept, method, design.target, design.link)
    whole = np.zeros(int(arms.code.max()) + 1)  # a cluster that was trimmed away moves nothing
    whole[pd.unique(arms.code[keep])] = scale * moves
    spread = float(np.sqrt((g - 1) / g * moves @ moves))
    return replace(fitted, std_error_jackknife=scale * spread, jackknife=fitted.value + whole)


def std_error(influence: np.ndarray, code: np.ndarray) -> float:
    """Root of the squared cluster sums of the influences times G/(G-1); of the rows where there are no clusters."""
    sums = np.bincount(code, influence) if len(code) else influence
    return float(np.sqrt(len(sums) / max(len(sums) - 1, 1) * (sums @ sums)))


def ratio_of(found: Contrast, code: np.ndarray) -> tuple[float | None, float | None]:
    """The ratio of the two risks and the standard error of its logarithm; none if a risk is not above zero."""
    one, zero = found.treated, found.control
    if one is None or zero is None or min(one.value, zero.value) <= 0:
        return None, None
    influence = one.influence / one.value - zero.influence / zero.value
    return one.value / zero.value, std_error(influence, code)


def refitted_moves(arms: Arms, method: str, target: str, link: str) -> np.ndarray:
    """The effect's moves when everything is fitted anew without each cluster: G numbers."""
    once = replace(arms, parts=arms.parts[:0])

    def value(part: Arms) -> float:
        score = score_of(part, method)
        return safe_contrast(part, method, target, link, score)[0].effect.value

    whole = value(once)
    return np.array([value(once.at(arms.code != g)) - whole for g in range(arms.code.max() + 1)])


def row_weights(arms: Arms, keep: np.ndarray, score: Model, method: str, target: str) -> np.ndarray:
    """N weights that make the arms alike, 0 for trimmed rows; outcome models weight nobody."""
    kept = arms if keep.all() else arms.at(keep)
    if method in ("ra", "linear"):
        return arms.weight * keep
    if method == "entropy":
        model = balancing_model(kept.z, kept.t, kept.weight, kept.code[:0], score.beta)
        one, zero = np.ones(len(kept.t)), model.fitted / (1 - model.fitted)
    else:
        kind = "overlap" if method == "overlap" else target
        one, zero = (target_weights(score.fitted, a, kind)[0] for a in (1, 0))
    return spread_out(kept.weight * np.where(kept.t == 1, one, zero), keep, 0.0)


def spread_out(values: np.ndarray, keep: np.ndarray, blank: float) -> np.ndarray:
    """Numbers of the kept rows at their places among all n, ``blank`` elsewhere."""
    out = np.full(len(keep), blank)
    out[keep] = values
    return out
