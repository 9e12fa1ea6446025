"""Levels, gaps and associations on drawn panels; expected figures by plain arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.inference.family import adjust_family
from analysis.inference.levels import level_record
from analysis.inference.measure import blank_indicator, measure_indicator, measure_problems
from analysis.inference.record import Estimate
from analysis.panel.build import Panel
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from analysis.synthetic.options import bureau_options
from analysis.synthetic.worlds import draw_panel
from tests.inference.drawn import drawn_panel


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


@pytest.fixture(scope="module")
def measured(study: Study) -> dict[str, Estimate]:
    return {e.id: e for e in measure_problems(study, drawn_panel(1))}


@pytest.fixture(scope="module")
def now() -> pd.DataFrame:
    return drawn_panel(1).of_year()


def test_a_gap_is_the_difference_of_two_plain_means(
    measured: dict[str, Estimate], now: pd.DataFrame
) -> None:
    raw = measured["urban_rural_gap.digital_gap:raw"]
    means = now.groupby("area")["digital_score"].mean()
    assert raw.estimate == pytest.approx(means["rural"] - means["urban"], abs=1e-9)
    assert raw.arms["focus"].level == pytest.approx(means["rural"])
    assert raw.arms["reference"].n_teachers == int((now["area"] == "urban").sum())


def test_the_raw_gap_is_never_better_than_d(measured: dict[str, Estimate]) -> None:
    assert measured["urban_rural_gap.digital_gap:raw"].grade == "D"
    assert measured["urban_rural_gap.digital_gap"].grade in ("C", "D")


def test_a_level_is_a_full_count_without_an_interval(
    measured: dict[str, Estimate], now: pd.DataFrame
) -> None:
    level = measured["urban_rural_gap.rural_attrition"]
    rural = now[now["area"] == "rural"]
    assert level.estimate == pytest.approx(100 * rural["attrition_A1"].mean())
    assert level.arms["all"].n_events == int(rural["attrition_A1"].sum())
    assert level.ci_low is None


def test_what_is_not_in_the_data_says_so(measured: dict[str, Estimate]) -> None:
    assert measured["burnout.homeroom_burnout"].reason == "no_outcome"
    assert measured["training_precision.need_unmet_gap"].estimate is None


def test_every_year_has_its_level(measured: dict[str, Estimate]) -> None:
    years = [measured[f"level:attrition:A2:{y}"].estimate for y in range(2021, 2026)]
    assert all(v is not None for v in years)
    assert measured["trend:rural_subsidy:attrition:treated:2024"].population == "treated"


def test_an_association_is_a_slope(study: Study) -> None:
    """Planted slope 0.41 of intention on exhaustion."""
    panel = drawn_panel(4)
    rng = np.random.default_rng(4)
    frame = panel.frame.copy()
    frame["burnout_ee"] = rng.normal(2.5, 0.8, len(frame))
    frame["leave_intention"] = 1 + 0.41 * frame["burnout_ee"] + rng.normal(0, 0.5, len(frame))
    found = {
        e.id: e for e in measure_problems(study, type(panel)(**{**panel.__dict__, "frame": frame}))
    }
    slope = found["burnout.burnout_intention"]
    assert slope.estimate == pytest.approx(0.41, abs=4 * (slope.std_error or 0))
    assert slope.verdict == "direction"


def test_a_gap_without_variation_is_refused_in_words(study: Study) -> None:
    panel = drawn_panel(1, years=(2024, 2025))
    flat = type(panel)(**{**panel.__dict__, "frame": panel.frame.assign(attrition_A2=0.0)})
    found = {e.id: e for e in measure_problems(study, flat)}
    assert found["urban_rural_gap.attrition_gap"].reason == "no_variation"
    assert found["urban_rural_gap.attrition_gap"].estimate is None


def weighted_panel() -> Panel:
    """Exhaustion known of a third of the teachers; the homeroom teachers among them weigh three times as much."""
    panel = drawn_panel(6)
    rng = np.random.default_rng(6)
    frame = panel.frame.assign(homeroom=rng.choice(["yes", "no"], len(panel.frame)))
    answered = rng.random(len(frame)) < 1 / 3
    frame["burnout_ee"] = np.where(answered, 2.0 + (frame["homeroom"] == "yes"), np.nan)
    frame["leave_intention"] = frame["burnout_ee"] + rng.normal(0, 0.5, len(frame))
    weight = np.where(frame["homeroom"] == "yes", 1.5, 0.5)
    frame["survey_weight"] = np.where(answered, weight, np.nan)
    return replace(panel, frame=frame)


def test_answers_are_weighted_where_all_of_them_have_a_weight(study: Study) -> None:
    frame = weighted_panel().of_year()
    blank = blank_of(study, "burnout", "homeroom_burnout", weighted_panel())
    found = level_record(blank, frame, "burnout_ee")
    yes = frame.loc[frame["burnout_ee"].notna(), "homeroom"] == "yes"
    share = 1.5 * yes.sum() / (1.5 * yes.sum() + 0.5 * (~yes).sum())
    assert found.estimate == pytest.approx(2.0 + share)
    assert found.is_weighted
    assert found.std_error_kind == "taylor"
    assert (found.ci_low or 0) < (found.estimate or 0) < (found.ci_high or 0)
    effect = {c.name: c for c in found.checks}["design_effect"]
    assert effect.detail.startswith("equivalent independent answers")
    (entry,) = [i for i in study.problems["burnout"].indicators if i.id == "burnout_intention"]
    (slope,) = measure_indicator(study, weighted_panel(), "burnout", entry)
    assert slope.is_weighted
    assert slope.std_error


def test_one_answer_without_a_weight_leaves_the_figure_unweighted(study: Study) -> None:
    frame = weighted_panel().of_year()
    frame.loc[frame["survey_weight"].first_valid_index(), "survey_weight"] = np.nan
    blank = blank_of(study, "burnout", "homeroom_burnout", weighted_panel())
    found = level_record(blank, frame, "burnout_ee")
    assert found.estimate == pytest.approx(frame["burnout_ee"].mean())
    assert not found.is_weighted


def test_a_figure_of_the_roster_is_not_weighted_by_the_survey(study: Study) -> None:
    (entry,) = [i for i in study.problems["urban_rural_gap"].indicators if i.id == "attrition_gap"]
    found = measure_indicator(study, weighted_panel(), "urban_rural_gap", entry)[0]
    assert found.estimate is not None
    assert not found.is_weighted


def test_a_like_for_like_gap_says_what_composition_explains(measured: dict[str, Estimate]) -> None:
    """Explained and unexplained add up to the plain gap, and the unexplained part is the estimate itself."""
    found, raw = (measured[f"urban_rural_gap.digital_gap{end}"] for end in ("", ":raw"))
    parts = {p.label: p.estimate or 0.0 for p in found.series["decomposition"]}
    assert parts["unexplained"] == pytest.approx(found.estimate)
    assert parts["gap"] == pytest.approx(raw.estimate)
    assert parts["explained"] + parts["unexplained"] == pytest.approx(parts["gap"])
    assert "age" in parts
    assert raw.series == {}


def test_a_like_for_like_gap_shows_whether_the_sides_can_be_compared(
    measured: dict[str, Estimate],
) -> None:
    found = measured["urban_rural_gap.digital_gap"]
    checks = {c.name: c for c in found.checks}
    assert checks["balance"].cap is None
    assert checks["overlap"].verdict == "pass"
    assert found.grade == "C"
    assert found.std_error_kind == "CRV1"
    assert [p.label for p in found.series["specifications"]] == ["overlap_weights"]


def test_sides_that_cannot_be_compared_are_descriptive(study: Study) -> None:
    """Where nearly all rural teachers are older than any urban one, the adjusted gap is an extrapolation: D."""
    panel = drawn_panel(1, years=(2025,))
    older = np.where(panel.frame["area"] == "rural", 40.0, 0.0)
    apart = replace(panel, frame=panel.frame.assign(age=panel.frame["age"] + older))
    (entry,) = [i for i in study.problems["urban_rural_gap"].indicators if i.id == "digital_gap"]
    adjusted = measure_indicator(study, apart, "urban_rural_gap", entry)
    (found,) = [e for e in adjust_family(adjusted) if e.id == "urban_rural_gap.digital_gap"]
    assert found.estimate is not None
    assert found.grade == "D"
    assert "overlap" in [c.name for c in found.checks if c.cap == "D"]


def test_the_planted_gap_of_the_city_is_found(study: Study) -> None:
    """Planted in the score: rural teachers 1.6 points below those of the urban area (domain 6.3)."""
    drawn = draw_panel(bureau_options(bureau="city", region="demo-x", world="planted", seed=1))
    frame = drawn.frame[drawn.frame["year"] == drawn.frame["year"].max()]
    panel = Panel("demo-x", int(frame["year"].max()), frame, counts={})
    (wanted,) = [i for i in study.problems["urban_rural_gap"].indicators if i.id == "digital_gap"]
    adjusted, raw = measure_indicator(study, panel, "urban_rural_gap", wanted)
    assert adjusted.estimate == pytest.approx(-1.6, abs=3 * (adjusted.std_error or 0))
    assert (adjusted.std_error or 9) < 0.5
    assert adjusted.std_error_kind == "CRV1"
    assert raw.estimate == pytest.approx(adjusted.raw_difference)
    assert not [c.name for c in adjusted.checks if c.cap]


def blank_of(study: Study, problem: str, indicator: str, panel: Panel) -> Estimate:
    """The record of one indicator before it is measured."""
    entry = study.problems[problem]
    (wanted,) = [i for i in entry.indicators if i.id == indicator]
    return blank_indicator(study, panel, problem, wanted)
