"""Does the finding stand with one cluster, date, outcome or choice changed: sizes and verdicts, never signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from scipy import stats

from analysis.inference.checking.clusters import LEVEL, one_step
from analysis.inference.checking.differences import MAX_MOVE, is_near
from analysis.inference.estimators.fits import p_value
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.record import Check, Point

MIN_SPECIFICATIONS = 12
MIN_NEAR = 0.75  # share of specifications within one standard error of the headline
EMPTY: Mapping[str, float] = MappingProxyType({})


def influence_check(fitted: Fitted, std_error: float, df: float) -> Check:
    """The largest move when one cluster is left out, in standard errors; one step if above 1.

    Also one step if an interval on one side of zero would then lie on the other side.
    """
    if len(fitted.jackknife) == 0:
        return Check("leave_one_out", None, "not_run", detail="no clusters")
    without = fitted.jackknife
    if not np.isfinite(without).all() or not std_error > 0:
        return one_step("leave_one_out", None, False, "not estimable without one cluster")
    largest = float(np.abs(without - fitted.value).max() / std_error)
    detail = "opposite direction" if turns_round(fitted.value, without, std_error, df) else ""
    return one_step("leave_one_out", largest, largest <= MAX_MOVE and not detail, detail)


def turns_round(value: float, others: np.ndarray, std_error: float, df: float) -> bool:
    """Whether ``value`` has a direction and one of ``others``, with the same error, has the opposite one."""
    half = float(stats.t.ppf(1 - LEVEL / 2, df)) * std_error
    return abs(value) > half and bool((np.sign(value) * others < -half).any())


def placebo_check(
    name: str,
    fitted: Fitted | None,
    *,
    is_few: bool = False,
    reason: str = "",
    applies: bool = True,
) -> Check:
    """Where nothing can be, the 95 % interval must cover zero, else one step; value is the p, detail the estimate.

    ``name``: ``placebo_date`` or ``placebo_outcome``; ``is_few``: the interval rests on CRV3. Without a fit ``reason``
    says why; a placebo that the design does not have (``applies`` False) costs nothing, one that failed to run a step.
    """
    if fitted is None or fitted.problem:
        why = reason or (fitted.problem if fitted else "")
        return Check(name, None, "not_run", steps=int(applies), detail=why)
    wide = fitted.std_error_jackknife
    std_error = wide if is_few and wide is not None else fitted.std_error
    p = p_value(fitted.value, std_error, fitted.df)
    detail = f"estimate {fitted.value:.3g}"
    return one_step(name, p, p >= LEVEL, detail)


def curve_points(results: Mapping[str, Fitted], *, is_few: bool = False) -> tuple[Point, ...]:
    """One point per specification that ran, from the smallest estimate to the largest; its id is the label."""
    usable = {k: f for k, f in results.items() if not f.problem and np.isfinite(f.value)}
    return tuple(
        _curve_point(name, fitted, is_few)
        for name, fitted in sorted(usable.items(), key=lambda item: (item[1].value, item[0]))
    )


def _curve_point(name: str, fitted: Fitted, is_few: bool) -> Point:
    """A specification's estimate with its 95 % interval, by CRV3 where clusters are few."""
    wide = fitted.std_error_jackknife
    error = wide if is_few and wide is not None else fitted.std_error
    half = float(stats.t.ppf(1 - LEVEL / 2, fitted.df)) * error
    return Point(name, fitted.value, error, fitted.value - half, fitted.value + half)


def curve_check(
    points: Sequence[Point],
    main_value: float,
    main_se: float,
    *,
    df: float = 1.0,
    gap_errors: Mapping[str, float] = EMPTY,
) -> Check:
    """The share of specifications within one standard error of the headline; one step below 75 %.

    One is also counted in if it is no further off than chance puts it (``gap_errors`` by id, with ``df`` degrees of
    freedom). The detail gives number, median and spread. Fewer than 12 that ran are no curve: not run, at most grade C.
    """
    usable = [p for p in points if p.estimate is not None]
    values = np.array([p.estimate for p in usable], dtype=float)
    if len(values) < MIN_SPECIFICATIONS or not main_se > 0:
        return Check("specification_curve", None, "not_run", cap="C", detail=f"n={len(values)}")
    errors = [gap_errors.get(p.label, 0.0) for p in usable]
    near = [is_near(v - main_value, main_se, e, df) for v, e in zip(values, errors, strict=True)]
    share = float(np.mean(near))
    spread = f"n={len(values)}, median={np.median(values):.3g}, from {values.min():.3g} to {values.max():.3g}"
    return one_step("specification_curve", share, share >= MIN_NEAR, spread)


def bundle_check(concurrent: Sequence[str]) -> Check:
    """Whether other programmes start on the same units at the same time: then the sentence is of the bundle."""
    others = ", ".join(concurrent)
    return Check("concurrent", len(concurrent), "caution" if others else "pass", detail=others)
