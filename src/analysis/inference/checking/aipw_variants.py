"""Other defensible ways to an adjusted effect, fixed before any is run, and its placebo on earlier scores."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference.design import Design
from analysis.inference.estimators.aipw_rows import CHANGE

METHODS = ("aipw", "ipw", "ra", "linear", "entropy", "overlap")


def aipw_variants(design: Design) -> dict[str, Design]:
    """At least twelve: six methods with and without the roster, some on the latest score alone, and the other view.

    Under a ``change`` method all are of the change, but for one of the level (``level_roster``); else the other way
    round (``change_roster``). Ids are ``method_covariates``.
    """
    prefix = f"{CHANGE}_" if design.method.startswith(CHANGE) else ""
    sets = {"roster": design, "scores": replace(design, controls=())}
    found = {
        f"{method}_{name}": replace(variant, method=f"{prefix}{method}")
        for name, variant in sets.items()
        for method in METHODS
    }
    last = replace(design, linear=design.linear[:1])
    found |= {f"{m}_last": replace(last, method=f"{prefix}{m}") for m in ("aipw", "linear")}
    if design.linear:
        other = ("level_roster", "") if prefix else ("change_roster", CHANGE)
        found[other[0]] = replace(design, method=other[1])
    return found


def placebo_design(design: Design) -> Design | None:
    """The same comparison with a score from before the programme as outcome, aligned on what was known before that.

    Covariates measured with that score (the column itself, and those that end in its name, as a school's mean of it)
    are left out; None if then no earlier score is left to align on.
    """
    outcome = design.placebo_outcome
    if not outcome:
        return None
    earlier = tuple(c for c in design.linear if not c.endswith(outcome))
    if design.linear and not earlier:
        return None
    return replace(design, outcome=outcome, linear=earlier, placebo_outcome="")


def with_history(frame: pd.DataFrame, design: Design, lags: tuple[int, ...]) -> pd.DataFrame:
    """The frame with ``{outcome}_lag{k}``: the unit's outcome k periods earlier, missing where there was none.

    ``frame``: one row per ``unit_id`` and ``time`` (whole numbers).
    """
    keys = [design.unit_id, design.time]
    known = frame[[*keys, design.outcome]].dropna().drop_duplicates(keys)
    for lag in lags:
        column = f"{design.outcome}_lag{lag}"
        past = known.assign(**{design.time: known[design.time] + lag})
        past = past.rename(columns={design.outcome: column})
        frame = frame.merge(past, on=keys, how="left", validate="many_to_one")
    return frame
