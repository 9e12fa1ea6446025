"""Comparisons inside a unit: what all its rows share does not count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.design import Design
from analysis.inference.estimate import estimate
from analysis.inference.within import SHARE, compared_within

DESIGN = Design(
    kind="hazard",
    outcome="left",
    treatment="took",
    cluster="school",
    unit="pp",
    link="logit",
    unit_id="teacher",
    time="year",
)


def led(seed: int, n: int = 250, effect: float = 0.0) -> pd.DataFrame:
    """Schools of fourteen: well-led ones mentor more and lose fewer; mentoring itself moves the log-odds by effect."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(n), 14)
    lead = rng.normal(0, 1, n)[school]
    took = (rng.random(len(school)) < 1 / (1 + np.exp(-lead))).astype(float)
    odds = -2.2 - lead + effect * took
    left = (rng.random(len(school)) < 1 / (1 + np.exp(-odds))).astype(float)
    rows = pd.DataFrame({"school": school, "took": took, "left": left, "year": 2025})
    return rows.assign(teacher=np.arange(len(rows)))


def test_the_share_by_hand() -> None:
    """Two of three took part in a; none in b, so that nobody there has a counterpart; a missing outcome is not counted."""
    frame = pd.DataFrame(
        {
            "school": ["a"] * 4 + ["b"] * 2,
            "took": [1.0, 1.0, 0.0, 1.0, 0.0, 0.0],
            "left": [0.0, 1.0, 0.0, np.nan, 1.0, 0.0],
        }
    )
    found, design = compared_within(frame, replace(DESIGN, within="school"))
    assert found[SHARE][:4].tolist() == pytest.approx([2 / 3] * 4)
    assert found[SHARE][4:].isna().all()
    assert design.controls == (SHARE,)
    assert compared_within(frame, DESIGN) == (frame, DESIGN)


def test_well_led_schools_are_not_taken_for_the_mentoring() -> None:
    between, within = (estimate(led(7), replace(DESIGN, within=w)) for w in ("", "school"))
    assert between.ci_high is not None
    assert between.ci_high < -4
    assert within.ci_low is not None
    assert within.ci_high is not None
    assert within.ci_low < 0 < within.ci_high
    assert abs(within.estimate or 9) < 0.4 * abs(between.estimate or 0)


def test_an_effect_that_is_there_is_still_found() -> None:
    """Planted -0.7 on the log-odds: a ratio of risks of .54 among those who took part (by summation)."""
    found = estimate(led(3, n=1000, effect=-0.7), replace(DESIGN, within="school"), cheap=True)
    assert found.ci_high is not None
    assert found.ci_high < 0
    assert found.ratio == pytest.approx(0.54, abs=0.12)
