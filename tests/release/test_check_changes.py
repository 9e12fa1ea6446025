"""Sums, years and changes in words, from drawn checks."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.intake.checking import comparison, sums, years
from analysis.intake.delivery import Delivery
from analysis.intake.ledger import join_lines
from analysis.release.check_changes import change_tables
from analysis.release.wording import wording
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


def rows(study, name, columns, *lines):
    """The printed rows of one check of drawn lines."""
    empty = Delivery(
        "d", "示例县", 2025, {}, join_lines([]), (), pd.DataFrame(), True, "", "2025-09-01", ()
    )
    delivery = replace(empty, checks={name: pd.DataFrame(lines, columns=list(columns))})
    return {t.id: t.rows for t in change_tables(study, delivery)}.get(f"check-{name}", ())


def test_sums_name_what_where_and_how_much(study):
    lines = [
        (2025, "attendances", "经费.xlsx", "ai_training", 749.0, 748.0, "agrees"),
        (2025, "total_row", "学校.xlsx", "表一 / n_pupils", 300.0, 290.5, "differs"),
        (2025, "exits_listed", "", "", 3.0, 4.0, "differs"),
    ]
    one, two, three = rows(study, "sums", sums.COLUMNS, *lines)
    programme = study.variables["programme"].code_label("ai_training")
    assert one == ("经费台账人次与培训台账人次", f"经费.xlsx / {programme}", "749", "748", "一致")
    assert two == (
        "合计行与各行相加",
        "学校.xlsx / 表一 / 学生数",
        "300",
        "290.5",
        "不一致，请核对",
    )
    assert three[1:4] == ("—", "3", "4")


def test_years_are_told_file_by_file(study):
    (row,) = rows(study, "years", years.COLUMNS, (2025, "survey", "q.csv", 20, 2023, 2, "differs"))
    assert row == ("教师问卷", "q.csv", "2023", "20", "2", "不一致，请核对")


def test_only_what_changed_is_listed_and_the_share_of_a_few_is_not(study):
    lines = [
        (2025, "roster", "rows", "", "", 100.0, 101.0, "same"),
        (2025, "roster", "rows", "", "", 100.0, 150.0, "jumped"),
        (2025, "roster", "category", "sex", "female", 0.5, 0.65, "jumped"),
        (2025, "roster", "category", "sex", "male", 0.0, float("nan"), "new"),
        (2025, "schools", "mean", "n_pupils", "", 200.123, 401.0, "jumped"),
        (2025, "schools", "column", "tool_use_rate", "", 0.0, 0.784, "new"),
    ]
    found = rows(study, "comparison", comparison.COLUMNS, *lines)
    assert [r[1:] for r in found] == [
        ("行数", "—", "100", "150", "变化大，请核对"),
        ("选项占比", "性别：女", "50.0%", "65.0%", "变化大，请核对"),
        ("选项占比", "性别：男", "0.0%", "少于10行", "上年没有"),
        ("平均数", "学生数", "200.12", "401.00", "变化大，请核对"),
        ("填写比例", "智能教学工具使用率", "0.0%", "78.4%", "上年没有"),
    ]


def test_a_delivery_without_checks_has_no_tables(study):
    assert rows(study, "sums", sums.COLUMNS) == ()


def test_every_check_and_verdict_has_its_words():
    said = wording()
    assert {"name_count", "total_row", "attendances", "amount", "overspent"} <= said[
        "check_name"
    ].keys()
    assert {"score_range", "exits_listed", "headcount", "year_found"} <= said["check_name"].keys()
    assert said["change_verdict"].keys() == {"agrees", "differs", "same", "jumped", "new", "gone"}
