"""Lists with a truth of their own: leavers, rotation, flats by lot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.profile import RURAL, URBAN
from analysis.synthetic.truth.codes import code
from analysis.synthetic.truth.lists import _hosts
from analysis.synthetic.truth.record import Draw


def test_exits_list_the_gone_the_moved_and_the_away(county: Draw) -> None:
    exits = county.exits
    gone = county.fates[county.fates["next_school"] < 0]
    off = exits[~exits["on_roster"]]
    assert sorted(zip(off["person"], off["year"], strict=True)) == sorted(
        zip(gone["person"], gone["year"], strict=True)
    )
    start = pd.to_datetime((exits["year"] - 1).astype(str) + "-09-01")
    end = pd.to_datetime(exits["year"].astype(str) + "-08-31")
    assert exits["event_date"].between(start, end).all()
    still = {"rotation", "secondment", "supporting", "maternity", "sick_leave", "study_leave"}
    moved = {"moved_urban", "moved_town", "moved_same"}
    assert set(exits.loc[exits["on_roster"], "reason"]) == still | moved


def test_rotation(county: Draw, city: Draw) -> None:
    for draw, size in ((county, 150), (city, 1500)):
        rotation = draw.rotation
        assert set(rotation["year"]) == {2025}
        assert len(rotation) == pytest.approx(size, abs=1)
        # domain.md 1.1 row 21: 45 % from urban to rural schools
        assert (rotation["direction"] == "to_rural").mean() == pytest.approx(0.45, abs=0.005)
        homes = draw.roster(2025).set_index("person")["school"]
        away = draw.schools["merged_into"].loc[rotation["school"]].to_numpy() >= 0
        at_home = rotation["person"].map(homes) == rotation["school"]
        assert (at_home | away).all()
        assert not rotation["person"].duplicated().any()


def test_hosts_teach_the_stage_of_their_guests(county: Draw, city: Draw) -> None:
    stages = {"小学": "primary", "中心小学": "primary", "初级中学": "junior", "普通高中": "senior"}
    stages |= {"中等职业学校": "vocational", "九年一贯制学校": "primary junior"}
    for draw in (county, city):
        rotation = draw.rotation
        taught = draw.roster(2024).set_index("person")["stage"].loc[rotation["person"]].astype(str)
        kinds = draw.schools["school_kind"].loc[rotation["host"]].astype(str).map(stages)
        fits = [stage in kind.split() for stage, kind in zip(taught, kinds, strict=True)]
        assert all(fits)
        assert (rotation["host"] != rotation["school"]).all()
        # no rural school has a senior stage, yet the shares hold
        assert set(taught[(rotation["direction"] == "to_rural").to_numpy()]) == {
            "primary",
            "junior",
        }
        shares = rotation["direction"].value_counts(normalize=True)
        assert shares["to_urban"] == pytest.approx(0.25, abs=0.005)
        assert shares["within"] == pytest.approx(0.30, abs=0.005)


def test_a_stage_without_a_host_stays_at_home() -> None:
    # school 0 is rural and primary, 2 urban and senior, 3 rural with both lower stages
    kinds = np.array([code("school_kind", k) for k in ("小学", "普通高中", "九年一贯制学校")])
    roster = {
        "school": np.array([0, 2, 3, 0]),
        "area": np.array([RURAL, URBAN, RURAL, RURAL]),
        "school_kind": kinds[[0, 1, 2, 0]],
        "stage": np.array([code("stage", s) for s in ("primary", "senior", "junior", "primary")]),
    }
    # 0 goes to the other primary school, the senior teacher nowhere, the junior one has no other
    assert _hosts(roster, RURAL, np.array([0.1, 0.5, 0.5, 0.9])).tolist() == [3, -1, -1, 3]


def test_flats_go_by_lot_among_rural_applicants(county: Draw, city: Draw) -> None:
    for draw, flats, waiting in ((county, 60, 70), (city, 200, 240)):
        rows = draw.dormitories
        has_flat = rows["moved_in_date"].notna()
        assert (has_flat.sum(), (~has_flat).sum()) == (flats, waiting)
        assert set(rows["area"]) == {"rural"}
        assert (rows["applied_date"] < "2024-09-01").all()
    base = city.roster(2024).set_index("person")
    people = base.loc[city.dormitories["person"]]
    won = city.dormitories["moved_in_date"].notna().to_numpy()
    # a lot: both kinds live away from home alike, and more than other rural teachers
    away = people["hidden_away"].groupby(won).mean()
    assert abs(away[True] - away[False]) < 0.12
    rural = base[(base["area"] == "rural") & base["is_teacher"]]
    assert away.min() > rural["hidden_away"].mean() + 0.1


def test_leave_is_taken_by_those_who_can_take_it(county: Draw) -> None:
    women = county.teachers.drop_duplicates("person").set_index("person")
    mothers = county.exits.loc[county.exits["reason"] == "maternity", "person"]
    assert (mothers.map(women["sex"].astype(str)) == "female").all()
    away = county.exits[county.exits["year"] == 2025]
    lines = away[~away["reason"].isin(["rotation"])]
    rotated = away.loc[away["reason"] == "rotation", "person"]
    assert (
        not lines.loc[
            lines["on_roster"] & ~lines["reason"].astype(str).str.startswith("moved"), "person"
        ]
        .isin(rotated)
        .any()
    )


def test_nobody_applies_before_being_hired(county: Draw) -> None:
    hired = county.roster(2024).set_index("person")["hired_year"]
    assert (county.dormitories["person"].map(hired) < 2024).all()
