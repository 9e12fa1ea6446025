"""The kinds least asked for, through the one interface: ordered answers, and least squares with levels taken out."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib import resources

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.errors import DataError
from analysis.inference.design import Design
from analysis.inference.estimate import estimate
from analysis.inference.estimators.absorbed import fit_absorbed
from analysis.inference.record import Estimate
from tests.inference.estimators import test_absorbed, test_ordered
from tests.inference.foreign import LINEAR, volunteers

ORDERED = replace(test_ordered.DESIGN, assignment="adjusted_gap")
ABSORBED = replace(test_absorbed.DESIGN, unit_id="teacher", time="year", assignment="adjusted_gap")
WORDING = resources.files("analysis.release") / "wording.toml"
REASONS = tomllib.loads(WORDING.read_text(encoding="utf-8"))["reason"]
Change = Callable[[pd.DataFrame], pd.DataFrame]
KINDS: dict[str, tuple[Design, pd.DataFrame]] = {
    "ordered": (ORDERED, test_ordered.drawn()),
    "absorbed": (ABSORBED, test_absorbed.drawn(3, n=400)),
}


def check_of(found: Estimate, name: str) -> str:
    """The verdict of one of its checks."""
    return next(c.verdict for c in found.checks if c.name == name)


def test_ordered_answers_come_back_with_their_planted_effect() -> None:
    """Planted log odds of .8; the share of high answers among the exposed moves by that, other things left alone."""
    design, frame = KINDS["ordered"]
    odds = estimate(frame, replace(design, measure="log_odds"))
    assert abs((odds.estimate or 0) - 0.8) < 2 * (odds.std_error or 0)
    found = estimate(frame, design)
    high = (frame["y"] >= 4).groupby(frame["t"]).mean() * 100
    assert found.estimate == pytest.approx(high[1.0] - high[0.0], abs=2)  # t was drawn
    assert (found.verdict, found.grade, found.std_error_kind) == ("direction", "C", "CRV1")
    assert found.note == "ordered_logit"
    assert {"singularity", "balance", "overlap", "clusters"} <= {c.name for c in found.checks}


def test_levels_taken_out_come_back_with_their_planted_effect() -> None:
    design, frame = KINDS["absorbed"]
    found = estimate(frame, design)
    assert abs((found.estimate or 0) - 1.5) < 2 * (found.std_error or 0)
    assert found.verdict == "direction"
    assert (found.n_teachers, found.n_schools) == (frame["teacher"].nunique(), 50)
    left = {p.label: p.n for p in found.series["absorbed_rows"]}
    assert left["complete"] == len(frame)
    assert check_of(found, "singularity") == "pass"


def with_dummies(frame: pd.DataFrame) -> np.ndarray:
    """Treatment, age, and a column for every teacher and year but one: n by many."""
    teacher = pd.get_dummies(frame["teacher"], dtype=float).to_numpy()
    year = pd.get_dummies(frame["year"], dtype=float).to_numpy()[:, 1:]
    return np.column_stack([frame[["t", "age"]].to_numpy(dtype=float), teacher, year])


@pytest.mark.parametrize(
    ("asked", "kind", "library"),
    [
        ({"errors": "classical"}, "classical", "nonrobust"),
        ({"errors": "robust"}, "HC1", "HC1"),
        ({"cluster": ""}, "HC1", "HC1"),
    ],
)
def test_the_label_names_the_error_that_dummies_give(
    asked: dict[str, str], kind: str, library: str
) -> None:
    frame = test_absorbed.drawn()
    found = estimate(frame, replace(ABSORBED, **asked))  # type: ignore[arg-type]
    whole = sm.OLS(frame["y"].to_numpy(), with_dummies(frame)).fit(cov_type=library)
    assert found.std_error_kind == kind
    assert found.std_error == pytest.approx(whole.bse[0], rel=1e-6)
    assert found.df == whole.df_resid


def test_by_cluster_the_label_names_the_sandwich_or_the_jackknife() -> None:
    """Ten schools, four treated: the loop of refits; fifty with seventeen treated: the sandwich."""
    few, many = test_absorbed.drawn(), KINDS["absorbed"][1]
    found = estimate(few, ABSORBED)
    ones = np.ones(len(few))
    value = test_absorbed.by_dummies(few, ones)[0]
    kept = [few["school"] != s for s in few["school"].unique()]
    loop = [test_absorbed.by_dummies(few[k], ones[k])[0] for k in kept]
    wide = np.sqrt(0.9 * ((np.array(loop) - value) ** 2).sum())
    assert (found.std_error_kind, found.std_error) == ("CRV3", pytest.approx(wide, rel=1e-4))
    found = estimate(many, ABSORBED)
    narrow = test_absorbed.by_dummies(many, np.ones(len(many)))[1]
    assert (found.std_error_kind, found.std_error) == ("CRV1", pytest.approx(narrow, rel=1e-5))


def test_few_clusters_are_those_that_were_used() -> None:
    """Fifty schools, but the teachers of 26 are seen once and say nothing: 24 are few."""
    frame = KINDS["absorbed"][1]
    once = frame["school"] >= 24
    rows = pd.concat([frame[~once], frame[once].drop_duplicates("teacher", keep="last")])
    found, fitted = estimate(rows, ABSORBED), fit_absorbed(rows, ABSORBED)
    assert (found.n_schools, fitted.n_clusters) == (50, 24)
    assert (
        min(found.n_treated_schools, found.n_control_schools) >= 15
    )  # by all schools there are enough
    assert (found.std_error_kind, found.std_error) == ("CRV3", fitted.std_error_jackknife)


def test_a_robust_logit_looks_at_no_cluster() -> None:
    """As labelled, HC1: the same as where no cluster is named."""
    frame = volunteers()
    logit = replace(LINEAR, kind="logit", outcome="quit", unit="pp", link="logit")
    robust = estimate(frame, replace(logit, errors="robust"), cheap=True)
    alone = estimate(frame, replace(logit, cluster=""), cheap=True)
    by_site = estimate(frame, logit, cheap=True)
    assert (robust.std_error_kind, by_site.std_error_kind) == ("HC1", "CRV1")
    assert robust.std_error == pytest.approx(alone.std_error, rel=1e-9)
    assert robust.std_error != pytest.approx(by_site.std_error, rel=1e-3)


ALIKE: dict[str, tuple[Change, str]] = {
    "no_rows": (lambda f: f.iloc[:0], "no_rows"),
    "no_outcome": (lambda f: f.assign(y=np.nan), "no_rows"),
    "no_cluster": (lambda f: f.assign(school=None), "no_rows"),
    "constant": (lambda f: f.assign(y=3.0), "constant_outcome"),
    "nobody": (lambda f: f.assign(t=0.0), "no_treated"),
    "everybody": (lambda f: f.assign(t=1.0), "no_control"),
    "one_school": (lambda f: f.assign(school=1), "one_cluster"),
    "one_treated": (
        lambda f: f.assign(t=(f["school"] == 0).astype(float) * f["t"]),
        "blocked_clusters",
    ),
}
OWN: dict[str, list[tuple[Change, str]]] = {
    "ordered": [
        (lambda f: f.assign(y=np.arange(len(f)) % 13), "too_many_levels"),
        (lambda f: f.assign(y=f["y"].where(f["t"] == 0, 5.0)), "empty_cell"),
        (lambda f: test_ordered.nearly_separated(), "separation"),
    ],
    "absorbed": [
        (lambda f: f.assign(t=(f["school"] % 2).astype(float)), "no_variation"),
        (lambda f: f.drop_duplicates("teacher"), "no_variation"),  # nobody is seen again
    ],
}
BAD = [(k, c, r) for k in KINDS for c, r in (*ALIKE.values(), *OWN[k])]


@pytest.mark.parametrize(("kind", "change", "reason"), BAD)
def test_bad_input_is_grade_e_with_a_reason_in_words(
    kind: str, change: Change, reason: str
) -> None:
    design, frame = KINDS[kind]
    found = estimate(change(frame), design)
    assert (found.estimate, found.grade, found.verdict) == (None, "E", "undetermined")
    assert found.reason == reason
    assert REASONS[reason]


@pytest.mark.parametrize("kind", KINDS)
def test_an_exposure_that_a_covariate_says_has_no_sentence(kind: str) -> None:
    """Its matrix leaves that covariate out, so that the fit alone would not show it."""
    design, frame = KINDS[kind]
    said = replace(design, linear=(*design.linear, "other"))
    found = estimate(frame.assign(other=1 - frame["t"]), said)
    assert (found.estimate, found.grade, found.reason) == (None, "E", "blocked_singularity")
    assert REASONS[found.reason]
    chance = np.random.default_rng(1).normal(size=len(frame))
    assert estimate(frame.assign(other=chance), said).is_usable


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_asked_is_refused_in_words(kind: str) -> None:
    design, frame = KINDS[kind]
    questions: tuple[tuple[pd.DataFrame, Design, str], ...] = (
        (frame.assign(y=frame["y"].astype(str)), design, "y"),
        (frame, replace(design, treatment="tt"), "tt"),
        (frame.drop(columns="school"), design, "school"),
        (frame, replace(design, errors="none"), "errors"),  # type: ignore[arg-type]
    )
    for rows, asked, word in questions:
        with pytest.raises(DataError, match=word):
            estimate(rows, asked)


@pytest.mark.parametrize("kind", KINDS)
def test_order_and_ids_change_nothing(kind: str) -> None:
    design, frame = KINDS[kind]
    mixed = frame.sample(frac=1, random_state=3).assign(school=lambda f: "s" + f["school"].astype(str))  # fmt: skip
    one, other = estimate(frame, design), estimate(mixed, design)
    assert (other.estimate, other.std_error) == pytest.approx((one.estimate, one.std_error))
    assert (other.grade, other.verdict, other.n_schools) == (one.grade, one.verdict, one.n_schools)
