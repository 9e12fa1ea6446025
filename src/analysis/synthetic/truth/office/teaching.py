"""What is taught and by whom: trainers, the catalogue of courses, the lessons of the cloud platform."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.codes import TOPICS
from analysis.synthetic.truth.office.desk import (
    MUST,
    URBAN_PULL,
    Desk,
    best,
    dealt,
    is_master,
    of_area,
    spread,
)
from analysis.synthetic.truth.office.studios import of_backbone

# trainers teach what they know: little of the two topics that rural teachers ask for most (domain.md 6.3)
TRAINER_TOPICS = {
    "design": 0.27,
    "subject": 0.22,
    "class": 0.15,
    "assignment": 0.12,
    "research": 0.09,
    "evaluation": 0.06,
    "mental": 0.04,
    "digital": 0.03,
    "interdisciplinary": 0.02,
}
CATALOGUE_TOPICS = TRAINER_TOPICS | {"ai": 0.03, "family": 0.03, "care": 0.03}
OUTSIDE_PULL = {"urban": -np.inf, "town": 0.6, "rural": 0.0}  # township trainers
COURSE_HOURS = (2, 4, 6, 8, 12, 16)
LOCAL_COURSES = 0.12  # share of courses made locally: 乡土课程
LOCAL_TOPICS = ("subject", "design")
# what is done in a course says what kind it is
COURSE_FORMS = {
    "practice": {"hands_on": 0.4, "workshop": 0.35, "lesson_study": 0.25},
    "theory": {"lecture": 0.6, "reading": 0.4},
}
TAUGHT_HOURS = {"expert": 26.0, "district": 16.0, "township": 11.0}
LESSON_MINUTES = (8, 45)
STAGES = {"primary": 0.48, "junior": 0.30, "senior": 0.16, "vocational": 0.06}


def draw_trainers(desk: Desk) -> pd.DataFrame:
    """The bank of trainers; a row is a trainer, whom the list names for years; hours are those taught in the year."""
    rng = desk.rng("trainers")
    parts, taken = [], np.array([], int)
    for kind, count in desk.figures.trainers.items():
        able = desk.settled[(desk.settled["years_teaching"] >= 6).to_numpy()]
        able = able[~able["person"].isin(taken)]
        luck = -np.log(-np.log(desk.lasting(f"trainer-{kind}", able["person"])))
        pull = OUTSIDE_PULL if kind == "township" else URBAN_PULL
        merit = luck + of_area(able, pull) + 0.8 * of_backbone(able["backbone"])
        merit += MUST * is_master(able) if kind == "expert" else 0.0
        rows = best(able, merit, desk.scaled(count)).assign(trainer_kind=kind)
        taken = np.concatenate([taken, rows["person"].to_numpy()])
        parts.append(rows)
    rows = pd.concat(parts, ignore_index=True)
    rows["topic"] = _lasting_topics(desk, rows["person"])
    usual = rows["trainer_kind"].map(TAUGHT_HOURS).to_numpy(float)
    rows["taught_hours"] = 2 * np.round(rng.gamma(1.6, usual / 3.2)).astype(int)
    rows["trainer_rating"] = np.round(rng.normal(89.0, 4.5, len(rows)).clip(65, 100), 1)
    columns = ["person", "school", "trainer_kind", "title_rank", "subject", "stage", "topic"]
    return rows[[*columns, "taught_hours", "trainer_rating"]]


def _lasting_topics(desk: Desk, persons: pd.Series) -> np.ndarray:
    """The one topic of each trainer, the same every year."""
    upto = np.cumsum([*TRAINER_TOPICS.values()])
    luck = desk.lasting("trainer-topic", persons)
    return np.array([*TRAINER_TOPICS])[np.searchsorted(upto / upto[-1], luck, side="right")]


def draw_courses(desk: Desk) -> pd.DataFrame:
    """The catalogue of the year's courses; a row is a course, ``course`` its number.

    The share of practice in all hours is that of the figures, to within an hour or two. ``form`` is what
    happens in the course; practice has other forms than theory.
    """
    rng = desk.rng("courses")
    count = desk.scaled(desk.figures.catalogue)
    rows = pd.DataFrame({"course": np.arange(1, count + 1)})
    rows["topic"] = dealt(rng, CATALOGUE_TOPICS, count)
    may_be_local = np.flatnonzero(rows["topic"].isin(LOCAL_TOPICS))
    local = rng.permutation(may_be_local)[: max(1, round(LOCAL_COURSES * count))]
    rows["is_local"] = np.isin(np.arange(count), local)
    rows["hours"] = rng.choice(COURSE_HOURS, count)
    is_practice = fill_hours(rng, rows["hours"].to_numpy(), desk.figures.practice_share)
    rows["course_kind"] = np.where(is_practice, "practice", "theory")
    forms = {kind: spread(rng, shares, count) for kind, shares in COURSE_FORMS.items()}
    rows["form"] = np.where(is_practice, forms["practice"], forms["theory"])
    return rows


def fill_hours(rng: np.random.Generator, hours: np.ndarray, share: float) -> np.ndarray:
    """Which courses make up ``share`` of all hours: taken in random order as long as they fit, short ones last."""
    room = share * hours.sum()
    is_taken: np.ndarray = np.zeros(len(hours), bool)
    for at in np.lexsort((rng.random(len(hours)), hours <= min(COURSE_HOURS))):
        if hours[at] <= room + 1e-9:
            is_taken[at] = True
            room -= hours[at]
    return is_taken


def draw_lessons(desk: Desk) -> pd.DataFrame:
    """The catalogue of the cloud platform; a row is a lesson with its length and how often it was played."""
    rng = desk.rng("lessons")
    count = desk.scaled(desk.figures.lessons)
    lessons = np.arange(1, count + 1)
    rows = pd.DataFrame({"course": lessons})
    rows["topic"] = rng.choice(TOPICS, count)
    rows["stage"] = spread(rng, STAGES, count)
    rows["lesson_minutes"] = rng.integers(*LESSON_MINUTES, count, endpoint=True)
    rows["n_views"] = rng.lognormal(5.2, 1.1, count).astype(int)
    return rows
