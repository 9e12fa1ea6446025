"""Planted effects: a small bureau from end to end, and the rules line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scipy import stats

from analysis.errors import RunError
from analysis.inference.blank import blank_estimate
from analysis.inference.design import Design
from analysis.inference.record import Estimate
from analysis.verification.planted import (
    COUNT,
    DRAWS,
    HELD,
    NOTHING,
    Draw,
    check_draws,
    coverage_line,
    fewest_held,
    held_line,
    nothing_line,
    spoken_line,
)
from analysis.verification.record import Line
from analysis.verification.verify import raise_missed

SMALL = Draw("city", 1, {"teachers": 1800, "schools": 60, "pilots": 15})


def found(**changes: object) -> Estimate:
    blank = blank_estimate(Design("linear", "score", "treat"))
    numbers = {"estimate": 1.5, "ci_low": 1.0, "ci_high": 2.0, "verdict": "direction", "grade": "B"}
    return replace(blank, **numbers | changes)  # type: ignore[arg-type]


def test_a_small_bureau_from_end_to_end() -> None:
    *lines, last = check_draws((SMALL,), cheap=True)
    assert len(lines) == len(HELD) + len(NOTHING)
    assert {line.case for line in lines} == {"city, seed 1"}
    assert lines[0].figure == "smart_pilot, digital_literacy (points)"
    assert float(lines[0].expected) == pytest.approx(2.0, abs=0.3)
    assert lines[1].figure == "rural_subsidy, attrition (pp)"
    assert "miss" not in {line.status for line in (*lines, last)}
    assert last.expected == ">= 1 of 2"


@pytest.mark.parametrize(
    ("changes", "truth", "status"),
    [
        ({}, 1.99, "inside"),
        ({}, 2.01, "outside"),
        ({}, 0.5, "outside"),
        ({"estimate": None, "ci_low": None, "ci_high": None}, 1.5, "miss"),
    ],
)
def test_an_interval_holds_the_truth_or_not(
    changes: dict[str, object], truth: float, status: str
) -> None:
    assert held_line(SMALL, found(**changes), truth).status == status


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "miss"),
        ({"grade": "A"}, "miss"),
        ({"grade": "C"}, "miss"),
        ({"grade": "D"}, "unclaimed"),
        ({"verdict": "bounded"}, "unclaimed"),
        ({"verdict": "undetermined"}, "unclaimed"),
        ({"estimate": None, "grade": "E", "verdict": "undetermined"}, "miss"),
    ],
)
def test_nothing_may_be_claimed_where_nothing_is_planted(
    changes: dict[str, object], status: str
) -> None:
    assert nothing_line(SMALL, found(**changes)).status == status


@pytest.mark.parametrize("n", [1, 2, 8, 50, 200])
def test_fewer_would_be_an_accident_of_one_in_a_hundred(n: int) -> None:
    least = fewest_held(n)
    assert stats.binom.cdf(least - 1, n, 0.95) < 0.01 <= stats.binom.cdf(least, n, 0.95)


@pytest.mark.parametrize(("held", "status"), [(8, "same"), (6, "same"), (5, "miss")])
def test_intervals_are_counted(held: int, status: str) -> None:
    lines = [Line("", "", "", "", "inside" if i < held else "outside", COUNT) for i in range(8)]
    counted = coverage_line(lines)
    assert (counted.status, counted.found, counted.expected) == (status, str(held), ">= 6 of 8")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "same"),
        ({"verdict": "undetermined"}, "miss"),
        ({"estimate": -1.5, "ci_low": -2.0, "ci_high": -1.0}, "miss"),
    ],
)
def test_silence_where_a_city_speaks_is_a_miss(changes: dict[str, object], status: str) -> None:
    assert spoken_line(SMALL, found(**changes), 2.0).status == status


def test_two_seeds_of_both_bureaus_are_asked() -> None:
    assert sorted(d.bureau for d in DRAWS) == ["city", "city", "county", "county"]
    assert len({(d.bureau, d.seed) for d in DRAWS}) == 4


def test_only_a_miss_is_raised() -> None:
    raise_missed(
        [
            Line("a", "b", "1", "2", s)
            for s in ("same", "explained", "inside", "outside", "unclaimed", "no_data")
        ]
    )  # type: ignore[arg-type]
    with pytest.raises(RunError, match="a: b") as told:
        raise_missed([Line("a", "b", "1", "2", "miss")])
    assert told.value.exit_code == 1
