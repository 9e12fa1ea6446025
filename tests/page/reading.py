"""Reading a page as tests do: sizes, texts without spaces, what a piece cut out of it says."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

SAMPLE, DEMO = (
    pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("sample", "demo")
)
PHONE = {"width": 375, "height": 667}
DESKTOP = {"width": 1280, "height": 900}
VIEWS = ("view-reading", "view-document")
HAN = re.compile(r"[\u4e00-\u9fff]")
TITLE = re.compile(r"^(.{2,30}?)(\d{4})年")
# PDF text has radicals for some characters; normalising turns the Kangxi ones back, not these of the supplement.
RADICALS = str.maketrans("⻚⻬⻛⻓⻅⻔⻋⻢⻰⻝⻣∕―", "页齐风长见门车马龙食骨/—")


def bare(words: str) -> str:
    """Without spaces, and with the radicals that PDF fonts put for some characters turned back."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).translate(RADICALS)


def said(element: Any) -> str:
    """What an element says to the eye: without the words for screen readers."""
    parts = element.xpath(".//text()[not(ancestor::*[contains(@class,'vh')])]")
    return re.sub(r"\s+", "", "".join(parts))


def place_and_year(tree: Any) -> tuple[str, str]:
    """Region and year, from the head of the page."""
    found = TITLE.match(tree.findtext(".//h1"))
    assert found is not None
    return found.group(1), found.group(2)


def of_class(tree: Any, name: str) -> list[Any]:
    """All elements of a class."""
    return list(tree.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"))
