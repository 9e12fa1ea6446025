"""Levels, gaps and associations: what the problems section says of the state of things, without a programme."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference import checks as c
from analysis.inference.arms import arm
from analysis.inference.designs import REPLICATES
from analysis.inference.effects import linear_effect
from analysis.inference.evaluate import with_interval
from analysis.inference.family import adjust_family
from analysis.inference.fits import fit_linear
from analysis.inference.levels import (
    has_weights,
    level_files,
    level_record,
    measure_levels,
    measure_trends,
)
from analysis.inference.record import Check, Estimate
from analysis.inference.replicates import fit_replicates
from analysis.inference.sample import Design, Sample, draw_sample
from analysis.panel.build import Panel
from analysis.study.objects import Indicator, Problem, Study
from analysis.study.references import split_measure

FOCUS = "is_focus"


def measure_problems(study: Study, panel: Panel) -> tuple[Estimate, ...]:
    """Every indicator of every problem, and every outcome under every definition this year and last."""
    found: list[Estimate] = []
    for problem in study.problems.values():
        found += measure_problem(study, panel, problem)
    return (*found, *measure_levels(study, panel), *measure_trends(study, panel))


def measure_problem(study: Study, panel: Panel, problem: Problem) -> list[Estimate]:
    """The indicators of one problem: the unadjusted figures as they are, the adjusted ones as a family."""
    results = [
        e for i in problem.indicators for e in measure_indicator(study, panel, problem.id, i)
    ]
    adjusted = [e for e in results if e.family]
    raw = [e for e in results if not e.family and e.kind != "level"]
    levels = [replace(e, grade="D") for e in results if e.kind == "level"]
    return [*adjust_family(adjusted), *adjust_family(raw), *levels]


def measure_indicator(
    study: Study, panel: Panel, problem: str, indicator: Indicator
) -> tuple[Estimate, ...]:
    """One indicator as records: a level, a gap (raw and like-for-like), or an association."""
    blank = blank_indicator(study, panel, problem, indicator)
    column = measure_column(study, indicator)
    now = among(panel.of_year(), indicator)
    if column not in now or now[column].notna().sum() == 0:
        return (replace(blank, reason="no_outcome"),)
    if indicator.kind == "level":
        return (level_record(blank, now, column),)
    if indicator.group not in now or now[indicator.group].notna().sum() == 0:
        return (replace(blank, reason="no_group"),)
    if indicator.kind == "association":
        return (association(blank, now, column, indicator),)
    return gap(blank, now, column, indicator)


def measure_column(study: Study, indicator: Indicator) -> str:
    """The panel column of an indicator's measure."""
    name, definition = split_measure(indicator.measure)
    return study.outcome_column(name, definition) if definition else name


