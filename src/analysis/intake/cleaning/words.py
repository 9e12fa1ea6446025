"""The words that deliveries write around their data (totals, notes, units, dates), read from ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict


class Dates(BaseModel):
    """Characters between and behind the numbers of a date, and the month in which a school term begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    separators: str
    endings: str
    terms: dict[str, str]


class Durations(BaseModel):
    """The marks behind hours, minutes and seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    hours: str
    minutes: str
    seconds: str
    unit: str  # the unit of the variables that are durations


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
    dates: Dates
    durations: Durations


@cache
def words() -> Words:
    """The words, read once."""
    text = (
        resources.files("analysis.intake.cleaning")
        .joinpath("words.toml")
        .read_text(encoding="utf-8")
    )
    return Words(**tomllib.loads(text))
