"""Drawn rows for the landmark hazard: one row per person and period, with the planted answer; all numbers invented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.design import Design
from analysis.inference.sample import Sample, draw_sample

LANDMARK = Design(
    kind="hazard",
    outcome="left",
    treatment="took",
    cluster="school",
    unit="pp",
    controls=("sex", "tenure"),
    unit_id="person",
    time="year",
    link="logit",
    causes="reason",
    assignment="volunteer",
)


@dataclass(frozen=True)
class Drawn:
    """Rows of a drawn world and the mean planted risk difference on the exposed rows, in percentage points."""

    frame: pd.DataFrame
    truth: float


def sigmoid(value: np.ndarray) -> np.ndarray:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-value)))


def draw_volunteers(
    seed: int, schools: int = 60, size: int = 25, years: int = 4, effect: float = -0.35
) -> Drawn:
    """Volunteers: women and beginners take the course more often, beginners leave more often; leavers are replaced."""
    rng = np.random.default_rng(seed)
    n, shock = schools * size, rng.normal(scale=0.25, size=schools)
    school, person = np.repeat(np.arange(schools), size), np.arange(n)
    sex, tenure, following = rng.random(n) < 0.7, rng.integers(0, 35, n), n
    rows, gaps = [], []
    for year in range(2021, 2021 + years):
        took = rng.random(n) < sigmoid(-1.6 + 0.5 * sex + 0.8 * (tenure < 6))
        base = -2.9 + 0.9 * (tenure < 6) + 0.1 * (year - 2021) + shock[school] - 0.2 * sex
        left = rng.random(n) < sigmoid(base + effect * took)
        gaps.append((sigmoid(base + effect) - sigmoid(base))[took])
        rows.append(one_year(year, person, school, sex, tenure, took, left, rng))
        person = np.where(left, following + np.arange(n), person)
        following += n
        tenure, sex = np.where(left, 0, tenure + 1), np.where(left, rng.random(n) < 0.7, sex)
    return Drawn(pd.concat(rows, ignore_index=True), 100 * float(np.concatenate(gaps).mean()))


def one_year(
    year: int,
    person: np.ndarray,
    school: np.ndarray,
    sex: np.ndarray,
    tenure: np.ndarray,
    took: np.ndarray,
    left: np.ndarray,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The rows of one period: three reasons of leaving, the first for half of the leavers."""
    reason = rng.choice(["resigned", "moved", "other"], len(person), p=[0.5, 0.3, 0.2])
    return pd.DataFrame(
        {
            "person": person,
            "year": year,
            "school": school,
            "sex": np.where(sex, "female", "male"),
            "tenure": tenure.astype(float),
            "took": took.astype(float),
            "left": left.astype(float),
            "reason": pd.Series(reason).where(left),
        }
    )


def draw_immortal(seed: int, people: int = 3000, years: int = 5) -> pd.DataFrame:
    """No effect: everybody may be asked to the course in any year, and takes it in the second half if still there.

    ``took``: the course ended before this landmark; ``ever``: taken at any time, as a list read at the end says.
    """
    rng = np.random.default_rng(seed)
    left_in = rng.geometric(0.12, people)
    took_in = np.where(rng.random(people) < 0.6, rng.integers(1, years + 1, people), 99)
    took_in = np.where(
        took_in < left_in, took_in, 99
    )  # who leaves in a year cannot take its course
    rows = []
    for year in range(1, years + 1):
        there = np.flatnonzero(left_in >= year)
        rows.append(
            pd.DataFrame(
                {
                    "person": there,
                    "year": year,
                    "school": there % 50,
                    "sex": np.where(there % 3 == 0, "male", "female"),
                    "tenure": (there % 30 + year).astype(float),
                    "took": (took_in[there] == year - 1).astype(float),
                    "ever": (took_in[there] < 99).astype(float),
                    "left": (left_in[there] == year).astype(float),
                    "reason": "other",
                }
            )
        )
    frame = pd.concat(rows, ignore_index=True)
    return frame[frame["year"] > 1].reset_index(drop=True)


def draw_school_course(seed: int, schools: int = 60, exposed: int = 20) -> Drawn:
    """Twenty of sixty schools exposed, log odds of leaving -.35 there; three years of 25 teachers a school."""
    rng = np.random.default_rng(seed)
    n, shock = schools * 25, rng.normal(scale=0.2, size=schools)
    school = np.repeat(np.arange(schools), 25)
    took = (school < exposed).astype(float)
    rows, gaps = [], []
    for year in range(2021, 2024):
        base = -2.85 + 0.1 * (year - 2021) + shock[school]
        left = rng.random(n) < sigmoid(base - 0.35 * took)
        gaps.append((sigmoid(base - 0.35) - sigmoid(base))[took == 1])
        ones = np.ones(n, dtype=bool)
        person = np.arange(n) + n * (year - 2021)
        rows.append(one_year(year, person, school, ones, ones * 9, took, left, rng))
    return Drawn(pd.concat(rows, ignore_index=True), 100 * float(np.concatenate(gaps).mean()))


def hazard_sample(frame: pd.DataFrame, design: Design = LANDMARK) -> Sample:
    """Complete cases of drawn rows."""
    return draw_sample(frame, design)
