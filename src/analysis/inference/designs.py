"""From a study entry to a design: which rows, which columns, which fixed effects."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference.sample import Design
from analysis.panel.build import Panel
from analysis.study.objects import Intervention, Outcome

REPLICATES = "survey_rep_"


def exposure_column(programme: Intervention, outcome: Outcome) -> str:
    """The panel column that says who was exposed in time for this outcome."""
    return f"exposed_{programme.id}_{outcome.id}"


def group_column(programme: Intervention) -> str:
    """The panel column that says who belongs to the group that is ever exposed."""
    return f"group_{programme.id}"


def is_policy(programme: Intervention, outcome: Outcome) -> bool:
    """Whether the comparison is between two groups before and after a date."""
    return programme.design[outcome.id] == "policy_logit"


def eligible_rows(
    panel: Panel, programme: Intervention, outcome: Outcome, column: str
) -> pd.DataFrame:
    """The panel rows a design looks at: its target, its years, and no unit that was exposed before the pre-score."""
    kind = programme.design[outcome.id]
    one_year = kind in ("ancova", "survey_regression", "describe")
    rows = panel.of_year() if one_year else panel.frame
    for name, codes in programme.target.items():
        rows = rows[rows[name].isin(codes)] if name in rows else rows.iloc[0:0]
    rows = with_years(rows, programme)
    if programme.exposure.kind == "school_start":
        others = other_cohorts(panel, programme, outcome)
        rows = rows[~rows["school_id"].isin(others)]
    return rows


def with_years(rows: pd.DataFrame, programme: Intervention) -> pd.DataFrame:
    """The rows whose years of teaching fit the programme's target; none if the years are not in the data."""
    low, high = programme.target_min_years, programme.target_max_years
    if low is None and high is None:
        return rows
    if "years_teaching" not in rows:
        return rows.iloc[0:0]
    years = rows["years_teaching"]
    fits = (years >= (low if low is not None else 0)) & (
        years <= (high if high is not None else 99)
    )
    return rows[fits]


def other_cohorts(panel: Panel, programme: Intervention, outcome: Outcome) -> set[str]:
    """Schools that joined earlier or later than the report year: only the newest cohort has a clean before and after.

    Earlier cohorts have no untreated pre-score; pooling cohorts in one coefficient would be two-way fixed effects.
    """
    column, group = exposure_column(programme, outcome), group_column(programme)
    if column not in panel.frame or group not in panel.frame:
        return set()
    frame = panel.frame
    joined = set(frame.loc[frame[group] == 1, "school_id"].dropna())
    on = frame[frame[column] == 1]
    newest = set(on.loc[on["year"] == panel.year, "school_id"])
    return joined - (newest - set(on.loc[on["year"] < panel.year, "school_id"]))


def undefined_arm(rows: pd.DataFrame, column: str, exposure: str) -> bool:
    """Whether the outcome exists in one arm and for nobody in the other: such a contrast is refused."""
    known = rows[rows[exposure].notna()] if exposure in rows else rows.iloc[0:0]
    shares = known[column].notna().groupby(known[exposure]).mean()
    return len(shares) == 2 and bool((shares == 0).any()) and bool((shares > 0).any())


def make_design(
    rows: pd.DataFrame, programme: Intervention, outcome: Outcome, column: str
) -> Design:
    """The design of a programme and an outcome on the panel's columns."""
    kind = programme.design[outcome.id]
    exposure = exposure_column(programme, outcome)
    plain = Design(
        kind="logit",
        outcome=column,
        treatment=exposure,
        cluster="school_id",
        unit=outcome.unit,
        controls=outcome.controls,
    )
    strata = lot_strata(programme, outcome)
    if kind == "ancova":
        scores = ("pre_score", "school_pre_score")
        return replace(plain, kind="linear", linear=scores, fixed=strata)
    if kind == "survey_regression":
        return survey_design(rows, plain)
    fixed = ("year", group_column(programme)) if kind == "policy_logit" else ("year", *strata)
    return replace(plain, fixed=fixed, is_policy=kind == "policy_logit")


def lot_strata(programme: Intervention, outcome: Outcome) -> tuple[str, ...]:
    """The panel column of the strata that lots were drawn in: chances were equal only inside them."""
    is_lot = programme.exposure.kind == "lot"
    return (f"stratum_{programme.id}_{outcome.id}",) if is_lot else ()


def survey_design(rows: pd.DataFrame, plain: Design) -> Design:
    """A survey regression within strata; with replicate weights if the survey brought them."""
    fixed = ("survey_stratum",) if "survey_stratum" in rows else ()
    if not any(c.startswith(REPLICATES) for c in rows.columns):
        return replace(plain, kind="linear", fixed=fixed)
    return replace(
        plain,
        kind="replicate",
        fixed=fixed,
        weights="survey_weight",
        replicate_prefix=REPLICATES,
    )
