"""How many clusters stand on each side, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.checking.sides import (
    is_never,
    sides_check,
    sides_of,
    smallest_cohort,
    uses_jackknife,
)
from analysis.inference.sample import draw_sample
from tests.inference.foreign import AIPW, STAGGERED, staggered_frame, volunteers


@pytest.mark.parametrize("never", [np.nan, 0.0, 2007.0])
def test_staggered_sites_by_hand(never: float) -> None:
    """Of 16 sites 4 join in 2004 and 4 in 2005; who joins after the last wave is never exposed in the data."""
    frame = staggered_frame(sites=16, size=2)
    frame["joined"] = frame["joined"].fillna(never)
    sample = draw_sample(frame, STAGGERED)
    assert sides_of(sample) == (8, 8, 16)
    assert smallest_cohort(sample) == 4
    assert is_never(sample).sum() == len(frame) / 2


def test_years_before_the_start_are_no_controls() -> None:
    """A site that joins later stands on the exposed side only."""
    frame = staggered_frame(sites=16, size=2)
    ever = frame[frame["joined"].notna() | (frame["site"] == "site 02")]
    assert sides_of(draw_sample(ever, STAGGERED)) == (8, 1, 9)
    assert sides_check(draw_sample(ever, STAGGERED)).blocks


def test_a_site_with_both_kinds_of_persons_counts_on_both_sides() -> None:
    sample = draw_sample(volunteers(sites=10, size=10), AIPW)
    assert sides_of(sample) == (10, 10, 10)
    assert smallest_cohort(sample) is None


@pytest.mark.parametrize(
    ("exposed", "verdict", "cap", "blocks", "few"),
    [(1, "fail", None, True, True), (3, "fail", "D", False, True), (8, "caution", None, False, True),
     (16, "pass", None, False, False)],
)  # fmt: skip
def test_few_sites_on_a_side(
    exposed: int, verdict: str, cap: str | None, blocks: bool, few: bool
) -> None:
    frame = volunteers(sites=36, size=4)
    code = frame["site"].str[-2:].astype(int)
    sample = draw_sample(frame.assign(took=(code < exposed).astype(float)), AIPW)
    check = sides_check(sample)
    assert (check.value, check.verdict, check.cap, check.blocks) == (exposed, verdict, cap, blocks)
    assert uses_jackknife(sample) == few


def test_a_lot_may_have_few_sites() -> None:
    frame = volunteers(sites=36, size=4)
    few = frame.assign(took=(frame["site"] < "site 03").astype(float))
    check = sides_check(draw_sample(few, replace(AIPW, assignment="lot")))
    assert (check.value, check.verdict) == (3, "caution")


def test_without_clusters_rows_are_the_units() -> None:
    rows = pd.DataFrame({"mark": [1.0, 2, 3, 4, 5], "took": [1.0, 0, 0, 0, 1]})
    design = replace(AIPW, cluster="", unit_id="", controls=(), linear=(), placebo_outcome="")
    assert sides_of(draw_sample(rows, design)) == (2, 3, 5)
