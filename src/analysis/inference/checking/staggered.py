"""The checks of a staggered design beyond those every estimate carries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.checking.agreement import agreement_check, twfe_check
from analysis.inference.checking.balance import MAX_MISSING_GAP
from analysis.inference.checking.clusters import jackknife_check, wild_bootstrap, wild_check
from analysis.inference.checking.differences import gap_error, moves_of
from analysis.inference.checking.honest import honest_check, sensitivity_points
from analysis.inference.checking.leads import lead_check
from analysis.inference.checking.lots import drawn_units, randomisation_check, randomisation_p
from analysis.inference.checking.sides import is_never, uses_jackknife
from analysis.inference.checking.stability import curve_check, curve_points, placebo_check
from analysis.inference.checking.staggered_variants import (
    Variant,
    placebo_date,
    placebo_outcome,
    staggered_variants,
)
from analysis.inference.design import Comparison
from analysis.inference.estimators.callaway import fit_callaway
from analysis.inference.estimators.cells import make_cells
from analysis.inference.estimators.fits import FEW_ARM, interval
from analysis.inference.estimators.fitted import Fitted, Paths
from analysis.inference.estimators.staggered import (
    event_study,
    fit_staggered,
    linear_form,
    statistic_of_labels,
)
from analysis.inference.record import Check, Estimate, Grade, Point
from analysis.inference.sample import Sample, draw_sample

SEED = 20261
GONE = "is_missing"
Found = tuple[tuple[Check, ...], dict[str, tuple[Point, ...]]]


def check_staggered(
    frame: pd.DataFrame, sample: Sample, fitted: Fitted, record: Estimate, cheap: bool
) -> Found:
    """Leads, HonestDiD, second estimator, placebos, few clusters, lots and specifications; and the event study."""
    paths = readable(fitted.paths, sample)
    leads = (
        few_leads() if paths is None else lead_check(paths, fitted.df),
        missing_over_time(frame, sample),
    )
    if cheap:
        return leads, {}
    points, curve = specifications(sample, fitted, record)
    honest = honest_check(paths) if paths is not None else no_leads("honest_did")
    checks = (
        *leads,
        honest,
        *second_opinion(sample, fitted, record),
        *placebos(sample),
        few_clusters(sample, fitted),
        lots(sample, record),
        curve,
    )
    series = {"specifications": points, "event_study": shown_path(sample)}
    if paths is not None and honest.verdict != "not_run":
        series["sensitivity"] = sensitivity_points(paths)
    return checks, {name: found for name, found in series.items() if found}


def readable(paths: Paths | None, sample: Sample) -> Paths | None:
    """The event study in the design's unit, with the errors that the estimate itself has where clusters are few."""
    return None if paths is None else paths.in_unit(sample.design.scale, uses_jackknife(sample))


def missing_over_time(frame: pd.DataFrame, sample: Sample) -> Check:
    """How much the start itself moves the share without an outcome, by the same comparison; above 5 points D at most.

    Who went missing with the start may be the whole difference (What Works Clearinghouse 5.0, differential attrition).
    """
    design = sample.design
    asked = frame.assign(**{GONE: frame[design.outcome].isna().astype(float)})
    plain = replace(design, outcome=GONE, link="identity", strata=(), weights=None)
    found = fit_staggered(draw_sample(asked, plain), with_paths=False)
    if found.problem == "constant_outcome":  # nobody is missing
        return Check("missingness", 0.0, "pass")
    if found.problem:
        return Check("missingness", None, "not_run", steps=1, detail=found.problem)
    share = abs(found.value) / design.scale
    is_fine = share <= MAX_MISSING_GAP
    cap: Grade | None = None if is_fine else "D"
    return Check("missingness", share, "pass" if is_fine else "fail", cap=cap)


def few_leads() -> Check:
    """No event study before the start: nothing can be said of how the two sides moved before."""
    return Check("pre_period", 0, "fail", cap="C", detail="fewer than two leads")


def no_leads(name: str) -> Check:
    """A check that lives on periods before the start, where there are none."""
    return Check(name, None, "not_run", cap="C", detail="fewer than two leads")


def second_opinion(sample: Sample, fitted: Fitted, record: Estimate) -> tuple[Check, ...]:
    """Scores: Callaway and Sant'Anna; rates: the same cells, linear. And the weights that plain TWFE would use."""
    design = sample.design
    if design.link == "identity":
        has_never = bool(is_never(sample).any())
        rule: Comparison = "never" if has_never else "not_yet"
        second = fit_callaway(sample.rows, replace(design, comparison=rule))
    else:
        linear = replace(sample, design=replace(design, link="identity"))
        second = fit_staggered(linear, with_paths=False)
    apart = gap_error(moves_of(fitted, sample), moves_of(second, sample))
    found = agreement_check(fitted, second, record, gap_error=apart)
    return found, twfe_check(make_cells(sample))


