"""Rows that should not be there: attendances told twice, whole schools pasted, second tries."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.dirt.brush import Brush
from analysis.synthetic.paper.filled import KIND, of_kind
from analysis.synthetic.truth.codes import DIMENSIONS

SESSION = ["programme", "start_date", "end_date", "school"]
BETTER = (2.5, 2.0)  # points that a second try differs by: mean and standard deviation
LATER_DAYS = (20, 41)
ANCHOR_SHARE = 0.3  # points of the common items for one point of the total


def report_twice(brush: Brush, rows: pd.DataFrame) -> pd.DataFrame:
    """The ledger with some attendances told a second time: by the school, or by the county after the school."""
    at = brush.some("ledger_doubles", len(rows))
    return _with_rows(rows, rows.iloc[at], "double")


def paste_lists(brush: Brush, rows: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """The ledger with the whole staff of a school entered for some sessions that the school held itself.

    ``staff``: ``person`` and ``school`` of everyone on the roster. Sessions are taken until their lists make
    up the rate of all rows.
    """
    held = rows[(rows["mode"] == "school") & (rows["programme"] != "mentoring")]
    sessions = held.drop_duplicates(SESSION)
    if not brush.rate("pasted_lists") or sessions.empty:
        return _with_rows(rows, rows.iloc[:0], "pasted")
    sessions = sessions.iloc[brush.rng("pasted_lists").permutation(len(sessions))]
    sizes = staff["school"].value_counts().reindex(sessions["school"], fill_value=0).to_numpy()
    wanted = np.cumsum(sizes) <= brush.rate("pasted_lists") * len(rows)
    wanted[0] = True
    listed = sessions[wanted].drop(columns="person").merge(staff, on="school")
    keys = [*SESSION, "person"]
    was_there = pd.MultiIndex.from_frame(listed[keys]).isin(pd.MultiIndex.from_frame(held[keys]))
    return _with_rows(rows, listed[~was_there], "pasted")


def retake_tests(brush: Brush, rows: pd.DataFrame) -> pd.DataFrame:
    """The results with a second try of some, weeks later and mostly better; column ``attempt`` counts tries."""
    rng = brush.rng("retakes-how")
    again = rows.iloc[brush.some("retakes", len(rows))].reset_index(drop=True)
    gain = rng.normal(*BETTER, len(again))
    values = (again[[*DIMENSIONS]].to_numpy(dtype=float) + gain[:, None]).clip(0, 100).round(1)
    again[[*DIMENSIONS]] = values
    anchor = again["anchor_score"] + (ANCHOR_SHARE * gain).round()
    again["anchor_score"] = anchor.clip(0, 100 * ANCHOR_SHARE)
    again["digital_score"] = values.mean(axis=1).round(2)
    days = rng.integers(*LATER_DAYS, len(again))
    again["test_date"] += days.astype("timedelta64[D]").astype("timedelta64[s]")
    again["attempt"] = 2
    return _with_rows(rows.assign(attempt=1), again, "retake")


def _with_rows(rows: pd.DataFrame, added: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The rows and behind them the added ones, marked by their kind."""
    marked = rows if KIND in rows else of_kind(rows, "")
    return pd.concat([marked, of_kind(added, kind)], ignore_index=True)
