"""Test scores of the report year, of the two years before, and the school's mean of the year before."""

from __future__ import annotations

import pandas as pd

from analysis.study.objects import Definition, Study

DIMENSIONS = (
    "digital_awareness",
    "digital_skills",
    "digital_application",
    "digital_responsibility",
    "professional_growth",
)
EARLIER = {"pre_score": 1, "pre_score_2": 2}  # column -> years before the report year


def add_scores(study: Study, frame: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Adds the year's scores, ``pre_score``, ``pre_score_2``, ``school_pre_score`` and the outcome columns."""
    tests = tables.get("assessments")
    out = frame.copy()
    if tests is not None and not tests.empty and "row_order" in out:
        out = _join_tests(out, one_per_person(tests))
        out["school_pre_score"] = out.groupby(["year", "school_id"])["pre_score"].transform("mean")
    for outcome in study.outcomes.values():
        if outcome.source == "roster":
            continue
        for definition in outcome.definitions.values():
            if definition.variable in out:
                out[study.outcome_column(outcome.id, definition.id)] = read_score(out, definition)
    return out


def one_per_person(tests: pd.DataFrame) -> pd.DataFrame:
    """One score per linked teacher and year: the earliest test date, so that a retake never replaces a first try."""
    linked = tests[tests["teacher_id"].fillna("") != ""]
    dated = (
        linked.sort_values(["year", "test_date"], kind="stable")
        if "test_date" in linked
        else linked
    )
    return dated.drop_duplicates(["teacher_id", "year"])


def _join_tests(frame: pd.DataFrame, tests: pd.DataFrame) -> pd.DataFrame:
    """Scores of the report year and of the year before, by teacher."""
    wanted = [c for c in ("digital_score", *DIMENSIONS, "test_date") if c in tests]
    now = tests[["teacher_id", "year", *wanted]]
    out = frame.merge(now, on=["teacher_id", "year"], how="left")
    for name, years in EARLIER.items():
        before = tests[["teacher_id", "year", "digital_score"]].rename(
            columns={"digital_score": name}
        )
        before = before.assign(year=before["year"] + years)
        out = out.merge(before, on=["teacher_id", "year"], how="left")
    return out


def read_score(frame: pd.DataFrame, definition: Definition) -> pd.Series:
    """The outcome as a number, or as 0/1 where the definition has a cut."""
    values = pd.to_numeric(frame[definition.variable], errors="raise").astype(float)
    if definition.at_least is not None:
        return (values >= definition.at_least).astype(float).where(values.notna())
    if definition.at_most is not None:
        return (values <= definition.at_most).astype(float).where(values.notna())
    return values
