"""When a value is the printed figure."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.verification.record import Case, Figure, agrees, decimals, line_of, shown

CASE = Case("case", "book", "", "function", lambda _: {}, ())


@pytest.mark.parametrize(("printed", "n"), [("-11,863.9", 1), (".0400", 4), ("64", 0)])
def test_digits_are_those_printed(printed: str, n: int) -> None:
    assert decimals(printed) == n


@pytest.mark.parametrize(
    ("value", "printed", "same"),
    [
        (-11863.9033, "-11,863.9", True),
        (-11863.9533, "-11,863.9", False),
        (0.03349, ".0335", True),
        (0.03344, ".0335", False),
        (-0.0332, ".0332", False),  # a sign
        (math.nan, "0", False),
        (math.inf, "0", False),
    ],
)
def test_a_value_is_rounded_to_the_printed_digits(value: float, printed: str, same: bool) -> None:
    assert agrees(value, printed) is same


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_what_is_shown_agrees_with_itself_and_not_with_the_next_digit(value: float, n: int) -> None:
    printed = f"{value:.{n}f}"
    assert agrees(value, printed)
    assert shown(value, printed) == printed
    assert not agrees(value, f"{float(printed) + 10.0**-n:.{n}f}")


@pytest.mark.parametrize(
    ("figure", "value", "status", "found"),
    [
        (Figure("a", "2.4"), 2.41, "same", "2.4"),
        (Figure("a", "2.4"), 2.485, "miss", "2.485"),
        (Figure("a", "2.4", "2.5", "why"), 2.485, "explained", "2.485"),
        (Figure("a", "2.4", "2.5", "why"), 2.41, "miss", "2.410"),  # not what is known to come out
        (Figure("a", "2.4"), math.nan, "miss", "nan"),
    ],
)
def test_lines_of_figures(figure: Figure, value: float, status: str, found: str) -> None:
    line = line_of(CASE, figure, value)
    assert (line.status, line.found, line.expected) == (status, found, "2.4")
    assert line.source == "book; function"


def test_a_case_without_data_gets_an_empty_frame() -> None:
    assert CASE.find(pd.DataFrame()) == {}
