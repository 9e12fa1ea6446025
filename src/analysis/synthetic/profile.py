"""The shape of the two bureaus: sizes, shares by area, calendar and head counts; every number of 6.1 and 6.2.

Sources: ``domain.md`` 1.1, 1.2, 2.5, 6.1-6.3 of the specification. Numbers that it leaves open say "a choice".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

AREAS = ("urban", "town", "rural")
URBAN, TOWN, RURAL = range(3)
FIRST_SUBSIDY = dt.date(2024, 9, 1)


@dataclass(frozen=True)
class Profile:
    """What makes a bureau a county or a city. Counts of people are those of the full size."""

    label: str
    teachers: int  # full size, in post on 1 September of the reference year
    schools: int
    pilots: int
    school_shares: tuple[float, float, float]  # by area, as all triples here
    teacher_shares: tuple[float, float, float]
    eligible_share: float  # of all teachers, in posts with the rural subsidy
    small_share: float  # of rural schools
    not_staffed: tuple[float, float, float]  # share off the establishment
    rotation: int  # teachers a year
    general_teachers: int  # who teach all subjects in small schools
    dormitories: tuple[int, int]  # flats, teachers on the waiting list
    services: int  # volunteer services a year
    pilot_cohorts: tuple[tuple[int, int], ...]  # report year of the first exposed test, schools
    first_test_year: int
    first_ledger_year: int  # the first whole school year that the ledger covers
    response: float  # share of teachers who answer the March survey
    has_need_survey: bool  # needs are asked of everybody in October, not in the survey of March
    course_share: dict[int, float]  # of teachers who take the digital course, by year
    course_usual: float  # in the other years
    course_repeats: float  # share of them who take it twice in a year
    districts: int = 12
    away: tuple[float, float, float] = (
        0.08,
        0.15,
        0.28,
    )  # living away from home; delivered nowhere
    non_teaching_share: float = 0.055
    first_survey_year: int = 2025
    first_office_year: int = 2024  # hand-kept lists
    subsidy_starts: dt.date = FIRST_SUBSIDY
    new_form: int = 0  # first year of another test form, 0 if it never changed
    form_points: float = 0.0  # points by which the old form was easier
    # snapshot size against the reference year; within 3 % (a choice)
    sizes: dict[int, float] = field(
        default_factory=lambda: {2019: 1.012, 2020: 1.009, 2021: 1.004, 2022: 1.006, 2023: 1.003}
    )
    # share of rural teachers below the bureau's standard of education, by snapshot
    unqualified: dict[int, float] = field(
        default_factory=lambda: {2023: 0.045, 2024: 0.025, 2025: 0.013, 2026: 0.010}
    )


COUNTY = Profile(
    label="示例县",
    teachers=5862,
    schools=112,
    pilots=12,
    school_shares=(14 / 112, 36 / 112, 62 / 112),
    teacher_shares=(0.27, 0.34, 0.39),
    eligible_share=3200 / 5862,
    small_share=18 / 62,
    not_staffed=(0.054, 0.054, 0.12),
    rotation=150,
    general_teachers=33,
    dormitories=(60, 70),
    services=3500,
    pilot_cohorts=((2023, 2), (2024, 4), (2025, 6)),
    first_test_year=2022,
    first_ledger_year=2022,
    response=0.75,
    has_need_survey=True,
    course_share={},
    course_usual=0.165,
    course_repeats=0.0,
)
CITY = Profile(
    label="示例市",
    teachers=20000,
    schools=360,
    pilots=50,
    school_shares=(118 / 360, 104 / 360, 138 / 360),
    teacher_shares=(0.46, 0.34, 0.20),
    eligible_share=6700 / 20000,
    small_share=32 / 138,
    not_staffed=(0.07, 0.07, 0.12),
    rotation=1500,
    general_teachers=58,
    dormitories=(200, 240),
    services=12000,
    pilot_cohorts=((2023, 10), (2024, 15), (2025, 25)),
    first_test_year=2019,
    first_ledger_year=2022,
    response=0.80,
    has_need_survey=False,
    course_share={2025: 0.685},
    course_usual=0.10,
    course_repeats=0.095,
    new_form=2023,
    form_points=1.5,
    sizes={2019: 0.975, 2020: 0.977, 2021: 0.979, 2022: 0.981, 2023: 0.983},
)
PROFILES = {"county": COUNTY, "city": CITY}

REFERENCE_YEAR, SIZE_LATER = 2024, 0.996
LAST_EARLY_UNQUALIFIED = 0.075  # before the years of ``unqualified`` (a choice)


def snapshot_size(profile: Profile, teachers: int, year: int) -> int:
    """Teachers in post on 1 September of a year, for a bureau of so many in the reference year."""
    if year == REFERENCE_YEAR:
        return teachers
    earliest = profile.sizes[min(profile.sizes)]
    usual = SIZE_LATER if year > REFERENCE_YEAR else earliest
    return round(teachers * profile.sizes.get(year, usual))


def unqualified_share(profile: Profile, year: int) -> float:
    """The share of rural teachers below the standard of education on 1 September of a year."""
    known = profile.unqualified
    if year < min(known):
        return LAST_EARLY_UNQUALIFIED
    return known.get(year, known[max(known)])
