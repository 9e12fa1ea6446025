"""Drawn sentences of the kind that bureaus write, each with what the linter says beside it; and sentences it leaves alone."""

from __future__ import annotations

import time

import pytest

from analysis.release.draft import Draft
from analysis.release.lint.check import lint, lint_free
from analysis.release.lint.passages import Passage, read_passages

# sentence -> what is proposed instead of its clause
CHANGES_OF_RATES = {
    "参训率提高5%。": "参训率提高5个百分点",
    "流失率下降了2%。": "流失率下降了2个百分点",
    "流失率下降了近2%。": "流失率下降了近2个百分点",
    "由12%提高到15%，提高3%。": "由12%提高到15%，提高3个百分点",
    "优秀率从32%提升至45%，提升了13%。": "优秀率从32%提升至45%，提升了13个百分点",
    "流失率从5%降到2.3%，降了2.7%。": "流失率从5%降到2.3%，降了2.7个百分点",
    "比例达52%，较上年提高7.4%。": "比例达52%，较上年提高7.4个百分点",
    "达标率比上年高3%。": "达标率比上年高3个百分点",
    "优秀率高出城区5%。": "优秀率高出城区5个百分点",
    "覆盖面扩大10%。": "覆盖面扩大10个百分点",
    "覆盖率提升到90%，提高了8%。": "覆盖率提升到90%，提高了8个百分点",
    "参训率提升幅度为5%。": "参训率提升幅度为5个百分点",
    "流失率降幅达2%。": "流失率降幅达2个百分点",
    "流失率下降2%至3%。": "流失率下降2至3个百分点",
    "参训率提高百分之五。": "参训率提高五个百分点",
    "优秀率、合格率分别提高3%、5%。": "优秀率、合格率分别提高3个百分点、5个百分点",
    "有效率提高5%。": "有效率提高5个百分点",
}
CAUSES = {
    "由于实施补助，乡村教师流失率下降。": "随着实施补助，乡村教师流失率下降",
    "因为补助，流失率下降了。": "随着补助，流失率下降了",
    "受补助影响，流失率下降2个百分点。": "随着补助，流失率下降2个百分点",
    "培训让教师数字素养得分提高。": "培训同期教师数字素养得分提高（附前后两个数）",
    "补助令教师离职减少。": "补助同期教师离职减少（附前后两个数）",
    "补助使得流失率下降2个百分点。": "补助同期流失率下降2个百分点（附前后两个数）",
    "培训带来满意度提升。": "培训同期有满意度提升（附前后两个数）",
    "培训促使教师成绩上升。": "培训同期教师成绩上升的变化（附前后两个数）",
    "流失率下降主要归功于补助。": "流失率下降，同期有补助（附前后两个数）",
    "满意度上升得益于减负。": "满意度上升，同期有减负（附前后两个数）",
    "倦怠减轻源于减负措施。": "倦怠减轻，同期有减负措施（附前后两个数）",
    "补助拉动满意度上升。": "补助同期满意度上升的变化（附前后两个数）",
    "流失率下降主要是因为补助。": "流失率下降，同期有补助（附前后两个数）",
    "流失率的下降是补助的结果。": "流失率的下降，同期有补助（附前后两个数）",
    "待遇低导致教师流失。": "待遇低同期有教师流失（附前后两个数）",
    "负担重是教师离职的主要原因。": "负担重与教师离职是否有关，尚不能判断",
    "补助政策的实施，大大降低了流失率。": "同期流失率有变化（附前后两个数）",
    "试点降低了教师流失率。": "试点期间教师流失率有变化（附前后两个数）",
}
HEADS = {
    "覆盖教师1,234人次。": "参加1,234人次（不同的人数另列）",
    "覆盖教师1，234人次。": "参加1，234人次（不同的人数另列）",
    "培训覆盖了1.2万人次。": "培训参加1.2万人次（不同的人数另列）",
    "覆盖教师12,345余人次。": "参加12,345余人次（不同的人数另列）",
    "参训人数达1.2万人次。": "参加1.2万人次（不同的人数另列）",
    "惠及教师三千人次。": "参加三千人次（不同的人数另列）",
    "全县1.2万人次教师参加培训。": "全县1.2万人次（不同的人数另列）参加培训",
    "培训1234人次，占全县教师的80%。": "培训1234人次（占教师的比例按不同的人数另算）",
}
ABSOLUTES = {
    "参训率百分之百。": "参训率（写明应有与实有的人数）",
    "100%的教师都完成了学时。": "（写明应有与实有的人数）的教师都完成了学时",
    "无一例外都通过了考核。": "（写明应有与实有的人数）都通过了考核",
    "缺编问题完全消除。": "缺编问题消除",
    "全年实现零流失。": "全年实现（写明应有与实有的人数）",
    "教师全部达标。": "教师（写明应有与实有的人数）",
}
FOUND = {
    **{text: ("points", put) for text, put in CHANGES_OF_RATES.items()},
    **{text: ("cause", put) for text, put in CAUSES.items()},
    **{text: ("heads", put) for text, put in HEADS.items()},
    **{text: ("absolute", put) for text, put in ABSOLUTES.items()},
    # a claim in quotes is a claim
    "“优秀率提高10%”。": ("points", "“优秀率提高10个百分点”"),
    "总结提出“补助使流失率下降”。": ("cause", "总结提出“补助同期流失率下降（附前后两个数）”"),
    "实现了“流失率显著下降”。": ("significant", "实现了“流失率下降”"),
    # about as many stays about as many
    "有约120人左右参加。": ("vague", "有约120人参加"),
    "这项培训无效。": ("nothing", "这项培训尚不能判断有没有作用"),
}
RIGHT = [
    "乡村教师参加面授类培训的比例不低于城区（98.0%对88.8%）。",
    # a change in per cent of what is counted, a level, a relative change
    "人数增加5%。",
    "经费增长5%。",
    "效率提高5%。",
    "流失率下降到2%。",
    "优秀率提高至45%。",
    "优秀率为45%，人数增加5%。",
    "由1200人提高到1320人，提高10%。",
    "投诉率为2%，比上年投诉件数减少5%。",
    "优秀率高的学校数量增加5%。",
    "流失率相对下降20%（风险比0.8）。",
    # causes and results of office work; other words with the same characters
    "由于部分学校未报送名册，城区人数不全。",
    "由于口径不同，两年流失率不能直接相减。",
    "由于网络故障，部分教师的成绩没有上传。",
    "由于天气原因，培训推迟至6月。",
    "网络故障导致。",
    "网络故障导致部分答卷没有上传。",
    "疫情导致培训延期。",
    "让教师在实践中学习、在实践中提升。",
    "令人满意的服务，有令必行。",
    "带来不便，敬请谅解。",
    "数据来源于流失台账。",
    "申报逾期无效。",
    "本次投票无效。",
    "培训证书遗失无效。",
    "密码无效，请重试。",
    "问题没有得到有效解决。",
    "在120人左右浮动。",
    # attendances called attendances
    "参训1,234人次，不同的教师800人。",
    "参训人次占全市的30%。",
    # with a base
    "全年骨干教师零流失（0/120）。",
    "120名教师中零流失。",
    "参训率百分之百（5862/5862）。",
    "对违规零容忍。",
    "几乎所有乡村教师都参加过。",
    # titles, slogans, items, somebody else's words
    "印发《关于全面提升教师素养彻底解决缺编问题的意见》。",
    "实施“教师数字素养全面提升行动”。",
    "以“全面提升教师素养”为目标。",
    "“培训促进了我的专业成长”一题，同意的占80%。",
    "“补助使流失率下降”的说法，数据不支持。",
    "访谈中有教师认为“培训显著提升了我的素养”。",
    # addresses and file names
    "见https://www.example.gov.cn/a__b/x/显著?x=1。",
    "见 http://a.b.cn/x。",
    "邮箱zhang_x__y@example.com。",
    "见教师名册_x_2025.xlsx和说明__终稿.docx，附件：X__表.zip。",
]
# a draft of several lines -> the rules that find something; a heading changes what is read below it
UNDER_HEADINGS = {
    "三、下一步计划\n素养全面提升。": [],
    "三、2026年工作计划\n（一）健全机制，提高成效\n流失得到有效遏制。": [],
    "三、存在问题及下一步打算\n素养全面提升。": [],
    "下一步打算\n素养全面提升。": [],
    "三、计划完成情况\n素养全面提升。": ["absolute"],
    "二、2025年工作安排落实情况\n流失得到有效遏制。": ["absolute"],
    "一、工作思考与成效\n素养全面提升。": ["absolute"],
    "一、实施强师计划\n素养全面提升。": ["absolute"],
    "一、今年制定了工作计划，狠抓落实。\n素养全面提升。": ["absolute"],
    "三、下一步计划\n（一）今年成效\n流失得到有效遏制。": ["absolute"],
    "三、明年计划\n素养全面提升。\n附：2025年工作成效\n流失得到有效遏制。": ["absolute"],
    # what a plan says has been done
    "三、下一步计划\n今年以来，素养得到了全面提升。": ["absolute"],
    "三、下一步计划\n补助使流失率降低了2个百分点。": ["cause"],
}
BESIDE_LABELS = {
    "补助使流失率降低2个百分点（把握较大）。": [],
    "补助使流失率降低2个百分点。（把握较大）": [],
    "（把握较大）补助使流失率降低2个百分点（从1.2到3.0）。": [],
    "补助使流失率降低2个百分点。\n范围与把握：把握较大": [],
    "●●●把握较大\n补助使流失率降低2个百分点。": [],
    # as our own report sets them: a badge before a paragraph, a label after it
    "●●●把握较大补助使流失率降低2个百分点。前一年没有相差。": [],
    "与未参加的相比，补助给流失率带来变化：低2个百分点。前一年没有相差。（把握较大）": [],
    # the label of a neighbour
    "补助使流失率降低2个百分点。培训使成绩提高3分（把握较大）。": ["cause"],
    "培训使成绩提高3分（把握较大）。补助使流失率降低2个百分点。": ["cause"],
    "补助使流失率降低2个百分点。\n培训使成绩提高3分（把握较大）。": ["cause"],
    "培训使成绩提高3分。（把握较大）补助使流失率降低2个百分点。": ["cause"],
    "培训使成绩提高3分。\n范围与把握：把握较大\n补助使流失率降低2个百分点。": ["cause"],
    # another label, and words that are none
    "补助使流失率降低2个百分点（把握中等）。": ["cause"],
    "补助使流失率降低2个百分点（把握中等）。培训使成绩提高3分（把握较大）。": ["cause"],
    "补助使流失率降低2个百分点。\n范围与把握：把握中等": ["cause"],
    "我们把握较大的主动权，补助使流失率降低2个百分点。": ["cause"],
}
# one line without a line break; each was read in time that grows with the square of its length
LONG = {
    "no stop": "组织教师参加培训提高教学能力",
    "a finding in each clause": "成绩显著提高，",
    "findings in one clause": "率率率率率提高使使得",
    "figures": "1234567890",
    "numerals": "一二三四五六七八九十",
    "latin": "abcdefghij.",
    "quotes": "“流失率1",
    "brackets": "(教师",
    "labels": "补助使流失率下降（把握较大）。",
}
N_LONG = 100_000
MAX_SECONDS = 20  # measured: below 2; the quadratic readings took from ten minutes to hours


