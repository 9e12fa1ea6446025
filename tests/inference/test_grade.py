"""Grades and verdicts follow the rules of docs/decisions, by drawn cases with the answer beside them."""

from __future__ import annotations

import pytest

from analysis.inference.grade import cost_of, grade_of, verdict_of
from analysis.inference.record import Check

CAP_D = Check("balance", 0.3, "fail", cap="D")
CAP_C = Check("honest_did", None, "not_run", cap="C")
STEP = Check("leave_one_out", 1.2, "fail", steps=1)
BLOCK = Check("separation", 0, "fail", blocks=True)
FINE = Check("mde", 1.0, "pass")


@pytest.mark.parametrize(
    ("assignment", "checks", "grade"),
    [
        ("lot", (FINE,), "A"),
        ("staggered", (FINE,), "B"),
        ("chosen", (FINE,), "C"),
        ("volunteer", (FINE,), "C"),
        ("universal", (FINE,), "D"),
        ("staggered", (CAP_C,), "C"),
        ("lot", (STEP,), "B"),
        ("lot", (STEP, STEP, STEP, STEP), "C"),  # all steps together cost at most two
        ("chosen", (CAP_D,), "D"),
        ("universal", (STEP, STEP), "D"),  # steps never reach E: only a blocking line does
        ("lot", (BLOCK,), "E"),
    ],
)
def test_the_grade_is_ceiling_caps_steps(
    assignment: str, checks: tuple[Check, ...], grade: str
) -> None:
    assert grade_of(assignment, checks) == grade


@pytest.mark.parametrize(
    ("low", "high", "relevant", "verdict"),
    [
        (0.1, 2.0, 1.0, "direction"),
        (-2.0, -0.1, 1.0, "direction"),
        (-0.5, 0.6, 1.0, "bounded"),
        (-0.5, 1.2, 1.0, "undetermined"),
        (-0.5, 0.6, None, "undetermined"),
        (None, None, 1.0, "undetermined"),
        (0.0, 1.0, 2.0, "bounded"),
    ],
)
def test_the_verdict_reads_the_interval(
    low: float | None, high: float | None, relevant: float | None, verdict: str
) -> None:
    assert verdict_of(low, high, relevant, ()) == verdict


def test_with_five_clusters_nothing_can_be_told() -> None:
    few = Check("clusters", 4, "fail", cap="D")
    assert verdict_of(1.0, 2.0, 1.0, (few,)) == "undetermined"


def test_the_record_says_which_line_cost_what() -> None:
    assert cost_of("lot", (FINE, STEP, CAP_D)) == ("leave_one_out", "balance")
