"""Exposure is dated so that it comes before the outcome; drawn rows with the answers beside them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analysis.panel.exposure import (
    attendance,
    chosen_value,
    roster_flag,
    school_start,
    since,
)
from analysis.study.objects import Attendance, RosterFlag, SchoolFlag, SchoolStart


def test_a_start_inside_the_window_is_a_partial_cell() -> None:
    years = pd.Series([2024, 2025, 2025, 2025, 2025])
    start = pd.Series(["2024-09-01", "2024-09-01", "2024-10-01", "2025-09-01", None])
    found = since(start, years)
    assert found.tolist()[:2] == [0.0, 1.0]
    assert np.isnan(found[2])
    assert found.tolist()[3:] == [0.0, 0.0]


def test_a_policy_needs_both_the_flag_and_the_date() -> None:
    rows = pd.DataFrame(
        {"subsidy_eligible": ["yes", "yes", "no", None], "year": [2024, 2025, 2025, 2025]}
    )
    rule = RosterFlag(kind="roster_flag", variable="subsidy_eligible", starts=dt.date(2024, 9, 1))
    found = roster_flag(rule, rows)
    assert found["exposed"].tolist()[:3] == [0.0, 1.0, 0.0]
    assert np.isnan(found["exposed"][3])
    assert found["group"].tolist()[:3] == [1.0, 1.0, 0.0]


def test_a_school_joins_from_a_month_on() -> None:
    rows = pd.DataFrame({"pilot_start": ["2023-09", "2024-09", None], "year": [2025, 2024, 2025]})
    found = school_start(SchoolStart(kind="school_start", variable="pilot_start"), rows)
    assert found["exposed"].tolist() == [1.0, 0.0, 0.0]
    assert found["group"].tolist() == [1.0, 1.0, 0.0]


def test_a_school_without_a_group_is_neither() -> None:
    rows = pd.DataFrame({"school_group": ["ISP", "Network 1", None], "year": [2017] * 3})
    rule = SchoolFlag(kind="school_flag", variable="school_group", values=("ISP",))
    found = chosen_value(rule, rows)["exposed"]
    assert found.tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found[2])


# teacher, last day, hours -> counted for attrition of 2025 (12 months to 2024-09-01)?
LEDGER = pd.DataFrame(
    [
        ("in_time", "2024-03-01", 10.0),
        ("too_early", "2023-08-31", 10.0),
        ("too_late", "2024-09-02", 10.0),
        ("too_few", "2024-03-01", 7.0),
        ("two_parts", "2024-01-10", 4.0),
        ("two_parts", "2024-05-10", 4.0),
    ],
    columns=["teacher_id", "end_date", "hours"],
).assign(programme="digital_course")


def test_attendance_counts_only_the_twelve_months_before() -> None:
    names = ["in_time", "too_early", "too_late", "too_few", "two_parts", "never"]
    rows = pd.DataFrame({"teacher_id": names, "year": 2025})
    rule = Attendance(kind="attendance", programme="digital_course", min_hours=8)
    found = attendance(rule, rows, {"trainings": LEDGER}, "roster")["exposed"]
    assert dict(zip(names, found, strict=True)) == {
        "in_time": 1.0, "too_early": 0.0, "too_late": 0.0, "too_few": 0.0, "two_parts": 1.0, "never": 0.0,
    }  # fmt: skip


def test_a_year_without_a_ledger_is_unknown_not_nobody() -> None:
    rows = pd.DataFrame({"teacher_id": ["in_time", "never"], "year": [2022, 2022]})
    rule = Attendance(kind="attendance", programme="digital_course", min_hours=8)
    assert attendance(rule, rows, {"trainings": LEDGER}, "roster")["exposed"].isna().all()


def test_scores_look_back_from_the_day_of_the_test() -> None:
    rows = pd.DataFrame(
        {
            "teacher_id": ["in_time", "too_late"],
            "year": [2024, 2024],
            "test_date": ["2024-05-20", "2024-05-20"],
        }
    )
    rule = Attendance(kind="attendance", programme="digital_course", min_hours=8)
    found = attendance(rule, rows, {"trainings": LEDGER}, "assessments")["exposed"]
    assert found.tolist() == [1.0, 0.0]
