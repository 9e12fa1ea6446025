"""Test 12, self-contained: one small file, no script, no address, no path, quiet (`make bench` prints how fast it opens)."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.page.reading import DESKTOP, TITLE
from tests.present import sample

pytestmark = pytest.mark.browser
PATHS = re.compile(r"(/home/|/root/|/tmp/|/work/|/Users/|[A-Z]:\\)")


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


def test_is_the_same_with_scripts_off(open_at: Any) -> None:
    """What a reader sees does not wait for a script."""
    on, off = (open_at(DESKTOP, java_script_enabled=o).content() for o in (True, False))
    assert on == off


def test_one_file_without_scripts_addresses_or_paths(text: str) -> None:
    assert len(text.encode()) < 2_000_000
    assert "<script" not in text
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert not PATHS.search(text)
    assert not re.search(r"\w*Warning\b|Traceback", text)


def test_no_hash_of_a_person(text: str) -> None:
    """The only long row of letters and digits is the mark of the manifest, eight of them."""
    found = set(re.findall(r"(?<![\w#.])(?=\w*\d)(?=\w*[a-f])[0-9a-f]{8,}(?!\w)", text))
    assert {len(f) for f in found} <= {8}
    assert len(found) <= 1


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
    assert TITLE.match(title.group(1))


def test_links_and_anchors_all_resolve(text: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


def test_same_bytes_twice(tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pages.append((sample.build(tmp_path / name) / "index.html").read_bytes())
    assert pages[0] == pages[1]
