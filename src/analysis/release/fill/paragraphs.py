"""The paragraphs of a draft as text, numbered as they are written back."""

from __future__ import annotations

import re

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from analysis.errors import ParameterError
from analysis.release.draft import DAMAGE, Draft, decode, open_word, own_texts
from analysis.release.fill.cells import labels_in
from analysis.release.fill.places import Place, find_places
from analysis.release.lint.rules import pattern

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
UNREAD = re.compile(r"/(?:header|footer|footnotes|endnotes)\d*\.xml$")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


def places_in(draft: Draft) -> tuple[Place, ...]:
    """The placeholders of a draft. Raises ParameterError if it has no text or none of them."""
    paragraphs = paragraphs_of(draft)
    if not any(p.strip() for p in paragraphs):
        raise ParameterError("draft_empty", file=draft.name)
    places = find_places(paragraphs, labels_of(draft))
    if not places:
        raise ParameterError("fill_nothing", file=draft.name)
    return places


def paragraphs_of(draft: Draft) -> tuple[str, ...]:
    """The text of each paragraph of a draft, those in tables too, without line ends; raises as ``decode`` does."""
    if draft.suffix == ".docx":
        return tuple(text_of(p) for p in word_paragraphs(open_word(draft)))
    return tuple(line.rstrip("\r\n") for line in lines_of(decode(draft)[0]))


def labels_of(draft: Draft) -> dict[int, tuple[str, ...]]:
    """By paragraph with a placeholder in a table: the texts of the cells left of it and above it."""
    if draft.suffix != ".docx":
        return {}
    document = open_word(draft)
    cells = {
        number: list(paragraph.iterancestors(qn("w:tc")))
        for number, paragraph in enumerate(word_paragraphs(document))
        if pattern("blank").search(text_of(paragraph))
    }
    known = labels_in(document.element.body, {c for found in cells.values() for c in found})
    return {
        number: tuple(dict.fromkeys(cell_text(label) for c in found for label in known.get(c, ())))
        for number, found in cells.items()
    }


def cell_text(cell: BaseOxmlElement) -> str:
    """The text of a cell."""
    return "".join(text_of(p) for p in cell.iter(qn("w:p")))


def lines_of(text: str) -> list[str]:
    """The lines of a text with their own ends."""
    return [m[0] for m in LINE.finditer(text) if m[0]]


def word_paragraphs(document: WordDocument) -> list[BaseOxmlElement]:
    """Every paragraph of the body in reading order; what a text box holds for old programs is the same again."""
    found = document.element.body.iter(qn("w:p"))
    return [p for p in found if not any(a.tag == FALLBACK for a in p.iterancestors())]


def text_of(paragraph: BaseOxmlElement) -> str:
    """The text of a paragraph, without that of a text box that hangs on it."""
    return "".join(t.text or "" for t in own_texts(paragraph))


def n_unread(draft: Draft) -> int:
    """How many placeholders stand where none is filled: in the heads and feet of pages and in notes."""
    if draft.suffix != ".docx":
        return 0
    parts = open_word(draft).part.package.iter_parts()
    texts = (page_text(p.blob) for p in parts if UNREAD.search(p.partname))
    return sum(len(pattern("blank").findall(text)) for text in texts)


def page_text(blob: bytes) -> str:
    """The text of a part, each paragraph on its line; empty if it cannot be read."""
    try:
        root = parse_xml(blob)
    except DAMAGE:
        return ""
    return "\n".join(text_of(p) for p in root.iter(qn("w:p")))
