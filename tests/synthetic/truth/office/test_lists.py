"""The lists add up to what the bureaus publish, depend on the seed only, and name nobody who is not there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.options import bureau_options
from analysis.synthetic.truth.office.lists import draw_office, list_names
from tests.synthetic.truth.office.drawn import drawn_roster, drawn_schools

BUREAUS = ("county", "city")


def lists(bureau: str, year: int = 2025, **asked: int) -> dict[str, pd.DataFrame]:
    options = bureau_options(bureau, **asked)
    roster = drawn_roster(options, year - 1)
    return draw_office(options, options.profile, drawn_schools(options), roster, year)


@pytest.fixture(scope="module")
def city() -> dict[str, pd.DataFrame]:
    return lists("city")


@pytest.fixture(scope="module")
def county() -> dict[str, pd.DataFrame]:
    return lists("county")


def test_the_city_adds_up_to_what_it_publishes(city: dict[str, pd.DataFrame]) -> None:
    studios = city["studios"]
    assert (studios["role"] == "host").sum() == 12
    assert studios["school"].nunique() >= 200
    assert city["backbone"]["is_leader"].sum() == 87
    assert dict(city["honours"]["honour"].value_counts()) == {"ethics_model": 50, "rural_model": 20}
    assert dict(city["contests"]["honour_level"].value_counts()) == {"city": 120, "province": 3}
    for name, entered, shown in (("micro_cases", 200, 30), ("ethics_cases", 1200, 32)):
        assert (len(city[name]), city[name]["is_shown"].sum()) == (entered, shown)
    assert len(city["lessons"]) == 8000
    assert len(city["promotions"]) == 35
    assert city["logins"]["logins"].mean() == pytest.approx(12000, abs=1)


def test_the_county_adds_up_to_what_it_publishes(county: dict[str, pd.DataFrame]) -> None:
    assert dict(county["trainers"]["trainer_kind"].value_counts()) == {
        "township": 150,
        "expert": 120,
    }
    assert county["projects"]["is_approved"].mean() == 0.95
    assert (county["inspections"]["kind"] == "meeting").sum() == 4
    hours = county["courses"].groupby("course_kind")["hours"].sum()
    assert hours["practice"] / hours.sum() == pytest.approx(0.43, abs=0.003)


@pytest.mark.parametrize("bureau", BUREAUS)
def test_every_list_is_drawn_for_its_year(bureau: str) -> None:
    drawn = lists(bureau)
    assert [*drawn] == list_names(bureau)
    for name, table in drawn.items():
        assert (table["year"] == 2025).all(), name
        assert len(table), name


@pytest.mark.parametrize("bureau", BUREAUS)
def test_lists_name_teachers_of_the_roster_at_their_schools(bureau: str) -> None:
    roster = drawn_roster(bureau_options(bureau))
    known = roster[roster["is_teacher"]].set_index("person")["school"]
    for name, table in lists(bureau).items():
        if "person" in table:
            assert (known.loc[table["person"]].to_numpy() == table["school"].to_numpy()).all(), name


@pytest.mark.parametrize("bureau", BUREAUS)
def test_a_small_bureau_has_lists_in_proportion(bureau: str) -> None:
    full = bureau_options(bureau)
    small = lists(bureau, teachers=full.teachers // 10)
    for name, table in lists(bureau).items():
        if name not in ("logins", "funds", "inspections", "studios"):
            assert len(small[name]) == pytest.approx(len(table) / 10, rel=0.25, abs=2), name
    tiny = lists(bureau, teachers=120, schools=8)
    assert all(len(table) for table in tiny.values())


def test_the_same_seed_gives_the_same_lists_and_another_gives_others() -> None:
    options = bureau_options("county", teachers=600)
    roster, schools = drawn_roster(options), drawn_schools(options)
    profile = options.profile
    first, again = (draw_office(options, profile, schools, roster, 2025) for _ in range(2))
    other = draw_office(replace(options, seed=1), profile, schools, roster, 2025)
    for name in first:
        pd.testing.assert_frame_equal(first[name], again[name])
    assert not first["honours"]["person"].equals(other["honours"]["person"])


def test_who_leaves_during_the_year_gets_no_prize_after_it() -> None:
    options = bureau_options("city", teachers=2000)
    roster, schools = drawn_roster(options), drawn_schools(options)
    last_day = np.where(roster["person"] % 2, 400, 30)
    drawn = draw_office(options, options.profile, schools, roster, 2025, last_day)
    for name in ("honours", "contests", "micro_cases", "ethics_cases", "projects", "visits"):
        assert (drawn[name]["person"] % 2 == 1).all(), name
    assert (drawn["subsidies"]["person"] % 2 == 0).any()


def test_neither_violations_nor_party_records_nor_pupils_are_kept() -> None:
    for bureau in BUREAUS:
        columns = {c for table in lists(bureau).values() for c in table}
        assert not columns & {"violation", "party", "is_party_member", "pupil_score", "n_pupils"}


def test_a_year_without_new_teachers_has_an_empty_list_of_marks() -> None:
    options = bureau_options("county", teachers=120, schools=8)
    roster = drawn_roster(options).assign(hired_year=2010)
    drawn = draw_office(options, options.profile, drawn_schools(options), roster, 2025)
    assert drawn["novices"].empty
    assert "novice" not in set(drawn["backbone"]["ladder_stage"])
