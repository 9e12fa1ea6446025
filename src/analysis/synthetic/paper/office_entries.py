"""What stands in the cells of the hand-kept lists; a row is what the list of ``truth.office`` says it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.paper import office_titles as titles
from analysis.synthetic.paper.dirt import names, numbers
from analysis.synthetic.paper.dirt.brush import Brush, open_brush
from analysis.synthetic.paper.filled import Filled
from analysis.synthetic.paper.office_words import LIST_PROGRAMMES, spell_office
from analysis.synthetic.paper.register import Register, chinese_number
from analysis.synthetic.paper.words import GRADES, WORDS, spell_column, words_of
from analysis.synthetic.streams import stream
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
SERVED = {"expert": "all", "district": "district", "township": "township"}
TEAM_TAILS = {"master": "名师工作室", "chief": "乡村首席教师工作室"}
ISSUERS = {"county": "示例县教", "city": "示例市教", "province": "示例省教师"}
# as an office writes dates: {0} for the year, {1} the month, {2} the day
DOTTED, ISO, WORDED = "{0}.{1}.{2}", "{0}-{1:02d}-{2:02d}", "{0}年{1}月{2}日"
PADDED, SLASHED = "{0}.{1:02d}.{2:02d}", "{0}/{1}/{2}"
MONTH, WORDED_MONTH, ISO_MONTH = "{0}.{1}", "{0}年{1}月", "{0}-{1:02d}"
OTHER_DAYS, OTHER_MONTHS = (WORDED, SLASHED, PADDED, ISO), (WORDED_MONTH, ISO_MONTH)
REMARKED = 0.06  # share of lines with a remark
REMARKS = {
    "backbone": ("材料待补", "证书遗失补办中", "上年度延期认定", "兼任教研组长"),
    "funds": ("含上年结转", "部分在下年度支付", "与承训单位据实结算", "含教材费"),
}


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


def _noted(
    draw: Draw, rows: pd.DataFrame, year: int, name: str, number: str = "", **days: str
) -> Filled:
    """A list with the dirt of names, of the column ``number`` and of days; ``days``: column -> how it is written."""
    brush, filled = open_brush(draw, year, f"office-{name}"), Filled(rows)
    if "name" in rows:
        filled = names.write_names(brush, filled)
    if number == "person_number":
        filled = numbers.write_numbers(brush, filled)
    if number == "staff_number":
        filled = numbers.drop_numbers(brush, filled)
    for column, pattern in days.items():
        filled = write_dates(brush, filled, column, pattern)
    return filled


def write_dates(brush: Brush, filled: Filled, column: str, pattern: str) -> Filled:
    """Dates in the pattern of the list, some in another of the same exactness."""
    dates = filled.rows[column]
    others = [p for p in (OTHER_DAYS if "{2" in pattern else OTHER_MONTHS) if p != pattern]
    at = brush.some("odd_dates", len(dates), f"-{column}")
    texts = np.stack([days_as(dates.iloc[at], other) for other in others])
    out = filled.columns(**{column: days_as(dates, pattern)})
    return out.spoil(column, at, texts[at % len(others), np.arange(len(at))])


def _remarks(draw: Draw, rows: pd.DataFrame, year: int, name: str) -> np.ndarray:
    """A remark in some lines, nothing in the others; at least one line has one."""
    rng = stream(draw.options.seed, year, f"office-remarks-{name}")
    has_one = rng.permutation(len(rows)) < max(1, round(REMARKED * len(rows)))
    return np.where(has_one, rng.choice(np.array(REMARKS[name], dtype=object), len(rows)), "")


def _titles_rng(draw: Draw, year: int, name: str) -> Generator:
    return stream(draw.options.seed, year, f"office-titles-{name}")


def days_as(dates: pd.Series, pattern: str) -> np.ndarray:
    """Dates as an office writes them: ``pattern`` with {0} for the year, {1} the month, {2} the day, no zeros."""
    codes, found = pd.factorize(dates)
    days = pd.DatetimeIndex(found)
    parts = zip(days.year, days.month, days.day, strict=True)
    texts = np.array([pattern.format(*part) for part in parts] or [""], dtype=object)
    return texts[codes]


def master_studios(draw: Draw, register: Register, year: int) -> Filled:
    """Hosts and members of the master teachers' studios."""
    return _studios(draw, register, year, "master", "studio")


