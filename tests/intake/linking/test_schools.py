"""A school is known by its code, else by its name through any file that gives both."""

from __future__ import annotations

import pandas as pd

from analysis.intake.linking.schools import Directory, resolve_schools, school_directory


def table(rows: list[tuple[str | None, str | None]]) -> pd.DataFrame:
    """Rows of (code, name) with a place."""
    frame = pd.DataFrame(rows, columns=["school_id", "school_name"]).astype("str")
    return frame.assign(
        year=2025,
        source_year=2025,
        source_file="f",
        source_sheet="",
        source_row=range(2, 2 + len(rows)),
    )


KNOWN = table([("1", "第一小学"), ("2", "示例县第二小学"), ("3", "中心小学"), ("4", "中心小学")])


def test_a_name_leads_to_the_code_with_or_without_the_county_in_front() -> None:
    directory = school_directory([KNOWN], "示例县")
    rows = table(
        [(None, "示例县第一小学"), (None, "第二小学"), ("9", "第一小学"), (None, " 第一 小学")]
    )
    found, lines = resolve_schools(rows, "trainings", directory)
    assert found["school_id"].tolist() == ["1", "2", "9", "1"]  # a given code is never overruled
    assert set(lines["rule"]) == {"school_by_name"}
    assert lines["n"].sum() == 3


def test_a_name_of_two_schools_leads_nowhere() -> None:
    directory = school_directory([KNOWN], "示例县")
    rows = table([(None, "中心小学"), (None, "第三小学")])
    found, lines = resolve_schools(rows, "trainings", directory)
    assert found["school_id"].tolist() == ["中心小学", "第三小学"]
    assert lines[["rule", "found"]].to_numpy().tolist() == [
        ["school_unknown", "中心小学"],
        ["school_unknown", "第三小学"],
    ]
    assert lines["done"].str.endswith("小学?)").all()  # the nearest name there is


def test_where_no_file_gives_codes_the_name_is_the_code() -> None:
    rows = table([(None, "示例县第一小学"), (None, "第一小学")]).drop(columns="school_id")
    found, lines = resolve_schools(rows, "roster", school_directory([rows], "示例县"))
    assert found["school_id"].tolist() == ["第一小学", "第一小学"]
    assert lines.empty


def test_a_school_without_code_and_name_is_dropped_and_told() -> None:
    found, lines = resolve_schools(table([(None, None), ("1", None)]), "schools", Directory())
    assert found["school_id"].tolist() == ["1"]
    assert lines[["rule", "row"]].to_numpy().tolist() == [["no_school", 2]]


def test_a_roster_row_without_school_stays_with_an_empty_code() -> None:
    found, lines = resolve_schools(table([(None, None)]), "roster", Directory())
    assert found["school_id"].tolist() == [""]
    assert lines["rule"].tolist() == ["school_unknown"]


def test_reality_04_a_short_name_is_the_only_school_it_can_mean() -> None:
    rows = table([(None, "一小"), (None, "县二小（东校区）")])
    found, lines = resolve_schools(rows, "trainings", school_directory([KNOWN], "示例县"))
    assert found["school_id"].tolist() == ["1", "2"]
    assert lines[["rule", "done"]].to_numpy().tolist() == [
        ["school_alias", "1"],
        ["school_alias", "2"],
    ]


def test_mess_36_a_name_joined_with_a_part_of_the_school_is_the_school() -> None:
    texts = ["第一小学-教务处", "第一小学/语文组", "示例县第二小学、政教处"]
    rows = table([(None, text) for text in texts])
    found, _ = resolve_schools(rows, "trainings", school_directory([KNOWN], "示例县"))
    assert found["school_id"].tolist() == ["1", "1", "2"]


def test_mess_36_a_former_name_leads_to_the_code_that_stayed() -> None:
    old, new = table([("7", "第三小学")]).assign(year=2023), table([("7", "实验小学")])
    directory = school_directory([old, new], "示例县")
    rows = table([(None, "第三小学"), (None, "实验小学")])
    found, _ = resolve_schools(rows, "trainings", directory)
    assert found["school_id"].tolist() == ["7", "7"]


def test_a_name_that_passed_to_another_school_is_the_one_of_its_year() -> None:
    first, second = table([("7", "实验小学")]).assign(year=2023), table([("8", "实验小学")])
    directory = school_directory([first, second], "示例县")
    rows = table([(None, "实验小学")] * 3).assign(year=[2023, 2025, 2024])
    found, lines = resolve_schools(rows, "trainings", directory)
    assert found["school_id"].tolist() == ["7", "8", "实验小学"]
    assert lines["rule"].tolist() == ["school_by_name", "school_by_name", "school_unknown"]


def test_a_line_about_a_whole_programme_has_no_school_to_be_told() -> None:
    rows = table([(None, None), (None, None)]).assign(
        name=pd.Series([None, "张三"], dtype="str"), programme="digital"
    )
    _, lines = resolve_schools(rows, "funds", Directory())
    assert lines["row"].tolist() == [3]
