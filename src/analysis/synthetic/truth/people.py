"""The people of an invented bureau: what stays with a person, and what a roster says of them on one day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.paper.identity import draw_names, person_numbers, staff_numbers
from analysis.synthetic.profile import Profile
from analysis.synthetic.streams import stream

DAYS = 365.25
SUBJECTS = {
    "primary": ("语文", "数学", "英语", "科学", "道德与法治", "体育", "音乐", "美术", "信息科技"),
    "junior": (
        "语文",
        "数学",
        "英语",
        "物理",
        "化学",
        "道德与法治",
        "历史",
        "地理",
        "生物",
        "体育",
    ),
    "senior": ("语文", "数学", "英语", "物理", "化学", "生物", "政治", "历史", "地理", "体育"),
    "vocational": ("语文", "数学", "英语", "计算机应用", "机械", "学前教育", "体育"),
}
STAGES = {
    "小学": ("primary",),
    "中心小学": ("primary",),
    "初级中学": ("junior",),
    "九年一贯制学校": ("primary", "junior"),
    "普通高中": ("senior",),
    "中等职业学校": ("vocational",),
}
LESSONS = {"primary": 15.0, "junior": 12.5, "senior": 11.5, "vocational": 12.0}
# age peaks of domain.md 6.3; rural schools have the youngest and the oldest
PEAKS = {"urban": (30.0, 46.0), "town": (29.0, 47.0), "rural": (27.0, 48.5)}


def first_people(rng: Generator, places: pd.DataFrame, profile: Profile, year: int) -> pd.DataFrame:
    """The staff of the first snapshot, one row for each place (a row of ``places`` is a post and its school)."""
    is_female = rng.random(len(places)) < 0.72
    young = rng.random(len(places)) < 0.47
    peaks = np.array([PEAKS[a] for a in places["area"]])
    age = np.where(young, rng.normal(peaks[:, 0], 4.2), rng.normal(peaks[:, 1], 5.0))
    oldest = np.where(is_female, 54.8, 59.8)
    outside = (age < 22.2) | (age > oldest)
    age = np.where(outside, rng.uniform(23.0, oldest), age)
    started = np.minimum(rng.normal(22.8, 1.0, len(places)).clip(20.5, 26.0), age - 0.1)
    return _people(rng, places, profile, year, is_female, age, started, first=0)


def hired_people(
    rng: Generator, places: pd.DataFrame, profile: Profile, year: int, first: int
) -> pd.DataFrame:
    """The people hired on 1 September of a year, one for each place; three quarters begin their working life."""
    size = len(places)
    is_female = rng.random(size) < 0.74
    is_new = rng.random(size) < 0.75
    age = np.where(is_new, rng.normal(23.6, 1.2, size).clip(21.2, 28.5), rng.uniform(26, 40, size))
    started = np.where(is_new, age, rng.uniform(22.0, 25.0, size))
    return _people(rng, places, profile, year, is_female, age, started, first)


def _people(
    rng: Generator,
    places: pd.DataFrame,
    profile: Profile,
    year: int,
    is_female: np.ndarray,
    age: np.ndarray,
    started: np.ndarray,
    first: int,
) -> pd.DataFrame:
    index = np.arange(first, first + len(places))
    birth = np.datetime64(f"{year}-09-01") - np.floor(age * DAYS).astype("timedelta64[D]")
    people = pd.DataFrame({"person": index, "is_teacher": places["is_teacher"].to_numpy()})
    people["name"] = draw_names(rng, is_female)
    people["person_number"] = person_numbers(index, birth, is_female)
    people["staff_number"] = staff_numbers(index)
    people["sex"] = np.where(is_female, "female", "male")
    people["birth_date"] = birth
    people["work_start"] = _work_start(birth, started, year)
    people["education"] = _education(rng, age)
    people["stage"] = _one_of(rng, places["school_kind"], STAGES)
    people["subject"] = _one_of(rng, people["stage"], SUBJECTS)
    off = places["area"].map(profile.not_staffed).to_numpy()
    people["staffed_post"] = rng.random(len(places)) >= off
    return pd.concat([people, _hidden(rng, places, profile)], axis=1)


def _work_start(birth: np.ndarray, started: np.ndarray, year: int) -> np.ndarray:
    """The September in which work began: nobody is hired at another time of the year."""
    begun = birth + np.floor(started * DAYS).astype("timedelta64[D]")
    years = begun.astype("datetime64[Y]").astype(int) + 1970
    return np.array([f"{min(y, year)}-09-01" for y in years], dtype="datetime64[D]")


def _one_of(rng: Generator, keys: pd.Series, lists: dict[str, tuple[str, ...]]) -> list[str]:
    """For each key one entry of its list, all equally likely."""
    luck = rng.random(len(keys))
    return [lists[k][int(u * len(lists[k]))] for k, u in zip(keys, luck, strict=True)]


def _education(rng: Generator, age: np.ndarray) -> np.ndarray:
    """Highest education by age: the young nearly all have a bachelor's degree."""
    u = rng.random(len(age))
    graduate = np.interp(age, [22, 30, 45, 60], [0.08, 0.07, 0.03, 0.01])
    associate = np.interp(age, [22, 30, 45, 60], [0.02, 0.08, 0.30, 0.45])
    below = np.interp(age, [40, 60], [0.0, 0.04])
    levels = [u < graduate, u < graduate + associate, u < graduate + associate + below]
    return np.select(levels, ["graduate", "associate", "below"], "bachelor")


