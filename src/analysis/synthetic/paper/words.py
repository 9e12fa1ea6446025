"""How a delivery spells the codes; every spelling is one that ``study/variables.toml`` knows (a test holds that)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.filled import with_cells
from analysis.synthetic.truth.codes import SHORT_COURSES

YES_NO = {True: "是", False: "否"}
FLAGS = (
    "is_teacher",
    "staffed_post",
    "homeroom",
    "subsidy_eligible",
    "is_small",
    "uses_tools",
)
SHORT_COURSE = "专题短训"
GRADES = ("无", "一档", "二档", "三档")  # of the rural subsidy, by number
WORDS: dict[str, dict[str, str]] = {
    "sex": {"female": "女", "male": "男"},
    "stage": {"primary": "小学", "junior": "初中", "senior": "普通高中", "vocational": "中职"},
    "education": {
        "below": "中师中专",
        "associate": "大专",
        "bachelor": "本科",
        "graduate": "研究生",
    },
    "title_rank": {
        "none": "未定级",
        "second": "二级教师",
        "first": "一级教师",
        "senior": "高级教师",
        "full": "正高级教师",
    },
    "backbone": {"none": "无", "county": "县级骨干", "city": "市级骨干", "province": "省级骨干"},
    "programme": {
        "digital_course": "数字技术与学科融合专题培训",
        "mentoring": "新教师导师带教",
        "online_general": "网络学院通识研修",
        "interdisciplinary": "跨学科教学专题培训",
        "lesson_design": "教学设计与实施培训",
        "assignment_design": "作业设计与管理培训",
        "mental_health": "心理健康教育专项培训",
        "ai_training": "人工智能应用能力提升培训",
        "class_management": "班级管理能力培训",
        "evaluation": "学业评价能力培训",
        "research_methods": "教研方法培训",
        "family_school": "家校协同育人培训",
        "care": "留守儿童心理关爱培训",
        "subject_update": "学科知识更新培训",
        "induction": "启航计划新教师集中研修",
        "upgrading": "骨干教师提质研修",
        "study_tour": "教育家精神研学班",
        "outreach": "送教下乡",
        "shadowing": "城区优质学校跟岗研修",
        "studio_activity": "名师工作室联合教研",
        "school_based": "校本研修",
        "rotation": "县管校聘交流轮岗",
        "dormitory": "周转宿舍",
        "volunteering": "志愿服务",
        **{code: f"{SHORT_COURSE}{code[-2:]}" for code in SHORT_COURSES},
    },
    "topic": {
        "digital": "信息化应用",
        "interdisciplinary": "跨学科教学",
        "design": "教学设计",
        "assignment": "作业设计",
        "mental": "心理健康",
        "ai": "人工智能应用",
        "class": "班级管理",
        "evaluation": "学业评价",
        "research": "教研方法",
        "family": "家校协同",
        "care": "留守儿童关爱",
        "subject": "学科知识更新",
        "general": "通识研修",
        "mentoring": "导师带教",
        "ethics": "教育家精神",
    },
    "mode": {
        "online": "线上",
        "onsite": "线下",
        "blended": "混合",
        "school": "校本",
        "shadow": "跟岗",
        "outreach": "送教",
    },
    "level": {
        "nation": "国家级",
        "province": "省级",
        "city": "市级",
        "county": "县级",
        "school": "校级",
    },
    "result": {"pass": "合格", "excellent": "优秀", "fail": "不合格"},
    "direction": {"to_rural": "城区到乡村", "to_urban": "乡村到城区", "within": "同类学校之间"},
    "exit_reason": {
        "retired": "退休",
        "deceased": "病故",
        "resigned": "辞职",
        "dismissed": "解聘",
        "civil_service": "考取公务员或其他事业单位",
        "left_county": "调出县外",
        "moved_urban": "县内调入城区",
        "moved_town": "县内调入镇区",
        "moved_same": "县内同类校调动",
        "rotation": "交流轮岗(有返回)",
        "supporting": "支教",
        "secondment": "借调",
        "sick_leave": "长期病假",
        "maternity": "产假",
        "study_leave": "脱产进修",
    },
}
# column 变动类型 of the leaver list, coarser than the reason
EXIT_KINDS = {
    "retired": "退休",
    "deceased": "死亡",
    "resigned": "离职",
    "dismissed": "离职",
    "civil_service": "离职",
    "left_county": "调出",
    "moved_urban": "调动",
    "moved_town": "调动",
    "moved_same": "调动",
    "rotation": "交流",
    "supporting": "借出",
    "secondment": "借出",
    "sick_leave": "休假",
    "maternity": "休假",
    "study_leave": "进修",
}
# what one kind of bureau calls otherwise
OWN_WORDS: dict[str, dict[str, dict[str, str]]] = {
    "county": {"programme": {"induction": "新入职教师规范化培训"}},
    "city": {
        "level": {"county": "区级"},
        "exit_reason": {
            "left_county": "调出市外",
            "moved_urban": "市内调入城区",
            "moved_town": "市内调入镇区",
            "moved_same": "市内同类校调动",
        },
    },
}


def words_of(bureau: str, variable: str) -> dict[str, str]:
    """Code -> spelling of one variable in one kind of bureau."""
    return WORDS[variable] | OWN_WORDS.get(bureau, {}).get(variable, {})


def spell_column(values: pd.Series, words: dict[str, str]) -> np.ndarray:
    """Codes in words; blank where there is no code. Raises KeyError for a code without a word."""
    codes, found = pd.factorize(values)
    return np.array([*(words[str(code)] for code in found), ""], dtype=object)[codes]


def spell(rows: pd.DataFrame, bureau: str) -> pd.DataFrame:
    """All codes and flags of a table in the words of a delivery; other columns as they are."""
    spelled = {c: spell_column(rows[c], words_of(bureau, c)) for c in WORDS if c in rows}
    flags = {c: np.where(rows[c], YES_NO[True], YES_NO[False]) for c in FLAGS if c in rows}
    other = rows.select_dtypes("category").columns.difference([*spelled])
    plain = {c: rows[c].to_numpy(dtype=object) for c in other}
    return with_cells(rows, spelled | flags | plain)
