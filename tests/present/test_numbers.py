"""Numbers in figures: the same places as in sentences, true minus signs, signs for what is hidden or absent."""

from __future__ import annotations

import pytest

from analysis.inference.record import Arm
from analysis.present.numbers import decimals_for, show, show_arm, show_estimate
from tests.present.sample import estimate


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(-1.5, 1, "−1.5"), (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (12.5, 0, "13"), (58.0, 0, "58")],
)
def test_show(value: float, decimals: int, text: str) -> None:
    assert show(value, decimals) == text


def test_range_follows_the_estimate_lower_end_first() -> None:
    row = estimate("x", estimate=-0.6, ci_low=-1.5, ci_high=0.3)
    assert show_estimate(row, decimals_for(row)) == "−0.6（−1.5~0.3）"


def test_an_end_that_is_not_zero_does_not_print_as_zero() -> None:
    # -0.04 at one place would read 0.0 and change the verdict: style/report.md 8
    row = estimate("x", estimate=-0.6, ci_low=-1.2, ci_high=-0.04)
    assert show_estimate(row, decimals_for(row)) == "−0.60（−1.20~−0.04）"


def test_levels_of_a_thousand_people_have_one_place() -> None:
    assert decimals_for(estimate("x", kind="level", estimate=2.6, n_teachers=1000)) == 1
    assert decimals_for(estimate("x", kind="level", estimate=2.6, n_teachers=999)) == 0


def test_hidden_and_absent_are_different_signs() -> None:
    assert show_estimate(estimate("x"), 1) == "…"
    assert show_estimate(estimate("x", reason="hidden"), 1) == "※"
    assert show_arm(Arm(0, 2, None, None), "pp") == "※"
    assert show_arm(None, "pp") == "…"
