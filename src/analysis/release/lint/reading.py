"""A text and what is asked of it again and again: its sentences and clauses, its names, its labels.

Each is found once. A whole report without a line break is one text with thousands of findings, and looking for the
ends of its sentences at every finding would take minutes.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

from analysis.release.lint.rules import pattern

# what ends a sentence and a clause, in either width; a comma or point between digits ends nothing
SENTENCE = re.compile("[\u3002\uff01\uff1f\uff1b;!?]")
CLAUSE = re.compile(r"[\u3002\uff01\uff1f\uff1b\uff0c\uff1a;!?]|(?<!\d)[,:]|[,:](?!\d)")
PIECE = 120  # a clause that never ends is shown and mended in pieces of so many characters
BESIDE = 16  # so far from a quotation mark stands the word that says what is quoted

Span = tuple[int, int]


def stretch(end: re.Pattern[str], text: str, position: int, last: int = 0) -> str:
    """The sentence or clause that holds a position, or everything from it to the one that holds ``last``."""
    return text[slice(*Reading(text).span(end, position, last))]


class Reading:
    """One text, with what was found in it so far."""

    def __init__(self, text: str) -> None:
        """A text of which nothing is known yet."""
        self.text = text
        self._ends: dict[re.Pattern[str], list[int]] = {}
        self._held: dict[tuple[re.Pattern[str], Span], bool] = {}

    def span(self, end: re.Pattern[str], position: int, last: int = 0) -> Span:
        """Where the sentence or clause that holds a position begins and ends, or the one that holds ``last`` ends."""
        if end not in self._ends:
            self._ends[end] = [m.start() for m in end.finditer(self.text)]
        ends = self._ends[end]
        before, after = bisect_left(ends, position), bisect_left(ends, max(position, last))
        start = ends[before - 1] + 1 if before else 0
        return start, ends[after] if after < len(ends) else len(self.text)

    def piece(self, position: int, last: int) -> str:
        """The clause that holds a position, as far as it can be read at a glance."""
        start, stop = self.span(CLAUSE, position, last)
        if stop - start > 2 * PIECE:
            first = start + (position - start) // PIECE * PIECE
            start, stop = first, min(stop, max(first + PIECE, last + 1))
        return self.text[start:stop].strip()

    def holds(self, wanted: re.Pattern[str], span: Span) -> bool:
        """Whether something stands in a sentence or clause."""
        key = (wanted, span)
        if key not in self._held:
            self._held[key] = wanted.search(self.text[slice(*span)]) is not None
        return self._held[key]

    def is_named(self, position: int) -> bool:
        """Whether a position lies in a title, a file name, an address, or in words that are only spoken of."""
        before = bisect_right(self._names, (position, len(self.text)))
        return before > 0 and position < self._names[before - 1][1]

    @cached_property
    def _names(self) -> list[Span]:
        """Where names stand, in order and none inside another."""
        names = [m.span() for m in pattern("named").finditer(self.text)]
        quotes = [m.span() for m in pattern("quoted").finditer(self.text) if self._is_name(m)]
        kept: list[Span] = []
        for start, stop in sorted(names + quotes):
            if kept and start < kept[-1][1]:
                kept[-1] = (kept[-1][0], max(stop, kept[-1][1]))
            else:
                kept.append((start, stop))
        return kept

    def _is_name(self, quote: re.Match[str]) -> bool:
        """Whether a quotation is a slogan, a title or somebody else's words; our own claim stays one in quotes."""
        if not pattern("claimed").search(quote[0]):
            return True
        before = self.text[max(0, quote.start() - BESIDE) : quote.start()]
        after = self.text[quote.end() : quote.end() + BESIDE]
        inside = pattern("slogan").search(quote[0][1:-1])
        return bool(
            inside or pattern("quote_before").search(before) or pattern("quote_after").match(after)
        )

    def label_at(self, position: int) -> bool | None:
        """Whether the label of the sentence at a position is the strong one; None if it has none.

        A label right after the full stop belongs to the sentence before it. One that opens or closes the whole text,
        and is its only one, belongs to all of it.
        """
        start, stop = self.span(SENTENCE, position)
        own = pattern("label_after").match(self.text, start - 1) if start else None
        more = pattern("label_after").match(self.text, stop)
        first = bisect_left(self._places, own.end() if own else start)
        last = bisect_left(self._places, more.end() if more else stop)
        if first == last:
            return self._whole
        return self._strong[min(bisect_left(self._places, position, first, last), last - 1)]

    @cached_property
    def _places(self) -> list[int]:
        """Where labels begin."""
        return [m.start() for m in pattern("label").finditer(self.text)]

    @cached_property
    def _strong(self) -> list[bool]:
        """Whether each label is the one that allows a causal verb."""
        return [bool(pattern("sure").match(self.text, place)) for place in self._places]

    @cached_property
    def _whole(self) -> bool | None:
        """Whether the label of the whole text is the strong one; None if it has none."""
        is_alone = len(self._places) == 1 and pattern("label_whole").search(self.text)
        return self._strong[0] if is_alone else None
