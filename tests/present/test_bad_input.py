"""Deliveries that lack almost everything still give a page that opens, and says what is not in the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from analysis.inference.background import measure_background
from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.measure import measure_problems
from analysis.panel.build import Panel
from analysis.present import page as shown
from analysis.present.export import page_from_notebook
from analysis.release.claims import Report
from analysis.release.compose import compose_report
from tests.inference.drawn import drawn_panel
from tests.present import sample
from tests.release.test_patterns import STUDY, delivery

YEARS = (2023, 2024, 2025)


def cut(panel: Panel, frame: pd.DataFrame, **fields: object) -> Panel:
    now = frame[frame["year"] == panel.year]
    counts = {"teachers": len(now), "schools": int(now["school_id"].nunique()), "answers": 0}
    return replace(panel, frame=frame.reset_index(drop=True), counts=counts, **fields)


def no_outcome() -> Panel:
    panel = drawn_panel(1, years=YEARS)
    return cut(
        panel, panel.frame.drop(columns=[c for c in panel.frame if c.startswith("digital_")])
    )


def one_year() -> Panel:
    panel = drawn_panel(1, years=YEARS)
    now = panel.frame[panel.frame["year"] == panel.year]
    gone = [c for c in now if c.startswith(("attrition_", "pre_")) or c == "is_followed"]
    return cut(panel, now.drop(columns=gone), periods={})


def four_teachers() -> Panel:
    panel = drawn_panel(1, years=YEARS)
    return cut(panel, panel.frame.groupby("year").head(4))


def all_hidden() -> Panel:
    """Twelve teachers a year: not one share, and hardly a mean, may be shown."""
    panel = drawn_panel(1, years=YEARS)
    return cut(panel, panel.frame.groupby("year").head(12))


def anonymous() -> Panel:
    """Answers without a roster: nobody can be followed."""
    panel = drawn_panel(1, years=YEARS)
    now = panel.frame[panel.frame["year"] == panel.year]
    kept = ["teacher_id", "year", "base_year", "school_id", "row_order"]
    frame = now[[c for c in kept if c in now]].assign(is_respondent=True)
    return cut(panel, frame, files={}, periods={})


CASES: dict[str, Callable[[], Panel]] = {
    "outcome missing": no_outcome,
    "one year only": one_year,
    "four teachers": four_teachers,
    "all hidden": all_hidden,
    "anonymous survey": anonymous,
}


def build(panel: Panel, folder: Path) -> tuple[Report, str]:
    """The report of a panel, and its page."""
    made = delivery(label="𠮷县")
    effects = [e for o in STUDY.outcomes for e in evaluate_outcome(STUDY, panel, o)]
    others = (*measure_background(STUDY, made, panel), *measure_problems(STUDY, panel))
    estimates = (*effects, *others)
    report = compose_report(STUDY, made, panel, estimates)
    page = shown.open_page(report, estimates)
    executed = folder / "executed.ipynb"
    nbformat.write(sample.notebook(sample.fragments(page)), str(executed))
    html = page_from_notebook(executed, folder / "index.html", "𠮷县2025年问题与不足", "x")
    return report, html.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_the_page_opens_and_says_what_is_missing(case: str, tmp_path: Path) -> None:
    report, html = build(CASES[case](), tmp_path)
    assert "𠮷县" in html
    assert "数据中没有" in html or "无法回答" in html or "无从追踪" in html
    assert report.questions
    assert not re.search(r"\b(nan|None|inf)\b", re.sub(r"<svg.*?</svg>", "", html, flags=re.S))
    assert not re.search(r"[<{][a-z_]+[}>]", "".join(c.plain() for c in report.claims()))


@pytest.mark.parametrize("case", ["four teachers", "all hidden"])
def test_a_handful_of_people_are_never_counted_out(case: str, tmp_path: Path) -> None:
    report, _ = build(CASES[case](), tmp_path)
    told = "".join(c.plain() for c in report.claims())
    assert not re.search(r"(?<![\d.])[1-9]名", told), told
    assert not re.search(r"(?<![\d.])[1-9]人(?!员)", told.replace("不足10人", "")), told
    for table in (t for n, t in report.tables.items() if n == "reasons"):
        numbers = [r[1] for r in table.rows[:-1]]
        assert all(n == "※" or int(n) >= 10 for n in numbers)
