"""Other defensible ways to estimate a staggered programme, fixed before outcomes are seen, and its placebo date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.design import Design, Link
from analysis.inference.sample import Sample

EQUAL = "equal_weight"
SHIFT = 2  # periods before the start at which the pretended one lies
Variant = tuple[str, pd.DataFrame, Design]


def staggered_variants(sample: Sample) -> Iterator[Variant]:
    """At least twelve specifications: an id, the rows and the design of each; the headline's choices are among them."""
    if sample.design.link == "identity":
        return linear_variants(sample)
    return share_variants(sample)


def linear_variants(sample: Sample) -> Iterator[Variant]:
    """Levels of schools or cohorts, teachers or schools counting alike, whole or without an end: twelve and more.

    Levels of teachers compare only those who were there both before and after, another mix of people: two of them.
    """
    design = replace(sample.design, strata=())
    for part, rows in parts(sample):
        equal = rows.assign(**{EQUAL: equal_weight(rows, design)})
        for level, absorb in {"cluster": design.cluster, "cohort": ""}.items():
            same = replace(design, absorb=absorb)
            yield f"{level}.rows.{part}", rows, same
            yield f"{level}.clusters.{part}", equal, replace(same, weights=EQUAL)
        if part in ("all", "nolast") and design.unit_id not in ("", design.cluster):
            yield f"unit.rows.{part}", rows, replace(design, absorb=design.unit_id)
    if design.composition:
        yield "plain.rows.all", sample.rows, replace(design, composition=())


def share_variants(sample: Sample) -> Iterator[Variant]:
    """Logit, complementary log-log or linear; rows or schools counting alike; whole or without an end."""
    links: tuple[Link, ...] = ("logit", "cloglog", "identity")
    for part, rows in parts(sample):
        equal = rows.assign(**{EQUAL: equal_weight(rows, sample.design)})
        for link in links:
            same = replace(sample.design, link=link, strata=())
            yield f"{link}.rows.{part}", rows, same
            yield f"{link}.clusters.{part}", equal, replace(same, weights=EQUAL)


def parts(sample: Sample) -> Iterator[tuple[str, pd.DataFrame]]:
    """All rows; without the first period; without the last; without the smallest group that starts together."""
    rows, design = sample.rows, sample.design
    time = rows[design.time]
    start = pd.to_numeric(rows[design.first_treated])
    yield "all", rows
    yield "nofirst", rows[time > time.min()]
    if (start < time.max()).any():  # one that starts in the last period would be gone
        yield "nolast", rows[time < time.max()]
    clusters = pd.Series(sample.groups, index=rows.index)[sample.is_exposed]
    sizes = clusters.groupby(start[sample.is_exposed]).nunique()
    if len(sizes) > 1:
        yield "nosmallest", rows[start != sizes.idxmin()]


def equal_weight(rows: pd.DataFrame, design: Design) -> pd.Series:
    """A weight per row under which every cluster counts alike in every period."""
    keys = [design.cluster or design.unit_id or design.first_treated, design.time]
    size = rows.groupby(keys, dropna=False)[design.outcome].transform("size")
    return 1.0 / size


def placebo_date(sample: Sample) -> Variant | None:
    """The rows before anything began, with a start pretended some periods early; None where none is long enough."""
    design, rows = sample.design, sample.rows
    start = pd.to_numeric(rows[design.first_treated]).where(lambda s: s > 0)
    before = rows[start.isna() | (rows[design.time] < start)]
    for shift in (SHIFT, 1):
        early = start.loc[before.index] - shift
        has_before = before[design.time] < early
        has_after = before[design.time] >= early
        if has_before.any() and has_after.any():
            moved = before.assign(**{design.first_treated: early.astype(float)})
            plain = replace(design, treatment="", strata=(), placebo_outcome="")
            return f"start_{shift}_early", moved, plain
    return None


def placebo_outcome(sample: Sample) -> Variant | None:
    """The same comparison of something the programme cannot move; None where the design names none."""
    name = sample.design.placebo_outcome
    rows = sample.rows
    if not name or rows[name].notna().sum() == 0 or float(np.nanstd(rows[name])) == 0:
        return None
    return "placebo", rows, replace(sample.design, outcome=name, placebo_outcome="", strata=())
