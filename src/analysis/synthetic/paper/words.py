"""How a delivery spells the codes; every spelling is one that ``study/variables.toml`` knows (a test holds that)."""

from __future__ import annotations

YES_NO = {True: "是", False: "否"}
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
        "rotation": "县管校聘交流轮岗",
    },
    "topic": {
        "digital": "信息化应用",
        "interdisciplinary": "跨学科教学",
        "design": "教学设计",
        "assignment": "作业设计",
        "mental": "心理健康",
        "general": "通识研修",
        "mentoring": "导师带教",
    },
    "mode": {"online": "线上", "onsite": "线下", "blended": "混合", "school": "校本"},
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
