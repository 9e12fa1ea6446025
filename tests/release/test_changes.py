"""What changed since last year, by kind: each sentence comes from a record, a table or a manifest."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.inference.record import Arm, Estimate
from analysis.release.changes import Lineage, Made, change_passages
from tests.release.drawn import effect
from tests.release.test_patterns import material

NOW = Made("s1", "p1", "l1", {"attrition": "A2"})


def level(year: int, value: float, outcome: str = "attrition", definition: str = "A2") -> Estimate:
    unit = "pp" if outcome == "attrition" else "points"
    return effect(
        id=f"level:{outcome}:{definition}:{year}", kind="level", outcome=outcome, unit=unit,
        definition=definition, year=year, estimate=value, n_teachers=5862, family="",
        arms={"all": Arm(5862, 112, None, value)},
    )  # fmt: skip


LEVELS = (level(2024, 3.0), level(2025, 1.4))


def said(kind: str, lineage: Lineage | None = None, *levels: Estimate, **fields: object) -> str:
    found = change_passages(material(*(levels or LEVELS), **fields), lineage)
    return "".join(c.plain() for p in found if p.id == kind for c in p.claims)


def test_a_level_says_how_far_it_moved_and_not_why() -> None:
    text = said("data")
    assert "流失率：2024年3.0%，2025年1.4%，降低1.6个百分点" in text
    assert "不说为什么变" in text


def test_a_rise_is_called_a_rise() -> None:
    assert "升高1.6个百分点" in said("data", None, level(2024, 1.4), level(2025, 3.0))


def test_scores_of_two_forms_are_not_subtracted() -> None:
    tests = pd.DataFrame({"year": [2024, 2025], "test_form": ["A", "B"]})
    levels = (
        level(2024, 81.0, "digital_literacy", "score"),
        level(2025, 83.1, "digital_literacy", "score"),
    )
    text = said("data", None, *levels, tables={"assessments": tests})
    assert "不作相减" in text
    assert "2.1分" not in text
    same = pd.DataFrame({"year": [2024, 2025], "test_form": ["A", "A"]})
    assert "高2.1分" in said("data", None, *levels, tables={"assessments": same})


def test_tables_that_came_or_went_are_named() -> None:
    rows = [
        ("survey", "rows", 0.0, 900.0, "new"),
        ("funds", "rows", 40.0, 0.0, "gone"),
        ("trainings", "category", 0.1, 0.6, "jumped"),
        ("roster", "rows", 900.0, 900.0, "same"),
    ]
    table = pd.DataFrame(rows, columns=["table", "what", "before", "now", "verdict"]).assign(
        year=2025
    )
    text = said("data", checks={"comparison": table})
    assert "教师问卷：上年没有" in text
    assert "经费台账：上年有，本年没有" in text
    assert "培训台账：有栏目" in text
    assert "教师名册" not in text


def test_without_a_report_of_last_year_nothing_is_claimed() -> None:
    for kind in ("definition", "method"):
        assert "没有上一年的报告可比" in said(kind)
        assert "没有上一年的报告可比" in said(kind, Lineage(NOW))


def test_same_study_same_program() -> None:
    assert "与上年报告相同" in said("definition", Lineage(NOW, NOW))
    assert "与上年报告相同" in said("method", Lineage(NOW, NOW))


def test_another_primary_definition_is_named_with_both() -> None:
    text = said("definition", Lineage(NOW, replace(NOW, definitions={"attrition": "A4"})))
    assert "由全口径离开率（A4）改为离开本县（区）教育系统（A2）" in text


def test_another_study_program_or_lock_is_told() -> None:
    assert "有改动" in said("definition", Lineage(NOW, replace(NOW, study="s0")))
    assert "有更新" in said("method", Lineage(NOW, replace(NOW, package="p0")))
    assert "软件包" in said("method", Lineage(NOW, replace(NOW, lock="l0")))


def test_a_published_figure_that_moved_is_told_and_one_that_prints_alike_is_not() -> None:
    id_ = "level:attrition:A2:2024"
    text = said("definition", Lineage(NOW, replace(NOW, published={id_: 3.4})))
    assert "2024年为3.0%，与上年报告所载不同" in text
    assert "不同" not in said("definition", Lineage(NOW, replace(NOW, published={id_: 3.01})))
