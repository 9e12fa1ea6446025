"""Numbers with what people write behind them: a unit is read, another unit is refused, nothing is converted."""

from __future__ import annotations

import pytest

from analysis.intake.cleaning.numbers import read_number
from tests.intake.drawn import variable

HOURS = variable("hours", "number", (), unit="学时")
SHARE = variable("share", "number", (), low=0.0, high=1.0)
SECONDS = variable("answer_seconds", "number", (), unit="秒")
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
    (SHARE, "45%", 0.45, "percent"),
    (SHARE, "0.45", 0.45, ""),
    (SECONDS, "243秒", 243.0, "duration"),
    (SECONDS, "3分25秒", 205.0, "duration"),
    (SECONDS, "1时2分", 3720.0, "duration"),
    (SECONDS, "243", 243.0, ""),
]


@pytest.mark.parametrize(("variable_", "text", "value", "rule"), NUMBERS)
def test_a_number_is_read_in_the_unit_of_its_variable(
    variable_: object, text: str, value: float | None, rule: str
) -> None:
    assert read_number(text, variable_) == (value, rule)  # type: ignore[arg-type]
