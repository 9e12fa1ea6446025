"""How strong an unmeasured cause would have to be, held against the strongest of those that were measured.

Scores: the robustness value and the bounds of Cinelli and Hazlett (2020, JRSS B 82, sections 4.2 and 4.4). Risks:
the E-value (VanderWeele and Ding 2017, Annals 167) and the bounding factor (Ding and VanderWeele 2016, Epidemiology
27). Each says what a cause as strong as the strongest observed covariate would leave of the estimate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.inference.estimators.aipw_rows import change_sample
from analysis.inference.estimators.fits import interval
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.sandwich import solve
from analysis.inference.record import Check
from analysis.inference.sample import Sample

MIN_EVENTS = 5  # on either side of a split before its ratio is used as a benchmark


@dataclass(frozen=True)
class Benchmark:
    """A covariate's partial R2 with the treatment (``with_d``) and with the outcome (``with_y``), given the others."""

    name: str
    with_d: float
    with_y: float


@dataclass(frozen=True)
class Line:
    """The treatment's least-squares coefficient beside the estimate: value, classical error, degrees of freedom."""

    estimate: float
    std_error: float
    df: int


def robustness_check(sample: Sample, fitted: Fitted, std_error: float = 0.0) -> Check:
    """The robustness value, and what a cause 1 x and 2 x as strong as the strongest covariate would leave.

    One step if an interval that leaves zero out would no longer do so under 1 x; nothing is lost where it covers zero
    already. ``std_error``: of the interval in use, by default the fit's own.
    """
    error, sample = std_error or fitted.std_error, change_sample(sample)
    line, marks = ordinary_line(sample), benchmarks(sample)
    t, scale = line.estimate / line.std_error, sample.design.scale
    value = robustness_value(t, line.df)
    if not marks:
        return Check("robustness_value", value, "caution", steps=1, detail="no covariate")
    shown, left = [], []
    for times in (1, 2):
        name, strength = strongest(marks, line, times)
        rest, low, high = adjusted(fitted.value, error, fitted.df, *strength, line, scale)
        shown.append(f"{times}x {name}: {rest:.4g} ({low:.4g} to {high:.4g})")
        left.append((low, high))
    wider = error / (scale * line.std_error)
    alpha = robustness_value(t, line.df, level=0.05, wider=wider)
    detail = "; ".join([f"to lose the interval {alpha:.3f}", *shown])
    is_clear = excludes_zero(interval(fitted.value, error, fitted.df))
    if is_clear and not excludes_zero(left[0]):
        return Check("robustness_value", value, "fail", steps=1, detail=detail)
    return Check("robustness_value", value, "pass" if is_clear else "caution", detail=detail)


def excludes_zero(found: tuple[float, float]) -> bool:
    """Whether an interval leaves zero out."""
    return found[0] > 0 or found[1] < 0


def strongest(marks: list[Benchmark], line: Line, times: float) -> tuple[str, tuple[float, float]]:
    """The covariate whose multiple would bias most: its name and the partial R2 of such a cause with both."""
    worst = max(marks, key=lambda m: bias_of(line, *confounder(m, times)))
    return worst.name, confounder(worst, times)


def robustness_value(t: float, df: float, level: float | None = None, wider: float = 1.0) -> float:
    """The partial R2 with treatment and outcome alike that brings the estimate to zero.

    With ``level``: that brings its interval to zero; ``wider``: the interval's error by the classical one.
    """
    f = abs(t) / math.sqrt(df)
    if level is not None:
        f = max(0.0, f - wider * stats.t.isf(level / 2, df - 1) / math.sqrt(df - 1))
    return 0.5 * (math.sqrt(f**4 + 4 * f**2) - f**2)


def ordinary_line(sample: Sample) -> Line:
    """Least squares of the outcome on the treatment and all covariates, with the classical error."""
    w = prior_weights(sample)
    beta = solve(sample.x, sample.y, w)
    df = len(sample.y) - sample.x.shape[1]
    variance = float(w @ (sample.y - sample.x @ beta) ** 2) / df
    bread = np.linalg.pinv((sample.x * w[:, None]).T @ sample.x)
    return Line(float(beta[1]), math.sqrt(variance * bread[1, 1]), df)


def prior_weights(sample: Sample) -> np.ndarray:
    """The survey's weights with mean 1, or ones: n numbers."""
    name = sample.design.weights
    w = sample.rows[name].to_numpy(dtype=float) if name else np.ones(len(sample.y))
    return w / w.mean()


def benchmarks(sample: Sample) -> list[Benchmark]:
    """Every covariate (levels and squares together, fixed effects left out) with its two partial R2."""
    d, x, w = sample.x[:, 1], np.delete(sample.x, 1, axis=1), prior_weights(sample)
    whole = residual_sum(x, d, w), residual_sum(sample.x, sample.y, w)
    found = []
    for name, columns in covariate_columns(sample).items():
        rest = residual_sum(np.delete(x, np.array(columns) - 1, axis=1), d, w)
        both = residual_sum(np.delete(sample.x, columns, axis=1), sample.y, w)
        found.append(Benchmark(name, 1 - whole[0] / rest, 1 - whole[1] / both))
    return found


