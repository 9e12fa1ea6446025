"""E1 and E2 four ways: published figures, independent re-derivation, planted truth, and what may not move them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.design import Design
from analysis.inference.estimators.cells import make_cells
from analysis.inference.estimators.staggered import (
    fit_staggered,
    linear_form,
    statistic_of_labels,
)
from analysis.inference.sample import draw_sample

DESIGN = Design(
    kind="staggered", outcome="y", first_treated="start", time="year", unit_id="person",
    cluster="school",
)  # fmt: skip


def drawn(seed: int = 1, schools: int = 40, size: int = 6, effect: float = 2.0) -> pd.DataFrame:
    """Schools over six years; a quarter starts in year 3, a quarter in year 5; a school shock and a year trend."""
    rng = np.random.default_rng(seed)
    school = np.repeat(np.arange(schools), size * 6)
    year = np.tile(np.repeat(np.arange(6), size), schools)
    start = np.select([school % 4 == 0, school % 4 == 1], [3.0, 5.0], np.nan)
    level = rng.normal(0, 2, schools)[school] + 0.5 * year
    shock = rng.normal(0, 0.5, (schools, 6))[school, year]
    treated = year >= start
    y = 50 + level + shock + effect * treated + rng.normal(0, 3, len(year))
    leave = 1 / (1 + np.exp(2.0 - 0.1 * year + 0.5 * treated))
    return pd.DataFrame(
        {
            "person": np.arange(len(year)), "school": school, "year": year, "start": start, "y": y,
            "left": (rng.random(len(year)) < leave).astype(float), "treated": treated.astype(float),
        }
    )  # fmt: skip


def fit(frame: pd.DataFrame, design: Design = DESIGN):
    return fit_staggered(draw_sample(frame, design))


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    moderndid = pytest.importorskip("moderndid")
    return moderndid.load_mpdta().to_pandas().rename(columns={"first.treat": "start"})


def test_county_employment_as_printed(counties: pd.DataFrame) -> None:
    """Teen employment in 500 counties, extended TWFE with log population: README of the R package etwfe."""
    design = Design(
        kind="staggered", outcome="lemp", first_treated="start", time="year",
        unit_id="countyreal", cluster="countyreal", linear=("lpop",),
    )  # fmt: skip
    points = fit(counties, design).series["event_study"]
    printed = {"0": (-0.0332, 0.0134), "1": (-0.0573, 0.0171), "2": (-0.1379, 0.0308), "3": (-0.1095, 0.0323)}  # fmt: skip
    assert {p.label: (round(p.estimate or 0, 4), round(p.std_error or 0, 4)) for p in points} == printed  # fmt: skip


def test_units_taken_out_or_cohorts_give_the_same_effects_in_a_balanced_panel(
    counties: pd.DataFrame,
) -> None:
    design = Design(
        kind="staggered", outcome="lemp", first_treated="start", time="year",
        unit_id="countyreal", cluster="countyreal",
    )  # fmt: skip
    plain, absorbed = fit(counties, design), fit(counties, replace(design, absorb="countyreal"))
    assert absorbed.value == pytest.approx(plain.value, abs=1e-10)
    # the levels of 500 counties are nested in their clusters and cost no degrees of freedom
    assert absorbed.std_error == pytest.approx(plain.std_error, rel=2e-3)


def test_organ_donation_as_printed() -> None:
    """Huntington-Klein, The Effect, ch. 18: -0.022 (0.006); one treated state, so nothing may be said of it."""
    data = pytest.importorskip("causaldata").organ_donations.load_pandas().data
    order = {name: i for i, name in enumerate(sorted(data["Quarter"].unique(), key=lambda q: (q[2:], q[:2])))}  # fmt: skip
    data["quarter"] = data["Quarter"].map(order)
    data["start"] = np.where(data["State"] == "California", order["Q32011"], np.nan)
    design = Design(
        kind="staggered", outcome="Rate", first_treated="start", time="quarter",
        unit_id="State", cluster="State", absorb="State",
    )  # fmt: skip
    found = fit(data, design)
    assert round(found.value, 3) == -0.022
    assert round(found.std_error, 3) == 0.006


def test_the_average_and_its_error_are_those_of_the_uncollapsed_regression() -> None:
    frame = drawn()
    frame["cell"] = np.where(frame["treated"] == 1, frame["start"].astype(str) + "@" + frame["year"].astype(str), "0")  # fmt: skip
    frame["cohort"] = frame["start"].fillna(0)
    result = smf.ols("y ~ C(cell, Treatment('0')) + C(cohort) + C(year)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame["school"]}, use_t=True
    )
    names = [n for n in result.params.index if "cell" in n]
    size = frame[frame["treated"] == 1]["cell"].value_counts(normalize=True)
    weight = np.array([size[n.split("[T.")[1].rstrip("]")] for n in names])
    value = float(weight @ result.params[names])
    error = float(np.sqrt(weight @ result.cov_params().loc[names, names] @ weight))
    found = fit(frame)
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.std_error == pytest.approx(error, rel=1e-9)


def test_the_jackknife_is_a_refit_without_each_school() -> None:
    frame = drawn(schools=12)
    found = fit(frame)
    share = frame[frame["treated"] == 1].groupby(["start", "year"]).size()
    for i, school in enumerate(frame["school"].unique()[:5]):
        rest = frame[frame["school"] != school]
        points = refit_cells(rest)
        expected = sum(points[k] * n for k, n in share.items()) / share.sum()
        assert found.jackknife[i] == pytest.approx(expected, rel=1e-8)


def refit_cells(frame: pd.DataFrame) -> dict[tuple[float, int], float]:
    """Each cohort and year's effect by a regression on dummies."""
    cells = sorted({(g, t) for g, t in zip(frame["start"], frame["year"], strict=True) if t >= g})
    own = np.column_stack([(frame["start"] == g) & (frame["year"] == t) for g, t in cells])
    levels = pd.get_dummies(frame[["start", "year"]].fillna(0).astype(str), drop_first=True)
    x = np.column_stack([own, np.ones(len(frame)), levels]).astype(float)
    beta = np.linalg.lstsq(x, frame["y"].to_numpy(), rcond=None)[0]
    return dict(zip(cells, beta[: len(cells)], strict=True))


