"""The lot itself: places are shared by a stated rule, everybody has the same chance, list and seed are the whole of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.errors import DataError, ParameterError
from analysis.intake.desk.draw import draw_lots, lot_numbers, share_places

GROUPS = ["a"] * 6 + ["b"] * 3 + ["a"] * 2 + ["c"] * 5
ORDER = ("a", "b", "c", "d")


def test_places_by_largest_remainder() -> None:
    # 16 applicants, 7 places: 3.5, 1.3125, 2.1875; the one place left goes to the largest remainder
    assert share_places({"a": 8, "b": 3, "c": 5}, 7) == {"a": 4, "b": 1, "c": 2}
    # equal remainders: the larger stratum first, then the earlier one
    assert share_places({"a": 2, "b": 6, "c": 2}, 5) == {"a": 1, "b": 3, "c": 1}
    assert share_places({"a": 3, "b": 3}, 3) == {"a": 2, "b": 1}


@given(
    sizes=st.lists(st.integers(2, 40), min_size=1, max_size=8),
    data=st.data(),
)
def test_shares_are_all_places_and_within_one_of_fair(
    sizes: list[int], data: st.DataObject
) -> None:
    places = data.draw(st.integers(1, sum(sizes) - 1))
    named = {str(k): n for k, n in enumerate(sizes)}
    shares = share_places(named, places)
    assert sum(shares.values()) == places
    for name, n in named.items():
        assert 0 <= shares[name] <= n
        assert abs(shares[name] - places * n / sum(sizes)) < 1


def test_within_strata_exactly_the_places() -> None:
    lots = draw_lots(GROUPS, ORDER, 7, seed=1)
    drawn = lots.is_drawn.groupby(GROUPS).sum().to_dict()
    assert drawn == {"a": 4, "b": 1, "c": 2} == {s.name: s.n_places for s in lots.strata}
    assert [s.name for s in lots.strata] == ["a", "b", "c"]  # only strata with applicants
    assert sorted(lots.numbers) == list(range(1, 17))
    for group in "abc":  # the smallest numbers of a stratum win
        inside = lots.numbers[np.array(GROUPS) == group].sort_values().index
        won = lots.is_drawn[inside].tolist()
        assert won == sorted(won, reverse=True)


def test_the_same_seed_the_same_lot_and_another_another() -> None:
    one, same, other = (draw_lots(GROUPS, ORDER, 7, seed) for seed in (1, 1, 2))
    pd.testing.assert_series_equal(one.numbers, same.numbers)
    pd.testing.assert_series_equal(one.is_drawn, same.is_drawn)
    assert one.numbers.tolist() != other.numbers.tolist()


def test_numbers_are_fixed_for_good() -> None:
    # the raw output of PCG64 seeded with 20250301, ranked; a change would break every protocol ever signed
    assert lot_numbers(10, 20250301).tolist() == [3, 9, 5, 4, 1, 7, 6, 2, 10, 8]


def test_everybody_has_the_same_chance_in_a_stratum() -> None:
    n_seeds = 2000
    wins = np.zeros(len(GROUPS))
    for seed in range(n_seeds):
        wins += draw_lots(GROUPS, ORDER, 7, seed).is_drawn.to_numpy()
    shares = pd.Series({"a": 4 / 8, "b": 1 / 3, "c": 2 / 5})
    expected = pd.Series(GROUPS).map(shares).to_numpy() * n_seeds
    for group in "abc":
        inside = np.array(GROUPS) == group
        assert wins[inside].sum() == expected[inside].sum().round()
        assert stats.chisquare(wins[inside]).pvalue > 0.001
    # each alone: binomial, 4.5 standard errors
    error = np.sqrt(expected * (1 - expected / n_seeds))
    assert (np.abs(wins - expected) < 4.5 * error).all()


def test_places_in_the_list_do_not_matter() -> None:
    first = np.mean([lot_numbers(20, seed)[0] for seed in range(2000)])
    last = np.mean([lot_numbers(20, seed)[-1] for seed in range(2000)])
    error = np.sqrt((20**2 - 1) / 12 / 2000)  # of the mean of a uniform draw from 1 to 20
    assert abs(first - 10.5) < 4 * error
    assert abs(last - 10.5) < 4 * error


@pytest.mark.parametrize("places", [16, 17, 400])
def test_enough_places_need_no_lot(places: int) -> None:
    with pytest.raises(ParameterError, match="no lot is needed"):
        draw_lots(GROUPS, ORDER, places, seed=1)


@pytest.mark.parametrize("places", [0, -3])
def test_no_place_is_refused(places: int) -> None:
    with pytest.raises(ParameterError, match="--places"):
        draw_lots(GROUPS, ORDER, places, seed=1)


def test_a_stratum_of_one_is_named() -> None:
    with pytest.raises(DataError, match="d") as caught:
        draw_lots([*GROUPS, "d"], ORDER, 7, seed=1)
    assert caught.value.fields["strata"] == "d"


def test_strata_without_both_arms_are_marked() -> None:
    lots = draw_lots(["a"] * 20 + ["b"] * 2, ("a", "b"), 2, seed=3)
    assert [(s.name, s.n_places, s.is_compared) for s in lots.strata] == [
        ("a", 2, True),
        ("b", 0, False),
    ]


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        draw_lots(GROUPS, ORDER, 7, seed=-1)
    assert caught.value.name == "draw_seed"


def test_fewer_places_than_strata_are_refused_with_who_would_have_no_chance() -> None:
    with pytest.raises(ParameterError) as caught:
        draw_lots(GROUPS, ORDER, 2, seed=1)
    assert caught.value.name == "draw_stratum_without_place"
    assert caught.value.fields["strata"] == "b"
    assert draw_lots(GROUPS, ORDER, 3, seed=1).is_drawn.sum() == 3
