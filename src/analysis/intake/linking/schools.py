"""Which school a row means: by its code, else by its name through every file that gives both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import nearest
from analysis.intake.ledger import join_lines, row_lines
from analysis.intake.linking.school_names import aliases, school_key

NAMING = ("person_number", "staff_number", "name", "school_name")


@dataclass(frozen=True)
class Directory:
    """What a region's schools are called. ``codes``: key of a name, of whatever year -> code, if one school alone
    ever had it. ``dated``: (year, key) -> code, for names that passed from one school to another. ``label``: the
    name of the region, which may stand in front of any name.
    """

    label: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[tuple[int, str], str] = field(default_factory=dict)


def school_directory(tables: Iterable[pd.DataFrame], region_label: str) -> Directory:
    """The names of all schools, from all rows of all years that give code and name."""
    parts = [
        t[["year", "school_name", "school_id"]].dropna().drop_duplicates()
        for t in tables
        if {"school_name", "school_id"} <= set(t.columns)
    ]
    if not parts:
        return Directory(region_label)
    pairs = pd.concat(parts, ignore_index=True)
    pairs["key"] = [school_key(name, region_label) for name in pairs["school_name"]]
    ever = pairs[["key", "school_id"]].drop_duplicates()
    single = ever[~ever.duplicated("key", keep=False)]
    dated = pairs.loc[~pairs["key"].isin(single["key"]), ["year", "key", "school_id"]]
    dated = dated.drop_duplicates()
    dated = dated[~dated.duplicated(["year", "key"], keep=False)]
    by_year = zip(dated["year"].astype(int), dated["key"], strict=True)
    return Directory(
        region_label,
        dict(zip(single["key"], single["school_id"], strict=True)),
        dict(zip(by_year, dated["school_id"], strict=True)),
    )


def resolve_schools(
    rows: pd.DataFrame, table: str, directory: Directory
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with ``school_id`` filled in from the name where the code is missing; and the ledger.

    A short or joined name counts as the only school it can mean. A name that no file gives a code for serves as one
    itself; that is told, with the nearest name there is, where other schools have codes. A school without both is
    dropped from ``schools``.
    """
    if not {"school_id", "school_name"} & set(rows.columns):
        return rows, join_lines([])
    given, names = _column(rows, "school_id"), _column(rows, "school_name")
    is_named = given.isna() & names.notna()
    means = _meant(rows.loc[is_named, "year"], names[is_named], directory)
    by_name = means["school_id"].reindex(rows.index).astype("str")
    out = rows.assign(school_id=given.fillna(by_name))
    has_codes = bool(directory.codes or directory.dated)
    told = means[means["rule"].notna()] if has_codes else means.iloc[:0]
    lines = row_lines(
        told["rule"],
        out.loc[told.index],
        table,
        variable="school_id",
        found=names[told.index],
        done=told["done"],
    )
    return _without_unknown(out, table, lines)


def _meant(years: pd.Series, names: pd.Series, directory: Directory) -> pd.DataFrame:
    """Per named row the school, the rule by which it was found, and what the ledger says was done."""
    keys = names.map({n: school_key(n, directory.label) for n in names.unique()}).astype(object)
    texts = [*keys.unique()]
    short = aliases(texts, directory.codes)
    at_year = pd.Series(
        [directory.dated.get(pair) for pair in zip(years.astype(int), keys, strict=True)],
        index=keys.index,
        dtype=object,
    )
    exact = keys.map(dict(directory.codes)).astype(object).fillna(at_year)
    alias = keys.map(short).astype(object)
    rule = exact.notna().map({True: "school_by_name", False: "school_unknown"})
    rule = rule.mask(exact.isna() & alias.notna(), "school_alias")
    suggested = {k: _suggestion(k, directory) for k in keys[rule == "school_unknown"].unique()}
    found = exact.fillna(alias)
    return pd.DataFrame(
        {
            "school_id": found.fillna(keys),
            "rule": rule,
            "done": found.fillna(keys.map(suggested)),
        },
        dtype=object,
    )


def _suggestion(key: str, directory: Directory) -> str:
    """What an unknown name becomes: itself, with the nearest known name behind a question mark."""
    near = nearest(key, directory.codes)
    return f"{key} ({near}?)" if near else key


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    """A text column, missing throughout where it was not delivered."""
    return rows[name] if name in rows else pd.Series(None, index=rows.index, dtype="str")


def _without_unknown(
    rows: pd.DataFrame, table: str, lines: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of no known school: dropped from ``schools``, kept with an empty code on the roster, told in both.

    In other tables only rows that name somebody are told: a line of a ledger about a whole programme has no school.
    """
    is_unknown = rows["school_id"].isna()
    if table == "schools":
        gone = row_lines("no_school", rows[is_unknown], table)
        return rows[~is_unknown].reset_index(drop=True), join_lines([lines, gone])
    if table == "roster":
        told = row_lines("school_unknown", rows[is_unknown], table, variable="school_id")
        rows = rows.assign(school_id=rows["school_id"].fillna(""))
        return rows, join_lines([lines, told])
    who = [c for c in NAMING if c in rows]
    is_somebody = is_unknown & rows[who].notna().any(axis=1)
    told = row_lines("school_unknown", rows[is_somebody], table, variable="school_id")
    return rows, join_lines([lines, told])
