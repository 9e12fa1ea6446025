"""The data check sheet: every row is drawn here with the answer beside it."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.intake.delivery import Delivery, FileRecord
from analysis.intake.ledger import KINDS, write_lines
from analysis.release.check_sheet import check_line, check_notes
from analysis.release.data_check import check_tables
from analysis.release.wording import wording
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

SHA = "0" * 64


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


@pytest.fixture
def delivery():
    """Two files, three ledger lines of one rule over two years, one pass of matching."""
    files = (
        FileRecord("roster", "名册2024.csv", "", 2024, 100, 98, SHA, (), "usable"),
        FileRecord(
            "roster", "名册.xlsx", "表一", 2025, 102, 100, SHA, ("备注",), "usable_with_notes"
        ),
    )
    ledger = pd.concat(
        [
            write_lines("not_a_date", table="roster", year=2024, variable="birth_month", n=4),
            write_lines("not_a_date", table="roster", year=2025, variable="birth_month", n=3),
            write_lines("repeated_row", table="roster", year=2025, n=2),
        ]
    )
    links = pd.DataFrame(
        [
            ("roster", 2024, "name", "in_bureau", 100, 50, 0.5),
            ("roster", 2025, "staff_number", "in_bureau", 98, 90, 90 / 98),
        ],
        columns=["table", "year", "link_pass", "found", "n_rows", "n_linked", "share"],
    )
    return Delivery(
        region="r", label="示例县", year=2025, tables={}, ledger=ledger, files=files, links=links,
        is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip


def test_files_are_listed_newest_first(study, delivery):
    first, second = check_tables(study, delivery)["check-files"].rows
    assert first == ("教师名册", "名册.xlsx / 表一", "可用但需说明", "", "2025", "102", "100")
    assert second == ("教师名册", "名册2024.csv", "可用", "", "2024", "100", "98")


def test_sheets_of_one_file_are_one_line_unless_their_verdict_differs(study, delivery):
    sheets = [
        FileRecord("trainings", "带教.xlsx", f"第{n}小学", 2025, 10, 9, SHA, ("备注",), verdict)
        for n, verdict in enumerate(["usable", "usable", "usable_with_notes"], 1)
    ]
    tables = check_tables(study, replace(delivery, files=tuple(sheets)))
    both, one = tables["check-files"].rows
    assert both == ("培训台账", "带教.xlsx（2张工作表）", "可用", "", "2025", "20", "18")
    assert one == ("培训台账", "带教.xlsx / 第3小学", "可用但需说明", "", "2025", "10", "9")
    assert tables["check-unmapped"].rows == (("带教.xlsx", "3", "备注"),)


def test_the_line_adds_up_files_and_rows(delivery):
    # 100 + 102 rows read, 98 + 100 kept; of this year one file
    said = "数据截至2025年9月1日；读入文件2个、记录202行，保留198行"
    assert check_line(delivery) == f"{said}；本年文件可用0个、可用但需说明1个、不可用0个"


def test_what_speaks_against_a_file_is_told_beside_it(study, delivery):
    sheets = [
        FileRecord(
            "survey",
            "问卷.xlsx",
            f"第{n}小学",
            2025,
            10,
            9,
            SHA,
            (),
            "usable_with_notes",
            (),
            reasons,
        )
        for n, reasons in enumerate(
            [(("unlinked", 3), ("name_count", 1)), (("unlinked", 2), ("name_count", 1))]
        )
    ]
    (row,) = check_tables(study, replace(delivery, files=tuple(sheets)))["check-files"].rows
    assert (
        row[3] == "在名册上找不到此人（5处）；文件名所写的有效份数（1处）"
    )  # the file's own finding once


def test_the_ledger_is_added_up_by_rule_this_year_and_all(study, delivery):
    rows = check_tables(study, delivery)["check-ledger"].rows
    # 3 lines of 2025, 4 of 2024; a dropped row belongs to no column
    assert rows == (
        ("按缺失处理", "应为日期", "教师名册", "出生年月", "3", "7"),
        ("整行未采用", "重复记录", "教师名册", "—", "2", "2"),
    )


def test_matching_is_shown_for_the_newest_year(study, delivery):
    (row,) = check_tables(study, delivery)["check-links"].rows
    # 90 / 98 = 0.9184
    assert row == ("教师名册", "2025", "下一年仍在册", "教职工号", "98", "90", "91.8%")


def test_columns_that_nothing_uses_are_named(study, delivery):
    (row,) = check_tables(study, delivery)["check-unmapped"].rows
    assert row == ("名册.xlsx", "表一", "备注")


def test_an_empty_table_is_left_out(study, delivery):
    from dataclasses import replace

    empty = replace(delivery, links=delivery.links.iloc[:0], ledger=delivery.ledger.iloc[:0])
    assert set(check_tables(study, empty)) == {"check-files", "check-unmapped"}
    assert len(check_notes(empty)) == 1


def test_every_rule_and_kind_of_the_ledger_has_words():
    assert set(KINDS) == set(wording()["ledger_rule"])
    assert set(KINDS.values()) == set(wording()["ledger_kind"])
