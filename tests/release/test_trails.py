"""Trails: numerator and denominator of both sides of a comparison, people told from teacher-years."""

from __future__ import annotations

import pytest

from analysis.inference.record import Arm
from analysis.release.trails import contrast_counts, counts_text
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect

STUDY = load_study(open_workspace())
NAMES = ("乡村教师", "城区教师")


@pytest.mark.parametrize(
    ("changes", "events", "text"),
    [
        ({}, (48, 467), "乡村教师48人／3965人（138所学校），城区教师467人／9164人（118所学校）"),
        ({}, (None, None), "乡村教师3965人（138所学校），城区教师9164人（118所学校）"),
        (
            {"is_weighted": True},
            (48, 467),
            "乡村教师3965人（138所学校），城区教师9164人（118所学校）",
        ),
        (
            {"kind": "effect", "design": "hazard"},
            (48, 467),
            "乡村教师48人／7000人年（138所学校），城区教师467人／18000人年（118所学校），各年合计",
        ),
    ],
)
def test_a_comparison_names_how_many_of_how_many(
    changes: dict[str, object], events: tuple[int | None, int | None], text: str
) -> None:
    sides = (
        Arm(3965, 138, events[0], 1.2, n_rows=7000),
        Arm(9164, 118, events[1], 5.1, n_rows=18000),
    )
    arms = dict(zip(("treated", "control"), sides, strict=True)) if "design" in changes else {}
    estimate = effect(**({"kind": "gap", "design": "gap", "arms": arms} | changes))
    assert contrast_counts(estimate, sides, NAMES) == text


def test_nothing_is_counted_where_a_side_is_too_small() -> None:
    record = effect(arms={"treated": Arm(0, 3, None, None), "control": Arm(900, 60, 30, 3.3)})
    assert counts_text(STUDY, record) == "有关人数过少，不列"
