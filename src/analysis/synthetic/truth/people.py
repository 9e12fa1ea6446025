"""The people of an invented bureau: what stays with a person, and what a roster says of them on one day."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from analysis.synthetic.profile import REFERENCE_YEAR, RURAL, Profile, unqualified_share
from analysis.synthetic.streams import happen
from analysis.synthetic.truth.codes import ALL_SUBJECTS, CODES, SUBJECTS, Rows, code, take

DAYS = 365.25
LEAVE_SOONER = 1.08  # staff off the establishment, so more are taken on than remain
NEW_SHARE = 0.75  # of the hired begin their working life
WOMEN = 0.728  # of those who begin: women retire earlier, 72 % of the staff remain
STAGES = {
    "小学": ("primary",),
    "中心小学": ("primary",),
    "初级中学": ("junior",),
    "九年一贯制学校": ("primary", "junior"),
    "普通高中": ("senior",),
    "中等职业学校": ("vocational",),
}
LESSONS = np.array([15.0, 12.5, 11.5, 12.0])  # a week, by stage
# shares of the subjects of a stage, percent, in the order of ``SUBJECTS`` (from the weekly lessons; a choice)
SUBJECT_SHARES = {
    "primary": (33, 25, 10, 5, 5, 9, 5, 5, 3),
    "junior": (17, 17, 16, 9, 6, 7, 7, 5, 5, 11),
    "senior": (16, 16, 15, 10, 9, 8, 7, 7, 7, 5),
    "vocational": (13, 11, 10, 24, 20, 14, 8),
}
MAIN_SUBJECTS = ("语文", "数学", "英语")  # their teachers lead a class, the others seldom
HOMEROOM, OTHERS_LEAD = 0.38, 0.25  # share of those under 50; the others' chance against theirs
# age peaks of domain.md 6.3 in the reference year by area; rural schools have the youngest and the oldest
PEAKS = np.array([[29.0, 46.5], [28.4, 47.5], [28.0, 50.0]])
YOUNG_SHARE = np.array([0.42, 0.40, 0.30])  # of the first staff, by area
# and of those about to retire: 52 on the first roster, so that some of them are gone each year
LAST_SHARE, LAST_AGE = np.array([0.10, 0.13, 0.18]), 52.5
EARLIEST_PEAKS = (
    23.0,
    38.0,
)  # however many years before the reference year the first snapshot lies
BELOW_FROM = 40  # nobody younger came without a college degree (a choice)
# share of a degree by age at the points of ``DEGREE_AGES``, by stage (a choice)
DEGREE_AGES = (22, 30, 40, 50, 60)
GRADUATES = (
    (0.03, 0.03, 0.01, 0.0, 0.0),
    (0.08, 0.07, 0.04, 0.01, 0.0),
    (0.30, 0.25, 0.15, 0.06, 0.02),
    (0.16, 0.14, 0.10, 0.04, 0.02),
)
ASSOCIATES = (
    (0.08, 0.12, 0.25, 0.38, 0.42),
    (0.01, 0.02, 0.06, 0.14, 0.25),
    (0.0, 0.0, 0.005, 0.01, 0.03),
    (0.01, 0.02, 0.05, 0.08, 0.12),
)
BELOW = (0.42, 0.06, 0.0, 0.0)  # from ``BELOW_FROM`` on
ENTRY = np.array([20.0, 21.5, 22.8, 25.3])  # usual age at the first post, by degree
# a first post is dated to September, up to four months before the day drawn
ENTRY_LEAST = np.array([19.6, 20.4, 21.2, 24.4])
HIGHEST_RANK = np.array([2, 3, 4, 4])  # by degree: no senior title without a college degree
SENIOR_DELAY = np.array(
    [7.0, 2.0, 0.0, 1.0]
)  # years, by stage: primary schools have few senior posts
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
    """The staff of the first snapshot, one row for each place (a row of ``places`` is a post and its school).

    Their ages have the peaks that the reference year shall show.
    """
    size = len(places["school"])
    is_female = happen(rng, np.full(size, WOMEN), places["area"])
    oldest = np.where(is_female, 54.8, 59.8)
    age = _first_ages(rng, places["area"], oldest, year)
    stage = _stages(rng, places["school_kind"])
    education = _education(rng, age, stage)
    least = ENTRY_LEAST[education]
    age = np.where(age > least, age, least + rng.uniform(0.1, 2.0, size))
    usual = ENTRY[education] + 0.8 * rng.standard_normal(size)
    started = np.minimum(np.clip(usual, least, least + 4.5), age - 0.1)
    drawn = {"age": age, "started": started, "stage": stage, "education": education}
    return _people(rng, places, profile, year, is_female, drawn)


def _first_ages(rng: Generator, area: np.ndarray, oldest: np.ndarray, year: int) -> np.ndarray:
    """Two peaks: the younger one steep on the side of the beginners, as nobody begins before 22."""
    peaks = np.maximum(PEAKS - (REFERENCE_YEAR - year), EARLIEST_PEAKS)[area]
    size = len(area)
    left, right = np.minimum(4.2, (peaks[:, 0] - 22) / 1.6), 4.8
    is_left = rng.random(size) < left / (left + right)
    spread = np.abs(rng.standard_normal(size)) * np.where(is_left, -left, right)
    part = rng.random(size)
    is_young, is_last = part < YOUNG_SHARE[area], part > 1 - LAST_SHARE[area]
    usual = rng.normal(np.where(is_last, LAST_AGE, peaks[:, 1]), np.where(is_last, 3.0, 4.8))
    age = np.where(is_young, peaks[:, 0] + spread, usual)
    return np.where((age < 22.2) | (age > oldest), rng.uniform(23.0, oldest), age)


def hired_people(rng: Generator, places: Rows, profile: Profile, year: int) -> Rows:
    """The people hired on 1 September of a year, one for each place; most begin their working life."""
    size = len(places["school"])
    is_female = happen(rng, np.full(size, WOMEN + 0.01), places["area"])
    is_new = rng.random(size) < NEW_SHARE
    age = np.where(is_new, 23.0, rng.uniform(26, 40, size))
    stage = _stages(rng, places["school_kind"])
    education = _education(rng, age, stage)
    least = ENTRY_LEAST[education]
    begun = ENTRY[education] + 0.5 + rng.standard_normal(size)
    begun = np.clip(begun, least, least + 6.0)
    age = np.where(is_new, begun, age)
    started = np.where(is_new, age, np.minimum(begun, age - 0.5))
    drawn = {"age": age, "started": started, "stage": stage, "education": education}
    return _people(rng, places, profile, year, is_female, drawn) | {
        "hired_year": np.full(size, year)
    }


def _people(
    rng: Generator, places: Rows, profile: Profile, year: int, is_female: np.ndarray, drawn: Rows
) -> Rows:
    """What stays with people; ``drawn``: age, age at the first post, stage and education."""
    age = drawn["age"]
    birth = np.datetime64(f"{year}-09-01") - np.floor(age * DAYS).astype("timedelta64[D]")
    people: Rows = {"is_teacher": places["is_teacher"], "sex": np.where(is_female, 0, 1)}
    people["birth_date"] = birth
    people["work_start"] = _work_start(birth, drawn["started"], year)
    people["hired_year"] = people["work_start"].astype("datetime64[Y]").astype(int) + 1970
    people["education"] = drawn["education"]
    people["stage"] = drawn["stage"]
    people["subject"] = _subjects(rng, people["stage"])
    off = LEAVE_SOONER * np.array(profile.not_staffed)[places["area"]]
    people["staffed_post"] = ~happen(rng, off, places["area"])
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
    """A subject of the stage, as often as a school needs its teachers."""
    luck = 100 * rng.random(len(stage))
    found: np.ndarray = np.zeros(len(stage), int)
    for at, name in enumerate(CODES["stage"]):
        known = np.array([code("subject", s) for s in SUBJECTS[name]])
        mine = stage == at
        place = np.searchsorted(np.cumsum(SUBJECT_SHARES[name]), luck[mine], side="right")
        found[mine] = known[place.clip(max=len(known) - 1)]
    return found


def _education(rng: Generator, age: np.ndarray, stage: np.ndarray) -> np.ndarray:
    """Highest education by age and stage: the young and those of the upper stages have a bachelor's degree."""
    u = rng.random(len(age))
    graduate, associate = _by_age(GRADUATES, age, stage), _by_age(ASSOCIATES, age, stage)
    below = np.where(age >= BELOW_FROM, np.array(BELOW)[stage], 0.0)
    levels = [u < graduate, u < graduate + below, u < graduate + below + associate]
    return np.select(levels, [code("education", "graduate"), 0, 1], code("education", "bachelor"))


