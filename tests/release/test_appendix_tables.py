"""Tables of an appendix: drawn series and levels with the cells that must come of them."""

import pytest

from analysis.inference.record import Check, Point
from analysis.release.appendix_tables import (
    detectable_table,
    flow_table,
    same_score_table,
    sensitivity_table,
    variants_table,
)
from analysis.release.disclosure import disclose
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect
from tests.release.drawn_series import hazard, staggered


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


def level(definition, year, value, **changes):
    """The level of the score under one definition in one year."""
    name = f"level:digital_literacy:{definition}:{year}"
    fields = {
        "id": name,
        "kind": "level",
        "definition": definition,
        "year": year,
        "estimate": value,
    }
    return effect(**(fields | {"family": "", "arms": {}} | changes))


def test_every_definition_is_listed_with_this_year_and_last(study):
    levels = (level("score", 2025, 83.24), level("score", 2024, 81.9))
    entry = study.outcomes["digital_literacy"]
    found = variants_table(study, entry, "score", {e.id: e for e in levels}, "示例县", 2025)
    score, excellent = found.rows
    assert score == ("测评总分（本附录所用）", "本年测评总分，0至100分", "83.2分", "81.9分", "4000")
    assert excellent[0] == "测评优秀率"
    assert excellent[2:] == ("…", "…", "…")  # not in the data
    assert len(found.rows) == len(entry.definitions)


def test_a_flow_says_what_each_step_left_and_took(study):
    found = flow_table(study, staggered(), "示例县")
    assert [row[1:] for row in found.rows] == [
        ("21500", "—"),
        ("18230", "3270"),
        ("17904", "326"),
        ("5120", "—"),  # a part of what is left, not a step
    ]
    assert flow_table(study, effect(), "示例县") is None


def test_a_flow_hides_one_to_nine_and_what_lies_beside_them(study):
    steps = {"rows": 30, "with_outcome": 9, "complete": 0}
    small = staggered(series={"flow": tuple(Point(k, None, n=n) for k, n in steps.items())})
    rows = flow_table(study, disclose(small)[0], "示例县").rows
    assert [row[1:] for row in rows] == [("30", "—"), ("※", "※"), ("0", "※")]


def test_robust_ranges_say_whether_they_reach_zero(study):
    half, whole = sensitivity_table(study, staggered(), "示例县").rows
    assert half[0] == "开始后偏离平行走势的程度，最多是开始前最大一次偏离的0.5倍"
    assert half[1:] == ("0.3~2.7分", "范围不跨过0：有这样大的偏离，方向仍不变")
    assert whole[1:] == ("−0.9~3.9分", "范围跨过0：有这样大的偏离，方向就判断不了")


def test_a_robust_range_says_no_more_than_the_verdict(study):
    unclear = staggered(verdict="undetermined")
    half = sensitivity_table(study, unclear, "示例县").rows[0]
    assert half[2] == "范围不跨过0；能否判断方向，以上面的一句为准"


def test_robust_ranges_of_rates_say_how_they_became_points(study):
    share = staggered(unit="pp")
    found = sensitivity_table(study, share, "示例县")
    assert found.rows[0][1] == "0.3~2.7"
    assert "折算成百分点" in found.notes[0]


def test_hidden_causes_are_told_by_their_strength(study):
    e_value, robustness = sensitivity_table(study, hazard(), "示例县").rows
    assert e_value[1] == "与两边的风险之比都须达到1.40；已记录的最强因素“性别”相当于1.06"
    assert robustness[1].startswith(
        "须解释两边剩余差异的5%，估计才会变为0；若有一个与“专业技术职务”同样强的"
    )
    reached = hazard(checks=(Check("e_value", 1.0, "caution"),))
    assert (
        sensitivity_table(study, reached, "示例县").rows[0][1]
        == "范围本来就包含没有差别，不需要隐藏因素"
    )
    assert sensitivity_table(study, effect(), "示例县") is None


@pytest.mark.parametrize(
    ("mde", "relevant", "cells"),
    [
        (0.42, 1.0, ("0.42分", "1.0分", "够：有意义的变化看得出来")),
        (
            1.24,
            1.0,
            ("1.2分", "1.0分", "不够：比能看出的更小的变化，今年说不清，“看不出”不等于“没有”"),
        ),
        (0.42, None, ("0.42分", "—", "此口径没有设定有意义的变化")),
    ],
)
def test_what_could_be_seen_stands_beside_what_matters(study, mde, relevant, cells):
    entry = study.outcomes["digital_literacy"]
    one = effect(mde=mde, relevant_effect=relevant)
    found = detectable_table(study, entry, [one], "示例县", 2025)
    assert found.rows[0][1:] == cells
    assert entry.relevant_source in found.notes[0]


def test_another_definition_of_the_score_is_told_but_not_counted_again(study):
    excellent = Point("excellent", 3.04, 1.2, 0.65, 5.43, n=420)
    found = same_score_table(study, effect(series={"same_score": (excellent,)}), "示例县")
    assert found.rows == (("测评优秀率", "3.0个百分点", "0.7~5.4个百分点"),)
    assert "与测评总分出自同一份成绩，是同一项发现，不另计" in found.notes[0]
    assert same_score_table(study, effect(), "示例县") is None


def test_another_definition_that_stands_on_few_people_is_hidden(study):
    few = effect(series={"same_score": (Point("excellent", 3.04, 1.2, 0.65, 5.43, n=9),)})
    found = same_score_table(study, disclose(few)[0], "示例县")
    assert found.rows == (("测评优秀率", "※", "※"),)
