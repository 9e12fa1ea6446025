"""E5, ordered answers: the difference in the share at or above a cut, and the odds ratio.

Without weights the proportional-odds model (McCullagh 1980, JRSS B 42): P(y >= j) = F(x b - c_j), F the logistic
distribution, one odds ratio for every cut. The statistics library's ordered model takes no weights, so weighted
answers get one logit per cut, y >= j, with var_weights; the middle cut is the headline. Errors by cluster: CRV1 and
the jackknife (MacKinnon, Nielsen and Webb 2023, J. Econometrics 232), one Newton step for each cluster left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import statsmodels.api as sm
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.tools.sm_exceptions import (
    ConvergenceWarning,
    HessianInversionWarning,
    PerfectSeparationWarning,
)

from analysis.inference.estimators.fits import interval, ran_away
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.survey import weight_of
from analysis.inference.record import Point
from analysis.inference.sample import Sample

MAX_LEVELS = 12  # more are a score, not an ordered answer
MAX_STEPS = 25
TOLERANCE = 1e-8  # largest last Newton step
LONGEST = 2.0  # a step that long leads away: the library's maximum is near, or there is none
QUIET = (ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning)


@dataclass(frozen=True)
class Likelihood:
    """A maximum-likelihood fit with p parameters: k - 1 slopes (treatment first), then one threshold per cut.

    ``scores`` (G by p) and ``information`` (G by p by p): sums over the rows of each cluster. ``n_rows``: n.
    """

    theta: np.ndarray
    scores: np.ndarray
    information: np.ndarray
    n_rows: int
    is_converged: bool = True

    @property
    def bread(self) -> np.ndarray:
        """Inverse information (p by p), the model's own covariance."""
        return np.linalg.pinv(self.information.sum(axis=0), hermitian=True)

    @property
    def moves(self) -> np.ndarray:
        """How far the parameters move without each cluster, one Newton step: -(I - I_g)^-1 s_g, G by p."""
        rest = np.linalg.pinv(self.information.sum(axis=0) - self.information, hermitian=True)
        return -np.einsum("gij,gj->gi", rest, self.scores)

    @property
    def cov(self) -> np.ndarray:
        """CRV1: G/(G-1) x (n-1)/(n-p) times the sandwich, p by p."""
        (g, p), n = self.scores.shape, self.n_rows
        factor = g / (g - 1) * (n - 1) / max(n - p, 1)
        return np.asarray(factor * self.bread @ (self.scores.T @ self.scores) @ self.bread)


@dataclass(frozen=True)
class Contrast:
    """A number and its derivative by the p parameters."""

    value: float
    gradient: np.ndarray

    def std_error(self, cov: np.ndarray) -> float:
        """Delta-method standard error under a covariance (p by p)."""
        return float(np.sqrt(self.gradient @ cov @ self.gradient))


def fit_ordered(sample: Sample, cut: float | None = None) -> Fitted:
    """Difference in the share of ``y`` at or above ``cut``: the exposed, less the same people without exposure.

    ``y``: n ordered answers. ``cut``: by default the lowest answer above the middle of the scale, a rule that looks
    at no outcome. In percentage points with ``unit="pp"``; ``ratio`` is the odds ratio (not of risks); with
    ``measure="log_odds"`` the value is its logarithm. Averaged over the exposed rows, by their weights if there are.
    ``note`` says which model it is, ``ordered_logit`` or ``cut_logit``; ``series["cuts"]``: a logit for each cut.
    ``problem``: ``no_variation``, ``too_many_levels``, ``one_cluster``, ``empty_cell``, ``separation``,
    ``not_converged``.
    """
    levels = np.unique(sample.y)
    problem = answers_problem(sample, levels)
    if problem:
        return unusable(sample, problem)
    at = float(levels[levels > (levels[0] + levels[-1]) / 2][0]) if cut is None else cut
    if has_empty_cell(sample, at):
        return unusable(sample, "empty_cell")
    if sample.design.weights is None:
        found, note = ordered_likelihood(sample, levels), "ordered_logit"
        place = int(np.searchsorted(levels[1:], at))
    else:
        found, note, place = cut_likelihood(sample, at), "cut_logit", 0
    cuts = tuple(cut_points(sample, levels))
    return replace(fitted_of(sample, found, place), series={"cuts": cuts}, note=note)


