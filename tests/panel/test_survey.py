"""Needs against hours, on drawn rows."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.panel.survey import add_needs

NEEDS = ["need_digital", "need_interdisciplinary", "need_design", "need_assignment", "need_mental"]


def test_coverage_is_the_share_of_top_three_needs_with_hours() -> None:
    rows = pd.DataFrame(
        [
            ("all_met", 2025, 5, 4, 3, 1, 1),
            ("one_met", 2025, 5, 4, 3, 1, 1),
            ("none_met", 2025, 5, 4, 3, 1, 1),
            ("other_year", 2024, 5, 4, 3, 1, 1),
            ("ties", 2025, 5, 5, 5, 5, 1),
        ],
        columns=["teacher_id", "year", *NEEDS],
    )
    held = [("all_met", t) for t in ("digital", "interdisciplinary", "design")]
    held += [
        ("one_met", "digital"),
        ("none_met", "mental"),
        ("ties", "digital"),
        ("ties", "mental"),
    ]
    trainings = pd.DataFrame(held, columns=["teacher_id", "topic"]).assign(
        end_date="2025-04-01", hours=4.0
    )
    found = add_needs(rows, {"trainings": trainings}, 2025).set_index("teacher_id")
    coverage = found["need_coverage"]
    assert coverage["all_met"] == pytest.approx(1.0)
    assert coverage["one_met"] == pytest.approx(1 / 3)
    assert coverage["none_met"] == 0.0
    assert pd.isna(coverage["other_year"])
    assert coverage["ties"] == pytest.approx(
        1 / 4
    )  # four needs share the top rank, one of them met
    assert found["need_unmet"].dropna().to_dict() == {
        "all_met": 0,
        "one_met": 0,
        "none_met": 1,
        "ties": 0,
    }


def test_hours_of_another_calendar_year_do_not_count() -> None:
    rows = pd.DataFrame([("a", 2025, 5, 4, 3, 1, 1)], columns=["teacher_id", "year", *NEEDS])
    trainings = pd.DataFrame(
        {"teacher_id": ["a"], "topic": ["digital"], "end_date": ["2024-12-31"], "hours": [4.0]}
    )
    assert add_needs(rows, {"trainings": trainings}, 2025)["need_unmet"].tolist() == [1.0]
