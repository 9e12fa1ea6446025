"""E1 and E2: extended two-way fixed effects for units that start in different periods, linear or logit.

Every treated cohort and period has its own effect, cohorts and periods (or absorbed units) their own levels; the
effects are averaged by the treated rows behind them, with one covariance for the average, the cohorts and the event
study (Wooldridge 2021, 2023; checked against the printed output of the R package etwfe).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inference.estimators.binary import derivatives, risks, scoring
from analysis.inference.estimators.cells import (
    MIN_EVENTS,
    Cells,
    cell_codes,
    choose_pooling,
    collapse,
    make_cells,
    reference,
)
from analysis.inference.estimators.fits import FEW_ARM, interval, ran_away
from analysis.inference.estimators.fitted import Fitted, Paths
from analysis.inference.estimators.ranks import ranked_columns
from analysis.inference.estimators.sandwich import (
    Regression,
    cluster_regression,
    demean,
    solve,
)
from analysis.inference.record import Point
from analysis.inference.sample import Sample, independent_columns

EXACT = 1e-9  # errors below this share of the outcome's range are those of the machine


@dataclass(frozen=True)
class Matrix:
    """The regressors of a staggered design: x (n by k), which columns are effects, and the label of each of those.

    ``own``: n numbers, which label is a row's own, -1 for none.
    """

    cells: Cells
    x: np.ndarray
    effects: np.ndarray
    labels: tuple[str, ...]
    own: np.ndarray


def fit_staggered(sample: Sample, *, with_paths: bool = True) -> Fitted:
    """The average effect on the treated in the design's unit, its event study (``with_paths``), cohorts and periods.

    A yes/no outcome with a logit whose cells are too thin is pooled, at last fitted linearly; ``note`` says so.
    """
    design = sample.design
    cells = make_cells(sample)
    problem = problem_with(cells) or (few_events(cells) if design.link != "identity" else "")
    if problem:
        return Fitted(np.nan, np.nan, np.nan, problem=problem)
    link, pooling = design.link, "cell"
    if link != "identity":
        pooling = choose_pooling(cells, with_leads=False)
        link = link if pooling else "identity"
    note = {"cell": "", "": "linear"}.get(pooling, f"pooled_{pooling}")
    has_leads = design.comparison == "never"
    matrix = make_matrix(cells, has_leads, pooling or "cell", bool(design.absorb))
    if problem := unidentified(matrix, bool(design.absorb)):
        return Fitted(np.nan, np.nan, np.nan, problem=problem)
    fit = fit_matrix(matrix, link)
    if fit.problem:
        return Fitted(np.nan, np.nan, np.nan, problem=fit.problem)
    found = summarise(matrix, fit, link, design.scale)
    if not found.std_error > EXACT * design.scale * float(np.ptp(cells.y)):
        return Fitted(np.nan, np.nan, np.nan, problem="no_variation")
    paths = event_study(cells, link, bool(design.absorb)) if with_paths else None
    return replace(found, note=note, paths=paths)


def few_events(cells: Cells) -> str:
    """Whether leavers or stayers are so few in all rows together that no cell could have its five."""
    events = float((cells.y * cells.count).sum())
    fewest = min(events, float(cells.count.sum()) - events)
    return "separation" if fewest < MIN_EVENTS else ""


def problem_with(cells: Cells) -> str:
    """Why nothing can be fitted, as a key of wording.toml; empty if something can."""
    treated = cells.is_treated
    if not treated.any():
        return "no_treated"
    if treated.all() or not (~np.isfinite(cells.cohort) | (cells.time < cells.cohort)).any():
        return "no_control"
    if np.ptp(cells.y) == 0:
        return "constant_outcome"
    has_control = all((~treated & (cells.time == t)).any() for t in np.unique(cells.time[treated]))
    return "" if has_control else "no_control"


def make_matrix(cells: Cells, with_leads: bool, pooling: str, is_absorbed: bool) -> Matrix:
    """Effects of cells, cohorts (unless units are absorbed), periods, and covariates with all their interactions.

    What all the others say already is left out, effects before anything else: an effect that stood in for a level or
    a trend that was left out would be that level. A cell's own effect that is left out has no label.
    """
    codes, names = cell_codes(cells, with_leads, pooling)
    own = (codes[:, None] == np.arange(len(names))).astype(float)
    periods = dummies(cells.time)
    cohort = np.empty((len(cells.y), 0)) if is_absorbed else dummies(cells.cohort)
    const = np.empty((len(cells.y), 0)) if is_absorbed else np.ones((len(cells.y), 1))
    extra, moved = covariate_blocks(cells, own, periods)
    x = np.hstack([own, moved, const, periods, cohort, extra])
    if is_absorbed:
        x = without_units(x, cells)
    n_effects = own.shape[1] + moved.shape[1]
    is_own = np.arange(own.shape[1])
    after = np.isin(is_own, codes[cells.is_treated])
    plain = np.arange(n_effects, x.shape[1])
    blocks = (plain, is_own[~after], is_own[after], np.arange(own.shape[1], n_effects))
    keep = ranked_columns(x, blocks)
    is_effect = np.array([i < n_effects for i in keep])
    kept = [i for i in keep if i < len(names)]
    place = np.full(len(names) + 1, -1)  # the last one for rows without a label
    place[kept] = np.arange(len(kept))
    return Matrix(cells, x[:, keep], is_effect, tuple(names[i] for i in kept), place[codes])


def without_units(x: np.ndarray, cells: Cells) -> np.ndarray:
    """N by k values less their unit's mean; exactly zero where nothing but the machine's error is left."""
    found = demean(x, cells.weight, cells.unit)
    is_left = np.linalg.norm(found, axis=0) > EXACT * np.linalg.norm(x, axis=0)
    return np.where(is_left, found, 0.0)


def unidentified(matrix: Matrix, is_absorbed: bool) -> str:
    """Why the effects cannot be told from all else, as a key of wording.toml; empty if they can."""
    cells = matrix.cells
    n_absorbed = len(np.unique(cells.unit)) if is_absorbed else 0
    if cells.n_rows < matrix.x.shape[1] + n_absorbed + 2:
        return "too_few"
    return "blocked_singularity" if (matrix.own[cells.is_treated] < 0).any() else ""


def covariate_blocks(
    cells: Cells, own: np.ndarray, periods: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Covariates with periods and cohorts, and effects with covariates less their cohort's mean: n by many each."""
    c = cells.covariates
    if not c.shape[1]:
        return np.empty((len(c), 0)), np.empty((len(c), 0))
    _, code = np.unique(cells.cohort, return_inverse=True)
    centred = demean(c, cells.weight, code)
    sides = [c] + [
        c * side[:, [j]] for side in (periods, dummies(cells.cohort)) for j in range(side.shape[1])
    ]
    moved = [centred * own[:, [j]] for j in range(own.shape[1])]
    return np.hstack(sides), np.hstack(moved)


