"""Dates in every form met in deliveries, with the precision they were written with (mess.md 31, 32; domain 3.2)."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.intake.cleaning.dates import day_order, read_date, writes_two_digits

DATES = [
    # as written | what it says | rule
    ("2025-03-01", "2025-03-01", ""),
    ("2026-06-16 08:00:00", "2026-06-16", ""),
    ("2020/5/1 9:03:07", "2020-05-01", "date_form"),
    ("2025年3月1日", "2025-03-01", "date_form"),
    ("2025 年 3 月 1 日", "2025-03-01", "date_form"),
    ("２０２５年３月１日", "2025-03-01", "date_form"),
    ("2025.3.1", "2025-03-01", "date_form"),
    ("20250301", "2025-03-01", "date_form"),
    ("45717", "2025-03-01", "serial_date"),  # mess.md 31
    ("36039", "1998-09-01", "serial_date"),  # domain 3.2, item 5
    ("3/16/2018 6:10:00 PM", "2018-03-16", "date_form"),  # no 16th month: month first
    ("16/08/2018", "2018-08-16", "date_form"),  # no 16th month: day first
    ("05/05/2018", "2018-05-05", "date_form"),
    ("03/04/2018", None, "not_a_date"),  # 3 April or 4 March
    ("16/08/18", None, "not_a_date"),  # which century is not said
    ("1998.09", "1998-09", "date_form"),
    ("1998.9", "1998-09", "date_form"),
    ("199809", "1998-09", "date_form"),
    ("1998年9月", "1998-09", "date_form"),
    ("1998-09", "1998-09", ""),
    ("2024年秋季学期", "2024-09", "date_form"),
    ("1998年", "1998", "date_form"),
    ("1998", "1998", "date_form"),
    ("1875.09", None, "out_of_range"),
    ("2085-01-01", None, "out_of_range"),
    ("2025-02-30", None, "not_a_date"),
    ("2025.13", None, "not_a_date"),
    ("刚入职", None, "not_a_date"),
]


@pytest.mark.parametrize(("text", "value", "rule"), DATES)
def test_mess_31_mess_32_reality_05_a_date_is_read_with_its_precision(
    text: str, value: str | None, rule: str
) -> None:
    assert read_date(text, has_padded_months=False) == (value, rule)


def test_reality_05_a_month_that_lost_its_zero_is_october_only_where_the_column_writes_two_digits() -> (
    None
):
    assert writes_two_digits(["1998.09", "1998.1"])
    assert not writes_two_digits(["1998.9", "1998.1"])
    assert read_date("1998.1", has_padded_months=True) == ("1998-10", "lost_zero")
    assert read_date("1998.1", has_padded_months=False) == ("1998", "ambiguous_month")


RECEIVED = dt.date(2018, 12, 31)

# a column of short dates | the one order in which all of them exist
ORDERS = [
    (["16/08/18", "31/08/18 18:10"], "dmy"),  # 31 is no year that has come, and no month
    (["16/08/18"], ""),  # 16 August 2018, or 18 August 2016
    (["08/31/18", "09/02/18"], "mdy"),
    (["16/08/2018", "03/04/2018"], "dmy"),
    (["3/16/2018 6:10:00 PM", "03/04/2018"], "mdy"),
    (["03/04/2018"], ""),
    (["16/08/2018", "08/16/2018"], ""),  # two orders in one column
    (["2018-08-16"], ""),
]


@pytest.mark.parametrize(("texts", "order"), ORDERS)
def test_mess_31_short_dates_are_read_only_in_an_unmistakable_order(
    texts: list[str], order: str
) -> None:
    assert day_order(texts, RECEIVED) == order


def test_mess_31_a_short_date_follows_the_order_of_its_column() -> None:
    read = {
        order: read_date("03/04/18", has_padded_months=False, day_order=order)
        for order in ("dmy", "mdy", "")
    }
    assert read == {
        "dmy": ("2018-04-03", "date_order"),
        "mdy": ("2018-03-04", "date_order"),
        "": (None, "not_a_date"),
    }
