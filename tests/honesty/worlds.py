"""What is simulated: worlds, sizes of the bureau, the study that is asked, and what is true of each draw.

Worlds: ``methods.md`` 5.1. Two levels: ``estimator`` looks at numbers (cheap checks), ``grade`` at grade and verdict
(every check). A plan is one world in one bureau at one level, with its own store and its own seeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal
from unittest.mock import patch

import numpy as np
import pandas as pd

from analysis.inference.record import Estimate
from analysis.panel.build import Panel
from analysis.study.load import load_study
from analysis.study.objects import Attendance, Intervention, Study
from analysis.study.workspace import open_workspace
from analysis.synthetic.options import bureau_options
from analysis.synthetic.planted import NOTHING, WORLDS
from analysis.synthetic.worlds import SHORT_HOURS, DrawnPanel, draw_panel

LevelName = Literal["estimator", "grade"]
FIRST_SEED = 10_001  # far from the seeds that tests look at, so that nothing was tuned on them
YEAR = 2025
SIXTEEN = "W0-16"  # W0 with the sixteen short courses of W7, none of which works
SHORT = tuple(f"short_{at:02d}" for at in range(1, 17))
SCORE, LEAVING = "digital_literacy", "attrition"
COURSE, PILOT, PSEUDO = "digital_course", "smart_pilot", "pseudo_pilot"
PSEUDO_YEAR = 2022  # first test of the pretended start, before every real one
PSEUDO_TESTS = 2020  # the first test must not be later, so that two lie before the pretended start
# W1 without what no file tells (who is keen comes as often and improves as fast): there the course is identified
OPEN = "W1-open"
MORE_WORLDS = {
    SIXTEEN: replace(NOTHING, short_courses=16),
    OPEN: replace(WORLDS["W1"], course_pull_motivation=0.0, keen_growth=0.0),
}
NO_EFFECT = ("W0", SIXTEEN, "W2", "W3", "W4", "W5", "W6", "W7")
# planted somewhere, but not stated row by row in a drawn panel: their truth is not known here
NOT_STATED = {("dormitory", "attrition"), ("shadowing", "attrition"), ("shadowing", SCORE)}

BUREAUS: dict[str, dict[str, Any]] = {
    "county": {"bureau": "county"},
    "city": {"bureau": "city"},
    # 200 schools, 50 pilots in three cohorts, 8 report years (methods.md 5.1)
    "panel": {"bureau": "city", "teachers": 8000, "schools": 200, "pilots": 50, "first_year": 2017},
    # for the tests of the suite: large enough for two cohorts, small enough to be quick
    "small": {"bureau": "city", "teachers": 1800, "schools": 60, "pilots": 15},
}

# design of the study file -> whose planted effects its number is the average of
TRUTH_ROWS = {
    "policy_logit": "exposed",
    "policy_linear": "exposed",
    "landmark_logit": "exposed",
    "ancova": "newest",  # those who have a score before, in the report year
}


@dataclass(frozen=True)
class Plan:
    """One world in one bureau at one level, and how many draws it is asked for."""

    world: str
    level: LevelName
    bureau: str
    draws: int
    outcomes: tuple[str, ...] = ()  # all of the study if empty; an outcome is a family of its own

    @property
    def name(self) -> str:
        """What its store is called."""
        return f"{self.level}-{self.world}-{self.bureau}"

    @property
    def seeds(self) -> range:
        """The seeds of its draws, the same in every world."""
        return range(FIRST_SEED, FIRST_SEED + self.draws)

    @property
    def is_short(self) -> bool:
        """Whether its question is the sixteen short courses and nothing else."""
        return bool(world_of(self.world).short_courses)


def world_of(name: str) -> Any:
    """What is planted in a world, those of the package and the one more that is simulated here."""
    return (WORLDS | MORE_WORLDS)[name]


PLANS = (
    Plan("W0", "estimator", "panel", 1000),
    Plan("W1", "estimator", "panel", 1000),
    Plan(OPEN, "estimator", "panel", 1000, (SCORE,)),
    Plan(SIXTEEN, "estimator", "panel", 1000),
    Plan("planted", "grade", "county", 200),
    Plan("planted", "grade", "city", 200, (SCORE,)),
    Plan("W2", "grade", "city", 200, (SCORE,)),
    Plan("W3", "grade", "panel", 200, (SCORE,)),
    Plan("W4", "grade", "panel", 200, (LEAVING,)),
    Plan("W5", "grade", "panel", 200),
    Plan("W6", "grade", "panel", 200, (SCORE,)),
    Plan("W7", "grade", "city", 200),
    Plan("W8", "grade", "panel", 200),
    Plan("W0", "grade", "city", 200),
)


@contextmanager
def known_worlds() -> Iterator[None]:
    """The package's list of worlds, with the one more that only the simulations need."""
    with patch.dict(WORLDS, MORE_WORLDS):
        yield


