"""Rare rates: the ratio leads only beside both rates, and rounding never makes a difference of persons."""

from __future__ import annotations

import pytest

from analysis.inference.record import Arm, Estimate
from analysis.release.effects import effect_claims
from analysis.release.numbers import count_text
from analysis.release.rates import leads_with_ratio, per_hundred_slots
from tests.release.drawn import effect
from tests.release.test_effects import RISK
from tests.release.test_patterns import STUDY, direction


def rates(treated: float, control: float, n: int = 3000) -> Estimate:
    arms = {"treated": Arm(n, 60, 90, treated), "control": Arm(n, 60, 90, control)}
    return effect(**(RISK | {"arms": arms}))


@pytest.mark.parametrize(
    ("pair", "n", "key", "persons"),
    [
        ((5.0, 4.0), 3000, "per_hundred", ["5", "4"]),
        ((2.48, 2.52), 3000, "per_thousand", ["25", "25"]),
        ((2.7, 1.2), 3000, "per_thousand", ["27", "12"]),
        ((2.48, 2.52), 500, "", []),  # one of 500 is two in a thousand
        ((12.0, 4.0), 3000, "", []),  # not rare on both sides
        ((0.0, 4.0), 3000, "", []),
    ],
)
def test_persons_lie_as_far_apart_as_the_rates(
    pair: tuple[float, float], n: int, key: str, persons: list[str]
) -> None:
    found, slots = per_hundred_slots(rates(*pair, n))
    assert found == key
    assert [s.text for s in slots] == persons


def test_a_ratio_leads_with_both_rates_beside_it() -> None:
    said = direction()
    assert said.index("风险之比0.80") < said.index("个百分点")
    assert "由5.0%变为2.8%" in said
    hidden = {k: Arm(3200, 90, None, None) for k in ("treated", "control")}
    assert "风险之比" not in direction(arms=hidden)


def test_a_ratio_that_prints_as_no_difference_does_not_lead() -> None:
    assert not leads_with_ratio(effect(**(RISK | {"ratio_high": 0.999})))
    assert leads_with_ratio(effect(**(RISK | {"ratio_high": 0.96})))


def test_placebos_are_told_for_policies_only() -> None:
    assert "假日期检验" in direction()
    assert "检验——" not in "".join(c.plain() for c in effect_claims(STUDY, effect()))


def test_large_counts_are_told_in_ten_thousands() -> None:
    assert count_text(99_999) == "99999"
    assert count_text(186_000) == "18.6万"
