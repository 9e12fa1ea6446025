"""The forms: which file holds which table in which year, under which headers, in which format.

A form is that of one kind of bureau and one year: headers were renamed over the years, and the county and the
city do not call everything alike.
"""

from __future__ import annotations

import datetime as dt

from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.words import WORDS
from analysis.synthetic.profile import CITY, Profile
from analysis.synthetic.truth.codes import TOPICS

CURRENT = 2025  # from this roster on, workbooks; before, CSV exports
UTF8_SINCE = 2022
OLD_WORDS = 2020  # until this roster the establishment was called otherwise
OLD_BOOKS = 2021  # until this year school ledgers came as .xls
MENTOR_BOOKS = 2025  # from this year on mentors hand in a workbook of their own
SIGNED = "填表人：              审核人：              联系电话："
SCALES = {"ee": 9, "dp": 5, "pa": 8, "ti": 4}
FIRST_SURVEY = 331954276  # number of the first questionnaire on the platform
FIRST_NEEDS = FIRST_SURVEY - 41207
SYSTEM = {
    "serial": "序号",
    "survey_date": "提交答卷时间",
    "answer_seconds": "所用时间",
    "source": "来源",
    "source_detail": "来源详情",
    "address": "来自IP",
}
PLATFORM_ONLY = ("serial", "source", "source_detail", "address")
Counts = tuple[int, int]  # answer sheets that came in, and those that are left

# kind of bureau -> table -> variable -> header, where the city has its own
CITY_HEADERS = {
    "roster": {
        "person_number": "身份证号",
        "staff_number": "教师编号",
        "school_name": "所在学校",
        "homeroom": "班主任",
        "subsidy_eligible": "乡村补助资格",
    },
    "schools": {"distance_km": "距中心城区公里数", "tool_use_rate": "智能工具使用率"},
    "trainings": {"programme": "培训项目", "hours": "培训学时", "staff_number": "教师编号"},
    "assessments": {"digital_score": "测评总分", "person_number": "证件号码"},
    "exits": {"exit_reason": "离岗原因"},
    "programmes": {"staff_number": "教师编号", "name": "教师姓名"},
}


def form_headers(profile: Profile, table: str, headers: dict[str, str]) -> dict[str, str]:
    """The headers of one table as this bureau calls them."""
    own = CITY_HEADERS.get(table, {}) if is_city(profile) else {}
    return {variable: own.get(variable, header) for variable, header in headers.items()}


def is_city(profile: Profile) -> bool:
    """Whether it is the city's office that fills in the forms."""
    return profile.label == CITY.label


def encoding_of(year: int, since: int) -> str:
    """The encoding of text exports: that of the old system until a year."""
    return "utf-8-sig" if year >= since else "gb18030"


def _roster_headers(year: int) -> dict[str, str]:
    return {
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
        "staffed_post": "是否在编" if year > OLD_WORDS else "编制",
        "work_start": "参加工作年月",
        "homeroom": "是否班主任",
        "weekly_lessons": "周课时",
        "subsidy_eligible": "补助资格",
    }


def roster_form(profile: Profile, year: int) -> Form:
    """The roster of 1 September; headers and formats changed over the years, as they do."""
    is_book = year >= CURRENT
    title = f"{profile.label}教师花名册（{year}年9月1日在岗）"
    return Form(
        "roster",
        f"教师花名册({year}年9月).xlsx" if is_book else f"教师花名册{year}年9月.csv",
        form_headers(profile, "roster", _roster_headers(year)),
        sheet="花名册" if is_book else "",
        title=title if is_book else "",
        encoding="" if is_book else encoding_of(year, UTF8_SINCE),
        snapshot=dt.date(year, 9, 1),
        extra={"在岗状态": "在岗"},
        answers={"staffed_post": {"占编": "yes"}} if year <= OLD_WORDS else {},
    )


def _place_headers(year: int) -> dict[str, str]:
    return {
        "area": "城乡代码" if year >= 2022 else "城乡分类代码",
        "distance_km": "距县城公里数",
        "n_pupils": "学生数",
        "n_classes": "班级数",
        "n_teachers": "教师数",
        "is_small": "是否小规模学校",
        "boards": "是否寄宿",
        "bandwidth": "网络带宽",
        "subsidy_grade": "补助档次",
    }


def school_form(profile: Profile, year: int) -> Form:
    """The school ledger, its header over two rows, with a row of totals below."""
    basic = {
        "school_id": "学校标识码",
        "school_name": "校名",
        "school_kind": "办学类型",
        "district": "所属片区",
    }
    place = _place_headers(year)
    pilot = {"pilot_batch": "试点批次", "pilot_start": "试点起始时间"}
    if year >= profile.first_survey_year:
        pilot |= {"tool_use_rate": "工具使用率"}
    parts = {"学校基本情况": basic, "位置与规模": place, "智慧教育试点": pilot}
    headers = basic | place | pilot
    return Form(
        "schools",
        f"学校台账{year}.{'xls' if year <= OLD_BOOKS else 'xlsx'}",
        form_headers(profile, "schools", headers),
        sheet="学校台账",
        title=f"{profile.label}中小学校台账（{year}年）",
        totals=("n_pupils", "n_classes", "n_teachers"),
        groups={v: group for group, part in parts.items() for v in part},
        unmapped=("pilot_batch", "n_classes", "boards", "bandwidth"),
        notes=(SIGNED,),
    )


