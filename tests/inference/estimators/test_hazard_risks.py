"""Follow-up from a landmark and cumulative risks: by hand, against the statistics library, against a printed curve."""

from __future__ import annotations

from dataclasses import replace

import causaldata
import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from analysis.inference.design import Design
from analysis.inference.estimators.fitted import Fitted
from analysis.inference.estimators.hazard import fit_hazard
from analysis.inference.estimators.hazard_risks import follow_up, incidence, period_codes
from analysis.inference.estimators.hazard_weights import fit_exposure
from analysis.inference.record import Point
from analysis.inference.sample import draw_sample
from tests.inference.drawn_hazard import LANDMARK, draw_volunteers, hazard_sample

# person, year, left: a stays to the end; b leaves in 2022 and is back in 2023; c is not on the list of 2022
ROWS = pd.DataFrame(
    [
        ("a", 2021, 0.0),
        ("b", 2021, 0.0),
        ("c", 2021, 0.0),
        ("a", 2022, 0.0),
        ("b", 2022, 1.0),
        ("a", 2023, 0.0),
        ("b", 2023, 0.0),
        ("c", 2023, 1.0),
    ],
    columns=["person", "year", "left"],
).assign(took=[1.0, 0, 1, 0, 1, 0, 1, 0], school="s")


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """A landmark fit with all its series."""
    return fit_hazard(hazard_sample(draw_volunteers(3).frame))


def test_who_is_followed_how_long() -> None:
    """After leaving nobody is followed, coming back is a landmark of its own, a missing year ends it too."""
    sample = draw_sample(ROWS, replace(LANDMARK, controls=(), causes=""))
    seen = follow_up(sample, 3)
    assert seen[0].tolist() == list(range(8))
    assert seen[1].tolist() == [3, 4, -1, 5, -1, -1, -1, -1]
    assert seen[2].tolist() == [5, -1, -1, -1, -1, -1, -1, -1]
    assert follow_up(sample, 2, np.array([1, 3]))[1].tolist() == [4, 5]


def test_a_year_without_a_list_is_a_gap_and_text_is_in_its_order() -> None:
    """2021, 2022, 2024: nobody is followed over the missing year."""
    assert period_codes(pd.Series([2022, 2021, 2024])).tolist() == [1, 0, 3]
    assert period_codes(pd.Series([2021, 2021])).tolist() == [0, 0]
    assert period_codes(pd.Series(["b", "a", "c"])).tolist() == [1, 0, 2]


def test_cumulative_risks_are_those_of_the_statistics_library() -> None:
    """Without weights: Kaplan-Meier and Aalen-Johansen on the same three years."""
    sample = hazard_sample(draw_volunteers(4).frame)
    seen = follow_up(sample, 3)
    time = (seen >= 0).sum(axis=0)
    last = seen[time - 1, np.arange(len(time))]
    cause = sample.rows["reason"].map({"resigned": 1, "moved": 2, "other": 3}).to_numpy()
    status = np.where(sample.y[last] == 1, cause[last], 0)
    ones = np.ones(len(time))
    library = CumIncidenceRight(time, status)
    whole = incidence(seen, sample.y, sample.y, ones)
    assert whole.risk == pytest.approx(1 - SurvfuncRight(time, status > 0).surv_prob[2])
    parts = [incidence(seen, sample.y, (cause == c).astype(float), ones) for c in (1, 2, 3)]
    for k, part in enumerate(parts):
        assert part.risk == pytest.approx(library.cinc[k][2])
    assert sum(p.risk for p in parts) == pytest.approx(whole.risk)
    np.testing.assert_allclose(sum(p.influence for p in parts), whole.influence, atol=1e-12)


def test_influence_is_the_derivative_by_a_weight() -> None:
    """Raising one landmark row's weight moves the risk by its influence, to first order."""
    sample = hazard_sample(draw_volunteers(4, schools=4).frame)
    seen, event = follow_up(sample, 3), (sample.rows["reason"] == "moved").to_numpy(float)
    weight = np.linspace(0.5, 2, len(sample.y))
    found = incidence(seen, sample.y, event, weight)
    for row in (0, 7, int(np.flatnonzero(event)[0])):
        more = weight.copy()
        more[row] *= 1 + 1e-6
        moved = incidence(seen, sample.y, event, more).risk - found.risk
        assert moved / 1e-6 == pytest.approx(found.influence[row], rel=1e-3, abs=1e-10)


