"""Lists pasted from the roster: their hours do not count, and who stands in one is asked about other topics only."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.panel.build import Panel
from analysis.panel.training import add_training
from analysis.panel.vouched import part_attendances, top_needs

STAFF = [f"t{i}" for i in range(8)]
NEEDS = {"need_digital": 5, "need_design": 4, "need_class": 3, "need_care": 1}
ROSTER = pd.DataFrame(
    {"teacher_id": STAFF, "school_id": "s1", "year": 2024, "is_teacher": ["yes"] * 7 + ["no"]}
)


def session(name: str, topic: str, who: list[str], hours: float = 2.0) -> pd.DataFrame:
    """One session of the school with the people it lists."""
    return pd.DataFrame({"teacher_id": who}).assign(
        year=2025, school_id="s1", session=name, programme="school_based", topic=topic, mode="school",
        start_date="2025-03-01", end_date="2025-03-01", hours=hours,
    )  # fmt: skip


def panel() -> Panel:
    """All teachers answered alike; without the pasted list two have digital hours, none has design hours."""
    rows = [{"teacher_id": t, "school_id": "s1", "year": 2025, **NEEDS} for t in STAFF[:7]]
    frame = pd.DataFrame(rows).assign(need_coverage=0.5, need_unmet=0.0, work_start="2001-08")
    return Panel(region="drawn", year=2025, frame=frame)


def added(*sessions: pd.DataFrame) -> pd.DataFrame:
    tables = {"trainings": pd.concat(sessions, ignore_index=True), "roster": ROSTER}
    return add_training(panel(), tables).of_year().set_index("teacher_id")


REAL = session("d", "digital", STAFF[:2])
PASTED = session("p", "design", STAFF)  # staff who do not teach stand in it, too
OF_NO_NEED = session("q", "care", STAFF)


def test_a_whole_roster_in_one_session_is_parted_from_the_others() -> None:
    tables = {"trainings": pd.concat([REAL, PASTED], ignore_index=True), "roster": ROSTER}
    kept, pasted = part_attendances(tables)
    assert kept["session"].unique().tolist() == ["d"]
    assert pasted["session"].unique().tolist() == ["p"]
    assert len(part_attendances({"trainings": REAL})[0]) == 2  # no roster: nothing to compare with
    assert part_attendances({})[0].empty


def test_a_listed_teacher_is_not_asked_whether_the_need_was_met() -> None:
    """Design is among the top three of all: whether it was met cannot be told, of no one in the list."""
    now = added(REAL, PASTED)
    assert now["unmet_digital"].tolist() == [0.0] * 2 + [1.0] * 5
    assert now["unmet_design"].isna().all()
    assert now["need_unmet"].isna().all()
    assert now["need_coverage"].isna().all()
    assert now["training_hours"].tolist() == [2.0] * 2 + [0.0] * 5
    assert now["need_precision"].tolist()[:2] == [1.0, 1.0]
    assert now["need_precision"].isna().sum() == 5


def test_a_list_on_a_topic_nobody_needs_most_changes_no_answer() -> None:
    now = added(REAL, OF_NO_NEED)
    assert now["need_unmet"].tolist() == [0.0] * 7
    assert now["unmet_care"].isna().all()
    assert now["unmet_digital"].notna().all()


@pytest.mark.parametrize(
    ("rated", "top"),
    [
        ([5, 4, 3, 1], [True, True, True, False]),
        ([5, 4, 4, 4], [True, True, True, True]),  # ties are all in
        ([5, 5, 5, 1], [True, True, True, False]),
    ],
)
def test_the_three_rated_highest(rated: list[int], top: list[bool]) -> None:
    needs = pd.DataFrame([rated], columns=list(NEEDS), dtype=float)
    assert top_needs(needs).to_numpy().tolist() == [top]
