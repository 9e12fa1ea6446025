"""What stands in the cells: the true tables of a draw as an office would have filled them in.

Each function fills the form of the same name for one year and notes what is dirt.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.dirt import names, numbers
from analysis.synthetic.paper.dirt.brush import Brush, open_brush
from analysis.synthetic.paper.dirt.rows import paste_lists, report_twice, retake_tests
from analysis.synthetic.paper.filled import KIND, Filled, blanks, cells, of_kind, with_cells
from analysis.synthetic.paper.forms import MENTOR_BOOKS, OLD_WORDS
from analysis.synthetic.paper.register import Register, chinese_number
from analysis.synthetic.paper.words import EXIT_KINDS, GRADES, spell, spell_column, words_of
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.record import Draw

PUPILS_PER_POST = {"urban": 17.0, "town": 15.0, "rural": 11.0}
PUPILS_TREND = {"urban": 1.01, "town": 0.995, "rural": 0.965}  # a year
TEACHING_ONLY = ("stage", "subject", "title_rank")
# retirements and deaths go through the pension office, which always writes the reason
ALWAYS_GIVEN = ("retired", "deceased")
CENTRE = "教师发展中心"
PASS_SHARE = 0.98
PUPILS_PER_CLASS = {"urban": 46, "town": 42, "rural": 30}
BOARDING = ("初级中学", "九年一贯制学校", "普通高中", "中等职业学校")
BANDWIDTHS = {"urban": ("500M", "1000M"), "town": ("200M", "500M"), "rural": ("100M", "200M")}
MARKS = ("不合格", "合格", "良好", "优秀")  # of a test, from these points on
MARK_POINTS = (60.0, 75.0, 85.0)
TEST_MINUTES = (68.0, 11.0, 24.0, 90.0)  # mean, standard deviation, least, most
MEETING_MINUTES = (30, 40, 45, 50, 60, 75, 80, 90, 120)
MEETING_TOPICS = (
    "听评课",
    "备课指导",
    "课堂管理",
    "作业批改与讲评",
    "教学设计修改",
    "家长沟通",
    "公开课磨课",
    "学期计划与总结",
    "命题与质量分析",
    "信息技术使用",
)
MENTOR_YEARS = 8  # of teaching, from which one may be a mentor
REMARKED = 0.08  # of the lines of a hand-kept list
REMARKS = ("已核实", "补报", "材料齐全", "与学校电话确认", "信息有更新", "待补材料", "原件存档")


def roster_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The roster of 1 September; a row is a person in post."""
    rows = draw.roster(year).sort_values(["school", "person"], ignore_index=True)
    teaches = rows["is_teacher"].to_numpy(dtype=bool)
    staffed = rows["staffed_post"].to_numpy(dtype=bool)
    rows = named(draw, register, rows, year)
    rows = with_cells(rows, {c: np.where(teaches, rows[c], "") for c in TEACHING_ONLY})
    rows["birth_month"] = rows["birth_date"]
    rows["weekly_lessons"] = rows["weekly_lessons"].astype(int)
    if year <= OLD_WORDS:
        rows["staffed_post"] = np.where(staffed, "占编", "编外")
    brush = open_brush(draw, year, "roster")
    filled = names.write_names(brush, numbers.write_numbers(brush, Filled(rows)))
    for column in ("birth_month", "work_start"):
        filled = numbers.write_months(brush, filled, column)
    return numbers.shift_births(brush, filled)


