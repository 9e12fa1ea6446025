"""What a file does to its numbers without meaning it: mixed ids, copies, weights in thousandths, a handful of rows."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.checking.hazards import separation_of
from analysis.inference.design import Design
from analysis.inference.estimate import estimate
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.nuisance import balancing_model
from analysis.inference.prepare import prepare
from analysis.inference.record import Estimate
from analysis.inference.sample import draw_sample
from tests.inference.foreign import (
    HAZARD,
    LINEAR,
    SHARES,
    STAGGERED,
    staggered_frame,
    volunteers,
)

LOGIT = replace(LINEAR, kind="logit", outcome="quit", unit="pp")
ABSORBED = replace(LINEAR, outcome="mark", treatment="on", controls=(), absorb="site")


def mixed(ids: pd.Series) -> pd.Series:
    """The sites' numbers as a spreadsheet has them: 5 in one row and "5" in the next."""
    number = ids.str[-2:].astype(int).astype(object)
    return number.where(np.arange(len(ids)) % 2 == 0, number.astype(str))


def numbers(found: Estimate) -> tuple[float | None, ...]:
    return found.estimate, found.std_error, found.ci_low, found.ci_high


@pytest.mark.parametrize("design", [STAGGERED, ABSORBED], ids=["staggered", "absorbed"])
def test_a_school_is_one_whether_its_number_is_a_text_or_not(design: Design) -> None:
    frame = staggered_frame().assign(on=lambda f: (f["wave"] >= f["joined"]).astype(float))
    frame = frame.assign(school=frame["site"])
    design = replace(design, cluster="school")
    plain = estimate(frame, design)
    found = estimate(frame.assign(school=mixed(frame["site"])), design)
    assert numbers(found) == pytest.approx(numbers(plain), rel=1e-9)
    assert found.n_schools == plain.n_schools == 32
    assert found.checks == plain.checks


def test_a_missing_id_makes_no_second_people() -> None:
    """Two rows without an id are alike in that; the copies of all others are copies still."""
    frame = staggered_frame()
    frame["pupil"] = frame["pupil"].astype(float)
    twice = pd.concat([frame, frame], ignore_index=True)
    twice.loc[[0, 1], "pupil"] = np.nan
    steps = prepare(twice, STAGGERED).steps
    assert steps["once"] == len(frame) + 2  # the two of them, whose copies still have an id


@pytest.mark.parametrize(
    "design", [HAZARD, SHARES, LOGIT], ids=["hazard", "staggered logit", "logit"]
)
@pytest.mark.parametrize("scale", [1e-12, 1e-8, 1e6])
def test_weights_have_no_scale(design: Design, scale: float) -> None:
    frame = staggered_frame() if design.kind == "staggered" else volunteers()
    weight = np.random.default_rng(3).uniform(0.5, 2.0, len(frame))
    design = replace(design, weights="w")
    plain = estimate(frame.assign(w=weight / weight.mean()), design, cheap=True)
    found = estimate(frame.assign(w=scale * weight), design, cheap=True)
    assert found.reason == plain.reason == ""
    assert numbers(found) == pytest.approx(numbers(plain), rel=1e-6, abs=1e-6)


def test_the_coefficient_of_a_hazard_is_guarded_by_itself() -> None:
    """Log odds have no ratio beside them: the guard reads value and error."""
    design = replace(HAZARD, measure="log_odds")
    found = estimate(volunteers(), design, cheap=True)
    assert found.is_usable
    assert abs((found.estimate or 0) + 0.6) < 3 * (found.std_error or 0)  # planted
    sample = draw_sample(volunteers(), design)
    assert separation_of(sample, Fitted(-0.6, 0.2, 30.0)).verdict == "pass"
    assert separation_of(sample, Fitted(-14.0, 0.2, 30.0)).blocks
    assert separation_of(sample, Fitted(-0.6, 60.0, 30.0)).blocks


def test_no_finite_odds_are_a_problem_with_a_name() -> None:
    """Every exposed row far above every other: balance would need infinite odds."""
    rng = np.random.default_rng(1)
    t: np.ndarray = np.repeat([0.0, 1.0], 5)
    x = np.column_stack([np.ones(10), rng.normal(size=10) + 400 * t, rng.normal(size=10)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        start = np.array([0.0, 5.0, 0.0])
        model = balancing_model(x, t, np.ones(10), np.arange(10), start)
    assert model.problem == "no_overlap"
    assert np.isfinite(model.fitted).all()
    assert model.moves.shape == (10, 3)


def test_a_logit_brings_no_warnings_of_the_library() -> None:
    frame = volunteers().assign(w=1.5)
    far = frame.assign(before=frame["before"] * 400)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert estimate(frame, replace(LOGIT, weights="w"), cheap=True).is_usable
        estimate(far, replace(LOGIT, outcome="took", treatment="quit"), cheap=True)
