"""The number for a placeholder, where it is from, and every reason not to fill it.

Counts come from ``inference/measures.py``. A count is filled only if no row is in doubt: nobody unknown or twice where
people are counted, no row without the code it is narrowed by, no second table that says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.inference.measures import Tally
from analysis.intake.record import Delivery
from analysis.release.fill.counting import PERSON, Counter
from analysis.release.fill.meaning import Meaning, Reader, Unsure, facets_of, read_place
from analysis.release.fill.places import Place
from analysis.release.lint.check import SENTENCE, stretch
from analysis.release.numbers import round_text
from analysis.release.overview import TEN_THOUSAND
from analysis.release.wording import phrase
from analysis.study.blanks import Subject, count_of
from analysis.study.objects import Count

PEOPLE = ("persons", "listed")
MAX_CANDIDATES = 4
UNASKED = (
    "plan",
    "other_year",
    "crowded",
    "no_unit",
    "doing",
    "beside",
)  # no number of ours is meant


@dataclass(frozen=True)
class Answer:
    """One placeholder filled: ``text`` stands in its place; the count, its tally, and the mark of its source."""

    place: Place
    text: str
    meaning: Meaning
    count: Count
    tally: Tally
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


def answers_of(
    reader: Reader, delivery: Delivery, places: tuple[Place, ...], text: str, first_mark: int
) -> tuple[tuple[Answer, ...], tuple[Open, ...]]:
    """Every placeholder as an answer or left open, in reading order.

    ``text``: the whole draft; ``first_mark``: the first number of a source. What may be meant by those left open is
    looked up when all others are filled, so that it gives none of them away.
    """
    tables = {
        name: table[table["year"] == delivery.year].reset_index(drop=True)
        for name, table in delivery.tables.items()
        if "year" in table
    }
    counter = Counter(reader.blanks, tables, text)
    filled: list[Answer] = []
    left: list[tuple[Open, Meaning | Unsure]] = []
    for place, meant in meanings(reader, places):
        one = settle(counter, place, meant, first_mark + len(filled))
        if isinstance(one, Open):
            left.append((one, meant))
            continue
        filled.append(one)
        counter = counter.after(one.meaning, one.count, one.tally)
    told = []
    for one, meant in left:
        found, counter = told_of(counter, wanted(reader, counter, one, meant))
        told.append(replace(one, candidates=found))
    return tuple(filled), tuple(told)


def meanings(reader: Reader, places: tuple[Place, ...]) -> Iterator[tuple[Place, Meaning | Unsure]]:
    """What each placeholder asks for."""
    before: dict[int, Meaning] = {}
    sentence: tuple[int, str] = (-1, "")
    for place in places:
        if (place.number, place.sentence) != sentence:
            before, sentence = {}, (place.number, place.sentence)
        meant = read_place(reader, place, before)
        if isinstance(meant, Meaning):
            before[place.own] = meant
        yield place, meant


def settle(counter: Counter, place: Place, meant: Meaning | Unsure, mark: int) -> Answer | Open:
    """The answer to one placeholder, or why there is none."""
    if isinstance(meant, Unsure):
        return Open(place, meant.reason, meant.detail)
    entry = counter.blanks.subjects[meant.subject]
    count = count_of(entry, meant.kind, facets_of(counter.blanks, meant))
    found = counter.tally(count)
    if found is None or found.n is None:
        return Open(place, "no_data", entry.table)
    against = counter.rule_against(meant, count, found)
    if reason := against or doubt_of(counter, entry, meant, count, place.is_over):
        return Open(place, reason)
    text = number_text(found.n, meant.kind, meant.unit, place.is_over)
    if not text:
        return Open(place, "not_over")
    return Answer(place, text, meant, count, found, mark, counter.files(count))


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


def wanted(
    reader: Reader, counter: Counter, one: Open, meant: Meaning | Unsure
) -> list[tuple[Meaning, Count]]:
    """The counts that may be meant by a placeholder left open; none where it is open to hide them."""
    if isinstance(meant, Unsure):
        return guesses(reader, counter, one.place, meant)
    if one.reason in ("hidden", "subtract", "no_data"):
        return []
    entry = counter.blanks.subjects[meant.subject]
    count = count_of(entry, meant.kind, facets_of(counter.blanks, meant))
    other = disagreeing(counter, entry, meant, count) if one.reason != "not_over" else None
    return [(meant, count), *([(meant, other[0])] if other else [])]


def guesses(
    reader: Reader, counter: Counter, place: Place, unsure: Unsure
) -> list[tuple[Meaning, Count]]:
    """Counts of this unit: of the subject in the sentence, else of those in the paragraph."""
    if unsure.reason in UNASKED or (unsure.reason == "part" and not unsure.subject):
        return []
    unit = reader.unit(place.unit_text)
    near = (unsure.subject,) if unsure.subject else reader.subjects_in(place.sentence)
    if not near:  # what the paragraph is about, if that is one thing
        lead = stretch(SENTENCE, place.paragraph, 0)
        near = tuple(s for s in reader.subjects_in(lead) if not counter.blanks.subjects[s].required)
    return [c for s in near for c in of_subject(counter, s, unit, unsure.facets)]


def of_subject(
    counter: Counter, subject: str, unit: str, given: tuple[tuple[str, str], ...]
) -> list[tuple[Meaning, Count]]:
    """The counts of a subject in a unit, with the facets given, else by each one of a dimension that it needs."""
    entry = counter.blanks.subjects[subject]
    kinds = [k for k in entry.kinds if unit in counter.blanks.units[k]]
    each = [((f.dimension, name),) for name, f in counter.blanks.facets.items()]
    facets = [given] if given else [f for f in each if f[0][0] in entry.required]
    found = [Meaning(subject, k, unit, f) for k in kinds for f in facets or [()]]
    return [(m, count_of(entry, m.kind, facets_of(counter.blanks, m))) for m in found]


def told_of(
    counter: Counter, counts: list[tuple[Meaning, Count]]
) -> tuple[tuple[Candidate, ...], Counter]:
    """The first of some counts, each hidden where it is small or gives a small one away, and what is known then."""
    found: list[Candidate] = []
    for meant, count in counts:
        made = counter.tally(count)
        if made is None or len(found) == MAX_CANDIDATES:
            continue
        if counter.rule_against(meant, count, made):
            found.append(Candidate(meant, count, None))
            continue
        found.append(Candidate(meant, count, made.n))
        counter = counter.after(meant, count, made)
    return tuple(found), counter
