"""The checks of an aligned effect on drawn volunteers and on places drawn by lot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.checking.aligned import lot_check, placebo_of, uncapped
from analysis.inference.estimate import measure
from analysis.inference.record import Check
from analysis.inference.sample import draw_sample
from tests.inference.checking.records import drawn_estimate
from tests.inference.foreign import AIPW, volunteers

LOT = replace(AIPW, assignment="lot", strata=("block",), fixed=("block",))


def test_all_checks_of_volunteers_are_run() -> None:
    found = {c.name: c for c in measure(volunteers(), AIPW).checks}
    assert found["specification_curve"].detail.startswith("n=")
    assert (found["specification_curve"].value or 0) >= 0.75
    assert found["placebo_outcome"].value is not None
    assert found["placebo_outcome"].verdict == "pass"
    assert found["randomisation"].verdict == "not_run"
    assert found["robustness_value"].value is not None
    assert found["balance"].verdict == "pass"


def test_a_placebo_that_was_moved_costs_a_step() -> None:
    """Those who took part already stood two points higher the year before."""
    frame = volunteers()
    moved = frame.assign(earlier=frame["earlier"] + 2.0 * frame["took"])
    checks = {c.name: c for c in measure(moved, replace(AIPW, linear=("site_before",))).checks}
    assert checks["placebo_outcome"].verdict == "fail"
    assert checks["placebo_outcome"].steps == 1


def dealt(effect: float, seed: int = 1) -> pd.DataFrame:
    """Places drawn by lot, three in four of the east and one in four of the west, where marks are lower."""
    frame = volunteers(seed, effect=0.0)
    rng = np.random.default_rng([seed, 9])
    east = (frame["block"] == "east").to_numpy()
    took = (rng.random(len(frame)) < np.where(east, 0.75, 0.25)).astype(float)
    return frame.assign(took=took, mark=frame["mark"] + effect * took + 3.0 * east)


def test_a_lot_is_dealt_anew_inside_its_strata() -> None:
    """The east has higher marks and more places: only inside blocks does nothing give nothing."""
    record = drawn_estimate(p_value=0.5)
    ps = [lot_check(draw_sample(dealt(0.0, seed), LOT), record).value or 0 for seed in range(6)]
    assert sum(p < 0.05 for p in ps) <= 2
    works = lot_check(draw_sample(dealt(1.0), LOT), drawn_estimate(p_value=0.001))
    assert works.value == pytest.approx(1 / 1000)
    assert works.verdict == "pass"


def test_the_lot_and_the_model_that_differ_cost_a_step() -> None:
    check = lot_check(draw_sample(dealt(1.0), LOT), drawn_estimate(p_value=0.4))
    assert (check.verdict, check.steps) == ("fail", 1)


def test_only_a_lot_is_dealt() -> None:
    frame = dealt(1.0)
    for design in (replace(LOT, assignment="chosen"), replace(LOT, unit_id="")):
        assert (
            lot_check(draw_sample(frame, design), drawn_estimate(p_value=0.1)).verdict == "not_run"
        )


def test_strata_of_one_label_each_have_no_lot() -> None:
    """Where all of the east and nobody of the west was drawn, no other deal was possible."""
    frame = dealt(1.0)
    frame["took"] = (frame["block"] == "east").astype(float)
    sample = draw_sample(frame, LOT)
    assert lot_check(sample, drawn_estimate(p_value=0.01)).verdict == "not_run"


def test_what_chance_left_uneven_costs_nothing() -> None:
    check = uncapped(Check("balance", 0.4, "fail", cap="D", steps=1, detail="age"))
    assert (check.cap, check.steps, check.value, check.detail) == (None, 0, 0.4, "age")


def test_the_placebo_of_a_change_is_the_change_before_it() -> None:
    change = replace(AIPW, method="change", placebo_outcome="before", placebo_baseline="earlier")
    found = placebo_of(change)
    assert found is not None
    assert (found.outcome, found.linear, found.method) == ("before", ("earlier",), "change")
    assert placebo_of(replace(AIPW, placebo_outcome="")) is None


@pytest.mark.parametrize("column", ["took", "block"])
def test_a_lot_whose_units_differ_inside_is_not_dealt_anew(column: str) -> None:
    """Two rows of a person with two labels, or in two strata: nobody was drawn as a whole."""
    frame = volunteers().sort_values(column, ignore_index=True)
    half = len(frame) // 2
    pairs = frame.assign(pupil=[f"p{i % half}" for i in range(len(frame))])
    found = lot_check(draw_sample(pairs, LOT), drawn_estimate(p_value=0.5))
    assert (found.verdict, found.steps) == ("not_run", 0)
