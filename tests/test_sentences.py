"""What may be said when the data say nothing: the list of methods.md 5.4, as far as it concerns estimates.

Each test bears the number of its item. Numbers of a draft against their records (item 11) are in tests/release; the
published cases (item 12) in tests/inference/estimators and tests/verification.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.design import Design
from analysis.inference.estimate import estimate
from analysis.inference.evaluate import evaluate, evaluate_outcome
from analysis.inference.record import Estimate
from analysis.panel.build import Panel
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.inference.drawn import drawn_panel
from tests.inference.foreign import AIPW, HAZARD, STAGGERED, staggered_frame, volunteers

PERMUTED = 20
SCORES = ["mark", "before", "earlier", "site_before"]
ERRORS = 3 * np.sqrt(0.05 * 0.95 / PERMUTED)  # three Monte-Carlo errors of a share of 5 %


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


@pytest.fixture(scope="module")
def panel() -> Panel:
    """36 schools over five years: a course, and pilots in two cohorts of nine schools that gain two points."""
    drawn = drawn_panel(1, schools=36, size=8)
    frame = drawn.frame.copy()
    code = frame["school_id"].str[1:].astype(int) % 4
    start = code.map({0: 2023.0, 1: 2024.0})
    on = (frame["year"] >= start).astype(float)
    frame["group_smart_pilot"] = start.notna().astype(float)
    frame["exposed_smart_pilot_digital_literacy"] = on
    frame["digital_literacy_score"] += 2.0 * on
    return replace(drawn, frame=frame)


def answers(study: Study, panel: Panel, outcome: str = "digital_literacy") -> dict[str, Estimate]:
    """The cheap answers to all programmes that name an outcome."""
    return {e.subject: e for e in evaluate_outcome(study, panel, outcome, cheap=True)}


@pytest.fixture(scope="module")
def plain(study: Study, panel: Panel) -> dict[str, Estimate]:
    found = answers(study, panel)
    assert found["smart_pilot"].estimate is not None
    assert found["digital_course"].estimate is not None
    return found


def said(found: Estimate) -> tuple[object, ...]:
    """What a sentence is made of beside its numbers."""
    checks = tuple((c.name, c.verdict, c.cap, c.steps) for c in found.checks)
    return found.verdict, found.grade, found.reason, found.note, found.n_teachers, checks


def test_5_4_01_labels_permuted_across_schools_give_no_causal_verb() -> None:
    """Two points planted; dealt to other sites they are noise. Who then has a direction is asked all checks."""
    frame = staggered_frame(sites=32, size=2)
    rng = np.random.default_rng(11)
    sites = frame.groupby("site")["joined"].first()
    directions, causal = 0, 0
    for _ in range(PERMUTED):
        dealt = dict(zip(sites.index, rng.permutation(sites.to_numpy()), strict=True))
        moved = frame.assign(joined=frame["site"].map(dealt))
        if estimate(moved, STAGGERED, cheap=True).verdict == "direction":
            directions += 1
            causal += estimate(moved, STAGGERED).grade in ("A", "B")
    assert estimate(frame, STAGGERED, cheap=True).verdict == "direction"
    assert causal / PERMUTED <= 0.05 + ERRORS
    assert directions / PERMUTED <= 0.05 + ERRORS


def test_5_4_02_every_row_twice(study: Study, panel: Panel, plain: dict[str, Estimate]) -> None:
    frame = pd.concat([panel.frame, panel.frame], ignore_index=True)
    twice = answers(study, replace(panel, frame=frame))
    for name in ("smart_pilot", "digital_course"):
        assert twice[name].estimate == pytest.approx(plain[name].estimate, rel=1e-6)
        assert (twice[name].std_error or 0) > 0.98 * (plain[name].std_error or 1)
        assert twice[name].n_teachers == plain[name].n_teachers


def test_5_4_03_another_order_and_other_ids(
    study: Study, panel: Panel, plain: dict[str, Estimate]
) -> None:
    frame = panel.frame.sample(frac=1, random_state=5)
    for column in ("teacher_id", "school_id"):
        frame[column] = "x" + frame[column].str[::-1]
    other = answers(study, replace(panel, frame=frame))
    assert list(other) == list(plain)
    for name, found in plain.items():
        assert said(other[name]) == said(found)
        for number in ("estimate", "std_error", "p_adjusted", "ci_adj_low", "mde"):
            assert getattr(other[name], number) == pytest.approx(getattr(found, number), rel=1e-7)


def rescaled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{c: 10 * frame[c] for c in SCORES if c in frame})


def test_5_4_04_a_score_times_ten_and_sex_recoded() -> None:
    frame = volunteers(sites=32, size=10)
    a = estimate(frame, AIPW)
    b = estimate(rescaled(frame), replace(AIPW, relevant_effect=10.0))
    c = estimate(frame.assign(sex=frame["sex"].map({"f": "2", "m": "1"})), AIPW)
    assert b.estimate == pytest.approx(10 * (a.estimate or 0), rel=1e-5)
    assert c.estimate == pytest.approx(a.estimate, rel=1e-7)
    assert {(e.grade, e.verdict) for e in (a, b, c)} == {(a.grade, a.verdict)}


@pytest.mark.parametrize("effect", [0.0, 2.0])
def test_5_4_04_a_staggered_score_times_ten(effect: float) -> None:
    frame = staggered_frame(sites=24, size=4, effect=effect)
    a = estimate(frame, STAGGERED)
    b = estimate(rescaled(frame), replace(STAGGERED, relevant_effect=10.0))
    assert b.estimate == pytest.approx(10 * (a.estimate or 0), rel=1e-6)
    assert (b.grade, b.verdict) == (a.grade, a.verdict)


@pytest.mark.parametrize(("design", "effect"), [(AIPW, 2.0), (AIPW, 0.0), (HAZARD, 2.0)])
def test_5_4_05_fifty_columns_of_noise(design: Design, effect: float) -> None:
    frame = volunteers(effect=effect, odds=-0.8)
    rng = np.random.default_rng(6)
    names = tuple(f"noise_{i}" for i in range(50))
    noise = pd.DataFrame(rng.normal(size=(len(frame), 50)), columns=list(names))
    more = replace(design, linear=(*design.linear, *names))
    without = estimate(frame, design, cheap=True)
    with_ = estimate(pd.concat([frame, noise], axis=1), more, cheap=True)
    assert with_.verdict == without.verdict == ("direction" if effect else without.verdict)
    assert abs((with_.estimate or 0) - (without.estimate or 0)) < 1.5 * (without.std_error or 0)


@pytest.mark.parametrize(
    ("group", "reasons"), [(1.0, ("no_control", "one_arm")), (0.0, ("no_treated", "one_arm"))]
)
def test_5_4_06_one_side_alone(
    study: Study, panel: Panel, group: float, reasons: tuple[str, ...]
) -> None:
    """Without one of the sides of the pilots, and without one of the course, nothing is said but why."""
    pilots = panel.frame[panel.frame["group_smart_pilot"] == group]
    took = panel.frame[panel.frame["exposed_digital_course_digital_literacy"] == group]
    for subject, frame in (("smart_pilot", pilots), ("digital_course", took)):
        found = answers(study, replace(panel, frame=frame))[subject]
        assert (found.grade, found.estimate) == ("E", None)
        assert found.reason in (*reasons, "blocked_clusters")


@pytest.mark.parametrize("first", [2023, 2024, 2025])
def test_5_4_06_without_years_before_at_most_c(study: Study, panel: Panel, first: int) -> None:
    frame = panel.frame[panel.frame["year"] >= first]
    found = answers(study, replace(panel, frame=frame))["smart_pilot"]
    assert found.grade in ("C", "D", "E")
    assert first == 2023 or not found.is_usable or found.verdict == "undetermined"
    lead = [c for c in found.checks if c.name == "pre_period"]
    assert not lead or lead[0].cap == "C"


def test_5_4_07_swapped_labels_of_the_posts_turn_the_sign(study: Study) -> None:
    drawn = drawn_panel(6, schools=40, size=30, years=(2023, 2024, 2025), subsidy=-1.2)
    frame = drawn.frame.copy()
    frame["group_rural_subsidy"] = 1 - frame["group_rural_subsidy"]
    frame["exposed_rural_subsidy_attrition"] = frame["group_rural_subsidy"] * (
        frame["year"] == 2025
    )
    programme, outcome = study.interventions["rural_subsidy"], study.outcomes["attrition"]
    before, after = (
        evaluate(study, p, programme, outcome, outcome.primary, cheap=True)
        for p in (drawn, replace(drawn, frame=frame))
    )
    assert (before.estimate or 0) < 0 < (after.estimate or 0)


@pytest.mark.parametrize("subject", ["rural_subsidy", "digital_course"])
def test_5_4_08_a_year_whose_leavers_are_unknown_is_not_at_risk(study: Study, subject: str) -> None:
    """Nobody's outcome of the last year is known: the answer is that of the years before, not one of more stayers."""
    drawn = drawn_panel(2, schools=32, size=20, years=(2022, 2023, 2024, 2025))
    frame = drawn.frame.copy()
    course = frame["exposed_digital_course_digital_literacy"]
    frame["exposed_digital_course_attrition"] = course
    on = frame["group_rural_subsidy"] * (frame["year"] >= 2024)
    frame["exposed_rural_subsidy_attrition"] = on
    is_last = frame["year"] == 2025
    unknown = frame.assign(attrition_A2=frame["attrition_A2"].mask(is_last))
    programme, outcome = study.interventions[subject], study.outcomes["attrition"]
    blank, gone = (
        evaluate(study, replace(drawn, frame=f), programme, outcome, outcome.primary, cheap=True)
        for f in (unknown, frame[~is_last])
    )
    assert blank.estimate is not None
    assert blank.estimate == pytest.approx(gone.estimate, rel=1e-9)
    assert blank.std_error == pytest.approx(gone.std_error, rel=1e-9)
    assert blank.n_teachers == gone.n_teachers


