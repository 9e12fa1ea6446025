"""Lots dealt anew: published exact tests, counting by hand, and what must not change the p."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.checking import lots
from analysis.inference.grade import is_beyond_chance
from analysis.inference.record import Check


def test_the_lady_who_tasted_tea() -> None:
    """Fisher 1935, The Design of Experiments, ch. 2: 4 of 8 cups all right has 1 deal in 70, 2 if two-sided."""
    cups = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    said = cups - 0.5
    p = lots.randomisation_p(lambda labels: float((labels - 0.5) @ said), cups, np.zeros(8), 99)
    assert p == pytest.approx(2 / 70)


def test_darwins_maize() -> None:
    """Fisher 1935, ch. 3: 15 pairs of maize, crossed and self-fertilised; 1,726 of 32,768 deals are as extreme."""
    differences = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]  # eighths of an inch
    height = np.array([[d, 0.0] for d in differences]).ravel()
    crossed, pair = np.tile([1, 0], 15), np.repeat(np.arange(15), 2)

    def gap(labels: np.ndarray) -> float:
        return float(height @ (2 * labels - 1))

    assert lots.randomisation_p(gap, crossed, pair, draws=32_768) == pytest.approx(1726 / 32_768)


def test_deals_are_counted_and_listed() -> None:
    labels = np.array([2023, 0, 0, 2024, 0, 1, 1, 0])
    strata = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    deals = {tuple(d) for d in lots.every_deal(labels, strata)}
    expected = (math.factorial(4) // 2) * math.comb(4, 2)
    assert lots.count_deals(labels, strata, 10**9) == len(deals) == expected == 72
    assert tuple(labels) in deals
    assert len(list(lots.every_deal(labels, strata))) == 72  # each once


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_a_deal_keeps_the_labels_of_each_stratum(seed: int) -> None:
    labels = np.array([0, 1, 0, 2023, 2023, 0, 1, 1])
    strata = np.array([3, 1, 3, 3, 1, 1, 3, 1])
    dealt = lots.deal_anew(labels, strata, np.random.default_rng(seed))
    for s in (1, 3):
        assert sorted(dealt[strata == s]) == sorted(labels[strata == s])


def test_drawn_deals_come_near_all_deals() -> None:
    rng = np.random.default_rng(2)
    labels, strata = np.repeat([1, 0], 6), np.zeros(12)
    y = rng.normal(size=12) + 1.1 * labels

    def gap(dealt: np.ndarray) -> float:
        return float(y[dealt == 1].mean() - y[dealt == 0].mean())

    exact = lots.randomisation_p(gap, labels, strata, draws=924)  # 12 over 6
    drawn = lots.randomisation_p(gap, labels, strata, draws=900)
    assert 0.01 < exact < 0.2
    assert drawn == pytest.approx(exact, abs=3 * math.sqrt(exact * (1 - exact) / 900))
    assert drawn * 901 == pytest.approx(round(drawn * 901))  # add one: never zero
    assert drawn == lots.randomisation_p(gap, labels, strata, draws=900)


def school_rows(effect: float, n_schools: int = 40, size: int = 6) -> pd.DataFrame:
    """Teachers of schools, half of them drawn in each of two districts."""
    rng = np.random.default_rng(5)
    school = np.repeat(np.arange(n_schools), size)
    frame = pd.DataFrame({"school": school, "district": school % 2, "drawn": school // 2 % 2})
    noise = rng.normal(size=n_schools)[school] + rng.normal(size=len(school))
    return frame.assign(
        y=effect * frame["drawn"] + frame["district"] + noise, teacher=range(len(frame))
    )


def school_p(frame: pd.DataFrame, unit: str) -> float:
    units = lots.drawn_units(frame, "drawn", unit, ("district",))
    others = np.column_stack([np.ones(len(frame)), frame["district"]]).astype(float)
    statistic = lots.coefficient_statistic(frame["y"].to_numpy(), others, units, frame["school"].to_numpy())  # fmt: skip
    return lots.randomisation_p(statistic, units.labels, units.strata)


def test_lots_of_schools_and_of_teachers() -> None:
    frame = school_rows(1.5)
    assert school_p(frame, "school") < 0.01
    assert school_p(school_rows(0.0), "school") > 0.05
    units = lots.drawn_units(frame, "drawn", "teacher", ("district",))
    assert len(units.labels) == len(frame)
    by_teacher = frame.assign(drawn=frame["teacher"] // 2 % 2)
    assert school_p(by_teacher, "teacher") > 0.05
    assert units.is_whole()
    assert not lots.drawn_units(frame, "drawn", "school", ("drawn",)).is_whole()


def test_the_statistic_is_the_clustered_t() -> None:
    frame = school_rows(1.0)
    units = lots.drawn_units(frame, "drawn", "school")
    others = np.column_stack([np.ones(len(frame)), frame["district"]]).astype(float)
    w = np.linspace(0.5, 2, len(frame))
    school = frame["school"].to_numpy()
    statistic = lots.coefficient_statistic(frame["y"].to_numpy(), others, units, school, w)
    x = np.column_stack([others, frame["drawn"]])
    result = sm.WLS(frame["y"].to_numpy(), x, weights=w).fit(
        cov_type="cluster", cov_kwds={"groups": school, "use_correction": False}
    )
    assert statistic(units.labels) == pytest.approx(result.params[2] / result.bse[2])


def test_order_and_names_do_not_matter() -> None:
    frame = school_rows(0.6)
    renamed = frame.assign(school="s" + (1000 - frame["school"]).astype(str))
    assert school_p(renamed, "school") == school_p(frame, "school")


def test_a_unit_has_one_label_and_one_stratum() -> None:
    frame = school_rows(0.0)
    frame.loc[0, "drawn"] = 1 - frame.loc[0, "drawn"]
    with pytest.raises(ValueError, match="two labels"):
        lots.drawn_units(frame, "drawn", "school")


def test_cohorts_may_be_missing_for_those_never_drawn() -> None:
    frame = pd.DataFrame(
        {"school": ["a", "a", "b", "c"], "start": [2023.0, 2023.0, np.nan, 2024.0]}
    )
    units = lots.drawn_units(frame, "start", "school")
    assert list(units.labels) == [2023, 0, 2024]
    assert list(units.codes) == [0, 0, 1, 2]


def test_only_a_different_verdict_costs() -> None:
    assert lots.randomisation_check(0.03, 0.01).steps == 0
    assert lots.randomisation_check(0.06, 0.01).steps == 1
    assert lots.randomisation_check(0.04, 0.20).steps == 1
    assert "0.010" in lots.randomisation_check(0.03, 0.01).detail
    assert lots.randomisation_check(None, 0.01) == Check("randomisation", None, "not_run", detail="no lot")  # fmt: skip


@pytest.mark.parametrize("family", [1, 6, 40])
def test_the_smallest_p_can_pass_in_a_family(family: int) -> None:
    """A finding that no deal reaches is beyond chance also where six programmes are looked at together."""
    p = school_p(school_rows(6.0), "school")
    assert p == 1 / (1 + lots.DRAWS)
    few = Check("clusters", 4, "caution")
    assert is_beyond_chance((few, lots.randomisation_check(p, 0.001)), 0.05 / family)
    assert not is_beyond_chance((few, lots.randomisation_check(1 / 200, 0.001)), 0.05 / 40)
