"""How many of each measure of the bureau's work: counts by unit, for what is described or audited. Never why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.intake.record import Delivery
from analysis.panel.build import Panel
from analysis.study.objects import Count, Measure, Role, Study

SUMS = ("yuan", "hours", "points")  # kinds that add up a column
DIFFERENT = {"persons": "teacher_id", "schools": "school_id", "teams": "team"}
SESSION = ("programme", "session")  # the number of a session is one within its programme
DIFFERS = "differs"  # the verdict of a sum that does not add up
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Tally:
    """One count of a measure: ``n`` in the unit of its kind (percent for shares, yuan for money), of ``n_rows`` rows.

    ``label`` says what is counted where the measure's name does not. ``n`` is None where it may not be shown.
    """

    kind: str  # CountKind, or a sum of hours or points
    label: str
    n: float | None
    n_rows: int


@dataclass(frozen=True)
class MeasureRecord:
    """One measure as the data have it: its tallies, and the files they come from.

    ``reason`` is empty if anything could be counted, else ``framing`` (nothing to count by its nature),
    ``not_ingested`` or ``no_data`` (what it would be counted in was not delivered). ``n_checked`` sums of the data
    check were looked at for an audit, of which ``n_differs`` did not agree.
    """

    id: str
    role: Role
    tallies: tuple[Tally, ...] = ()
    reason: str = ""
    files: tuple[str, ...] = ()
    n_checked: int = 0
    n_differs: int = 0


def measure_measures(study: Study, delivery: Delivery, panel: Panel) -> tuple[MeasureRecord, ...]:
    """Every measure that is not evaluated, counted in the typed tables of the report year. Nothing is estimated."""
    tables = {
        name: table[table["year"] == delivery.year]
        for name, table in delivery.tables.items()
        if "year" in table
    }
    sums = delivery.checks.get("sums", pd.DataFrame())
    return tuple(measure(m, tables, sums, panel) for m in study.measures.values())


def measure(entry: Measure, tables: Tables, sums: pd.DataFrame, panel: Panel) -> MeasureRecord:
    """One measure; what is not to be taken in is not looked for. ``tables`` and ``sums`` are of the report year."""
    if entry.role == "not_ingested":
        return MeasureRecord(entry.id, entry.role, reason="not_ingested")
    if not entry.counts:
        return MeasureRecord(entry.id, entry.role, reason="framing")
    found = [tally(c, tables) for c in entry.counts]
    tallies = tuple(t for t in found if t is not None)
    if not tallies:
        return MeasureRecord(entry.id, entry.role, reason="no_data")
    checked = checked_sums(entry, sums)
    return MeasureRecord(
        entry.id,
        entry.role,
        tallies,
        files=files_of(entry, panel),
        n_checked=len(checked),
        n_differs=int((checked == DIFFERS).sum()),
    )


def checked_sums(entry: Measure, sums: pd.DataFrame) -> pd.Series:
    """The verdicts of the data check on what a measure is audited by, on its own programmes if it names any."""
    if not entry.check or sums.empty:
        return pd.Series(dtype="str")
    mine = sums[sums["check"] == entry.check]
    codes = {c for count in entry.counts for c in count.where.get("programme", ())}
    return mine[mine["subject"].isin(codes)]["verdict"] if codes else mine["verdict"]


def files_of(entry: Measure, panel: Panel) -> tuple[str, ...]:
    """The files of the report year that hold what a measure is counted in."""
    names: list[str] = []
    for count in entry.counts:
        codes = count.where.get("programme", ())
        only = tuple(f"programme:{c}" for c in codes) or tuple(count.where)
        names += panel.files_of((count.table,), panel.year, panel.year, only)
    return tuple(dict.fromkeys(names))


def tally(count: Count, tables: Tables) -> Tally | None:
    """One count; None if its table, one of its columns or every such row is not in the data."""
    table = tables.get(count.table)
    rows = None if table is None else chosen(table, count, tables)
    if table is None or rows is None or rows.empty:
        return None
    n = size_of(rows, table, count)
    return None if n is None else Tally(count.kind, count.label, n, len(rows))


def chosen(rows: pd.DataFrame, count: Count, tables: Tables) -> pd.DataFrame | None:
    """The rows that hold the codes of a count; None if a column is neither theirs nor their school's."""
    for column, codes in count.where.items():
        values = rows[column] if column in rows else of_school(rows, column, tables)
        if values is None:
            return None
        rows = rows[values.isin(codes) if codes else values.notna()]
    return rows


def of_school(rows: pd.DataFrame, column: str, tables: Tables) -> pd.Series | None:
    """A fact of each row's school by the school list; None if it is not in the data."""
    schools = tables.get("schools")
    if schools is None or column not in schools or "school_id" not in rows:
        return None
    return rows["school_id"].map(schools.groupby("school_id")[column].last())


def size_of(rows: pd.DataFrame, whole: pd.DataFrame, count: Count) -> float | None:
    """The number of a count's rows in its unit; ``whole``: all rows of the year, of which shares are taken."""
    if count.kind in SUMS:
        return float(rows[count.column].sum()) if count.column in rows else None
    if count.kind == "hours_share":
        return hours_share(rows, whole.dropna(subset=[*count.where]))
    if count.kind == "sessions":
        return different(rows, SESSION)
    if count.kind in DIFFERENT:
        return different(rows, (DIFFERENT[count.kind],))
    return float(len(rows))


def hours_share(rows: pd.DataFrame, whole: pd.DataFrame) -> float | None:
    """The hours of the rows in percent of all hours; None if no hours are known."""
    total = float(whole["hours"].sum()) if "hours" in whole else 0.0
    return 100 * float(rows["hours"].sum()) / total if total > 0 else None


def different(rows: pd.DataFrame, columns: tuple[str, ...]) -> float | None:
    """How many different values the columns hold together, blank ones aside; None if there are none."""
    if not set(columns) <= set(rows):
        return None
    known = rows[list(columns)].dropna()
    known = known[known[columns[-1]].astype("str") != ""]
    return float(len(known.drop_duplicates())) if len(known) else None