def test_shares_by_logit_are_those_of_the_uncollapsed_model() -> None:
    frame = drawn(seed=3, size=60)
    design = replace(DESIGN, outcome="left", unit="pp", link="logit")
    frame["cohort"] = frame["start"].fillna(0)
    cells = pd.get_dummies(
        (frame["start"].astype(str) + "@" + frame["year"].astype(str)).where(frame["treated"] == 1)
    )
    levels = pd.get_dummies(frame[["cohort", "year"]].astype(str), drop_first=True)
    x = np.column_stack([np.ones(len(frame)), cells, levels]).astype(float)
    result = sm.GLM(frame["left"], x, family=sm.families.Binomial()).fit()
    rows = frame["treated"].to_numpy() == 1
    without = x[rows].copy()
    without[:, 1 : 1 + cells.shape[1]] = 0
    p1 = result.predict(x[rows]).mean()
    p0 = result.predict(without).mean()
    found = fit(frame, design)
    assert found.note == ""
    assert found.value == pytest.approx(100 * (p1 - p0), abs=1e-6)
    assert found.ratio == pytest.approx(p1 / p0, abs=1e-8)


SHARES = replace(DESIGN, outcome="left", unit="pp", link="logit")


def planted_risks() -> tuple[float, float]:
    """Among the exposed of ``drawn``, the mean chance to leave and what it would be without exposure, by its formula."""
    exposed = drawn(size=1).query("treated == 1")
    index = -2.0 + 0.1 * exposed["year"]
    return tuple(float((1 / (1 + np.exp(-index - d))).mean()) for d in (-0.5, 0.0))  # type: ignore[return-value]


def test_planted_shares_come_back_and_errors_are_honest() -> None:
    """200 draws with log odds -.5 by logit: the risk difference and ratio of the exposed, as planted.

    Cohorts of ten schools ask for the jackknife's error; 90 % is three deviations of 200 draws below 95 %.
    """
    p1, p0 = planted_risks()
    found = [fit(drawn(seed=s, size=40), SHARES) for s in range(200)]
    assert {f.note for f in found} == {""}  # none was pooled or made linear
    values = np.array([f.value for f in found])
    errors = np.array([f.std_error_jackknife for f in found], dtype=float)
    assert abs(values.mean() - 100 * (p1 - p0)) < 3 * values.std() / np.sqrt(200)
    assert (np.abs(values - 100 * (p1 - p0)) < 2.02 * errors).mean() > 0.90
    assert 0.9 < errors.mean() / values.std(ddof=1) < 1.2
    away = np.log([f.ratio for f in found]) - np.log(p1 / p0)
    assert abs(away.mean()) < 3 * away.std() / np.sqrt(200)
    assert (np.abs(away) < 2.02 * np.array([f.log_ratio_error for f in found])).mean() > 0.88


