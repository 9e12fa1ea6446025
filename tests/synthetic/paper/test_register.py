"""The register: who is who, in every year the same; schools that change their name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.paper.register import (
    chinese_number,
    first_names,
    new_names,
    open_register,
    school_ids,
)
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw


def test_everyone_on_a_roster_is_registered_once(small: Draw) -> None:
    people = open_register(small).people
    assert people.index.is_unique
    assert set(people.index) == set(small.teachers["person"])
    assert people["person_number"].is_unique
    assert people["staff_number"].is_unique


def test_numbers_agree_with_birth_and_sex(small: Draw) -> None:
    people = open_register(small).people
    known = small.teachers.drop_duplicates("person").set_index("person").loc[people.index]
    number = people["person_number"].astype("str")
    assert (number.str[6:14] == known["birth_date"].dt.strftime("%Y%m%d")).all()
    assert ((number.str[16].astype(int) % 2 == 1) == (known["sex"] == "male")).all()


def test_a_further_year_changes_nobody(small: Draw) -> None:
    later = draw_bureau(replace(small.options, last_year=small.options.last_year + 1))
    before, after = open_register(small), open_register(later)
    assert len(after.people) > len(before.people)
    pd.testing.assert_frame_equal(after.people.loc[before.people.index], before.people)
    pd.testing.assert_frame_equal(after.schools, before.schools)


def test_parts_of_a_large_bureau_have_people_of_their_own(small: Draw) -> None:
    ours = open_register(small)
    theirs = open_register(replace(small, person_offset=1_000_000, school_offset=500))
    for column in ("person_number", "staff_number"):
        assert not set(ours.people[column]) & set(theirs.people[column])
    assert not set(ours.schools["school_id"]) & set(theirs.schools["school_id"])
    assert (ours.people["name"].to_numpy() != theirs.people["name"].to_numpy()).mean() > 0.95


def test_a_renamed_school_had_another_name_before(small: Draw) -> None:
    renamed = np.zeros(len(small.schools), dtype=int)
    renamed[[0, 3]] = 2023, 2025
    register = open_register(replace(small, schools=small.schools.assign(renamed_in=renamed)))
    names = {year: register.school_names(year) for year in (2022, 2023, 2024, 2025)}
    changed = {
        year: np.flatnonzero(names[year] != names[year - 1]).tolist() for year in (2023, 2024, 2025)
    }
    assert changed == {2023: [0], 2024: [], 2025: [3]}
    assert all(len(set(of_year)) == len(of_year) for of_year in names.values())


def test_school_codes_say_the_type_and_no_real_province() -> None:
    kinds = pd.Series(
        ["小学", "初级中学", "普通高中", "中等职业学校", "九年一贯制学校", "中心小学"]
    )
    assert school_ids(kinds).tolist() == [
        "2199000001",
        "3199000002",
        "3499000003",
        "3699000004",
        "3199000005",
        "2199000006",
    ]


def test_names_of_many_schools_differ() -> None:
    area = pd.Series(["urban", "town", "rural", "rural"] * 1000)
    kinds = pd.Series(["小学", "中心小学", "小学", "九年一贯制学校"] * 1000)
    names = first_names(5, area, kinds, "示例市", pd.Series(np.arange(4000) // 4 % 12))
    assert len(set(names)) == len(names)
    assert names[:5].tolist()[::4] == ["示例市第一小学", "示例市第二小学"]


def test_villages_lie_in_townships_of_their_district(county: Draw) -> None:
    schools = open_register(county).schools.join(county.schools[["area", "district"]])
    outside = schools[schools["area"] != "urban"]
    town = outside["former_name"].str.extract(r"^(.+?[镇乡])")[0]
    assert town.notna().all()
    assert (outside["district"].groupby(town).nunique() == 1).all()
    seats = set(town[outside["area"] == "town"])
    assert all(name.endswith("镇") for name in seats)
    assert {name[-1] for name in set(town) - seats} == {"乡"}
    assert town[outside["area"] == "rural"].isin(seats).mean() > 0.4
    assert not schools["school_name"].str.contains("第.*九年一贯制学校").any()


def test_a_new_name_keeps_the_place_and_drops_the_number() -> None:
    kinds = pd.Series(["初级中学", "中心小学", "小学"])
    names = np.array(["示例县第三初级中学", "柳溪镇中心小学", "柳溪镇石桥村小学"])
    assert new_names(names, kinds).tolist() == [
        "示例县实验初级中学",
        "柳溪镇育才小学",
        "柳溪镇石桥新星小学",
    ]


def test_some_pairs_share_name_and_school(county: Draw) -> None:
    roster = county.roster(2025)
    names = open_register(county).people["name"].loc[roster["person"]].to_numpy()
    assert 1 <= roster.assign(name=names).duplicated(["school", "name"]).sum() <= 30


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (35, "三十五"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1010, "一千零一十"),
        (1001, "一千零一"),
    ],
)
def test_numbers_of_schools_in_words(number: int, words: str) -> None:
    assert chinese_number(number) == words