IDS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "integer": lambda s: s.str[1:].astype(int),
    "text": lambda s: "school " + s,
}


@pytest.mark.parametrize("kind", IDS)
def test_5_4_09_integer_and_text_ids_of_schools(
    study: Study, panel: Panel, plain: dict[str, Estimate], kind: str
) -> None:
    frame = panel.frame.assign(school_id=IDS[kind](panel.frame["school_id"]))
    found = answers(study, replace(panel, frame=frame))
    for name in ("smart_pilot", "digital_course"):
        assert said(found[name]) == said(plain[name])
        assert found[name].std_error == pytest.approx(plain[name].std_error, rel=1e-7)


def test_5_4_09_a_school_without_an_id(study: Study, panel: Panel) -> None:
    is_blank = panel.frame["school_id"] == "s007"
    blank = panel.frame.assign(school_id=panel.frame["school_id"].mask(is_blank))
    a = answers(study, replace(panel, frame=blank))
    b = answers(study, replace(panel, frame=panel.frame[~is_blank]))
    for name in ("smart_pilot", "digital_course"):
        assert a[name].estimate == pytest.approx(b[name].estimate, rel=1e-9)
        assert a[name].n_schools == b[name].n_schools
    assert a["digital_course"].n_dropped == int((is_blank & (panel.frame["year"] == 2025)).sum())


def test_5_4_10_half_of_what_could_be_seen_cannot_be_told() -> None:
    """Planted: half the smallest effect that 80 % of draws show. Seen in three of ten draws, bounded in none."""
    design = replace(AIPW, relevant_effect=0.25)
    first = estimate(volunteers(sites=32, size=6), design, cheap=True)
    half = (first.mde or 0) / 2
    draws = [
        estimate(
            volunteers(seed, 32, 6, effect=half), replace(design, relevant_effect=half), cheap=True
        )
        for seed in range(10, 19)
    ]
    verdicts = [e.verdict for e in draws]
    assert verdicts.count("undetermined") > len(draws) / 2
    assert verdicts.count("bounded") == 0
    assert all((e.estimate or 0) > 0 for e in draws if e.verdict == "direction")
