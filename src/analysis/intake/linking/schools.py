"""Which school a row means: by its code, else by its name through every file that gives both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.errors import nearest
from analysis.intake.ledger import join_lines, row_lines, shape
from analysis.intake.linking.school_names import aliases, looks_like_school, school_key

NAMING = ("person_number", "staff_number", "name", "school_name")
LONGEST_NAME = 30  # signs; what is longer is an answer, not a school
FEWEST_NUMBER = 7  # digits of the shortest number of a telephone
FEWEST_TOLD = 5  # digits from which the ledger shows a text by its shape
ANSWERS = "survey"  # whose school is typed by whoever answers
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Directory:
    """What a region's schools are called. ``codes``: key of a name, of whatever year -> code, if one school alone
    ever had it. ``dated``: (year, key) -> code, for names that passed from one school to another. ``label``: the
    name of the region, which may stand in front of any name. ``listed``: keys of names in the lists of schools.
    ``opaque``: key of a text that is no known school -> its running number, which tells nothing of the text.
    """

    label: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[tuple[int, str], str] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    opaque: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_codes(self) -> bool:
        """Whether any school has a code."""
        return bool(self.codes or self.dated)


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


def read_places(tables: Mapping[str, pd.DataFrame], region_label: str) -> Directory:
    """The directory of a region, with the lists of schools and the running numbers of unknown ones in row order."""
    directory = school_directory(tables.values(), region_label)
    names = (
        _column(tables["schools"], "school_name")
        if "schools" in tables
        else pd.Series([], dtype="str")
    )
    listed = frozenset(school_key(name, region_label) for name in names.dropna().unique())
    return number_unknown(tables, replace(directory, listed=listed))


def number_unknown(tables: Mapping[str, pd.DataFrame], directory: Directory) -> Directory:
    """The directory with a running number for every text that is no known school, by year and first row."""
    asked = {n: t for n, t in tables.items() if {"school_id", "school_name"} & set(t.columns)}
    parts = [_unknown(rows, table, directory) for table, rows in asked.items()]
    if not parts:
        return directory
    found = pd.concat(parts, ignore_index=True).sort_values("year", kind="stable")
    fresh = [key for key in found["key"].unique() if key not in directory.opaque]
    first = len(directory.opaque) + 1
    numbers = {key: f"unknown-{n}" for n, key in enumerate(fresh, start=first)}
    return replace(directory, opaque={**directory.opaque, **numbers})


def _unknown(rows: pd.DataFrame, table: str, directory: Directory) -> pd.DataFrame:
    """``year`` and ``key`` of the rows whose text must not become a code."""
    means = _meant(rows, table, directory)
    chosen = means[(means["rule"] == "school_unknown") & (not is_left_out(table, directory))]
    return chosen.assign(year=rows.loc[chosen.index, "year"])[["year", "key"]]


def is_left_out(table: str, directory: Directory) -> bool:
    """Whether a school that nobody knows is missing in a table: in answers, where there is a list to know it by."""
    return table == ANSWERS and (directory.has_codes or bool(directory.listed))


def may_be_code(key: str, table: str, directory: Directory) -> bool:
    """Whether a name may serve as a code: no school has one, and it holds no telephone number and is short enough."""
    if directory.has_codes or (is_left_out(table, directory) and key not in directory.listed):
        return False
    return len(key) <= LONGEST_NAME and len(_DIGIT.findall(key)) < FEWEST_NUMBER


def resolve_schools(
    rows: pd.DataFrame, table: str, directory: Directory
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with ``school_id`` filled in from the name where the code is missing; and the ledger.

    A short or joined name counts as the only school it can mean. A name that nobody knows never becomes a code
    where other schools have one: it is missing in a survey and a running number elsewhere, and told with the nearest
    name there is. Where no school has a code the name serves as one, unless it may hold a telephone number or is too
    long for a name. A school without code and name is dropped from ``schools``.
    """
    if not {"school_id", "school_name"} & set(rows.columns):
        return rows, join_lines([])
    numbered = number_unknown({table: rows}, directory)
    means = _meant(rows, table, numbered)
    is_unknown = means["rule"] == "school_unknown"
    number = None if is_left_out(table, directory) else means["key"].map(dict(numbered.opaque))
    code = means["school_id"].mask(is_unknown, number)
    out = rows.assign(
        school_id=_column(rows, "school_id").fillna(code.reindex(rows.index).astype("str"))
    )
    told = means[means["rule"].notna()]
    done = (code.fillna("") + means["near"].where(is_unknown, "")).str.strip()
    lines = row_lines(
        told["rule"],
        out.loc[told.index],
        table,
        variable="school_id",
        found=_column(rows, "school_name")[told.index].map(shown_school),
        done=done[told.index],
    )
    return _without_unknown(out, table, lines, told.index)


def _meant(rows: pd.DataFrame, table: str, directory: Directory) -> pd.DataFrame:
    """Per row with a name and no code: its ``key``, the school, the rule by which it was found, the nearest name.

    Without any rule the name itself is the code.
    """
    names = _column(rows, "school_name")
    names = names[_column(rows, "school_id").isna() & names.notna()]
    years = rows.loc[names.index, "year"]
    keys = names.map({n: school_key(n, directory.label) for n in names.unique()}).astype(object)
    short = aliases([*keys.unique()], directory.codes, directory.label)
    at_year = pd.Series(
        [directory.dated.get(pair) for pair in zip(years.astype(int), keys, strict=True)],
        index=keys.index,
        dtype=object,
    )
    exact = keys.map(dict(directory.codes)).astype(object).fillna(at_year)
    alias = keys.map(short).astype(object)
    rule = exact.notna().map({True: "school_by_name", False: "school_unknown"}).astype(object)
    rule = rule.mask(exact.isna() & alias.notna(), "school_alias")
    usable = {k: may_be_code(k, table, directory) for k in keys.unique()}
    rule = rule.mask(keys.map(usable).astype(bool), None)
    suggested = {k: _suggestion(k, directory) for k in keys[rule == "school_unknown"].unique()}
    return pd.DataFrame(
        {
            "key": keys,
            "school_id": exact.fillna(alias).fillna(keys),
            "rule": rule,
            "near": [suggested.get(k, "") for k in keys],
        },
        dtype=object,
    )


def _suggestion(key: str, directory: Directory) -> str:
    """The nearest known name with a question mark, or an empty text."""
    near = nearest(key, directory.codes or directory.listed)
    return f" ({near}?)" if near else ""


def shown_school(text: str) -> str:
    """A school as the ledger shows it: by its shape if it may hold a number or has no word of a school in it."""
    digits = len(_DIGIT.findall(text))
    is_told = digits < FEWEST_TOLD and len(text) <= LONGEST_NAME and looks_like_school(text)
    return text if is_told else shape(text)


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    """A text column, missing throughout where it was not delivered."""
    return rows[name] if name in rows else pd.Series(None, index=rows.index, dtype="str")


def _without_unknown(
    rows: pd.DataFrame, table: str, lines: pd.DataFrame, told_before: pd.Index
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
    is_somebody = is_unknown & rows[who].notna().any(axis=1) & ~rows.index.isin(told_before)
    told = row_lines("school_unknown", rows[is_somebody], table, variable="school_id")
    return rows, join_lines([lines, told])
