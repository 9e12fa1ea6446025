"""Prizes cluster in urban schools, except where the published number of rural ones is fixed."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.synthetic.truth.calendar import school_days
from analysis.synthetic.truth.office.desk import Desk
from analysis.synthetic.truth.office.honours import (
    draw_contests,
    draw_ethics_cases,
    draw_honours,
    draw_micro_cases,
    draw_projects,
)
from tests.synthetic.truth.office.drawn import drawn_desk


def area_of(desk: Desk, rows: pd.DataFrame) -> pd.Series:
    return desk.teachers.set_index("person")["area"].astype(str).loc[rows["person"]]


@pytest.mark.parametrize(("year", "prizes"), [(2024, 20), (2025, 26), (2026, 26)])
def test_rural_prizes_of_the_county(year: int, prizes: int) -> None:
    desk = drawn_desk("county", year)
    rows = draw_contests(desk)
    assert (area_of(desk, rows) == "rural").sum() == prizes
    assert len(rows) == 140


@pytest.mark.parametrize("draw", [draw_contests, draw_micro_cases])
def test_prizes_cluster_in_urban_schools(draw) -> None:
    desk = drawn_desk("city")
    won = area_of(desk, draw(desk)).value_counts(normalize=True)
    base = desk.teachers["area"].astype(str).value_counts(normalize=True)
    assert won["urban"] / base["urban"] > 1.15
    assert won["rural"] / base["rural"] < 0.85


def test_the_most_beautiful_rural_teachers_are_not_urban() -> None:
    desk = drawn_desk("city")
    rows = draw_honours(desk)
    rural = rows[rows["honour"] == "rural_model"]
    assert not (area_of(desk, rural) == "urban").any()
    assert not rural["person"].duplicated().any()


def test_provincial_prizes_are_of_the_first_class_and_dates_lie_in_the_year() -> None:
    rows = draw_contests(drawn_desk("city"))
    assert set(rows.loc[rows["honour_level"] == "province", "honour"]) == {"master_teacher"}
    assert rows["award_date"].between("2025-04-10", "2025-06-20").all()


def test_the_city_approves_fewer_projects() -> None:
    rows = draw_projects(drawn_desk("city"))
    assert len(rows) == 325
    assert rows["is_approved"].sum() == round(0.62 * 325)


def test_each_title_of_each_level_has_its_day_and_its_letter() -> None:
    rows = draw_honours(drawn_desk("county"))
    letters = rows.drop_duplicates(["honour", "honour_level", "award_date", "document"])
    assert len(letters) == 6
    assert letters["document"].is_unique
    assert letters["award_date"].nunique() >= 3
    # letters are numbered in the order in which they were sent
    by_number = letters.sort_values("document")["award_date"]
    assert by_number.is_monotonic_increasing


@pytest.mark.parametrize(
    "draw", [draw_honours, draw_contests, draw_micro_cases, draw_ethics_cases, draw_projects]
)
def test_dates_are_days_on_which_schools_work(draw) -> None:
    open_days = [*school_days(2025), *school_days(2026)]
    dates = draw(drawn_desk("city"))["award_date"].to_numpy()
    assert pd.Series(dates.astype("datetime64[D]")).isin(open_days).all()


def test_a_contest_is_decided_in_one_day_by_subject_and_level() -> None:
    rows = draw_contests(drawn_desk("city"))
    days = rows.groupby(["honour_level", "subject"], observed=True)["award_date"].nunique()
    assert (days == 1).all()
    assert rows["award_date"].nunique() > 3
