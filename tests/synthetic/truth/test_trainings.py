"""Attendances: who comes, how often, when, and that nobody comes after leaving."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw


def held(draw: Draw, programme: str) -> pd.DataFrame:
    """The attendances of one programme."""
    return draw.trainings[draw.trainings["programme"] == programme]


def test_dates_and_years(county: Draw) -> None:
    rows = county.trainings
    assert (rows["end_date"].dt.year == rows["year"]).all()
    assert (rows["start_date"] <= rows["end_date"]).all()
    assert rows["year"].between(2021, 2025).all()


def test_nobody_attends_after_leaving(county: Draw) -> None:
    gone = county.fates[county.fates["next_school"] < 0].set_index("person")["event_date"]
    rows = county.trainings[county.trainings["person"].isin(gone.index)]
    assert (rows["end_date"] <= rows["person"].map(gone)).all()


def test_a_session_has_one_date_programme_and_topic(county: Draw) -> None:
    rows = county.trainings[county.trainings["programme"] != "online_general"]
    columns = ["start_date", "topic", "mode"]
    sessions = rows.groupby(["programme", "session"], observed=True)[columns].nunique()
    assert (sessions == 1).all(axis=None)
    assert not rows.duplicated(["programme", "session", "person"]).any()


def test_course_takers(county: Draw) -> None:
    rows = held(county, "digital_course")
    assert set(rows["hours"]) == {16.0}
    assert set(rows["start_date"].dt.month) <= {1, 2, 3, 4, 5}
    assert (
        rows["end_date"] < pd.to_datetime(rows["year"].astype(str) + "-05-12")
    ).all()  # the test
    taken = rows.groupby("year")["person"].nunique()
    sizes = county.teachers[county.teachers["is_teacher"]].groupby("year").size()
    for year in (2023, 2024, 2025):  # .165 of the teachers of the roster before
        assert taken[year] == pytest.approx(0.165 * sizes[year - 1], abs=1)


def test_the_keen_and_the_young_volunteer(county: Draw) -> None:
    teachers = county.roster(2024)[lambda rows: rows["is_teacher"]]
    rows = held(county, "digital_course")
    took = teachers["person"].isin(rows.loc[rows["year"] == 2025, "person"])
    keen = teachers["hidden_motivation"].groupby(took).mean()
    # log-odds .53 at a share of .165: a difference of about .53 standard deviations in a logit draw
    assert keen[True] - keen[False] == pytest.approx(0.53, abs=0.12)
    assert teachers["age"][took].mean() < teachers["age"][~took].mean()


def test_everyone_does_the_online_hours_and_some_rush(county: Draw) -> None:
    rows = held(county, "online_general")
    of_year = rows[(rows["end_date"] >= "2024-09-01") & (rows["end_date"] < "2025-09-01")]
    stayed = county.fates[(county.fates["year"] == 2025) & (county.fates["fate"] == "stays")]
    teachers = county.roster(2024)[lambda t: t["is_teacher"]]["person"]
    done = stayed.loc[stayed["person"].isin(teachers), "person"].isin(of_year["person"])
    assert done.mean() == 1.0  # domain.md 1.2 row 52
    assert set(of_year["hours"]) == {60.0}
    days = (of_year["end_date"] - of_year["start_date"]).dt.days
    assert (days < 20).mean() == pytest.approx(0.11, abs=0.012)  # 6.2: less than half the time


def test_mentoring_reaches_about_sixty_per_cent(county: Draw) -> None:
    rows = held(county, "mentoring")
    year = rows[(rows["end_date"] >= "2023-09-01") & (rows["end_date"] < "2024-09-01")]
    hours = year.groupby("person")["hours"].sum()
    assert (hours >= 20).mean() == pytest.approx(0.6, abs=0.06)
    started = county.roster(2023).set_index("person")["years_teaching"]
    assert (hours.index.map(started) < 2).all()


def test_better_led_schools_meet_more(county: Draw) -> None:
    hours = held(county, "mentoring").groupby("school")["hours"].sum()
    heads = held(county, "mentoring").groupby("school")["person"].nunique()
    lead = county.schools.set_index("school")["hidden_lead"]
    assert (hours / heads).corr(lead.reindex(hours.index)) > 0.3


def test_outreach_is_for_rural_teachers_and_few_come_twice_before_all_came(county: Draw) -> None:
    rows = held(county, "outreach")
    rows = rows[rows["year"] == 2025]
    assert set(rows["area"]) == {"rural"}
    assert len(rows) == 2450
    assert rows["person"].nunique() > 2100
    assert rows.groupby("person").size().max() == 2


def test_guests_are_rural_and_their_hosts_urban(county: Draw) -> None:
    rows = held(county, "shadowing")
    assert set(rows["area"]) == {"rural"}
    hosts = county.schools["area"].loc[rows["host"]]
    assert set(hosts) == {"urban"}
    assert (county.trainings.loc[county.trainings["programme"] != "shadowing", "host"] == -1).all()
    assert rows.groupby("year").size().loc[[2023, 2024, 2025]].tolist() == [60, 60, 60]


def test_schools_own_meetings_are_in_the_ledger_from_2025_only(county: Draw) -> None:
    rows = held(county, "school_based")
    assert set(rows["year"]) == {2025}
    assert rows.groupby("session")["school"].nunique().max() == 1


def test_induction_is_for_those_just_hired(county: Draw) -> None:
    rows = held(county, "induction")
    rows = rows[rows["year"] == 2025]
    hired = county.roster(2024).set_index("person")["hired_year"]
    assert (rows["person"].map(hired) == 2024).all()


def test_results_and_credits(county: Draw) -> None:
    rows = held(county, "lesson_design")
    shares = rows["result"].value_counts(normalize=True)
    assert shares["excellent"] == pytest.approx(0.15, abs=0.02)
    assert shares["fail"] == pytest.approx(0.02, abs=0.01)
    assert np.allclose(rows["credits"], rows["hours"] / 8)


def test_in_the_world_of_immortal_time_only_those_who_stay_can_finish(county: Draw) -> None:
    draw = draw_bureau(replace(county.options, world="W4"))
    rows = held(draw, "digital_course")
    school_year = rows["end_date"].dt.year + (rows["end_date"].dt.month >= 9)
    fates = draw.fates.set_index(["person", "year"])
    mine = fates[fates.index.isin(pd.MultiIndex.from_arrays([rows["person"], school_year]))]
    # half of those who leave on any day of the year are gone before a session on any day
    seen = (mine["fate"] == "leaves").sum() / mine["leave"].sum()
    assert seen == pytest.approx(0.5, abs=0.2)
    assert rows["start_date"].dt.month.nunique() >= 10  # all year, but for the vacations


def test_a_session_number_stands_for_one_session_only(county: Draw) -> None:
    pairs = county.trainings[["programme", "session"]].drop_duplicates()
    assert pairs["session"].is_unique
