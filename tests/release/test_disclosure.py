"""Small cells are hidden at one edge; drawn arms with the rule that applies beside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.record import Arm, Check, Estimate, Point
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


def level(definition: str, events: int, n: int = 500, year: int = 2025) -> Estimate:
    """The level of one definition: so many of n left."""
    arm = Arm(n, 20, events, 100 * events / n)
    return replace(
        effect(), id=f"level:attrition:{definition}:{year}", kind="level", family="", outcome="attrition",
        definition=definition, year=year, estimate=arm.level, n_teachers=n, arms={"all": arm},
    )  # fmt: skip


def test_two_definitions_never_tell_of_the_few_between_them() -> None:
    """30 left by A2, 37 by A4: seven retired; A3 counts 45 others; A5 the same as A2; A1 is of other people."""
    main = replace(effect(), outcome="attrition", definition="A2")
    events = {"A4": 37, "A2": 30, "A3": 45, "A5": 30}
    records = [level(k, n) for k, n in events.items()] + [level("A1", 33, 200), level("A4", 37, year=2024)]  # fmt: skip
    shown, hidden = disclose_all((*records, main))
    told = {e.id for e in shown.values() if e.kind == "level" and e.estimate is not None}
    assert {e.id for e in records} - told == {"level:attrition:A4:2025"}
    assert [h.estimate for h in hidden if h.estimate.startswith("level:")] == ["level:attrition:A4:2025"]  # fmt: skip
    gone = shown["level:attrition:A4:2025"]
    assert (gone.n_teachers, gone.arms["all"].n_events, gone.reason) == (0, None, "hidden")


def test_moving_is_part_of_no_other_count() -> None:
    moves = replace(level("A3", 33), subject="moves")
    shown, _ = disclose_all((level("A2", 30), moves))
    assert all(e.estimate is not None for e in shown.values())


def test_bases_that_differ_by_a_few_are_one_too_many() -> None:
    shown, _ = disclose_all((level("A2", 100, 500), level("A5", 100, 495), level("A1", 100, 300)))
    assert [e.definition for e in shown.values() if e.estimate is None] == ["A5"]


def test_a_ratio_does_not_give_a_hidden_side_away() -> None:
    """3 of 166 left: 100 p = estimate x ratio / (ratio - 1)."""
    arms = {"treated": Arm(166, 20, 3, 1.8), "control": Arm(2405, 60, 65, 2.7)}
    shown, _ = disclose(replace(effect(), arms=arms, n_treated=166, ratio=0.66, ratio_low=0.2, ratio_high=2.0))  # fmt: skip
    assert (shown.ratio, shown.ratio_low, shown.ratio_high) == (None, None, None)


@pytest.mark.parametrize("side", ["treated", "control"])
def test_nine_on_either_side_say_nothing(side: str) -> None:
    arms = {"treated": Arm(1800, 60, None, 80.0), "control": Arm(1800, 60, None, 80.0)}
    shown, _ = disclose(replace(effect(), n_treated=1800, arms=arms | {side: Arm(9, 4, None, 80.0)}))  # fmt: skip
    assert (shown.estimate, shown.reason) == (None, "hidden")


def test_a_described_programme_of_seven_is_not_counted() -> None:
    seven = replace(effect(), estimate=None, reason="described", arms={}, n_treated=7)
    shown, hidden = disclose(seven)
    assert (shown.n_treated, shown.reason, len(hidden)) == (0, "hidden", 1)
    assert disclose(replace(seven, n_treated=70))[0].n_treated == 70


def test_a_share_that_leaves_five_out_is_not_shown() -> None:
    parts = (Point("numerator", 265.0), Point("denominator", 270.0))
    share = replace(
        effect(), kind="level", unit="pp", estimate=98.1, arms={"all": Arm(265, 60, None, None)},
        n_treated=0, series={"ratio": parts},
    )  # fmt: skip
    assert disclose(share)[0].estimate is None
