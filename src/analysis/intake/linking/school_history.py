"""Schools over the years: renamed, merged into another, or given a new code with a change of type (domain 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

from analysis.intake.cleaning.names import name_forms
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.linking.school_names import school_key
from analysis.intake.linking.schools import shown_school

HALF = 0.5  # share of a school's staff who must stand in the other one
HISTORY_COLUMNS = ("year", "school_id", "to", "share")


def renamings(rows: pd.DataFrame, region_label: str) -> pd.DataFrame:
    """``year``, ``school_id``, ``before``, ``after``: schools of one code whose name differs from the year before.

    ``rows``: any table with code and name. A name with or without the region's in front is the same name.
    """
    names = rows[["year", "school_id", "school_name"]].dropna()
    names = names.drop_duplicates(["year", "school_id"]).sort_values(["school_id", "year"])
    keys = names["school_name"].map(lambda name: school_key(name, region_label))
    before = names.groupby("school_id")["school_name"].shift()
    was = keys.groupby(names["school_id"]).shift()
    is_new = was.notna() & (was != keys)
    found = names.assign(before=before, after=names["school_name"])[is_new]
    return found[["year", "school_id", "before", "after"]].reset_index(drop=True)


def gone_schools(roster: pd.DataFrame) -> pd.DataFrame:
    """``year``, ``school_id``, ``to``, ``share``, ``is_new``: schools of the roster before that are not on this one.

    ``to``: the school in which most of their staff stand now, and the ``share`` of their staff who do; ``is_new``:
    it was not on the roster before. Only where at least half of the staff stand there.
    """
    staff = roster[["year", "school_id"]].assign(who=_who(roster)).dropna().drop_duplicates()
    years = sorted(int(y) for y in staff["year"].unique())
    parts = [_gone(staff, before, after) for before, after in pairwise(years)]
    empty = pd.DataFrame(columns=[*HISTORY_COLUMNS, "is_new"])
    return pd.concat([p for p in parts if len(p)] or [empty], ignore_index=True)


def _who(roster: pd.DataFrame) -> pd.Series:
    """Something that tells most people apart before they are linked: the number, else the name."""
    none = pd.Series(None, index=roster.index, dtype="str")
    names = name_forms(roster.get("name", none))
    return roster.get("person_number", none).astype("str").fillna(names.where(names != ""))


def _gone(staff: pd.DataFrame, before: int, after: int) -> pd.DataFrame:
    """The schools that disappeared between two snapshots, with where their staff went."""
    old, new = staff[staff["year"] == before], staff[staff["year"] == after]
    mine = old[~old["school_id"].isin(new["school_id"]) & (old["school_id"] != "")]
    sizes = mine.groupby("school_id").size()
    moved = mine[["school_id", "who"]].merge(new[["school_id", "who"]], on="who")
    counts = moved.groupby(["school_id_x", "school_id_y"]).size().reset_index(name="n")
    counts["share"] = counts["n"] / sizes.reindex(counts["school_id_x"]).to_numpy(float)
    top = counts[counts["share"] >= HALF].rename(columns={"school_id_x": "school_id"})
    top = top.rename(columns={"school_id_y": "to"}).drop_duplicates("school_id")
    is_new = ~top["to"].isin(old["school_id"])
    return top.assign(year=after, is_new=is_new)[[*HISTORY_COLUMNS, "is_new"]]


def retyped_schools(gone: pd.DataFrame, names: Mapping[str, str]) -> dict[str, str]:
    """Old code -> new code of schools that are the same: half of the staff stand there, and the names begin alike.

    ``names``: code -> key of its newest name. A chain of changes leads to the newest code. One new code that takes
    over several old ones is a merger, not a change of type.
    """
    fresh = gone[gone["is_new"].astype(bool)]
    fresh = fresh[~fresh.duplicated(["year", "to"], keep=False)]
    pairs = zip(fresh["school_id"], fresh["to"], strict=True)
    same = {old: new for old, new in pairs if _begin_alike(names.get(old), names.get(new))}
    for old in same:
        while same[old] in same and same[same[old]] != old:
            same[old] = same[same[old]]
    return same


def _begin_alike(one: str | None, other: str | None) -> bool:
    """Whether two names have the same first half: a change of type changes the end of a name."""
    if not one or not other:
        return False
    size = max(2, min(len(one), len(other)) // 2)
    return one[:size] == other[:size]


def follow_schools(
    tables: Mapping[str, pd.DataFrame], region_label: str
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables with schools of a new code under that code in all years; and a ledger of what became of schools."""
    coded = [t for t in tables.values() if {"school_id", "school_name"} <= set(t.columns)]
    roster = tables.get("roster")
    if not coded or roster is None or "school_id" not in roster:
        return dict(tables), join_lines([])
    names = pd.concat([t[["year", "school_id", "school_name"]] for t in coded])
    newest = (
        names.dropna().sort_values("year", kind="stable").drop_duplicates("school_id", keep="last")
    )
    keys = {
        code: school_key(name, region_label)
        for code, name in zip(newest["school_id"], newest["school_name"], strict=True)
    }
    gone = gone_schools(roster)
    same = retyped_schools(gone, keys)
    out = {t: rows.assign(**_recoded(rows, same)) for t, rows in tables.items()}
    ledger_names = tables.get("schools", roster)
    return out, join_lines([_gone_lines(gone, same), _renamed_lines(ledger_names, region_label)])


def _recoded(rows: pd.DataFrame, same: Mapping[str, str]) -> dict[str, pd.Series]:
    """Column ``school_id`` under the newest codes, where there is one."""
    if "school_id" not in rows or not same:
        return {}
    codes = rows["school_id"].astype(object)
    return {"school_id": codes.map(dict(same)).astype(object).fillna(codes).astype("str")}


def _gone_lines(gone: pd.DataFrame, same: Mapping[str, str]) -> pd.DataFrame:
    """One line per school that went into another or got a new code."""
    rule = gone["school_id"].isin(same).map({True: "school_retyped", False: "school_merged"})
    return write_lines(
        rule,
        table="schools",
        year=gone["year"].astype("int64"),
        variable="school_id",
        found=gone["school_id"].astype(object),
        done=gone["to"].astype(object),
    )


def _renamed_lines(rows: pd.DataFrame, region_label: str) -> pd.DataFrame:
    """One line per school and year in which it has another name than before."""
    if "school_name" not in rows:
        return join_lines([])
    found = renamings(rows, region_label)
    return write_lines(
        pd.Series("school_renamed", index=found.index, dtype=object),
        table="schools",
        year=found["year"].astype("int64"),
        variable="school_name",
        found=found["before"].map(shown_school).astype(object),
        done=found["after"].map(shown_school).astype(object),
    )
