"""What has to be looked at first, the spellings nobody knows, and the ledger as a list: drawn, with the answer beside."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.intake.checking import sums, years
from analysis.intake.delivery import Delivery, FileRecord
from analysis.intake.ledger import join_lines, write_lines
from analysis.release.check_todo import spelling_rows, todo
from analysis.release.ledger_list import harmless, ledger_list
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


EMPTY = Delivery(
    "d", "示例县", 2025, {}, join_lines([]), (), pd.DataFrame(), True, "", "2025-09-01", ()
)


def test_nothing_to_do_is_said(study):
    assert todo(study, EMPTY) == ("没有必须先处理的事项。",)


def test_the_worst_comes_first(study):
    files = (
        FileRecord(
            "exits", "离岗.xlsx", "", 2025, 9, 0, "", (), "not_usable", (), (("no_school", 9),)
        ),
        FileRecord(
            "roster",
            "名册.xlsx",
            "",
            2025,
            9,
            9,
            "",
            (),
            "usable_with_notes",
            (),
            (("unlinked", 2),),
        ),
        FileRecord("roster", "旧名册.xlsx", "", 2024, 9, 0, "", (), "not_usable"),
    )
    checks = {
        "sums": pd.DataFrame(
            [(2025, "total_row", "学校.xlsx", "n_pupils", 10.0, 9.0, "differs")],
            columns=list(sums.COLUMNS),
        ),
        "years": pd.DataFrame(
            [(2025, "survey", "q.csv", 20, 2019, 0, "differs")], columns=list(years.COLUMNS)
        ),
    }
    ledger = write_lines(
        "unknown_spelling", table="roster", year=2025, variable="stage", found="县", n=12
    )
    said = todo(study, replace(EMPTY, files=files, checks=checks, ledger=ledger))
    assert said[0] == "离岗.xlsx不可用：找不到学校（9处）。请先核对这个文件。"
    assert said[1].startswith("有1个文件可用但需说明")
    assert said[2] == "合计行与各行相加对不上：学校.xlsx 学生数，实有10，应有9。"
    assert said[3] == "q.csv里多数记录是2019年的，请核对是否放错了文件。"
    assert said[4].startswith("有1种写法不认识")
    assert "data/processed/d/return/2025/" in said[5]
    assert len(said) == 6  # last year's file is not this year's work


def test_a_spelling_of_a_few_rows_may_be_a_name(study):
    lines = [
        write_lines(
            "unknown_spelling", table="roster", year=2025, variable="stage", found="教师岗", n=10
        ),
        write_lines(
            "unknown_spelling", table="roster", year=2025, variable="stage", found="欧阳锋", n=9
        ),
        write_lines(
            "unknown_spelling", table="roster", year=2024, variable="stage", found="旧", n=99
        ),
    ]
    rows = spelling_rows(study, replace(EMPTY, ledger=join_lines(lines)))
    assert rows == (("教师名册", "任教学段", "教师岗", "10"),)


def test_the_list_has_a_line_each_and_runs_nothing(study):
    line = write_lines(
        "not_a_date",
        table="roster",
        year=2025,
        file="a.xlsx",
        row=3,
        column="出生",
        variable="birth_month",
        found="=1+1",
    )
    head, row, end = ledger_list(study, replace(EMPTY, ledger=line)).split("\r\n")
    assert head.count(",") == 11
    assert row == "按缺失处理,应为日期,教师名册,2025,a.xlsx,,3,出生,出生年月,'=1+1,,1"
    assert end == ""


@pytest.mark.parametrize(
    ("text", "shown"), [("@SUM", "'@SUM"), ("-3", "'-3"), ("三", "三"), ("", "")]
)
def test_signs_that_start_a_formula_get_a_mark(text, shown):
    assert harmless(text) == shown
