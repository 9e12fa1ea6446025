"""The diagnostics an estimate must carry: each an object with a value, a verdict, and what it cost.

Thresholds are those of the project's method reference; see docs/decisions for the ones chosen here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
import statsmodels.api as sm

from analysis.inference.effects import Effect
from analysis.inference.fits import Fit, interval
from analysis.inference.record import Check
from analysis.inference.sample import Sample

MDE_FACTOR = 2.8  # 80 % power at the 5 % level, two-sided: 1.96 + 0.84
BALANCE_FINE, BALANCE_FAILS = 0.05, 0.25  # What Works Clearinghouse, standardised differences
MIN_OVERLAP = 0.95
MAX_MISSING_GAP = 0.05


def order_check(sample: Sample) -> Check:
    """The share of exposed rows whose exposure was complete before the outcome could begin; below 1 blocks.

    Exposure without a date cannot be ordered: a caution that caps at C.
    """
    day, closes = (
        sample.design.treatment.replace("exposed_", f"{k}_", 1) for k in ("day", "closes")
    )
    rows = sample.rows[sample.is_treated]
    if day not in rows or closes not in rows:
        return Check("exposure_before_outcome", None, "caution", cap="C", detail="undated")
    in_time = (rows[day] <= rows[closes]).fillna(False)
    share = float(in_time.mean())
    is_fine = share == 1
    return Check(
        "exposure_before_outcome", share, "pass" if is_fine else "fail", blocks=not is_fine
    )


def cluster_check(sample: Sample) -> Check:
    """Clusters of the smaller arm, k: below 2 no sentence, 2 to 5 cannot be told, up to 14 only by jackknife."""
    k = min(arm_clusters(sample))
    total = len(np.unique(sample.groups))
    detail = f"G={total}, k={k}"
    if k <= 1:
        return Check("clusters", k, "fail", blocks=True, detail=detail)
    if k <= 5:
        return Check("clusters", k, "fail", cap="D", detail=detail)
    return Check("clusters", k, "pass" if k >= 15 and total >= 30 else "caution", detail=detail)


def arm_clusters(sample: Sample) -> tuple[int, int]:
    """Number of clusters that are ever treated, and of clusters that never are (of control rows if all are)."""
    ever = np.unique(sample.groups[sample.is_treated])
    never = np.setdiff1d(np.unique(sample.groups), ever)
    if sample.design.is_policy:
        return len(ever), len(never)
    return len(ever), len(np.unique(sample.groups[~sample.is_treated]))


def needs_jackknife(sample: Sample) -> bool:
    """Whether few clusters demand the cluster jackknife (CRV3) instead of the sandwich (CRV1)."""
    return min(arm_clusters(sample)) < 15 or len(np.unique(sample.groups)) < 30


def agreement_check(effect: Effect, fit: Fit) -> Check:
    """Whether sandwich and jackknife intervals agree on excluding zero; one step if they do not."""
    sides = []
    for cov in (fit.cov, fit.cov_jackknife):
        low, high = interval(effect.value, effect.std_error(cov), fit.n_clusters - 1)
        sides.append(low > 0 or high < 0)
    ratio = effect.std_error(fit.cov_jackknife) / effect.std_error(fit.cov)
    agrees = sides[0] == sides[1]
    return Check("jackknife_agrees", ratio, "pass" if agrees else "fail", steps=0 if agrees else 1)


def influence_check(effect: Effect, fit: Fit, std_error: float) -> Check:
    """The largest move when one school is left out, in standard errors; one step if above 1."""
    moves = (fit.jackknife - fit.beta) @ effect.gradient
    largest = float(np.abs(moves).max() / std_error)
    return Check(
        "leave_one_out", largest, "fail" if largest > 1 else "pass", steps=int(largest > 1)
    )


def balance_check(sample: Sample) -> Check:
    """The largest standardised difference between the arms over the covariates; above 0.25 caps at D."""
    x = sample.x[:, 2:]
    if x.shape[1] == 0:
        return Check("balance", None, "not_run", cap="D", detail="no covariate")
    t = sample.is_treated
    spread = np.sqrt((x[t].var(axis=0) + x[~t].var(axis=0)) / 2)
    gap = np.abs(x[t].mean(axis=0) - x[~t].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    worst = int(np.argmax(gap))
    value, detail = float(gap[worst]), sample.names[2 + worst]
    if value > BALANCE_FAILS:
        return Check("balance", value, "fail", cap="D", detail=detail)
    return Check("balance", value, "pass" if value <= BALANCE_FINE else "caution", detail=detail)


def overlap_check(sample: Sample) -> Check:
    """The share of treated rows whose propensity lies inside the controls' range; below 95 % caps at D."""
    if sample.x.shape[1] <= 2:
        return Check("overlap", None, "not_run", cap="D", detail="no covariate")
    x = np.delete(sample.x, 1, axis=1)
    model = sm.GLM(sample.x[:, 1], x, family=sm.families.Binomial())
    score = np.asarray(model.fit(maxiter=50).fittedvalues)
    t = sample.is_treated
    inside = (score[t] >= score[~t].min()) & (score[t] <= score[~t].max())
    share = float(inside.mean())
    is_fine = share >= MIN_OVERLAP
    return Check("overlap", share, "pass" if is_fine else "fail", cap=None if is_fine else "D")