def chief_studios(draw: Draw, register: Register, year: int) -> Filled:
    """Hosts and members of the rural chief teachers' studios."""
    return _studios(draw, register, year, "chief", "chief_studio")


def _studios(draw: Draw, register: Register, year: int, kind: str, programme: str) -> Filled:
    rows = list_rows(draw, register, "studios", year)
    rows = rows[rows["kind"] == kind].reset_index(drop=True)
    rows["serial"] = np.arange(1, len(rows) + 1)
    spelled = _spelled(draw, rows, programme).assign(
        team=team_names(draw.profile.label, rows, kind)
    )
    return _noted(draw, spelled, year, programme, start_date=PADDED)


def team_names(label: str, rows: pd.DataFrame, kind: str) -> np.ndarray:
    """The studio of each row, called after stage and subject, further ones of a subject numbered.

    A studio is usually called after its host; a name of a person has no place in a team's name.
    """
    studios = rows.drop_duplicates("studio").sort_values("studio")
    words = WORDS["stage"] | {"senior": "高中"}
    turn = studios.groupby(["stage", "subject"]).cumcount()
    number = np.array(["", *(f"第{chinese_number(n + 1)}" for n in range(1, 1 + turn.max()))])
    stage: np.ndarray = spell_column(studios["stage"], words)
    name = stage + studios["subject"].astype(object) + number[turn] + TEAM_TAILS[kind]
    of_studio = pd.Series((label + name).to_numpy(), studios["studio"].to_numpy())
    return rows["studio"].map(of_studio).to_numpy(dtype=object)


def backbone(draw: Draw, register: Register, year: int) -> Filled:
    """New teachers, backbone teachers and masters."""
    rows = _spelled(draw, list_rows(draw, register, "backbone", year))
    rows = rows.assign(remark=_remarks(draw, rows, year, "backbone"))
    return _noted(draw, rows, year, "backbone", "staff_number", award_date=MONTH)


def honours(draw: Draw, register: Register, year: int) -> Filled:
    """Honorary titles."""
    rows = list_rows(draw, register, "honours", year)
    issuer = spell_column(rows["honour_level"], ISSUERS)
    document = issuer + f"〔{year}〕" + rows["document"].astype(str) + "号"
    rows = _spelled(draw, rows).assign(document=document)
    return _noted(draw, rows, year, "honours", award_date=WORDED)


def contests(draw: Draw, register: Register, year: int) -> Filled:
    """Prizes of the skills contest."""
    rows = _spelled(draw, list_rows(draw, register, "contests", year))
    return _noted(draw, rows, year, "contests", award_date=DOTTED)


def micro_cases(draw: Draw, register: Register, year: int) -> Filled:
    """Micro-lessons and cases of smart classrooms."""
    rows = _spelled(draw, list_rows(draw, register, "micro_cases", year))
    return _noted(draw, rows, year, "micro", award_date=SLASHED)


def ethics_cases(draw: Draw, register: Register, year: int) -> Filled:
    """Stories collected."""
    rows = list_rows(draw, register, "ethics_cases", year)
    title = titles.story_titles(_titles_rng(draw, year, "stories"), rows)
    number = "SD" + rows["serial"].astype(str).str.zfill(4)
    rows = _spelled(draw, rows).assign(title=title, serial=number)
    return _noted(draw, rows, year, "ethics", award_date=ISO)


def projects(draw: Draw, register: Register, year: int) -> Filled:
    """Research projects applied for."""
    rows = list_rows(draw, register, "projects", year).assign(honour="research_project")
    title = titles.project_titles(_titles_rng(draw, year, "projects"), rows)
    rows = _spelled(draw, rows).assign(title=title)
    return _noted(draw, rows, year, "projects", award_date=WORDED)


