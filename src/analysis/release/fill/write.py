"""A filled draft: the same file with numbers, marks and a list of sources, everything else as it was."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from analysis.release.draft import Draft, decode, open_word, own_texts
from analysis.release.fill.answer import Answer
from analysis.release.fill.paragraphs import FALLBACK, lines_of, text_of, word_paragraphs
from analysis.release.wording import phrase

EPOCH = (1980, 1, 1, 0, 0, 0)
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class Edit:
    """Characters ``start`` to ``end`` of a paragraph replaced by ``text``."""

    start: int
    end: int
    text: str


def edits_of(answers: tuple[Answer, ...]) -> dict[int, list[Edit]]:
    """What to write, by paragraph: each number in its place, its mark after the unit."""
    found: dict[int, list[Edit]] = {}
    for one in answers:
        start = one.place.position
        end = start + one.place.length
        over = one.place.is_over
        after = end + one.place.piece.gap + over + len(one.meaning.unit)
        mark = phrase("fill", "mark").replace("{number}", str(one.mark))
        found.setdefault(one.place.number, []).extend(
            (Edit(start, end, one.text), Edit(after, after, mark))
        )
    return found


def filled_draft(draft: Draft, answers: tuple[Answer, ...], ending: tuple[str, ...]) -> bytes:
    """The bytes of the filled draft, with the lines ``ending`` below it. The same draft gives the same bytes."""
    edits = edits_of(answers)
    if draft.suffix == ".docx":
        return filled_word(open_word(draft), edits, ending)
    text, encoding = decode(draft)
    lines = lines_of(text)
    for number, changes in edits.items():
        lines[number] = edited(lines[number], changes)
    end = next((m[0] for m in re.finditer(r"\r\n|\n|\r", text)), "\n")
    body = "".join(lines)
    gap = "" if body.endswith(("\n", "\r")) else end
    return (body + gap + end + end.join(ending) + end).encode(encoding)


def edited(text: str, changes: list[Edit]) -> str:
    """A text with its edits, the last first."""
    for change in sorted(changes, key=lambda c: c.start, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def filled_word(
    document: WordDocument, edits: dict[int, list[Edit]], ending: tuple[str, ...]
) -> bytes:
    """A Word file with its edits made inside the runs that hold the characters, so that each keeps its look."""
    paragraphs = word_paragraphs(document)
    for number, changes in edits.items():
        for paragraph in (paragraphs[number], *twins(paragraphs[number])):
            for change in sorted(changes, key=lambda c: c.start, reverse=True):
                edit_runs(paragraph, change)
    for line in ending:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return dateless(stream.getvalue())


def twins(paragraph: BaseOxmlElement) -> list[BaseOxmlElement]:
    """The same paragraph of a text box as it is kept for old programs."""
    both = next((a for a in paragraph.iterancestors() if a.find(FALLBACK) is not None), None)
    if both is None:
        return []
    kept = {p for old in both.iterchildren(FALLBACK) for p in old.iter(qn("w:p"))}
    own = [p for p in both.iter(qn("w:p")) if p not in kept].index(paragraph)
    found = [p for p in both.iter(qn("w:p")) if p in kept][own : own + 1]
    return [p for p in found if text_of(p) == text_of(paragraph)]


def edit_runs(paragraph: BaseOxmlElement, change: Edit) -> None:
    """One edit: the new text goes where the first old character was, or behind the one before."""
    position, text = 0, change.text
    for node in own_texts(paragraph):
        old = node.text or ""
        first, last = position, position + len(old)
        position = last
        is_inside = change.start < last if change.start < change.end else change.start <= last
        if last < change.start or first > change.end or not is_inside:
            continue
        start, end = max(change.start, first) - first, min(change.end, last) - first
        if end < start:
            continue
        node.text = old[:start] + text + old[end:]
        node.set(SPACE, "preserve")
        text = ""
        if last >= change.end:
            return


def dateless(data: bytes) -> bytes:
    """A zip file whose parts bear no time of day."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.infolist():
            info = zipfile.ZipInfo(part.filename, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(part.filename))
    return stream.getvalue()
