"""Test scores of several waves: other forms in another year, and people who took the test again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from analysis.errors import messages
from analysis.intake.ledger import row_lines

FIRST = "first"  # the try that counts: a retake never replaces it


def retakes(tests: pd.DataFrame) -> pd.Series:
    """Whether a linked teacher has an earlier score of the same year; by date, then by number of the try, then row."""
    linked = tests[tests["teacher_id"].notna()]
    order = [c for c in ("year", "test_date", "attempt") if c in linked]
    later = linked.sort_values(order, kind="stable").duplicated(["teacher_id", "year"])
    return later.reindex(tests.index, fill_value=False)


def retake_lines(tests: pd.DataFrame) -> pd.DataFrame:
    """A ledger line for each score of a retake, with which try counts."""
    return row_lines("retake", tests[retakes(tests)], "assessments", done=FIRST)


def wave_notes(tests: pd.DataFrame) -> Iterator[str]:
    """How many scores are retakes, and which years used other forms than the year before."""
    texts = {name: text["zh"] for name, text in messages().items()}
    stop = texts["note_between"]
    again = tests[retakes(tests)].groupby("year").size()
    if len(again):
        years = [texts["note_retakes_year"].format(year=y, n=n) for y, n in again.items()]
        yield texts["note_retakes"].format(years=stop.join(years))
    changed = [*changed_forms(tests)]
    if changed:
        is_anchored = all(_has_anchor(tests, y) for pair in changed for y in pair)
        yield texts["note_forms_changed"].format(
            years=stop.join(str(year) for _, year in changed),
            anchor=texts["note_forms_anchor"] if is_anchored else "",
        )


def changed_forms(tests: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Pairs of neighbouring waves that were not taken with the same forms."""
    if "test_form" not in tests:
        return
    forms = tests.dropna(subset="test_form").groupby("year")["test_form"].agg(frozenset)
    for before, year in pairwise(forms.index):
        if forms[before] != forms[year]:
            yield int(before), int(year)


def _has_anchor(tests: pd.DataFrame, year: int) -> bool:
    """Whether the scores of a year bring points on items that all forms share."""
    now = tests[tests["year"] == year]
    return "anchor_score" in tests and bool(now["anchor_score"].notna().any())
