"""Numbers of one delivery that must agree with each other and do not: what a reader would add up on day one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from analysis.intake.record import FileRecord

COLUMNS = ("year", "check", "file", "subject", "found", "expected", "verdict")
AGREES, DIFFERS = "agrees", "differs"
TOLERANCE = 0.005  # of an amount: roundings to whole yuan or tenths do not count
COUNTS_ROWS = (
    "amount",
    "overspent",
    "score_range",
    "headcount",
)  # what is found is a number of rows
OLD_NEWS = frozenset(
    {"same_people"}
)  # last year's roster under this year's name; short lists may stay as they are
FEWEST_PEOPLE = 30  # so many people are never the same a year later
NOTABLE_UNLISTED = 0.10  # share of those gone from the roster whom no list of leavers names
DIMENSIONS = (
    "digital_awareness",
    "digital_skills",
    "digital_application",
    "digital_responsibility",
    "professional_growth",
)
_COUNTS = re.compile(r"_(\d+)_(\d+)\.\w+$")  # …_<received>_<valid>.xlsx: survey platforms
Tables = Mapping[str, pd.DataFrame]
Line = tuple[int, str, str, str, float, float, str]


def check_sums(
    tables: Tables, files: Sequence[FileRecord], totals: pd.DataFrame, year: int
) -> pd.DataFrame:
    """One row per sum of the newest delivery that can be checked: what was found and what was expected of it.

    ``subject``: what the sum is of (a programme, a column). ``totals``: total rows of files, see ``total_lines``.
    """
    lines = [
        *name_lines(files, year),
        *total_lines(totals, year),
        *attendance_lines(tables, year),
        *amount_lines(tables, year),
        *budget_lines(tables, year),
        *score_lines(tables, year),
        *exit_lines(tables, year),
        *headcount_lines(tables, year),
        *same_file_lines(files, year),
        *same_people_lines(tables, year),
    ]
    return pd.DataFrame(lines, columns=list(COLUMNS))


def judged(found: float, expected: float) -> str:
    """Whether two sums agree to within the tolerance."""
    return AGREES if abs(found - expected) <= TOLERANCE * abs(expected) else DIFFERS


def name_lines(files: Iterable[FileRecord], year: int) -> Iterator[Line]:
    """Rows of a file beside the count in its name."""
    for record in (f for f in files if f.year == year):
        told = _COUNTS.search(record.file)
        if told:
            found, expected = float(record.n_rows_in), float(told[2])
            yield year, "name_count", record.file, "", found, expected, judged(found, expected)


def total_lines(totals: pd.DataFrame, year: int) -> Iterator[Line]:
    """Total rows beside the sums of the rows over them; ``totals``: year, file, sheet, column, found, expected."""
    for row in totals[totals["year"] == year].itertuples():
        subject = f"{row.sheet} / {row.column}" if row.sheet else str(row.column)
        verdict = judged(row.found, row.expected)
        yield year, "total_row", str(row.file), subject, row.found, row.expected, verdict


def delivered(tables: Tables, name: str, year: int, columns: Sequence[str]) -> pd.DataFrame:
    """The rows of one table that the delivery of a year brought, complete in some columns; empty without them."""
    rows = tables.get(name)
    if rows is None or not {*columns} <= {*rows.columns}:
        return pd.DataFrame(columns=[*columns, "source_file", "teacher_id"])
    return rows[rows["source_year"] == year].dropna(subset=list(columns))


def attendance_lines(tables: Tables, year: int) -> Iterator[Line]:
    """Attendances that the money was spent on beside those in the ledger of trainings, programme by programme."""
    funds = delivered(tables, "funds", year, ["programme", "n_attendances"])
    ledger = delivered(tables, "trainings", year, ["programme"]).groupby("programme").size()
    paid = funds.groupby("programme")["n_attendances"].sum()
    if ledger.empty:
        return
    for programme in paid.index:
        found, expected = float(ledger.get(programme, 0)), float(paid[programme])
        file = str(funds["source_file"].iloc[0])
        yield year, "attendances", file, str(programme), found, expected, judged(found, expected)


def amount_lines(tables: Tables, year: int) -> Iterator[Line]:
    """Subsidies whose amount is not the monthly rate times the months."""
    rows = delivered(tables, "funds", year, ["monthly_yuan", "paid_months", "amount_yuan"])
    is_off = (rows["monthly_yuan"] * rows["paid_months"] - rows["amount_yuan"]).abs() >= 1
    yield from counted(rows, is_off, year, "amount")


def budget_lines(tables: Tables, year: int) -> Iterator[Line]:
    """Programmes that spent more than they were given."""
    rows = delivered(tables, "funds", year, ["budget_yuan", "spent_yuan"])
    yield from counted(rows, rows["spent_yuan"] > rows["budget_yuan"], year, "overspent")


def score_lines(tables: Tables, year: int) -> Iterator[Line]:
    """Totals of a test that lie outside the range of its own dimensions: no weighting can give them."""
    rows = delivered(tables, "assessments", year, ["digital_score", *DIMENSIONS])
    parts = rows[list(DIMENSIONS)].astype("float64")
    low, high = parts.min(axis=1) - 0.1, parts.max(axis=1) + 0.1  # dimensions are given in tenths
    yield from counted(rows, ~rows["digital_score"].between(low, high), year, "score_range")


def counted(rows: pd.DataFrame, is_off: pd.Series, year: int, check: str) -> Iterator[Line]:
    """Per file how many rows break a rule that none should break."""
    for file, broken in is_off.groupby(rows["source_file"]):
        n = float(broken.sum())
        yield year, check, str(file), "", n, 0.0, AGREES if n == 0 else DIFFERS


def exit_lines(tables: Tables, year: int) -> Iterator[Line]:
    """People gone from the roster since the snapshot before, beside those of them whom a list of leavers names."""
    roster, exits = tables.get("roster"), tables.get("exits")
    if roster is None or exits is None or not {year, year - 1} <= set(roster["year"]):
        return
    before = set(roster.loc[roster["year"] == year - 1, "teacher_id"])
    gone = before - set(roster.loc[roster["year"] == year, "teacher_id"])
    listed = gone & set(exits.loc[exits["year"] == year, "teacher_id"].dropna())
    is_notable = len(gone) - len(listed) > NOTABLE_UNLISTED * len(gone)
    verdict = DIFFERS if is_notable else AGREES
    yield year, "exits_listed", "", "", float(len(listed)), float(len(gone)), verdict


def headcount_lines(tables: Tables, year: int) -> Iterator[Line]:
    """Schools whose own count of teachers is not the roster's."""
    schools = delivered(tables, "schools", year, ["n_teachers"])
    roster = tables.get("roster")
    if roster is None or schools.empty:
        return
    is_now = (roster["year"] == year) & (roster.get("is_teacher", "yes") == "yes")
    counts = roster.loc[is_now, "school_id"].value_counts()
    on_roster = schools["school_id"].map(counts).fillna(0)
    is_off = on_roster != schools["n_teachers"].astype("float64")
    yield from counted(schools, is_off, year, "headcount")


def same_file_lines(files: Sequence[FileRecord], year: int) -> Iterator[Line]:
    """Files of this delivery that are, byte by byte, files of an earlier one."""
    before = {f.sha256: f.year for f in files if f.year < year}
    for name, digest in dict.fromkeys((f.file, f.sha256) for f in files if f.year == year):
        if digest and digest in before:
            yield year, "same_file", name, "", float(before[digest]), float(year), DIFFERS


def same_people_lines(tables: Tables, year: int) -> Iterator[Line]:
    """A roster with exactly the people of the snapshot before: nobody came and nobody went, which never happens."""
    roster = tables.get("roster")
    if roster is None:
        return
    now, before = (roster[roster["year"] == y] for y in (year, year - 1))
    same = set(now["teacher_id"]) == set(before["teacher_id"])
    if same and len(now) >= FEWEST_PEOPLE:
        file = str(now["source_file"].iloc[0])
        yield year, "same_people", file, "", float(len(now)), float(len(before)), DIFFERS