def answers_problem(sample: Sample, levels: np.ndarray) -> str:
    """Why these answers cannot be fitted at all; empty if they can."""
    if len(levels) < 2 or len(np.unique(sample.x[:, 1])) < 2:
        return "no_variation"
    if len(levels) > MAX_LEVELS:
        return "too_many_levels"
    return "one_cluster" if len(np.unique(sample.groups)) < 2 else ""


def has_empty_cell(sample: Sample, cut: float) -> bool:
    """Whether all or none of one side answer at or above the cut."""
    high, t = sample.y >= cut, sample.is_treated
    return any(side.all() or not side.any() for side in (high[t], high[~t]))


def unusable(sample: Sample, problem: str) -> Fitted:
    """A fit without a number, and why."""
    return Fitted(np.nan, np.nan, 0.0, len(np.unique(sample.groups)), problem=problem)


def fitted_of(sample: Sample, found: Likelihood, place: int) -> Fitted:
    """The fit in the design's unit; ``place``: which threshold is the cut."""
    design, g = sample.design, len(found.scores)
    odds = Contrast(float(found.theta[0]), np.eye(len(found.theta))[0])
    effect = odds if design.measure == "log_odds" else share_contrast(sample, found, place)
    cov = found.bread if design.errors == "classical" else found.cov
    moved = found.moves @ effect.gradient
    return Fitted(
        value=design.scale * effect.value,
        std_error=design.scale * effect.std_error(cov),
        df=float(g - 1 if design.cluster else found.n_rows - len(found.theta)),
        n_clusters=g if design.cluster else 0,
        std_error_jackknife=design.scale * float(np.sqrt((g - 1) / g * (moved**2).sum())),
        jackknife=design.scale * (effect.value + moved),
        ratio=float(np.exp(odds.value)),
        log_ratio_error=odds.std_error(cov),
        problem=unbounded(found, odds.std_error(found.bread)),
    )


def unbounded(found: Likelihood, std_error: float) -> str:
    """Whether the likelihood has no finite maximum, by the same limits as a plain logit."""
    if ran_away(float(found.theta[0]), std_error):
        return "separation"
    return "" if found.is_converged else "not_converged"


def share_contrast(sample: Sample, found: Likelihood, place: int) -> Contrast:
    """Mean share at or above the cut over the exposed rows, with exposure less without (delta method)."""
    t = sample.is_treated
    weight = weight_of(sample)[t] / weight_of(sample)[t].sum()
    n_slopes = sample.x.shape[1] - 1
    found_sides = []
    for code in (1.0, 0.0):
        row = np.zeros((int(t.sum()), len(found.theta)))
        row[:, :n_slopes] = sample.x[t, 1:]
        row[:, 0], row[:, n_slopes + place] = code, -1.0
        p = 1 / (1 + np.exp(-(row @ found.theta)))
        found_sides.append((float(weight @ p), (weight * p * (1 - p)) @ row))
    (high, up), (low, down) = found_sides
    return Contrast(high - low, up - down)


def ordered_likelihood(sample: Sample, levels: np.ndarray) -> Likelihood:
    """Proportional odds by the statistics library, finished by Newton steps with exact derivatives.

    The library's derivatives are numerical, and its errors those of transformed thresholds.
    """
    x, codes = sample.x[:, 1:], np.asarray(np.searchsorted(levels, sample.y))
    model = OrderedModel(codes, x, distr="logit")
    with warnings.catch_warnings():
        for kind in QUIET:  # convergence is judged below, by the last step
            warnings.simplefilter("ignore", kind)
        start = np.asarray(model.fit(method="bfgs", maxiter=200, disp=False).params)
    k = x.shape[1]
    theta = np.concatenate([start[:k], model.transform_threshold_params(start)[1:-1]])
    found = derivatives(theta, x, codes, sample.groups)
    for _ in range(MAX_STEPS):
        step = found.bread @ found.scores.sum(axis=0)
        if np.abs(step).max() < TOLERANCE:
            return found
        theta = theta + step
        if not np.abs(step).max() < LONGEST or (np.diff(theta[k:]) <= 0).any():
            break
        found = derivatives(theta, x, codes, sample.groups)
    return replace(found, is_converged=False)


