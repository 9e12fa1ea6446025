"""Ratios of counts and sums from the lists: hours by kind, trainers per hundred teachers, yuan per teacher."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference.measures import Tables, chosen, size_of
from analysis.inference.record import Arm, Estimate, Point
from analysis.panel.build import Panel
from analysis.study.objects import Count, Indicator

PEOPLE = ("persons", "listed")


def ratio_record(blank: Estimate, indicator: Indicator, tables: Tables, panel: Panel) -> Estimate:
    """``per`` times numerator over denominator, both as points of the series ``ratio``; a full count, no interval.

    ``tables``: typed tables of the report year; the panel's rows stand beside them as ``panel``. Without a value in
    either part the reason is ``no_outcome``. The arm holds the people behind the numerator, if there are any.
    """
    whole = {**tables, "panel": panel.of_year()}
    blank = replace(blank, files=ratio_files(indicator, panel))
    parts = [count_part(c, whole) for c in (indicator.numerator, indicator.denominator)]
    numerator, denominator = parts
    if numerator is None or not denominator:
        return replace(blank, reason="no_outcome")
    points = [Point("numerator", numerator), Point("denominator", denominator)]
    if indicator.stated is not None:
        points.append(Point("stated", indicator.stated))
    arm = people_behind(indicator.numerator, whole)
    return replace(
        blank,
        estimate=indicator.per * numerator / denominator,
        grade="D",
        arms={} if arm is None else {"all": arm},
        n_teachers=0 if arm is None else arm.n_teachers,
        n_schools=0 if arm is None else arm.n_schools,
        series={"ratio": tuple(points)},
    )


def count_part(count: Count | None, tables: Tables) -> float | None:
    """The size of one part; None if its table or a column is not there, 0 if no row holds the codes."""
    table = None if count is None else tables.get(count.table)
    rows = None if table is None or count is None else chosen(table, count, tables)
    if table is None or rows is None or count is None or table.empty:
        return None
    if count.column:
        return total(rows, table, count.column)
    return size_of(rows, table, count) if len(rows) else 0.0


def total(rows: pd.DataFrame, table: pd.DataFrame, column: str) -> float | None:
    """The sum of a column over the chosen rows; None if the whole table knows no value of it."""
    if column not in table or table[column].notna().sum() == 0:
        return None
    return float(rows[column].sum())


def people_behind(count: Count | None, tables: Tables) -> Arm | None:
    """The teachers and schools that stand in the numerator's rows; None where the rows are of nobody."""
    if count is None:
        return None
    rows = chosen(tables[count.table], count, tables)
    if rows is None or not {"teacher_id", "school_id"} <= set(rows):
        return None
    known = rows[
        rows["teacher_id"].notna() & (rows[count.column].notna() if count.column else True)
    ]
    if known.empty and count.kind not in PEOPLE:
        return None
    return Arm(
        known["teacher_id"].nunique(), known["school_id"].nunique(), None, None, n_rows=len(known)
    )


def ratio_files(indicator: Indicator, panel: Panel) -> tuple[str, ...]:
    """The files of the report year behind both parts; the panel's rows are the roster in post a year before."""
    names: list[str] = []
    for count in (indicator.numerator, indicator.denominator):
        if count is None:
            continue
        table = "roster" if count.table == "panel" else count.table
        year = panel.year - 1 if count.table == "panel" else panel.year
        only = () if table == "roster" else tuple(c for c in (*count.where, count.column) if c)
        names += panel.files_of((table,), year, year, only)
    return tuple(dict.fromkeys(names))
