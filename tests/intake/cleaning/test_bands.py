"""Intervals of a number: every written form, open ends, units; never a midpoint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.cleaning.bands import is_band, read_band
from tests.intake.drawn import variable

AGE = variable("age_band", "band", (), unit="岁", low=14.0, high=100.0)
YEARS = variable("years_band", "band", (), unit="年")
MONTHS = variable("months_band", "band", (), unit="月")
PAY = variable("pay_band", "band", (), unit="元")
HOURS = variable("hours_band", "band", (), unit="小时")
SHARE = variable("share_band", "band", (), unit="%")

BANDS = [
    (AGE, "30~34岁", "30-34", "band_form"),
    (AGE, "３０～３４岁", "30-34", "band_form"),
    (AGE, "19至30岁", "19-30", "band_form"),
    (AGE, "16 and more", "16-", "band_form"),
    (AGE, "30岁以下", "-30", "band_form"),
    (AGE, "50岁及以上", "50-", "band_form"),
    (AGE, "50岁（含）以上", "50-", "band_form"),
    (AGE, "二十至三十岁", "20-30", "band_form"),
    (AGE, "28", "28-28", "band_form"),
    (AGE, "30-34", "30-34", ""),
    (AGE, "-30", "-30", ""),
    (AGE, "50-", "50-", ""),
    (AGE, "30-340", None, "out_of_range"),
    (AGE, "40-30", None, "not_a_band"),
    (AGE, "青年", None, "not_a_band"),
    (AGE, "6—10年", None, "other_unit"),
    (MONTHS, "三个月～六个月", "3-6", "band_form"),
    (YEARS, "三个月～六个月", None, "other_unit"),  # never converted
    (YEARS, "6—10年", "6-10", "band_form"),
    (YEARS, "不足3年", "-3", "band_form"),
    (PAY, "5001-8000元", "5001-8000", "band_form"),
    (PAY, "3,000-5,000元", "3000-5000", "band_form"),
    (PAY, "1-2万", "10000-20000", "band_form"),
    (PAY, "5000-1万", "5000-10000", "band_form"),
    (HOURS, "10～20小时", "10-20", "band_form"),
    (SHARE, "超过50%", "50-", "band_form"),
]


@pytest.mark.parametrize(("entry", "text", "band", "rule"), BANDS)
def test_mess_27_a_band_is_read_with_its_ends(
    entry: object, text: str, band: str | None, rule: str
) -> None:
    assert read_band(text, entry) == (band, rule)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["-4", "28", "28岁", "2025-03-01", "-", "", "第一小学"])
def test_a_number_or_a_text_is_no_band(text: str) -> None:
    assert not is_band(text)


@given(st.integers(14, 100), st.integers(14, 100), st.sampled_from(["~", "～", "—", "至", "-"]))
def test_a_plain_band_is_read_as_itself(one: int, other: int, joiner: str) -> None:
    low, high = sorted((one, other))
    band, _ = read_band(f"{low}{joiner}{high}岁", AGE)
    assert band == f"{low}-{high}"
    assert read_band(band, AGE) == (band, "")
