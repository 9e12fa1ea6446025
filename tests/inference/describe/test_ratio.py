"""Ratios of drawn lists, by plain arithmetic; what is not in the data says so."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.inference.describe.ratio import ratio_record
from analysis.inference.measure import blank_indicator
from analysis.inference.record import Estimate
from analysis.intake.source import Stated
from analysis.panel.build import Panel
from analysis.release.disclosure import disclose
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.references import check_references
from analysis.study.stated import with_stated
from analysis.study.workspace import open_workspace

PLAN = {"training_modes.practice_share": Stated(value=50.0, text="the plan's")}
STUDY = with_stated(load_study(open_workspace()), PLAN)
COURSES = pd.DataFrame(
    {"year": 2025, "course_kind": ["practice", "theory", None], "hours": [3.0, 5.0, 90.0]}
)
TRAINERS = pd.DataFrame(
    {
        "year": 2025,
        "teacher_id": [f"t{i}" for i in range(12)],
        "school_id": [f"s{i % 4}" for i in range(12)],
        "taught_hours": 6.0,
    }
)
FUNDS = pd.DataFrame(
    {
        "year": 2025,
        "teacher_id": ["t0", None],
        "school_id": ["s0", None],
        "programme": [None, "outreach"],
        "budget_yuan": [None, 200.0],
        "spent_yuan": [None, 150.0],
    }
)


def panel() -> Panel:
    frame = pd.DataFrame(
        {"teacher_id": [f"t{i}" for i in range(60)], "school_id": "s0", "year": 2025}
    )
    return Panel("drawn", 2025, frame)


def measured(problem: str, name: str, **tables: pd.DataFrame) -> Estimate:
    entry = next(i for i in STUDY.problems[problem].indicators if i.id == name)
    return ratio_record(blank_indicator(STUDY, panel(), problem, entry), entry, tables, panel())


def test_a_share_of_hours_counts_only_what_is_marked() -> None:
    found = measured("training_modes", "practice_share", courses=COURSES)
    assert found.estimate == pytest.approx(100 * 3 / 8)
    assert [(p.label, p.estimate) for p in found.series["ratio"]] == [
        ("numerator", 3.0), ("denominator", 8.0), ("stated", 50.0),
    ]  # fmt: skip
    assert found.arms == {}  # hours of courses are of nobody


def test_trainers_per_hundred_teachers_and_their_load() -> None:
    assert measured("trainers", "per_hundred", trainers=TRAINERS).estimate == pytest.approx(20.0)
    assert measured("trainers", "load", trainers=TRAINERS).estimate == pytest.approx(6.0)


def test_money_leaves_subsidies_out() -> None:
    found = measured("training_money", "executed", funds=FUNDS)
    assert found.estimate == pytest.approx(75.0)
    assert found.arms == {}
    assert measured("training_money", "per_teacher", funds=FUNDS).estimate == pytest.approx(2.5)


@pytest.mark.parametrize("tables", [{}, {"trainers": TRAINERS.drop(columns="taught_hours")}])
def test_absent_tables_and_columns_are_absent(tables: dict[str, pd.DataFrame]) -> None:
    assert measured("trainers", "load", **tables).reason == "no_outcome"


def test_few_people_behind_a_ratio_hide_it_and_its_parts() -> None:
    found = disclose(measured("trainers", "load", trainers=TRAINERS.head(9)))[0]
    assert (found.estimate, found.reason, found.series) == (None, "hidden", {})


def test_a_study_with_half_a_ratio_is_refused() -> None:
    problem = STUDY.problems["training_modes"]
    broken = problem.indicators[0].model_copy(update={"denominator": None})
    changed = problem.model_copy(update={"indicators": (broken,)})
    study = Study.model_copy(STUDY, update={"problems": {"training_modes": changed}})
    assert "study_ratio_parts" in [e.name for e in check_references(study)]
