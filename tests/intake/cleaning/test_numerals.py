"""Numbers in Chinese characters."""

from __future__ import annotations

import pytest

from analysis.intake.cleaning.numerals import read_numeral

NUMERALS = [
    ("八", 8),
    ("十", 10),
    ("十二", 12),
    ("二十八", 28),
    ("两百", 200),
    ("一百零三", 103),
    ("三千五百", 3500),
    ("一万二千", 12000),
    ("二五", None),  # two or five, twenty-five: a guess
    ("一两", None),
    ("两三", None),
    ("三四", None),
    ("一二三", None),
    ("两零", None),
    ("二〇", 20),  # digit by digit
    ("一二〇", 120),
    ("一九九八", 1998),
    ("两", 2),
    ("一百三", None),  # 130 in speech, 103 as it stands
    ("三千五", None),
    ("二百一十三", 213),
    ("二〇二五", 2025),
    ("十百", None),  # places must fall
    ("二三十", None),  # twenty or thirty
    ("若干", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "number"), NUMERALS)
def test_a_numeral_is_read_or_refused(text: str, number: int | None) -> None:
    assert read_numeral(text) == number
