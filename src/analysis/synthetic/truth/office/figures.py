"""How long the hand-kept lists of the two bureaus are, and what they say in total.

Counts are those of the full size; other sizes have them in proportion. Sources: ``domain.md`` 1.1, 1.2
and 6.2 of the specification, by the row of its inventory; where that has no number it says "a choice".
"""

from __future__ import annotations

from dataclasses import dataclass, field

Levels = dict[str, int]


@dataclass(frozen=True)
class Figures:
    """What the lists of one kind of bureau add up to, in one report year."""

    studios: int  # 名师工作室
    studio_reach: dict[int, float]  # share of schools with a member, by report year
    chief_studios: int  # 乡村首席教师工作室
    leaders: int  # 学科带头人
    titles: dict[tuple[str, str], int]  # honour and level -> honoured
    contest: Levels  # the skills contest: level -> prizes
    rural_prizes: dict[int, int]  # of them rural, by report year; empty: as it comes
    micro_cases: int  # 微课 and 智慧课堂案例
    micro_shown: int  # of them shown provincially
    ethics_cases: int  # 师德故事
    ethics_kept: int  # of them in the provincial library
    projects: Levels  # 课题: level -> applied
    approved_share: float
    trainers: Levels  # kind of trainer -> how many
    catalogue: int  # courses of the training catalogue
    practice_share: float  # of the hours of the catalogue
    lessons: int  # of the cloud platform
    logins: dict[int, int]  # a day over the year, by report year
    school_pairs: bool  # backbone teachers with two or three young ones
    area_pairs: int  # urban with rural teachers
    visits: int  # follow-up visits after training
    promotions: int  # 职称定向评价
    new_teachers: int | None  # None: all who were hired
    excellent: dict[int, float]  # share of new teachers, by report year
    passed: float
    inspections: int
    meetings: int
    funds: dict[str, tuple[int, int, float]] = field(default_factory=dict)


# programme -> attendances, hours of each, thousand yuan; the rest a choice
CITY_FUNDS = {
    "digital_course": (15000, 16, 1800.0),  # row 33
    "upgrading": (3200, 24, 960.0),  # row 17
    "study_tour": (1200, 24, 720.0),  # row 9
    "outreach": (6000, 6, 240.0),  # row 24
    "shadowing": (200, 80, 160.0),  # row 25
    "induction": (1200, 120, 600.0),  # row 16
    "studio_activity": (2400, 6, 360.0),
    "interdisciplinary": (5200, 12, 620.0),
    "mental_health": (4300, 8, 300.0),
    "ai_training": (2600, 8, 280.0),
}
# every number of the county is a choice: row 62 says "X 万元"
COUNTY_FUNDS = {
    "digital_course": (900, 16, 145.0),
    "upgrading": (420, 24, 126.0),
    "outreach": (1300, 6, 52.0),
    "induction": (300, 80, 120.0),
    "studio_activity": (600, 6, 42.0),
    "interdisciplinary": (1500, 12, 150.0),
    "lesson_design": (5200, 8, 208.0),
    "mental_health": (1800, 8, 110.0),
    "ai_training": (1500, 8, 120.0),
    "online_general": (5862, 60, 117.0),
}

CITY = Figures(
    studios=12,
    studio_reach={2022: 0.17, 2023: 0.31, 2024: 0.45, 2025: 0.59},  # row 19: over 200 of 360
    chief_studios=0,
    leaders=87,
    titles={("ethics_model", "city"): 50, ("rural_model", "city"): 20},  # row 12
    contest={"city": 120, "province": 3},  # row 18
    rural_prizes={},
    micro_cases=200,
    micro_shown=30,
    ethics_cases=1200,
    ethics_kept=32,
    projects={"city": 260, "province": 60, "nation": 5},  # a choice
    approved_share=0.62,  # a choice: the city's text has no rate
    trainers={"expert": 320, "district": 380},  # a choice
    catalogue=320,  # a choice
    practice_share=0.46,  # a choice
    lessons=8000,
    logins={2024: 9600, 2025: 12000},  # the first is a choice
    school_pairs=False,
    area_pairs=0,
    visits=1500,  # a choice
    promotions=35,
    new_teachers=1200,
    excellent={2024: 0.75, 2025: 0.85},
    passed=0.99,  # a choice
    inspections=90,  # a choice
    meetings=6,  # a choice
    funds=CITY_FUNDS,
)
COUNTY = Figures(
    studios=6,  # row 58 says X, here and below: a choice
    studio_reach={2022: 0.12, 2023: 0.22, 2024: 0.32, 2025: 0.40},
    chief_studios=12,
    leaders=0,
    titles={
        ("excellent_teacher", "county"): 180,
        ("excellent_teacher", "city"): 32,
        ("excellent_teacher", "province"): 4,
        ("excellent_worker", "county"): 60,
        ("excellent_worker", "city"): 10,
        ("excellent_worker", "province"): 2,
    },
    contest={"county": 110, "city": 24, "province": 6},
    rural_prizes={2024: 20, 2025: 26},  # row 66: + 30 %
    micro_cases=0,
    micro_shown=0,
    ethics_cases=0,
    ethics_kept=0,
    projects={"county": 120, "city": 60, "province": 20},
    approved_share=0.95,  # row 59
    trainers={"expert": 120, "township": 150},  # row 40
    catalogue=160,
    practice_share=0.43,  # the file says 50 %
    lessons=0,
    logins={},
    school_pairs=True,
    area_pairs=160,
    visits=420,
    promotions=0,
    new_teachers=None,
    excellent={2024: 0.31, 2025: 0.35},  # the first is a choice
    passed=0.98,
    inspections=48,
    meetings=4,  # row 39
    funds=COUNTY_FUNDS,
)
FIGURES = {"county": COUNTY, "city": CITY}


def in_year(by_year: dict[int, float] | dict[int, int], year: int) -> float:
    """The figure of a year; that of the nearest year for which there is one."""
    return by_year[min(by_year, key=lambda known: (abs(known - year), known))]
