"""The schools: sizes of domain.md 6.1, codes of 2.5, pilots of 6.1 and 6.5."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.synthetic.options import bureau_options
from analysis.synthetic.planted import Planted
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.schools import AREA_CODES, draw_pilots, draw_schools

CITY = bureau_options("city")


def test_counts_and_posts(county: Draw) -> None:
    schools = county.schools
    # domain.md 6.1: 112 = 14 urban + 36 town + 62 rural; about 39 % of teachers rural; 3200 eligible
    assert schools["area"].value_counts().to_dict() == {"rural": 62, "town": 36, "urban": 14}
    assert schools["posts"].sum() == 5862
    posts = schools.groupby("area", observed=True)["posts"].sum() / 5862
    assert posts["rural"] == pytest.approx(0.39, abs=0.001)
    assert schools.loc[schools["subsidy_eligible"], "posts"].sum() == pytest.approx(3200, abs=60)
    assert schools.loc[schools["area"] == "rural", "subsidy_eligible"].all()
    assert not schools.loc[schools["area"] == "urban", "subsidy_eligible"].any()


def test_small_schools_are_small_and_rural(county: Draw) -> None:
    small = county.schools[county.schools["is_small"]]
    assert set(small["area"]) == {"rural"}
    assert small["posts"].between(5, 11).all()  # domain.md 6.1
    others = county.schools[~county.schools["is_small"]]
    assert others["posts"].min() >= 5


def test_area_codes_belong_to_their_area(county: Draw) -> None:
    rows = zip(county.schools["area"].cat.codes, county.schools["area_code"], strict=True)
    assert all(code in AREA_CODES[area] for area, code in rows)


def test_the_farthest_get_the_highest_grade_of_the_subsidy(county: Draw) -> None:
    schools = county.schools
    assert set(schools.loc[~schools["subsidy_eligible"], "subsidy_grade"]) == {0}
    paid = schools[schools["subsidy_eligible"]]
    far = paid.groupby("subsidy_grade")["distance_km"].agg(["min", "max"])
    assert list(far.index) == [1, 2, 3]
    assert far["max"][1] <= far["min"][2] <= far["max"][2] <= far["min"][3]


def test_hidden_parts_keep_the_planted_gap(county: Draw) -> None:
    # the school part has the planted variance (domain.md 6.3: 5.1) and no mean in any area
    schools = county.schools
    assert (schools["hidden_score"] ** 2).mean() == pytest.approx(5.1)
    weighted = schools["hidden_score"] * schools["posts"]
    assert weighted.groupby(schools["area"], observed=True).sum().abs().max() < 1e-6


def test_pilots(counties: list[Draw]) -> None:
    for draw in counties:
        pilots = draw.schools.dropna(subset="cohort")
        # domain.md 6.1: 12 pilots in cohorts of 2, 4 and 6
        assert pilots["cohort"].value_counts().to_dict() == {2025: 6, 2024: 4, 2023: 2}
        assert not pilots["is_small"].any()
        assert pilots["hidden_score"].mean() > 1.0  # the strong win: the confounding of 6.5


def test_pilots_use_the_tools_more(counties: list[Draw]) -> None:
    for draw in counties:
        use = draw.schools.groupby(draw.schools["cohort"].notna())["tool_use"].mean()
        # domain.md 6.2: 90 % in pilots, about 62 % elsewhere
        assert use[True] == pytest.approx(0.90, abs=0.04)
        assert use[False] == pytest.approx(0.62, abs=0.02)


def test_two_are_renamed_and_one_is_merged(county: Draw) -> None:
    # domain.md 6.6
    schools = county.schools
    assert (schools["renamed_in"] > 0).sum() == 2
    (gone,) = np.flatnonzero(schools["merged_into"] >= 0)
    other = schools.loc[schools["merged_into"][gone]]
    assert schools["area"][gone] == other["area"]
    assert schools["merged_in"][gone] == 2025


@pytest.mark.parametrize("seed", range(3))
def test_the_advantage_of_the_newest_cohort_is_near_the_planted_one(seed: int) -> None:
    options = replace(CITY, seed=seed)
    planted = Planted()
    schools = draw_schools(options, options.profile, planted)
    cohort = draw_pilots(options, options.profile, planted, schools, np.zeros(360))
    level = schools["hidden_score"] + np.array(planted.area_points)[schools["area"]]
    newest, never = cohort == 2025, np.isnan(cohort)
    posts = schools["posts"]
    gap = np.average(level[newest], weights=posts[newest])
    gap -= np.average(level[never], weights=posts[never])
    assert newest.sum() == 25
    assert gap == pytest.approx(planted.pilot_advantage, abs=0.25)


def test_whole_districts_are_treated_where_the_world_says_so() -> None:
    options = replace(CITY, world="W5")
    planted = Planted(treated_districts=3)
    schools = draw_schools(options, options.profile, planted)
    cohort = draw_pilots(options, options.profile, planted, schools, np.zeros(360))
    assert sorted(set(schools["district"][~np.isnan(cohort)])) == [0, 1, 2]
    assert np.isnan(cohort[schools["district"] > 2]).all()


@pytest.mark.parametrize("size", [(30, 6), (120, 8), (500, 16), (3000, 500)])
def test_any_size_has_teachers_in_every_school(size: tuple[int, int]) -> None:
    options = bureau_options("city", teachers=size[0], schools=size[1], pilots=1)
    schools = draw_schools(options, options.profile, Planted())
    assert schools["posts"].sum() == size[0]
    assert schools["posts"].min() >= 1
