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


def dealt(p: float | None) -> Check:
    """The p of dealing the lots anew."""
    return Check("randomisation", p, "pass")


FEW_BY_LOT = Check("clusters", 5, "caution")
FEW_CHOSEN = Check("clusters", 5, "fail", cap="D")


@pytest.mark.parametrize(
    ("ends", "checks", "verdict"),
    [
        ((1.0, 2.0), (FEW_BY_LOT, dealt(0.04)), "direction"),
        ((1.0, 2.0), (FEW_BY_LOT, dealt(0.05)), "undetermined"),
        ((1.0, 2.0), (FEW_BY_LOT, dealt(None)), "undetermined"),  # nobody dealt anew
        ((1.0, 2.0), (FEW_BY_LOT,), "undetermined"),
        ((-0.1, 2.0), (FEW_BY_LOT, dealt(0.04)), "undetermined"),  # the interval must agree
        ((-0.2, 0.2), (FEW_BY_LOT, dealt(0.9)), "undetermined"),  # too few to bound anything
        ((-0.2, 0.2), (FEW_BY_LOT, dealt(0.04)), "undetermined"),
        ((1.0, 2.0), (FEW_CHOSEN, dealt(0.01)), "undetermined"),  # a sensitivity line, no lot
        ((1.0, 2.0), (Check("clusters", 6, "caution"), dealt(0.9)), "direction"),
    ],
)
def test_few_units_drawn_by_lot_have_a_direction_only_by_the_lot(
    ends: tuple[float, float], checks: tuple[Check, ...], verdict: str
) -> None:
    assert verdict_of(*ends, 1.0, checks) == verdict


def test_the_lot_is_judged_at_the_level_of_the_family() -> None:
    checks = (FEW_BY_LOT, dealt(0.03))
    assert verdict_of(1.0, 2.0, 1.0, checks) == "direction"
    assert verdict_of(1.0, 2.0, 1.0, checks, 0.05 / 2) == "undetermined"
