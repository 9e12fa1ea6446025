"""Weighted means: published by hand, by the sandwich in a few lines of numpy, and by drawing again and again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.design import Design
from analysis.inference.estimators.survey import design_effect_check, fit_mean
from analysis.inference.sample import draw_sample

DESIGN = Design(kind="mean", outcome="y", cluster="school", weights="w")


def answers(seed: int = 1, schools: int = 30, size: int = 8) -> pd.DataFrame:
    """Answers with a school effect, weights that differ, and two strata of schools."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), size)
    y = 3 + rng.normal(size=schools)[school] + rng.normal(size=len(school))
    w = rng.uniform(0.5, 2.0, len(school))
    area = np.where(school % 3 == 0, "urban", "rural")
    return pd.DataFrame({"school": school, "y": y, "w": w, "area": area})


def test_five_suites_of_four_students() -> None:
    """Lohr, Sampling: Design and Analysis, ch. 5, grade points of 5 of 100 suites: mean 2.826, standard error .164."""
    suites = [
        (3.08, 2.60, 3.44, 3.04),
        (2.36, 3.04, 3.28, 2.68),
        (2.00, 2.56, 2.52, 1.88),
        (3.00, 2.88, 3.44, 3.64),
        (2.68, 1.92, 3.28, 3.20),
    ]
    frame = pd.DataFrame([{"suite": i, "gpa": g} for i, s in enumerate(suites) for g in s])
    sample = draw_sample(frame, Design(kind="mean", outcome="gpa", cluster="suite"))
    found = fit_mean(sample, frame_size=100)
    assert found.value == pytest.approx(2.826)
    assert found.std_error == pytest.approx(0.164, abs=5e-4)
    assert found.df == 4
    assert fit_mean(sample).std_error == pytest.approx(found.std_error / np.sqrt(0.95))


def taylor(frame: pd.DataFrame, strata: pd.Series) -> float:
    """Variance of a weighted mean: linearised values summed by school, about the mean of their stratum."""
    mean = np.average(frame["y"], weights=frame["w"])
    z = (frame["w"] * (frame["y"] - mean) / frame["w"].sum()).groupby(frame["school"]).sum()
    home = strata.groupby(frame["school"]).first()
    parts = [
        len(v) / (len(v) - 1) * ((v - v.mean()) ** 2).sum()
        for v in (z[home == s] for s in set(home))
    ]
    return float(np.sqrt(sum(parts)))


def test_the_error_is_taylors() -> None:
    frame = answers()
    one = fit_mean(draw_sample(frame, DESIGN))
    assert one.value == pytest.approx(np.average(frame["y"], weights=frame["w"]))
    assert one.std_error == pytest.approx(taylor(frame, pd.Series("all", index=frame.index)))
    assert one.df == 29
    two = fit_mean(draw_sample(frame, replace(DESIGN, strata=("area",))))
    assert two.std_error == pytest.approx(taylor(frame, frame["area"]))
    assert two.df == 28


def test_each_school_left_out_is_the_mean_without_it() -> None:
    frame = answers(2)
    found = fit_mean(draw_sample(frame, DESIGN))
    rest = frame[frame["school"] != 7]
    assert found.jackknife[7] == pytest.approx(np.average(rest["y"], weights=rest["w"]))
    assert found.std_error_jackknife == pytest.approx(found.std_error, rel=0.1)


def test_shares_are_percentage_points() -> None:
    frame = answers().assign(y=lambda f: (f["y"] > 3).astype(float))
    found = fit_mean(draw_sample(frame, replace(DESIGN, unit="pp")))
    assert found.value == pytest.approx(100 * np.average(frame["y"], weights=frame["w"]))
    assert found.std_error > 1


def test_margins_named_take_their_part_of_the_variance() -> None:
    """The credited error is that of the residuals of y on the margin's groups (Deville and Sarndal 1992)."""
    frame = post_stratified(np.random.default_rng(4))
    fixed = fit_mean(draw_sample(frame, DESIGN))
    credited = fit_mean(draw_sample(frame, replace(DESIGN, fixed=("group",))))
    residual = frame["y"] - frame.groupby("group")["y"].transform("mean")
    z = (frame["w"] * residual / frame["w"].sum()).groupby(frame["school"]).sum()
    expected = np.sqrt(len(z) / (len(z) - 1) * (z**2).sum())
    assert credited.value == pytest.approx(fixed.value)
    assert credited.std_error == pytest.approx(expected, rel=1e-6)
    assert credited.std_error < fixed.std_error


