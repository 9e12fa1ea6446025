"""Files as offices send them: what calamine reads is what the form says, and the same bytes each time."""

from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from analysis.intake.reading.header import read_tables
from analysis.intake.reading.readers import read_sheets
from analysis.synthetic.paper.files import write_file
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.layout import named_headers
from analysis.synthetic.paper.old_workbooks import MOST_ROWS

ROWS = pd.DataFrame(
    {
        "name": ["张 三 ", "阿依古丽·买买提", "<李&四>"],
        "staff_number": ["G100001", None, "00017"],
        "hours": [1.5, 20.0, float("nan")],
        "n_pupils": [3, 0, 12],
        "school_name": ["一小/东", "一小/东", "二小"],
        "sex": pd.Categorical(["女", None, "男"]),
    }
)
HEADERS = {
    "name": "姓名",
    "staff_number": "工号",
    "hours": "学时",
    "n_pupils": "学生数",
    "sex": "性别",
}
CELLS = [
    ["张 三 ", "G100001", 1.5, 3.0, "女"],
    ["阿依古丽·买买提", "", 20.0, 0.0, ""],
    ["<李&四>", "00017", "", 12.0, "男"],
]
FULL = {
    "title": "台账",
    "groups": {"hours": "数量", "n_pupils": "数量"},
    "totals": ("hours", "n_pupils"),
    "notes": ("填表人：",),
}


def written(folder: Path, suffix: str, **more: object) -> Path:
    """The drawn rows as a file."""
    form = Form("schools", f"名单{suffix}", HEADERS, sheet="名单", **more)  # type: ignore[arg-type]
    return write_file(folder, form, ROWS, 2025)


def sheets(path: Path) -> dict[str, list[list[object]]]:
    """Sheet name -> cells, as calamine reads them; the file is opened by its content."""
    with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_a_plain_workbook_holds_headers_and_rows(tmp_path: Path, suffix: str) -> None:
    assert sheets(written(tmp_path, suffix)) == {"名单": [list(HEADERS.values()), *CELLS]}


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_a_workbook_with_everything(tmp_path: Path, suffix: str) -> None:
    path = written(tmp_path, suffix, **FULL)
    assert sheets(path)["名单"] == [
        ["台账", "", "", "", ""],
        ["姓名", "工号", "数量", "", "性别"],
        ["", "", "学时", "学生数", ""],
        *CELLS,
        ["合计", "", 21.5, 15.0, ""],
        ["填表人：", "", "", "", ""],
    ]
    with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        merged = book.get_sheet_by_name("名单").merged_cell_ranges
    # the title, three headers down, one group across
    assert sorted(merged or []) == [
        ((0, 0), (0, 4)),
        ((1, 0), (2, 0)),
        ((1, 1), (2, 1)),
        ((1, 2), (1, 3)),
        ((1, 4), (2, 4)),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_one_sheet_per_school(tmp_path: Path, suffix: str) -> None:
    found = sheets(written(tmp_path, suffix, per_school=True, notes=("填表人：",)))
    head, note = list(HEADERS.values()), ["填表人：", "", "", "", ""]
    assert found == {"一小_东": [head, *CELLS[:2], note], "二小": [head, CELLS[2], note]}


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_the_same_bytes_whenever_it_is_written(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = written(tmp_path, suffix, **FULL).read_bytes()
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert written(tmp_path, suffix, **FULL).read_bytes() == first


def test_the_parts_of_a_workbook_are_sound(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path, ".xlsx", **FULL)) as book:
        assert book.testzip() is None
        page = book.read("xl/worksheets/sheet1.xml").decode()
        assert "2025-12-31" in book.read("docProps/core.xml").decode()
    assert '<dimension ref="A1:E8"/>' in page
    assert re.findall(r'<row r="(\d+)"', page) == [str(k) for k in range(1, 9)]  # in this order


def test_an_old_workbook_refuses_what_it_cannot_hold(tmp_path: Path) -> None:
    long = pd.DataFrame({"n": range(MOST_ROWS)})
    with pytest.raises(ValueError, match="65536"):
        write_file(tmp_path, Form("schools", "a.xls", {"n": "数"}, sheet="s"), long, 2025)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_intake_finds_the_rows_under_a_header_over_two_rows(tmp_path: Path, suffix: str) -> None:
    headers = {"name": "姓名", "hours": "学时", "n_pupils": "学时"}
    form = Form(
        "schools",
        f"名单{suffix}",
        headers,
        title="台账",
        groups={"hours": "线上", "n_pupils": "线下"},
        totals=("n_pupils",),
        notes=("填表人：",),
        per_school=True,
        extra={"备注": "甲"},
    )
    path = write_file(tmp_path, form, ROWS, 2025)
    names = named_headers(form)
    tables = read_tables(read_sheets(path), [*names.values()], "")
    assert [t.sheet for t in tables] == ["一小_东", "二小"]
    found = pd.concat([t.frame for t in tables])[[*names.values()]].to_numpy().tolist()
    assert found == [
        ["张 三 ", "1.5", "3"],
        ["阿依古丽·买买提", "20", "0"],
        ["<李&四>", "", "12"],
    ]
    assert tables[0].unmapped == ("备注",)
    assert tables[0].lines["rule"].tolist() == ["total_row", "note_row"]


def test_a_parquet_file_has_its_headers(tmp_path: Path) -> None:
    table = pd.read_parquet(written(tmp_path, ".parquet", extra={"备注": ""}))
    assert list(table) == [*HEADERS.values(), "备注"]
    assert table["学生数"].tolist() == [3, 0, 12]


def test_a_suffix_that_nobody_sends_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.wk1"):
        written(tmp_path, ".wk1")
