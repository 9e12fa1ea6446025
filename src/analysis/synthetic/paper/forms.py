"""The forms: which file holds which table in which year, under which headers, in which format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

CURRENT = 2025  # from this roster on, workbooks; before, CSV exports


@dataclass(frozen=True)
class Form:
    """One file of a delivery.

    ``headers``: variable -> header, in the order of the columns. ``extra``: headers of columns that no
    variable takes up, with what all their cells say; ``unmapped``: columns among ``headers`` that are no
    variable either. ``encoding`` is empty for workbooks. ``answers``: variable -> spelling -> code, for
    spellings that the study does not know.
    """

    table: str
    file: str
    headers: dict[str, str]
    sheet: str = ""
    title: str = ""
    encoding: str = ""
    snapshot: dt.date | None = None
    extra: dict[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    has_total: bool = False


def roster_form(year: int) -> Form:
    """The roster of 1 September; headers and formats changed over the years, as they do."""
    headers = {
        "name": "姓名",
        "sex": "性别",
        "person_number": "身份证件号",
        "staff_number": "教职工号",
        "birth_month": "出生年月",
        "school_name": "学校名称" if year >= 2021 else "单位",
        "school_id": "学校标识码",
        "is_teacher": "是否专任教师",
        "stage": "任教学段",
        "subject": "任教学科",
        "education": "最高学历",
        "title_rank": "专业技术职务" if year >= 2023 else "职称",
        "backbone": "骨干层级",
        "staffed_post": "是否在编" if year >= 2021 else "编制",
        "work_start": "参加工作年月",
        "homeroom": "是否班主任",
        "weekly_lessons": "周课时",
        "subsidy_eligible": "补助资格",
    }
    snapshot = dt.date(year, 9, 1)
    if year >= CURRENT:
        file, title = f"教师花名册({year}年9月).xlsx", f"示例县教师花名册（{year}年9月1日在岗）"
        return Form("roster", file, headers, sheet="花名册", title=title, snapshot=snapshot)
    encoding = "utf-8-sig" if year >= 2022 else "gb18030"
    answers = {"staffed_post": {"占编": "yes"}} if year < 2021 else {}
    file = f"教师花名册{year}年9月.csv"
    return Form("roster", file, headers, encoding=encoding, snapshot=snapshot, answers=answers)


def school_form(year: int) -> Form:
    """The school ledger, with a row of totals below."""
    headers = {
        "school_id": "学校标识码",
        "school_name": "校名",
        "school_kind": "办学类型",
        "area": "城乡代码" if year >= 2022 else "城乡分类代码",
        "distance_km": "距县城公里数",
        "n_pupils": "学生数",
        "is_small": "是否小规模学校",
        "pilot_start": "试点起始时间",
    }
    return Form("schools", f"学校台账{year}.xlsx", headers, sheet="学校台账", has_total=True)


def training_form(year: int) -> Form:
    """The training ledger of a calendar year."""
    headers = {
        "programme": "培训项目名称",
        "topic": "主题",
        "mode": "培训形式",
        "start_date": "开始日期",
        "end_date": "结束日期",
        "hours": "学时",
        "name": "参训人",
        "staff_number": "工号",
        "school_name": "单位",
    }
    encoding = "utf-8-sig" if year >= CURRENT else "gb18030"
    return Form("trainings", f"培训台账{year}.csv", headers, encoding=encoding)


def score_form(year: int) -> Form:
    """The results of the May test."""
    headers = {
        "name": "姓名",
        "person_number": "身份证号",
        "school_name": "单位",
        "test_date": "测评日期",
        "test_form": "卷别",
        "digital_score": "总分",
        "digital_awareness": "数字化意识",
        "digital_skills": "数字技术知识与技能",
        "digital_application": "数字化应用",
        "digital_responsibility": "数字社会责任",
        "professional_growth": "专业发展",
    }
    encoding = "utf-8-sig" if year >= CURRENT else "gb18030"
    return Form("assessments", f"数字素养测评成绩{year}.csv", headers, encoding=encoding)


def survey_form(year: int) -> Form:
    """The survey platform's text export: system columns first, then numbered questions."""
    headers = {
        "serial": "序号",
        "survey_date": "提交答卷时间",
        "answer_seconds": "所用时间",
        "staff_number": "1、您的教职工号",
        "school_name": "2、您所在的学校",
        "sex": "3、您的性别",
        "age": "4、您的年龄（周岁）",
        "years_teaching": "5、您的教龄（年）",
        "need_digital": "6、您对以下培训的需求程度（1至5分）—(信息化应用)",
        "need_interdisciplinary": "6、您对以下培训的需求程度（1至5分）—(跨学科教学)",
        "need_design": "6、您对以下培训的需求程度（1至5分）—(教学设计)",
        "need_assignment": "6、您对以下培训的需求程度（1至5分）—(作业设计)",
        "need_mental": "6、您对以下培训的需求程度（1至5分）—(心理健康)",
        "working_hours": "7、您平均每周工作多少小时",
        "burnout_ee": "8、情绪衰竭（9题均分，0至6分）",
        "leave_intention": "9、未来一年离开本校的意向（4题均分，1至5分）",
    }
    extra = {"来源": "链接", "来源详情": "", "来自IP": "0.0.0.*(示例省-示例市)"}
    file = f"教师问卷_按文本_{year}.csv"
    return Form("survey", file, headers, encoding="utf-8-sig", extra=extra, unmapped=("serial",))


def exit_form(year: int) -> Form:
    """The list of those who left, moved or are away between two snapshots."""
    headers = {
        "name": "姓名",
        "person_number": "身份证号",
        "school_name": "原单位",
        "exit_reason": "变动原因",
        "exit_date": "变动日期",
    }
    title = f"{year - 1}年9月至{year}年8月教职工变动台账"
    return Form("exits", f"离岗台账{year}.xlsx", headers, sheet="离岗台账", title=title)


def rotation_form(year: int) -> Form:
    """The list of rotated teachers; they stay on the roster of their home school."""
    headers = {
        "programme": "项目名称",
        "name": "姓名",
        "staff_number": "教职工号",
        "school_name": "原单位",
        "direction": "交流方向",
        "start_date": "开始日期",
        "end_date": "结束日期",
    }
    return Form("programmes", f"交流轮岗名单{year}.xlsx", headers, sheet="名单", extra={"备注": ""})
