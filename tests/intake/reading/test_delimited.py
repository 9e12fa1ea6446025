"""Text files whose bytes hold what no text should."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.intake.reading.readers import read_sheets

ROWS = ["姓名,学校", *(f"甲{k},第一小学" for k in range(20))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_null_character_in_a_cell_is_taken_out_and_told(tmp_path: Path, encoding: str) -> None:
    rows = [*ROWS]
    rows[4] = rows[4].replace("第一", "第\0一")
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(rows).encode(encoding))
    (sheet,) = read_sheets(path)
    assert sheet.cells.to_numpy().tolist() == [row.split(",") for row in ROWS]
    told = sheet.lines[["row", "column", "rule"]].to_numpy().tolist()
    assert told == [[5, "B", "control_character"]]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_the_null_bytes_of_an_encoding_are_no_characters(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join(ROWS).encode(encoding))
    (sheet,) = read_sheets(path)
    assert sheet.cells.to_numpy().tolist() == [row.split(",") for row in ROWS]
    assert sheet.lines.empty
