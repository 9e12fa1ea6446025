"""E4 four ways: planted truths, numpy by hand, numbers printed by others, and what must not change it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.treatment.tests as stata
from causaldata import nhefs_complete
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.design import Design
from analysis.inference.estimators.aipw import fit_aipw
from analysis.inference.estimators.fits import fit_linear, interval
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.sample import Sample, draw_sample

KEEN = Design("aipw", "score", "treat", cluster="school_id", linear=("x", "z"))

PINNED = (1.032105, 0.065755)


def drawn(seed: int, schools: int = 60, size: int = 25, effect: float = 1.0) -> pd.DataFrame:
    """Teachers in schools who come the more likely the higher ``x``; the effect grows with x, nil mean among all.

    The true effect on those who came is the mean of ``own`` among them.
    """
    rng = np.random.default_rng(seed)
    n = schools * size
    school = np.repeat(np.arange(schools), size)
    x, z = rng.normal(size=n), rng.normal(size=n)
    t = (rng.random(n) < 1 / (1 + np.exp(-(-0.5 + 0.5 * x - 0.3 * z)))).astype(float)
    own = effect + 0.5 * x
    shock = rng.normal(scale=0.4, size=schools)[school]
    score = 10 + 2 * x + z + own * t + shock + rng.normal(size=n)
    risk = 1 / (1 + np.exp(-(-1.0 + 0.6 * x - 0.5 * t)))
    return pd.DataFrame(
        {
            "school_id": [f"s{i}" for i in school],
            "treat": t,
            "x": x,
            "z": z,
            "own": own,
            "score": score,
            "left": (rng.random(n) < risk).astype(float),
        }
    )


def fitted(rows: pd.DataFrame, **changes: object) -> Fitted:
    return fit_aipw(draw_sample(rows, replace(KEEN, **changes)))  # type: ignore[arg-type]


# planted truths


@pytest.mark.parametrize("method", ["aipw", "entropy"])
def test_effect_on_the_exposed_and_its_error_in_drawn_data(method: str) -> None:
    """30 draws: bias within three Monte-Carlo errors, mean error within 40 % (three errors) of the spread."""
    design, found = replace(KEEN, method=method), []
    for seed in range(30):
        rows = drawn(seed, schools=30, size=10)
        fit = fit_aipw(draw_sample(rows, design), with_jackknife=False)
        truth = rows.loc[rows["treat"] == 1, "own"].mean()
        found.append((fit.value - truth, fit.std_error))
    bias, error = np.array(found).T
    assert abs(bias.mean()) < 3 * bias.std() / np.sqrt(30)
    assert error.mean() == pytest.approx(bias.std(), rel=0.4)


def test_either_model_may_be_wrong() -> None:
    """Outcome quadratic in x but fitted by a line: the propensity saves it, the outcome model alone is off."""
    rows = drawn(3, schools=200, size=50)
    rows["score"] += 2 * rows["x"] ** 2
    truth = rows.loc[rows["treat"] == 1, "own"].mean()
    assert fitted(rows).value == pytest.approx(truth, abs=0.15)
    assert abs(fitted(rows, method="ra").value - truth) > 0.2


def test_a_change_score_is_not_fooled_by_what_makes_people_differ_for_good() -> None:
    """The keen come and always score higher; a noisy score of the year before does not stand for keenness."""
    rng = np.random.default_rng(55)
    rows = drawn(5, schools=100, size=40)
    keen = rng.normal(size=len(rows))
    rows["treat"] = (rng.random(len(rows)) < 1 / (1 + np.exp(-keen))).astype(float)
    rows["before"] = 70 + 4 * keen + rng.normal(scale=4, size=len(rows))
    rows["score"] = 71 + 4 * keen + rng.normal(scale=4, size=len(rows)) + rows["treat"]
    plain, change = (fitted(rows, linear=("before", "x"), method=m) for m in ("", "change"))
    assert plain.value > 2
    assert change.value == pytest.approx(1.0, abs=3 * change.std_error)


# by hand


def logit(x: np.ndarray, t: np.ndarray) -> np.ndarray:
    beta = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-(x @ beta)))
        beta = beta + np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (t - p))
    return np.asarray(1 / (1 + np.exp(-(x @ beta))))


def by_hand(y: np.ndarray, t: np.ndarray, x: np.ndarray) -> float:
    """Controls' line, residuals weighted by the odds over the number exposed."""
    odds = (e := logit(x, t)) / (1 - e)
    beta = np.linalg.lstsq(x[t == 0], y[t == 0], rcond=None)[0]
    r = y - x @ beta
    return float(r[t == 1].mean() - (odds * r)[t == 0].sum() / t.sum())


