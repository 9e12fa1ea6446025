"""What is verified: a published case with its figures as printed, and one line of the table for each figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Status = Literal["same", "explained", "inside", "outside", "unclaimed", "miss", "no_data"]
Answers = Mapping[str, float]


@dataclass(frozen=True)
class Figure:
    """One figure as its source prints it; its digits are those that count.

    ``ours``: what comes out here where it is known to differ, and ``why``, the id of the message that says so: then
    this very figure is expected, so that nothing can move unseen.
    """

    name: str
    printed: str
    ours: str = ""
    why: str = ""

    @property
    def expected(self) -> str:
        """What has to come out."""
        return self.ours or self.printed


@dataclass(frozen=True)
class Case:
    """A published analysis: ``find`` gives its figures by name from the data set ``data`` (empty: none needed).

    ``through``: the functions of this project that compute them.
    """

    id: str
    source: str
    data: str
    through: str
    find: Callable[[pd.DataFrame], Answers]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Line:
    """One row of the table: what was expected and what came out, as texts."""

    case: str
    figure: str
    expected: str
    found: str
    status: Status
    why: str = ""
    source: str = ""  # who printed it, and the functions that computed it here


def decimals(printed: str) -> int:
    """How many digits a figure is printed with after the point: ``-11,863.9`` has 1."""
    return len(printed.partition(".")[2])


def as_number(printed: str) -> float:
    """A printed figure as a number; thousands may be set apart by commas."""
    return float(printed.replace(",", ""))


def agrees(value: float, printed: str) -> bool:
    """Whether a value, rounded to the printed digits, is the printed figure; never for a missing value."""
    if not math.isfinite(value):
        return False
    return float(f"{value:.{decimals(printed)}f}") == as_number(printed)


def shown(value: float, printed: str, more: int = 0) -> str:
    """A value with the digits of a printed figure, and ``more``."""
    comma = "," if "," in printed else ""
    return f"{value:{comma}.{decimals(printed) + more}f}"


def line_of(case: Case, figure: Figure, value: float) -> Line:
    """The line of a figure; what is not the printed figure is shown with two more digits."""
    status: Status = "miss"
    if agrees(value, figure.expected):
        status = "explained" if figure.ours else "same"
    found = shown(value, figure.printed, 0 if status == "same" else 2)
    return Line(case.id, figure.name, figure.printed, found, status, figure.why, source_of(case))


def source_of(case: Case) -> str:
    """Who printed a case, and the functions it goes through here."""
    return f"{case.source}; {case.through}"
