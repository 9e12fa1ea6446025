"""What data of a size can detect, beside printed numbers."""

from __future__ import annotations

import pytest

from analysis.inference import power


@pytest.mark.parametrize(("d", "expected"), [(0.5, 63.77), (0.2, 393.41)])
def test_people_per_arm(d: float, expected: float) -> None:
    """Cohen 1988, two-sided 5 %, 80 % power: 64 and 394 people an arm; digits as the R package pwr prints them."""
    assert power.sample_size_per_arm(d) == pytest.approx(expected, abs=0.005)


def test_smallest_effect_is_two_point_eight_errors() -> None:
    assert power.smallest_effect(0.5) == pytest.approx(1.4, abs=0.001)
    assert power.smallest_effect(1.0, 11) == pytest.approx(2.201 + 0.876, abs=0.001)  # t with 11
    # six members: a direction needs 5 % over six
    assert power.smallest_effect(1.0, level=0.05 / 6) == pytest.approx(2.638 + 0.842, abs=0.001)
