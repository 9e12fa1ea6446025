"""The landmark hazard: planted worlds, the same numbers another way, a published survival difference, guards."""

from __future__ import annotations

from dataclasses import replace

import causaldata
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.inference.design import Design
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard import bands, fit_hazard
from analysis.synthetic.options import bureau_options
from analysis.synthetic.worlds import draw_panel
from tests.inference.drawn_hazard import (
    LANDMARK,
    draw_immortal,
    draw_school_course,
    draw_volunteers,
    hazard_sample,
)

QUICK = replace(LANDMARK, horizons=(1,), causes="")
NHEFS = Design(
    kind="hazard",
    outcome="death",
    treatment="qsmk",
    unit="pp",
    controls=("age", "smokeintensity", "smokeyrs", "wt71"),
    fixed=("sex", "race", "education", "exercise", "active"),
    method="ipw",
    target="ate",
)


@pytest.fixture(scope="module")
def volunteers() -> pd.DataFrame:
    """One drawn county of volunteers."""
    return draw_volunteers(3).frame


def covers(fitted: Fitted, truth: float) -> bool:
    """Whether the 95 % interval holds the truth."""
    return abs(fitted.value - truth) <= stats.t.ppf(0.975, fitted.df) * fitted.std_error


def fit(frame: pd.DataFrame, design: Design = QUICK) -> Fitted:
    """The landmark fit of drawn rows."""
    return fit_hazard(hazard_sample(frame, design))


def test_a_planted_effect_of_twenty_exposed_schools_comes_back() -> None:
    """The last row of the measured levels: 60 schools, 20 exposed, log odds -.35; mean error like the spread."""
    design = replace(QUICK, controls=(), method="adjusted")
    drawn = [draw_school_course(seed) for seed in range(12)]
    found = [fit(one.frame, design) for one in drawn]
    gaps = np.array([f.value - one.truth for f, one in zip(found, drawn, strict=True)])
    spread = gaps.std(ddof=1)
    assert abs(gaps.mean()) < 3 * spread / np.sqrt(len(gaps))
    assert 0.5 < np.mean([f.std_error for f in found]) / spread < 1.8
    odds = [fit(one.frame, replace(design, measure="log_odds")).value for one in drawn[:3]]
    assert np.mean(odds) == pytest.approx(-0.35, abs=0.25)


def test_volunteers_are_made_comparable() -> None:
    """Beginners take the course and leave: the crude difference is off, each method is not."""
    drawn = [draw_volunteers(seed) for seed in range(5)]

    def gaps(design: Design) -> np.ndarray:
        return np.array([fit(one.frame, design).value - one.truth for one in drawn])

    crude = gaps(replace(QUICK, controls=()))
    for method in ("weighted", "ipw"):
        found = gaps(replace(QUICK, method=method))
        assert abs(found.mean()) < 3 * found.std(ddof=1) / np.sqrt(len(found))
        assert (crude - found).mean() > 0.5


def test_who_stays_can_take_the_course_and_that_is_no_effect() -> None:
    """Immortal time: "ever taken" read from the last list looks like a strong effect; the landmark covers 0."""
    frame = draw_immortal(1)
    naive = fit(frame, replace(QUICK, treatment="ever"))
    assert naive.value + 1.96 * naive.std_error < -8
    assert covers(fit(frame), 0.0)


@pytest.fixture(scope="module", params=["W4", "planted"])
def county(request: pytest.FixtureRequest) -> pd.DataFrame:
    """A drawn county; world 4 lets the course run all year among those who leave all year."""
    options = bureau_options(bureau="county", region="demo-x", world=request.param, seed=2)
    return draw_panel(options).frame


def county_design(programme: str, *more: str) -> Design:
    """The design of a programme and leaving on the panel's columns."""
    return replace(
        QUICK,
        outcome="attrition_A2",
        treatment=f"exposed_{programme}_attrition",
        cluster="school_id",
        unit_id="teacher_id",
        fixed=("year",),
        controls=("sex", "age", "stage", "area", *more),
    )


