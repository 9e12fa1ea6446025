"""The teacher survey of March: needs, emotional exhaustion, intention to leave, hours; and who answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.streams import intercept_for, sigmoid, stream

RESPONSE = 0.80
# log-odds of answering (domain.md 6.6): not at random
RESPONSE_PULL = {"motivation": 0.25, "rural": -0.25, "not_staffed": -0.40, "exhaustion": -0.20}
# mean of the need on a scale of 1 to 5 (before rounding), and what rural posts add
NEEDS = {
    "need_digital": (3.30, 0.75),
    "need_interdisciplinary": (3.25, 0.70),
    "need_design": (3.40, -0.10),
    "need_assignment": (3.20, -0.10),
    "need_mental": (3.15, 0.0),
}
EXHAUSTION_MEAN = 2.53
EXHAUSTION_SD = 0.65
INTENTION_LINK = 0.415  # of a standard deviation; gives a correlation near .41 after rounding
LINKABLE = 0.92
SPEEDERS = 0.02


def draw_survey(seed: int, year: int, roster: pd.DataFrame, is_present: np.ndarray) -> pd.DataFrame:
    """The answers of March ``year``; a row is a respondent.

    ``roster`` is that of 1 September before; ``is_present`` says who is still in post. ``is_linkable`` is
    false for those who left their staff number blank or mistyped it. Needs 1-5, exhaustion 0-6, intention
    1-5, working hours a week, seconds taken.
    """
    rng = stream(seed, year, "survey")
    answers = roster[["person", "school", "area", "sex", "age", "years_teaching"]].copy()
    answers["working_hours"] = _working_hours(rng, roster)
    answers["burnout_ee"] = _exhaustion(rng, roster, answers["working_hours"])
    answers["leave_intention"] = _intention(rng, roster, answers["burnout_ee"])
    answers = answers.join(_needs(rng, roster))
    answers["survey_date"] = _moments(rng, len(roster), year)
    answers["answer_seconds"] = _seconds(rng, len(roster))
    answers["is_linkable"] = rng.random(len(roster)) < LINKABLE
    answers["year"] = year
    has_answered = rng.random(len(roster)) < _response_chances(roster)
    chosen = answers[has_answered & is_present & roster["is_teacher"]]
    return chosen.sort_values(["survey_date", "person"], ignore_index=True)


def _response_chances(roster: pd.DataFrame) -> np.ndarray:
    pull = (
        RESPONSE_PULL["motivation"] * roster["hidden_motivation"]
        + RESPONSE_PULL["rural"] * (roster["area"] == "rural")
        + RESPONSE_PULL["not_staffed"] * ~roster["staffed_post"]
        + RESPONSE_PULL["exhaustion"] * roster["hidden_exhaustion"]
    ).to_numpy(float)
    return sigmoid(pull + intercept_for(RESPONSE, pull))


def _working_hours(rng: Generator, roster: pd.DataFrame) -> np.ndarray:
    extra = 4.5 * roster["homeroom"] + 2.5 * roster["is_small"]
    return (rng.normal(46.5, 5.0, len(roster)) + extra).clip(25, 75).round().astype(int).to_numpy()


def _exhaustion(rng: Generator, roster: pd.DataFrame, hours: pd.Series) -> np.ndarray:
    """Mean of nine items answered 0 to 6: a person's own level, hours, homeroom, novices, small schools."""
    lead = -0.11 * roster["hidden_lead"]  # the school part, about .05 of the variance
    load = 0.02 * (hours - 48) + 0.15 * roster["homeroom"] + 0.15 * (roster["years_teaching"] < 3)
    load = load + 0.25 * roster["is_small"] + 0.05 * (roster["area"] == "rural")
    own = EXHAUSTION_SD * (
        0.85 * roster["hidden_exhaustion"] + 0.5 * rng.standard_normal(len(roster))
    )
    mean = (EXHAUSTION_MEAN - 0.02 + load + own + lead).clip(0, 6)
    return (np.round(mean * 9) / 9).round(2).to_numpy()


def _intention(rng: Generator, roster: pd.DataFrame, exhaustion: pd.Series) -> np.ndarray:
    """Mean of four items answered 1 to 5: exhaustion, living away from home, and the rest."""
    z = (exhaustion - exhaustion.mean()) / exhaustion.std()
    rest = rng.standard_normal(len(roster)) + 0.4 * roster["hidden_away"]
    mean = 2.25 + 0.8 * (INTENTION_LINK * z + 0.88 * rest)
    return (np.round(mean.clip(1, 5) * 4) / 4).to_numpy()


def _needs(rng: Generator, roster: pd.DataFrame) -> pd.DataFrame:
    is_rural = (roster["area"] == "rural").to_numpy(float)
    own = 0.4 * rng.standard_normal(len(roster))
    needs = {
        name: base + rural * is_rural + own + 1.05 * rng.standard_normal(len(roster))
        for name, (base, rural) in NEEDS.items()
    }
    return pd.DataFrame(needs, index=roster.index).round().clip(1, 5).astype(int)


def _moments(rng: Generator, size: int, year: int) -> np.ndarray:
    """Minutes of the second half of March, in working hours."""
    day = np.datetime64(f"{year}-03-10") + rng.integers(0, 14, size)
    return day + rng.integers(8 * 60, 21 * 60, size).astype("timedelta64[m]")


def _seconds(rng: Generator, size: int) -> np.ndarray:
    usual = rng.lognormal(5.85, 0.45, size).clip(95, 40000)
    return np.where(rng.random(size) < SPEEDERS, rng.uniform(25, 85, size), usual).astype(int)
