"""Leave one out, placebos and specification curves, each on numbers drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.inference.checking import stability as s
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.record import Check, Point


def left_out(moves: list[float], value: float = 1.0, error: float = 0.4) -> Check:
    without = value + np.array([*moves, 0.0, 0.0])
    fitted = Fitted(value, error, df=29.0, n_clusters=30, jackknife=without)
    return s.influence_check(fitted, error, 29.0)


def test_a_school_may_move_the_estimate_by_one_error() -> None:
    assert left_out([0.40]) == Check("leave_one_out", pytest.approx(1.0), "pass")
    assert left_out([-0.3, 0.41]).steps == 1
    assert left_out([-0.41]).value == pytest.approx(1.025)
    assert left_out([0.2, -0.39]).steps == 0
    assert left_out([np.nan]).steps == 1  # without that school there is nothing to estimate
    nobody = s.influence_check(Fitted(1.0, 0.4, 100.0), 0.4, 100.0)
    assert (nobody.verdict, nobody.steps) == ("not_run", 0)


def test_a_direction_may_not_turn_round() -> None:
    # t(29) at 97.5 % is 2.045: with an error of .4 an interval is .818 to either side.
    assert left_out([-2.0]).detail == "opposite direction"
    assert left_out([-1.7]).detail == ""  # -0.7: zero inside, no direction
    assert left_out([-2.0], value=0.5).detail == ""  # there was no direction to turn
    assert left_out([2.0], value=-1.0).detail == "opposite direction"


def test_sign_changes_at_a_true_zero_cost_nothing() -> None:
    assert left_out([-0.02, 0.02], value=0.01).steps == 0


def test_placebos_must_cover_zero() -> None:
    clear = Fitted(1.0, 0.4, df=29.0, std_error_jackknife=0.6)
    found = s.placebo_check("placebo_date", clear)
    assert (found.verdict, found.steps, found.detail) == ("fail", 1, "estimate 1")
    assert found.value == pytest.approx(0.0184, abs=0.0001)  # t = 2.5 with 29 df, two-sided
    assert s.placebo_check("placebo_date", clear, is_few=True).steps == 0  # t = 1.67
    assert s.placebo_check("placebo_outcome", Fitted(-1.0, 0.4, df=29.0)).steps == 1


def test_a_placebo_that_cannot_be_costs_nothing() -> None:
    found = s.placebo_check("placebo_outcome", None, reason="none named", applies=False)
    assert found == Check("placebo_outcome", None, "not_run", detail="none named")
    broken = Fitted(np.nan, np.nan, 0.0, problem="separation")
    assert s.placebo_check("placebo_outcome", broken).steps == 1
    assert s.placebo_check("placebo_outcome", broken).detail == "separation"


def test_a_curve_counts_what_lies_within_one_error() -> None:
    points = [Point(str(i), v) for i, v in enumerate([*[1.0] * 8, 1.5, 0.5, 1.51, 0.4])]
    found = s.curve_check(points, 1.0, 0.5)
    assert (found.verdict, found.value, found.steps) == ("pass", pytest.approx(10 / 12), 0)
    assert found.detail == "n=12, median=1, from 0.4 to 1.51"
    assert s.curve_check(points, 1.0, 0.49).value == pytest.approx(8 / 12)
    assert s.curve_check(points, 1.0, 0.49).steps == 1
    assert s.curve_check([*points[:9], *points[9:]], 1.0, 0.5).steps == 0


def test_eleven_specifications_are_no_curve() -> None:
    points = [Point(str(i), 1.0) for i in range(11)]
    found = s.curve_check([*points, Point("x", None)], 1.0, 0.5)
    assert (found.verdict, found.cap, found.steps, found.detail) == ("not_run", "C", 0, "n=11")


def test_points_are_sorted_and_carry_their_interval() -> None:
    results = {
        "b": Fitted(2.0, 1.0, df=10.0, std_error_jackknife=2.0),
        "a": Fitted(-1.0, 0.5, df=10.0),
        "broken": Fitted(9.0, 0.5, df=10.0, problem="not_converged"),
        "empty": Fitted(np.nan, np.nan, np.nan),
    }
    points = s.curve_points(results)
    assert [p.label for p in points] == ["a", "b"]
    # t(10) at 97.5 % is 2.228.
    assert (points[1].ci_low, points[1].ci_high) == pytest.approx((-0.228, 4.228), abs=0.001)
    assert s.curve_points(results, is_few=True)[1].std_error == 2.0
    assert s.curve_points(results, is_few=True)[0].std_error == 0.5


def test_programmes_that_start_together_are_named() -> None:
    assert s.bundle_check(()) == Check("concurrent", 0, "pass")
    found = s.bundle_check(("dormitory", "subsidy"))
    assert (found.verdict, found.value, found.detail) == ("caution", 2, "dormitory, subsidy")
    assert (found.steps, found.cap, found.blocks) == (0, None, False)
