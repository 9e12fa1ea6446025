"""Bad options are refused with the reason, before anything is drawn."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.errors import AnalysisError, ParameterError, SeveralErrors
from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.truth.bureau import draw_bureau

UNUSUAL = {"teachers": 200, "schools": 12, "pilots": 2, "first_year": 2023}


@pytest.mark.parametrize(
    ("asked", "name", "says"),
    [
        ({"teachers": -1}, "demo_too_small", "teachers"),
        ({"teachers": 100, "schools": 60, "pilots": 2}, "demo_too_small", "300"),
        ({"schools": 3, "pilots": 1}, "demo_too_small", "schools"),
        ({"seed": -5}, "demo_too_small", "seed"),
        ({"pilots": 113}, "demo_too_many_pilots", "112"),
        ({"world": "W99"}, "demo_unknown_choice", "W0"),
        ({"world": "plantd"}, "demo_unknown_choice", "planted"),
        ({"bureau": "citty"}, "demo_unknown_choice", "city"),
        ({"tests": "score"}, "demo_unknown_choice", "scores"),
        ({"format": "csv"}, "demo_unknown_choice", "parquet"),
        ({"waves": -1}, "demo_too_small", "waves"),
        ({"waves": 8}, "demo_too_large", "7"),  # there is no roster from before 2019
        (
            {"format": "parquet", "dirt": "none", "tests": "pass-list"},
            "demo_parquet_only",
            "scores",
        ),
        ({"format": "parquet"}, "demo_parquet_only", "none"),
        (
            {"format": "parquet", "dirt": "none", "teachers": 45_000, "schools": 12},
            "demo_too_small",
            "18",
        ),
        ({"world": "W5", "schools": 24}, "demo_too_small", "36"),
        ({"region": "con"}, "demo_bad_region", "con"),
        ({"dirt": ""}, "demo_mixed_dirt", "none"),
        (
            {"teachers": 9_000_000, "schools": 30_000, "format": "parquet", "dirt": "none"},
            "demo_too_large",
            "5000000",
        ),
        ({"teachers": 200_000}, "demo_needs_parquet", "--format parquet"),
        ({"dirt": "retake"}, "demo_unknown_dirt", "retakes"),
        ({"region": "../outside"}, "demo_bad_region", "../outside"),
        ({"region": ""}, "demo_bad_region", ""),
        ({"last_year": 2019}, "demo_bad_years", "2019"),
        ({"last_year": 2099}, "demo_bad_years", "2099"),
    ],
)
def test_bad_option_is_refused(asked: dict[str, Any], name: str, says: str) -> None:
    with pytest.raises(ParameterError) as caught:
        BureauOptions(**asked)
    assert caught.value.name == name
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(SeveralErrors) as caught:
        BureauOptions(teachers=-1, world="W99")
    assert {e.name for e in caught.value.errors} == {"demo_too_small", "demo_unknown_choice"}


def test_county_is_the_default() -> None:
    # sizes of the county seed: domain.md 6.1
    options = BureauOptions()
    assert (options.teachers, options.schools, options.pilots) == (5862, 112, 12)
    assert list(options.years) == [2019, 2020, 2021, 2022, 2023, 2024, 2025]


def test_city_has_its_own_sizes() -> None:
    # sizes of the city seed: domain.md 6.1
    options = bureau_options("city")
    assert (options.teachers, options.schools, options.pilots) == (20000, 360, 50)
    assert (options.region, options.waves, options.first_test_year) == ("demo-city", 7, 2019)


def test_another_size_keeps_the_proportions() -> None:
    options = bureau_options("city", teachers=5000, years=3, seed=None)
    assert (options.schools, options.pilots) == (90, 12)  # a quarter of 360 and of 50
    assert list(options.years) == [2023, 2024, 2025]
    assert options.scale == 0.25
    assert bureau_options("city", teachers=5000, schools=40).pilots == 6
    assert bureau_options("county", last_year=2027, years=2).first_year == 2026


def test_a_short_bureau_has_no_tests_before_its_first_roster() -> None:
    assert bureau_options("city", years=3).waves == 3
    assert bureau_options("county", years=7).waves == 4
    with pytest.raises(ParameterError, match="waves"):
        bureau_options("county", waves=30)
    assert bureau_options("county", waves=7).first_test_year == 2019


def test_an_unknown_bureau_is_refused_before_its_size_is_asked() -> None:
    with pytest.raises(ParameterError) as caught:
        bureau_options("contry")
    assert "county" in str(caught.value)


@pytest.mark.parametrize(
    "asked",
    [
        {"waves": 0},
        {"waves": 1, "tests": "pass-list"},
        {"first_year": 2018, "last_year": 2020},  # before any test, ledger or survey
        {"first_year": 2024, "last_year": 2025},  # one transition only
        {"pilots": 0},
        {"schools": 6, "teachers": 30, "pilots": 1},  # the least that is allowed
    ],
)
def test_unusual_bureaus_can_be_drawn(asked: dict[str, Any]) -> None:
    draw = draw_bureau(BureauOptions(**(UNUSUAL | asked)))
    assert set(draw.teachers["year"]) == set(draw.options.years)
    assert draw.truth["rates"]


def test_errors_are_ours() -> None:
    assert issubclass(SeveralErrors, AnalysisError)
