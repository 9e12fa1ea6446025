"""What a placeholder asks for: a subject, a kind of count, what narrows it; or why that is not certain.

Nothing is guessed. Every word beside a placeholder must be the subject's name, a facet, or one that narrows nothing;
any other word may narrow it in a way the data do not know, so that it is left open.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from analysis.release.fill.doing import acts_in, foreign, other_act
from analysis.release.fill.places import Piece, Place
from analysis.release.fill.words import one_of
from analysis.release.lint.rules import pattern
from analysis.release.wording import phrase
from analysis.study.blanks import Blanks, Facet, Subject
from analysis.study.objects import CountKind

SHORT = 8  # characters of a stretch that leads in to what follows
LEVELS = ("honour_level", "backbone", "approval")  # in a list they reach on to the next thing


@dataclass(frozen=True)
class Meaning:
    """What is asked for. ``facets``: by dimension, the id of each."""

    subject: str
    kind: CountKind
    unit: str
    facets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Unsure:
    """Why a placeholder is left open; ``detail``: the words that stand in the way; what it may be nevertheless."""

    reason: str
    detail: str = ""
    subject: str = ""
    facets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reader:
    """What is needed to read a sentence: the words we know, the whole region's name, the report year."""

    blanks: Blanks
    label: str
    year: int

    def unit(self, text: str) -> str:
        """The unit a text begins with, the longest; empty if it is none of ours."""
        counted = {u for units in self.blanks.units.values() for u in units}
        known = counted | set(self.blanks.other_units)
        return max((u for u in known if text.startswith(u)), key=len, default="")

    def subjects_in(self, text: str) -> tuple[str, ...]:
        """The subjects named in a text; a longer name or facet hides a shorter one inside it."""
        names = {name: s for s, entry in self.blanks.subjects.items() for name in entry.names}
        words = (w for f in self.blanks.facets.values() for w in f.words)
        hits = (m[0] for m in one_of((*names, *words)).finditer(text))
        return tuple(dict.fromkeys(names[name] for name in hits if name in names))

    def facets_in(self, text: str, subject: Subject) -> dict[str, tuple[str, ...]]:
        """The facets of a subject named in a text, by dimension; its own names are no facets."""
        text = one_of(subject.names).sub("\n", text)
        known = {
            word: (facet.dimension, name)
            for name, facet in self.blanks.facets.items()
            if facet.dimension in subject.facets
            for word in facet.words
        }
        found: dict[str, tuple[str, ...]] = {}
        hits = [
            known[m[0]] for m in one_of((*known, *subject.words)).finditer(text) if m[0] in known
        ]
        for dimension, name in hits:
            found[dimension] = tuple(dict.fromkeys((*found.get(dimension, ()), name)))
        return found

    def left_over(self, piece: Piece, subject: Subject, more: tuple[str, ...] = ()) -> str:
        """The words of a piece that are neither the subject, its facets, plain nor ``more``; empty if all are known."""
        unit = unit_of(self, piece)
        before, after = piece.text, ""
        if piece.start >= 0:
            before = piece.text[: piece.start]
            after = piece.after.removeprefix(phrase("fill", "over")).removeprefix(unit)
        facets = (f for f in self.blanks.facets.values() if f.dimension in subject.facets)
        known = (
            *subject.names, *subject.words, *self.blanks.plain, *more,
            *(w for words in self.blanks.doing.values() for w in words),
            *(w for f in facets for w in f.words), *self.blanks.whole.get(self.label[-1:], ()),
            phrase("fill", "this_year").replace("{year}", str(self.year)),
        )  # fmt: skip
        rest = one_of(known).sub("\n", f"{before}\n{after}")
        return pattern("nothing_said").sub("", rest)


def read_place(reader: Reader, place: Place, before: dict[int, Meaning]) -> Meaning | Unsure:
    """What a placeholder asks for; ``before``: what those of the same sentence asked for, by piece."""
    unit = reader.unit(place.unit_text)
    refused = refuse(reader, place, unit)
    if refused:
        return refused
    named = reader.subjects_in(place.piece.text)
    if len(named) > 1:
        return Unsure("two_subjects", "")
    subject = named[0] if named else inherited(reader, place)
    if not subject:
        return Unsure("part" if part_at(place) >= 0 else "no_subject")
    entry = reader.blanks.subjects[subject]
    if verb := other_act(reader.blanks, place, entry):
        return Unsure("doing", verb, subject)
    kinds = [k for k in entry.kinds if unit in reader.blanks.units[k]]
    if label := unknown_label(reader, place, entry):
        return Unsure("beside", label, subject)
    rest = reader.left_over(place.piece, entry)
    if rest := rest or around(reader, place, entry):
        return Unsure("narrowed", rest, subject)
    if len(kinds) != 1:
        return Unsure("other_unit", unit, subject)
    return narrowed(reader, place, Meaning(subject, kinds[0], unit), before)


def refuse(reader: Reader, place: Place, unit: str) -> Unsure | None:
    """Why a placeholder cannot be one of this year's counts, before its words are looked at."""
    years = years_in(place)
    if unit in ("", *reader.blanks.other_units):
        return Unsure("no_unit", unit or place.unit_text[:2])
    if place.is_plan or pattern("aim").search(place.sentence):
        return Unsure("plan")
    if years - {reader.year} or pattern("other_time").search(place.sentence):
        return Unsure("other_year")
    return Unsure("crowded") if place.is_crowded else None


def years_in(place: Place) -> set[int]:
    """The years a sentence is of: those it names, else the last its paragraph names before it, else its chapter's."""
    named = [int(unicodedata.normalize("NFKC", y)) for y in pattern("year").findall(place.sentence)]
    before = pattern("year").findall(place.paragraph[: place.position])
    latest = [int(unicodedata.normalize("NFKC", y)) for y in (before[-1:] or place.heading_years)]
    return set(named or latest)


