"""Words of the page: known ones are found, unknown ones are named with the nearest."""

from __future__ import annotations

import pytest

from analysis.errors import RunError
from analysis.present.labels import label_ids, ordinal, strength, unit_word, word
from analysis.release.wording import wording


def test_words_take_their_fields() -> None:
    assert word("title", region="示例县", year=2025) == "示例县2025年问题与不足"


def test_unknown_word_names_the_nearest() -> None:
    with pytest.raises(RunError, match="summary"):
        word("sumary")


def test_unknown_label_names_the_nearest() -> None:
    with pytest.raises(RunError, match="medium"):
        strength("medum")


def test_strength_is_said_by_word_and_by_dots() -> None:
    # style/report.md 4: ●●● / ●●○ / ●○○ / ○○○
    assert [strength(n).dots for n in ("strong", "medium", "weak", "none")] == [
        "●●●", "●●○", "●○○", "○○○",
    ]  # fmt: skip
    assert strength("medium").word == "把握中等"


def test_labels_stand_strongest_first() -> None:
    assert label_ids()[:4] == ("strong", "medium", "weak", "none")


@pytest.mark.parametrize(
    ("position", "numeral"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (23, "二十三")],
)
def test_chinese_numerals(position: int, numeral: str) -> None:
    assert ordinal(position) == numeral


def test_units_are_printed_in_chinese() -> None:
    assert unit_word("pp") == "个百分点"
    assert unit_word("学时") == "学时"


def test_page_words_use_full_width_punctuation() -> None:
    offenders = {k: v for k, v in wording()["page"].items() if set(v) & set(",;:()?!")}
    assert offenders == {}
