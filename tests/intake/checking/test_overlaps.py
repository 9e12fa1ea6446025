"""One list wholly inside another of the same table and year is told; lists that only share some rows are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.intake.clean import clean_region
from analysis.study.objects import Study
from tests.intake.drawn import draw_region, table_entry

HEAD = "工号,项目,学时\n"
COLUMNS = {"工号": "staff_number", "项目": "programme", "学时": "hours"}


def told(tmp_path: Path, study: Study, raw: str, cleaned: str) -> list[list[object]]:
    """What the ledger says of two files of one table."""
    files = {"raw.csv": HEAD + raw, "cleaned.csv": HEAD + cleaned}
    entries = "".join(table_entry("trainings", COLUMNS, file) for file in files)
    ledger = clean_region(draw_region(tmp_path, 2025, files, entries), study, "drawn", 2025).ledger
    lines = ledger[ledger["rule"] == "entries_overlap"]
    return lines[["file", "found", "done", "n", "kind"]].to_numpy().tolist()


def rows(n: int, hours: int = 8, first: int = 0) -> str:
    """Attendances of n people."""
    return "".join(f"G{k},数字培训,{hours}\n" for k in range(first, first + n))


def test_mess_50_a_cleaned_file_with_more_rows_than_the_raw_one(
    tmp_path: Path, study: Study
) -> None:
    found = told(tmp_path, study, rows(70), rows(77))
    assert found == [["raw.csv", "70 / 77", "cleaned.csv", 70, "noted"]]


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        (rows(20), rows(20, first=1)),  # one is not in the other
        (rows(20), rows(30, hours=9)),  # the same people, other hours
        (rows(5), rows(30)),  # too few to mean anything
    ],
)
def test_lists_that_are_not_inside_each_other(
    tmp_path: Path, study: Study, raw: str, cleaned: str
) -> None:
    assert told(tmp_path, study, raw, cleaned) == []


def test_of_two_equal_lists_one_is_told(tmp_path: Path, study: Study) -> None:
    assert len(told(tmp_path, study, rows(12), rows(12))) == 1
