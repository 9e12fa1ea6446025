"""Which checks an estimate of each kind must carry, and running them; one that is missing blocks any sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from analysis.inference.checking.aligned import check_aligned, uncapped
from analysis.inference.checking.balance import missing_check, order_check, size_check
from analysis.inference.checking.clusters import jackknife_check
from analysis.inference.checking.comparability import comparability_checks
from analysis.inference.checking.guards import singularity_check
from analysis.inference.checking.hazards import check_hazard
from analysis.inference.checking.sides import sides_check
from analysis.inference.checking.stability import bundle_check, influence_check
from analysis.inference.checking.staggered import check_staggered
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.survey import design_effect_check
from analysis.inference.record import Check, Estimate, Point
from analysis.inference.sample import Sample

COMMON = (
    "exposure_before_outcome", "clusters", "base", "mde", "jackknife_agrees", "leave_one_out",
    "missingness", "concurrent",
)  # fmt: skip
REQUIRED: dict[str, tuple[str, ...]] = {
    "staggered": (
        *COMMON, "pre_period", "honest_did", "estimator_agreement", "placebo_date",
        "placebo_outcome", "specification_curve", "wild_bootstrap", "randomisation",
    ),
    "hazard": (
        *COMMON, "singularity", "separation", "balance", "overlap", "e_value", "placebo_outcome",
        "specification_curve", "randomisation",
    ),
    "aipw": (
        *COMMON, "singularity", "balance", "overlap", "robustness_value", "placebo_outcome",
        "specification_curve", "randomisation",
    ),
    "linear": (*COMMON, "singularity", "balance", "overlap"),
    "logit": (*COMMON, "singularity", "balance", "overlap"),
    "ordered": (*COMMON, "singularity", "balance", "overlap"),
    "oaxaca": (*COMMON, "singularity", "balance", "overlap"),
    "replicate": (*COMMON, "singularity", "balance", "overlap"),
    "mean": ("base", "clusters", "missingness", "design_effect"),
}  # fmt: skip
Found = tuple[tuple[Check, ...], dict[str, tuple[Point, ...]]]
KINDS: dict[str, Callable[[pd.DataFrame, Sample, Fitted, Estimate, bool], Found]] = {
    "staggered": check_staggered,
    "hazard": check_hazard,
    "aipw": check_aligned,
}


def run_checks(
    frame: pd.DataFrame, sample: Sample, fitted: Fitted, record: Estimate, *, cheap: bool = False
) -> Found:
    """The checks of a record's kind and the series they leave beside it; ``cheap`` leaves out those that refit."""
    common = common_checks(frame, sample, fitted, record)
    if sample.design.kind not in KINDS:
        found = (*common, *survey_checks(sample))
        return (*found, *absent(REQUIRED[sample.design.kind], found)), {}
    own, series = KINDS[sample.design.kind](frame, sample, fitted, record, cheap)
    found = (*common, *rank_of(sample), *own)
    wanted = REQUIRED[sample.design.kind]
    if cheap:  # what was left out on purpose caps, it does not silence
        left = [n for n in wanted if n not in {c.name for c in found}]
        return (*found, *(Check(n, None, "not_run", cap="C", detail="cheap") for n in left)), series
    return (*found, *absent(wanted, found)), series


def common_checks(
    frame: pd.DataFrame, sample: Sample, fitted: Fitted, record: Estimate
) -> tuple[Check, ...]:
    """What every estimate carries: order in time, counts, what could have been seen, stability, who is missing."""
    exposed = int(sample.is_exposed.sum())
    std_error, df = record.std_error or 0.0, record.df or 1.0
    return (
        ordered(sample),
        sides_check(sample),
        size_check(min(exposed, len(sample.y) - exposed)),
        Check("mde", record.mde, "pass"),
        jackknife_check(fitted),
        influence_check(fitted, std_error, df),
        *(() if sample.design.kind == "staggered" else (missing_check(frame, sample),)),
        bundle_check(sample.design.concurrent),
    )


def survey_checks(sample: Sample) -> tuple[Check, ...]:
    """What a level carries (what its answers are worth) and what a gap carries (whether its sides can be compared)."""
    if sample.design.kind == "mean":
        return (design_effect_check(sample),)
    found = comparability_checks(sample)
    if sample.design.assignment == "lot":
        found = tuple(uncapped(c) for c in found)
    return (*rank_of(sample), *found)


def rank_of(sample: Sample) -> tuple[Check, ...]:
    """Whether the covariates say the treatment: no matrix shows it, since it leaves such covariates out."""
    is_asked = "singularity" in REQUIRED[sample.design.kind]
    return (singularity_check(sample),) if is_asked else ()


def ordered(sample: Sample) -> Check:
    """Exposure before outcome: by their dates; where units start in periods, the periods themselves keep the order."""
    found = order_check(sample)
    if sample.design.kind == "staggered" and found.value is None:
        return Check(found.name, 1.0, "pass", detail="by period")
    return found


def absent(wanted: Iterable[str], found: Iterable[Check]) -> tuple[Check, ...]:
    """One line that names the required checks nobody ran: without them there is no sentence."""
    names = {c.name for c in found}
    missing = [name for name in wanted if name not in names]
    if not missing:
        return ()
    return (Check("required", None, "fail", blocks=True, detail=", ".join(missing)),)
