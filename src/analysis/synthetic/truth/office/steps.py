"""What is done with single teachers and schools: pairing, marks, promotion, follow-up, inspection, logins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.office.desk import (
    EVENLY,
    NOBODY,
    Desk,
    of_area,
    open_days,
    spread,
    worth,
)
from analysis.synthetic.truth.office.figures import in_year

KEEP = ["person", "school"]
YOUNG_YEARS = 3
SERVED_YEARS = 20  # of teaching, for the promotion set aside for rural posts (a choice)
FOLLOWED = {
    "digital_course": 0.34,
    "interdisciplinary": 0.18,
    "lesson_design": 0.26,
    "mental_health": 0.12,
    "outreach": 0.10,
}
VISIT_PULL = {"urban": 0.4, "town": 0.0, "rural": -0.5}  # follow-up seldom reaches far schools
USE_POINTS = {"urban": 1.0, "town": 0.0, "rural": -3.0}  # of the score for use in class
FINDINGS = {"records": 0.3, "attendance": 0.25, "follow_up": 0.25, "none": 0.2}
TOOL_TERMS = ("2022-09", "2023-03", "2023-09", "2024-03", "2024-09", "2025-03", "2025-09")
TOOL_SHARE = 0.75  # share of schools that ever open a tool for their teachers
MARKS = {"excellent": (90.0, 98.0), "pass": (62.0, 89.5), "fail": (45.0, 59.5)}


def draw_pairs(desk: Desk) -> pd.DataFrame:
    """Pairs of the year; a row is a person in one: mentor or mentee, or urban or rural partner.

    A backbone teacher has two or three young teachers of the same district.
    """
    parts = [_mentor_groups(desk)] if desk.figures.school_pairs else []
    if desk.figures.area_pairs:
        parts.append(_area_pairs(desk))
    rows = pd.concat(parts, ignore_index=True)
    number = rows.groupby(["kind", "pair"]).ngroup().to_numpy()
    autumn = open_days(desk.year - 1, "09-09", "10-25")
    days = desk.rng("pair-days").choice(autumn, int(number.max(initial=-1)) + 1)
    return rows.assign(start_date=days[number])


def _mentor_groups(desk: Desk) -> pd.DataFrame:
    teachers = desk.teachers[[*KEEP, "district", "years_teaching", "backbone"]]
    young = _seated(teachers[teachers["years_teaching"] < YOUNG_YEARS])
    mentors = _seated(teachers[teachers["backbone"] != "none"])
    young["seat"] = young["seat"] * 2 // 5  # three, two, three, two
    size = young.groupby(["district", "seat"])["person"].transform("size")
    seats = mentors[["district", "seat"]].assign(has_mentor=True)
    young = young[size >= 2].merge(seats, on=["district", "seat"], how="inner")
    mentors = mentors.merge(young[["district", "seat"]].drop_duplicates(), on=["district", "seat"])
    rows = pd.concat([mentors.assign(role="mentor"), young.assign(role="mentee")])
    rows["pair"] = rows.groupby(["district", "seat"]).ngroup() + 1
    rows = rows.sort_values(["pair", "role", "person"], ascending=[True, False, True])
    return rows[["pair", "role", *KEEP]].assign(kind="school").reset_index(drop=True)


def _seated(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their place within the district, neighbours in a school side by side."""
    rows = rows.sort_values(["district", "school", "person"], ignore_index=True)
    return rows.assign(seat=rows.groupby("district").cumcount())


def _area_pairs(desk: Desk) -> pd.DataFrame:
    rng, teachers = desk.rng("pairs"), desk.teachers
    wanted = desk.scaled(desk.figures.area_pairs)
    sides = [
        desk.pick(rng, teachers[teachers["area"] == area], wanted) for area in ("urban", "rural")
    ]
    count = min(len(side) for side in sides)
    parts = [
        side.iloc[:count][KEEP].assign(pair=np.arange(1, count + 1), role=f"{area}_partner")
        for side, area in zip(sides, ("urban", "rural"), strict=True)
    ]
    rows = pd.concat(parts).sort_values(["pair", "role"], ascending=[True, False])
    return rows[["pair", "role", *KEEP]].assign(kind="area").reset_index(drop=True)


def draw_novices(desk: Desk) -> pd.DataFrame:
    """The assessment of those hired for the school year; a row is a new teacher with mark and grade.

    Where the bureau publishes how many there are, those with the longest experience are exempt.
    """
    rng, figures = desk.rng("novices"), desk.figures
    hired = desk.teachers[desk.teachers["hired_year"] == desk.year - 1]
    wanted = len(hired) if figures.new_teachers is None else desk.scaled(figures.new_teachers)
    fresh = hired.sort_values(["years_teaching", "person"], kind="stable").iloc[:wanted]
    rows = fresh.sort_values(["school", "person"], ignore_index=True)
    size = len(rows)
    counts = _grades(size, in_year(figures.excellent, desk.year), figures.passed)
    rows["result"] = rng.permutation(np.repeat([*counts], [*counts.values()]))
    low, high = (worth(rows["result"], {g: m[i] for g, m in MARKS.items()}) for i in (0, 1))
    rows["assessment_mark"] = (low + rng.random(size) * (high - low)).round(1)
    return rows[[*KEEP, "stage", "subject", "assessment_mark", "result"]]


