"""The days on which schools work: no weekends, no public holidays, no vacations.

Dates of the Spring Festival are those of the lunar calendar; vacations around it and in summer are a choice, as are
the lengths of the other holidays. Days that are worked instead of a holiday are left out.
"""

from __future__ import annotations

from functools import cache

import numpy as np

SPRING_FESTIVAL = {
    2018: "02-16",
    2019: "02-05",
    2020: "01-25",
    2021: "02-12",
    2022: "02-01",
    2023: "01-22",
    2024: "02-10",
    2025: "01-29",
    2026: "02-17",
    2027: "02-06",
    2028: "01-26",
    2029: "02-13",
    2030: "02-03",
}
USUAL_FESTIVAL = "02-04"  # outside the table
WINTER_VACATION = (-12, 17)  # days around the festival
# first and last day of the others, month and day
HOLIDAYS = (("10-01", "10-07"), ("01-01", "01-01"), ("04-04", "04-06"), ("05-01", "05-05"))
SUMMER_VACATION = ("07-06", "08-24")
SATURDAY = 5


@cache
def school_days(year: int) -> np.ndarray:
    """The working days from 1 September ``year - 1`` to 31 August ``year``, as days in order."""
    first, last = np.datetime64(f"{year - 1}-09-01"), np.datetime64(f"{year}-08-31")
    days = np.arange(first, last + 1)
    weekday: np.ndarray = (days.astype(int) + 3) % 7  # 1 January 1970 was a Thursday
    is_free = weekday >= SATURDAY
    for low, high in (*HOLIDAYS, SUMMER_VACATION):
        of = year - 1 if low >= "09-01" else year
        is_free |= (days >= np.datetime64(f"{of}-{low}")) & (days <= np.datetime64(f"{of}-{high}"))
    festival = np.datetime64(f"{year}-{SPRING_FESTIVAL.get(year, USUAL_FESTIVAL)}")
    before, after = WINTER_VACATION
    is_free |= (days >= festival + before) & (days <= festival + after)
    return days[~is_free]


def school_offsets(year: int, low: int, high: int) -> np.ndarray:
    """Working days from ``low`` to before ``high`` days after 1 September ``year - 1``, as such offsets.

    Every day of that time if schools are closed throughout.
    """
    offsets = (school_days(year) - np.datetime64(f"{year - 1}-09-01")).astype(int)
    open_ones = offsets[(offsets >= low) & (offsets < high)]
    return open_ones if len(open_ones) else np.arange(low, high)
