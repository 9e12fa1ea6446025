"""Files that are no draft: damaged, locked or of another kind; each a plain error that names the file, never a crash."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from analysis.errors import ParameterError
from analysis.present.form import open_form
from analysis.release.draft import Draft, open_word, read_draft
from analysis.release.fill.paragraphs import places_in

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
Change = Callable[[bytes], bytes | None]


def whole() -> bytes:
    """A form that is a draft too."""
    document = Document()
    document.add_paragraph("{{ 地区 }}专任教师X名")
    document.sections[0].header.paragraphs[0].text = "{{ 年份 }}"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def changed(name: str, change: Change) -> bytes:
    """The file with one part changed, or left out where the change gives None."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole())) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            made = change(data) if part == name else data
            if made is not None:
                new.writestr(part, made)
    return stream.getvalue()


def locked() -> bytes:
    """A zip file whose parts claim a password."""
    data = bytearray(whole())
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = data.find(sign)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(sign, start + 4)
    return bytes(data)


def both(folder: Path, data: bytes) -> set[str]:
    """What fill and the form say of a file, by the name of the message; it names the file in both languages."""
    path = folder / "来稿.docx"
    path.write_bytes(data)
    said = set()
    for command in (lambda: places_in(read_draft(path, (".docx",))), lambda: open_form(path)):
        try:
            command()
        except ParameterError as error:
            said.add((error.name, len(str(error).split("\n")), str(error).count("来稿.docx")))
    assert {(lines, named) for _, lines, named in said} <= {(2, 2)}
    return {name for name, *_ in said}


@pytest.mark.parametrize(
    "change",
    [lambda d: d[: len(d) // 2], lambda d: b"", lambda d: b"<a/>", lambda d: b"\xff\xfe <", lambda d: None],
)  # fmt: skip
@pytest.mark.parametrize("part", [TYPES, "_rels/.rels", BODY, "word/_rels/document.xml.rels"])
def test_a_broken_part_is_told(tmp_path: Path, part: str, change: Change) -> None:
    assert both(tmp_path, changed(part, change)) <= {"draft_not_word"}
    if part in (TYPES, BODY):
        assert both(tmp_path, changed(part, change)) == {"draft_not_word"}


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "draft_empty"),
        (b"PK", "draft_not_word"),
        (OLE + bytes(600), "draft_locked"),
        (locked(), "draft_locked"),
        (changed(TYPES, lambda d: d.replace(WORD, MACROS)), "draft_not_word"),
    ],
    ids=["empty", "two bytes", "password", "zip password", "macros renamed"],
)
def test_a_file_that_is_no_draft_is_told(tmp_path: Path, data: bytes, name: str) -> None:
    assert both(tmp_path, data) == {name}


def test_flipped_bytes_never_crash() -> None:
    """Two hundred files with a few bytes changed: each opens or is told of."""
    rng, data = random.Random(7), whole()
    told = 0
    for _ in range(200):
        other = bytearray(data)
        for _ in range(rng.choice((1, 3, 20))):
            other[rng.randrange(len(other))] = rng.randrange(256)
        try:
            open_word(Draft("来稿.docx", ".docx", bytes(other)))
        except ParameterError:
            told += 1
    assert told > 20
