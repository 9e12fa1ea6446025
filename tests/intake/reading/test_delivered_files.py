"""Files as offices send them, from the bytes on disk to the rows of a table."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from analysis.intake.clean import clean_region
from analysis.intake.delivery import Delivery
from analysis.intake.reading.header import TextTable, read_tables
from analysis.intake.reading.readers import read_sheets
from analysis.study.objects import Study
from tests.intake.damaged import ROSTER, csv_text, old_book, plain_book
from tests.intake.drawn import draw_region, roster_entry

COLUMNS = {"教工号": "staff_number", "姓名": "name", "学校": "school_id", "性别": "sex"}


def deliver(tmp_path: Path, study: Study, file: str, raw: bytes) -> Delivery:
    """A region that delivers nothing but this roster."""
    space = draw_region(tmp_path, 2025, {}, roster_entry(2025, COLUMNS, file))
    (tmp_path / "data" / "raw" / "drawn" / "2025" / file).write_bytes(raw)
    return clean_region(space, study, "drawn", 2025)


FORMS = {
    "xlsx": plain_book(),
    "xls": old_book(),
    "gb18030": csv_text(ROSTER).encode("gb18030"),
    "utf16": csv_text(ROSTER, "\t").encode("utf-16"),
    "marked": csv_text(ROSTER).encode("utf-8-sig"),
}


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("file", ["名册.csv", "名册.xls"])
def test_mess_01_every_form_reads_alike_whatever_its_name_says(
    tmp_path: Path, study: Study, kind: str, file: str
) -> None:
    roster = deliver(tmp_path, study, file, FORMS[kind]).tables["roster"]
    assert len(roster) == 12
    assert set(roster["sex"]) == {"female", "male"}


@pytest.mark.parametrize(
    "file",
    ["[问卷星数据]12_12_0.xls", "副本20260522(1)【终稿】 名册.xlsx", "教师花名册(2025年9月).xlsx"],
)
def test_mess_02_brackets_and_chinese_in_the_name_of_a_file(
    tmp_path: Path, study: Study, file: str
) -> None:
    delivery = deliver(tmp_path, study, file, plain_book())
    assert [(f.file, f.n_rows_in) for f in delivery.files] == [(file, 12)]


def test_mess_03_rows_are_counted_not_taken_from_the_name(tmp_path: Path, study: Study) -> None:
    delivery = deliver(tmp_path, study, "331954276_按文本_工作情况_79_78.xlsx", plain_book())
    assert delivery.files[0].n_rows_in == 12


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> list[TextTable]:
    """A workbook of these sheets, read for its roster."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for k, row in enumerate(rows):
                sheet.write_row(k, 0, row)
    return read_tables(read_sheets(path), COLUMNS, "")


def test_mess_06_of_several_sheets_only_that_with_the_questions_is_read(tmp_path: Path) -> None:
    other = [["指标", "2021", "2022"], ["人数", "5", "6"]]
    (table,) = workbook(tmp_path / "a.xlsx", {"统计（2021-2023": other, "名册": ROSTER, "空": []})
    assert (table.sheet, len(table.frame)) == ("名册", 12)
    assert table.lines[["sheet", "rule"]].to_numpy().tolist() == [
        ["统计（2021-2023", "sheet_set_aside"]
    ]


def test_mess_16_title_blank_row_and_two_header_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.merge_range("A1:E1", "各市就业人员")
        sheet.write_row(1, 0, ["", " "])
        sheet.merge_range("A3:A4", "城市")
        sheet.merge_range("B3:D3", "就业人员总数")
        sheet.merge_range("E3:E4", "备注")
        sheet.write_row(3, 1, ["2021", "2022", "2023.0"])
        sheet.write_row(4, 0, ["甲市", 1, 2, 3])
        sheet.write_row(5, 0, ["全省", 1, 2, 3])
    (table,) = read_tables(read_sheets(path), ["城市", "2022", "就业人员总数/2023.0"], "")
    assert table.frame.to_numpy().tolist() == [["甲市", "2", "3"]]
    assert table.lines["rule"].tolist() == ["total_row"]


def test_mess_43_totals_inside_and_notes_below_are_set_aside(tmp_path: Path) -> None:
    rows = [
        *ROSTER[:6],
        ["合 计", "5"],
        *ROSTER[6:],
        ["全县", "12"],
        ["注：以上为在编教师"],
        ["填表人：某某", "审核人：某某"],
    ]
    (table,) = workbook(tmp_path / "a.xlsx", {"名册": rows})
    assert len(table.frame) == 12
    assert table.lines["rule"].tolist() == ["total_row", "total_row", "note_row", "note_row"]
    assert table.n_rows_in == 12 + 4


def test_reality_02_titles_hidden_sheets_one_sheet_per_school_and_totals(
    tmp_path: Path, study: Study
) -> None:
    """A workbook as a township sends it, under an old name and with a hidden sheet of last year."""
    path = tmp_path / "中心校.xls"
    with xlsxwriter.Workbook(path) as book:
        for name in ("第一小学", "第二小学", "去年"):
            sheet = book.add_worksheet(name)
            sheet.merge_range("A1:D1", f"{name}教师花名册")
            for k, row in enumerate([ROSTER[0], *ROSTER[1:7]], start=2):
                sheet.write_row(k, 0, [row[0] + name, *row[1:]] if k > 2 else row)
            sheet.write_row(9, 0, ["合计", "6"])
            sheet.write_row(11, 0, ["填表人：某某"])
        book.get_worksheet_by_name("去年").hide()
    delivery = deliver(tmp_path / "home", study, "中心校.xls", path.read_bytes())
    assert len(delivery.tables["roster"]) == 12
    assert [(f.sheet, f.n_rows_in) for f in delivery.files] == [("第一小学", 8), ("第二小学", 8)]
    rules = delivery.ledger["rule"].value_counts()
    assert (rules["total_row"], rules["note_row"], rules["sheet_set_aside"]) == (2, 2, 1)
