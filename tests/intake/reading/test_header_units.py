"""Units in headers: taken off to compare; values of another unit are multiplied by a stated rule or emptied, and told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.clean import clean_region
from analysis.intake.reading.header_units import (
    header_unit,
    in_own_unit,
    magnitude,
    split_unit,
    times,
)
from analysis.intake.reading.known_headers import known_key
from analysis.study.objects import Study, Variable
from tests.intake.drawn import draw_region, table_entry, variable


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("高等学校 (人)", ("高等学校", "人")),
        ("小学（万人）", ("小学", "万人")),
        ("金额(元)", ("金额", "元")),
        ("投入(万)", ("投入", "万")),
        ("学时(含线上)", ("学时(含线上)", "")),
        ("学时(含线上)(学时)", ("学时(含线上)", "学时")),
        ("(人)", ("(人)", "")),
        ("人数", ("人数", "")),
    ],
)
def test_a_unit_is_told_from_other_brackets(header: str, parts: tuple[str, str]) -> None:
    assert split_unit(header) == parts


def test_magnitudes_multiply_known_units_only() -> None:
    assert [magnitude(u) for u in ("万人", "千元", "万", "人", "万一")] == [
        10_000,
        1_000,
        10_000,
        0,
        0,
    ]


PUPILS = variable("n_pupils", "integer", ("schools",), unit="人", low=0.0, high=20000.0)


@pytest.mark.parametrize(
    ("unit", "text", "done", "rule"),
    [
        ("人", "120", "120", ""),
        ("", "120", "120", ""),
        ("万人", "0.012", "120", "header_unit"),
        ("万人", "1.2", "12000", "header_unit"),
        ("千人", "1,200", "1200000", "header_unit"),
        ("万人", "0.03万", "0.03万", ""),  # brings its own: the cleaner's matter
        ("万人", "", "", ""),
        ("公里", "120", "", "other_unit"),
        ("万元", "120", "", "other_unit"),
    ],
)
def test_values_are_read_in_the_unit_of_the_header(
    unit: str, text: str, done: str, rule: str
) -> None:
    read = in_own_unit(pd.Series([text], dtype=object), PUPILS, unit)
    assert read.texts.tolist() == [done]
    assert read.changes["rule"].tolist() == ([rule] if rule else [])


def test_texts_are_never_read_by_a_unit() -> None:
    name = variable("name", "name", ("roster",))
    assert in_own_unit(pd.Series(["12"]), name, "万人").texts.tolist() == ["12"]


@given(st.decimals(min_value=0, max_value=10**9, places=6))
def test_multiplying_is_exact(number: object) -> None:
    assert float(times(str(number), 10_000)) == pytest.approx(float(str(number)) * 10_000)
    assert "E" not in times(str(number), 10_000)


def test_a_known_header_is_found_with_its_unit() -> None:
    assert known_key("3、小学（万人）") == known_key("小学")


def test_mess_17_units_that_differ_within_one_table(tmp_path: Path, study: Study) -> None:
    text = "校号,学生数 (万人),年份\n1,0.012,2021\n2,0.5,2021\n3,300人,2021\n"
    columns = {"校号": "school_id", "学生数": "n_pupils"}
    space = draw_region(tmp_path, 2025, {"schools.csv": text}, table_entry("schools", columns))
    delivery = clean_region(space, study, "drawn", 2025)
    assert delivery.tables["schools"]["n_pupils"].tolist() == [120, 5000, 300]
    told = delivery.ledger[delivery.ledger["rule"] == "header_unit"]
    assert told[["column", "found", "done"]].to_numpy().tolist() == [
        ["学生数", "0.012", "120"],
        ["学生数", "0.5", "5000"],
    ]


@pytest.mark.parametrize("text", ["2008.0", "2008", "２００８"])
def test_mess_17_years_written_as_numbers(tmp_path: Path, text: str) -> None:
    year = variable("n_pupils", "integer", ("schools",), low=1990.0, high=2100.0)
    from analysis.intake.cleaning.cleaners import clean_column

    assert clean_column(pd.Series([text], dtype=object), year).values.tolist() == [2008]


def test_another_unit_is_emptied_not_taken(tmp_path: Path, study: Study) -> None:
    files = {"schools.csv": "校号,学生数(公里)\n1,12\n"}
    columns = {"校号": "school_id", "学生数": "n_pupils"}
    space = draw_region(tmp_path, 2025, files, table_entry("schools", columns))
    delivery = clean_region(space, study, "drawn", 2025)
    assert "n_pupils" not in delivery.tables["schools"]
    assert delivery.ledger["rule"].tolist() == ["other_unit"]


RATE = variable("rate", "number", ("schools",), low=0.0, high=1.0)
KM = variable("distance", "number", ("schools",), unit="公里", low=0.0, high=300.0)
HOURS = variable("hours", "number", ("schools",), unit="学时")
POINTS = variable("points", "number", ("schools",), synonyms=("得分(满分10)",))


@pytest.mark.parametrize(
    ("entry", "header", "text", "done", "rule"),
    [
        (RATE, "使用率(%)", "1", "0.01", "header_unit"),
        (RATE, "使用率（百分比）", "0.5", "0.005", "header_unit"),
        (RATE, "使用率（单位：%）", "45", "0.45", "header_unit"),
        (RATE, "使用率(%)", "45%", "45%", ""),  # brings its own: the cleaner's matter
        (KM, "距县城距离（米）", "150", "0.15", "header_unit"),
        (KM, "距县城距离(千米)", "150", "150", ""),
        (KM, "距县城距离(里)", "150", "", "other_unit"),
        (KM, "距县城距离(%)", "150", "", "other_unit"),
        (KM, "距县城距离(米)", "3 5", "3 5", ""),
        (HOURS, "学时(天)", "3", "", "other_unit"),
        (HOURS, "学时(含线上)", "3", "3", "header_brackets"),
        (POINTS, "得分(满分10)", "3", "3", ""),  # the study's own words
        (POINTS, "得分(满分5)", "3", "3", "header_brackets"),
    ],
)
def test_units_and_percents_of_headers(
    entry: Variable, header: str, text: str, done: str, rule: str
) -> None:
    read = in_own_unit(pd.Series([text, text], dtype=object), entry, header_unit(header))
    assert read.texts.tolist() == [done, done]
    n_lines = 1 if rule == "header_brackets" else 2
    assert read.changes["rule"].tolist() == ([rule] * n_lines if rule else [])
