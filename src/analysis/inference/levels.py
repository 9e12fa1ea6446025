"""Levels: how many, how high, how often; by year, by definition, and by group of a policy. Never why."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference.arms import arm
from analysis.inference.checking.balance import size_check
from analysis.inference.design import Design
from analysis.inference.designs import REPLICATES
from analysis.inference.estimators.fits import interval
from analysis.inference.estimators.survey import design_effect_check, fit_mean
from analysis.inference.evaluate import SOURCE_TABLES
from analysis.inference.record import Estimate, Point
from analysis.inference.sample import draw_sample
from analysis.intake.source import Replicates
from analysis.panel.build import Panel
from analysis.study.objects import POLICIES, Outcome, Study

START = "start"  # the series of a policy's trend that holds its first year
MOVES = (
    "moves"  # the subject of a level that counts who only changed school: part of no other count
)


def level_record(
    blank: Estimate, rows: pd.DataFrame, column: str, replicates: Replicates | None = None
) -> Estimate:
    """A rate or mean as it stands: a full count has no interval; answers with weights are weighted and have one."""
    design = survey_design(rows, column, blank.unit, replicates)
    one = arm(rows, column, "school_id", blank.unit, design.weights)
    record = sampled_level(blank, rows, design) if design.weights else blank
    return replace(
        record,
        estimate=one.level,
        n_teachers=one.n_teachers,
        n_schools=one.n_schools,
        n_dropped=int(rows[column].isna().sum()),
        arms={"all": one},
        checks=(size_check(one.n_teachers), *record.checks),
        grade="D",
    )


def survey_design(
    rows: pd.DataFrame, column: str, unit: str, replicates: Replicates | None = None
) -> Design:
    """The mean of a panel column: by replicate weights where the survey brought them, else by its weights.

    Without either it names no weights. Replicate weights that say nothing of themselves are BRR with Fay's .5.
    """
    has_replicates = any(name.startswith(REPLICATES) for name in rows.columns)
    is_weighted = has_replicates or has_weights(rows, column)
    design = Design(
        kind="mean",
        outcome=column,
        cluster="school_id",
        unit=unit,
        weights="survey_weight" if is_weighted else None,
        replicate_prefix=REPLICATES if has_replicates else None,
    )
    if not has_replicates or replicates is None:
        return design
    return replace(design, method=replicates.method, fay=replicates.fay)


def has_weights(rows: pd.DataFrame, column: str) -> bool:
    """Whether everybody of whom a measure is known has a survey weight.

    So it is for answers of the weighted questionnaire; a figure of the roster, or of another questionnaire, is not
    that questionnaire's to weight.
    """
    known = rows[rows[column].notna()]
    return "survey_weight" in rows and len(known) > 0 and bool(known["survey_weight"].notna().all())


def sampled_level(blank: Estimate, rows: pd.DataFrame, design: Design) -> Estimate:
    """The record with standard error, interval and design effect of a weighted mean.

    By the survey's replicate weights; else by Taylor linearisation with schools as units, raked weights as given.
    A level that does not vary, or comes from one school, has no interval.
    """
    weighted = replace(blank, is_weighted=True)
    sample = draw_sample(rows, design)
    if len(sample.y) == 0:
        return weighted
    fit = fit_mean(sample)
    if fit.problem:
        return weighted
    low, high = interval(fit.value, fit.std_error, fit.df)
    return replace(
        weighted,
        std_error=fit.std_error,
        std_error_kind="replicate" if design.replicate_prefix else "taylor",
        df=fit.df,
        ci_low=low,
        ci_high=high,
        checks=(design_effect_check(sample),),
    )


def measure_levels(study: Study, panel: Panel) -> list[Estimate]:
    """Every outcome under every definition for the report year and each year before that has it."""
    found = []
    for outcome in study.outcomes.values():
        for definition in outcome.definitions:
            found += outcome_levels(study, panel, outcome, definition)
    return found


def outcome_levels(study: Study, panel: Panel, outcome: Outcome, definition: str) -> list[Estimate]:
    """One outcome under one definition, by report year, oldest first."""
    column = study.outcome_column(outcome.id, definition)
    if column not in panel.frame:
        return []
    rule = outcome.definitions[definition]
    is_share = outcome.kind == "binary" or rule.at_least is not None or rule.at_most is not None
    known = panel.frame[panel.frame[column].notna()]
    return [
        level_record(
            level_blank(panel, outcome, definition, int(year), "pp" if is_share else outcome.unit),
            rows,
            column,
            panel.replicates,
        )
        for year, rows in known.groupby("year")
    ]


def level_files(panel: Panel, source: str, year: int) -> tuple[str, ...]:
    """The files a level of one year is read from: two rosters and the exits between them, or the year's own."""
    tables = SOURCE_TABLES[source]
    if source != "roster":
        return panel.files_of(tables, year, year)
    return panel.files_of(("roster",), year - 1, year) + panel.files_of(tables[1:], year, year)


