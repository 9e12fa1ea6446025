"""Light dirt: the small untidiness of any delivery; what is true stays in the draw.

Rates follow ``domain.md`` 6.6 where it states them. Each function takes a stream, values and gives texts.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

SPACED_NAMES = 0.015
FULL_WIDTH = 0.003
BLANK_REASONS = 0.15
IMPOSSIBLE_AGES = 0.005
HOURS_WITH_UNIT = 0.02
ODD_DATES = 0.06
BLANK_STAFF_NUMBERS = 0.03
# retirements and deaths go through the pension office, which always writes the reason
ALWAYS_GIVEN = ("retired", "deceased")
WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x30, 0x3A)})
IDEOGRAPHIC_SPACE = chr(0x3000)


def some(rng: Generator, size: int, share: float) -> np.ndarray:
    """Positions of about ``share`` of ``size`` rows."""
    return np.flatnonzero(rng.random(size) < share)


def space_names(rng: Generator, names: pd.Series) -> np.ndarray:
    """Some names with a space after the surname, as people align short names by hand."""
    texts = names.to_numpy(dtype=object, copy=True)
    for i in some(rng, len(texts), SPACED_NAMES):
        gap = " " if i % 3 else IDEOGRAPHIC_SPACE
        texts[i] = f"{texts[i][0]}{gap}{texts[i][1:]}"
    return texts


def widen_digits(rng: Generator, numbers: pd.Series) -> np.ndarray:
    """Some numbers typed with full-width digits."""
    texts = numbers.to_numpy(dtype=object, copy=True)
    for i in some(rng, len(texts), FULL_WIDTH):
        texts[i] = texts[i].translate(WIDE)
    return texts


def write_months(rng: Generator, dates: pd.Series) -> np.ndarray:
    """Months as 1998.09, some as 1998-09, 1998年9月 or 199809."""
    month = dates.to_numpy().astype("datetime64[M]").astype(str)
    texts = np.char.replace(month, "-", ".").astype(object)
    for i in some(rng, len(texts), ODD_DATES):
        year, number = month[i].split("-")
        texts[i] = (f"{year}年{int(number)}月", f"{year}-{number}", f"{year}{number}")[i % 3]
    return texts


def write_days(rng: Generator, dates: pd.Series) -> np.ndarray:
    """Days as 2024-10-12, some as 2024.10.12, 2024/10/12 or 2024年10月12日."""
    day = dates.to_numpy().astype("datetime64[D]").astype(str)
    texts = day.astype(object)
    for i in some(rng, len(texts), ODD_DATES):
        year, month, number = day[i].split("-")
        forms = (f"{year}年{int(month)}月{int(number)}日", f"{year}.{month}.{number}")
        texts[i] = (*forms, f"{year}/{month}/{number}")[i % 3]
    return texts


def spoil_births(rng: Generator, months: np.ndarray) -> np.ndarray:
    """Some births a century off: the age that follows is impossible."""
    texts = months.copy()
    for i in some(rng, len(texts), IMPOSSIBLE_AGES):
        century = 18 if texts[i].startswith("19") else 21
        texts[i] = f"{century}{texts[i][2:]}"
    return texts


def spoil_ages(rng: Generator, ages: pd.Series) -> np.ndarray:
    """Whole years of age, some of them impossible."""
    years = np.floor(ages.to_numpy()).astype(int)
    wrong = some(rng, len(years), IMPOSSIBLE_AGES)
    years[wrong] = np.where(wrong % 2, years[wrong] * 10, years[wrong] % 10)
    return years


def write_hours(rng: Generator, hours: pd.Series) -> np.ndarray:
    """Hours as numbers, some with their unit typed behind."""
    texts = np.array([f"{h:g}" for h in hours], dtype=object)
    wrong = some(rng, len(texts), HOURS_WITH_UNIT)
    texts[wrong] = [f"{text}学时" for text in texts[wrong]]
    return texts


def blank_reasons(rng: Generator, reasons: pd.Series, words: pd.Series) -> np.ndarray:
    """Reasons in words; of those who left or moved themselves some are left blank."""
    texts = words.to_numpy(dtype=object, copy=True)
    may_be_blank = ~reasons.isin(ALWAYS_GIVEN).to_numpy()
    texts[may_be_blank & (rng.random(len(texts)) < BLANK_REASONS)] = ""
    return texts


def blank_some(rng: Generator, texts: pd.Series, share: float) -> np.ndarray:
    """Some cells left empty."""
    cells = texts.to_numpy(dtype=object, copy=True)
    cells[some(rng, len(cells), share)] = ""
    return cells


def type_numbers(rng: Generator, numbers: pd.Series, is_right: pd.Series) -> np.ndarray:
    """Staff numbers as people type them: mostly right, some in lower case; the wrong ones blank or a digit short."""
    texts = numbers.to_numpy(dtype=object, copy=True)
    for i in some(rng, len(texts), 0.05):
        texts[i] = texts[i].lower()
    for i in np.flatnonzero(~is_right.to_numpy()):
        texts[i] = "" if i % 2 else texts[i][:-1]
    return texts