def plain(sample: Sample) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return sample.y, sample.x[:, 1], np.delete(sample.x, 1, axis=1)


def test_matches_numpy_by_hand_and_so_do_refits_without_each_school() -> None:
    sample = draw_sample(drawn(6, schools=12), KEEN)
    fit = fit_aipw(sample)
    y, t, x = plain(sample)
    assert fit.value == pytest.approx(by_hand(y, t, x), abs=1e-8)
    keeps = [sample.groups != g for g in range(12)]
    refits = np.array([by_hand(y[k], t[k], x[k]) for k in keeps])
    assert np.allclose(fit.jackknife, refits, atol=1e-7)
    moves = refits - fit.value
    assert fit.std_error_jackknife == pytest.approx(np.sqrt(11 / 12 * moves @ moves), rel=1e-6)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("aipw", "att"),
        ("ra", "att"),
        ("overlap", "att"),
        ("entropy", "att"),
        ("aipw", "ate"),
        ("ipw", "ate"),
    ],
)
def test_the_one_step_jackknife_is_close_to_refitting(method: str, target: str) -> None:
    """40 schools: the one-step moves explain the refitted ones, and both errors agree within 10 %."""
    rows = drawn(7, schools=40, size=30)
    fit = fitted(rows, method=method, target=target)
    parts = [rows[rows["school_id"] != f"s{g}"] for g in range(0, 40, 8)]
    refits = np.array([fitted(p, method=method, target=target, cluster="").value for p in parts])
    assert np.allclose(fit.jackknife[::8] - fit.value, refits - fit.value, atol=0.004)
    assert fit.std_error_jackknife == pytest.approx(fit.std_error, rel=0.1)


def test_linear_is_the_regression_with_its_crv1() -> None:
    rows = drawn(8)
    fit = fitted(rows, method="linear")
    line = fit_linear(draw_sample(rows, replace(KEEN, kind="linear")))
    assert fit.value == pytest.approx(line.beta[1])
    assert fit.std_error == pytest.approx(np.sqrt(line.cov[1, 1]), rel=1e-6)
    assert np.allclose(fit.jackknife, line.jackknife[:, 1])


def test_change_is_the_same_on_a_column_of_differences() -> None:
    rows = drawn(9)
    rows["difference"] = rows["score"] - rows["x"]
    direct = fitted(rows, method="change")
    column = fitted(rows, outcome="difference", linear=("z",))
    assert direct.value == pytest.approx(column.value)
    assert direct.std_error == pytest.approx(column.std_error)


def test_entropy_weights_balance_the_means_exactly() -> None:
    sample = draw_sample(drawn(10), replace(KEEN, method="entropy"))
    w, t = fit_aipw(sample).weights, sample.is_treated
    assert w is not None
    means = [np.average(sample.x[a, 2:], axis=0, weights=w[a]) for a in (t, ~t)]
    assert np.allclose(*means, atol=1e-5)


# printed by others


@cache
def smoking() -> pd.DataFrame:
    """Birth weights of 4,642 children (Cattaneo 2010), shipped with statsmodels' own tests."""
    return pd.read_csv(Path(stata.__file__).parent / "results" / "cataneo2.csv")


