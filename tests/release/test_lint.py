"""The linter's rules on drawn sentences: what is found, what is not, and that what it proposes stands."""

from __future__ import annotations

import pytest

from analysis.release.draft import Draft
from analysis.release.lint.check import lint, lint_free
from analysis.release.lint.passages import read_passages
from analysis.release.lint.rules import rules
from analysis.release.wording import wording

FOUND = {
    "cause": [
        "培训促进了教师专业成长。", "补助使乡村教师流失率降低。", "流失率下降得益于补助。", "有效提升教师素养。",
        "政策导致流失。", "试点带动教学质量提高。",
    ],
    "significant": ["成绩显著提高。", "取得显著成效。"],
    "nothing": ["补助对流失没有作用。", "这项培训无效。", "毫无效果。"],
    "heads": ["覆盖教师18.6万人次。", "惠及乡村教师300人次。", "教师人数达1200人次。", "培训场次500人次。"],
    "points": ["优秀率提高10%。", "达标率98.7%，较上年增长1.2%。", "获奖人数增加3个百分点。"],
    "vague": ["教师很可能流失。", "大部分教师满意。", "教学质量明显提高。", "普遍反映培训太多。", "有120人左右参加。"],
    "absolute": ["能力全面提升。", "彻底解决缺编问题。", "完成学时的教师达100%。", "流失得到有效遏制。"],
    "times": ["流失率降低了2倍。", "人数减少一倍。"],
    "blank": ["开展培训X场次。", "培训教师XX人。", "投入____万元。", "覆盖（ ）所学校。"],
    "half_width": ["开展培训,覆盖学校。", "教师(含校长)参加。", "分两类:城区和乡村。"],
}  # fmt: skip
RIGHT = [
    "补助使流失率降低2.1个百分点（把握较大）。",
    "这不能说明培训促进了教师专业成长。",
    "使用数字化工具开展教学。",
    "两组差异经检验显著（p=0.03）。",
    "“看不出”不等于没有作用。",
    "现有数据尚不能判断有没有作用。",
    "有效问卷300份，无效问卷12份。",
    "参训1200人次，不同的教师800人。",
    "优秀率由32%提高到45%，提高13个百分点。",
    "获奖人数较上年增加30%。",
    "明显高于上年，高12个百分点。",
    "实施《全面育人行动》和“彻底解决”专项。",
    "问题尚未根本解决。",
    "全面贯彻党的教育方针。",
    "流失率降低到2.3%。",
    "完成学时的教师达100%（5862/5862）。",
    "占比为100%（对应上270人）。",
    "X射线检查，3×4的表格，USB与XML。",
    "见培训台账(2025年).xlsx和estimates.csv。",
    "力争教师素养全面提升。",
]


def said(text: str, suffix: str = ".txt") -> list[str]:
    """The rules that find something in a text."""
    return [f.rule for f in lint(read_passages(Draft("-", suffix, text.encode())))]


@pytest.mark.parametrize(("rule", "text"), [(r, t) for r, ts in FOUND.items() for t in ts])
def test_a_sentence_is_found_and_its_replacement_stands(rule, text):
    found = lint(read_passages(Draft("-", ".txt", text.encode())))
    assert [f.rule for f in found] == [rule]
    assert found[0].words in text
    assert found[0].replacement != found[0].excerpt
    assert lint_free(found[0].replacement)


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_sentence_is_left_alone(text):
    assert said(text) == []


def test_every_rule_has_words_and_a_test():
    ids = {r.id for r in rules()}
    assert ids == set(FOUND) == set(wording()["lint_rule"])


def test_a_plan_may_aim_high_but_keeps_its_numbers_right():
    plan = "三、2026年工作计划\n教师素养全面提升，优秀率提高10%。"
    assert said(plan) == ["points"]
    assert said(plan.replace("工作计划", "工作情况")) == ["absolute", "points"]


def test_a_label_beside_the_sentence_allows_its_verb():
    assert said("补助使流失率降低2.1个百分点。\n范围与把握：把握较大") == []
    assert said("补助使流失率降低2.1个百分点。\n范围与把握：把握中等") == ["cause"]


def test_where_it_stands_and_how_often():
    text = "开展培训,共三期,覆盖学校。\n好。\n分两类,成绩显著提高。"
    marks, verb = lint(read_passages(Draft("-", ".txt", text.encode())))
    assert (marks.number, marks.column, marks.n) == (1, 5, 3)
    assert (verb.number, verb.column, verb.excerpt) == (3, 7, "成绩显著提高")
    assert verb.replacement == "成绩提高"


def test_a_page_is_read_as_it_is_shown():
    page = (
        "<title>好</title><style>p{显著}</style><p>成绩<b>显</b>著提高<span class='vh'>（检验）</span>。</p>"
        "<table><tr><td>100%</td></tr></table><p>达100%。<br>好</p>"
    )
    assert said(page, ".html") == ["significant", "absolute"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_encodings(encoding):
    draft = Draft("-", ".txt", "成绩显著提高。".encode(encoding))
    assert [f.rule for f in lint(read_passages(draft))] == ["significant"]
