"""From a study entry to a design: which rows, which columns, which estimator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.checking.clusters import assignment_cluster
from analysis.inference.design import Design
from analysis.intake.source import Replicates
from analysis.panel.build import Panel
from analysis.study.objects import POLICIES, Intervention, Outcome

REPLICATES = "survey_rep_"
FIRST = "first_treated"
PLACEBO = "placebo_outcome"
WIDER = (
    "school_group",
)  # groupings above the school within which a programme may have been decided
SCHOOL = "school_pre_score"
ONE_BY_ONE = (
    "attendance",
    "roster_flag",
)  # exposure rules under which each person takes part or not
UNMOVED = ("sex", "age", "stage")  # facts of a teacher that no programme of a school can move
PAST = {"before": "pre_score", "earlier": "pre_score_2"}  # the outcome one and two years before
BEFORE, EARLIER = PAST


def exposure_column(programme: Intervention, outcome: Outcome) -> str:
    """The panel column that says who was exposed in time for this outcome."""
    return f"exposed_{programme.id}_{outcome.id}"


def group_column(programme: Intervention) -> str:
    """The panel column that says who belongs to the group that is ever exposed."""
    return f"group_{programme.id}"


def is_policy(programme: Intervention, outcome: Outcome) -> bool:
    """Whether units that start at some date are compared, before and after, with those that have not."""
    return programme.design[outcome.id] in POLICIES


def eligible_rows(
    panel: Panel, programme: Intervention, outcome: Outcome, column: str
) -> pd.DataFrame:
    """The panel rows a design looks at: its target and its years, with the columns that are made for it."""
    kind = programme.design[outcome.id]
    one_year = kind in ("ancova", "survey_regression", "describe")
    rows = panel.of_year() if one_year else panel.frame
    for name, codes in programme.target.items():
        rows = rows[rows[name].isin(codes)] if name in rows else rows.iloc[0:0]
    rows = with_years(rows, programme)
    if is_policy(programme, outcome):
        rows = rows.assign(**{FIRST: first_treated(rows, programme, outcome)})
    return with_placebo(with_past(rows, outcome, column), outcome, column)


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


def first_treated(rows: pd.DataFrame, programme: Intervention, outcome: Outcome) -> pd.Series:
    """The first report year in which each row's unit counts as exposed; missing for those that never do.

    The unit is the school where schools join, everybody in such posts where a date holds for all.
    """
    exposure, group = exposure_column(programme, outcome), group_column(programme)
    blank = pd.Series(np.nan, index=rows.index)
    if exposure not in rows or group not in rows:
        return blank
    on = rows.loc[rows[exposure] == 1]
    if programme.exposure.kind == "school_start":
        return rows["school_id"].map(on.groupby("school_id")["year"].min()).astype(float)
    start = float(on["year"].min()) if len(on) else np.nan
    return blank.mask(rows[group] == 1, start)


def with_placebo(rows: pd.DataFrame, outcome: Outcome, column: str) -> pd.DataFrame:
    """The rows with an outcome that no programme moves: leaving that the definition does not count, mostly retirement.

    Of the primary definition only (what another one leaves out may be leaving itself), and nothing where the wider
    definition is not in the data.
    """
    is_primary = column == f"{outcome.id}_{outcome.primary}"
    if (
        is_primary
        and outcome.placebo
        and (wide := f"{outcome.id}_{outcome.placebo}") in rows
        and column in rows
    ):
        gone = (rows[wide] - rows[column]).where(rows[column].notna())
        return rows.assign(**{PLACEBO: (gone > 0).astype(float).where(gone.notna())})
    return rows


def with_past(rows: pd.DataFrame, outcome: Outcome, column: str) -> pd.DataFrame:
    """The rows with the outcome under the same definition one and two years before, as far as there are scores."""
    rule = outcome.definitions[column.removeprefix(f"{outcome.id}_")]
    cut = rule.at_least
    for name, score in PAST.items():
        if score in rows:
            past = rows[score] if cut is None else (rows[score] >= cut).astype(float)
            rows = rows.assign(**{name: past.where(rows[score].notna())})
    return rows


def undefined_arm(rows: pd.DataFrame, column: str, exposure: str) -> bool:
    """Whether the outcome exists in one arm and for nobody in the other: such a contrast is refused."""
    known = rows[rows[exposure].notna()] if exposure in rows else rows.iloc[0:0]
    shares = known[column].notna().groupby(known[exposure]).mean()
    return len(shares) == 2 and bool((shares == 0).any()) and bool((shares > 0).any())


def make_design(
    rows: pd.DataFrame,
    programme: Intervention,
    outcome: Outcome,
    column: str,
    replicates: Replicates | None = None,
) -> Design:
    """The design of a programme and an outcome on the panel's columns."""
    kind = programme.design[outcome.id]
    plain = plain_design(rows, programme, outcome, column)
    if is_policy(programme, outcome):
        return policy_design(plain, rows, programme)
    if kind == "ancova":
        return aligned_design(plain, rows, outcome)
    if kind == "survey_regression":
        return survey_design(rows, plain, replicates)
    return landmark_design(plain, rows, programme)


