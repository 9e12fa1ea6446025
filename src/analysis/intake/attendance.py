"""Attendances that two offices report of one event, and sessions in which the whole school stands."""

from __future__ import annotations

import pandas as pd

from analysis.intake.ledger import join_lines, row_lines

TABLE = "trainings"
WHOLE = 0.9  # share of a school's roster in one session from which the list is taken for the roster
FEWEST = 5  # people of a school: of fewer all may well have come
OF_SESSION = ["year", "session", "programme", "start_date", "end_date", "school_id"]


def repeated_attendances(rows: pd.DataFrame) -> pd.Series:
    """Whether a row tells again of an attendance: same person, programme and hours, days that overlap, another level.

    County and school report the same event (domain 3.2, item 8), each with its own level or days. The row that comes
    first in the delivery stays. Rows of nobody known, or without days, are never taken for one.
    """
    keys = ["person", "programme", "hours"]
    if not {*keys, "level", "start_date"} <= set(rows.columns):
        return pd.Series(False, index=rows.index)
    days = pd.DataFrame({"start": rows["start_date"], "end": rows["start_date"]})
    if "end_date" in rows:
        days["end"] = rows["end_date"].fillna(rows["start_date"])
    asked = rows[[*keys, "level"]].assign(**{c: days[c] for c in days}).dropna()
    asked = asked[asked["start"].str.len() == len("2025-09-01")]
    asked = asked[asked.duplicated(keys, keep=False)].rename_axis("at").reset_index()
    pairs = asked.merge(asked, on=keys, suffixes=("", "_first"))
    pairs = pairs[(pairs["at"] > pairs["at_first"]) & (pairs["level"] != pairs["level_first"])]
    is_same = (pairs["start"] <= pairs["end_first"]) & (pairs["end"] >= pairs["start_first"])
    return pd.Series(rows.index.isin(pairs.loc[is_same, "at"]), index=rows.index)


def pasted_lists(rows: pd.DataFrame, roster: pd.DataFrame) -> pd.Series:
    """Whether a row belongs to a session in which (nearly) a whole school stands, staff who do not teach among them.

    Such a list was pasted from the roster (domain 3.2, item 9): who of it really came cannot be told, so its rows
    stay and are only marked. ``roster``: one row per person and snapshot. A school that has no other staff on its
    roster is judged by the share alone.
    """
    if not {"session", "school_id"} <= set(rows.columns):
        return pd.Series(False, index=rows.index)
    keys = [c for c in OF_SESSION if c in rows]
    known = rows[[*keys, "person"]].dropna(subset=["session", "person"])
    known = known.assign(snapshot=_snapshots(rows, roster)).drop_duplicates()
    staff = roster[["year", "school_id", "person", "is_teacher"]]
    staff = staff.rename(columns={"year": "snapshot"})
    staff = staff.assign(is_other=staff["is_teacher"] == "no")
    sizes = staff.groupby(["snapshot", "school_id"]).agg(
        size=("person", "size"), others=("is_other", "sum")
    )
    there = known.merge(staff, on=["snapshot", "school_id", "person"])
    lists = there.groupby(keys, sort=False, dropna=False).agg(
        snapshot=("snapshot", "first"), came=("person", "size"), others=("is_other", "sum")
    )
    lists = lists.reset_index().merge(sizes, on=["snapshot", "school_id"], suffixes=("", "_there"))
    is_whole = (lists["came"] >= WHOLE * lists["size"]) & (lists["size"] >= FEWEST)
    is_whole &= (lists["others"] > 0) | (lists["others_there"] == 0)
    chosen = pd.MultiIndex.from_frame(lists.loc[is_whole, keys].astype(object))
    return pd.Series(
        pd.MultiIndex.from_frame(rows[keys].astype(object)).isin(chosen), index=rows.index
    )


def _snapshots(rows: pd.DataFrame, roster: pd.DataFrame) -> pd.Series:
    """The snapshot that was at hand when a list was made: that of the year before, else the first there is."""
    years = sorted(int(y) for y in roster["year"].unique())
    asked = {int(y): max([s for s in years if s < y] or years[:1]) for y in rows["year"].unique()}
    return rows["year"].map(asked)


def pasted_lines(rows: pd.DataFrame, roster: pd.DataFrame | None) -> pd.DataFrame:
    """A ledger line per row of a pasted list; ``found`` is the session."""
    if roster is None:
        return join_lines([])
    pasted = rows[pasted_lists(rows, roster)]
    return row_lines("pasted_list", pasted, TABLE, variable="session", found=pasted.get("session"))
