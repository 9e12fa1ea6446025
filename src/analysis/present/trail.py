"""From a number in a sentence to its record and back, with plain links and no script."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from analysis.errors import RunError
from analysis.present.labels import word
from analysis.present.markup import el, esc, hidden, join, txt
from analysis.present.numbers import MINUS
from analysis.present.sources import compact
from analysis.release.claims import SLOT, Claim, Report, Section, Trail

SUMMARY, EFFECTS, REST = "summary", "effects", "trails"
Citation = tuple[str, str, str]  # place, claim id, slot name
MAX_CLAUSE = 8


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: text; a number if it has a slot and a record; a record's mark if it has only that."""

    text: str
    slot: str = ""
    trail: Trail | None = None


@dataclass(frozen=True)
class TrailBook:
    """Which record belongs to which estimate, where it is printed, and which citation it points back to."""

    by_estimate: dict[str, Trail]
    homes: dict[int, str]
    first: dict[int, Citation]

    def of(self, estimate: str) -> Trail:
        """The record of one estimate; RunError if there is none."""
        if estimate not in self.by_estimate:
            raise RunError("trail_missing", estimate=estimate)
        return self.by_estimate[estimate]

    def at(self, place: str) -> tuple[Trail, ...]:
        """The records printed at one place, by number."""
        found = (t for t in self.by_estimate.values() if self.homes[t.number] == place)
        return tuple(sorted(found, key=lambda t: t.number))


def open_book(report: Report) -> TrailBook:
    """Each record is printed once: at the first problem that cites it, else at the first section after them that
    does, else in the last list.
    """
    by_estimate = {t.estimate: t for t in report.trails}
    homes: dict[int, str] = {}
    first: dict[int, Citation] = {}
    for place, claim, name in citations(report):
        number = trail_number(by_estimate, claim.slot(name).source)
        homes.setdefault(number, place)
        first.setdefault(number, (place, claim.id, name))
    homes = {n: REST if place == SUMMARY else place for n, place in homes.items()}
    return TrailBook(
        by_estimate, {t.number: homes.get(t.number, REST) for t in report.trails}, first
    )


def trail_number(trails: dict[str, Trail], estimate: str) -> int:
    """The number of an estimate's record; RunError if it has none."""
    if estimate not in trails:
        raise RunError("trail_missing", estimate=estimate)
    return trails[estimate].number


def citations(report: Report) -> list[tuple[str, Claim, str]]:
    """Every number cited, problems first, the summary last: so that records stand with their problem."""
    body = [(problem_place(p.id), c) for p in report.problems for c in told_of(report, p)]
    effects = [(EFFECTS, c) for c in report.effects]
    effects += [(place, c) for place, claims in report.around().items() for c in claims]
    heads = [(SUMMARY, h.claim) for h in report.headlines if h.claim is not None]
    rest = [(SUMMARY, c) for c in (*report.cannot_tell, *report.refuted)]
    return [(p, c, n) for p, c in body + effects + heads + rest for n in SLOT.findall(c.text)]


def problem_place(problem: str) -> str:
    """The anchor of one problem."""
    return f"p-{problem}"


def shown_evidence(report: Report, section: Section) -> tuple[Claim, ...]:
    """The evidence of a problem; the sentence of its headline comes first if nothing else here cites its record."""
    own = {c.estimate for c in section.evidence}
    heads = (h.claim for h in report.headlines if h.problem == section.id and h.claim is not None)
    return tuple(c for c in heads if c.estimate not in own) + section.leading()


def told_of(report: Report, section: Section) -> tuple[Claim, ...]:
    """All sentences of a problem, those of its parts last."""
    parts = (c for passage in section.sub_claims for c in passage.claims)
    return (*shown_evidence(report, section), *parts)


def pieces(book: TrailBook, claim: Claim) -> list[Piece]:
    """A sentence in pieces: plain text, numbers, and each record's mark once, after the clause of its last number."""
    parts = SLOT.split(claim.text)
    names = parts[1::2]
    trails = [book.of(claim.slot(n).source) for n in names]
    last = {trail.number: i for i, trail in enumerate(trails)}
    found = [Piece(parts[0])]
    for i, (name, trail, after) in enumerate(zip(names, trails, parts[2::2], strict=True)):
        found.append(Piece(claim.slot(name).text, name, trail))
        head, rest = clause(after) if last[trail.number] == i else (after, "")
        found.append(Piece(head))
        if last[trail.number] == i:
            found += [Piece("", "", trail), Piece(rest)]
    return [p for p in found if p.text or p.trail]


