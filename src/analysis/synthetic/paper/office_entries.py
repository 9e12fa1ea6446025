"""What stands in the cells of the hand-kept lists; a row is what the list of ``truth.office`` says it is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.office_words import LIST_PROGRAMMES, spell_office
from analysis.synthetic.paper.register import Register
from analysis.synthetic.paper.words import GRADES, spell_column, words_of
from analysis.synthetic.truth.record import Draw

# topic of a course -> the programme it belongs to
PROGRAMME_OF = {
    "digital": "digital_course",
    "interdisciplinary": "interdisciplinary",
    "design": "lesson_design",
    "assignment": "assignment_design",
    "mental": "mental_health",
    "ai": "ai_training",
    "class": "class_management",
    "evaluation": "evaluation",
    "research": "research_methods",
    "family": "family_school",
    "care": "care",
    "subject": "subject_update",
}
COURSE_ENDINGS = np.array(["专题讲座", "案例研讨", "课堂实操", "工作坊", "名师示范"])
SERVED = {"expert": "all", "district": "district", "township": "township"}
TEAM_NAMES = {"master": "第{}名师工作室", "chief": "第{}乡村首席教师工作室"}


def list_rows(draw: Draw, register: Register, name: str, year: int) -> pd.DataFrame:
    """One list of one year, with names and serial numbers, codes still as codes."""
    table = draw.office[name]
    rows = table[table["year"] == year].reset_index(drop=True)
    columns: dict[str, object] = {"serial": np.arange(1, len(rows) + 1)}
    if "person" in rows:
        people = register.people.loc[rows["person"]]
        columns |= {name: people[name].to_numpy() for name in people}
    if "school" in rows:
        at = rows["school"].to_numpy()
        columns["school_name"] = np.where(at < 0, "", register.school_names(year)[at])
    return rows.assign(**columns)


def _spelled(draw: Draw, rows: pd.DataFrame, programme: str = "") -> pd.DataFrame:
    """The rows in words; ``programme`` is what the list is about."""
    spelled = spell_office(rows, draw.options.bureau)
    return spelled.assign(programme=LIST_PROGRAMMES[programme]) if programme else spelled


def days_as(dates: pd.Series, pattern: str) -> np.ndarray:
    """Dates as an office writes them: ``pattern`` with {0} for the year, {1} the month, {2} the day, no zeros."""
    codes, found = pd.factorize(dates)
    days = pd.DatetimeIndex(found)
    parts = zip(days.year, days.month, days.day, strict=True)
    texts = np.array([pattern.format(*part) for part in parts] or [""], dtype=object)
    return texts[codes]


def master_studios(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Hosts and members of the master teachers' studios."""
    return _studios(draw, register, year, "master", "studio")


