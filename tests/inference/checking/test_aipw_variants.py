"""The specification curve of an adjusted effect and its placebo, all of them runnable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.checking.aipw_variants import aipw_variants, placebo_design
from analysis.inference.design import Design
from analysis.inference.estimators.aipw import fit_aipw
from analysis.inference.sample import draw_sample

DESIGN = Design(
    "aipw", "score", "t", cluster="school_id", linear=("before", "school_before"),
    controls=("age",), placebo_outcome="before",
)  # fmt: skip


def rows() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    before, age = rng.normal(70, 5, 400), rng.normal(40, 8, 400)
    t = (rng.random(400) < 1 / (1 + np.exp(-(before - 70) / 10))).astype(float)
    frame = pd.DataFrame({"before": before, "age": age, "t": t, "school_id": np.arange(400) % 40})
    frame["school_before"] = frame.groupby("school_id")["before"].transform("mean")
    return frame.assign(score=before + t + rng.normal(0, 3, 400))


@pytest.mark.parametrize("method", ["", "change"])
def test_at_least_twelve_and_each_runs(method: str) -> None:
    found = aipw_variants(replace(DESIGN, method=method))
    assert len(found) >= 12
    assert len({*found.values()}) == len(found)
    values = [fit_aipw(draw_sample(rows(), d), with_jackknife=False).value for d in found.values()]
    assert np.allclose(values, 1.0, atol=1.0)


def test_the_other_view_is_among_them_once() -> None:
    assert aipw_variants(DESIGN)["change_roster"].method == "change"
    change = aipw_variants(replace(DESIGN, method="change"))
    assert change["level_roster"].method == ""
    assert [d.method.startswith("change") for d in change.values()].count(False) == 1


def test_the_placebo_needs_a_score_from_before_the_one_before() -> None:
    assert placebo_design(DESIGN) is None
    assert placebo_design(replace(DESIGN, placebo_outcome="")) is None
    found = placebo_design(replace(DESIGN, linear=(*DESIGN.linear, "score_lag2")))
    assert found is not None
    assert (found.outcome, found.linear, found.placebo_outcome) == ("before", ("score_lag2",), "")
    other = placebo_design(replace(DESIGN, placebo_outcome="retired"))
    assert other is not None
    assert other.linear == DESIGN.linear
