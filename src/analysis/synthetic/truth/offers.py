"""What training a bureau offers in a school year: programme, topic, form, and whom it reaches.

Head counts are those of the full-size bureau (``domain.md`` 1.1, 1.2, 6.2); where the specification leaves a
number open it is a choice. Supply follows what trainers can teach, not what is needed (6.3): little reaches
rural teachers of what they ask for most.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.synthetic.truth.codes import SHORT_COURSES

Triple = tuple[float, float, float]
NOBODY: Triple = (0.0, 0.0, 0.0)
SPRING = (122, 250)  # days after 1 September: January to early May, before the test
SPRING_TERM = (122, 305)  # January to June, for what does not bear on the test
YEAR_ROUND = (20, 285)


@dataclass(frozen=True)
class Offer:
    """One programme of a school year.

    ``reach``: the chance of a teacher of each area to attend one of its ``rounds``; or ``count``: attendances
    of those in ``target``. ``hours`` of one attendance, ``days`` it takes, ``size`` people in a session,
    ``topics`` the topics of its sessions by weight (``topic`` if there is one only).
    """

    programme: str
    topic: str
    mode: str
    level: str
    hours: float
    days: int = 2
    reach: Triple = NOBODY
    rounds: int = 1
    size: float = 60
    window: tuple[int, int] = YEAR_ROUND
    count: int = 0
    target: str = ""
    topics: tuple[tuple[str, float], ...] = ()
    excellent: float = 0.15
    fail: float = 0.02


COURSE = Offer("digital_course", "digital", "blended", "city", 16.0, size=100, window=SPRING)
MENTORING = Offer("mentoring", "mentoring", "school", "school", 0.0, size=1)  # hours by person
ONLINE = Offer("online_general", "general", "online", "province", 60.0, size=6000, fail=0.0)
# what the office and its trainers offer to anybody
OPEN = (
    Offer(
        "interdisciplinary", "interdisciplinary", "onsite", "county", 12.0, reach=(0.22, 0.14, 0.04)
    ),
    Offer("lesson_design", "design", "blended", "county", 8.0, reach=(0.42, 0.33, 0.20)),
    Offer("assignment_design", "assignment", "school", "county", 4.0, 1, (0.33, 0.26, 0.16)),
    Offer("mental_health", "mental", "onsite", "county", 8.0, 1, (0.20, 0.15, 0.07)),
    Offer("ai_training", "ai", "blended", "county", 12.0, reach=(0.22, 0.15, 0.05)),
    Offer("class_management", "class", "onsite", "county", 8.0, 1, (0.17, 0.13, 0.06)),
    Offer("evaluation", "evaluation", "onsite", "county", 8.0, 1, (0.15, 0.11, 0.05)),
    Offer("research_methods", "research", "onsite", "county", 8.0, 1, (0.18, 0.10, 0.03)),
    Offer("family_school", "family", "online", "county", 6.0, 1, (0.14, 0.12, 0.07)),
    Offer("care", "care", "onsite", "county", 6.0, 1, (0.04, 0.06, 0.05)),
    Offer("subject_update", "subject", "blended", "county", 16.0, reach=(0.28, 0.22, 0.12)),
)
# what trainers bring to the villages is what they can teach, so it meets less than a tenth of the needs (6.4)
CITY_OUTREACH = (
    ("design", 0.30),
    ("subject", 0.22),
    ("digital", 0.22),
    ("assignment", 0.18),
    ("care", 0.08),
)
COUNTY_OUTREACH = (
    ("design", 0.30),
    ("subject", 0.24),
    ("assignment", 0.20),
    ("interdisciplinary", 0.11),
    ("digital", 0.10),
    ("care", 0.05),
)
SHORT = tuple(
    Offer(name, "general", "online", "county", 8.0, reach=(0.12, 0.12, 0.12), window=SPRING)
    for name in SHORT_COURSES
)
CITY = (
    Offer(
        "induction",
        "general",
        "blended",
        "city",
        120.0,
        30,
        size=60,
        count=1200,
        target="new",
        window=SPRING_TERM,
    ),
    Offer(
        "upgrading",
        "design",
        "onsite",
        "city",
        24.0,
        3,
        size=134,
        count=3200,
        target="able",
        window=SPRING_TERM,
    ),
    Offer(
        "study_tour",
        "ethics",
        "onsite",
        "city",
        40.0,
        5,
        size=200,
        count=1200,
        target="able",
        window=SPRING_TERM,
    ),
    Offer(
        "outreach",
        "design",
        "outreach",
        "city",
        4.0,
        1,
        size=50,
        count=6000,
        target="rural",
        window=SPRING,
        topics=CITY_OUTREACH,
    ),
    Offer(
        "studio_activity",
        "research",
        "onsite",
        "city",
        6.0,
        1,
        size=50,
        count=2400,
        window=SPRING_TERM,
    ),
    Offer("school_based", "general", "school", "school", 2.0, 1, size=7.95, count=121_200),
)
COUNTY = (
    ONLINE,
    Offer(
        "induction",
        "general",
        "blended",
        "county",
        120.0,
        30,
        size=60,
        count=10_000,
        target="new",
        window=SPRING_TERM,
    ),
    Offer(
        "upgrading",
        "design",
        "onsite",
        "province",
        48.0,
        6,
        size=40,
        count=240,
        target="able",
        window=SPRING_TERM,
    ),
    Offer(
        "outreach",
        "design",
        "outreach",
        "county",
        4.0,
        1,
        size=50,
        count=2450,
        target="rural",
        window=SPRING,
        topics=COUNTY_OUTREACH,
    ),
    Offer(
        "studio_activity",
        "research",
        "onsite",
        "county",
        6.0,
        1,
        size=30,
        count=600,
        window=SPRING_TERM,
    ),
    Offer("school_based", "general", "school", "school", 2.0, 1, size=7.4, count=32_300),
)
SHADOWING = Offer(
    "shadowing",
    "design",
    "shadow",
    "city",
    80.0,
    10,
    size=5,
    count=200,
    target="rural",
    window=SPRING,
)
LISTED = {"city": CITY, "county": COUNTY}
SHADOWING_COUNT = {"city": 200, "county": 60}
SCHOOL_BASED_FROM = 2025  # calendar year from which the ledger takes in what schools do themselves
