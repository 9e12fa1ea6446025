"""Every marginal of the specification with its tolerance; the tests and the portrait read the same table.

A tolerance that the specification gives is kept; where it gives none, ``source`` says "a choice": exact for
counts that are fixed, otherwise about three sampling errors of one bureau.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.synthetic.measures import answers, leaving, ledger, people, scores
from tests.synthetic.measures.people import Measure

BOTH = ("city", "county")
SPEC = "6.2"
CHOICE = "; tolerance a choice"
# a normal score with the intercept 81.95 of 6.3, the county's shares of town and rural, and its programmes
OF_COUNTY = "6.3, from the shares of the county; tolerance a choice"
TAUGHT = "not in 6: how lessons are shared out in schools; figures a choice"
DEGREES = "not in 6: the higher the stage, the more have a bachelor's degree; figures a choice"
SUPPLY = "6.3: what is needed most is supplied least; figures a choice"


@dataclass(frozen=True)
class Marginal:
    """A number that an invented bureau has to show: within ``tolerance`` of ``expected``, on either side."""

    name: str
    bureau: str
    measure: Measure
    expected: float
    tolerance: float
    source: str


def in_both(
    name: str, measure: Measure, expected: float, city: float, county: float, source: str
) -> list[Marginal]:
    """The same marginal for the city and the county, each with its tolerance."""
    sizes = zip(BOTH, (city, county), strict=True)
    return [Marginal(name, bureau, measure, expected, within, source) for bureau, within in sizes]


def counts(bureau: str, source: str, rows: list[tuple[str, Measure, float]]) -> list[Marginal]:
    """Counts that must be met exactly."""
    return [Marginal(name, bureau, measure, n, 0, source) for name, measure, n in rows]


SIZES = [
    Marginal("teachers", "city", people.n_teachers, 20_000, 300, "6.1"),
    *counts(
        "city",
        "6.1",
        [
            ("urban schools", people.schools_in("urban"), 118),
            ("town schools", people.schools_in("town"), 104),
            ("rural schools", people.schools_in("rural"), 138),
            ("small schools", people.small_schools, 32),
            ("pilots of 2023", people.pilots_of(2023), 10),
            ("pilots of 2024", people.pilots_of(2024), 15),
            ("pilots of 2025", people.pilots_of(2025), 25),
            ("test waves", scores.waves, 7),
            ("first year of the new form", scores.first_new_form, 2023),
        ],
    ),
    *counts(
        "county",
        "6.1",
        [
            ("teachers", people.n_teachers, 5862),
            ("urban schools", people.schools_in("urban"), 14),
            ("town schools", people.schools_in("town"), 36),
            ("rural schools", people.schools_in("rural"), 62),
            ("pilots of 2023", people.pilots_of(2023), 2),
            ("pilots of 2024", people.pilots_of(2024), 4),
            ("pilots of 2025", people.pilots_of(2025), 6),
            ("test waves", scores.waves, 4),
            ("answers of the need survey", answers.n_need_answers, 5862),
            ("experts", ledger.lines("trainers", trainer_kind="expert"), 120),
            ("township trainers", ledger.lines("trainers", trainer_kind="township"), 150),
        ],
    ),
    *in_both("snapshots", people.snapshots, 7, 0, 0, "6.1"),
    *in_both("burnout items: exhaustion", answers.items("ee"), 9, 0, 0, "6.1"),
    *in_both("burnout items: cynicism", answers.items("dp"), 5, 0, 0, "6.1"),
    *in_both("burnout items: accomplishment", answers.items("pa"), 8, 0, 0, "6.1"),
    *in_both("intention items", answers.items("ti"), 4, 0, 0, "6.1"),
    *in_both("need topics", answers.need_topics, 12, 0, 0, "6.1"),
    *in_both("smallest small school, posts", people.smallest_small_school, 6, 1, 1, "6.1: 5-11"),
    *in_both("largest small school, posts", people.largest_small_school, 10, 1, 1, "6.1: 5-11"),
    Marginal("rural teachers %", "city", people.rural_share, 20, 1.5, "6.1" + CHOICE),
    Marginal("rural teachers %", "county", people.rural_share, 39, 1.5, "6.1" + CHOICE),
    Marginal("eligible for the subsidy", "city", people.eligible, 6700, 200, "6.1" + CHOICE),
    Marginal("eligible for the subsidy", "county", people.eligible, 3200, 100, "6.1" + CHOICE),
    Marginal("attendances", "city", ledger.attendances(), 186_000, 1900, "6.1; a choice: 1 %"),
    Marginal("sessions", "city", ledger.sessions(), 23_000, 700, "6.1; a choice: 3 %"),
    Marginal(
        "attendances named",
        "city",
        ledger.attendances(*ledger.NAMED),
        26_800,
        300,
        "6.1; a choice: 1 %",
    ),
    Marginal(
        "attendances", "county", ledger.attendances(), 52_000, 2080, "6.1: about; a choice: 4 %"
    ),
    Marginal("response %", "city", answers.response, 80, 1, "6.1" + CHOICE),
    Marginal("response %", "county", answers.response, 75, 1, "6.1" + CHOICE),
]

CITY = [
    Marginal("excellent 2024 %", "city", scores.excellent(2024), 32, 1, SPEC),
    Marginal("excellent 2025 %", "city", scores.excellent(2025), 45, 1, SPEC),
    Marginal("rural A1 2024 %", "city", leaving.rate("A1", "rural", 2024), 5.0, 0.2, SPEC),
    Marginal("rural A1 2025 %", "city", leaving.rate("A1", "rural", 2025), 2.3, 0.2, SPEC),
    Marginal("rural qualified 2024 %", "city", people.rural_qualified(2024), 97.5, 0.05, SPEC),
    Marginal("rural qualified 2025 %", "city", people.rural_qualified(2025), 98.7, 0.05, SPEC),
    Marginal(
        "new teachers excellent 2024 %",
        "city",
        ledger.grade_share(2024, "excellent"),
        75,
        0.5,
        SPEC,
    ),
    Marginal(
        "new teachers excellent 2025 %",
        "city",
        ledger.grade_share(2025, "excellent"),
        85,
        0.5,
        SPEC,
    ),
    Marginal("rotated to rural posts %", "city", ledger.rotated_to_rural, 45, 0.5, SPEC),
    Marginal(
        "course attendances",
        "city",
        ledger.attendances("digital_course"),
        15_000,
        300,
        SPEC + CHOICE,
    ),
    Marginal(
        "course persons", "city", ledger.persons("digital_course"), 13_700, 274, SPEC + CHOICE
    ),
    Marginal("tool use in pilots %", "city", answers.tools_used(True), 90, 3, SPEC + CHOICE),
    Marginal("tool use elsewhere %", "city", answers.tools_used(False), 62, 2, SPEC + CHOICE),
    Marginal("content with the honour %", "city", answers.honour, 92, 0.5, SPEC),
    Marginal("schools in studios", "city", ledger.studio_schools, 210, 10, "6.2: more than 200"),
    Marginal("logins a day", "city", ledger.logins_a_day, 12_000, 5, SPEC),
    *counts(
        "city",
        SPEC,
        [
            ("new teachers", ledger.lines("novices"), 1200),
            ("rotated teachers", ledger.rotated, 1500),
            ("general teachers of small schools", people.general_teachers, 58),
            ("small schools with one", people.schools_with_general, 32),
            ("outreach sessions", ledger.sessions("outreach"), 120),
            ("outreach attendances", ledger.attendances("outreach"), 6000),
            ("shadowing", ledger.attendances("shadowing"), 200),
            ("upgrading sessions", ledger.sessions("upgrading"), 24),
            ("upgrading attendances", ledger.attendances("upgrading"), 3200),
            ("study tours", ledger.sessions("study_tour"), 6),
            ("study tour attendances", ledger.attendances("study_tour"), 1200),
            ("flats", ledger.flats, 200),
            ("waiting for a flat", ledger.waiting, 240),
            ("targeted promotions", ledger.lines("promotions"), 35),
            ("studios", ledger.master_studios, 12),
            ("subject leaders", ledger.lines("backbone", is_leader=True), 87),
        ],
    ),
    *counts(
        "city",
        "1.1, rows 10-18, 31, 34",
        [
            ("volunteer services", ledger.services, 12_000),
            ("ethics models", ledger.lines("honours", honour="ethics_model"), 50),
            ("rural models", ledger.lines("honours", honour="rural_model"), 20),
            ("city prizes", ledger.lines("contests", honour_level="city"), 120),
            ("provincial masters", ledger.lines("contests", honour_level="province"), 3),
            ("micro cases", ledger.lines("micro_cases"), 200),
            ("micro cases shown", ledger.lines("micro_cases", is_shown=True), 30),
            ("ethics cases", ledger.lines("ethics_cases"), 1200),
            ("ethics cases kept", ledger.lines("ethics_cases", is_shown=True), 32),
            ("lessons of the platform", ledger.lines("lessons"), 8000),
        ],
    ),
]

COUNTY = [
    Marginal("online hours done %", "county", ledger.online_done, 100, 0.05, SPEC),
    Marginal("online hours rushed %", "county", ledger.online_rushed, 11, 1.5, SPEC + CHOICE),
    Marginal("practice share %", "county", ledger.practice_share, 43, 0.5, SPEC),
    Marginal(
        "new teachers passed %",
        "county",
        ledger.grade_share(2025, "pass", "excellent"),
        98,
        0.5,
        SPEC,
    ),
    Marginal(
        "new teachers excellent %", "county", ledger.grade_share(2025, "excellent"), 35, 0.5, SPEC
    ),
    Marginal("projects approved %", "county", ledger.approved, 95, 0.5, SPEC),
    Marginal("rural prizes 2024", "county", ledger.rural_prizes(2024), 20, 0, SPEC),
    Marginal("rural prizes 2025", "county", ledger.rural_prizes(2025), 26, 0, SPEC),
    Marginal(
        "rural A1 2024 %",
        "county",
        leaving.rate("A1", "rural", 2024),
        5.0,
        0.2,
        "6.3: base 5 % rural",
    ),
    Marginal(
        "rural A1 2025 %", "county", leaving.rate("A1", "rural", 2025), 2.3, 0.2, "6.2 of the city"
    ),
]

PEOPLE = [
    *in_both("younger age peak", people.age_peak(22, 37), 29, 2.5, 2.5, "6.3" + CHOICE),
    *in_both("older age peak", people.age_peak(38, 58), 47, 2.5, 2.5, "6.3" + CHOICE),
    Marginal("hired in 2024", "city", people.hired, 1280, 80, "6.2: 1200 new teachers" + CHOICE),
    *in_both("women %", people.women, 72, 1.0, 1.8, "6.3" + CHOICE),
    *in_both(
        "rural surplus under 28, points",
        people.rural_surplus(18, 28),
        15,
        4,
        5,
        "6.3: U-shape; size a choice",
    ),
    *in_both(
        "rural surplus from 50, points",
        people.rural_surplus(50, 70),
        7.5,
        4,
        5,
        "6.3: U-shape; size a choice",
    ),
    *in_both("rank by years, correlation", people.rank_by_years, 0.73, 0.04, 0.04, "6.3" + CHOICE),
    *in_both(
        "not senior after 25 to 35 years %", people.never_senior, 52, 4, 6, "6.3: rises" + CHOICE
    ),
    *in_both("primary teachers of 语文 %", people.taught_in_primary("语文"), 33, 1.5, 3, TAUGHT),
    *in_both("primary teachers of 数学 %", people.taught_in_primary("数学"), 25, 1.5, 3, TAUGHT),
    *in_both(
        "primary teachers of 信息科技 %", people.taught_in_primary("信息科技"), 3, 1, 1, TAUGHT
    ),
    *in_both("homeroom with 语数英 %", people.homeroom_in_main, 85, 5, 5, TAUGHT),
    *in_both(
        "senior stage with a degree %", people.graduates_of("senior"), 99.5, 0.5, 0.5, DEGREES
    ),
    *in_both("junior stage with a degree %", people.graduates_of("junior"), 93.5, 1.5, 3, DEGREES),
    *in_both("primary stage with a degree %", people.graduates_of("primary"), 68, 3, 4, DEGREES),
    *in_both("off the establishment %", people.off_establishment, 8, 0.6, 1.1, "6.3" + CHOICE),
    *in_both(
        "rural off the establishment %",
        people.rural_off_establishment,
        12,
        1.5,
        2.0,
        "6.3" + CHOICE,
    ),
]

SCORES = [
    Marginal("score mean 2024", "city", scores.mean_2024, 81.5, 0.3, "6.3" + CHOICE),
    Marginal("score mean 2024", "county", scores.mean_2024, 81.2, 0.3, OF_COUNTY),
    *in_both("score SD 2024", scores.spread_2024, 7.7, 0.15, 0.25, "6.3" + CHOICE),
    Marginal("at 85 or more 2024 %", "city", scores.excellent(2024), 32.5, 1.5, "6.3" + CHOICE),
    Marginal("at 85 or more 2025 %", "city", scores.excellent(2025), 45.7, 1.5, "6.3" + CHOICE),
    Marginal("at 85 or more 2024 %", "county", scores.excellent(2024), 31.0, 2.0, OF_COUNTY),
    Marginal("at 85 or more 2025 %", "county", scores.excellent(2025), 39.7, 2.0, OF_COUNTY),
    *in_both("school variance", scores.school_variance, 5.1, 0.01, 0.01, "6.3" + CHOICE),
    *in_both("score ICC", scores.score_icc, 0.08, 0.02, 0.03, "6.3" + CHOICE),
    *in_both("rural gap, points", scores.part(0), -1.6, 0.4, 0.6, "6.3" + CHOICE),
    *in_both("town gap, points", scores.part(1), -0.5, 0.4, 0.6, "6.3" + CHOICE),
    *in_both("points per year of age", scores.part(2), -0.115, 0.015, 0.025, "6.3" + CHOICE),
    *in_both("points per SD of motivation", scores.part(3), 1.9, 0.15, 0.3, "6.3" + CHOICE),
    *in_both("stable person part, SD", scores.part(4), 4.9, 0.15, 0.3, "6.3" + CHOICE),
    *in_both("noise SD", scores.unexplained, 5.1, 0.15, 0.25, "6.3" + CHOICE),
    *in_both("correlation of 2024 and 2025", scores.correlation, 0.57, 0.025, 0.04, "6.3" + CHOICE),
    *in_both("at the ceiling %", scores.at_ceiling, 0.8, 0.5, 0.7, "6.3: slight" + CHOICE),
    *in_both("without a score 2024 %", scores.untested, 6, 0.6, 1.1, "6.6" + CHOICE),
    *in_both("order of the dimensions", scores.weakest_and_best, 1, 0, 0, "5.3"),
]

LEAVING = [
    *in_both(
        "rural A1 2020-24 %",
        leaving.rate("A1", "rural", *range(2020, 2025)),
        5.0,
        0.2,
        0.3,
        "6.3" + CHOICE,
    ),
    *in_both(
        "urban A5 2020-24 %",
        leaving.rate("A5", "urban", *range(2020, 2025)),
        3.0,
        0.2,
        0.3,
        "6.3" + CHOICE,
    ),
    *in_both("odds ratio: under 30", leaving.odds_ratio_of("young"), 1.6, 0.001, 0.001, "6.3"),
    *in_both(
        "odds ratio: away from home", leaving.odds_ratio_of("hidden_away"), 1.5, 0.001, 0.001, "6.3"
    ),
    *in_both(
        "odds ratio: exhaustion",
        leaving.odds_ratio_of("hidden_exhaustion"),
        1.35,
        0.001,
        0.001,
        "6.3",
    ),
    *in_both(
        "odds ratio: off establishment",
        leaving.odds_ratio_of("not_staffed"),
        1.8,
        0.001,
        0.001,
        "6.3",
    ),
    *in_both("odds of 2025 to 2024", leaving.later_odds, 0.55, 0.001, 0.001, "6.3"),
    *in_both("retired before 54", leaving.retired_early, 0, 0, 0, "6.3"),
]

ANSWERS = [
    *in_both("exhaustion mean", answers.exhaustion_mean, 2.53, 0.04, 0.06, "5.3" + CHOICE),
    *in_both("exhaustion SD", answers.exhaustion_sd, 0.6, 0.08, 0.08, "5.3: .59" + CHOICE),
    *in_both("exhaustion ICC", answers.exhaustion_icc, 0.05, 0.02, 0.03, "6.3" + CHOICE),
    *in_both(
        "exhaustion and intention, r",
        answers.exhaustion_intention,
        0.41,
        0.03,
        0.04,
        "6.3" + CHOICE,
    ),
    *in_both(
        "exhaustion: ten hours a week", answers.exhaustion_part(0), 0.2, 0.05, 0.08, "6.3" + CHOICE
    ),
    *in_both("exhaustion: homeroom", answers.exhaustion_part(1), 0.15, 0.05, 0.08, "6.3" + CHOICE),
    *in_both("exhaustion: novices", answers.exhaustion_part(2), 0.15, 0.06, 0.1, "6.3" + CHOICE),
    *in_both(
        "exhaustion: small schools", answers.exhaustion_part(3), 0.25, 0.15, 0.2, "6.3" + CHOICE
    ),
    *in_both(
        "intention: away from home", answers.away_on_intention, 0.28, 0.08, 0.14, "6.3" + CHOICE
    ),
    *in_both(
        "rural need gap: digital", answers.need_gap("digital"), 0.7, 0.12, 0.15, "6.3" + CHOICE
    ),
    *in_both(
        "rural need gap: 跨学科",
        answers.need_gap("interdisciplinary"),
        0.7,
        0.12,
        0.15,
        "6.3" + CHOICE,
    ),
    *in_both("rural supply: digital", answers.rural_supply("digital"), 0.95, 0.15, 0.25, SUPPLY),
    *in_both(
        "rural supply: 跨学科", answers.rural_supply("interdisciplinary"), 0.35, 0.3, 0.45, SUPPLY
    ),
    *in_both(
        "prizes per head, urban to rural", ledger.prizes_per_head, 4.0, 2.5, 2.5, "6.5" + CHOICE
    ),
    *in_both(
        "answering: motivation", answers.pull_of("motivation"), 0.25, 0.08, 0.12, "6.6" + CHOICE
    ),
    *in_both("answering: rural", answers.pull_of("rural"), -0.25, 0.15, 0.2, "6.6" + CHOICE),
    *in_both(
        "answering: off establishment",
        answers.pull_of("not_staffed"),
        -0.4,
        0.2,
        0.35,
        "6.6" + CHOICE,
    ),
    *in_both(
        "answering: exhaustion", answers.pull_of("exhaustion"), -0.2, 0.08, 0.12, "6.6" + CHOICE
    ),
    Marginal(
        "excellent among responders, more",
        "city",
        answers.excellent_responders,
        0.7,
        0.5,
        "6.6" + CHOICE,
    ),
]

MARGINALS = [*SIZES, *CITY, *COUNTY, *PEOPLE, *SCORES, *LEAVING, *ANSWERS]
