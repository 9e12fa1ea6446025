"""The year found in each file against the year asked for: a list of last year under this year's name shows here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from analysis.intake.checking.sums import AGREES, DIFFERS
from analysis.study.objects import Study

COLUMNS = ("year", "table", "file", "n_dated", "found", "n_asked", "verdict")
OCCURRED = (
    "trainings",
    "assessments",
    "exits",
    "survey",
    "honours",
)  # rows tell when they happened


def check_years(study: Study, tables: Mapping[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """One row per dated file of the newest delivery: how many rows have a date, and the year most of them lie in.

    ``n_asked``: rows dated in the year asked. A file differs if most of its rows lie neither in that year nor in
    the one before: what leads up to a report year (a need survey of autumn, leavers since September) is its own.
    """
    lines = [line for name in OCCURRED for line in table_lines(study, name, tables.get(name), year)]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def table_lines(
    study: Study, name: str, rows: pd.DataFrame | None, year: int
) -> Iterator[tuple[object, ...]]:
    """The dated files of one table."""
    dates = date_columns(study, name, rows)
    if rows is None or not dates:
        return
    now = rows[rows["source_year"] == year]
    first = now[dates].astype("object").bfill(axis=1).iloc[:, 0].dropna().astype("str")
    years = first.str.slice(0, 4).astype("int64")
    for file, found in years.groupby(now.loc[first.index, "source_file"]):
        usual, n_asked = int(found.mode().iloc[0]), int((found == year).sum())
        is_wrong = usual not in (year - 1, year)
        yield year, name, str(file), len(found), usual, n_asked, DIFFERS if is_wrong else AGREES


def date_columns(study: Study, name: str, rows: pd.DataFrame | None) -> Sequence[str]:
    """The date variables of a table that were delivered."""
    if rows is None:
        return []
    known = [n for n, v in study.variables.items() if name in v.tables and v.kind == "date"]
    return [n for n in known if n in rows]