def _grades(size: int, excellent: float, passed: float) -> dict[str, int]:
    """How many of so many have each grade."""
    best, failed = round(excellent * size), size - round(passed * size)
    return {"excellent": best, "pass": size - best - failed, "fail": failed}


def draw_promotions(desk: Desk) -> pd.DataFrame:
    """Those promoted on places set aside for long service in rural posts; a row is a person."""
    rng, teachers = desk.rng("promotions"), desk.settled
    served = (teachers["years_teaching"] >= SERVED_YEARS) & (teachers["title_rank"] == "first")
    able = teachers[served & (teachers["area"] == "rural") & teachers["staffed_post"]]
    rows = desk.pick(rng, able, desk.scaled(desk.figures.promotions), EVENLY)[
        [*KEEP, "years_teaching"]
    ]
    rows["rural_years"] = np.floor(rows["years_teaching"] * rng.uniform(0.7, 1.0, len(rows)))
    rows["promoted_rank"] = "senior"
    # one meeting of the board decides about all
    return rows.assign(start_date=desk.days(rng, 1, "06-16", "07-04")[0])


def draw_visits(desk: Desk) -> pd.DataFrame:
    """Follow-up visits after training; a row is a visit, scored for use in class (0 to 100)."""
    rng = desk.rng("visits")
    rows = desk.pick(rng, desk.settled, desk.scaled(desk.figures.visits), VISIT_PULL)
    rows["followed_programme"] = spread(rng, FOLLOWED, len(rows))
    score = rng.normal(78.0, 7.5, len(rows)) + of_area(rows, USE_POINTS)
    rows["application_score"] = score.clip(40, 100).round().astype(int)
    rows["start_date"] = desk.days(rng, len(rows), "03-05", "06-28")
    rows = rows.sort_values(["start_date", "person"], ignore_index=True)
    return rows[[*KEEP, "followed_programme", "start_date", "application_score"]]


def draw_inspections(desk: Desk) -> pd.DataFrame:
    """Inspections of schools and meetings on training; a row is one of them, a meeting has no school."""
    rng = desk.rng("inspections")
    seen = desk.pick(rng, desk.open_schools, desk.scaled(desk.figures.inspections), EVENLY)
    rows = pd.DataFrame({"kind": "inspection", "school": seen["school"].to_numpy()})
    rows["inspection_score"] = rng.normal(86.0, 5.0, len(rows)).clip(60, 99).round()
    rows["inspection_finding"] = spread(rng, FINDINGS, len(rows))
    rows["start_date"] = desk.days(rng, len(rows), "03-10", "11-20")
    meetings = pd.DataFrame(
        {"kind": "meeting", "school": NOBODY}, index=range(desk.figures.meetings)
    )
    meetings["inspection_finding"] = "none"
    meetings["start_date"] = desk.days(rng, len(meetings), "01-08", "11-28")
    rows = pd.concat([rows, meetings], ignore_index=True)
    return rows.sort_values(["start_date", "school"], ignore_index=True)


def draw_tools(desk: Desk) -> pd.DataFrame:
    """Schools that have opened a smart tool for their teachers; a row is a school and a tool, with the first month.

    Pilot schools open both in the month in which they become pilots, the others term by term.
    """
    schools = desk.open_schools
    luck = desk.lasting("tools", schools["school"]) - of_town(schools)
    term = np.floor(luck.clip(0, 1) / TOOL_SHARE * len(TOOL_TERMS)).astype(int)
    own = np.append(TOOL_TERMS, "2099-09")[np.minimum(term, len(TOOL_TERMS))]
    cohort = schools["cohort"].fillna(2100).astype(int) - 1
    pilot = cohort.astype(str) + "-09"
    first = np.where(cohort < 2099, np.minimum(own.astype(object), pilot.astype(object)), own)
    base = pd.DataFrame({"school": schools["school"].to_numpy(), "start_date": first})
    later = (desk.lasting("review", schools["school"]) < 0.4) | (cohort < 2099).to_numpy()
    parts = [base.assign(tool="lesson_assistant"), base[later].assign(tool="lesson_review")]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["start_date"] <= f"{desk.year}-09"]
    rows = rows.sort_values(["start_date", "school", "tool"], ignore_index=True)
    return rows.assign(start_date=rows["start_date"].astype("datetime64[s]"))


def of_town(schools: pd.DataFrame) -> np.ndarray:
    """Urban schools open tools a little earlier."""
    return np.where(schools["area"].to_numpy() == "urban", 0.15, 0.0)


def draw_logins(desk: Desk) -> pd.DataFrame:
    """Logins to the cloud platform; a row is a day of the calendar year. Their mean is the published one."""
    rng = desk.rng("logins")
    days = pd.date_range(f"{desk.year}-01-01", f"{desk.year}-12-31", unit="s")
    is_open = days.isin(open_days(desk.year, "01-01", "12-31"))
    level = np.where(is_open, 1.38, np.where(days.day_of_week < 5, 0.35, 0.6))
    level *= rng.normal(1.0, 0.06, len(days)).clip(0.7)
    mean = in_year(desk.figures.logins, desk.year) * desk.options.scale
    logins = np.round(level / level.mean() * mean).astype(int)
    people = np.round(logins * rng.uniform(0.55, 0.65, len(days))).astype(int)
    return pd.DataFrame({"day": days, "logins": logins, "visitors": people})
