"""The county's schools: sizes of domain.md 6.1, codes of 2.5, pilots of 6.1."""

from __future__ import annotations

import pytest

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import COUNTY, Planted
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.schools import AREA_CODES, draw_schools


def test_counts_and_posts(county: Draw) -> None:
    schools = county.schools
    # domain.md 6.1: 112 = 14 urban + 36 town + 62 rural; about 39 % of teachers rural; 3200 eligible
    assert schools["area"].value_counts().to_dict() == {"rural": 62, "town": 36, "urban": 14}
    assert schools["posts"].sum() == 5862
    posts = schools.groupby("area")["posts"].sum() / 5862
    assert posts["rural"] == pytest.approx(0.39, abs=0.001)
    assert schools.loc[schools["subsidy_eligible"], "posts"].sum() == pytest.approx(3200, abs=60)
    assert schools.loc[schools["area"] == "rural", "subsidy_eligible"].all()
    assert not schools.loc[schools["area"] == "urban", "subsidy_eligible"].any()


def test_small_schools_are_small_and_rural(county: Draw) -> None:
    small = county.schools[county.schools["is_small"]]
    assert set(small["area"]) == {"rural"}
    assert small["posts"].between(5, 15).all()  # domain.md 6.1: 5-11 in the city


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", [(5862, 112), (20000, 360)])
def test_names_and_codes_tell_schools_apart(seed: int, size: tuple[int, int]) -> None:
    options = BureauOptions(teachers=size[0], schools=size[1], seed=seed)
    schools = draw_schools(options, COUNTY, Planted())
    assert schools["school_name"].is_unique
    assert schools["school_id"].is_unique
    # ten digits: two for the type, then province 99, which does not exist
    assert schools["school_id"].str.match(r"^(21|31|34|36)99\d{6}$").all()
    pairs = zip(schools["area"], schools["area_code"], strict=True)
    assert all(code in AREA_CODES[area] for area, code in pairs)


def test_hidden_parts_keep_the_planted_gap(county: Draw) -> None:
    # the school part has the planted variance (domain.md 6.3: 5.1) and no mean in any area
    schools = county.schools
    assert (schools["hidden_score"] ** 2).mean() == pytest.approx(5.1)
    weighted = (schools["hidden_score"] * schools["posts"]).groupby(schools["area"]).sum()
    assert weighted.abs().max() < 1e-6


def test_pilots(counties: list[Draw]) -> None:
    for draw in counties:
        pilots = draw.schools.dropna(subset="cohort")
        # domain.md 6.1: 12 pilots in cohorts of 2, 4 and 6
        assert pilots["cohort"].value_counts().to_dict() == {2025: 6, 2024: 4, 2023: 2}
        assert not pilots["is_small"].any()
        assert pilots["hidden_score"].mean() > 1.0  # the strong win: the confounding of 6.5
