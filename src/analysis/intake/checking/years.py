"""The year found in each file against the year asked for: a list of last year under this year's name shows here."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.intake.checking.sums import AGREES, DIFFERS
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import Study

COLUMNS = ("year", "table", "file", "n_dated", "found", "n_asked", "verdict")
OCCURRED = (
    "trainings",
    "assessments",
    "exits",
    "survey",
    "honours",
)  # rows tell when they happened


def check_years(study: Study, parts: Sequence[TypedRows], year: int) -> pd.DataFrame:
    """One row per dated file of the newest delivery: how many rows have a date, and the year most of them lie in.

    ``n_asked``: rows dated in the year asked. A file differs if most of its rows lie neither in that year nor in
    the one before: what leads up to a report year (a need survey of autumn, leavers since September) is its own.
    """
    found: dict[tuple[str, str], list[pd.Series]] = {}
    for part in (p for p in parts if p.year == year and p.table in OCCURRED):
        found.setdefault((part.table, part.file), []).append(row_years(study, part))
    lines = [
        (year, table, file, *usual_year(pd.concat(years), year))
        for (table, file), years in found.items()
        if any(len(each) for each in years)
    ]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def row_years(study: Study, part: TypedRows) -> pd.Series:
    """The year of each row that has a date: of its first date variable that is filled."""
    known = [n for n, v in study.variables.items() if part.table in v.tables and v.kind == "date"]
    dates = [name for name in known if name in part.frame]
    if not dates or part.frame.empty:
        return pd.Series([], dtype="int64")
    first = part.frame[dates].astype("object").bfill(axis=1).iloc[:, 0].dropna().astype("str")
    return first.str.slice(0, 4).astype("int64")


def usual_year(years: pd.Series, asked: int) -> tuple[int, int, int, str]:
    """How many dates there are, the year most of them lie in, how many lie in the year asked, and the verdict."""
    usual = int(years.mode().iloc[0])
    verdict = AGREES if usual in (asked - 1, asked) else DIFFERS
    return len(years), usual, int((years == asked).sum()), verdict
