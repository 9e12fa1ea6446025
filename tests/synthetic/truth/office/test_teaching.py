"""Trainers teach little of what rural teachers ask for; the catalogue has less practice than its title says."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.truth.codes import TOPICS
from analysis.synthetic.truth.office.teaching import (
    COURSE_FORMS,
    draw_courses,
    draw_lessons,
    draw_trainers,
    fill_hours,
)
from tests.synthetic.truth.office.drawn import drawn_desk


def test_trainers_cover_few_of_the_topics_in_demand() -> None:
    topics = draw_trainers(drawn_desk("county"))["topic"].value_counts(normalize=True)
    wanted = topics.reindex(["digital", "interdisciplinary", "ai"], fill_value=0.0)
    assert wanted.sum() < 0.12
    assert topics["design"] > 3 * wanted.max()


def test_township_trainers_teach_outside_the_seat_and_nobody_twice() -> None:
    desk = drawn_desk("county")
    rows = draw_trainers(desk)
    township = rows.loc[rows["trainer_kind"] == "township", "person"]
    area = desk.teachers.set_index("person")["area"].astype(str)
    assert not (area.loc[township] == "urban").any()
    assert not rows["person"].duplicated().any()


def test_a_trainer_stays_with_the_topic() -> None:
    roster = drawn_desk("county").roster
    before, after = (draw_trainers(drawn_desk("county", y, roster)) for y in (2024, 2025))
    assert before[["person", "topic"]].equals(after[["person", "topic"]])
    assert not before["taught_hours"].equals(after["taught_hours"])


@pytest.mark.parametrize(("bureau", "share"), [("county", 0.43), ("city", 0.46)])
def test_share_of_practice(bureau: str, share: float) -> None:
    for year in (2024, 2025, 2026):
        courses = draw_courses(drawn_desk(bureau, year))
        practice = courses.loc[courses["course_kind"] == "practice", "hours"].sum()
        assert practice / courses["hours"].sum() == pytest.approx(share, abs=0.003)


def test_hours_are_filled_up_to_the_share() -> None:
    hours = np.array([16, 2, 2, 8, 4, 8])  # 40 in all
    taken = fill_hours(np.random.default_rng(0), hours, 0.5)
    assert hours[taken].sum() == 20


def test_lessons_of_the_platform() -> None:
    lessons = draw_lessons(drawn_desk("city"))
    assert not lessons["course"].duplicated().any()
    assert set(lessons["topic"]) == set(TOPICS)
    assert lessons["lesson_minutes"].between(8, 45).all()


def test_what_is_done_in_a_course_says_what_kind_it_is() -> None:
    courses = draw_courses(drawn_desk("county"))
    for kind, rows in courses.groupby("course_kind"):
        assert set(rows["form"]) == set(COURSE_FORMS[kind])


@pytest.mark.parametrize("bureau", ["county", "city"])
def test_experts_have_a_senior_title_and_stand_on_the_backbone_list(bureau: str) -> None:
    desk = drawn_desk(bureau)
    rows = draw_trainers(desk)
    experts = rows.loc[rows["trainer_kind"] == "expert", "person"]
    people = desk.teachers.set_index("person").loc[experts]
    assert set(people["title_rank"]) == {"senior"}
    assert (people["backbone"] != "none").all()