def _hidden(rng: Generator, places: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """What no delivery says of a person: standard normals, and whether home is elsewhere."""
    size = len(places)
    normal = ("motivation", "ability", "exhaustion", "rank", "growth")
    hidden = {f"hidden_{name}": rng.standard_normal(size) for name in normal}
    away = places["area"].map(profile.away).to_numpy()
    hidden["hidden_away"] = rng.random(size) < away
    hidden["hidden_homeroom"] = rng.random(size)
    return pd.DataFrame(hidden)


def take_roster(
    seed: int, year: int, people: pd.DataFrame, school: np.ndarray, schools: pd.DataFrame
) -> pd.DataFrame:
    """Who is in post on 1 September of a year; a row is a person; ages and years of teaching in years.

    ``school`` gives for each of ``people`` the school's position, or -1 if not in post.
    """
    roster = people[school >= 0].reset_index(drop=True)
    roster.insert(0, "year", year)
    roster["school"] = school[school >= 0]
    of_school = schools.drop(columns=["school", "posts"]).iloc[roster["school"]]
    roster = pd.concat([roster, of_school.reset_index(drop=True)], axis=1)
    today = np.datetime64(f"{year}-09-01")
    roster["age"] = _years_between(roster["birth_date"], today)
    roster["years_teaching"] = _years_between(roster["work_start"], today)
    return _add_posts(stream(seed, year, "roster"), roster)


def _years_between(since: pd.Series, today: np.datetime64) -> np.ndarray:
    days = (today - since.to_numpy().astype("datetime64[D]")).astype(int)
    return np.round(days / DAYS, 3)


def _add_posts(rng: Generator, roster: pd.DataFrame) -> pd.DataFrame:
    """Rank, homeroom, lessons and backbone level of one year."""
    roster["title_rank"] = _rank(roster["years_teaching"], roster["hidden_rank"])
    can_lead = (roster["age"] < 50) & roster["is_teacher"]
    roster["homeroom"] = can_lead & (roster["hidden_homeroom"] < 0.38)
    lessons = rng.normal(roster["stage"].map(LESSONS), 2.6) + 1.5 * roster["is_small"]
    roster["weekly_lessons"] = np.where(roster["is_teacher"], lessons.clip(2, 26).round(), 0.0)
    roster["backbone"] = _backbone(roster)
    return roster


def _rank(years: pd.Series, luck: pd.Series) -> np.ndarray:
    """Professional title by years of teaching, some earlier than others; it never falls."""
    pace = years + 2.5 * luck
    steps = [pace >= 34, pace >= 23, pace >= 8.5, years >= 1, years >= 0]
    rank = np.select(steps, ["full", "senior", "first", "second", "none"], "none")
    return np.where((rank == "full") & (luck < 1.6), "senior", rank)


def _backbone(roster: pd.DataFrame) -> np.ndarray:
    """Backbone teachers are the able ones with five years behind them, more of them in urban schools."""
    merit = roster["hidden_growth"] + roster["area"].map(
        {"urban": 0.35, "town": 0.0, "rural": -0.2}
    )
    able = roster["is_teacher"] & (roster["years_teaching"] >= 5)
    steps = [able & (merit > 2.6), able & (merit > 1.9), able & (merit > 1.25)]
    return np.select(steps, ["province", "city", "county"], "none")
