"""Ordered answers: published, against the library's own errors, planted, and the weighted logit by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels
import statsmodels.api as sm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.inference.design import Design
from analysis.inference.estimators.ordered import derivatives, fit_ordered
from analysis.inference.sample import draw_sample

DESIGN = Design(
    kind="ordered", outcome="y", treatment="t", cluster="school", unit="pp", linear=("z",)
)
LOG_ODDS = replace(DESIGN, measure="log_odds")
LEVELS = {"unlikely": 0, "somewhat likely": 1, "very likely": 2}


def drawn(seed: int = 1, schools: int = 40, size: int = 20, effect: float = 0.8) -> pd.DataFrame:
    """Answers 1 to 5 by proportional odds: ``effect`` for half of the people, .5 for z, a small school effect."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), size)
    t, z = (rng.random(len(school)) < 0.5).astype(float), rng.normal(size=len(school))
    latent = effect * t + 0.5 * z + rng.normal(0, 0.2, schools)[school] + rng.logistic(size=len(t))
    y = 1 + np.digitize(latent, [-1.5, -0.5, 0.7, 2.0])
    w = rng.uniform(0.5, 2.0, len(t))
    return pd.DataFrame({"school": school, "t": t, "z": z, "y": y.astype(float), "w": w})


def juniors() -> pd.DataFrame:
    """Whether 400 college juniors will apply to graduate school; shipped with the statistics library's own tests."""
    folder = Path(statsmodels.__file__).parent / "miscmodels" / "tests" / "results"
    data = pd.read_csv(folder / "ologit_ucla.csv")
    return data.assign(y=data["apply"].map(LEVELS).astype(float), school=np.arange(400) % 40)


@pytest.mark.parametrize(
    ("name", "others", "value", "std_error"),
    [
        ("pared", ("public", "gpa"), 1.047664, 0.2657891),
        ("public", ("pared", "gpa"), -0.0586828, 0.2978588),
    ],
)
def test_applying_to_graduate_school(
    name: str, others: tuple[str, ...], value: float, std_error: float
) -> None:
    """UCLA Statistical Consulting, Ordered Logistic Regression, Stata: pared 1.047664, public -.0586828."""
    design = replace(LOG_ODDS, treatment=name, linear=others, errors="classical")
    found = fit_ordered(draw_sample(juniors(), design))
    assert found.value == pytest.approx(value, abs=1e-6)
    assert found.std_error == pytest.approx(std_error, abs=1e-6)
    assert found.ratio == pytest.approx(np.exp(value), rel=1e-3)
    assert found.note == "ordered_logit"


def test_clustered_errors_are_the_librarys() -> None:
    frame = drawn()
    library = OrderedModel(frame["y"], frame[["t", "z"]], distr="logit").fit(
        method="bfgs",
        disp=False,
        gtol=1e-8,
        cov_type="cluster",
        cov_kwds={"groups": frame["school"]},
    )
    found = fit_ordered(draw_sample(frame, LOG_ODDS))
    assert found.value == pytest.approx(library.params["t"], abs=1e-4)
    assert found.std_error == pytest.approx(library.bse["t"], rel=1e-3)
    assert found.df == 39


def test_the_derivatives_are_those_of_the_likelihood() -> None:
    rng = np.random.default_rng(2)
    x, codes = rng.normal(size=(50, 2)), rng.integers(0, 4, 50)
    theta = np.array([0.3, -0.2, -1.0, 0.1, 1.2])

    def log_likelihood(at: np.ndarray) -> float:
        ends = np.concatenate([[-np.inf], at[2:], [np.inf]])
        f = [1 / (1 + np.exp(-(ends[codes + s] - x @ at[:2]))) for s in (1, 0)]
        return float(np.log(f[0] - f[1]).sum())

    found = derivatives(theta, x, codes, np.arange(50) % 5)
    step = 1e-5 * np.eye(5)
    slopes = [(log_likelihood(theta + s) - log_likelihood(theta - s)) / 2e-5 for s in step]
    assert found.scores.sum(axis=0) == pytest.approx(slopes, abs=1e-5)
    bends = [
        (derivatives(theta + s, x, codes, np.zeros(50, int)).scores[0]
         - derivatives(theta - s, x, codes, np.zeros(50, int)).scores[0]) / 2e-5
        for s in step
    ]  # fmt: skip
    assert -found.information.sum(axis=0) == pytest.approx(np.array(bends), abs=1e-4)


