"""Leaving, moving and retiring: the planted chances, and fates that agree with the rosters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.careers import retirement_month
from analysis.synthetic.truth.rates import teacher_fates
from analysis.synthetic.truth.record import Draw


@pytest.mark.parametrize(
    ("sex", "born", "retires"),
    [
        # the rule of 2025 (60 and 55 years, one month more for each four months from January 2025), by hand
        (1, "1964-12-15", "2024-12"),
        (1, "1965-01-10", "2025-02"),
        (1, "1965-05-31", "2025-07"),
        (0, "1969-08-20", "2024-08"),
        (0, "1970-04-01", "2025-05"),
        (0, "1970-05-01", "2025-07"),
        (1, "1990-01-01", "2053-01"),  # three years later at most
    ],
)
def test_retirement_month(sex: int, born: str, retires: str) -> None:
    month = retirement_month(np.array([sex]), np.array([born], "datetime64[D]"))[0]
    assert f"{month // 12}-{month % 12 + 1:02d}" == retires


def logit(p: pd.Series) -> pd.Series:
    return np.log(p / (1 - p))


def test_true_leaving_of_rural_posts_falls_as_published(counties: list[Draw]) -> None:
    for draw in counties:
        rates = draw.truth["rates"]
        # domain.md 6.2: A1 5.0 -> 2.3 %, each within .2
        assert rates["2024"]["A1"]["rural"]["percent"] == pytest.approx(5.0, abs=0.2)
        assert rates["2025"]["A1"]["rural"]["percent"] == pytest.approx(2.3, abs=0.2)
        # 5.4: 3.0 -> 1.7 % where nothing was paid
        assert rates["2024"]["A5"]["urban"]["percent"] == pytest.approx(3.0, abs=0.25)
        assert rates["2025"]["A5"]["urban"]["percent"] == pytest.approx(1.7, abs=0.25)


def test_the_subsidy_is_an_odds_ratio_on_eligible_posts_from_2025(county: Draw) -> None:
    fates = teacher_fates(county)
    for treated, untreated in (("leave", "leave_untreated"), ("out", "out_untreated")):
        shift = logit(fates[treated]) - logit(fates[untreated])
        is_on = fates["subsidy_eligible"] & (fates["year"] >= 2025)
        assert np.allclose(shift[is_on], np.log(0.8))
        assert np.allclose(shift[~is_on], 0.0)


def test_a_flat_is_an_odds_ratio_against_the_waiting_list(county: Draw) -> None:
    fates = teacher_fates(county)
    shift = logit(fates["leave"]) - logit(fates["leave_waiting"])
    has_flat = fates["flat"] == 2
    assert has_flat.sum() == 60
    assert np.allclose(shift[has_flat], np.log(0.65))
    assert np.allclose(shift[~has_flat], 0.0)
    assert (fates.loc[fates["flat"] > 0, "year"] == 2025).all()


def test_guests_of_the_year_before_move_more(county: Draw) -> None:
    fates = teacher_fates(county)
    rows = fates[(fates["area"] == "rural") & (fates["year"] == 2025)]
    out = logit(rows["out"]).groupby(rows["was_guest"]).agg(["min", "max"])
    # nothing but the guest weeks tells rural people of one year apart in their chance of moving out
    assert np.allclose(out.loc[False, "max"] - out.loc[False, "min"], 0.0, atol=1e-9)
    assert np.allclose(out.loc[True] - out.loc[False], np.log(1.5))
    held = county.trainings[county.trainings["programme"] == "shadowing"]
    guests = held.loc[held["year"] == 2024, "person"]
    assert set(rows.loc[rows["was_guest"], "person"]) <= set(guests)


def test_risk_factors_by_hand(county: Draw) -> None:
    # two report years of one person with nothing changed but the year: 1 in 2024, .55 in 2025
    fates = teacher_fates(county).set_index(["person", "year"])
    base = county.teachers.set_index(["person", "year"])
    urban = base[(base["area"] == "urban") & base["is_teacher"] & (base["age"] > 31)]
    both = urban.xs(2023, level="year").join(
        urban.xs(2024, level="year"), suffixes=("", "_2"), how="inner"
    )
    same = both.index[both["school"] == both["school_2"]]
    before, after = (logit(fates.loc[[(p, y) for p in same], "leave"]) for y in (2024, 2025))
    assert np.allclose(after.to_numpy() - before.to_numpy(), np.log(0.55))


def test_fates_agree_with_the_next_roster(county: Draw) -> None:
    fates = county.fates
    assert ((fates["next_school"] < 0) == fates["fate"].isin(["leaves", "retires", "dies"])).all()
    assert ((fates["next_school"] != fates["school"]) == (fates["fate"] != "stays")).all()
    following = county.teachers[["person", "year", "school"]].rename(columns={"school": "found"})
    pairs = fates.merge(following, on=["person", "year"], how="left")
    assert (pairs["found"].fillna(-1) == pairs["next_school"]).all()


def test_a_merged_school_goes_to_its_neighbour(county: Draw) -> None:
    (gone,) = np.flatnonzero(county.schools["merged_into"] >= 0)
    taken = county.schools["merged_into"][gone]
    assert (county.roster(2024)["school"] == gone).any()
    assert not (county.roster(2025)["school"] == gone).any()
    fates = county.fates[(county.fates["year"] == 2025) & (county.fates["school"] == gone)]
    stayed = fates[fates["next_school"] >= 0]
    assert len(stayed)
    assert (stayed["fate"] == "moves").all()
    assert (stayed["next_school"] == taken).any()


def test_nobody_comes_back_or_is_in_two_places(county: Draw) -> None:
    assert not county.teachers.duplicated(["person", "year"]).any()
    years = county.teachers.groupby("person")["year"].agg(["min", "max", "size"])
    assert (years["max"] - years["min"] + 1 == years["size"]).all()


def test_nobody_works_past_the_statutory_age(county: Draw) -> None:
    sex = (county.teachers["sex"] == "male").to_numpy().astype(int)
    due = retirement_month(sex, county.teachers["birth_date"].to_numpy())
    assert (due >= county.teachers["year"] * 12 + 8).all()


def test_chances_and_leavers_agree(counties: list[Draw]) -> None:
    for draw in counties:
        rows = teacher_fates(draw)
        free = rows[~rows["fate"].isin(["retires", "dies"])]
        cells = free.groupby(["year", "area", "subsidy_eligible"], observed=True)
        totals = cells.agg(expected=("leave", "sum"), seen=("A2", "sum"))
        # fixed totals: each group has as many leavers as its chances say
        assert (totals["expected"] - totals["seen"]).abs().max() < 1.0


def test_in_the_world_of_missing_scores_as_many_leave_pilots_as_ever(county: Draw) -> None:
    plain, weak = (draw_bureau(replace(county.options, world=w)) for w in ("W0", "W6"))
    rates = []
    for draw in (plain, weak):
        fates = teacher_fates(draw)
        cohort = fates["school"].map(draw.schools.set_index("school")["cohort"])
        mine = fates[(cohort <= fates["year"]) & (fates["year"] == 2023)]
        rates.append(mine["leave"].mean())
        ability = draw.teachers.drop_duplicates("person").set_index("person")["hidden_ability"]
        pull = mine["leave"].corr(mine["person"].map(ability))
    assert rates[0] == pytest.approx(rates[1], rel=0.02)
    assert pull < -0.3  # but it is the weak who go


def test_whoever_changes_the_school_gives_up_the_flat(county: Draw) -> None:
    draw = draw_bureau(replace(county.options, last_year=2026))
    flats = draw.fates[draw.fates["flat"] == 2]
    first, second = (flats[flats["year"] == year] for year in (2025, 2026))
    stayed = first.loc[first["next_school"] == first["school"], "person"]
    assert set(second["person"]) == set(stayed)
