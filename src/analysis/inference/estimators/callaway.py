"""Second opinion on staggered designs: Callaway and Sant'Anna's doubly robust effects by cohort and period.

Callaway and Sant'Anna 2021 (Journal of Econometrics 225, 200-230), by the library moderndid; errors from its influence
function, summed by cluster. Teachers are first collapsed to means of their cluster and period, so that people may come
and go; what has to be there in every period is the cluster.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import pandas as pd
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from analysis.inference.composition import composed_column
from analysis.inference.design import Design, check_columns
from analysis.inference.estimators.fits import interval
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.record import Point
from analysis.inference.sample import same_text

if TYPE_CHECKING:
    from moderndid.did import AGGTEResult, MPResult

Aggregation = Literal["simple", "group", "dynamic", "calendar"]
SERIES: dict[str, Aggregation] = {
    "event_study": "dynamic",
    "cohorts": "group",
    "calendar": "calendar",
}
NOTE_INCOMPLETE = "complete_units"  # units that miss a period are left out
NOTE_PLAIN = "without_covariates"  # a cohort is too small for the covariates
# What the library says of a cell that it cannot estimate (missing then, and named as a problem here), and of a joint
# test of its own that is not used, and of small cohorts, which have a check of their own.
EXPECTED = (
    r"Overlap condition violated",
    r"Not enough control units",
    r"Singular covariate matrix",
    r"Error in computing 2x2 DiD",
    r"Propensity score estimation did not converge",
    r"(?s)No pre-treatment periods available for the Wald",
    r"Not returning pre-test Wald statistic",
    r"Be aware that there are some small groups",
)


# How the library refuses the whole instead, where those never exposed are fewer than five units and its covariates.
REFUSED = "Never treated group is too small"


@dataclass(frozen=True)
class Units:
    """One row per unit and period: columns ``y``, ``time``, ``unit``, ``first`` (0: never), ``cluster``, ``weight``,
    ``x0``, ``x1`` ...; ``n_incomplete``: units left out because a period is missing.
    """

    rows: pd.DataFrame
    covariates: tuple[str, ...]
    n_incomplete: int = 0


@dataclass(frozen=True)
class GroupTime:
    """Effects by cohort and period, with the cluster (integer code) of each row of the influence function.

    ``names``: what each of those codes is called in the sample, in order of first appearance there.
    """

    result: MPResult
    clusters: np.ndarray
    names: np.ndarray
    scale: float
    note: str

    @property
    def n_clusters(self) -> int:
        """Clusters among the units that are used."""
        return int(self.clusters.max()) + 1


def fit_callaway(frame: pd.DataFrame, design: Design) -> Fitted:
    """The average over cohorts and periods after the start (by cohort size), with its event study, cohorts, periods.

    ``problem`` is a key: no_treated, no_control, few_clusters, or callaway_cells where a cell cannot be estimated.
    DataError if a column is not there.
    """
    found = group_time(frame, design)
    if isinstance(found, str):
        return Fitted(np.nan, np.nan, np.nan, problem=found)
    fitted = aggregate(found, "simple")
    series = {name: points(found, kind) for name, kind in SERIES.items()}
    return replace(fitted, series=series)


def callaway_aggregate(frame: pd.DataFrame, design: Design, kind: Aggregation) -> Fitted:
    """One of the four overall averages: "simple", "group", "dynamic", "calendar"; ``problem`` as in fit_callaway."""
    found = group_time(frame, design)
    if isinstance(found, str):
        return Fitted(np.nan, np.nan, np.nan, problem=found)
    return aggregate(found, kind)


def group_time(frame: pd.DataFrame, design: Design) -> GroupTime | str:
    """Effects by cohort and period, or why there are none."""
    units = collapse(frame, design)
    problem = units_problem(units.rows, design)
    if problem:
        return problem
    note = NOTE_INCOMPLETE if units.n_incomplete else ""
    result = run_library(units, design)
    if units.covariates and (result is None or has_gaps(result)):
        units, note = replace(units, covariates=()), NOTE_PLAIN
        result = run_library(units, design)
    if result is None or has_gaps(result):
        return "callaway_cells"
    one_each = in_library_order(units.rows)
    weights = one_each["weight"].to_numpy()
    codes, names = pd.factorize(one_each["cluster"])
    # The library weighs units inside a cohort, but counts them to weigh cohorts unless it is told the weights again.
    weighted = result._replace(weights_ind=weights / weights.mean())
    return GroupTime(weighted, codes, np.asarray(names), design.scale, note)


def has_gaps(result: MPResult) -> bool:
    """Whether a cell after the start could not be estimated; those before it are only shown."""
    return not np.isfinite(result.att_gt[result.times >= result.groups]).all()


def in_library_order(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per unit in the order of the library's influence function: by cohort, never exposed last, then unit."""
    order = rows.drop_duplicates("unit").assign(
        order=lambda d: d["first"].where(d["first"] > 0, np.inf)
    )
    return order.sort_values(["order", "unit"])


