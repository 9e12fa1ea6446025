"""Tests 1 and 10: a figure, a table or a problem lifted alone still says place, year, base, range, label, source."""

from __future__ import annotations

import re
from typing import Any

from tests.page.reading import of_class, place_and_year, said

BASE = re.compile(r"\d+(?:人|名|份|所|行|条|学时)|(?:人数|教师|基数|答卷)[^。；]{0,12}\d")
UNIT = re.compile(r"单位|（(?:分|%|个百分点|人|学时)[^）]*）|个百分点|，分")
STRENGTH = ("把握", "尚不能判断", "据实统计", "现有数据无法回答", "线索")
PARTS = ("范围与把握", "不能说明什么", "明年可做")
ABSENT = re.compile(r"现有数据|尚不能判断|没有|不列|无法")


def test_figures_say_place_year_base_unit_and_source(tree: Any) -> None:
    region, year = place_and_year(tree)
    figures = list(tree.iter("figure"))
    lost = [(f.get("id"), what) for f in figures for what in lacks(said(f), region, year)]
    assert lost == []


def lacks(words: str, region: str, year: str) -> list[str]:
    """What a cut-out does not say."""
    asked = {
        "region": region in words,
        "year": year in words,
        "base": bool(BASE.search(words)),
        "unit": bool(UNIT.search(words)),
        "source": "来源：" in words,
    }
    return [name for name, is_said in asked.items() if not is_said]


def test_tables_say_place_year_base_unit_and_source(tree: Any) -> None:
    region, year = place_and_year(tree)
    tables = [t for t in of_class(tree, "tb") if "data" not in t.get("class").split()]
    lost = [(t.get("id"), what) for t in tables for what in table_lacks(t, region, year)]
    assert lost == []


def table_lacks(table: Any, region: str, year: str) -> list[str]:
    """What a table does not say; a base is a column of people or of numbers with their units."""
    heads = "".join(said(h) for h in table.xpath(".//thead//th"))
    has_base = re.search(r"人数|教师|数量|份|行数|n", heads) is not None
    cells = "".join(said(c) for c in table.xpath(".//tbody//td"))
    has_unit = UNIT.search(said(table)) or re.search(r"\d(?:人|%|分|个百分点)", cells)
    found = lacks(said(table), region, year)
    found = [w for w in found if not (w == "base" and (has_base or not re.search(r"\d", cells)))]
    return [w for w in found if not (w == "unit" and (has_unit or not re.search(r"\d", cells)))]


def test_every_problem_says_what_a_problem_must(tree: Any) -> None:
    """Number, base, comparison, range, label, caveat, hook; or why there is none."""
    problems = of_class(tree, "problem")
    assert problems
    assert [(p.get("id"), what) for p in problems for what in problem_lacks(p)] == []


def problem_lacks(problem: Any) -> list[str]:
    """What a problem does not say."""
    words = "".join(said(p) for p in problem.xpath("./p | ./dl"))
    parts = [said(dt) for dt in problem.xpath("./dl[@class='parts']//dt")]
    numbers = problem.xpath("./p//a[contains(@class,'n')]")
    asked = {
        "heading": bool(said(problem.xpath("./h2")[0])),
        "label": any(s in said(problem.xpath("./p[@class='strength']")[0]) for s in STRENGTH),
        "number": bool(numbers) or bool(ABSENT.search(words)),
        "base": bool(BASE.search(words)) or not numbers,
        "comparison": bool(re.search(r"相比|对|比|为.*为|高|低|与", words)) or not numbers,
        "range": "之间" in words or "全员统计" in words or bool(ABSENT.search(words)),
    }
    found = [name for name, is_said in asked.items() if not is_said]
    return found + [name for name in PARTS if name not in parts]


def test_figures_and_tables_have_names_heads_and_no_empty_cell(text: str) -> None:
    for svg in re.findall(r"<svg.*?</svg>", text, re.S):
        assert re.search(r'role="img"', svg)
        assert re.search(r"<title id=.{4,80}</title>", svg)
        assert re.search(r"<desc id=.{4,260}</desc>", svg, re.S)
        assert "<text" in svg
    for figure in re.findall(r"<figure.*?</figure>", text, re.S):
        assert "<table" in figure
        assert 'class="note"' in figure
    for table in re.findall(r"<table.*?</table>", text, re.S):
        assert "<caption" in table
        assert 'scope="col"' in table
        assert 'scope="row"' in table
        assert "<td></td>" not in table
        assert re.search(r'<td class="[^"]*"></td>', table) is None


def test_drawings_have_their_own_ids_and_no_address(tree: Any) -> None:
    for svg in tree.iter("svg"):
        name = svg.get("aria-labelledby").split("-title")[0]
        ids = svg.xpath(".//@id")
        assert len(ids) == len(set(ids))
        assert all(i.startswith(f"{name}-") for i in ids)


def test_numbers_of_alternative_texts_stand_on_the_page(tree: Any) -> None:
    """What a screen reader hears of a figure is in its drawing, its titles, its table or a sentence."""
    shown = " ".join(tree.find(".//main").itertext())
    strange = []
    for svg in tree.iter("svg"):
        parts = svg.xpath("./*[local-name()='title' or local-name()='desc']/text()")
        own = [t for t in svg.itertext() if t not in parts]
        for part in parts:
            shown = shown.replace(part, "", 1)
        known = numbers_of(" ".join([shown, *own]))
        spoken = numbers_of("".join(parts))
        strange += [(svg.get("aria-labelledby"), n) for n in sorted(spoken - known)]
    assert strange == []


def numbers_of(words: str) -> set[float]:
    """Every number of a text; 12 and 12.0 are one."""
    return {float(n) for n in re.findall(r"\d+(?:\.\d+)?", words)}


def test_forests_show_zero_and_the_band(tree: Any) -> None:
    """The zero line is named, and so is the band of changes too small to matter."""
    forests = [s for s in tree.iter("svg") if "effects-" in (s.get("aria-labelledby") or "")]
    for svg in forests:
        words = ["".join(t.itertext()) for t in svg.iter("text")]
        assert any(w in ("0", "0.0", "0.00") for w in words), words
        assert any("浅色带" in w for w in words)
        assert any("竖线为0" in w for w in words)


def test_event_studies_show_the_base_and_people(tree: Any) -> None:
    for svg in (s for s in tree.iter("svg") if "event-study" in (s.get("aria-labelledby") or "")):
        words = ["".join(t.itertext()) for t in svg.iter("text")]
        assert any(re.search(r"人|教师", w) for w in words)


def test_no_second_axis_no_pie_no_bar_with_whiskers(tree: Any) -> None:
    """No wedge is drawn, and no filled box has a range line from its top."""
    for svg in tree.iter("svg"):
        paths = [p.get("d") or "" for p in svg.iter("path")]
        assert not any(re.search(r"\bA\b", d) for d in paths)
        axes = {g.get("id") for g in svg.iter("g") if re.search(r"-axes_\d+$", g.get("id") or "")}
        assert len(axes) <= 1
