"""Who could have answered: the roster of the September before, groups, bands, and which groups are merged."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.intake.survey.margins import (
    band_of,
    base_roster,
    find_margins,
    merge_groups,
    whole_years,
)


def roster(n: int, year: int, first: int = 0) -> pd.DataFrame:
    """Teachers of one snapshot: every second in school 1 (urban), work begun in 2000, 2001 and so on."""
    return pd.DataFrame(
        {
            "teacher_id": [f"t{first + k}" for k in range(n)],
            "year": year,
            "snapshot": f"{year}-09-01",
            "school_id": ["1" if k % 2 else "2" for k in range(n)],
            "is_teacher": "yes",
            "work_start": [f"{2000 + k % 20}-08" for k in range(n)],
            "staffed_post": ["yes" if k % 3 else "no" for k in range(n)],
        }
    )


SCHOOLS = pd.DataFrame(
    {"school_id": ["1", "2", "2"], "year": [2024, 2024, 2025], "area": ["urban", "town", "rural"]}
)


def test_the_denominator_is_the_roster_of_the_september_before() -> None:
    tables = {"roster": pd.concat([roster(4, 2023), roster(5, 2024), roster(6, 2025)])}
    assert [len(base_roster(tables, y)) for y in (2023, 2024, 2025, 2026)] == [4, 4, 5, 6]
    others = {"roster": roster(5, 2024).assign(is_teacher=["yes", "no", "yes", "yes", "no"])}
    assert len(base_roster(others, 2025)) == 3
    assert base_roster({}, 2025).empty


def test_years_of_teaching_by_hand() -> None:
    years = whole_years(
        pd.Series(["2024-09", "2020-10", "2000-09", "2010", None]), pd.Series([2024] * 5)
    )
    assert years.tolist()[:3] == [0, 3, 24]
    assert years.isna().tolist() == [False, False, False, True, True]
    assert band_of(pd.Series([0, 3, 4, 10, 11, 20, 21, 30, 31, 45.0])).tolist() == [
        "0-3", "0-3", "4-10", "4-10", "11-20", "11-20", "21-30", "21-30", "31-", "31-"
    ]  # fmt: skip
    assert band_of(pd.Series([float("nan"), -1])).isna().all()


def test_linked_answers_are_told_apart_by_the_roster() -> None:
    tables = {"roster": roster(40, 2024), "schools": SCHOOLS}
    answers = pd.DataFrame({"teacher_id": ["t1", "t2", "stranger"], "years_teaching": [99, 99, 99]})
    found = find_margins(tables, answers.assign(year=2025), 2025)
    assert found is not None
    assert (found.day, len(found.roster), found.left_out) == ("2024-09-01", 40, ())
    # t1: school 1, work begun 2001-08; t2: school 2 as it was in 2024
    assert found.answers.iloc[0].tolist() == ["urban", "21-30", "yes"]
    assert found.answers.iloc[1]["area"] == "town"
    assert found.answers.iloc[2].isna().all()


def test_unlinked_answers_bring_their_own_margins() -> None:
    """Nobody is linked: area by the school named, band by the years told; the post is not asked and left out."""
    tables = {"roster": roster(40, 2024), "schools": SCHOOLS}
    answers = pd.DataFrame(
        {
            "teacher_id": [None] * 4,
            "year": 2025,
            "school_id": ["1", "2", "1", "2"],
            "years_teaching": [2.0, 5.0, 12.0, 33.0],
        }
    )
    found = find_margins(tables, answers, 2025)
    assert found is not None
    assert found.answers["area"].tolist() == ["urban", "rural", "urban", "rural"]
    assert found.answers["years_band"].tolist() == ["0-3", "4-10", "11-20", "31-"]
    assert found.left_out == ("staffed_post",)
    assert find_margins({"schools": SCHOOLS}, answers, 2025) is None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            {"0-3": 9, "4-10": 4, "11-20": 9},
            {"0-3": "0-3+4-10", "4-10": "0-3+4-10", "11-20": "11-20"},
        ),
        (
            {"0-3": 2, "4-10": 9, "11-20": 9},
            {"0-3": "0-3+4-10", "4-10": "0-3+4-10", "11-20": "11-20"},
        ),
        ({"a": 50, "b": 8, "c": 1}, {"a": "a", "b": "b+c", "c": "b+c"}),
        ({"a": 3, "b": 1, "c": 0}, {"a": "a+b+c", "b": "a+b+c", "c": "a+b+c"}),
    ],
)
def test_groups_of_fewer_than_five_answers_are_merged(
    answers: dict[str, int], expected: dict[str, str]
) -> None:
    given = pd.Series([g for g, n in answers.items() for _ in range(n)], dtype=object)
    assert merge_groups(pd.Series([*answers] * 20), given) == expected


def test_a_group_that_nobody_on_the_roster_is_in_is_merged() -> None:
    given = pd.Series(["a"] * 9 + ["b"] * 8 + ["new"] * 30)
    merged = merge_groups(pd.Series(["a", "b"] * 20), given)
    assert merged["new"] == "b+new"
