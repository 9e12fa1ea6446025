"""What a figure is told to draw: a policy's trend knows where it starts."""

from __future__ import annotations

import pytest

from analysis.inference.record import Arm, Estimate, Point
from analysis.release.figures import trend_figure
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect

STUDY = load_study(open_workspace())


def level(year: int, side: str, start: int | None) -> Estimate:
    return effect(
        id=f"trend:rural_subsidy:attrition:{side}:{year}", kind="level", year=year, unit="pp",
        subject="rural_subsidy", outcome="attrition", definition="A2", population=side,
        arms={"all": Arm(900, 40, 30, 3.3)}, series={} if start is None else {"start": (Point(str(start), None),)},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "expected", "words"),
    [
        (2025, 2025, "竖虚线"),
        (2023, None, "看政策实行之前"),  # no year before it is drawn
        (None, None, "看政策实行之前"),
    ],
)
def test_the_start_is_drawn_where_a_year_lies_before_it(
    start: int | None, expected: int | None, words: str
) -> None:
    levels = [level(y, s, start) for y in (2023, 2024, 2025) for s in ("treated", "control")]
    spec = trend_figure(STUDY, "rural_subsidy", STUDY.outcomes["attrition"], levels, "画县")
    assert spec.start == expected
    assert spec.reading.startswith(words)
