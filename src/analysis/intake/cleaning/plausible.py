"""Two values of one row that cannot both be true; which is the wrong one nobody can tell.

The rules, one for each pair:

- years of experience that an age does not allow, and work that began before the person was of age to work: both
  values are emptied (``impossible_pair``), since at least one of them is wrong;
- an end before its beginning: both dates are kept and told (``dates_reversed``), since the row itself did happen.

Values that are impossible alone (an age of 999) were emptied before, by the range of their variable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.intake.cleaning.text import plain_number

YOUNGEST_AT_WORK = 15  # years; village teachers of the seventies began at this age
CHANGES = ("position", "found", "done", "rule", "variable")


@dataclass(frozen=True)
class Pair:
    """Two variables of one row and when they exclude each other; ``rule`` says whether they are emptied or told."""

    first: str
    second: str
    rule: str
    excludes: Callable[[pd.Series, pd.Series], pd.Series]


def too_experienced(age: pd.Series, experience: pd.Series) -> pd.Series:
    """More years of work than have passed since the youngest age at which work can begin."""
    return age - experience < YOUNGEST_AT_WORK


def began_too_young(born: pd.Series, began: pd.Series) -> pd.Series:
    """Work that began in a calendar year before the youngest age was reached."""
    return _year(began) - _year(born) < YOUNGEST_AT_WORK


def ends_before(start: pd.Series, end: pd.Series) -> pd.Series:
    """An end before its beginning, as far as both are dated equally exactly."""
    is_comparable = start.str.len() == end.str.len()
    return is_comparable & (end < start)


def _year(dates: pd.Series) -> pd.Series:
    return pd.to_numeric(dates.str.slice(0, 4), errors="raise").astype("Float64")


PAIRS = (
    Pair("age", "years_teaching", "impossible_pair", too_experienced),
    Pair("birth_month", "work_start", "impossible_pair", began_too_young),
    Pair("start_date", "end_date", "dates_reversed", ends_before),
)


def check_pairs(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The typed rows without impossible pairs; and one change (position, found, rule, variable) per value told."""
    out, told = frame, [pd.DataFrame({c: [] for c in CHANGES}, dtype=object)]
    for pair in (p for p in PAIRS if {p.first, p.second} <= {*frame.columns}):
        first, second = out[pair.first], out[pair.second]
        is_wrong = pair.excludes(first, second).fillna(False).astype(bool)
        at = np.flatnonzero(is_wrong.to_numpy())
        if not len(at):
            continue
        told += [*_changes(frame, pair, at)]
        if pair.rule == "impossible_pair":
            emptied = {name: out[name].mask(is_wrong) for name in (pair.first, pair.second)}
            out = out.assign(**emptied)
    return out, pd.concat(told, ignore_index=True)


def _changes(frame: pd.DataFrame, pair: Pair, at: np.ndarray) -> Iterator[pd.DataFrame]:
    """The lines of one pair: each value with the other beside it, so that a reader sees why."""
    for name, other in ((pair.first, pair.second), (pair.second, pair.first)):
        values, others = frame[name].iloc[at], frame[other].iloc[at]
        found = [f"{_text(v)} ({other} {_text(o)})" for v, o in zip(values, others, strict=True)]
        kept = [] if pair.rule == "impossible_pair" else [_text(v) for v in values]
        lines = {"position": at, "found": found, "done": kept or "", "rule": pair.rule}
        yield pd.DataFrame(lines | {"variable": name})


def _text(value: object) -> str:
    return plain_number(float(value)) if isinstance(value, (int, float)) else str(value)
