"""Random streams and the small arithmetic of sharing out."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.streams import choose, happen, intercept_for, share_out, sigmoid, stream


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


@pytest.mark.parametrize("seed", range(5))
def test_fixed_totals_are_the_expected_numbers_in_each_stratum(seed: int) -> None:
    strata = np.repeat([0, 1, 2], [1000, 500, 300])
    chances = np.choose(strata, [0.05, 0.30, 0.011])
    events = happen(stream(seed, 0, "x"), chances, strata)
    # 50, 150 and 3.3 are expected; systematic sampling misses each by less than one
    assert np.abs(np.bincount(strata, events) - np.bincount(strata, chances)).max() < 1


def test_each_event_has_its_own_chance_with_and_without_totals() -> None:
    chances = np.tile([0.02, 0.10, 0.50], 40)
    strata = np.zeros(120, int)
    rng = stream(1, 0, "x")
    for groups in (None, strata):
        seen = np.mean([happen(rng, chances, groups) for _ in range(4000)], axis=0)
        assert np.abs(seen - chances).max() < 5 * 0.5 / np.sqrt(4000)


def test_independent_events_vary_in_number() -> None:
    rng = stream(1, 0, "x")
    totals = [int(happen(rng, np.full(1000, 0.1)).sum()) for _ in range(300)]
    assert np.std(totals) == pytest.approx(np.sqrt(90), rel=0.2)  # binomial


def test_choosing_prefers_the_stronger_pull_and_never_repeats() -> None:
    rng = stream(1, 0, "x")
    picks = [choose(rng, np.array([0.0, 0.0, np.log(4)]), 1)[0] for _ in range(3000)]
    # by hand: weights 1, 1, 4
    assert np.bincount(picks, minlength=3) / 3000 == pytest.approx([1 / 6, 1 / 6, 2 / 3], abs=0.03)
    assert len(set(choose(rng, np.zeros(9), 4))) == 4
    assert choose(rng, np.zeros(3), 5).tolist() == [0, 1, 2]
    assert choose(rng, np.zeros(3), 0).size == 0
