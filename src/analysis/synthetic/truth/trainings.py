"""Attendances at the courses of one school year, with the hours; nobody attends after leaving.

Courses run by school years; the ledger that is delivered is by calendar years.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.planted import Planted
from analysis.synthetic.profile import RURAL, URBAN
from analysis.synthetic.streams import (
    choose,
    happen,
    intercept_for,
    sigmoid,
    stream,
    zeros,
)
from analysis.synthetic.truth.codes import Rows, code, stack, take
from analysis.synthetic.truth.offers import (
    COURSE,
    LISTED,
    MENTORING,
    ONLINE,
    OPEN,
    SCHOOL_BASED_FROM,
    SHADOWING,
    SHADOWING_COUNT,
    SHORT,
    Offer,
)
from analysis.synthetic.truth.people import teaches
from analysis.synthetic.truth.sessions import (
    attendance_rows,
    deal_rounds,
    deal_sessions,
    spread_days,
)

MENTORING_HOURS = 20.0  # what counts as mentored
MENTORING_TERMS = ((31, 60), (92, 130), (181, 215), (240, 285))  # days after 1 September
NOVICE_YEARS = 1.9
# log-odds of taking the course: the keen (planted), the young, those near the seat
COURSE_AGE = -0.022
COURSE_AREA = np.array([0.25, 0.05, -0.25])
OF_TEACHERS = (
    "person",
    "school",
    "area",
    "age",
    "years_teaching",
    "hired_year",
    "hidden_lead",
    "hidden_motivation",
    "hidden_ability",
    "hidden_growth",
    "stage",
    "school_kind",
)
ALL_YEAR = (5, 360)
TERM_DAYS = (12, 35)  # from the first to the last meeting of a term
MEETING_HOURS = np.array([1.0, 2.0, 2.0, 3.0])  # of a school's own meeting
# so that the numbers of sessions of two programmes or years never meet
PROGRAMMES, SESSIONS_OF_A_PROGRAMME = 100, 1_000_000
RUSHED = 0.11  # who finish the online hours in a few days


def draw_trainings(
    options: BureauOptions, year: int, roster: Rows, last_day: np.ndarray, planted: Planted
) -> Rows:
    """The attendances from 1 September ``year - 1`` to 31 August ``year``; a row is one attendance.

    ``roster`` is that of the 1 September; ``last_day`` gives each person's last day in post (days after it).
    """
    teachers = teachers_of(roster, last_day)
    parts = [*draw_followed(options, year, teachers, planted).values()]
    offers = (*OPEN, *(o for o in LISTED[options.bureau] if _is_held(o, year)))
    parts += [
        _attend(stream(options.seed, year, f"offer-{o.programme}"), teachers, o, options, year)
        for o in offers
    ]
    return finish_rows(stack(parts), year)


def teachers_of(roster: Rows, last_day: np.ndarray) -> Rows:
    """The teachers of a roster with their last day in post."""
    teachers = take(roster, roster["is_teacher"], OF_TEACHERS)
    return teachers | {"last_day": last_day[roster["is_teacher"]]}


def draw_followed(
    options: BureauOptions, year: int, teachers: Rows, planted: Planted
) -> dict[str, Rows]:
    """The programmes whose effects are followed, by name: course, mentoring, guest weeks, short courses."""
    found = {"course": _course(options, year, teachers, planted)}
    rng = stream(options.seed, year, "mentoring")
    found["mentoring"] = _mentoring(rng, teachers, planted, year)
    found["shadowing"] = _shadowing(options, year, teachers)
    for offer in SHORT[: planted.short_courses]:
        rng = stream(options.seed, year, f"offer-{offer.programme}")
        found[offer.programme] = _attend(rng, teachers, offer, options, year)
    return found


def _is_held(offer: Offer, year: int) -> bool:
    """What schools do themselves is in the ledger of late only."""
    return offer.programme != "school_based" or year >= SCHOOL_BASED_FROM


def finish_rows(rows: Rows, year: int) -> Rows:
    """Dates instead of days, in the order of an office's ledger; without what its time did not take in."""
    kept = (rows["end_day"] <= rows["last_day"]) & (rows["start_day"] <= rows["end_day"])
    september = np.datetime64(f"{year - 1}-09-01")
    end_date = rows["end_day"] + september
    calendar: np.ndarray = end_date.astype("datetime64[Y]").astype(int) + 1970
    own = rows["programme"] == code("programme", "school_based")
    kept &= ~own | (calendar >= SCHOOL_BASED_FROM)
    start_date = rows["start_day"] + september
    rows = rows | {"start_date": start_date, "end_date": end_date, "year": calendar}
    rows["credits"] = np.round(rows["hours"] / 8, 1)
    block: np.ndarray = (year - 2000) * PROGRAMMES + rows["programme"]
    rows["session"] = rows["session"] + block * SESSIONS_OF_A_PROGRAMME
    order = np.flatnonzero(kept)
    keys = (rows["person"], rows["session"], rows["programme"], rows["start_day"])
    order = order[np.lexsort([key[order] for key in keys])]
    left = {"start_day", "end_day", "last_day"}
    return take(rows, order, [name for name in rows if name not in left])


