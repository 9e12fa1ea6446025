"""Figures of the series beside one estimate: what they say, and what stands in their place when there is too little."""

from dataclasses import replace

import pytest

from analysis.inference.record import Check, Point
from analysis.release.appendix_figures import choices_of, period_name, series_parts
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect
from tests.release.drawn_series import around, hazard, staggered


@pytest.fixture(scope="module")
def study():
    return load_study(open_workspace())


def parts(study, estimate):
    """What becomes of the series, by the kind of figure."""
    return {
        p.figure.series if p.figure else p.sentence: p.figure
        for p in series_parts(study, estimate, "示例县")
    }


def test_a_staggered_estimate_has_its_three_figures(study):
    found = parts(study, staggered())
    assert list(found) == ["event_study", "cohorts", "specifications"]
    assert [f.kind for f in found.values()] == ["event_study", "points", "curve"]
    assert all("示例县，2025年" in f.subtitle for f in found.values())


def test_years_are_named_and_the_reference_is_said(study):
    figure = parts(study, staggered())["event_study"]
    assert figure.point_labels[:5] == (
        "开始前4年",
        "开始前3年",
        "开始前2年",
        "开始前1年",
        "开始当年",
    )
    assert figure.alt_text == "开始前3个点、开始后5个点，开始前一年为基准，固定为0。数据见下表。"
    assert period_name("post") == "开始后各年合计"


def test_a_curve_names_its_choices_and_the_share_the_check_found(study):
    figure = parts(study, staggered())["specifications"]
    assert figure.title.endswith("换12种做法，结果怎样")
    assert figure.choices[0] == ("学校固定效应", "按教师人数计", "全部年份")
    assert figure.point_labels[1] == "学校固定效应、按教师人数计、不用最后一年"
    assert "与报告所用的做法相差在1个标准误以内（或没有超出偶然）的占50%。" in figure.reading
    assert "最小0.9分，最大2.0分，报告所用的做法为1.5分" in figure.alt_text


def test_without_its_check_a_curve_states_no_share(study):
    figure = parts(study, staggered(checks=()))["specifications"]
    assert "标准误" not in figure.reading


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("weighted_straight_cloglog", ("加权并作回归", "条件只取直线", "互补双对数模型")),
        ("without_title_rank", ("不对齐“专业技术职务”",)),
        ("aipw_last_roster", ("双重稳健", "只对齐最近一次成绩", "对齐成绩和教师条件")),
        ("identity.clusters.nofirst", ("线性模型", "各校同等看待", "不用第一年")),
    ],
)
def test_ids_of_specifications_are_read_part_by_part(study, label, words):
    assert choices_of(study, label) == words


def test_a_choice_without_words_stops(study):
    with pytest.raises(KeyError, match="barycentric"):
        choices_of(study, "logit.barycentric")


def test_horizons_and_destinations_are_named(study):
    found = parts(study, hazard())
    assert found["horizons"].point_labels == ("1年内", "3年内", "5年内")
    assert found["destinations"].point_labels == ("辞职，1年内", "没有登记原因，1年内")
    assert "参加之后1年到5年的相差" in found["horizons"].title


def test_readings_leave_the_verdict_to_the_sentence_above(study):
    """The ranges of a series are not adjusted for several comparisons: none may decide a direction."""
    for estimate in (staggered(), hazard()):
        for figure in parts(study, estimate).values():
            if figure is not None:
                assert "以上面的一句为准" in figure.reading or "不作单独结论" in figure.reading


def test_too_few_points_give_a_sentence_instead(study):
    one = {
        "event_study": (Point("-1", 0.0), around("0", 1.0)),
        "specifications": (around("logit", 1.0),),
    }
    said = [
        p.sentence for p in series_parts(study, staggered(series=one), "示例县") if p.figure is None
    ]
    assert said == [
        "逐年图：能比较的年份不足两个，不画图；开始前的走势也就无从查看。",
        "换做法的比较：可比的做法不足两种，不画图。",
    ]


def test_an_event_study_is_missed_only_where_its_check_is(study):
    policy = effect(
        checks=(Check("pre_period", 0, "fail", cap="C", detail="fewer than two leads"),)
    )
    assert any("逐年图" in p.sentence for p in series_parts(study, policy, "示例县"))
    assert not any("逐年图" in p.sentence for p in series_parts(study, effect(), "示例县"))


def test_without_an_estimate_nothing_is_drawn(study):
    assert series_parts(study, replace(staggered(), estimate=None), "示例县") == ()
