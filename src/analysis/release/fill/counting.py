"""The counts of the report year, and what a reader of the draft knows, so that nothing small can be subtracted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inference.measures import Tally, chosen, tally
from analysis.release.disclosure import MIN_PERSONS, hide_tallies, tells_of_rest
from analysis.release.fill.meaning import Meaning, facets_of
from analysis.study.blanks import Blanks, count_of
from analysis.study.objects import Count

PERSON = {"teacher_id": ()}
LINES = ("listed", "attendances", "entries")  # one line counts one
Tables = dict[str, pd.DataFrame]
Shown = tuple[tuple[str, int], ...]  # what was counted of which table, as bits


@dataclass(frozen=True)
class Counter:
    """The tables of the report year, the text of the draft, and the counts shown so far.

    ``shown``: tallies by subject. ``sets``: the people or lines that were counted, each a bit.
    """

    blanks: Blanks
    tables: Tables
    text: str = ""
    shown: tuple[tuple[str, Tally], ...] = ()
    sets: Shown = ()

    def tally(self, count: Count) -> Tally | None:
        """One count of the report year."""
        return tally(count, self.tables)

    def files(self, count: Count) -> tuple[tuple[str, str], ...]:
        """The file and sheet of every row of a count, each once, in their order."""
        rows = chosen(self.tables[count.table], count, self.tables)
        if rows is None:
            return ()
        pairs = rows[["source_file", "source_sheet"]].fillna("").drop_duplicates()
        return tuple(
            pairs.sort_values(["source_file", "source_sheet"]).itertuples(index=False, name=None)
        )

    def rule_against(self, meant: Meaning, count: Count, found: Tally) -> str:
        """Why a count may not be shown beside those that were: ``hidden``, ``subtract``; empty if it may."""
        others = tuple(t for s, t in self.shown if s == meant.subject)
        is_few = count.kind == "persons" and 0 < (found.n or 0) < MIN_PERSONS
        if is_few or hide_tallies((found, *others))[0].n is None:
            return "hidden"
        own = self.bits(count)
        if own is None:
            return ""
        known = [bits for table, bits in (*self.sets, *self.typed(meant)) if table == own[0]]
        return "subtract" if tells_of_rest(known, own[1]) else ""

    def after(self, meant: Meaning, count: Count, found: Tally) -> Counter:
        """The counter that knows of one more number shown."""
        own = self.bits(count)
        shown = (*self.shown, (meant.subject, found))
        return replace(self, shown=shown, sets=(*self.sets, own) if own else self.sets)

    def bits(self, count: Count) -> tuple[str, int] | None:
        """The people or lines of a count, with where they are counted; None if it counts neither."""
        table = self.tables[count.table]
        rows = chosen(table, count, self.tables)
        if rows is None or not (count.kind in LINES or count.kind == "persons"):
            return None
        is_in = table.index.isin(rows.index)
        if count.kind == "persons":
            codes, people = pd.factorize(table["teacher_id"])
            is_in = np.isin(np.arange(len(people)), codes[is_in & (codes >= 0)])
            return f"{count.table}:persons", as_bits(is_in)
        return count.table, as_bits(is_in)

    def typed(self, meant: Meaning) -> Shown:
        """The whole and the other parts of a count that stand in the draft as numbers already."""
        entry = self.blanks.subjects[meant.subject]
        found = []
        for dimension in entry.facets:
            rest = tuple(f for f in meant.facets if f[0] != dimension)
            named = (n for n, f in self.blanks.facets.items() if f.dimension == dimension)
            for facets in (rest, *((*rest, (dimension, name)) for name in named)):
                other = replace(meant, facets=facets)
                count = count_of(entry, meant.kind, facets_of(self.blanks, other))
                bits = self.bits(count) if self.stands(count, meant.unit) else None
                found += [bits] if bits else []
        return tuple(found)

    def stands(self, count: Count, unit: str) -> bool:
        """Whether the number of a count stands in the draft."""
        made = self.tally(count)
        text = f"{made.n:.0f}{unit}" if made and made.n else ""
        at = self.text.find(text) if text else -1
        while at > 0 and self.text[at - 1].isdigit():
            at = self.text.find(text, at + 1)
        return at >= 0


def as_bits(is_in: np.ndarray) -> int:
    """A whole number with one bit for each that is in."""
    return int.from_bytes(np.packbits(is_in, bitorder="little").tobytes(), "little")
