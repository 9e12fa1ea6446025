"""From a study entry to a design: the estimator of each kind, its columns, and where errors go together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.design import Design, missing_columns
from analysis.inference.designs import (
    eligible_rows,
    first_treated,
    make_design,
    undefined_arm,
)
from analysis.panel.build import Panel
from analysis.study.load import load_study
from analysis.study.objects import Lot, SchoolFlag, Study
from analysis.study.workspace import open_workspace
from tests.inference.drawn import drawn_panel


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Twenty schools in five districts, with posts, pilots that start in two years, and pay."""
    drawn = drawn_panel(1, schools=20, size=5)
    frame = drawn.frame.copy()
    code = frame["school_id"].str[1:].astype(int)
    frame["school_group"] = "d" + (code // 4).astype(str)
    start = code.map(lambda c: {0: 2023.0, 1: 2024.0}.get(c % 4, np.nan))
    frame["group_smart_pilot"] = start.notna().astype(float)
    for outcome in ("digital_literacy", "attrition"):
        frame[f"exposed_smart_pilot_{outcome}"] = (frame["year"] >= start).astype(float)
    frame["exposed_digital_course_attrition"] = frame["exposed_digital_course_digital_literacy"]
    return replace(drawn, frame=frame)


def designed(
    study: Study, panel: Panel, subject: str, outcome: str, definition: str = ""
) -> tuple[pd.DataFrame, Design]:
    """The rows and the design of a programme and an outcome."""
    programme, entry = study.interventions[subject], study.outcomes[outcome]
    column = study.outcome_column(outcome, definition or entry.primary)
    rows = eligible_rows(panel, programme, entry, column)
    return rows, make_design(rows, programme, entry, column, panel.replicates)


@pytest.mark.parametrize(
    ("subject", "outcome", "kind", "link", "unit", "assignment"),
    [
        ("smart_pilot", "digital_literacy", "staggered", "identity", "points", "staggered"),
        ("smart_pilot", "attrition", "staggered", "logit", "pp", "staggered"),
        ("rural_subsidy", "attrition", "staggered", "logit", "pp", "chosen"),
        ("digital_course", "digital_literacy", "aipw", "identity", "points", "volunteer"),
        ("digital_course", "attrition", "hazard", "logit", "pp", "volunteer"),
    ],
)
def test_each_kind_of_the_study_has_its_estimator(
    study: Study, panel: Panel, subject: str, outcome: str, kind: str, link: str, unit: str,
    assignment: str,
) -> None:  # fmt: skip
    rows, design = designed(study, panel, subject, outcome)
    assert (design.kind, design.link, design.unit) == (kind, link, unit)
    assert design.assignment == study.interventions[subject].assignment == assignment
    assert list(missing_columns(rows, design)) == []
    assert design.relevant_effect == study.outcomes[outcome].relevant_effect
    assert design.unit_id == "teacher_id"
    assert design.time == "year"


def test_scores_take_out_schools_and_shares_cohorts(study: Study, panel: Panel) -> None:
    assert designed(study, panel, "smart_pilot", "digital_literacy")[1].absorb == "school_id"
    assert designed(study, panel, "smart_pilot", "attrition")[1].absorb == ""


def test_a_share_of_a_score_is_in_points_of_percent(study: Study, panel: Panel) -> None:
    """The excellent rate is a variant of the score: it has no relevant effect of its own, and no square of points."""
    entry = study.outcomes["digital_literacy"]
    share = next(k for k, d in entry.definitions.items() if d.at_least is not None)
    column = study.outcome_column("digital_literacy", share)
    frame = panel.frame.assign(**{column: (panel.frame["digital_score"] > 80).astype(float)})
    design = designed(study, replace(panel, frame=frame), "smart_pilot", "digital_literacy", share)[
        1
    ]
    assert (design.unit, design.link, design.relevant_effect) == ("pp", "logit", None)


def test_the_first_year_of_a_school_and_of_a_post(study: Study, panel: Panel) -> None:
    """Schools that join each have their own year; a date for all gives every such post the same one."""
    pilot, subsidy = study.interventions["smart_pilot"], study.interventions["rural_subsidy"]
    attrition = study.outcomes["attrition"]
    start = first_treated(panel.frame, pilot, attrition)
    by_school = start.groupby(panel.frame["school_id"]).first()
    assert by_school["s000"] == 2023
    assert by_school["s001"] == 2024
    assert np.isnan(by_school["s002"])
    post = first_treated(panel.frame, subsidy, attrition)
    assert set(post[panel.frame["area"] == "rural"]) == {2025.0}
    assert post[panel.frame["area"] == "urban"].isna().all()


def test_schools_that_start_apart_are_the_clusters(study: Study, panel: Panel) -> None:
    assert designed(study, panel, "smart_pilot", "digital_literacy")[1].cluster == "school_id"
    assert designed(study, panel, "digital_course", "attrition")[1].cluster == "school_id"


def test_districts_that_start_whole_are_the_clusters(study: Study, panel: Panel) -> None:
    """When all schools of each district start together, the district was decided on and not the school."""
    frame = panel.frame.copy()
    start = frame["school_group"].map({"d0": 2023.0, "d1": 2024.0})
    frame["group_smart_pilot"] = start.notna().astype(float)
    frame["exposed_smart_pilot_digital_literacy"] = (frame["year"] >= start).astype(float)
    whole = replace(panel, frame=frame)
    assert designed(study, whole, "smart_pilot", "digital_literacy")[1].cluster == "school_group"


def with_lot(study: Study, outcome: str, kind: str) -> Study:
    """The study with a course whose places were drawn by lot."""
    course = study.interventions["digital_course"]
    drawn = course.model_copy(
        update={
            "id": "lot_course",
            "exposure": Lot(kind="lot", programme="digital_course"),
            "assignment": "lot",
            "design": {outcome: kind},
        }
    )
    return study.model_copy(update={"interventions": {"lot_course": drawn}})


@pytest.mark.parametrize(
    ("outcome", "kind", "wanted"),
    [("attrition", "landmark_logit", "hazard"), ("digital_literacy", "ancova", "aipw")],
)
def test_a_lot_keeps_its_strata_as_levels_and_as_the_lot(
    study: Study, panel: Panel, outcome: str, kind: str, wanted: str
) -> None:
    stratum, exposure = f"stratum_lot_course_{outcome}", f"exposed_lot_course_{outcome}"
    took = panel.frame["exposed_digital_course_digital_literacy"]
    frame = panel.frame.assign(**{stratum: panel.frame["area"], exposure: took})
    drawn = with_lot(study, outcome, kind)
    design = designed(drawn, replace(panel, frame=frame), "lot_course", outcome)[1]
    assert (design.kind, design.assignment) == (wanted, "lot")
    assert stratum in design.fixed
    assert stratum in design.strata
    assert design.within == ""  # nobody's school decided
    assert (
        design.method != "change"
    )  # chance made the groups alike: the score before is a covariate


def test_days_are_named_only_where_both_are_there(study: Study, panel: Panel) -> None:
    names = [f"{k}_digital_course_digital_literacy" for k in ("day", "closes")]
    undated = designed(study, panel, "digital_course", "digital_literacy")[1]
    assert (undated.exposed_on, undated.closes_on) == ("", "")
    half = replace(panel, frame=panel.frame.assign(**{names[0]: "2025-01-01"}))
    assert designed(study, half, "digital_course", "digital_literacy")[1].exposed_on == ""
    both = replace(panel, frame=panel.frame.assign(**dict.fromkeys(names, "2025-01-01")))
    design = designed(study, both, "digital_course", "digital_literacy")[1]
    assert [design.exposed_on, design.closes_on] == names


def test_an_effect_on_scores_is_of_the_report_year_only(study: Study, panel: Panel) -> None:
    assert set(designed(study, panel, "digital_course", "digital_literacy")[0]["year"]) == {2025}
    assert len(set(designed(study, panel, "digital_course", "attrition")[0]["year"])) == 5


def test_a_policy_that_began_beside_stands_among_the_covariates(study: Study, panel: Panel) -> None:
    design = designed(study, panel, "digital_course", "digital_literacy")[1]
    assert "exposed_smart_pilot_digital_literacy" in design.linear


def test_an_outcome_of_one_side_only_is_undefined_there() -> None:
    rows = pd.DataFrame({"y": [1.0, 0.0, np.nan, np.nan], "t": [1, 1, 0, 0]})
    assert undefined_arm(rows, "y", "t")
    assert not undefined_arm(rows.assign(y=1.0), "y", "t")
    assert not undefined_arm(rows.assign(y=np.nan), "y", "t")  # nobody has it: another reason


def test_leaving_is_compared_within_schools(study: Study, panel: Panel) -> None:
    """Where people take part one by one; not where whole schools do, nor by lot (the test of lots above)."""
    assert designed(study, panel, "digital_course", "attrition")[1].within == "school_id"
    course = study.interventions["digital_course"]
    whole = course.model_copy(
        update={"exposure": SchoolFlag(kind="school_flag", variable="area", values=("urban",))}
    )
    other = study.model_copy(update={"interventions": {"digital_course": whole}})
    assert designed(other, panel, "digital_course", "attrition")[1].within == ""