def school_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The school ledger of a year; a pilot stands in it from the September in which it starts."""
    schools = draw.schools
    area, start = schools["area"].astype(object), schools["cohort"] - 1
    pupils = schools["posts"] * area.map(PUPILS_PER_POST) * area.map(PUPILS_TREND) ** (year - 2024)
    district = schools["district"].map(lambda number: f"第{chinese_number(number + 1)}片区")
    rows = spell(schools, draw.options.bureau).assign(
        school_id=register.schools["school_id"].to_numpy(),
        school_name=register.school_names(year),
        area=schools["area_code"].astype(object),
        n_pupils=pupils.round().astype(int),
        n_classes=np.ceil(pupils / area.map(PUPILS_PER_CLASS)).astype(int),
        n_teachers=_teachers_of(draw, year),
        boards=np.where(schools["school_kind"].isin(BOARDING) & (area != "urban"), "是", "否"),
        bandwidth=[BANDWIDTHS[a][i % 3 // 2] for i, a in enumerate(area)],
        district=district,
        subsidy_grade=[GRADES[grade] for grade in schools["subsidy_grade"]],
        pilot_start=[f"{y:.0f}.09" if y <= year else "" for y in start],
        pilot_batch=[_batch(start, y) if y <= year else "" for y in start],
        tool_use_rate=schools["tool_use"],
    )
    gone = (schools["merged_in"] > 0) & (schools["merged_in"] <= year)
    filled = Filled(rows[~gone.to_numpy()].reset_index(drop=True))
    return numbers.mix_percents(open_brush(draw, year, "schools"), filled, "tool_use_rate")


def _teachers_of(draw: Draw, year: int) -> np.ndarray:
    """How many teachers each school has on the roster of a year."""
    roster = draw.roster(year)
    teaching = roster.loc[roster["is_teacher"].to_numpy(dtype=bool), "school"]
    return np.bincount(teaching.to_numpy(dtype=int), minlength=len(draw.schools))


def _batch(starts: pd.Series, start: float) -> str:
    """Which round of pilots began in a year."""
    return f"第{chinese_number(1 + int(np.sum(np.unique(starts.dropna()) < start)))}批"


def training_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The training ledger of a calendar year; a row is an attendance."""
    brush, rows = open_brush(draw, year, "trainings"), of_year(draw.trainings, year)
    if year >= MENTOR_BOOKS:
        rows = rows[(rows["programme"] != "mentoring").to_numpy()].reset_index(drop=True)
    rows = paste_lists(brush, report_twice(brush, rows), _staff(draw, year))
    rows = rows.sort_values(["start_date", "end_date"], kind="stable", ignore_index=True)
    centre = f"{draw.profile.label}{CENTRE}"
    is_own = (rows["mode"] == "school") != (rows[KIND] == "double")
    filled = _attended(draw, register, rows, year)
    own = np.where(is_own, filled.rows["school_name"], centre)
    filled = filled.columns(reported_by=own, organiser=_organisers(rows, register, year, centre))
    return _spoil_ledger(brush, filled)


def _organisers(rows: pd.DataFrame, register: Register, year: int, centre: str) -> np.ndarray:
    """Who held each training: the school that was visited, the own school, or the centre."""
    names_now = register.school_names(year)
    host, school = (rows[c].to_numpy(dtype=int) for c in ("host", "school"))
    by_school = np.where(rows["mode"] == "school", names_now[school], centre)
    return np.where(host >= 0, names_now[host], by_school)


def _staff(draw: Draw, year: int) -> pd.DataFrame:
    """Who could be pasted into a list of the year: the staff of the autumn before, or the first there is."""
    roster = draw.roster(max(year - 1, draw.options.first_year))
    return roster[["person", "school"]].sort_values(["school", "person"], ignore_index=True)


def _attended(draw: Draw, register: Register, rows: pd.DataFrame, year: int) -> Filled:
    """Attendances with names and in words."""
    sessions, found = pd.factorize(rows["session"])
    marks = np.array([f"{year}-{session:05.0f}" for session in found], dtype=object)
    texts = {"session": marks[sessions], "credits": numbers.number_texts(rows["credits"])}
    return Filled(with_cells(named(draw, register, rows, year), texts))


def _spoil_ledger(brush: Brush, filled: Filled) -> Filled:
    """The dirt of attendances."""
    out = filled
    for column in ("start_date", "end_date"):
        out = numbers.write_days(brush, out, column)
    out = names.write_names(brush, numbers.write_hours(brush, out), "staff_number")
    return numbers.drop_numbers(brush, _reword(out))


def _reword(filled: Filled) -> Filled:
    """Every other double entry gives its hours with their unit."""
    kinds, hours = (filled.rows[c].to_numpy(dtype=object) for c in (KIND, "hours"))
    at = np.flatnonzero(kinds == "double")[::2]
    at = at[[not text.endswith("学时") for text in hours[at]]] if len(at) else at
    return filled.spoil("hours", at, hours[at] + "学时")


