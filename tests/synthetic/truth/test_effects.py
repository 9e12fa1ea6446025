"""The stated effects agree with the draw: counted again from scores, chances, needs and hours."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.codes import TOPICS
from analysis.synthetic.truth.effects import need_coverage, odds_without
from analysis.synthetic.truth.record import Draw

NEEDS = [f"need_{topic}" for topic in TOPICS]


def effect(draw: Draw, programme: str, definition: str, year: int = 2025) -> dict[str, Any]:
    (found,) = [
        e
        for e in draw.truth["effects"]
        if (e["intervention"], e["definition"], e["year"]) == (programme, definition, year)
    ]
    return found


def test_score_effects_are_the_planted_points(county: Draw) -> None:
    # planted 1.0 and 2.0; the ceiling at 100 takes a little
    course, pilot = (effect(county, p, "score") for p in ("digital_course", "smart_pilot"))
    assert course["effect"] == pytest.approx(1.0, abs=0.04)
    assert pilot["effect"] == pytest.approx(2.0, abs=0.15)
    now = county.scores[county.scores["year"] == 2025]
    assert course["n_treated"] == now["took_course"].sum()
    assert pilot["n_treated"] == now["in_pilot"].sum()
    taken = now[now["took_course"]]
    share = (taken["digital_score"] >= 85).mean() - (taken["score_without_course"] >= 85).mean()
    assert effect(county, "digital_course", "excellent")["effect"] == pytest.approx(100 * share)


def by_hand(county: Draw, rows: pd.DataFrame, ratio: float, without: str) -> float:
    """The mean change of the chance of leaving, in points, for those who neither retire nor die."""
    p0 = rows[without]
    odds = ratio * p0 / (1 - p0)
    free = ~rows["fate"].isin(["retires", "dies"])
    return float(100 * ((odds / (1 + odds) - p0) * free).mean())


def test_subsidy_effect_in_percentage_points(county: Draw) -> None:
    fates = county.fates[county.fates["year"] == 2025]
    base = county.roster(2024).set_index("person")
    chosen = fates[fates["person"].map(base["is_teacher"] & base["subsidy_eligible"])]
    stated = effect(county, "rural_subsidy", "A2")
    assert stated["effect"] == pytest.approx(by_hand(county, chosen, 0.8, "leave_untreated"))
    assert stated["n_treated"] == len(chosen)
    # domain.md 5.4: true effect about -.55 points on leaving rural posts, ratio .80
    rural = effect(county, "rural_subsidy", "A1")
    assert rural["effect"] == pytest.approx(-0.55, abs=0.06)
    assert rural["risk_ratio"] == pytest.approx(0.80, abs=0.015)


def test_flat_effect_is_against_the_waiting_list(county: Draw) -> None:
    fates = county.fates[(county.fates["year"] == 2025) & (county.fates["flat"] == 2)]
    stated = effect(county, "dormitory", "A2")
    assert stated["effect"] == pytest.approx(by_hand(county, fates, 0.65, "leave_waiting"))
    assert stated["n_treated"] == 60


def test_odds_are_taken_back() -> None:
    # by hand: odds of .2 are .25; without the factor 1.5 they are 1/6, so the chance is 1/7
    assert odds_without(pd.Series([0.2]), 1.5)[0] == pytest.approx(1 / 7)


def test_need_coverage_counted_with_pandas(county: Draw) -> None:
    answers = county.needs.set_index("person")
    held = county.trainings[county.trainings["year"] == 2025]
    is_top = answers[NEEDS].rank(axis=1, method="min", ascending=False) <= 3
    has = pd.DataFrame(
        {
            name: answers.index.isin(
                held.loc[held["topic"] == name.removeprefix("need_"), "person"]
            )
            for name in NEEDS
        },
        index=answers.index,
    )
    expected = (is_top & has).sum(axis=1) / is_top.sum(axis=1)
    found = need_coverage(county, 2025).set_index("person")["coverage"]
    pd.testing.assert_series_equal(found, expected, check_names=False)


def test_outreach_adds_about_eight_points_of_coverage(county: Draw, city: Draw) -> None:
    for draw in (county, city):  # domain.md 6.4
        assert effect(draw, "outreach", "share")["effect"] == pytest.approx(8.0, abs=0.6)


def test_every_pair_is_planted_or_zero(county: Draw, nothing_planted: Draw, root: Path) -> None:
    known = tomllib.loads((root / "study" / "interventions.toml").read_text(encoding="utf-8"))
    del known["measures"]  # counted, not evaluated
    asked = {(name, outcome) for name, entry in known.items() for outcome in entry["design"]}
    zeros = {(z["intervention"], z["outcome"]) for z in county.truth["zeros"]}
    planted = {(e["intervention"], e["outcome"]) for e in county.truth["effects"]}
    assert not zeros & planted
    assert asked <= zeros | planted
    none = {(z["intervention"], z["outcome"]) for z in nothing_planted.truth["zeros"]}
    assert zeros | asked <= none


def test_world_without_effects(nothing_planted: Draw) -> None:
    kinds = {e["intervention"] for e in nothing_planted.truth["effects"]}
    assert kinds <= {"outreach"}  # hours are held, so needs are met; nothing else changes
    scores, fates = nothing_planted.scores, nothing_planted.fates
    for name in ("course", "pilot", "shadowing"):
        assert (scores["digital_score"] == scores[f"score_without_{name}"]).all()
    assert (fates["leave"] == fates["leave_untreated"]).all()
    assert (fates["leave"] == fates["leave_waiting"]).all()
    assert scores["took_course"].any()
    assert scores["in_pilot"].any()


def test_the_one_short_course_that_works_is_stated(small_options: BureauOptions) -> None:
    draw = draw_bureau(replace(small_options, world="W7"))
    found = effect(draw, "short_01", "score")
    now = draw.scores[(draw.scores["year"] == 2025) & draw.scores["took_short"]]
    assert found["n_treated"] == len(now)
    assert found["effect"] == pytest.approx(1.0, abs=0.1)
    zeros = {(z["intervention"], z["outcome"]) for z in draw.truth["zeros"]}
    assert ("short_02", "digital_literacy") in zeros
    assert ("short_01", "digital_literacy") not in zeros


def test_a_growing_effect_is_stated_as_it_grew(small_options: BureauOptions) -> None:
    draw = draw_bureau(replace(small_options, world="W1", last_year=2026))
    # planted .85, and .92 of it a year later; distance spreads it around that mean
    ratios = [effect(draw, "rural_subsidy", "A2", year)["odds_ratio"] for year in (2025, 2026)]
    assert ratios == pytest.approx([0.85, 0.85 * 0.92], rel=0.01)


def test_ratios_that_do_not_exist_are_left_out() -> None:
    # a single cell without any chance of leaving: nobody retires from nothing
    options = bureau_options("city", teachers=60, schools=6, pilots=6, last_year=2026, years=9)
    for seed in range(2):
        text = json.dumps(draw_bureau(replace(options, seed=seed)).truth)
        assert "NaN" not in text
        assert "Infinity" not in text
