"""Pooling on drawn cells with known truth: the largest five are not too large on average, the raw ones are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.inference.describe.cells import Answers, clustered_share, pool_shares, raw_cells
from analysis.inference.describe.pooling import Pooled, pool, ranks, variances

TOPICS, AREAS, STAGES = 8, 3, 4
DRAWS = 50
TOP = 5


def grid() -> tuple[np.ndarray, ...]:
    """Topic, area, stage and topic by area of each of 96 cells."""
    t, a, s = (v.ravel() for v in np.indices((TOPICS, AREAS, STAGES)))
    return t, a, s, t * AREAS + a


def effects(rng: np.random.Generator, spread: float) -> np.ndarray:
    t, _, _, pairs = grid()
    drawn = [rng.normal(0, spread, n)[g] for g, n in ((t, TOPICS), (pairs, TOPICS * AREAS))]
    return np.asarray(30 + sum(drawn) + rng.normal(0, spread, len(t)))


def top_bias(values: np.ndarray, truth: np.ndarray) -> float:
    top = np.argsort(-values)[:TOP]
    return float((values[top] - truth[top]).mean())


@pytest.mark.parametrize("spread", [0.0, 1.0, 3.0])
def test_the_largest_five_are_unbiased_once_pooled(spread: float) -> None:
    rng, raw, pooled = np.random.default_rng(7), [], []
    for _ in range(DRAWS):
        variance = rng.uniform(2.0, 30.0, TOPICS * AREAS * STAGES)
        truth = effects(rng, spread)
        seen = truth + rng.normal(0, np.sqrt(variance))
        raw.append(top_bias(seen, truth))
        pooled.append(top_bias(pool(seen, variance, grid()).value, truth))
    error = np.std(pooled, ddof=1) / np.sqrt(DRAWS)
    print(f"{spread=}: raw {np.mean(raw):.2f}, pooled {np.mean(pooled):.2f} ± {error:.2f}")
    assert np.mean(raw) > 10 * np.std(raw, ddof=1) / np.sqrt(DRAWS)
    # differences at the edge of what can be seen are seen when chance enlarges them; a tenth of the raw bias is left
    allowed = 0.15 * np.mean(raw) if spread == 1.0 else 2 * error
    assert abs(np.mean(pooled)) <= allowed


def drawn_answers(seed: int, n: int = 1500) -> Answers:
    """A county of 60 schools in which the share is the same for every topic, area and stage."""
    rng = np.random.default_rng(seed)
    school = pd.Series(rng.integers(0, 60, n).astype(str))
    unmet = pd.DataFrame((rng.random((n, TOPICS)) < 0.3).astype(float))
    unmet.columns = [f"t{i}" for i in range(TOPICS)]
    area = pd.Series(rng.choice([*"abc"], n, p=[0.2, 0.3, 0.5]))
    stage = pd.Series(rng.choice([*"wxyz"], n, p=[0.1, 0.2, 0.3, 0.4]))
    return Answers(unmet, school, area + "|" + stage)


def test_without_true_differences_the_shown_gaps_of_a_county_are_unbiased() -> None:
    raw_bias, pooled_bias = [], []
    for seed in range(DRAWS):
        raw = raw_cells(drawn_answers(seed))
        truth = np.full(len(raw), 0.3)
        raw_bias.append(top_bias(raw["share"].to_numpy(), truth))
        pooled_bias.append(top_bias(pool_shares(raw).value, truth))
    error = np.std(pooled_bias, ddof=1) / np.sqrt(DRAWS)
    print(f"county: raw {np.mean(raw_bias):.4f}, pooled {np.mean(pooled_bias):.4f} ± {error:.4f}")
    assert np.mean(raw_bias) > 0.05
    assert abs(np.mean(pooled_bias)) <= 2 * error


def test_one_kind_of_cell_is_the_textbook_shrinkage() -> None:
    """Equal variances, one kind: value = mean + (1 - B)(y - mean) with B = v / (v + A) for the estimated A."""
    rng = np.random.default_rng(2)
    variance = np.full(40, 1.0)
    seen = rng.normal(5, 2, 40) + rng.normal(0, 1, 40)
    (between,) = variances(seen, variance, [np.eye(40)])
    assert between == pytest.approx(seen.var(ddof=1) - 1.0, rel=1e-2)  # REML in the balanced case
    shrunk = seen.mean() + between / (between + 1) * (seen - seen.mean())
    assert pool(seen, variance, ()).value == pytest.approx(shrunk, abs=1e-6)


def test_ranges_hold_the_truth() -> None:
    rng, inside = np.random.default_rng(5), []
    for _ in range(DRAWS):
        variance = rng.uniform(2.0, 30.0, TOPICS * AREAS * STAGES)
        truth = effects(rng, 3.0)
        found = pool(truth + rng.normal(0, np.sqrt(variance)), variance, grid())
        inside.append(((found.low <= truth) & (truth <= found.high)).mean())
    assert 0.92 < np.mean(inside) < 0.97


def test_ranks_are_sure_where_cells_are_clear_and_wide_where_not() -> None:
    clear = Pooled(np.array([3.0, 1.0, 2.0]), np.eye(3) * 1e-4)
    assert [v.tolist() for v in ranks(clear)] == [[1, 3, 2]] * 3
    _, low, high = ranks(Pooled(np.zeros(50), np.eye(50)))
    assert (high - low).min() > 40


def test_a_share_of_one_school_each_has_the_binomial_error() -> None:
    values = np.array([1.0, 0.0, 1.0, 1.0])
    share, error = clustered_share(values, pd.Series([*"abcd"]))
    assert share == 0.75
    assert error == pytest.approx(
        np.sqrt(4 / 3 * 0.1875 / 4)
    )  # n / (n - 1) · p (1 - p) / n, by hand
    assert clustered_share(values, pd.Series([*"aaaa"]))[1] == 0.0
