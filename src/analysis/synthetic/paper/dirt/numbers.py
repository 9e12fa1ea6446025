"""Numbers as people and spreadsheets leave them: identity and staff numbers, hours, percentages, dates and ages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.dirt.brush import Brush
from analysis.synthetic.paper.filled import Filled, blanks, cells
from analysis.synthetic.paper.identity import has_right_check

WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x30, 0x3A)})
KEPT_DIGITS = 15  # of a long number in a spreadsheet
LOST = "000"
SEEN = 10 / 11  # of cut numbers: the last zero does not fit as a check digit
CHECK_CHARACTERS = "0123456789X"
USUAL_DAY, USUAL_MONTH = "{0}-{1:02}-{2:02}", "{0}.{1:02}"
OTHER_DAYS = ("{0}年{1}月{2}日", "{0}.{1:02}.{2:02}", "{0}/{1:02}/{2:02}")
OTHER_MONTHS = ("{0}年{1}月", "{0}-{1:02}", "{0}{1:02}")


def write_numbers(brush: Brush, filled: Filled) -> Filled:
    """Column ``person_number``: some cut by a spreadsheet, some with a wrong check digit, some full width."""
    numbers = filled.rows["person_number"].to_numpy(dtype=object)
    cut = brush.some("truncated_ids", len(numbers), times=1 / SEEN)
    short = cells(numbers[i][:KEPT_DIGITS] + LOST for i in cut)
    # the others would pass for the number of somebody else; nobody could tell, so they stay whole
    is_seen = ~has_right_check(short)
    cut, short = cut[is_seen], short[is_seen]
    wrong = np.setdiff1d(brush.some("wrong_check_digits", len(numbers)), cut)
    wide = np.setdiff1d(brush.some("full_width", len(numbers)), np.union1d(cut, wrong))
    out = filled.spoil("person_number", cut, short)
    out = out.spoil("person_number", wrong, cells(_other_check(numbers[i]) for i in wrong))
    return out.spoil("person_number", wide, cells(numbers[i].translate(WIDE) for i in wide))


def _other_check(number: str) -> str:
    """The number with the next check character: certainly not its own."""
    at = CHECK_CHARACTERS.index(number[-1])
    return number[:-1] + CHECK_CHARACTERS[(at + 1) % len(CHECK_CHARACTERS)]


def drop_numbers(brush: Brush, filled: Filled) -> Filled:
    """Some staff numbers left out."""
    at = brush.some("blank_numbers", len(filled.rows))
    return filled.spoil("staff_number", at, blanks(len(at)))


def mistype_numbers(brush: Brush, filled: Filled) -> Filled:
    """Staff numbers as people type them: some in lower case; those not ``is_linkable`` blank or a digit short."""
    if not brush.rate("mistyped_numbers"):
        return filled
    numbers = filled.rows["staff_number"].to_numpy(dtype=object)
    bad = np.flatnonzero(~filled.rows["is_linkable"].to_numpy(dtype=bool))
    low = np.setdiff1d(brush.some("mistyped_numbers", len(numbers)), bad)
    out = filled.spoil("staff_number", low, cells(numbers[i].lower() for i in low))
    return out.spoil("staff_number", bad, cells("" if i % 2 else numbers[i][:-1] for i in bad))


def write_hours(brush: Brush, filled: Filled, column: str = "hours") -> Filled:
    """Hours as text, some with their unit typed behind."""
    out = filled.columns(**{column: number_texts(filled.rows[column])})
    texts = out.rows[column].to_numpy(dtype=object)
    at = brush.some("hours_with_unit", len(texts))
    return out.spoil(column, at, texts[at] + "学时")


def mix_percents(brush: Brush, filled: Filled, column: str) -> Filled:
    """A column of shares as 0.45, some cells as 45 and some as 45%."""
    shares = filled.rows[column].to_numpy(dtype=float)
    out = filled.columns(**{column: cells(f"{share:.2f}" for share in shares)})
    at = brush.some("mixed_percents", len(shares))
    whole = np.round(shares[at] * 100).astype(int)
    signs = np.where(brush.rng("mixed_percents-how").random(len(at)) < 0.5, "%", "")
    return out.spoil(column, at, cells(f"{w}{s}" for w, s in zip(whole, signs, strict=True)))


def write_days(brush: Brush, filled: Filled, column: str) -> Filled:
    """Days as 2024-10-12, some as 2024年10月12日, 2024.10.12 or 2024/10/12."""
    return _write_dates(brush, filled, column, "D", (USUAL_DAY, *OTHER_DAYS))


def write_months(brush: Brush, filled: Filled, column: str) -> Filled:
    """Months as 1998.09, some as 1998年9月, 1998-09 or 199809."""
    return _write_dates(brush, filled, column, "M", (USUAL_MONTH, *OTHER_MONTHS))


def _write_dates(
    brush: Brush, filled: Filled, column: str, unit: str, forms: tuple[str, ...]
) -> Filled:
    """Dates of one unit (``D`` or ``M``) in the first form, some in one of the others; blank where missing."""
    dates = filled.rows[column].to_numpy().astype(f"datetime64[{unit}]")
    codes, found = pd.factorize(dates.astype(np.int64))
    days = np.datetime_as_string(found.astype(f"datetime64[{unit}]")).tolist()
    texts = np.array([[_dated(day, form) for day in days] for form in forms], dtype=object)
    at = brush.some("odd_dates", len(codes), f"-{column}")
    at = at[~np.isnat(dates[at])]
    out = filled.columns(**{column: texts[0, codes]})
    return out.spoil(column, at, texts[1 + at % (len(forms) - 1), codes[at]])


def _dated(day: str, form: str) -> str:
    """An ISO date in another form; blank for none."""
    return "" if day == "NaT" else form.format(*(int(part) for part in day.split("-")))


def shift_births(brush: Brush, filled: Filled) -> Filled:
    """Some months of birth a century off: the age that follows is impossible."""
    texts = filled.rows["birth_month"].to_numpy(dtype=object)
    at = brush.some("impossible_births", len(texts))
    later = {"19": "18", "20": "21"}
    return filled.spoil("birth_month", at, cells(later[texts[i][:2]] + texts[i][2:] for i in at))


def spoil_ages(brush: Brush, filled: Filled) -> Filled:
    """Whole years of age, some with a digit too many or too few."""
    years = filled.rows["age"].to_numpy()
    at = brush.some("impossible_births", len(years))
    wrong = (int(years[i]) * 10 if i % 2 else int(years[i]) % 10 for i in at)
    return filled.spoil("age", at, cells(wrong))


def number_texts(values: pd.Series) -> np.ndarray:
    """Numbers as people write them, without ``.0``; blank where missing."""
    codes, found = pd.factorize(values)
    return cells([*(f"{value:g}" for value in found), ""])[codes]