def rules_of(text: str, suffix: str = ".txt") -> list[str]:
    """The rules that find something in a draft."""
    return [f.rule for f in lint(read_passages(Draft("-", suffix, text.encode())))]


@pytest.mark.parametrize("text", FOUND)
def test_it_is_found_and_put_right(text):
    found = lint(read_passages(Draft("-", ".txt", text.encode())))
    assert [(f.rule, f.replacement) for f in found] == [FOUND[text]]
    assert lint_free(found[0].replacement)


@pytest.mark.parametrize("text", RIGHT)
def test_it_is_left_alone(text):
    assert rules_of(text) == []


@pytest.mark.parametrize("text", UNDER_HEADINGS)
def test_a_heading_of_plans_covers_plans_only(text):
    assert rules_of(text) == UNDER_HEADINGS[text]


@pytest.mark.parametrize("text", BESIDE_LABELS)
def test_a_label_speaks_for_its_own_sentence(text):
    assert rules_of(text) == BESIDE_LABELS[text]


@pytest.mark.parametrize("base", LONG.values(), ids=LONG)
def test_a_line_that_never_breaks_is_read_in_seconds(base):
    text = (base * (N_LONG // len(base) + 1))[:N_LONG]
    begun = time.perf_counter()
    found = lint((Passage(1, text),))
    assert time.perf_counter() - begun < MAX_SECONDS
    assert max((len(f.excerpt) for f in found), default=0) < 500  # shown in pieces


def test_a_page_that_closes_nothing_is_read_in_seconds():
    page = "<b>成绩显著" * (N_LONG // 7) + "</p></b></b>"
    begun = time.perf_counter()
    assert set(rules_of(page, ".html")) == {"significant"}
    assert time.perf_counter() - begun < MAX_SECONDS
