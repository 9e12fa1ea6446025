"""A table or figure lifted from the report alone still says where, when, how many, in what unit and from which file."""

from __future__ import annotations

import pytest

from analysis.inference.background import measure_background
from analysis.inference.evaluate import evaluate_outcome
from analysis.inference.measure import measure_problems
from analysis.release.claims import Report
from analysis.release.compose import compose_report
from tests.release.test_patterns import PANEL, STUDY, delivery


@pytest.fixture(scope="module")
def report() -> Report:
    made = delivery()
    effects = [e for o in STUDY.outcomes for e in evaluate_outcome(STUDY, PANEL, o)]
    others = (*measure_background(STUDY, made, PANEL), *measure_problems(STUDY, PANEL))
    return compose_report(STUDY, made, PANEL, (*effects, *others))


def test_tables_name_region_year_unit_and_source(report: Report) -> None:
    bad = []
    for table in report.tables.values():
        parts = {
            "region": "画县" in table.title,
            "year": "2025年" in table.title,
            "unit": bool(table.unit_line),
            "source": bool(table.source),
            "base": any("人" in h or "数量" in h for h in table.heads) or "人" in table.title,
        }
        bad += [(table.id, name) for name, is_there in parts.items() if not is_there]
    assert bad == []


def test_figures_name_region_year_unit_base_and_source(report: Report) -> None:
    figures = [*report.figures.values(), *(f for p in report.problems for f in p.figures)]
    assert figures
    bad = []
    for figure in figures:
        parts = {
            "region": "画县" in figure.subtitle,
            "year": "年" in figure.subtitle,
            "base": "人" in figure.subtitle,
            "unit": any(u in figure.subtitle for u in ("分", "%", "个百分点")),
            "source": bool(figure.source),
        }
        bad += [(figure.id, name) for name, is_there in parts.items() if not is_there]
    assert bad == []


def test_every_part_around_the_problems_says_something(report: Report) -> None:
    assert {p.id for p in report.changes} == {"data", "definition", "method"}
    assert report.said["definitions"]
    assert report.said["reasons"]
    assert len(report.questions) == 10
    ids = [c.id for c in report.claims()]
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
