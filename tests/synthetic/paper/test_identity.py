"""Invented people: numbers that nobody can have, names that collide as real ones do."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.synthetic.paper.identity import (
    DOT,
    GIVEN,
    RARE,
    check_characters,
    draw_names,
    has_right_check,
    person_numbers,
    staff_numbers,
)
from analysis.synthetic.streams import stream

MIXED_YEARS = 1960 + np.arange(20_000) % 42


def check_by_hand(number: str) -> str:
    """ISO 7064 MOD 11-2 by repeated doubling: another way to the same character."""
    total = 0
    for character in number[:17]:
        total = (total + int(character)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def test_check_character_of_the_standard() -> None:
    # GB 11643-1999 prints 44052418800101001 with the check character 4
    digits = np.array([[int(c) for c in "44052418800101001"]])
    assert check_characters(digits).tolist() == ["4"]


def test_numbers_say_place_birth_and_sex() -> None:
    birth = np.array(["1980-02-29", "1999-12-01"], dtype="datetime64[s]")
    first, second = person_numbers(np.array([0, 10_001]), birth, np.array([True, False]))
    # by hand: the place is 990000 + 7919 i mod 10000, the order 2 ((i // 10000 + 37 i) mod 500), odd for men
    assert first[:17] == "990000" + "19800229" + "000"
    assert second[:17] == "997919" + "19991201" + "077"
    assert [check_by_hand(n) for n in (first, second)] == [first[17], second[17]]


def test_numbers_are_impossible_and_well_formed() -> None:
    index = np.arange(3000)
    birth = np.datetime64("1965-01-01") + index * 4
    numbers = person_numbers(index, birth, index % 3 > 0)
    # no province has a code from 90 on, and the numbers of foreign residents have one in places 2-3
    assert all(n.startswith("99") and len(n) == 18 for n in numbers)
    assert [check_by_hand(n) for n in numbers] == [n[17] for n in numbers]
    assert [n[6:14] for n in numbers] == [str(day).replace("-", "") for day in birth]


def test_right_checks_are_told_from_wrong_ones() -> None:
    right = person_numbers(
        np.arange(50), np.full(50, np.datetime64("1980-01-01")), np.ones(50, bool)
    )
    wrong = np.array([n[:17] + ("0" if n[17] != "0" else "1") for n in right], dtype=object)
    assert has_right_check(right).all()
    assert not has_right_check(wrong).any()
    assert has_right_check(np.array([], dtype=object)).tolist() == []


def test_numbers_stay_unique_in_a_large_bureau() -> None:
    # the worst cases: neighbours, and those ten thousand apart, who share the region code
    index = np.concatenate([np.arange(9_999), np.arange(0, 5_000_000, 10_000) + 9_999])
    size = len(index)
    born = np.full(size, np.datetime64("1980-01-01"))  # and one birthday for all
    assert len(set(person_numbers(index, born, np.ones(size, bool)))) == size
    numbers = staff_numbers(index)
    assert len(set(numbers)) == size
    # all of one length: a number with a digit lost is nobody's
    assert {len(n) for n in numbers} == {8}


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_names_collide_about_as_real_ones_do(seed: int) -> None:
    """Between 8 and 18 % of 5,862 people share their name with another; the commonest has several bearers.

    Two people drawn at random share a surname with a chance near .03 (the four commonest hold a quarter), a
    given name of two syllables with one near 1 in 1,000 within sex and decade, one of a single syllable with
    one near 1 in 20; a seventh of all names have a single one. 5862 times all of it is .1 to .15.
    """
    is_female, born = np.arange(5862) % 10 < 7, 1964 + np.arange(5862) % 38
    names = draw_names(stream(seed, 2024, "names"), is_female, born)
    _, counts = np.unique(names.astype(str), return_counts=True)
    assert 0.08 <= counts[counts > 1].sum() / len(names) <= 0.18
    assert 4 <= counts.max() <= 12
    lengths = np.array([len(n) for n in names])
    assert 0.12 <= (lengths == 2).mean() <= 0.18


def test_no_name_is_doubled() -> None:
    names = draw_names(stream(3, 2024, "names"), np.arange(20_000) % 2 > 0, MIXED_YEARS)
    assert not [n for n in names if len(n) == 3 and n[1] == n[2]]


def test_names_go_with_their_time_and_sex() -> None:
    women: np.ndarray = np.ones(20_000, dtype=bool)
    old, young = (
        draw_names(stream(3, 2024, "names"), women, np.full(20_000, year)) for year in (1962, 1996)
    )
    for syllable, names, others in (("秀", old, young), ("欣", young, old)):
        times = [sum(syllable in n for n in of) for of in (names, others)]
        assert times[0] > 3 * times[1], syllable
    men = draw_names(stream(3, 2024, "names"), ~women, np.full(20_000, 1962))
    assert sum("秀" in n for n in men) == 0


def test_no_syllable_stands_twice_in_a_list() -> None:
    assert all(len(set(text)) == len(text) for lists in GIVEN.values() for t in lists for text in t)


def test_few_names_are_hard_for_an_office() -> None:
    born = np.full(60_000, 1985)
    names = draw_names(stream(9, 2024, "names"), np.ones(60_000, dtype=bool), born).tolist()
    rare = [n for n in names if set(n) & set(RARE)]
    dotted = [n for n in names if DOT in n]
    assert len(rare) / len(names) == pytest.approx(0.002, abs=0.0007)
    assert len(dotted) / len(names) == pytest.approx(0.003, abs=0.0009)
    assert {len(n) for n in dotted} == {7}
    assert {len(n) for n in names if DOT not in n} == {2, 3}


def test_names_have_no_dust_in_them() -> None:
    names = draw_names(stream(9, 2024, "names"), np.arange(500) % 2 > 0, MIXED_YEARS[:500])
    assert all("\0" not in n and n == n.strip() for n in names)
