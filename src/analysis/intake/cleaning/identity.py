"""Identity numbers: 18 digits with a check digit, 15 digits of old, and what spreadsheets leave of them.

The 18-digit form and its check digit: GB 11643-1999 (ISO 7064, MOD 11-2).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from analysis.intake.cleaning.text import compact

IDENTITY_NUMBER = (
    "person_number"  # the variable whose values carry a check digit; staff numbers do not
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
CENTURY_OF_15 = "19"  # 15-digit numbers were given to people born before 2000
KEPT_BY_SPREADSHEET = 15  # digits of a long number
LENGTH = 18
USUAL_SHARE = 0.8  # of a column's staff numbers have one length, then another one is worth a word
LOST_BY_SPREADSHEET = "000"  # a spreadsheet keeps 15 digits of a number and puts zeros for the rest

_EIGHTEEN = re.compile(r"\d{17}[\dX]")
_FIFTEEN = re.compile(r"\d{15}")
_MAY_BE_CUT = re.compile(r"0\s*$|[Ee\uff25\uff45]|[^\x00-\x7f]")  # all others need no closer look
_EXPONENT = re.compile(r"\d(\.\d+)?E\+?\d+")
_OTHER = re.compile(r"(?=.*[A-Z])[A-Z0-9()-]{5,20}")


def check_digit(first_17: str) -> str:
    """The eighteenth character that belongs to the first seventeen digits."""
    return CHECK_DIGITS[sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True)) % 11]


@lru_cache(maxsize=1 << 17)  # the same people come back with every roster
def read_number(text: str) -> tuple[str | None, str]:
    """An identity number in its 18-character form, and the rule that was applied; no number if it cannot be trusted."""
    number = compact(text).lstrip("'").upper()
    if _EIGHTEEN.fullmatch(number):
        return _checked(number, is_changed=number != text)
    if _FIFTEEN.fullmatch(number) and _is_date(CENTURY_OF_15 + number[6:12]):
        longer = number[:6] + CENTURY_OF_15 + number[6:]
        return longer + check_digit(longer), "fifteen_digits"
    if _EXPONENT.fullmatch(number):
        return None, "number_truncated"
    if _OTHER.fullmatch(number):
        return number, "other_document"
    return None, "wrong_length"


def _checked(number: str, *, is_changed: bool) -> tuple[str | None, str]:
    """An 18-character number if its check digit fits, told apart from one that a spreadsheet cut."""
    if check_digit(number[:17]) == number[17]:
        return number, "spaces_width" if is_changed else ""
    if number.endswith(LOST_BY_SPREADSHEET):
        return None, "number_truncated"
    return None, "check_digit_wrong"


def is_cut(number: str) -> bool:
    """Whether an 18-character number ends as a spreadsheet leaves it; one such in eleven has a right check digit."""
    return len(number) == LENGTH and number.endswith(LOST_BY_SPREADSHEET)


def cut_heads(texts: pd.Series) -> pd.Series:
    """The 15 digits that a spreadsheet left of each number whose check digit shows that it was cut; else missing."""
    doubtful = (text for text in texts.unique() if _MAY_BE_CUT.search(text))
    return texts.map({text: head for text in doubtful if (head := _head(text))})


def _head(text: str) -> str:
    """The digits left of one cut number, from zeros at its end or from an exponent that shows all fifteen."""
    if read_number(text)[1] != "number_truncated":
        return ""
    number = compact(text).lstrip("'").upper()
    digits = number if is_cut(number) else number.partition("E")[0].replace(".", "")
    head = digits[:KEPT_BY_SPREADSHEET]
    return head if len(head) == KEPT_BY_SPREADSHEET else ""


def usual_length(numbers: Iterable[str]) -> int:
    """The length that nearly all of a column's numbers have; 0 if there is none such."""
    lengths = Counter(len(n.strip()) for n in numbers if n)
    if not lengths:
        return 0
    length, n = lengths.most_common(1)[0]
    return length if n >= USUAL_SHARE * lengths.total() else 0


def _is_date(digits: str) -> bool:
    try:
        dt.datetime.strptime(digits, "%Y%m%d")
    except ValueError:
        return False
    return True
