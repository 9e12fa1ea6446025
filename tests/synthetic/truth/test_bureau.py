"""The bureau as a whole: years that hang together, parts, and a panel's short cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.options import BureauOptions, bureau_options
from analysis.synthetic.truth import bureau
from analysis.synthetic.truth.bureau import draw_bureau, draw_parts, draw_years
from analysis.synthetic.truth.record import Draw


def test_roster_sizes(county: Draw) -> None:
    sizes = county.teachers[county.teachers["is_teacher"]].groupby("year").size()
    assert sizes[2024] == 5862
    assert list(sizes.index) == list(range(2019, 2026))
    assert ((sizes / 5862 - 1).abs() <= 0.02).all()
    others = county.teachers[~county.teachers["is_teacher"]].groupby("year").size()
    assert others.between(200, 400).all()  # a few hundred posts that do not teach


def test_every_school_has_teachers_until_it_is_merged(county: Draw) -> None:
    taught = county.teachers[county.teachers["is_teacher"]].groupby("year")["school"].nunique()
    assert taught.loc[2019:2024].tolist() == [112] * 6
    assert taught[2025] == 111


def test_same_options_same_draw_and_another_seed_another(small_options: BureauOptions) -> None:
    one, two = draw_bureau(small_options), draw_bureau(small_options)
    other = draw_bureau(replace(small_options, seed=8))
    for name in bureau.TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    assert one.truth == two.truth
    assert not one.teachers.equals(other.teachers)


def test_a_later_year_leaves_the_earlier_ones_alone(small_options: BureauOptions) -> None:
    short, long = (draw_bureau(replace(small_options, last_year=y)) for y in (2024, 2025))
    for name in bureau.TABLES:
        before, after = getattr(short, name), getattr(long, name)
        same = after[after["year"] <= 2024].reset_index(drop=True)
        if len(before):
            pd.testing.assert_frame_equal(before, same)
    for name, table in short.office.items():
        after = long.office[name]
        pd.testing.assert_frame_equal(table, after[after["year"] <= 2024].reset_index(drop=True))


def test_the_short_cut_for_a_panel_draws_the_same(small_options: BureauOptions) -> None:
    _, whole = draw_years(small_options)
    _, short = draw_years(small_options, is_whole=False)
    for name in ("teachers", "fates", "scores"):
        for one, two in zip(whole, short, strict=True):
            assert (name in one) == (name in two)
            for column in one.get(name, {}):
                equal_nan = one[name][column].dtype.kind in "fM"
                assert np.array_equal(one[name][column], two[name][column], equal_nan=equal_nan)


def test_a_large_bureau_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bureau, "PART_TEACHERS", 400)
    options = bureau_options("county", teachers=1000, schools=31, pilots=5, years=2)
    parts = list(draw_parts(options))
    assert [p.options.teachers for p in parts] == [334, 333, 333]
    assert sum(len(p.schools) for p in parts) == 31
    assert sum(p.schools["cohort"].notna().sum() for p in parts) == 5
    ends = [p.person_offset + int(p.teachers["person"].max()) for p in parts]
    assert all(a < b.person_offset for a, b in zip(ends, parts[1:], strict=False))
    assert [p.school_offset for p in parts] == [
        0,
        len(parts[0].schools),
        31 - len(parts[2].schools),
    ]
    assert (
        not parts[0]
        .teachers["birth_date"]
        .head(50)
        .equals(parts[1].teachers["birth_date"].head(50))
    )


def test_waves_are_the_last_tests(small_options: BureauOptions) -> None:
    years = {
        w: sorted(set(draw_bureau(replace(small_options, waves=w)).scores["year"]))
        for w in (0, 1, 2)
    }
    assert years == {0: [], 1: [2025], 2: [2024, 2025]}


def test_parts_have_session_numbers_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bureau, "PART_TEACHERS", 400)
    options = bureau_options("county", teachers=800, schools=30, pilots=4, years=2)
    one, two = (set(part.trainings["session"]) for part in draw_parts(options))
    assert one
    assert two
    assert not one & two
