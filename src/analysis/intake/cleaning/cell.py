"""What every cleaner takes and gives: one cell with the rules that were applied, and hints from beside the text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analysis.intake.cleaning.shares import ShareHabit
from analysis.study.objects import Variable


@dataclass(frozen=True)
class Cell:
    """One cleaned value (None: missing) and the rule by which it came about; no rule: taken as it stood.

    ``more``: further rules of the same cell, each a ledger line of its own.
    """

    value: str | float | None
    rule: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hints:
    """What a cleaner knows beside the text: answers of this delivery, declared missing codes, the column's habits.

    ``received``: no date of the delivery is later; tells two-digit years apart. ``day_order``: in which order the
    column writes day, month and year where a single date does not say. ``number_length``: see ``usual_length``.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    has_padded_months: bool = False
    received: dt.date | None = None
    day_order: str = ""
    number_length: int = 0
    shares: ShareHabit = field(default_factory=ShareHabit)


Cleaner = Callable[[str, Variable, Hints], Cell]
