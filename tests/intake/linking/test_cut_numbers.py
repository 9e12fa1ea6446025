"""A number cut by a spreadsheet is its bearer's where name and first fifteen digits point to one person."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.linking.cut_numbers import restore_numbers
from tests.intake.linking.test_people import link, people

WHOLE, TWIN, OTHER = "990001198001011234", "990001198001011250", "990001199002025678"
HEAD = WHOLE[:15]

# year, name, number, head of a cut number, month of birth -> the number it is restored to
CASES = [
    ("cut and known by name", "张三", None, HEAD, "1980-01", WHOLE),
    ("cut, check digit fits by chance", "张三", HEAD + "000", None, "1980-01", WHOLE),
    ("another name with the same head", "李四", None, HEAD, "1980-01", None),
    ("born in another month", "张三", None, HEAD, "1980-02", None),
    ("born in that year, month not known", "张三", None, HEAD, "1980", WHOLE),
]


def rows(lines: list[tuple[int, str, str | None, str | None, str]]) -> pd.DataFrame:
    """Roster rows of year, name, number, head and month of birth."""
    columns = ["year", "name_form", "person_number", "number_head", "birth_month"]
    frame = pd.DataFrame(lines, columns=columns)
    texts = dict.fromkeys(columns[1:], "str")
    return frame.astype(texts).assign(
        source_year=frame["year"], source_file="r", source_sheet="", source_row=range(len(lines))
    )


@pytest.mark.parametrize(("what", "name", "number", "head", "month", "restored"), CASES)
def test_a_cut_number_needs_name_head_and_month(
    what: str, name: str, number: str, head: str, month: str, restored: str | None
) -> None:
    known = (2024, "张三", WHOLE, None, "1980-01")
    out, lines = restore_numbers(rows([known, (2025, name, number, head, month)]), "roster")
    found = out["person_number"].iloc[1]
    assert (found if isinstance(found, str) else None) == (restored or number), what
    assert lines["rule"].tolist() == ["number_cut"] * (restored is not None)


def test_two_people_with_one_head_and_name_are_never_guessed_between() -> None:
    known = [(2024, "张三", WHOLE, None, "1980-01"), (2024, "张三", TWIN, None, "1980-01")]
    out, lines = restore_numbers(rows([*known, (2025, "张三", None, HEAD, "1980-01")]), "roster")
    assert out["person_number"].isna().tolist() == [False, False, True]
    assert lines.empty


def test_nobody_is_joined_with_another_row_of_the_same_snapshot() -> None:
    known = (2025, "张三", WHOLE, None, "1980-01")
    for cut in (None, HEAD + "000"):
        row = (2025, "张三", cut, None if cut else HEAD, "1980-01")
        out, lines = restore_numbers(rows([known, row]), "roster")
        assert out["person_number"].iloc[1] is not WHOLE
        assert lines.empty


def test_a_whole_number_is_never_touched() -> None:
    known = (2024, "张三", WHOLE, None, "1980-01")
    out, _ = restore_numbers(rows([known, (2025, "张三", TWIN, None, "1980-01")]), "roster")
    assert out["person_number"].tolist() == [WHOLE, TWIN]


def test_a_number_cut_in_one_year_is_one_person_over_the_years() -> None:
    linked = link(f"""
        year | school_id | name | person_number    | birth_month
        2024 | s1        | 张三 | {WHOLE}          | 1980-01
        2025 | s2        | 张三 | {HEAD}000        | 1980-01
        2025 | s1        | 王五 | {OTHER}          | 1990-02
    """)
    assert people(linked) == ["a", "a", "b"]