def collapse(frame: pd.DataFrame, design: Design) -> Units:
    """Unit-period means weighted by teachers, of the units that are there in every period.

    Where the start is the same for all of a cluster, the cluster is the unit (people come and go inside it); else the
    design's own unit stays. A unit's weight is its mean number of rows, or sum of weights, over the periods. Units
    exposed in the first period have nothing before and are left out.
    """
    check_columns(frame, design)
    named = _named(frame, design)
    keys = ["unit", "time"]
    means = [c for c in named if c not in ("unit", "time", "weight", "cluster", "first")]
    weighted = named[means].mul(named["weight"], axis=0).assign(**named[[*keys, "weight"]])
    sums = weighted.groupby(keys, sort=True, as_index=False).sum()
    sums[means] = sums[means].div(sums["weight"], axis=0)
    fixed = named.groupby("unit")[["first", "cluster"]].first()
    rows = sums.join(fixed, on="unit")
    rows = rows[(rows["first"] == 0) | (rows["first"] > rows["time"].min())]
    whole = rows.groupby("unit")["time"].transform("size") == rows["time"].nunique()
    kept = rows[whole].assign(weight=lambda d: d.groupby("unit")["weight"].transform("mean"))
    lost = rows["unit"].nunique() - kept["unit"].nunique()
    return Units(kept.reset_index(drop=True), tuple(c for c in means if c != "y"), lost)