def test_the_drawn_county_has_no_effect_of_the_course_on_leaving(county: pd.DataFrame) -> None:
    """Nothing is planted in either world."""
    fitted = fit(county, county_design("digital_course", "years_teaching", "title_rank"))
    assert not fitted.problem
    assert covers(fitted, 0.0)
    assert fitted.std_error < 0.6


def test_mentoring_of_beginners_has_a_number_and_wide_limits(county: pd.DataFrame) -> None:
    """Planted 0; better led schools meet more, which no column says: judged elsewhere, by a sensitivity line."""
    fitted = fit(county[county["years_teaching"].between(1, 2)], county_design("mentoring"))
    assert not fitted.problem
    assert covers(fitted, 0.0)
    assert fitted.std_error > 0.6


def test_survival_after_smoking_cessation_as_printed() -> None:
    """Hernan and Robins 2020, Causal Inference: What If (Chapman & Hall/CRC), 17.4: 120-month survival 80.7 % and 80.5 %.

    Data: NHEFS as in causaldata 0.1.5. Nobody is lost before month 120, so the weighted risk by then is the end point
    of the weighted curves; their interval of the difference, by bootstrap, is -4.1 to 3.7.
    """
    rows = causaldata.nhefs.load_pandas().data
    fitted = fit(rows, NHEFS)
    assert fitted.ratio is not None
    untreated = fitted.value / (fitted.ratio - 1)
    assert 100 - untreated == pytest.approx(80.5, abs=0.05)
    assert 100 - untreated - fitted.value == pytest.approx(80.7, abs=0.05)
    assert fitted.std_error == pytest.approx((3.7 + 4.1) / 2 / 1.96, abs=0.15)


def test_weights_alone_are_a_difference_of_weighted_means(volunteers: pd.DataFrame) -> None:
    """One period, one yes/no covariate: shares counted by hand give the same risk difference and ratio."""
    rows = volunteers[volunteers["year"] == 2021]
    fitted = fit(rows, replace(QUICK, controls=("sex",), method="ipw"))
    took, left = rows["took"].to_numpy(), rows["left"].to_numpy()
    share = rows.groupby("sex")["took"].transform("mean").to_numpy()
    odds = np.where(took == 1, 1.0, share / (1 - share))
    assert fitted.weights is not None
    assert fitted.propensity is not None
    np.testing.assert_allclose(fitted.weights, odds, rtol=1e-8)
    np.testing.assert_allclose(fitted.propensity, share, rtol=1e-8)
    risk1, risk0 = left[took == 1].mean(), np.average(left[took == 0], weights=odds[took == 0])
    assert fitted.value == pytest.approx(100 * (risk1 - risk0), rel=1e-8)
    assert fitted.ratio == pytest.approx(risk1 / risk0, rel=1e-8)


def test_regression_alone_is_a_logit_with_errors_by_school(volunteers: pd.DataFrame) -> None:
    """Against the statistics library's own clustered logit and a delta method by small differences."""
    fitted = fit(volunteers, replace(QUICK, method="adjusted"))
    tenure = pd.Series(bands(volunteers["tenure"]), index=volunteers.index, name="tenure")
    dummies = [
        pd.get_dummies(s, drop_first=True, dtype=float)
        for s in (volunteers["year"], volunteers["sex"], tenure)
    ]
    x = np.column_stack([np.ones(len(tenure)), volunteers["took"], *dummies])
    result = sm.GLM(volunteers["left"], x, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": volunteers["school"]}
    )

    def effect(beta: np.ndarray) -> float:
        exposed = x[volunteers["took"] == 1]
        other = exposed.copy()
        other[:, 1] = 0
        return float(
            100 * (1 / (1 + np.exp(-exposed @ beta)) - 1 / (1 + np.exp(-other @ beta))).mean()
        )

    beta, step = np.asarray(result.params), 1e-6
    slope = np.array([effect(beta + step * e) - effect(beta - step * e) for e in np.eye(len(beta))])
    error = np.sqrt(slope @ np.asarray(result.cov_params()) @ slope) / (2 * step)
    assert fitted.value == pytest.approx(effect(beta), rel=1e-6)
    assert fitted.std_error == pytest.approx(error, rel=1e-4)
    assert fitted.df == 59


