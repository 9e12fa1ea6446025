from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.inference.design import Design
from analysis.inference.estimators.callaway import (
    NOTE_INCOMPLETE,
    NOTE_PLAIN,
    callaway_aggregate,
    clustered_error,
    collapse,
    fit_callaway,
    group_time,
    in_library_order,
)
from tests.inference.checking.medicaid import shipped

COUNTIES = Design(
    kind="staggered", outcome="lemp", cluster="countyreal", first_treated="first.treat",
    unit_id="countyreal", time="year", comparison="never",
)  # fmt: skip
TEACHERS = Design(
    kind="staggered", outcome="score", cluster="school", first_treated="start",
    unit_id="teacher", time="year", comparison="never",
)  # fmt: skip


def drawn(seed: int = 1, schools: int = 40, effect: float = 2.0) -> pd.DataFrame:
    """Teachers of 40 schools in 2020 to 2025 who come and go; 8 schools each start in 2022 and 2024."""
    rng = np.random.default_rng(seed)
    start = np.select([np.arange(schools) < 8, np.arange(schools) < 16], [2022.0, 2024.0], np.nan)
    year, school = (
        g.ravel() for g in np.meshgrid(range(2020, 2026), range(schools), indexing="ij")
    )
    size = rng.integers(4, 12, len(year))
    year, school = np.repeat(year, size), np.repeat(school, size)
    level, noise = rng.normal(70, 4, schools), rng.normal(scale=1.5, size=len(year))
    frame = pd.DataFrame(
        {"year": year, "start": start[school], "school": [f"s{s}" for s in school]}
    )
    frame["teacher"] = [
        f"t{s}-{i}" for s, i in zip(school, rng.integers(20, size=len(year)), strict=True)
    ]
    frame["score"] = level[school] + 0.5 * (year - 2020) + effect * (year >= start[school]) + noise
    return frame


@pytest.mark.parametrize(
    ("kind", "value"),
    [("simple", -0.0400), ("group", -0.0310), ("dynamic", -0.0772), ("calendar", -0.0417)],
)
def test_published_minimum_wage_example(kind: str, value: float) -> None:
    """R package did, introductory vignette (mpdta, never-treated controls), overall effects as printed."""
    found = callaway_aggregate(shipped("mpdta_long"), COUNTIES, kind)  # type: ignore[arg-type]
    assert found.value == pytest.approx(value, abs=0.00005)
    assert (found.n_clusters, found.df, found.problem) == (500, 499.0, "")


def test_published_error_and_series() -> None:
    """The same vignette: simple error .0119 (bootstrapped there, .0120 analytical here); effects at each event time."""
    found = fit_callaway(shipped("mpdta_long"), COUNTIES)
    assert found.std_error == pytest.approx(0.0119, abs=0.0002)
    event = {p.label: p.estimate for p in found.series["event_study"]}
    assert event["-1"] == 0.0
    assert [event[k] for k in "0123"] == pytest.approx(
        [-0.0199, -0.0510, -0.1373, -0.1008], abs=5e-5
    )
    cohorts = [(p.label, p.estimate) for p in found.series["cohorts"]]
    assert cohorts == [
        ("2004", pytest.approx(-0.0797, abs=5e-5)),
        ("2006", pytest.approx(-0.0229, abs=5e-5)),
        ("2007", pytest.approx(-0.0261, abs=5e-5)),
    ]
    assert [p.label for p in found.series["calendar"]] == ["2004", "2005", "2006", "2007"]


