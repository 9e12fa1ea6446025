"""Widths of a Word table's columns: what is narrow stays readable, what is wide gives way."""

from __future__ import annotations

import pytest

from analysis.present.docx_parts import LEAST_EMS, asked_width, shares
from analysis.release.claims import Table


def drawn(*cells: str) -> Table:
    heads = tuple("头" for _ in cells)
    return Table("t", "题", heads, (cells,), tuple(c.isdigit() for c in cells))


@pytest.mark.parametrize("ems", [30.0, 45.0, 90.0])
def test_a_short_word_beside_long_ones_keeps_its_line(ems: float) -> None:
    table = drawn(
        "城区",
        "赴城区优质学校跟岗、数字素养测评得分",
        "比较对象是未参加的教师",
        "12345",
        "尚不能判断",
    )
    found = shares(table, ems)
    assert sum(found) == pytest.approx(ems)
    for index, width in enumerate(found):
        assert width >= min(asked_width(table, index), LEAST_EMS) - 1e-9


def test_what_cannot_fit_is_shared_in_proportion() -> None:
    table = drawn(*["很长很长很长很长的一段话"] * 9)
    assert shares(table, 30.0) == pytest.approx([30 / 9] * 9)
