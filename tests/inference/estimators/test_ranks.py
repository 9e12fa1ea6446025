"""Ranks of columns, against the plain decomposition and where that one gives up: more columns than rows."""

from __future__ import annotations

import numpy as np

from analysis.inference.estimators.ranks import ranked_columns

RNG = np.random.default_rng(3)


def test_the_earlier_ranked_of_two_equal_columns_stays() -> None:
    a, b = RNG.normal(size=(2, 30))
    x = np.column_stack([a, b, a, 0 * a, 2 * a - b])
    assert ranked_columns(x, [np.arange(5)]) == [0, 1]
    assert ranked_columns(x, [np.array([4, 3]), np.array([2, 1, 0])]) == [2, 4]
    assert ranked_columns(x[:0], [np.arange(5)]) == []


def test_a_column_after_many_combinations_is_found() -> None:
    """Ninety columns of rank ten on forty rows, then one of its own: one decomposition looks at forty columns."""
    wide = RNG.normal(size=(40, 10)) @ RNG.normal(size=(10, 90))
    x = np.column_stack([wide, RNG.normal(size=(40, 2))])
    found = ranked_columns(x, [np.arange(90), np.array([90, 91])])
    assert len(found) == np.linalg.matrix_rank(x) == 12
    assert found[-2:] == [90, 91]


def test_as_many_as_the_rank_whatever_the_order() -> None:
    x = RNG.normal(size=(300, 40)) @ RNG.normal(size=(40, 200))
    for order in (np.arange(200), np.arange(200)[::-1], RNG.permutation(200)):
        found = ranked_columns(x, [order[:70], order[70:]])
        assert len(found) == np.linalg.matrix_rank(x[:, found]) == 40
