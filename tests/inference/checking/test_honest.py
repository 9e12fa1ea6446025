from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.checking.honest import (
    as_leads,
    honest_check,
    honest_curve,
    honest_problem,
    sensitivity_points,
)
from analysis.inference.estimators.fitted import Paths
from tests.inference.checking.medicaid import medicaid_paths

FIRST_YEAR = (1.0, 0.0)


def drawn(leads: tuple[float, ...], lags: tuple[float, ...], spread: float = 0.1) -> Paths:
    """An event study typed by hand; equal treated rows behind all periods, errors as with a shared reference."""
    times = (*range(-len(leads) - 1, -1), *range(len(lags)))
    size = len(times)
    return Paths(
        times, np.array([*leads, *lags]), spread**2 * (np.eye(size) + 1) / 2, np.full(size, 50.0)
    )


@pytest.mark.parametrize(
    ("m", "low", "high"),
    [(0.0, 0.0259, 0.0607), (0.01, 0.0132, 0.0787), (0.02, 0.00286, 0.0907)],
)  # fmt: skip
def test_medicaid_smoothness(m: float, low: float, high: float) -> None:
    """HonestDiD README, table of DeltaSD, first year of the expansion (printed there to three figures)."""
    (point,) = honest_curve(medicaid_paths(FIRST_YEAR), (m,), is_smoothness=True)
    assert (point.ci_low, point.ci_high) == pytest.approx((low, high), abs=1.2e-4)


@pytest.mark.parametrize(
    ("mbar", "low", "high"),
    [(0.5, 0.0240, 0.0672), (1.0, 0.0170, 0.0720), (1.5, 0.00824, 0.0797), (2.0, -0.000916, 0.0881)],
)  # fmt: skip
def test_medicaid_relative_magnitudes(mbar: float, low: float, high: float) -> None:
    """HonestDiD README, table of DeltaRM (a grid of steps of 0.0004 and 1,000 draws for its critical value)."""
    (point,) = honest_curve(medicaid_paths(FIRST_YEAR), (mbar,))
    assert (point.ci_low, point.ci_high) == pytest.approx((low, high), abs=6e-4)


def test_medicaid_average_keeps_its_grade() -> None:
    """Both years: the README's breakdown is at 2 for the first one; the average excludes zero at 1 as well."""
    found = honest_check(medicaid_paths((0.5, 0.5)))
    assert (found.verdict, found.value, found.cap) == ("pass", 1.0, None)
    assert found.detail.startswith("smoothness=0.0155, centre=")


@pytest.mark.parametrize(
    ("leads", "lags", "value", "cap"),
    [
        ((0.0, 0.0, 0.0), (2.0, 2.0, 2.0), 1.0, None),  # flat before, large after
        (
            (1.2, -1.2, 1.2),
            (2.0, 2.0, 2.0),
            0.0,
            "D",
        ),  # a step of 2.4, mean distance 2: half of it hides 2
        (
            (0.7, -0.7, 0.6),
            (2.0, 2.0, 2.0),
            0.5,
            "C",
        ),  # a step of 1.4: half of it cannot, all of it can
        ((0.0, 0.0, 0.0), (0.1, 0.1, 0.1), 0.0, "D"),  # nothing to be found
    ],
)
def test_drawn_event_studies(
    leads: tuple[float, ...], lags: tuple[float, ...], value: float, cap: str | None
) -> None:
    found = honest_check(drawn(leads, lags))
    assert (found.value, found.cap) == (value, cap)
    assert not found.blocks
    assert found.steps == 0


def test_an_interval_that_covers_zero_says_so() -> None:
    assert "interval covers 0" in honest_check(drawn((0.0, 0.0), (0.05, 0.05))).detail
    assert "interval covers 0" not in honest_check(drawn((0.0, 0.0), (2.0, 2.0))).detail


GOOD = drawn((0.0, 0.0), (1.0, 1.0))


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (drawn((0.0,), (1.0, 1.0)), "leads=1"),
        (drawn((), (1.0, 1.0)), "leads=0"),
        (drawn((0.0, 0.0), ()), "no period after the start"),
        (replace(GOOD, weights=np.zeros(4)), "no period after the start"),
        (replace(GOOD, times=(-4, -2, 0, 1)), "periods missing in between"),
        (replace(GOOD, times=(-3, -2, 0, 2)), "periods missing in between"),
        (replace(GOOD, cov=np.ones((4, 4))), "singular covariance"),
        (replace(GOOD, cov=np.full((4, 4), np.nan)), "coefficients not finite"),
        (replace(GOOD, cov=np.zeros((4, 4))), "coefficients without spread"),
        (replace(GOOD, beta=np.array([0.0, np.inf, 1, 1])), "coefficients not finite"),
    ],
)
def test_what_cannot_be_run_caps_at_c_and_says_why(paths: Paths, words: str) -> None:
    found = honest_check(paths)
    assert (found.verdict, found.value, found.cap, found.detail) == ("not_run", None, "C", words)
    assert honest_problem(paths) == words
    assert sensitivity_points(paths) == ()


def test_fewer_clusters_than_periods_are_not_run() -> None:
    """Three clusters give a covariance of rank two: its inverse would be noise."""
    scores = np.random.default_rng(1).normal(size=(3, 6))
    scores -= scores.mean(axis=0)
    paths = replace(drawn((0, 0, 0), (1, 1, 1)), cov=scores.T @ scores)
    assert honest_check(paths).detail == "singular covariance"


@settings(max_examples=2, deadline=None)
@given(st.permutations(range(6)), st.sampled_from([0.1, 10.0, -1.0]))
def test_order_of_coefficients_and_their_unit_do_not_matter(order: list[int], unit: float) -> None:
    paths = drawn((0.2, -0.1, 0.1), (0.7, 0.9, 1.0))
    moved = Paths(
        tuple(paths.times[i] for i in order),
        unit * paths.beta[order],
        unit**2 * paths.cov[np.ix_(order, order)],
        2 * paths.weights[order],
    )
    assert honest_check(moved).value == honest_check(paths).value
    assert as_leads(moved).value == pytest.approx(unit * as_leads(paths).value)


def test_appendix_points() -> None:
    points = sensitivity_points(drawn((0.1, -0.1), (1.0, 1.2)))
    assert [p.label for p in points] == ["0.5", "1"]
    assert all(p.estimate == pytest.approx(1.1) for p in points)
    assert points[1].ci_low < points[0].ci_low < 1.1 < points[0].ci_high < points[1].ci_high