def test_rare_leaving_makes_both_links_alike(volunteers: pd.DataFrame) -> None:
    """The complementary log-log and the logit answer nearly the same."""
    logit, other = fit(volunteers), fit(volunteers, replace(QUICK, link="cloglog"))
    assert other.value == pytest.approx(logit.value, abs=0.1 * logit.std_error)
    assert other.value != logit.value


def test_everybody_as_target_weighs_both_arms(volunteers: pd.DataFrame) -> None:
    """For everybody the exposed are weighted too; one covariate, by hand."""
    rows = volunteers[volunteers["year"] == 2021]
    fitted = fit(rows, replace(QUICK, controls=("sex",), method="ipw", target="ate"))
    took, left = rows["took"].to_numpy(), rows["left"].to_numpy()
    share = rows.groupby("sex")["took"].transform("mean").to_numpy()
    weight = np.where(took == 1, 1 / share, 1 / (1 - share))
    risk1, risk0 = (np.average(left[took == a], weights=weight[took == a]) for a in (1, 0))
    assert fitted.value == pytest.approx(100 * (risk1 - risk0), rel=1e-6)


def test_pinned(volunteers: pd.DataFrame) -> None:
    """The figures of one drawn county; a change of them is a change of method."""
    fitted = fit(volunteers)
    assert [fitted.value, fitted.std_error, fitted.std_error_jackknife] == pytest.approx(
        PINNED, abs=1e-4
    )


PINNED = [-1.569820, 0.792258, 0.795195]


def test_people_enter_at_their_tenure(volunteers: pd.DataFrame) -> None:
    """Whoever was hired before the first list is there at the tenure he or she has: bands hold all of it."""
    found = bands(volunteers["tenure"])
    counts = np.bincount(found)
    assert len(counts) == 12
    assert counts.min() > len(found) / 24
    assert (np.diff(volunteers["tenure"].groupby(found).min()) > 0).all()
    assert len(np.unique(bands(volunteers["tenure"].head(60)))) == 1


def test_the_last_list_is_not_a_year_of_stayers(volunteers: pd.DataFrame) -> None:
    """An outcome that is missing leaves the risk set: as if the rows were not there, not as if they had stayed."""
    last = volunteers["year"] == 2024
    unknown = volunteers.assign(left=volunteers["left"].mask(last))
    assert fit(unknown).value == pytest.approx(fit(volunteers[~last]).value, rel=1e-9)
    stayed = volunteers.assign(left=volunteers["left"].mask(last, 0.0))
    assert fit(stayed).value != pytest.approx(fit(unknown).value, rel=1e-3)


def empty(frame: pd.DataFrame, took: float, left: float) -> pd.DataFrame:
    """The rows without one cell of exposure by outcome."""
    return frame[(frame["took"] != took) | (frame["left"] != left)]


@pytest.mark.parametrize("took", [0.0, 1.0])
@pytest.mark.parametrize("left", [0.0, 1.0])
def test_an_empty_cell_is_named(volunteers: pd.DataFrame, took: float, left: float) -> None:
    """No leavers (or no stayers) among the exposed or the others: no number."""
    fitted = fit(empty(volunteers, took, left))
    assert fitted.problem == "empty_cell"
    assert np.isnan(fitted.value)


def test_no_exposed_no_others_nobody_left_and_no_rows(volunteers: pd.DataFrame) -> None:
    """Each ends as an empty cell."""
    frames = [volunteers[volunteers["took"] == a] for a in (0, 1)]
    frames += [volunteers.assign(left=0.0), volunteers.iloc[:0]]
    assert [fit(f).problem for f in frames] == ["empty_cell"] * 4


def test_a_covariate_that_says_who_is_exposed_leaves_nobody_to_compare(
    volunteers: pd.DataFrame,
) -> None:
    """Perfect separation in the propensity: there is no unexposed like the exposed."""
    frame = volunteers.assign(tenure=volunteers["tenure"] + 100 * volunteers["took"])
    fitted = fit(frame)
    assert fitted.problem in ("separation", "not_converged")


