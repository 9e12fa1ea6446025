"""Workbooks for schools with the cells they are asked to correct; they hold names and are for their owner alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import RunError
from analysis.intake.delivery import ready_delivery
from analysis.intake.desk.returns_book import write_book
from analysis.intake.desk.returns_cells import (
    OpenCell,
    ReadText,
    known_schools,
    open_cells,
    read_text,
)
from analysis.intake.desk.returns_read import all_corrections
from analysis.intake.desk.words import desk_words
from analysis.intake.entries import read_texts
from analysis.intake.reading.sheets import RawSheet
from analysis.intake.source import Source, files_folder, load_source
from analysis.study.objects import Study
from analysis.study.workspace import Workspace

RETURN_FOLDER = "return"
WRITTEN_NAME = ".written.json"
OWNER_ONLY, OWNER_FILE = 0o700, 0o600
LONGEST_NAME = 60  # characters of a school's name in a file name
LOCKS = "~$"  # how spreadsheet programs begin the name of a file that marks another as open
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')


@dataclass(frozen=True)
class ReturnsWritten:
    """Where the workbooks of a year lie, how many, with how many cells; ``n_kept`` changed ones moved to ``kept``."""

    folder: Path
    n_files: int
    n_cells: int
    n_kept: int = 0
    kept: Path | None = None


def write_returns(space: Workspace, study: Study, region: str, year: int) -> ReturnsWritten:
    """One workbook per school with open cells in the delivery of ``year``, in place of those written before.

    Raises DataError as ``clean_region`` does, RunError if a workbook of before is open in another program.
    """
    delivery = ready_delivery(space, study, region, year)
    texts = list(read_year(space, study, region, load_source(space, study, region, year)))
    schools = known_schools(delivery, texts, year)
    cells = open_cells(delivery, texts, schools, year)
    by_school: dict[str, list[OpenCell]] = {}
    for cell in cells:
        by_school.setdefault(cell.school_id, []).append(cell)
    names = {code: schools.names.get(code, "") for code in sorted(by_school)}
    folder = space.processed(region) / RETURN_FOLDER / str(year)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(OWNER_ONLY)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder.parent))
    try:
        _write_all(staging, f"{delivery.label}", year, names, by_school)
        n_kept, kept = _swap(staging, folder, year)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return ReturnsWritten(folder, len(by_school), len(cells), n_kept, kept)


def read_year(space: Workspace, study: Study, region: str, source: Source) -> Iterator[ReadText]:
    """The corrected text of every table of one delivery, read anew: what is stored between runs is typed already."""
    corrections = all_corrections(space, source, region)
    folder = files_folder(space, source, region)
    opened: dict[str, list[RawSheet]] = {}
    for entry in source.files:
        for filled, text in read_texts(study, entry, source.year, folder, opened, corrections):
            yield read_text(study, filled, text)


def _write_all(
    folder: Path,
    region_label: str,
    year: int,
    names: dict[str, str],
    by_school: dict[str, list[OpenCell]],
) -> None:
    """All workbooks into an empty folder, and the hashes by which a change is known later."""
    words = desk_words().returns
    hashes = {}
    for code, file in file_names(names).items():
        school = names[code] or words.unknown_school
        path = folder / file
        title = words.title.format(region=region_label, year=year, school=school)
        write_book(path, title, by_school[code])
        path.chmod(OWNER_FILE)
        hashes[file] = _hash(path)
    record = folder / WRITTEN_NAME
    record.write_text(json.dumps(hashes, ensure_ascii=False, indent=1), encoding="utf-8")
    record.chmod(OWNER_FILE)


def file_names(names: dict[str, str]) -> dict[str, str]:
    """School code -> file name that every system can hold; schools of one name are numbered."""
    words = desk_words().returns
    out: dict[str, str] = {}
    taken: set[str] = set()
    for code, name in names.items():
        safe = _UNSAFE.sub("_", name).strip(" .")[:LONGEST_NAME].strip(" .")
        stem, number = safe or words.unknown_school, 1
        while (file := _numbered(stem, number)).casefold() in taken:
            number += 1
        taken.add(file.casefold())
        out[code] = file
    return out


def _numbered(stem: str, number: int) -> str:
    return desk_words().returns.file.format(school=stem if number == 1 else f"{stem} ({number})")


def _swap(staging: Path, folder: Path, year: int) -> tuple[int, Path | None]:
    """Put the new folder in place of the old one; files of it that somebody changed are moved, never lost."""
    changed = _changed(folder)
    kept = _keep(changed, folder.parent, year) if changed else None
    old = folder.with_name(f".old-{folder.name}")
    try:
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.replace(old)
        if any(staging.glob("*.xlsx")):
            staging.replace(folder)
        shutil.rmtree(old, ignore_errors=True)
    except PermissionError as error:
        raise RunError("returns_in_use", folder=folder) from error
    return len(changed), kept


def _changed(folder: Path) -> list[Path]:
    """Everything in a folder written before that is no workbook as it was written, folders of people's own as well."""
    if not folder.is_dir():
        return []
    try:
        said = json.loads((folder / WRITTEN_NAME).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        said = {}
    hashes = said if isinstance(said, dict) else {}
    found = (p for p in sorted(folder.iterdir()) if p.name != WRITTEN_NAME)
    others = (p for p in found if not (p.is_file() and p.name.startswith(LOCKS)))
    return [p for p in others if not p.is_file() or hashes.get(p.name) != _hash(p)]


def _keep(changed: Sequence[Path], folder: Path, year: int) -> Path:
    """Move changed files and folders into a folder of their own beside the year's; nothing there is replaced."""
    kept = folder / desk_words().returns.kept_folder.format(year=year)
    kept.mkdir(mode=OWNER_ONLY, exist_ok=True)
    for path in changed:
        target, number = kept / path.name, 1
        while target.exists():
            number += 1
            target = kept / f"{path.stem} ({number}){path.suffix}"
        path.replace(target)
    return kept


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
