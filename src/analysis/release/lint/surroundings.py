"""What surrounds a passage and changes how it is read: the heading it stands under, the label beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.release.lint.passages import Passage
from analysis.release.lint.rules import pattern

NEAR = 2  # a label line speaks for so many passages at most
MAX_HEADING = 40


@dataclass(frozen=True)
class Setting:
    """Whether a passage is of a plan, whether a line beside it bears the strong label for it, whether it is a cell."""

    is_plan: bool = False
    is_sure: bool = False
    is_cell: bool = False


def settings(passages: tuple[Passage, ...]) -> Iterator[Setting]:
    """The setting of each passage."""
    is_plan_chapter = is_plan = False
    for n, passage in enumerate(passages):
        text = passage.text.strip()
        chapter = chapter_is_plan(text)
        if chapter is not None:
            is_plan_chapter = is_plan = chapter
        elif pattern("section").match(text):
            is_plan = section_is_plan(text, is_plan_chapter)
        yield Setting(is_plan, is_labelled(passages, n), passage.is_cell)


def chapter_is_plan(text: str) -> bool | None:
    """Whether a heading of the first level, numbered or bare, opens a chapter of plans; None if it is no heading."""
    if pattern("chapter").match(text):
        lead = pattern("lead").match(text)
        words = lead[0] if lead else ""
        is_plan = pattern("plan").search(words) and not pattern("not_plan").search(words)
        return bool(is_plan) and len(words) <= MAX_HEADING
    if pattern("bare_plan").match(text):
        return not pattern("not_plan").search(text)
    return False if pattern("bare_result").match(text) else None


def section_is_plan(text: str, chapter: bool) -> bool:
    """Whether a heading of the second level opens plans: as its chapter does, unless it says otherwise."""
    lead = pattern("lead").match(text)
    words = lead[0] if lead else ""
    if pattern("not_plan").search(words):
        return False
    return chapter or bool(pattern("section_plan").match(words))


def is_labelled(passages: tuple[Passage, ...], n: int) -> bool:
    """Whether a strong label speaks for a passage: a line that sums up what is above it, or a badge over it."""
    below, above = passages[n + 1 : n + 1 + NEAR], passages[max(0, n - NEAR) : n][::-1]
    said = label_of(below, "label_line", passages[n].is_cell)
    return bool(label_of(above, "label_badge", passages[n].is_cell) if said is None else said)


def label_of(near: tuple[Passage, ...], wanted: str, is_cell: bool) -> bool | None:
    """Whether the first label of the wanted kind is the strong one; None if a heading or another label comes first."""
    for other in near:
        text = other.text.strip()
        if other.is_cell != is_cell or pattern("chapter").match(text):
            return None
        is_bare = is_cell and pattern("label").fullmatch(text)
        if is_bare or pattern(wanted).search(text):
            return bool(pattern("sure").search(text))
        if any(pattern(kind).search(text) for kind in ("label_line", "label_badge")):
            return None
    return None
