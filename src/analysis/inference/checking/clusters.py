"""How many units carry an estimate, and whether its interval survives there being few of them.

CRV1: the sandwich by cluster, t with G-1 degrees of freedom. CRV3: the cluster jackknife (MacKinnon, Nielsen and
Webb 2023, J. Econometrics 232). Why k counts all treated clusters of a staggered programme: docs/decisions/0013.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.inference.estimators.fits import FEW_ARM, by_content
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.sandwich import by_cluster
from analysis.inference.record import Check

# Clusters of the smaller arm, and of both: from here the sandwich alone will do.
MIN_ARM, MIN_TOTAL = 15, 30
LEVEL = 0.05
REPETITIONS, SEED = 999, 20251
NOUGHT = 1e-10  # share of a column below which its sum in a cluster is rounding
WEBB_BELOW = 12  # with fewer clusters two signs give too few different samples
WEBB = np.sqrt([0.5, 1.0, 1.5])


def cluster_check(
    n_treated: int,
    n_control: int,
    total: int,
    smallest_cohort: int | None = None,
    is_lot: bool = False,
) -> Check:
    """Clusters of the smaller arm, k: below 2 no sentence, 2 to 5 cannot be told, up to 14 only by jackknife.

    ``n_treated`` counts all ever-treated clusters, whatever their cohort; a ``smallest_cohort`` below 15 alone asks
    for the jackknife, and one of a single cluster, which has no error of its own, counts as too few unless k is 15.
    ``is_lot``: the units were drawn inside strata, so that few of them still have a randomisation p.
    """
    k = min(n_treated, n_control)
    detail = f"G={total}, k={k}"
    if smallest_cohort is not None:
        detail += f", smallest cohort={smallest_cohort}"
    if k <= 1:
        return Check("clusters", k, "fail", blocks=True, detail=detail)
    is_alone = smallest_cohort == 1 and k < MIN_ARM
    if (k < FEW_ARM or is_alone) and not is_lot:
        return Check("clusters", k, "fail", cap="D", detail=detail)
    is_few = needs_jackknife(n_treated, n_control, total, smallest_cohort)
    return Check("clusters", k, "caution" if is_few else "pass", detail=detail)


def needs_jackknife(
    n_treated: int, n_control: int, total: int, smallest_cohort: int | None = None
) -> bool:
    """Whether few clusters, in an arm, in both or in one cohort, demand CRV3 instead of CRV1."""
    smallest = min(n_treated, n_control, MIN_ARM if smallest_cohort is None else smallest_cohort)
    return smallest < MIN_ARM or total < MIN_TOTAL


def one_step(
    name: str, value: float | None, is_fine: bool, detail: str = "", steps: int = 1
) -> Check:
    """A check that passes, or fails and costs ``steps`` (one, unless another line has paid already)."""
    if is_fine:
        return Check(name, value, "pass", detail=detail)
    return Check(name, value, "fail", steps=steps, detail=detail)


def excludes_zero(value: float, std_error: float, df: float) -> bool:
    """Whether the two-sided 95 % t interval leaves zero outside."""
    return abs(value) > float(stats.t.ppf(1 - LEVEL / 2, df)) * std_error


def jackknife_check(fitted: Fitted) -> Check:
    """Whether CRV1 and CRV3 agree on excluding zero, with their ratio; one step if not.

    Without clusters there is nothing to leave out; an effect that stands on one cluster has no CRV3 and fails.
    """
    name = "jackknife_agrees"
    if fitted.n_clusters == 0:
        return Check(name, None, "not_run", detail="no clusters")
    wide = fitted.std_error_jackknife
    if wide is None or not np.isfinite(wide):
        return one_step(name, None, False, "not estimable without one cluster")
    narrow = excludes_zero(fitted.value, fitted.std_error, fitted.df)
    agrees = narrow == excludes_zero(fitted.value, wide, fitted.df)
    ratio = wide / fitted.std_error if fitted.std_error > 0 else None
    return one_step(name, ratio, agrees)


def assignment_cluster(
    rows: pd.DataFrame, treatment: str, cluster: str, wider: str, time: str = ""
) -> str:
    """The column in which exposure was given out: ``wider`` if no two clusters of a wider unit ever differ.

    When all schools of a district start together, the district was treated and not the school. ``treatment`` is 0/1
    by row (then ``time`` names the period) or the first period exposed, missing for those never exposed.
    """
    if not wider or wider == cluster or wider not in rows:
        return cluster
    inside = [c for c in (wider, time) if c]
    differs = rows.groupby(inside, dropna=False)[treatment].nunique(dropna=False).max() > 1
    holds_several = rows.groupby(wider)[cluster].nunique().max() > 1
    whole = rows.groupby(time)[treatment] if time else rows.groupby(np.zeros(len(rows)))[treatment]
    is_contrast = whole.nunique(dropna=False).max() > 1
    return wider if is_contrast and holds_several and not differs else cluster


def wild_bootstrap(
    x: np.ndarray,
    y: np.ndarray,
    groups: np.ndarray,
    column: int = 1,
    weights: np.ndarray | None = None,
    repetitions: int = REPETITIONS,
    seed: int = SEED,
) -> float:
    """Two-sided p of one coefficient by the wild cluster bootstrap with the null imposed (WCR).

    Cameron, Gelbach and Miller 2008, Rev. Econ. Stat. 90; signs by Rademacher, below 12 clusters by Webb's six points
    (Webb 2023, Can. J. Econ. 56). ``x`` n by k, also after fixed effects were taken out; ``groups`` n labels.
    """
    places = content_places(x[:, column], y, groups, weights)
    signs = multipliers(int(places.max()) + 1, repetitions, seed)
    found, drawn = wild_statistics(x, y, places, signs, column, weights)
    return (1 + int(np.sum(np.abs(drawn) >= abs(found) * (1 - 1e-10)))) / (repetitions + 1)


def content_places(
    z: np.ndarray, y: np.ndarray, groups: np.ndarray, weights: np.ndarray | None
) -> np.ndarray:
    """The place of each row's cluster (0, 1, ...) in an order that neither its name nor the order of rows decides.

    By size, then by sums of the outcome ``y``, of the column ``z`` (n each), and of their squares and product.
    """
    names, codes = np.unique(groups, return_inverse=True)
    w = np.ones(len(y)) if weights is None else weights
    columns = np.column_stack([np.ones(len(y)), w, w * y, w * z, w * y * y, w * y * z, w * z * z])
    sums = by_cluster(columns, codes, len(names))
    sums[np.abs(sums) < NOUGHT * np.abs(columns).sum(axis=0)] = 0.0  # what a level taken out leaves
    place = np.argsort(by_content(sums))
    return np.asarray(place[codes])


def multipliers(n_groups: int, repetitions: int, seed: int) -> np.ndarray:
    """G by B random signs, mean 0 and variance 1: Rademacher, or Webb's six points where G is small."""
    rng = np.random.default_rng(seed)
    shape = (n_groups, repetitions)
    signs = rng.choice([-1.0, 1.0], size=shape)
    return signs * rng.choice(WEBB, size=shape) if n_groups < WEBB_BELOW else signs