def residual_sum(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> float:
    """The weighted sum of squared residuals of y (n) on x (n by k)."""
    return float(weight @ (y - x @ solve(x, y, weight)) ** 2)


def covariate_columns(sample: Sample) -> dict[str, list[int]]:
    """The columns of the matrix that belong to each covariate: its value, square and levels."""
    names = sorted(sample.design.controls + sample.design.linear, key=len, reverse=True)
    found: dict[str, list[int]] = {}
    for at, column in enumerate(sample.names[2:], start=2):
        owner = next(
            (n for n in names if column in (n, f"{n}^2") or column.startswith(f"{n}_")), ""
        )
        if owner:
            found.setdefault(owner, []).append(at)
    return found


def confounder(mark: Benchmark, times: float) -> tuple[float, float]:
    """The greatest partial R2 with treatment and outcome of a cause ``times`` as strong as a covariate."""
    d, y = mark.with_d, mark.with_y
    with_d = min(times * d / (1 - d), 0.9999)
    shared = min(times * d**2 / ((1 - min(times * d, 0.9999)) * (1 - d)), 0.9999)
    eta = (math.sqrt(times) + math.sqrt(shared)) / math.sqrt(1 - shared)
    return with_d, min(eta**2 * y / (1 - y), 1.0)


def bias_of(line: Line, with_d: float, with_y: float) -> float:
    """What a cause of this strength adds to a least-squares coefficient: se x sqrt(df x R2y R2d / (1 - R2d))."""
    return line.std_error * math.sqrt(line.df * with_y * with_d / (1 - with_d))


def adjusted(
    value: float,
    std_error: float,
    df: float,
    with_d: float,
    with_y: float,
    line: Line,
    scale: float = 1.0,
) -> tuple[float, float, float]:
    """Estimate and 95 % interval once such a cause is taken out, against the estimate's own sign.

    The bias is that of the regression beside the estimate; the error changes as least squares' does.
    """
    left = abs(value) - scale * bias_of(line, with_d, with_y)
    shrink = (1 - with_y) / (1 - with_d) * line.df / (line.df - 1)
    low, high = interval(left, std_error * math.sqrt(max(shrink, 0.0)), df - 1)
    return (left, low, high) if value >= 0 else (-left, -high, -low)


def e_value_check(fitted: Fitted, sample: Sample | None = None, widening: float = 1.0) -> Check:
    """The E-value of the ratio's limit nearest to 1, held against the strongest split of an observed covariate.

    One step if an interval that leaves 1 out would reach it under a cause whose two risk ratios are those of the
    strongest split. ``widening``: the error in use by the fit's own (CRV3 by CRV1).
    """
    if fitted.ratio is None or fitted.log_ratio_error is None:
        return Check("e_value", None, "not_run", steps=1, detail="no ratio")
    at = math.log(fitted.ratio)
    low, high = interval(at, widening * fitted.log_ratio_error, fitted.df)
    nearest = max(low, -high, 0.0)  # the logarithm of the limit, turned to the side above 1
    value = e_value(math.exp(nearest))
    marks = list(risk_benchmarks(sample)) if sample is not None else []
    name, factor = max(marks, key=lambda m: m[1], default=("", 1.0))
    is_killed = nearest > 0 and math.log(factor) >= nearest
    detail = f"strongest observed {name} {factor:.3f}" if name else "no covariate"
    if is_killed:
        return Check("e_value", value, "fail", steps=1, detail=detail)
    return Check("e_value", value, "pass" if nearest > 0 else "caution", detail=detail)


def e_value(ratio: float) -> float:
    """The least risk ratio with treatment and outcome alike that explains a ratio away: RR + sqrt(RR (RR - 1))."""
    r = max(ratio, 1 / ratio)
    return r + math.sqrt(r * (r - 1))


def risk_benchmarks(sample: Sample) -> Iterator[tuple[str, float]]:
    """For each covariate column split in two (0/1, or at its median): its name and its bounding factor.

    Splits with fewer than five events or five non-events on a side say too little and are left out.
    """
    w = prior_weights(sample)
    own = [i for columns in covariate_columns(sample).values() for i in columns]
    for at in own:
        if sample.names[at].endswith("^2"):
            continue
        split = split_in_two(sample.x[:, at])
        kind = 4 * split + 2 * (sample.y == 1) + sample.is_treated
        cells = np.bincount(kind, minlength=8).reshape(2, 2, 2)  # by side, outcome, exposure
        if cells.min() > 0 and cells.sum(axis=2).min() >= MIN_EVENTS:
            yield sample.names[at], bounding_factor(split, sample.y, sample.is_treated, w)


def split_in_two(column: np.ndarray) -> np.ndarray:
    """N booleans: above the lower of two values, or above the median of more."""
    low = column.min()
    has_more = bool(((column != low) & (column != column.max())).any())
    return np.asarray(column > (np.median(column) if has_more else low))


def bounding_factor(
    split: np.ndarray, y: np.ndarray, treated: np.ndarray, weight: np.ndarray
) -> float:
    """How much a split of the rows can move a risk ratio: RR1 RR2 / (RR1 + RR2 - 1); n booleans and numbers.

    RR1: how much more common one side is among the exposed; RR2: the risk of one side by the other's, with the
    exposed and the others taken together by their sizes (Mantel and Haenszel 1959).
    """
    shares = [np.average(split[a], weights=weight[a]) for a in (treated, ~treated)]
    with_d = max(far(shares[0] / shares[1]), far((1 - shares[0]) / (1 - shares[1])))
    top = bottom = 0.0
    for arm in (treated, ~treated):
        one, zero = (arm & split), (arm & ~split)
        n1, n0 = weight[one].sum(), weight[zero].sum()
        top += weight[one] @ y[one] * n0 / (n1 + n0)
        bottom += weight[zero] @ y[zero] * n1 / (n1 + n0)
    with_y = far(top / bottom)
    return float(with_d * with_y / (with_d + with_y - 1))


def far(ratio: float) -> float:
    """A ratio turned to the side above 1."""
    return max(ratio, 1 / ratio)