def _by_age(
    shares: tuple[tuple[float, ...], ...], age: np.ndarray, stage: np.ndarray
) -> np.ndarray:
    """The share for each person, from one curve over ``DEGREE_AGES`` for each stage."""
    return np.choose(stage, [np.interp(age, DEGREE_AGES, curve) for curve in shares])


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


def teaches(kind: np.ndarray, stage: np.ndarray) -> np.ndarray:
    """Whether a school of a kind has pupils of a stage, row by row."""
    known = [[name in STAGES[of] for name in CODES["stage"]] for of in CODES["school_kind"]]
    fits: np.ndarray = np.array(known)[kind, stage]
    return fits


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
    roster["title_rank"] = _rank(roster)
    can_lead = (roster["age"] < 50) & roster["is_teacher"]
    chance = HOMEROOM_CHANCES[roster["stage"], roster["subject"]]
    roster["homeroom"] = can_lead & (roster["hidden_homeroom"] < chance)
    lessons = rng.normal(LESSONS[roster["stage"]], 2.6) + 1.5 * roster["is_small"]
    roster["weekly_lessons"] = np.where(roster["is_teacher"], lessons.clip(2, 26).round(), 0.0)
    roster["backbone"] = _backbone(roster)
    roster["subject"] = np.where(
        _teach_all(roster, profile), code("subject", ALL_SUBJECTS), roster["subject"]
    )
    return roster


