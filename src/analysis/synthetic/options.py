"""What may be asked of an invented bureau, checked before anything is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.errors import AnalysisError, ParameterError, nearest, raise_all

BUREAUS = ("county",)
WORLDS = ("planted", "W0")
YEARS = (2010, 2040)
REGION_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")


@dataclass(frozen=True)
class BureauOptions:
    """One invented bureau: its size, calendar, seed and world.

    ``teachers`` is the exact number in post on 1 September 2024; ``first_year`` and ``last_year`` are the
    first and last roster snapshots; the world ``W0`` has no effect anywhere. Raises ParameterError (all
    problems at once) if such a bureau cannot be.
    """

    bureau: str = "county"
    region: str = "demo-county"
    teachers: int = 5862
    schools: int = 112
    pilots: int = 12
    first_year: int = 2019
    last_year: int = 2025
    seed: int = 20251201
    world: str = "planted"

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        raise_all(find_problems(self))

    @property
    def years(self) -> range:
        """The years with a roster and a delivery, oldest first."""
        return range(self.first_year, self.last_year + 1)


def find_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    """Everything that is wrong with the options, as errors not yet raised."""
    yield from _name_problems(options)
    yield from _size_problems(options)
    yield from _year_problems(options)


def _name_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    for field, known in (("bureau", BUREAUS), ("world", WORLDS)):
        asked = getattr(options, field)
        if asked not in known:
            near = nearest(asked, known) or "-"
            yield ParameterError(
                "demo_unknown_choice",
                field=field,
                asked=asked,
                nearest=near,
                known=", ".join(known),
            )
    if not REGION_NAME.fullmatch(options.region):
        yield ParameterError("demo_bad_region", region=options.region)


def _size_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    lowest = {"schools": 6, "teachers": 5 * max(options.schools, 6), "pilots": 0, "seed": 0}
    for field, least in lowest.items():
        asked = getattr(options, field)
        if asked < least:
            yield ParameterError("demo_too_small", field=field, asked=asked, least=least)
    if options.pilots > options.schools:
        yield ParameterError("demo_too_many_pilots", pilots=options.pilots, schools=options.schools)


def _year_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    first, last = options.first_year, options.last_year
    if not YEARS[0] <= first < last <= YEARS[1]:
        yield ParameterError("demo_bad_years", first=first, last=last, low=YEARS[0], high=YEARS[1])