def test_planted_odds_and_share_are_found() -> None:
    """Planted log odds .8; the share at 4 or 5 moves by what the same draws say with and without it."""
    fits = [fit_ordered(draw_sample(drawn(s, 20, 12), LOG_ODDS)) for s in range(8)]
    values = np.array([f.value for f in fits])
    assert values.mean() == pytest.approx(0.8, abs=4 * values.std() / np.sqrt(8))
    assert np.mean([f.std_error for f in fits]) / values.std(ddof=1) == pytest.approx(1, abs=0.5)
    big = drawn(99, 40, 40)
    on, off = (drawn(99, 40, 40, effect=e) for e in (0.8, 0.0))
    exposed = big["t"] == 1
    truth = 100 * ((on["y"] >= 4)[exposed].mean() - (off["y"] >= 4)[exposed].mean())
    found = fit_ordered(draw_sample(big, DESIGN))
    assert found.value == pytest.approx(truth, abs=3 * found.std_error)
    assert found.value > 0


def test_the_share_is_the_mean_of_predictions() -> None:
    """By the library's own predictions with and without exposure, over the exposed."""
    frame = drawn(3)
    x = frame[["t", "z"]]
    library = OrderedModel(frame["y"], x, distr="logit").fit(method="bfgs", disp=False, gtol=1e-8)
    mine = x[x["t"] == 1]
    high = [
        np.asarray(library.predict(mine.assign(t=c)))[:, 3:].sum(axis=1).mean() for c in (1.0, 0.0)
    ]
    found = fit_ordered(draw_sample(frame, DESIGN))
    assert found.value == pytest.approx(100 * (high[0] - high[1]), abs=1e-2)


def test_weighted_answers_get_a_logit_for_each_cut() -> None:
    """The middle cut is the headline: weighted logit of 4 or 5, sandwich by school in a few lines."""
    frame = drawn(4)
    sample = draw_sample(frame, replace(LOG_ODDS, weights="w"))
    found = fit_ordered(sample)
    y, w, x = (sample.y >= 4).astype(float), frame["w"].to_numpy(), sample.x
    fit = sm.GLM(y, x, family=sm.families.Binomial(), var_weights=w).fit()
    p = fit.fittedvalues
    bread = np.linalg.inv(x.T @ ((w * p * (1 - p))[:, None] * x))
    scores = pd.DataFrame(x * (w * (y - p))[:, None]).groupby(sample.groups).sum().to_numpy()
    n, k = x.shape
    cov = 40 / 39 * (n - 1) / (n - k) * bread @ scores.T @ scores @ bread
    assert found.value == pytest.approx(fit.params[1], rel=1e-6)
    assert found.std_error == pytest.approx(np.sqrt(cov[1, 1]), rel=1e-6)
    assert found.note == "cut_logit"
    cuts = {p.label: p for p in found.series["cuts"]}
    assert [*cuts] == ["2", "3", "4", "5"]
    assert cuts["4"].estimate == pytest.approx(found.value)
    assert cuts["5"].n == int((frame["y"] == 5).sum())


def test_each_school_left_out_is_nearly_the_fit_without_it() -> None:
    frame = drawn(5, schools=12)
    found = fit_ordered(draw_sample(frame, LOG_ODDS))
    without = fit_ordered(draw_sample(frame[frame["school"] != 3], LOG_ODDS))
    assert found.jackknife[3] == pytest.approx(without.value, abs=0.02)


def test_what_cannot_be_fitted_says_so() -> None:
    frame = drawn(6)
    problems = {
        "no_variation": frame.assign(y=3.0),
        "too_many_levels": frame.assign(y=np.arange(len(frame)) % 13),
        "one_cluster": frame.assign(school=1),
        "empty_cell": frame.assign(y=frame["y"].where(frame["t"] == 0, 5.0)),
        "separation": nearly_separated(),
    }
    for problem, rows in problems.items():
        found = fit_ordered(draw_sample(rows, DESIGN))
        assert found.problem == problem, problem


def nearly_separated(n: int = 4_000) -> pd.DataFrame:
    """One of each side on the wrong side of the cut: log odds of 15."""
    t = np.repeat([0.0, 1.0], n // 2)
    y = np.where(t == 1, 4.0, 2.0)
    y[0], y[-1] = 4.0, 2.0
    return pd.DataFrame({"t": t, "y": y, "z": 0.0, "school": np.arange(n) % 50})


def test_order_names_and_spacing_of_answers_do_not_matter() -> None:
    frame = drawn(7, schools=15)
    one = fit_ordered(draw_sample(frame, DESIGN))
    moved = frame.sample(frac=1, random_state=1).assign(
        school=lambda f: "x" + (50 - f["school"]).astype(str), y=lambda f: 10 * f["y"]
    )
    other = fit_ordered(draw_sample(moved, DESIGN))
    assert (other.value, other.std_error) == pytest.approx((one.value, one.std_error), rel=1e-6)


def test_the_figures_of_one_draw() -> None:
    """Pinned: seed 1."""
    found = fit_ordered(draw_sample(drawn(1), DESIGN))
    assert (round(found.value, 5), round(found.std_error, 5)) == (17.65894, 2.44781)
