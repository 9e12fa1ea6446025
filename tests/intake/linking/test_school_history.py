"""Renamed, merged and retyped schools, told by names over the years and by where the staff went."""

from __future__ import annotations

import pandas as pd

from analysis.intake.linking.school_history import (
    follow_schools,
    gone_schools,
    renamings,
    retyped_schools,
)


def roster(staff: dict[tuple[int, str], str], names: dict[str, str] | None = None) -> pd.DataFrame:
    """Rows of (year, code) -> the people there, one letter each; names by code."""
    lines = [(y, code, who) for (y, code), people in staff.items() for who in people]
    frame = pd.DataFrame(lines, columns=["year", "school_id", "person_number"])
    frame["school_name"] = frame["school_id"].map(names or {})
    return frame.astype(dict.fromkeys(("school_id", "person_number", "school_name"), "str"))


MERGED = {(2024, "1"): "abcd", (2024, "2"): "efgh", (2025, "2"): "efghabc", (2025, "3"): "d"}
RETYPED = {(2024, "21"): "abcd", (2024, "2"): "efgh", (2025, "31"): "abcx", (2025, "2"): "efghd"}


def test_a_school_that_went_into_another_is_told_and_keeps_its_code() -> None:
    tables = {"roster": roster(MERGED, {"1": "甲小学", "2": "乙小学", "3": "丙小学"})}
    out, lines = follow_schools(tables, "")
    told = lines[["rule", "year", "found", "done"]].to_numpy().tolist()
    assert told == [["school_merged", 2025, "1", "2"]]
    assert out["roster"]["school_id"].tolist() == tables["roster"]["school_id"].tolist()


def test_reality_20_a_new_code_after_a_change_of_type_is_the_same_school() -> None:
    tables = {
        "roster": roster(RETYPED, {"21": "柳河小学", "2": "乙小学", "31": "柳河九年一贯制学校"})
    }
    out, lines = follow_schools(tables, "")
    assert lines[["rule", "found", "done"]].to_numpy().tolist() == [["school_retyped", "21", "31"]]
    moved = out["roster"]
    assert moved.loc[moved["year"] == 2024, "school_id"].tolist() == ["31"] * 4 + ["2"] * 4


def test_a_new_school_of_another_name_is_a_merger_not_a_change_of_type() -> None:
    tables = {"roster": roster(RETYPED, {"21": "柳河小学", "2": "乙小学", "31": "实验学校"})}
    out, lines = follow_schools(tables, "")
    assert lines["rule"].tolist() == ["school_merged"]
    assert set(out["roster"]["school_id"]) == {"21", "2", "31"}


def test_two_schools_that_became_one_new_one_are_not_one_school_before() -> None:
    staff = {(2024, "1"): "ab", (2024, "2"): "cd", (2024, "4"): "z", (2025, "3"): "abcd"}
    gone = gone_schools(roster(staff))
    assert sorted(gone["school_id"]) == ["1", "2"]
    assert retyped_schools(gone, {"1": "柳河小学", "2": "柳河初中", "3": "柳河学校"}) == {}


def test_a_school_whose_staff_scattered_went_nowhere() -> None:
    staff = {(2024, "1"): "abcd", (2025, "2"): "a", (2025, "3"): "b"}
    assert gone_schools(roster(staff)).empty


def test_a_school_of_one_code_and_two_names_was_renamed() -> None:
    frame = pd.DataFrame(
        [(2023, "1", "示例县甲小学"), (2024, "1", "甲小学"), (2025, "1", "实验小学")],
        columns=["year", "school_id", "school_name"],
    )
    found = renamings(frame, "示例县")
    assert found.to_numpy().tolist() == [[2025, "1", "甲小学", "实验小学"]]
