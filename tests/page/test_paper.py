"""Tests 3 and 5, paper: the summary on one sheet, every record printed, nothing folded away, nothing split."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.page.reading import DESKTOP, HAN, SAMPLE, bare

pytestmark = pytest.mark.browser
MOST_HAN, MOST_HEADS = 400, 6


def test_summary_is_one_printed_sheet(open_at: Any, printed: list[str]) -> None:
    tab = open_at(DESKTOP)
    last = bare(tab.locator(".summary dd").last.inner_text())
    problem = bare(tab.locator(".problem h2").first.inner_text())
    assert last in printed[0]
    assert last not in printed[1]
    assert problem not in printed[0]
    assert problem in printed[1]


def test_summary_is_short(open_at: Any) -> None:
    tab = open_at(DESKTOP)
    assert 1 <= tab.locator(".heads > li").count() <= MOST_HEADS
    seen = "e => { const c = e.cloneNode(true); c.querySelectorAll('.vh').forEach(v => v.remove()); return c.textContent }"
    parts = tab.locator(".summary :is(.heads .lead b, .heads .ev, .besides)").all()
    assert parts
    assert len(HAN.findall("".join(p.evaluate(seen) for p in parts))) <= MOST_HAN


def test_pages_are_a4_and_numbered(pdf: bytes, printed: list[str]) -> None:
    pages = PdfReader(BytesIO(pdf)).pages
    sizes = {(round(float(p.mediabox.width)), round(float(p.mediabox.height))) for p in pages}
    assert all(abs(w - 595) <= 1 and abs(h - 842) <= 1 for w, h in sizes)
    total = len(printed)
    assert all(
        f"第{n}页，共{total}页" in bare(p).replace(",", "，") for n, p in enumerate(printed, 1)
    )


def test_paper_holds_every_record_and_what_is_folded(open_at: Any, printed: list[str]) -> None:
    tab = open_at(DESKTOP)
    facts = tab.locator(".trail .fact").all_inner_texts()
    folded = tab.evaluate(
        "[...document.querySelectorAll('details')].map(d => d.lastElementChild.textContent)"
    )
    whole = "".join(printed)
    assert facts
    assert [f for f in facts if not on_paper(bare(f), whole)] == []
    assert [f for f in folded if not on_paper(bare(f)[-8:], whole)] == []
    assert "▸" not in whole


def on_paper(words: str, whole: str) -> bool:
    """Whether a text was printed; a page number may stand between two of its lines."""
    return words in whole or (words[: len(words) // 2] in whole and words[-6:] in whole)


def test_records_stand_on_the_sheet_that_names_them_or_later(
    open_at: Any, printed: list[str]
) -> None:
    """The visible lines of a record begin and end on one sheet."""
    records = open_at(DESKTOP).evaluate(
        """[...document.querySelectorAll('.trail > li > p')].map(p =>
        [p.querySelector('.m').textContent, [...p.querySelectorAll('.fact')].map(f => f.textContent).join('')])"""
    )
    assert records
    split = [m for m, facts in records if not any(on_sheet(m, bare(facts), p) for p in printed)]
    assert split == []


def on_sheet(mark: str, facts: str, sheet: str) -> bool:
    """Whether one sheet holds the whole record."""
    return bare(mark) + facts[:12] in sheet and facts[-12:] in sheet


def test_no_figure_is_split(open_at: Any, printed: list[str]) -> None:
    """Title, drawing, reading and source of each figure are on one sheet; titles stay with what they head."""
    figures = open_at(DESKTOP).evaluate(
        """[...document.querySelectorAll('figure .core')].map(c => [c.querySelector('.cap').lastChild.textContent,
        c.querySelector('.how').textContent, c.querySelector('.note').textContent])"""
    )
    assert figures
    split = [
        parts[0]
        for parts in figures
        if not any(all(bare(part) in sheet for part in parts) for sheet in printed)
    ]
    assert split == []


def test_heads_do_not_end_a_sheet(open_at: Any, printed: list[str]) -> None:
    heads = [bare(h) for h in open_at(DESKTOP).locator("main h2:visible").all_inner_texts()]
    last = [re.sub(r"(编号\w+)?第\d+页.共\d+页$", "", p) for p in printed]
    assert heads
    assert [h for h in heads for sheet in last if sheet.endswith(h)] == []


@pytest.mark.parametrize("page_file", [SAMPLE], indirect=True)
def test_grey_copy_keeps_series_apart_by_shape(open_at: Any) -> None:
    """Two colours of one figure never share one shape: dots against diamonds, squares or bars."""
    shared = open_at(DESKTOP).evaluate(
        """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => { const shapes = {};
        svg.querySelectorAll('path').forEach(p => { const s = p.getAttribute('style') || '', f = /fill: #/.test(s),
          k = /stroke: (#\\w+)/.exec(s), n = (p.getAttribute('d').match(/-?[\\d.]+/g) || []).map(Number);
          if (!f || !k || n.length < 6) return;
          const kind = n.map((v, i) => Math.round(v - n[i % 2])).join();
          (shapes[kind] = shapes[kind] || new Set()).add(k[1]) });
        return Object.entries(shapes).filter(([k, c]) => c.size > 1).map(([k, c]) => svg.querySelector('title').textContent + k + [...c]) })"""
    )
    assert shared == []