def course_chances(teachers: Rows, planted: Planted, share: float) -> np.ndarray:
    """Each teacher's chance of volunteering for the digital course, if such a share of them takes it."""
    pull = planted.course_pull_motivation * teachers["hidden_motivation"]
    pull = pull + planted.course_pull_ability * teachers["hidden_ability"]
    pull = pull + COURSE_AGE * teachers["age"] + COURSE_AREA[teachers["area"]]
    return sigmoid(pull + intercept_for(share, pull))


def mentoring_chances(teachers: Rows, planted: Planted) -> np.ndarray:
    """Each new teacher's chance of reaching 20 hours with a mentor: better-led schools meet more."""
    return sigmoid(0.85 + planted.lead_on_mentoring * teachers["hidden_lead"])


def _course(options: BureauOptions, year: int, teachers: Rows, planted: Planted) -> Rows:
    """The digital course: volunteers, sixteen hours over two days; some come twice."""
    rng = stream(options.seed, year, "course")
    offer = replace(COURSE, window=ALL_YEAR) if planted.is_course_all_year else COURSE
    # whoever is gone before its last day cannot take it; a course that runs all year asks everybody
    is_there = teachers["last_day"] > offer.window[1] + offer.days
    able = np.flatnonzero(is_there | planted.is_course_all_year)
    share = options.profile.course_share.get(year, options.profile.course_usual)
    share = min(0.98, share * len(is_there) / max(1, len(able)))
    chances = course_chances(take(teachers, able), planted, share)
    strata = zeros(len(able)) if options.fixed_totals else None
    who = able[happen(rng, chances, strata)]
    again = who[choose(rng, np.zeros(len(who)), round(options.profile.course_repeats * len(who)))]
    return deal_rounds(rng, teachers, [who, again], offer, year)