def _attendance_headers() -> dict[str, str]:
    return {
        "programme": "培训项目名称",
        "topic": "主题",
        "mode": "培训形式",
        "level": "级别",
        "start_date": "开始日期",
        "end_date": "结束日期",
        "hours": "学时",
        "session": "场次编号",
        "name": "参训人",
        "staff_number": "工号",
        "school_name": "单位",
        "result": "考核结果",
        "credits": "学分",
    }


def training_form(profile: Profile, year: int) -> Form:
    """The training ledger of a calendar year, put together from what county and schools report."""
    notes = {"organiser": "承训单位", "reported_by": "填报单位"}
    return Form(
        "trainings",
        f"培训台账{year}.csv",
        form_headers(profile, "trainings", _attendance_headers() | notes),
        encoding=encoding_of(year, CURRENT),
        unmapped=tuple(notes),
    )


def mentor_form(profile: Profile, year: int) -> Form:
    """The mentors' workbook, one sheet for each school."""
    meeting = {"mentor_name": "导师姓名", "meeting_topic": "带教内容", "minutes": "时长（分钟）"}
    return Form(
        "trainings",
        f"新教师导师带教记录{year}.xlsx",
        form_headers(profile, "trainings", _attendance_headers() | meeting),
        title=f"{year}年新教师导师带教记录表",
        unmapped=tuple(meeting),
        per_school=True,
    )


def score_form(profile: Profile, year: int) -> Form:
    """The results of the May test; the city's newer ones in a workbook with a header over two rows."""
    who = {"name": "姓名", "person_number": "身份证号", "school_name": "单位"}
    test = {
        "test_date": "测评日期",
        "test_form": "卷别",
        "attempt": "次数",
        "minutes": "用时（分钟）",
    }
    total = {"digital_score": "总分", "anchor_score": "共同题得分", "grade": "等级"}
    parts = {
        "digital_awareness": "数字化意识",
        "digital_skills": "数字技术知识与技能",
        "digital_application": "数字化应用",
        "digital_responsibility": "数字社会责任",
        "professional_growth": "专业发展",
    }
    groups = {"参评教师": who, "测评安排": test, "成绩": total, "各维度得分": parts}
    is_book = is_city(profile) and year >= CURRENT
    headers = form_headers(profile, "assessments", who | test | total | parts)
    return Form(
        "assessments",
        f"数字素养测评成绩{year}.{'xlsx' if is_book else 'csv'}",
        headers | {"attempt": "测评次数"},
        sheet="成绩" if is_book else "",
        title=f"{year}年教师数字素养测评成绩" if is_book else "",
        encoding="" if is_book else encoding_of(year, CURRENT),
        groups={v: g for g, part in groups.items() for v in part} if is_book else {},
        unmapped=("minutes", "grade"),
    )


def pass_list_form(profile: Profile, year: int) -> Form:
    """The names of those who passed the test, without any score; no table of the project takes it up."""
    headers = {
        "name": "姓名",
        "school_name": "单位",
        "test_date": "测评日期",
        "passed": "测评结论",
    }
    title = f"{year}年教师信息技术应用能力达标名单"
    return Form("", f"信息技术应用能力达标名单{year}.xlsx", headers, sheet="达标名单", title=title)


def scale_items(scale: str) -> list[str]:
    """The items of one scale, by code: the wording is not ours to print."""
    return [f"{scale}{number + 1}" for number in range(SCALES[scale])]


def needs_of() -> list[str]:
    """The variables of the twelve needs."""
    return [f"need_{topic}" for topic in TOPICS]


def _matrix(stem: str, rows: dict[str, str]) -> dict[str, str]:
    """One question with several rows, a column each."""
    return {variable: f"{stem}—({row})" for variable, row in rows.items()}


def _questions() -> list[dict[str, str]]:
    """The questions with which both questionnaires begin; each is variable -> its words, mostly one."""
    return [
        {"staff_number": "您的教职工号"},
        {"school_name": "您所在的学校"},
        {"sex": "您的性别"},
        {"age": "您的年龄（周岁）"},
        {"years_teaching": "您的教龄（年）"},
    ]


def _need_question() -> dict[str, str]:
    rows = {f"need_{topic}": WORDS["topic"][topic] for topic in TOPICS}
    return _matrix("您对以下培训的需求程度（1至5分）", rows)


