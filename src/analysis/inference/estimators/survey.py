"""E5, description: the mean of a questionnaire's answers with its interval, by the survey library.

Taylor linearisation with schools as sampling units (Binder 1983, International Statistical Review 51; Lumley 2010,
Complex Surveys, ch. 2), or the survey's own replicate weights. Raked weights count as fixed unless the margins they
were raked to are named: that is never too narrow by more than chance, for margins can only take variance away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.replicates import open_replicates
from analysis.inference.record import Check
from analysis.inference.sample import Sample

if TYPE_CHECKING:
    import svy


def fit_mean(sample: Sample, frame_size: int | None = None) -> Fitted:
    """The (weighted) mean of ``y`` in the design's unit, for ``Design(kind="mean")``.

    ``cluster``: sampling units; ``strata``: columns they were drawn in; ``fixed``: margins that the weights were
    raked to, whose part of the variance is then taken away (Deville and Sarndal 1992, JASA 87). With
    ``replicate_prefix`` the replicate weights tell the variance instead. ``frame_size``: how many sampling units
    there are in all, for the finite-population correction; without it none is made.
    ``problem``: ``one_cluster``, ``no_variation``.
    """
    n_clusters = len(np.unique(sample.groups))
    if n_clusters < 2:
        return Fitted(np.nan, np.nan, 0.0, n_clusters, problem="one_cluster")
    row = mean_row(sample, frame_size, effect=False)
    scale, moved = sample.design.scale, leave_one_out_means(sample)
    value, std_error = float(row["est"]), float(row["se"])
    is_usable = bool(np.isfinite(std_error) and std_error > 0)
    g = len(moved)
    return Fitted(
        value=scale * value,
        std_error=scale * std_error,
        df=float(row["df"]),
        n_clusters=n_clusters,
        std_error_jackknife=scale * float(np.sqrt((g - 1) / g * ((moved - value) ** 2).sum())),
        jackknife=scale * moved,
        problem="" if is_usable else "no_variation",
    )


def mean_row(sample: Sample, frame_size: int | None, effect: bool) -> dict[str, float]:
    """The survey library's row for the mean: ``est``, ``se``, ``df``, and ``deff`` if asked for.

    The design effect compares with draws of single answers with replacement, which needs no population size: the
    weights have mean 1 and do not add up to the population.
    """
    reference = "wr" if effect else None
    if sample.design.replicate_prefix:
        data = open_replicates(sample, {"outcome": sample.y})
        found = data.estimation.mean("outcome", method="replication", deff=reference)
    else:
        data = open_design(sample, frame_size)
        found = data.estimation.mean("outcome", method="taylor", deff=reference)
    rows: list[dict[str, float]] = found.to_polars().to_dicts()
    return rows[0]


def open_design(sample: Sample, frame_size: int | None = None) -> svy.Sample:
    """The answers with weight, sampling unit, strata and margins, ready for the survey library."""
    import polars as pl  # both slow to import, and needed by surveys only
    import svy
    from svy.core.design import WgtAdjustment

    design, rows = sample.design, sample.rows
    columns: dict[str, object] = {
        "outcome": sample.y, "weight": weight_of(sample), "unit": sample.groups,
        "start": np.ones(len(sample.y)),
    }  # fmt: skip
    columns |= {f"stratum_{c}": rows[c].astype(str).to_list() for c in design.strata}
    columns |= {f"margin_{c}": rows[c].astype(str).to_list() for c in design.fixed}
    columns |= {"frame": np.full(len(sample.y), float(frame_size))} if frame_size else {}
    raked = WgtAdjustment(
        kind="raking", prev_wgt="start", new_wgt="weight",
        cells=tuple(f"margin_{c}" for c in design.fixed),
    )  # fmt: skip
    plan = svy.Design(
        wgt="weight",
        psu="unit",
        stratum=tuple(f"stratum_{c}" for c in design.strata) or None,
        pop_size="frame" if frame_size else None,
        wgt_adjustment=raked if design.fixed else None,
        singleton="center"
        if design.strata
        else None,  # a stratum of one unit about the mean of all
    )
    return svy.Sample(pl.DataFrame(columns), plan)


def weight_of(sample: Sample) -> np.ndarray:
    """N weights, all 1 where the design names none."""
    name = sample.design.weights
    return sample.rows[name].to_numpy(dtype=float) if name else np.ones(len(sample.y))


def leave_one_out_means(sample: Sample) -> np.ndarray:
    """G weighted means that leave one cluster out, in the outcome's own numbers, in the order of the cluster codes."""
    weight = weight_of(sample)
    totals = np.bincount(sample.groups, weights=weight * sample.y)
    sizes = np.bincount(sample.groups, weights=weight)
    return np.asarray((totals.sum() - totals) / (sizes.sum() - sizes))


def design_effect_check(sample: Sample) -> Check:
    """How much wider than for independent answers the variance is, and to how many of those the answers amount.

    Kish (1965), Survey Sampling, ch. 8.2: n answers tell as much as n / deff. Printed, never a gate.
    """
    value = float(mean_row(sample, None, effect=True).get("deff", np.nan))
    if not (np.isfinite(value) and value > 0):  # the library gives none with replicate weights
        return Check("design_effect", None, "not_run", detail="no variation")
    equivalent = min(len(sample.y) / value, float(len(sample.y)))
    return Check(
        "design_effect", value, "pass", detail=f"equivalent independent answers {equivalent:.0f}"
    )
