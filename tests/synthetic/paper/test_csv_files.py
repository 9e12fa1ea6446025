"""CSV files: byte for byte what pandas writes, whatever stands in the cells."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.synthetic.paper.csv_files import csv_bytes, write_csv

TEXTS = st.text(st.sampled_from('张a1 ,"\r\n;\t€𠮷'), max_size=4)
COLUMNS = {
    "text": st.one_of(TEXTS, st.none()),
    "mixed": st.one_of(TEXTS, st.integers(-5, 5), st.floats(allow_nan=True), st.none()),
    "whole": st.integers(-(10**12), 10**12),
    "number": st.floats(allow_infinity=False),
    "flag": st.booleans(),
    "word": st.sampled_from(["男", "女", 'a,"b"', None]),
}
ROW = st.fixed_dictionaries(COLUMNS)


def as_pandas(table: pd.DataFrame) -> bytes:
    """The reference."""
    return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def drawn(rows: list[dict]) -> pd.DataFrame:
    """A table with a column of each kind."""
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    kinds = {"whole": "int64", "number": "float64", "flag": "bool", "word": "category"}
    return table.astype(kinds)


@given(st.lists(ROW, max_size=6))
def test_any_table_is_written_as_pandas_writes_it(rows: list[dict]) -> None:
    table = drawn(rows)
    assert csv_bytes(table, list(table)) == as_pandas(table)


@given(st.lists(st.one_of(TEXTS, st.none()), max_size=4))
def test_a_single_column_keeps_its_empty_rows(cells: list) -> None:
    table = pd.DataFrame({'备,"注"': pd.Series(cells, dtype=object)})
    assert csv_bytes(table, list(table)) == as_pandas(table)


@pytest.mark.parametrize(
    "days",
    [
        ["2024-09-01", "2025-03-10"],
        ["2024-09-01 08:30:00", "2025-03-10"],
        ["2024-09-01", None],
        [None, None],
    ],
)
def test_dates_have_a_time_only_if_one_of_them_has(days: list) -> None:
    table = pd.DataFrame({"日期": pd.to_datetime(pd.Series(days), format="mixed"), "n": [1, 2]})
    assert csv_bytes(table, list(table)) == as_pandas(table)


def test_a_slice_of_a_table_is_written_as_that_slice() -> None:
    table = pd.DataFrame({"a": ["x,y", "z", "u,v"], "b": pd.array([1, None, 3], dtype="Int64")})
    part = table.iloc[1:]
    assert csv_bytes(part, list(part)) == as_pandas(part)


def test_two_columns_may_stand_under_one_header() -> None:
    table = pd.DataFrame({"a": [1], "b": ["x"]})
    assert csv_bytes(table, ["备注", "备注"]).decode() == "备注,备注\r\n1,x\r\n"


@pytest.mark.parametrize(
    ("encoding", "start"), [("gb18030", "姓名".encode("gb18030")), ("utf-8-sig", b"\xef\xbb\xbf")]
)
def test_encodings(tmp_path: Path, encoding: str, start: bytes) -> None:
    table = pd.DataFrame({"name": ["张㼆", "阿依古丽·买买提"]})
    raw = write_csv(tmp_path / "a.csv", table, ["姓名"], encoding).read_bytes()
    assert raw.startswith(start)
    assert raw.decode(encoding) == "姓名\r\n张㼆\r\n阿依古丽·买买提\r\n"
