"""The way of a number: where its record stands, what is linked, where it leads back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analysis.errors import RunError
from analysis.present.trail import (
    claim_html,
    clause,
    open_book,
    shown_evidence,
    slot_link,
    trail_item,
    trail_list,
)
from tests.present import sample


def test_records_stand_with_the_first_problem_that_cites_them() -> None:
    book = open_book(sample.report())
    # sample.trails(): 1-3 need, 4 burnout, 5 subsidy, 6 refuted, 7 course, 8-11 levels
    assert {n: book.homes[n] for n in (1, 4, 5, 6, 8)} == {
        1: "p-training_precision",
        4: "p-burnout",
        5: "effects",
        6: "trails",
        8: "p-urban_rural_gap",
    }


def test_every_record_is_printed_once() -> None:
    report = sample.report()
    book = open_book(report)
    places = [*(f"p-{p.id}" for p in report.problems), "effects", "trails"]
    printed = [t.number for place in places for t in book.at(place)]
    assert sorted(printed) == list(range(1, 12))


def test_a_number_is_a_link_with_a_hidden_name_and_one_mark_per_record() -> None:
    book = open_book(sample.report())
    shown = claim_html(book, sample.need_claim(), "p-training_precision")
    assert shown.count('href="#t-001"') == 5
    assert shown.count("<sup") == 1
    assert '><span class="nw">58.0%</span><span class="vh">（出处1）</span></a>' in shown
    # the mark stands after the clause and does not part from its last character
    assert '之<span class="nw">间<sup aria-hidden="true">〔1〕</sup></span>。' in shown


@pytest.mark.parametrize(
    ("after", "head"),
    [
        ("人），乡村", "人"),
        ("之间。", "之间"),
        ("和", ""),
        ("。", ""),
        ("名教师参加县管校聘交流轮岗，", ""),
    ],
)
def test_a_mark_follows_the_unit_but_not_a_whole_clause(after: str, head: str) -> None:
    assert clause(after) == (head, after[len(head) :])


def test_a_word_of_direction_may_part_from_its_number_but_the_unit_may_not() -> None:
    trail = sample.trails()[0]
    assert '>高<span class="nw">0.17分</span>' in slot_link("高0.17分", trail)
    assert '<span class="nw">−0.3</span>' in slot_link("−0.3", trail)


def test_only_the_first_citation_is_the_way_back() -> None:
    book = open_book(sample.report())
    claim = sample.need_claim()
    in_problem = claim_html(book, claim, "p-training_precision")
    assert in_problem.count('id="r-001"') == 1
    assert 'id="r-' not in claim_html(book, claim, "summary")


def test_record_shows_its_lines_and_folds_the_rest() -> None:
    book = open_book(sample.report())
    item = trail_item(book, sample.trails()[0])
    visible, folded = item.split("<details>")
    assert all(
        f"<b>{label}</b>" in visible for label in ("定义", "分子/分母", "文件与工作表", "时点")
    )
    assert "<dt>设计</dt>" in folded
    assert 'href="#r-001"' in visible


def test_evidence_of_a_problem_holds_the_sentence_of_its_headline() -> None:
    report = sample.report()
    # a headline that only repeats numbers of the evidence is not said twice
    repeated = replace(sample.need_claim(), id="headline")
    heads = (replace(report.headlines[0], claim=repeated), *report.headlines[1:])
    again = shown_evidence(replace(report, headlines=heads), report.problems[0])
    assert [c.id for c in again] == ["need.gap", "need.cross"]
    bare = replace(report.problems[0], evidence=(sample.cross_claim(),))
    shown = shown_evidence(replace(report, problems=(bare,)), bare)
    assert [c.id for c in shown] == ["need.gap", "need.cross"]
    assert [c.id for c in shown_evidence(report, report.problems[0])] == ["need.gap", "need.cross"]


def test_a_number_without_a_record_stops_the_report() -> None:
    with pytest.raises(RunError, match="need_cross"):
        open_book(replace(sample.report(), trails=sample.trails()[:1]))


def test_text_around_numbers_is_made_safe() -> None:
    claim = replace(sample.need_claim(), text="<i>{a}</i>")
    shown = claim_html(open_book(sample.report()), claim, "summary")
    assert "<i>" not in shown
    assert shown.startswith("&lt;i&gt;")


def test_no_records_no_list() -> None:
    assert trail_list(open_book(sample.report()), "p-nothing") == ""
    assert re.search("<h3>出处</h3>", trail_list(open_book(sample.report()), "effects", "出处"))
