"""How the hand-kept lists spell their codes; ``study/variables.toml`` knows every spelling (a test holds that)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.words import spell, spell_column

# the lists that are about a programme say in a column of their own which one
LIST_PROGRAMMES = {
    "studio": "名师工作室",
    "chief_studio": "乡村首席教师工作室",
    "pairing": "骨干教师结对帮扶",
    "area_pairing": "城乡教师结对帮扶",
    "smart_tools": "智能教学工具启用",
    "follow_up": "训后跟踪指导",
    "targeted_promotion": "职称定向评价",
    "induction_assessment": "新教师考核",
    "inspection": "培训专项督导",
    "training_meeting": "培训工作专题会议",
}
OFFICE_WORDS: dict[str, dict[str, str]] = {
    "role": {
        "host": "主持人",
        "member": "成员",
        "mentor": "指导教师",
        "mentee": "青年教师",
        "urban_partner": "城区教师",
        "rural_partner": "乡村教师",
    },
    "tool": {"lesson_assistant": "AI备课助手", "lesson_review": "智能评课系统"},
    "promoted_rank": {"first": "一级教师", "senior": "高级教师"},
    "inspection_finding": {
        "records": "培训档案不完整",
        "attendance": "考勤记录不规范",
        "follow_up": "训后跟踪不到位",
        "none": "未发现明显问题",
    },
    "honour": {
        "ethics_model": "师德标兵",
        "rural_model": "最美乡村教师",
        "excellent_teacher": "优秀教师",
        "excellent_worker": "优秀教育工作者",
        "contest": "教学技能大比武",
        "master_teacher": "省级教学能手",
        "micro_lesson": "微课设计大赛",
        "smart_case": "智慧课堂创新案例",
        "ethics_story": "师德故事案例",
        "research_project": "教育科研课题",
    },
    "honour_level": {"county": "县级", "city": "市级", "province": "省级", "nation": "国家级"},
    "prize": {"first": "一等奖", "second": "二等奖", "third": "三等奖"},
    "ladder_stage": {"novice": "新教师", "backbone": "骨干教师", "master": "名师"},
    "trainer_kind": {"expert": "培训专家", "district": "片区培训师", "township": "乡镇培训师"},
    "service_area": {"all": "全县", "district": "本片区", "township": "本乡镇"},
    "course_kind": {"theory": "理论课", "practice": "实践课"},
}
# what one kind of bureau calls otherwise
OWN_OFFICE_WORDS: dict[str, dict[str, dict[str, str]]] = {
    "county": {"honour": {"contest": "教学技能竞赛"}},
    "city": {"service_area": {"all": "全市"}},
}
OFFICE_FLAGS = {
    "is_leader": ("是", "否"),
    "is_shown": ("入选", "未入选"),
    "is_approved": ("立项", "未立项"),
}


def office_words(bureau: str, variable: str) -> dict[str, str]:
    """Code -> spelling of one variable of the lists in one kind of bureau."""
    return OFFICE_WORDS[variable] | OWN_OFFICE_WORDS.get(bureau, {}).get(variable, {})


def spell_office(rows: pd.DataFrame, bureau: str) -> pd.DataFrame:
    """All codes and flags of a list in words; other columns as they are."""
    own = {c: spell_column(rows[c], office_words(bureau, c)) for c in OFFICE_WORDS if c in rows}
    flags = {c: np.where(rows[c], *words) for c, words in OFFICE_FLAGS.items() if c in rows}
    return spell(rows, bureau).assign(**own, **flags)
