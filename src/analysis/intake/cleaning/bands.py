"""Intervals of a number as answers give them: ``30-34``, an open end, a unit behind it; never a midpoint.

A band is written ``low-high``; up to 30 is ``-30``, 50 and above is ``50-``, one value alone is ``2-2``. Ends are
kept as written: whether an end itself belongs to the band is not always said.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from analysis.intake.cleaning.numbers import check_range, has_split_digits, unit_words
from analysis.intake.cleaning.numerals import numeral_characters, read_numeral
from analysis.intake.cleaning.text import compact, plain_number
from analysis.intake.cleaning.words import words
from analysis.study.objects import Variable

JOINER = "-"
_OPEN = re.compile(r"-(?P<high>\d+(\.\d+)?)|(?P<low>\d+(\.\d+)?)-")


@lru_cache(maxsize=1 << 14)
def band_parts(text: str) -> tuple[float | None, float | None, frozenset[str]] | None:
    """Lower end, upper end (None: open) and the units behind them; None if the text is no band."""
    if has_split_digits(text):
        return None
    flat = compact(text)
    for word in words().bands.ignored:
        flat = flat.replace(compact(word), "")
    if found := _closed_form().fullmatch(flat):
        return _closed(*found.groups(default=""))
    for is_upper, form in ((True, _up_to_form()), (False, _from_form())):
        found = form.fullmatch(flat)
        if found and (found["before"] or found["behind"]):
            number = _end(found["number"], found["times"] or "")
            units = frozenset(filter(None, (found["unit"],)))
            return (
                None
                if number is None
                else (None, number, units)
                if is_upper
                else (number, None, units)
            )
    return None


def _closed(
    low: str, low_times: str, low_unit: str, high: str, high_times: str, high_unit: str
) -> tuple[float, float, frozenset[str]] | None:
    """Both ends; a magnitude behind the second alone belongs to both where the first is the smaller number (1-2K)."""
    first, plain, second = _end(low, low_times), _end(high, ""), _end(high, high_times)
    if first is None or second is None or plain is None:
        return None
    if high_times and not low_times and first < plain:
        first = _end(low, high_times) or 0.0
    units = frozenset(filter(None, (low_unit, high_unit)))
    return (first, second, units) if first <= second else None


def _end(number: str, times: str) -> float | None:
    """One end of a band, in digits or in words, with its magnitude."""
    value = (
        read_numeral(number)
        if set(number) & set(numeral_characters())
        else float(number.replace(",", ""))
    )
    return None if value is None else float(value) * words().numerals.magnitudes.get(times, 1)


def is_band(text: str) -> bool:
    """Whether a text says an interval and not a number."""
    return band_parts(text) is not None


def read_band(text: str, variable: Variable) -> tuple[str | None, str]:
    """The band in its plain form and the rule applied; none for another unit, ends out of range or no band at all."""
    plain = _OPEN.fullmatch(
        text
    )  # already as this project writes it, where -30 is no negative number
    parts = _plain_open(plain) if plain else band_parts(text)
    if parts is None:
        return _single(text, variable)
    low, high, units = parts
    if units - unit_words(variable.unit):
        return None, "other_unit"
    if any(check_range(end, variable) for end in (low, high) if end is not None):
        return None, "out_of_range"
    done = JOINER.join("" if end is None else plain_number(end) for end in (low, high))
    return done, "" if done == text else "band_form"


def _plain_open(found: re.Match[str]) -> tuple[float | None, float | None, frozenset[str]]:
    """The ends of an open band in plain form."""
    low, high = (float(found[name]) if found[name] else None for name in ("low", "high"))
    return low, high, frozenset()


def _single(text: str, variable: Variable) -> tuple[str | None, str]:
    """One number where a band is asked for: a band of that number alone."""
    flat = compact(text)
    found = re.fullmatch(_number("number"), flat)
    if (
        found is None
        or has_split_digits(text)
        or _end(found["number"], found["times"] or "") is None
    ):
        return None, "not_a_band"
    both = f"{flat}{JOINER}{flat}"
    done, rule = read_band(both, variable)
    return done, "band_form" if done else rule


def _number(name: str) -> str:
    """A pattern for one number with its magnitude and unit."""
    numerals = re.escape(numeral_characters())
    times = _either(words().numerals.magnitudes)
    units = _either({u for unit in (*words().units, "%") for u in unit_words(unit)})
    group = "" if name == "number" else f"_{name}"
    return (
        rf"(?P<number{group}>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|[{numerals}]+?)"
        rf"(?P<times{group}>{times})?(?P<unit{group}>{units})?"
    )


def _either(texts: object) -> str:
    """A pattern for one of several texts, the longest first."""
    flat = sorted({compact(t) for t in texts}, key=lambda t: (-len(t), t))  # type: ignore[attr-defined]
    return "(?:" + "|".join(re.escape(t) for t in flat) + ")"


@cache
def _closed_form() -> re.Pattern[str]:
    return re.compile(_number("low") + _either(words().bands.joiners) + _number("high"))


@cache
def _up_to_form() -> re.Pattern[str]:
    return _open_form(words().bands.up_to)


@cache
def _from_form() -> re.Pattern[str]:
    return _open_form(words().bands.beyond)


def _open_form(marks: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for a number with one of the marks before or behind it, the unit on either side of a mark behind."""
    either = _either(marks)
    units = _either({u for unit in (*words().units, "%") for u in unit_words(unit)})
    return re.compile(
        rf"(?P<before>{either})?" + _number("number") + rf"(?P<behind>{either})?(?:{units})?"
    )