def among(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The rows an indicator is about; none if a column it needs is not in the data."""
    for column, codes in indicator.among.items():
        rows = rows[rows[column].isin(codes)] if column in rows else rows.iloc[0:0]
    return rows


def blank_indicator(study: Study, panel: Panel, problem: str, indicator: Indicator) -> Estimate:
    """The record of an indicator before anything is measured."""
    name, definition = split_measure(indicator.measure)
    if definition:
        files = level_files(panel, study.outcomes[name].source, panel.year)
    else:
        tables = indicator_tables(study, name)
        files = panel.files_of(tables, panel.year, panel.year, needed_columns(study, name))
    return Estimate(
        id=f"{problem}.{indicator.id}",
        kind=indicator.kind,
        subject=indicator.id,
        outcome=name,
        definition=definition,
        estimand=indicator.kind,
        design=indicator.kind,
        assignment="adjusted_gap",
        population=indicator.focus_text,
        unit=indicator.unit,
        year=panel.year,
        estimate=None, std_error=None, df=None, ci_low=None, ci_high=None,
        p_value=None, p_adjusted=None, ci_adj_low=None, ci_adj_high=None,
        n_teachers=0, n_schools=0, n_treated=0, n_treated_schools=0, n_control_schools=0,
        n_dropped=0, mde=None, relevant_effect=indicator.relevant_effect,
        files=files,
        period=panel.periods.get(panel.year, ""),
    )  # fmt: skip


def indicator_tables(study: Study, name: str) -> tuple[str, ...]:
    """The typed tables a panel column is read from."""
    if name.startswith("need_"):
        return ("survey", "trainings")
    tables = study.variables[name].tables
    return tuple(t for t in tables if t != "panel")


def needed_columns(study: Study, name: str) -> tuple[str, ...]:
    """The delivered columns that a measure rests on."""
    if not name.startswith("need_"):
        return (name,)
    needs = [v for v in study.variables if v.startswith("need_")]
    topics = [f"programme:{code}" for code in study.variables["programme"].codes]
    return (*needs, *topics)


def gap(
    blank: Estimate, now: pd.DataFrame, column: str, indicator: Indicator
) -> tuple[Estimate, ...]:
    """Focus minus reference: like-for-like (adjusted, first) and raw."""
    sides = now[now[indicator.group].isin(indicator.focus + indicator.reference)]
    sides = sides.assign(**{FOCUS: sides[indicator.group].isin(indicator.focus).astype(float)})
    if sides.loc[sides[column].notna(), FOCUS].nunique() < 2:
        return (replace(blank, reason="one_arm"),)
    adjusted = difference(blank, sides, column, indicator.adjust)
    raw = difference(blank, complete_rows(sides, column, blank.unit, indicator.adjust), column, ())
    raw = replace(raw, id=f"{blank.id}:raw", assignment="raw_gap", grade="D")
    return (replace(adjusted, raw_difference=raw.estimate, family=blank.id.split(".")[0]), raw)


def complete_rows(
    sides: pd.DataFrame, column: str, unit: str, adjust: tuple[str, ...]
) -> pd.DataFrame:
    """The rows of the adjusted comparison, so that the plain one is of the same people."""
    return draw_sample(sides, measure_design(sides, column, FOCUS, unit, adjust)).rows


def difference(
    blank: Estimate, sides: pd.DataFrame, column: str, adjust: tuple[str, ...]
) -> Estimate:
    """The difference between the two sides with its interval, by regression on the focus flag and covariates."""
    sample = draw_sample(sides, measure_design(sides, column, FOCUS, blank.unit, adjust))
    checks = (
        c.cluster_check(sample),
        size_of(sample),
        c.missing_check(sides, column, FOCUS),
    )
    record = with_sides(blank, sample)
    if checks[0].blocks:
        return replace(record, checks=checks, reason="too_few")
    scale = 100.0 if blank.unit == "pp" else 1.0
    if sample.design.kind == "replicate":
        fit = fit_replicates(sample)
        return replace(
            with_interval(record, scale * fit.estimate, scale * fit.std_error, fit.df),
            checks=checks,
        )
    plain = fit_linear(sample)
    effect = linear_effect(sample, plain, scale)
    cov = plain.cov_jackknife if c.needs_jackknife(sample) else plain.cov
    record = with_interval(record, effect.value, effect.std_error(cov), plain.n_clusters - 1)
    if record.reason:
        return replace(record, checks=checks)
    stable = (
        c.agreement_check(effect, plain),
        c.influence_check(effect, plain, record.std_error or 1),
    )
    return replace(record, checks=checks + stable)


def measure_design(
    rows: pd.DataFrame, column: str, treatment: str, unit: str, adjust: tuple[str, ...]
) -> Design:
    """A linear design on panel columns: by replicate weights where the survey brought them, else by its weights."""
    has_replicates = any(name.startswith(REPLICATES) for name in rows.columns)
    is_weighted = has_replicates or has_weights(rows, column)
    return Design(
        kind="replicate" if has_replicates else "linear",
        outcome=column,
        treatment=treatment,
        cluster="school_id",
        unit=unit,
        controls=adjust,
        weights="survey_weight" if is_weighted else None,
        replicate_prefix=REPLICATES if has_replicates else None,
    )


def size_of(sample: Sample) -> Check:
    """The base check on the smaller side."""
    return c.size_check(min(int(sample.is_treated.sum()), int((~sample.is_treated).sum())))


def with_sides(blank: Estimate, sample: Sample) -> Estimate:
    """The record with the sizes and levels of focus and reference."""
    t, d = sample.is_treated, sample.design
    sides = {"focus": sample.rows[t], "reference": sample.rows[~t]}
    arms = {k: arm(v, d.outcome, d.cluster, d.unit, d.weights) for k, v in sides.items()}
    return replace(
        blank,
        arms=arms,
        n_teachers=int(sample.rows["teacher_id"].nunique()),
        n_schools=int(sample.rows[d.cluster].nunique()),
        n_treated=arms["focus"].n_teachers,
        n_treated_schools=arms["focus"].n_schools,
        n_control_schools=arms["reference"].n_schools,
        n_dropped=sample.n_dropped,
        sample_id=sample.sample_id,
        left_out=sample.left_out,
        is_weighted=d.weights is not None,
    )


def association(blank: Estimate, now: pd.DataFrame, column: str, indicator: Indicator) -> Estimate:
    """The change in the measure that goes with one more unit of the grouping column, adjusted, clustered by school."""
    group = str(indicator.group)
    design = measure_design(now, column, group, blank.unit, indicator.adjust)
    if design.kind == "replicate":  # no replicate variance for a slope: unweighted, and said to be
        design = replace(design, kind="linear", weights=None)
    sample = draw_sample(now, design)
    if len(np.unique(sample.groups)) < 2 or len(sample.y) < sample.x.shape[1] + 2:
        return replace(blank, reason="too_few")
    fit = fit_linear(sample)
    effect = linear_effect(sample, fit)
    record = with_interval(blank, effect.value, effect.std_error(fit.cov), fit.n_clusters - 1)
    if record.reason:
        return record
    stable = (c.agreement_check(effect, fit), c.influence_check(effect, fit, record.std_error or 1))
    return replace(
        record,
        family=blank.id.split(".")[0],
        n_teachers=int(sample.rows["teacher_id"].nunique()),
        n_schools=int(sample.rows["school_id"].nunique()),
        n_dropped=sample.n_dropped,
        arms={"all": arm(sample.rows, column, "school_id", blank.unit, design.weights)},
        is_weighted=design.weights is not None,
        checks=(c.size_check(len(sample.y)), *stable),
        sample_id=sample.sample_id,
        left_out=sample.left_out,
    )
