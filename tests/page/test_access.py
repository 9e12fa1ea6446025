"""Test 11, access: axe finds nothing serious, the keyboard visits every record and comes back, views need no script."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.page.reading import DEMO, DESKTOP, PHONE, SAMPLE, VIEWS

pytestmark = pytest.mark.browser
ZOOMED = {"width": 320, "height": 640}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [PHONE, DESKTOP, ZOOMED], ids=["phone", "desktop", "zoomed"])
@pytest.mark.parametrize("page_file", [SAMPLE], indirect=True)  # it has every part
def test_axe_finds_nothing_serious(open_at: Any, size: dict[str, int], view: str) -> None:
    assert_nothing_serious(open_at, size, view)


@pytest.mark.parametrize("page_file", [DEMO], indirect=True)
def test_axe_finds_nothing_serious_in_a_whole_report(open_at: Any) -> None:
    """Its sizes and views have the style of the sample's, which is looked at in all six."""
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


@pytest.mark.parametrize("page_file", [SAMPLE], indirect=True)
def test_tab_visits_every_number_and_enter_goes_there_and_back(open_at: Any) -> None:
    """In the order of the page, with a focus that shows; from the record the next stop is its own."""
    tab = open_at(DESKTOP)
    wanted = tab.evaluate(
        "[...document.querySelectorAll('a.n')].filter(a => a.offsetParent).length"
    )
    visited = []
    for _ in range(wanted * 6):
        tab.keyboard.press("Tab")
        stop = tab.evaluate(
            """(() => { const a = document.activeElement; return [a.className, a.getAttribute('href'),
            a.getBoundingClientRect().top + scrollY, getComputedStyle(a).outlineStyle] })()"""
        )
        visited.append(stop)
        if tab.evaluate("document.activeElement === document.body"):
            break
    numbers = [v for v in visited if v[0] == "n"]
    assert len(numbers) == wanted
    assert all(v[3] != "none" for v in numbers)
    tops = [v[2] for v in numbers]
    assert all(b >= a - 40 for a, b in pairwise(tops))


def test_enter_on_a_number_leads_to_its_record_and_back(open_at: Any) -> None:
    tab = open_at(DESKTOP)
    link = tab.locator(".problem a.n").first
    target = link.get_attribute("href")
    link.focus()
    tab.keyboard.press("Enter")
    assert tab.url.endswith(target)
    back = f"document.querySelector('{target}').contains(document.activeElement)"
    for _ in range(4):
        tab.keyboard.press("Tab")
        if tab.evaluate(f"{back} && document.activeElement.className === 'back'"):
            break
    tab.keyboard.press("Enter")
    assert "#r-" in tab.url


def test_every_landmark_and_the_skip_link_are_there(open_at: Any) -> None:
    tab = open_at(DESKTOP)
    assert tab.locator("main").count() == 1
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