def _work_questions() -> list[dict[str, str]]:
    """The questions on work and training; the items of the scales by code."""
    items = {scale: {item: item.upper() for item in scale_items(scale)} for scale in SCALES}
    burnout = items["ee"] | items["dp"] | items["pa"]
    return [
        {"working_hours": "您平均每周工作多少小时"},
        _matrix("以下情形出现的频率（0至6分）", burnout),
        _matrix("以下说法的符合程度（1至5分）", items["ti"]),
        {"honour_satisfaction": "您对教师职业荣誉感的满意程度（1至5分）"},
        {"uses_tools": "您是否使用备课助手等智能教学工具"},
        {"volunteer_hours": "过去一年您参加志愿服务多少小时"},
        {"topics_received": "本学年您参加过哪些主题的培训【多选题】"},
        {"topics_offered": "本学年贵校提供过哪些主题的培训【多选题】"},
        {"training_satisfaction": "您对本学年所参加培训的满意程度（1至5分）"},
        {"open_text": "您的意见建议"},
    ]


def _numbered(questions: list[dict[str, str]]) -> dict[str, str]:
    """The platform's columns, then the questions, numbered from 1 without a gap."""
    parts = [
        {variable: f"{number}、{words}" for variable, words in question.items()}
        for number, question in enumerate(questions, 1)
    ]
    return SYSTEM | {variable: header for part in parts for variable, header in part.items()}


def survey_form(profile: Profile, year: int, counts: Counts | None = None) -> Form:
    """The survey of March, the platform's text export: system columns, numbered questions, scored dimensions.

    ``counts``: see ``questionnaires.survey_counts``; the file's name tells them where they are given.
    """
    needs = [] if profile.has_need_survey else [_need_question()]
    headers = _numbered([*_questions(), *needs, *_work_questions()])
    headers |= {"burnout_ee": "情绪衰竭维度得分", "leave_intention": "离岗意向维度得分"}
    own = ("topics_received", "topics_offered", "training_satisfaction", "open_text")
    coded = [item for scale in SCALES for item in scale_items(scale)]
    name = _export_name(FIRST_SURVEY + year - CURRENT, "教师工作情况调查", counts)
    return _export(f"[示例]{name}", headers, (*PLATFORM_ONLY, *coded, *own))


def need_form(profile: Profile, year: int, counts: Counts | None = None) -> Form:
    """The need survey of the autumn before, from the same platform; ``counts`` as in ``survey_form``."""
    name = _export_name(FIRST_NEEDS + year - CURRENT, "教师培训需求调研", counts)
    return _export(name, _numbered([*_questions(), _need_question()]), PLATFORM_ONLY)


def _export_name(number: int, title: str, counts: Counts | None) -> str:
    """How the platform calls a file: its number, the kind of export, the title, sheets received and valid."""
    told = [f"{count}" for count in counts] if counts else []
    return "_".join([f"{number}", "按文本", title, *told]) + ".csv"


def _export(file: str, headers: dict[str, str], unmapped: tuple[str, ...]) -> Form:
    return Form("survey", file, headers, encoding="utf-8-sig", unmapped=unmapped)


def exit_form(profile: Profile, year: int) -> Form:
    """The list of those who left, moved or are away between two snapshots."""
    headers = {
        "name": "姓名",
        "person_number": "身份证号",
        "school_name": "原单位",
        "new_place": "去向（现单位）",
        "exit_kind": "变动类型",
        "exit_reason": "变动原因",
        "exit_date": "变动日期",
        "order_number": "文号",
        "remark": "备注",
    }
    title = f"{year - 1}年9月至{year}年8月教职工变动台账"
    return Form(
        "exits",
        f"离岗台账{year}.xlsx",
        form_headers(profile, "exits", headers),
        sheet="离岗台账",
        title=title,
        unmapped=("new_place", "exit_kind", "order_number", "remark"),
        notes=(SIGNED,),
    )


def rotation_form(profile: Profile, year: int) -> Form:
    """The list of rotated teachers; they stay on the roster of their home school."""
    headers = _list_headers("原单位") | {
        "direction": "交流方向",
        "host_name": "接收单位",
        "start_date": "开始日期",
        "end_date": "结束日期",
    }
    return _list_form(profile, f"交流轮岗名单{year}.xlsx", headers, "", ("host_name",))


def dormitory_form(profile: Profile, year: int) -> Form:
    """The register of flats for teachers: applied, moved in; those not moved in are waiting."""
    headers = _list_headers("所在学校") | {"applied_date": "申请日期", "start_date": "入住日期"}
    title = f"{profile.label}乡村教师周转宿舍登记表"
    return _list_form(profile, f"周转宿舍登记{year}.xlsx", headers, title)


def volunteer_form(profile: Profile, year: int) -> Form:
    """The log of the volunteers' month."""
    headers = _list_headers("所在学校") | {"start_date": "服务日期", "hours": "服务小时"}
    title = f"{profile.label}教师志愿服务登记表（{year}年）"
    return _list_form(profile, f"志愿服务登记{year}.xlsx", headers, title)


def _list_headers(school: str) -> dict[str, str]:
    return {
        "programme": "项目名称",
        "name": "姓名",
        "staff_number": "教职工号",
        "school_name": school,
    }


def _list_form(
    profile: Profile,
    file: str,
    headers: dict[str, str],
    title: str,
    unmapped: tuple[str, ...] = (),
) -> Form:
    own = form_headers(profile, "programmes", headers | {"remark": "备注"})
    no_variables = (*unmapped, "remark")
    return Form("programmes", file, own, sheet="名单", title=title, unmapped=no_variables)