def test_collapsed_states_are_their_counties() -> None:
    """Treatment is by state here: state means weighted by counties give the same number, and the errors of states.

    Fences the library's forgetting of weights when cohorts are averaged (0.2.0: -.0364 without the repair).
    """
    data = shipped("mpdta_long").assign(state=lambda d: d["countyreal"] // 1000)
    by_county = group_time(data, COUNTIES)
    by_state = fit_callaway(data, replace(COUNTIES, cluster="state"))
    assert not isinstance(by_county, str)
    assert by_state.value == pytest.approx(-0.039951, abs=1e-6)
    assert by_state.n_clusters == 29
    county = in_library_order(collapse(data, COUNTIES).rows)["unit"].to_numpy()
    state = pd.factorize(data.drop_duplicates("countyreal")["state"].to_numpy()[county])[0]
    from moderndid.did import aggte

    influence = aggte(by_county.result, type="simple").influence_func_overall
    assert by_state.std_error == pytest.approx(clustered_error(np.asarray(influence), state))


def test_effects_of_cells_by_hand() -> None:
    """Without covariates an effect is a difference of two mean changes, weighted by teachers."""
    frame = drawn()
    found = group_time(frame, TEACHERS)
    assert not isinstance(found, str)
    rows = collapse(frame, TEACHERS).rows
    wide = rows.pivot(index="unit", columns="time", values="y")
    first, weight = rows.groupby("unit")["first"].first(), rows.groupby("unit")["weight"].first()
    for g, t, effect in zip(
        found.result.groups, found.result.times, found.result.att_gt, strict=True
    ):
        change = wide[int(t)] - wide[int(g) - 1]
        sides = [np.average(change[first == v], weights=weight[first == v]) for v in (g, 0.0)]
        assert effect == pytest.approx(sides[0] - sides[1], abs=1e-9)


def test_teachers_come_and_go() -> None:
    """Drawn: two teachers in 2020, one of them and a new one in 2021; school 2 misses 2021 and is left out."""
    frame = pd.DataFrame(
        {
            "teacher": ["a", "b", "b", "c", "d", "e", "f"],
            "school": ["s1", "s1", "s1", "s1", "s2", "s3", "s3"],
            "year": [2020, 2020, 2021, 2021, 2020, 2020, 2021],
            "start": [2021.0] * 4 + [np.nan] * 3,
            "score": [1.0, 3.0, 4.0, 8.0, 5.0, 6.0, 7.0],
        }
    )
    units = collapse(frame, TEACHERS)
    assert units.rows[["unit", "time", "y", "first"]].to_numpy().tolist() == [
        [0, 2020, 2.0, 2021], [0, 2021, 6.0, 2021], [2, 2020, 6.0, 0], [2, 2021, 7.0, 0],
    ]  # fmt: skip
    assert units.n_incomplete == 1
    assert units.rows["weight"].tolist() == [2.0, 2.0, 1.0, 1.0]


def test_units_inside_a_cluster_that_start_apart_are_kept() -> None:
    frame = drawn().assign(district=lambda d: d["school"].str[-1], teacher=lambda d: d["school"])
    units = collapse(frame, replace(TEACHERS, cluster="district"))
    assert units.rows["unit"].nunique() == 40
    assert units.rows["cluster"].nunique() == 10


def test_planted_effect_is_found() -> None:
    """Six drawn counties with an effect of 2: mean within three of its errors, nearly all intervals hold it."""
    found = [callaway_aggregate(drawn(seed), TEACHERS, "simple") for seed in range(6)]
    error = np.sqrt(sum(f.std_error**2 for f in found)) / 6
    assert np.mean([f.value for f in found]) == pytest.approx(2.0, abs=3 * error)
    assert sum(abs(f.value - 2.0) < 2.02 * f.std_error for f in found) >= 4


def test_a_share_is_in_percentage_points() -> None:
    frame = drawn().assign(score=lambda d: (d["score"] > 71).astype(float))
    points, share = (fit_callaway(frame, replace(TEACHERS, unit=u)) for u in ("pp", "points"))
    assert points.value == pytest.approx(100 * share.value)
    assert points.std_error == pytest.approx(100 * share.std_error)


def test_covariates_move_it_and_are_dropped_where_a_cohort_is_too_small() -> None:
    frame = drawn().assign(size=lambda d: d.groupby("school")["score"].transform("size"))
    with_size = replace(TEACHERS, linear=("size",))
    assert fit_callaway(frame, with_size).note == ""
    assert fit_callaway(frame, with_size).value != fit_callaway(frame, TEACHERS).value
    split = frame.assign(size=lambda d: d["start"].fillna(0.0))  # tells the cohorts apart
    found = fit_callaway(split, with_size)
    assert found.note == NOTE_PLAIN
    assert found.value == pytest.approx(fit_callaway(frame, TEACHERS).value)


def test_controls_not_yet_exposed() -> None:
    frame = drawn()
    later = fit_callaway(frame, replace(TEACHERS, comparison="not_yet"))
    assert later.value != fit_callaway(frame, TEACHERS).value
    nobody_else = frame[frame["start"].notna()]
    found = fit_callaway(nobody_else, replace(TEACHERS, comparison="not_yet"))
    assert [p.label for p in found.series["calendar"]] == ["2022", "2023"]
    assert found.n_clusters == 16


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda d: d.assign(start=np.nan), "no_treated"),
        (lambda d: d.assign(start=2019.0), "no_treated"),  # exposed in every period
        (lambda d: d.assign(start=2030.0), "no_treated"),  # after the last one
        (lambda d: d[d["start"].notna()], "no_control"),
        (lambda d: d[d["year"] != 2021][lambda e: (e["school"] != "s0") | (e["year"] > 2020)], ""),
    ],
)
def test_what_cannot_be_estimated_says_why(change, problem: str) -> None:  # type: ignore[no-untyped-def]
    found = fit_callaway(change(drawn()), TEACHERS)
    assert found.problem == problem
    assert found.note == ("" if problem else NOTE_INCOMPLETE)
    assert np.isnan(found.value) == bool(problem)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(DataError):
        fit_callaway(drawn().drop(columns="start"), TEACHERS)


