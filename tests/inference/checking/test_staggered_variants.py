"""The specifications of a staggered programme and its placebos, on six waves with two cohorts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.blank import blank_estimate
from analysis.inference.checking.staggered import refit, specifications
from analysis.inference.checking.staggered_variants import (
    placebo_date,
    placebo_outcome,
    staggered_variants,
)
from analysis.inference.design import Design
from analysis.inference.estimators.staggered import fit_staggered
from analysis.inference.record import Point
from analysis.inference.sample import Sample, draw_sample
from tests.inference.foreign import SHARES, STAGGERED, staggered_frame


def repeated(sites: int = 24) -> pd.DataFrame:
    """The same persons in every wave."""
    frame = staggered_frame(sites=sites)
    return frame.assign(
        pupil=frame.groupby(["site", "wave"]).cumcount().astype(str) + frame["site"]
    )


def drawn(design: Design, **frame: int) -> Sample:
    return draw_sample(repeated(**frame), design)


def curve(sample: Sample) -> tuple[Point, ...]:
    """The specifications that ran beside the headline."""
    fitted = fit_staggered(sample)
    record = replace(
        blank_estimate(sample.design), estimate=fitted.value, std_error=fitted.std_error
    )
    return specifications(sample, fitted, record)[0]


@pytest.mark.parametrize("design", [STAGGERED, SHARES])
def test_at_least_twelve_distinct_specifications(design: Design) -> None:
    """As many as the curve asks for, no id twice, and every one asks for the same exposure and outcome."""
    found = list(staggered_variants(drawn(design)))
    assert len({name for name, _, _ in found}) == len(found) >= 12
    for _, rows, variant in found:
        assert (variant.outcome, variant.first_treated) == (design.outcome, design.first_treated)
        assert variant.cluster == design.cluster
        assert len(rows) > 0


@pytest.mark.parametrize("design", [STAGGERED, SHARES])
def test_the_headline_is_among_them_and_the_curve_is_in_order(design: Design) -> None:
    sample = drawn(design)
    points = curve(sample)
    values = [p.estimate or 0.0 for p in points]
    assert len(points) >= 12
    assert values == sorted(values)
    assert fit_staggered(sample).value == pytest.approx(
        min(values, key=lambda v: abs(v - fit_staggered(sample).value)), rel=1e-9
    )
    assert all(p.std_error for p in points)


def test_a_specification_without_variation_is_no_point() -> None:
    """Persons seen once leave nothing when their own levels are taken out: that is no estimate of zero."""
    sample = draw_sample(staggered_frame(sites=24), STAGGERED)
    assert all(p.estimate and p.std_error for p in curve(sample))


def test_sites_that_count_alike_by_hand() -> None:
    """Where sites have unlike sizes the weights of a site and wave sum to one."""
    frame = repeated()
    frame = frame[~((frame["site"] < "site 08") & (frame["pupil"] < "3"))]
    name, rows, design = next(
        v for v in staggered_variants(draw_sample(frame, STAGGERED)) if v[2].weights
    )
    assert name
    sums = rows.groupby(["site", "wave"])[design.weights].sum()
    assert np.allclose(sums, 1.0)


def test_the_placebo_date_finds_what_was_there_before() -> None:
    """Two points planted one and two waves before the start; without them nothing is found."""
    frame = repeated(sites=32)
    early = frame["joined"] - frame["wave"]
    planted = frame.assign(mark=frame["mark"] + 2.0 * early.isin((1, 2)))
    for rows, is_found in ((frame, False), (planted, True)):
        variant = placebo_date(draw_sample(rows, STAGGERED))
        assert variant is not None
        used = variant[1]
        assert not (used["wave"] >= used["joined"] + 2).any()  # no row after the true start
        found = refit(variant)
        assert found is not None
        assert (abs(found.value) > 2.5 * found.std_error) == is_found


def test_no_placebo_date_without_waves_before() -> None:
    frame = repeated()
    late = frame[frame["wave"] >= 2004].assign(
        joined=frame["joined"].where(frame["joined"] == 2004)
    )
    assert placebo_date(draw_sample(late, STAGGERED)) is None


def test_the_placebo_outcome_is_the_same_question_of_another_column() -> None:
    design = replace(STAGGERED, placebo_outcome="calm")
    variant = placebo_outcome(drawn(design))
    assert variant is not None
    assert (variant[2].outcome, variant[2].placebo_outcome) == ("calm", "")
    found = refit(variant)
    assert found is not None
    assert abs(found.value) < 3 * found.std_error


@pytest.mark.parametrize("calm", [np.nan, 1.0])
def test_an_empty_or_constant_placebo_is_none(calm: float) -> None:
    design = replace(STAGGERED, placebo_outcome="calm")
    assert placebo_outcome(draw_sample(repeated().assign(calm=calm), design)) is None
    assert placebo_outcome(drawn(STAGGERED)) is None
