"""Short names of schools lead to the one school they can mean, and nowhere else."""

from __future__ import annotations

import pytest

from analysis.intake.linking.school_names import aliases, school_key

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
    assert aliases([key], SCHOOLS).get(key, "") == school


def test_a_full_name_is_no_alias() -> None:
    assert aliases(SCHOOLS, SCHOOLS) == {}
