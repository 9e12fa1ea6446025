"""Shares that one column writes three ways: 0.45, 45 and 45%.

The rule, for a variable whose range ends at ``high`` <= 2 (a share). Only numbers without a sign are in doubt:
45% is 0.45 wherever it stands.

1. A plain number from 10 to 100 x ``high`` cannot be a share. A column with at least one such number *writes percents*.
2. In a column that writes percents:
   a number beyond ``high``, up to 100 x ``high``, is a percent: divided by 100 (rule ``percent``);
   a number below 1 is a share as it stands, and 0 is 0 either way;
   a number from 1 to ``high`` may be either, 1 being one percent or all of it. Written with decimals (1.00) where
   no percent of the column has any, it is a share; else it is emptied (``share_ambiguous``).
3. In any other column numbers stand as they are, and what lies beyond ``high`` is out of range: a lone 5 among
   shares may be 5% or a slip for 0.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.intake.cleaning.text import compact
from analysis.study.objects import Variable

LARGEST_SHARE = 2.0  # a variable whose range ends here or lower is a share: 45% is 0.45
SUREST_PERCENT = 10.0  # from here on a plain number is surely a percent
_PLAIN = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class ShareHabit:
    """How one column of shares is written: with plain percents, and whether any of these has decimals."""

    writes_percents: bool = False
    has_decimals: bool = False


def is_share(variable: Variable) -> bool:
    """Whether a variable is a share by the end of its range."""
    return variable.high is not None and variable.high <= LARGEST_SHARE


def share_habit(texts: Iterable[str], variable: Variable) -> ShareHabit:
    """The habit of a column, from its distinct texts."""
    if variable.high is None:
        return ShareHabit()
    plain = [t for text in texts if _PLAIN.fullmatch(t := compact(text))]
    percents = [t for t in plain if SUREST_PERCENT <= float(t) <= 100 * variable.high]
    return ShareHabit(bool(percents), any("." in t for t in percents))


def read_share(
    number: float, text: str, variable: Variable, habit: ShareHabit
) -> tuple[float | None, str]:
    """A plain number of a share's column, and the rule applied; see the module's text for the rule."""
    high = variable.high
    if high is None or not habit.writes_percents or number < 1:
        return number, ""
    if number > high:
        return (number / 100, "percent") if number <= 100 * high else (number, "")
    if "." in text and not habit.has_decimals:
        return number, ""
    return None, "share_ambiguous"
