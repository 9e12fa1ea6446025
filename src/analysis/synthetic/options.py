"""What may be asked of an invented bureau, checked before anything is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analysis.errors import AnalysisError, ParameterError, nearest, raise_all
from analysis.synthetic.dirt import Dirt
from analysis.synthetic.planted import WORLDS
from analysis.synthetic.profile import PROFILES, Profile

YEARS = (2010, 2040)
LAST_YEAR = 2025  # of the demonstration
REGION_NAME = re.compile(
    r"(?!(con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9-]{0,40}"
)  # not what Windows keeps for itself
TESTS = ("scores", "pass-list")
FORMATS = ("files", "parquet")
MOST = {"teachers": 5_000_000, "schools": 200_000}
PART_TEACHERS = 20_000  # a larger bureau is drawn in parts
LEAST_SCHOOLS = 6
DISTRICT_SCHOOLS = 36  # for twelve districts of three at least
MOST_AS_FILES = 100_000  # teachers; beyond that nobody opens the workbooks


@dataclass(frozen=True)
class BureauOptions:
    """One invented bureau: its kind, size, calendar, seed and world; see ``bureau_options`` for the usual sizes.

    ``teachers`` is the exact number in post on 1 September 2024; ``first_year`` and ``last_year`` are the
    first and last roster snapshots; ``waves`` the number of yearly tests, counted back from 2025
    (later years have theirs). ``tests``: scores, or only a list of those who passed. ``format``: office files, or
    Parquet for large sizes. ``dirt`` names the items of untidiness, see ``Dirt.of``. ``fixed_totals``: the number of leavers in each area is the expected one,
    so that published figures are met; simulations draw each person's fate on its own. Raises
    ParameterError (all problems at once) if such a bureau cannot be.
    """

    bureau: str = "county"
    region: str = "demo-county"
    teachers: int = 5862
    schools: int = 112
    pilots: int = 12
    first_year: int = 2019
    last_year: int = LAST_YEAR
    seed: int = 20251201
    world: str = "planted"
    waves: int = 4
    tests: str = "scores"
    format: str = "files"
    dirt: str = "all"
    fixed_totals: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        raise_all(find_problems(self))

    @property
    def years(self) -> range:
        """The years with a roster and a delivery, oldest first."""
        return range(self.first_year, self.last_year + 1)

    @property
    def profile(self) -> Profile:
        """The shape of the bureau."""
        return PROFILES[self.bureau]

    @property
    def first_test_year(self) -> int:
        """The year of the first test; one after all years if there is none."""
        return LAST_YEAR + 1 - self.waves if self.waves else YEARS[1] + 1

    @property
    def scale(self) -> float:
        """This bureau's size relative to the full one of its kind."""
        return self.teachers / self.profile.teachers


def bureau_options(bureau: str = "county", **asked: Any) -> BureauOptions:
    """The options of a bureau of its usual shape; what is asked (not None) goes before.

    A bureau of another size has schools and pilots in proportion, unless they are asked for too; ``years``
    is the number of snapshots up to the last.
    Raises ParameterError as ``BureauOptions`` does.
    """
    if bureau not in PROFILES:
        raise_all(_unknown("bureau", bureau, PROFILES))
    profile = PROFILES[bureau]
    given = {name: value for name, value in asked.items() if value is not None}
    if "years" in given:  # so many snapshots, counted back from the last
        given["first_year"] = given.get("last_year", LAST_YEAR) - given.pop("years") + 1
    teachers = int(given.get("teachers", profile.teachers))
    schools = int(
        given.get("schools", max(6, round(profile.schools * teachers / profile.teachers)))
    )
    usual: dict[str, Any] = {
        "bureau": bureau,
        "region": f"demo-{bureau}",
        "teachers": teachers,
        "schools": schools,
        "pilots": min(schools, round(profile.pilots * schools / profile.schools)),
    }
    if given.get("format") == "parquet":
        usual["dirt"] = "none"
    first = given.get("first_year", BureauOptions.first_year)
    usual["waves"] = max(0, LAST_YEAR + 1 - max(first, profile.first_test_year))
    most = max(0, LAST_YEAR + 1 - first)
    if given.get("waves", 0) > most:
        raise ParameterError("demo_too_large", field="waves", asked=given["waves"], most=most)
    return BureauOptions(**(usual | given))