def around(reader: Reader, place: Place, subject: Subject) -> str:
    """Words elsewhere in the sentence that may narrow, deny or move what is counted; empty if there are none.

    A short stretch before it (a group, a place, a time) has to be understood whole; elsewhere telling words suffice.
    """
    for piece in place.pieces[: place.own]:
        said = pattern("nothing_said").sub("", piece.text)
        if (
            piece.start < 0
            and len(said) <= SHORT
            and reader.left_over(piece, subject, reader.blanks.passing)
        ):
            return said
    silent = "".join(
        p.text for p in place.pieces if p.start < 0
    )  # the others have a count of their own
    telling = pattern("narrowing").search(silent)
    return telling[0] if telling else ""


def unknown_label(reader: Reader, place: Place, subject: Subject) -> str:
    """The first cell that labels a place in a table and is not understood whole; numbers of rows say nothing."""
    more = (*reader.blanks.passing, *reader.blanks.heads)
    for label in place.beside:
        rest = reader.left_over(Piece(label, -1), subject, more)
        verbs = foreign(acts_in(reader.blanks, label, subject), subject)
        if verbs or (rest and not rest.isdigit()):
            return label.strip()
    return ""


def inherited(reader: Reader, place: Place) -> str:
    """The subject named before in the same sentence, if everything said since is understood; else empty."""
    between = [place.piece]
    for piece in reversed(place.pieces[: place.own]):
        named = reader.subjects_in(piece.text)
        between.append(piece)
        if named:
            entry = reader.blanks.subjects[named[0]]
            passing = reader.blanks.passing
            clear = not any(reader.left_over(p, entry, passing) for p in between[1:])
            return named[0] if len(named) == 1 and clear else ""
    return ""


def unit_of(reader: Reader, piece: Piece) -> str:
    """The unit of a piece's placeholder."""
    after = piece.after.removeprefix(phrase("fill", "over")) if piece.start >= 0 else ""
    return reader.unit(after)


def narrowed(
    reader: Reader, place: Place, meaning: Meaning, before: dict[int, Meaning]
) -> Meaning | Unsure:
    """The meaning with what narrows it: its own words, those of the list it stands in, those of the whole it is of."""
    entry = reader.blanks.subjects[meaning.subject]
    own = reader.facets_in(place.piece.text, entry)
    if any(len(names) > 1 for names in own.values()):
        return Unsure("two_facets", "", meaning.subject)
    facets = {dimension: names[0] for dimension, names in own.items()}
    whole = whole_of(place, before)
    if whole == "unknown":
        is_named = bool(reader.subjects_in(place.piece.text))
        named = (meaning.subject, tuple(sorted(facets.items()))) if is_named else ()
        return Unsure("part", "", *named)
    if isinstance(whole, Meaning):
        if not is_part(meaning, facets, whole):
            return Unsure("part", "", meaning.subject, tuple(sorted(facets.items())))
        facets = dict(whole.facets) | facets
    facets = from_list(reader, place, entry) | facets
    earlier = reader.facets_in("\n".join(p.text for p in place.pieces[: place.own]), entry)
    if open_ := [d for d in earlier if d not in facets]:
        return Unsure("maybe_narrowed", open_[0], meaning.subject)
    if any(dimension not in facets for dimension in entry.required):
        return Unsure("which", "", meaning.subject)
    return Meaning(meaning.subject, meaning.kind, meaning.unit, tuple(sorted(facets.items())))


def whole_of(place: Place, before: dict[int, Meaning]) -> Meaning | str:
    """The whole that this is said to be a part of, the last placeholder before the word; empty if it is of none.

    After a list of several it is unknown: the word may mean the last of them or all.
    """
    at = part_at(place)
    if at < 0:
        return ""
    earlier = [n for n in range(at) if place.pieces[n].start >= 0]
    if not earlier:
        return "unknown"
    segment = place.pieces[earlier[-1]].segment
    is_list = sum(place.pieces[n].segment == segment for n in earlier) > 1
    return "unknown" if is_list else before.get(earlier[-1], "unknown")


def part_at(place: Place) -> int:
    """The piece up to its own with the nearest word that says it is a part; -1 if there is none."""
    part = phrase("fill", "part")
    return max(
        (n for n, p in enumerate(place.pieces[: place.own + 1]) if part in p.text), default=-1
    )


def is_part(meaning: Meaning, facets: dict[str, str], whole: Meaning) -> bool:
    """Whether this counts some of the same rows as the whole: same subject and kind, narrowed further."""
    same = (meaning.subject, meaning.kind) == (whole.subject, whole.kind)
    own = dict(whole.facets)
    keeps = all(facets.get(d, name) == name or own[d] in WIDE for d, name in own.items())
    return same and keeps and dict(whole.facets) != facets


WIDE = ("applied",)  # facets that leave nothing out


def from_list(reader: Reader, place: Place, entry: Subject) -> dict[str, str]:
    """Levels said of the things before in the same list."""
    segment = place.piece.segment
    mine = [p.text for p in place.pieces[: place.own] if p.segment == segment]
    found: dict[str, str] = {}
    for text in mine:
        for dimension, names in reader.facets_in(text, entry).items():
            if dimension in LEVELS and len(names) == 1:
                found[dimension] = names[0]
    return found


def facets_of(blanks: Blanks, meaning: Meaning) -> tuple[Facet, ...]:
    """The facets of a meaning."""
    return tuple(blanks.facets[name] for _, name in meaning.facets)
