"""The cells of a staggered design: who starts when, collapsed to the sums that the fit needs.

A cell is a cohort (units with the same first exposed period) in one period. Extended two-way fixed effects give each
treated cell its own effect (Wooldridge 2021, "Two-way fixed effects, the two-way Mundlak regression, and
difference-in-differences estimators"; 2023, The Econometrics Journal 26).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inference.sample import Sample

NEVER = np.inf
MAX_CODE = 2**62
MIN_EVENTS = 5  # leavers and stayers a cell of a yes/no outcome needs to stand alone


@dataclass(frozen=True)
class Cells:
    """The rows of a staggered design, collapsed where nothing but cohort, period, cluster and unit matters.

    n rows: ``y`` (mean outcome), ``weight`` (sum of weights), ``count`` (rows behind), ``cohort`` (first exposed
    period, infinite for never), ``time``, ``cluster`` and ``unit`` (integer codes), ``covariates`` (n by c).
    ``n_rows``: rows before collapsing; ``n_always``: rows of units exposed in every period, which say nothing.
    """

    y: np.ndarray
    weight: np.ndarray
    count: np.ndarray
    cohort: np.ndarray
    time: np.ndarray
    cluster: np.ndarray
    unit: np.ndarray
    covariates: np.ndarray
    n_rows: int
    n_always: int = 0

    @property
    def since(self) -> np.ndarray:
        """Periods since the start; minus infinity for those never exposed."""
        return self.time - self.cohort

    @property
    def is_treated(self) -> np.ndarray:
        """N booleans: exposed in this period."""
        return self.time >= self.cohort

    def at(self, keep: np.ndarray) -> Cells:
        """Only some of the rows."""
        names = ("y", "weight", "count", "cohort", "time", "cluster", "unit", "covariates")
        return replace(self, **{name: getattr(self, name)[keep] for name in names})


def make_cells(sample: Sample) -> Cells:
    """The cells of a sample; units exposed in all their cohort's periods are left out and counted."""
    design, rows = sample.design, sample.rows
    weight = rows[design.weights].to_numpy(float) if design.weights else np.ones(len(rows))
    plain = Cells(
        y=sample.y,
        weight=weight,
        count=np.ones(len(rows)),
        cohort=cohorts(sample),
        time=rows[design.time].to_numpy(float),
        cluster=sample.groups,
        unit=unit_codes(sample),
        covariates=sample.x[:, 2:],
        n_rows=len(rows),
    )
    return collapse(without_always(plain))


def unit_codes(sample: Sample) -> np.ndarray:
    """N integer codes of what is absorbed, zeros without."""
    design = sample.design
    if not design.absorb:
        return np.zeros(len(sample.y), dtype=int)
    if design.absorb == design.cluster:
        return sample.groups
    return pd.factorize(sample.rows[design.absorb])[0]


def cohorts(sample: Sample) -> np.ndarray:
    """The first exposed period of each row's unit; infinite where missing, zero, or after the last period."""
    start = pd.to_numeric(sample.rows[sample.design.first_treated]).to_numpy(float)
    last = sample.rows[sample.design.time].max()
    return np.where(np.isnan(start) | (start <= 0) | (start > last), NEVER, start)


def without_always(cells: Cells) -> Cells:
    """The cells without cohorts that have no period before their start."""
    first = cells.time.min() if len(cells.time) else 0.0
    codes, starts = pd.factorize(cells.cohort)
    begins = np.full(len(starts), np.inf)
    np.minimum.at(begins, codes, cells.time)
    has_before = np.isinf(starts) | (begins < starts)
    keep = has_before[codes] & (cells.cohort > first)
    return cells if keep.all() else replace(cells.at(keep), n_always=int((~keep).sum()))


def collapse(cells: Cells) -> Cells:
    """One row per cluster, unit, cohort, period and covariates, if that makes fewer rows; sums are all a fit needs.

    Coefficients and sums by cluster are the same as on the rows themselves, since all regressors are equal inside.
    """
    if not len(cells.y):
        return cells
    code, first = same_rows(cells)
    if len(first) > 0.5 * len(code):
        return cells
    weight = np.bincount(code, cells.weight)
    return replace(
        cells.at(first),
        y=np.bincount(code, cells.weight * cells.y) / weight,
        weight=weight,
        count=np.bincount(code, cells.count),
    )


def same_rows(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    """A code per row that is equal where all regressors are, and the first row of each code."""
    keys = [cells.cluster, cells.cohort, cells.time, *cells.covariates.T]
    if not np.array_equal(cells.unit, cells.cluster):
        keys.append(cells.unit)
    code: np.ndarray = np.zeros(len(cells.y), dtype=np.int64)
    size = 1  # how many codes there could be: they are renumbered before the next key would pass 64 bits
    for key in keys:
        step, found = pd.factorize(key)
        if size * len(found) >= MAX_CODE:
            code, known = pd.factorize(code)
            size = len(known)
        code, size = code * len(found) + step, size * len(found)
    code = pd.factorize(code)[0]
    return code, np.flatnonzero(~pd.Series(code).duplicated().to_numpy())


def cell_codes(cells: Cells, with_leads: bool, pooling: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """The label of each row's own effect: n numbers, -1 for none, into the sorted labels.

    Rows that have none are untreated, or in the period before the start. ``pooling``: "cell" (cohort and period),
    "event_time" (periods since the start) or "post" (one for all after it). With leads every period but the last one
    before the start has its own.
    """
    since = cells.since
    own = cells.is_treated
    if with_leads:
        own = own | (np.isfinite(since) & (since < reference(cells)))
    cohort, time = (pd.factorize(v[own]) for v in (cells.cohort, cells.time))
    pair, pairs = pd.factorize(cohort[0] * len(time[1]) + time[0])
    labels = [
        _label(cohort[1][p // len(time[1])], time[1][p % len(time[1])], pooling) for p in pairs
    ]
    names = tuple(sorted(set(labels)))
    codes = np.full(len(since), -1)
    codes[own] = np.array([names.index(label) for label in labels], dtype=int)[pair]
    return codes, names


def _label(cohort: float, time: float, pooling: str) -> str:
    """The name of one effect."""
    since = time - cohort
    if pooling == "cell":
        return f"{cohort:g}@{time:g}"
    return f"{since:g}" if pooling == "event_time" or since < 0 else "post"


def reference(cells: Cells) -> np.ndarray:
    """Periods since the start of each row's reference: the last period of its cohort before the start."""
    found = np.full(len(cells.time), -1.0)
    for g in np.unique(cells.cohort[np.isfinite(cells.cohort)]):
        mine = cells.cohort == g
        before = cells.time[mine & (cells.time < g)]
        found[mine] = before.max() - g if len(before) else -1.0
    return found


def choose_pooling(cells: Cells, with_leads: bool) -> str:
    """The finest pooling at which every effect has enough leavers and stayers; empty if none has.

    Fixed before outcomes are compared: cohort and period, then periods since the start, then one effect after it.
    """
    for pooling in ("cell", "event_time", "post"):
        codes, names = cell_codes(cells, with_leads, pooling)
        own = codes >= 0
        events, sizes = (
            np.bincount(codes[own], values[own], len(names))
            for values in (cells.y * cells.count, cells.count)
        )
        fewest = np.minimum(events, sizes - events)
        if len(fewest) and float(fewest.min()) >= MIN_EVENTS:
            return pooling
    return ""
