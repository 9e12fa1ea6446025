"""Survey answers that nobody gave in earnest: trials of the form, second answers, straight lines, speed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.dirt.brush import Brush
from analysis.synthetic.paper.filled import KIND, Filled, cells, of_kind

FAST_SECONDS = (25, 85)
SAME_ANSWERS = (3, 4, 5)
TRIAL = "测试"
LATER_MINUTES = (10, 2880)
TRIAL_HOURS = 30  # before the first answer, from which on the form is open


def answer_again(
    brush: Brush, rows: pd.DataFrame, items: dict[str, tuple[int, int]]
) -> pd.DataFrame:
    """The answers with a second sheet of some people, hours later, one item in three answered otherwise.

    ``items``: column -> lowest and highest answer.
    """
    able = np.flatnonzero(rows["is_linkable"].to_numpy(dtype=bool))
    at = able[brush.some("second_answers", len(able))]
    rng = brush.rng("second_answers-how")
    again = of_kind(rows.iloc[at].reset_index(drop=True), "second_answer")
    for column, (low, high) in items.items():
        step = rng.choice([-1, 0, 0, 0, 0, 1], len(again))
        again[column] = (again[column] + step).clip(low, high)
    minutes = rng.integers(*LATER_MINUTES, len(again)).astype("timedelta64[m]")
    again["survey_date"] += minutes.astype("timedelta64[s]")
    return pd.concat([of_kind(rows, ""), again], ignore_index=True)


def try_out(brush: Brush, rows: pd.DataFrame) -> pd.DataFrame:
    """The answers with trials of the form at any time while it was open, every number a one."""
    size = brush.count("test_rows", len(rows))
    if not size:
        return rows
    trials = rows.iloc[np.zeros(size, dtype=int)].reset_index(drop=True)
    numbers = trials.select_dtypes("number").columns.difference(["person", "school", "year"])
    trials[numbers] = np.ones((size, len(numbers)), dtype=int)
    open_from = rows["survey_date"].min() - np.timedelta64(TRIAL_HOURS * 3600, "s")
    seconds = int((rows["survey_date"].max() - open_from).total_seconds())
    moments = brush.rng("test_rows-when").integers(0, seconds, size).astype("timedelta64[s]")
    trials["survey_date"] = open_from + moments
    return pd.concat([rows, of_kind(trials.assign(is_linkable=True), "test")], ignore_index=True)


def name_trials(filled: Filled) -> Filled:
    """The word for a trial where trials should have said who and where."""
    is_trial = (filled.rows[KIND] == "test").to_numpy()
    said = {c: np.where(is_trial, TRIAL, filled.rows[c]) for c in ("staff_number", "school_name")}
    return filled.columns(**said)


def draw_lines(brush: Brush, filled: Filled, columns: list[str]) -> Filled:
    """Some sheets with one and the same answer to every item."""
    at = _earnest(filled, brush.some("straight_lines", len(filled.rows)))
    answers = brush.rng("straight_lines-how").choice(SAME_ANSWERS, len(at)).astype(object)
    return filled.spoil_all(dict.fromkeys(columns, answers), at)


def speed(brush: Brush, filled: Filled) -> Filled:
    """Some sheets filled in faster than anyone can read them."""
    at = _earnest(filled, brush.some("speeders", len(filled.rows)))
    seconds = brush.rng("speeders-how").integers(*FAST_SECONDS, len(at))
    return filled.spoil("answer_seconds", at, cells(f"{s}秒" for s in seconds))


def _earnest(filled: Filled, at: np.ndarray) -> np.ndarray:
    """The positions that are no trials."""
    return at[(filled.rows[KIND].to_numpy() != "test")[at]]
