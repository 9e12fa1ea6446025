"""Each world is what its note says, and the panel drawn in memory is the one that the files give."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.intake.clean import clean_region
from analysis.panel.build import build_panel
from analysis.study.load import load_study
from analysis.study.workspace import Workspace, open_workspace
from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.paper.delivery import write_bureau
from analysis.synthetic.paper.register import open_register
from analysis.synthetic.planted import WORLDS
from analysis.synthetic.truth.bureau import draw_bureau, draw_years
from analysis.synthetic.truth.careers import LEAVES
from analysis.synthetic.truth.codes import CODES, Rows, take
from analysis.synthetic.worlds import DrawnPanel, draw_panel
from tests.synthetic.measures.contrasts import slope

pytestmark = pytest.mark.xdist_group("worlds")
SEEDS = (1, 2, 3)
SCORE = "digital_literacy_score"
PILOT, COURSE = "smart_pilot_digital_literacy", "digital_course_digital_literacy"
SUBSIDY = "rural_subsidy_attrition"
NO_EFFECT = ("W0", "W2", "W3", "W4", "W5", "W6")


def of_world(world: str, seed: int = 1, bureau: str = "county", **asked: int) -> BureauOptions:
    """As simulations draw: each person's fate on its own."""
    return bureau_options(bureau, world=world, seed=seed, fixed_totals=False, **asked)


@lru_cache(maxsize=6)  # a city's panel takes fifty megabytes
def panel(world: str, seed: int = 1, bureau: str = "county") -> DrawnPanel:
    return draw_panel(of_world(world, seed, bureau))


def mean_of(measure: Callable[[pd.DataFrame], float], world: str, bureau: str = "county") -> float:
    """The mean of a measure over panels of one world."""
    return float(np.mean([measure(panel(world, seed, bureau).frame) for seed in SEEDS]))


def first_exposed(frame: pd.DataFrame) -> pd.Series:
    """The report year of a school's first exposed test, missing if it never joins."""
    return frame["pilot_start"].str[:4].astype(float) + 1


def pilot_gap(frame: pd.DataFrame, year: int) -> float:
    """Scores of the newest cohort less those of the schools that never join, one year, points."""
    rows = frame[frame["year"] == year]
    joined = first_exposed(rows)
    scores = rows[SCORE]
    return float(scores[joined == joined.max()].mean() - scores[joined.isna()].mean())


def course_slope(frame: pd.DataFrame, *, with_pre: bool) -> float:
    rows = frame[(frame["year"] == 2025) & frame[SCORE].notna() & frame["pre_score"].notna()]
    beside = [rows["pre_score"].to_numpy()] if with_pre else []
    return slope(rows[SCORE].to_numpy(), rows[f"exposed_{COURSE}"].to_numpy(float), *beside)


@pytest.mark.parametrize("world", WORLDS)
def test_a_panel_has_a_row_per_teacher_and_report_year(world: str) -> None:
    frame, effects = panel(world).frame, panel(world).effects
    assert not frame.duplicated(["teacher_id", "year"]).any()
    assert sorted(frame["year"].unique()) == list(range(2020, 2026))
    assert len(effects) == len(frame)
    assert (effects[PILOT].notna() == (frame[f"exposed_{PILOT}"] == 1) & frame[SCORE].notna()).all()
    assert (effects[SUBSIDY].notna() == (frame[f"exposed_{SUBSIDY}"] == 1)).all()
    # whoever took it before the test is exposed; twelve months before the test hold no more
    assert (frame.loc[effects[COURSE].notna(), f"exposed_{COURSE}"] == 1).all()


@pytest.mark.parametrize("world", NO_EFFECT)
def test_worlds_without_any_effect(world: str) -> None:
    effects = panel(world).effects
    assert effects.notna().any().all()
    assert (effects.fillna(0) == 0).all(axis=None)


