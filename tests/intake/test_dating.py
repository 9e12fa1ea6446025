"""Report years by the rule of domain 2.1: in post on 1 September Y-1, looked up on 1 September Y."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.dating import date_rows, drop_later, window_year
from analysis.study.objects import Study

EXITS = [
    # day | delivered in | report year
    ("2024-10-15", 2025, 2025),
    ("2025-08-31", 2025, 2025),
    ("2025-09-01", 2025, 2025),  # gone on the day of the second snapshot: this list's window
    ("2024-09-01", 2025, 2025),  # away from the day the window opens: this list's window too
    ("2025-10-01", 2025, 2026),
    ("2024-03-01", 2025, 2024),  # a late line belongs to the window it lies in
    ("2024-09", 2025, 2025),  # which side of the first is not said: the list decides
    (None, 2025, 2025),
]


@pytest.mark.parametrize(("day", "delivered", "year"), EXITS)
def test_an_exit_belongs_to_the_window_it_lies_in(
    day: str | None, delivered: int, year: int
) -> None:
    found = window_year(pd.Series([day], dtype="str"), pd.Series([delivered]))
    assert found.tolist() == [year]


def rows(days: list[str | None], column: str) -> pd.DataFrame:
    """Rows of the delivery of 2025."""
    frame = pd.DataFrame({column: pd.Series(days, dtype="str")})
    origin = {
        "source_year": 2025,
        "source_file": "f",
        "source_sheet": "",
        "source_row": range(2, 2 + len(days)),
    }
    return frame.assign(year=2025, **origin)


def test_a_test_belongs_to_the_year_of_its_date(study: Study) -> None:
    dated = date_rows(study, "assessments", rows(["2024-05-20", "2025-05-20", None], "test_date"))
    assert dated["year"].tolist() == [2024, 2025, 2025]
    assert dated["link_year"].tolist() == [2024, 2025, 2025]


def test_a_training_stays_with_its_delivery_and_is_looked_up_by_its_date(study: Study) -> None:
    dated = date_rows(study, "trainings", rows(["2023-05-20", None], "start_date"))
    assert dated["year"].tolist() == [2025, 2025]
    assert dated["link_year"].tolist() == [2023, 2025]


def test_what_began_after_the_report_year_is_dropped_and_told(study: Study) -> None:
    days = ["2025-12-31", "2026-01-01", None, "2026"]
    kept, lines = drop_later(study, "trainings", rows(days, "start_date"))
    assert kept["source_row"].tolist() == [2, 4]
    assert lines[["row", "found", "rule"]].to_numpy().tolist() == [
        [3, "2026-01-01", "after_report_year"],
        [5, "2026", "after_report_year"],
    ]
