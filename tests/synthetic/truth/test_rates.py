"""The stated rates agree with what an outsider counts from rosters, schools and reasons."""

from __future__ import annotations

import pytest

from analysis.synthetic.truth.record import Draw

NOT_LOST = {"retired", "deceased"}


def rates_from_rosters(draw: Draw, year: int, area: str) -> dict[str, float]:
    """A1 to A5 in percent as an outsider counts them: two rosters, the school list and the leaver list."""
    base, later = draw.roster(year - 1), draw.roster(year)
    base = base[base["is_teacher"] & (base["area"] == area)]
    after = base["person"].map(later.set_index("person")["school"])
    where = after.map(draw.schools.set_index("school")["area"].astype(str))
    exits = draw.exits[draw.exits["year"] == year].drop_duplicates("person").set_index("person")
    excused = base["person"].map(exits["reason"].astype(str)).isin(NOT_LOST)
    gone = after.isna()
    out = {
        "A2": gone & ~excused,
        "A3": ~gone & (after != base["school"]),
        "A4": gone,
        "A5": (where != area) & ~excused,
    }
    if area == "rural":
        out["A1"] = (where != "rural") & ~excused
    return {code: 100 * float(event.mean()) for code, event in out.items()}


@pytest.mark.parametrize("year", [2020, 2025])
@pytest.mark.parametrize("area", ["urban", "town", "rural"])
def test_rates_counted_from_rosters(county: Draw, year: int, area: str) -> None:
    stated = county.truth["rates"][str(year)]
    for code, percent in rates_from_rosters(county, year, area).items():
        assert stated[code][area]["percent"] == pytest.approx(percent)
    if area != "rural":
        assert stated["A1"][area] is None  # A1 does not exist for them
