"""What is planted: rates, effects and confounding, in the demo bureau and in the worlds W0 to W8.

Sources: ``domain.md`` 6.3-6.5 (joint structure, effects, confounding), ``methods.md`` 5.1 (worlds).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Planted:
    """The planted truth: rates as shares, effects on leaving as odds ratios, effects on the score in points.

    Triples are urban, town, rural.
    """

    # leaving: the usual yearly rates of those not due to retire, and what raises or lowers the odds
    leave_rate: Triple = (0.0292, 0.0288, 0.0349)
    # yearly shares that move inside the bureau, from row to column
    moves: tuple[Triple, Triple, Triple] = (
        (0.006, 0.0015, 0.0),
        (0.010, 0.008, 0.0),
        (0.0128, 0.0042, 0.008),
    )
    death_rate: float = 0.0006
    age_under_30_odds: float = 1.6
    not_staffed_odds: float = 1.8
    away_odds: float = 1.5
    exhaustion_odds: float = 1.35  # per standard deviation
    distance_odds: float = 1.05  # per ten kilometres
    lead_odds: float = 0.57  # per standard deviation of how well a school is led: the confounder
    lead_on_mentoring: float = 1.3  # log-odds of reaching 20 hours, per the same
    later_odds: float = 0.55  # everyone from 2025 on: the common fall that is nobody's programme
    subsidy_odds: float = 0.80  # on leaving the bureau and on leaving the own area
    subsidy_growth: float = 1.0  # the odds ratio changes by this factor each further year
    subsidy_spread: float = 0.0  # log-odds per standard deviation of distance, mean zero
    subsidy_trend: float = 0.0  # hidden log-odds a year in eligible posts, no programme of anybody
    dormitory_odds: float = 0.65  # against those on the waiting list
    applicant_odds: float = 0.61  # applicants for a flat are the settled: against all of their area
    shadowing_move_odds: float = 1.5  # on moving out of the area, in the year after
    # the score of the 2024 test
    intercept: float = 81.4
    area_points: Triple = (0.0, -0.5, -1.6)
    age_points: float = -0.115  # per year, from age 40
    school_variance: float = 5.1
    shock_sd: float = 0.4  # of a school in one year; remembered by half a year later
    district_sd: float = 0.0  # of a district in one year
    ability_sd: float = 4.85
    noise_sd: float = 5.05
    keen_points: float = 1.9  # per standard deviation of hidden motivation, in 2024
    keen_growth: float = 0.35  # the same, added each year: the keen improve anyway
    course_points: float = 1.0  # on the test of the same school year, and only on that one
    course_spread: float = 0.0  # points per ten years of age under 40, mean zero
    pilot_points: float = 2.0  # on every test after the start
    pilot_growth: float = 0.0  # points more each further year
    pilot_spread: float = 0.0  # standard deviation between schools, points
    pilot_trend: float = 0.0  # hidden points a year in the schools that become pilots
    pilot_advantage: float = (
        3.0  # points of the schools of the newest cohort before anything; naive 4.85
    )
    pilot_noise: float = 0.5  # how far luck decides who becomes a pilot
    shadowing_points: float = 0.8
    course_pull_motivation: float = 0.53  # log-odds of taking the course, per standard deviation
    course_pull_ability: float = 0.0
    short_course_points: float = 0.0  # of the first of the sixteen short courses
    volunteer_exhaustion: float = 0.005  # standard deviations per hour of service
    # who is missing
    not_tested: float = 0.06
    missing_slope: float = 0.0  # log-odds of no test in pilot schools, per standard deviation below
    # how the world is made
    short_courses: int = 0  # short courses that anybody may take
    treated_districts: int = 0  # all schools of so many districts are the pilots, in one cohort
    is_course_all_year: bool = False  # its sessions run from September to August
    is_leaving_all_year: bool = False  # on any day instead of mostly at the end of the school year


NOTHING = Planted(
    subsidy_odds=1.0,
    dormitory_odds=1.0,
    shadowing_move_odds=1.0,
    course_points=0.0,
    pilot_points=0.0,
    shadowing_points=0.0,
    volunteer_exhaustion=0.0,
)
WORLDS: dict[str, Planted] = {
    "planted": Planted(),
    "W0": NOTHING,
    "W1": Planted(
        subsidy_odds=0.85,
        subsidy_growth=0.92,
        subsidy_spread=-0.05,
        course_spread=0.2,
        pilot_points=1.7,
        pilot_growth=0.7,
        pilot_spread=0.5,
    ),
    "W2": replace(NOTHING, pilot_trend=0.25, subsidy_trend=-0.08),
    "W3": replace(
        NOTHING,
        pilot_advantage=4.0,
        pilot_noise=0.05,
        course_pull_motivation=1.0,
        course_pull_ability=1.0,
    ),
    "W4": replace(NOTHING, is_course_all_year=True, is_leaving_all_year=True),
    "W5": replace(NOTHING, treated_districts=3, district_sd=0.6),
    "W6": replace(NOTHING, missing_slope=1.0),
    "W7": replace(NOTHING, short_courses=16, short_course_points=1.0),
    "W8": replace(
        NOTHING, course_points=0.1, pilot_points=0.2, subsidy_odds=0.97, shadowing_points=0.1
    ),
}
WORLD_NOTES = {
    "planted": "the demonstration: effects and confounding of the specification",
    "W0": "no effect on leaving, scores or exhaustion; training hours meet needs as ever",
    "W1": "effects that differ between schools and people and grow with time",
    "W2": "no effect; schools that become pilots and eligible posts follow a hidden trend of their own",
    "W3": "no effect; the best teachers and schools are chosen",
    "W4": "no effect; the course runs all year and only those who stay can take it",
    "W5": "no effect; all schools of three of twelve districts start in one year",
    "W6": "no effect; in pilot schools the weak leave or are not tested",
    "W7": "sixteen short courses, one of which works",
    "W8": "effects too small to be seen",
}

YEAR_ODDS = {2020: 1.03, 2021: 0.97, 2022: 1.0, 2023: 1.04, 2024: 1.0}
# 1.7 points from 2024 to 2025 in 6.4; the ceiling takes a little of it
DRIFT = {2019: -2.2, 2020: -1.8, 2021: -1.4, 2022: -1.0, 2023: -0.5, 2024: 0.0, 2025: 1.8}
DRIFT_STEP = 0.4  # a year after 2025


def plant(world: str) -> Planted:
    """What is planted in one world."""
    return WORLDS[world]


def year_odds(planted: Planted, year: int) -> float:
    """The odds of leaving in a report year relative to the usual, the same for everyone."""
    return planted.later_odds if year >= 2025 else YEAR_ODDS.get(year, 1.0)


def drift_points(year: int) -> float:
    """Points by which everyone's score of a year lies above the 2024 level without any programme."""
    if year > 2025:
        return DRIFT[2025] + DRIFT_STEP * (year - 2025)
    return DRIFT.get(year, DRIFT[2019])
