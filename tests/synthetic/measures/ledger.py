"""Training ledger, flats, rotation and the hand-kept lists: how many of each."""

from __future__ import annotations

import pandas as pd

from analysis.synthetic.truth.record import Draw
from tests.synthetic.measures.people import Measure, share, teachers

NAMED = ("digital_course", "outreach", "upgrading", "study_tour", "shadowing", "induction")
SCHOOL_YEAR = ("2024-09-01", "2025-09-01")


def held(draw: Draw, *programmes: str) -> pd.DataFrame:
    """Attendances of 2025, of some programmes or all."""
    rows = draw.trainings[draw.trainings["year"] == 2025]
    return rows[rows["programme"].isin(programmes)] if programmes else rows


def attendances(*programmes: str) -> Measure:
    return lambda draw: float(len(held(draw, *programmes)))


def sessions(*programmes: str) -> Measure:
    return lambda draw: float(
        held(draw, *programmes)[["programme", "session"]].drop_duplicates().shape[0]
    )


def persons(programme: str) -> Measure:
    return lambda draw: float(held(draw, programme)["person"].nunique())


def _online(draw: Draw) -> pd.DataFrame:
    rows = draw.trainings[draw.trainings["programme"] == "online_general"]
    return rows[(rows["end_date"] >= SCHOOL_YEAR[0]) & (rows["end_date"] < SCHOOL_YEAR[1])]


def online_done(draw: Draw) -> float:
    """Share of those in post all year who did the sixty hours in the school year 2024/25."""
    fates = draw.fates[draw.fates["year"] == 2025]
    stayed = fates.loc[fates["next_school"] >= 0, "person"]
    rows = teachers(draw)
    hours = _online(draw).groupby("person")["hours"].sum()
    stayed = rows.loc[rows["person"].isin(stayed), "person"]
    return share(stayed.map(hours).fillna(0) >= 60)


def online_rushed(draw: Draw) -> float:
    """Share of entries done in less than half the nominal time, at four hours of study a day."""
    rows = _online(draw)
    days = (rows["end_date"] - rows["start_date"]).dt.days + 1
    return share(days * 4 < rows["hours"] / 2)


def rotated(draw: Draw) -> float:
    return float((draw.rotation["year"] == 2025).sum())


def rotated_to_rural(draw: Draw) -> float:
    return share(draw.rotation["direction"] == "to_rural")


def flats(draw: Draw) -> float:
    return float(draw.dormitories["moved_in_date"].notna().sum())


def waiting(draw: Draw) -> float:
    return float(draw.dormitories["moved_in_date"].isna().sum())


def services(draw: Draw) -> float:
    return float((draw.volunteering["year"] == 2025).sum())


def listed(draw: Draw, name: str, year: int = 2025) -> pd.DataFrame:
    rows = draw.office[name]
    return rows[rows["year"] == year]


def lines(name: str, **where: object) -> Measure:
    """Lines of a hand-kept list of 2025 with these values."""

    def count(draw: Draw) -> float:
        rows = listed(draw, name)
        for column, value in where.items():
            rows = rows[rows[column] == value]
        return float(len(rows))

    return count


def grade_share(year: int, *grades: str) -> Measure:
    """Share of the new teachers of a year with one of these grades."""
    return lambda draw: share(listed(draw, "novices", year)["result"].isin(grades))


def master_studios(draw: Draw) -> float:
    rows = listed(draw, "studios")
    return float(rows.loc[rows["kind"] == "master", "studio"].nunique())


def studio_schools(draw: Draw) -> float:
    rows = listed(draw, "studios")
    return float(rows.loc[rows["kind"] == "master", "school"].nunique())


def logins_a_day(draw: Draw) -> float:
    return float(listed(draw, "logins")["logins"].mean())


def approved(draw: Draw) -> float:
    return share(listed(draw, "projects")["is_approved"])


def practice_share(draw: Draw) -> float:
    """Share of practice in the hours of the catalogue."""
    hours = listed(draw, "courses").groupby("course_kind")["hours"].sum()
    return 100 * float(hours["practice"] / hours.sum())


def rural_prizes(year: int) -> Measure:
    def count(draw: Draw) -> float:
        areas = draw.schools.set_index("school")["area"]
        return float((listed(draw, "contests", year)["school"].map(areas) == "rural").sum())

    return count


def prizes_per_head(draw: Draw) -> float:
    """Prizes of all years per urban teacher relative to those per rural teacher."""
    areas = draw.schools.set_index("school")["area"]
    won = draw.office["contests"]["school"].map(areas).value_counts()
    here = teachers(draw)["area"].value_counts()
    return float(won["urban"] / here["urban"] / (won["rural"] / here["rural"]))
