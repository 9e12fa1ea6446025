"""The table inside a sheet: titles, blank rows, totals, notes and repeated headers as they really stand there."""

from __future__ import annotations

from io import StringIO

import pandas as pd
import pytest

from analysis.errors import DataError, SeveralErrors
from analysis.intake.reading.header import TextTable, read_tables
from analysis.intake.reading.known_headers import KnownHeaders
from analysis.intake.reading.sheets import RawSheet


def sheet(text: str, name: str = "花名册", **more: object) -> RawSheet:
    """A sheet drawn with | between cells."""
    cells = pd.read_csv(
        StringIO(text.strip()), sep="|", header=None, dtype=str, keep_default_na=False
    )
    cells = cells.map(str.strip).astype(object)
    return RawSheet(file="a.xlsx", sheet=name, cells=cells, **more)  # type: ignore[arg-type]


def read(text: str, *wanted: str) -> TextTable:
    """The one table of a drawn sheet."""
    (table,) = read_tables([sheet(text)], wanted, "")
    return table


FULL = """
示例县教师花名册 |      |          |      |
                 |      |          |      |
序号             | 姓 名 | 学校\u3000名称 | 备注 | 备注
1                | 张三 | 一小     | a    | b
                 |      |          |      |
2                | 李四 | 二小     | c    | d
序号             | 姓 名 | 学校\u3000名称 | 备注 | 备注
3                | 王五 | 合计小学 | e    | f
合计             | 3    |          |      |
填表人：赵六     |      |          |      |
注：以上为在编   |      |          |      |
"""


def test_rows_are_found_between_title_and_notes() -> None:
    table = read(FULL, "姓名", "学校名称", "备注#2")
    assert table.frame.to_numpy().tolist() == [
        ["张三", "一小", "b"],
        ["李四", "二小", "d"],
        ["王五", "合计小学", "f"],
    ]
    assert table.rows.tolist() == [4, 6, 8]  # as the sheet counts
    assert table.unmapped == ("序号", "备注")


def test_rows_in_are_rows_kept_and_rows_in_the_ledger() -> None:
    table = read(FULL, "姓名", "学校名称", "备注#2")
    told = dict(zip(table.lines["row"], table.lines["rule"], strict=True))
    assert told == {7: "header_row", 9: "total_row", 10: "note_row", 11: "note_row"}
    assert table.n_rows_in == len(table.frame) + len(table.lines)


def test_a_note_is_told_without_the_name_in_it() -> None:
    lines = read(FULL, "姓名", "学校名称", "备注#2").lines
    assert not lines.astype(str).apply(lambda c: c.str.contains("赵六")).any(axis=None)


def test_the_first_of_two_equal_headers_is_meant_and_it_is_told() -> None:
    table = read(FULL, "姓名", "备注")
    assert table.frame["备注"].tolist() == ["a", "c", "e"]
    told = table.lines[table.lines["rule"] == "repeated_header"]
    assert told[["column", "n"]].to_numpy().tolist() == [["备注", 2]]


def test_a_number_mark_belongs_to_the_header() -> None:
    with pytest.raises(DataError) as error:
        read("1、姓名 | 2、学校\n张三 | 一小", "姓名", "2、学校")
    assert error.value.fields["nearest"] == "1、姓名"


def test_a_header_with_a_line_break_is_found() -> None:
    cells = pd.DataFrame([["\n3、性别 ", "学校"], ["女", "一小"]], dtype=object)
    (table,) = read_tables([RawSheet("a.xls", "s", cells)], ["3、性别"], "")
    assert table.frame["3、性别"].tolist() == ["女"]


def test_a_missing_column_names_file_sheet_column_and_nearest_header() -> None:
    with pytest.raises(DataError) as error:
        read("姓名 | 学校标识\n张三 | 1", "姓名", "学校标识码")
    fields = error.value.fields
    assert error.value.name == "column_missing"
    assert (fields["file"], fields["sheet"], fields["column"]) == ("a.xlsx", "花名册", "学校标识码")
    assert (fields["nearest"], fields["row"]) == ("学校标识", 1)
    assert "学校标识码" in str(error.value).splitlines()[1]  # the English line names it too


def test_all_missing_columns_are_told_at_once() -> None:
    with pytest.raises(SeveralErrors) as error:
        read("姓名 | 性别\n张三 | 女", "姓名", "学校", "职称")
    assert [e.fields["column"] for e in error.value.errors] == ["学校", "职称"]


def test_a_sheet_without_any_of_the_headers_is_one_message() -> None:
    with pytest.raises(DataError) as error:
        read("甲 | 乙\n1 | 2", "姓名", "学校", "职称")
    assert error.value.name == "header_missing"


def test_header_only_is_refused() -> None:
    with pytest.raises(DataError) as error:
        read("姓名 | 学校\n合计 | 0", "姓名", "学校")
    assert error.value.name == "sheet_without_rows"


def test_one_sheet_per_school_is_read_and_other_sheets_are_told() -> None:
    sheets = [
        sheet("填表说明\n请勿改动", "说明"),
        sheet("姓名 | 学校\n张三 | 一小", "一小"),
        sheet("姓名 | 学校\n李四 | 二小", "二小"),
        sheet("姓名 | 学校\n旧人 | 三小", "去年", is_hidden=True),
    ]
    tables = read_tables(sheets, ["姓名", "学校"], "")
    assert [t.sheet for t in tables] == ["一小", "二小"]
    told = tables[0].lines
    assert sorted(told["sheet"]) == ["去年", "说明"]
    assert set(told["rule"]) == {"sheet_set_aside"}


