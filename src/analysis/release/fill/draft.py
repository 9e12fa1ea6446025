"""The whole of ``policy-report fill``: a draft and a delivery in, the filled draft and what is said of it out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.intake.record import Delivery
from analysis.release.draft import Draft
from analysis.release.fill.answer import answers_of
from analysis.release.fill.meaning import Reader
from analysis.release.fill.paragraphs import n_unread, paragraphs_of, places_in
from analysis.release.fill.told import open_lines, source_line
from analysis.release.fill.write import filled_draft
from analysis.release.trails import fill
from analysis.release.wording import phrase
from analysis.study.blanks import Blanks
from analysis.study.objects import Study

MARK = re.compile("\u3014(\\d+)\u3015")


@dataclass(frozen=True)
class Filled:
    """A filled draft: its bytes, how many placeholders it had, how many are filled, and the lines said of it."""

    data: bytes
    n_places: int
    n_filled: int
    sources: tuple[str, ...]
    left: tuple[str, ...]


def fill_draft(study: Study, blanks: Blanks, delivery: Delivery, draft: Draft) -> Filled:
    """A draft with every placeholder filled that is certain. Raises ParameterError if there is none to fill."""
    places = places_in(draft)
    reader = Reader(blanks, delivery.label, delivery.year)
    text = "\n".join(paragraphs_of(draft))
    marks = [int(m) for m in MARK.findall(text)]
    answers, left = answers_of(reader, delivery, places, text, max(marks, default=0) + 1)
    unread = n_unread(draft)
    sources = tuple(source_line(study, delivery, a) for a in answers)
    told = tuple(line for one in left for line in open_lines(study, reader, one))
    more = (fill(phrase("fill", "unread"), n=unread),) if unread else ()
    heads = [
        fill(phrase("fill", k), n=n) for k, n in (("sources", len(answers)), ("left", len(left)))
    ]
    note = (phrase("fill", "invented"),) if delivery.is_invented else ()
    ending = (*note, heads[0], *sources, *((heads[1], *told) if told else ()), *more)
    return Filled(
        filled_draft(draft, answers, ending), len(places), len(answers), sources, told + more
    )
