"""The typed rows of one delivery: every file of its ``source.toml`` read, corrected and cleaned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.errors import AnalysisError, raise_all
from analysis.intake.corrections import apply_corrections, unread_corrections
from analysis.intake.desk.returns_read import all_corrections
from analysis.intake.open_answers import note_open
from analysis.intake.post_status import only_in_post
from analysis.intake.reading.exports import opened_exports
from analysis.intake.reading.header import TextTable, read_tables
from analysis.intake.reading.known_headers import known_headers
from analysis.intake.reading.readers import read_sheets
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.source import (
    SOURCE_NAME,
    Correction,
    FileEntry,
    Source,
    check_keys,
    files_folder,
    variables_of,
)
from analysis.intake.typed_rows import TypedRows, type_rows
from analysis.study.objects import Study
from analysis.study.workspace import Workspace


def read_delivery(space: Workspace, study: Study, region: str, source: Source) -> list[TypedRows]:
    """The typed rows of every file of one delivery; raises DataError (several at once) for all its faults."""
    corrections = all_corrections(space, source, region)
    folder = files_folder(space, source, region)
    opened = opened_exports(folder, [entry.file for entry in source.files])
    parts: list[TypedRows] = []
    errors: list[AnalysisError] = []
    for entry in source.files:
        try:
            parts += read_entry(study, entry, source.year, folder, opened, corrections)
        except AnalysisError as error:
            errors.append(error)
    raise_all(errors or unread_corrections(corrections, parts))
    return parts


def read_entry(
    study: Study,
    entry: FileEntry,
    year: int,
    folder: Path,
    opened: dict[str, list[RawSheet]],
    corrections: Sequence[Correction] = (),
) -> Iterator[TypedRows]:
    """The typed rows of one entry of source.toml; ``opened`` keeps sheets that several entries read."""
    for filled, table in read_texts(study, entry, year, folder, opened, corrections):
        yield only_in_post(note_open(study, type_rows(study, filled, year, table)))


def read_texts(
    study: Study,
    entry: FileEntry,
    year: int,
    folder: Path,
    opened: dict[str, list[RawSheet]],
    corrections: Sequence[Correction] = (),
) -> Iterator[tuple[FileEntry, TextTable]]:
    """The text of one entry, corrected, each table with the entry that maps all its headers."""
    if entry.file not in opened:
        opened[entry.file] = read_sheets(folder / entry.file)
    wanted, known = variables_of(study, entry), known_headers(study, entry)
    for table in read_tables(opened[entry.file], wanted, entry.sheet, known):
        filled = entry.model_copy(update={"columns": {**entry.columns, **table.implied}})
        raise_all(check_keys(f"{year}/{SOURCE_NAME}", filled))
        yield filled, apply_corrections(table, corrections, variables_of(study, filled))
