"""Payments follow grade and months in post; spending stays within the budget."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.synthetic.truth.office.money import draw_funds, draw_subsidies
from tests.synthetic.truth.office.drawn import drawn_desk


@pytest.mark.parametrize(("year", "standard"), [(2024, 800), (2025, 1000), (2026, 1000)])
def test_the_standard_rises_in_september_2024(year: int, standard: int) -> None:
    paid = draw_subsidies(drawn_desk("city", year))
    monthly = paid.groupby("subsidy_grade")["monthly_yuan"].unique()
    assert {int(g): m.tolist() for g, m in monthly.items()} == {
        1: [standard - 100],
        2: [standard],
        3: [standard + 100],
    }
    assert (paid["amount_yuan"] == 12 * paid["monthly_yuan"]).all()


def test_everyone_eligible_is_paid_and_nobody_else() -> None:
    desk = drawn_desk("city")
    eligible = desk.teachers[desk.teachers["subsidy_eligible"]]
    assert set(draw_subsidies(desk)["person"]) == set(eligible["person"])


def test_who_leaves_is_paid_for_the_months_in_post() -> None:
    desk = drawn_desk("county")
    days = np.full(len(desk.roster), 400)
    first = desk.roster.index[desk.roster["subsidy_eligible"] & desk.roster["is_teacher"]][:3]
    days[first] = [0, 45, 120]
    paid = draw_subsidies(replace(desk, last_day=days)).set_index("person")["paid_months"]
    assert paid.loc[first].tolist() == [1, 2, 4]
    assert (paid.drop(first) == 12).all()


def test_named_programmes_of_the_city_have_their_attendances() -> None:
    funds = draw_funds(drawn_desk("city")).set_index("programme")
    named = {"upgrading": 3200, "study_tour": 1200, "outreach": 6000, "shadowing": 200}
    assert funds.loc[[*named], "n_attendances"].to_dict() == named
    assert (funds["spent_yuan"] <= funds["budget_yuan"]).all()
    assert (funds["spent_yuan"] >= 0.89 * funds["budget_yuan"]).all()
