"""Whose rows the panel has, on drawn rosters."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.panel.build import (
    add_ages,
    add_schools,
    base_rows,
    find_periods,
    months_before_september,
)


def roster(*years: int) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {"teacher_id": ["a", "b", "c"], "year": y, "snapshot": f"{y}-09-01", "school_id": ["s", "s", "t"],
             "is_teacher": ["yes", "yes", "no"]}
        )
        for y in years
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_teachers_of_the_snapshot_before_are_the_rows_of_a_year() -> None:
    rows = base_rows({"roster": roster(2023, 2024, 2025)}, 2025)
    assert rows.groupby("year")["teacher_id"].apply(list).to_dict() == {
        2024: ["a", "b"],
        2025: ["a", "b"],
    }
    assert (rows["base_year"] == rows["year"] - 1).all()


def test_one_snapshot_alone_serves_its_own_year() -> None:
    rows = base_rows({"roster": roster(2025)}, 2025)
    assert rows[["year", "base_year"]].drop_duplicates().to_numpy().tolist() == [[2025, 2025]]


def test_without_a_roster_the_respondents_are_the_rows() -> None:
    survey = pd.DataFrame({"teacher_id": ["a", "b"], "year": [2025, 2026], "school_id": ["s", "s"]})
    assert base_rows({"survey": survey}, 2025)["teacher_id"].tolist() == ["a"]
    assert base_rows({}, 2025).empty


def test_school_facts_are_those_of_the_base_year() -> None:
    rows = pd.DataFrame({"school_id": ["s", "t"], "base_year": [2024, 2024]})
    schools = pd.DataFrame(
        {
            "school_id": ["s", "s", "t"],
            "year": [2024, 2025, 2025],
            "area": ["rural", "town", "urban"],
        }
    )
    assert add_schools(rows, schools)["area"].tolist() == ["rural", "urban"]


@pytest.mark.parametrize(
    ("month", "months"), [("1990-05", 412), ("1990-09", 408), ("1990-10", 407), (None, None)]
)
def test_months_to_september(month: str | None, months: int | None) -> None:
    found = months_before_september(pd.Series([month], dtype="object"), pd.Series([2024]))[0]
    assert (months is None and pd.isna(found)) or found == months


def test_age_is_in_whole_years() -> None:
    rows = pd.DataFrame(
        {"birth_month": ["1990-10"], "work_start": ["2012-09"], "base_year": [2024]}
    )
    found = add_ages(rows)
    assert (found["age"][0], found["years_teaching"][0]) == (33, 12)


def test_periods_need_neighbouring_snapshots() -> None:
    assert find_periods(roster(2022, 2024, 2025)) == {2025: "2024-09-01/2025-09-01"}
