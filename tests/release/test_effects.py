"""Wording is a function of grade and verdict; the wrong verb is the worst bug there is."""

from __future__ import annotations

import pytest

from analysis.inference.record import Arm, Check, Estimate
from analysis.release.effects import effect_claims, label_of, relevant_slot
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect

CAUSAL = ("促进", "导致", "带动", "归功于", "有效", "显著", "带来", "使")
RISK = {
    "id": "rural_subsidy:attrition:A2",
    "subject": "rural_subsidy",
    "outcome": "attrition",
    "definition": "A2",
    "design": "policy_logit",
    "assignment": "universal",
    "unit": "pp",
    "estimate": -0.6,
    "std_error": 0.46,
    "ci_low": -1.5,
    "ci_high": 0.3,
    "ci_adj_low": -1.7,
    "ci_adj_high": 0.5,
    "p_value": 0.19,
    "p_adjusted": 0.38,
    "mde": 1.3,
    "grade": "D",
    "verdict": "undetermined",
    "ratio": 0.8,
    "ratio_low": 0.6,
    "ratio_high": 1.1,
    "arms": {
        "treated": Arm(3200, 90, 90, 2.8),
        "control": Arm(2600, 50, 45, 1.7),
        "treated_before": Arm(3200, 90, 160, 5.0),
        "control_before": Arm(2600, 50, 78, 3.0),
    },
}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def text(study: Study, estimate: Estimate) -> str:
    return "".join(c.plain() for c in effect_claims(study, estimate))


def test_an_adjusted_difference_says_related_and_no_more(study: Study) -> None:
    said = text(study, effect())
    assert "高1.2分" in said
    assert "大致在0.9至1.5分之间" in said
    assert "相关" in said
    assert "不能据此认定因果" in said
    assert not any(verb in said for verb in CAUSAL)


def test_the_part_that_was_there_before_is_told(study: Study) -> None:
    assert "高2.4分" in text(study, effect())
    assert "此前一年就已高1.5分" in text(study, effect())


def test_flipping_the_sign_turns_the_wording(study: Study) -> None:
    flipped = effect(estimate=-1.2, ci_low=-1.5, ci_high=-0.9, ci_adj_low=-1.54, ci_adj_high=-0.86)
    said = text(study, flipped)
    assert "低1.2分" in said
    assert "方向不利" in said
    assert "方向有利" not in said


def test_cannot_tell_comes_first_and_never_says_no_effect(study: Study) -> None:
    said = text(study, effect(**RISK))
    assert said.startswith("现有数据尚不能判断")
    assert "降低1.5个百分点" in said
    assert "升高0.3个百分点" in said
    assert "1.3个百分点" in said
    assert "无效" not in said
    assert "没有作用" not in said.replace("有没有作用", "")
    assert label_of(effect(**RISK)) == "undetermined"


def test_a_fall_is_told_beside_the_fall_of_the_others(study: Study) -> None:
    said = text(study, effect(**RISK))
    for rate in ("5.0%", "2.8%", "3.0%", "1.7%"):
        assert rate in said
    assert "不宜全部归于" in said


def test_a_widened_interval_changes_the_sentence(study: Study) -> None:
    wide = effect(
        ci_low=-0.2, ci_high=2.6, ci_adj_low=-0.4, ci_adj_high=2.8, verdict="undetermined"
    )
    assert "尚不能判断" in text(study, wide)
    assert "相关" not in text(study, wide)


def test_significant_alone_but_not_after_adjustment_is_undetermined(study: Study) -> None:
    said = text(
        study,
        effect(ci_low=0.1, ci_high=2.3, ci_adj_low=-0.2, ci_adj_high=2.6, p_value=0.03, p_adjusted=0.09,
               verdict="undetermined"),
    )  # fmt: skip
    assert "校正" in said
    assert "低0.2分" in said


def test_bounded_gives_the_bound_not_an_absence(study: Study) -> None:
    tight = effect(
        estimate=0.1, ci_low=-0.3, ci_high=0.5, ci_adj_low=-0.4, ci_adj_high=0.6, verdict="bounded"
    )
    said = text(study, tight)
    assert "不超过0.6分" in said
    assert "没有作用" not in said


@pytest.mark.parametrize("grade", ["A", "B"])
def test_causal_verbs_only_with_a_strong_design(study: Study, grade: str) -> None:
    said = text(study, effect(grade=grade, design="ancova", arms={}))
    assert any(verb in said for verb in ("使", "带来"))
    assert label_of(effect(grade=grade)) == "strong"


def test_grade_d_only_shows_a_difference(study: Study) -> None:
    said = text(study, effect(grade="D"))
    assert "尚不能判断原因" in said
    assert not any(verb in said for verb in CAUSAL)


def test_too_few_schools_give_no_range(study: Study) -> None:
    few = effect(
        checks=(Check("clusters", 3, "fail", cap="D"),), n_treated_schools=3, verdict="undetermined"
    )
    said = effect_claims(study, few)[0].plain()
    assert "只有3所学校" in said
    assert "大致在" not in said


def test_without_data_the_missing_file_is_named(study: Study) -> None:
    said = text(study, effect(estimate=None, reason="no_outcome", grade="E"))
    assert "现有数据无法回答" in said
    assert "数字素养测评成绩" in said


def test_every_number_is_a_slot(study: Study) -> None:
    """No digit stands in a template; every printed digit belongs to a slot or to a name of the study."""
    for estimate in (effect(), effect(**RISK)):
        for claim in effect_claims(study, estimate):
            bare = claim.text
            for slot in claim.slots:
                bare = bare.replace("{" + slot.name + "}", "")
            names = study.interventions[estimate.subject]
            for word in (names.label, names.exposed_text, names.comparison_text):
                bare = bare.replace(word, "")
            assert not any(c.isdigit() for c in bare), bare


def test_few_schools_drawn_by_lot_are_told_as_few(study: Study) -> None:
    """The interval leaves zero outside, the lot does not: the sentence must not show that range."""
    drawn = (Check("clusters", 4, "caution"), Check("randomisation", 0.2, "fail", steps=1))
    said = text(study, effect(verdict="undetermined", checks=drawn, n_treated_schools=4))
    assert "只有4所学校参加" in said
    assert "0.9" not in said
    assert "大致在0.9至1.5分之间" in text(study, effect(checks=drawn))


def test_after_trimming_the_sentence_is_about_those_with_a_counterpart(study: Study) -> None:
    exposed = study.interventions["digital_course"].exposed_text
    said = text(study, effect(note="trimmed"))
    assert f"{exposed}（有可比对照者）" in said
    assert "有可比对照者" not in text(study, effect())
    bounded = effect(note="trimmed", verdict="bounded", ci_adj_low=-0.3, ci_adj_high=0.3)
    assert "以上只就有可比对照者而言。" in text(study, bounded)
    unclear = effect(note="trimmed", verdict="undetermined", ci_low=-0.2, ci_high=2.0)
    assert "以上只就有可比对照者而言。" in text(study, unclear)


def test_without_a_smallest_change_none_is_told(study: Study) -> None:
    """It printed 0.0 where none could be worked out."""
    open_ = effect(verdict="undetermined", ci_low=-0.2, ci_high=2.6, mde=None)
    said = text(study, open_)
    assert "最小变化" not in said
    assert "0.0" not in said
    assert "尚不能判断" in said


@pytest.mark.parametrize(("value", "said"), [(1.0, "1.0分"), (0.25, "0.25分"), (0.3, "0.3分")])
def test_what_matters_is_printed_as_the_study_states_it(value: float, said: str) -> None:
    assert relevant_slot(effect(relevant_effect=value)).text == said