def chief_studios(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Hosts and members of the rural chief teachers' studios."""
    return _studios(draw, register, year, "chief", "chief_studio")


def _studios(draw: Draw, register: Register, year: int, kind: str, programme: str) -> pd.DataFrame:
    rows = list_rows(draw, register, "studios", year)
    rows = rows[rows["kind"] == kind].reset_index(drop=True)
    rows["serial"] = np.arange(1, len(rows) + 1)
    # a studio is usually called after its host; a name of a person has no place in a team's name
    team = rows["studio"].map(lambda n: draw.profile.label + TEAM_NAMES[kind].format(n))
    dates = days_as(rows["start_date"], "{0}.{1:02d}.{2:02d}")
    return _spelled(draw, rows, programme).assign(team=team, start_date=dates)


def backbone(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """New teachers, backbone teachers and masters."""
    rows = _spelled(draw, list_rows(draw, register, "backbone", year))
    return rows.assign(award_date=days_as(rows["award_date"], "{0}.{1}"))


def honours(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Honorary titles."""
    rows = _spelled(draw, list_rows(draw, register, "honours", year))
    return rows.assign(award_date=days_as(rows["award_date"], "{0}年{1}月{2}日"))


def contests(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Prizes of the skills contest."""
    rows = _spelled(draw, list_rows(draw, register, "contests", year))
    return rows.assign(award_date=days_as(rows["award_date"], "{0}.{1}.{2}"))


def micro_cases(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Micro-lessons and cases of smart classrooms."""
    rows = _spelled(draw, list_rows(draw, register, "micro_cases", year))
    return rows.assign(award_date=days_as(rows["award_date"], "{0}/{1}/{2}"))


def ethics_cases(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Stories collected."""
    rows = _spelled(draw, list_rows(draw, register, "ethics_cases", year))
    number = rows["serial"].astype(str).str.zfill(4)
    title = rows["topic"].astype(str) + "中的师德故事（" + number + "）"
    dates = days_as(rows["award_date"], "{0}-{1:02d}-{2:02d}")
    return rows.assign(title=title, serial="SD" + number, award_date=dates)


def projects(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Research projects applied for."""
    rows = list_rows(draw, register, "projects", year).assign(honour="research_project")
    rows = _spelled(draw, rows)
    title = rows["subject"].astype(str) + "教学中" + rows["topic"].astype(str) + "的实践研究"
    return rows.assign(title=title, award_date=days_as(rows["award_date"], "{0}年{1}月{2}日"))


def trainers(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The bank of trainers."""
    rows = list_rows(draw, register, "trainers", year)
    return _spelled(draw, rows.assign(service_area=rows["trainer_kind"].map(SERVED)))


def courses(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The catalogue of courses."""
    rows = list_rows(draw, register, "courses", year)
    rows = rows.assign(programme=rows["topic"].map(PROGRAMME_OF), number=rows["course"])
    spelled = _spelled(draw, rows)
    ending = COURSE_ENDINGS[rows["number"] % len(COURSE_ENDINGS)]
    local = np.where(rows["is_local"], "乡土课程开发：", "")
    titles = local + spelled["topic"].astype(object) + ending
    return spelled.assign(course=titles + "（" + rows["number"].astype(str) + "）")


def lessons(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The lessons of the cloud platform."""
    rows = list_rows(draw, register, "lessons", year)
    spelled = _spelled(draw, rows)
    number = rows["course"].astype(str).str.zfill(5)
    titles = spelled["stage"].astype(object) + spelled["topic"].astype(object) + "微课"
    return spelled.assign(course=titles + number, serial="R" + number)


def funds(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The ledger of training funds."""
    return _spelled(draw, list_rows(draw, register, "funds", year))


def subsidies(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Payments of the rural living subsidy."""
    rows = list_rows(draw, register, "subsidies", year)
    return rows.assign(subsidy_grade=np.array(GRADES, dtype=object)[rows["subsidy_grade"]])


def school_pairs(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Backbone teachers with their two or three young ones."""
    return _pairs(draw, register, year, "school", "pairing", "青蓝")


def area_pairs(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Urban with rural teachers."""
    return _pairs(draw, register, year, "area", "area_pairing", "城乡")


def _pairs(
    draw: Draw, register: Register, year: int, kind: str, programme: str, word: str
) -> pd.DataFrame:
    rows = list_rows(draw, register, "pairs", year)
    rows = rows[rows["kind"] == kind].reset_index(drop=True)
    team = word + rows["pair"].astype(str).str.zfill(3)
    dates = days_as(rows["start_date"], "{0}-{1:02d}-{2:02d}")
    return _spelled(draw, rows, programme).assign(team=team, start_date=dates)


def novices(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Marks of the new teachers."""
    return _spelled(draw, list_rows(draw, register, "novices", year), "induction_assessment")


def promotions(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Promotions set aside for long service in rural posts."""
    rows = _spelled(draw, list_rows(draw, register, "promotions", year), "targeted_promotion")
    return rows.assign(start_date=days_as(rows["start_date"], "{0}年{1}月{2}日"))


def visits(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Follow-up visits after training."""
    rows = _spelled(draw, list_rows(draw, register, "visits", year), "follow_up")
    followed = words_of(draw.options.bureau, "programme")
    return rows.assign(
        followed_programme=spell_column(rows["followed_programme"], followed),
        start_date=days_as(rows["start_date"], "{0}.{1}.{2}"),
    )


def tools(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Schools that have opened a smart tool."""
    rows = _spelled(draw, list_rows(draw, register, "tools", year), "smart_tools")
    return rows.assign(start_date=days_as(rows["start_date"], "{0}年{1}月"))


def logins(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Logins to the cloud platform by day."""
    rows = list_rows(draw, register, "logins", year)
    return rows.assign(day=days_as(rows["day"], "{0}-{1:02d}-{2:02d}"))


def inspections(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Inspections of schools and meetings on training."""
    rows = list_rows(draw, register, "inspections", year)
    about = np.where(rows["kind"] == "meeting", "training_meeting", "inspection")
    rows = _spelled(draw, rows).assign(programme=spell_column(pd.Series(about), LIST_PROGRAMMES))
    return rows.assign(start_date=days_as(rows["start_date"], "{0}-{1:02d}-{2:02d}"))
