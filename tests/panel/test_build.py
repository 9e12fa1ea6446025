"""Whose rows the panel has, on drawn rosters."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.delivery import Delivery, FileRecord
from analysis.panel.build import (
    Panel,
    SourceFile,
    add_ages,
    add_schools,
    base_rows,
    count_answers,
    file_names,
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


def delivery_of(*files: FileRecord) -> Delivery:
    """A delivery of 2025 that brought these sheets."""
    nothing = pd.DataFrame()
    return Delivery(
        region="r", label="示例县", year=2025, tables={}, ledger=nothing, files=files, links=nothing,
        is_invented=True, fingerprint="", as_of="2025-09-01", notes=(),
    )  # fmt: skip


def sheet(table: str, file: str, name: str, year: int, kept: int) -> FileRecord:
    return FileRecord(table, file, name, year, kept, kept, "0" * 64, (), "usable")


def test_answers_are_counted_by_survey_file_of_the_report_year() -> None:
    found = delivery_of(
        sheet("survey", "需求.csv", "", 2025, 500),
        sheet("survey", "情况.xlsx", "一校", 2025, 200),
        sheet("survey", "情况.xlsx", "二校", 2025, 100),
        sheet("survey", "需求.csv", "", 2024, 490),
        sheet("roster", "名册.csv", "", 2025, 600),
    )
    assert count_answers(found) == (500, 300)


def test_a_file_of_several_sheets_is_named_once() -> None:
    found = delivery_of(
        sheet("trainings", "带教.xlsx", "一校", 2025, 3),
        sheet("trainings", "带教.xlsx", "二校", 2025, 4),
        sheet("trainings", "台账.xlsx", "台账", 2025, 9),
    )
    assert [f.name for f in file_names(found)["trainings"]] == ["带教.xlsx", "台账.xlsx / 台账"]


def test_only_files_that_hold_what_is_asked_for_are_named() -> None:
    files = {
        "roster": (SourceFile(2025, "名册"),),
        "trainings": (SourceFile(2025, "台账", ("hours", "programme:course")),),
        "programmes": (
            SourceFile(2025, "轮岗名单", ("programme:rotation",)),
            SourceFile(2025, "课程名单", ("programme:course",)),
        ),
        "survey": (
            SourceFile(2025, "需求", ("need_ai",)),
            SourceFile(2025, "情况", ("burnout_ee",)),
        ),
    }
    panel = Panel("r", 2025, pd.DataFrame(), files=files)
    asked = panel.files_of(("roster", "trainings", "programmes"), 2025, 2025, ("programme:course",))
    assert asked == ("名册", "台账", "课程名单")
    assert panel.files_of(("survey",), 2025, 2025, ("burnout_ee",)) == ("情况",)
    assert panel.files_of(("survey",), 2025, 2025, ("age",)) == ("需求", "情况")  # nobody says
    assert panel.files_of(("survey",), 2025, 2025) == ("需求", "情况")