def test_same_seed_same_panel() -> None:
    again = draw_panel(of_world("W1"))
    pd.testing.assert_frame_equal(again.frame, panel("W1").frame)
    pd.testing.assert_frame_equal(again.effects, panel("W1").effects)
    assert not draw_panel(of_world("W1", seed=2)).frame[SCORE].equals(again.frame[SCORE])


def test_w1_effects_differ_and_grow() -> None:
    frame, effects = panel("W1", bureau="city").frame, panel("W1", bureau="city").effects
    since = (frame["year"] - first_exposed(frame))[effects[PILOT].notna()]
    points = effects[PILOT].dropna()
    by_age = points.groupby(since).mean()
    assert list(by_age.index) == [0, 1, 2]
    assert by_age.diff().dropna().between(0.4, 1.0).all()  # .7 a year
    by_school = points[since == 0].groupby(frame["school_id"]).mean()
    assert by_school.std() == pytest.approx(0.5, abs=0.15)
    assert points.mean() == pytest.approx(2.0, abs=0.2)
    course = effects[COURSE].dropna()
    assert course.mean() == pytest.approx(1.0, abs=0.1)
    young = frame.loc[course.index, "age"] < 30
    assert course[young].mean() - course[~young].mean() > 0.15
    paid = effects[SUBSIDY].dropna()
    assert paid.max() <= 0
    assert paid.mean() < -0.001


def test_w1_the_subsidy_differs_between_posts() -> None:
    draw = draw_bureau(of_world("W1"), has_office=False)
    rows = draw.fates[draw.fates["year"] == 2025]
    odds = [np.log(rows[name] / (1 - rows[name])) for name in ("leave", "leave_untreated")]
    effect = (odds[0] - odds[1])[lambda values: values.abs() > 1e-9]
    assert effect.mean() == pytest.approx(np.log(0.85), abs=0.03)
    assert effect.std() > 0.02


def test_w1_the_subsidy_grows_in_later_years() -> None:
    longer = draw_panel(of_world("W1", last_year=2027))
    by_year = longer.effects[SUBSIDY].groupby(longer.frame["year"]).mean().dropna()
    assert list(by_year.index) == [2025, 2026, 2027]
    assert by_year.is_monotonic_decreasing


def test_w2_pilots_run_ahead_before_they_start() -> None:
    # .25 points a year in schools that will join; none elsewhere
    years = range(2020, 2025)
    for world, trend, near in (("W2", 0.25, 0.12), ("W0", 0.0, 0.12)):
        gaps = [mean_of(lambda f, y=y: pilot_gap(f, y), world, "city") for y in years]
        assert np.polyfit(years, gaps, 1)[0] == pytest.approx(trend, abs=near)


def test_w2_eligible_posts_leave_less_and_less() -> None:
    def trend(frame: pd.DataFrame) -> float:
        rate = frame.groupby(["year", "subsidy_eligible"])["attrition_A2"].mean().unstack()
        ratio = np.log(rate["yes"] / rate["no"])
        return float(np.polyfit(ratio.index, ratio, 1)[0])

    # - .08 a year in the log-odds; the standard error of three cities is about .02
    assert mean_of(trend, "W2", "city") - mean_of(trend, "W0", "city") == pytest.approx(
        -0.08, abs=0.03
    )


# beside W2, since both are held against the same cities of W0
def missing_gap(frame: pd.DataFrame, is_pilot: bool) -> float:
    """Pre-score of those who left or have no score less that of those tested, in exposed pilot schools or elsewhere."""
    rows = frame[(frame["year"] == 2025) & frame["pre_score"].notna()]
    rows = rows[(rows[f"exposed_{PILOT}"] == 1) == is_pilot]
    mean = rows["pre_score"].groupby(rows[SCORE].isna()).mean()
    return float(mean[True] - mean[False])


