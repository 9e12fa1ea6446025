from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import linprog

from analysis.inference.checking.relative_magnitudes import Leads
from analysis.inference.checking.smoothness import (
    combination,
    covers_zero,
    find_frontier,
    folded_quantile,
    lasso_path,
    least_bias,
    shortest_interval,
    smoothness_breakdown,
)


def drawn(seed: int, n_leads: int, n_lags: int, spread: float = 0.2) -> Leads:
    """An event study with correlated coefficients and an effect of 1."""
    rng = np.random.default_rng(seed)
    size = n_leads + n_lags
    root = rng.normal(size=(size, size + 4))
    cov = spread**2 * (root @ root.T / size + 0.5)
    beta = rng.normal(scale=spread, size=size) + (np.arange(size) >= n_leads)
    return Leads(beta, cov, n_leads, rng.dirichlet(np.ones(n_lags) * 4))


@pytest.mark.parametrize(("n_leads", "n_lags"), [(2, 1), (3, 2), (5, 4)])
def test_worst_bias_is_the_linear_program_it_stands_for(n_leads: int, n_lags: int) -> None:
    """The largest bias of any weights over all deviations whose second differences are at most 1, 0 at the reference."""
    leads = drawn(7, n_leads, n_lags)
    free = np.random.default_rng(8).normal(size=n_leads - 1)
    slope, fixed = combination(leads)
    weights = slope @ free + fixed
    size = n_leads + n_lags + 1
    bends = np.diff(np.eye(size), n=2, axis=0)
    found = linprog(
        -np.insert(weights, n_leads, 0.0),
        A_ub=np.vstack([bends, -bends]),
        b_ub=np.ones(2 * len(bends)),
        A_eq=np.eye(size)[[n_leads]],
        b_eq=[0.0],
        bounds=(None, None),
    )
    assert least_bias(leads) + np.abs(free).sum() == pytest.approx(-found.fun)


def test_path_ends_in_least_squares_and_meets_the_conditions_between() -> None:
    """At a kink the correlation with the residual is the same for all that are in, and not larger for the others."""
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(9, 5)), rng.normal(size=9)
    x[:, 1] += 2 * x[:, 0]
    path = lasso_path(x, y)
    assert path[-1] == pytest.approx(np.linalg.lstsq(x, y, rcond=None)[0])
    for coef in path:
        link = x.T @ (y - x @ coef)
        assert np.abs(link)[coef != 0] == pytest.approx(np.abs(link).max(), abs=1e-9)
        assert (np.sign(link) == np.sign(coef))[(coef != 0) & (np.abs(link) > 1e-9)].all()


def test_two_leads_by_a_search_over_everything() -> None:
    """With two leads one number is free: the interval is the shortest over a fine grid of it."""
    leads, m = drawn(2, 2, 3), 0.15
    slope, fixed = combination(leads)
    free = np.linspace(-4, 4, 40_001)
    weights = free[:, None] * slope[:, 0] + fixed
    sd = np.sqrt(np.einsum("nt,tu,nu->n", weights, leads.cov, weights))
    half = sd * folded_quantile(m * (least_bias(leads) + np.abs(free)) / sd)
    best = int(half.argmin())
    middle = weights[best] @ leads.beta
    expected = (middle - half[best], middle + half[best])
    assert shortest_interval(find_frontier(leads), m) == pytest.approx(expected, abs=2e-4)


def test_folded_quantiles_are_those_of_the_distribution() -> None:
    bias = np.array([0.0, 0.3, 1.0, 1.01, 4.0, 300.0])
    x = folded_quantile(bias)
    assert stats.norm.cdf(x - bias) - stats.norm.cdf(-x - bias) == pytest.approx(0.95)


def test_a_linear_trend_is_taken_out_exactly() -> None:
    """Planted: a trend of 0.4 a period and an effect of 1, no noise; at M = 0 the interval is the effect."""
    distance = np.array([-3.0, -2.0, -1.0, 1.0, 2.0])
    beta = 0.4 * distance + (distance > 0)
    leads = Leads(beta, 1e-12 * (np.eye(5) + 1), 3, np.array([0.5, 0.5]))
    assert shortest_interval(find_frontier(leads), 0.0) == pytest.approx((1.0, 1.0), abs=1e-4)


def test_breakdown_is_where_the_interval_reaches_zero() -> None:
    frontier = find_frontier(drawn(4, 4, 2, spread=0.1))
    found = smoothness_breakdown(frontier)
    assert found > 0
    assert not covers_zero(frontier, found)
    assert covers_zero(frontier, 1.001 * found)


def test_no_breakdown_where_nothing_is_found() -> None:
    leads = Leads(np.zeros(4), np.eye(4) + 1, 2, np.array([0.5, 0.5]))
    assert smoothness_breakdown(find_frontier(leads)) == 0.0
