"""Levels, gaps and associations: what the problems section says of the state of things, without a programme."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.arms import arm
from analysis.inference.blank import with_interval
from analysis.inference.checking.balance import missing_check, size_check
from analysis.inference.checking.clusters import jackknife_check
from analysis.inference.checking.comparability import comparability_checks, overlap_gap
from analysis.inference.checking.sides import error_of, sides_check
from analysis.inference.checking.stability import influence_check
from analysis.inference.describe.cells import cells_record
from analysis.inference.describe.drivers import drivers_record
from analysis.inference.describe.ratio import ratio_record
from analysis.inference.design import Design, DesignKind
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.oaxaca import fit_oaxaca
from analysis.inference.estimators.regression import fit_regression
from analysis.inference.estimators.replicates import fit_replicates
from analysis.inference.family import adjust_family
from analysis.inference.levels import (
    level_files,
    level_record,
    measure_levels,
    measure_trends,
    survey_design,
)
from analysis.inference.measures import Tables
from analysis.inference.record import Check, Estimate, Kind, Point
from analysis.inference.sample import Sample, draw_sample
from analysis.intake.source import Replicates
from analysis.panel.build import Panel
from analysis.panel.training import SOURCES, add_training
from analysis.study.objects import Indicator, Problem, Study
from analysis.study.references import split_measure

FOCUS = "is_focus"
# kinds of indicator that are counted or pooled, and the kind of record they make
DESCRIBED: dict[str, Kind] = {"ratio": "level", "cells": "level", "drivers": "gap"}


def measure_problems(
    study: Study, panel: Panel, tables: Tables | None = None
) -> tuple[Estimate, ...]:
    """Every indicator of every problem, and every outcome under every definition this year and last.

    ``tables``: the delivery's typed tables; what only they hold is absent without them.
    """
    tables = tables or {}
    rich = add_training(panel, tables)
    found: list[Estimate] = []
    for problem in study.problems.values():
        found += measure_problem(study, rich, problem, tables)
    return (*found, *measure_levels(study, panel), *measure_trends(study, panel))


def measure_problem(study: Study, panel: Panel, problem: Problem, tables: Tables) -> list[Estimate]:
    """The indicators of one problem: the unadjusted figures as they are, the adjusted ones as a family."""
    results = [
        e
        for i in problem.indicators
        for e in measure_indicator(study, panel, problem.id, i, tables)
    ]
    described = [e for e in results if e.design in DESCRIBED]
    compared = [e for e in results if e.design not in DESCRIBED]
    adjusted = [e for e in compared if e.family]
    raw = [e for e in compared if not e.family and e.kind != "level"]
    levels = [replace(e, grade="D") for e in compared if e.kind == "level"]
    return [*adjust_family(adjusted), *adjust_family(raw), *levels, *described]


def describe_indicator(
    blank: Estimate, study: Study, panel: Panel, indicator: Indicator, tables: Tables
) -> Estimate:
    """One indicator that is counted from the lists or pooled over cells."""
    if indicator.kind == "ratio":
        years = {n: t[t["year"] == panel.year] for n, t in tables.items() if "year" in t}
        return ratio_record(blank, indicator, years, panel)
    if indicator.kind == "cells":
        return cells_record(blank, indicator, study, panel, tables)
    return drivers_record(blank, indicator, among(panel.of_year(), indicator))


def measure_indicator(
    study: Study, panel: Panel, problem: str, indicator: Indicator, tables: Tables | None = None
) -> tuple[Estimate, ...]:
    """One indicator as records: a level, a gap (raw and like-for-like), an association, or what ``describe`` makes."""
    blank = blank_indicator(study, panel, problem, indicator)
    if indicator.kind in DESCRIBED:
        return (describe_indicator(blank, study, panel, indicator, tables or {}),)
    column = measure_column(study, indicator)
    now = among(panel.of_year(), indicator)
    if column not in now or now[column].notna().sum() == 0:
        return (replace(blank, reason="no_outcome"),)
    if indicator.kind == "level":
        return (level_record(blank, now, column, panel.replicates),)
    if indicator.group not in now or now[indicator.group].notna().sum() == 0:
        return (replace(blank, reason="no_group"),)
    if indicator.kind == "association":
        return (association(blank, now, column, indicator, panel.replicates),)
    return gap(blank, now, column, indicator, panel.replicates)


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
    return Estimate(
        id=f"{problem}.{indicator.id}",
        kind=DESCRIBED.get(indicator.kind) or as_kind(indicator),
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
        files=indicator_files(study, panel, indicator),
        period=panel.periods.get(panel.year, ""),
    )  # fmt: skip


def as_kind(indicator: Indicator) -> Kind:
    """The kind of record of an indicator that is compared."""
    kinds: dict[str, Kind] = {"level": "level", "gap": "gap", "association": "association"}
    return kinds[indicator.kind]


def indicator_files(study: Study, panel: Panel, indicator: Indicator) -> tuple[str, ...]:
    """The files an indicator is read from in the report year; ratios name theirs themselves."""
    name, definition = split_measure(indicator.measure)
    if definition:
        return level_files(panel, study.outcomes[name].source, panel.year)
    wanted = indicator.measures or (("need_cells",) if indicator.kind == "cells" else (name,))
    names: list[str] = []
    for measure in wanted if any(wanted) else ():
        tables = indicator_tables(study, measure)
        year = panel.year - 1 if set(tables) <= {"roster", "schools"} else panel.year
        names += panel.files_of(tables, year, year, needed_columns(study, measure))
    return tuple(dict.fromkeys(names))


def indicator_tables(study: Study, name: str) -> tuple[str, ...]:
    """The typed tables a panel column is read from."""
    if name in SOURCES:
        return SOURCES[name][0]
    if name.startswith("need_"):
        return ("survey", "trainings")
    tables = study.variables[name].tables
    return tuple(t for t in tables if t != "panel")


def needed_columns(study: Study, name: str) -> tuple[str, ...]:
    """The delivered columns that a measure rests on."""
    if name in SOURCES and SOURCES[name][1]:
        return SOURCES[name][1]
    if not name.startswith("need_"):
        return (name,)
    needs = [v for v in study.variables if v.startswith("need_")]
    topics = [f"programme:{code}" for code in study.variables["programme"].codes]
    return (*needs, *topics)


def gap(
    blank: Estimate,
    now: pd.DataFrame,
    column: str,
    indicator: Indicator,
    replicates: Replicates | None = None,
) -> tuple[Estimate, ...]:
    """Focus minus reference: like-for-like (adjusted, first) and raw."""
    sides = now[now[indicator.group].isin(indicator.focus + indicator.reference)]
    sides = sides.assign(**{FOCUS: sides[indicator.group].isin(indicator.focus).astype(float)})
    if sides.loc[sides[column].notna(), FOCUS].nunique() < 2:
        return (replace(blank, reason="one_arm"),)
    adjusted = difference(blank, sides, column, indicator.adjust, replicates)
    same = complete_rows(sides, column, blank.unit, indicator.adjust)
    raw = difference(blank, same, column, (), replicates)
    raw = replace(raw, id=f"{blank.id}:raw", assignment="raw_gap", grade="D")
    series = adjusted.series | spread_within(same, column, blank.unit) if adjusted.estimate else {}
    family = blank.id.split(".")[0]
    return (replace(adjusted, raw_difference=raw.estimate, family=family, series=series), raw)


def spread_within(sides: pd.DataFrame, column: str, unit: str) -> dict[str, tuple[Point, ...]]:
    """How far the quarters of the focus lie apart, in points: upper less lower quartile; none for shares."""
    focus = sides.loc[sides[FOCUS] == 1, column]
    if unit == "pp" or focus.empty:
        return {}
    low, high = focus.astype(float).quantile([0.25, 0.75])
    return {"spread": (Point("focus", float(high - low), n=len(focus)),)}


def complete_rows(
    sides: pd.DataFrame, column: str, unit: str, adjust: tuple[str, ...]
) -> pd.DataFrame:
    """The rows of the adjusted comparison, so that the plain one is of the same people."""
    return draw_sample(sides, measure_design(sides, column, FOCUS, unit, adjust)).rows


def difference(
    blank: Estimate,
    sides: pd.DataFrame,
    column: str,
    adjust: tuple[str, ...],
    replicates: Replicates | None = None,
) -> Estimate:
    """The difference between the two sides with its interval, by regression on the focus flag and covariates.

    Adjusted, it carries whether the sides can be compared, what composition explains of the plain gap, and the
    gap under overlap weights.
    """
    design = measure_design(sides, column, FOCUS, blank.unit, adjust, replicates)
    sample = draw_sample(sides, design)
    checks: tuple[Check, ...] = (
        sides_check(sample),
        size_of(sample),
        missing_check(sides, sample),
    )
    record = with_sides(blank, sample)
    if checks[0].blocks:
        return replace(record, checks=checks, reason="too_few")
    is_replicate = design.kind == "replicate"
    fit = fit_replicates(sample) if is_replicate else fit_regression(sample)
    record = with_fit(record, sample, fit)
    if record.reason:
        return replace(record, checks=checks)
    if not is_replicate:
        checks += stability(fit, record)
    if not adjust:
        return replace(record, checks=checks)
    checks += comparability_checks(sample)
    return replace(record, checks=checks, series=beside(sample))


def with_fit(record: Estimate, sample: Sample, fit: Fitted) -> Estimate:
    """The record with estimate, interval, p and smallest detectable difference; none without variation."""
    kind, std_error = error_of(sample, fit)
    if fit.problem or not (std_error > 0 and np.isfinite(std_error)):
        return replace(record, reason=fit.problem or "no_variation")
    return with_interval(record, fit, kind, std_error)


def stability(fit: Fitted, record: Estimate) -> tuple[Check, ...]:
    """Whether the kind of error, or any one school, decides the finding."""
    std_error, df = record.std_error or 1.0, record.df or 1.0
    return (jackknife_check(fit), influence_check(fit, std_error, df))


def beside(sample: Sample) -> dict[str, tuple[Point, ...]]:
    """What stands beside a like-for-like gap: its decomposition and the gap under overlap weights."""
    if sample.x.shape[1] <= 2:
        return {}
    return fit_oaxaca(sample).series | {"specifications": (overlap_gap(sample),)}


def measure_design(
    rows: pd.DataFrame,
    column: str,
    treatment: str,
    unit: str,
    adjust: tuple[str, ...],
    replicates: Replicates | None = None,
) -> Design:
    """A linear design on panel columns: by replicate weights where the survey brought them, else by its weights."""
    level = survey_design(rows, column, unit, replicates)
    kind: DesignKind = "replicate" if level.replicate_prefix else "linear"
    return replace(level, kind=kind, treatment=treatment, controls=adjust)


def size_of(sample: Sample) -> Check:
    """The base check on the smaller side."""
    return size_check(min(int(sample.is_treated.sum()), int((~sample.is_treated).sum())))


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


def association(
    blank: Estimate,
    now: pd.DataFrame,
    column: str,
    indicator: Indicator,
    replicates: Replicates | None = None,
) -> Estimate:
    """The change in the measure that goes with one more unit of the grouping column, adjusted, clustered by school.

    With replicate weights the slope is theirs, too.
    """
    group = str(indicator.group)
    design = measure_design(now, column, group, blank.unit, indicator.adjust, replicates)
    sample = draw_sample(now, design)
    if len(np.unique(sample.groups)) < 2 or len(sample.y) < sample.x.shape[1] + 2:
        return replace(blank, reason="too_few")
    is_replicate = design.kind == "replicate"
    fit = fit_replicates(sample) if is_replicate else fit_regression(sample)
    record = with_fit(blank, sample, fit)
    if record.reason:
        return record
    stable = () if is_replicate else stability(fit, record)
    return replace(
        record,
        family=blank.id.split(".")[0],
        n_teachers=int(sample.rows["teacher_id"].nunique()),
        n_schools=int(sample.rows["school_id"].nunique()),
        n_dropped=sample.n_dropped,
        arms={"all": arm(sample.rows, column, "school_id", blank.unit, design.weights)},
        is_weighted=design.weights is not None,
        checks=(size_check(len(sample.y)), *stable),
        sample_id=sample.sample_id,
        left_out=sample.left_out,
    )
