"""Attendances that nobody can vouch for: who of a list pasted from the roster really came cannot be told.

Hours are summed without such lists. Of those who stand in one on a topic it is not known whether they had hours on it:
what rests on that topic is missing for them, whatever other lists say, so that nobody is picked by the answer.
"""

from __future__ import annotations

import pandas as pd

from analysis.intake.attendance import pasted_lists
from analysis.panel.survey import TOP_NEEDS, hours_by_topic

Tables = dict[str, pd.DataFrame]


def part_attendances(tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The attendances that count and those of pasted lists; without a roster or sessions all of them count.

    Both hold rows of the typed table ``trainings``, which may be absent: then both are empty.
    """
    trainings, roster = tables.get("trainings"), tables.get("roster")
    if trainings is None:
        return pd.DataFrame(), pd.DataFrame()
    needed = {"school_id", "teacher_id", "is_teacher"}
    if roster is None or roster.empty or not needed <= set(roster) or "session" not in trainings:
        return trainings, trainings.iloc[:0]
    named = {"teacher_id": "person"}
    is_pasted = pasted_lists(trainings.rename(columns=named), roster.rename(columns=named))
    return trainings[~is_pasted], trainings[is_pasted]


def listed_topics(
    pasted: pd.DataFrame, teachers: pd.Series, year: int, needs: list[str]
) -> pd.DataFrame:
    """Per teacher (rows, index of ``teachers``) and need (columns) whether a pasted list of the year names them."""
    if pasted.empty:
        return pd.DataFrame(False, index=teachers.index, columns=needs)
    return hours_by_topic(pasted.assign(hours=1.0), teachers, year, needs) > 0


def top_needs(needs: pd.DataFrame) -> pd.DataFrame:
    """Per teacher and need whether it is among the three rated highest, ties included."""
    return needs.rank(axis=1, method="min", ascending=False) <= TOP_NEEDS
