"""Small cells are hidden at one edge; drawn arms with the rule that applies beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.record import Arm, Check, Point
from analysis.release.disclosure import disclose, disclose_all, rule_against
from tests.release.drawn import effect


@pytest.mark.parametrize(
    ("arm", "is_shown"),
    [
        (Arm(9, 5, None, 80.0), False),  # nine persons
        (Arm(10, 3, None, 80.0), True),
        (Arm(10, 2, None, 80.0), False),  # a mean from two schools
        (Arm(19, 9, 10, 50.0), False),  # a share of fewer than twenty
        (Arm(200, 9, 9, 4.5), False),  # nine leavers
        (Arm(200, 9, 10, 5.0), True),
        (Arm(200, 9, 195, 97.5), False),  # five stayers
        (Arm(200, 9, 0, 0.0), True),  # nobody left: no person in the cell
    ],
)
def test_the_rules(arm: Arm, is_shown: bool) -> None:
    assert (rule_against(arm) == "") == is_shown


def test_a_hidden_side_hides_what_gives_it_away() -> None:
    small = replace(
        effect(), arms={"treated": Arm(200, 9, 4, 2.0), "control": Arm(900, 40, 50, 5.6)}
    )
    shown, hidden = disclose(small)
    assert shown.arms["treated"].level is None
    assert shown.arms["treated"].n_events is None
    assert shown.raw_difference is None
    assert shown.arms["control"].level == 5.6
    assert [h.part for h in hidden] == ["treated"]


def test_fewer_than_ten_treated_say_nothing_at_all() -> None:
    tiny = replace(
        effect(),
        n_treated=8,
        arms={"treated": Arm(8, 4, None, 80.0), "control": Arm(900, 40, None, 81.0)},
    )
    shown, _ = disclose(tiny)
    assert shown.estimate is None
    assert shown.grade == "E"
    assert shown.n_treated == 0
    assert shown.ci_low is None
    assert shown.ratio is None


@given(st.integers(1, 9), st.integers(0, 300))
def test_no_small_event_count_survives(events: int, others: int) -> None:
    arm = Arm(events + others, 30, events, 100 * events / (events + others))
    before = replace(effect(), arms={"treated": arm, "control": Arm(1000, 50, 500, 50.0)})
    shown, _ = disclose(before)
    assert shown.arms["treated"].n_events is None
    assert shown.as_row()["treated_level"] is None
    assert shown.as_row()["treated_n_events"] is None


def test_checks_that_count_persons_are_hidden_too() -> None:
    checks = (Check("separation", 4, "pass"), Check("base", 8, "fail"), Check("mde", 0.4, "pass"))
    arms = {"treated": Arm(200, 9, 4, 2.0), "control": Arm(900, 40, 50, 5.6)}
    shown, _ = disclose(effect(checks=checks, arms=arms, n_dropped=3))
    assert [c.value for c in shown.checks] == [None, None, 0.4]
    assert shown.n_dropped == 0


def test_a_part_that_would_give_its_sibling_away_is_hidden() -> None:
    """FRA1 and FRA2 hidden, Mexico shown, the whole shown: whole minus Mexico would be the two small ones."""
    whole = effect(
        id="p:o:d", arms={"treated": Arm(150, 60, 22, 14.7), "control": Arm(180, 70, 30, 16.7)}
    )
    small = effect(
        id="p:o:d:FRA1", arms={"treated": Arm(40, 20, 4, 10.0), "control": Arm(60, 30, 12, 20.0)}
    )
    large = effect(
        id="p:o:d:MEX2", arms={"treated": Arm(80, 40, 13, 16.0), "control": Arm(60, 30, 11, 18.3)}
    )
    shown, hidden = disclose_all((whole, small, large))
    assert shown["p:o:d"].arms["treated"].n_events == 22
    assert shown["p:o:d:MEX2"].arms["treated"].n_events is None
    assert shown["p:o:d:MEX2"].estimate is not None
    assert {h.estimate for h in hidden} == {"p:o:d:FRA1", "p:o:d:MEX2"}


def test_points_on_fewer_than_ten_are_not_shown() -> None:
    points = (Point("-2", 0.3, 0.1, 0.1, 0.5, 9), Point("0", 1.0, 0.1, 0.8, 1.2, 10))
    shown, _ = disclose(effect(series={"event_study": points}))
    assert shown.series["event_study"] == (Point("-2", None, n=0), points[1])
    assert disclose(shown)[0] == shown  # hiding twice changes nothing


def test_a_flow_hides_counts_but_not_that_nobody_is_left() -> None:
    steps = tuple(Point(str(n), None, n=n) for n in (500, 9, 0))
    shown, _ = disclose(effect(series={"flow": steps}))
    assert [p.n for p in shown.series["flow"]] == [500, None, 0]
    assert disclose(shown)[0] == shown


def test_an_estimate_that_says_nothing_has_no_series() -> None:
    arms = {"treated": Arm(8, 4, None, 80.0), "control": Arm(900, 40, None, 81.0)}
    tiny = effect(n_treated=8, arms=arms, series={"event_study": (Point("0", 1.0, n=80),)})
    assert disclose(tiny)[0].series == {}


@given(st.integers(1, 9), st.sampled_from(["event_study", "cohorts", "horizons", "destinations"]))
def test_no_small_point_survives(n: int, name: str) -> None:
    shown, _ = disclose(effect(series={name: (Point("1", 2.0, 0.5, 1.0, 3.0, n),)}))
    (point,) = shown.series[name]
    assert (point.estimate, point.ci_low, point.ci_high, point.n) == (None, None, None, 0)
