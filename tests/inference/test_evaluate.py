"""Programmes against outcomes on drawn panels: planted truths come back, impossible questions are refused in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.evaluate import evaluate, evaluate_outcome, same_score
from analysis.inference.record import Estimate
from analysis.panel.build import Panel
from analysis.panel.exposure import add_exposures
from analysis.study.load import load_study
from analysis.study.objects import Lot, Study
from analysis.study.workspace import open_workspace
from tests.inference.drawn import drawn_panel


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


GRADED = 4  # draws that are asked all checks; no estimate rests on those that refit


def one(
    study: Study,
    panel: Panel,
    outcome: str,
    subject: str,
    definition: str = "",
    *,
    cheap: bool = False,
) -> Estimate:
    found = evaluate_outcome(study, panel, outcome, definition, cheap=cheap)
    return next(e for e in found if e.subject == subject)


def test_the_course_effect_is_recovered(study: Study) -> None:
    """Planted +1.0; the raw difference is several times that because the keen volunteer."""
    asked = ("digital_literacy", "digital_course")
    values = [
        one(study, drawn_panel(s, years=(2025,)), *asked, cheap=s >= GRADED) for s in range(12)
    ]
    mean = np.mean([e.estimate for e in values])
    assert abs(mean - 1.0) < 3 * np.std([e.estimate for e in values]) / np.sqrt(12)
    assert min(e.raw_difference or 0 for e in values) > 2
    assert all(e.grade in ("C", "D") for e in values[:GRADED])


def test_flipping_the_planted_sign_flips_the_estimate(study: Study) -> None:
    e = one(study, drawn_panel(3, course=-1.5), "digital_literacy", "digital_course")
    assert (e.estimate or 0) < 0
    assert e.verdict == "direction"


def test_the_subsidy_is_compared_before_and_after(study: Study) -> None:
    """A common fall of the odds in 2025 is not credited to the subsidy: planted zero, found zero within error."""
    years = (2023, 2024, 2025)
    values = [
        one(study, drawn_panel(s, years=years), "attrition", "rural_subsidy", cheap=s >= GRADED)
        for s in range(10)
    ]
    estimates = np.array([e.estimate for e in values])
    assert abs(estimates.mean()) < 3 * estimates.std() / np.sqrt(10)
    assert all((e.raw_difference or 0) > 0 or e.ratio for e in values)
    assert all(e.grade in ("C", "D") for e in values[:GRADED])  # posts chosen for their distance


def test_a_planted_subsidy_effect_is_seen_when_large(study: Study) -> None:
    e = one(study, drawn_panel(5, subsidy=-1.2, size=80), "attrition", "rural_subsidy")
    assert (e.estimate or 0) < -2
    assert (e.ratio or 1) < 0.6
    assert e.arms["treated_before"].level is not None


def test_swapping_800_and_1000_flips_the_sign(study: Study) -> None:
    panel = drawn_panel(6, subsidy=-1.0, size=80)
    before = one(study, panel, "attrition", "rural_subsidy")
    frame = panel.frame.copy()
    frame["group_rural_subsidy"] = 1 - frame["group_rural_subsidy"]
    is_last = frame["year"] == 2025
    frame["exposed_rural_subsidy_attrition"] = frame["group_rural_subsidy"] * is_last
    after = one(study, replace(panel, frame=frame), "attrition", "rural_subsidy")
    assert (before.estimate or 0) * (after.estimate or 0) < 0


def test_an_outcome_that_one_arm_cannot_have_is_refused(study: Study) -> None:
    e = one(study, drawn_panel(1), "attrition", "rural_subsidy", "A1")
    assert (e.grade, e.reason, e.estimate) == ("E", "undefined_in_arm", None)


def test_without_pre_years_the_grade_is_capped(study: Study) -> None:
    e = one(study, drawn_panel(1, years=(2024, 2025)), "attrition", "rural_subsidy")
    check = next(c for c in e.checks if c.name == "pre_period")
    assert (check.verdict, check.cap) == ("fail", "C")
    assert e.grade in ("C", "D")
    none = one(study, drawn_panel(1, years=(2025,)), "attrition", "rural_subsidy")
    assert (none.grade, none.estimate, none.reason) == ("E", None, "no_treated")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"exposed_digital_course_digital_literacy": 1.0}, "one_arm"),
        ({"exposed_digital_course_digital_literacy": 0.0}, "one_arm"),
        ({"exposed_digital_course_digital_literacy": np.nan}, "no_exposure"),
        ({"digital_literacy_score": 80.0}, "constant_outcome"),
        ({"school_id": "s1"}, "one_cluster"),
    ],
)
def test_bad_input_gives_grade_e_with_the_reason(
    study: Study, change: dict[str, object], reason: str
) -> None:
    panel = drawn_panel(1)
    e = one(
        study,
        replace(panel, frame=panel.frame.assign(**change)),
        "digital_literacy",
        "digital_course",
    )
    assert (e.grade, e.reason, e.estimate) == ("E", reason, None)


def test_an_absent_outcome_is_said(study: Study) -> None:
    panel = replace(drawn_panel(1), absent={"digital_literacy_score": "no_data"})
    e = one(study, panel, "digital_literacy", "digital_course")
    assert (e.grade, e.reason) == ("E", "no_outcome")


def test_nobody_leaves_in_one_arm_is_fitted_linearly_and_said(study: Study) -> None:
    """No logit has a number for an empty cell; the same comparison of shares has (methods 4.1, E2)."""
    panel = drawn_panel(1)
    frame = panel.frame.copy()
    frame.loc[frame["exposed_rural_subsidy_attrition"] == 1, "attrition_A2"] = 0.0
    e = one(study, replace(panel, frame=frame), "attrition", "rural_subsidy")
    assert e.note == "linear"
    assert (e.estimate or 0) < 0
    assert e.ratio is None


def test_rescaling_the_score_leaves_the_grade(study: Study) -> None:
    panel = drawn_panel(2)
    columns = ["digital_literacy_score", "pre_score", "school_pre_score"]
    frame = panel.frame.copy()
    frame[columns] = frame[columns] * 10
    a = one(study, panel, "digital_literacy", "digital_course")
    b = one(study, replace(panel, frame=frame), "digital_literacy", "digital_course")
    assert b.estimate == pytest.approx(10 * (a.estimate or 0), rel=1e-6)
    assert a.grade == b.grade
    assert a.verdict == b.verdict


def test_reordered_rows_and_renamed_people_change_nothing(study: Study) -> None:
    panel = drawn_panel(2)
    frame = panel.frame.sample(frac=1, random_state=3)
    frame["teacher_id"] = "x" + frame["teacher_id"]
    a = one(study, panel, "digital_literacy", "digital_course")
    b = one(study, replace(panel, frame=frame), "digital_literacy", "digital_course")
    assert b.estimate == pytest.approx(a.estimate, rel=1e-9)
    assert b.std_error == pytest.approx(a.std_error, rel=1e-9)


def test_the_family_is_adjusted(study: Study) -> None:
    found = [
        e
        for e in evaluate_outcome(study, drawn_panel(2), "digital_literacy")
        if e.p_value is not None
    ]
    for e in found:
        assert (e.p_adjusted or 0) >= (e.p_value or 0)
        assert (e.ci_adj_low or 0) <= (e.ci_low or 0) + 1e-12


def test_few_treated_schools_stay_undetermined(study: Study) -> None:
    panel = drawn_panel(1)
    few = panel.frame["school_id"].isin(["s001", "s002", "s003"])
    frame = panel.frame.assign(exposed_digital_course_digital_literacy=few.astype(float))
    frame.loc[few, "digital_literacy_score"] += 10
    e = one(study, replace(panel, frame=frame), "digital_literacy", "digital_course")
    assert e.verdict == "undetermined"


def test_without_a_pre_score_nothing_is_aligned(study: Study) -> None:
    panel = drawn_panel(1, years=(2025,))
    frame = panel.frame.assign(pre_score=np.nan, school_pre_score=np.nan)
    e = one(study, replace(panel, frame=frame), "digital_literacy", "digital_course")
    assert (e.grade, e.reason, e.estimate) == ("E", "no_pre_score", None)


def with_days(panel: Panel, day: str) -> Panel:
    frame = panel.frame.assign(
        day_digital_course_digital_literacy=day, closes_digital_course_digital_literacy="2025-05-20"
    )
    return replace(panel, frame=frame)


def test_exposure_after_the_outcome_blocks(study: Study) -> None:
    panel = drawn_panel(1, years=(2025,))
    late = one(study, with_days(panel, "2025-06-01"), "digital_literacy", "digital_course")
    assert (late.grade, late.reason) == ("E", "blocked_exposure_before_outcome")
    good = one(study, with_days(panel, "2025-03-01"), "digital_literacy", "digital_course")
    assert good.estimate is not None
    check = next(c for c in good.checks if c.name == "exposure_before_outcome")
    assert (check.value, check.verdict) == (1.0, "pass")


def test_undated_exposure_is_a_caution_that_caps(study: Study) -> None:
    e = one(study, drawn_panel(1, years=(2025,)), "digital_literacy", "digital_course")
    check = next(c for c in e.checks if c.name == "exposure_before_outcome")
    assert (check.verdict, check.cap) == ("caution", "C")


def test_a_policy_counts_schools_that_never_take_part(study: Study) -> None:
    """Pre-years of treated schools are no controls: with two schools outside nothing can be told."""
    panel = drawn_panel(1, subsidy=-1.0)
    schools = sorted(panel.frame["school_id"].unique())
    group = (~panel.frame["school_id"].isin(schools[-2:])).astype(float)
    frame = panel.frame.assign(group_rural_subsidy=group)
    frame["exposed_rural_subsidy_attrition"] = group * (frame["year"] == 2025)
    e = one(study, replace(panel, frame=frame), "attrition", "rural_subsidy")
    assert e.n_control_schools == 2
    assert e.verdict == "undetermined"


def test_before_and_after_are_each_groups_own(study: Study) -> None:
    panel = drawn_panel(2, years=(2023, 2024, 2025))
    e = one(study, panel, "attrition", "rural_subsidy")
    frame = panel.frame
    for side, code in (("treated", 1.0), ("control", 0.0)):
        for suffix, year in (("", 2025), ("_before", 2024)):
            rows = frame[(frame["group_rural_subsidy"] == code) & (frame["year"] == year)]
            assert e.arms[side + suffix].level == pytest.approx(100 * rows["attrition_A2"].mean())


def test_where_nobody_leaves_there_is_no_estimate_and_no_crash(study: Study) -> None:
    panel = drawn_panel(1, years=(2023, 2024, 2025))
    found = evaluate_outcome(
        study, replace(panel, frame=panel.frame.assign(attrition_A2=0.0)), "attrition"
    )
    assert all(e.estimate is None for e in found)


def lot_study(study: Study) -> Study:
    """The study with one programme more: a course whose places were drawn by lot."""
    course = study.interventions["digital_course"]
    drawn = course.model_copy(
        update={
            "id": "lot_course",
            "exposure": Lot(kind="lot", programme="digital_course"),
            "assignment": "lot",
            "design": {"attrition": "landmark_logit"},
        }
    )
    return study.model_copy(update={"interventions": {"lot_course": drawn}})


def lot_panel(seed: int, odds: float, size: int = 80) -> tuple[Panel, pd.DataFrame]:
    """Half of all teachers apply; rural applicants win seven in ten, urban three; the drawn leave with ``odds``."""
    panel = drawn_panel(seed, years=(2025,), size=size)
    rng = np.random.default_rng([seed, 1])
    frame, n = panel.frame, len(panel.frame)
    is_rural = (frame["area"] == "rural").to_numpy()
    applied, won = rng.random(n) < 0.5, rng.random(n) < np.where(is_rural, 0.7, 0.3)
    chance = 1 / (1 + np.exp(2.6 - 1.2 * is_rural - np.log(odds) * (applied & won)))
    frame = frame.assign(attrition_A2=(rng.random(n) < chance).astype(float))
    lots = pd.DataFrame(
        {
            "teacher_id": frame["teacher_id"],
            "programme": "digital_course",
            "lot_date": "2024-03-01",
            "lot_stratum": frame["area"],
            "lot_result": np.where(won, "drawn", "waiting"),
        }
    )[applied]
    return replace(panel, frame=frame), lots


def test_a_lot_is_grade_a_within_its_strata(study: Study) -> None:
    """Planted odds of 0.4; rural teachers leave more and win more often, so the raw difference says almost nothing."""
    drawn = lot_study(study)
    panel, lots = lot_panel(1, odds=0.4)
    frame = add_exposures(drawn, panel.frame, {"programmes": lots})
    e = one(drawn, replace(panel, frame=frame), "attrition", "lot_course")
    assert (e.assignment, e.grade, e.verdict) == ("lot", "A", "direction")
    assert e.n_teachers == len(lots)  # those who applied, nobody else
    assert e.n_treated == int((lots["lot_result"] == "drawn").sum())
    assert 0.3 < (e.ratio or 1) < 0.65  # odds of 0.4 where a sixth leaves
    assert abs(e.raw_difference or 0) < 0.6 * abs(e.estimate or 0)


def test_a_lot_without_an_effect_finds_none(study: Study) -> None:
    """Planted zero: chances differ between strata as before, and nothing is credited to the course."""
    drawn = lot_study(study)
    values = []
    for seed in range(5):
        panel, lots = lot_panel(seed, odds=1.0, size=30)
        frame = add_exposures(drawn, panel.frame, {"programmes": lots})
        asked = replace(panel, frame=frame)
        values.append(one(drawn, asked, "attrition", "lot_course", cheap=True))
    z = np.array([(e.estimate or 0) / (e.std_error or 1) for e in values])
    assert abs(z.mean()) < 3 / np.sqrt(len(z))
    assert np.mean([e.raw_difference or 0 for e in values]) > 3  # rural teachers win and leave more


def with_excellent(panel: Panel) -> Panel:
    """The panel with the share at 85 or more, read from the same score."""
    score = panel.frame["digital_literacy_score"]
    return replace(
        panel, frame=panel.frame.assign(digital_literacy_excellent=(score >= 85).astype(float))
    )


def test_two_definitions_of_one_score_are_one_finding(study: Study) -> None:
    """The other is measured as if asked alone and shown beside; the family stays as large as it was."""
    panel = with_excellent(drawn_panel(2, years=(2025,)))
    e = one(study, panel, "digital_literacy", "digital_course")
    programme, outcome = study.interventions["digital_course"], study.outcomes["digital_literacy"]
    alone = evaluate(study, panel, programme, outcome, "excellent", cheap=True)
    (told,) = e.series["same_score"]
    assert (told.label, told.estimate, told.ci_low) == ("excellent", alone.estimate, alone.ci_low)
    assert (alone.unit, told.n) == ("pp", min(a.n_teachers for a in alone.arms.values()))
    (check,) = [c for c in e.checks if c.name == "one_score"]
    assert (check.value, check.verdict, check.detail) == (1, "pass", "excellent")
    assert (check.cap, check.steps, check.blocks) == (None, 0, False)
    assert e.n_family == 1


def test_another_definition_is_told_only_beside_the_primary_one(study: Study) -> None:
    panel = with_excellent(drawn_panel(2, years=(2025,)))
    other = one(study, panel, "digital_literacy", "digital_course", "excellent")
    assert "same_score" not in other.series
    cheap = evaluate_outcome(study, panel, "digital_literacy", cheap=True)
    assert not any("same_score" in e.series for e in cheap)
    without = one(study, drawn_panel(2, years=(2025,)), "digital_literacy", "digital_course")
    assert "one_score" not in {c.name for c in without.checks}


def test_definitions_that_read_no_score_are_not_linked(study: Study) -> None:
    assert same_score(study.outcomes["attrition"], study.outcomes["attrition"].primary) == ()
    assert same_score(study.outcomes["digital_literacy"], "score") == ("excellent",)
