"""Answers given too fast, in a straight line, twice over, or against the form's own logic: marked, never dropped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.survey.marks import mark_answers, questionnaires, too_fast
from tests.intake.drawn import draw_region, roster_entry, table_entry
from tests.intake.survey.drawn import Cleaned, clean_drawn, ratings, survey_part, survey_study

STUDY = survey_study()
ITEMS = [f"tired_{k}" for k in range(1, 6)] + [f"glad_{k}" for k in range(1, 5)]
HEADERS = {
    "工号": "staff_number",
    "用时": "answer_seconds",
    "用": "uses_tools",
    "小时": "tool_hours",
}
HEADERS |= {name: name for name in ITEMS}


def cleaned(folder: Path, *answers: str) -> Cleaned:
    """A region with three teachers whose survey has these lines: number, seconds, tools, hours, nine ratings."""
    roster = "工号,姓名,学校\nA1,李红,一小\nA2,张三,一小\nA3,王五,一小"
    head = ",".join(HEADERS)
    entries = roster_entry(2025, {"工号": "staff_number", "姓名": "name", "学校": "school_name"})
    entries += table_entry("survey", HEADERS)
    files = {"roster.csv": roster, "survey.csv": "\n".join([head, *answers])}
    return clean_drawn(draw_region(folder, 2025, files, entries), STUDY, 2025)


def test_mess_30_durations_too_short_and_forms_left_open_are_marked(tmp_path: Path) -> None:
    found = cleaned(
        tmp_path,
        "A1,243秒,是,3,1,2,3,1,2,5,4,5,4",
        "A2,59秒,是,3,1,2,3,2,2,5,4,5,4",
        "A3,105723,是,3,1,2,2,1,2,5,4,5,4",
    )
    assert found.rows("speeder") == [3]
    assert found.rows("left_open") == [4]
    survey = found.result.tables["survey"].sort_values("source_row")
    assert survey["is_speeder"].tolist() == ["no", "yes", "no"]
    assert survey["tired"].notna().all()  # marked answers still count
    told = found.ledger.set_index("rule").loc["speeder"]
    assert (told["file"], told["kind"], told["found"]) == ("survey.csv", "noted", "59 s < 90 s")


def test_reality_11_fast_answers_straight_lines_and_second_answers(tmp_path: Path) -> None:
    found = cleaned(
        tmp_path,
        "A1,60,是,3,1,2,3,1,2,5,4,5,4",
        "A2,300,是,3,4,4,4,4,4,4,4,4,4",
        "A3,300,是,3,1,2,2,1,2,5,4,5,3",
        "A3,310,是,3,1,2,2,1,2,5,4,5,3",
    )
    assert (found.rows("speeder"), found.rows("straight_line")) == ([2], [3])
    assert found.rows("second_answer") == [5]
    assert found.rows("identical_answers") == []  # one person twice is told as a second answer
    quality = found.result.checks["quality"].set_index("mark")
    assert quality["n_marked"].to_dict() == {
        "speeder": 1,
        "straight_line": 1,
        "left_open": 0,
        "skip_broken": 0,
        "second_answer": 1,
    }
    assert (quality["n_answers"] == 4).all()


def test_mess_44_answers_against_the_forms_own_logic(tmp_path: Path) -> None:
    """No use but hours given, and use but no hours: both noted, neither value changed."""
    found = cleaned(
        tmp_path,
        "A1,243,否,12,1,2,3,1,2,5,4,5,4",
        "A2,243,是,0,1,2,3,1,3,5,4,5,4",
        "A3,243,否,0,1,2,2,1,2,5,4,5,4",
    )
    assert found.rows("skip_broken") == [2, 3]
    survey = found.result.tables["survey"].sort_values("source_row")
    assert survey["tool_hours"].tolist() == [12.0, 0.0, 0.0]


def test_mess_51_a_straight_line_across_opposed_items(tmp_path: Path) -> None:
    """Nine equal answers contradict themselves where an item is reversed; the items as given count, not turned round."""
    found = cleaned(
        tmp_path,
        "A1,243,是,3,3,3,3,3,3,3,3,3,3",
        "A2,243,是,3,6,6,6,6,0,6,6,6,6",  # equal only after turning the reversed item round
        "A3,243,是,3,3,3,3,3,3,3,3,,",  # seven answers are too few to say
    )
    assert found.rows("straight_line") == [2]


def test_items_that_point_one_way_need_more_of_them() -> None:
    """Nine equal answers to items of one direction may be meant; twelve are marked."""
    nine = ratings({f"need_{k}": [3, 1] for k in range(1, 10)})
    twelve = ratings({f"need_{k}": [3, k % 5 + 1] for k in range(1, 13)})
    marked = [mark_answers(STUDY, [survey_part(frame)]).parts[0] for frame in (nine, twelve)]
    assert "is_straight_line" not in marked[0].frame
    assert marked[1].frame["is_straight_line"].fillna("").tolist() == ["yes", ""]


def test_mess_41_identical_answers_of_two_people_are_noted() -> None:
    rows = {f"need_{k}": [k % 5 + 1, k % 4 + 1, k % 5 + 1] for k in range(1, 13)}
    frame = ratings(rows).assign(staff_number=["A1", "A2", "A3"])
    marked = mark_answers(STUDY, [survey_part(frame)])
    lines = marked.parts[0].lines
    told = lines[lines["rule"] == "identical_answers"]
    assert told[["row", "found", "kind"]].to_numpy().tolist() == [
        [2, "row 2", "noted"],
        [4, "row 2", "noted"],
    ]


def test_identical_answers_of_one_person_are_a_second_answer_and_not_told_twice() -> None:
    frame = ratings({f"need_{k}": [k % 5 + 1] * 2 for k in range(1, 13)})
    lines = [
        mark_answers(STUDY, [survey_part(frame.assign(staff_number=who))]).parts[0].lines
        for who in (["A1", "A1"], ["A1", None], ["A1", "A2"])
    ]
    assert [(x["rule"] == "identical_answers").sum() for x in lines] == [0, 2, 2]


def test_a_form_needs_its_time() -> None:
    assert [too_fast(pd.DataFrame(), n) for n in (5, 9, 10, 45, 60)] == [10, 18, 90, 90, 120]


def test_marks_of_both_questionnaires_reach_the_joined_row(tmp_path: Path) -> None:
    """One person fills in two forms in one year and is too fast in the second: the one row says so."""
    needs = {"工号": "staff_number", "用时": "answer_seconds"} | {
        f"need_{k}": f"need_{k}" for k in range(1, 13)
    }
    files = {
        "roster.csv": "工号,姓名,学校\nA1,李红,一小",
        "survey.csv": ",".join(HEADERS) + "\nA1,243,是,3,1,2,3,1,2,5,4,5,4",
        "needs.csv": ",".join(needs) + "\nA1,20,1,2,3,4,5,1,2,3,4,5,1,2",
    }
    entries = roster_entry(2025, {"工号": "staff_number", "姓名": "name", "学校": "school_name"})
    entries += table_entry("survey", HEADERS) + table_entry("survey", needs, "needs.csv")
    found = clean_drawn(draw_region(tmp_path, 2025, files, entries), STUDY, 2025)
    assert found.result.tables["survey"]["is_speeder"].tolist() == ["yes"]


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_marking_changes_no_answer_and_drops_no_row(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = ratings({i: rng.integers(0, 7, 8).tolist() for i in ITEMS})
    part = survey_part(frame.assign(answer_seconds=rng.integers(1, 30000, 8).astype(float)))
    marked = mark_answers(STUDY, [part])
    after = marked.parts[0].frame
    pd.testing.assert_frame_equal(after[part.frame.columns], part.frame)
    n_lines = len(marked.parts[0].lines)
    assert n_lines == marked.quality["n_marked"].sum()


def test_exports_of_one_form_are_one_questionnaire() -> None:
    first = survey_part(ratings({"need_1": [1], "need_2": [2]}), "a.csv")
    again = survey_part(ratings({"need_2": [1], "need_3": [2]}), "b.csv")
    other = survey_part(ratings({"tired_1": [1]}), "c.csv")
    found = sorted(questionnaires(STUDY, [first, other, again]), key=lambda q: q.files)
    assert [q.files for q in found] == [("a.csv", "b.csv"), ("c.csv",)]
    assert found[0].questions == ("need_1", "need_2", "need_3")


@pytest.mark.parametrize("table", ["roster", "trainings"])
def test_other_tables_are_left_alone(table: str) -> None:
    part = survey_part(ratings({"need_1": [1]}))
    other = type(part)(table, "x.csv", "", 2025, part.frame, part.lines, 1, ())
    assert mark_answers(STUDY, [other]).parts == (other,)