def derivatives(
    theta: np.ndarray, x: np.ndarray, codes: np.ndarray, groups: np.ndarray
) -> Likelihood:
    """Scores and information of proportional odds at ``theta``, summed by cluster.

    With a = c(j) - x b and b = c(j-1) - x b the ends of a row's answer, P = F(a) - F(b) and f = F (1 - F), the
    derivatives of log P by a and b are f(a)/P, -f(b)/P, and f'(a)/P - f(a)^2/P^2, -f'(b)/P - f(b)^2/P^2,
    f(a) f(b)/P^2, where f' = f (1 - 2F).
    """
    a, up = answer_end(theta, x, codes)
    b, low = answer_end(theta, x, codes - 1)
    fa, fb, p = up * (1 - up), low * (1 - low), np.maximum(up - low, 1e-100)
    scores = a * (fa / p)[:, None] - b * (fb / p)[:, None]
    haa = (fa * (1 - 2 * up) / p - (fa / p) ** 2)[:, None]
    hbb = (-fb * (1 - 2 * low) / p - (fb / p) ** 2)[:, None]
    hab = (fa * fb / p**2)[:, None]
    sums, bends = [], []
    for rows in cluster_rows(groups):
        cross = a[rows].T @ (hab[rows] * b[rows])
        own = a[rows].T @ (haa[rows] * a[rows]) + b[rows].T @ (hbb[rows] * b[rows])
        sums.append(scores[rows].sum(axis=0))
        bends.append(-(own + cross + cross.T))
    return Likelihood(theta, np.array(sums), np.array(bends), len(x))


def answer_end(
    theta: np.ndarray, x: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One end of each answer: how it moves with the parameters (n by p), and F there; 0 or 1 beyond the scale."""
    k = x.shape[1]
    is_inside = (place >= 0) & (place < len(theta) - k)
    row = np.zeros((len(x), len(theta)))
    row[:, :k] = -x * is_inside[:, None]
    row[np.flatnonzero(is_inside), k + place[is_inside]] = 1.0
    share = 1 / (1 + np.exp(-(row @ theta)))
    return row, np.where(is_inside, share, np.where(place < 0, 0.0, 1.0))


def cluster_rows(groups: np.ndarray) -> Iterator[np.ndarray]:
    """The row numbers of each cluster, in the order of the codes."""
    order = np.argsort(groups, kind="stable")
    edges = np.flatnonzero(np.diff(groups[order], prepend=-1))
    return iter(np.split(order, edges[1:]))


def cut_likelihood(sample: Sample, cut: float) -> Likelihood:
    """Logit of y >= cut on the same covariates, weights as var_weights: they say how much, not how many."""
    y, weight = (sample.y >= cut).astype(float), weight_of(sample)
    model = sm.GLM(y, sample.x, family=sm.families.Binomial(), var_weights=weight)
    with warnings.catch_warnings():
        for kind in QUIET:
            warnings.simplefilter("ignore", kind)
        result = model.fit(maxiter=100)
    p = np.asarray(result.fittedvalues)
    row = np.column_stack(
        [sample.x[:, 1:], -np.ones(len(y))]
    )  # the threshold is the constant with its sign turned
    beta = np.asarray(result.params)
    theta = np.concatenate([beta[1:], -beta[:1]])
    scores = row * (weight * (y - p))[:, None]
    bend = row * (weight * p * (1 - p))[:, None]
    blocks = [(scores[r].sum(axis=0), bend[r].T @ row[r]) for r in cluster_rows(sample.groups)]
    return Likelihood(
        theta,
        np.array([s for s, _ in blocks]),
        np.array([i for _, i in blocks]),
        len(y),
        bool(result.converged),
    )


def cut_points(sample: Sample, levels: np.ndarray) -> Iterator[Point]:
    """The same contrast by a logit of its own for each cut: how far one odds ratio serves them all."""
    for level in levels[1:]:
        label, n = f"{level:g}", int((sample.y >= level).sum())
        one = Fitted(np.nan, np.nan, 0.0, problem="empty_cell")
        if not has_empty_cell(sample, level):
            one = fitted_of(sample, cut_likelihood(sample, float(level)), 0)
        if one.problem:
            yield Point(label, None, n=n)
            continue
        low, high = interval(one.value, one.std_error, one.df)
        yield Point(label, one.value, one.std_error, float(low), float(high), n)
