"""The words that deliveries write around their data (totals, notes, units, dates), read from ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, Field

from analysis.intake.cleaning.text import compact


class Dates(BaseModel):
    """Characters between and behind the numbers of a date, and the month in which a school term begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    separators: str
    endings: str
    terms: dict[str, str]


class Durations(BaseModel):
    """The marks behind hours, minutes and seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    hours: tuple[str, ...]
    minutes: tuple[str, ...]
    seconds: tuple[str, ...]
    unit: str  # the unit of the variables that are durations


class Options(BaseModel):
    """What stands between the options of one answer, and around what was typed behind one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    ticked: tuple[str, ...]
    ranked: tuple[str, ...]
    elsewhere: tuple[str, ...]
    typed: tuple[str, str]
    asked: tuple[str, str]
    other: tuple[str, ...]
    behind_other: tuple[str, ...]
    several: tuple[str, ...]


class Numerals(BaseModel):
    """Digits and places of numbers in words, and words that multiply the number before them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    digits: dict[str, int]
    never_in_a_row: tuple[str, ...]
    places: dict[str, int]
    magnitudes: dict[str, int]


class HeaderUnits(BaseModel):
    """What stands in brackets behind a header; ``parts``: how many of a smaller unit are one of the variable's."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    percent: tuple[str, ...]
    leads: tuple[str, ...]
    parts: dict[str, dict[str, int]]


class Bands(BaseModel):
    """What stands between the ends of an interval, and beside the end of an open one (``from`` in the file)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    joiners: tuple[str, ...]
    ignored: tuple[str, ...]
    up_to: tuple[str, ...]
    beyond: tuple[str, ...] = Field(alias="from")


class GuideSheets(BaseModel):
    """Names of sheets that explain a form and hold no data, whatever stands in them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    fields: str
    examples: str
    choices: str
    others: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (self.fields, self.examples, self.choices, *self.others)


class QuestionnaireWords(BaseModel):
    """What platforms write into the exports of their questionnaires."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    skipped: str
    blank: str
    question: tuple[str, str]  # before and behind the number
    marks: str
    brackets: tuple[str, str]
    dashes: tuple[str, ...]
    serial: str
    types: tuple[str, ...]
    half_headers: tuple[str, ...]
    exclusive: frozenset[str]
    trials: frozenset[str]
    by_text: str
    by_number: str


class Schools(BaseModel):
    """Parts of the names of schools; ``kinds``: a word at the end -> the short words that it may stand for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    joints: tuple[str, ...]
    in_front: tuple[str, ...]
    ordinal: str
    digits: str
    tens: str
    branch: tuple[str, ...]
    levels: tuple[str, ...]
    village: str
    others: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]


class Words(BaseModel):
    """All of ``words.toml``; every word is compared after normalising."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    total: frozenset[str]
    note: tuple[str, ...]
    nothing: frozenset[str]
    blank: frozenset[str]
    skipped: frozenset[str]
    number_marks: str
    units: dict[str, tuple[str, ...]]
    header_units: HeaderUnits
    options: Options
    numerals: Numerals
    bands: Bands
    dates: Dates
    durations: Durations
    schools: Schools
    questionnaire: QuestionnaireWords
    guide_sheets: GuideSheets


@cache
def words() -> Words:
    """The words, read once."""
    text = (
        resources.files("analysis.intake.cleaning")
        .joinpath("words.toml")
        .read_text(encoding="utf-8")
    )
    return Words(**tomllib.loads(text))


@cache
def words_of(name: str) -> frozenset[str]:
    """One list of ``words.toml``, ready to compare."""
    return frozenset(compact(w) for w in getattr(words(), name))