def test_w6_the_weak_of_pilot_schools_are_missing() -> None:
    assert mean_of(lambda f: missing_gap(f, True), "W6", "city") < -3
    assert abs(mean_of(lambda f: missing_gap(f, False), "W6", "city")) < 0.6
    assert abs(mean_of(lambda f: missing_gap(f, True), "W0", "city")) < 1.2
    # so that a difference in points appears where there is no effect
    assert mean_of(lambda f: pilot_gap(f, 2025), "W6", "city") > 1.0 + mean_of(
        lambda f: pilot_gap(f, 2025), "W0", "city"
    )


def test_w3_the_best_are_chosen() -> None:
    assert mean_of(lambda f: pilot_gap(f, 2025), "W3", "city") > 3
    assert mean_of(lambda f: course_slope(f, with_pre=False), "W3", "city") > 3
    # the own pre-score takes out part of it, never all
    beside = mean_of(lambda f: course_slope(f, with_pre=True), "W3", "city")
    assert 0.5 < beside < mean_of(lambda f: course_slope(f, with_pre=False), "W3", "city")


def year_of_course(world: str, seed: int) -> tuple[Rows, Rows]:
    """The fates of teachers in the school year 2024/25 and the attendances at the digital course in it."""
    _, years = draw_years(of_world(world, seed, "city"), is_whole=False)
    tables = years[2024 - 2019]
    is_course = tables["trainings"]["programme"] == CODES["programme"].index("digital_course")
    teaches = tables["teachers"]["is_teacher"]
    return take(tables["fates"], teaches), take(tables["trainings"], is_course)


def same_year_odds(seed: int) -> float:
    """Odds ratio of leaving in the very year of the course: those who left early could not take it."""
    fates, held = year_of_course("W4", seed)
    took = np.isin(fates["person"], held["person"])
    left = [np.mean(fates["fate"][took == is_taker] == LEAVES) for is_taker in (False, True)]
    return float(left[1] / (1 - left[1]) / (left[0] / (1 - left[0])))


def landmark_odds(frame: pd.DataFrame) -> float:
    """The same for the course of the year before the window, all years."""
    left = frame.groupby("exposed_digital_course_attrition")["attrition_A2"].mean()
    odds = left / (1 - left)
    return float(odds[1.0] / odds[0.0])


def test_w4_only_those_who_stay_can_take_the_course() -> None:
    immortal = np.mean([same_year_odds(seed) for seed in SEEDS])
    landmark = mean_of(landmark_odds, "W4", "city")
    assert immortal < 0.75
    # takers are younger, who leave more, and live nearer: neither is bias of time
    assert landmark == pytest.approx(1.0, abs=0.15)


def test_w4_the_course_runs_all_year() -> None:
    months = {
        w: len(np.unique(year_of_course(w, 1)[1]["end_date"].astype("M8[M]"))) for w in ("W0", "W4")
    }
    assert months["W0"] <= 5
    assert months["W4"] >= 12


def test_w5_three_of_twelve_districts_start_together() -> None:
    for seed in SEEDS:
        frame = panel("W5", seed).frame
        groups = frame.groupby("school_group")["group_smart_pilot"].agg(["min", "max"])
        assert len(groups) == 12
        assert (groups["min"] == groups["max"]).all()  # whole districts
        assert groups["max"].sum() == 3
        assert frame["pilot_start"].dropna().unique().tolist() == [
            frame["pilot_start"].dropna().iloc[0]
        ]


def test_w5_districts_have_luck_of_their_own() -> None:
    def between(frame: pd.DataFrame) -> float:
        rows = frame[frame[SCORE].notna()]
        cells = rows.groupby(["school_group", "year"])[SCORE].mean().unstack()
        return float(cells.sub(cells.mean(axis=1), axis=0).sub(cells.mean(), axis=1).stack().std())

    assert mean_of(between, "W5") > 1.3 * mean_of(between, "W0")


