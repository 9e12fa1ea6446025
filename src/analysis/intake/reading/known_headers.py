"""Headers that need no line in ``source.toml``: they equal a variable's label or one of its synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from analysis.errors import DataError
from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.intake.reading.header_rows import header_key
from analysis.intake.reading.header_units import split_unit
from analysis.intake.source import SOURCE_NAME, FileEntry
from analysis.intake.tables import columns_of
from analysis.study.objects import Study


@dataclass(frozen=True)
class KnownHeaders:
    """Comparable header -> variable, by label and by synonym; only variables that no line of the entry fills."""

    labels: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)

    def variable(self, header: str) -> str:
        """The variable that a header names, or an empty text."""
        key = known_key(header)
        return self.labels.get(key) or self.synonyms.get(key, "")


_GROUP = re.compile(r"^[^—]+:—+(?=.)")  # the heading over several blanks of a form
LINE_END = ":_"  # where a form leaves room to write
NONE_KNOWN = KnownHeaders()


@cache
def _number_mark() -> re.Pattern[str]:
    """A question's number in front of its text, as survey exports write it."""
    return re.compile(rf"^\(?[a-z]?\d{{1,3}}[{re.escape(words().number_marks)}]+(?=\D)")


def known_key(header: str) -> str:
    """A header made comparable, without its number mark, its unit, its heading and a colon or line at its end."""
    flat = _GROUP.sub("", _number_mark().sub("", header_key(header))).rstrip(LINE_END)
    return split_unit(flat)[0]


def known_headers(study: Study, entry: FileEntry) -> KnownHeaders:
    """What the headers of an entry's table may be called; a synonym of two variables names neither."""
    filled = {*entry.columns.values(), *entry.constants}
    open_ones = [v for n, v in columns_of(study, entry.table).items() if n not in filled]
    labels = {known_key(v.label): v.id for v in open_ones}
    pairs = {(known_key(s), v.id) for v in open_ones for s in (*v.synonyms, v.question) if s}
    spelled = [key for key, _ in pairs]
    return KnownHeaders(labels, {k: n for k, n in sorted(pairs) if spelled.count(k) == 1})


def implied_places(
    file: str, cells: Sequence[str], taken: Iterable[int], known: KnownHeaders
) -> dict[int, str]:
    """Column position -> variable for the headers that need no line; a label goes before a synonym.

    Raises DataError if two headers name one variable equally well.
    """
    found: dict[str, list[int]] = {}
    for at in sorted(set(range(len(cells))) - set(taken)):
        name = known.variable(cells[at])
        if name:
            found.setdefault(name, []).append(at)
    out = {}
    for name, places in found.items():
        best = [at for at in places if known_key(cells[at]) in known.labels] or places
        if len({compact(cells[at]) for at in best}) > 1:
            raise DataError("source_twice", file=SOURCE_NAME, delivered=file, variable=name)
        out[best[0]] = name
    return out
