"""Lists with a truth of their own: leavers, rotation, flats by lot."""

from __future__ import annotations

import pandas as pd
import pytest

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
