"""Numbers as people write them: units, numerals, percent signs, durations; never a conversion without a rule."""

from __future__ import annotations

import re
from functools import cache

from analysis.intake.cleaning.numerals import numeral_characters, read_numeral
from analysis.intake.cleaning.shares import is_share
from analysis.intake.cleaning.text import compact, normalise
from analysis.intake.cleaning.words import words
from analysis.study.objects import Variable

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_WORD = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)([^\d.,+-].*)")
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")  # with two parts only nobody knows which two
_SPLIT = re.compile(r"\d \d")
_SPACED_THOUSANDS = re.compile(r"(?<![\d ])\d{1,3}( \d{3})+(?![\d ])")
MINUS = "\u2212"
DECIMALS = 6  # 1.2 times ten thousand is 12000, not 11999.999999999998


def read_number(text: str, variable: Variable) -> tuple[float | None, str]:
    """A number in the unit of its variable and the rule applied; no number if the text says something else."""
    if has_split_digits(text):
        return None, "not_a_number"
    flat = compact(text).replace(MINUS, "-")
    if _PLAIN.fullmatch(flat):
        return float(flat), "spaces_width" if flat != text.strip().lower() else ""
    if _THOUSANDS.fullmatch(flat):
        return float(flat.replace(",", "")), "thousands"
    seconds = read_duration(flat) if variable.unit == words().durations.unit else None
    if seconds is not None:
        return seconds, "duration"
    if found := _WITH_WORD.fullmatch(flat):
        return _with_word(float(found[1].replace(",", "")), found[2], variable)
    return _in_words(flat, variable)


def has_split_digits(text: str) -> bool:
    """Whether a space stands between digits where it marks no thousands: two answers, or one torn apart."""
    return _SPLIT.search(_SPACED_THOUSANDS.sub("", normalise(text))) is not None


def _in_words(flat: str, variable: Variable) -> tuple[float | None, str]:
    """A number in Chinese numerals, alone or before a unit."""
    found = _numeral_form().fullmatch(flat)
    number = read_numeral(found[1]) if found else None
    if found is None or number is None:
        return None, "not_a_number"
    read, rule = _with_word(float(number), found[2], variable) if found[2] else (float(number), "")
    return (None, rule) if read is None else (read, "chinese_numeral")


@cache
def _numeral_form() -> re.Pattern[str]:
    return re.compile(rf"([{re.escape(numeral_characters())}]+)(.*)")


def _with_word(number: float, word: str, variable: Variable) -> tuple[float | None, str]:
    """A number followed by a word: its own unit, a percent sign, a magnitude, or something that must not be guessed."""
    if word == "%":
        return _percent(number, variable)
    if word in unit_words(variable.unit):
        return number, "unit"
    for times, factor in words().numerals.magnitudes.items():
        if word in {times, *(times + unit for unit in unit_words(variable.unit))}:
            return round(number * factor, DECIMALS), "magnitude"
    is_unit = any(word in unit_words(unit) for unit in words().units)
    return None, "other_unit" if is_unit else "not_a_number"


def _percent(number: float, variable: Variable) -> tuple[float | None, str]:
    """A percentage as it is, or as a share where the variable is one."""
    if variable.unit == "%":
        return number, "percent"
    if is_share(variable):
        return number / 100, "percent"
    return None, "other_unit"


@cache
def unit_words(unit: str) -> frozenset[str]:
    """How deliveries write one unit."""
    return frozenset(compact(w) for w in (unit, *words().units.get(unit, ())) if w)


def read_duration(text: str) -> float | None:
    """Seconds from hours, minutes and seconds with their marks; None if it is no such text."""
    found = _CLOCK.fullmatch(text) or _duration_form().fullmatch(text)
    if not found or not text:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


@cache
def _duration_form() -> re.Pattern[str]:
    marks = words().durations
    parts = (marks.hours, marks.minutes, marks.seconds)
    marked = "".join(rf"(?:(\d+)(?:{'|'.join(map(re.escape, mark))}))?" for mark in parts)
    return re.compile(marked)


def check_range(number: float, variable: Variable) -> str:
    """``out_of_range`` for a value beyond the limits that ``study/variables.toml`` declares."""
    is_low = variable.low is not None and number < variable.low
    is_high = variable.high is not None and number > variable.high
    return "out_of_range" if is_low or is_high else ""
