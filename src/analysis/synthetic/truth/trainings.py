"""Attendances at the courses of one school year, with the hours; nobody attends after leaving.

Courses run by school years; the ledger that is delivered is by calendar years.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.profile import Planted
from analysis.synthetic.streams import intercept_for, sigmoid, stream

MENTORING_HOURS = 20.0  # what counts as mentored
MENTORING_TERMS = ((31, 60), (92, 130), (181, 215), (240, 285))  # days after 1 September
COURSE_SHARE = 0.165  # of teachers in a year, so that 45-50 % ever take it in four years
# log-odds of taking the course: the keen, the young, those near the seat
COURSE_PULL = {"hidden_motivation": 0.56, "age": -0.022}
COURSE_AREA = {"urban": 0.25, "town": 0.05, "rural": -0.25}


@dataclass(frozen=True)
class Offer:
    """A programme with its topic and mode; for what trainers offer also sessions a year and whom it reaches.

    ``hours`` are those of one session; ``reach`` is the share of teachers by area.
    """

    programme: str
    topic: str
    mode: str
    hours: float
    sessions: int = 1
    days: int = 2
    reach: dict[str, float] = field(default_factory=dict)


ONLINE = Offer("online_general", "general", "online", 60.0)
COURSE = Offer("digital_course", "digital", "blended", 16.0)
MENTORING = Offer("mentoring", "mentoring", "school", 0.0)  # hours differ by person
# supply follows what trainers can teach (domain.md 6.3): little on what rural teachers ask for most
TOPICS = (
    Offer(
        programme="interdisciplinary",
        topic="interdisciplinary",
        mode="onsite",
        hours=12.0,
        reach={"urban": 0.36, "town": 0.28, "rural": 0.20},
    ),
    Offer(
        programme="lesson_design",
        topic="design",
        mode="blended",
        hours=8.0,
        sessions=2,
        reach={"urban": 0.52, "town": 0.48, "rural": 0.43},
    ),
    Offer(
        programme="assignment_design",
        topic="assignment",
        mode="school",
        hours=4.0,
        sessions=2,
        days=1,
        reach={"urban": 0.43, "town": 0.40, "rural": 0.36},
    ),
    Offer(
        programme="mental_health",
        topic="mental",
        mode="onsite",
        hours=8.0,
        days=1,
        reach={"urban": 0.38, "town": 0.33, "rural": 0.28},
    ),
)
OFFERS = (ONLINE, COURSE, MENTORING, *TOPICS)


def draw_trainings(
    seed: int, year: int, roster: pd.DataFrame, last_day: np.ndarray, planted: Planted
) -> pd.DataFrame:
    """The attendances from 1 September ``year - 1`` to 31 August ``year``; a row is one attendance.

    ``roster`` is that of the 1 September; ``last_day`` gives each person's last day in post (days after it).
    """
    teachers = roster[roster["is_teacher"]].assign(last_day=last_day[roster["is_teacher"]])
    rng = stream(seed, year, "trainings")
    parts = [_online(rng, teachers), _course(rng, teachers), _mentoring(rng, teachers, planted)]
    parts += [_offered(rng, teachers, offer) for offer in TOPICS]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[(rows["end_day"] <= rows["last_day"]) & (rows["start_day"] <= rows["end_day"])]
    september = np.datetime64(f"{year - 1}-09-01")
    rows["start_date"] = september + rows["start_day"].to_numpy().astype("timedelta64[D]")
    rows["end_date"] = september + rows["end_day"].to_numpy().astype("timedelta64[D]")
    rows["year"] = rows["end_date"].dt.year
    rows = rows.sort_values(["start_day", "offer", "person"], ignore_index=True)
    for name in ("programme", "topic", "mode"):
        rows[name] = np.array([getattr(offer, name) for offer in OFFERS])[rows["offer"]]
    return rows.drop(columns=["start_day", "end_day", "last_day", "offer"])


def course_chances(teachers: pd.DataFrame) -> np.ndarray:
    """Each teacher's chance of volunteering for the digital course in a year."""
    pull = sum(weight * teachers[name].to_numpy() for name, weight in COURSE_PULL.items())
    pull = pull + teachers["area"].map(COURSE_AREA).to_numpy()
    return sigmoid(pull + intercept_for(COURSE_SHARE, pull))


def mentoring_chances(teachers: pd.DataFrame, planted: Planted) -> np.ndarray:
    """Each new teacher's chance of reaching 20 hours with a mentor: better-led schools meet more."""
    return sigmoid(0.85 + planted.lead_on_mentoring * teachers["hidden_lead"].to_numpy())


def _attendances(who: pd.DataFrame, offer: Offer, hours: np.ndarray | None = None) -> pd.DataFrame:
    rows = who[["person", "school", "area", "last_day"]].reset_index(drop=True)
    return rows.assign(offer=OFFERS.index(offer), hours=offer.hours if hours is None else hours)


def _online(rng: Generator, teachers: pd.DataFrame) -> pd.DataFrame:
    """Sixty hours online for everyone, done between October and July."""
    rows = _attendances(teachers, ONLINE)
    start = rng.integers(35, 200, len(rows))
    # some finish in a few days what takes a term; the time stamps show it
    length = np.where(rng.random(len(rows)) < 0.11, 5, rng.integers(40, 110, len(rows)))
    return rows.assign(start_day=start, end_day=np.minimum(start + length, rows["last_day"]))


def _course(rng: Generator, teachers: pd.DataFrame) -> pd.DataFrame:
    """The digital course: volunteers, sixteen hours over two days between October and March."""
    who = teachers[rng.random(len(teachers)) < course_chances(teachers)]
    rows = _attendances(who, COURSE)
    start = 38 + 12 * rng.integers(0, 14, len(rows))
    return rows.assign(start_day=start, end_day=start + 1)


def _mentoring(rng: Generator, teachers: pd.DataFrame, planted: Planted) -> pd.DataFrame:
    """Mentor meetings of teachers in their first or second year, four entries a school year."""
    novices = teachers[teachers["years_teaching"] < 1.9]
    often = rng.random(len(novices)) < mentoring_chances(novices, planted)
    total = np.where(often, rng.integers(20, 37, len(novices)), rng.integers(3, 19, len(novices)))
    parts = []
    for term, (low, high) in enumerate(MENTORING_TERMS):
        hours = total // 4 + (total % 4 > term)
        rows = _attendances(novices, MENTORING, hours.astype(float))
        start = rng.integers(low, high, len(rows))
        parts.append(rows.assign(start_day=start, end_day=start + 20))
    meetings = pd.concat(parts, ignore_index=True)
    return meetings[meetings["hours"] > 0]


def _offered(rng: Generator, teachers: pd.DataFrame, offer: Offer) -> pd.DataFrame:
    """One offered topic, its sessions spread from September to June."""
    who = teachers[rng.random(len(teachers)) < teachers["area"].map(offer.reach)]
    rows = _attendances(who, offer)
    weeks = 30 // offer.sessions
    parts = []
    for session in range(offer.sessions):
        start = 20 + 9 * (session * weeks + rng.integers(0, weeks, len(rows)))
        parts.append(rows.assign(start_day=start, end_day=start + offer.days - 1))
    return pd.concat(parts, ignore_index=True)
