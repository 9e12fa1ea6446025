"""Parts of the page as a notebook calls them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.errors import RunError
from analysis.present import page as shown
from analysis.release.claims import Report
from tests.present import sample


def opened(report: Report | None = None) -> shown.Page:
    return shown.open_page(report or sample.report(), sample.estimates())


def test_a_notebook_shows_a_fragment_as_html() -> None:
    fragment = shown.show_head(opened())
    assert fragment._repr_html_().startswith('<div class="head"><h1>示例县2025年问题与不足</h1>')
    assert "<h1>" not in repr(fragment)


def test_invented_data_are_named_and_real_ones_are_not() -> None:
    report = sample.report()
    real = replace(report, scope=replace(report.scope, is_invented=False))
    assert "本报告使用虚构数据" in shown.show_head(opened()).html
    assert "虚构" not in shown.show_head(opened(real)).html


def test_order_inside_a_problem_never_changes() -> None:
    html = shown.show_problem(opened(), "training_precision").html
    places = [
        html.index(t)
        for t in (
            "<h2",
            'class="strength"',
            "需求调研中",
            "<figure",
            "范围与把握",
            "不能说明什么",
            "明年可做",
            "<h3>出处",
        )
    ]
    assert places == sorted(places)


def test_finding_is_the_heading_and_the_label_is_word_and_dots() -> None:
    html = shown.show_problem(opened(), "burnout").html
    assert '<h2 id="h-p-burnout">二、班主任的情绪衰竭程度高于其他教师</h2>' in html
    assert (
        '<span class="label weak"><span class="dots" aria-hidden="true">●○○</span>把握较小</span>'
        in html
    )


def test_an_empty_part_says_so() -> None:
    html = shown.show_problem(opened(), "burnout").html
    assert "本条不配图" in html
    assert "数据中没有" in html
    without = replace(sample.report(), tables={}, questions=(), effects=(), figures={}, changes=())
    for show in (shown.show_reasons, shown.show_questions, shown.show_effects, shown.show_changes):
        assert "本次数据中没有可列的内容。" in show(opened(without)).html


def test_unknown_names_get_the_nearest() -> None:
    with pytest.raises(RunError, match="burnout"):
        shown.show_problem(opened(), "burnot")
    with pytest.raises(RunError, match="ruler"):
        shown.show_figure(opened(), "rulr")


def test_caveat_is_said_once() -> None:
    html = shown.show_problem(opened(), "training_precision").html
    claim = sample.need_claim()
    assert html.count(claim.caveats[0]) == 1
    said_below = replace(sample.report().problems[0], not_shown=(claim.caveats[0],))
    again = replace(sample.report(), problems=(said_below,))
    assert shown.show_problem(opened(again), "training_precision").html.count(claim.caveats[0]) == 1


def test_key_names_the_labels_that_are_used_and_no_others() -> None:
    key = shown.label_key(sample.report())
    assert re.findall(r'class="label (\w+)"', key) == ["medium", "weak", "undetermined", "level"]


def test_tables_without_a_section_stand_with_the_effects() -> None:
    extra = replace(sample.tables()["measures"], id="checks")
    report = replace(sample.report(), tables={**sample.tables(), "checks": extra})
    assert 'id="tb-checks"' in shown.show_effects(opened(report)).html


def test_files_are_named_in_chinese() -> None:
    html = shown.show_files(("check", "word")).html
    assert '<a href="data-check.html">数据体检单</a>' in html
    assert "问题与不足.docx" in html


def test_small_cells_are_hidden_even_if_nobody_did_before() -> None:
    few = tuple(
        replace(e, arms={n: replace(a, n_teachers=6, n_schools=2) for n, a in e.arms.items()})
        if e.id == "need"
        else e
        for e in sample.estimates()
    )
    html = shown.show_problem(shown.open_page(sample.report(), few), "training_precision").html
    figure = html[html.index("<figure") :]
    assert ">58.0<" not in figure
    assert "※" in figure
