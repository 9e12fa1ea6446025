"""The plain figures of each side of a comparison: people, schools, events and unadjusted levels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.record import Arm, Estimate
from analysis.inference.sample import Sample
from analysis.study.objects import Intervention


def arm(
    rows: pd.DataFrame,
    column: str,
    cluster: str,
    unit: str,
    weights: str | None = None,
    person: str = "teacher_id",
) -> Arm:
    """One side from its rows: level in percentage points for shares, in points for scores; weighted where asked.

    Without a column of persons, or of clusters, every row is one.
    """
    known = rows[rows[column].notna()]
    values = known[column]
    is_binary = values.isin((0.0, 1.0)).all()
    scale = 100.0 if unit == "pp" else 1.0
    level = None
    if len(values):
        weight = known[weights] if weights else None
        level = scale * float(np.average(values, weights=weight))
    return Arm(
        n_teachers=count_of(known, person),
        n_schools=count_of(known, cluster),
        n_events=int(values.sum()) if is_binary else None,
        level=level,
        n_rows=len(values),
    )


def count_of(rows: pd.DataFrame, column: str) -> int:
    """How many different persons or clusters stand in a column; the rows themselves where there is no such column."""
    return int(rows[column].nunique()) if column in rows else len(rows)


def arms_of(sample: Sample) -> dict[str, Arm]:
    """Treated and control side of a sample, and their pre-scores where the design has them."""
    d, t = sample.design, sample.is_exposed
    person = d.unit_id or "teacher_id"
    sides = {"treated": sample.rows[t], "control": sample.rows[~t]}
    arms = {k: arm(v, d.outcome, d.cluster, d.unit, d.weights, person) for k, v in sides.items()}
    before = next((c for c in d.linear if c not in sample.left_out), "")
    if before and d.kind == "aipw":
        arms |= {
            f"{k}_before": arm(v, before, d.cluster, d.unit, None, person) for k, v in sides.items()
        }
    return arms


def raw_difference(sample: Sample) -> float | None:
    """The unadjusted difference treated minus control, in the design's unit."""
    arms = arms_of(sample)
    with_, without = arms["treated"].level, arms["control"].level
    return None if with_ is None or without is None else with_ - without


def policy_arms(
    rows: pd.DataFrame, year: int, programme: Intervention, record: Estimate
) -> dict[str, Arm]:
    """Both groups of a policy in the report year and the year before: ``treated``, ``control`` and ``*_before``."""
    group, column = f"group_{programme.id}", f"{record.outcome}_{record.definition}"
    found = {}
    for suffix, when in (("", year), ("_before", year - 1)):
        now = rows[rows["year"] == when]
        for name, code in (("treated", 1.0), ("control", 0.0)):
            side = now[now[group] == code]
            if side[column].notna().any():
                found[f"{name}{suffix}"] = arm(side, column, "school_id", record.unit)
    return found
