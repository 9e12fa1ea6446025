"""The surveys: who answers, and what the answers hang together with."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.truth.codes import TOPICS
from analysis.synthetic.truth.record import Draw

NEEDS = [f"need_{topic}" for topic in TOPICS]


def test_who_answers(county: Draw, city: Draw) -> None:
    for draw, share in ((county, 0.75), (city, 0.80)):
        asked = draw.roster(2024)["is_teacher"].sum()
        # domain.md 6.1; of those still there in March
        assert len(draw.survey) / asked == pytest.approx(share, abs=0.02)
        assert draw.survey["is_linkable"].mean() == pytest.approx(0.92, abs=0.015)


def test_the_need_survey_is_a_census(county: Draw, city: Draw) -> None:
    teachers = county.roster(2024)[lambda rows: rows["is_teacher"]]["person"]
    assert set(county.needs["person"]) == set(teachers)  # 1.2 row 41: 5,862
    assert county.needs["survey_date"].dt.year.unique().tolist() == [2024]
    assert not set(NEEDS) & set(county.survey)
    assert city.needs.empty
    assert set(NEEDS) <= set(city.survey)


def test_the_keen_answer_and_the_exhausted_do_not(city: Draw) -> None:
    # 6.6: not at random
    teachers = city.roster(2024)[lambda rows: rows["is_teacher"]]
    answered = teachers["person"].isin(city.survey["person"])
    for column, sign in (("hidden_motivation", 1), ("hidden_exhaustion", -1), ("staffed_post", 1)):
        mean = teachers[column].astype(float).groupby(answered).mean()
        assert sign * (mean[True] - mean[False]) > 0, column
    share = answered.groupby(teachers["area"], observed=True).mean()
    assert share["rural"] < share["urban"]


def test_scales_are_the_means_of_their_items(county: Draw) -> None:
    survey = county.survey
    ee = survey[[f"ee{i}" for i in range(1, 10)]]
    ti = survey[[f"ti{i}" for i in range(1, 5)]]
    assert np.allclose(ee.mean(axis=1), survey["burnout_ee"], atol=0.0051)
    assert np.allclose(ti.mean(axis=1), survey["leave_intention"], atol=0.0051)
    assert ee.isin(range(7)).all(axis=None)
    assert ti.isin(range(1, 6)).all(axis=None)
    assert {f"dp{i}" for i in range(1, 6)} | {f"pa{i}" for i in range(1, 9)} <= set(survey)


def test_exhaustion_and_intention(city: Draw) -> None:
    survey = city.survey
    # domain.md 5.3: EE 2.53; r with the intention .41
    assert survey["burnout_ee"].mean() == pytest.approx(2.53, abs=0.05)
    assert survey["burnout_ee"].corr(survey["leave_intention"]) == pytest.approx(0.41, abs=0.03)
    teachers = city.roster(2024).set_index("person")
    burnout = survey.set_index("person")["burnout_ee"]
    for column in ("homeroom", "is_small"):
        mean = burnout.groupby(teachers[column].reindex(burnout.index)).mean()
        assert mean[True] > mean[False], column


def test_volunteering_costs_a_little(city: Draw) -> None:
    # planted .05 standard deviations of the own level per ten hours; own level has .5 points
    survey = city.survey.merge(city.roster(2024)[["person", "hidden_exhaustion"]], on="person")
    x = np.column_stack(
        [np.ones(len(survey)), survey["volunteer_hours"], survey["hidden_exhaustion"]]
    )
    slope = np.linalg.lstsq(x, survey["burnout_ee"].to_numpy(), rcond=None)[0][1]
    assert slope == pytest.approx(0.005 * 0.5, abs=0.002)
    hours = city.volunteering.groupby("person")["hours"].sum()
    told = survey.set_index("person")["volunteer_hours"]
    assert (told == hours.reindex(told.index).fillna(0)).all()


def test_needs(county: Draw, city: Draw) -> None:
    for table in (county.needs, city.survey):
        assert table[NEEDS].isin([1, 2, 3, 4, 5]).all(axis=None)
        by_area = table.groupby("area", observed=True)[NEEDS].mean()
        gap = by_area.loc["rural"] - by_area.loc["urban"]
        # domain.md 6.3: digital and interdisciplinary are asked for more in rural schools
        assert (gap[["need_digital", "need_interdisciplinary"]] > 0.5).all()
        assert gap.drop(["need_digital", "need_interdisciplinary", "need_care"]).abs().max() < 0.25


def test_honour_and_tools(city: Draw) -> None:
    # 6.2: 92 % content; tools used by 90 % in pilots and about 62 % elsewhere
    content = (city.survey["honour_satisfaction"] >= 4).mean()
    assert content == pytest.approx(0.92, abs=0.001)
    is_pilot = city.schools["cohort"].notna().loc[city.survey["school"]].to_numpy()
    assert city.survey["uses_tools"][is_pilot].mean() == pytest.approx(0.90, abs=0.03)
    assert city.survey["uses_tools"][~is_pilot].mean() == pytest.approx(0.62, abs=0.02)


def test_nobody_is_tested_or_asked_after_leaving(county: Draw) -> None:
    gone = county.fates[county.fates["next_school"] < 0].set_index(["person", "year"])
    for rows, day in ((county.scores, "test_date"), (county.survey, "survey_date")):
        both = rows.join(gone["event_date"], on=["person", "year"]).dropna(subset="event_date")
        assert len(both)  # some leave in summer, after test and survey
        assert (both[day].dt.normalize() <= both["event_date"]).all()


def test_services_come_before_the_answers_that_they_bear_on(city: Draw) -> None:
    assert city.volunteering["service_date"].max() < city.survey["survey_date"].min()


def test_nobody_has_left_when_needs_are_asked(county: Draw) -> None:
    gone = county.fates[(county.fates["year"] == 2025) & (county.fates["next_school"] < 0)]
    left = county.needs["person"].map(gone.set_index("person")["event_date"])
    assert not (left < county.needs["survey_date"].dt.normalize()).any()