def post_stratified(rng: np.random.Generator, schools: int = 40, size: int = 10) -> pd.DataFrame:
    """Answers whose groups differ by 3 points, weighted so that each of three groups is a third."""
    group = rng.choice(3, schools * size, p=[0.5, 0.3, 0.2])
    school = np.repeat(np.arange(schools), size)
    y = 3.0 * group + rng.normal(scale=0.3, size=schools)[school] + rng.normal(size=len(group))
    w = (1 / 3) / np.bincount(group, minlength=3)[group] * len(group)
    return pd.DataFrame({"y": y, "school": school, "group": group.astype(str), "w": w})


def test_weights_taken_as_fixed_are_never_too_narrow() -> None:
    """Over 40 draws: the credited error is the spread of the means, the fixed one well above it."""
    rng = np.random.default_rng(5)
    draws = [post_stratified(rng) for _ in range(40)]
    spread = np.std([np.average(d["y"], weights=d["w"]) for d in draws], ddof=1)
    named = [fit_mean(draw_sample(d, replace(DESIGN, fixed=("group",)))) for d in draws[:10]]
    fixed = [fit_mean(draw_sample(d, DESIGN)) for d in draws[:10]]
    assert np.mean([m.std_error for m in named]) / spread == pytest.approx(1.0, abs=0.3)
    assert np.mean([m.std_error for m in fixed]) > 1.5 * spread
    assert np.mean([m.value for m in named]) == pytest.approx(3.0, abs=4 * spread / np.sqrt(10))


def test_schools_that_answer_with_one_voice_are_worth_one_answer_each() -> None:
    """With m equal answers in each of G schools deff = (n - 1)/(G - 1), whatever they say."""
    rng = np.random.default_rng(6)
    frame = pd.DataFrame(
        {"y": np.repeat(rng.normal(size=20), 5), "school": np.repeat(range(20), 5)}
    )
    sample = draw_sample(frame, replace(DESIGN, weights=None))
    check = design_effect_check(sample)
    assert check.value == pytest.approx(99 / 19)
    assert check.detail == "equivalent independent answers 19"
    assert check.cap is None
    assert check.steps == 0


def test_what_cannot_vary_says_so() -> None:
    frame = answers()
    assert fit_mean(draw_sample(frame.assign(school=1), DESIGN)).problem == "one_cluster"
    flat = draw_sample(frame.assign(y=2.0), DESIGN)
    assert fit_mean(flat).problem == "no_variation"
    assert design_effect_check(flat).verdict == "not_run"


@settings(max_examples=5)
@given(st.integers(0, 10_000), st.floats(0.1, 50.0))
def test_order_names_and_size_of_weights_do_not_matter(seed: int, factor: float) -> None:
    frame = answers(3, schools=6, size=3)
    shuffled = frame.sample(frac=1, random_state=seed)
    shuffled = shuffled.assign(
        w=factor * shuffled["w"], school="s" + (99 - shuffled["school"]).astype(str)
    )
    one, other = (fit_mean(draw_sample(f, DESIGN)) for f in (frame, shuffled))
    assert other.value == pytest.approx(one.value)
    assert other.std_error == pytest.approx(one.std_error)


def test_a_row_repeated_tells_nothing_new() -> None:
    frame = answers()
    twice = fit_mean(draw_sample(pd.concat([frame, frame]), DESIGN))
    assert twice.std_error == pytest.approx(fit_mean(draw_sample(frame, DESIGN)).std_error)


def test_the_figures_of_one_draw() -> None:
    """Pinned: seed 1, as the package gave them when the test was written."""
    found = fit_mean(draw_sample(answers(1), DESIGN))
    assert (round(found.value, 6), round(found.std_error, 6)) == PINNED


PINNED = (2.801964, 0.183343)
