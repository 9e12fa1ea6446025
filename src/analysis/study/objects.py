"""The frozen objects that ``study/*.toml`` is read into; every other room is told of labels and rules by these.

Each class mirrors one kind of entry; unknown keys are forbidden so that a misspelt key is found at once.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

VariableKind = Literal[
    "person_number",  # an identity number: checked, hashed, never kept
    "name",  # a person's name: used for linking, never kept
    "code",  # an opaque identifier kept as text
    "text",
    "category",
    "choices",  # a set of codes from a multiple-choice question, joined by ";"
    "flag",
    "integer",
    "number",
    "band",  # an interval of a number: "30-34", "-30" (up to 30), "50-" (50 and above)
    "date",
    "month",
]
Assignment = Literal["lot", "cutoff", "staggered", "chosen", "volunteer", "universal"]
DesignKind = Literal[
    "policy_logit",  # E2: a yes/no outcome before and after units start, against those that have not
    "policy_linear",  # E1: the same for a score
    "landmark_logit",  # E3: exposure up to a roster date, leaving in the year after
    "ancova",  # E4: a score, aligned on the scores before
    "survey_regression",  # E5: one wave of answers
    "describe",  # counted, not compared
]
SeedRow = Annotated[str, Field(pattern=r"^S[12]-[1-9][0-9]?$")]  # a row of the seed inventories
POLICIES = ("policy_logit", "policy_linear")  # designs of units that start at some date
Direction = Literal["higher", "lower"]
Role = Literal["describe", "audit", "not_ingested"]
How = Literal["DESC", "PP", "DiD", "SDiD", "ANC", "DOSE", "MATCH", "DEC", "AUD"]
CountKind = Literal[
    "attendances",
    "sessions",
    "persons",
    "listed",
    "schools",
    "teams",
    "courses",
    "entries",
    "events",
    "answers",
    "yuan",
    "hours_share",
]


class Entry(BaseModel):
    """Anything that can be named: an id (the TOML key) with a Chinese and an English label."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    label: str
    label_en: str


