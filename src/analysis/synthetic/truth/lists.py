"""The lists an office keeps by hand: who left, moved or is away, and who is rotated."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import Profile
from analysis.synthetic.streams import stream

COLUMNS = ["person", "school", "area", "year"]
AWAY_SHARE = 0.005  # a year: on leave, listed as such, still on the roster
AWAY_REASONS = ("secondment", "supporting", "maternity", "sick_leave", "study_leave")
AWAY_SHARES = (0.25, 0.15, 0.40, 0.12, 0.08)
FULL_SIZE = 5862


# direction -> share of the rotated, area of the home school, area of the host school
DIRECTIONS = {
    "to_rural": (0.45, "urban", "rural"),
    "to_urban": (0.25, "rural", "urban"),
    "within": (0.30, "town", "town"),
}


def draw_exits(seed: int, fates: pd.DataFrame, rotation: pd.DataFrame) -> pd.DataFrame:
    """The leaver list of a school year; a row is a line; ``on_roster`` tells whom the next roster still has."""
    events = fates.loc[fates["fate"] != "stays", [*COLUMNS, "reason", "event_date", "next_school"]]
    events = events.assign(on_roster=events["next_school"] >= 0).drop(columns="next_school")
    lines = pd.concat([events, _away_lines(seed, fates), _rotation_lines(rotation)])
    return lines.sort_values(["event_date", "person"], ignore_index=True)


def _away_lines(seed: int, fates: pd.DataFrame) -> pd.DataFrame:
    """Leave and secondment: nobody is lost to the bureau by them."""
    year = int(fates["year"].iloc[0])
    rng = stream(seed, year, "away")
    is_away = (rng.random(len(fates)) < AWAY_SHARE) & (fates["fate"] == "stays").to_numpy()
    lines = fates.loc[is_away, COLUMNS]
    days = rng.integers(0, 300, len(lines)).astype("timedelta64[D]")
    dates = (np.datetime64(f"{year - 1}-09-01") + days).astype("datetime64[s]")
    reasons = rng.choice(AWAY_REASONS, len(lines), p=AWAY_SHARES)
    return lines.assign(reason=reasons, event_date=dates, on_roster=True)


def _rotation_lines(rotation: pd.DataFrame) -> pd.DataFrame:
    """Rotation as the leaver list shows it: all of them are still on their home roster."""
    if rotation.empty:
        return pd.DataFrame()
    dates = rotation["start_date"].astype("datetime64[s]")
    return rotation[COLUMNS].assign(reason="rotation", event_date=dates, on_roster=True)


def draw_rotation(
    options: BureauOptions, profile: Profile, roster: pd.DataFrame, fates: pd.DataFrame
) -> pd.DataFrame:
    """Teachers who spend the school year at a host school and return; a row is a teacher.

    Eligible are staffed teachers with six years of teaching who stay in their post.
    """
    year = int(fates["year"].iloc[0])
    rng = stream(options.seed, year, "rotation")
    luck = rng.random(len(roster))
    is_able = roster["is_teacher"] & roster["staffed_post"] & (roster["years_teaching"] >= 6)
    able = roster[is_able & (fates["fate"] == "stays").to_numpy()]
    wanted = profile.rotation * options.teachers / FULL_SIZE
    parts = []
    for direction, (share, home, host) in DIRECTIONS.items():
        from_home = able[able["area"] == home]
        first = np.argsort(luck[from_home.index], kind="stable")[: round(share * wanted)]
        rows = from_home.iloc[first][["person", "school", "area"]].assign(direction=direction)
        hosts = np.sort(roster.loc[roster["area"] == host, "school"].unique())
        parts.append(rows.assign(host=rng.choice(hosts, len(rows))))
    rows = pd.concat(parts).sort_values("person", ignore_index=True)
    start, end = pd.Timestamp(f"{year - 1}-09-01"), pd.Timestamp(f"{year}-08-31")
    return rows.assign(start_date=start, end_date=end, year=year)
