"""A draft as somebody hands it in: its bytes checked, its text decoded, its Word file opened. Nothing is changed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from analysis.errors import ParameterError

MAX_BYTES = 16 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the old .doc, and every .docx with a password
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ENCRYPTED = 1  # the flag of a part of a zip file that has a password
KINDS = (".docx", ".txt", ".html", ".htm")
# what a damaged zip file or part raises, in zipfile, lxml (SyntaxError) or python-docx, whichever meets it first
DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OpcError, SyntaxError, LookupError,
    ValueError, TypeError, AttributeError, AssertionError, NotImplementedError, OverflowError,
)  # fmt: skip
GONE = frozenset((qn("w:del"), qn("w:moveFrom")))  # text that a tracked change took away from here


@dataclass(frozen=True)
class Draft:
    """One draft: its name, its kind (a suffix with the dot), its bytes."""

    name: str
    suffix: str
    data: bytes


def read_draft(path: Path, kinds: tuple[str, ...]) -> Draft:
    """A draft from disk. Raises ParameterError if it is absent, of another kind, too large or empty."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise ParameterError("draft_absent", file=path.name)
    if suffix not in kinds:
        raise ParameterError("draft_kind", file=path.name, known=", ".join(kinds))
    with path.open("rb") as stream:
        return checked(Draft(path.name, suffix, stream.read(MAX_BYTES + 2**20)))


def checked(draft: Draft) -> Draft:
    """The draft, if there is anything in it and not too much. Raises ParameterError otherwise."""
    if len(draft.data) > MAX_BYTES:
        raise ParameterError("draft_large", file=draft.name, limit=MAX_BYTES // 2**20)
    if not draft.data.strip():
        raise ParameterError("draft_empty", file=draft.name)
    return draft


def decode(draft: Draft) -> tuple[str, str]:
    """The text of a draft and its encoding: by its mark, else UTF-8, else that of Chinese Windows.

    Raises ParameterError if it is neither, or no text at all.
    """
    marked = next((e for mark, e in MARKS.items() if draft.data.startswith(mark)), "")
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = draft.data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise ParameterError("draft_not_text", file=draft.name)


def open_word(draft: Draft) -> WordDocument:
    """The Word file of a draft. Raises ParameterError if it has a password, is an old .doc, or is damaged."""
    if draft.data.startswith(OLE):
        raise ParameterError("draft_locked", file=draft.name)
    try:
        with zipfile.ZipFile(io.BytesIO(draft.data)) as parts:
            if any(part.flag_bits & ENCRYPTED for part in parts.infolist()):
                raise ParameterError("draft_locked", file=draft.name)
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED:
            raise ParameterError("draft_bomb", file=draft.name, size=unpacked // 2**20)
        document = Document(io.BytesIO(draft.data))
        body: BaseOxmlElement | None = document.element.body
    except DAMAGE as error:
        raise ParameterError("draft_not_word", file=draft.name) from error
    if body is None:
        raise ParameterError("draft_not_word", file=draft.name)
    return document


def own_texts(paragraph: BaseOxmlElement) -> list[BaseOxmlElement]:
    """The text elements of a paragraph whose nearest paragraph it is, those aside that a tracked change took away."""
    found = []
    for text in paragraph.iter(qn("w:t")):
        tags = [a.tag for a in takewhile(lambda a: a is not paragraph, text.iterancestors())]
        if qn("w:p") not in tags and not GONE.intersection(tags):
            found.append(text)
    return found
