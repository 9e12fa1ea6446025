from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis.inference.checking.leads import lead_check, lead_p, lead_power, needed_noncentrality
from analysis.inference.estimators.fitted import Paths
from tests.inference.checking.medicaid import medicaid_paths


def drawn(
    leads: tuple[float, ...], lags: tuple[float, ...] = (1.0, 1.0), spread: float = 0.1
) -> Paths:
    """An event study typed by hand, errors as with a shared reference."""
    times = (*range(-len(leads) - 1, -1), *range(len(lags)))
    cov = spread**2 * (np.eye(len(times)) + 1) / 2
    return Paths(times, np.array([*leads, *lags]), cov, np.full(len(times), 50.0))


def test_needed_noncentrality_of_one_coefficient_is_the_textbook_one() -> None:
    """(1.96 + 0.84) squared (Cohen 1988, two-sided 5 %, power 80 %); the far tail of the other side adds nothing."""
    assert needed_noncentrality(1, np.inf) == pytest.approx((1.959964 + 0.841621) ** 2, rel=1e-4)
    assert needed_noncentrality(1, 10) > needed_noncentrality(1, 1e6)


def test_joint_test_is_the_wald_statistic() -> None:
    """With independent leads the statistic is the mean of the squared t values."""
    paths = replace(drawn((0.1, -0.2, 0.1)), cov=0.01 * np.eye(5))
    assert lead_p(paths, 40) == pytest.approx(stats.f.sf((1 + 4 + 1) / 3, 3, 40))


def test_planted_trend_is_found_four_times_in_five() -> None:
    """2,000 drawn studies with the smallest detectable trend: found in 80 % (error 0.9), without one in 5 % (0.5)."""
    paths = drawn((0.0, 0.0, 0.0))
    trend, bias = lead_power(paths, df=np.inf)
    rng = np.random.default_rng(4)
    noise = rng.multivariate_normal(np.zeros(5), paths.cov, size=2000)
    distance = np.array(paths.times) + 1
    inverse = np.linalg.inv(paths.cov[:3, :3])

    def share(beta: np.ndarray) -> float:
        wald = np.einsum("nt,tu,nu->n", beta[:, :3], inverse, beta[:, :3])
        return float((wald > stats.chi2.isf(0.05, 3)).mean())

    assert share(noise + trend * distance) == pytest.approx(0.80, abs=0.027)
    assert share(noise) == pytest.approx(0.05, abs=0.015)
    assert bias == pytest.approx(trend * 1.5)  # one and two periods from the reference


def test_two_leads_by_hand() -> None:
    """Independent leads 1 and 2 periods before the reference, spread 0.1: d' V^-1 d = (1 + 4) / 0.01."""
    paths = replace(drawn((0.0, 0.0)), cov=0.01 * np.eye(4))
    trend, _ = lead_power(paths)
    assert trend == pytest.approx(np.sqrt(needed_noncentrality(2, np.inf) / 500))


@pytest.mark.parametrize(
    ("leads", "verdict", "cap"),
    [
        ((0.02, 0.05), "pass", None),
        ((0.9, 0.5), "fail", "C"),
        ((0.02,), "fail", "C"),
        ((), "fail", "C"),
    ],
)
def test_costs(leads: tuple[float, ...], verdict: str, cap: str | None) -> None:
    found = lead_check(drawn(leads), df=60)
    assert (found.name, found.verdict, found.cap, found.steps) == ("pre_period", verdict, cap, 0)
    if len(leads) < 2:
        assert found.detail == "fewer than two leads"
        assert found.value == len(leads)
    else:
        trend, bias = lead_power(drawn(leads), 60)
        assert f"smallest trend={trend:.3g}, implied bias={bias:.3g}" in found.detail


@pytest.mark.parametrize(
    ("cov", "df", "words"),
    [
        (np.ones((4, 4)), 60, "singular covariance"),
        (np.full((4, 4), np.nan), 60, "coefficients not finite"),
        (np.eye(4), 0, "no degrees of freedom"),
    ],
)
def test_what_cannot_be_tested_caps_at_c(cov: np.ndarray, df: float, words: str) -> None:
    found = lead_check(replace(drawn((0.0, 0.0)), cov=cov), df)
    assert (found.verdict, found.cap, found.detail) == ("not_run", "C", words)


def test_unit_and_order_do_not_matter() -> None:
    paths = drawn((0.1, -0.05, 0.02))
    order = [4, 1, 0, 3, 2]
    moved = Paths(
        tuple(paths.times[i] for i in order),
        10 * paths.beta[order],
        100 * paths.cov[np.ix_(order, order)],
        paths.weights[order],
    )
    assert lead_p(moved, 30) == pytest.approx(lead_p(paths, 30))
    assert lead_power(moved, 30) == pytest.approx(tuple(10 * v for v in lead_power(paths, 30)))


def test_golden_medicaid() -> None:
    """Pinned: five leads of the Medicaid example against 45 degrees of freedom."""
    found = lead_check(medicaid_paths((0.5, 0.5)), 45)
    assert found.verdict == "pass"
    assert found.value == pytest.approx(0.5355925, abs=1e-6)
    assert found.detail == "leads=5, smallest trend=0.00552, implied bias=0.00828"
