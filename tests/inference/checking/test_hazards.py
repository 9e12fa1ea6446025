"""The checks of a landmark hazard on drawn volunteers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.checking.hazards import separation_of
from analysis.inference.estimate import measure
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.record import Check, Estimate
from analysis.inference.sample import draw_sample
from tests.inference.foreign import HAZARD, volunteers


@pytest.fixture(scope="module")
def whole() -> Estimate:
    """Drawn by lot inside blocks, with odds of leaving of exp(-0.6), and all checks."""
    frame = volunteers(odds=-0.6)
    rng = np.random.default_rng(4)
    took = (rng.random(len(frame)) < 0.5).astype(float)
    leave = -0.9 + 0.5 * (frame["years"] < 8) - 1.0 * took
    gone = (rng.random(len(frame)) < 1 / (1 + np.exp(-leave))).astype(float)
    design = replace(HAZARD, assignment="lot", strata=("block",), fixed=("block",))
    return measure(frame.assign(took=took, quit=gone), design)


def checks(found: Estimate) -> dict[str, Check]:
    return {c.name: c for c in found.checks}


def test_a_lot_of_persons_is_dealt_anew(whole: Estimate) -> None:
    check = checks(whole)["randomisation"]
    assert check.value == pytest.approx(1 / 1000)
    assert check.verdict == "pass"


def test_what_a_lot_left_uneven_caps_nothing(whole: Estimate) -> None:
    assert checks(whole)["balance"].cap is None
    assert checks(whole)["overlap"].cap is None


def test_at_least_twelve_specifications_near_the_headline(whole: Estimate) -> None:
    assert len(whole.series["specifications"]) >= 12
    assert (checks(whole)["specification_curve"].value or 0) >= 0.75


def test_the_placebo_is_an_outcome_that_cannot_move(whole: Estimate) -> None:
    assert checks(whole)["placebo_outcome"].verdict == "pass"


def test_a_placebo_that_moves_costs_a_step() -> None:
    frame = volunteers()
    rng = np.random.default_rng(5)
    retired = (rng.random(len(frame)) < 0.05 + 0.3 * frame["took"]).astype(float)
    found = checks(measure(frame.assign(retired=retired), HAZARD))["placebo_outcome"]
    assert (found.verdict, found.steps) == ("fail", 1)


def test_separation_is_read_off_the_ratio() -> None:
    """A log ratio of 11 with an error of 6 is no estimate, nor is a fit with a problem or an empty cell."""
    sample = draw_sample(volunteers(sites=10, size=10), HAZARD)
    good = Fitted(-5.0, 1.0, 9.0, ratio=0.7, log_ratio_error=0.2)
    assert not separation_of(sample, good).blocks
    assert separation_of(sample, replace(good, ratio=float(np.exp(11)))).blocks
    assert separation_of(sample, replace(good, log_ratio_error=6.0)).blocks
    assert separation_of(sample, replace(good, ratio=None)).blocks
    empty = replace(sample, y=np.where(sample.is_treated, 0.0, sample.y))
    assert separation_of(empty, good).blocks
