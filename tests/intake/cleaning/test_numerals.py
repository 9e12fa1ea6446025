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
    ("二五", 25),  # digit by digit
    ("二〇二五", 2025),
    ("十百", None),  # places must fall
    ("二三十", None),  # twenty or thirty
    ("若干", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "number"), NUMERALS)
def test_a_numeral_is_read_or_refused(text: str, number: int | None) -> None:
    assert read_numeral(text) == number
