"""Rows entered to try a form out are dropped and told; a real answer that holds such words is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.clean import clean_region
from analysis.intake.ledger import join_lines
from analysis.intake.reading.header import TextTable
from analysis.intake.reading.trial_rows import drop_trials, is_trial_word
from analysis.study.objects import Study
from tests.intake.drawn import draw_region, table_entry


@pytest.mark.parametrize(
    "text", ["测试", " 测 试", "测试1", "测试部门", "ＴＥＳＴ", "test2", "试填", "管理员"]
)
def test_words_for_a_trial(text: str) -> None:
    assert is_trial_word(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "测试仪器厂小学",
        "数字素养测试中心",
        "张测试",
        "王试",
        "testament",
        "2024测试",
        "管理员学校",
    ],
)
def test_longer_texts_are_no_trial(text: str) -> None:
    assert not is_trial_word(text)


def table(*rows: list[str]) -> TextTable:
    """Rows of a survey: number, school, three questions and a comment."""
    frame = pd.DataFrame([*rows], columns=["工号", "学校", "a", "b", "c", "意见"], dtype=object)
    numbers = pd.Series(range(2, 2 + len(rows)))
    return TextTable("a.csv", "", frame, numbers, len(rows), (), join_lines([]))


def test_mess_40_test_rows_are_dropped_and_told() -> None:
    rows = [
        ["测试", "测试", "1", "2", "3", ""],
        ["G001", "一小", "1", "1", "1", "测试"],  # a comment may say anything
        ["G002", "测试部门", "5", "5", "5", ""],
        ["1", "1", "1", "1", "1", "1"],  # every field 1
        ["1", "", "1", "1", "1", ""],
        ["1", "一小", "1", "1", "1", ""],  # a straight-liner at a school
        ["1", "", "1", "", "", ""],  # too little to tell
    ]
    left = drop_trials(table(*rows), ["工号", "学校"], ["工号", "学校", "a", "b", "c", "意见"])
    assert left.rows.tolist() == [3, 7, 8]
    assert left.lines[["row", "rule", "kind"]].to_numpy().tolist() == [
        [row, "test_row", "dropped"] for row in (2, 4, 5, 6)
    ]
    assert left.n_rows_in == len(left.frame) + len(left.lines)


def test_a_table_without_trials_is_left_alone() -> None:
    whole = table(["G001", "一小", "1", "1", "1", ""])
    assert drop_trials(whole, ["工号"], []) is whole


def test_mess_40_test_answers_never_reach_the_survey(tmp_path: Path, study: Study) -> None:
    text = (
        "序号,提交答卷时间,所用时间,工号,学校,年龄,需求\n"
        "1,2025/3/1,1秒,测试,测试,1,1\n2,2025/3/2,300秒,G1,第一小学,40,5\n"
        "3,2025/3/2,2秒,1,1,1,1\n4,2025/3/3,301秒,G2,测试仪器厂小学,31,4\n"
    )
    columns = {
        "提交答卷时间": "survey_date",
        "所用时间": "answer_seconds",
        "工号": "staff_number",
        "学校": "school_name",
        "年龄": "age",
        "需求": "need",
    }
    space = draw_region(tmp_path, 2025, {"survey.csv": text}, table_entry("survey", columns))
    delivery = clean_region(space, study, "drawn", 2025)
    assert sorted(delivery.tables["survey"]["age"]) == [31, 40]
    told = delivery.ledger[delivery.ledger["rule"] == "test_row"]
    assert told["row"].tolist() == [2, 4]
    assert set(told["found"]) == {""}
