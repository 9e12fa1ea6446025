"""How numbers print; the expected texts follow the number rules of the report's style page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.release.numbers import (
    difference_decimals,
    level_text,
    round_text,
    signed_text,
    size_text,
)


@pytest.mark.parametrize(
    ("value", "unit", "n", "text"),
    [
        (4.56, "pp", 2300, "4.6%"),
        (4.56, "pp", 900, "5%"),
        (0.0, "pp", 2300, "0.0%"),
        (0.03, "pp", 20000, "0.03%"),  # not exactly zero, so never printed as 0.0 %
        (99.97, "pp", 20000, "99.97%"),
        (81.52, "points", 500, "81.5分"),
    ],
)
def test_levels(value: float, unit: str, n: int, text: str) -> None:
    assert level_text(value, unit, n) == text


def test_differences_carry_their_sign_as_a_word() -> None:
    assert signed_text(-1.25, "pp", 1) == "低1.3个百分点"
    assert signed_text(-1.25, "pp", 1, is_change=True) == "降低1.3个百分点"
    assert signed_text(0.32, "points", 1) == "高0.3分"
    assert size_text(-1.2, "points", 1) == "1.2分"


def test_a_difference_that_prints_as_zero_has_no_sign() -> None:
    # 1.5 % against 1.5 %: "lower by 0.000 points" says nothing that a reader can use
    assert signed_text(-0.0003, "pp", 3) == "持平"
    assert signed_text(0.0006, "pp", 3) == "高0.001个百分点"
    assert signed_text(0.0, "points", 1, is_change=True) == "持平"


def test_a_rounded_end_never_hides_its_sign() -> None:
    assert difference_decimals(-0.04, 2.0, 1.0) == 2
    assert difference_decimals(-1.5, 0.3, -0.6) == 1
    assert difference_decimals(-8.0, 9.0, 1.0) == 0


@given(st.floats(-1e4, 1e4), st.integers(0, 3))
def test_rounding_is_within_half_a_place_and_never_minus_zero(value: float, decimals: int) -> None:
    text = round_text(value, decimals)
    assert abs(float(text) - value) <= 0.5 * 10**-decimals + 1e-6
    assert not (float(text) == 0 and text.startswith("-"))
