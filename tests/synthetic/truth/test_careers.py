"""Leaving, moving and retiring: the planted chances, and fates that agree with the rosters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.truth.careers import retirement_month
from analysis.synthetic.truth.record import Draw
from analysis.synthetic.truth.statement import teacher_fates


@pytest.mark.parametrize(
    ("sex", "born", "retires"),
    [
        # the rule of 2025 (60 and 55 years, one month more for each four months from January 2025), by hand
        ("male", "1964-12-15", "2024-12"),
        ("male", "1965-01-10", "2025-02"),
        ("male", "1965-05-31", "2025-07"),
        ("female", "1969-08-20", "2024-08"),
        ("female", "1970-04-01", "2025-05"),
        ("female", "1970-05-01", "2025-07"),
        ("male", "1990-01-01", "2053-01"),  # three years later at most
    ],
)
def test_retirement_month(sex: str, born: str, retires: str) -> None:
    month = retirement_month(pd.Series([sex]), pd.Series([pd.Timestamp(born)]))[0]
    assert f"{month // 12}-{month % 12 + 1:02d}" == retires


def logit(p: pd.Series) -> pd.Series:
    return np.log(p / (1 - p))


def test_usual_chances_are_the_planted_rates(county: Draw) -> None:
    fates = teacher_fates(county)
    first = fates[fates["year"] == 2020]
    chances = first.groupby("area")["leave_untreated"].mean()
    # the brief's 3 % urban and 5 % rural, 3.8 % town; 2020 has the odds 1.03
    for area, rate in {"urban": 0.03, "town": 0.038, "rural": 0.05}.items():
        assert chances[area] == pytest.approx(rate, rel=0.04)


def test_true_leaving_over_the_years(counties: list[Draw]) -> None:
    parts = [teacher_fates(d) for d in counties]
    fates = pd.concat(parts)
    before = fates[fates["year"] < 2025].groupby("area")["A2"].mean()
    after = fates[fates["year"] == 2025].groupby("area")["A2"].mean()
    # tolerance: three binomial errors with 24,000 urban and 34,000 rural teacher-years
    assert before["urban"] == pytest.approx(0.030, abs=0.0035)
    assert before["rural"] == pytest.approx(0.050, abs=0.004)
    # domain.md 5.4: 3.0 -> 1.7 by the common fall; 5.0 -> 2.8 -> 2.27 with the subsidy
    assert after["urban"] == pytest.approx(0.017, abs=0.006)
    assert after["rural"] == pytest.approx(0.0227, abs=0.006)


def test_the_subsidy_is_an_odds_ratio_on_eligible_posts_from_2025(county: Draw) -> None:
    fates = teacher_fates(county)
    for treated, untreated in (("leave", "leave_untreated"), ("out", "out_untreated")):
        shift = logit(fates[treated]) - logit(fates[untreated])
        is_on = fates["subsidy_eligible"] & (fates["year"] >= 2025)
        assert np.allclose(shift[is_on], np.log(0.8))
        assert np.allclose(shift[~is_on], 0.0)


def test_risk_factors_by_hand(county: Draw) -> None:
    # two report years of one person with nothing changed but the year: .98 in 2024, .55 in 2025
    fates = teacher_fates(county).set_index(["person", "year"])
    base = county.teachers.set_index(["person", "year"])
    urban = base[(base["area"] == "urban") & base["is_teacher"] & (base["age"] > 31)]
    both = urban.xs(2023, level="year").join(
        urban.xs(2024, level="year"), suffixes=("", "_2"), how="inner"
    )
    same = both.index[both["school"] == both["school_2"]]
    before, after = (logit(fates.loc[[(p, y) for p in same], "leave"]) for y in (2024, 2025))
    assert np.allclose(after.to_numpy() - before.to_numpy(), np.log(0.55 / 0.98))


def test_fates_agree_with_the_next_roster(county: Draw) -> None:
    fates = county.fates
    assert ((fates["next_school"] < 0) == fates["fate"].isin(["leaves", "retires", "dies"])).all()
    assert ((fates["next_school"] != fates["school"]) == (fates["fate"] != "stays")).all()
    following = county.teachers[["person", "year", "school"]].rename(columns={"school": "found"})
    pairs = fates.merge(following, on=["person", "year"], how="left")
    assert (pairs["found"].fillna(-1) == pairs["next_school"]).all()


def test_nobody_comes_back_or_is_in_two_places(county: Draw) -> None:
    assert not county.teachers.duplicated(["person", "year"]).any()
    years = county.teachers.groupby("person")["year"].agg(["min", "max", "size"])
    assert (years["max"] - years["min"] + 1 == years["size"]).all()


def test_nobody_works_past_the_statutory_age(county: Draw) -> None:
    due = retirement_month(county.teachers["sex"], county.teachers["birth_date"])
    assert (due >= county.teachers["year"] * 12 + 8).all()


def test_exits_list_the_gone_the_moved_and_the_away(county: Draw) -> None:
    exits = county.exits
    gone = county.fates[county.fates["next_school"] < 0]
    off = exits[~exits["on_roster"]]
    assert sorted(zip(off["person"], off["year"], strict=True)) == sorted(
        zip(gone["person"], gone["year"], strict=True)
    )
    start = pd.to_datetime((exits["year"] - 1).astype(str) + "-09-01")
    end = pd.to_datetime(exits["year"].astype(str) + "-08-31")
    assert exits["event_date"].between(start, end).all()
    still = {"rotation", "secondment", "supporting", "maternity", "sick_leave", "study_leave"}
    moved = {"moved_urban", "moved_town", "moved_same"}
    assert set(exits.loc[exits["on_roster"], "reason"]) == still | moved