def test_an_almost_empty_cell_is_separation(volunteers: pd.DataFrame) -> None:
    """Within each level of a covariate exposure and leaving never meet, though both cells have people."""
    frame = volunteers.assign(
        left=np.where(volunteers["sex"] == "male", volunteers["took"], volunteers["took"] * 0.0)
    )
    keep = frame["sex"] == "male"
    one = frame.index[~keep & (frame["took"] == 0)][0]
    frame.loc[one, "left"] = 1.0
    frame.loc[frame.index[keep & (frame["took"] == 1)][0], "left"] = 1.0
    assert fit(frame, replace(QUICK, method="adjusted")).problem == "separation"


def test_a_level_nobody_leaves_does_not_stop_the_fit(volunteers: pd.DataFrame) -> None:
    """A covariate's level without leavers says nothing about the exposure and is carried along."""
    frame = volunteers.assign(
        left=np.where(volunteers["tenure"] > 30, 0.0, volunteers["left"]),
    )
    fitted = fit(frame)
    assert not fitted.problem
    assert np.isfinite(fitted.std_error)


def test_one_cluster_gives_no_error(volunteers: pd.DataFrame) -> None:
    """With one school there is a number without an error, never an error of zero."""
    fitted = fit(volunteers.assign(school="a"))
    assert fitted.n_clusters == 1
    assert not fitted.std_error > 0


def test_rows_of_their_own_have_robust_errors(volunteers: pd.DataFrame) -> None:
    """Without a cluster each row stands for itself: HC1 as the statistics library has it, no jackknife."""
    fitted = fit(volunteers, replace(QUICK, cluster="", method="adjusted", measure="log_odds"))
    same = fit(volunteers, replace(QUICK, errors="robust", method="adjusted", measure="log_odds"))
    assert fitted.std_error == pytest.approx(same.std_error)
    assert fitted.std_error_jackknife is None
    assert fitted.df > 5000


def test_a_period_in_which_nobody_is_exposed(volunteers: pd.DataFrame) -> None:
    """It has no contrast: the answer of the weights alone does not move."""
    extra = volunteers[volunteers["year"] == 2021].assign(year=2020, took=0.0)
    more = pd.concat([volunteers, extra], ignore_index=True)
    design = replace(QUICK, controls=("sex",), method="ipw")
    assert fit(more, design).value == pytest.approx(fit(volunteers, design).value, abs=0.02)


SMALL = draw_volunteers(5, schools=10).frame


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 10**6))
def test_order_and_names_of_rows_do_not_matter(seed: int) -> None:
    """Shuffled rows, renamed people and schools: the same numbers."""
    order = np.random.default_rng(seed).permutation(len(SMALL))
    other = SMALL.iloc[order].assign(
        person=lambda f: "p" + f["person"].astype(str),
        school=lambda f: "k" + f["school"].astype(str),
    )
    one, two = fit(SMALL), fit(other.reset_index(drop=True))
    assert two.value == pytest.approx(one.value, rel=1e-7)
    assert two.std_error == pytest.approx(one.std_error, rel=1e-6)


def test_every_row_twice_tells_no_more(volunteers: pd.DataFrame) -> None:
    """Clustered errors may not shrink by more than 2 % when each row is there twice."""
    one, two = fit(volunteers), fit(pd.concat([volunteers, volunteers], ignore_index=True))
    assert two.value == pytest.approx(one.value, abs=0.02 * one.std_error)
    assert two.std_error > 0.98 * one.std_error


def test_a_covariate_in_other_units_changes_nothing(volunteers: pd.DataFrame) -> None:
    """Tenure in months."""
    other = fit(volunteers.assign(tenure=volunteers["tenure"] * 12))
    assert other.value == pytest.approx(fit(volunteers).value, rel=1e-7)


def test_survey_weights_of_two_count_as_two(volunteers: pd.DataFrame) -> None:
    """A weight stands for people like this one: all weights doubled change nothing."""
    design = replace(QUICK, weights="w")
    one = fit(volunteers.assign(w=1.0), design)
    assert fit(volunteers.assign(w=2.0), design).value == pytest.approx(one.value, rel=1e-6)
    assert one.value == pytest.approx(fit(volunteers).value, rel=1e-9)
