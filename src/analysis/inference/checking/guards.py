"""Fits that must not be read: separated, not converged, singular, or of an outcome that never varies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.inference.estimators.fits import ran_away
from analysis.inference.record import Check
from analysis.inference.sample import Sample, design_matrix

TOLERANCE = 1e-9  # of a column's length that the other columns may leave unexplained


def separation_check(
    y: np.ndarray,
    is_treated: np.ndarray,
    coefficients: np.ndarray,
    std_errors: np.ndarray,
    problem: str = "",
) -> Check:
    """Whether a 0/1 model can be read: converged, no |coefficient| > 10, no error > 5, no empty cell; else no sentence.

    Value: rows in the smallest of the four cells treatment by outcome. Libraries no longer raise on separation: they
    print huge coefficients and say converged (Albert and Anderson 1984, Biometrika 71). Pass the coefficients that
    carry the effect; ``problem`` is the fit's own.
    """
    smallest = smallest_cell(y, is_treated)
    found = problem or ("empty_cell" if smallest == 0 else runaway(coefficients, std_errors))
    return Check("separation", smallest, "fail" if found else "pass", blocks=bool(found), detail=found)  # fmt: skip


def smallest_cell(y: np.ndarray, is_treated: np.ndarray) -> int:
    """Rows in the smallest of the four cells of treatment by a 0/1 outcome."""
    event = np.asarray(y) == 1
    arms = (is_treated, ~is_treated)
    return min(int((arm & side).sum()) for arm in arms for side in (event, ~event))


def runaway(coefficients: np.ndarray, std_errors: np.ndarray) -> str:
    """``separation`` if a coefficient on the link's scale or its error is beyond what data can say, else empty."""
    pairs = zip(np.atleast_1d(coefficients), np.atleast_1d(std_errors), strict=True)
    return "separation" if any(ran_away(float(b), float(e)) for b, e in pairs) else ""


def singularity_check(sample: Sample) -> Check:
    """The rank of a sample's treatment beside every covariate, also those that its matrix leaves out for saying it."""
    design = sample.design
    present = [c for c in design.controls + design.linear if c not in sample.left_out]
    others = design_matrix(sample.rows, replace(design, treatment=""), present)[0]
    return rank_check(np.column_stack([others, sample.x[:, 1]]), sample.y, column=-1)


def rank_check(x: np.ndarray, y: np.ndarray, column: int = 1) -> Check:
    """Whether there is anything to estimate: an outcome that varies, and a treatment the other columns do not say.

    Value: the share of the treatment column's length (n by k ``x``) that the others leave over; none: no sentence.
    """
    share = share_left(x, column)
    problem = constant_problem(y) or ("" if share > TOLERANCE else "collinear")
    return Check("singularity", share, "fail" if problem else "pass", blocks=bool(problem), detail=problem)  # fmt: skip


def share_left(x: np.ndarray, column: int = 1) -> float:
    """The share of a column's length that least squares on the other columns leaves over; 0 for a column of zeros."""
    others, own = np.delete(x, column, axis=1), x[:, column]
    rest = own - others @ np.linalg.lstsq(others, own, rcond=None)[0]
    length = float(np.linalg.norm(own))
    return float(np.linalg.norm(rest)) / length if length > 0 else 0.0


def constant_problem(y: np.ndarray) -> str:
    """``constant_outcome`` if all n outcomes are the same, else empty."""
    return "constant_outcome" if len(y) == 0 or np.ptp(y) == 0 else ""
