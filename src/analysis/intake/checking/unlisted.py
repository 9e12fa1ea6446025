"""Files that lie in a delivery's folder and stand nowhere in its source.toml: they are not read, and that is told."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.errors import messages
from analysis.intake.ledger import shown
from analysis.intake.source import SOURCE_NAME, Source
from analysis.study.workspace import Workspace

NOT_DELIVERED = (
    ".",
    "~$",
    "source.",
)  # hidden files, locks of open workbooks, descriptions and drafts of them
SHOWN = 5


def unlisted_files(space: Workspace, source: Source, region: str) -> list[str]:
    """Names of files beside source.toml that it does not name, in order."""
    folder = space.delivery(region, source.year)
    known = {SOURCE_NAME, *source.returned, *(entry.file for entry in source.files)}
    found = sorted(p.name for p in folder.iterdir() if p.is_file())
    return [name for name in found if name not in known and not name.startswith(NOT_DELIVERED)]


def unlisted_notes(space: Workspace, source: Source, region: str) -> Iterator[str]:
    """A sentence with the first of these files and their number; none where all files are named."""
    names = unlisted_files(space, source, region)
    if names:
        texts = messages()
        listed = texts["note_between"]["zh"].join(shown(None, name) for name in names[:SHOWN])
        text = texts["note_unlisted"]["zh"]
        yield text.format(year=source.year, n=len(names), files=listed)