BIRTHS = Design(
    "aipw", "bweight", "mbsmoke_", linear=("prenatal1_", "mmarried_", "mage", "fbaby_"),
    target="ate", propensity_controls=("mmarried_", "mage", "mage^2", "fbaby_", "medu"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("method", "value", "error"),
    [
        ("ra", -239.6392, 23.8240),
        ("ipw_probit", -230.6886, 25.8152),
        ("aipw_probit", -230.9892, 26.2106),
    ],
)
def test_smoking_as_in_the_stata_manual(method: str, value: float, error: float) -> None:
    """Stata Treatment-Effects Reference Manual, teffects ra, ipw and aipw (probit treatment models): ATE.

    Stata's errors have no n/(n-1); the probit's here rests on the expected information: the same to two digits.
    """
    fit = fit_aipw(draw_sample(smoking(), replace(BIRTHS, method=method)))
    assert fit.value == pytest.approx(value, abs=5e-5)
    assert fit.std_error / np.sqrt(4642 / 4641) == pytest.approx(error, abs=0.002)


QUIT = Design(
    "aipw", "wt82_71", "qsmk", target="ate", controls=("sex", "race", "age", "education",
    "smokeintensity", "smokeyrs", "exercise", "active", "wt71"),
)  # fmt: skip


@cache
def quitters() -> pd.DataFrame:
    """1,566 smokers of NHEFS, levels as text, and quitting times cigarettes a day less their mean."""
    rows = nhefs_complete.load_pandas().data.copy()
    levels = ["sex", "race", "education", "exercise", "active"]
    rows[levels] = rows[levels].astype(str)
    intensity = rows["smokeintensity"] - rows["smokeintensity"].mean()
    return rows.assign(product=rows["qsmk"] * intensity)


@pytest.mark.parametrize(
    ("changes", "printed"),
    [
        ({"kind": "linear", "controls": (), "errors": "classical"}, (2.5, 1.7, 3.4)),
        ({"method": "ipw"}, (3.4, 2.5, 4.4)),
        ({"kind": "linear", "errors": "robust", "linear": ("product",)}, (3.5, 2.6, 4.5)),
    ],
)
def test_weight_gain_after_quitting(
    changes: dict[str, object], printed: tuple[float, float, float]
) -> None:
    """Hernan and Robins, Causal Inference: What If, ch. 12-13: crude 2.5 (1.7, 3.4), IPW 3.4, standardised 3.5.

    Their interval of IPW (2.4, 4.5) takes the weights as known; with the weights as estimated it is narrower.
    """
    sample = draw_sample(quitters(), replace(QUIT, **changes))  # type: ignore[arg-type]
    assert len(sample.y) == 1566
    if sample.design.kind == "linear":
        line = fit_linear(sample)
        value, error, df = line.beta[1], np.sqrt(line.cov[1, 1]), 1500.0
    else:
        fit = fit_aipw(sample)
        value, error, df = fit.value, fit.std_error, fit.df
    assert (round(value, 1), *(round(v, 1) for v in interval(value, error, df))) == printed


def test_pinned() -> None:
    """The first drawn data set; a moved digit here is a changed estimator."""
    fit = fitted(drawn(1))
    assert (fit.value, fit.std_error) == (pytest.approx(PINNED[0], rel=1e-4), pytest.approx(PINNED[1], rel=1e-4))  # fmt: skip


# yes/no outcomes, weights, trimming, and refusals


def test_risks_in_percentage_points_with_their_ratio() -> None:
    fit = fitted(drawn(11, schools=100), outcome="left", unit="pp", link="logit")
    one = 100 * drawn(11, schools=100).query("treat == 1")["left"].mean()
    assert fit.ratio == pytest.approx(one / (one - fit.value))
    assert fit.value < 0 < (fit.log_ratio_error or 0)


def test_survey_weights_enter_as_weights_not_as_counts() -> None:
    rows = drawn(12).assign(w=np.random.default_rng(12).uniform(0.5, 2.0, 1500))
    one, ten = (fitted(rows.assign(w=k * rows["w"]), weights="w") for k in (1, 10))
    assert one.value == pytest.approx(ten.value)
    assert one.std_error == pytest.approx(ten.std_error)
    assert one.value != pytest.approx(fitted(rows).value, abs=1e-6)


def apart(seed: int = 13) -> pd.DataFrame:
    rows = drawn(seed)
    far = rows.sample(150, random_state=1).index
    rows.loc[far, ["x", "treat"]] = [6.0, 1.0]
    return rows


def test_rows_without_counterpart_are_trimmed_and_it_is_said() -> None:
    fit = fitted(apart())
    assert fit.note == "trimmed"
    assert fit.weights is not None
    assert fit.propensity is not None
    gone = fit.weights == 0
    assert 150 <= gone.sum() < 400
    assert np.isnan(fit.propensity[gone]).all()


def test_trimming_sees_no_outcome() -> None:
    rows = apart()
    shuffled = rows.assign(score=rows["score"].sample(frac=1, random_state=2).to_numpy())
    one, two = fitted(rows).weights, fitted(shuffled).weights
    assert one is not None
    assert two is not None
    assert np.array_equal(one, two)


def test_value_and_error_rest_on_the_same_rows() -> None:
    """Once used clipped and unclipped propensities in one library (statsmodels issue 10222)."""
    rows = apart()
    fit = fitted(rows)
    kept = rows[fit.weights > 0]  # type: ignore[operator]
    y, t, x = plain(draw_sample(kept, KEEN))
    assert fit.value == pytest.approx(by_hand(y, t, x), abs=1e-6)


def test_a_level_nobody_chose_is_no_separation() -> None:
    rows = drawn(14).assign(kind="a")
    rows.loc[rows.query("treat == 0").index[:60], "kind"] = "b"
    fit = fitted(rows, controls=("kind",))
    assert not fit.problem
    assert (
        fit.note == ""
    )  # only controls without counterpart are gone: the effect is of the same people
    assert (fit.weights == 0).sum() == 60  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (drawn(1).assign(treat=1.0), "no_treated|no_control"),
        (drawn(1).assign(score=3.0), "constant_outcome"),
        (drawn(1).assign(treat=lambda r: (r["x"] > 0).astype(float)), "no_overlap|separation"),
        (drawn(1).groupby("treat").head(3), "too_few"),
    ],
)
def test_what_cannot_be_said_has_a_reason(rows: pd.DataFrame, problem: str) -> None:
    assert fitted(rows).problem in problem.split("|")


