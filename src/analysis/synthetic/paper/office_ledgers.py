"""The forms of the hand-kept lists about teaching, money and schools: trainers, courses, funds, tools, logins."""

from __future__ import annotations

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.office_forms import NEW_FORMS, PERSON, SERIAL

NO_TABLE = ""  # a file that no typed table takes up: it stays out of source.toml
STATED_PRACTICE = "（实践性课程占比50%以上）"  # what the county's file says; the rows say 43 %


def trainer_form(options: BureauOptions, year: int) -> Form:
    """The bank of trainers."""
    headers = (
        SERIAL
        | PERSON
        | {
            "trainer_kind": "师资类别",
            "title_rank": "职称",
            "subject": "学科",
            "stage": "学段",
            "topic": "擅长主题",
            "service_area": "服务范围",
            "taught_hours": "本年授课学时" if year >= NEW_FORMS else "授课学时",
            "trainer_rating": "学员评分",
        }
    )
    return Form(
        "trainers",
        f"培训师资库{year}.xlsx",
        headers,
        sheet="师资库",
        title=f"{options.profile.label}教师培训师资库（{year}年）",
        unmapped=("serial",),
    )


def course_form(options: BureauOptions, year: int) -> Form:
    """The catalogue of courses, with what the office states about practice in the title."""
    headers = SERIAL | {
        "course": "课程名称",
        "programme": "培训项目",
        "topic": "主题",
        "course_kind": "课程类型" if year >= NEW_FORMS else "课程性质",
        "hours": "学时",
    }
    stated = STATED_PRACTICE if options.bureau == "county" else ""
    return Form(
        "courses",
        f"培训课程目录{year}.xlsx",
        headers,
        sheet="课程目录",
        title=f"{options.profile.label}{year}年教师培训课程目录{stated}",
        unmapped=("serial",),
        totals=("hours",),
    )


def lesson_form(options: BureauOptions, year: int) -> Form:
    """The lessons of the cloud platform, as the platform exports them."""
    headers = {
        "serial": "资源编号",
        "course": "微课名称",
        "topic": "主题",
        "stage": "学段",
        "lesson_minutes": "时长(分钟)",
        "n_views": "播放次数",
    }
    file = f"云平台课程目录{year}.csv"
    return Form("courses", file, headers, encoding="utf-8-sig", unmapped=("serial",))


def fund_form(options: BureauOptions, year: int) -> Form:
    """The ledger of training funds, under a header of two rows."""
    headers = SERIAL | {
        "programme": "项目名称",
        "budget_yuan": "预算" if year >= NEW_FORMS else "预算数",
        "spent_yuan": "决算" if year >= NEW_FORMS else "决算数",
        "n_attendances": "人次",
        "hours": "学时",
        "remark": "备注",
    }
    money, size = "经费（元）", "培训规模"
    groups = {"programme": "项目", "budget_yuan": money, "spent_yuan": money}
    return Form(
        "funds",
        f"培训经费台账{year}.xlsx",
        headers,
        sheet="经费台账",
        title=f"{options.profile.label}{year}年教师培训专项经费台账",
        unmapped=("serial", "remark"),
        totals=("budget_yuan", "spent_yuan", "n_attendances"),
        groups=groups | {"n_attendances": size, "hours": size},
    )


def subsidy_form(options: BureauOptions, year: int) -> Form:
    """Payments of the rural living subsidy from September to August."""
    headers = SERIAL | {
        "name": "姓名",
        "person_number": "身份证号",
        "school_name": "学校名称",
        "subsidy_grade": "档次" if year >= NEW_FORMS else "补助档次",
        "monthly_yuan": "月标准(元)",
        "paid_months": "月数",
        "amount_yuan": "金额" if year >= NEW_FORMS else "发放金额(元)",
    }
    return Form(
        "funds",
        f"乡村教师生活补助发放表{year}.xlsx",
        headers,
        sheet="发放表",
        title=f"{year - 1}年9月至{year}年8月乡村教师生活补助发放表",
        unmapped=("serial",),
        totals=("amount_yuan",),
    )


def tool_form(options: BureauOptions, year: int) -> Form:
    """Schools that have opened a smart tool."""
    headers = {
        "programme": "项目名称",
        "school_name": "学校名称",
        "tool": "工具名称",
        "start_date": "启用时间",
    }
    return Form("programmes", f"AI工具启用登记{year}.csv", headers, encoding="utf-8-sig")


def login_form(options: BureauOptions, year: int) -> Form:
    """Logins to the cloud platform by day; about nobody in particular, so no typed table has a place for it."""
    headers = {"day": "日期", "logins": "登录人次", "visitors": "登录人数"}
    return Form(NO_TABLE, f"云平台登录日统计{year}.csv", headers, encoding="utf-8-sig")


def inspection_form(options: BureauOptions, year: int) -> Form:
    """Inspections of schools and meetings on training."""
    headers = {
        "programme": "项目名称",
        "start_date": "开始日期",
        "school_name": "单位",
        "inspection_score": "督导评分",
        "inspection_finding": "发现问题",
    }
    return Form("programmes", f"培训督导与会议台账{year}.csv", headers, encoding="gb18030")
