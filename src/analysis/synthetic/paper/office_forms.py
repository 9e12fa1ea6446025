"""The forms of the hand-kept lists about people: studios, backbone, honours, prizes, pairs, marks, visits.

Headers change from 2025 on where an office took over a new form.
"""

from __future__ import annotations

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.form import Form

NEW_FORMS = 2025
PERSON = {"name": "姓名", "school_name": "单位"}
SERIAL = {"serial": "序号"}


def studio_form(options: BureauOptions, year: int) -> Form:
    """Hosts and members of the master teachers' studios."""
    is_new = year >= NEW_FORMS
    headers = SERIAL | {
        "programme": "项目名称",
        "team": "工作室名称",
        "subject": "学科",
        "role": "工作室职务" if is_new else "角色",
        "name": "姓名",
        "school_name": "所在学校" if is_new else "单位",
        "start_date": "加入时间",
    }
    return Form(
        "programmes",
        f"名师工作室成员名单{year}.xlsx",
        headers,
        sheet="名单",
        title=f"{options.profile.label}名师工作室主持人及成员名单（{year}年）",
        unmapped=("serial",),
    )


def chief_form(options: BureauOptions, year: int) -> Form:
    """Hosts and members of the rural chief teachers' studios."""
    headers = {
        "programme": "项目名称",
        "team": "工作室名称",
        "role": "角色",
        **PERSON,
        "start_date": "加入时间",
    }
    return Form("programmes", f"乡村首席教师工作室名单{year}.xls", headers, sheet="Sheet1")


def backbone_form(options: BureauOptions, year: int) -> Form:
    """New teachers, backbone teachers and masters: the ladder."""
    is_new = year >= NEW_FORMS
    headers = SERIAL | {
        "name": "姓名",
        "staff_number": "教职工号",
        "school_name": "单位",
        "subject": "任教学科",
        "backbone": "骨干级别" if is_new else "骨干层级",
        "is_leader": "是否学科带头人",
        "ladder_stage": "培养阶段" if is_new else "梯队阶段",
        "award_date": "考核认定日期",
        "remark": "备注",
    }
    if options.bureau == "county":  # names no subject leaders
        del headers["is_leader"]
    return Form(
        "honours",
        f"骨干教师名册{year}.xlsx",
        headers,
        sheet="骨干名册",
        title=f"{options.profile.label}骨干教师及梯队名册",
        unmapped=("serial", "remark"),
    )


def honour_form(options: BureauOptions, year: int) -> Form:
    """Honorary titles."""
    headers = {
        "honour": "荣誉称号",
        "honour_level": "表彰级别" if year >= NEW_FORMS else "级别",
        **PERSON,
        "award_date": "表彰日期",
    }
    headers |= {"document": "文号"}
    file, unmapped = f"荣誉台账{year}.csv", ("document",)
    return Form("honours", file, headers, encoding="gb18030", unmapped=unmapped)


def contest_form(options: BureauOptions, year: int) -> Form:
    """Prizes of the skills contest."""
    headers = (
        SERIAL
        | PERSON
        | {
            "subject": "学科",
            "honour": "奖项名称",
            "honour_level": "级别",
            "prize": "等次" if year >= NEW_FORMS else "获奖等次",
            "award_date": "获奖日期",
        }
    )
    return Form(
        "honours",
        f"教学竞赛获奖名单{year}.xlsx",
        headers,
        sheet="获奖名单",
        title=f"{options.profile.label}{year}年教学竞赛获奖名单",
        unmapped=("serial",),
        notes=("填表人：教研室", "审核人：教师工作科"),
    )


def micro_form(options: BureauOptions, year: int) -> Form:
    """Micro-lessons and cases of smart classrooms."""
    headers = {
        "honour": "评选项目",
        **PERSON,
        "subject": "学科",
        "prize": "等次",
        "is_shown": "是否省级展播",
        "award_date": "获奖日期",
    }
    return Form("honours", f"微课与智慧课堂案例评选{year}.csv", headers, encoding="utf-8-sig")


