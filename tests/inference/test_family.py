"""Holm over a family, by hand: p .01 .02 .04 .9 become .04 .06 .08 .9."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.inference.family import adjust_family
from analysis.inference.fits import interval, p_value
from analysis.inference.record import Estimate
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
