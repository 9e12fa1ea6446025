"""Working days of schools, against days looked up in a calendar."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.truth.calendar import school_days, school_offsets
from analysis.synthetic.truth.record import Draw


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2024-09-02", True),  # a Monday
        ("2024-09-07", False),  # a Saturday
        ("2024-10-04", False),  # the national holiday
        ("2025-01-01", False),
        ("2025-01-10", True),  # a Friday before the winter vacation
        ("2025-01-29", False),  # the Spring Festival
        ("2025-02-12", False),  # still winter vacation
        ("2025-02-17", True),  # a Monday after it
        ("2025-05-02", False),
        ("2025-05-12", True),
        ("2025-07-21", False),  # summer
        ("2025-08-27", True),  # teachers come back before the pupils
    ],
)
def test_days_of_a_school_year(day: str, is_open: bool) -> None:
    assert (np.datetime64(day) in school_days(2025)) is is_open


def test_offsets_count_from_september() -> None:
    # 1 September 2024 is a Sunday: the first working days are the 2nd to the 6th
    assert school_offsets(2025, 0, 8).tolist() == [1, 2, 3, 4, 5]
    assert school_offsets(2025, 320, 330).tolist() == list(range(320, 330))  # all of it vacation


def test_a_year_outside_the_table_has_a_winter_vacation_too() -> None:
    assert np.datetime64("2035-02-05") not in school_days(2035)
    assert 180 < len(school_days(2035)) < 230


def test_courses_and_tests_are_held_on_working_days(county: Draw) -> None:
    days = np.concatenate([school_days(year) for year in range(2021, 2028)])
    rows = county.trainings[county.trainings["programme"] != "online_general"]
    assert np.isin(rows["start_date"].to_numpy().astype("datetime64[D]"), days).all()
    assert np.isin(county.scores["test_date"].to_numpy().astype("datetime64[D]"), days).all()
    per_school = county.scores.groupby(["year", "school"])["test_date"].nunique()
    assert per_school.max() <= 2  # the day, and one for those who were away
