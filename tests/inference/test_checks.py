"""Each diagnostic against a published number or a case drawn by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.inference import checks as c
from analysis.inference.effects import Effect
from analysis.inference.fits import Fit
from analysis.inference.sample import Design, Sample, draw_sample


def effect(value: float) -> Effect:
    return Effect(value=value, gradient=np.array([0.0, 1.0]))


def sample(treat: list[float], school: list[str], x: list[float] | None = None) -> Sample:
    rows = pd.DataFrame({"y": np.arange(len(treat), dtype=float), "t": treat, "school_id": school})
    rows["x"] = x if x is not None else np.arange(len(treat)) % 3
    rows["teacher_id"] = [str(i) for i in range(len(treat))]
    return draw_sample(rows, Design(kind="linear", outcome="y", treatment="t", cluster="school_id", unit="points", linear=("x",)))  # fmt: skip


def test_robustness_value_of_the_darfur_example() -> None:
    """Cinelli and Hazlett 2020, table 1: estimate .097, error .023, 783 df: robustness value 13.9 %."""
    found = c.robustness_check(effect(0.09731582), 0.02325654, 783, 0.05)
    assert found.value == pytest.approx(0.139, abs=0.0005)
    assert found.steps == 0
    assert c.robustness_check(effect(0.09731582), 0.02325654, 783, 0.2).steps == 1


def test_e_value_of_the_breastfeeding_example() -> None:
    """VanderWeele and Ding 2017: risk ratio 3.9 (1.8 to 8.7) gives 7.26, its limit 3.0."""
    assert c.e_value_check(3.9, 3.9).value == pytest.approx(7.26, abs=0.005)
    assert c.e_value_check(3.9, 1.8).value == pytest.approx(3.0, abs=0.005)
    assert c.e_value_check(0.8, 1.1).value == 1.0  # the interval reaches 1


def test_mde_is_two_point_eight_errors() -> None:
    """Cohen: 80 % power at the two-sided 5 % level is 1.96 + 0.84 standard errors."""
    assert c.mde_check(0.5).value == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("treated", "control", "verdict", "blocks"),
    [
        (1, 40, "fail", True),
        (4, 40, "fail", False),
        (10, 40, "caution", False),
        (20, 20, "pass", False),
    ],
)
def test_clusters_of_the_smaller_arm_decide(
    treated: int, control: int, verdict: str, blocks: bool
) -> None:
    school = [f"t{i}" for i in range(treated) for _ in range(3)] + [
        f"c{i}" for i in range(control) for _ in range(3)
    ]
    treat = [1.0] * 3 * treated + [0.0] * 3 * control
    found = c.cluster_check(sample(treat, school))
    assert (found.value, found.verdict, found.blocks) == (treated, verdict, blocks)


def test_balance_names_the_worst_covariate() -> None:
    rng = np.random.default_rng(1)
    treat = [1.0] * 200 + [0.0] * 200
    school = [str(i % 40) for i in range(400)]
    fair = list(np.tile(rng.normal(size=200), 2))
    assert c.balance_check(sample(treat, school, fair)).verdict == "pass"
    unfair = list(np.concatenate([rng.normal(1, 1, 200), rng.normal(0, 1, 200)]))
    found = c.balance_check(sample(treat, school, unfair))
    assert (found.verdict, found.cap, found.detail) == ("fail", "D", "x")
    assert found.value == pytest.approx(1.0, abs=0.25)


def test_overlap_counts_the_treated_outside_the_controls() -> None:
    treat = [1.0] * 100 + [0.0] * 100
    school = [str(i % 20) for i in range(200)]
    apart = [5.0 + i / 100 for i in range(100)] + [i / 100 for i in range(95)] + [5.1] * 5
    assert c.overlap_check(sample(treat, school, apart)).cap == "D"
    mixed = [i / 100 for i in range(100)] * 2
    assert c.overlap_check(sample(treat, school, mixed)).verdict == "pass"


def test_missing_outcomes_by_arm() -> None:
    rows = pd.DataFrame({"t": [1.0] * 100 + [0.0] * 100, "y": [np.nan] * 10 + [1.0] * 190})
    found = c.missing_check(rows, "y", "t")
    assert found.value == pytest.approx(0.10)
    assert found.steps == 1
    rows.loc[:6, "y"] = 1.0
    assert c.missing_check(rows, "y", "t").steps == 0


def test_one_school_that_carries_everything_costs_a_step() -> None:
    moves = np.zeros((30, 2))
    fit = Fit(np.array([0.0, 1.0]), np.eye(2), np.eye(2), np.array([0.0, 1.0]) + moves, 30)
    assert c.influence_check(effect(1.0), fit, 0.2).steps == 0
    moves[3, 1] = -0.9
    fit = Fit(np.array([0.0, 1.0]), np.eye(2), np.eye(2), np.array([0.0, 1.0]) + moves, 30)
    assert c.influence_check(effect(1.0), fit, 0.2).steps == 1


def test_sandwich_and_jackknife_must_agree() -> None:
    cov, wide = np.diag([1.0, 0.2**2]), np.diag([1.0, 0.9**2])
    fit = Fit(np.array([0.0, 1.0]), cov, wide, np.zeros((30, 2)), 30)
    assert c.agreement_check(effect(1.0), fit).steps == 1
    fit = Fit(np.array([0.0, 1.0]), cov, cov, np.zeros((30, 2)), 30)
    assert c.agreement_check(effect(1.0), fit).steps == 0
