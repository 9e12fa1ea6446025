"""The people of an invented bureau: what stays with a person, and what a roster says of them on one day."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from analysis.synthetic.profile import RURAL, Profile, unqualified_share
from analysis.synthetic.truth.codes import ALL_SUBJECTS, CODES, SUBJECTS, Rows, code, take

DAYS = 365.25
LEAVE_SOONER = 1.08  # staff off the establishment, so more are taken on than remain
WOMEN = 0.735  # of those who begin: women retire earlier, 72 % of the staff remain
STAGES = {
    "小学": ("primary",),
    "中心小学": ("primary",),
    "初级中学": ("junior",),
    "九年一贯制学校": ("primary", "junior"),
    "普通高中": ("senior",),
    "中等职业学校": ("vocational",),
}
LESSONS = np.array([15.0, 12.5, 11.5, 12.0])  # a week, by stage
# age peaks of domain.md 6.3 by area; rural schools have the youngest and the oldest
PEAKS = np.array([[30.0, 46.0], [29.0, 47.0], [27.0, 48.5]])
BELOW_FROM = 40  # nobody younger came without a college degree (a choice)
SCHOOL_FACTS = (
    "district",
    "area",
    "is_small",
    "school_kind",
    "area_code",
    "distance_km",
    "subsidy_eligible",
    "subsidy_grade",
    "cohort",
)
HIDDEN = ("motivation", "ability", "exhaustion", "rank", "growth")


def first_people(rng: Generator, places: Rows, profile: Profile, year: int) -> Rows:
    """The staff of the first snapshot, one row for each place (a row of ``places`` is a post and its school)."""
    size = len(places["school"])
    is_female = rng.random(size) < WOMEN
    is_young = rng.random(size) < 0.47
    peaks = PEAKS[places["area"]]
    age = np.where(is_young, rng.normal(peaks[:, 0], 4.2), rng.normal(peaks[:, 1], 5.0))
    oldest = np.where(is_female, 54.8, 59.8)
    age = np.where((age < 22.2) | (age > oldest), rng.uniform(23.0, oldest), age)
    started = np.minimum(rng.normal(22.8, 1.0, size).clip(20.5, 26.0), age - 0.1)
    return _people(rng, places, profile, year, is_female, age, started)


def hired_people(rng: Generator, places: Rows, profile: Profile, year: int) -> Rows:
    """The people hired on 1 September of a year, one for each place; most begin their working life."""
    size = len(places["school"])
    is_female = rng.random(size) < WOMEN + 0.01
    is_new = rng.random(size) < 0.75
    age = np.where(is_new, rng.normal(23.6, 1.2, size).clip(21.2, 28.5), rng.uniform(26, 40, size))
    started = np.where(is_new, age, rng.uniform(22.0, 25.0, size))
    return _people(rng, places, profile, year, is_female, age, started) | {
        "hired_year": np.full(size, year)
    }


def _people(
    rng: Generator,
    places: Rows,
    profile: Profile,
    year: int,
    is_female: np.ndarray,
    age: np.ndarray,
    started: np.ndarray,
) -> Rows:
    birth = np.datetime64(f"{year}-09-01") - np.floor(age * DAYS).astype("timedelta64[D]")
    people: Rows = {"is_teacher": places["is_teacher"], "sex": np.where(is_female, 0, 1)}
    people["birth_date"] = birth
    people["work_start"] = _work_start(birth, started, year)
    people["hired_year"] = people["work_start"].astype("datetime64[Y]").astype(int) + 1970
    people["education"] = _education(rng, age)
    people["stage"] = _stages(rng, places["school_kind"])
    people["subject"] = _subjects(rng, people["stage"])
    off = LEAVE_SOONER * np.array(profile.not_staffed)[places["area"]]
    people["staffed_post"] = rng.random(len(age)) >= off
    return people | _hidden(rng, places, profile)


def _work_start(birth: np.ndarray, started: np.ndarray, year: int) -> np.ndarray:
    """The September in which work began: nobody is hired at another time of the year."""
    begun = birth + np.floor(started * DAYS).astype("timedelta64[D]")
    years = np.minimum(begun.astype("datetime64[Y]"), np.datetime64(str(year), "Y"))
    return years.astype("datetime64[D]") + _to_september(years)


def _to_september(years: np.ndarray) -> np.ndarray:
    """Days from 1 January to 1 September."""
    september: np.ndarray = years.astype("datetime64[M]") + 8
    return september.astype("datetime64[D]") - years.astype("datetime64[D]")


def _stages(rng: Generator, kinds: np.ndarray) -> np.ndarray:
    """The stage each person teaches: the school's, or one of two."""
    choices = [[code("stage", s) for s in (STAGES[name] * 2)[:2]] for name in CODES["school_kind"]]
    return np.array(choices)[kinds, rng.integers(0, 2, len(kinds))]


def _subjects(rng: Generator, stage: np.ndarray) -> np.ndarray:
    """A subject of the stage, all equally likely."""
    luck = rng.random(len(stage))
    found: np.ndarray = np.zeros(len(stage), int)
    for at, name in enumerate(CODES["stage"]):
        known = np.array([code("subject", s) for s in SUBJECTS[name]])
        mine = stage == at
        found[mine] = known[(luck[mine] * len(known)).astype(int)]
    return found


