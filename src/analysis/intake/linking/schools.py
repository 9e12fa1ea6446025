"""Which school a row means: by its code, else by its name through every file that gives both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.intake.cleaning.text import compact
from analysis.intake.ledger import join_lines, row_lines


def school_key(name: str, region_label: str) -> str:
    """A school's name without spaces, case and the name of the region in front."""
    return compact(name).removeprefix(compact(region_label))


def school_directory(tables: Iterable[pd.DataFrame], region_label: str) -> dict[str, str]:
    """Key of a school's name -> its code, from all rows that give both; names of several schools are left out."""
    parts = [
        t[["school_name", "school_id"]].dropna().drop_duplicates()
        for t in tables
        if {"school_name", "school_id"} <= set(t.columns)
    ]
    if not parts:
        return {}
    pairs = pd.concat(parts, ignore_index=True)
    pairs["key"] = [school_key(name, region_label) for name in pairs["school_name"]]
    pairs = pairs[["key", "school_id"]].drop_duplicates()
    single = pairs[~pairs.duplicated("key", keep=False)]
    return dict(zip(single["key"], single["school_id"], strict=True))


def resolve_schools(
    rows: pd.DataFrame, table: str, directory: Mapping[str, str], region_label: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with ``school_id`` filled in from the name where the code is missing; and the ledger.

    A name that no file gives a code for serves as one itself; that is told where other schools have codes.
    A school without both is dropped from ``schools``.
    """
    if not {"school_id", "school_name"} & set(rows.columns):
        return rows, join_lines([])
    names = _column(rows, "school_name")
    keys = {name: school_key(name, region_label) for name in names.dropna().unique()}
    by_name = names.map({name: directory.get(key, key) for name, key in keys.items()}).astype("str")
    given = _column(rows, "school_id")
    out = rows.assign(school_id=given.fillna(by_name))
    is_named = given.isna() & names.notna() & bool(directory)
    known = {name for name, key in keys.items() if key in directory}
    is_known = names.astype(object).isin(known)
    rule = is_known.map({True: "school_by_name", False: "school_unknown"})
    told = row_lines(
        rule[is_named],
        out[is_named],
        table,
        variable="school_id",
        found=names[is_named],
        done=out.loc[is_named, "school_id"],
    )
    return _without_unknown(out, table, told)


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    """A text column, missing throughout where it was not delivered."""
    return rows[name] if name in rows else pd.Series(None, index=rows.index, dtype="str")


def _without_unknown(
    rows: pd.DataFrame, table: str, lines: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of no known school: dropped from ``schools``, kept with an empty code on the roster, told in both."""
    is_unknown = rows["school_id"].isna()
    if table == "schools":
        gone = row_lines("no_school", rows[is_unknown], table)
        return rows[~is_unknown].reset_index(drop=True), join_lines([lines, gone])
    told = row_lines("school_unknown", rows[is_unknown], table, variable="school_id")
    if table == "roster":
        rows = rows.assign(school_id=rows["school_id"].fillna(""))
    return rows, join_lines([lines, told])