def mentor_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The meetings of new teachers with their mentors; a row is an entry; sorted by school."""
    rows = of_year(draw.trainings, year)
    rows = rows[(rows["programme"] == "mentoring").to_numpy()]
    rows = rows.sort_values(["school", "start_date", "person"], ignore_index=True)
    rng = stream(draw.options.seed, year, "meetings")
    texts = {
        "mentor_name": _mentor_names(draw, register, rows, year),
        "meeting_topic": rng.choice(MEETING_TOPICS, len(rows)),
        "minutes": rng.choice(MEETING_MINUTES, len(rows)),
    }
    filled = _attended(draw, register, with_cells(of_kind(rows, ""), texts), year)
    return _spoil_ledger(open_brush(draw, year, "mentors"), filled)


def _mentor_names(draw: Draw, register: Register, rows: pd.DataFrame, year: int) -> np.ndarray:
    """A name from among the experienced teachers of the school for each new teacher; blank without any."""
    roster = draw.roster(max(year - 1, draw.options.first_year))
    able = roster["is_teacher"] & (roster["years_teaching"] >= MENTOR_YEARS)
    mentors = roster.loc[able.to_numpy(dtype=bool), ["school", "person"]]
    mentors = mentors.sort_values(["school", "person"])
    counts = np.bincount(mentors["school"].to_numpy(dtype=int), minlength=len(draw.schools))
    school, person = (rows[c].to_numpy(dtype=int) for c in ("school", "person"))
    at = (np.cumsum(counts) - counts)[school] + person % np.maximum(counts[school], 1)
    known = register.people["name"].loc[mentors["person"]].to_numpy(dtype=object)
    found: np.ndarray = np.append(known, "")
    return np.asarray(found[np.where(counts[school] > 0, at, len(known))])


def score_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The results of the May test; a row is a try."""
    brush = open_brush(draw, year, "assessments")
    rows = of_year(draw.scores, year)
    mean, spread, least, most = TEST_MINUTES
    minutes = stream(draw.options.seed, year, "test-minutes").normal(mean, spread, len(rows))
    rows = rows.assign(minutes=minutes.clip(least, most).round().astype(int))
    rows = retake_tests(brush, rows)
    marks = np.searchsorted(MARK_POINTS, rows["digital_score"], side="right")
    rows = with_cells(rows, {"grade": cells(MARKS)[marks]})
    rows = rows.sort_values(["school", "person", "attempt"], ignore_index=True)
    rows = named(draw, register, rows, year - 1)
    filled = names.write_names(brush, numbers.write_numbers(brush, Filled(rows)))
    return numbers.write_days(brush, filled, "test_date")


def pass_list_entries(draw: Draw, register: Register, year: int) -> Filled:
    """Only the names of those who passed, 98 in a hundred; a row is a teacher."""
    rows = of_year(draw.scores, year)
    passed = rows["digital_score"] >= rows["digital_score"].quantile(1 - PASS_SHARE)
    rows = rows[passed.to_numpy()].sort_values(["school", "person"], ignore_index=True)
    rows = named(draw, register, rows, year - 1).assign(passed="达标")
    brush = open_brush(draw, year, "pass-list")
    return numbers.write_days(brush, names.write_names(brush, Filled(rows)), "test_date")


