"""What must be known of the whole before any figure is read: who answered, test forms, self-ratings beside tests."""

from __future__ import annotations

import pandas as pd

from analysis.inference.record import Arm, Estimate
from analysis.intake.delivery import Delivery
from analysis.panel.build import Panel
from analysis.study.objects import Study

RESPONSE, ANCHOR, SELF_RATING = "background:response", "background:anchor", "background:self_rating"
SELF = "_self"  # what a self-rating's column adds to the name of the outcome that is tested
MIN_PAIRS = 30  # fewer people with both scores say nothing of how the two agree


def measure_background(study: Study, delivery: Delivery, panel: Panel) -> tuple[Estimate, ...]:
    """The response rate, the mean on the items common to all forms by year, and self-rating against test.

    Each only where the data have it. None is an effect; they stand beside the others in ``estimates.csv``.
    """
    return (
        *response_level(delivery, panel),
        *anchor_levels(delivery, panel),
        *self_rating(study, panel),
    )


def response_level(delivery: Delivery, panel: Panel) -> tuple[Estimate, ...]:
    """The share of the teachers in post who answered: the weighted survey where there is one, else any that is linked.

    The last file it names is that of the answers.
    """
    now = panel.of_year()
    if "is_respondent" not in now or "roster" not in panel.files or now.empty:
        return ()
    counts, files = weighted_answers(delivery)
    answered, base = counts or (int(now["is_respondent"].sum()), len(now))
    if not base or not answered:
        return ()
    arm = Arm(base, int(now["school_id"].nunique()), answered, 100 * answered / base)
    own = panel.files_of(("roster",), panel.year - 1, panel.year - 1)
    files = (*own, *(files or panel.files_of(("survey",), panel.year, panel.year)))
    estimand = "response" if counts else "linked"
    return (background(panel, RESPONSE, estimand, "pp", arm, files),)


def weighted_answers(delivery: Delivery) -> tuple[tuple[int, int] | None, tuple[str, ...]]:
    """Answers and roster of the survey that was weighted, and the files of those rows; None if none was."""
    found, survey = delivery.checks.get("response"), delivery.tables.get("survey")
    if found is None or found.empty or survey is None or "survey_weight" not in survey:
        return None, ()
    whole = found[(found["year"] == delivery.year) & (found["margin"] == "all")]
    rows = survey[(survey["year"] == delivery.year) & survey["survey_weight"].notna()]
    files = tuple(str(name) for name in rows["source_file"].unique())
    if len(whole) != 1 or not files:
        return None, ()
    return (int(whole["n_answers"].iloc[0]), int(whole["n_roster"].iloc[0])), files


def anchor_levels(delivery: Delivery, panel: Panel) -> tuple[Estimate, ...]:
    """The mean on the common items, this year and the year before; first tests only, whoever took them."""
    tests = delivery.tables.get("assessments")
    if tests is None or "anchor_score" not in tests:
        return ()
    known = tests[tests["anchor_score"].notna()]
    if "attempt" in known:  # a retake never stands for a first try
        known = known[pd.to_numeric(known["attempt"], errors="coerce").fillna(1) <= 1]
    found = []
    for year, rows in known[known["year"].isin([panel.year - 1, panel.year])].groupby("year"):
        values = pd.to_numeric(rows["anchor_score"], errors="raise").astype(float)
        arm = Arm(len(rows), int(rows["school_id"].nunique()), None, float(values.mean()))
        files = panel.files_of(("assessments",), int(year), int(year))
        record = background(panel, f"{ANCHOR}:{year}", "anchor", "points", arm, files, int(year))
        found.append(record)
    return tuple(found)


def self_rating(study: Study, panel: Panel) -> tuple[Estimate, ...]:
    """How far a tested outcome and its self-rating ``<outcome>_self`` agree, over those who have both (Pearson)."""
    now, found = panel.of_year(), []
    for outcome in study.outcomes.values():
        own, tested = outcome.id + SELF, study.outcome_column(outcome.id, outcome.primary)
        if not {own, tested} <= set(now):
            continue
        both = now[[own, tested, "school_id"]].dropna()
        if len(both) < MIN_PAIRS or both[own].nunique() < 2 or both[tested].nunique() < 2:
            continue
        value = float(both[own].astype(float).corr(both[tested].astype(float)))
        arm = Arm(len(both), int(both["school_id"].nunique()), None, value)
        files = panel.files_of(("survey", "assessments"), panel.year, panel.year)
        id_ = f"{SELF_RATING}:{outcome.id}"
        found.append(background(panel, id_, "self_rating", "correlation", arm, files))
    return tuple(found)


def background(
    panel: Panel,
    id_: str,
    estimand: str,
    unit: str,
    arm: Arm,
    files: tuple[str, ...],
    year: int = 0,
) -> Estimate:
    """A record of one number about the whole: no comparison, no grade, nothing to be adjusted."""
    return Estimate(
        id=id_, kind="level", subject=estimand, outcome="", definition="", estimand=estimand,
        design="level", assignment="adjusted_gap", population="", unit=unit, year=year or panel.year,
        estimate=arm.level, std_error=None, df=None, ci_low=None, ci_high=None, p_value=None,
        p_adjusted=None, ci_adj_low=None, ci_adj_high=None,
        n_teachers=arm.n_teachers, n_schools=arm.n_schools, n_treated=0, n_treated_schools=0,
        n_control_schools=0, n_dropped=0, mde=None, relevant_effect=None,
        arms={"all": arm}, files=files, grade="D",
    )  # fmt: skip
