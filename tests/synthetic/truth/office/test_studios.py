"""Studios grow school by school and keep their people; the ladder has three steps."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.synthetic.truth.office.studios import draw_backbone, draw_studios
from tests.synthetic.truth.office.drawn import drawn_desk


def test_schools_stay_and_keep_the_day_they_joined() -> None:
    before, after = (draw_studios(drawn_desk("city", year)) for year in (2024, 2025))
    old = before[before["role"] == "member"].groupby("school")["start_date"].min()
    new = after[after["role"] == "member"].groupby("school")["start_date"].min()
    both = old.index.intersection(new.index)
    assert len(both) > 0.95 * len(old)
    assert len(new) > 1.2 * len(old)
    joined_later = new[~new.index.isin(old.index)]
    assert (joined_later >= "2024-09-01").mean() > 0.9


def test_nobody_joins_before_being_hired() -> None:
    desk = drawn_desk("city")
    rows = draw_studios(desk).merge(desk.teachers[["person", "hired_year"]], on="person")
    assert (rows["start_date"].dt.year >= rows["hired_year"]).all()


def test_studios_cluster_in_urban_schools() -> None:
    desk = drawn_desk("city")
    schools = desk.schools.set_index("school")["area"].astype(str)
    reached = draw_studios(desk)["school"].unique()
    share = pd.Series(schools.index.isin(reached), schools.index).groupby(schools).mean()
    assert share["urban"] > share["rural"] + 0.15


def test_chief_studios_are_not_urban() -> None:
    desk = drawn_desk("county")
    rows = draw_studios(desk)
    chief = rows[rows["kind"] == "chief"]
    area = desk.schools.set_index("school")["area"].astype(str)
    assert (chief["role"] == "host").sum() == 12
    assert not (area.loc[chief["school"]] == "urban").any()


def test_one_host_for_each_studio_and_no_host_is_a_member() -> None:
    rows = draw_studios(drawn_desk("county"))
    hosts = rows[rows["role"] == "host"]
    assert not hosts.duplicated(["kind", "studio"]).any()
    assert not rows[rows["kind"] == "master"]["person"].duplicated().any()
    assert set(rows["studio"]) == set(hosts["studio"])


def test_the_ladder_holds_the_new_the_backbone_and_the_masters() -> None:
    desk = drawn_desk("city")
    ladder = draw_backbone(desk)
    people = desk.teachers.set_index("person").loc[ladder["person"]]
    is_new = (people["hired_year"] == 2024).to_numpy()
    assert (ladder.loc[ladder["ladder_stage"] == "novice", "backbone"] == "none").all()
    assert is_new[(ladder["ladder_stage"] == "novice").to_numpy()].all()
    assert (ladder.loc[ladder["is_leader"], "ladder_stage"] == "master").all()
    assert (ladder.loc[ladder["backbone"] == "province", "ladder_stage"] == "master").all()
    on_list = desk.teachers["backbone"] != "none"
    assert set(desk.teachers.loc[on_list, "person"]) <= set(ladder["person"])


@pytest.mark.parametrize("bureau", ["county", "city"])
def test_hosts_have_a_senior_title_and_stand_on_the_backbone_list(bureau: str) -> None:
    desk = drawn_desk(bureau)
    rows = draw_studios(desk)
    hosts = desk.teachers.set_index("person").loc[rows.loc[rows["role"] == "host", "person"]]
    assert set(hosts["title_rank"]) == {"senior"}
    assert (hosts["backbone"] != "none").all()


def test_members_are_mostly_of_the_subject_and_join_on_different_days() -> None:
    desk = drawn_desk("city")
    rows = draw_studios(desk)
    members = rows[rows["role"] == "member"]
    own = desk.teachers.set_index("person")["subject"].astype(str).loc[members["person"]]
    assert (own.to_numpy() == members["subject"].to_numpy()).mean() > 0.7
    assert members["start_date"].nunique() > 60
    assert (members["start_date"].dt.day_of_week < 5).all()


def test_a_second_studio_of_a_subject_waits_until_each_subject_has_one() -> None:
    desk = drawn_desk("city")
    hosts = draw_studios(desk).query("role == 'host'")
    counts = hosts.groupby(["stage", "subject"]).size()
    # twelve studios; only teachers of two subjects of one stage are fit to lead in the drawn roster
    assert counts.tolist() == [6, 6]
