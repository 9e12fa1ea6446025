"""What every estimator hands over, before checks, grade and words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from analysis.inference.record import Point

EMPTY = np.empty(0)


@dataclass(frozen=True)
class Paths:
    """An event study with one reference period: T coefficients on a scale of their own and their covariance (T by T).

    ``times``: periods since the start, the reference (-1) left out; ``weights``: treated rows behind each time;
    ``n_clusters``: treated clusters behind each, where they were counted; ``cov_jackknife``: CRV3 (T by T), for few
    clusters; ``slope``: what turns the coefficients into the outcome's own numbers, at the level before the start.
    """

    times: tuple[int, ...]
    beta: np.ndarray
    cov: np.ndarray
    weights: np.ndarray
    reference: int = -1
    n_clusters: np.ndarray = field(default_factory=lambda: EMPTY)
    cov_jackknife: np.ndarray | None = None
    slope: float = 1.0

    def in_unit(self, scale: float, is_few: bool) -> Paths:
        """The same in the design's unit, at the level before the start (delta method); CRV3 where clusters are few."""
        by = scale * self.slope
        wide = self.cov_jackknife if is_few and self.cov_jackknife is not None else self.cov
        return replace(self, beta=by * self.beta, cov=by**2 * wide, cov_jackknife=None, slope=1.0)


@dataclass(frozen=True)
class Fitted:
    """One effect in the design's unit (points, percentage points) with what its checks need.

    ``std_error``: sandwich by cluster (CRV1), robust without clusters; ``std_error_jackknife``: CRV3.
    ``jackknife``: the G estimates that leave one cluster out, in the order of the sample's cluster codes; ``clusters``:
    those codes (G), where clusters of the sample may be left out of the fit.
    ``weights`` and ``propensity``: n numbers of the rows used (hazard, aipw). ``problem``: why it cannot be used.
    """

    value: float
    std_error: float
    df: float
    n_clusters: int = 0
    std_error_jackknife: float | None = None
    jackknife: np.ndarray = field(default_factory=lambda: EMPTY)
    clusters: np.ndarray = field(default_factory=lambda: EMPTY)
    ratio: float | None = None
    log_ratio_error: float | None = None
    weights: np.ndarray | None = None
    propensity: np.ndarray | None = None
    paths: Paths | None = None
    series: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    problem: str = ""
    note: str = ""  # what was done in place of the first choice: "pooled_event_time", "linear"
