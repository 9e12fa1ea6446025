"""The page in a browser: what a reader on a phone, at a desk, on paper or with a screen reader gets.

Two pages are held to the same tests: ``sample`` (drawn in tests/present/sample.py, every part present) and
``demo`` (the invented county through the whole house). The limits come from the house style for reports:
17 px body, first screen 375 x 667, one A4 sheet, 38 characters a line, 2 MB.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from tests.present import sample

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("demo")]
PHONE = {"width": 375, "height": 667}
DESKTOP = {"width": 1280, "height": 900}
# PDF text has radicals for some characters; normalising turns the Kangxi ones back, not these of the supplement.
RADICALS = str.maketrans(
    {
        "⻚": "页",
        "⻬": "齐",
        "⻛": "风",
        "⻓": "长",
        "⻅": "见",
        "⻔": "门",
        "⻋": "车",
        "⻢": "马",
        "∕": "/",
        "―": "—",
    }
)
VIEWS = ("view-reading", "view-document")


@pytest.fixture(scope="session", params=["sample", "demo"])
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page under test."""
    if request.param == "sample":
        return sample.build(tmp_path_factory.mktemp("sample")) / "index.html"
    return Path(request.getfixturevalue("demo_report")) / "index.html"


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_at(browser: Browser, page_file: Path) -> Iterator[Any]:
    """Opens the page, network cut, at a size and in a view."""
    contexts = []

    def opened(size: dict[str, int], view: str = "view-reading", **options: Any) -> Page:
        context = browser.new_context(viewport=size, offline=True, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.goto(page_file.as_uri())
        if view != "view-reading":
            tab.check(f"#{view}", force=True)
        return tab

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def text(page_file: Path) -> str:
    return page_file.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def printed(browser: Browser, page_file: Path) -> list[str]:
    """Text of each printed page, without spaces; printed once."""
    context = browser.new_context(viewport=DESKTOP, offline=True)
    tab = context.new_page()
    tab.goto(page_file.as_uri())
    pages = PdfReader(BytesIO(tab.pdf(prefer_css_page_size=True))).pages
    context.close()
    return [bare(p.extract_text()) for p in pages]


def bare(words: str) -> str:
    """Without spaces, and with the radicals that PDF fonts put for some characters turned back."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).translate(RADICALS)


# --- self-contained ------------------------------------------------------------------------------


def test_opens_without_errors_and_asks_nothing_of_the_network(
    browser: Browser, page_file: Path
) -> None:
    context = browser.new_context()
    tab = context.new_page()
    told: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda m: told.append(m.text))
    tab.on("pageerror", lambda e: told.append(str(e)))
    tab.on("request", lambda r: asked.append(r.url))
    tab.goto(page_file.as_uri())
    assert told == []
    assert asked == [page_file.as_uri()]
    context.close()


def test_one_file_without_scripts_addresses_or_paths(text: str) -> None:
    assert len(text.encode()) < 2_000_000
    assert "<script" not in text
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert not re.search(r"(/home/|/root/|/tmp/|/work/|/Users/|[A-Z]:\\)", text)
    assert not re.search(r"\w*Warning\b|Traceback", text)


def test_is_chinese_with_one_h1_and_no_skipped_level(text: str) -> None:
    assert '<html lang="zh-CN">' in text
    assert 'name="viewport"' in text
    levels = [int(n) for n in re.findall(r"<h([1-6])\b", text)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_title_begins_with_region_and_year(text: str) -> None:
    title = re.search(r"<title>(.*?)</title>", text)
    assert title is not None
    assert re.match(r".{2,30}\d{4}年", title.group(1))


# --- phone, desk, paper --------------------------------------------------------------------------


def test_first_screen_of_a_phone_holds_three_problems(open_at: Any) -> None:
    tab = open_at(PHONE)
    h1 = tab.locator("h1").bounding_box()
    assert h1["y"] + h1["height"] <= 120
    scope = tab.locator(".scope").bounding_box()
    assert scope["y"] + scope["height"] <= PHONE["height"]
    heads = tab.locator(".heads > li")
    shown = min(3, heads.count())
    assert shown >= 1
    for position in range(shown):
        label = heads.nth(position).locator(".label").first.bounding_box()
        assert label["y"] + label["height"] <= PHONE["height"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [320, 375, 640, 1280])
def test_no_sideways_scroll(open_at: Any, width: int, view: str) -> None:
    tab = open_at({"width": width, "height": 700}, view)
    # 640 is a 1280 screen at 200 % zoom; everything unfolded, since that is widest
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("size", "least"), [(PHONE, 17), (DESKTOP, 18)])
def test_type_is_large_and_lines_are_short(
    open_at: Any, size: dict[str, int], least: float
) -> None:
    tab = open_at(size)
    found = tab.evaluate(
        """() => { const s = getComputedStyle(document.body), p = document.querySelector('.problem > p:not(.strength)');
        return [parseFloat(s.fontSize), parseFloat(s.lineHeight), p.getBoundingClientRect().width] }"""
    )
    points, pitch, width = found
    assert points >= least
    assert 1.5 <= pitch / points <= 2.0
    assert width / points <= 38


def test_figure_words_are_readable_on_a_phone(open_at: Any) -> None:
    tab = open_at(PHONE)
    heights = tab.evaluate(
        """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => {
        const k = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return [...svg.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize) * k) })"""
    )
    assert all(h >= 12 for h in heights)


def test_figure_words_stay_inside_their_figure(open_at: Any) -> None:
    tab = open_at(PHONE)
    outside = tab.evaluate(
        """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => { const b = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(t => { const r = t.getBoundingClientRect();
          return r.left < b.left - 2 || r.right > b.right + 2 || r.bottom > b.bottom + 2 }).map(t => t.textContent) })"""
    )
    assert outside == []


def test_figure_words_do_not_touch(open_at: Any) -> None:
    tab = open_at(DESKTOP)
    touching = tab.evaluate(
        """() => [...document.querySelectorAll('svg.plot')].flatMap(svg => {
        const all = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]), bad = [];
        all.forEach(([a, r], i) => all.slice(i + 1).forEach(([b, q]) => {
          const w = Math.min(r.right, q.right) - Math.max(r.left, q.left), h = Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top);
          if (w > 2 && h > 0.35 * Math.min(r.height, q.height)) bad.push(svg.querySelector('title').textContent + ': ' + a + ' | ' + b) }));
        return bad })"""
    )
    assert touching == []


def test_summary_is_one_printed_sheet(open_at: Any, printed: list[str]) -> None:
    tab = open_at(DESKTOP)
    last = bare(tab.locator(".summary dd").last.inner_text())
    problem = bare(tab.locator(".problem h2").first.inner_text())
    assert last in printed[0]
    assert problem not in printed[0]
    assert problem in printed[1]


def test_summary_is_short(open_at: Any) -> None:
    tab = open_at(DESKTOP)
    assert 1 <= tab.locator(".heads > li").count() <= 6
    parts = tab.locator(".heads .lead b, .heads .ev, .besides").all_inner_texts()
    assert len(re.findall(r"[\u4e00-\u9fff]", "".join(parts))) <= 400


def test_paper_holds_every_record_and_what_is_folded(open_at: Any, printed: list[str]) -> None:
    tab = open_at(DESKTOP)
    facts = tab.locator(".trail .fact").all_inner_texts()
    folded = tab.evaluate(
        "[...document.querySelectorAll('details')].map(d => d.lastElementChild.textContent)"
    )
    whole = "".join(printed)
    assert facts
    missing = [f for f in facts if not on_paper(bare(f), whole)]
    assert missing == []
    assert [f for f in folded if not on_paper(bare(f)[-8:], whole)] == []


def on_paper(words: str, whole: str) -> bool:
    """Whether a text was printed; a page number may stand between two of its lines."""
    return words in whole or (words[: len(words) // 2] in whole and words[-6:] in whole)


# --- trail ---------------------------------------------------------------------------------------


def test_every_number_leads_to_a_record_and_back(text: str) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    targets = set(re.findall(r'class="n"[^>]*href="#([^"]+)"', text))
    assert targets
    assert targets <= ids
    for target in targets:
        record = re.search(rf'<li id="{target}">(.*?)</li>', text, re.S)
        assert record is not None
        assert record.group(1).count('class="fact"') >= 4
        back = re.search(r'href="#(r-\d+)" class="back"|class="back"[^>]*href="#(r-\d+)"', record.group(1))  # fmt: skip
        assert back is not None
        assert (back.group(1) or back.group(2)) in ids


def test_trail_works_with_scripts_off(open_at: Any) -> None:
    tab = open_at(DESKTOP, java_script_enabled=False)
    link = tab.locator(".problem a.n").first
    target = link.get_attribute("href")
    link.click()
    assert tab.url.endswith(target)
    assert tab.locator(target).bounding_box()["y"] < DESKTOP["height"]
    tab.locator(f"{target} a.back").click()
    assert re.search(r"#r-\d+$", tab.url)


def test_digits_in_prose_are_links(open_at: Any) -> None:
    """A percentage or a count of points in a sentence that is no link has no record."""
    tab = open_at(DESKTOP)
    loose = tab.evaluate(
        r"""() => [...document.querySelectorAll('.ev, .besides, .problem > p')].map(p => { const c = p.cloneNode(true);
        c.querySelectorAll('a.n, sup').forEach(x => x.remove()); return c.textContent })
        .filter(t => /\d(\.\d+)?(%|个百分点)/.test(t))"""
    )
    assert loose == []


# --- everyone can read it ------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("page_file", ["sample"], indirect=True)  # it has every part
def test_axe_finds_nothing_serious(open_at: Any, size: dict[str, int], view: str) -> None:
    assert_nothing_serious(open_at, size, view)


@pytest.mark.parametrize("page_file", ["demo"], indirect=True)
def test_axe_finds_nothing_serious_in_a_whole_report(open_at: Any) -> None:
    """Its sizes and views have the style of the sample's, which is looked at in all four."""
    assert_nothing_serious(open_at, PHONE, "view-document")