def draw_world(plan: Plan, seed: int) -> DrawnPanel:
    """One panel of a plan; each person's fate is drawn on its own, as simulations must."""
    size = BUREAUS[plan.bureau]
    with known_worlds():
        options = bureau_options(
            **size, world=plan.world, seed=seed, region="demo-honesty", fixed_totals=False
        )
        return draw_panel(options)


@lru_cache(maxsize=4)
def study_of(is_short: bool) -> Study:
    """The live study; for the sixteen short courses, the same with them as its only programmes."""
    study = load_study(open_workspace())
    if not is_short:
        return study
    pattern = study.interventions[COURSE]
    entries = {name: short_course(pattern, name) for name in SHORT}
    return study.model_copy(update={"interventions": entries})


def short_course(pattern: Intervention, name: str) -> Intervention:
    """The study entry of one short course: the digital course's, held against the score only."""
    rule = Attendance(kind="attendance", programme=name, min_hours=SHORT_HOURS)
    changes = {"id": name, "label_en": name, "exposure": rule, "concurrent": ()}
    return pattern.model_copy(update=changes | {"design": {SCORE: pattern.design[SCORE]}})


def panel_of(frame: pd.DataFrame, year: int = YEAR) -> Panel:
    """A drawn frame as inference expects it: nothing delivered, so no files and nothing absent."""
    return Panel(region="demo-honesty", year=year, frame=frame)


def pseudo_pilot(drawn: DrawnPanel) -> Panel | None:
    """The same pilots with a start pretended before every real one (``domain.md`` 6.7), up to its first test.

    None where no two tests lie before it.
    """
    frame, score = drawn.frame, f"{SCORE}_score"
    tested = frame.loc[frame[score].notna(), "year"]
    if tested.min() > PSEUDO_TESTS:
        return None
    before = frame[frame["year"] <= PSEUDO_YEAR].copy()
    is_pilot = before[f"group_{PILOT}"] == 1
    before["pilot_start"] = before["pilot_start"].where(~is_pilot, f"{PSEUDO_YEAR - 1}-09")
    is_on = (is_pilot & (before["year"] >= PSEUDO_YEAR)).astype(float)
    for outcome in (SCORE, "attrition"):
        before[f"exposed_{PILOT}_{outcome}"] = is_on
    return panel_of(before.reset_index(drop=True), PSEUDO_YEAR)


def truth_of(drawn: DrawnPanel, plan: Plan, estimate: Estimate) -> float | None:
    """The planted effect, averaged over the exposed rows that the estimate is about, in its unit.

    0 where nothing is planted, None where it is planted but not stated row by row. KeyError for a design that
    ``TRUTH_ROWS`` does not know, so that no estimate is held against the truth of another question.
    """
    column = f"{estimate.subject}_{estimate.outcome}"
    if column not in drawn.effects:
        hidden = (estimate.subject, estimate.outcome) in NOT_STATED and plan.world not in NO_EFFECT
        return None if hidden else 0.0
    effects = drawn.effects[column][truth_rows(drawn, estimate)].dropna()
    scale = 100.0 if estimate.unit == "pp" else 1.0
    return scale * float(effects.mean()) if len(effects) else 0.0


def truth_rows(drawn: DrawnPanel, estimate: Estimate) -> np.ndarray:
    """N booleans: rows of the report year aligned on a score before (newest cohort), or all rows."""
    frame = drawn.frame
    if TRUTH_ROWS[estimate.design] == "exposed":
        return np.ones(len(frame), dtype=bool)
    rows = (frame["year"] == estimate.year) & frame["pre_score"].notna()
    if estimate.subject == PILOT:
        rows &= frame["pilot_start"].str[:4] == str(estimate.year - 1)
    return rows.to_numpy()
