"""The digital-literacy test of each May: a person part, a school part, what the programmes add, and five dimensions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.profile import Planted, drift_points
from analysis.synthetic.streams import stream

DIMENSIONS = (
    "digital_awareness",
    "digital_skills",
    "digital_application",
    "digital_responsibility",
    "professional_growth",
)
# points above or below the total: responsibility best, application weakest (domain.md 5.3); sums to zero
LEVELS = np.array([1.2, -0.8, -2.9, 2.2, 0.3])
RURAL_LEVELS = np.array([0.2, 0.2, -0.8, 0.2, 0.2])  # the rural gap lies mostly in application
DIMENSION_SD = 3.2
NOT_TESTED = 0.06
EXCELLENT = 85.0


def draw_scores(
    seed: int, year: int, roster: pd.DataFrame, exposure: pd.DataFrame, planted: Planted
) -> pd.DataFrame:
    """The test of May ``year``; a row is a tested teacher of the roster of 1 September before.

    ``exposure`` (same rows as ``roster``) has ``took_course``, ``in_pilot`` and ``is_present``, still in post
    in May. Scores in points, 0 to 100; ``score_without_course`` and ``score_without_pilot`` are the same
    person's score with one programme taken away. The total is the mean of the five dimensions.
    """
    rng = stream(seed, year, "assessments")
    plain = plain_score(rng, roster, planted, year)
    spread = _dimension_spread(rng, roster)
    course = planted.course_points * exposure["took_course"].to_numpy(float)
    pilot = planted.pilot_points * exposure["in_pilot"].to_numpy(float)
    dimensions = _dimensions(plain + course + pilot, spread)
    scores = roster[["person", "school", "area"]].assign(year=year)
    scores[list(DIMENSIONS)] = dimensions
    scores["digital_score"] = _total(dimensions)
    scores["score_without_course"] = _total(_dimensions(plain + pilot, spread))
    scores["score_without_pilot"] = _total(_dimensions(plain + course, spread))
    scores[["took_course", "in_pilot"]] = exposure[["took_course", "in_pilot"]]
    scores["test_date"] = np.datetime64(f"{year}-05-12") + rng.integers(0, 9, len(roster))
    is_tested = roster["is_teacher"] & exposure["is_present"]
    is_tested &= rng.random(len(roster)) >= NOT_TESTED
    return scores[is_tested].reset_index(drop=True)


def plain_score(rng: Generator, roster: pd.DataFrame, planted: Planted, year: int) -> np.ndarray:
    """The score without any programme and before rounding, in points (``domain.md`` 6.3)."""
    keen = planted.keen_points + planted.keen_growth * (year - 2024)
    return (
        planted.intercept
        + drift_points(year)
        + roster["hidden_score"].to_numpy()
        + roster["area"].map(planted.area_points).to_numpy()
        + planted.age_points * (roster["age"].to_numpy() - 40)
        + keen * roster["hidden_motivation"].to_numpy()
        + planted.ability_sd * roster["hidden_ability"].to_numpy()
        + planted.noise_sd * rng.standard_normal(len(roster))
    )


def _dimension_spread(rng: Generator, roster: pd.DataFrame) -> np.ndarray:
    """How each dimension departs from the total, summing to zero for each teacher (rows by 5)."""
    own = rng.normal(0.0, DIMENSION_SD, (len(roster), len(DIMENSIONS)))
    own -= own.mean(axis=1, keepdims=True)
    is_rural = (roster["area"] == "rural").to_numpy(float)
    return own + LEVELS + is_rural[:, None] * RURAL_LEVELS


def _dimensions(score: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Points to one decimal, averaging to the score; near 100 the dimensions draw together.

    A total above 100 is 100: the slight ceiling of the test.
    """
    total = score.clip(0, 100)[:, None]
    room = np.where(spread > 0, 100 - total, total)
    fits = np.divide(room, np.abs(spread), out=np.ones_like(spread), where=spread != 0)
    return np.round(total + spread * fits.min(axis=1, keepdims=True).clip(0, 1), 1)


def _total(dimensions: np.ndarray) -> np.ndarray:
    return np.round(dimensions.mean(axis=1), 2)
