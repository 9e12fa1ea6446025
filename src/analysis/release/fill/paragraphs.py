"""The paragraphs of a draft as text, numbered as they are written back."""

from __future__ import annotations

import re

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from analysis.errors import ParameterError
from analysis.release.draft import Draft, decode, open_word, own_texts
from analysis.release.fill.places import Place, find_places

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def places_in(draft: Draft) -> tuple[Place, ...]:
    """The placeholders of a draft. Raises ParameterError if it has no text or none of them."""
    paragraphs = paragraphs_of(draft)
    if not any(p.strip() for p in paragraphs):
        raise ParameterError("draft_empty", file=draft.name)
    places = find_places(paragraphs)
    if not places:
        raise ParameterError("fill_nothing", file=draft.name)
    return places


def paragraphs_of(draft: Draft) -> tuple[str, ...]:
    """The text of each paragraph of a draft, those in tables too, without line ends; raises as ``decode`` does."""
    if draft.suffix == ".docx":
        return tuple(text_of(p) for p in word_paragraphs(open_word(draft)))
    return tuple(line.rstrip("\r\n") for line in lines_of(decode(draft)[0]))


def lines_of(text: str) -> list[str]:
    """The lines of a text with their own ends."""
    return [m[0] for m in LINE.finditer(text) if m[0]]


def word_paragraphs(document: WordDocument) -> list[BaseOxmlElement]:
    """Every paragraph of the body in reading order."""
    return list(document.element.body.iter(qn("w:p")))


def text_of(paragraph: BaseOxmlElement) -> str:
    """The text of a paragraph, without that of a text box that hangs on it."""
    return "".join(t.text or "" for t in own_texts(paragraph))
