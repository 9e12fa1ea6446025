"""The desk at which the lists are kept: one report year of one bureau, and the ways to pick people from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import Profile
from analysis.synthetic.streams import choose, share_out, stream
from analysis.synthetic.truth.calendar import school_days
from analysis.synthetic.truth.office.figures import FIGURES, Figures

# prizes, studios and titles cluster in urban schools (domain.md 6.5); log weights per head
URBAN_PULL = {"urban": 0.5, "town": 0.0, "rural": -0.6}
EVENLY = {"urban": 0.0, "town": 0.0, "rural": 0.0}
NOBODY = -1
SENIOR = ("senior", "full")
MUST = 100.0  # more than all other merit together
WHOLE_YEAR = 365  # days
COLUMNS = [
    "person",
    "school",
    "area",
    "district",
    "stage",
    "subject",
    "staffed_post",
    "hired_year",
    "years_teaching",
    "age",
    "title_rank",
    "backbone",
    "subsidy_eligible",
    "subsidy_grade",
]
FIRST_OFFICE_YEAR = 2022  # studios and tools were opened from this report year on


@dataclass(frozen=True)
class Desk:
    """One report year of one bureau.

    ``roster``: staff of 1 September ``year - 1`` with the columns of their school. ``last_day``: for each of
    them the last day in post, in days after that 1 September; None if all stay for the year.
    """

    options: BureauOptions
    profile: Profile
    schools: pd.DataFrame
    roster: pd.DataFrame
    year: int
    last_day: np.ndarray | None = None

    @property
    def figures(self) -> Figures:
        """The totals that this kind of bureau publishes."""
        return FIGURES[self.options.bureau]

    @cached_property
    def teachers(self) -> pd.DataFrame:
        """The teachers of the roster, numbered from 0, with their last day in post (``days``)."""
        days = self.last_day if self.last_day is not None else WHOLE_YEAR
        rows = self.roster[COLUMNS].assign(days=days)
        return rows[self.roster["is_teacher"].to_numpy(bool)].reset_index(drop=True)

    @cached_property
    def settled(self) -> pd.DataFrame:
        """The teachers who stay to the end of the school year, numbered from 0."""
        return self.teachers[self.teachers["days"] >= WHOLE_YEAR].reset_index(drop=True)

    @cached_property
    def open_schools(self) -> pd.DataFrame:
        """The schools with teachers, numbered from 0."""
        is_open = self.schools["school"].isin(self.teachers["school"])
        return self.schools[is_open].reset_index(drop=True)

    def rng(self, purpose: str) -> Generator:
        """The stream of one list of the year."""
        return stream(self.options.seed, self.year, f"office-{purpose}")

    def lasting(self, purpose: str, positions: pd.Series) -> np.ndarray:
        """Uniform luck that stays with each person or school over all years."""
        at = positions.to_numpy()
        luck = stream(self.options.seed, 0, f"office-{purpose}").random(int(at.max(initial=-1)) + 1)
        return np.asarray(luck[at])

    def scaled(self, count: int) -> int:
        """A count of the full size for a bureau of this size; never none where there is one."""
        return max(1, round(count * self.options.teachers / self.profile.teachers)) if count else 0

    def pick(
        self, rng: Generator, rows: pd.DataFrame, count: int, pull: Mapping[str, float] = URBAN_PULL
    ) -> pd.DataFrame:
        """So many different rows (all if there are not so many), the likelier the larger the pull of their area."""
        return rows.iloc[choose(rng, of_area(rows, pull), count)].reset_index(drop=True)

    def days(self, rng: Generator, count: int, first: str, last: str) -> np.ndarray:
        """Random working days between two of the report year, each given as month and day (``03-01``)."""
        return np.asarray(rng.choice(open_days(self.year, first, last), count))

    def day_of_each(self, rng: Generator, keys: pd.DataFrame, first: str, last: str) -> np.ndarray:
        """A random working day of the report year for each different key: what happens at once has one date."""
        numbers = keys.groupby([*keys], observed=True).ngroup().to_numpy()
        return self.days(rng, int(numbers.max(initial=-1)) + 1, first, last)[numbers]

    @property
    def september(self) -> dt.date:
        """The first day of the school year that ends in the report year."""
        return dt.date(self.year - 1, 9, 1)


def open_days(year: int, first: str, last: str) -> np.ndarray:
    """The working days of schools between two days of one calendar year, given as month and day."""
    days = np.concatenate([school_days(year), school_days(year + 1)])
    start, end = (np.datetime64(f"{year}-{day}") for day in (first, last))
    return np.asarray(days[(days >= start) & (days <= end)].astype("datetime64[s]"))


def is_master(rows: pd.DataFrame) -> np.ndarray:
    """Who is fit to lead others: a backbone teacher with a senior title."""
    is_senior = rows["title_rank"].isin(SENIOR).to_numpy()
    return np.asarray(is_senior & (rows["backbone"] != "none").to_numpy())


def of_area(rows: pd.DataFrame, values: Mapping[str, float]) -> np.ndarray:
    """For each row the value of its area."""
    return worth(rows["area"], values)


def worth(column: pd.Series, values: Mapping[str, float]) -> np.ndarray:
    """For each cell of a category column the value of its code; nothing for a code without one."""
    cells = pd.Categorical(column)
    return np.array([*(values.get(c, 0.0) for c in cells.categories), 0.0])[cells.codes]


def best(rows: pd.DataFrame, merit: np.ndarray, count: int) -> pd.DataFrame:
    """The so many rows of highest merit, numbered from 0."""
    return rows.iloc[np.argsort(-merit, kind="stable")[:count]].reset_index(drop=True)


def spread(rng: Generator, shares: Mapping[str, float], count: int) -> np.ndarray:
    """So many codes drawn with their shares."""
    weights = np.array([*shares.values()])
    return np.asarray(rng.choice([*shares], count, p=weights / weights.sum()))


def dealt(rng: Generator, shares: Mapping[str, float], count: int) -> np.ndarray:
    """So many codes in random order, as many of each as its share says, to within one."""
    held = share_out(np.array([*shares.values()]), count)
    return np.asarray(rng.permutation(np.repeat([*shares], held)))


def flags(count: int, true: int, rng: Generator) -> np.ndarray:
    """So many flags in random order, of which exactly ``true`` are set."""
    return np.asarray(rng.permutation(count) < true)