def ethics_form(options: BureauOptions, year: int) -> Form:
    """Stories collected; violations are in no list."""
    headers = {
        "serial": "编号",
        "title": "案例标题",
        "honour": "案例类别",
        "topic": "主题",
        "name": "报送教师",
        "school_name": "报送单位",
        "is_shown": "是否入选省级案例库",
        "award_date": "报送日期",
    }
    file, unmapped = f"师德故事案例目录{year}.csv", ("serial", "title")
    return Form("honours", file, headers, encoding="gb18030", unmapped=unmapped)


def project_form(options: BureauOptions, year: int) -> Form:
    """Research projects applied for."""
    headers = {
        "serial": "序号",
        "title": "课题名称",
        "honour": "项目类别",
        "honour_level": "课题级别",
        "topic": "研究主题",
        "subject": "学科",
        "name": "主持人",
        "school_name": "所在单位" if year >= NEW_FORMS else "单位",
        "is_approved": "立项结果",
        "award_date": "申报日期",
    }
    return Form(
        "honours",
        f"课题立项一览表{year}.xls",
        headers,
        sheet="课题",
        title=f"{options.profile.label}{year}年度教育科研课题申报及立项一览表",
        unmapped=("serial", "title"),
    )


def pair_form(options: BureauOptions, year: int) -> Form:
    """Backbone teachers with their two or three young ones."""
    headers = {
        "team": "结对编号",
        "programme": "项目名称",
        "role": "身份" if year >= NEW_FORMS else "角色",
        **PERSON,
        "start_date": "开始日期",
    }
    return Form(
        "programmes",
        f"骨干教师结对帮扶名单{year}.xlsx",
        headers,
        sheet="结对名单",
        title=f"{year - 1}—{year}学年骨干教师与青年教师结对名单",
    )


def area_pair_form(options: BureauOptions, year: int) -> Form:
    """Urban with rural teachers."""
    headers = {
        "team": "结对编号",
        "programme": "项目名称",
        "role": "角色",
        **PERSON,
        "start_date": "开始日期",
    }
    return Form("programmes", f"城乡教师结对帮扶名单{year}.csv", headers, encoding="utf-8-sig")


def novice_form(options: BureauOptions, year: int) -> Form:
    """Marks of the new teachers; the county's schools each fill in a sheet of their own."""
    headers = {
        "programme": "项目名称",
        "name": "姓名",
        "staff_number": "教职工号",
        "school_name": "学校名称",
        "stage": "学段",
        "subject": "学科",
        "assessment_mark": "考核得分" if year >= NEW_FORMS else "考核成绩",
        "result": "考核等次",
    }
    if options.bureau == "county":
        file = f"新入职教师考核表{year}.xlsx"
        return Form(
            "programmes", file, headers, title="新入职教师规范化培训考核表", per_school=True
        )
    file, title = f"新教师考核名单{year}.xlsx", f"启航计划新教师考核结果（{year}年）"
    return Form("programmes", file, headers, sheet="考核结果", title=title)


def promotion_form(options: BureauOptions, year: int) -> Form:
    """Promotions set aside for long service in rural posts."""
    headers = SERIAL | {
        "programme": "项目名称",
        "name": "姓名",
        "person_number": "身份证号",
        "school_name": "学校名称",
        "rural_years": "乡村从教年限",
        "promoted_rank": "取得职称",
        "start_date": "开始日期",
    }
    file, title = f"职称定向评价通过名单{year}.xls", "乡村教师职称定向评价通过名单"
    return Form("programmes", file, headers, sheet="名单", title=title, unmapped=("serial",))


def visit_form(options: BureauOptions, year: int) -> Form:
    """Follow-up visits after training."""
    headers = SERIAL | {
        "programme": "项目名称",
        "followed_programme": "跟踪项目",
        **PERSON,
        "start_date": "指导日期" if year >= NEW_FORMS else "开始日期",
        "application_score": "应用评分",
    }
    file = f"训后跟踪指导记录{year}.xlsx"
    return Form("programmes", file, headers, sheet="跟踪记录", unmapped=("serial",))
