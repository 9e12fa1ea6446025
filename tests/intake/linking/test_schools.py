"""A school is known by its code, else by its name through any file that gives both."""

from __future__ import annotations

import pandas as pd

from analysis.intake.linking.schools import resolve_schools, school_directory


def table(rows: list[tuple[str | None, str | None]]) -> pd.DataFrame:
    """Rows of (code, name) with a place."""
    frame = pd.DataFrame(rows, columns=["school_id", "school_name"]).astype("str")
    return frame.assign(
        source_year=2025, source_file="f", source_sheet="", source_row=range(2, 2 + len(rows))
    )


KNOWN = table([("1", "第一小学"), ("2", "示例县第二小学"), ("3", "中心小学"), ("4", "中心小学")])


def test_a_name_leads_to_the_code_with_or_without_the_county_in_front() -> None:
    directory = school_directory([KNOWN], "示例县")
    rows = table(
        [(None, "示例县第一小学"), (None, "第二小学"), ("9", "第一小学"), (None, " 第一 小学")]
    )
    found, lines = resolve_schools(rows, "trainings", directory, "示例县")
    assert found["school_id"].tolist() == ["1", "2", "9", "1"]  # a given code is never overruled
    assert set(lines["rule"]) == {"school_by_name"}
    assert lines["n"].sum() == 3


def test_a_name_of_two_schools_leads_nowhere() -> None:
    directory = school_directory([KNOWN], "示例县")
    rows = table([(None, "中心小学"), (None, "一小")])
    found, lines = resolve_schools(rows, "trainings", directory, "示例县")
    assert found["school_id"].tolist() == ["中心小学", "一小"]
    assert lines[["rule", "found"]].to_numpy().tolist() == [
        ["school_unknown", "中心小学"],
        ["school_unknown", "一小"],
    ]


def test_where_no_file_gives_codes_the_name_is_the_code() -> None:
    rows = table([(None, "示例县第一小学"), (None, "第一小学")]).drop(columns="school_id")
    found, lines = resolve_schools(rows, "roster", school_directory([rows], "示例县"), "示例县")
    assert found["school_id"].tolist() == ["第一小学", "第一小学"]
    assert lines.empty


def test_a_school_without_code_and_name_is_dropped_and_told() -> None:
    found, lines = resolve_schools(table([(None, None), ("1", None)]), "schools", {}, "")
    assert found["school_id"].tolist() == ["1"]
    assert lines[["rule", "row"]].to_numpy().tolist() == [["no_school", 2]]


def test_a_roster_row_without_school_stays_with_an_empty_code() -> None:
    found, lines = resolve_schools(table([(None, None)]), "roster", {}, "")
    assert found["school_id"].tolist() == [""]
    assert lines["rule"].tolist() == ["school_unknown"]
