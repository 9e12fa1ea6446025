"""Robustness value and E-value against printed numbers, and bounds that hold where the hidden cause is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.checking.hidden import (
    Benchmark,
    Line,
    adjusted,
    benchmarks,
    bias_of,
    bounding_factor,
    confounder,
    covariate_columns,
    e_value,
    e_value_check,
    ordinary_line,
    risk_benchmarks,
    robustness_check,
    robustness_value,
)
from analysis.inference.design import Design
from analysis.inference.estimators.aipw import fit_aipw
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.sample import Sample, draw_sample

DARFUR = Line(0.09731582, 0.02325654, 783)  # directlyharmed, as printed by sensemakr


def test_robustness_values_of_the_darfur_example() -> None:
    """Cinelli and Hazlett 2020 and the sensemakr vignette: 13.9 %, and 7.6 % for the interval (alpha .05)."""
    t = DARFUR.estimate / DARFUR.std_error
    assert robustness_value(t, 783) == pytest.approx(0.139, abs=5e-4)
    assert robustness_value(t, 783, level=0.05) == pytest.approx(0.076, abs=5e-4)


@pytest.mark.parametrize(
    ("with_d", "with_y", "printed"),
    [
        (0.0092, 0.1246, (0.0752, 0.0219)),
        (0.0183, 0.2493, (0.0529, 0.0204)),
        (0.0275, 0.3741, (0.0304, 0.0187)),
    ],
)
def test_bounds_of_the_darfur_example(
    with_d: float, with_y: float, printed: tuple[float, float]
) -> None:
    """Sensemakr vignette, causes 1, 2 and 3 times as strong as female: adjusted estimate and error."""
    value, low, high = adjusted(DARFUR.estimate, DARFUR.std_error, 783, with_d, with_y, DARFUR)
    assert value == pytest.approx(printed[0], abs=2e-4)
    assert (high - low) / 2 / 1.963 == pytest.approx(printed[1], abs=1e-4)


def test_strength_of_a_multiple_of_female() -> None:
    """The printed 1x row gives the covariate's own two partial R2; the rows for 2x and 3x then follow."""
    female = Benchmark("female", 0.00916 / 1.00916, 0.1090)
    printed = {1: (0.0092, 0.1246), 2: (0.0183, 0.2493), 3: (0.0275, 0.3741)}
    for times, strength in printed.items():
        assert confounder(female, times) == pytest.approx(strength, abs=3e-4)