class Variable(Entry):
    """One column of a typed table or of the panel.

    ``codes`` of a number are the wordings of its values (``5 = ["agree fully"]``). ``exclusive``: codes that cannot
    stand beside another one. ``zero``: texts that mean a real 0. ``takes_first``: of several the first is taken.
    """

    kind: VariableKind
    tables: tuple[str, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    codes: dict[str, tuple[str, ...]] = {}
    synonyms: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    zero: tuple[str, ...] = ()
    takes_first: bool = False
    required: bool = False
    meaning: str = ""
    topic: str = ""  # of a need: the code of the training topic it is a need for
    only_if: dict[str, tuple[str, ...]] = {}  # asked only of those who gave one of these answers
    example: tuple[str, ...] = ()  # invented values for the forms, impossible by construction
    question: str = ""  # how a questionnaire of ours asks for it: the header its export brings

    def code_label(self, code: str) -> str:
        """The Chinese label of one code: its first spelling."""
        return self.codes[code][0]


class RosterFlag(BaseModel):
    """Exposed while a roster flag is set, from a date on (a policy for all who hold such a post)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["roster_flag"]
    variable: str
    starts: dt.date


class SchoolStart(BaseModel):
    """Exposed while teaching in a school that has joined: ``variable`` is the school's start date.

    ``listed``: the flag that says which schools take part at all; one that is listed without a date is unknown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["school_start"]
    variable: str
    listed: str = ""


class SchoolFlag(BaseModel):
    """Exposed while teaching in a school of which ``variable`` holds one of ``values``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["school_flag"]
    variable: str
    values: tuple[str, ...]


class Attendance(BaseModel):
    """Exposed after at least ``min_hours`` of attendance at courses of a programme within the 12 months before."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["attendance"]
    programme: str
    min_hours: float


class Lot(BaseModel):
    """Exposed if drawn by lot for a programme, whoever then came; the others are those still waiting, nobody else."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["lot"]
    programme: str


class WaitingList(BaseModel):
    """Exposed once a place on the list of a programme was given; unexposed who still waits; nobody else counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["waiting_list"]
    programme: str


class FundGrade(BaseModel):
    """Exposed if paid at one of the grades ``values``; unexposed if paid at another; nobody else counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["fund_grade"]
    variable: str
    values: tuple[str, ...]


class SurveyAnswer(BaseModel):
    """Exposed if a survey answer says so; one wave, so exposure and outcome are of the same day."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["survey_answer"]
    variable: str
    values: tuple[str, ...]


Exposure = Annotated[
    RosterFlag
    | SchoolStart
    | SchoolFlag
    | Attendance
    | Lot
    | WaitingList
    | FundGrade
    | SurveyAnswer,
    Field(discriminator="kind"),
]


class Intervention(Entry):
    """One programme of the bureau: who is exposed, how that came about, and what it is compared with."""

    exposure: Exposure
    assignment: Assignment
    design: dict[str, DesignKind]  # outcome id -> design; an empty table is never a silent one
    target: dict[str, tuple[str, ...]] = {}  # panel column -> allowed codes, both arms
    target_min_years: int | None = (
        None  # only teachers with at least, and at most, so many whole years
    )
    target_max_years: int | None = None  # of teaching on the day the window opens
    target_text: str
    exposed_text: str
    comparison_text: str
    bias_text: str  # the named bias and its sign, for the sentence
    concurrent: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()  # columns inside which units could have been drawn instead
    rows: tuple[SeedRow, ...] = ()  # the rows of the seed inventories it covers
    source: str

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes this programme is looked at for."""
        return tuple(self.design)


class Count(BaseModel):
    """One way to count a measure in a typed table: rows of the report year that hold these codes, by a fixed kind.

    Rows: ``attendances`` of courses, ``listed`` people of a list with a line for each, ``entries``, ``courses``,
    ``events``, ``answers``. Different ones: ``persons``, ``schools``, ``sessions``, ``teams``. ``yuan`` is the sum of
    ``column``, ``hours_share`` the share in all hours, in percent. Kinds are units and are never added up. ``where``:
    columns of the table, or of its school, and their codes; no codes: any value. A part of a ratio may also be the
    sum of a ``column`` (of ``hours``, ``points``, ``attendances``), and count rows of the ``panel``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: CountKind | Literal["hours", "points"]
    table: str
    where: dict[str, tuple[str, ...]] = {}
    column: str = ""
    label: str = ""  # what is counted, where the measure's name does not say it


class Measure(Entry):
    """One measure of the bureau's work that is not evaluated: counted, audited, or left out with the reason."""

    role: Role
    rows: tuple[SeedRow, ...] = ()
    assignment: Assignment | Literal["none"] = (
        "none"  # how people came to it; none where nobody does
    )
    how: How = "DESC"
    target_text: str
    comparison_text: str
    why_text: str  # why it is only described or audited, or why nothing is taken in
    counts: tuple[Count, ...] = ()
    check: Literal["", "attendances", "overspent", "recomputed"] = ""  # audited: by which check
    missing_file: str = ""  # what to hand in if it is not in the data
    source: str


class Definition(Entry):
    """One variant of an outcome; ``id`` is what the parameter ``definition`` takes."""

    text: str
    leaves: Literal["bureau", "school", "rural", "area"] | None = None
    excludes: tuple[str, ...] = ()
    population: dict[str, tuple[str, ...]] = {}  # panel column -> codes for whom it is defined
    variable: str | None = None  # a score or answer it is read from
    at_least: float | None = None  # turned into yes/no: variable >= at_least
    at_most: float | None = None


class Outcome(Entry):
    """One outcome with its definition variants; ``primary`` is the one that headlines and tests use."""

    kind: Literal["binary", "continuous"]
    source: Literal["roster", "assessments", "survey"]
    unit: str
    good: Direction
    primary: str
    appendix: bool = False
    relevant_effect: float
    relevant_source: str
    definitions: dict[str, Definition]
    controls: tuple[str, ...] = ()
    missing_file: str  # what to hand in if it is not in the data
    measure_text: str = ""  # how a sentence says it, where the label would read badly
    placebo: str = (
        ""  # a wider definition: what it counts beyond the one looked at, no programme moves
    )

    @property
    def measure(self) -> str:
        """The outcome's name inside a sentence."""
        return self.measure_text or self.label


class Indicator(Entry):
    """One figure that supports or refutes a problem.

    A ``ratio`` is ``per`` times numerator over denominator, held against ``stated`` where somebody stated a figure;
    ``cells`` are shares of the training topics by the columns ``across``; ``drivers`` compare the gaps of several
    columns, ``measures``, with each other. ``sub_claim``: the part of the problem it speaks to.
    """

    kind: Literal["level", "gap", "association", "ratio", "cells", "drivers"]
    measure: str = ""  # a panel column, or outcome:definition; none for ratios, cells and drivers
    measures: tuple[str, ...] = ()
    sub_claim: str = ""
    numerator: Count | None = None
    denominator: Count | None = None
    per: float = 1.0
    stated: float | None = None
    stated_text: str = ""
    across: tuple[str, ...] = ()
    meaning: str = ""  # the definition, where no variable or outcome gives it
    group: str | None = None
    focus: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    focus_text: str = ""
    reference_text: str = ""
    adjust: tuple[str, ...] = ()
    among: dict[str, tuple[str, ...]] = {}
    supports: Direction = "higher"
    measure_text: str
    unit: str
    relevant_effect: float
    missing_file: str = ""
    lead_supported: str = ""  # its own findings in words; the first indicator takes the problem's
    lead_refuted: str = ""
    lead_near: str = ""  # where both sides are so near that the data refute a gap
    lead_unclear: str = ""


class Problem(Entry):
    """One problem of the section with its indicators; leads are the possible findings in words."""

    lead_supported: str
    lead_refuted: str
    lead_near: str = ""
    lead_unclear: str
    plan_hook: str
    not_shown: str
    indicators: tuple[Indicator, ...]
    interventions: tuple[str, ...] = ()


class Scale(Entry):
    """Likert items that are scored together; ``id`` is the variable that holds the score.

    The score is the mean of the answered items (``reversed`` ones mirrored), for those who answered at least
    the share ``minimum_answered`` of all items. ``good``: which end is the wished-for one.
    """

    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    minimum_answered: float = Field(gt=0.0, le=1.0)
    low: float
    high: float
    good: Direction
    higher_means: str


class Retirement(BaseModel):
    """The statutory age of one sex at a date.

    ``age_months`` until ``starts``, then one month more each ``every_months`` up to ``cap_months``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    age_months: int
    starts: dt.date
    every_months: int
    cap_months: int


class Study(BaseModel):
    """Everything ``study/*.toml`` says, checked as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    variables: dict[str, Variable]
    interventions: dict[str, Intervention]
    outcomes: dict[str, Outcome]
    problems: dict[str, Problem]
    retirement: dict[str, Retirement] = {}
    scales: dict[str, Scale] = {}
    measures: dict[str, Measure] = {}  # what is not evaluated

    def outcome_column(self, outcome: str, definition: str) -> str:
        """The panel column that holds one outcome under one definition."""
        return f"{outcome}_{definition}"