def trainers(draw: Draw, register: Register, year: int) -> Filled:
    """The bank of trainers."""
    rows = list_rows(draw, register, "trainers", year)
    rows = rows.assign(service_area=rows["trainer_kind"].map(SERVED))
    return _noted(draw, _spelled(draw, rows), year, "trainers")


def courses(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The catalogue of courses."""
    rows = list_rows(draw, register, "courses", year)
    rows = rows.assign(programme=rows["topic"].map(PROGRAMME_OF))
    title = titles.course_titles(_titles_rng(draw, year, "courses"), rows)
    return _spelled(draw, rows).assign(course=title)


def lessons(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The lessons of the cloud platform."""
    rows = list_rows(draw, register, "lessons", year)
    words = WORDS["stage"] | {"senior": "高中"}
    title = titles.lesson_titles(_titles_rng(draw, year, "lessons"), rows, words)
    number = "R" + rows["course"].astype(str).str.zfill(5)
    return _spelled(draw, rows).assign(course=title, serial=number)


def funds(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The ledger of training funds."""
    rows = _spelled(draw, list_rows(draw, register, "funds", year))
    return rows.assign(remark=_remarks(draw, rows, year, "funds"))


def subsidies(draw: Draw, register: Register, year: int) -> Filled:
    """Payments of the rural living subsidy."""
    rows = list_rows(draw, register, "subsidies", year)
    rows = rows.assign(subsidy_grade=np.array(GRADES, dtype=object)[rows["subsidy_grade"]])
    return _noted(draw, rows, year, "subsidies", "person_number")


def school_pairs(draw: Draw, register: Register, year: int) -> Filled:
    """Backbone teachers with their two or three young ones."""
    return _pairs(draw, register, year, "school", "pairing", "青蓝")


def area_pairs(draw: Draw, register: Register, year: int) -> Filled:
    """Urban with rural teachers."""
    return _pairs(draw, register, year, "area", "area_pairing", "城乡")


def _pairs(
    draw: Draw, register: Register, year: int, kind: str, programme: str, word: str
) -> Filled:
    rows = list_rows(draw, register, "pairs", year)
    rows = rows[rows["kind"] == kind].reset_index(drop=True)
    team = word + rows["pair"].astype(str).str.zfill(3)
    rows = _spelled(draw, rows, programme).assign(team=team)
    return _noted(draw, rows, year, programme, start_date=ISO)


def novices(draw: Draw, register: Register, year: int) -> Filled:
    """Marks of the new teachers."""
    rows = _spelled(draw, list_rows(draw, register, "novices", year), "induction_assessment")
    return _noted(draw, rows, year, "novices", "staff_number")


def promotions(draw: Draw, register: Register, year: int) -> Filled:
    """Promotions set aside for long service in rural posts."""
    rows = _spelled(draw, list_rows(draw, register, "promotions", year), "targeted_promotion")
    return _noted(draw, rows, year, "promotions", "person_number", start_date=WORDED)


def visits(draw: Draw, register: Register, year: int) -> Filled:
    """Follow-up visits after training."""
    rows = _spelled(draw, list_rows(draw, register, "visits", year), "follow_up")
    followed = words_of(draw.options.bureau, "programme")
    rows = rows.assign(followed_programme=spell_column(rows["followed_programme"], followed))
    return _noted(draw, rows, year, "visits", start_date=DOTTED)


def tools(draw: Draw, register: Register, year: int) -> Filled:
    """Schools that have opened a smart tool."""
    rows = _spelled(draw, list_rows(draw, register, "tools", year), "smart_tools")
    return _noted(draw, rows, year, "tools", start_date=WORDED_MONTH)


def logins(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """Logins to the cloud platform by day."""
    rows = list_rows(draw, register, "logins", year)
    return rows.assign(day=days_as(rows["day"], ISO))


def inspections(draw: Draw, register: Register, year: int) -> Filled:
    """Inspections of schools and meetings on training."""
    rows = list_rows(draw, register, "inspections", year)
    about = np.where(rows["kind"] == "meeting", "training_meeting", "inspection")
    rows = _spelled(draw, rows).assign(programme=spell_column(pd.Series(about), LIST_PROGRAMMES))
    return _noted(draw, rows, year, "inspections", start_date=ISO)
