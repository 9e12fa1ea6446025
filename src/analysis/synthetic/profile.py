"""The shape of a bureau and what is planted in it; every number of the generator that has a meaning is here.

Sources: ``domain.md`` 6.1-6.5 (sizes, calendar, joint structure, planted effects); 2.5 (codes); 5.4 (the
common fall in leaving). Choices that the specification leaves open say so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

AREAS = ("urban", "town", "rural")


@dataclass(frozen=True)
class Profile:
    """What makes a bureau a county: shares by area, calendar of files and tests, start dates."""

    school_shares: dict[str, float]
    teacher_shares: dict[str, float]
    eligible_share: float  # of all teachers, in posts with the rural subsidy
    small_share: float  # of rural schools
    non_teaching_share: float
    not_staffed: dict[str, float]  # share off the establishment
    away: dict[str, float]  # share living away from home; delivered nowhere
    rotation: int  # teachers a year, at full size
    pilot_cohorts: tuple[tuple[int, int], ...]  # report year of the first exposed test, schools
    reference_year: int = 2024  # the snapshot whose size is exact
    first_test_year: int = 2022
    first_ledger_year: int = 2022
    first_survey_year: int = 2025
    subsidy_starts: dt.date = dt.date(2024, 9, 1)


COUNTY = Profile(
    school_shares={"urban": 14 / 112, "town": 36 / 112, "rural": 62 / 112},
    teacher_shares={"urban": 0.27, "town": 0.34, "rural": 0.39},
    eligible_share=3200 / 5862,
    small_share=18 / 62,
    non_teaching_share=0.055,
    not_staffed={"urban": 0.054, "town": 0.054, "rural": 0.12},
    away={"urban": 0.08, "town": 0.15, "rural": 0.28},
    rotation=150,
    pilot_cohorts=((2023, 2), (2024, 4), (2025, 6)),
)
PROFILES = {"county": COUNTY}

# snapshot size against the reference year; within 2 % (a choice)
SIZE_BY_YEAR = {2019: 1.012, 2020: 1.009, 2021: 1.004, 2022: 1.006, 2023: 1.003, 2024: 1.0}
SIZE_LATER = 0.996


@dataclass(frozen=True)
class Planted:
    """The planted truth: rates as shares, effects on leaving as odds ratios, effects on the score in points."""

    leave_rate: dict[str, float] = field(
        default_factory=lambda: {"urban": 0.030, "town": 0.038, "rural": 0.050}
    )
    subsidy_odds: float = 0.80  # on leaving the bureau and on leaving the own area
    course_points: float = 1.0  # on the test of the same school year, and only on that one
    pilot_points: float = 2.0  # on every test after the start
    pilot_advantage: float = (
        2.85  # points that the newest cohort is ahead anyway: naive 4.85 less 2.0
    )
    age_under_30_odds: float = 1.6
    not_staffed_odds: float = 1.8
    away_odds: float = 1.5
    exhaustion_odds: float = 1.35  # per standard deviation
    distance_odds: float = 1.05  # per ten kilometres
    lead_odds: float = (
        0.57  # per standard deviation of how well a school is led; the mentoring confounder
    )
    lead_on_mentoring: float = 1.3  # log-odds of reaching 20 hours, per the same
    # yearly shares that move inside the county; leaving the own area follows shock and subsidy
    moves: dict[tuple[str, str], float] = field(
        default_factory=lambda: {
            ("rural", "urban"): 0.015,
            ("rural", "town"): 0.005,
            ("town", "urban"): 0.010,
            ("urban", "town"): 0.0015,
            ("urban", "urban"): 0.006,
            ("town", "town"): 0.008,
            ("rural", "rural"): 0.008,
        }
    )
    death_rate: float = 0.0006
    # the score of the 2024 test
    intercept: float = 81.95
    area_points: dict[str, float] = field(
        default_factory=lambda: {"urban": 0.0, "town": -0.5, "rural": -1.6}
    )
    age_points: float = -0.115  # per year, from age 40
    school_variance: float = 5.1
    ability_sd: float = 4.9
    noise_sd: float = 5.1
    keen_points: float = 1.9  # per standard deviation of hidden motivation, in 2024
    keen_growth: float = 0.35  # the same, added each year: the keen improve anyway


YEAR_ODDS = {2020: 1.03, 2021: 0.97, 2022: 1.0, 2023: 1.04, 2024: 0.98}
YEAR_ODDS_LATER = 0.55  # from 2025 on: the common fall that is nobody's programme
DRIFT = {2022: -1.0, 2023: -0.5, 2024: 0.0, 2025: 1.7}
DRIFT_STEP = 0.4  # a year after 2025


def plant(world: str) -> Planted:
    """What is planted in one world: ``planted``, or ``W0`` where no programme has any effect."""
    if world == "W0":
        return Planted(subsidy_odds=1.0, course_points=0.0, pilot_points=0.0)
    return Planted()


def year_odds(year: int) -> float:
    """The odds of leaving in a report year relative to the usual, the same for everyone."""
    return YEAR_ODDS_LATER if year >= 2025 else YEAR_ODDS.get(year, 1.0)


def drift_points(year: int) -> float:
    """Points by which everyone's score of a year lies above the 2024 level without any programme."""
    if year > 2025:
        return DRIFT[2025] + DRIFT_STEP * (year - 2025)
    return DRIFT.get(year, DRIFT[2022])


def snapshot_size(teachers: int, year: int) -> int:
    """Teachers in post on 1 September of a year, for a bureau of so many in the reference year."""
    return round(teachers * SIZE_BY_YEAR.get(year, SIZE_LATER))
