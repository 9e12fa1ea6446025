"""Random streams and the small arithmetic of sharing out."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.streams import intercept_for, share_out, sigmoid, stream


def test_a_stream_depends_on_seed_year_and_purpose_only() -> None:
    first = stream(1, 2020, "careers").random(3)
    assert np.array_equal(first, stream(1, 2020, "careers").random(3))
    others = [stream(2, 2020, "careers"), stream(1, 2021, "careers"), stream(1, 2020, "people")]
    assert all(not np.array_equal(first, other.random(3)) for other in others)


@pytest.mark.parametrize(
    ("weights", "total", "least", "shares"),
    [
        ([1, 1, 2], 8, 0, [2, 2, 4]),
        ([1, 1, 1], 10, 0, [4, 3, 3]),  # the remainder goes to the first of equals
        ([0, 1], 5, 2, [2, 3]),
        ([14, 36, 62], 112, 1, [14, 36, 62]),  # the county's schools
    ],
)
def test_sharing_out(weights: list[float], total: int, least: int, shares: list[int]) -> None:
    # by hand: floor of the exact share, the rest by largest remainder
    assert share_out(np.array(weights, float), total, least).tolist() == shares


def test_sharing_out_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        share_out(np.ones(2), 5, 3)


def test_intercept_gives_the_mean() -> None:
    offsets = np.array([-1.0, 0.0, 2.0])
    assert sigmoid(intercept_for(0.05, offsets) + offsets).mean() == pytest.approx(0.05, abs=1e-9)
    # a single offset: the logit by hand, log(.05 / .95)
    assert intercept_for(0.05, np.zeros(1)) == pytest.approx(np.log(0.05 / 0.95), abs=1e-9)