def test_unknown_methods_are_refused() -> None:
    with pytest.raises(ValueError, match="method"):
        fitted(drawn(1), method="magic")


# what must not change it


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["aipw", "ipw", "entropy", "overlap", "change"]))
def test_order_names_and_scale_change_nothing(seed: int, method: str) -> None:
    rows = drawn(seed, schools=35, size=10)
    other = rows.sample(frac=1, random_state=seed)
    other["school_id"] = "z" + other["school_id"]
    other[["score", "x"]] *= 10
    one, two = (fitted(r, method=method) for r in (rows, other))
    assert two.value == pytest.approx(10 * one.value, rel=1e-4)
    assert two.std_error == pytest.approx(10 * one.std_error, rel=1e-4)
    assert two.std_error_jackknife == pytest.approx(10 * (one.std_error_jackknife or 0), rel=1e-3)


def test_duplicated_rows_do_not_shrink_the_error() -> None:
    rows = drawn(15)
    once, twice = (fitted(r) for r in (rows, pd.concat([rows, rows])))
    assert twice.value == pytest.approx(once.value, rel=1e-6)
    assert twice.std_error > 0.98 * once.std_error


def test_noise_covariates_hardly_move_it() -> None:
    rows = drawn(16)
    noise = np.random.default_rng(16).normal(size=(len(rows), 20))
    names = tuple(f"n{i}" for i in range(20))
    wide = pd.concat([rows, pd.DataFrame(noise, columns=list(names))], axis=1)
    one, many = fitted(wide), fitted(wide, linear=(*KEEN.linear, *names))
    assert abs(one.value - many.value) < one.std_error
