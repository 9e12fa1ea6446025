"""Cells merged downwards in the body are filled and told; headers, titles, blank rows and totals are not."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from analysis.intake.reading.header import read_tables
from analysis.intake.reading.readers import read_sheets


def test_a_school_merged_over_its_teachers_is_filled_down(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("名册")
        sheet.merge_range("B2:D2", "教师花名册")  # the table begins in column B
        sheet.write_row(2, 1, ["学校", "姓名", "学科"])
        sheet.merge_range("B4:B8", "第一小学")
        sheet.merge_range("D4:D5", "语文")
        for row, name in ((3, "甲"), (4, "乙"), (5, "丙"), (7, "小计")):  # row 7 is blank
            sheet.write(row, 2, name)
        sheet.write_row(8, 1, ["第二小学", "丁", "数学"])
        sheet.write_row(9, 2, ["戊"])
    (table,) = read_tables(read_sheets(path), ["学校", "姓名", "学科"], "")
    assert table.frame.to_numpy().tolist() == [
        ["第一小学", "甲", "语文"],
        ["第一小学", "乙", "语文"],
        ["第一小学", "丙", ""],
        ["第二小学", "丁", "数学"],
        ["", "戊", ""],
    ]
    told = table.lines[["row", "column", "rule", "found"]].to_numpy().tolist()
    assert [8, "", "total_row", ""] in told
    assert [line for line in told if line[2] == "merged_filled"] == [
        [5, "学校", "merged_filled", ""],
        [6, "学校", "merged_filled", ""],
        [5, "学科", "merged_filled", ""],
    ]


def test_two_header_rows_merged_downwards_stay_a_header(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.merge_range("A1:A2", "学校")
        sheet.merge_range("B1:C1", "人数")
        sheet.write_row(1, 1, ["男", "女"])
        sheet.write_row(2, 0, ["第一小学", 1, 2])
    (table,) = read_tables(read_sheets(path), ["学校", "人数/男"], "")
    assert table.frame.to_numpy().tolist() == [["第一小学", "1"]]
    assert table.lines.empty
