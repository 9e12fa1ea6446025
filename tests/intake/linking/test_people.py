"""Who is who on the rosters: numbers before names, two posts of one person, vacant posts, namesakes."""

from __future__ import annotations

from io import StringIO

import pandas as pd

from analysis.intake.linking.roster_links import LinkedRoster, link_roster

TEXTS = (
    "school_id",
    "name",
    "person_number",
    "staff_number",
    "birth_month",
    "post",
    "sex",
    "work_start",
)


def link(text: str) -> LinkedRoster:
    """A drawn roster, linked; ``-`` is a missing value."""
    frame = pd.read_csv(
        StringIO(text.strip()), sep="|", dtype=str, na_values="-", skipinitialspace=True
    )
    frame.columns = frame.columns.str.strip()
    frame = frame.map(str.strip, na_action="ignore").replace("-", None)
    for column in TEXTS:
        if column in frame:
            frame[column] = frame[column].astype("str")
    if "post_share" in frame:
        frame["post_share"] = frame["post_share"].astype("float64")
    frame["year"] = frame["year"].astype("int64")
    origin = {"source_year": frame["year"], "source_file": "r.csv", "source_sheet": ""}
    return link_roster(
        frame.assign(**origin, source_row=range(2, len(frame) + 2), is_teacher="yes")
    )


def people(linked: LinkedRoster) -> list[str]:
    """The person of each delivered row, as small numbers in order of first appearance."""
    by_row = linked.posts.sort_values("source_row")["person"]
    return ["abcdefgh"[k] for k in pd.factorize(by_row)[0]]


def rules(linked: LinkedRoster) -> dict[int, str]:
    """Sheet row -> rule of its ledger line."""
    return dict(zip(linked.lines["row"], linked.lines["rule"], strict=True))


def test_an_identity_number_goes_before_name_and_school() -> None:
    linked = link("""
        year | school_id | name | person_number
        2024 | s1        | 张三 | 1
        2024 | s1        | 李红 | 2
        2025 | s2        | 张珊 | 1
        2025 | s1        | 李红 | 3
    """)
    assert people(linked) == ["a", "b", "a", "c"]


def test_a_spoilt_number_falls_back_on_the_staff_number_then_on_the_name() -> None:
    linked = link("""
        year | school_id | name | person_number | staff_number
        2023 | s1        | 张三 | 1             | g1
        2024 | s1        | 张三 | -             | g1
        2025 | s1        | 张 三 | -            | -
    """)
    assert people(linked) == ["a", "a", "a"]
    assert linked.frame["link_pass"].tolist() == ["person_number", "staff_number", "name"]


def test_a_name_without_number_is_nobody_in_particular_if_two_bear_it() -> None:
    linked = link("""
        year | school_id | name | person_number
        2024 | s1        | 李红 | 1
        2024 | s2        | 李红 | 2
        2025 | s1        | 李红 | -
        2025 | s2        | 李红 | 2
    """)
    assert people(linked) == ["a", "b", "c", "b"]
    doubtful = linked.frame[linked.frame["has_ambiguous_name"]]
    assert doubtful["source_row"].tolist() == [4]


def test_the_month_of_birth_tells_namesakes_apart() -> None:
    linked = link("""
        year | school_id | name | person_number | birth_month
        2024 | s1        | 李红 | 1             | 1980-01
        2024 | s2        | 李红 | 2             | 1990-02
        2025 | s9        | 李红 | -             | 1990-02
    """)
    assert people(linked) == ["a", "b", "b"]


def test_rows_of_one_name_born_in_two_months_are_two_people() -> None:
    linked = link("""
        year | school_id | name | birth_month
        2024 | s1        | 李红 | 1980-01
        2025 | s1        | 李红 | 1990-02
        2026 | s1        | 李红 | 1980-01
        2026 | s2        | 李红 | -
    """)
    assert people(linked) == ["a", "b", "a", "c"]
    assert linked.frame["link_pass"].tolist() == ["name", "name", "name", "ambiguous"]


def test_a_number_under_two_names_of_one_snapshot_tells_nobody_apart() -> None:
    linked = link("""
        year | school_id | name | person_number
        2024 | s1        | 张三 | 1
        2024 | s1        | 李四 | 1
        2025 | s1        | 张三 | 1
    """)
    assert rules(linked) == {2: "number_shared", 3: "number_shared"}
    assert people(linked)[0] != people(linked)[1]
    assert people(linked)[2] == people(linked)[0]  # by name, once the shared number is not believed


def test_staff_numbers_repeated_in_other_schools_are_not_believed() -> None:
    linked = link("""
        year | school_id | name | staff_number
        2024 | s1        | 张三 | 12
        2024 | s2        | 李四 | 12
        2025 | s2        | 张三 | 12
    """)
    assert people(linked) == ["a", "b", "a"]


def test_two_half_posts_are_one_person_and_the_first_of_equal_shares_is_the_main_one() -> None:
    linked = link("""
        year | school_id | name    | post_share
        2024 | s1        | Bo, Ann | 0.5
        2024 | s2        | Bo, Ann | 0.5
        2024 | s3        | Li, Eva | 0.2
        2024 | s4        | Li, Eva | 1.0
    """)
    frame = linked.frame[["school_id", "post_share", "has_ambiguous_name"]]
    assert frame.to_numpy().tolist() == [["s1", 1.0, False], ["s4", 1.2, False]]
    assert rules(linked) == {3: "second_post", 4: "second_post"}


