"""Which verb a placeholder stands under, and whether its subject's rows are the record of that.

Teachers who were commended, trained, hired or retired are others than those there are: a count of one answers nothing
about the other. The nearest verb before a placeholder reaches it, in the pieces before too; nearer ones end its reach.
"""

from __future__ import annotations

from analysis.release.fill.places import Place
from analysis.release.fill.words import one_of
from analysis.study.blanks import Blanks, Subject

HAS = "has"  # the verbs that say only that there is something
HELD = "held"  # what the name of a training says was done
Acts = list[tuple[str, str]]  # each verb with its group


def other_act(blanks: Blanks, place: Place, subject: Subject) -> str:
    """The verb that asks for another number than the subject's rows give; empty if there is none."""
    own = acts_in(blanks, place.piece.text, subject)
    reaching = own or acts_before(blanks, place, subject)[-1:]
    return foreign([*reaching, *acts_after(blanks, place, subject)], subject)


def foreign(acts: Acts, subject: Subject) -> str:
    """The first of some verbs that the subject's rows are no record of."""
    return next((word for word, group in acts if group not in (HAS, *subject.says)), "")


def acts_before(blanks: Blanks, place: Place, subject: Subject) -> Acts:
    """The verbs of the nearest piece before that has any."""
    texts = (p.text for p in reversed(place.pieces[: place.own]))
    return next((found for t in texts if (found := acts_in(blanks, t, subject))), [])


def acts_after(blanks: Blanks, place: Place, subject: Subject) -> Acts:
    """The verbs of the piece that follows, if it says something of all that were counted."""
    following = place.pieces[place.own + 1 : place.own + 2]
    return [
        act
        for piece in following
        if piece.start < 0 and piece.text.startswith(blanks.all_of)
        for act in acts_in(blanks, piece.text, subject)
    ]


def acts_in(blanks: Blanks, text: str, subject: Subject) -> Acts:
    """The verbs of a text with their groups; names and facets are no verbs, but for facets that say what was done."""
    verbs = {w: group for group, words in blanks.doing.items() for w in words}
    facets = blanks.facets.values()
    mine = {w: HAS for f in facets if f.is_act and f.dimension in subject.facets for w in f.words}
    others = {
        name: HELD
        for s in blanks.subjects.values()
        if s.table == "trainings" and s != subject
        for name in s.names
    }
    known = others | verbs | mine
    silent = (*subject.names, *subject.words, *(w for f in facets for w in f.words))
    named = (name for s in blanks.subjects.values() for name in s.names)
    hits = (m[0] for m in one_of((*known, *silent, *named)).finditer(text))
    return [(word, known[word]) for word in hits if word in known and word not in subject.names]
