"""Honours, prizes, collected cases and research projects; prizes cluster in urban schools."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.office.desk import (
    EVENLY,
    URBAN_PULL,
    Desk,
    best,
    flags,
    of_area,
    spread,
)
from analysis.synthetic.truth.office.figures import in_year

KEEP = ["person", "school"]
RURAL_ALONE = {"urban": -np.inf, "town": 0.3, "rural": 1.0}  # 最美乡村教师
# titles are announced in the weeks around Teachers' Day, those of the province before the holidays
AWARD_DAYS = {
    "county": ("08-26", "09-12"),
    "city": ("09-01", "09-10"),
    "province": ("06-02", "07-04"),
}
DOCUMENTS = (48, 140)  # numbers of official letters in a year
PRIZES = {"first": 0.15, "second": 0.30, "third": 0.55}
CASE_KINDS = {"micro_lesson": 0.65, "smart_case": 0.35}
CASE_TOPICS = {"care": 0.3, "class": 0.25, "family": 0.2, "mental": 0.25}
PROJECT_TOPICS = {
    "design": 0.26,
    "interdisciplinary": 0.14,
    "assignment": 0.16,
    "digital": 0.12,
    "evaluation": 0.10,
    "class": 0.10,
    "mental": 0.07,
    "care": 0.05,
}


def draw_honours(desk: Desk) -> pd.DataFrame:
    """Honorary titles of the year; a row is a title given to a person.

    Each title of each level is given on a day of its own, by a letter of its own: ``document`` is its number.
    """
    rng = desk.rng("honours")
    is_known = desk.settled["years_teaching"] >= 3
    known = desk.settled.loc[is_known, [*KEEP, "area"]]
    parts = []
    for (honour, level), count in desk.figures.titles.items():
        pull = RURAL_ALONE if honour == "rural_model" else EVENLY
        rows = desk.pick(rng, known, desk.scaled(count), pull)[KEEP]
        parts.append(rows.assign(honour=honour, honour_level=level))
    dates = [desk.days(rng, 1, *AWARD_DAYS[level])[0] for _, level in desk.figures.titles]
    # letters are numbered as they are sent
    drawn = np.sort(rng.choice(np.arange(*DOCUMENTS), len(dates), replace=False))
    numbers = drawn[np.argsort(np.argsort(dates, kind="stable"))]
    dated = zip(parts, dates, numbers, strict=True)
    return pd.concat(
        [rows.assign(award_date=date, document=number) for rows, date, number in dated],
        ignore_index=True,
    )


def draw_contests(desk: Desk) -> pd.DataFrame:
    """The prizes of the skills contest; a row is a prize. The number of rural ones is fixed where it is published."""
    rng = desk.rng("contests")
    levels = {level: desk.scaled(count) for level, count in desk.figures.contest.items()}
    rows = _winners(desk, rng, sum(levels.values()))
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    rows["honour_level"] = np.repeat([*levels], [*levels.values()])[: len(rows)]
    prize = spread(rng, PRIZES, len(rows))
    rows["honour"] = np.where(rows["honour_level"] == "province", "master_teacher", "contest")
    rows["prize"] = np.where(rows["honour_level"] == "province", "first", prize)
    rounds = rows[["honour_level", "subject"]]
    rows["award_date"] = desk.day_of_each(rng, rounds, "04-10", "06-20")
    return rows[[*KEEP, "subject", "honour", "honour_level", "prize", "award_date"]]


def _winners(desk: Desk, rng: np.random.Generator, count: int) -> pd.DataFrame:
    able = desk.settled[desk.settled["age"] < 46]
    if not desk.figures.rural_prizes:
        return desk.pick(rng, able, count)
    is_rural = (able["area"] == "rural").to_numpy()
    rural = desk.scaled(int(in_year(desk.figures.rural_prizes, desk.year)))
    others = desk.pick(rng, able[~is_rural], count - rural)
    return pd.concat([desk.pick(rng, able[is_rural], rural), others], ignore_index=True)


def draw_micro_cases(desk: Desk) -> pd.DataFrame:
    """Micro-lessons and smart-classroom cases entered; a row is an entry, some are shown provincially."""
    rng = desk.rng("micro")
    count = desk.scaled(desk.figures.micro_cases)
    young = np.exp(-0.03 * (desk.settled["age"].to_numpy() - 22))
    merit = np.log(young) + of_area(desk.settled, URBAN_PULL) + rng.gumbel(size=len(young))
    rows = best(desk.settled, merit, count)[[*KEEP, "subject"]]
    rows["honour"] = spread(rng, CASE_KINDS, len(rows))
    rows["prize"] = spread(rng, PRIZES, len(rows))
    rows["is_shown"] = flags(len(rows), desk.scaled(desk.figures.micro_shown), rng)
    rows["award_date"] = desk.day_of_each(rng, rows[["honour"]], "05-08", "07-04")
    return rows


def draw_ethics_cases(desk: Desk) -> pd.DataFrame:
    """Stories collected for 师德故事汇; a row is a story, some are in the provincial library."""
    rng = desk.rng("ethics")
    rows = desk.pick(rng, desk.settled, desk.scaled(desk.figures.ethics_cases), EVENLY)[KEEP]
    rows["topic"] = spread(rng, CASE_TOPICS, len(rows))
    rows["is_shown"] = flags(len(rows), desk.scaled(desk.figures.ethics_kept), rng)
    rows["award_date"] = desk.days(rng, len(rows), "03-01", "08-25")
    return rows.assign(honour="ethics_story")


def draw_projects(desk: Desk) -> pd.DataFrame:
    """Research projects applied for; a row is a project and who leads it. The approved share is the published one."""
    rng = desk.rng("projects")
    levels = {level: desk.scaled(count) for level, count in desk.figures.projects.items()}
    able = desk.settled[desk.settled["years_teaching"] >= 4]
    rows = desk.pick(rng, able, sum(levels.values()))
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    rows["honour_level"] = np.repeat([*levels], [*levels.values()])[: len(rows)]
    rows["topic"] = spread(rng, PROJECT_TOPICS, len(rows))
    approved = round(desk.figures.approved_share * len(rows))
    rows["is_approved"] = flags(len(rows), approved, rng)
    rows["award_date"] = desk.days(rng, len(rows), "03-20", "06-10")
    return rows[[*KEEP, "subject", "topic", "honour_level", "is_approved", "award_date"]]
