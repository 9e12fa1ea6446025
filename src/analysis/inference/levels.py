"""Levels: how many, how high, how often; by year, by definition, and by group of a policy. Never why."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference import checks as c
from analysis.inference.arms import arm
from analysis.inference.designs import REPLICATES
from analysis.inference.evaluate import SOURCE_TABLES
from analysis.inference.fits import interval
from analysis.inference.record import Estimate
from analysis.inference.replicates import mean_replicates
from analysis.panel.build import Panel
from analysis.study.objects import Outcome, Study


def level_record(blank: Estimate, rows: pd.DataFrame, column: str) -> Estimate:
    """A rate or mean as it stands: a full count has no interval; a survey's is weighted by the survey's weights."""
    is_survey = any(name.startswith(REPLICATES) for name in rows.columns)
    is_weighted = is_survey or has_weights(rows, column)
    one = arm(rows, column, "school_id", blank.unit, "survey_weight" if is_weighted else None)
    record = sampled_level(blank, rows, column) if is_survey else blank
    return replace(
        record,
        is_weighted=is_weighted,
        estimate=one.level,
        n_teachers=one.n_teachers,
        n_schools=one.n_schools,
        n_dropped=int(rows[column].isna().sum()),
        arms={"all": one},
        checks=(c.size_check(one.n_teachers),),
        grade="D",
    )


def has_weights(rows: pd.DataFrame, column: str) -> bool:
    """Whether everybody of whom a measure is known has a survey weight.

    So it is for answers of the weighted questionnaire; a figure of the roster, or of another questionnaire, is not
    that questionnaire's to weight.
    """
    known = rows[rows[column].notna()]
    return "survey_weight" in rows and len(known) > 0 and bool(known["survey_weight"].notna().all())


def sampled_level(blank: Estimate, rows: pd.DataFrame, column: str) -> Estimate:
    """The record with the replicate standard error and interval of a weighted survey mean."""
    fit = mean_replicates(rows[rows[column].notna()], column, REPLICATES)
    scale = 100.0 if blank.unit == "pp" else 1.0
    low, high = interval(scale * fit.estimate, scale * fit.std_error, fit.df)
    return replace(
        blank,
        std_error=scale * fit.std_error,
        df=fit.df,
        ci_low=low,
        ci_high=high,
        is_weighted=True,
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
        kind="level", subject=outcome.id, outcome=outcome.id, definition=definition,
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
            if design == "policy_logit" and group in panel.frame:
                found += group_levels(panel, study.outcomes[name], programme.id)
    return found


def group_levels(panel: Panel, outcome: Outcome, programme: str) -> list[Estimate]:
    """The primary outcome by year for those who are ever exposed (treated) and the others (control)."""
    column = f"{outcome.id}_{outcome.primary}"
    if column not in panel.frame:
        return []
    found = []
    for side, code in (("treated", 1.0), ("control", 0.0)):
        rows = panel.frame[
            (panel.frame[f"group_{programme}"] == code) & panel.frame[column].notna()
        ]
        for year, now in rows.groupby("year"):
            blank = level_blank(panel, outcome, outcome.primary, int(year), "pp")
            id_ = f"trend:{programme}:{outcome.id}:{side}:{year}"
            blank = replace(blank, id=id_, subject=programme, population=side)
            found.append(level_record(blank, now, column))
    return found
