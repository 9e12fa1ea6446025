"""Invented people: numbers that nobody can have, names that collide as real ones do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.paper.identity import check_characters, person_numbers, staff_numbers
from analysis.synthetic.truth.record import Draw


def test_check_character_of_the_standard() -> None:
    # GB 11643-1999 prints 44052418800101001 with the check character 4
    digits = np.array([[int(c) for c in "44052418800101001"]])
    assert check_characters(digits).tolist() == ["4"]


def check_by_hand(number: str) -> str:
    """ISO 7064 MOD 11-2 by repeated doubling: another way to the same character."""
    total = 0
    for character in number[:17]:
        total = (total + int(character)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def test_person_numbers_are_impossible_and_well_formed(county: Draw) -> None:
    people = county.teachers.drop_duplicates("person")
    numbers = people["person_number"]
    # no province has a code from 90 on, and the numbers of foreign residents have one in places 2-3
    assert numbers.str.match(r"^99\d{15}[\dX]$").all()
    assert numbers.is_unique
    assert (numbers.str[6:14] == people["birth_date"].dt.strftime("%Y%m%d")).all()
    assert ((numbers.str[16].astype(int) % 2 == 1) == (people["sex"] == "male")).all()
    assert [check_by_hand(n) for n in numbers[:500]] == numbers.str[17][:500].tolist()


def test_numbers_stay_unique_in_a_large_bureau() -> None:
    # the worst cases: neighbours, and those ten thousand apart, who share the region code
    index = np.concatenate([np.arange(9_999), np.arange(0, 5_000_000, 10_000) + 9_999])
    size = len(index)
    born = np.full(size, np.datetime64("1980-01-01"))  # and one birthday for all
    assert len(set(person_numbers(index, born, np.ones(size, bool)))) == size
    assert len(set(staff_numbers(index))) == size


def test_a_person_keeps_number_and_name(county: Draw) -> None:
    kept = county.teachers.groupby("person")[["person_number", "staff_number", "name"]].nunique()
    assert (kept == 1).all(axis=None)
    assert county.teachers.drop_duplicates("person")["staff_number"].is_unique


def test_some_share_a_name(county: Draw) -> None:
    # domain.md, mess.md 35: 3-4 % of rows repeat a name
    names = county.roster(2024)["name"]
    share = names.map(names.value_counts()).gt(1).mean()
    assert 0.02 <= share <= 0.045
    assert names.str.len().between(2, 3).all()
    assert isinstance(names, pd.Series)
