"""What the ledger shows of a text: no phone, address or name in any column, and still enough for a clerk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.masking import shown, shown_unread
from tests.intake.drawn import variable

TEXT = variable("remark", "text", ())
SEX = variable("sex", "category", (), codes={"female": ("女",), "male": ("男",)})
NEEDS = variable("needs", "choices", (), codes={"a": ("教学设计",), "b": ("数字技术应用",)})
DAY = variable("day", "date", ())
AGE = variable("age", "integer", (), unit="岁", low=16.0, high=80.0)
COST = variable("cost", "number", (), unit="元")


@pytest.mark.parametrize(
    "text",
    [
        "139-1234-5678",
        "139 1234 5678",
        "１３９１２３４５６７８",
        "139.1234.5678",
        "139－1234－5678",
        "110101 19900307 0011",
        "11010119900307001X",
        "电话0571-88887777",
        "QQ12345678",
        "IP 10.20.30.40",
        "1.1.1.1",
    ],
)
@pytest.mark.parametrize("entry", [TEXT, SEX, DAY, AGE, None], ids=str)
def test_numbers_of_people_and_addresses_are_masked_in_every_column(
    entry: object, text: str
) -> None:
    told = shown(entry, text)  # type: ignore[arg-type]
    assert "digits:" in told
    assert not any(part in told for part in ("1234", "8888", "0307", "20.30", "1.1", "１２３４"))


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (TEXT, "2025-03-01"),
        (DAY, "2025.03.01"),
        (DAY, "20250301"),
        (DAY, "2025-03-01 10:00:00"),
        (DAY, "2025.03.01-2025.03.05"),
        (variable("school_id", "code", ()), "2199000001"),
        (COST, "1200000元"),
        (COST, "0.333333333333"),
    ],
)
def test_dates_codes_and_values_are_shown(entry: object, text: str) -> None:
    assert shown(entry, text) == text  # type: ignore[arg-type]


UNREAD = [
    (SEX, "赵钱孙二", 1, "chars:4"),
    (SEX, "女性", 100, "女性"),  # a way of writing, not a person
    (SEX, "女性", 2, "chars:2"),
    (SEX, "女/男", 1, "女/男"),
    (AGE, "我叫岳不群今年三十五", 1, "chars:10"),
    (AGE, "我叫岳不群今年三十五零几个月", 9, "chars:14"),
    (AGE, "三四岁", 1, "三四岁"),
    (AGE, "28年", 1, "28年"),
    (AGE, "30-34岁", 1, "30-34岁"),
    (DAY, "2025年13月", 1, "2025年13月"),
    (DAY, "林平之", 1, "chars:3"),
    (NEEDS, "教学设计┋岳不群", 1, "教学设计┋chars:3"),
    (NEEDS, "教学设计┋教设计", 5, "教学设计┋教设计"),
    (TEXT, "第一小学", 1, "第一小学"),
    (variable("name", "name", ()), "赵", 99, "chars:1"),
]


@pytest.mark.parametrize(("entry", "text", "n_rows", "told"), UNREAD)
def test_a_text_that_could_not_be_read_is_shown_only_if_it_is_nobodys_own(
    entry: object, text: str, n_rows: int, told: str
) -> None:
    assert shown_unread(entry, text, n_rows) == told  # type: ignore[arg-type]


@given(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=30))
def test_a_name_met_once_is_never_shown(name: str) -> None:
    for entry in (SEX, NEEDS, DAY, AGE, COST):
        assert not set(shown_unread(entry, name)) & set(name)
