"""Exposure is dated so that it comes before the outcome; drawn rows with the answers beside them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from analysis.panel.exposure import (
    attendance,
    chosen_value,
    drawn_by_lot,
    fund_grade,
    roster_flag,
    school_start,
    since,
    waiting_list,
)
from analysis.study.objects import (
    Attendance,
    FundGrade,
    Lot,
    RosterFlag,
    SchoolFlag,
    SchoolStart,
    WaitingList,
)


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


# teacher, day of applying, of getting a place, of giving it up -> exposed for attrition of 2025 (from 2024-09-01)?
LIST = pd.DataFrame(
    [
        ("housed", "2024-06-10", "2024-09-01", None, 2025),
        ("waiting", "2024-06-10", None, None, 2025),
        ("housed_inside", "2024-06-10", "2025-01-15", None, 2025),
        ("housed_later", "2024-06-10", "2025-09-01", None, 2025),
        ("applied_later", "2024-09-02", None, None, 2025),
        ("given_up", "2023-06-10", "2023-09-01", "2024-08-31", 2025),
        ("undated_wish", None, "2024-09-01", None, 2025),
        ("undated", None, None, None, 2025),
        ("two_lists", "2024-06-10", None, None, 2024),
        ("two_lists", "2024-06-10", "2024-08-20", None, 2025),
    ],
    columns=["teacher_id", "applied_date", "start_date", "end_date", "year"],
).assign(programme="dormitory")
FLATS = WaitingList(kind="waiting_list", programme="dormitory")


def told(found: dict[str, pd.Series], names: list[str]) -> dict[str, float | None]:
    exposed = found["exposed"]
    known = exposed.astype(object).where(exposed.notna(), None)
    return dict(zip(names, known, strict=True))


def test_a_waiting_list_compares_the_housed_with_those_still_waiting() -> None:
    names = [*dict.fromkeys(LIST["teacher_id"]), "never_asked"]
    rows = pd.DataFrame({"teacher_id": names, "year": 2025}, index=range(50, 50 + len(names)))
    found = waiting_list(FLATS, rows, {"programmes": LIST}, "roster")
    assert told(found, names) == {
        "housed": 1.0, "waiting": 0.0,
        "housed_inside": None,  # a partial cell
        "housed_later": 0.0, "applied_later": None, "given_up": None,
        "undated_wish": 1.0, "undated": None, "two_lists": 1.0, "never_asked": None,
    }  # fmt: skip
    days = found["day"].dropna()
    assert (days <= found["closes"][days.index]).all()  # exposure before the window


def test_nobody_waits_before_the_list_or_after_the_newest_one() -> None:
    rows = pd.DataFrame({"teacher_id": ["housed", "waiting"] * 2, "year": [2024, 2024, 2026, 2026]})
    assert waiting_list(FLATS, rows, {"programmes": LIST}, "roster")["exposed"].isna().all()


def test_a_score_looks_at_the_list_on_the_day_of_the_test() -> None:
    names = ["housed", "housed_inside", "housed_later"]
    rows = pd.DataFrame({"teacher_id": names, "year": 2025, "test_date": "2025-05-20"})
    found = waiting_list(FLATS, rows, {"programmes": LIST}, "assessments")
    assert told(found, names) == {"housed": 1.0, "housed_inside": 1.0, "housed_later": 0.0}


def test_a_list_of_another_programme_or_without_dates_says_nothing() -> None:
    rows = pd.DataFrame({"teacher_id": ["housed"], "year": [2025]})
    assert waiting_list(FLATS, rows, {}, "roster") == {}
    other = LIST.assign(programme="rotation")
    assert waiting_list(FLATS, rows, {"programmes": other}, "roster") == {}
    undated = LIST.drop(columns="applied_date")
    assert waiting_list(FLATS, rows, {"programmes": undated}, "roster") == {}


# teacher, year of the list (its months end in August), grade
PAID = pd.DataFrame(
    [
        ("high", 2024, "third"),
        ("low", 2024, "first"),
        ("late", 2025, "third"),  # paid inside the window of 2025
        ("both", 2024, "first"),
        ("both", 2024, "third"),
        ("", 2024, "third"),
    ],
    columns=["teacher_id", "year", "subsidy_grade"],
)


def test_a_grade_counts_by_the_list_that_was_complete_when_the_window_opened() -> None:
    names = ["high", "low", "late", "both", "never_paid"]
    rows = pd.DataFrame({"teacher_id": names, "year": 2025})
    rule = FundGrade(kind="fund_grade", variable="subsidy_grade", values=("second", "third"))
    found = fund_grade(rule, rows, {"funds": PAID}, "roster")
    assert told(found, names) == {
        "high": 1.0, "low": 0.0, "late": None, "both": None, "never_paid": None,
    }  # fmt: skip
    assert (found["day"].dropna() < "2024-09-01").all()
    assert fund_grade(rule, rows, {"funds": PAID.drop(columns="subsidy_grade")}, "roster") == {}


def test_a_list_with_one_day_only_counts_by_that_day() -> None:
    """Lists of the office give a day, not a span; a table with both columns may leave the second empty."""
    rows = pd.DataFrame({"teacher_id": ["in_time", "too_late"], "year": [2025, 2025]})
    days = LEDGER.rename(columns={"end_date": "start_date"}).assign(end_date=None)
    rule = Attendance(kind="attendance", programme="digital_course", min_hours=8)
    found = attendance(rule, rows, {"programmes": days}, "roster")["exposed"]
    assert found.tolist() == [1.0, 0.0]
