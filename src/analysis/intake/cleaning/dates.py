"""Written dates of every form, with the precision they were written with; no day and no month is invented."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache, lru_cache

from analysis.intake.cleaning.text import normalise
from analysis.intake.cleaning.words import words

EARLIEST, LATEST = 1900, 2050  # nobody at work was born before, no plan reaches beyond
SPREADSHEET_EPOCH = dt.date(1899, 12, 30)  # day 0 of spreadsheet serial numbers after February 1900
SERIALS = range(7_000, 73_000)  # 1919 to 2099

ORDERS = ("dmy", "mdy", "ymd")
CENTURY = "20"  # of two-digit years: such dates are stamps of programs, never of births

_TIME = re.compile(r"[ T]+\d{1,2}:\d{1,2}(:\d{1,2})?( ?[AP]M)?$", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})-?")
_YEAR = re.compile(r"(\d{4})-?")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_YEAR_LAST = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_SHORT = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4}|\d{2})")
_ISO = re.compile(r"\d{4}-\d{2}(-\d{2})?([ T]\d{2}:\d{2}(:\d{2})?)?")
_PADDED = re.compile(r"\d{4}\.0\d")
_ONE_ZERO_SHORT = re.compile(r"(\d{4})\.1")


def writes_two_digits(texts: Iterable[str]) -> bool:
    """Whether a column writes 1998.09: then 1998.1 can only be October with its zero lost."""
    return any(_PADDED.fullmatch(normalise(t)) for t in texts)


def day_order(texts: Iterable[str], received: dt.date | None = None) -> str:
    """The one order (``dmy``, ``mdy`` or ``ymd``) in which every short date of a column exists; empty if not one.

    Short dates are those of three numbers whose year does not come first with four digits (``16/08/18``,
    ``03/04/2018``). No date lies after the year ``received`` is in.
    """
    short = [found.groups() for t in texts if (found := _SHORT.fullmatch(_dated(normalise(t))))]
    latest = dt.date((received or dt.date(LATEST, 1, 1)).year, 12, 31).isoformat()
    fitting = [
        order
        for order in ORDERS
        if all((day := _ordered(parts, order)) and day <= latest for parts in short)
    ]
    return fitting[0] if short and len(fitting) == 1 else ""


def _ordered(parts: tuple[str, ...], order: str) -> str | None:
    """The date that three numbers are in one order; None if there is none."""
    by_part = dict(zip(order, parts, strict=True))
    if len(by_part["y"]) not in (2, 4) or max(len(by_part[p]) for p in "md") > 2:
        return None
    year = by_part["y"] if len(by_part["y"]) == 4 else CENTURY + by_part["y"]
    return _valid(year, by_part["m"], by_part["d"])


def _dated(flat: str) -> str:
    """A normalised text without its time, every separator a hyphen."""
    return _hyphenated(_TIME.sub("", flat))


@lru_cache(maxsize=1 << 16)
def read_date(text: str, *, has_padded_months: bool, day_order: str = "") -> tuple[str | None, str]:
    """ISO text of the precision found (``2025-03-01``, ``2025-03`` or ``2025``), and the rule applied."""
    flat = normalise(text)
    short = _ONE_ZERO_SHORT.fullmatch(flat)
    if short:
        year = short.group(1)
        return (f"{year}-10", "lost_zero") if has_padded_months else (year, "ambiguous_month")
    if flat.isdigit() and int(flat) in SERIALS and len(flat) == 5:
        day = SPREADSHEET_EPOCH + dt.timedelta(days=int(flat))
        return day.isoformat(), "serial_date"
    dated = _dated(flat)
    found = _parts(dated)
    if found is None:
        found = _by_order(dated, day_order)
        return found, "date_order" if found else "not_a_date"
    if not EARLIEST <= int(found[:4]) <= LATEST:
        return None, "out_of_range"
    return found, "" if _ISO.fullmatch(text) else "date_form"


def _by_order(dated: str, order: str) -> str | None:
    """A short date in the order of its column."""
    short = _SHORT.fullmatch(dated) if order else None
    return _ordered(short.groups(), order) if short else None


def _hyphenated(text: str) -> str:
    """The date with every separator a hyphen and terms as their first month."""
    out = text.replace(" ", "")
    for term, month in sorted(words().dates.terms.items(), key=lambda t: -len(t[0])):
        out = re.sub(rf"{term}$", f"-{month}", out)
    return out.translate(_translation()).replace("--", "-")


@cache
def _translation() -> dict[int, str | None]:
    marks = words().dates
    return {ord(c): "-" for c in marks.separators} | {ord(c): None for c in marks.endings}


def _parts(text: str) -> str | None:
    """ISO text from ``Y-M-D``, ``Y-M``, ``Y``, ``YMD`` or an unmistakable ``D-M-Y``; None if it is no date."""
    if match := _DAY.fullmatch(text) or _RUN.fullmatch(text):
        return _valid(*match.groups())
    if match := _MONTH.fullmatch(text) or _YEAR.fullmatch(text):
        return _valid(*match.groups())
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(*(int(part) for part in match.groups()))
    return None


def _year_last(first: int, second: int, year: int) -> str | None:
    """Day and month told apart only where one of them is beyond twelve or both are the same."""
    if first > 12 or first == second:
        return _valid(str(year), str(second), str(first))
    return _valid(str(year), str(first), str(second)) if second > 12 else None


def _valid(year: str, month: str | None = None, day: str | None = None) -> str | None:
    """ISO text if such a date exists."""
    try:
        date = dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return date.isoformat()[: 10 if day else 7 if month else 4]
