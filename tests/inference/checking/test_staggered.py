"""The checks of a staggered design on drawn panels: what was planted is found, what was not costs nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.checking.staggered import check_staggered, lots, missing_over_time, placebos
from analysis.inference.estimate import fit_of, measure
from analysis.inference.record import Check, Point
from analysis.inference.sample import draw_sample
from tests.inference.checking.records import drawn_estimate
from tests.inference.foreign import SHARES, STAGGERED, staggered_frame

Found = tuple[dict[str, Check], dict[str, tuple[Point, ...]]]


@pytest.fixture(scope="module")
def whole() -> Found:
    """All checks of a planted effect of two points, with sites that could have been drawn inside blocks."""
    design = replace(STAGGERED, strata=("block",), placebo_outcome="calm")
    found = measure(staggered_frame(), design)
    return {c.name: c for c in found.checks}, found.series


def test_a_lot_inside_strata_is_dealt_anew(whole: Found) -> None:
    check = whole[0]["randomisation"]
    assert (check.verdict, check.steps) == ("pass", 0)
    assert check.value == pytest.approx(1 / 1000)  # none of 999 deals gives as much


def test_placebos_of_an_honest_panel_pass(whole: Found) -> None:
    assert whole[0]["placebo_date"].verdict == "pass"
    assert whole[0]["placebo_outcome"].verdict == "pass"
    assert whole[0]["missingness"].verdict == "pass"


def test_the_second_estimator_agrees(whole: Found) -> None:
    assert whole[0]["estimator_agreement"].verdict == "pass"
    assert whole[0]["wild_bootstrap"].value is not None  # cohorts of eight sites are few


def test_the_figure_has_its_reference_and_its_leads(whole: Found) -> None:
    points = {int(p.label): p for p in whole[1]["event_study"]}
    assert (points[-1].estimate, points[-1].std_error) == (0.0, None)
    assert set(points) >= {-3, -2, -1, 0, 1}
    for lag in (0, 1):
        assert abs((points[lag].estimate or 0) - 2.0) < 4 * (points[lag].std_error or 0)


def test_the_start_that_moves_missingness_fails() -> None:
    """A fifth of the marks is missing from the start on where a site has joined, nowhere else."""
    frame = staggered_frame(sites=24)
    on = frame["wave"] >= frame["joined"]
    fifth = np.arange(len(frame)) % 5 == 0
    for hidden, verdict, cap in ((on & fifth, "fail", "D"), (fifth, "pass", None)):
        rows = frame.assign(mark=frame["mark"].where(~hidden))
        check = missing_over_time(rows, draw_sample(rows, STAGGERED))
        assert (check.verdict, check.cap, check.steps) == (verdict, cap, 0)
    hidden = on & fifth
    rows = frame.assign(mark=frame["mark"].where(~hidden))
    found = missing_over_time(rows, draw_sample(rows, STAGGERED)).value
    assert found == pytest.approx(hidden[on].mean(), abs=0.03)


def test_missing_shares_are_shares_whatever_the_unit() -> None:
    frame = staggered_frame(sites=24)
    on = frame["wave"] >= frame["joined"]
    rows = frame.assign(quit=frame["quit"].where(~(on & (np.arange(len(frame)) % 5 == 0))))
    check = missing_over_time(rows, draw_sample(rows, SHARES))
    assert check.value == pytest.approx(0.2, abs=0.03)
    assert check.verdict == "fail"


def test_an_effect_before_the_start_costs_a_step() -> None:
    frame = staggered_frame(sites=24)
    early = (frame["joined"] - frame["wave"]).isin((1, 2))
    planted = frame.assign(mark=frame["mark"] + 2.0 * early)
    date = next(c for c in placebos(draw_sample(planted, STAGGERED)) if c.name == "placebo_date")
    assert (date.verdict, date.steps) == ("fail", 1)


def test_a_trend_of_those_that_will_join_is_seen_in_the_leads() -> None:
    """A trend of one point a wave: the leads reject, and the sensitivity keeps nothing of the estimate."""
    frame = staggered_frame(effect=0.0, trend=1.0, sites=24)
    sample = draw_sample(frame, STAGGERED)
    fitted = fit_of(sample)
    checks, _ = check_staggered(frame, sample, fitted, drawn_estimate(), True)
    lead = next(c for c in checks if c.name == "pre_period")
    assert (lead.verdict, lead.cap) == ("fail", "C")


@pytest.mark.parametrize("strata", [(), ("block",)])
def test_no_lot_is_dealt_without_strata(strata: tuple[str, ...]) -> None:
    """Nobody drew, or one label only in every stratum: nothing to repeat, and nothing to pay."""
    frame = staggered_frame(sites=16, size=2)
    if strata:
        frame["block"] = frame["joined"].fillna(0).astype(str)
    check = lots(
        draw_sample(frame, replace(STAGGERED, strata=strata)), drawn_estimate(p_value=0.01)
    )
    assert (check.verdict, check.value, check.steps) == ("not_run", None, 0)


def test_a_lot_without_an_effect_is_seldom_small() -> None:
    """Eight draws with nothing planted: p below 5 % at most twice (chance of more: one in 170)."""
    design = replace(STAGGERED, strata=("block",))
    samples = (draw_sample(staggered_frame(s, 16, 2, 0.0), design) for s in range(8))
    record = drawn_estimate(p_value=0.5)
    ps = [lots(sample, record).value for sample in samples]
    assert sum(p is not None and p < 0.05 for p in ps) <= 2
    assert len(set(ps)) > 4


def test_what_stands_on_fewer_than_six_sites_has_no_range() -> None:
    """Twenty sites: five a cohort, so that only what both cohorts share has a range; the values stay."""
    few = measure(staggered_frame(sites=20), STAGGERED).series
    assert [p.ci_low for p in few["cohorts"]] == [None, None]
    path = {int(p.label): p for p in few["event_study"]}
    assert path[0].ci_low is not None  # ten sites
    assert path[2].estimate is not None
    assert path[2].ci_low is None  # the earlier five
    many = measure(staggered_frame(sites=24), STAGGERED).series
    assert all(p.ci_low is not None for p in many["cohorts"])
