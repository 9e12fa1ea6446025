"""Whether a second estimator says the same, and what weights plain two-way fixed effects would have used."""

from __future__ import annotations

import math

import numpy as np

from analysis.inference.checking.differences import is_near
from analysis.inference.estimators.cells import Cells
from analysis.inference.estimators.fits import interval
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.sandwich import demean, solve
from analysis.inference.record import Check, Estimate

NEGATIVE = -1e-9


def agreement_check(
    main: Fitted, second: Fitted, record: Estimate, *, gap_error: float = 0.0
) -> Check:
    """How far the second estimator moves the estimate, in the main one's standard errors; above 1 costs one step.

    Unless chance alone puts the two so far apart (``gap_error``, the standard error of their difference): two sound
    estimators of one thing differ too. One step as well for a second interval that excludes zero on the other side
    than the reported one (signs of estimates that cannot be told from zero say nothing), and for a second estimator
    that could not be fitted, since nothing is known then.
    """
    std_error = record.std_error or main.std_error
    if second.problem or not math.isfinite(second.value) or not std_error > 0:
        return Check("estimator_agreement", None, "not_run", steps=1, detail=second.problem)
    move = abs(second.value - main.value) / std_error
    is_turned = direction(record.ci_low, record.ci_high) * fitted_direction(second) < 0
    is_fine = is_near(second.value - main.value, std_error, gap_error, main.df) and not is_turned
    detail = f"second={second.value:.4g} ({second.std_error:.3g}), apart by chance {gap_error:.3g}"
    return Check(
        "estimator_agreement",
        move,
        "pass" if is_fine else "fail",
        steps=0 if is_fine else 1,
        detail=detail + ("; other side of 0" if is_turned else ""),
    )


def direction(low: float | None, high: float | None) -> int:
    """1 if an interval lies above zero, -1 below, 0 if it covers zero or is not there."""
    if low is None or high is None:
        return 0
    return int(low > 0) - int(high < 0)


def fitted_direction(fitted: Fitted) -> int:
    """The same for an estimate's own t interval."""
    if not fitted.std_error > 0:
        return 0
    return direction(*interval(fitted.value, fitted.std_error, fitted.df))


def twfe_check(cells: Cells) -> Check:
    """The sum of negative weights that plain two-way fixed effects would give treated cells; shown, costs nothing."""
    weights = twfe_weights(cells)
    if not len(weights):
        return Check("twfe_weights", None, "not_run", detail="no variation")
    total = -float(weights[weights < NEGATIVE].sum())
    share = float(np.mean(weights < NEGATIVE))
    detail = f"negative={share:.3f} of treated cells"
    return Check("twfe_weights", total, "caution" if total > 0 else "pass", detail=detail)


def twfe_weights(cells: Cells) -> np.ndarray:
    """Weights (sum 1) of the treated rows' effects in the coefficient of a two-way fixed-effects regression.

    The residual of the exposure on cluster and period effects, times the row's weight (de Chaisemartin and
    D'Haultfoeuille 2020, American Economic Review 110, theorem 1). None if the effects explain the exposure.
    """
    treated = cells.is_treated
    if not treated.any():
        return np.empty(0)
    later = np.unique(cells.time)[1:]
    inside = np.column_stack([treated, cells.time[:, None] == later]).astype(float)
    moved = demean(inside, cells.weight, cells.cluster)
    exposure, periods = moved[:, 0], moved[:, 1:]
    residual = exposure - periods @ solve(periods, exposure, cells.weight)
    weights = (cells.weight * residual)[treated]
    if np.abs(weights).max() <= 1e-9 * cells.weight.max():
        return np.empty(0)
    return weights / weights.sum()
