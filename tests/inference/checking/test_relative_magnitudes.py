from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis.inference.checking.relative_magnitudes import (
    KAPPA,
    Leads,
    draw_errors,
    first_differences,
    is_excluded,
    moments,
    rejects,
    restriction,
    robust_interval,
    upper_tail,
)


def drawn(
    seed: int, n_leads: int = 3, n_lags: int = 3, spread: float = 0.2, effect: float = 1.0
) -> Leads:
    """An event study whose reference's own noise is in all coefficients."""
    rng = np.random.default_rng(seed)
    size = n_leads + n_lags
    cov = spread**2 * (np.eye(size) + 1)
    beta = rng.normal(scale=spread, size=size)
    beta[n_leads:] += effect
    return Leads(beta, cov, n_leads, rng.dirichlet(np.ones(n_lags) * 4))


def test_steps_of_three_leads_and_two_lags() -> None:
    beta = np.array([3.0, 2.0, 0.5, 10.0, 14.0])  # then 0 at the reference, between 0.5 and 10
    assert first_differences(3, 2) @ beta == pytest.approx([-1.0, -1.5, -0.5, 10.0, 4.0])


def test_without_noise_the_set_is_the_identified_one() -> None:
    """Drawn: the largest earlier step is 1, so after t periods at most t; mean distance of two equal lags is 1.5."""
    leads = Leads(np.array([1.0, 0.0, 2.0, 2.0]), 1e-10 * np.eye(4), 2, np.array([0.5, 0.5]))
    low, high = robust_interval(leads, 1.0, points=4001)
    assert (low, high) == pytest.approx((0.5, 3.5), abs=2e-3)
    low, high = robust_interval(leads, 0.5, points=4001)
    assert (low, high) == pytest.approx((1.25, 2.75), abs=2e-3)


@pytest.mark.parametrize("step", range(3))
def test_every_earlier_step_counts_the_earliest_too(step: int) -> None:
    """moderndid 0.2 leaves the earliest step out (its set would be the point 2 for step 0); the reference does not."""
    beta = np.zeros(4)
    beta[: step + 1] = 1.0  # one step of size 1, down to the next period
    leads = Leads(np.r_[beta[:3], 2.0, 2.0], 1e-10 * np.eye(5), 3, np.array([1.0, 0.0]))
    assert robust_interval(leads, 1.0, points=4001) == pytest.approx((1.0, 3.0), abs=2e-3)


@pytest.mark.parametrize("seed", range(4))
def test_vertices_solve_the_linear_program(seed: int) -> None:
    """The first-stage statistic by its definition: the least eta with Y - X nuisance <= eta * spread."""
    leads = drawn(seed, n_leads=2 + seed, n_lags=2 + seed % 2)
    rng = np.random.default_rng(seed)
    rows, vertices = restriction(leads, step=1, sign=-1, mbar=0.7)
    spread = np.sqrt(np.diag(rows @ leads.cov @ rows.T))
    nuisance = np.linalg.svd(leads.parts[None, :])[2][1:].T  # what leaves the average alone
    x = rows[:, leads.n_leads :] @ nuisance
    errors = rng.multivariate_normal(np.zeros(len(leads.beta)), leads.cov)
    found = linprog(
        np.r_[1.0, np.zeros(x.shape[1])],
        A_ub=-np.column_stack([spread, x]),
        b_ub=-rows @ errors,
        bounds=(None, None),
    )
    scaled = (vertices @ rows) / (vertices @ spread)[:, None]
    assert (scaled @ errors).max() == pytest.approx(found.fun)


@pytest.mark.parametrize("seed", range(3))
def test_same_verdicts_as_the_library_given_the_same_critical_value(seed: int) -> None:
    """moderndid's test (by linear programs and bisection) of the same polyhedra, at four values of the average."""
    from moderndid.didhonest.arp_nuisance import lp_conditional_test

    leads = drawn(seed, n_leads=2 + seed % 3, n_lags=2 + seed % 2, effect=0.2 * seed)
    nuisance = np.linalg.svd(leads.parts[None, :])[2][1:].T
    for i, part in enumerate(moments(leads, draw_errors(leads), 0.5)):
        rows, _ = restriction(leads, i // 2, 1 - 2 * (i % 2), 0.5)
        after = rows[:, leads.n_leads :]
        for value in (-0.3, 0.0, 0.4, 1.1):
            theirs = lp_conditional_test(
                rows @ leads.beta - after.sum(axis=1) * value,
                after @ nuisance,
                rows @ leads.cov @ rows.T,
                0.05,
                "LF",
                {"hybrid_kappa": KAPPA, "lf_cv": part.critical},
            )
            assert bool(rejects(leads, part, np.array([value]))[0]) == theirs["reject"]


def test_truncated_tail_far_out_and_at_its_ends() -> None:
    """Drawn: half of what lies between the ends, an impossible value, and a tail that ordinary arithmetic loses."""
    inf = np.inf
    x, low, high = (
        np.array([0.0, 1.0, 40.0]),
        np.array([-1.0, -inf, 39.9]),
        np.array([1.0, 1.0, inf]),
    )
    far = np.exp(-(40.0**2 - 39.9**2) / 2) * 39.9 / 40  # Mills' ratio
    assert upper_tail(x, low, high) == pytest.approx([0.5, 0.0, far], rel=1e-3)


def test_one_period_after_the_start() -> None:
    leads = drawn(3, n_leads=3, n_lags=1, effect=3.0)
    low, high = robust_interval(leads, 0.5)
    assert low < leads.value < high
    assert high - low > 2 * 1.96 * leads.std_error
    assert is_excluded(leads, 0.5) == (low > 0)


def test_sets_grow_with_mbar_and_hold_the_decision() -> None:
    leads = drawn(5, effect=2.0)
    ends = [robust_interval(leads, m) for m in (0.0, 0.5, 1.0, 2.0)]
    assert all(a[0] >= b[0] and a[1] <= b[1] for a, b in pairwise(ends))
    assert [is_excluded(leads, m) for m in (0.5, 1.0, 2.0)] == [low > 0 for low, _ in ends[1:]]


def test_golden_interval() -> None:
    """Pinned: a change of draws, seed or test moves it, and is a CHANGELOG line."""
    assert robust_interval(drawn(1), 1.0) == pytest.approx((-0.22116531, 2.41455525), abs=1e-7)
