"""Numbers and dates with dirt: what intake makes of them is known beforehand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.intake.cleaning.dates import read_date
from analysis.intake.cleaning.identity import read_number
from analysis.synthetic.dirt import Dirt
from analysis.synthetic.paper.dirt import numbers
from analysis.synthetic.paper.dirt.brush import Brush
from analysis.synthetic.paper.filled import Filled
from analysis.synthetic.paper.identity import person_numbers, staff_numbers


def brush(**rates: float) -> Brush:
    """A brush with some items only."""
    off = dict.fromkeys(vars(Dirt()), 0.0)
    return Brush(3, 2025, "drawn", Dirt(**(off | rates)))


def drawn_numbers(size: int = 1100) -> Filled:
    index = np.arange(size)
    return Filled(
        pd.DataFrame(
            {
                "person_number": person_numbers(
                    index, np.datetime64("1970-01-01") + index, index % 2 > 0
                ),
                "staff_number": staff_numbers(index),
                "is_linkable": index % 5 > 0,
            }
        )
    )


def rules(filled: Filled) -> pd.Series:
    """How often intake applies which rule to the identity numbers."""
    return pd.Series([read_number(n)[1] for n in filled.rows["person_number"]]).value_counts()


def test_cut_numbers_are_seen_as_such() -> None:
    """One in eleven would pass as a right number and is left whole; the rate holds all the same."""
    filled = numbers.write_numbers(brush(truncated_ids=1.0), drawn_numbers())
    is_whole = np.array([read_number(n)[1] == "" for n in filled.rows["person_number"]])
    assert (filled.rows["person_number"] == drawn_numbers().rows["person_number"])[is_whole].all()
    every = rules(filled)
    assert every["number_truncated"] / every.sum() == pytest.approx(10 / 11, abs=0.05)
    assert every.sum() == every["number_truncated"] + every[""]
    some = rules(numbers.write_numbers(brush(truncated_ids=0.5), drawn_numbers(22_000)))
    assert some["number_truncated"] / some.sum() == pytest.approx(0.5, abs=0.02)


def test_wrong_check_digits_are_seen_as_such() -> None:
    filled = numbers.write_numbers(brush(wrong_check_digits=1.0), drawn_numbers())
    assert rules(filled).to_dict() == {"check_digit_wrong": 1100}
    before, after = drawn_numbers().rows["person_number"], filled.rows["person_number"]
    assert (before.str[:17] == after.str[:17]).all()


def test_full_width_numbers_are_the_same_numbers() -> None:
    filled = numbers.write_numbers(brush(full_width=1.0), drawn_numbers())
    assert rules(filled).to_dict() == {"spaces_width": 1100}
    read = [read_number(n)[0] for n in filled.rows["person_number"]]
    assert read == drawn_numbers().rows["person_number"].tolist()


def test_a_number_has_one_fault_at_most() -> None:
    every = brush(truncated_ids=0.3, wrong_check_digits=0.3, full_width=0.3)
    stains = numbers.write_numbers(every, drawn_numbers()).stains
    spoilt = np.concatenate([stain.positions for stain in stains])
    assert len(np.unique(spoilt)) == len(spoilt)


def test_mistyped_staff_numbers_belong_to_nobody_else() -> None:
    filled = numbers.mistype_numbers(brush(mistyped_numbers=0.05), drawn_numbers())
    known = set(staff_numbers(np.arange(2_000_000)[:5000]))
    bad = ~filled.rows["is_linkable"]
    assert not set(filled.rows.loc[bad, "staff_number"]) & known
    assert set(filled.rows.loc[bad, "staff_number"].str.len()) == {0, 7}
    typed = filled.rows.loc[~bad, "staff_number"]
    assert set(typed.str.upper()) <= known
    assert (typed != typed.str.upper()).mean() == pytest.approx(0.05, abs=0.02)


def test_switched_off_every_number_is_right() -> None:
    filled = numbers.mistype_numbers(brush(), drawn_numbers())
    assert filled.rows["staff_number"].tolist() == staff_numbers(np.arange(1100)).tolist()


def test_dates_of_any_form_say_the_same_day() -> None:
    days = pd.Series(pd.to_datetime(["2024-09-01", "2025-11-30", "2024-10-12", None] * 50))
    filled = numbers.write_days(
        brush(odd_dates=1.0), Filled(pd.DataFrame({"end_date": days})), "end_date"
    )
    written = filled.rows["end_date"]
    assert (written[days.isna()] == "").all()
    texts = written[days.notna()]
    assert set(texts[days == "2024-09-01"]) == {"2024年9月1日", "2024.09.01", "2024/09/01"}
    read = [read_date(text, has_padded_months=True)[0] for text in texts]
    assert read == days.dropna().dt.strftime("%Y-%m-%d").tolist()


def test_months_of_any_form_say_the_same_month() -> None:
    months = pd.Series(pd.to_datetime(["1998-10-15", "2001-01-31"] * 60))
    rows = pd.DataFrame({"birth_month": months})
    filled = numbers.write_months(brush(odd_dates=0.9), Filled(rows), "birth_month")
    texts = set(filled.rows["birth_month"])
    # two digits always, so that 1998.1 and 1998.10 cannot be confused
    assert texts == {
        *("1998.10", "1998年10月", "1998-10", "199810"),
        *("2001.01", "2001年1月", "2001-01", "200101"),
    }
    read = {read_date(text, has_padded_months=True)[0] for text in texts}
    assert read == {"1998-10", "2001-01"}


def test_births_a_century_off() -> None:
    rows = pd.DataFrame({"birth_month": ["1998.10", "2001年1月"] * 10})
    filled = numbers.shift_births(brush(impossible_births=1.0), Filled(rows))
    assert set(filled.rows["birth_month"]) == {"1898.10", "2101年1月"}


def test_ages_with_a_digit_too_many_or_too_few() -> None:
    rows = pd.DataFrame({"age": [34, 52]})
    filled = numbers.spoil_ages(brush(impossible_births=1.0), Filled(rows))
    assert filled.rows["age"].tolist() == [4, 520]


def test_hours_are_numbers_with_or_without_their_unit() -> None:
    rows = pd.DataFrame({"hours": [16.0, 2.5, 60.0, np.nan]})
    plain = numbers.write_hours(brush(), Filled(rows)).rows["hours"]
    assert plain.tolist() == ["16", "2.5", "60", ""]
    every = numbers.write_hours(brush(hours_with_unit=1.0), Filled(rows.iloc[:3])).rows["hours"]
    assert every.tolist() == ["16学时", "2.5学时", "60学时"]


def test_percentages_in_three_forms() -> None:
    rows = pd.DataFrame({"rate": [0.9, 0.07] * 30})
    written = numbers.mix_percents(brush(mixed_percents=0.6), Filled(rows), "rate").rows["rate"]
    assert set(written) == {"0.90", "90", "90%", "0.07", "7", "7%"}
