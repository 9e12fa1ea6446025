"""Numbers with what people write behind them: a unit is read, another unit is refused, nothing is converted."""

from __future__ import annotations

import pytest

from analysis.intake.cleaning.numbers import read_number
from tests.intake.drawn import variable

HOURS = variable("hours", "number", (), unit="学时")
SHARE = variable("share", "number", (), low=0.0, high=1.0)
SECONDS = variable("answer_seconds", "number", (), unit="秒")
PAY = variable("pay", "number", (), unit="元")
AGE = variable("age", "integer", (), unit="岁")

NUMBERS = [
    (HOURS, "16", 16.0, ""),
    (HOURS, "16学时", 16.0, "unit"),
    (HOURS, "16 课时", 16.0, "unit"),
    (HOURS, "１６", 16.0, "spaces_width"),
    (HOURS, "1,200.5", 1200.5, "thousands"),
    (HOURS, "-4", -4.0, ""),
    (HOURS, "3天", None, "other_unit"),  # no stated rule for days
    (HOURS, "12学分", None, "other_unit"),
    (HOURS, "45%", None, "other_unit"),
    (HOURS, "10～20", None, "not_a_number"),
    (HOURS, "约16", None, "not_a_number"),
    (AGE, "28岁", 28.0, "unit"),
    (AGE, "28年", None, "other_unit"),
    (AGE, "二十八", 28.0, "chinese_numeral"),
    (AGE, "二十八岁", 28.0, "chinese_numeral"),
    (AGE, "三年", None, "other_unit"),
    (AGE, "三四岁", None, "not_a_number"),
    (AGE, "一两岁", None, "not_a_number"),
    (AGE, "3 5", None, "not_a_number"),
    (AGE, "3\u30005", None, "not_a_number"),
    (AGE, "3 5岁", None, "not_a_number"),
    (HOURS, "12 34", None, "not_a_number"),
    (HOURS, "1 2345", None, "not_a_number"),
    (HOURS, "1 200", 1200.0, "spaces_width"),
    (HOURS, "1\u3000200\u3000000学时", 1200000.0, "unit"),
    (HOURS, "1 200 00", None, "not_a_number"),
    (PAY, "8000元", 8000.0, "unit"),
    (PAY, "8,000元", 8000.0, "unit"),
    (PAY, "10K", 10000.0, "magnitude"),
    (PAY, "1.2万", 12000.0, "magnitude"),
    (PAY, "1.2万元", 12000.0, "magnitude"),
    (PAY, "\u2212500", -500.0, "spaces_width"),  # a minus sign of its own
    (HOURS, "72学时", 72.0, "unit"),
    (HOURS, "1.5个月", None, "other_unit"),
    (SHARE, "45%", 0.45, "percent"),
    (SHARE, "0.45", 0.45, ""),
    (SECONDS, "243秒", 243.0, "duration"),
    (SECONDS, "3分25秒", 205.0, "duration"),
    (SECONDS, "1时2分", 3720.0, "duration"),
    (SECONDS, "243", 243.0, ""),
]


@pytest.mark.parametrize(("variable_", "text", "value", "rule"), NUMBERS)
def test_mess_28_a_number_is_read_in_the_unit_of_its_variable(
    variable_: object, text: str, value: float | None, rule: str
) -> None:
    assert read_number(text, variable_) == (value, rule)  # type: ignore[arg-type]


DURATIONS = [
    ("243秒", 243.0, "duration"),
    ("243", 243.0, ""),
    ("3分25秒", 205.0, "duration"),
    ("5分钟", 300.0, "duration"),
    ("1小时2分", 3720.0, "duration"),
    ("1:23:45", 5025.0, "duration"),
    ("3:25", None, "not_a_number"),  # minutes and seconds, or hours and minutes
    ("105,723", 105723.0, "thousands"),  # a form left open: kept, and marked later
]


@pytest.mark.parametrize(("text", "seconds", "rule"), DURATIONS)
def test_mess_30_a_duration_is_read_in_seconds(text: str, seconds: float | None, rule: str) -> None:
    assert read_number(text, SECONDS) == (seconds, rule)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [("16", 16.0, ""), ("16学时", 16.0, "unit"), ("2学分", None, "other_unit")],
)
def test_reality_07_credits_in_a_column_of_hours_are_no_hours(
    text: str, value: float | None, rule: str
) -> None:
    assert read_number(text, HOURS) == (value, rule)
