"""Pages under test and the browser that opens them, for the twelve tests that a report page must pass.

``sample`` is drawn in tests/present/sample.py and has every part; ``demo`` is the invented county through the whole
house; ``cps`` and ``talis`` are real files, where they are at hand. Every page opens with the network cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

from tests.page.reading import DEMO, DESKTOP, SAMPLE, bare
from tests.present import sample

# The two that most tests open, and those that only tests of texts read besides.
PAGES = [SAMPLE, DEMO]
REAL = [
    pytest.param(name, marks=[pytest.mark.xdist_group(name), pytest.mark.realdata])
    for name in ("cps", "talis")
]


def folder_of(name: str, request: pytest.FixtureRequest, tmp: pytest.TempPathFactory) -> Path:
    """The folder of a page by its name."""
    if name == "sample":
        return sample.build(tmp.mktemp("sample"))
    return Path(request.getfixturevalue(f"{name}_report"))


@pytest.fixture(scope="session", params=PAGES)
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that a test opens."""
    return folder_of(request.param, request, tmp_path_factory) / "index.html"


@pytest.fixture(scope="session", params=[*PAGES, *REAL])
def any_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that a test reads."""
    return folder_of(request.param, request, tmp_path_factory) / "index.html"


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as engine:
        started = engine.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Any]:
    """Opens a file, network cut, at a size and in a view."""
    contexts = []

    def opened(
        file: Path, size: dict[str, int], view: str = "view-reading", **options: Any
    ) -> Page:
        context = browser.new_context(viewport=size, offline=True, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.goto(file.as_uri())
        if view != "view-reading":
            tab.check(f"#{view}", force=True)
        return tab

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_at(open_file: Any, page_file: Path) -> Any:
    """Opens the page under test at a size and in a view."""
    return lambda *words, **options: open_file(page_file, *words, **options)


@pytest.fixture
def tree(any_file: Path) -> Any:
    """The page as a tree of elements."""
    return html.parse(str(any_file), html.HTMLParser(encoding="utf-8")).getroot()


@pytest.fixture
def text(any_file: Path) -> str:
    """The page as it is written."""
    return any_file.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pdf(browser: Browser, page_file: Path) -> bytes:
    """The page printed once."""
    context = browser.new_context(viewport=DESKTOP, offline=True)
    tab = context.new_page()
    tab.goto(page_file.as_uri())
    made = tab.pdf(prefer_css_page_size=True)
    context.close()
    return bytes(made)


@pytest.fixture(scope="session")
def printed(pdf: bytes) -> list[str]:
    """Text of each printed page, without spaces."""
    return [bare(p.extract_text()) for p in PdfReader(BytesIO(pdf)).pages]
