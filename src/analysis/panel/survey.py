"""Survey answers beside the roster, and how far the training that was held met the needs that were voiced."""

from __future__ import annotations

import pandas as pd

from analysis.panel.scores import read_score
from analysis.study.objects import Study

KEYS = ("teacher_id", "year", "school_id")
TOP_NEEDS = 3
CARELESS = ("is_speeder", "is_straight_line")  # marks of answers nobody read the questions for


def careful(survey: pd.DataFrame) -> pd.DataFrame:
    """The answers that count: a form filled in too fast, or with one and the same rating throughout, tells nothing.

    Left in they tie everything to everything: all high or all low (Meade and Craig 2012, Psychological Methods 17:437).
    """
    marks = [c for c in CARELESS if c in survey]
    return survey[~(survey[marks] == "yes").any(axis=1)] if marks else survey


def survey_rows(tables: dict[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """Survey respondents as panel rows, for a region that has no roster; empty if it has no survey either."""
    survey = tables.get("survey")
    if survey is None or survey.empty:
        return pd.DataFrame(columns=["teacher_id", "year", "school_id", "row_order"])
    rows = careful(survey[survey["year"] <= year]).copy()
    rows["base_year"] = rows["year"]
    return rows.assign(row_order=range(len(rows)), is_respondent=True)


def add_survey(study: Study, frame: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Adds the answers of linked respondents in the same report year, and the outcomes read from them.

    Of scales the scores come along, not the items; ``survey_weight`` is that of the answers, missing for who has none.
    """
    survey = tables.get("survey")
    if survey is None or survey.empty or "is_respondent" in frame:
        return frame
    told = careful(survey)
    linked = told[told["teacher_id"].fillna("") != ""].drop_duplicates(["teacher_id", "year"])
    items = {item for scale in study.scales.values() for item in scale.items}
    new = [c for c in linked.columns if c not in frame.columns and c not in items]
    answers = linked[["teacher_id", "year", *new]].assign(is_respondent=True)
    out = frame.merge(answers, on=["teacher_id", "year"], how="left")
    out["is_respondent"] = out["is_respondent"].fillna(False).astype(bool)
    return _read_outcomes(study, out)


def _read_outcomes(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Outcome columns whose source is the survey."""
    out = frame.copy()
    for outcome in study.outcomes.values():
        for definition in outcome.definitions.values():
            if outcome.source == "survey" and definition.variable in out:
                out[study.outcome_column(outcome.id, definition.id)] = read_score(out, definition)
    return out


def add_needs(frame: pd.DataFrame, tables: dict[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """Adds ``need_coverage`` (share of the top-three needs with any hours in the calendar year) and ``need_unmet``."""
    trainings = tables.get("trainings")
    needs = [c for c in frame.columns if c.startswith("need_")]
    if trainings is None or trainings.empty or len(needs) < TOP_NEEDS or "topic" not in trainings:
        return frame
    is_now = (frame["year"] == year) & frame[needs].notna().all(axis=1)
    now = frame.loc[is_now]
    ranks = now[needs].astype(float).rank(axis=1, method="min", ascending=False)
    is_top = ranks <= TOP_NEEDS
    has_hours = hours_by_topic(trainings, now["teacher_id"], year, needs) > 0
    out = frame.copy()
    out.loc[is_now, "need_coverage"] = (is_top & has_hours).sum(axis=1) / is_top.sum(axis=1)
    out.loc[is_now, "need_unmet"] = (out.loc[is_now, "need_coverage"] == 0).astype(float)
    return out


def hours_by_topic(
    trainings: pd.DataFrame, teachers: pd.Series, year: int, needs: list[str]
) -> pd.DataFrame:
    """Hours per teacher (rows, index of ``teachers``) and need (columns) in one calendar year."""
    held = trainings[trainings["end_date"].astype("string").str.startswith(str(year)).fillna(False)]
    sums = held.pivot_table(index="teacher_id", columns="topic", values="hours", aggfunc="sum")
    wide = sums.rename(columns=lambda topic: f"need_{topic}").reindex(columns=needs)
    return wide.reindex(teachers.to_numpy()).fillna(0.0).set_index(teachers.index)