def level_blank(panel: Panel, outcome: Outcome, definition: str, year: int, unit: str) -> Estimate:
    """The record of an outcome's level in one year before it is measured."""
    return Estimate(
        id=f"level:{outcome.id}:{definition}:{year}",
        kind="level", outcome=outcome.id, definition=definition,
        subject=MOVES if outcome.definitions[definition].leaves == "school" else outcome.id,
        estimand="level", design="level", assignment="adjusted_gap", population="", unit=unit,
        year=year,
        estimate=None, std_error=None, df=None, ci_low=None, ci_high=None,
        p_value=None, p_adjusted=None, ci_adj_low=None, ci_adj_high=None,
        n_teachers=0, n_schools=0, n_treated=0, n_treated_schools=0, n_control_schools=0,
        n_dropped=0, mde=None, relevant_effect=None,
        files=level_files(panel, outcome.source, year),
        period=panel.periods.get(year, ""),
    )  # fmt: skip


def measure_trends(study: Study, panel: Panel) -> list[Estimate]:
    """Yearly levels of both groups of each policy, for the picture of the years before it began."""
    found = []
    for programme in study.interventions.values():
        group = f"group_{programme.id}"
        for name, design in programme.design.items():
            if design in POLICIES and group in panel.frame:
                found += group_levels(panel, study.outcomes[name], programme.id)
    return found


def group_levels(panel: Panel, outcome: Outcome, programme: str) -> list[Estimate]:
    """The primary outcome by year for those who are ever exposed (treated) and the others (control).

    The series ``start`` of each holds the first report year in which anybody was exposed, where the data tell.
    """
    column = f"{outcome.id}_{outcome.primary}"
    if column not in panel.frame:
        return []
    found, start = [], first_exposed(panel.frame, f"exposed_{programme}_{outcome.id}")
    for side, code in (("treated", 1.0), ("control", 0.0)):
        rows = panel.frame[
            (panel.frame[f"group_{programme}"] == code) & panel.frame[column].notna()
        ]
        for year, now in rows.groupby("year"):
            unit = "pp" if outcome.kind == "binary" else outcome.unit
            blank = level_blank(panel, outcome, outcome.primary, int(year), unit)
            id_ = f"trend:{programme}:{outcome.id}:{side}:{year}"
            blank = replace(blank, id=id_, subject=programme, population=side)
            record = level_record(blank, now, column, panel.replicates)
            found.append(replace(record, series=record.series | start))
    return found


def first_exposed(frame: pd.DataFrame, column: str) -> dict[str, tuple[Point, ...]]:
    """The first year with an exposed row as the one point of the series ``start``; no series where there is none."""
    if column not in frame or not (frame[column] == 1).any():
        return {}
    return {START: (Point(str(int(frame.loc[frame[column] == 1, "year"].min())), None),)}
