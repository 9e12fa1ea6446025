"""Findings as lines that a clerk reads: where, what, why, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.release.lint.check import Finding
from analysis.release.lint.rules import rule_words
from analysis.release.wording import phrase

MAX_SHOWN = 60
SLOT = re.compile(r"\{([a-z]+)\}")


def finding_lines(findings: tuple[Finding, ...], suffix: str) -> Iterator[str]:
    """Three lines for each finding; why only where its rule is told for the first time."""
    place = "line" if suffix == ".txt" else "paragraph"
    seen: set[str] = set()
    for one in findings:
        name, why = rule_words(one.rule)
        where = fill(phrase("lint_line", place), n=one.number, column=one.column)
        times = fill(phrase("lint_line", "times"), n=one.n) if one.n > 1 else ""
        said = {"place": where, "rule": name, "words": one.words, "times": times}
        yield fill(phrase("lint_line", "found"), **said, excerpt=shortened(one.excerpt))
        if one.rule not in seen:
            seen.add(one.rule)
            yield fill(phrase("lint_line", "reason"), why=why)
        yield fill(phrase("lint_line", "replacement"), replacement=one.replacement)


def fill(text: str, **values: object) -> str:
    """A phrase with its slots filled; the rooms of estimates, slow to load, are not asked."""
    return SLOT.sub(lambda m: str(values[m[1]]), text)


def shortened(text: str) -> str:
    """The beginning of a long clause."""
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}\u2026"
