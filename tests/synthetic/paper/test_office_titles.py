"""Titles come from a grammar: varied, without repeats while there are combinations left, in line with their row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper import office_titles as titles
from analysis.synthetic.truth.codes import TOPICS
from analysis.synthetic.truth.office.honours import draw_ethics_cases, draw_projects
from analysis.synthetic.truth.office.teaching import COURSE_FORMS, draw_courses, draw_lessons
from tests.synthetic.truth.office.drawn import drawn_desk

PRACTICE = ("实操", "工作坊", "研课")
THEORY = ("讲座", "理论")
STAGES = {"primary": "小学", "junior": "初中", "senior": "高中", "vocational": "中职"}


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_every_topic_and_every_form_has_phrases() -> None:
    assert set(titles.FOCUS) == set(TOPICS)
    assert set(titles.COURSE_TAILS) == {form for forms in COURSE_FORMS.values() for form in forms}


def test_a_combination_comes_again_only_when_all_are_used_up() -> None:
    keys = pd.DataFrame({"topic": ["a"] * 7})
    made = titles.compose(rng(), keys, lambda _: (("1", "2"), ("x", "y", "z")))
    assert sorted(set(made)) == ["1x", "1y", "1z", "2x", "2y", "2z"]
    assert pd.Series(made).value_counts().max() == 2


def test_names_of_courses_say_what_kind_they_are() -> None:
    rows = draw_courses(drawn_desk("city"))
    made = pd.Series(titles.course_titles(rng(), rows))
    is_practice = (rows["course_kind"] == "practice").to_numpy()
    assert made[is_practice].str.contains("|".join(PRACTICE)).all()
    assert not made[is_practice].str.contains("|".join(THEORY)).any()
    assert made[~is_practice].str.contains("|".join(THEORY)).all()
    assert not made[~is_practice].str.contains("|".join(PRACTICE)).any()
    assert (made.str.startswith("乡土课程开发") == rows["is_local"]).all()
    assert made.is_unique


def test_nothing_has_a_number_in_its_title_and_full_lists_have_no_title_twice() -> None:
    desk = drawn_desk("city")
    made = [
        titles.lesson_titles(rng(), draw_lessons(desk), STAGES),
        titles.story_titles(rng(), draw_ethics_cases(desk)),
        titles.project_titles(rng(), draw_projects(desk)),
    ]
    for texts in map(pd.Series, made):
        assert texts.is_unique
        assert not texts.str.contains(r"[0-9]").any()


def test_a_project_is_about_its_subject_and_topic() -> None:
    rows = draw_projects(drawn_desk("county"))
    for title, subject, topic in zip(
        titles.project_titles(rng(), rows), rows["subject"], rows["topic"], strict=True
    ):
        assert f"{subject}教学中" in title
        assert any(focus in title for focus in titles.FOCUS[topic])
