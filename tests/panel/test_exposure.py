"""Exposure is dated so that it comes before the outcome; drawn rows with the answers beside them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analysis.panel.exposure import (
    attendance,
    chosen_value,
    drawn_by_lot,
    roster_flag,
    school_start,
    since,
)
from analysis.study.objects import Attendance, Lot, RosterFlag, SchoolFlag, SchoolStart


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


def test_reality_17_a_pilot_school_without_a_date_is_unknown():
    rule = SchoolStart(kind="school_start", variable="pilot_start", listed="is_pilot")
    rows = pd.DataFrame(
        {
            "pilot_start": ["2023-09", None, None, None],
            "is_pilot": ["yes", "yes", "no", None],
            "year": [2025] * 4,
        }
    )
    found = school_start(rule, rows)
    assert found["group"].fillna(-1).tolist() == [1, -1, 0, 0]
    assert found["exposed"].fillna(-1).tolist() == [1, -1, 0, 0]


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


# teacher, day of the lot, stratum, result -> exposed for attrition of 2025 (12 months to 2024-09-01)?
LOTS = pd.DataFrame(
    [
        ("drawn", "2024-03-01", "rural", "drawn"),
        ("waiting", "2024-03-01", "rural", "waiting"),
        ("too_early", "2023-08-31", "rural", "drawn"),
        ("too_late", "2024-09-02", "urban", "drawn"),
        ("second_time", "2024-05-01", "urban", "drawn"),
        ("second_time", "2024-03-01", "urban", "waiting"),
        ("undated", None, "urban", "drawn"),
        ("unlinked", "2024-03-01", "urban", "drawn"),
    ],
    columns=["teacher_id", "lot_date", "lot_stratum", "lot_result"],
).assign(programme="digital_course")
LOT = Lot(kind="lot", programme="digital_course")


def test_a_lot_compares_the_drawn_with_the_waiting_and_nobody_else() -> None:
    names = ["drawn", "waiting", "too_early", "too_late", "second_time", "undated", "never_applied"]
    rows = pd.DataFrame({"teacher_id": names, "year": 2025})
    lots = LOTS.assign(teacher_id=LOTS["teacher_id"].replace("unlinked", ""))
    found = drawn_by_lot(LOT, rows, {"programmes": lots}, "roster")
    exposed = dict(
        zip(
            names,
            found["exposed"].astype(object).where(found["exposed"].notna(), None),
            strict=True,
        )
    )
    assert exposed == {
        "drawn": 1.0, "waiting": 0.0, "too_early": None, "too_late": None,
        "second_time": 0.0,  # by the first lot, whatever came of the second
        "undated": None, "never_applied": None,
    }  # fmt: skip
    assert found["stratum"].tolist()[:2] == ["2024-03-01/rural"] * 2
    assert (found["day"].dropna() <= found["closes"][found["day"].notna()]).all()


def test_a_lot_of_another_programme_says_nothing() -> None:
    rows = pd.DataFrame({"teacher_id": ["drawn"], "year": [2025]})
    other = LOTS.assign(programme="mentoring")
    assert drawn_by_lot(LOT, rows, {"programmes": other}, "roster") == {}
    assert drawn_by_lot(LOT, rows, {}, "roster") == {}
    assert drawn_by_lot(LOT, rows, {"programmes": LOTS.drop(columns="lot_date")}, "roster") == {}
