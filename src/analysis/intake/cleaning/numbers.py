"""Numbers as people write them: units, thousands, percent signs and durations; never a conversion without a rule."""

from __future__ import annotations

import re
from functools import cache

from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.study.objects import Variable

LARGEST_SHARE = 2.0  # a variable whose range ends here or lower is a share: 45% is 0.45

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_WORD = re.compile(r"([+-]?\d+(?:\.\d+)?)([^\d.,+-].*)")


def read_number(text: str, variable: Variable) -> tuple[float | None, str]:
    """A number in the unit of its variable and the rule applied; no number if the text says something else."""
    flat = compact(text)
    if _PLAIN.fullmatch(flat):
        return float(flat), "spaces_width" if flat != text.strip().lower() else ""
    if _THOUSANDS.fullmatch(flat):
        return float(flat.replace(",", "")), "thousands"
    seconds = read_duration(flat) if variable.unit == words().durations.unit else None
    if seconds is not None:
        return seconds, "duration"
    found = _WITH_WORD.fullmatch(flat)
    return _with_word(float(found[1]), found[2], variable) if found else (None, "not_a_number")


def _with_word(number: float, word: str, variable: Variable) -> tuple[float | None, str]:
    """A number followed by a word: its own unit, a percent sign, or something that must not be guessed."""
    if word == "%":
        return _percent(number, variable)
    if word in unit_words(variable.unit):
        return number, "unit"
    is_unit = any(word in unit_words(unit) for unit in words().units)
    return None, "other_unit" if is_unit else "not_a_number"


def _percent(number: float, variable: Variable) -> tuple[float | None, str]:
    """A percentage as it is, or as a share where the variable is one."""
    if variable.unit == "%":
        return number, "percent"
    if variable.high is not None and variable.high <= LARGEST_SHARE:
        return number / 100, "percent"
    return None, "other_unit"


@cache
def unit_words(unit: str) -> frozenset[str]:
    """How deliveries write one unit."""
    return frozenset(compact(w) for w in (unit, *words().units.get(unit, ())) if w)


def read_duration(text: str) -> float | None:
    """Seconds from hours, minutes and seconds with their marks; None if it is no such text."""
    found = _duration_form().fullmatch(text)
    if not found or not text:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


@cache
def _duration_form() -> re.Pattern[str]:
    marks = words().durations
    parts = (marks.hours, marks.minutes, marks.seconds)
    return re.compile("".join(rf"(?:(\d+){re.escape(mark)})?" for mark in parts))


def check_range(number: float, variable: Variable) -> str:
    """``out_of_range`` for a value beyond the limits that ``study/variables.toml`` declares."""
    is_low = variable.low is not None and number < variable.low
    is_high = variable.high is not None and number > variable.high
    return "out_of_range" if is_low or is_high else ""