def test_one_start_and_two_periods_by_hand() -> None:
    """With one cohort and two periods the logit is a table: logit(p0) = logit(before) + the others' change.

    20 of 100 before and 30 of 100 after, where the others went from 10 to 20 of 100: odds .25 x (.25 / .1111) = .5625,
    so 36 % were to be expected, and the effect is -6 points.
    """
    counts = {(1.0, 0): 20, (1.0, 1): 30, (np.nan, 0): 10, (np.nan, 1): 20}
    parts = [
        pd.DataFrame({"start": s, "year": t, "left": np.arange(100) < n, "school": np.arange(100) % 7})
        for (s, t), n in counts.items()
    ]  # fmt: skip
    frame = pd.concat(parts, ignore_index=True).assign(left=lambda f: f["left"].astype(float))
    frame["school"] += 7 * frame["start"].notna()
    found = fit(frame.assign(person=frame.index), SHARES)
    assert found.value == pytest.approx(-6.0, abs=1e-6)
    assert found.ratio == pytest.approx(30 / 36, abs=1e-8)


def test_the_figures_of_one_draw() -> None:
    """Pinned, this project's own: seed 3, 60 a school and year; value, CRV1, CRV3, ratio, then linear and cloglog."""
    frame = drawn(seed=3, size=60)
    found = fit(frame, SHARES)
    numbers = (found.value, found.std_error, found.std_error_jackknife, found.ratio)
    assert numbers == pytest.approx(PINNED, abs=1e-5)
    others = [fit(frame, replace(SHARES, link=link)).value for link in ("identity", "cloglog")]
    assert others == pytest.approx(PINNED_OTHERS, abs=1e-5)


PINNED = (-6.453347, 1.265774, 1.328778, 0.637181)
PINNED_OTHERS = [-6.477778, -6.445292]


def test_thin_cells_are_pooled_by_rule_and_said() -> None:
    frame = drawn(seed=5, size=12)
    design = replace(DESIGN, outcome="left", unit="pp", link="logit")
    frame.loc[(frame["start"] == 5) & (frame["year"] == 5), "left"] = 0.0
    assert fit(frame, design).note == "pooled_event_time"
    frame.loc[frame["treated"] == 1, "left"] = 0.0
    found = fit(frame, design)
    assert found.note == "linear"
    assert found.problem == ""


def test_planted_effects_come_back_and_errors_are_honest() -> None:
    """60 draws, effect 2: bias below two of its own errors, coverage above 88 % (one in 1,000 would lie below)."""
    found = [fit(drawn(seed=s)) for s in range(60)]
    values = np.array([f.value for f in found])
    errors = np.array([f.std_error for f in found])
    assert abs(values.mean() - 2) < 3 * values.std() / np.sqrt(60)
    assert (np.abs(values - 2) < 2.02 * errors).mean() > 0.85
    assert 0.75 < errors.mean() / values.std(ddof=1) < 1.3


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), times=st.integers(2, 3))
def test_what_may_not_move_it(seed: int, times: int) -> None:
    """Rows repeated, reordered and renamed: the same estimate; the clustered error moves by less than 2 %."""
    frame = drawn(seed=seed, schools=30)
    found = fit(frame)
    repeated = fit(pd.concat([frame] * times))
    assert repeated.value == pytest.approx(found.value, rel=1e-9)
    assert repeated.std_error == pytest.approx(found.std_error, rel=0.02)
    mixed = frame.sample(frac=1.0, random_state=seed)
    renamed = mixed.assign(school="s" + mixed["school"].astype(str), year=mixed["year"] + 2010, start=mixed["start"] + 2010)  # fmt: skip
    again = fit(renamed)
    assert again.value == pytest.approx(found.value, rel=1e-9)
    assert again.std_error == pytest.approx(found.std_error, rel=1e-9)
    scaled = fit(frame.assign(y=frame["y"] * 10))
    assert scaled.value == pytest.approx(10 * found.value, rel=1e-9)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda f: f.assign(start=np.nan), "no_treated"),
        (lambda f: f.assign(start=3.0), "no_control"),
        (lambda f: f.assign(y=1.0), "constant_outcome"),
        (lambda f: f[f["year"] >= f["start"]], "no_treated"),
    ],
)
def test_what_cannot_be_fitted_says_why(change, problem: str) -> None:
    assert fit(change(drawn()), DESIGN).problem == problem


def test_a_year_missing_in_between_moves_nothing_but_precision() -> None:
    frame = drawn(schools=80)
    gap = fit(frame[frame["year"] != 2])
    assert gap.value == pytest.approx(fit(frame).value, abs=0.5)
    assert gap.paths is not None
    assert -1 not in gap.paths.times