def _named(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
    """The design's columns under fixed names, complete cases only; a start after the last period is never."""
    covariates = [
        c
        for c in (*design.linear, *design.controls)
        if c in frame and pd.api.types.is_numeric_dtype(frame[c])
    ]
    first = pd.to_numeric(frame[design.first_treated]).astype(float)
    is_exposed = (first > 0) & (first <= frame[design.time].max())
    out = {
        "y": composed_column(frame, design),
        "time": frame[design.time].astype(int),
        "first": first.where(is_exposed, 0.0),
        "weight": frame[design.weights].astype(float) if design.weights else 1.0,
    }
    out |= {f"x{i}": frame[c].astype(float) for i, c in enumerate(covariates)}
    named = pd.DataFrame(out, index=frame.index)
    own = frame[design.cluster or design.unit_id]
    cluster = same_text(own).where(own.notna())
    is_shared = named["first"].groupby(cluster).nunique().max() == 1
    named["unit"] = pd.factorize(cluster if is_shared else frame[design.unit_id])[0]
    named["cluster"] = pd.factorize(cluster)[0]
    known = named.replace([np.inf, -np.inf], np.nan).notna().all(axis=1)
    return named[known & (named["unit"] >= 0) & (named["cluster"] >= 0) & (named["weight"] > 0)]


def units_problem(rows: pd.DataFrame, design: Design) -> str:
    """Why no effect can be estimated, as a key; empty if one can."""
    if not (rows["first"] > 0).any():
        return "no_treated"
    starts = rows["first"].unique()
    if (starts > 0).all() and (design.comparison == "never" or len(starts) < 2):
        return "no_control"
    if rows["cluster"].nunique() < 2:
        return "few_clusters"
    return ""


def run_library(units: Units, design: Design) -> MPResult | None:
    """The library's effects by cohort and period: doubly robust, against the last period before the start.

    None where the library holds those never exposed for too few; any other refusal of its own is raised. Without
    covariates the outcome regression alone is the same number (checked), at a third of the time.
    """
    from moderndid.did import att_gt  # here: seconds to import, and few runs need it

    formula = "~ " + " + ".join(units.covariates) if units.covariates else None
    rows = units.rows.astype({"first": float, "unit": int})
    work = partial(
        att_gt,
        rows[["y", "time", "unit", "first", "weight", *units.covariates]],
        yname="y",
        tname="time",
        idname="unit",
        gname="first",
        xformla=formula,
        weightsname="weight",
        cband=False,
        control_group="nevertreated" if design.comparison == "never" else "notyettreated",
        base_period="universal",
        est_method="dr" if units.covariates else "reg",
    )
    try:
        return cast("MPResult", _quietly(work))
    except ValueError as refusal:
        if REFUSED not in str(refusal):
            raise
        return None


def _quietly(work: Callable[[], object]) -> object:
    """Run the library without the warnings that are read from its result; any other one is heard."""
    with warnings.catch_warnings():
        for message in EXPECTED:
            warnings.filterwarnings("ignore", message=message, category=UserWarning)
        warnings.filterwarnings("ignore", category=PerfectSeparationWarning)
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        return work()


def aggregate(found: GroupTime, kind: Aggregation) -> Fitted:
    """One overall average in the design's unit, its error by cluster, t with clusters less one.

    What it would be without one cluster is read from the influence function too (one step).
    """
    result = run_aggregation(found, kind)
    influence = np.asarray(result.influence_func_overall, dtype=float)
    value = found.scale * float(result.overall_att)
    shares = np.bincount(found.clusters, weights=influence) / len(influence)
    return Fitted(
        value=value,
        std_error=found.scale * clustered_error(influence, found.clusters),
        jackknife=value - found.scale * shares,
        clusters=found.names,
        df=float(found.n_clusters - 1),
        n_clusters=found.n_clusters,
        note=found.note,
    )


def run_aggregation(found: GroupTime, kind: Aggregation) -> AGGTEResult:
    """The library's average of one kind; cells before the start that it could not estimate are left out."""
    from moderndid.did import aggte

    result = _quietly(lambda: aggte(found.result, type=kind, na_rm=True, cband=False))
    return cast("AGGTEResult", result)


def clustered_error(influence: np.ndarray, clusters: np.ndarray) -> float:
    """Standard error of a mean of n influence values whose sums by cluster are independent."""
    sums = np.bincount(clusters, weights=influence)
    return float(np.sqrt((sums**2).sum()) / len(influence))


def points(found: GroupTime, kind: Aggregation) -> tuple[Point, ...]:
    """One point per event time, cohort or period; the reference period has 0 and no error."""
    result = run_aggregation(found, kind)
    influence = np.asarray(result.influence_func, dtype=float)
    out = []
    for i, (label, effect) in enumerate(zip(result.event_times, result.att_by_event, strict=True)):
        if not np.isfinite(effect):
            continue
        value = found.scale * float(effect)
        if kind == "dynamic" and label == -1:
            out.append(Point("-1", 0.0))
            continue
        error = found.scale * clustered_error(influence[:, i], found.clusters)
        low, high = interval(value, error, found.n_clusters - 1)
        out.append(Point(f"{label:g}", value, error, low, high))
    return tuple(out)