BASE = drawn(3)


@settings(max_examples=2, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.1, 10.0]), st.sampled_from([1, 2]))
def test_order_names_unit_and_copies_do_not_matter(random, unit: float, copies: int) -> None:  # type: ignore[no-untyped-def]
    """Reordered, schools renamed to integers, every row doubled, scores in another unit."""
    names = list(BASE["school"].unique())
    random.shuffle(names)
    order = random.sample(range(len(BASE)), len(BASE))
    moved = pd.concat([BASE.iloc[order]] * copies, ignore_index=True)
    moved["school"] = moved["school"].map({n: i for i, n in enumerate(names)})
    moved["score"] = unit * moved["score"]
    found, plain = (callaway_aggregate(f, TEACHERS, "simple") for f in (moved, BASE))
    assert found.value == pytest.approx(unit * plain.value)
    assert found.std_error == pytest.approx(unit * plain.std_error)


def test_golden() -> None:
    """Pinned: a change of collapsing, weights or library moves it."""
    found = fit_callaway(BASE, TEACHERS)
    assert (found.value, found.std_error) == pytest.approx((1.6214446, 0.2883104), abs=1e-6)


def test_a_few_that_never_start_are_a_named_problem() -> None:
    """One school of 40 never starts: the library refuses with an error; with covariates it asks for still more."""
    frame = drawn()
    few = frame.assign(start=frame["start"].fillna(2023.0).where(frame["school"] != "s39"))
    for design in (TEACHERS, replace(TEACHERS, linear=("score",))):
        assert fit_callaway(few, design).problem == "callaway_cells"
    five = frame.assign(age=frame["year"] - 1980.0, start=frame["start"].fillna(2023.0))
    five["start"] = five["start"].where(~five["school"].isin([f"s{i}" for i in range(35, 40)]))
    found = fit_callaway(
        five, replace(TEACHERS, linear=("age",))
    )  # five are enough without the covariate
    assert (found.problem, found.note) == ("", NOTE_PLAIN)


def test_any_other_refusal_of_the_library_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    from moderndid import did

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("something else")

    monkeypatch.setattr(did, "att_gt", refuse)
    with pytest.raises(ValueError, match="something else"):
        fit_callaway(drawn(), TEACHERS)
