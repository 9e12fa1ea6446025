"""The same rows under other designs: each is fitted anew from its own complete cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from analysis.inference.design import Design, missing_columns
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.sample import Sample, draw_sample

FitKind = Callable[[Sample], Fitted]


def refit_all(sample: Sample, variants: Mapping[str, Design], fit: FitKind) -> dict[str, Fitted]:
    """The fit of each variant by its id; those that cannot be fitted carry their problem."""
    found = {name: refit_one(sample, design, fit) for name, design in variants.items()}
    return {name: fitted for name, fitted in found.items() if fitted is not None}


def refit_one(sample: Sample, design: Design | None, fit: FitKind) -> Fitted | None:
    """The fit of one other design on the sample's rows; None without a design or where nothing varies."""
    if design is None or any(missing_columns(sample.rows, design)):
        return None
    other = draw_sample(sample.rows, design)
    if len(other.y) < other.x.shape[1] + 2 or np.ptp(other.y) == 0:
        return None
    t = other.is_treated
    if t.all() or not t.any():
        return None
    return fit(other)
