"""The test: dimensions, ceiling, forms, the luck of schools, and what programmes add."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.options import bureau_options
from analysis.synthetic.planted import Planted
from analysis.synthetic.truth.assessments import draw_shocks
from analysis.synthetic.truth.codes import DIMENSIONS
from analysis.synthetic.truth.record import Draw


def test_the_total_is_the_mean_of_the_dimensions(county: Draw) -> None:
    scores = county.scores
    assert np.allclose(scores[list(DIMENSIONS)].mean(axis=1), scores["digital_score"], atol=0.006)
    columns = [*DIMENSIONS, "digital_score"]
    assert scores[columns].min(axis=None) >= 0
    assert scores[columns].max(axis=None) <= 100


def test_application_is_weakest_most_of_all_in_rural_schools(county: Draw) -> None:
    # domain.md 5.3
    means = county.scores[list(DIMENSIONS)].mean()
    assert (means.idxmin(), means.idxmax()) == ("digital_application", "digital_responsibility")
    by_area = county.scores.groupby("area", observed=True)[list(DIMENSIONS)].mean()
    assert (by_area.loc["rural"] - by_area.loc["urban"]).idxmin() == "digital_application"


def test_six_per_cent_of_those_in_post_are_not_tested(county: Draw) -> None:
    roster = county.roster(2024)[lambda rows: rows["is_teacher"]]
    fates = county.fates[county.fates["year"] == 2025].set_index("person")
    gone = fates.index[(fates["next_school"] < 0) & (fates["event_date"] < "2025-05-20")]
    present = roster[~roster["person"].isin(gone)]
    tested = present["person"].isin(county.scores.loc[county.scores["year"] == 2025, "person"])
    assert 1 - tested.mean() == pytest.approx(0.06, abs=0.01)


@pytest.mark.parametrize("name", ["course", "pilot", "shadowing"])
def test_only_the_exposed_gain(county: Draw, name: str) -> None:
    flag = {"course": "took_course", "pilot": "in_pilot", "shadowing": "was_guest"}[name]
    planted = {"course": 1.0, "pilot": 2.0, "shadowing": 0.8}[name]
    gain = county.scores["digital_score"] - county.scores[f"score_without_{name}"]
    exposed = county.scores[flag]
    assert (gain[~exposed] == 0).all()
    # the ceiling takes a little from those near it; rounding moves a hundredth
    assert gain[exposed].max() == pytest.approx(planted, abs=0.011)
    assert gain[exposed].mean() > 0.9 * planted


def test_pilot_cells_begin_with_the_cohorts_year(county: Draw) -> None:
    cohort = county.scores["school"].map(county.schools.set_index("school")["cohort"])
    assert (county.scores["in_pilot"] == (cohort <= county.scores["year"])).all()


def test_the_course_counts_in_the_year_it_was_taken(county: Draw) -> None:
    taken = county.trainings[county.trainings["programme"] == "digital_course"]
    now = county.scores[county.scores["year"] == 2025]
    assert (
        now["took_course"] == now["person"].isin(taken.loc[taken["year"] == 2025, "person"])
    ).all()


def test_the_old_form_was_easier_and_the_common_items_show_it(city: Draw) -> None:
    # domain.md 6.1: the form changes in 2023, with common items
    by_year = city.scores.groupby("year")[["digital_score", "anchor_score"]].mean()
    step = by_year.loc[2023] - by_year.loc[2022]
    # everyone gains .5 points; the new form is 1.5 points harder; 30 of 100 points are common
    assert step["digital_score"] == pytest.approx(0.5 - 1.5, abs=0.3)
    assert step["anchor_score"] == pytest.approx(0.3 * 0.5, abs=0.08)
    editions = city.scores.groupby("year")["test_form"].agg(lambda forms: {f[:4] for f in forms})
    assert editions.loc[[2019, 2022, 2023, 2025]].tolist() == [
        {"2019"},
        {"2019"},
        {"2023"},
        {"2023"},
    ]


def test_the_luck_of_a_school_is_half_remembered() -> None:
    options = bureau_options("city", schools=4000, teachers=40_000)
    planted = Planted()
    district = np.zeros(4000, int)
    first, second = (draw_shocks(options, planted, district, year) for year in (2024, 2025))
    assert first.std() == pytest.approx(planted.shock_sd, rel=0.05)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.5, abs=0.04)


def test_the_test_before_the_first_roster_has_no_newcomers(city: Draw) -> None:
    first = city.scores.loc[city.scores["year"] == 2019, "person"]
    hired = city.roster(2019).set_index("person")["hired_year"]
    assert len(first)
    assert (first.map(hired) < 2019).all()