def test_weighted_survival_curves_end_where_they_are_printed() -> None:
    """Hernan and Robins 2020, What If, 17.4: weighted hazards of 120 months, survival 80.7 % and 80.5 % at the end.

    The book smooths the monthly hazards by a square of time; the life table of the same weights ends at the same digits.
    """
    people = causaldata.nhefs.load_pandas().data
    months = np.where(people["death"] == 1, (people["yrdth"] - 83) * 12 + people["modth"], 120)
    design = Design(
        kind="hazard",
        outcome="death",
        treatment="qsmk",
        controls=("age", "smokeintensity", "smokeyrs", "wt71"),
        fixed=("sex", "race", "education", "exercise", "active"),
        target="ate",
    )
    exposure = fit_exposure(draw_sample(people, design))
    at = np.repeat(np.arange(len(people)), months.astype(int))
    rows = people.loc[at, ["seqn", "qsmk", "death"]].assign(
        month=pd.Series(at).groupby(at).cumcount().to_numpy()
    )
    rows["death"] = rows["death"].where(rows["month"] == months[at] - 1, 0)
    bare = Design(
        kind="hazard", outcome="death", treatment="qsmk", unit_id="seqn", time="month", fixed=()
    )
    starts = np.flatnonzero(rows["month"] == 0)
    sample = draw_months(rows.reset_index(drop=True), bare)
    seen = follow_up(sample, 120, starts)
    took = people["qsmk"].to_numpy()
    risks = [
        incidence(seen, sample.y, sample.y, exposure.stabilised * (took == a)).risk for a in (1, 0)
    ]
    assert 100 * (1 - risks[0]) == pytest.approx(80.7, abs=0.05)
    assert 100 * (1 - risks[1]) == pytest.approx(80.5, abs=0.05)
    assert sample.y.sum() == 318


def draw_months(rows: pd.DataFrame, design: Design):  # type: ignore[no-untyped-def]
    """Complete cases of person-months."""
    return draw_sample(rows, design)


def test_horizons_go_as_far_as_people_are_followed(fitted: Fitted) -> None:
    """Four lists: one and three years, no fifth; the first is the estimate itself, fewer are followed later."""
    points = fitted.series["horizons"]
    assert [p.label for p in points] == ["1", "3"]
    assert points[0].estimate == fitted.value
    assert points[0].std_error == fitted.std_error
    assert points[0].n is not None
    assert points[1].n is not None
    assert points[1].n < points[0].n
    assert points[1].ci_low is not None
    assert points[1].estimate is not None
    assert points[1].ci_low < points[1].estimate


def test_a_later_horizon_by_hand() -> None:
    """Exposure given by lot in the first year only: the risk of three years is the share that left, by weighted shares."""
    drawn = draw_volunteers(6)
    first = drawn.frame[drawn.frame["year"] == 2021].set_index("person")
    later = drawn.frame["person"].isin(first.index)
    frame = drawn.frame[later & (drawn.frame["year"] <= 2023)].copy()
    frame["took"] = frame["person"].map(first["took"])
    design = replace(LANDMARK, controls=(), horizons=(3,), causes="")
    sample = hazard_sample(frame, design)
    seen = follow_up(sample, 3, np.flatnonzero(frame["year"] == 2021))
    took = first["took"].to_numpy() == 1
    gone = frame.groupby("person")["left"].max().reindex(first.index).to_numpy()
    for arm in (took, ~took):
        found = incidence(seen, sample.y, sample.y, arm.astype(float))
        assert found.risk == pytest.approx(gone[arm].mean())


def test_destinations_add_up(fitted: Fitted) -> None:
    """Reasons of leaving at one and three years; together they are the weighted difference of all leaving."""
    points = {p.label: p for p in fitted.series["destinations"]}
    names = ("moved", "other", "resigned")
    assert set(points) == {f"{name}:{h}" for name in names for h in (1, 3)}
    total = sum(points[f"{name}:3"].estimate or 0.0 for name in names)
    assert total == pytest.approx(fitted.series["horizons"][1].estimate)


def test_reasons_too_rarely_known_are_not_shown() -> None:
    """Below 80 % of the leavers: none; above it the rest is called unknown."""
    frame = draw_volunteers(3).frame
    left = np.flatnonzero(frame["left"] == 1)

    def labels(n_known: float) -> set[str]:
        hidden = frame.assign(
            reason=frame["reason"].mask(frame.index.isin(left[int(n_known * len(left)) :]))
        )
        found = fit_hazard(hazard_sample(hidden)).series.get("destinations", ())
        return {p.label.split(":")[0] for p in found}

    assert labels(0.79) == set()
    assert labels(0.85) == {"moved", "other", "resigned", "unknown"}


def test_horizon_errors_follow_refits_without_each_school() -> None:
    """The error of the three-year difference against a jackknife in which everything is fitted anew."""
    frame = draw_volunteers(8, schools=14, size=40).frame
    design = replace(LANDMARK, controls=("sex",), method="ipw", horizons=(3,), causes="")

    def point(rows: pd.DataFrame) -> Point:
        return fit_hazard(hazard_sample(rows, design)).series["horizons"][0]

    found = [point(frame[frame["school"] != s]).estimate or 0.0 for s in range(14)]
    whole = point(frame)
    spread = np.sqrt(13 / 14 * ((np.array(found) - (whole.estimate or 0.0)) ** 2).sum())
    assert whole.std_error == pytest.approx(spread, rel=0.1)
