"""Every row of the two seed inventories is accounted for, by files and columns that are really delivered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from analysis.synthetic.options import bureau_options
from analysis.synthetic.paper.delivery import plan_year
from analysis.synthetic.paper.form import Form
from analysis.synthetic.truth.bureau import draw_bureau

ROWS = 67
CITY_ROWS = 37
YEAR = 2025
CODE = re.compile(r"`([^`]+)`")
PAGE = Path(__file__).parents[2] / "docs" / "seed-coverage.md"
ABSENT = {14: "师德", 43: "党", 44: "师德", 64: "学业"}  # held on purpose in no file


@dataclass(frozen=True)
class Row:
    """One row of the page."""

    number: int
    item: str
    bureau: str
    files: tuple[str, ...]
    columns: tuple[str, ...]
    note: str


def page_rows() -> list[Row]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line[:2] == "| "]
    return [
        Row(int(c[0]), c[1], c[2], tuple(CODE.findall(c[3])), tuple(CODE.findall(c[4])), c[5])
        for c in cells
        if c[0].isdigit()
    ]


@cache
def delivered(bureau: str) -> tuple[Form, ...]:
    """The forms of a small bureau's delivery."""
    draw = draw_bureau(bureau_options(bureau, teachers=700, first_year=2023))
    return tuple(form for form, _ in plan_year(draw, YEAR))


def matching(bureau: str, pattern: str) -> list[Form]:
    wanted = pattern.replace("{year}", str(YEAR))
    return [form for form in delivered(bureau) if fnmatchcase(form.file, wanted)]


def headers(form: Form) -> set[str]:
    return {*form.headers.values(), *form.extra}


def test_each_row_of_the_inventories_stands_once() -> None:
    assert [row.number for row in page_rows()] == [*range(1, ROWS + 1)]


def test_rows_belong_to_the_bureau_of_their_seed() -> None:
    bureaus = [row.bureau for row in page_rows()]
    assert bureaus == ["city"] * CITY_ROWS + ["county"] * (ROWS - CITY_ROWS)


def test_a_row_has_files_with_columns_or_a_reason() -> None:
    for row in page_rows():
        assert bool(row.files) == bool(row.columns), row.number
        assert row.note.endswith("."), row.number
        assert row.item, row.number


@pytest.mark.parametrize("row", page_rows(), ids=lambda row: str(row.number))
def test_named_files_and_columns_are_delivered(row: Row) -> None:
    found = {pattern: matching(row.bureau, pattern) for pattern in row.files}
    for pattern, forms in found.items():
        assert len(forms) == 1, pattern
        assert headers(forms[0]) & set(row.columns), pattern
    known = {header for forms in found.values() for form in forms for header in headers(form)}
    assert set(row.columns) <= known, set(row.columns) - known


def test_every_delivered_file_serves_some_row() -> None:
    for bureau in ("city", "county"):
        named = {pattern for row in page_rows() for pattern in row.files}
        patterns = [pattern.replace("{year}", str(YEAR)) for pattern in named]
        for form in delivered(bureau):
            assert any(fnmatchcase(form.file, pattern) for pattern in patterns), form.file


def test_what_is_absent_on_purpose_is_named_and_in_no_file() -> None:
    rows = {row.number: row for row in page_rows()}
    for number, word in ABSENT.items():
        assert not rows[number].files
        assert "Deliberately absent" in rows[number].note
        assert word in rows[number].item
    for bureau in ("city", "county"):
        written = {h for form in delivered(bureau) for h in headers(form)}
        assert not [h for h in written if "政治面貌" in h or "违规" in h or "处分" in h]
