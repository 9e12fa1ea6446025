"""What the ledger may show of a text: never a person's name, number, phone or address, in whatever column it stands.

Of identifying columns only shapes are shown (``digits:18``). Elsewhere digits that are as many as a phone's are
masked, dates and values in the range of their variable excepted. Of a text that could not be read more is hidden:
it is shown only if it is short and written in several rows of its column, or made of known words; see ``shown_unread``.
"""

from __future__ import annotations

import re
from functools import cache

from analysis.intake.cleaning.spellings import spellings_of
from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words, words_of
from analysis.study.objects import Variable

IDENTIFYING = ("person_number", "name")
NUMBERS = ("number", "integer", "band")
MOMENTS = ("date", "month")
ASKED = (*NUMBERS, *MOMENTS, "category", "flag", "choices")  # kinds whose texts are to say a value
LONGEST = 80  # characters of a found text that are worth showing
LONGEST_UNREAD = 12
LONGEST_PLACE = 24  # the full name of a school with its campus
FEWEST_ROWS = 3  # a text that so many rows hold is a way of writing, not one person
FEWEST_DIGITS = 7  # of a number of somebody: a telephone in a small town
CODE_DIGITS = 10  # of the code of a school
_RUNS = re.compile(
    r"(?P<digits>\d+)|(?P<letters>[A-Za-z]+)|(?P<spaces>\s+)|(?P<signs>[^\w\s]+)|(?P<chars>\w+)"
)
_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_GROUPS = re.compile(r"\d+(?:[\s._/\-\u2010-\u2015\uff0d-\uff0f]{1,3}\d+)*[xX]?")
_DAY = (
    r"(?:(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)(?: \d{1,2})?"
)
_DATES = re.compile(rf"{_DAY}(?:[-\s]{{1,3}}{_DAY})?")
_WRITTEN_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?")
_VALUE = re.compile(r"(?:0|[1-9]\d{0,9})(?:\.\d+)?")


def shape(text: str) -> str:
    """What an identifying value looks like, without saying it: ``digits:17 letters:1``."""
    return " ".join(f"{m.lastgroup}:{len(m.group())}" for m in _RUNS.finditer(text))


def shown(variable: Variable | None, text: str) -> str:
    """A found text as the ledger may hold it: the shape for identifying columns, long digits masked elsewhere."""
    if variable is not None and variable.kind in IDENTIFYING:
        return shape(text)
    masked = _ADDRESS.sub(_hidden, _without_typed(text))
    masked = _GROUPS.sub(lambda m: m[0] if _is_plain(variable, m[0]) else _hidden(m), masked)
    return masked if len(masked) <= LONGEST else masked[:LONGEST] + "..."


def shown_unread(variable: Variable | None, text: str, n_rows: int = 1) -> str:
    """A text that could not be read, as the ledger may hold it; ``n_rows``: rows of the column that hold it.

    Of an answer with several options each is shown or hidden by itself.
    """
    if variable is None or variable.kind not in ASKED:
        return shown(variable, text)
    sign = words().options.ticked[0]
    parts = text.split(sign) if variable.kind == "choices" else [text]
    return sign.join(_part(variable, part, n_rows) for part in parts)


def is_remark(text: str) -> bool:
    """Whether a text of a free column says more than a name of a school or place: it is long, or holds a number."""
    return len(text) > LONGEST_PLACE or shown(None, text) != text


def _part(variable: Variable, text: str, n_rows: int) -> str:
    """One option or a whole text: as it stands if it cannot be somebody's own, else its shape."""
    if compact(text) in spellings_of(variable):
        return text
    is_common = n_rows >= FEWEST_ROWS or bool(_known_words(variable).fullmatch(compact(text)))
    is_short = len(text) <= LONGEST_UNREAD
    return shown(variable, text) if is_short and is_common else shape(text)


def _hidden(found: re.Match[str]) -> str:
    return f"[{shape(found[0])}]"


def _is_plain(variable: Variable | None, digits: str) -> bool:
    """Whether digits that belong together are no number of somebody: few, a date, a code, or a value in its range."""
    flat = compact(digits)
    kind = variable.kind if variable is not None else ""
    if sum(c.isdigit() for c in digits) < FEWEST_DIGITS or _DATES.fullmatch(digits):
        return True
    if kind in MOMENTS and _WRITTEN_DAY.fullmatch(flat):
        return True
    if kind == "code":
        return flat.isdigit() and len(flat) <= CODE_DIGITS
    return variable is not None and kind in NUMBERS and _is_value(variable, flat)


def _is_value(variable: Variable, flat: str) -> bool:
    """Whether a plain number could be a value of its variable."""
    is_number = _VALUE.fullmatch(flat) is not None
    return is_number and (variable.high is None or float(flat) <= variable.high)


@cache
def _behind_other() -> re.Pattern[str]:
    """What stands behind ``other`` and a colon or line."""
    options = words().options
    others = "|".join(map(re.escape, options.other))
    signs = re.escape("".join(options.behind_other))
    return re.compile(
        rf"((?:{others})[^{signs}]{{0,9}}[{signs}]+)([^{options.ticked[0]};]+)", re.IGNORECASE
    )


def _without_typed(text: str) -> str:
    """The text with the shape of whatever was typed behind an option: it may hold names."""
    opens, closes = words().options.typed
    text = _behind_other().sub(lambda m: m[1] + shape(m[2]), text)
    if opens not in text:
        return text
    inside = re.compile(rf"{opens}([^{closes}]*){closes}?")
    return inside.sub(lambda m: f"{opens}{shape(m[1])}{closes}", text)


def _known_words(variable: Variable) -> re.Pattern[str]:
    """A text of nothing but digits, signs, units, marks of dates, words for nothing and the variable's own words."""
    return _either((*spellings_of(variable), *map(compact, variable.zero), compact(variable.unit)))


@cache
def _either(own: tuple[str, ...]) -> re.Pattern[str]:
    """The pattern of any number of these words and of those that every variable knows."""
    known, bands = words(), words().bands
    units = [word for unit, more in known.units.items() for word in (unit, *more)]
    around = (*bands.joiners, *bands.ignored, *bands.up_to, *bands.beyond)
    numerals = (*known.numerals.digits, *known.numerals.places, *known.numerals.magnitudes)
    dates = (*known.dates.separators, *known.dates.endings, *known.dates.terms)
    times = (*known.durations.hours, *known.durations.minutes, *known.durations.seconds)
    all_words = {compact(w) for w in (*units, *around, *numerals, *dates, *times)}
    ordered = sorted(filter(None, all_words | words_of("nothing") | {*own}), key=len, reverse=True)
    return re.compile(rf"(?:[\d\W]|{'|'.join(map(re.escape, ordered))})+")
