"""Identity numbers: the check digit, the old form, and what spreadsheets and typing leave of them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.cleaning.identity import (
    check_digit,
    cut_heads,
    is_cut,
    read_number,
    usual_length,
)

# 11010519491231002X is the worked example of GB 11643-1999; numbers with region 99xxxx belong to nobody.
NUMBERS = [
    ("11010519491231002X", "11010519491231002X", ""),
    ("11010519491231002x", "11010519491231002X", "spaces_width"),
    (" 110105 19491231 002X ", "11010519491231002X", "spaces_width"),
    ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "spaces_width"),
    ("'11010519491231002X", "11010519491231002X", "spaces_width"),
    ("110105194912310021", None, "check_digit_wrong"),
    ("110105194912310000", None, "number_truncated"),  # a spreadsheet keeps 15 digits
    ("1.10105194912310E+17", None, "number_truncated"),
    ("110105491231002", "11010519491231002X", "fifteen_digits"),
    ("110105491331002", None, "wrong_length"),  # 15 digits with a 13th month
    ("1101051949123100", None, "wrong_length"),
    ("E12345678", "E12345678", "other_document"),
    ("张三", None, "wrong_length"),
]


@pytest.mark.parametrize(("text", "number", "rule"), NUMBERS)
def test_reality_01_mess_33_an_identity_number_is_read_or_refused(
    text: str, number: str | None, rule: str
) -> None:
    assert read_number(text) == (number, rule)


@settings(deadline=None, max_examples=60)
@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body: str, at: int, more: int) -> None:
    """ISO 7064 MOD 11-2 finds every single wrong digit."""
    wrong = body[:at] + str((int(body[at]) + more) % 10) + body[at + 1 :]
    number, rule = read_number(wrong + check_digit(body))
    assert number is None
    assert rule in ("check_digit_wrong", "number_truncated")


def test_reality_01_what_is_left_of_a_cut_number_can_be_linked_by() -> None:
    texts = pd.Series(
        ["110105194912310000", "1.10105194912310E+17", "1.101051949E+17", "11010519491231002X", ""],
        dtype=object,
    )
    heads = cut_heads(texts)
    assert heads.dropna().to_dict() == {0: "110105194912310", 1: "110105194912310"}


def test_reality_01_a_cut_number_with_a_fitting_check_digit_still_looks_cut() -> None:
    body = next(b for n in range(100) if check_digit(b := f"9901011980010{n:02}00") == "0")
    number = body + "0"
    assert read_number(number) == (number, "")
    assert is_cut(number)
    assert not is_cut("11010519491231002X")
    assert not is_cut("123000")


def test_mess_34_the_usual_length_is_that_of_nearly_all() -> None:
    assert usual_length(["g1001"] * 9 + ["g10"]) == 5
    assert usual_length(["g1001", "g10"]) == 0
    assert usual_length(["", ""]) == 0
