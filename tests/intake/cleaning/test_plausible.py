"""Two values of one row that exclude each other."""

from __future__ import annotations

import pandas as pd

from analysis.intake.cleaning.plausible import check_pairs


def test_mess_45_more_experience_than_the_age_allows_empties_both() -> None:
    frame = pd.DataFrame(
        {"age": [40.0, 30.0, 30.0, None], "years_teaching": [25.0, 16.0, 15.0, 40.0]}
    )
    checked, told = check_pairs(frame)
    assert checked["age"].isna().tolist() == [False, True, False, True]
    assert checked["years_teaching"].isna().tolist() == [False, True, False, False]
    assert told[["position", "variable", "found", "done", "rule"]].to_numpy().tolist() == [
        [1, "age", "30 (years_teaching 16)", "", "impossible_pair"],
        [1, "years_teaching", "16 (age 30)", "", "impossible_pair"],
    ]


def test_mess_45_work_that_began_in_childhood_empties_both() -> None:
    frame = pd.DataFrame(
        {"birth_month": ["1980-01", "1980-12", None], "work_start": ["1994-09", "1995", "1990"]},
        dtype="str",
    )
    checked, told = check_pairs(frame)
    assert checked["work_start"].isna().tolist() == [True, False, False]
    assert set(told["rule"]) == {"impossible_pair"}
    assert set(told["position"]) == {0}


def test_mess_45_an_end_before_its_beginning_is_told_and_kept() -> None:
    frame = pd.DataFrame(
        {
            "start_date": ["2025-03-02", "2025-03-02", "2025-03"],
            "end_date": ["2025-03-01", "2025-03-02", "2025-02-10"],
        },
        dtype="str",
    )
    checked, told = check_pairs(frame)
    assert checked.equals(frame)
    assert told[["position", "rule"]].drop_duplicates().to_numpy().tolist() == [
        [0, "dates_reversed"]
    ]


def test_a_table_without_pairs_stays_as_it_is() -> None:
    frame = pd.DataFrame({"age": [999.0]})
    checked, told = check_pairs(frame)
    assert checked is frame
    assert told.empty