def exit_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The leaver list; a row is a person who left, moved or is away."""
    brush, rows = open_brush(draw, year, "exits"), of_year(draw.exits, year)
    words = words_of(draw.options.bureau, "exit_reason")
    may_be_blank = np.flatnonzero(~rows["reason"].isin(ALWAYS_GIVEN))
    rows = named(draw, register, rows, year - 1)
    texts = {
        "exit_reason": spell_column(rows["reason"], words),
        "exit_kind": spell_column(rows["reason"], EXIT_KINDS),
        "new_place": _new_places(draw, register, rows, year),
        "order_number": _order_numbers(rows),
        "remark": remarks(draw, year, "exits", len(rows)),
    }
    rows = with_cells(rows, texts).assign(exit_date=rows["event_date"])
    filled = names.write_names(brush, numbers.write_numbers(brush, Filled(rows)))
    at = may_be_blank[brush.some("blank_reasons", len(may_be_blank))]
    filled = filled.spoil("exit_reason", at, blanks(len(at)))
    return numbers.write_days(brush, filled, "exit_date")


def _new_places(draw: Draw, register: Register, rows: pd.DataFrame, year: int) -> np.ndarray:
    """Where people went: the school of those who moved or rotate, words for others, mostly nothing."""
    roster, hosts = draw.roster(year), of_year(draw.rotation, year) if len(draw.rotation) else None
    next_school = pd.Series(roster["school"].to_numpy(), roster["person"])
    moved = rows["person"].where(rows["reason"].str.startswith("moved")).map(next_school)
    if hosts is not None:
        host = pd.Series(hosts["host"].to_numpy(), hosts["person"])
        moved = moved.fillna(rows["person"].where(rows["reason"] == "rotation").map(host))
    seat = draw.profile.label[-1]
    words = {"civil_service": f"{seat}直机关", "left_county": f"{seat}外学校"}
    said = rows["reason"].map(words).fillna("").to_numpy(dtype=object)
    at = moved.fillna(-1).to_numpy(dtype=int)
    return np.where(at >= 0, register.school_names(year)[at], said)


def _order_numbers(rows: pd.DataFrame) -> np.ndarray:
    """The number of the office's letter: one letter a month; leave and loans need none."""
    months = rows["event_date"].dt.strftime("%Y-%m")
    letters = 5 + 3 * (pd.factorize(months, sort=True)[0] % 12)
    texts = "示教人〔" + rows["event_date"].dt.strftime("%Y") + "〕" + letters.astype(str) + "号"
    return np.where(rows["on_roster"] & ~rows["reason"].str.startswith("moved"), "", texts)


def remarks(draw: Draw, year: int, file: str, size: int) -> np.ndarray:
    """Column 备注 of a hand-kept list: mostly empty."""
    rng = stream(draw.options.seed, year, f"remarks-{file}")
    texts = rng.choice(REMARKS, size).astype(object)
    return np.where(rng.random(size) < REMARKED, texts, "")


def rotation_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The rotated teachers; a row is a teacher of the home school."""
    rows = of_year(draw.rotation, year)
    hosts = register.school_names(year - 1)[rows["host"].to_numpy(dtype=int)]
    rows = with_cells(named(draw, register, rows, year - 1), {"host_name": hosts})
    return _listed(draw, rows, year, "rotation", ("start_date", "end_date"))


def dormitory_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The applicants for a flat; a row is a teacher; without a day of moving in they wait."""
    rows = of_year(draw.dormitories, year)
    rows = named(draw, register, rows, year - 1).assign(start_date=rows["moved_in_date"])
    return _listed(draw, rows, year, "dormitory", ("applied_date", "start_date"))


def volunteer_entries(draw: Draw, register: Register, year: int) -> Filled:
    """The services of volunteers; a row is a service."""
    rows = of_year(draw.volunteering, year)
    rows = named(draw, register, rows, year - 1).assign(start_date=rows["service_date"])
    filled = _listed(draw, rows, year, "volunteering", ("start_date",))
    return numbers.write_hours(open_brush(draw, year, "volunteering"), filled)


def _listed(
    draw: Draw, rows: pd.DataFrame, year: int, programme: str, days: tuple[str, ...]
) -> Filled:
    """A hand-kept list of one programme with the dirt of names and days."""
    brush = open_brush(draw, year, programme)
    word = words_of(draw.options.bureau, "programme")[programme]
    texts = {"remark": remarks(draw, year, programme, len(rows))}
    filled = names.write_names(brush, Filled(with_cells(rows, texts).assign(programme=word)))
    for column in days:
        filled = numbers.write_days(brush, filled, column)
    return filled


def of_year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows of one year."""
    return table[(table["year"] == year).to_numpy()].reset_index(drop=True)


def named(draw: Draw, register: Register, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows in words, with names and numbers of the person and of the school as it was called in a year."""
    at = register.people.index.get_indexer(rows["person"])
    people = {c: register.people[c].to_numpy(dtype=object)[at] for c in register.people}
    school = rows["school"].to_numpy(dtype=int)
    ids = register.schools["school_id"].to_numpy(dtype=object)[school]
    places = {"school_id": ids, "school_name": register.school_names(year)[school]}
    return with_cells(spell(rows, draw.options.bureau), people | places)
