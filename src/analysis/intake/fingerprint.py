"""One hash over everything a cleaned delivery depends on: files, source.toml, study, key, our own source, libraries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from analysis.intake.desk.returns_read import returned_files
from analysis.intake.linking.persons import PersonKey
from analysis.intake.reading.readers import find_file
from analysis.intake.source import SOURCE_NAME, Source, files_folder
from analysis.study.load import study_hash
from analysis.study.workspace import Workspace

LIBRARIES = ("pandas", "pyarrow", "python-calamine", "pyreadstat")
PACKAGE = Path(__file__).resolve().parents[1]
OWN_SOURCE = ("errors.py", "messages.toml", "study/*.py", "intake/**/*.py", "intake/**/*.toml")


def fingerprint(
    space: Workspace, region: str, sources: Mapping[int, Source], key: PersonKey
) -> str:
    """The hash of all deliveries in ``sources`` (by year) and of what reads them; DataError for a missing file."""
    digest = hashlib.sha256(key.fingerprint.encode())
    for year, source in sorted(sources.items()):
        digest.update(f"{year}\0{delivery_hash(space, source, region)}\0".encode())
    return digest.hexdigest()


def delivery_hash(space: Workspace, source: Source, region: str) -> str:
    """The hash of one delivery, of what lies beside it and of what reads it; DataError for a missing file."""
    digest = hashlib.sha256()
    _feed(digest, [space.delivery(region, source.year) / SOURCE_NAME])
    _feed(digest, delivered_files(space, source, region))
    _feed(digest, returned_files(space, source, region))
    _feed(digest, own_source())
    beside = sorted(p.name for p in space.delivery(region, source.year).iterdir() if p.is_file())
    parts = [*beside, study_hash(space), *(version(name) for name in LIBRARIES)]
    digest.update("\0".join(parts).encode())
    return digest.hexdigest()


def delivered_files(space: Workspace, source: Source, region: str) -> list[Path]:
    """The files of one delivery, each once, in the order of source.toml."""
    folder = files_folder(space, source, region)
    return [find_file(folder / name) for name in dict.fromkeys(e.file for e in source.files)]


def own_source() -> Iterator[Path]:
    """The source of the rooms that a delivery passes through."""
    for pattern in OWN_SOURCE:
        yield from sorted(PACKAGE.glob(pattern))


def file_hash(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _feed(digest: hashlib._Hash, paths: Iterable[Path]) -> None:
    """Add names and bytes of files."""
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