def placebos(sample: Sample) -> tuple[Check, ...]:
    """A start that never was, and an outcome that the programme cannot move."""
    few = uses_jackknife(sample)
    date, outcome = placebo_date(sample), placebo_outcome(sample)
    no_date = "no period early enough"
    return (
        placebo_check("placebo_date", refit(date), is_few=few, reason=no_date, applies=False),
        placebo_check("placebo_outcome", refit(outcome), is_few=few, applies=False),
    )


def refit(variant: Variant | None) -> Fitted | None:
    """The fit of other rows under another design; None without one."""
    return None if variant is None else refit_of(variant)[0]


def refit_of(variant: Variant) -> tuple[Fitted, pd.Series]:
    """The fit of other rows under another design, and how far it moves without each cluster."""
    _, rows, design = variant
    other = draw_sample(rows, design)
    found = fit_staggered(other, with_paths=False)
    return found, moves_of(found, other)


def specifications(
    sample: Sample, fitted: Fitted, record: Estimate
) -> tuple[tuple[Point, ...], Check]:
    """The estimates of all specifications that could be fitted, and whether most say what the headline says."""
    found = {v[0]: refit_of(v) for v in staggered_variants(sample)}
    points = curve_points({k: f for k, (f, _) in found.items()}, is_few=uses_jackknife(sample))
    own = moves_of(fitted, sample)
    apart = {k: gap_error(own, moves) for k, (_, moves) in found.items()}
    check = curve_check(
        points,
        record.estimate or 0.0,
        record.std_error or 1.0,
        df=fitted.df,
        gap_errors=apart,
    )
    return points, check


def few_clusters(sample: Sample, fitted: Fitted) -> Check:
    """The wild cluster bootstrap, where the model is linear and clusters are few."""
    if sample.design.link != "identity" or not uses_jackknife(sample):
        return Check("wild_bootstrap", None, "not_run", detail="not needed")
    x, y, weight, groups = linear_form(make_cells(sample), bool(sample.design.absorb))
    p = wild_bootstrap(x, y, groups, column=0, weights=weight, seed=SEED)
    return wild_check(p, fitted, jackknife_check(fitted))


def lots(sample: Sample, record: Estimate) -> Check:
    """The p of a lot repeated among the units that could have been drawn; only where the study file says which."""
    design = sample.design
    unit = design.absorb or design.cluster or design.unit_id
    if not unit or not design.strata or not len(sample.rows):
        return randomisation_check(None, record.p_value)
    first = sample.rows.groupby(unit, sort=False)[list(design.strata)].transform("first")
    start = sample.rows[design.first_treated].where(~is_never(sample))
    rows = sample.rows.assign(**{design.first_treated: start}, **first)
    if (rows.groupby(unit)[design.first_treated].nunique(dropna=False) > 1).any():
        return randomisation_check(
            None, record.p_value
        )  # no unit starts as a whole: nothing to deal
    units = drawn_units(rows, design.first_treated, unit, design.strata)
    if not units.is_whole():
        return randomisation_check(None, record.p_value)
    cells = make_cells(replace(sample, groups=units.codes))
    p = randomisation_p(statistic_of_labels(cells), units.labels, units.strata, seed=SEED)
    return randomisation_check(p, record.p_value)


def shown_path(sample: Sample) -> tuple[Point, ...]:
    """The event study in the design's unit for the figure: linear, against the last period before the start."""
    paths = event_study(make_cells(sample), "identity", bool(sample.design.absorb))
    found = readable(paths, sample)
    return () if found is None else path_points(found, len(set(sample.groups)))


def path_points(paths: Paths, n_clusters: int) -> tuple[Point, ...]:
    """Leads and lags as points, the reference among them with 0; no interval there, nor below six treated clusters."""
    found = [Point(str(paths.reference), 0.0)]
    behind = paths.n_clusters if len(paths.n_clusters) else np.full(len(paths.times), np.inf)
    for i, time in enumerate(paths.times):
        value, n = float(paths.beta[i]), int(paths.weights[i])
        if behind[i] < FEW_ARM:
            found.append(Point(str(time), value, n=n))
            continue
        error = float(np.sqrt(paths.cov[i, i]))
        low, high = interval(value, error, n_clusters - 1)
        found.append(Point(str(time), value, error, low, high, n))
    return tuple(sorted(found, key=lambda p: int(p.label)))