def wild_statistics(
    x: np.ndarray,
    y: np.ndarray,
    groups: np.ndarray,
    signs: np.ndarray,
    column: int = 1,
    weights: np.ndarray | None = None,
) -> tuple[float, np.ndarray]:
    """The t of one coefficient and the B of samples with residuals under the null times ``signs`` (G by B).

    Every sample needs only sums by cluster: b* = s'v / z'z and scores v s - z'W (W'W)^-1 W'u v - z'z b*, where z is
    the column cleared of the others (W) and u the residual without it (Roodman and others 2019, Stata J. 19). The
    factor for few clusters is left out of both sides.
    """
    root = np.ones(len(y)) if weights is None else np.sqrt(weights)
    others = np.delete(x, column, axis=1) * root[:, None]
    solve = np.linalg.pinv(others)
    z, u = (v - others @ (solve @ v) for v in (x[:, column] * root, y * root))
    names, codes = np.unique(groups, return_inverse=True)
    parts = np.column_stack([z * u, z * z]), z[:, None] * others, u[:, None] * others
    sums, across, pull = (by_cluster(p, codes, len(names)) for p in parts)
    score, own = sums.T
    cross = across @ (solve @ solve.T)
    tried = np.column_stack([np.ones(len(score)), signs])
    top = score @ tried
    left = score[:, None] * tried - cross @ (pull.T @ tried) - np.outer(own, top / own.sum())
    t = top / np.sqrt((left**2).sum(axis=0))
    return float(t[0]), t[1:]


def wild_check(p: float | None, fitted: Fitted, jackknife: Check | None = None) -> Check:
    """Whether the wild bootstrap's p says at 5 % what the CRV3 interval says; one step if not.

    One step for both lines: if ``jackknife`` (the check of CRV1 against CRV3) has cost it, this one costs nothing.
    ``p`` None: the model is not linear, or there are clusters enough.
    """
    if p is None:
        return Check("wild_bootstrap", None, "not_run", detail="not asked for")
    std_error = fitted.std_error_jackknife or fitted.std_error
    agrees = (p < LEVEL) == excludes_zero(fitted.value, std_error, fitted.df)
    is_paid = jackknife is not None and jackknife.steps > 0
    return one_step("wild_bootstrap", p, agrees, steps=int(not is_paid))
