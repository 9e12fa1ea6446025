"""Test 4, the trail: every number in prose leads to its record and back, with no script."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.page.reading import DESKTOP, PHONE, of_class, said

PROSE = (
    "//p[@class='ev'] | //p[contains(@class,'besides')] | //p[contains(@class,'effect')]"
    " | //section[@class='problem']/p"
)
ASKED = ("定义", "文件", "时点")
MEASURED = re.compile(r"\d(?:\.\d+)?\s*(?:%|个百分点|分(?!之|钟|析)|人次?|名|所|学时)")


def records_of(tree: Any) -> dict[str, Any]:
    """Records by their address."""
    return {li.get("id"): li for li in tree.xpath("//ol[@class='trail']/li")}


def test_every_number_leads_to_a_record_and_back(tree: Any) -> None:
    records, ids = records_of(tree), set(tree.xpath("//@id"))
    links = of_class(tree, "n")
    assert links
    assert {a.get("href") for a in links} <= {f"#{name}" for name in records}
    for name in {a.get("href")[1:] for a in links}:
        labels = [said(b) for b in records[name].xpath(".//*[@class='fact']/b")]
        assert len(labels) >= 4
        assert all(any(asked in label for label in labels) for asked in ASKED), labels
        assert any("分子" in label or "基数" in label or "人数" in label for label in labels)
        (back,) = records[name].xpath(".//a[@class='back']/@href")
        assert back[1:] in ids


def test_a_link_makes_sense_alone(tree: Any) -> None:
    """A list of links, as a screen reader gives it, is not fifty bare numbers."""
    for link in of_class(tree, "n"):
        number = re.sub(r"\D", "", link.get("href"))
        assert f"出处{int(number)}" in link.text_content()


def test_numbers_of_prose_are_links(tree: Any) -> None:
    """A measured value in a sentence that is no link has no record; bounds of a scale in brackets are names."""
    loose = [(t, found) for p in tree.xpath(PROSE) if (found := MEASURED.findall(t := unlinked(p)))]
    assert loose == []


def unlinked(paragraph: Any) -> str:
    """A paragraph without its links, marks, and what names a measure, programme or its threshold."""
    parts = paragraph.xpath(
        ".//text()[not(ancestor::a[contains(@class,'n')]) and not(ancestor::sup)]"
    )
    whole = "|".join(parts)
    whole = re.sub(r"（\d+至\d+分）|（?满分\d+分）?|\d分或\d分|每1000?名", "", whole)
    return re.sub(r"(?:满|不足|少于|每高|达到|以上)\|?\d+(?:学时|分)", "", whole)


@pytest.mark.browser
def test_trail_works_with_scripts_off(open_at: Any) -> None:
    tab = open_at(DESKTOP, java_script_enabled=False)
    link = tab.locator(".problem a.n").first
    target = link.get_attribute("href")
    link.click()
    assert tab.url.endswith(target)
    assert tab.locator(target).bounding_box()["y"] < DESKTOP["height"]
    tab.locator(f"{target} a.back").click()
    assert re.search(r"#r-\d+$", tab.url)


@pytest.mark.browser
def test_links_are_large_enough_for_a_thumb(open_at: Any) -> None:
    heights = open_at(PHONE).evaluate(
        """[...document.querySelectorAll('.ev a.n, .problem > p a.n, .key a.n')].filter(a => a.offsetParent)
        .map(a => Math.max(...[...a.getClientRects()].map(r => r.height)))"""
    )
    assert heights
    assert min(heights) >= 24
