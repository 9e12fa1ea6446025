"""A school is known by its code, else by its name through any file that gives both."""

from __future__ import annotations

import pandas as pd

from analysis.intake.linking.schools import (
    Directory,
    read_places,
    resolve_schools,
    school_directory,
)


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
    assert found["school_id"].tolist() == ["unknown-1", "unknown-2"]
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
    assert found["school_id"].tolist() == ["7", "8", "unknown-1"]
    assert lines["rule"].tolist() == ["school_by_name", "school_by_name", "school_unknown"]


def test_a_line_about_a_whole_programme_has_no_school_to_be_told() -> None:
    rows = table([(None, None), (None, None)]).assign(
        name=pd.Series([None, "张三"], dtype="str"), programme="digital"
    )
    _, lines = resolve_schools(rows, "funds", Directory())
    assert lines["row"].tolist() == [3]


SPOKEN = "不想说 我叫岳不群 电话13712345678"


def test_what_is_no_school_never_becomes_a_code_where_schools_have_codes() -> None:
    directory = school_directory([KNOWN], "示例县")
    rows = table([(None, SPOKEN), (None, "一小"), (None, "第三小学"), (None, SPOKEN)])
    answers, told = resolve_schools(rows, "survey", directory)
    assert answers["school_id"].astype(object).where(
        answers["school_id"].notna(), None
    ).tolist() == [
        None,
        "1",
        None,
        None,
    ]
    assert told["rule"].tolist() == ["school_unknown", "school_alias", *["school_unknown"] * 2]
    leavers, _ = resolve_schools(rows, "exits", directory)
    assert leavers["school_id"].tolist() == ["unknown-1", "1", "unknown-2", "unknown-1"]
    shown = told[["found", "done"]].to_string()
    assert "岳不群" not in shown
    assert "1371" not in shown
    assert "第三小学" in shown  # which school is meant, somebody can say


def test_one_unknown_school_has_one_number_in_all_tables_by_year_and_row() -> None:
    exits = table([(None, "外县小学"), (None, "第九小学")])
    roster = table([(None, "第九小学")]).assign(year=2024)
    tables = {"exits": exits, "roster": roster, "schools": KNOWN}
    directory = read_places(tables, "示例县")
    found = {name: resolve_schools(rows, name, directory)[0] for name, rows in tables.items()}
    assert found["roster"]["school_id"].tolist() == ["unknown-1"]
    assert found["exits"]["school_id"].tolist() == ["unknown-2", "unknown-1"]
    assert found["schools"]["school_id"].tolist() == ["1", "2", "3", "4"]


def test_without_codes_a_name_is_the_code_but_no_number_and_no_sentence() -> None:
    long = "这是一个很长很长很长很长很长很长很长很长很长很长很长的回答小学"
    rows = table([(None, "第一小学"), (None, "示例一 1371234567"), (None, long)])
    found, lines = resolve_schools(rows, "roster", Directory("示例县"))
    assert found["school_id"].tolist() == ["第一小学", "unknown-1", "unknown-2"]
    assert lines["rule"].tolist() == ["school_unknown"] * 2
    assert "1371" not in lines.to_string()


def test_answers_name_schools_of_the_list_only() -> None:
    listed = table([(None, "第一小学")])
    answers = table([(None, "示例县第一小学"), (None, "我叫示例一")])
    directory = read_places({"schools": listed, "survey": answers}, "示例县")
    found, lines = resolve_schools(answers, "survey", directory)
    assert found["school_id"].isna().tolist() == [False, True]
    assert "示例一" not in lines.to_string()
