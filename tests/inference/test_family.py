"""Holm over a family, by hand: p .01 .02 .04 .9 become .04 .06 .08 .9."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.inference.estimators.fits import interval, p_value
from analysis.inference.family import adjust_family
from analysis.inference.record import Check, Estimate
from tests.release.drawn import effect

DF = 100.0


def at(p_target: float, name: str) -> Estimate:
    """An estimate with standard error 1 whose p is the target."""
    low, high = 0.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if p_value(middle, 1.0, DF) > p_target else (low, middle)
    ends = interval(low, 1.0, DF)
    return replace(
        effect(), id=name, estimate=low, std_error=1.0, df=DF, p_value=p_target, ci_low=ends[0],
        ci_high=ends[1], p_adjusted=None, ci_adj_low=None, ci_adj_high=None, relevant_effect=2.0,
    )  # fmt: skip


@pytest.fixture
def family() -> dict[str, Estimate]:
    found = adjust_family(
        [at(p, n) for p, n in ((0.9, "d"), (0.01, "a"), (0.04, "c"), (0.02, "b"))]
    )
    return {e.id: e for e in found}


def test_holm_by_hand(family: dict[str, Estimate]) -> None:
    assert {k: pytest.approx(v.p_adjusted) for k, v in family.items()} == {
        "a": 0.04, "b": 0.06, "c": 0.08, "d": 0.9,
    }  # fmt: skip


def test_only_the_adjusted_may_give_a_direction(family: dict[str, Estimate]) -> None:
    assert family["a"].verdict == "direction"
    assert family["b"].verdict == family["c"].verdict == "undetermined"


def test_bounded_is_judged_at_the_level_of_the_whole_family(family: dict[str, Estimate]) -> None:
    """The interval of an unrejected estimate is Bonferroni's for four, wider than its own, whatever its p."""
    wide = interval(family["d"].estimate or 0, 1.0, DF, 1 - 0.05 / 4)
    assert (family["d"].ci_adj_low, family["d"].ci_adj_high) == pytest.approx(wide)
    assert family["d"].verdict == "undetermined"
    assert all(e.n_family == 4 for e in family.values())


def test_interval_and_p_agree(family: dict[str, Estimate]) -> None:
    for e in family.values():
        excludes = (e.ci_adj_low or 0) > 0 or (e.ci_adj_high or 0) < 0
        assert excludes == ((e.p_adjusted or 1) < 0.05)


def line(e: Estimate) -> Check:
    (found,) = [c for c in e.checks if c.name == "multiplicity"]
    return found


def test_what_adjusting_takes_away_is_said_and_costs_nothing(family: dict[str, Estimate]) -> None:
    assert {k: line(e).verdict for k, e in family.items()} == {
        "a": "pass", "b": "caution", "c": "caution", "d": "pass",
    }  # fmt: skip
    assert all(line(e).value == e.p_adjusted for e in family.values())
    assert all(line(e) == replace(line(e), cap=None, steps=0, blocks=False, detail="family=4") for e in family.values())  # fmt: skip


def test_adjusting_again_changes_nothing(family: dict[str, Estimate]) -> None:
    assert {e.id: e for e in adjust_family(tuple(family.values()))} == family


def test_one_member_at_hand_is_adjusted_for_the_whole_family() -> None:
    """Bonferroni by hand: 4 times .01 and 4 times .02; Holm would give the second 3 times .02."""
    one, other = adjust_family([at(0.01, "a"), at(0.02, "b")], size=4)
    assert (one.p_adjusted, other.p_adjusted) == (pytest.approx(0.04), pytest.approx(0.08))
    for e in (one, other):
        wide = interval(e.estimate or 0, 1.0, DF, 1 - 0.05 / 4)
        assert (e.ci_adj_low, e.ci_adj_high) == pytest.approx(wide)
        assert (e.n_family, line(e).detail) == (4, "family=4")
    assert (one.verdict, other.verdict) == ("direction", "undetermined")


def test_the_size_of_a_family_at_hand_changes_nothing(family: dict[str, Estimate]) -> None:
    members = [at(p, n) for p, n in ((0.9, "d"), (0.01, "a"), (0.04, "c"), (0.02, "b"))]
    assert {e.id: e for e in adjust_family(members, size=4)} == family


def test_few_units_by_lot_face_the_level_of_the_family() -> None:
    """A p of .03 by dealing anew is a direction alone, and none among four."""
    drawn = (Check("clusters", 4, "caution"), Check("randomisation", 0.03, "pass"))
    few = replace(at(0.001, "a"), checks=drawn)
    assert [adjust_family([few], size=n)[0].verdict for n in (1, 4)] == [
        "direction",
        "undetermined",
    ]
