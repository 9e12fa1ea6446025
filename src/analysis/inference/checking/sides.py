"""How many clusters stand on each side of a comparison, and which error that leaves for its interval."""

from __future__ import annotations

import numpy as np

from analysis.inference.checking.clusters import MIN_TOTAL, cluster_check, needs_jackknife
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.record import Check
from analysis.inference.sample import Sample

OWN_ERRORS = {"replicate": "replicate", "mean": "taylor", "oaxaca": "bootstrap"}


def sides_of(sample: Sample) -> tuple[int, int, int]:
    """Clusters that are ever exposed, clusters of the other side, and all: a policy's cluster is on one side only."""
    groups, exposed = sample.groups, sample.is_exposed
    ever = np.unique(groups[exposed])
    other = np.unique(groups[~exposed])
    if sample.design.kind == "staggered":
        other = np.unique(groups[is_never(sample)])
    return len(ever), len(other), len(np.unique(groups))


def is_never(sample: Sample) -> np.ndarray:
    """N booleans: rows of units that are exposed in no period of the data."""
    start = sample.rows[sample.design.first_treated].to_numpy(float)
    last = sample.rows[sample.design.time].max() if len(sample.rows) else 0
    return np.isnan(start) | (start <= 0) | (start > last)


def smallest_cohort(sample: Sample) -> int | None:
    """Clusters of the smallest group that starts together; None unless units start in different periods."""
    if sample.design.kind != "staggered" or not sample.is_exposed.any():
        return None
    rows = sample.rows[sample.is_exposed]
    codes = sample.groups[sample.is_exposed]
    start = rows[sample.design.first_treated].to_numpy(float)
    return min(len(np.unique(codes[start == s])) for s in np.unique(start))


def sides_check(sample: Sample) -> Check:
    """The check on clusters of a sample's design; without clusters rows are the units."""
    if sample.design.kind == "mean":  # a level has one side
        return cluster_check(*(len(np.unique(sample.groups)),) * 3)
    is_lot = sample.design.assignment == "lot"
    return cluster_check(*sides_of(sample), smallest_cohort(sample), is_lot)


def uses_jackknife(sample: Sample) -> bool:
    """Whether clusters are so few that CRV3 takes the place of CRV1."""
    return needs_jackknife(*sides_of(sample), smallest_cohort(sample))


def error_of(sample: Sample, fitted: Fitted) -> tuple[str, float]:
    """Which standard error an interval rests on: CRV3 where clusters are few, else CRV1; without clusters HC1.

    Few counts the clusters that were used, too: a fit may leave out those that say nothing. A slope has no sides.
    """
    design = sample.design
    if design.kind in OWN_ERRORS:
        return OWN_ERRORS[design.kind], fitted.std_error
    if not design.cluster or design.errors != "cluster":
        return ("classical" if design.errors == "classical" else "HC1"), fitted.std_error
    is_few = fitted.n_clusters < MIN_TOTAL or (has_sides(sample) and uses_jackknife(sample))
    if fitted.std_error_jackknife is not None and is_few:
        return "CRV3", fitted.std_error_jackknife
    return "CRV1", fitted.std_error


def has_sides(sample: Sample) -> bool:
    """Whether the treatment is 0 and 1 and not a quantity."""
    return bool(np.isin(sample.x[:, 1], (0, 1)).all())
