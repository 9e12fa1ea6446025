"""The placeholders of a draft: each with its piece of a sentence, what stands before it, and the unit after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from analysis.release.lint.check import CLAUSE, SENTENCE
from analysis.release.lint.rules import pattern
from analysis.release.wording import phrase


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence with at most one placeholder, up to a comma or the next thing of a list.

    ``segment``: the number of its comma segment in the sentence. ``start``, ``end``: the placeholder in ``text``.
    """

    text: str
    segment: int
    start: int = -1
    end: int = -1

    @property
    def after(self) -> str:
        """What follows the placeholder, without the blanks between."""
        return self.text[self.end :].lstrip()

    @property
    def gap(self) -> int:
        """How many blanks stand between the placeholder and what follows."""
        return len(self.text[self.end :]) - len(self.after)


@dataclass(frozen=True)
class Place:
    """One placeholder: its paragraph (from 0) and character there, the pieces of its sentence and which is its own.

    ``paragraph``: the whole paragraph; ``is_plan``: whether it stands in a chapter of plans; ``is_crowded``: whether
    another placeholder stands in the same piece.
    """

    number: int
    position: int
    length: int
    pieces: tuple[Piece, ...]
    own: int
    paragraph: str
    is_plan: bool = False
    is_crowded: bool = False
    heading_years: tuple[str, ...] = ()  # of the chapter it stands in, as they are written
    beside: tuple[
        str, ...
    ] = ()  # in a table: the cells left of it and above it that have no placeholder

    @property
    def piece(self) -> Piece:
        """The piece it stands in."""
        return self.pieces[self.own]

    @property
    def sentence(self) -> str:
        """The sentence it stands in."""
        return "".join(p.text for p in self.pieces)

    @property
    def is_over(self) -> bool:
        """Whether the sentence says more than so many."""
        return self.piece.after.startswith(phrase("fill", "over"))

    @property
    def unit_text(self) -> str:
        """The text that begins with the unit."""
        return self.piece.after[1:] if self.is_over else self.piece.after


def find_places(
    paragraphs: tuple[str, ...], beside: Mapping[int, tuple[str, ...]] | None = None
) -> tuple[Place, ...]:
    """Every placeholder of a draft in reading order; ``beside``: by paragraph in a table, the cells that label it."""
    found: list[Place] = []
    is_plan, years = False, ()
    for number, text in enumerate(paragraphs):
        if pattern("chapter").match(text.strip()):
            is_plan = bool(pattern("plan").search(text))
        if pattern("chapter").match(text.strip()) or pattern("title").match(text.strip()):
            years = tuple(pattern("year").findall(text))
        labels = (beside or {}).get(number, ())
        near = tuple(t for t in labels if t.strip() and not pattern("blank").search(t))
        found += [
            replace(p, heading_years=years, beside=near) for p in places_of(number, text, is_plan)
        ]
    return tuple(found)


def places_of(number: int, text: str, is_plan: bool) -> Iterator[Place]:
    """The placeholders of one paragraph."""
    for start, sentence in stretches(text, SENTENCE):
        blanks = [(m.start(), m.end()) for m in pattern("blank").finditer(sentence)]
        if not blanks:
            continue
        pieces, counts = pieces_of(sentence, blanks)
        for n, piece in enumerate(pieces):
            if piece.start < 0:
                continue
            at = start + sum(len(p.text) for p in pieces[:n]) + piece.start
            size = piece.end - piece.start
            yield Place(number, at, size, pieces, n, text, is_plan, counts[n] > 1)


def stretches(text: str, end: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """A text cut after each end, with where each stretch begins."""
    cuts = [0, *(m.end() for m in end.finditer(text)), len(text)]
    for first, last in pairwise(cuts):
        if first < last:
            yield first, text[first:last]


def pieces_of(
    sentence: str, blanks: list[tuple[int, int]]
) -> tuple[tuple[Piece, ...], tuple[int, ...]]:
    """The pieces of a sentence, and how many placeholders stand in each; one that has several is told of its first."""
    pieces: list[Piece] = []
    counts: list[int] = []
    for number, (start, segment) in enumerate(stretches(sentence, CLAUSE)):
        inside = [(a - start, b - start) for a, b in blanks if start <= a < start + len(segment)]
        for first, last in cut_list(segment, inside):
            mine = [(a - first, b - first) for a, b in inside if first <= a < last]
            here = mine[0] if mine else (-1, -1)
            pieces.append(Piece(segment[first:last], number, *here))
            counts.append(len(mine))
    return tuple(pieces), tuple(counts)


def cut_list(segment: str, blanks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where a segment is cut so that each placeholder has a piece of its own: at the first list mark between two."""
    cuts = [0]
    for (_, end), (start, _) in pairwise(blanks):
        mark = pattern("list_mark").search(segment, end, start)
        if mark:
            cuts.append(mark.end())
    return list(zip(cuts, [*cuts[1:], len(segment)], strict=True))