def test_w7_one_of_sixteen_works() -> None:
    names = [f"exposed_short_{at:02d}_digital_literacy" for at in range(1, 17)]
    found = np.zeros((len(SEEDS), 16))
    for row, seed in enumerate(SEEDS):
        frame = panel("W7", seed, "city").frame
        frame = frame[(frame["year"] == 2025) & frame[SCORE].notna() & frame["pre_score"].notna()]
        flags = [frame[name].to_numpy(float) for name in names]
        pre, y = frame["pre_score"].to_numpy(), frame[SCORE].to_numpy()
        found[row] = [slope(y, flag, pre) for flag in flags]
    mean, three_errors = found.mean(axis=0), 0.5
    assert mean[0] == pytest.approx(1.0, abs=three_errors)
    assert (np.abs(mean[1:]) < three_errors).all()
    assert not {*names} & {*panel("W0").frame.columns}


def test_w8_effects_are_smaller_than_can_be_seen() -> None:
    effects = panel("W8", bureau="city").effects
    # domain.md 5.4: detectable about .10 SD (.77 points) for pilots; 1.2 percentage points for the subsidy
    assert 0 < effects[PILOT].mean() < 0.77 / 2
    assert 0 < effects[COURSE].mean() < 0.3 / 2  # 2.8 standard errors of .11
    assert -0.012 / 2 < effects[SUBSIDY].mean() < 0


def test_the_demonstration_has_the_planted_effects() -> None:
    effects = panel("planted", bureau="city").effects
    assert effects[PILOT].mean() == pytest.approx(2.0, abs=0.1)
    assert effects[COURSE].mean() == pytest.approx(1.0, abs=0.05)
    assert effects[SUBSIDY].mean() == pytest.approx(-0.0034, abs=0.0005)


# --- one truth, two outputs ------------------------------------------------------------------------

NOT_IN_FILES = {"school_group"}  # districts are in no delivered file
ORDER = ["year", "school_id"]


def from_files(options: BureauOptions, space: Workspace) -> pd.DataFrame:
    """The panel as it is built from files, in the order of the rosters; no hand-kept list says anything of it."""
    write_bureau(draw_bureau(options, has_office=False), space.raw)
    study = load_study(space)
    delivery = clean_region(space, study, options.region, options.last_year)
    return build_panel(study, delivery).frame


def as_in_files(options: BureauOptions) -> pd.DataFrame:
    """The panel drawn in memory with the delivered numbers of the schools."""
    frame = draw_panel(options).frame
    numbers = open_register(draw_bureau(options, has_office=False)).schools["school_id"]
    known = frame["school_id"].str[1:].astype(int).map(numbers)
    return frame.assign(school_id=known).sort_values(ORDER, kind="stable", ignore_index=True)


@pytest.mark.parametrize(("bureau", "world"), [("county", "planted"), ("city", "W7")])
def test_memory_and_files_give_the_same_panel(tmp_path: Path, bureau: str, world: str) -> None:
    options = bureau_options(
        bureau,
        teachers=500,
        schools=20,
        pilots=6,
        seed=5,
        first_year=2023,
        dirt="none",
        world=world,
    )
    files = from_files(options, open_workspace(tmp_path)).sort_values(
        [*ORDER, "row_order"], kind="stable", ignore_index=True
    )
    memory = as_in_files(options)
    shared = [name for name in memory if name in files and name != "teacher_id"]
    short = {name for name in memory if name.startswith("exposed_short_")}
    assert {*memory} - {*files} == NOT_IN_FILES | short  # the short courses are in no study file
    assert len(short) == (16 if world == "W7" else 0)
    people = pd.DataFrame({"file": files["teacher_id"], "memory": memory["teacher_id"]})
    people = people.drop_duplicates()
    assert people["file"].is_unique
    assert people["memory"].is_unique
    found, wanted = (
        frame[shared].assign(test_date=pd.to_datetime(frame["test_date"]).dt.as_unit("s"))
        for frame in (files, memory)
    )
    pd.testing.assert_frame_equal(found, wanted, check_dtype=False, rtol=0, atol=1e-9)
    assert wanted.notna().any().all()  # no column is alike because it is empty