def dummies(values: np.ndarray) -> np.ndarray:
    """0/1 columns for all values but the first: n by levels less one."""
    levels = np.unique(values)[1:]
    return (values[:, None] == levels[None, :]).astype(float)


def fit_matrix(matrix: Matrix, link: str) -> Regression:
    """Least squares or a binomial model on the collapsed rows, errors by cluster."""
    cells, x = matrix.cells, matrix.x
    if link == "identity":
        is_absorbed = bool(cells.unit.any())
        y = demean(cells.y[:, None], cells.weight, cells.unit)[:, 0] if is_absorbed else cells.y
        beta = solve(x, y, cells.weight)
        residual = cells.weight * (y - x @ beta)
        return cluster_regression(x, beta, cells.weight, residual, cells.cluster, cells.n_rows)
    return fit_binomial(matrix, link)


def fit_binomial(matrix: Matrix, link: str) -> Regression:
    """Maximum likelihood on shares with their counts as weights, guarded against separation."""
    cells, x = matrix.cells, matrix.x
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        beta, _, settled = scoring(x, cells.y, cells.weight, link, (cells.y + 0.5) / 2)
    residual, curvature = derivatives(x @ beta, cells.y, cells.weight, link)
    fit = cluster_regression(
        x, beta, curvature, residual, cells.cluster, cells.n_rows,
        problem="" if settled else "not_converged",
    )  # fmt: skip
    spread = np.sqrt(np.clip(np.diag(fit.cov), 0, None))
    is_wild = any(ran_away(fit.beta[i], spread[i]) for i in np.flatnonzero(matrix.effects))
    return replace(fit, problem="separation") if is_wild and settled else fit