def drawn(seed: int = 1, n: int = 4000, effect: float = 0.3) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows with three covariates (two weak) and a hidden cause, returned beside them, as strong as ``x``."""
    rng = np.random.default_rng(seed)
    x, u, w = rng.normal(size=(3, n))
    t = (rng.random(n) < 1 / (1 + np.exp(-0.4 * x - 0.4 * u))).astype(float)
    y = effect * t + 0.5 * x + 0.5 * u + 0.1 * w + rng.normal(size=n)
    level = np.where(rng.random(n) < 0.3, "a", "b")
    frame = pd.DataFrame({"t": t, "x": x, "w": w, "level": level, "y": y})
    return frame.assign(school_id=np.arange(n) % 50), u


DESIGN = Design("aipw", "y", "t", cluster="school_id", linear=("x",), controls=("w", "level"))


def test_the_bias_formula_is_exact() -> None:
    """Omitted-variable bias by the formula equals the difference of the two regressions."""
    frame, u = drawn()
    sample = draw_sample(frame, DESIGN)
    line = ordinary_line(sample)
    full = np.column_stack([sample.x, u])
    beta = np.linalg.lstsq(full, sample.y, rcond=None)[0]

    def left(x: np.ndarray, y: np.ndarray) -> float:
        return float(np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2))

    with_y = 1 - left(full, sample.y) / left(sample.x, sample.y)
    without = np.delete(sample.x, 1, axis=1)
    both = np.column_stack([without, u])
    with_d = 1 - left(both, sample.x[:, 1]) / left(without, sample.x[:, 1])
    assert bias_of(line, with_d, with_y) == pytest.approx(line.estimate - beta[1], rel=1e-6)


def test_squares_and_levels_belong_to_their_covariate() -> None:
    sample = draw_sample(drawn()[0], DESIGN)
    names = {k: [sample.names[i] for i in v] for k, v in covariate_columns(sample).items()}
    assert names == {"w": ["w", "w^2"], "level": ["level_a"], "x": ["x"]}
    assert max(benchmarks(sample), key=lambda m: m.with_d).name == "x"


def test_a_cause_as_strong_as_the_strongest_kills_or_not() -> None:
    """Without an effect all that is seen is the hidden cause, which is as strong as x: 1 x takes the interval away."""
    nil, _ = drawn(2, effect=0.0)
    sample = draw_sample(nil, DESIGN)
    fit = fit_aipw(sample)
    assert fit.value > 3 * fit.std_error
    found = robustness_check(sample, fit)
    assert (found.verdict, found.steps) == ("fail", 1)
    assert "1x x" in found.detail
    strong = draw_sample(drawn(2, effect=1.0)[0], DESIGN)
    assert robustness_check(strong, fit_aipw(strong)).steps == 0


def test_an_interval_around_zero_has_nothing_to_lose() -> None:
    sample = draw_sample(drawn()[0], DESIGN)
    found = robustness_check(sample, Fitted(0.01, 0.2, 49.0))
    assert (found.verdict, found.steps) == ("caution", 0)


def test_sign_and_scale_change_no_verdict() -> None:
    frame, _ = drawn(2, effect=0.0)
    turned = frame.assign(y=-7 * frame["y"])
    for rows in (frame, turned):
        sample = draw_sample(rows, DESIGN)
        found = robustness_check(sample, fit_aipw(sample))
        assert found.steps == 1
        assert found.value == pytest.approx(robustness_check_value(frame))


def robustness_check_value(frame: pd.DataFrame) -> float:
    line = ordinary_line(draw_sample(frame, DESIGN))
    return robustness_value(line.estimate / line.std_error, line.df)


def test_e_values_as_printed() -> None:
    """VanderWeele and Ding 2017: risk ratio 3.9 (1.8 to 8.7) gives 7.26, its lower limit 3.0."""
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005)
    assert e_value(1.8) == pytest.approx(3.0, abs=0.005)
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value(1.0) == 1.0


def test_the_limit_nearest_to_one_counts() -> None:
    fit = Fitted(0.0, 1.0, 1e6, ratio=3.9, log_ratio_error=np.log(3.9 / 1.8) / 1.96)
    assert e_value_check(fit).value == pytest.approx(3.0, abs=0.05)
    below = replace(fit, ratio=1 / 3.9)
    assert e_value_check(below).value == pytest.approx(3.0, abs=0.05)
    wide = replace(fit, log_ratio_error=3.0)
    assert (e_value_check(wide).value, e_value_check(wide).steps) == (1.0, 0)


def yes_no(strength: float, ratio: float, n: int = 20_000) -> Sample:
    """Risks that a split moves by ``strength`` and the exposure by ``ratio``; the split goes with the exposure."""
    rng = np.random.default_rng(4)
    old = rng.random(n) < 0.5
    t = rng.random(n) < np.where(old, 0.2 * strength, 0.2)
    y = rng.random(n) < 0.08 * np.where(old, strength, 1.0) * np.where(t, ratio, 1.0)
    frame = pd.DataFrame({"t": t, "y": y, "old": old}).astype(float)
    frame["school_id"] = np.arange(n) % 80
    return draw_sample(frame, replace(DESIGN, unit="pp", linear=("old",), controls=()))


def test_bounding_factor_by_hand() -> None:
    """RR 2 with exposure (shares 2/3 and 1/3) and RR 2 with the risk: 2 x 2 / (2 + 2 - 1)."""
    split = np.array([True, True, False, True, False, False] * 100)
    t = np.array([True, True, True, False, False, False] * 100)
    y = np.where(split, 0.2, 0.1)
    assert bounding_factor(split, y, t, np.ones(600)) == pytest.approx(4 / 3)


def test_a_ratio_weaker_than_what_was_observed_costs_a_step() -> None:
    sample = yes_no(3.0, 1.0)
    name, factor = max(risk_benchmarks(sample), key=lambda m: m[1])
    assert name == "old"
    assert factor == pytest.approx(9 / 5, rel=0.1)
    weak = Fitted(1.0, 0.1, 79.0, ratio=1.3, log_ratio_error=0.05)
    assert (e_value_check(weak, sample).verdict, e_value_check(weak, sample).steps) == ("fail", 1)
    strong = replace(weak, ratio=2.6)
    assert (e_value_check(strong, sample).verdict, e_value_check(strong, sample).steps) == ("pass", 0)  # fmt: skip


def test_without_a_ratio_it_is_not_run() -> None:
    assert e_value_check(Fitted(1.0, 0.1, 10.0)).verdict == "not_run"
