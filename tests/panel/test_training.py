"""What the lists say of each teacher: three drawn teachers with the answer beside them; absent lists add nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.panel.build import Panel
from analysis.panel.training import add_training

# teacher: needs digital 5, design 2, class 4, care 1
# a: 6 h digital face to face and 4 h design online -> precision 6/10; follow-up with 80 and 90
# b: 3 h class online only, 2 h of last year -> precision 3/3; not face to face, so not asked about follow-up
# c: in no list -> 0 hours, no precision
NEEDS = {"need_digital": 5, "need_design": 2, "need_class": 4, "need_care": 1}
TRAININGS = pd.DataFrame(
    [
        ("a", 2025, "digital", "onsite", "2025-03-01", 6.0),
        ("a", 2025, "design", "online", "2025-04-01", 4.0),
        ("b", 2025, "class", "online", "2025-05-01", 3.0),
        ("b", 2024, "digital", "onsite", "2024-05-01", 2.0),
    ],
    columns=["teacher_id", "year", "topic", "mode", "end_date", "hours"],
)
PROGRAMMES = pd.DataFrame(
    [
        ("a", 2025, "follow_up", 80.0),
        ("a", 2025, "follow_up", 90.0),
        ("c", 2025, "studio", None),
        ("b", 2024, "studio", None),
    ],
    columns=["teacher_id", "year", "programme", "application_score"],
)
HONOURS = pd.DataFrame(
    [("a", 2025, "yes", None), ("b", 2025, "no", "first")],
    columns=["teacher_id", "year", "is_approved", "prize"],
)
TRAINERS = pd.DataFrame([("b", 2025)], columns=["teacher_id", "year"])


def panel() -> Panel:
    rows = [
        {"teacher_id": t, "school_id": "s1", "year": y, "backbone": b, "years_teaching": n, **NEEDS}
        for y in (2024, 2025)
        for t, b, n in (("a", "none", 3.0), ("b", "county", 4.0), ("c", None, 40.0))
    ]
    frame = pd.DataFrame(rows).assign(topics_offered=["none", "digital;care", None] * 2)
    return Panel(region="drawn", year=2025, frame=frame)


def added() -> pd.DataFrame:
    tables = {
        "trainings": TRAININGS,
        "programmes": PROGRAMMES,
        "honours": HONOURS,
        "trainers": TRAINERS,
    }
    return add_training(panel(), tables).of_year().set_index("teacher_id")


def test_hours_and_needs_of_three_teachers() -> None:
    now = added()
    assert now["training_hours"].tolist() == [10.0, 3.0, 0.0]
    assert now["was_trained_face_to_face"].tolist() == [1.0, 0.0, 0.0]
    assert now["need_precision"].tolist()[:2] == [0.6, 1.0]
    assert pd.isna(now["need_precision"]["c"])
    assert now["unmet_digital"].tolist() == [0.0, 1.0, 1.0]
    assert now["unmet_care"].tolist() == [0.0, 0.0, 0.0]  # rated 1: no need
    # top three: digital, class, design; of b's answer only digital is among them
    assert now["need_offered"].tolist()[:2] == [0.0, pytest.approx(1 / 3)]
    assert pd.isna(now["need_offered"]["c"])


def test_lists_of_three_teachers() -> None:
    now = added()
    assert now["was_followed_up"]["a"] == 1.0
    assert now["was_followed_up"].isna().tolist() == [False, True, True]
    assert now["application_score"]["a"] == 85.0
    assert now["is_studio_member"].tolist() == [0.0, 0.0, 1.0]  # b's studio is of last year
    assert now["has_project"].tolist() == [1.0, 0.0, 0.0]
    assert now["has_prize"].tolist() == [0.0, 1.0, 0.0]
    assert now["is_trainer"].tolist() == [0.0, 1.0, 0.0]
    assert now["is_listed_trainer"].tolist() == ["no", "yes", "no"]
    assert now["is_backbone"].tolist()[:2] == [0.0, 1.0]
    assert pd.isna(now["is_backbone"]["c"])
    assert now["career_stage"].tolist() == ["novice", "early", "veteran"]


def test_other_years_stay_without() -> None:
    frame = add_training(panel(), {"trainings": TRAININGS}).frame
    assert frame.loc[frame["year"] == 2024, "training_hours"].isna().all()


def test_absent_lists_add_no_columns() -> None:
    found = set(add_training(panel(), {}).frame)
    assert found - set(panel().frame) == {"need_offered", "is_backbone", "career_stage"}


def test_a_survey_only_region_survives() -> None:
    bare = Panel("drawn", 2025, pd.DataFrame({"teacher_id": ["a"], "year": [2025]}))
    assert set(add_training(bare, {}).frame) == {"teacher_id", "year"}
