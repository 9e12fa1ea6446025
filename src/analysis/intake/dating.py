"""Which report year a row belongs to, which snapshot it is looked up on, and which rows lie after the report year."""

from __future__ import annotations

import pandas as pd

from analysis.intake.ledger import row_lines
from analysis.study.objects import Study

SNAPSHOT_DAY = "-09-01"
BY_DATE = (
    "assessments",
    "exits",
)  # tables whose rows are of the year of their date, whichever delivery brings them


def first_day(study: Study, table: str, rows: pd.DataFrame) -> pd.Series:
    """The first date of each row, as ISO text: when it happened or began; missing where no date was delivered."""
    dates = [n for n, v in study.variables.items() if table in v.tables and v.kind == "date"]
    for name in dates:
        if name in rows:
            return rows[name]
    return pd.Series(None, index=rows.index, dtype="str")


def drop_later(study: Study, table: str, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that happened or began by 31 December of their delivery's year, and a ledger line for every other."""
    day = first_day(study, table, rows)
    is_later = (day > rows["source_year"].astype("str") + "-12-31").fillna(False).astype(bool)
    lines = row_lines("after_report_year", rows[is_later], table, found=day[is_later])
    return rows[~is_later].reset_index(drop=True), lines


def date_rows(study: Study, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the report ``year`` they belong to, and ``link_year`` for finding their snapshot.

    A test belongs to the year of its date; an exit to the year whose 1 September ends the window it lies in
    (domain 2.1); everything else to the year of its delivery. ``link_year`` is the calendar year of the row's date.
    """
    day = first_day(study, table, rows)
    calendar = pd.to_numeric(day.str.slice(0, 4), errors="raise").astype("Int64")
    year = rows["year"]
    if table == "assessments":
        year = calendar.fillna(rows["year"]).astype("int64")
    if table == "exits":
        year = window_year(day, rows["source_year"])
    link_year = year if table in BY_DATE else calendar.fillna(rows["year"]).astype("int64")
    return rows.assign(year=year, link_year=link_year)


def window_year(day: pd.Series, delivered: pd.Series) -> pd.Series:
    """The report year of an exit; the delivery's own year where the date allows it or is not there.

    A day of 1 September itself may end one window or open the next: the list it stands in decides.
    """
    closes = delivered.astype("str") + SNAPSHOT_DAY
    opens = (delivered - 1).astype("str") + SNAPSHOT_DAY
    is_dated = day.str.len() == len("2025-09-01")
    fits = ~is_dated.fillna(False) | ((day >= opens) & (day <= closes)).fillna(False)
    calendar = pd.to_numeric(day.where(is_dated).str.slice(0, 4), errors="raise").astype("Int64")
    is_after = (day.str.slice(4) > SNAPSHOT_DAY).fillna(False).astype("int64")
    return delivered.where(fits.astype(bool), (calendar + is_after).fillna(delivered)).astype(
        "int64"
    )
