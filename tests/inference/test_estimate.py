"""The one interface on frames with any column names: planted truths, impossible questions, and what moves nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.inference import estimate as room
from analysis.inference.design import Design
from analysis.inference.estimate import estimate
from analysis.inference.estimators.aipw import fit_aipw
from analysis.inference.record import Check, Estimate
from analysis.inference.sample import draw_sample
from tests.inference.foreign import (
    AIPW,
    FRAMES,
    HAZARD,
    LINEAR,
    SHARES,
    STAGGERED,
    staggered_frame,
    volunteers,
)

TRUTH = {"staggered": 2.0, "hazard": -12.3, "aipw": 2.0, "linear": 2.0}
WORDING = resources.files("analysis.release") / "wording.toml"
REASONS = tomllib.loads(WORDING.read_text(encoding="utf-8"))["reason"]
Change = Callable[[pd.DataFrame, Design], pd.DataFrame]


def asked(kind: str, change: Change | None = None, **design: object) -> Estimate:
    """The cheap answer to the drawn question of a kind, after a change to its frame and its design."""
    question, draw = FRAMES[kind]
    frame = draw()
    if change is not None:
        frame = change(frame, question)
    return estimate(frame, replace(question, **design), cheap=True)  # type: ignore[arg-type]


@cache
def plain(kind: str) -> Estimate:
    """The cheap answer to the drawn question of a kind, as it stands."""
    return asked(kind)


def exposed_as(value: float) -> Change:
    """Everybody exposed from 2004 on, or nobody."""

    def change(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
        if design.kind == "staggered":
            return frame.assign(**{design.first_treated: 2004.0 if value else np.nan})
        return frame.assign(**{design.treatment: value})

    return change


@pytest.fixture(scope="module", params=TRUTH)
def answer(request: pytest.FixtureRequest) -> tuple[str, Estimate]:
    """The whole list of checks, once for each kind."""
    design, draw = FRAMES[request.param]
    return request.param, estimate(draw(), design)


def test_the_planted_effect_lies_within_three_errors(answer: tuple[str, Estimate]) -> None:
    kind, found = answer
    assert found.std_error is not None
    assert abs((found.estimate or 0) - TRUTH[kind]) < 3 * found.std_error
    assert (found.verdict, found.grade) == ("direction", "C")
    assert found.p_value == found.p_adjusted  # a family of its own


def test_the_sizes_are_counted_in_the_frames_own_columns(answer: tuple[str, Estimate]) -> None:
    kind, found = answer
    design, draw = FRAMES[kind]
    frame = draw()
    assert found.n_teachers == frame["pupil"].nunique()
    assert found.n_schools == frame["site"].nunique()
    assert (found.outcome, found.subject) == (
        design.outcome,
        design.treatment or design.first_treated,
    )
    flow = {p.label: p.n for p in found.series["flow"]}
    assert flow["rows"] == flow["complete"] == len(frame)


def test_the_interval_rests_on_the_error_that_the_clusters_demand(
    answer: tuple[str, Estimate],
) -> None:
    """Cohorts of eight sites are few: CRV3; 36 sites on both sides are enough: CRV1."""
    kind, found = answer
    assert found.std_error_kind == ("CRV3" if kind == "staggered" else "CRV1")


BAD: dict[str, tuple[Change, dict[str, str]]] = {
    "no_treated": (exposed_as(0.0), {}),
    "no_controls": (exposed_as(1.0), {}),
    "one_cluster": (lambda f, d: f.assign(site="a", joined=2004.0), {}),
    "constant": (lambda f, d: f.assign(**{d.outcome: 1.0}), {}),
    "no_rows": (lambda f, d: f.iloc[:0], {}),
    "no_outcome": (lambda f, d: f.assign(**{d.outcome: np.nan}), {}),
    "no_cluster_known": (lambda f, d: f.assign(site=None), {}),
    "weights_of_zero": (lambda f, d: f.assign(w=0.0), {"weights": "w"}),
}
WANTED = {
    "no_treated": "no_treated", "no_controls": "no_control", "one_cluster": "one_cluster",
    "constant": "constant_outcome", "no_rows": "no_rows", "no_outcome": "no_rows",
    "no_cluster_known": "no_rows", "weights_of_zero": "no_rows",
}  # fmt: skip


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("bad", BAD)
def test_bad_input_is_grade_e_with_a_reason_in_words(kind: str, bad: str) -> None:
    change, design = BAD[bad]
    found = asked(kind, change, **design)
    assert (found.estimate, found.grade, found.verdict) == (None, "E", "undetermined")
    assert found.reason == WANTED[bad]
    assert REASONS[found.reason]


@pytest.mark.parametrize("kind", ["staggered", "shares"])
def test_starts_that_covariates_say_are_grade_e_with_a_reason_in_words(kind: str) -> None:
    found = asked(kind, fixed=("site",))
    assert (found.estimate, found.grade, found.reason) == (None, "E", "blocked_singularity")
    assert REASONS[found.reason]


@pytest.mark.parametrize("kind", ["staggered", "linear"])
def test_more_covariates_than_rows_are_too_few_before_anything_is_fitted(kind: str) -> None:
    design, draw = FRAMES[kind]
    frame = draw()
    frame = pd.concat([frame[:6], frame[-6:]], ignore_index=True)
    names = tuple(f"n{i}" for i in range(12))
    noise = pd.DataFrame(np.random.default_rng(1).normal(size=(12, 12)), columns=names)
    frame = pd.concat([frame, noise], axis=1).assign(took=[0.0, 1.0] * 6)
    sample = draw_sample(frame, replace(design, controls=(), linear=names))
    assert room.reason_against(frame, sample) == "too_few"


def test_an_infinite_score_is_no_score_and_an_infinite_share_is_refused() -> None:
    assert asked("aipw", lambda f, d: f.assign(mark=np.inf)).reason == "no_rows"
    with pytest.raises(DataError, match="quit"):
        asked("hazard", lambda f, d: f.assign(quit=np.inf))


@pytest.mark.parametrize("kind", ["staggered", "shares", "hazard", "aipw", "linear"])
def test_an_outcome_that_the_exposure_says_is_never_a_direction(kind: str) -> None:
    """Perfect separation: the logit has no number, and least squares leave no residual for an error."""

    def same(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
        label = frame[design.first_treated or design.treatment]
        return frame.assign(**{design.outcome: (label.fillna(0) > 0).astype(float)})

    found = asked(kind, same)
    assert found.grade == "E"
    assert REASONS[found.reason]


@pytest.mark.filterwarnings("error")
def test_one_exposed_cluster_has_no_sentence() -> None:
    """And no division by the nothing that is left without it, nor a crash in the checks that fit again."""
    for kind in ("staggered", "aipw", "hazard", "linear"):
        only = asked(
            kind,
            lambda f, d: f.assign(
                joined=np.where(f["site"] == "site 00", 2004.0, np.nan),
                took=(f["site"] == "site 00").astype(float),
            ),
        )
        assert only.grade == "E"
        assert not only.is_usable
        assert any(c.name == "clusters" and c.blocks for c in only.checks)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("sites", [12, 36])
def test_one_exposed_cluster_is_not_fitted_again(sites: int) -> None:
    frame = volunteers(sites=sites)
    found = estimate(frame.assign(took=(frame["site"] == "site 00").astype(float)), AIPW)
    assert (found.grade, found.reason) == ("E", "blocked_clusters")
    assert found.n_treated_schools == 1


@pytest.mark.parametrize("kind", ["staggered", "hazard", "aipw", "linear"])
def test_a_column_that_is_not_there_is_named_with_the_nearest(kind: str) -> None:
    design, draw = FRAMES[kind]
    for field in ("outcome", "cluster"):
        wrong = replace(design, **{field: getattr(design, field) + "s"})
        with pytest.raises(DataError) as error:
            estimate(draw(), wrong)
        said = str(error.value)
        assert getattr(wrong, field) in said
        assert getattr(design, field) in said.replace(getattr(wrong, field), "")


IDS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "nullable": lambda s: (s.str[-2:].astype(int) * 10**12).astype("Int64"),
    "category": lambda s: ("x" + s + " \u00e9").astype("category"),
}


@pytest.mark.parametrize("kind", ["staggered", "hazard", "aipw"])
def test_integer_and_text_cluster_ids_give_the_same(kind: str) -> None:
    whole = plain(kind)
    for recode in IDS.values():
        other = asked(kind, lambda f, d, r=recode: f.assign(site=r(f["site"])))  # type: ignore[misc]
        assert other.estimate == pytest.approx(whole.estimate, rel=1e-9)
        assert other.std_error == pytest.approx(whole.std_error, rel=1e-7)
        assert (other.grade, other.verdict) == (whole.grade, whole.verdict)


@pytest.mark.parametrize("kind", ["staggered", "hazard", "aipw"])
def test_rows_without_a_cluster_id_are_not_used(kind: str) -> None:
    """As if they were not there, and counted as left out; they are no cluster of their own."""
    gone = asked(kind, lambda f, d: f[f["site"] != "site 03"])
    blank = asked(kind, lambda f, d: f.assign(site=f["site"].where(f["site"] != "site 03")))
    assert blank.estimate == pytest.approx(gone.estimate, rel=1e-12)
    assert blank.n_schools == gone.n_schools
    assert blank.n_dropped == FRAMES[kind][1]()["site"].eq("site 03").sum()


@pytest.mark.parametrize("kind", ["staggered", "aipw", "linear"])
def test_a_weight_of_zero_is_as_good_as_no_row(kind: str) -> None:
    def weigh(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
        return frame.assign(w=np.where(frame["site"] == "site 05", 0.0, 1.0))

    zero = asked(kind, weigh, weights="w")
    gone = asked(kind, lambda f, d: f[f["site"] != "site 05"])
    assert zero.estimate == pytest.approx(gone.estimate, rel=1e-9)
    assert zero.n_schools == gone.n_schools


@pytest.mark.parametrize("kind", ["staggered", "hazard", "aipw", "linear"])
def test_duplicated_rows_do_not_sharpen_a_clustered_error(kind: str) -> None:
    """Every row twice: by less than 2 % (methods.md 5.4, item 2)."""
    once = plain(kind)
    twice = asked(kind, lambda f, d: pd.concat([f, f]))
    assert twice.estimate == pytest.approx(once.estimate, rel=1e-6)
    assert (twice.std_error or 0) > 0.98 * (once.std_error or 1)


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("cluster", ["site", ""])
def test_a_file_delivered_twice_says_what_it_said_once(kind: str, cluster: str) -> None:
    """Copies are no second people: the same numbers, counts and checks, and a line that tells how many there were."""
    wave = {"time": "wave", "cluster": cluster}
    once, twice = (
        asked(kind, lambda f, d, n=n: pd.concat([f] * n), **wave)  # type: ignore[misc]
        for n in (1, 2)
    )
    rows = len(FRAMES[kind][1]())
    steps = {p.label: p.n for p in twice.series["flow"]}
    assert (steps["rows"], steps["once"]) == (2 * rows, rows)
    assert "once" not in {p.label for p in once.series["flow"]}
    assert replace(twice, series={}) == replace(once, series={})


def test_four_leavers_delivered_twice_are_not_eight() -> None:
    """Five leavers and five stayers is a rule on people: with four the logit is not fitted, however often they came."""

    def four(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
        quit_ = frame["quit"].where(frame["quit"].cumsum() <= 4, 0.0)
        return pd.concat([frame.assign(quit=quit_)] * 2)

    assert asked("shares", four).reason == "separation"


def test_rows_of_a_place_are_not_copies_of_each_other() -> None:
    """Where ``unit_id`` holds many people, two who say the same are two."""
    frame = staggered_frame().drop(columns="pupil")
    found = estimate(frame, replace(SHARES, unit_id="site"), cheap=True)
    assert {p.label: p.n for p in found.series["flow"]}["complete"] == len(frame)
    assert found.estimate == pytest.approx(plain("shares").estimate, rel=1e-9)


def test_a_unit_that_says_two_things_without_a_cluster_is_refused() -> None:
    """Without clusters each of its rows would count as evidence of its own."""
    twice = asked(
        "linear", lambda f, d: pd.concat([f, f.assign(mark=f["mark"] + 1)]), cluster="", time="wave"
    )
    assert (twice.estimate, twice.grade, twice.reason) == (None, "E", "duplicated")


def test_a_year_missing_in_between_is_bridged() -> None:
    found = asked("staggered", lambda f, d: f[f["wave"] != 2003])
    assert abs((found.estimate or 0) - 2.0) < 3 * (found.std_error or 0)


def test_starts_may_be_written_in_any_way() -> None:
    whole = plain("staggered")
    written: tuple[Callable[[pd.Series], pd.Series], ...] = (
        lambda s: s.astype("Int64"),
        lambda s: s.fillna(0).astype(int),
    )
    for write in written:
        other = asked("staggered", lambda f, d, w=write: f.assign(joined=w(f["joined"])))  # type: ignore[misc]
        assert other.estimate == pytest.approx(whole.estimate, rel=1e-12)
        assert other.n_control_schools == whole.n_control_schools


def test_reordered_rows_and_other_names_change_nothing() -> None:
    names = {"mark": "y", "joined": "g", "pupil": "i", "wave": "t", "site": "c"}
    frame = staggered_frame().rename(columns=names).sample(frac=1, random_state=1)
    design = replace(
        STAGGERED, outcome="y", first_treated="g", unit_id="i", time="t", cluster="c", absorb="c"
    )
    a, b = plain("staggered"), estimate(frame, design, cheap=True)
    assert b.estimate == pytest.approx(a.estimate, rel=1e-9)
    assert b.std_error == pytest.approx(a.std_error, rel=1e-9)


def test_an_index_by_the_columns_names_changes_nothing() -> None:
    named = asked("staggered", lambda f, d: f.set_index(["site", "wave"], drop=False))
    assert named.estimate == pytest.approx(plain("staggered").estimate, rel=1e-12)


@pytest.mark.parametrize("design", [HAZARD, AIPW, LINEAR])
def test_without_clusters_rows_are_the_units(design: Design) -> None:
    found = estimate(volunteers(), replace(design, cluster=""), cheap=True)
    assert found.std_error_kind == "HC1"
    assert found.estimate is not None


@pytest.mark.parametrize("design", [STAGGERED, SHARES])
def test_a_staggered_design_without_clusters_is_answered_or_refused(design: Design) -> None:
    found = estimate(staggered_frame(sites=16, size=3), replace(design, cluster=""))
    assert found.estimate is not None or REASONS[found.reason]


def test_strata_of_units_inside_wider_clusters_are_answered() -> None:
    """Errors by districts whose sites start apart, and drawn within strata: no lot of districts can be repeated."""
    frame = staggered_frame(sites=32)
    frame["district"] = frame["site"].str[-2:].astype(int) // 4
    found = estimate(frame, replace(STAGGERED, cluster="district", strata=("block",)))
    assert found.estimate is not None
    assert found.n_schools == 8


@pytest.mark.parametrize("kind", ["staggered", "aipw", "linear"])
def test_a_blocked_check_leaves_no_sentence(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*_: object, **__: object) -> tuple[tuple[Check, ...], dict[str, object]]:
        return (Check("drawn", None, "fail", blocks=True),), {}

    monkeypatch.setattr(room, "run_checks", blocked)
    found = asked(kind)
    assert found.grade == "E"
    assert not found.is_usable
    numbers = (found.estimate, found.std_error, found.ci_low, found.p_value, found.p_adjusted)
    assert (numbers, found.ratio, found.reason) == ((None,) * 5, None, "blocked_drawn")
    assert set(found.series) == {"flow"}
    assert found.n_teachers > 0


def test_exposure_after_the_outcome_leaves_no_sentence() -> None:
    days = {"exposed_on": "day", "closes_on": "until"}
    frame = volunteers().assign(day="2001-06-01", until="2001-05-20")
    late = estimate(frame, replace(AIPW, **days), cheap=True)  # type: ignore[arg-type]
    assert (late.grade, late.is_usable) == ("E", False)
    early = estimate(frame.assign(day="2001-03-01"), replace(AIPW, **days), cheap=True)  # type: ignore[arg-type]
    assert early.is_usable


def test_after_trimming_the_counts_are_of_those_compared() -> None:
    """Sixty exposed whom nobody resembles are left out, of the counts and the plain difference as of the estimate."""
    frame = volunteers()
    far = frame.sample(60, random_state=1).index
    frame.loc[far, ["before", "took"]] = [90.0, 1.0]
    found = estimate(frame, AIPW, cheap=True)
    weights = fit_aipw(draw_sample(frame, AIPW)).weights
    assert weights is not None
    used = frame[weights > 0]
    sides = used.groupby("took")["mark"]
    assert found.note == "trimmed"
    assert not used.index.isin(far).any()
    assert (found.n_teachers, found.n_treated) == (len(used), int(used["took"].sum()))
    assert found.arms["treated"].n_teachers + found.arms["control"].n_teachers == len(used)
    assert found.raw_difference == pytest.approx(sides.mean()[1.0] - sides.mean()[0.0])
    steps = {p.label: p.n for p in found.series["flow"]}
    assert (steps["complete"], steps["comparable"]) == (len(frame), len(used))


def test_where_nobody_is_trimmed_everybody_counts() -> None:
    found = asked("hazard")
    assert found.n_teachers == len(volunteers())
    assert "comparable" not in {p.label for p in found.series["flow"]}
