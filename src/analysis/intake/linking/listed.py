"""What two lists say of a person or a school and cannot both be right: retired and on the roster, in no school list."""

from __future__ import annotations

import pandas as pd

from analysis.intake.ledger import join_lines, row_lines

FOR_GOOD = ("retired", "deceased")  # reasons after which nobody is in post again
FULL_DAY = len("2025-09-01")
NEVER = "9999"  # after every date


def left_still_listed(roster: pd.DataFrame, exits: pd.DataFrame) -> pd.DataFrame:
    """A ledger line per roster row of somebody who had retired or died before its snapshot (domain 3.2, item 14).

    ``roster``: one row per person and snapshot. The row stays: which of two lists is wrong cannot be told here.
    """
    needed = {"person", "exit_reason", "exit_date"}
    if not needed <= set(exits.columns) or "snapshot" not in roster:
        return join_lines([])
    gone = exits[exits["exit_reason"].isin(FOR_GOOD) & (exits["exit_date"].str.len() == FULL_DAY)]
    since = gone.dropna(subset=["person"]).groupby("person")["exit_date"].min()
    left = roster["person"].astype(object).map(since.astype(object))
    is_listed = left.astype(object).fillna(NEVER) < roster["snapshot"].astype(object)
    rows = roster[is_listed]
    return row_lines("left_still_listed", rows, "roster", found=left[is_listed])


def missing_schools(roster: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """A ledger line per roster row whose school has no row in the school list of its year (mess, item 49).

    Only years for which a school list was delivered.
    """
    dated = roster[roster["year"].isin(schools["year"]) & (roster["school_id"] != "")]
    known = pd.MultiIndex.from_frame(schools[["year", "school_id"]].astype(object))
    asked = pd.MultiIndex.from_frame(dated[["year", "school_id"]].astype(object))
    rows = dated[~asked.isin(known)]
    return row_lines(
        "school_not_listed", rows, "roster", variable="school_id", found=rows["school_id"]
    )
