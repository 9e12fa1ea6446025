"""Attendances reported twice, and lists that are the roster pasted in."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.attendance import pasted_lines, pasted_lists, repeated_attendances

FIRST = ("a", "digital", "2025-03-01", "2025-03-03", 8.0, "school")
AGAIN = [
    # the second row | whether it tells again of the first
    (("a", "digital", "2025-03-02", "2025-03-02", 8.0, "county"), True),
    (("a", "digital", "2025-03-03", None, 8.0, "county"), True),
    (
        ("a", "digital", "2025-03-02", "2025-03-02", 8.0, "school"),
        False,
    ),  # same reporter: two sessions
    (("a", "digital", "2025-03-04", "2025-03-05", 8.0, "county"), False),  # later
    (("a", "digital", "2025-03-02", "2025-03-02", 6.0, "county"), False),  # other hours
    (("b", "digital", "2025-03-02", "2025-03-02", 8.0, "county"), False),
    ((None, "digital", "2025-03-02", "2025-03-02", 8.0, "county"), False),
    (("a", "digital", "2025-03", "2025-03", 8.0, "county"), False),  # the day is not said
]


@pytest.mark.parametrize(("second", "is_again"), AGAIN)
def test_reality_08_county_and_school_report_one_attendance(
    second: tuple[object, ...], is_again: bool
) -> None:
    columns = ["person", "programme", "start_date", "end_date", "hours", "level"]
    rows = pd.DataFrame([FIRST, second], columns=columns)
    assert repeated_attendances(rows).tolist() == [False, is_again]


def roster() -> pd.DataFrame:
    """Ten people of school 1, one of whom does not teach, and six of school 2, all teachers."""
    people = [f"p{i}" for i in range(16)]
    return pd.DataFrame(
        {
            "year": 2024,
            "person": people,
            "school_id": ["1"] * 10 + ["2"] * 6,
            "is_teacher": ["yes"] * 9 + ["no"] + ["yes"] * 6,
        }
    )


def session(name: str, people: list[int], school: str) -> pd.DataFrame:
    """The rows of one session."""
    return pd.DataFrame(
        {"year": 2025, "session": name, "person": [f"p{i}" for i in people], "school_id": school}
    )


LISTS = [
    ("whole", session("whole", list(range(10)), "1"), True),
    ("nine of ten", session("nearly", [*range(1, 10)], "1"), True),
    ("all who teach", session("teachers", list(range(9)), "1"), False),  # they may have come
    ("eight of ten", session("many", list(range(2, 10)), "1"), False),
    ("a school of teachers only", session("small", list(range(10, 16)), "2"), True),
    ("guests of another school", session("guests", list(range(10)), "2"), False),
]


@pytest.mark.parametrize(("what", "rows", "is_pasted"), LISTS, ids=[what for what, *_ in LISTS])
def test_reality_09_a_whole_school_in_one_session_is_a_pasted_list(
    what: str, rows: pd.DataFrame, is_pasted: bool
) -> None:
    assert pasted_lists(rows, roster()).tolist() == [is_pasted] * len(rows)


def test_reality_09_rows_of_a_pasted_list_stay_and_are_told_with_their_session() -> None:
    rows = pd.concat([LISTS[0][1], session("other", [1, 2], "1")], ignore_index=True)
    rows = rows.assign(source_year=2025, source_file="f", source_sheet="", source_row=range(12))
    lines = pasted_lines(rows, roster())
    assert set(lines["rule"]) == {"pasted_list"}
    assert lines["row"].tolist() == list(range(10))
    assert set(lines["found"]) == {"whole"}
    assert pasted_lines(rows, None).empty


def test_without_sessions_no_list_is_known() -> None:
    rows = LISTS[0][1].drop(columns="session")
    assert not pasted_lists(rows, roster()).any()
