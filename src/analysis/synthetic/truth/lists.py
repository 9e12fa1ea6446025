"""Lists with a truth of their own: who left, moved or is away, who is rotated, who applied for a flat."""

from __future__ import annotations

import numpy as np

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import RURAL, TOWN, URBAN
from analysis.synthetic.streams import choose, stream
from analysis.synthetic.truth.careers import STAYS
from analysis.synthetic.truth.codes import CODES, Rows, code, stack, take
from analysis.synthetic.truth.people import STAGES

COLUMNS = ("person", "school", "area", "year")
AWAY_SHARE = 0.005  # a year: on leave, listed as such, still on the roster
AWAY_REASONS = ("secondment", "supporting", "maternity", "sick_leave", "study_leave")
AWAY_SHARES = (0.25, 0.15, 0.40, 0.12, 0.08)
BEARING_AGE = 45
AWAY_PULL = 1.5  # applicants for a flat are those who live away from home
# direction -> share of the rotated, area of the home school, area of the host school
DIRECTIONS = {
    "to_rural": (0.45, URBAN, RURAL),
    "to_urban": (0.25, RURAL, URBAN),
    "within": (0.30, TOWN, TOWN),
}
ROTATION_YEARS = 6  # of teaching, from which one may be sent (domain.md 2.5)
FLATS_FROM = 2024


def draw_exits(options: BureauOptions, roster: Rows, fates: Rows, rotation: Rows) -> Rows:
    """The leaver list of a school year; a row is a line; ``on_roster`` tells whom the next roster still has."""
    gone = fates["fate"] != STAYS
    events = take(fates, gone, (*COLUMNS, "reason", "event_date"))
    events["on_roster"] = fates["next_school"][gone] >= 0
    lines = [events, _away_lines(options, roster, fates, rotation)]
    if rotation:
        lines.append(_rotation_lines(rotation))
    rows = stack(lines)
    return take(rows, np.lexsort((rows["person"], rows["event_date"])))


def _away_lines(options: BureauOptions, roster: Rows, fates: Rows, rotation: Rows) -> Rows:
    """Leave and secondment of those who are not rotated: nobody is lost to the bureau by them."""
    year = int(fates["year"][0])
    rng = stream(options.seed, year, "away")
    is_away = (rng.random(len(fates["fate"])) < AWAY_SHARE) & (fates["fate"] == STAYS)
    if rotation:
        is_away &= ~np.isin(fates["person"], rotation["person"])
    lines = take(fates, is_away, COLUMNS)
    size = len(lines["person"])
    known = np.array([code("reason", name) for name in AWAY_REASONS])
    reason = known[np.searchsorted(np.cumsum(AWAY_SHARES), rng.random(size)).clip(max=4)]
    may_bear = (roster["sex"] == code("sex", "female")) & (roster["age"] < BEARING_AGE)
    barred = (reason == code("reason", "maternity")) & ~may_bear[is_away]
    reason = np.where(barred, code("reason", "secondment"), reason)
    dates = np.datetime64(f"{year - 1}-09-01") + rng.integers(0, 300, size)
    return lines | {"reason": reason, "event_date": dates, "on_roster": np.ones(size, bool)}


def _rotation_lines(rotation: Rows) -> Rows:
    """Rotation as the leaver list shows it: all of them are still on their home roster."""
    size = len(rotation["person"])
    reason = np.full(size, code("reason", "rotation"))
    rows = take(rotation, np.arange(size), COLUMNS)
    return rows | {
        "reason": reason,
        "event_date": rotation["start_date"],
        "on_roster": np.ones(size, bool),
    }


def draw_rotation(options: BureauOptions, roster: Rows, fates: Rows) -> Rows:
    """Teachers who spend the school year at a host school and return; a row is a teacher.

    Eligible are staffed teachers with six years of teaching who stay in their post and whose stage is taught
    where they would go.
    """
    year = int(fates["year"][0])
    rng = stream(options.seed, year, "rotation")
    may_go = roster["is_teacher"] & roster["staffed_post"] & (fates["fate"] == STAYS)
    may_go &= roster["years_teaching"] >= ROTATION_YEARS
    wanted = options.profile.rotation * options.scale
    parts = []
    for direction, (share, home, host) in DIRECTIONS.items():
        luck = rng.random(len(may_go))
        hosts = _hosts(roster, host, luck)
        able = np.flatnonzero(may_go & (roster["area"] == home) & (hosts >= 0))
        sent = able[choose(rng, np.zeros(len(able)), round(share * wanted))]
        rows = take(roster, sent, ("person", "school", "area"))
        rows["direction"] = np.full(len(sent), code("direction", direction))
        parts.append(rows | {"host": hosts[sent]})
    rows = stack(parts)
    rows = take(rows, np.argsort(rows["person"], kind="stable"))
    size = len(rows["person"])
    rows["start_date"] = np.full(size, np.datetime64(f"{year - 1}-09-01"))
    rows["end_date"] = np.full(size, np.datetime64(f"{year}-08-31"))
    return rows | {"year": np.full(size, year)}


def _hosts(roster: Rows, area: int, luck: np.ndarray) -> np.ndarray:
    """For each person another school of an area that teaches the person's stage, -1 if there is none."""
    found = np.full(len(luck), -1)
    in_area = roster["area"] == area
    schools, first = np.unique(roster["school"][in_area], return_index=True)
    kinds = roster["school_kind"][in_area][first]
    for stage, name in enumerate(CODES["stage"]):
        teaching = [at for at, kind in enumerate(CODES["school_kind"]) if name in STAGES[kind]]
        there = schools[np.isin(kinds, teaching)]
        mine = np.flatnonzero(roster["stage"] == stage)
        if len(there):
            at = (luck[mine] * len(there)).astype(int)
            own = there[at] == roster["school"][mine]
            found[mine] = there[np.where(own, (at + 1) % len(there), at)]
    return np.where(found == roster["school"], -1, found)


def draw_dormitories(options: BureauOptions, roster: Rows) -> Rows:
    """Rural applicants for a flat of 2024, those with one by lot; a row is an applicant.

    ``moved_in_date`` is missing for the waiting list. ``roster`` is that of 1 September 2024.
    """
    rng = stream(options.seed, FLATS_FROM, "dormitories")
    flats, waiting = (round(n * options.scale) for n in options.profile.dormitories)
    may_ask = roster["is_teacher"] & (roster["area"] == RURAL)
    may_ask &= roster["hired_year"] < FLATS_FROM  # applications closed in July
    able = np.flatnonzero(may_ask)
    who = able[choose(rng, AWAY_PULL * roster["hidden_away"][able], flats + waiting)]
    rows = take(roster, who, ("person", "school", "area"))
    days = rng.integers(0, 60, len(who))
    rows["applied_date"] = np.datetime64(f"{FLATS_FROM}-06-01") + days
    won = np.isin(np.arange(len(who)), choose(rng, np.zeros(len(who)), flats))
    moved = np.where(won, np.datetime64(f"{FLATS_FROM}-09-01"), np.datetime64("NaT"))
    return rows | {"moved_in_date": moved, "year": np.full(len(who), FLATS_FROM + 1)}


def flats_of(dormitories: Rows, people: int) -> np.ndarray:
    """For each person 2 with a flat, 1 on the waiting list, 0 neither."""
    found: np.ndarray = np.zeros(people, int)
    if dormitories:
        found[dormitories["person"]] = 2 - np.isnat(dormitories["moved_in_date"])
    return found