def clause(text: str) -> tuple[str, str]:
    """What still belongs to the number before, such as its unit, and the rest from the first punctuation on."""
    cut = next((i for i, c in enumerate(text) if unicodedata.category(c)[0] == "P"), -1)
    return (text[:cut], text[cut:]) if 0 <= cut <= MAX_CLAUSE else ("", text)


def claim_html(book: TrailBook, claim: Claim, place: str) -> str:
    """A sentence whose numbers are links; a mark does not part from what stands before it."""
    shown: list[str] = []
    for piece in pieces(book, claim):
        if piece.trail is None:
            shown.append(esc(piece.text))
        elif piece.slot:
            is_first = book.first.get(piece.trail.number) == (place, claim.id, piece.slot)
            back = back_anchor(piece.trail) if is_first and not has_anchor(shown, piece) else ""
            shown.append(slot_link(piece.text, piece.trail, back))
        else:
            before = shown.pop()
            shown.append(keep_with(before, printed_mark(piece.trail)))
    return "".join(shown)


def has_anchor(shown: list[str], piece: Piece) -> bool:
    """Whether the sentence holds the way back already: a slot may stand in it twice."""
    anchor = f'id="{back_anchor(piece.trail)}"' if piece.trail else ""
    return any(anchor in part for part in shown)


def keep_with(before: str, mark: str) -> str:
    """A mark on the same line as the number, or as the last character of the text, before it."""
    if before.endswith("</a>"):
        return el("span", before + mark, cls="nw")
    return before[:-1] + el("span", before[-1:] + mark, cls="nw")


def slot_link(text: str, trail: Trail, anchor: str = "") -> str:
    """A number that leads to its record; digits and unit do not part, a word of direction before them may.

    The hidden words make sense of the link in a list of links.
    """
    start = next((i for i, c in enumerate(text) if c.isdigit() or c == MINUS), 0)
    number = txt("span", text[start:], cls="nw")
    content = esc(text[:start]) + number + hidden(word("trail_hidden", number=trail.number))
    return el("a", content, cls="n", id=anchor, href=f"#{trail_anchor(trail)}")


def printed_mark(trail: Trail) -> str:
    """The mark that is printed and copied with the number."""
    return txt("sup", word("trail_mark", number=trail.number), aria_hidden="true")


def trail_anchor(trail: Trail) -> str:
    """The address of a record on the page."""
    return f"t-{trail.number:03d}"


def back_anchor(trail: Trail) -> str:
    """The address of the sentence that a record belongs to."""
    return f"r-{trail.number:03d}"


def trail_list(book: TrailBook, place: str, heading: str = "") -> str:
    """The records printed at one place, under a small heading if one is given; empty if there are none."""
    items = "\n".join(trail_item(book, t) for t in book.at(place))
    head = txt("h3", heading) if heading else ""
    return el("div", head + el("ol", items, cls="trail"), cls="records") if items else ""


def trail_item(book: TrailBook, trail: Trail) -> str:
    """One record: two lines that always show, the rest folded, the way back."""
    mark = txt("span", word("trail_mark", number=trail.number), cls="m", aria_hidden="true")
    lines = " ".join(pair(label, text) for label, text in trail.lines)
    back = back_link(trail) if trail.number in book.first else ""
    visible = el("p", mark + hidden(word("trail_name", number=trail.number)) + lines + back)
    more = "".join(el("div", txt("dt", a) + txt("dd", b)) for a, b in trail.more)
    folded = el("details", summary_words(trail) + el("dl", more)) if more else ""
    return el("li", join(visible, folded).html, id=trail_anchor(trail))


def pair(label: str, text: str) -> str:
    """One named fact of a record."""
    return el("span", txt("b", label) + esc(compact(text)), cls="fact")


def summary_words(trail: Trail) -> str:
    """The words that unfold a record."""
    return el(
        "summary", esc(word("trail_more")) + hidden(word("trail_hidden", number=trail.number))
    )


def back_link(trail: Trail) -> str:
    """The way back to the sentence."""
    content = esc(word("trail_back")) + hidden(word("trail_hidden", number=trail.number))
    return el("a", content, href=f"#{back_anchor(trail)}", cls="back")
