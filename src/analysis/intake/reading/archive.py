"""Looks into a zipped workbook before it is read: what it unpacks to, how far its sheets reach, cells without a value.

The reader of the sheets allots memory for every cell between the first and the last, and shows an error cell as a
blank one; both are found here in the XML.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from copy import copy
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from analysis.errors import DataError

MAX_UNPACKED = 2 * 1024**3  # bytes; a workbook that unpacks to more is damaged or made to harm
MAX_SHEET = 512 * 1024**2  # bytes of one sheet that can be held at once
MAX_CELLS = (
    2**24
)  # from the first to the last cell: as many as the largest sheet of an old workbook
CHUNK = 1024**2
BAD_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a way of packing that is not known
    RuntimeError,  # a member with a password
    OSError,
    ValueError,
)
SHEETS = "xl/worksheets/"
RELATIONS = "xl/_rels/workbook.xml.rels"
BOOK = "xl/workbook.xml"
_MAYBE_FAR = re.compile(rb"\br=[\"'](?:[A-Za-z]{2,}\d|[A-Za-z]\d{6})")
_PLACE = re.compile(rb"\br=[\"']([A-Za-z]+)(\d+)[\"']")
_MAYBE_LOST = re.compile(rb"t=[\"']e[\"']|</f>\s*</(?:\w+:)?c>|</f>\s*<(?:\w+:)?v\s*(?:/>|></)")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[^>]*>([^<]*)</")

Lost = Mapping[tuple[int, int], str]  # row and column (from 0) -> the text that stands there


def lost_cells(path: Path) -> dict[str, Lost]:
    """Sheet name -> cells of an .xlsx that hold an error or a formula without a result.

    Raises DataError for an archive that is damaged, unpacks to too much, or has a sheet that reaches too far.
    """
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_bomb(path.name, archive)
            names = dict(sheet_names(archive))
            return {names.get(part, part): lost for part, lost in _lost(path.name, archive)}
    except BAD_ARCHIVE as error:
        raise DataError("file_damaged", file=path.name, detail=error) from error


def refuse_bomb(name: str, archive: zipfile.ZipFile) -> None:
    """Raise DataError for an archive that unpacks to more than any delivery can hold, whatever it says of itself."""
    unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked <= MAX_UNPACKED:
        unpacked = sum(real_size(archive, entry) for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise DataError("file_too_large", file=name, size=unpacked, limit=MAX_UNPACKED)


def real_size(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """The bytes that a member really unpacks to, counted no further than the limit.

    Raises BadZipFile where that is not what the archive says, or the check sum is wrong.
    """
    whole = copy(entry)
    whole.file_size = MAX_UNPACKED + 1  # else reading stops at the size that is declared
    size = 0
    with archive.open(whole) as stream:
        while size <= MAX_UNPACKED and (part := stream.read(CHUNK)):
            size += len(part)
    if size <= MAX_UNPACKED and size != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.filename}: {size} != {entry.file_size}")
    return size


def sheet_names(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Member of the archive -> name of the sheet in it; nothing where the workbook does not say."""
    if not {BOOK, RELATIONS} <= {*archive.namelist()}:
        return
    try:
        book = ElementTree.fromstring(archive.read(BOOK))
        relations = ElementTree.fromstring(archive.read(RELATIONS))
    except ElementTree.ParseError:  # the reader of the sheets says what is wrong
        return
    targets = {r.get("Id", ""): r.get("Target", "") for r in relations}
    for sheet in (e for e in book.iter() if e.tag.endswith("}sheet")):
        ids = [value for key, value in sheet.attrib.items() if key.endswith("}id")]
        target = targets.get(ids[0] if ids else "", "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        yield part, sheet.get("name", "")


def _lost(name: str, archive: zipfile.ZipFile) -> Iterator[tuple[str, Lost]]:
    """The sheets that have cells without a value, each checked for how far it reaches."""
    for entry in archive.infolist():
        if not entry.filename.startswith(SHEETS) or not entry.filename.endswith(".xml"):
            continue
        if entry.file_size > MAX_SHEET:
            raise DataError("file_too_large", file=name, size=entry.file_size, limit=MAX_SHEET)
        xml = archive.read(entry)
        refuse_far(name, xml)
        if _MAYBE_LOST.search(xml):
            yield entry.filename, dict(_without_value(xml))


def refuse_far(name: str, xml: bytes) -> None:
    """Raise DataError for a sheet whose cells lie so far apart that the blank ones between them cannot be held."""
    if not _MAYBE_FAR.search(xml):
        return
    places = {(column, int(row)) for column, row in _PLACE.findall(xml)}
    rows = [row for _, row in places]
    columns = [column_number(column) for column in {column for column, _ in places}]
    height, width = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    if height * width > MAX_CELLS:
        raise DataError("sheet_too_far", file=name, rows=max(rows), columns=max(columns) + 1)


def column_number(letters: bytes) -> int:
    """The position (from 0) of a column named by letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _without_value(xml: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Place -> text of each error cell (``#REF!``) and of each formula without a result (``=A1+B1``)."""
    for attributes, inside in _CELL.findall(xml):
        place, value = _PLACE.search(b" " + attributes), _VALUE.search(inside)
        formula = _FORMULA.search(inside)
        is_error = re.search(rb"\bt=[\"']e[\"']", attributes) is not None
        has_result = value is not None and value[1] != b""
        text = value[1] if is_error and value else b""
        text = b"=" + formula[1] if formula and not has_result else text
        if place and text:
            at = (int(place[2]) - 1, column_number(place[1]))
            yield at, text.decode("utf-8", errors="replace")
