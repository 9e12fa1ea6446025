"""The same rows under other designs: each is fitted anew from its own complete cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from analysis.inference.checking.sides import uses_jackknife
from analysis.inference.design import Design, missing_columns
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard import fit_hazard, fit_hazards
from analysis.inference.sample import Sample, draw_sample

FitKind = Callable[[Sample], Fitted]


def refit_all(sample: Sample, variants: Mapping[str, Design], fit: FitKind) -> dict[str, Fitted]:
    """The fit of each variant by its id; those that cannot be fitted carry their problem.

    Hazards are fitted together, since most of their work is the same; a specification's jackknife is made only where
    clusters are so few that its interval rests on it.
    """
    drawn = list(redraw_all(sample, variants))
    fits: Callable[[Iterable[Sample]], Iterable[Fitted]] = partial(map, fit)
    if fit is fit_hazard:
        fits = partial(fit_hazards, with_jackknife=uses_jackknife(sample))
    found = dict(zip((n for n, _ in drawn), fits(s for _, s in drawn), strict=True))
    return {name: found[name] for name in variants if name in found}


def redraw_all(sample: Sample, variants: Mapping[str, Design]) -> Iterator[tuple[str, Sample]]:
    """The id and the sample of each variant that can be fitted; those with the same columns share rows and matrix."""
    alike: dict[Design, list[str]] = {}
    for name, design in variants.items():
        alike.setdefault(replace(design, method="", link="identity", target="att"), []).append(name)
    for names in alike.values():
        drawn = redraw(sample, variants[names[0]])
        if drawn is not None:
            yield from ((name, replace(drawn, design=variants[name])) for name in names)


def redraw(sample: Sample, design: Design | None) -> Sample | None:
    """The sample of one other design on the sample's rows; None without a design or where nothing varies."""
    if design is None or any(missing_columns(sample.rows, design)):
        return None
    other = draw_sample(sample.rows, design)
    if len(other.y) < other.x.shape[1] + 2 or np.ptp(other.y) == 0:
        return None
    t = other.is_treated
    return None if t.all() or not t.any() else other


def refit_one(sample: Sample, design: Design | None, fit: FitKind) -> Fitted | None:
    """The fit of one other design on the sample's rows; None without a design or where nothing varies."""
    other = redraw(sample, design)
    return None if other is None else fit(other)
