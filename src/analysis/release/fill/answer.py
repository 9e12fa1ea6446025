"""The number for a placeholder, where it is from, and every reason not to fill it.

Counts come from ``inference/measures.py``. A count is filled only if no row is in doubt: nobody unknown or twice where
people are counted, no row without the code it is narrowed by, no second table that says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from analysis.inference.measures import Tally, chosen, tally
from analysis.intake.record import Delivery
from analysis.release.disclosure import hide_tallies
from analysis.release.fill.meaning import Meaning, Reader, Unsure, facets_of, read_place
from analysis.release.fill.places import Place
from analysis.release.lint.check import SENTENCE, stretch
from analysis.release.numbers import round_text
from analysis.release.overview import TEN_THOUSAND
from analysis.release.wording import phrase
from analysis.study.blanks import Blanks, Subject, count_of
from analysis.study.objects import Count

PEOPLE = ("persons", "listed")
PERSON = {"teacher_id": ()}
MAX_CANDIDATES = 4
Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Answer:
    """One placeholder filled: ``text`` stands in its place; the count, its number, and the mark of its source."""

    place: Place
    text: str
    meaning: Meaning
    count: Count
    n: float
    mark: int
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Candidate:
    """A number that may be meant, with the count it is of; ``n`` is None where it may not be shown."""

    meaning: Meaning
    count: Count
    n: float | None


@dataclass(frozen=True)
class Open:
    """One placeholder left open: why, the words in the way, and the numbers that may be meant."""

    place: Place
    reason: str
    detail: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Counter:
    """The tables of the report year, and what was filled before, so that nothing small can be subtracted."""

    blanks: Blanks
    tables: Tables
    shown: tuple[tuple[str, Tally], ...] = ()

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

    def may_show(self, subject: str, found: Tally) -> bool:
        """Whether a count may be shown beside those of the same subject that were."""
        others = tuple(t for s, t in self.shown if s == subject)
        return hide_tallies((found, *others))[0].n is not None


def answers_of(
    reader: Reader, delivery: Delivery, places: tuple[Place, ...], first_mark: int
) -> tuple[tuple[Answer, ...], tuple[Open, ...]]:
    """Every placeholder as an answer or left open, in reading order; ``first_mark``: the first number of a source."""
    tables = {
        name: table[table["year"] == delivery.year]
        for name, table in delivery.tables.items()
        if "year" in table
    }
    counter = Counter(reader.blanks, tables)
    filled: list[Answer] = []
    left: list[Open] = []
    before: dict[int, Meaning] = {}
    sentence: tuple[int, str] = (-1, "")
    for place in places:
        if (place.number, place.sentence) != sentence:
            before, sentence = {}, (place.number, place.sentence)
        meant = read_place(reader, place, before)
        if isinstance(meant, Meaning):
            before[place.own] = meant
        one = settle(reader, counter, place, meant, first_mark + len(filled))
        if isinstance(one, Open):
            left.append(one)
            continue
        filled.append(one)
        counter = shown_too(counter, one)
    return tuple(filled), tuple(left)


def shown_too(counter: Counter, one: Answer) -> Counter:
    """The counter that knows of one more number shown."""
    found = counter.tally(one.count)
    if found is None:
        return counter
    return replace(counter, shown=(*counter.shown, (one.meaning.subject, found)))


def settle(
    reader: Reader, counter: Counter, place: Place, meant: Meaning | Unsure, mark: int
) -> Answer | Open:
    """The answer to one placeholder, or why there is none."""
    if isinstance(meant, Unsure):
        return Open(place, meant.reason, meant.detail, candidates(reader, counter, place, meant))
    entry = counter.blanks.subjects[meant.subject]
    count = count_of(entry, meant.kind, facets_of(counter.blanks, meant))
    found = counter.tally(count)
    if found is None or found.n is None:
        return Open(place, "no_data", entry.table)
    if not counter.may_show(meant.subject, found):
        return Open(place, "hidden")
    doubt = doubt_of(counter, entry, meant, count, place.is_over)
    if doubt:
        return Open(place, doubt, "", doubtful(counter, entry, meant, count))
    text = number_text(found.n, meant.kind, meant.unit, place.is_over)
    if not text:
        return Open(place, "not_over", "", (Candidate(meant, count, found.n),))
    return Answer(place, text, meant, count, found.n, mark, counter.files(count))


def number_text(n: float, kind: str, unit: str, is_over: bool = False) -> str:
    """The number in its unit; where the draft says more than so many, a round number below it, empty if too small."""
    is_ten_thousand = kind == "yuan" and unit == phrase("count_unit", "yuan")
    if is_over:
        return over_text(n / TEN_THOUSAND if is_ten_thousand else n)
    if is_ten_thousand:
        return round_text(n / TEN_THOUSAND, 2).rstrip("0").rstrip(".")
    if kind == "yuan":
        return round_text(n, 2).rstrip("0").rstrip(".")
    return round_text(n, 0)


def over_text(n: float) -> str:
    """The largest number of two leading digits below ``n``; empty below a hundred."""
    if n <= 100:
        return ""
    step = 10 ** (math.floor(math.log10(n)) - 1)
    return str(step * math.floor((n - 1) / step))


def doubt_of(counter: Counter, entry: Subject, meant: Meaning, count: Count, is_over: bool) -> str:
    """Why a count is not certain to the last; empty if it is, or if a round number below it is all that is asked."""
    if unknown := rows_unknown(counter, entry, meant, count):
        found = counter.tally(count)
        n = (found.n if found else 0.0) or 0.0
        if not (is_over and over_text(n) == over_text(n + unknown)):
            return "unknown_rows"
    if meant.kind in PEOPLE and not each_person_once(counter, count):
        return "unknown_people"
    return "disagree" if disagreeing(counter, entry, meant, count) else ""


def rows_unknown(counter: Counter, entry: Subject, meant: Meaning, count: Count) -> int:
    """How many rows of the subject hold no code in a column it is narrowed by."""
    base = count_of(entry, "entries", ())
    whole = counter.tally(base)
    narrow = {c for f in facets_of(counter.blanks, meant) for c in f.where}
    unknown = 0
    for column in sorted(narrow):
        known = counter.tally(base.model_copy(update={"where": {**entry.where, column: ()}}))
        unknown += (whole.n_rows if whole else 0) - (known.n_rows if known else 0)
    is_list = (
        entry.table == "honours" and not entry.where
    )  # the rows of other lists hold no such code
    return 0 if is_list else unknown


def each_person_once(counter: Counter, count: Count) -> bool:
    """Whether the number is that of different people: nobody twice, and in attendances nobody unknown."""
    rows = counter.tally(count.model_copy(update={"kind": "entries"}))
    where = count.where | PERSON
    linked = counter.tally(count.model_copy(update={"kind": "entries", "where": where}))
    people = counter.tally(count.model_copy(update={"kind": "persons", "where": where}))
    if rows is None or linked is None or people is None:
        return False
    if count.kind == "persons":
        return linked.n_rows == rows.n_rows
    return people.n == linked.n_rows


def disagreeing(
    counter: Counter, entry: Subject, meant: Meaning, count: Count
) -> tuple[Count, Tally] | None:
    """The same thing counted in a second table, if that gives another number."""
    if entry.also is None:
        return None
    where = entry.also.where | {c: v for c, v in count.where.items() if c not in entry.where}
    other = count.model_copy(update={"table": entry.also.table, "where": where})
    found, mine = counter.tally(other), counter.tally(count)
    if found is None or mine is None or found.n == mine.n:
        return None
    return other, found


def doubtful(
    counter: Counter, entry: Subject, meant: Meaning, count: Count
) -> tuple[Candidate, ...]:
    """The number that is in doubt, and that of the second table."""
    found = [candidate(counter, meant, count)]
    other = disagreeing(counter, entry, meant, count)
    mine = counter.tally(count)
    if other and mine:  # two numbers that differ by few tell of those few
        beside = replace(counter, shown=(*counter.shown, (meant.subject, mine)))
        found.append(candidate(beside, meant, other[0]))
    return tuple(c for c in found if c is not None)


def candidates(
    reader: Reader, counter: Counter, place: Place, unsure: Unsure
) -> tuple[Candidate, ...]:
    """Numbers of this unit that may be meant: of the subject in the sentence, else of those in the paragraph."""
    if unsure.reason in ("plan", "other_year", "crowded", "no_unit"):
        return ()
    unit = reader.unit(place.unit_text)
    near = (unsure.subject,) if unsure.subject else reader.subjects_in(place.sentence)
    if not near:  # what the paragraph is about, if that is one thing
        lead = stretch(SENTENCE, place.paragraph, 0)
        near = tuple(s for s in reader.subjects_in(lead) if not counter.blanks.subjects[s].required)
    found = [c for s in near for c in of_subject(counter, s, unit, unsure.facets)]
    return tuple(found[:MAX_CANDIDATES])


def of_subject(
    counter: Counter, subject: str, unit: str, given: tuple[tuple[str, str], ...]
) -> list[Candidate]:
    """The counts of a subject in a unit, with the facets given, else by each one of a dimension that it needs."""
    entry = counter.blanks.subjects[subject]
    kinds = [k for k in entry.kinds if unit in counter.blanks.units[k]]
    each = [((f.dimension, name),) for name, f in counter.blanks.facets.items()]
    facets = [given] if given else [f for f in each if f[0][0] in entry.required]
    meanings = [Meaning(subject, k, unit, f) for k in kinds for f in facets or [()]]
    found = [
        candidate(counter, m, count_of(entry, m.kind, facets_of(counter.blanks, m)))
        for m in meanings
    ]
    return [c for c in found if c is not None]


def candidate(counter: Counter, meant: Meaning, count: Count) -> Candidate | None:
    """One number that may be meant, hidden where it is small; None if it cannot be counted."""
    found = counter.tally(count)
    if found is None:
        return None
    return Candidate(meant, count, found.n if counter.may_show(meant.subject, found) else None)