def missing_check(frame: pd.DataFrame, outcome: str, treatment: str) -> Check:
    """The difference between the arms in the share whose outcome is missing; above 5 points costs one step."""
    known = frame[frame[treatment].notna()]
    rates = known[outcome].isna().groupby(known[treatment]).mean()
    if len(rates) < 2:
        return Check("missingness", None, "not_run", steps=1, detail="one arm")
    gap = float(rates.max() - rates.min())
    is_fine = gap <= MAX_MISSING_GAP
    return Check("missingness", gap, "pass" if is_fine else "fail", steps=0 if is_fine else 1)


def robustness_check(effect: Effect, std_error: float, df: float, strongest: float) -> Check:
    """Robustness value (Cinelli and Hazlett 2020, JRSS B 82): how strong a hidden cause would have to be.

    Compared with the partial R2 of the strongest observed covariate; one step if that one would do.
    """
    f = abs(effect.value / std_error) / math.sqrt(df)
    value = 0.5 * (math.sqrt(f**4 + 4 * f**2) - f**2)
    is_fine = value > strongest
    detail = f"strongest observed {strongest:.3f}"
    return Check(
        "robustness_value",
        value,
        "pass" if is_fine else "caution",
        steps=0 if is_fine else 1,
        detail=detail,
    )


def strongest_covariate(sample: Sample) -> float:
    """The largest of the covariates' partial R2 with the treatment, for comparison with the robustness value."""
    x = sample.x[:, [0, *range(2, sample.x.shape[1])]]
    if x.shape[1] <= 1:
        return 0.0
    result = sm.OLS(sample.x[:, 1], x).fit()
    t2 = np.asarray(result.tvalues)[1:] ** 2
    return float((t2 / (t2 + result.df_resid)).max())


def e_value_check(ratio: float, near_limit: float) -> Check:
    """E-value of the ratio's limit nearest to 1 (VanderWeele and Ding 2017): 1 if the interval reaches 1."""
    reached = (ratio - 1) * (near_limit - 1) <= 0
    r = max(near_limit, 1 / near_limit)
    value = 1.0 if reached else r + math.sqrt(r * (r - 1))
    return Check("e_value", value, "pass" if value > 1.25 else "caution")


def separation_check(fit: Fit, sample: Sample) -> Check:
    """Whether the fit can be used: converged, bounded, and with events and non-events in both arms."""
    t = sample.is_treated
    cells = [int(sample.y[a].sum()) for a in (t, ~t)] + [
        int((1 - sample.y[a]).sum()) for a in (t, ~t)
    ]
    problem = fit.problem or ("empty_cell" if min(cells) == 0 else "")
    return Check(
        "separation",
        min(cells),
        "fail" if problem else "pass",
        blocks=bool(problem),
        detail=problem,
    )


def mde_check(std_error: float) -> Check:
    """The smallest effect that would have been seen with 80 % power; printed, never a gate."""
    return Check("mde", MDE_FACTOR * std_error, "pass")


def size_check(n: int) -> Check:
    """Fewer than 30 persons in an arm is a clue, never more."""
    return Check("base", n, "pass" if n >= 30 else "fail", cap=None if n >= 30 else "D")


def not_yet(names: Iterable[str]) -> tuple[Check, ...]:
    """Checks a quasi-experimental grade would need and that this version does not run: each caps at C."""
    return tuple(Check(name, None, "not_run", cap="C") for name in names)