def _mentoring(rng: Generator, teachers: Rows, planted: Planted, year: int) -> Rows:
    """Mentor meetings of teachers in their first or second year, four entries a school year."""
    novices = take(teachers, teachers["years_teaching"] < NOVICE_YEARS)
    size = len(novices["person"])
    often = rng.random(size) < mentoring_chances(novices, planted)
    total = np.where(often, rng.integers(20, 37, size), rng.integers(3, 19, size))
    parts = []
    for term, window in enumerate(MENTORING_TERMS):
        hours = (total // 4 + (total % 4 > term)).astype(float)
        rows = deal_sessions(rng, novices, replace(MENTORING, window=window), term, year)
        end_day = rows["start_day"] + rng.integers(*TERM_DAYS, size)
        parts.append(take(rows | {"hours": hours, "end_day": end_day}, hours > 0))
    return stack(parts)


def _shadowing(options: BureauOptions, year: int, teachers: Rows) -> Rows:
    """Rural teachers who are guests of a good urban school; ``host`` is that school."""
    rng = stream(options.seed, year, "shadowing")
    count = round(SHADOWING_COUNT[options.bureau] * options.scale)
    may_go = (teachers["area"] == RURAL) & (teachers["years_teaching"] >= 2)
    may_go &= teachers["last_day"] > SHADOWING.window[1] + SHADOWING.days
    able = np.flatnonzero(may_go)
    who = able[choose(rng, np.zeros(len(able)), count)]
    rows = deal_rounds(rng, teachers, [who], SHADOWING, year)
    return rows | {"host": _hosts(rng, teachers, teachers["stage"][who])}


def _hosts(rng: Generator, teachers: Rows, stage: np.ndarray) -> np.ndarray:
    """An urban school for each guest that teaches the guest's stage, any urban one if none does."""
    urban = teachers["area"] == URBAN
    schools, first = np.unique(teachers["school"][urban], return_index=True)
    kinds, luck = teachers["school_kind"][urban][first], rng.random(len(stage))
    hosts: np.ndarray = np.zeros(len(stage), int)
    for each in np.unique(stage):
        fits = teaches(kinds, np.full(len(kinds), each))
        there = schools[fits] if fits.any() else schools
        hosts[stage == each] = there[(luck[stage == each] * len(there)).astype(int)]
    return hosts


def _attend(
    rng: Generator, teachers: Rows, offer: Offer, options: BureauOptions, year: int
) -> Rows:
    """Who attends one offer."""
    if offer is ONLINE:
        return _online(rng, teachers)
    if offer.programme == "school_based":
        return _school_based(rng, teachers, round(offer.count * options.scale), offer, year)
    if not offer.count:
        reach = np.array(offer.reach)[teachers["area"]]
        strata = teachers["area"] if options.fixed_totals else None
        rounds = [np.flatnonzero(happen(rng, reach, strata)) for _ in range(offer.rounds)]
    else:
        rounds = _counted(rng, teachers, offer, round(offer.count * options.scale))
    return deal_rounds(rng, teachers, rounds, offer, year)


def _counted(rng: Generator, teachers: Rows, offer: Offer, count: int) -> list[np.ndarray]:
    """So many attendances of those whom an offer is for; nobody comes a second time before all have come."""
    is_meant = _target(teachers, offer.target) & (
        teachers["last_day"] > offer.window[1] + offer.days
    )
    if offer.target == "new":
        is_meant = _target(teachers, offer.target)
    able = np.flatnonzero(is_meant)
    pull = teachers["hidden_growth"][able] if offer.target == "able" else np.zeros(len(able))
    if offer.target == "new":  # those who begin; whoever has taught elsewhere may be exempt
        pull = -10.0 * teachers["years_teaching"][able]
    rounds: list[np.ndarray] = []
    while len(able) and count > 0 and len(rounds) < 4:
        who = able[choose(rng, pull, min(count, len(able)))]
        rounds.append(who)
        count -= len(who)
        if offer.target == "new":
            break
    return rounds or [np.array([], int)]


def _target(teachers: Rows, target: str) -> np.ndarray:
    """Whom an offer is for: ``new``, ``able``, ``rural`` or anybody."""
    if target == "new":
        return teachers["hired_year"] == teachers["hired_year"].max()
    if target == "able":
        return teachers["years_teaching"] >= 5
    if target == "rural":
        return teachers["area"] == RURAL
    return np.ones(len(teachers["area"]), bool)


def _online(rng: Generator, teachers: Rows) -> Rows:
    """Sixty hours online for everyone, done between October and July."""
    size = len(teachers["person"])
    start = rng.integers(35, 200, size)
    # some finish in a few days what takes a term; the time stamps show it
    length = np.where(rng.random(size) < RUSHED, 5, rng.integers(40, 110, size))
    rows = attendance_rows(rng, teachers, ONLINE, np.zeros(size, int), start)
    return rows | {"end_day": np.minimum(start + length, teachers["last_day"])}


def _school_based(rng: Generator, teachers: Rows, count: int, offer: Offer, year: int) -> Rows:
    """Research meetings of a school's own teachers, in sessions of its own; none is attended twice."""
    who = rng.integers(0, len(teachers["person"]), count)
    school = teachers["school"][who]
    per_school = np.maximum(1, np.round(np.bincount(school) / offer.size)).astype(int)
    first = np.cumsum(per_school) - per_school
    session = first[school] + (rng.random(count) * per_school[school]).astype(int)
    _, once = np.unique(who * (session.max() + 1) + session, return_index=True)
    start = spread_days(rng, offer, int(per_school.sum()), year)[session[once]]
    rows = attendance_rows(rng, take(teachers, who[once]), offer, session[once], start)
    hours = rng.choice(MEETING_HOURS, int(per_school.sum()))[session[once]]
    return rows | {"hours": hours}
