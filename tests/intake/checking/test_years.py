"""The year found in a file beside the year asked for."""

import pandas as pd
import pytest

from analysis.intake.checking.sums import AGREES, DIFFERS
from analysis.intake.checking.years import check_years
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
    rows = pd.DataFrame({"survey_date": pd.Series(dates, dtype="str")})
    rows = rows.assign(source_year=2025, source_file="q.csv")
    out = check_years(small_study(), {"survey": rows}, 2025)
    assert out[["file", "found", "verdict"]].to_numpy().tolist() == [["q.csv", usual, verdict]]
    assert out["n_dated"].item() == sum(d is not None for d in dates)


def test_files_of_other_years_and_tables_without_dates_say_nothing() -> None:
    old = pd.DataFrame({"survey_date": ["2020-01-01"], "source_year": [2024], "source_file": ["q"]})
    tables = {"survey": old, "roster": old.assign(birth_month="1980-01")}
    assert check_years(small_study(), tables, 2025).empty
