"""Short names of schools lead to the one school they can mean, and nowhere else."""

from __future__ import annotations

import pytest

from analysis.intake.linking.school_names import aliases, looks_like_school, school_key

LABEL = "示例县"
NAMES = (
    "示例县第一小学",
    "示例县第二小学",
    "示例县第一初级中学",
    "示例县第一普通高中",
    "沙河镇中心小学",
    "沙河镇初级中学",
    "沙河镇安店村小学",
    "青岗镇九年一贯制学校",
    "大湾镇柳岗村小学",
    "松店镇柳岗村小学",
)
SCHOOLS = {school_key(name, LABEL): name for name in NAMES}

CASES = [
    # as written | the school it can only mean, or nothing
    ("一小", "示例县第一小学"),
    ("县一小", "示例县第一小学"),
    ("第1小学", "示例县第一小学"),
    ("一小（东校区）", "示例县第一小学"),
    ("示例县第一小学（东校区）", "示例县第一小学"),
    ("沙河中心校", "沙河镇中心小学"),
    ("沙河镇中心学校", "沙河镇中心小学"),
    ("沙河中学", "沙河镇初级中学"),
    ("安店小学", "沙河镇安店村小学"),
    ("青岗学校", "青岗镇九年一贯制学校"),
    ("大湾柳岗小学", "大湾镇柳岗村小学"),
    ("一小-语文组", "示例县第一小学"),
    ("示例县第二小学/教务处", "示例县第二小学"),
    ("沙河镇中心小学、政教处", "沙河镇中心小学"),
    ("一中", ""),  # the junior or the senior school
    ("柳岗小学", ""),  # one in each of two townships
    ("沙河小学", ""),  # neither the central school nor a village's
    ("安店教学点", ""),  # a teaching point is no school of its own name
    ("第三小学", ""),
    ("一小、二小", ""),
    ("测试", ""),
]


@pytest.mark.parametrize(("text", "school"), CASES)
def test_reality_04_a_short_name_leads_to_the_only_school_it_can_mean(
    text: str, school: str
) -> None:
    key = school_key(text, LABEL)
    assert aliases([key], SCHOOLS, LABEL).get(key, "") == school


APART = [
    # the only school that is known | what a row says, which may be another school
    ("王庄镇李家小学", "赵庄镇李家小学"),
    ("王庄镇李家小学", "赵庄乡李家村小学"),
    ("王庄镇李家小学", "王庄乡李家小学"),
    ("王庄镇李家小学", "李家村小学"),  # each says less than the other
    ("李家镇小学", "李家村小学"),
    ("李家村小学", "李家镇小学"),
    ("实验小学(东校区)", "实验小学(西校区)"),
    ("实验小学(东校区)", "实验小学（南分校）"),
    ("县一中", "市一中"),
    ("县一中", "区一中"),
    ("示例县第一中学", "市一中"),  # the region is a county
    ("第一初级中学", "第一高级中学"),
    ("李家中学", "李家初中"),
    ("李家中学", "李家高中"),
    ("李家中学", "李家小学"),
]


@pytest.mark.parametrize(("school", "text"), APART)
def test_reality_04_what_may_be_another_school_is_no_alias(school: str, text: str) -> None:
    assert aliases([school_key(text, LABEL)], {school_key(school, LABEL): "1"}, LABEL) == {}


SAME = [
    ("示例县第一小学", "县一小"),
    ("示例县第一中学", "一中"),
    ("王庄镇李家村小学", "李家小学"),
    ("李家镇小学", "李家小学"),
    ("李家小学", "王庄镇李家小学"),
    ("实验小学", "实验小学(东校区)"),
]


@pytest.mark.parametrize(("school", "text"), SAME)
def test_a_name_that_only_says_less_or_more_is_an_alias(school: str, text: str) -> None:
    key = school_key(text, LABEL)
    assert aliases([key], {school_key(school, LABEL): "1"}, LABEL) == {key: "1"}


def test_two_townships_do_not_share_a_school_named_without_one() -> None:
    keys = ["王庄镇李家小学", "赵庄镇李家小学"]
    assert aliases(keys, {"李家小学": "1"}) == {}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("第三小学", True),
        ("三小(东校区)", True),
        ("沙河教学点", True),
        ("不想说 我叫岳不群", False),
    ],
)
def test_a_text_looks_like_a_school_by_its_words(text: str, is_one: bool) -> None:
    assert looks_like_school(text) is is_one


def test_a_full_name_is_no_alias() -> None:
    assert aliases(SCHOOLS, SCHOOLS) == {}
