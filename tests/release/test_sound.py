"""Records that contradict themselves: a ratio and a difference that point to different sides."""

from __future__ import annotations

import pytest

from analysis.release.sound import wrong_ratio
from tests.release.drawn import effect


@pytest.mark.parametrize(
    ("estimate", "ratio", "is_wrong"),
    [
        (-0.8, 0.72, False),
        (0.8, 1.31, False),
        (-0.8, 1.31, True),
        (0.8, 0.72, True),
        (0.0, 1.31, False),  # a difference of nothing has no side
        (None, 1.31, False),
        (0.8, None, False),
    ],
)
def test_a_ratio_lies_on_the_side_of_its_difference(
    estimate: float | None, ratio: float | None, is_wrong: bool
) -> None:
    record = effect(unit="pp", estimate=estimate, ratio=ratio)
    assert bool(list(wrong_ratio(record))) == is_wrong