def _homeroom_chances() -> np.ndarray:
    """The chance of leading a class by stage and subject; the mean of every stage is ``HOMEROOM``."""
    chances = np.zeros((len(CODES["stage"]), len(CODES["subject"])))
    for at, stage in enumerate(CODES["stage"]):
        share = np.array(SUBJECT_SHARES[stage]) / 100
        pull = np.where(np.isin(SUBJECTS[stage], MAIN_SUBJECTS), 1.0, OTHERS_LEAD)
        known = [code("subject", name) for name in SUBJECTS[stage]]
        chances[at, known] = HOMEROOM * pull / (share * pull).sum()
    return chances


HOMEROOM_CHANCES = _homeroom_chances()


def _rank(roster: Rows) -> np.ndarray:
    """Professional title by years of teaching, luck, stage and degree; it never falls.

    Posts are scarce: some wait thirty years for the first grade, many never become senior.
    """
    years, luck = roster["years_teaching"], roster["hidden_rank"]
    first = 4.0 + 7.0 * np.exp(-1.1 * luck)
    senior = 9.0 + 14.0 * np.exp(-1.0 * luck) + SENIOR_DELAY[roster["stage"]]
    is_full = (years >= 24) & (luck > 2.2)
    steps = [is_full, years >= senior, years >= first, years >= 1]
    return np.minimum(np.select(steps, [4, 3, 2, 1], 0), HIGHEST_RANK[roster["education"]])


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
