"""Ratios, drivers, parts of a problem and their order, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.describe.drivers import drivers_record
from analysis.inference.measure import blank_indicator
from analysis.inference.record import Arm, Estimate, Point
from analysis.intake.source import Stated
from analysis.panel.build import Panel
from analysis.release.described import described_claims
from analysis.release.indicators import status_of
from analysis.release.ranking import CERTAINTY, certainty_of, priority_claim, rank, score
from analysis.release.section import Finding, find_problem, verdict_on
from analysis.study.load import load_study
from analysis.study.stated import with_stated
from analysis.study.workspace import open_workspace

PLAN = {"training_modes.practice_share": Stated(value=50.0, text="方案提出的")}
STUDY = with_stated(load_study(open_workspace()), PLAN)
EMPTY = Panel(
    "drawn", 2025, pd.DataFrame({"teacher_id": ["a"], "school_id": ["s"], "year": [2025]})
)


def ratio(value: float) -> Estimate:
    problem = STUDY.problems["training_modes"]
    points = (Point("numerator", 8 * value), Point("denominator", 800.0), Point("stated", 50.0))
    blank = blank_indicator(STUDY, EMPTY, problem.id, problem.indicators[0])
    return replace(blank, estimate=value, grade="D", series={"ratio": points})


@pytest.mark.parametrize(
    ("value", "status", "said"),
    [
        (43.0, "supported", "比方案提出的50%低7.0个百分点"),
        (51.0, "refuted", "达到方案提出的50%的要求"),
    ],
)
def test_a_ratio_is_held_against_what_was_stated(value: float, status: str, said: str) -> None:
    problem, record = STUDY.problems["training_modes"], ratio(value)
    entry = problem.indicators[0]
    assert status_of(STUDY, entry, {record.id: record}, record.id) == status
    assert said in described_claims(STUDY, problem, entry, record)[0].plain()


@pytest.mark.parametrize(("stated", "said"), [(12.5, "12.5%"), (50.0, "50%")])
def test_a_stated_figure_is_printed_as_it_was_stated(stated: float, said: str) -> None:
    problem, record = STUDY.problems["training_modes"], ratio(10.0)
    points = (*record.series["ratio"][:2], Point("stated", stated))
    record = replace(record, series={"ratio": points})
    study = with_stated(
        load_study(open_workspace()),
        {"training_modes.practice_share": Stated(value=stated, text="方案提出的")},
    )
    entry = study.problems["training_modes"].indicators[0]
    assert f"方案提出的{said}" in described_claims(study, problem, entry, record)[0].plain()


def drivers(gap: float, seed: int = 1) -> Estimate:
    """Rural teachers are lower in application by ``gap``, alike elsewhere; 60 schools of 25."""
    problem = STUDY.problems["urban_rural_gap"]
    entry = next(i for i in problem.indicators if i.kind == "drivers")
    rng, n = np.random.default_rng(seed), 1500
    school: np.ndarray = np.repeat(np.arange(60), 25)
    frame = pd.DataFrame({m: rng.normal(80, 5, n) for m in entry.measures}).assign(
        teacher_id=[f"t{i}" for i in range(n)],
        school_id=school.astype(str),
        area=np.where(school < 30, "rural", "urban"),
        age=rng.integers(25, 55, n).astype(float),
    )
    frame["digital_application"] -= gap * (school < 30)
    return drivers_record(blank_indicator(STUDY, EMPTY, problem.id, entry), entry, frame)


def test_the_dimension_with_the_largest_gap_is_named_only_if_told_apart() -> None:
    problem = STUDY.problems["urban_rural_gap"]
    entry = next(i for i in problem.indicators if i.kind == "drivers")
    told, open_ = drivers(4.0), drivers(0.0)
    assert (told.outcome, told.verdict) == ("digital_application", "direction")
    assert told.estimate == pytest.approx(-4.0, abs=1.0)
    assert open_.verdict == "undetermined"
    assert "也分得开" in described_claims(STUDY, problem, entry, told)[0].plain()
    assert "尚不能判断" in described_claims(STUDY, problem, entry, open_)[0].plain()


def test_equal_dimensions_are_rarely_told_apart() -> None:
    assert sum(drivers(0.0, seed).verdict == "direction" for seed in range(40)) <= 3


def test_parts_of_a_problem_are_judged_together() -> None:
    assert verdict_on(["supported", "described"]) == "supported"
    assert verdict_on(["supported", "refuted"]) == "mixed"
    assert verdict_on(["small", "unclear"]) == "small"
    assert verdict_on(["described", "absent"]) == "described"


def finding(name: str, status: str, size: float, people: int, label: str) -> Finding:
    records = {
        f"{name}.{i.id}": blank_indicator(STUDY, EMPTY, name, i)
        for i in STUDY.problems[name].indicators
    }
    records = {k: replace(e, reason="no_outcome") for k, e in records.items()}
    found = find_problem(STUDY, STUDY.problems[name], records, "画县")
    section = replace(found.section, label=label)
    certainty = CERTAINTY[label]
    return replace(
        found, status=status, size=size, people=people, section=section, certainty=certainty
    )


def test_problems_are_ordered_by_size_people_and_certainty() -> None:
    many = finding("burnout", "supported", 1.0, 3000, "medium")
    huge = finding("trainers", "supported", 9.0, 900, "medium")  # 3 x 900 x 2 < 1 x 3000 x 2
    sure = finding("urban_rural_gap", "supported", 1.0, 2500, "strong")
    refuted = finding("training_modes", "refuted", 5.0, 9000, "strong")
    order = [f.problem.id for f in rank([refuted, huge, many, sure])]
    assert order == ["urban_rural_gap", "burnout", "trainers", "training_modes"]
    assert score(huge) == 5400.0


def test_below_the_relevant_size_comes_last_and_an_open_gap_weighs_less() -> None:
    small = finding("burnout", "supported", 0.9, 9000, "medium")
    large = finding("trainers", "supported", 1.1, 100, "weak")
    assert [f.problem.id for f in rank([small, large])] == ["trainers", "burnout"]
    problem = STUDY.problems["trainers"]
    entry = problem.indicators[0]
    open_ = blank_indicator(STUDY, EMPTY, problem.id, entry)
    assert certainty_of("level", entry, open_) == CERTAINTY["undetermined"]
    assert certainty_of("level", entry, replace(open_, verdict="direction")) == CERTAINTY["level"]


def test_the_order_is_said_in_one_sentence() -> None:
    first = finding("burnout", "supported", 1.0, 3000, "medium")
    clue = finding("trainers", "supported", 1.0, 30, "clue")
    both = priority_claim([first, clue])
    assert both is not None
    assert "优先处理：职业倦怠（把握中等）；培训师资队伍（线索），宜先核实" in both.plain()
    assert priority_claim([replace(first, status="unclear")]) is None


def test_a_gap_open_like_for_like_is_not_refuted() -> None:
    problem = STUDY.problems["need_by_group"]
    entry = problem.indicators[0]
    blank = blank_indicator(STUDY, EMPTY, problem.id, entry)
    arms = {"focus": Arm(500, 50, 200, 40.0), "reference": Arm(900, 60, 360, 40.0)}
    open_ = replace(blank, estimate=-1.8, verdict="undetermined", arms=arms)
    raw = replace(open_, id=f"{blank.id}:raw", estimate=0.3, verdict="bounded")
    assert status_of(STUDY, entry, {open_.id: open_, raw.id: raw}, open_.id) == "unclear"
    shut = replace(open_, verdict="bounded")
    assert status_of(STUDY, entry, {shut.id: shut, raw.id: raw}, shut.id) == "refuted"
