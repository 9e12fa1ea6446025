"""People on rosters whom no number and no exact name shows to be somebody of another year: whom they probably are."""

from __future__ import annotations

import pandas as pd

from analysis.intake.cleaning.text import is_among
from analysis.intake.linking.probable import probable_links

NUMBERED = "P:"
EVIDENCE = ("birth_month", "school_id", "sex", "work_start", "staff_number", "post")
LEAST_EVIDENCE = 2  # of these must be delivered: a name and a school alone are shared by too many


def probable_people(rows: pd.DataFrame, least: float) -> pd.DataFrame:
    """``row`` and ``known`` (two persons who are probably one) and ``probability``, from ``least`` on.

    ``rows``: one row per person and snapshot. Only people without an identity number are asked about; two persons
    who stand on one snapshot are never one, and a person with a number is never linked to another with a number.
    """
    fields = [c for c in EVIDENCE if c in rows and rows[c].notna().any()]
    open_ = rows[~rows["person"].str.startswith(NUMBERED) & (rows["name_form"] != "")]
    if open_.empty or len(fields) < LEAST_EVIDENCE:
        return pd.DataFrame(columns=["row", "known", "probability"])
    known = rows[["person", "year", "name_form", *fields]]
    parts = []
    for person_years, asked in _by_years(open_):
        others = known[~is_among(known["person"], _present(known, person_years))]
        asked = asked.drop_duplicates("person", keep="last").set_index("person")
        if len(others):
            parts.append(probable_links(asked, others, fields, least, crowd=known))
    empty = pd.DataFrame(columns=["row", "known", "probability"])
    return pd.concat([p for p in parts if len(p)] or [empty], ignore_index=True)


def _by_years(rows: pd.DataFrame) -> list[tuple[tuple[int, ...], pd.DataFrame]]:
    """Rows grouped by the snapshots on which their person stands."""
    years = rows.groupby("person")["year"].agg(lambda y: tuple(sorted(set(y))))
    of_row = rows["person"].map(years)
    return [(years, rows[of_row == years]) for years in sorted(set(of_row))]


def _present(rows: pd.DataFrame, years: tuple[int, ...]) -> pd.Series:
    """Everybody who stands on any of these snapshots."""
    return rows.loc[rows["year"].isin(years), "person"]
