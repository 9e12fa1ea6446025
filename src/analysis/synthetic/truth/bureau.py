"""One truth: a bureau drawn year by year, from which deliveries and simulations are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.synthetic.options import PART_TEACHERS, BureauOptions
from analysis.synthetic.planted import Planted, plant
from analysis.synthetic.profile import Profile
from analysis.synthetic.streams import share_out, stream
from analysis.synthetic.truth.assessments import draw_scores, draw_shocks
from analysis.synthetic.truth.careers import (
    DIES,
    LEAVES,
    RETIRES,
    Market,
    calibrate_market,
    find_vacancies,
    live_year,
)
from analysis.synthetic.truth.codes import SHORT_COURSES, Rows, code, frame_of, stack, take
from analysis.synthetic.truth.lists import (
    FLATS_FROM,
    draw_dormitories,
    draw_exits,
    draw_rotation,
    flats_of,
)
from analysis.synthetic.truth.office.lists import draw_office
from analysis.synthetic.truth.people import (
    first_people,
    hired_people,
    take_roster,
    upgrade_degrees,
)
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.schools import draw_pilots, draw_schools, tool_use
from analysis.synthetic.truth.statement import state_truth
from analysis.synthetic.truth.survey import draw_needs, draw_services, draw_survey
from analysis.synthetic.truth.trainings import (
    draw_followed,
    draw_trainings,
    finish_rows,
    teachers_of,
)

IN_POST = 400  # a last day beyond any school year
SURVEY_DAY = 205  # days after 1 September: the survey is over
TEST_DAY = 262  # and so is the test
CHOICE_YEAR = 2024  # the test by which the pilots of the newest cohort were chosen
SESSIONS_OF_A_PART = 10**12  # so that their numbers never meet
Tables = dict[str, Rows]


@dataclass
class Bureau:
    """The state of a bureau while its years are drawn; nothing outside this module sees it."""

    options: BureauOptions
    profile: Profile
    planted: Planted
    schools: Rows
    market: Market
    people: Rows
    school: np.ndarray  # of each person, -1 out of post
    shadowed: np.ndarray  # of each person: the host school of the year before, or -1
    flats: np.ndarray  # of each person: 2 with a flat, 1 on the waiting list, 0 neither
    dormitories: Rows = field(default_factory=dict)
    is_whole: bool = True  # all tables, or only what a panel needs


def draw_bureau(options: BureauOptions, has_office: bool = True) -> Draw:
    """Draw one bureau; the same options give the same draw, and a later last year leaves earlier years alone.

    ``has_office`` false leaves out the hand-kept lists.
    """
    bureau, years = draw_years(options)
    joined = _joined([*years, {"dormitories": bureau.dormitories}], options)
    draw = Draw(
        options=options,
        profile=bureau.profile,
        planted=bureau.planted,
        schools=frame_of(bureau.schools),
        **{name: frame_of(joined.get(name, NO_ROWS)) for name in TABLES},
    )
    draw = replace(draw, office=_office(draw) if has_office else {})
    return replace(draw, truth=state_truth(draw))


NO_ROWS: Rows = {"year": np.array([], int)}
TABLES = (
    "teachers",
    "fates",
    "exits",
    "trainings",
    "scores",
    "survey",
    "needs",
    "rotation",
    "dormitories",
    "volunteering",
)


def draw_years(options: BureauOptions, is_whole: bool = True) -> tuple[Bureau, list[Tables]]:
    """The bureau's state after its last year, and the tables of each school year; the last lies beyond the end.

    ``is_whole`` false leaves out what a panel does not need: surveys, lists and courses without an effect.
    """
    bureau = _open(options, is_whole)
    years = []
    for year in options.years:
        if year > options.first_year:
            _hire(bureau, year)
        years.append(_live(bureau, year))
    return bureau, years


def _open(options: BureauOptions, is_whole: bool) -> Bureau:
    """The schools and the staff of the first snapshot."""
    profile, planted = options.profile, plant(options.world)
    schools = draw_schools(options, profile, planted)
    shock = draw_shocks(options, planted, schools["district"], CHOICE_YEAR)
    schools["cohort"] = draw_pilots(options, profile, planted, schools, shock)
    schools["tool_use"] = tool_use(schools, schools["cohort"], stream(options.seed, 0, "tools"))
    market = Market(options, schools, profile, planted, np.zeros(3))
    nobody = np.array([], int)
    places = find_vacancies(market, nobody, nobody.astype(bool), options.first_year)
    people = first_people(
        stream(options.seed, options.first_year, "people"), places, profile, options.first_year
    )
    school = places["school"].copy()
    return Bureau(
        options,
        profile,
        planted,
        schools,
        market,
        people,
        school,
        shadowed=np.full(len(school), -1),
        flats=np.zeros(len(school), int),
        is_whole=is_whole,
    )


def _hire(bureau: Bureau, year: int) -> None:
    """Fill the vacancies of 1 September."""
    places = find_vacancies(bureau.market, bureau.school, bureau.people["is_teacher"], year)
    rng = stream(bureau.options.seed, year, "people")
    hired = hired_people(rng, places, bureau.profile, year)
    bureau.people = stack([bureau.people, hired])
    bureau.school = np.concatenate([bureau.school, places["school"]])
    size = len(places["school"])
    bureau.shadowed = np.concatenate([bureau.shadowed, np.full(size, -1)])
    bureau.flats = np.concatenate([bureau.flats, np.zeros(size, int)])


def _live(bureau: Bureau, year: int) -> Tables:
    """One school year from the roster of 1 September ``year``; the state moves on to the next 1 September."""
    options = bureau.options
    upgrade_degrees(bureau.people, bureau.school, bureau.schools, bureau.profile, year)
    rng = stream(options.seed, year, "roster")
    roster = take_roster(rng, year, bureau.people, bureau.school, bureau.schools, bureau.profile)
    if year == options.first_year:
        bureau.market = calibrate_market(
            options, bureau.schools, bureau.profile, bureau.planted, roster
        )
    if year == FLATS_FROM:
        bureau.dormitories = draw_dormitories(options, roster)
        bureau.flats = flats_of(bureau.dormitories, len(bureau.school))
    flats = bureau.flats[roster["person"]]
    fates = live_year(roster, bureau.market, flats, bureau.shadowed[roster["person"]])
    tables = {"teachers": roster, "fates": fates} | _school_year(bureau, roster, fates, year + 1)
    if year == options.first_year >= options.first_test_year:
        tables["scores"] = _add_first_test(bureau, roster, tables.get("scores", {}), year)
    bureau.school[roster["person"]] = fates["next_school"]
    # whoever changes the school gives up the flat, and the place on the list
    bureau.flats[roster["person"][fates["next_school"] != fates["school"]]] = 0
    _remember_guests(bureau, tables.get("trainings", {}))
    return tables


def _remember_guests(bureau: Bureau, trainings: Rows) -> None:
    """Who was a guest where, for the chances of the year after."""
    bureau.shadowed = np.full(len(bureau.school), -1)
    if trainings:
        guests = take(trainings, trainings["host"] >= 0, ("person", "host"))
        bureau.shadowed[guests["person"]] = guests["host"]


def _school_year(bureau: Bureau, roster: Rows, fates: Rows, year: int) -> Tables:
    """Everything in the school year after one roster; it belongs to the report year ``year``.

    Of the school year after the last roster only the autumn's courses are wanted.
    """
    options, profile, planted = bureau.options, bureau.profile, bureau.planted
    last_day = _last_days(fates, year)
    tables: Tables = {}
    if year >= profile.first_ledger_year:
        tables["trainings"] = _trainings(bureau, roster, last_day, year)
    if year > options.last_year:
        return tables
    if year >= options.first_test_year:
        tables["scores"] = _scores(bureau, roster, tables, last_day, year)
    if not bureau.is_whole:
        return tables
    if year >= profile.first_survey_year:
        tables["rotation"] = draw_rotation(options, roster, fates)
        tables["volunteering"] = draw_services(options, year, roster, last_day)
        tables["survey"] = draw_survey(
            options,
            year,
            roster,
            last_day > SURVEY_DAY,
            tables["volunteering"],
            planted,
            bureau.schools["tool_use"],
        )
        if profile.has_need_survey:
            tables["needs"] = draw_needs(options, year, roster)
    tables["exits"] = draw_exits(options, roster, fates, tables.get("rotation", {}))
    return tables


def _trainings(bureau: Bureau, roster: Rows, last_day: np.ndarray, year: int) -> Rows:
    if bureau.is_whole:
        return draw_trainings(bureau.options, year, roster, last_day, bureau.planted)
    teachers = teachers_of(roster, last_day)
    followed = draw_followed(bureau.options, year, teachers, bureau.planted)
    return finish_rows(stack([*followed.values()]), year)


def _scores(bureau: Bureau, roster: Rows, tables: Tables, last_day: np.ndarray, year: int) -> Rows:
    exposure = find_exposure(roster, tables.get("trainings", {}), last_day, year)
    return draw_scores(bureau.options, year, roster, exposure, bureau.planted, bureau.schools)


def _add_first_test(bureau: Bureau, roster: Rows, scores: Rows, year: int) -> Rows:
    """The test of the May before the first roster, of those who were in post by then."""
    was_there = np.where(roster["hired_year"] < year, IN_POST, 0)
    first = _scores(bureau, roster, {}, was_there, year)
    return stack([first, scores]) if scores else first


def _last_days(fates: Rows, year: int) -> np.ndarray:
    """Days after 1 September on which each person is last in post; a move is no end."""
    ends = np.isin(fates["fate"], (LEAVES, RETIRES, DIES))
    since = fates["event_date"].astype("datetime64[D]") - np.datetime64(f"{year - 1}-09-01")
    return np.where(ends, since.astype(int), IN_POST)


def find_exposure(roster: Rows, trainings: Rows, last_day: np.ndarray, year: int) -> Rows:
    """What each person of a roster has had when the test of May ``year`` comes."""

    def attended(programme: str) -> np.ndarray:
        if not trainings:
            return np.zeros(len(roster["person"]), bool)
        mine = (trainings["programme"] == code("programme", programme)) & is_before
        return np.isin(roster["person"], trainings["person"][mine])

    is_before = trainings["end_date"] < np.datetime64(f"{year}-05-12") if trainings else None
    return {
        "took_course": attended("digital_course"),
        "was_guest": attended("shadowing"),
        "took_short": attended(SHORT_COURSES[0]),
        "in_pilot": roster["cohort"] <= year,
        "is_present": last_day > TEST_DAY,
    }


def _joined(years: list[Tables], options: BureauOptions) -> Tables:
    """Each table over all years, without what happens after the last year."""
    found: Tables = {}
    for name in TABLES:
        parts = [tables[name] for tables in years if tables.get(name)]
        if parts:
            rows = stack(parts)
            found[name] = take(rows, rows["year"] <= options.last_year)
    return found


def _office(draw: Draw) -> dict[str, pd.DataFrame]:
    """The hand-kept lists of all report years, by name."""
    options, profile = draw.options, draw.profile
    first = max(profile.first_office_year, options.first_year + 1)
    lists: dict[str, list[pd.DataFrame]] = {}
    for year in range(first, options.last_year + 1):
        roster = draw.roster(year - 1).reset_index(drop=True)
        ends = last_days(draw.fates[draw.fates["year"] == year], year)
        of_year = draw_office(options, profile, draw.schools, roster, year, ends)
        of_year["funds"] = _counted_funds(of_year["funds"], draw.trainings, year)
        for name, table in of_year.items():
            lists.setdefault(name, []).append(table)
    return {name: pd.concat(parts, ignore_index=True) for name, parts in lists.items()}


def _counted_funds(funds: pd.DataFrame, trainings: pd.DataFrame, year: int) -> pd.DataFrame:
    """The ledger of funds: programmes of the training ledger of its year, with its attendances and mean hours."""
    rows = trainings[trainings["year"] == year]
    held = rows.groupby(rows["programme"].astype(str))["hours"].agg(["size", "mean"])
    known = funds[funds["programme"].isin(held.index)].reset_index(drop=True)
    found = held.loc[known["programme"]]
    return known.assign(
        n_attendances=found["size"].to_numpy(), hours=found["mean"].round(1).to_numpy()
    )


def last_days(fates: pd.DataFrame, year: int) -> np.ndarray:
    """Days after 1 September on which each person is last in post; a row is a person; a move is no end."""
    codes = fates["fate"].cat.codes.to_numpy()
    return _last_days({"fate": codes, "event_date": fates["event_date"].to_numpy()}, year)


def draw_parts(options: BureauOptions) -> Iterator[Draw]:
    """A large bureau in parts of at most 20,000 teachers, each with schools of its own; one part if it is small."""
    count = max(1, -(-options.teachers // PART_TEACHERS))
    shares = {
        name: share_out(np.ones(count), getattr(options, name))
        for name in ("teachers", "schools", "pilots")
    }
    people = schools = 0
    for at in range(count):
        sizes = {name: int(values[at]) for name, values in shares.items()}
        seed = options.seed if count == 1 else options.seed + 1_000_003 * (at + 1)
        part = draw_bureau(
            BureauOptions(**vars(options) | sizes | {"seed": seed}), has_office=False
        )
        part.trainings["session"] += at * SESSIONS_OF_A_PART
        yield replace(part, person_offset=people, school_offset=schools)
        people += 1 + int(part.teachers["person"].max())
        schools += len(part.schools)
