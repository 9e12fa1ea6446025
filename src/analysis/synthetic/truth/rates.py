"""True rates of leaving under the definitions A1 to A5, from what became of everybody."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.synthetic.profile import AREAS
from analysis.synthetic.truth.record import Draw

ATTRITION = ("A1", "A2", "A3", "A4", "A5")
OF_ROSTER = ("is_teacher", "subsidy_eligible", "years_teaching", "hidden_lead")


def teacher_fates(draw: Draw) -> pd.DataFrame:
    """Fates of teachers (not other staff) with 0/1 columns A1 to A5; a row is a teacher and report year.

    A1 is missing outside rural schools.
    """
    fates = draw.fates
    # both tables hold the rosters year by year in the same order; the last roster has no fates yet
    roster = draw.teachers.iloc[: len(fates)][list(OF_ROSTER)].reset_index(drop=True)
    both = pd.concat([fates, roster], axis=1)
    rows = both[both["is_teacher"]].reset_index(drop=True)
    areas = draw.schools["area"].cat.codes.to_numpy()
    own = rows["area"].cat.codes.to_numpy()
    following = areas[rows["next_school"].clip(lower=0)]
    has_moved = (rows["fate"] == "moves").to_numpy()
    has_left = (rows["fate"] == "leaves").to_numpy()
    away = (has_left | (has_moved & (following != own))).astype(float)
    return rows.assign(
        A1=np.where(own == AREAS.index("rural"), away, np.nan),
        A2=has_left.astype(float),
        A3=has_moved.astype(float),
        A4=(rows["next_school"] < 0).astype(float),
        A5=away,
    )


def true_rates(fates: pd.DataFrame) -> dict[str, Any]:
    """True rates of leaving by report year, definition and area, in percent, with their counts.

    Nothing for a definition in an area for whose teachers it does not exist.
    """
    rates: dict[str, Any] = {}
    for year, of_year in fates.groupby("year"):
        groups = {"all": of_year} | {a: of_year[of_year["area"] == a] for a in AREAS}
        rates[str(year)] = {
            code: {name: _rate(cells[code]) for name, cells in groups.items()} for code in ATTRITION
        }
    return rates


def _rate(events: pd.Series) -> dict[str, Any] | None:
    known = events.dropna()
    n, leavers = len(known), int(known.sum())
    return {"n": n, "leavers": leavers, "percent": 100 * leavers / n} if n else None