def plain_design(
    rows: pd.DataFrame, programme: Intervention, outcome: Outcome, column: str
) -> Design:
    """What all designs of a programme and an outcome share."""
    is_primary = column == f"{outcome.id}_{outcome.primary}"
    is_share = outcome.kind == "binary" or not is_primary
    day, closes = dates_of(rows, programme, outcome)
    return Design(
        kind="hazard",
        outcome=column,
        treatment=exposure_column(programme, outcome),
        cluster=cluster_column(rows, programme, outcome),
        unit="pp" if is_share else outcome.unit,
        controls=outcome.controls,
        fixed=lot_strata(programme, outcome),
        unit_id="teacher_id",
        time="year",
        link="logit" if is_share else "identity",
        assignment=programme.assignment,
        population=programme.target_text,
        estimand=programme.design[outcome.id],
        relevant_effect=outcome.relevant_effect if is_primary else None,
        concurrent=programme.concurrent,
        placebo_outcome=PLACEBO if PLACEBO in rows else "",
        strata=lot_strata(programme, outcome),
        exposed_on=day,
        closes_on=closes,
    )


def dates_of(rows: pd.DataFrame, programme: Intervention, outcome: Outcome) -> tuple[str, str]:
    """The columns with the day of exposure and the day by which it had to be over; empty where they are not there."""
    exposure = exposure_column(programme, outcome)
    day, closes = (exposure.replace("exposed_", f"{k}_", 1) for k in ("day", "closes"))
    return (day, closes) if {day, closes} <= set(rows) else ("", "")


def policy_design(plain: Design, rows: pd.DataFrame, programme: Intervention) -> Design:
    """E1 or E2: schools (scores) or cohorts (rates) and years take out what does not change.

    Of scores also what a changing staff explains, by facts that no programme moves.
    """
    is_linear = plain.link == "identity"
    strata = tuple(s for s in programme.strata if s in rows)
    return replace(
        plain,
        kind="staggered",
        first_treated=FIRST,
        controls=(),
        composition=tuple(c for c in UNMOVED if c in plain.controls) if is_linear else (),
        absorb="school_id" if is_linear else "",
        is_policy=True,
        strata=strata,
        placebo_outcome=plain.placebo_outcome if not is_linear else "",
    )


def aligned_design(plain: Design, rows: pd.DataFrame, outcome: Outcome) -> Design:
    """E4: changes since the score before, aligned on roster facts, the school's mean and policies that also began.

    Who comes is keener for good, and one noisy score does not stand for that: the change takes it out
    (docs/decisions/0016). Where places were drawn by lot, the score before is a covariate instead: more precise.
    """
    others = policies_beside(rows, plain.treatment, outcome)
    if plain.assignment == "lot":
        return replace(plain, kind="aipw", linear=(BEFORE, SCHOOL, *others))
    has_earlier = EARLIER in rows and bool(rows[EARLIER].notna().any())
    return replace(
        plain,
        kind="aipw",
        link="identity",
        method="change",
        linear=(BEFORE, SCHOOL, *others),
        placebo_outcome=BEFORE if has_earlier else "",
        placebo_baseline=EARLIER if has_earlier else "",
    )


def landmark_design(plain: Design, rows: pd.DataFrame, programme: Intervention) -> Design:
    """E3: every snapshot is a landmark; years of teaching stand beside the roster facts, compared within schools.

    Well-led schools train more and lose fewer; only inside a school is the one not taken for the other. Not where
    whole schools are exposed, nor where a list or a lot decided over all schools.
    """
    tenure = ("years_teaching",) if "years_teaching" in rows else ()
    controls = tuple(dict.fromkeys((*plain.controls, *tenure)))
    within = "school_id" if programme.exposure.kind in ONE_BY_ONE else ""
    causes = "exit_reason" if "exit_reason" in rows else ""
    return replace(
        plain,
        kind="hazard",
        controls=controls,
        fixed=("year", *plain.fixed),
        causes=causes,
        within=within,
    )


def policies_beside(rows: pd.DataFrame, treatment: str, outcome: Outcome) -> tuple[str, ...]:
    """Exposures to policies held against the same outcome: their start must not be taken for the course's work."""
    names = [str(c).removeprefix("group_") for c in rows if str(c).startswith("group_")]
    found = (f"exposed_{name}_{outcome.id}" for name in names)
    return tuple(c for c in found if c in rows and c != treatment and rows[c].nunique() == 2)


def cluster_column(rows: pd.DataFrame, programme: Intervention, outcome: Outcome) -> str:
    """Where errors go together: the school, or what lies above it if no school of it was decided on its own."""
    for wider in WIDER if is_policy(programme, outcome) else ():
        if assignment_cluster(rows, FIRST, "school_id", wider) == wider:
            return wider
    return "school_id"


def lot_strata(programme: Intervention, outcome: Outcome) -> tuple[str, ...]:
    """The panel column of the strata that lots were drawn in: chances were equal only inside them."""
    is_lot = programme.exposure.kind == "lot"
    return (f"stratum_{programme.id}_{outcome.id}",) if is_lot else ()


def survey_design(rows: pd.DataFrame, plain: Design, replicates: Replicates | None) -> Design:
    """A survey regression within strata; with replicate weights, by their own method, if the survey brought them."""
    fixed = ("survey_stratum",) if "survey_stratum" in rows else ()
    simple = replace(
        plain, link="identity", unit_id="", time="", placebo_outcome="", fixed=fixed, strata=()
    )
    if not any(c.startswith(REPLICATES) for c in rows.columns):
        return replace(simple, kind="linear")
    found = replace(simple, kind="replicate", weights="survey_weight", replicate_prefix=REPLICATES)
    if replicates is None:
        return found
    return replace(found, method=replicates.method, fay=replicates.fay)