def test_two_full_posts_of_one_name_are_set_aside_as_two_people() -> None:
    linked = link("""
        year | school_id | name    | post_share
        2023 | s1        | Bo, Ann | 1.0
        2024 | s1        | Bo, Ann | 1.0
        2024 | s2        | Bo, Ann | 1.0
        2025 | s1        | Bo, Ann | 1.0
    """)
    assert people(linked) == ["a", "b", "c", "a"]
    # row 2 too: whether she stayed in 2024 cannot be said
    assert linked.frame.set_index("source_row")["has_ambiguous_name"].to_dict() == {
        2: True,
        3: True,
        4: True,
        5: False,
    }


def test_two_posts_of_one_number_are_one_person_whatever_their_share() -> None:
    linked = link("""
        year | school_id | name | person_number
        2024 | s1        | 张三 | 1
        2024 | s2        | 张三 | 1
    """)
    assert len(linked.frame) == 1
    assert rules(linked) == {
        3: "listed_twice"
    }  # two schools, and no share says that they are halves


def test_reality_15_of_two_lists_the_post_on_the_establishment_is_the_main_one() -> None:
    linked = link("""
        year | school_id | name | person_number | staffed_post
        2024 | s1        | 张三 | 1             | no
        2024 | s2        | 张三 | 1             | yes
    """)
    assert linked.frame["school_id"].tolist() == ["s2"]
    assert rules(linked) == {2: "listed_twice"}


def test_vacant_posts_are_nobody_and_repeats_are_one() -> None:
    linked = link("""
        year | school_id | name | person_number | post
        2024 | s1        | -    | -             | 7
        2024 | s1        | -    | -             | 7
        2024 | s1        | 张三 | 1             | 8
        2024 | s1        | 张三 | 1             | 8
    """)
    assert rules(linked) == {2: "vacant_post", 3: "vacant_post", 5: "repeated_row"}
    assert len(linked.frame) == 1


def test_a_name_written_otherwise_is_the_same_person_in_all_years() -> None:
    linked = link("""
        year | school_id | name
        2023 | s1        | Bo, Ann
        2024 | s1        | Bo, Ann C
        2025 | s2        | Bo, Ánn C.
    """)
    assert people(linked) == ["a", "a", "a"]
    assert linked.frame["link_pass"].tolist() == ["name", "spelling", "spelling"]


def test_two_people_on_one_snapshot_stay_two_whatever_comes_later() -> None:
    linked = link("""
        year | school_id | name
        2022 | s1        | Bo, Ann
        2022 | s2        | Bo-Li, Ann
        2023 | s1        | Bo, Ann
        2024 | s1        | Bo-Li, Ann
    """)
    assert people(linked)[:2] == ["a", "b"]
    assert people(linked)[2] == "a"
    assert people(linked)[3] != "a"


def test_rates_count_each_form_of_the_name() -> None:
    linked = link("""
        year | school_id | name
        2024 | s1        | Bo, Ann
        2024 | s1        | Li, Eva
        2024 | s1        | Ka, Uwe
        2024 | s1        | Mo, Ida
        2025 | s1        | Bo, Ann
        2025 | s2        | LI, Eva
        2025 | s1        | Ka, Uwe T
        2025 | s1        | Zu, Ina
    """)
    found = linked.links.set_index(["link_pass", "found"])["n_linked"]
    assert found["exact_text"].to_dict() == {"in_bureau": 1, "still_teacher": 1, "same_school": 1}
    assert found["space_case"].to_dict() == {"in_bureau": 2, "still_teacher": 2, "same_school": 1}
    assert found["loose"].to_dict() == {"in_bureau": 3, "still_teacher": 3, "same_school": 2}
    assert set(linked.links["n_rows"]) == {4}


def test_one_name_of_another_sex_or_start_of_work_is_another_person() -> None:
    linked = link("""
        year | school_id | name | sex    | work_start
        2024 | s3        | 李明 | male   | 1985-09
        2024 | s1        | 王伟 | female | 1990-09
        2024 | s1        | 张鸣 | male   | 1999-09
        2025 | s1        | 李明 | female | 2024-09
        2025 | s1        | 王伟 | female | 2020-09
        2025 | s2        | 张鸣 | male   | 1999
    """)
    found = people(linked)
    assert len(set(found[:5])) == 5
    strict = linked.followed.set_index("link").loc["strict"]
    assert strict["n_followed"] == 0


def test_a_name_in_another_school_needs_more_than_the_name() -> None:
    linked = link("""
        year | school_id | name | sex    | work_start
        2023 | s1        | 李明 | male   | 1985-09
        2024 | s1        | 李明 | -      | -
        2025 | s2        | 李明 | -      | -
        2026 | s2        | 李明 | -      | -
        2023 | s1        | 王伟 | female | 1990-09
        2024 | s2        | 王伟 | female | 1990-09
    """)
    rows = linked.posts.sort_values("source_row")["person"].tolist()
    assert rows[0] == rows[1] != rows[2] == rows[3]
    assert rows[4] == rows[5]
    doubtful = linked.frame[linked.frame["has_ambiguous_name"]]["source_row"]
    assert set(doubtful) == {3, 4}  # from 2024 to 2025 nobody can say whether he left


def test_a_numbered_namesake_of_another_sex_is_somebody_else() -> None:
    linked = link("""
        year | school_id | name | person_number | sex
        2024 | s1        | 张三 | 1             | male
        2025 | s1        | 张三 | -             | female
    """)
    assert people(linked) == ["a", "b"]


def test_where_nothing_could_confirm_a_name_the_name_is_followed() -> None:
    linked = link("""
        year | school_id | name
        2024 | s1        | 李明
        2025 | s2        | 李明
    """)
    assert people(linked) == ["a", "a"]
