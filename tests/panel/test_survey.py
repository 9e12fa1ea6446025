"""Needs against hours, on drawn rows."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.panel.survey import add_needs, add_survey, careful, survey_rows
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

NEEDS = ["need_digital", "need_interdisciplinary", "need_design", "need_assignment", "need_mental"]


def test_coverage_is_the_share_of_top_three_needs_with_hours() -> None:
    rows = pd.DataFrame(
        [
            ("all_met", 2025, 5, 4, 3, 1, 1),
            ("one_met", 2025, 5, 4, 3, 1, 1),
            ("none_met", 2025, 5, 4, 3, 1, 1),
            ("other_year", 2024, 5, 4, 3, 1, 1),
            ("ties", 2025, 5, 5, 5, 5, 1),
        ],
        columns=["teacher_id", "year", *NEEDS],
    )
    held = [("all_met", t) for t in ("digital", "interdisciplinary", "design")]
    held += [
        ("one_met", "digital"),
        ("none_met", "mental"),
        ("ties", "digital"),
        ("ties", "mental"),
    ]
    trainings = pd.DataFrame(held, columns=["teacher_id", "topic"]).assign(
        end_date="2025-04-01", hours=4.0
    )
    found = add_needs(rows, {"trainings": trainings}, 2025).set_index("teacher_id")
    coverage = found["need_coverage"]
    assert coverage["all_met"] == pytest.approx(1.0)
    assert coverage["one_met"] == pytest.approx(1 / 3)
    assert coverage["none_met"] == 0.0
    assert pd.isna(coverage["other_year"])
    assert coverage["ties"] == pytest.approx(
        1 / 4
    )  # four needs share the top rank, one of them met
    assert found["need_unmet"].dropna().to_dict() == {
        "all_met": 0,
        "one_met": 0,
        "none_met": 1,
        "ties": 0,
    }


def test_hours_of_another_calendar_year_do_not_count() -> None:
    rows = pd.DataFrame([("a", 2025, 5, 4, 3, 1, 1)], columns=["teacher_id", "year", *NEEDS])
    trainings = pd.DataFrame(
        {"teacher_id": ["a"], "topic": ["digital"], "end_date": ["2024-12-31"], "hours": [4.0]}
    )
    assert add_needs(rows, {"trainings": trainings}, 2025)["need_unmet"].tolist() == [1.0]


def test_scores_marks_and_weights_reach_the_panel_and_items_do_not() -> None:
    study = load_study(open_workspace())
    frame = pd.DataFrame({"teacher_id": ["a", "b"], "year": [2025, 2025], "school_id": ["1", "1"]})
    survey = pd.DataFrame(
        {
            "teacher_id": ["a", None],
            "year": [2025, 2025],
            "burnout_ee": [2.5, 3.0],
            "burnout_ee_1": [2, 3],
            "is_speeder": ["no", "no"],
            "survey_weight": [1.25, float("nan")],
        }
    )
    found = add_survey(study, frame, {"survey": survey}).set_index("teacher_id")
    assert found.loc["a", ["burnout_ee", "is_speeder", "survey_weight"]].tolist() == [
        2.5,
        "no",
        1.25,
    ]
    assert found["survey_weight"].isna().tolist() == [False, True]
    assert "burnout_ee_1" not in found


MARKS = [(None, None), ("no", "no"), ("yes", "no"), ("no", "yes"), ("yes", None)]


def test_answers_nobody_read_the_questions_for_do_not_count() -> None:
    """Of five answers the last three are marked: too fast, all alike, too fast."""
    survey = pd.DataFrame(MARKS, columns=["is_speeder", "is_straight_line"]).assign(
        teacher_id=list("abcde"), year=2025, burnout_ee=3.0
    )
    frame = pd.DataFrame({"teacher_id": list("abcde"), "year": 2025, "school_id": "1"})
    found = add_survey(load_study(open_workspace()), frame, {"survey": survey})
    assert found["is_respondent"].tolist() == [True, True, False, False, False]
    assert found["burnout_ee"].notna().tolist() == [True, True, False, False, False]
    assert survey_rows({"survey": survey}, 2025)["teacher_id"].tolist() == ["a", "b"]
    assert len(careful(survey.drop(columns=["is_speeder", "is_straight_line"]))) == 5


def test_every_need_names_the_topic_it_is_a_need_for() -> None:
    variables = load_study(open_workspace()).variables
    needs = {n: v for n, v in variables.items() if n.startswith("need_") and "survey" in v.tables}
    assert len(needs) == 12
    assert {n.removeprefix("need_") for n in needs} == {v.topic for v in needs.values()}
    for asked in ("topics_received", "topics_offered"):
        assert {v.topic for v in needs.values()} <= set(variables[asked].codes)
