"""Small cells are hidden at one edge; drawn arms with the rule that applies beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.record import Arm
from analysis.release.disclosure import disclose, rule_against
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