def test_a_named_sheet_must_be_there() -> None:
    sheets = [sheet("姓名\n张三", "花名册"), sheet("姓名\n李四", "花名册2024")]
    (table,) = read_tables(sheets, ["姓名"], "花名册2024")
    assert table.frame["姓名"].tolist() == ["李四"]
    with pytest.raises(DataError) as error:
        read_tables(sheets, ["姓名"], "花名册2025")
    assert (error.value.name, error.value.fields["nearest"]) == ("sheet_missing", "花名册2024")


def test_a_named_empty_sheet_is_called_empty() -> None:
    sheets = [sheet("姓名\n张三", "一"), RawSheet("a.xlsx", "二", pd.DataFrame())]
    with pytest.raises(DataError) as error:
        read_tables(sheets, ["姓名"], "二")
    assert error.value.name == "file_empty"


DOUBLE = """
示例县教师培训台账 |      |      |      |          |      |      |
序号              | 姓名 | 线上 |      | 线下     |      | 配偶 | 备注
                  |      | 学时 | 学分 | 学\u3000时 | 场次 | 姓名 |
1                 | 张三 | 10   | 1    | 20       | 2    | 赵六 | x
2                 | 李四 | 30   |      | 40       | 4    |      |
序号              | 姓名 | 线上 |      | 线下     |      | 配偶 | 备注
                  |      | 学时 | 学分 | 学\u3000时 | 场次 | 姓名 |
合计              |      | 40   | 1    | 60       | 6    |      |
填表人：          |      |      |      |          |      |      |
"""


def test_a_header_over_two_rows_is_named_by_both() -> None:
    wanted = ["姓名", "线上/学时", "线下/学时", "学分", "线下/场次", "配偶/姓名"]
    table = read(DOUBLE, *wanted)
    assert table.frame[wanted].to_numpy().tolist() == [
        ["张三", "10", "20", "1", "2", "赵六"],
        ["李四", "30", "40", "", "4", ""],
    ]
    assert table.rows.tolist() == [4, 5]
    assert table.unmapped == ("序号", "备注")
    told = dict(zip(table.lines["row"], table.lines["rule"], strict=True))
    assert told == {6: "header_row", 7: "header_row", 8: "total_row", 9: "note_row"}


def test_a_header_may_have_a_group_over_every_column() -> None:
    text = "教师 | | 线上 | 线下\n姓名 | 学校 | 学时 | 学时\n张三 | 一小 | 1 | 2"
    table = read(text, "姓名", "线下/学时")
    assert table.frame.to_numpy().tolist() == [["张三", "2"]]
    assert table.unmapped == ("学校", "线上/学时")


def test_of_two_equal_lower_headers_neither_is_meant_without_its_group() -> None:
    with pytest.raises(DataError) as error:
        read(DOUBLE, "序号", "学时", "学分")
    assert error.value.fields["column"] == "学时"
    assert error.value.fields["nearest"] in ("线上/学时", "线下/学\u3000时")
    assert error.value.fields["row"] == 3  # the lower of the two


def test_a_row_of_lower_headers_is_no_record_even_if_nothing_in_it_is_wanted() -> None:
    assert read(DOUBLE, "姓名", "备注").frame["姓名"].tolist() == ["张三", "李四"]


def test_known_headers_are_found_in_both_rows() -> None:
    known = KnownHeaders({"姓名": "name", "学分": "credits"}, {"场次": "session"})
    (table,) = read_tables([sheet(DOUBLE)], ["线上/学时"], "", known)
    assert table.implied == {"姓名": "name", "学分": "credits", "场次": "session"}
    assert table.frame["学分"].tolist() == ["1", ""]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # a row with an empty cell under a header is a record, not a second header
        ("姓名 | 学校 | 备注\n张三 | 一小 |\n李四 | 二小 | x", ["张三", "李四"]),
        # the office's line over a header that has a column without a name
        ("填表单位 | 甲 |  |\n姓名 | 学校 |  | 备注\n张三 | 一小 | 1 |", ["张三"]),
        # the first record stands right under a header with an unnamed column
        ("姓名 | 学校 | \n张三 |  | 1\n李四 | 二小 |", ["张三", "李四"]),
    ],
)
def test_a_header_in_one_row_stays_one(text: str, names: list[str]) -> None:
    assert read(text, "姓名", "学校").frame["姓名"].tolist() == names


def test_unmapped_headers_are_listed_without_phones_and_contacts() -> None:
    heads = [
        "姓名",
        "联系人令狐冲13812345678",
        "填表人：任盈盈",
        "联系人",
        "备注",
        "电话139-1234-5678",
    ]
    heads += ["您的看法:—教学", "学校：某某", "长" * 60]
    table = read("|".join(heads) + "\n" + "|".join(["甲"] * len(heads)), "姓名")
    assert table.unmapped == (
        "联系人",
        "备注",
        "电话[digits:3 signs:1 digits:4 signs:1 digits:4]",
        "您的看法:—教学",
        "长" * 40,
    )
