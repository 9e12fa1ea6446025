"""Before complete cases are chosen: periods nobody followed and copies left out, units compared inside themselves."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.inference.design import Design
from analysis.inference.sample import used_columns
from analysis.inference.within import compared_within

MOST_UNKNOWN = 0.5  # of the leavers a period would usually have


@dataclass(frozen=True)
class Prepared:
    """The rows a question is asked of, the design on their columns, and how many rows each step left, by its name."""

    rows: pd.DataFrame
    design: Design
    steps: dict[str, int]


def prepare(frame: pd.DataFrame, design: Design) -> Prepared:
    """The rows without periods nobody followed, without copies, without units never seen unexposed.

    Steps that took nobody away are not named.
    """
    known = followed(frame, design)
    once = delivered_once(known, design)
    seen = seen_before(once, design)
    sizes = {"rows": len(frame), "followed": len(known), "once": len(once), "used": len(seen)}
    before = [len(frame) + 1, *sizes.values()]
    steps = {name: n for (name, n), last in zip(sizes.items(), before, strict=False) if n < last}
    rows, design = compared_within(seen, design)
    return Prepared(rows, design, steps)


def followed(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
    """The rows of periods in which leaving can be told: one without any event whose leavers may all be unknown is not.

    When every leaver of a year is unknown, those that are known all stayed; counting them would make leaving rare. That
    is so where the unknown are at least half of the leavers that the other periods would have.
    """
    if design.kind not in ("staggered", "hazard") or design.unit != "pp":
        return frame
    by = frame.groupby(design.time)[design.outcome]
    unknown = 1 - by.count() / by.size()
    usual = float(by.sum().sum() / max(by.count().sum(), 1))
    is_blind = (
        (by.sum() == 0) & (unknown > 0) & (unknown >= MOST_UNKNOWN * usual) & (by.count() > 0)
    )
    return frame[~frame[design.time].map(is_blind).fillna(False).astype(bool)]


def seen_before(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
    """The rows without units that start together and of which no period before the start is known: they say nothing.

    Left in, they would count as exposed in every check, and be dealt anew with the others in a lot.
    """
    if design.kind != "staggered":
        return frame
    start = frame[design.first_treated]
    first = frame[design.time].where(frame[design.outcome].notna()).groupby(start).transform("min")
    is_late = (start > 0) & ~(first < start)
    return frame[~is_late.fillna(False)].reset_index(drop=True) if is_late.any() else frame


def delivered_once(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
    """The rows without copies: a unit's row of a period that says the same once more is no second person.

    Only where copies are all that a unit has more than once; rows that differ may be people inside ``unit_id``.
    """
    keys = [c for c in (design.unit_id, design.time) if c]
    is_known = frame[keys].notna().all(axis=1)  # who has no id is nobody's copy
    if not design.unit_id or not frame[is_known].duplicated(keys).any():
        return frame
    is_copy = is_known & frame[used_columns(frame, design)].duplicated()
    once = frame[~is_copy]
    is_several = once[is_known[~is_copy]].duplicated(keys).any()
    return frame if is_several else once.reset_index(drop=True)
