"""The year found in a file beside the year asked for."""

import pandas as pd
import pytest

from analysis.intake.checking.sums import AGREES, DIFFERS
from analysis.intake.checking.years import check_years
from analysis.intake.ledger import join_lines
from analysis.intake.typed_rows import TypedRows
from tests.intake.drawn import small_study


@pytest.mark.parametrize(
    ("dates", "usual", "verdict"),
    [
        (["2025-03-01", "2025-04", None], 2025, AGREES),
        (["2024-10-08", "2024-10-09"], 2024, AGREES),  # the autumn that leads up to it
        (["2023-10-08", "2023-10-09", "2025-01-01"], 2023, DIFFERS),
        (["2026-10-08"], 2026, DIFFERS),
    ],
)
def test_most_rows_decide(dates: list[str | None], usual: int, verdict: str) -> None:
    out = check_years(small_study(), [part(dates[:1]), part(dates[1:])], 2025)
    assert out[["file", "found", "verdict"]].to_numpy().tolist() == [["q.csv", usual, verdict]]
    assert out["n_dated"].item() == sum(d is not None for d in dates)


def part(dates: list[str | None], table: str = "survey", year: int = 2025) -> TypedRows:
    """One sheet of a file with these dates."""
    frame = pd.DataFrame({"survey_date": pd.Series(dates, dtype="str")})
    return TypedRows(table, "q.csv", "", year, frame, join_lines([]), len(dates), ())


def test_files_of_other_years_and_tables_without_dates_say_nothing() -> None:
    parts = [part(["2020-01-01"], year=2024), part(["2020-01-01"], "roster"), part([None])]
    assert check_years(small_study(), parts, 2025).empty
