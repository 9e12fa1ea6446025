"""Rare characters in delivered names: a figure shows a numbered mark instead, and says below it what it stands for.

A missing glyph of our own words stops the run (``fonts.check_glyphs``); a name that a bureau brings must not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analysis.intake.delivery import Delivery
from analysis.present.fonts import missing_glyphs
from analysis.present.labels import word
from analysis.release.claims import FigureSpec
from analysis.study.objects import Study


def mark_of(position: int) -> str:
    """The mark of a character by its position, counted from 1: a circled number, a bracketed one after twenty."""
    marks = word("rare_marks")
    return marks[position - 1] if position <= len(marks) else word("rare_mark", number=position)


def without_rare(spec: FigureSpec) -> tuple[FigureSpec, str]:
    """A figure whose names can be drawn, and the rare characters that its marks stand for, in order."""
    names = (*spec.row_labels, *spec.arm_labels, *spec.point_labels, *sum(spec.choices, ()))
    rare = missing_glyphs("".join(names))
    if not rare:
        return spec, ""
    marks = str.maketrans({c: mark_of(n) for n, c in enumerate(rare, start=1)})
    fields = {
        "row_labels": marked(spec.row_labels, marks),
        "arm_labels": marked(spec.arm_labels, marks),
        "point_labels": marked(spec.point_labels, marks),
        "choices": tuple(marked(c, marks) for c in spec.choices),
    }
    return replace(spec, **fields), rare  # type: ignore[arg-type]


def marked(names: tuple[str, ...], marks: dict[int, str]) -> tuple[str, ...]:
    """Names with marks for their rare characters."""
    return tuple(name.translate(marks) for name in names)


def footnote(rare: str) -> str:
    """What the marks of a figure stand for; empty if it has none."""
    pairs = (
        word("rare_pair", mark=mark_of(n), character=c, code=f"U+{ord(c):04X}")
        for n, c in enumerate(rare, start=1)
    )
    return word("rare_note", pairs=word("list_stop").join(pairs)) if rare else ""


def delivered_names(study: Study, delivery: Delivery) -> Iterable[str]:
    """Every name of a region or its study that may stand in a figure."""
    yield delivery.label
    for entry in study.interventions.values():
        yield from (entry.label, entry.exposed_text, entry.comparison_text)
    for problem in study.problems.values():
        for indicator in problem.indicators:
            yield from (indicator.label, indicator.focus_text, indicator.reference_text)


def rare_notes(study: Study, delivery: Delivery) -> tuple[str, ...]:
    """The line of the data check on rare characters, with the names they stand in; none if there are none."""
    names = [n for n in dict.fromkeys(delivered_names(study, delivery)) if missing_glyphs(n)]
    if not names:
        return ()
    rare = missing_glyphs("".join(names))
    codes = word("list_comma").join(
        word("rare_code", character=c, code=f"U+{ord(c):04X}") for c in rare
    )
    return (word("rare_check", names=word("list_comma").join(names), codes=codes),)
