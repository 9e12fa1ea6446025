"""Files are opened by their content, and every cell comes out as the text that stands in it."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter

from analysis.errors import DataError
from analysis.intake.reading import archive as archives
from analysis.intake.reading.header import read_tables
from analysis.intake.reading.readers import open_sheets, read_sheets
from tests.intake.compound import compound_file

TEXT = "姓名,学校\n张三,第一小学\n李四,第二小学\n"
ROWS = [["姓名", "学校"], ["张三", "第一小学"], ["李四", "第二小学"]]


def cells(path: Path) -> list[list[str]]:
    """The cells of the only sheet."""
    (sheet,) = read_sheets(path)
    return sheet.cells.to_numpy().tolist()


def make_workbook(path: Path, sheets: dict[str, list[list[object]]], top: int = 0) -> Path:
    """A workbook with these rows, the first in row ``top`` (from 0)."""
    options = {"default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(path, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for k, row in enumerate(rows):
                for at, value in enumerate(row):
                    sheet.write(top + k, at, value)
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_text_files_in_every_encoding_read_alike(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert cells(path) == ROWS


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT.replace(",", delimiter), encoding="utf-8")
    assert cells(path) == ROWS


def test_quoted_delimiters_and_line_breaks_stay_in_their_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('name,remark\n"Bo, Ann","one\ntwo"\n', encoding="utf-8")
    assert cells(path) == [["name", "remark"], ["Bo, Ann", "one\ntwo"]]


def test_short_rows_are_filled_with_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("花名册\n姓名,学校\n张三,一小\n", encoding="utf-8")
    assert cells(path) == [["花名册", ""], ["姓名", "学校"], ["张三", "一小"]]


def test_a_cell_of_spaces_is_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,学校\n  ,\u3000\n张 三 ,一小\n", encoding="utf-8")
    assert cells(path)[1:] == [["", ""], ["张 三 ", "一小"]]


def test_leading_zeros_and_long_numbers_survive_in_text_files(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("no,id\n00123,11010519491231002X\nNA,null\n", encoding="utf-8")
    assert cells(path)[1:] == [["00123", "11010519491231002X"], ["NA", "null"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (0.45, "0.45"),
        (1998.09, "1998.09"),
        (2199000001, "2199000001"),
        (110101199001011000, "110101199001011000"),  # what a spreadsheet leaves of a number
        ("00123", "00123"),
        ("张 三  ", "张 三  "),  # trailing spaces are part of what was delivered
        ("   ", ""),
        (True, "TRUE"),
        (dt.date(2025, 3, 1), "2025-03-01"),
        (dt.datetime(2025, 3, 1, 8, 30), "2025-03-01 08:30:00"),
    ],
)
def test_a_cell_becomes_faithful_text(tmp_path: Path, value: object, text: str) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        form = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet()
        sheet.write(0, 0, "head")
        is_date = isinstance(value, dt.date)
        sheet.write_datetime(1, 0, value, form) if is_date else sheet.write(1, 0, value)
        sheet.write(1, 1, "x")
    assert cells(tmp_path / "a.xlsx")[1] == [text, "x"]


def test_row_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"一": [["姓名"], ["张三"]]}, top=4)
    (sheet,) = read_sheets(path)
    assert (sheet.first_row, len(sheet.cells)) == (5, 2)


def test_every_sheet_is_read_and_hidden_ones_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("甲校", "乙校", "旧"):
            book.add_worksheet(name).write(0, 0, name)
        book.get_worksheet_by_name("旧").hide()
    found = [(s.sheet, s.is_hidden) for s in read_sheets(path)]
    assert found == [("甲校", False), ("乙校", False), ("旧", True)]


@pytest.mark.parametrize(
    "name", ["a.csv", "a.xls", "a.et", "a", "[问卷星数据]2_2_0.xlsx", "副本(1).ods"]
)
def test_the_extension_is_not_believed(tmp_path: Path, name: str) -> None:
    make_workbook(tmp_path / "a.xlsx", {"s": [list(r) for r in ROWS]}).rename(tmp_path / name)
    assert cells(tmp_path / name) == ROWS
    (tmp_path / "text.xlsx").write_text(TEXT, encoding="gb18030")
    assert cells(tmp_path / "text.xlsx") == ROWS


def test_a_name_composed_otherwise_is_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "Liste\u0301.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert cells(tmp_path / "List\u00e9.csv") == [["a", "b"], ["1", "2"]]


def test_spss_codes_come_as_text_and_missing_codes_are_declared(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"ID": [1.0, 2.0, 3.0], "AGE": [30.0, 998.0, None], "CNT": ["FRA1", "ITA2", ""]}
    )
    pyreadstat.write_sav(
        frame,
        tmp_path / "a.dat",
        missing_ranges={"AGE": [{"lo": 996, "hi": 999}]},
        variable_value_labels={"AGE": {998: "Not administered"}},
    )
    (sheet,) = read_sheets(tmp_path / "a.dat")
    assert sheet.cells.to_numpy().tolist() == [
        ["ID", "AGE", "CNT"],
        ["1", "30", "FRA1"],
        ["2", "998", "ITA2"],
        ["3", "", ""],
    ]
    assert sheet.missing == {"AGE": {"998": "Not administered"}}
    assert sheet.first_row == 0  # so that the first case is row 1


def truncated(tmp_path: Path) -> bytes:
    """The first half of a workbook."""
    raw = make_workbook(tmp_path / "whole.xlsx", {"s": [["a"], ["b"]]}).read_bytes()
    return raw[: len(raw) // 2]


DAMAGED = {
    "empty": (b"", "file_empty"),
    "blanks": (b" \r\n \r\n", "file_empty"),
    "cut_zip": (b"PK\x03\x04" + b"\0" * 80, "file_damaged"),
    "cut_old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 80, "file_damaged"),
    "cut_sav": (b"$FL2@(#) SPSS DATA FILE", "file_damaged"),
    "binary": (b"\x81\xff" * 400, "unknown_encoding"),
    "nulls": (b"abc\x00\x00\x00\x00def" * 3, "unknown_encoding"),
    "page": (b"\xef\xbb\xbf <HTML><table></table></HTML>", "file_foreign"),
    "pdf": (b"%PDF-1.7 ...", "file_foreign"),
    "locked": (
        compound_file({"EncryptedPackage": b"x" * 99, "EncryptionInfo": b"y"}),
        "file_protected",
    ),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_cannot_be_read_ends_in_one_message_that_names_the_file(
    tmp_path: Path, kind: str
) -> None:
    raw, expected = DAMAGED[kind]
    path = tmp_path / f"{kind}.xlsx"
    path.write_bytes(raw)
    with pytest.raises(DataError) as error:
        read_sheets(path)
    assert error.value.name == expected
    assert error.value.fields["file"] == path.name
    assert error.value.exit_code == 3


def test_a_workbook_cut_short_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(truncated(tmp_path))
    with pytest.raises(DataError) as error:
        read_sheets(path)
    assert error.value.name == "file_damaged"


def test_a_workbook_without_a_filled_cell_is_empty(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"花名册": []})
    with pytest.raises(DataError, match="花名册") as error:
        read_sheets(path)
    assert error.value.name == "file_empty"


def test_a_missing_file_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "教师花名册(2025年9月).xlsx").write_bytes(b"x")
    with pytest.raises(DataError) as error:
        read_sheets(tmp_path / "教师花名册(2025年09月).xlsx")
    assert error.value.name == "file_missing"
    assert error.value.fields["nearest"] == "教师花名册(2025年9月).xlsx"


def test_an_archive_that_would_unpack_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "0" * 100_000)
    monkeypatch.setattr(archives, "MAX_UNPACKED", 99_999)
    with pytest.raises(DataError) as error:
        read_sheets(path)
    assert error.value.name == "file_too_large"


@pytest.mark.realdata
def test_the_real_export_pair_is_read(realdata: Path) -> None:
    """Shapes from its README: 800 answers, 14 columns by text and 36 by number."""
    folder = realdata / "wjx_export_pair_800"
    shapes = {p.name: open_sheets(p)[0].cells.shape for p in folder.glob("*.xls")}
    assert shapes == {
        "[问卷星数据]800_800_0.xls": (801, 14),
        "[问卷星数据]800_800_2.xls": (801, 36),
    }


@pytest.mark.realdata
def test_the_real_export_pair_agrees_on_multiple_choice(realdata: Path) -> None:
    """README: 0 disagreements in question 6 once the text in 〖〗 is taken off."""
    folder = realdata / "wjx_export_pair_800"
    frames = []
    for kind in "02":
        raw = open_sheets(folder / f"[问卷星数据]800_800_{kind}.xls")[0].cells
        frames.append(pd.DataFrame(raw.to_numpy()[1:], columns=raw.to_numpy()[0]))
    texts, numbers = frames
    chosen = texts["6、兴趣爱好"].str.replace(r"〖[^〗]*〗", "", regex=True).str.split("┋")
    options = [c for c in numbers.columns if c.startswith("第6题(")]
    for option in options:
        by_text = [option.removeprefix("第6题(")[:-1] in answers for answers in chosen]
        assert (numbers[option] == "1").tolist() == by_text, option


SWALLOWED = {
    # the open quote stands in line 3
    "to_the_end": '姓名,学校,岗位\n张三,一小,教师\n"李四,一小,教师\n王五,一小,教师\n',
    "to_a_letter": '姓名,学校,岗位\n张三,一小,教师\n"李四,一小,教师\n王五,一小,教师\n"赵六",一小,教师\n',
    "to_a_comma": '姓名,学校,岗位\n张三,一小,教师\n"李四,一小,教师\n王五,一小,教师\n赵六",一小,教师\n'
    + "钱七,一小,教师\n" * 3,
    "one_column": '姓名\n张三\n"李四\n' + "王五\n" * 200 + '赵六"\n钱七\n',
}


@pytest.mark.parametrize("kind", SWALLOWED)
def test_an_open_quote_is_refused_with_file_and_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(SWALLOWED[kind], encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_sheets(path)
    assert error.value.name == "quote_open"
    assert (error.value.fields["file"], error.value.fields["row"]) == ("a.csv", 3)


def test_a_long_remark_with_line_breaks_is_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('name,school,remark\nAnn,x,"one,\ntwo\nthree, four\nfive"\n', encoding="utf-8")
    assert cells(path)[1][2] == "one,\ntwo\nthree, four\nfive"


@pytest.mark.parametrize("name", [".", "sub", ".."])
def test_a_folder_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(DataError) as error:
        read_sheets(tmp_path / name)
    assert error.value.name == "file_is_folder"


def test_text_called_a_workbook_has_no_sheet_to_name(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_tables(read_sheets(tmp_path / "a.xlsx"), ["姓名"], "花名册")
    assert (error.value.name, error.value.fields["sheet"]) == ("sheet_in_text", "花名册")


def test_a_parquet_file_reads_as_a_workbook_of_the_same_cells(tmp_path: Path) -> None:
    moments = ["2025-03-01", "2025-03-01 08:30:00", None]
    table = pd.DataFrame(
        {
            "号码": ["00123", " ", None],
            "性别": pd.Categorical(["女", None, "男"]),
            "分": [3.0, 0.45, float("nan")],
            "人数": pd.array([1, None, 2199000001], dtype="Int64"),
            "是": [True, False, None],
            "日期": pd.to_datetime(pd.Series(moments), format="mixed"),
            "日": [dt.date(2024, 9, 1), None, dt.date(2025, 9, 1)],
        }
    )
    table.to_parquet(tmp_path / "名册.xlsx", row_group_size=1)  # the name says nothing
    assert cells(tmp_path / "名册.xlsx") == [
        list(table),
        ["00123", "女", "3", "1", "TRUE", "2025-03-01", "2024-09-01"],
        ["", "", "0.45", "", "FALSE", "2025-03-01 08:30:00", ""],
        ["", "男", "", "2199000001", "", "", "2025-09-01"],
    ]


def test_a_parquet_file_cut_short_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pd.DataFrame({"姓名": ["张三"]}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError) as error:
        read_sheets(path)
    assert (error.value.name, error.value.fields["file"]) == ("file_damaged", "a.parquet")


def test_a_parquet_file_without_columns_is_called_empty(tmp_path: Path) -> None:
    pd.DataFrame(index=pd.RangeIndex(3)).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError) as error:
        read_sheets(tmp_path / "a.parquet")
    assert error.value.name == "file_empty"


def test_columns_of_lists_are_read_over(tmp_path: Path) -> None:
    table = pa.table({"name": ["甲", "乙"], "tags": [["a", "b"], None]})
    pq.write_table(table, tmp_path / "roster.parquet")
    (sheet,) = read_sheets(tmp_path / "roster.parquet")
    assert sheet.cells.iloc[1:, 0].tolist() == ["甲", "乙"]
    assert sheet.cells.iloc[2, 1] == ""


def test_a_moment_is_told_in_its_own_zone_and_a_short_number_as_it_was_written(
    tmp_path: Path,
) -> None:
    moment = pd.Series(pd.to_datetime(["2025-01-02 00:00:00"])).dt.tz_localize("Asia/Shanghai")
    table = pa.table({"day": pa.array(moment), "score": pa.array([85.3], pa.float32())})
    pq.write_table(table, tmp_path / "scores.parquet")
    (sheet,) = read_sheets(tmp_path / "scores.parquet")
    assert sheet.cells.iloc[1].tolist() == ["2025-01-02", "85.3"]