def summarise(matrix: Matrix, fit: Regression, link: str, scale: float) -> Fitted:
    """The average over all treated rows with its errors, and the same by periods since the start, cohort and period."""
    cells, df = matrix.cells, fit.n_clusters - 1
    wide = replace(
        fit, cov=fit.cov_jackknife
    )  # a cohort is a few clusters: the sandwich is too narrow
    value, gradient, risks = average(matrix, fit.beta, link, cells.is_treated)
    moved = fit.jackknife - fit.beta
    ratio = log_error = None
    if link != "identity" and risks is not None:
        p1, g1, p0, g0 = risks
        ratio, log_gradient = p1 / p0, g1 / p1 - g0 / p0
        log_error = float(np.sqrt(log_gradient @ fit.cov @ log_gradient))
    return Fitted(
        value=scale * value,
        std_error=scale * spread_of(gradient, fit.cov),
        df=float(df),
        n_clusters=fit.n_clusters,
        std_error_jackknife=scale * spread_of(gradient, fit.cov_jackknife),
        jackknife=scale * (value + moved @ gradient),
        clusters=pd.unique(cells.cluster),
        ratio=ratio,
        log_ratio_error=log_error,
        series={
            "event_study": points(matrix, fit, link, scale, cells.since, least=FEW_ARM),
            "cohorts": points(matrix, wide, link, scale, cells.cohort, least=FEW_ARM),
            "calendar": points(matrix, fit, link, scale, cells.time),
        },
    )


def spread_of(gradient: np.ndarray, cov: np.ndarray) -> float:
    """Delta-method standard error of one linear combination."""
    return float(np.sqrt(max(gradient @ cov @ gradient, 0.0)))


def average(
    matrix: Matrix, beta: np.ndarray, link: str, rows: np.ndarray
) -> tuple[float, np.ndarray, tuple[float, np.ndarray, float, np.ndarray] | None]:
    """The mean effect over some treated rows, its gradient (k), and for shares the two risks with theirs."""
    weight = matrix.cells.weight[rows]
    x1 = matrix.x[rows]
    x0 = x1.copy()
    x0[:, matrix.effects] = 0.0
    if link == "identity":
        gradient = np.average(effects_of(matrix, rows), axis=0, weights=weight)
        return float(gradient @ beta), gradient, None
    p1, g1 = mean_share(x1, beta, link, weight)
    p0, g0 = mean_share(x0, beta, link, weight)
    return p1 - p0, g1 - g0, (p1, g1, p0, g0)


def effects_of(matrix: Matrix, rows: np.ndarray) -> np.ndarray:
    """Which effects stand in which row (rows by k), by their labels: columns may have had their units taken out."""
    out = np.zeros((int(rows.sum()), matrix.x.shape[1]))
    plain = matrix.x if not matrix.cells.unit.any() else None
    if plain is not None:
        out[:, matrix.effects] = plain[rows][:, matrix.effects]
        return out
    own = matrix.own[rows][:, None] == np.arange(len(matrix.labels))
    out[:, np.flatnonzero(matrix.effects)[: own.shape[1]]] = own
    return out


def mean_share(
    x: np.ndarray, beta: np.ndarray, link: str, weight: np.ndarray
) -> tuple[float, np.ndarray]:
    """The mean predicted share of some rows and its gradient (k)."""
    share, slope = risks(x @ beta, link)
    return float(np.average(share, weights=weight)), (weight * slope) @ x / weight.sum()


def points(
    matrix: Matrix, fit: Regression, link: str, scale: float, by: np.ndarray, least: int = 0
) -> tuple[Point, ...]:
    """The mean effect for each value of ``by`` among the treated rows, with its interval from ``least`` clusters on."""
    cells, found = matrix.cells, []
    for value in np.unique(by[cells.is_treated]):
        rows = cells.is_treated & (by == value)
        effect, gradient, _ = average(matrix, fit.beta, link, rows)
        if len(np.unique(cells.cluster[rows])) < least:
            n = int(cells.count[rows].sum())
            found.append(Point(f"{value:g}", scale * effect, n=n))
            continue
        error = scale * spread_of(gradient, fit.cov)
        low, high = interval(scale * effect, error, fit.n_clusters - 1)
        n = int(cells.count[rows].sum())
        found.append(Point(f"{value:g}", scale * effect, error, low, high, n))
    return tuple(found)


def event_study(cells: Cells, link: str, is_absorbed: bool) -> Paths | None:
    """Leads and lags against the last period before the start, on the link's scale; None without leads that are known.

    Those never exposed are the controls. A cell too thin for a logit is pooled over cohorts, then left linear.
    """
    since = cells.since
    leads = np.isfinite(since) & (since < reference(cells))
    if not leads.any() or not np.isinf(cells.cohort).any():
        return None
    pooling = "cell"
    if link != "identity":
        pooling = choose_pooling(cells, with_leads=True)
        link, pooling = (
            (link, pooling) if pooling in ("cell", "event_time") else ("identity", "cell")
        )
    matrix = make_matrix(cells, True, pooling, is_absorbed and link == "identity")
    shown = cells.is_treated | leads
    if unidentified(matrix, is_absorbed and link == "identity") or (matrix.own[shown] < 0).any():
        return None
    fit = fit_matrix(matrix, link)
    return None if fit.problem else paths_of(matrix, fit, link)