def assert_nothing_serious(open_at: Any, size: dict[str, int], view: str) -> None:
    """No serious fault by axe with everything unfolded."""
    tab = open_at(size, view)
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(tab).response["violations"]
    bad = [
        (v["id"], v["nodes"][0]["html"][:120])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert bad == []


def test_views_switch_by_keyboard_without_scripts(open_at: Any) -> None:
    tab = open_at(DESKTOP, java_script_enabled=False)
    reading = tab.locator("h1").evaluate("e => getComputedStyle(e).textAlign")
    tab.focus("#view-reading")
    tab.keyboard.press("ArrowRight")
    assert tab.locator("#view-document").is_checked()
    assert tab.locator("h1").evaluate("e => getComputedStyle(e).textAlign") != reading


def test_document_view_puts_figures_after_the_text(open_at: Any) -> None:
    tab = open_at(DESKTOP, "view-document")
    lowest = max(box["y"] for box in (h.bounding_box() for h in tab.locator("h2").all()) if box)
    figures = [f.bounding_box()["y"] for f in tab.locator("figure").all()]
    assert figures
    assert min(figures) > lowest


def test_figures_and_tables_stand_alone(text: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
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


def test_page_holds_without_its_first_three_faces(
    browser: Browser, page_file: Path, tmp_path: Path
) -> None:
    changed = page_file.read_text(encoding="utf-8")
    for face in ("PingFang SC", "HarmonyOS Sans SC", "MiSans"):
        assert face in changed
        changed = changed.replace(f'"{face}", ', "").replace(f"{face}, ", "")
    copy = tmp_path / "index.html"
    copy.write_text(changed, encoding="utf-8")
    context = browser.new_context(viewport=PHONE, offline=True)
    tab = context.new_page()
    tab.goto(copy.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    h1 = tab.locator("h1").bounding_box()
    assert h1["y"] + h1["height"] <= 120
    context.close()


def test_same_bytes_twice(tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pages.append((sample.build(tmp_path / name) / "index.html").read_bytes())
    assert pages[0] == pages[1]
