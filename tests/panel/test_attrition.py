"""Who left under each definition, on drawn rows; the expected answers follow from the definitions' own words."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pandas as pd
import pytest

from analysis.panel.attrition import add_attrition, retirement_years
from analysis.panel.build import add_ages, add_schools
from analysis.study.load import load_study
from analysis.study.objects import Retirement, Study
from analysis.study.workspace import open_workspace

# one row per teacher at the base snapshot 2024; s_r rural, s_r2 rural, s_t town, s_u urban
BASE = """
teacher_id | school_id | sex    | birth_month | next   | reason       | A1 | A2 | A3 | A4 | A5
stays      | s_r       | female | 1990-01     | s_r    | -            | 0  | 0  | 0  | 0  | 0
resigns    | s_r       | female | 1990-01     | -      | resigned     | 1  | 1  | 0  | 1  | 1
to_town    | s_r       | male   | 1985-05     | s_t    | moved_urban  | 1  | 0  | 1  | 0  | 1
to_rural   | s_r       | male   | 1985-05     | s_r2   | moved_same   | 0  | 0  | 1  | 0  | 0
rotates    | s_r       | female | 1980-05     | s_u    | rotation     | 0  | 0  | 1  | 0  | 0
retires    | s_r       | male   | 1964-10     | -      | retired      | 0  | 0  | 0  | 1  | 0
dies       | s_r       | male   | 1970-10     | -      | deceased     | 0  | 0  | 0  | 1  | 0
old_blank  | s_u       | female | 1969-01     | -      | -            | -  | 0  | 0  | 1  | 0
young_gap  | s_u       | female | 1990-01     | -      | -            | -  | 1  | 0  | 1  | 1
urban_stay | s_u       | male   | 1990-01     | s_u    | -            | -  | 0  | 0  | 0  | 0
to_desk    | s_u       | male   | 1990-01     | s_u    | other_post   | -  | 0  | 0  | 0  | 0
"""


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def drawn() -> pd.DataFrame:
    rows = pd.read_csv(StringIO(BASE.strip()), sep="|", dtype=str)
    rows.columns = [c.strip() for c in rows.columns]
    return rows.apply(lambda c: c.str.strip()).replace("-", None)


@pytest.fixture(scope="module")
def answer(study: Study) -> pd.DataFrame:
    rows = drawn()
    schools = pd.DataFrame(
        {
            "school_id": ["s_r", "s_r2", "s_t", "s_u"],
            "area": ["rural", "rural", "town", "urban"],
            "year": 2024,
        }
    )
    base = rows[["teacher_id", "school_id", "sex", "birth_month"]].assign(year=2025, base_year=2024)
    base = add_ages(add_schools(base, schools))
    later = rows[rows["next"].notna()][["teacher_id", "next"]].rename(columns={"next": "school_id"})
    roster = pd.concat(
        [rows[["teacher_id", "school_id"]].assign(year=2024), later.assign(year=2025)]
    )
    exits = rows[rows["reason"].notna()][["teacher_id", "reason"]].rename(
        columns={"reason": "exit_reason"}
    )
    tables = {"roster": roster, "schools": schools, "exits": exits.assign(year=2025)}
    return add_attrition(study, base, tables).set_index("teacher_id")


@pytest.mark.parametrize("definition", ["A1", "A2", "A3", "A4", "A5"])
def test_each_definition_gives_the_drawn_answer(answer: pd.DataFrame, definition: str) -> None:
    expected = drawn().set_index("teacher_id")[definition].astype(float)
    found = answer[f"attrition_{definition}"].reindex(expected.index)
    pd.testing.assert_series_equal(found, expected, check_names=False)


def test_without_the_next_snapshot_nothing_is_known(study: Study) -> None:
    base = pd.DataFrame(
        {"teacher_id": ["a"], "school_id": ["s"], "year": [2025], "base_year": [2024]}
    )
    roster = base.assign(year=2024)
    found = add_attrition(study, base, {"roster": roster})
    assert found["attrition_A2"].isna().all()


def test_an_ambiguous_name_has_no_known_destination(study: Study) -> None:
    base = pd.DataFrame(
        {"teacher_id": ["a", "b"], "school_id": ["s", "s"], "year": [2025, 2025],
         "base_year": [2024, 2024], "has_ambiguous_name": [True, False]}
    )  # fmt: skip
    roster = pd.concat([base.assign(year=2024), base.assign(year=2025)])
    found = add_attrition(study, base, {"roster": roster[["teacher_id", "year", "school_id"]]})
    assert found["attrition_A4"].isna().tolist() == [True, False]


def test_the_retirement_age_rises_in_steps() -> None:
    """From January 2025 one month more every four months: 60 years until then, 63 at the end."""
    rule = Retirement(age_months=720, starts=dt.date(2025, 1, 1), every_months=4, cap_months=756)
    assert retirement_years(rule, 2024) == 60
    assert retirement_years(rule, 2025) == pytest.approx((720 + 2) / 12)
    assert retirement_years(rule, 2060) == 63


# the list of reasons was delivered for 2025, and names somebody else
OTHERS = pd.DataFrame({"teacher_id": ["x"], "year": [2025], "exit_reason": ["resigned"]})


def test_without_the_list_of_reasons_only_plain_leaving_is_known(study: Study) -> None:
    """A retirement would count as a loss: A1, A2 and A5 stay missing for that year, A3 and A4 do not."""
    base = pd.DataFrame(
        {
            "teacher_id": ["a"],
            "school_id": ["s"],
            "year": [2025],
            "base_year": [2024],
            "area": ["rural"],
        }
    )
    schools = pd.DataFrame({"school_id": ["s"], "year": [2024], "area": ["rural"]})
    roster = pd.DataFrame({"teacher_id": ["a", "b"], "school_id": ["s", "s"], "year": [2024, 2025]})
    last_year = OTHERS.assign(year=2024)
    found = add_attrition(study, base, {"roster": roster, "schools": schools, "exits": last_year})
    assert found[["attrition_A1", "attrition_A2", "attrition_A5"]].isna().all(axis=None)
    assert found["attrition_A4"].tolist() == [1.0]
    assert found["attrition_A3"].tolist() == [0.0]


def test_a_reclassified_school_loses_nobody(study: Study) -> None:
    """A rural school that is a town school a year later: its stayers stayed, a mover to it left the countryside."""
    base = pd.DataFrame(
        {"teacher_id": ["stays", "comes"], "school_id": ["s1", "s2"], "year": 2025, "base_year": 2024,
         "area": ["rural", "rural"]}
    )  # fmt: skip
    schools = pd.DataFrame(
        {"school_id": ["s1", "s2", "s1", "s2"], "year": [2024, 2024, 2025, 2025],
         "area": ["rural", "rural", "town", "rural"]}
    )  # fmt: skip
    roster = pd.DataFrame(
        {
            "teacher_id": ["stays", "comes"] * 2,
            "school_id": ["s1", "s2", "s1", "s1"],
            "year": [2024] * 2 + [2025] * 2,
        }
    )
    tables = {"roster": roster, "schools": schools, "exits": OTHERS}
    found = add_attrition(study, base, tables)
    assert found["attrition_A1"].tolist() == [0.0, 1.0]
    assert found["attrition_A5"].tolist() == [0.0, 1.0]


def test_a_mover_to_a_school_of_unknown_area_is_unknown(study: Study) -> None:
    base = pd.DataFrame(
        {
            "teacher_id": ["a"],
            "school_id": ["s1"],
            "year": [2025],
            "base_year": [2024],
            "area": ["rural"],
        }
    )
    schools = pd.DataFrame({"school_id": ["s1"], "year": [2024], "area": ["rural"]})
    roster = pd.DataFrame(
        {"teacher_id": ["a", "a"], "school_id": ["s1", "s9"], "year": [2024, 2025]}
    )
    tables = {"roster": roster, "schools": schools, "exits": OTHERS}
    found = add_attrition(study, base, tables)
    assert found["attrition_A1"].isna().all()
    assert found["attrition_A2"].tolist() == [0.0]