def _education(rng: Generator, age: np.ndarray) -> np.ndarray:
    """Highest education by age: the young nearly all have a bachelor's degree."""
    u = rng.random(len(age))
    graduate = np.interp(age, [22, 30, 45, 60], [0.08, 0.07, 0.03, 0.01])
    associate = np.interp(age, [22, 30, 45, 60], [0.02, 0.08, 0.30, 0.45])
    below = np.where(age >= BELOW_FROM, 0.35, 0.0)
    levels = [u < graduate, u < graduate + below, u < graduate + below + associate]
    return np.select(levels, [code("education", "graduate"), 0, 1], code("education", "bachelor"))


def _hidden(rng: Generator, places: Rows, profile: Profile) -> Rows:
    """What no delivery says of a person: standard normals, and whether home is elsewhere."""
    size = len(places["school"])
    hidden = {f"hidden_{name}": rng.standard_normal(size) for name in HIDDEN}
    away = np.array(profile.away)[places["area"]]
    hidden["hidden_away"] = rng.random(size) < away
    hidden["hidden_homeroom"] = rng.random(size)
    return hidden


def upgrade_degrees(
    people: Rows, school: np.ndarray, schools: Rows, profile: Profile, year: int
) -> None:
    """Teachers below the standard earn a degree until the area's share is what the bureau reports.

    Changes ``people["education"]``. The able first; outside rural posts the standard is met a third sooner.
    """
    area = np.where(school >= 0, schools["area"][school], -1)
    short = (people["education"] == 0) & people["is_teacher"]
    share = unqualified_share(profile, year)
    for at in range(len(profile.away)):
        mine = area == at
        allowed = round((share if at == RURAL else share / 3) * (mine & people["is_teacher"]).sum())
        who = np.flatnonzero(mine & short)
        able_first = who[np.argsort(-people["hidden_growth"][who], kind="stable")]
        people["education"][able_first[: max(0, len(who) - allowed)]] = 1


def take_roster(
    rng: Generator, year: int, people: Rows, school: np.ndarray, schools: Rows, profile: Profile
) -> Rows:
    """Who is in post on 1 September of a year; a row is a person; ages and years of teaching in years.

    ``school`` gives for each of ``people`` the school's position, or -1 if not in post.
    """
    here = np.flatnonzero(school >= 0)
    roster: Rows = {"year": np.full(len(here), year), "person": here, "school": school[here]}
    roster |= take(people, here)
    roster |= take(schools, roster["school"], SCHOOL_FACTS)
    for name in ("score", "lead"):
        roster[f"hidden_{name}"] = schools[f"hidden_{name}"][roster["school"]]
    today = np.datetime64(f"{year}-09-01")
    roster["age"] = _years_between(roster["birth_date"], today)
    roster["years_teaching"] = _years_between(roster["work_start"], today)
    return _add_posts(rng, roster, profile)


def _years_between(since: np.ndarray, today: np.datetime64) -> np.ndarray:
    days: np.ndarray = (today - since).astype(int)
    return np.round(days / DAYS, 3)


def _add_posts(rng: Generator, roster: Rows, profile: Profile) -> Rows:
    """Rank, homeroom, lessons and backbone level of one year."""
    roster["title_rank"] = _rank(roster["years_teaching"], roster["hidden_rank"])
    can_lead = (roster["age"] < 50) & roster["is_teacher"]
    roster["homeroom"] = can_lead & (roster["hidden_homeroom"] < 0.38)
    lessons = rng.normal(LESSONS[roster["stage"]], 2.6) + 1.5 * roster["is_small"]
    roster["weekly_lessons"] = np.where(roster["is_teacher"], lessons.clip(2, 26).round(), 0.0)
    roster["backbone"] = _backbone(roster)
    roster["subject"] = np.where(
        _teach_all(roster, profile), code("subject", ALL_SUBJECTS), roster["subject"]
    )
    return roster


def _rank(years: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Professional title by years of teaching, some earlier than others; it never falls."""
    pace = years + 2.5 * luck
    steps = [pace >= 34, pace >= 23, pace >= 8.5, years >= 1, years >= 0]
    rank = np.select(steps, [4, 3, 2, 1, 0], 0)
    return np.where((rank == 4) & (luck < 1.6), 3, rank)


def _backbone(roster: Rows) -> np.ndarray:
    """Backbone teachers are the able ones with five years behind them, more of them in urban schools."""
    merit = roster["hidden_growth"] + np.array([0.35, 0.0, -0.2])[roster["area"]]
    able = roster["is_teacher"] & (roster["years_teaching"] >= 5)
    return np.select([able & (merit > limit) for limit in (2.6, 1.9, 1.25)], [3, 2, 1], 0)


def _teach_all(roster: Rows, profile: Profile) -> np.ndarray:
    """Who teaches all subjects: one at least in every small school, as many as the bureau reports."""
    small = np.flatnonzero(roster["is_small"] & roster["is_teacher"])
    order = small[np.argsort(roster["hidden_homeroom"][small], kind="stable")]
    _, first = np.unique(roster["school"][order], return_index=True)
    ones = order[first]
    per_school = profile.general_teachers / (
        profile.small_share * profile.school_shares[RURAL] * profile.schools
    )
    others = np.setdiff1d(order, ones, assume_unique=False)
    rest = others[np.argsort(roster["hidden_homeroom"][others], kind="stable")]
    chosen = np.concatenate([ones, rest[: round((per_school - 1) * len(ones))]])
    return np.isin(np.arange(len(roster["school"])), chosen)
