"""A compound file (the container of old Office files) with named streams, as Office writes a locked workbook.

Layout after MS-CFB: sector 0 the allocation table, sector 1 the directory, then each stream padded to 4096 bytes.
"""

from __future__ import annotations

import struct

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def compound_file(streams: dict[str, bytes]) -> bytes:
    """The bytes of a compound file holding the streams."""
    table, body, entries = [TABLE, END], b"", []
    for name, content in streams.items():
        padded = content.ljust(8 * SECTOR, b"\0")
        start = 2 + len(body) // SECTOR
        table += [start + 1 + k for k in range(len(padded) // SECTOR - 1)] + [END]
        entries.append((name, start, len(padded)))
        body += padded
    table += [FREE] * (SECTOR // 4 - len(table))
    directory = _entry("Root Entry", 5, FREE, 1, END, 0)
    for k, (name, start, size) in enumerate(entries, start=1):
        right = k + 1 if k < len(entries) else FREE
        directory += _entry(name, 2, right, FREE, start, size)
    return _header() + struct.pack("<128I", *table) + directory.ljust(SECTOR, b"\0") + body


def _header() -> bytes:
    mark = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    versions = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    counts = struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    return mark + versions + counts + struct.pack("<I", 0) + struct.pack("<I", FREE) * 108


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    links = struct.pack("<HBBIII", len(raw), kind, 1, FREE, right, child)
    return raw.ljust(64, b"\0") + links + b"\0" * 36 + struct.pack("<IQ", start, size)
