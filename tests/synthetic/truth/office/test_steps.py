"""Pairs, marks, promotions, visits, inspections, tools and logins."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.synthetic.truth.calendar import school_days
from analysis.synthetic.truth.office.steps import (
    draw_inspections,
    draw_logins,
    draw_novices,
    draw_pairs,
    draw_promotions,
    draw_tools,
    draw_visits,
)
from tests.synthetic.truth.office.drawn import drawn_desk


def test_a_mentor_has_two_or_three_young_teachers_of_the_district() -> None:
    desk = drawn_desk("county")
    pairs = draw_pairs(desk)
    people = desk.teachers.set_index("person")
    groups = pairs[pairs["kind"] == "school"]
    counts = groups.groupby("pair")["role"].value_counts().unstack()
    assert (counts["mentor"] == 1).all()
    assert set(counts["mentee"]) <= {2, 3}
    assert (
        groups.groupby("pair")["person"].agg(lambda p: people.loc[p, "district"].nunique()) == 1
    ).all()
    mentees = people.loc[groups.loc[groups["role"] == "mentee", "person"]]
    assert (mentees["years_teaching"] < 3).all()
    assert not groups["person"].duplicated().any()


def test_urban_teachers_are_paired_with_rural_ones() -> None:
    desk = drawn_desk("county")
    pairs = draw_pairs(desk)
    area = desk.teachers.set_index("person")["area"].astype(str)
    rows = pairs[pairs["kind"] == "area"]
    for side in ("urban", "rural"):
        assert set(area.loc[rows.loc[rows["role"] == f"{side}_partner", "person"]]) == {side}
    assert (rows.groupby("pair").size() == 2).all()
    assert rows["pair"].nunique() == 160


@pytest.mark.parametrize(("year", "excellent"), [(2024, 0.75), (2025, 0.85), (2026, 0.85)])
def test_new_teachers_of_the_city(year: int, excellent: float) -> None:
    desk = drawn_desk("city", year)
    marked = draw_novices(desk)
    assert len(marked) == 1200
    assert (marked["result"] == "excellent").sum() == round(1200 * excellent)
    people = desk.teachers.set_index("person")
    assert (people.loc[marked["person"], "hired_year"] == year - 1).all()
    hired = people[people["hired_year"] == year - 1]
    exempt = hired.drop(marked["person"])
    # of more than 1200 hired the experienced are exempt
    assert len(exempt) > 0
    assert exempt["years_teaching"].min() >= people.loc[marked["person"], "years_teaching"].max()


def test_all_who_were_hired_are_marked_in_the_county() -> None:
    desk = drawn_desk("county")
    marked = draw_novices(desk)
    assert len(marked) == (desk.teachers["hired_year"] == 2024).sum()
    shares = marked["result"].value_counts(normalize=True)
    assert shares["excellent"] == pytest.approx(0.35, abs=0.002)
    assert shares["fail"] == pytest.approx(0.02, abs=0.002)
    marks = marked.groupby("result")["assessment_mark"].agg(["min", "max"])
    assert marks.loc["fail", "max"] < 60 <= marks.loc["pass", "min"]
    assert marks.loc["pass", "max"] < 90 <= marks.loc["excellent", "min"]


def test_promotions_go_to_long_served_rural_teachers() -> None:
    desk = drawn_desk("city")
    rows = draw_promotions(desk)
    people = desk.teachers.set_index("person").loc[rows["person"]]
    assert (people["area"] == "rural").all()
    assert (people["years_teaching"] >= 20).all()
    assert (rows["rural_years"] <= people["years_teaching"].to_numpy()).all()


def test_rural_teachers_are_visited_less_and_use_less() -> None:
    desk = drawn_desk("city")
    visits = draw_visits(desk)
    area = desk.teachers.set_index("person")["area"].astype(str)
    score = visits.groupby(area.loc[visits["person"]].to_numpy())["application_score"].mean()
    share = area.loc[visits["person"]].value_counts(normalize=True) / area.value_counts(
        normalize=True
    )
    assert score["rural"] < score["urban"] - 2
    assert share["rural"] < 0.8 < share["urban"]


def test_a_meeting_has_no_school_and_no_score() -> None:
    rows = draw_inspections(drawn_desk("county"))
    meetings = rows[rows["kind"] == "meeting"]
    assert (meetings["school"] == -1).all()
    assert meetings["inspection_score"].isna().all()
    seen = rows[rows["kind"] == "inspection"]
    assert len(seen) == 48
    assert not seen["school"].duplicated().any()
    assert rows["start_date"].is_monotonic_increasing


def test_tools_are_opened_once_and_pilots_have_both_by_their_start() -> None:
    before, after = (draw_tools(drawn_desk("city", year)) for year in (2024, 2025))
    assert not after.duplicated(["school", "tool"]).any()
    kept = before.merge(after, on=["school", "tool", "start_date"])
    assert len(kept) == len(before) < len(after)
    schools = drawn_desk("city").open_schools
    pilots = schools.loc[schools["cohort"].notna(), "school"]
    of_pilots = after[after["school"].isin(pilots)]
    assert len(of_pilots) == 2 * len(pilots)
    assert (of_pilots["start_date"] <= pd.Timestamp("2024-09-01")).all()


def test_logins_fall_at_weekends_and_in_the_holidays() -> None:
    days = draw_logins(drawn_desk("city"))
    assert len(days) == 365
    logins = days.set_index("day")["logins"]
    weekday = logins[logins.index.day_of_week < 5]
    assert weekday[weekday.index.month == 10].mean() > 2 * weekday[weekday.index.month == 7].mean()
    assert weekday.mean() > 1.5 * logins[logins.index.day_of_week >= 5].mean()
    assert (days["visitors"] < days["logins"]).all()
    leap = draw_logins(drawn_desk("city", 2024))
    assert len(leap) == 366
    assert leap["logins"].mean() == pytest.approx(9600, abs=1)


@pytest.mark.parametrize("bureau", ["county", "city"])
def test_dates_are_days_on_which_schools_work(bureau: str) -> None:
    desk = drawn_desk(bureau)
    open_days = [d for year in (2025, 2026) for d in school_days(year)]
    draws = [draw_visits, draw_inspections]
    draws += [draw_pairs] if bureau == "county" else [draw_promotions]
    for draw in draws:
        dates = draw(desk)["start_date"].to_numpy().astype("datetime64[D]")
        assert pd.Series(dates).isin(open_days).all(), draw


def test_a_pair_begins_on_one_day_and_pairs_on_many() -> None:
    rows = draw_pairs(drawn_desk("county"))
    assert (rows.groupby(["kind", "pair"])["start_date"].nunique() == 1).all()
    assert rows["start_date"].nunique() > 10