def find_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    """Everything that is wrong with the options, as errors not yet raised."""
    yield from _name_problems(options)
    yield from _size_problems(options)
    yield from _year_problems(options)
    yield from _dirt_problems(options.dirt)
    yield from _parquet_problems(options)
    yield from _world_problems(options)


def _name_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    choices = {"bureau": PROFILES, "world": WORLDS, "tests": TESTS, "format": FORMATS}
    for field, known in choices.items():
        yield from _unknown(field, getattr(options, field), known)
    if not REGION_NAME.fullmatch(options.region):
        yield ParameterError("demo_bad_region", region=options.region)


def _unknown(field: str, asked: str, known: Any) -> Iterator[AnalysisError]:
    if asked not in known:
        near = nearest(asked, [*known]) or "-"
        listed = ", ".join(known)
        yield ParameterError(
            "demo_unknown_choice", field=field, asked=asked, nearest=near, known=listed
        )


def _dirt_problems(asked: str) -> Iterator[AnalysisError]:
    try:
        Dirt.of(asked)
    except AnalysisError as error:
        yield error


def _size_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    schools = max(options.schools, LEAST_SCHOOLS)
    lowest = {"schools": LEAST_SCHOOLS, "teachers": 5 * schools, "pilots": 0, "seed": 0}
    for field, least in (lowest | {"waves": 0}).items():
        asked = getattr(options, field)
        if asked < least:
            yield ParameterError("demo_too_small", field=field, asked=asked, least=least)
    for field, most in MOST.items():
        asked = getattr(options, field)
        if asked > most:
            yield ParameterError("demo_too_large", field=field, asked=asked, most=most)
    yield from _wave_problems(options)
    if options.format == "files" and MOST_AS_FILES < options.teachers <= MOST["teachers"]:
        yield ParameterError("demo_needs_parquet", asked=options.teachers, most=MOST_AS_FILES)
    if options.pilots > options.schools:
        yield ParameterError("demo_too_many_pilots", pilots=options.pilots, schools=options.schools)


def _wave_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    """There are no tests from before the first roster, nor from before the bureau's usual first."""
    profile = PROFILES.get(options.bureau)
    first = options.first_year if profile is None else profile.first_test_year
    most = LAST_YEAR + 1 - min(options.first_year, first)
    if options.waves > most:
        yield ParameterError("demo_too_large", field="waves", asked=options.waves, most=most)


def _parquet_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    """Parquet holds the truth: scores, no dirt, and schools enough for each of its parts."""
    if options.format != "parquet":
        return
    for field, found, wanted in (
        ("tests", options.tests, "scores"),
        ("dirt", options.dirt, "none"),
    ):
        if found != wanted:
            yield ParameterError("demo_parquet_only", field=field, asked=found, wanted=wanted)
    least = LEAST_SCHOOLS * -(-options.teachers // PART_TEACHERS)
    if options.schools < least:
        asked = options.schools
        yield ParameterError("demo_too_small", field="schools", asked=asked, least=least)


def _world_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    """A world of treated districts needs twelve of them."""
    treated = WORLDS[options.world].treated_districts if options.world in WORLDS else 0
    if treated and options.schools < DISTRICT_SCHOOLS:
        least, asked = DISTRICT_SCHOOLS, options.schools
        yield ParameterError("demo_too_small", field="schools", asked=asked, least=least)


def _year_problems(options: BureauOptions) -> Iterator[AnalysisError]:
    first, last = options.first_year, options.last_year
    if not YEARS[0] <= first < last <= YEARS[1]:
        yield ParameterError("demo_bad_years", first=first, last=last, low=YEARS[0], high=YEARS[1])