def paths_of(matrix: Matrix, fit: Regression, link: str) -> Paths:
    """The coefficients of cells averaged by periods since the start, weighted by the treated rows behind them."""
    cells = matrix.cells
    has_own, n_own = matrix.own >= 0, len(matrix.labels)
    size = np.bincount(matrix.own[has_own], cells.weight[has_own], n_own)
    since = np.zeros(n_own)
    since[matrix.own[has_own]] = cells.since[has_own]  # the same in all rows of a label
    times = sorted({int(s) for s in since})
    columns = np.flatnonzero(matrix.effects)[:n_own]
    gradient = np.zeros((len(times), matrix.x.shape[1]))
    for i, time in enumerate(times):
        mine = since == time
        gradient[i, columns[mine]] = size[mine] / size[mine].sum()
    return Paths(
        times=tuple(times),
        beta=gradient @ fit.beta,
        cov=gradient @ fit.cov @ gradient.T,
        cov_jackknife=gradient @ fit.cov_jackknife @ gradient.T,
        slope=slope_before(cells, link),
        weights=np.array([size[since == t].sum() for t in times]),
        n_clusters=np.array([len(np.unique(cells.cluster[cells.since == t])) for t in times]),
    )


def slope_before(cells: Cells, link: str) -> float:
    """How far a share moves with the link's predictor, at the share of those who will be exposed, before they are."""
    if link == "identity":
        return 1.0
    before = np.isfinite(cells.since) & (cells.since < 0)
    share = float(np.average(cells.y[before], weights=cells.weight[before]))
    inside = np.clip(share, 1e-12, 1 - 1e-12)
    return float(inside * (1 - inside) if link == "logit" else -(1 - inside) * np.log(1 - inside))


def linear_form(
    cells: Cells, is_absorbed: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A least-squares form whose first coefficient is the average effect: x (n by k), y, weights and clusters.

    Effects c_j with shares w_j become their sum and the columns c_j - (w_j / w_1) c_1, which leave the average alone.
    """
    matrix = make_matrix(cells, False, "cell", is_absorbed)
    rows = cells.is_treated
    share = np.average(effects_of(matrix, rows), axis=0, weights=cells.weight[rows])
    own = np.flatnonzero(matrix.effects)
    c, w = matrix.x[:, own], share[own]
    rest = matrix.x[:, ~matrix.effects]
    turned = c[:, 1:] - c[:, [0]] * (w[1:] / w[0])
    y = demean(cells.y[:, None], cells.weight, cells.unit)[:, 0] if is_absorbed else cells.y
    return np.hstack([c.sum(axis=1, keepdims=True), turned, rest]), y, cells.weight, cells.cluster


def statistic_of_labels(cells: Cells) -> Callable[[np.ndarray], float]:
    """The linear estimate as a function of other start periods: a label per cluster code, 0 for never.

    0 where a deal exposes no row. Cells are collapsed to cluster and period, and periods are taken out once (Frisch
    and Waugh 1933, Econometrica 1), so that each of a thousand lots costs a small solve.
    """
    plain = replace(cells, cohort=np.zeros(len(cells.y)), unit=cells.cluster)
    whole = collapse(replace(plain, covariates=cells.covariates[:, :0]))
    root = np.sqrt(whole.weight)
    periods = demean(dummies(whole.time), whole.weight, whole.unit) * root[:, None]
    basis = np.linalg.qr(periods[:, independent_columns(periods)])[0]

    def outside(values: np.ndarray) -> np.ndarray:
        moved = demean(values, whole.weight, whole.unit) * root[:, None]
        return moved - basis @ (basis.T @ moved)

    outcome = outside(whole.y[:, None])[:, 0]
    _, period = np.unique(whole.time, return_inverse=True)

    def statistic(labels: np.ndarray) -> float:
        start = labels[whole.cluster]
        treated = (start > 0) & (whole.time >= start)
        if not treated.any():  # a deal to units that had left by then: none of its effect was seen
            return 0.0
        cohort = np.unique(labels, return_inverse=True)[1][whole.cluster]
        _, code = np.unique((cohort * len(period) + period)[treated], return_inverse=True)
        own = np.zeros((len(start), int(code.max(initial=-1)) + 1))
        own[treated, code] = 1.0
        beta = np.linalg.lstsq(outside(own), outcome, rcond=None)[0]
        return float(np.average(beta[code], weights=whole.weight[treated]))

    return statistic