def test_units_exposed_in_every_period_say_nothing() -> None:
    frame = drawn()
    frame[["year", "start"]] += 2010
    always = frame.assign(start=frame["start"].where(frame["school"] != 2, 2010))
    cells = make_cells(draw_sample(always, DESIGN))
    assert cells.n_always > 0
    assert 2 not in frame["school"].unique()[np.unique(cells.cluster)]


def test_the_event_study_is_zero_before_and_the_effect_after() -> None:
    paths = fit(drawn(schools=200, size=10)).paths
    assert paths is not None
    assert paths.times == (-5, -4, -3, -2, 0, 1, 2)
    lead = np.array(paths.times) < 0
    assert np.abs(paths.beta[lead]).max() < 0.6
    assert np.abs(paths.beta[~lead] - 2).max() < 0.6


def test_the_turned_form_has_the_average_as_its_first_coefficient() -> None:
    frame = drawn()
    for absorb in ("", "school"):
        design = replace(DESIGN, absorb=absorb)
        x, y, weight, _ = linear_form(make_cells(draw_sample(frame, design)), bool(absorb))
        beta = np.linalg.lstsq(x * np.sqrt(weight)[:, None], y * np.sqrt(weight), rcond=None)[0]
        assert beta[0] == pytest.approx(fit(frame, design).value, rel=1e-8)


def test_a_lot_dealt_as_it_was_gives_the_estimate_itself() -> None:
    frame = drawn()
    sample = draw_sample(frame, replace(DESIGN, absorb="school"))
    statistic = statistic_of_labels(make_cells(sample))
    labels = frame.drop_duplicates("school")["start"].fillna(0).to_numpy()
    assert statistic(labels) == pytest.approx(fit_staggered(sample).value, rel=1e-8)
    assert statistic(np.roll(labels, 1)) != pytest.approx(fit_staggered(sample).value, abs=1e-3)


@pytest.mark.parametrize("absorb", ["", "school"])
@pytest.mark.parametrize("said", ["cohort", "treated"])
def test_effects_that_a_control_says_have_no_number(said: str, absorb: str) -> None:
    """Each cohort a level of its own, or the exposure itself: with its periods it says every effect."""
    frame = drawn().assign(cohort=lambda d: d["start"].fillna(0).map({0: "a", 3: "b", 5: "c"}))
    found = fit(frame, replace(DESIGN, controls=(said,), linear=(said,), absorb=absorb))
    assert (found.problem, np.isnan(found.value)) == ("blocked_singularity", True)


def test_schools_as_covariates_leave_no_level_as_an_effect() -> None:
    """Schools times periods say everything: the effect came out as the outcome's level, 51 with a narrow interval."""
    assert fit(drawn(), replace(DESIGN, fixed=("school",))).problem == "blocked_singularity"


def test_more_columns_than_rows_have_no_number() -> None:
    frame = drawn(schools=16, size=2)
    noise = np.random.default_rng(1).normal(size=(len(frame), 60))
    names = tuple(f"n{i}" for i in range(60))
    wide = pd.concat([frame, pd.DataFrame(noise, columns=names)], axis=1)
    assert fit(wide, replace(DESIGN, linear=names)).problem == "too_few"


def test_a_period_that_only_the_exposed_were_seen_in_leaves_no_event_study() -> None:
    """Those never exposed miss the first period: the others' leads there stand for the period itself."""
    frame = drawn().query("start == start or year > 0")
    found = fit(frame)
    assert found.problem == ""
    assert found.value == pytest.approx(2.0, abs=1.0)
    assert found.paths is None
    assert fit(drawn()).paths is not None


def test_machine_error_is_no_column() -> None:
    """People new in every period: with their levels taken out nothing is left of any effect, whatever the weights."""
    frame = drawn().assign(w=np.random.default_rng(2).uniform(0.3, 3, 40 * 6 * 6))
    frame = pd.concat([frame, frame.assign(y=frame["y"] + 1)], ignore_index=True)
    design = replace(DESIGN, absorb="person", weights="w")
    assert fit(frame, design).problem in ("too_few", "blocked_singularity")


def test_a_deal_to_schools_that_had_left_counts_as_no_difference() -> None:
    frame = drawn().query("year < 3 or school % 4 != 2")
    statistic = statistic_of_labels(
        make_cells(draw_sample(frame, replace(DESIGN, absorb="school")))
    )
    labels = np.where(np.arange(40) == 2, 3.0, 0.0)  # the third school is seen in years 0 to 2 only
    assert statistic(labels) == 0.0
