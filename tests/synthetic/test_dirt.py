"""The switches of untidiness: what an option asks for, and what it is refused for."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from analysis.errors import AnalysisError, ParameterError, SeveralErrors
from analysis.synthetic.dirt import Dirt, item_names


def rates(text: str) -> dict[str, float]:
    """The items that an option leaves on."""
    return {item: rate for item, rate in asdict(Dirt.of(text)).items() if rate}


def test_all_and_none() -> None:
    assert Dirt.of("all") == Dirt()
    assert rates("none") == {}


def test_the_rates_that_the_specification_states() -> None:
    """domain.md 6.6, typed anew."""
    stated = {
        "ledger_doubles": 0.04,
        "pasted_lists": 0.02,
        "unmatched_names": 0.03,
        "truncated_ids": 0.015,
        "wrong_check_digits": 0.005,
        "blank_reasons": 0.15,
        "speeders": 0.02,
        "straight_lines": 0.015,
        "retakes": 0.03,
    }
    assert stated.items() <= asdict(Dirt()).items()


def test_only_some() -> None:
    assert rates("retakes, ledger-doubles") == {"retakes": 0.03, "ledger_doubles": 0.04}


def test_all_but_some() -> None:
    assert set(item_names()) - set(rates("-retakes,-odd_dates")) == {"retakes", "odd_dates"}


@pytest.mark.parametrize(
    ("asked", "name", "near"),
    [
        ("retake", "demo_unknown_dirt", "retakes"),
        ("-ledger-double", "demo_unknown_dirt", "ledger-doubles"),
        ("al", "demo_unknown_dirt", "all"),
        ("", "demo_mixed_dirt", ""),
        ("retakes,-odd-dates", "demo_mixed_dirt", ""),
        ("all,retakes", "demo_mixed_dirt", ""),
        ("-none", "demo_mixed_dirt", ""),
    ],
)
def test_what_cannot_be_meant_is_refused(asked: str, name: str, near: str) -> None:
    with pytest.raises(ParameterError) as refused:
        Dirt.of(asked)
    assert refused.value.name == name
    assert refused.value.fields.get("nearest", "") == near


def test_several_slips_are_told_at_once() -> None:
    with pytest.raises(SeveralErrors) as refused:
        Dirt.of("retake,speeder")
    assert len(refused.value.errors) == 2


@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_a_rate_is_a_share(rate: float) -> None:
    with pytest.raises(AnalysisError, match="speeders"):
        replace(Dirt(), speeders=rate)
