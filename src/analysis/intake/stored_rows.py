"""Typed rows kept between runs, so that a year that has not changed is not read again, and read side by side.

They still hold names and numbers: they lie in ``identity/`` of the region's processed data, which its owner alone
may open. One folder per delivery: Parquet per table, the ledger lines, and ``parts.json``, which is written last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import ArrowException

from analysis.errors import AnalysisError, raise_all
from analysis.intake.entries import read_delivery
from analysis.intake.fingerprint import delivered_files, delivery_hash
from analysis.intake.ledger import add_up
from analysis.intake.source import Source, load_source
from analysis.intake.typed_rows import TypedRows
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, open_workspace

FOLDER = "identity"
RECORD = "parts.json"
STAGING = ".staging-"
LEFT_OVER = 3600  # seconds; writing takes a few
OWNER_ONLY = 0o700
WORTH_A_PROCESS = (
    16 * 1024**2
)  # bytes left to read; below it another process costs more than it saves
PART = "part"  # the number of the part that a stored row belongs to
FRAMES = ("frame", "lines", "totals")
NO_PART = -1


def typed_rows(
    space: Workspace, study: Study, region: str, sources: Mapping[int, Source]
) -> list[TypedRows]:
    """The typed rows of all deliveries in order of year, read anew only where something has changed.

    All deliveries are tried before any error is raised. Raises DataError (several at once) as ``read_delivery``.
    """
    hashes = {y: hash_of(space, source, region) for y, source in sources.items()}
    stale = [y for y, found in hashes.items() if found != stored_hash(space, region, y)]
    read_apart(space, region, {y: size_of(space, sources[y], region) for y in stale if hashes[y]})
    found: list[TypedRows] = []
    errors: list[AnalysisError] = []
    for year, source in sources.items():
        try:
            found += ready_rows(space, study, region, source, hashes[year])
        except AnalysisError as error:
            errors.append(error)
    raise_all(errors)
    return found


def hash_of(space: Workspace, source: Source, region: str) -> str:
    """The hash of one delivery; empty if a file is missing, which whoever reads it tells with all other faults."""
    try:
        return delivery_hash(space, source, region)
    except AnalysisError:
        return ""


def ready_rows(
    space: Workspace, study: Study, region: str, source: Source, wanted: str
) -> list[TypedRows]:
    """The stored rows of one delivery if they are those of its files, else its files read and stored.

    Raises DataError (several at once) as ``read_delivery``.
    """
    if wanted and stored_hash(space, region, source.year) == wanted:
        kept = load_rows(rows_folder(space, region, source.year))
        if kept is not None:
            return kept
    parts = [settled(part) for part in read_delivery(space, study, region, source)]
    save_rows(rows_folder(space, region, source.year), parts, wanted)
    return parts


def settled(part: TypedRows) -> TypedRows:
    """The part with identical repairs of its ledger added up: a column of dates is one line, not a million."""
    return replace(part, lines=add_up(part.lines))


def rows_folder(space: Workspace, region: str, year: int) -> Path:
    """Where the typed rows of one delivery are kept."""
    return space.processed(region) / FOLDER / str(year)


def stored_hash(space: Workspace, region: str, year: int) -> str:
    """The hash of what the stored rows were read from; empty if there are none, or none that are whole."""
    record = _read_record(rows_folder(space, region, year))
    return str(record.get("hash", ""))


def _read_record(folder: Path) -> dict[str, Any]:
    """What ``parts.json`` says; nothing if it is not there or is not one that was stored here."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def save_rows(folder: Path, parts: Sequence[TypedRows], wanted: str) -> None:
    """Store parts in a folder that only its owner may open; what was there before is replaced as a whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(OWNER_ONLY)
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder.parent) as name:
        clear_left_over(folder.parent, Path(name).stat().st_mtime)
        staging = Path(name) / "rows"
        staging.mkdir(mode=OWNER_ONLY)
        for table in sorted({p.table for p in parts}):
            rows = joined(_numbered(parts, "frame", table))
            rows.to_parquet(staging / f"frame-{table}.parquet", index=False)
        for kind in FRAMES[1:]:
            joined(_numbered(parts, kind)).to_parquet(staging / f"{kind}.parquet", index=False)
        described = [_described(part) for part in parts]
        record = {"hash": wanted, "parts": described, "check": _check(staging, described)}
        text = json.dumps(record, ensure_ascii=False)  # columns keep their order
        (staging / RECORD).write_text(text, encoding="utf-8")
        put_in_place(staging, folder, Path(name) / "before")


def put_in_place(staging: Path, folder: Path, aside: Path) -> None:
    """Move a new folder to where an old one (moved ``aside``) may lie; what another run just put there stays.

    A reader that comes in between finds no folder or another one, and reads the files as received.
    """
    for path, target in ((folder, aside), (staging, folder)):
        try:
            path.replace(target)
        except OSError:
            # nothing was there before; or another run was faster, or a reader holds the folder open
            if path is staging and not folder.exists():
                raise


def clear_left_over(folder: Path, now: float) -> None:
    """Remove what a killed run left half written; another run may be writing now, so only what is old."""
    oldest = now - LEFT_OVER
    for path in folder.glob(f"{STAGING}*"):
        try:
            is_old = path.stat().st_mtime < oldest
        except FileNotFoundError:
            continue  # its own run has just finished
        if is_old:
            shutil.rmtree(path, ignore_errors=True)


def _check(folder: Path, parts: list[dict[str, Any]]) -> str:
    """One hash over the stored tables and their description, by which damage is known."""
    digest = hashlib.sha256(json.dumps(parts).encode())
    for path in sorted(folder.glob("*.parquet")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _numbered(parts: Sequence[TypedRows], kind: str, table: str = "") -> Iterator[pd.DataFrame]:
    """One kind of frame of every part (of one table), with the part's number."""
    for at, part in enumerate(parts):
        if not table or part.table == table:
            yield getattr(part, kind).assign(**{PART: at})


def joined(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frames one under the other; text that was still plain objects as text."""
    every = list(frames)
    filled = [f for f in every if len(f)] or every[:1]
    rows = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame({PART: []})
    texts = [c for c in rows if rows[c].dtype == object]
    return rows.astype(dict.fromkeys(texts, "str"))


def _described(part: TypedRows) -> dict[str, Any]:
    """Everything of a part that is not a frame, and the columns of its frame."""
    said = {k: v for k, v in vars(part).items() if k not in FRAMES}
    return said | {"columns": {str(c): str(t) for c, t in part.frame.dtypes.items()}}


def load_rows(folder: Path) -> list[TypedRows] | None:
    """The stored parts; none if they cannot be read as they were written.

    So wide a list of errors, since there are as many ways to be damaged, and what is only kept to save time must
    never stop a run: the caller reads the files as received, and tells what is wrong with those.
    """
    try:
        return _load(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArrowException):
        return None


def _load(folder: Path) -> list[TypedRows] | None:
    """The stored parts; none if their check does not hold. Raises whatever a damaged store may raise."""
    record = _read_record(folder)
    parts = record["parts"]
    if not parts or record["check"] != _check(folder, parts):
        return None
    tables = sorted({str(p["table"]) for p in parts})
    frames = {t: _by_part(folder / f"frame-{t}.parquet") for t in tables}
    others = {kind: _by_part(folder / f"{kind}.parquet") for kind in FRAMES[1:]}
    return [
        _loaded(part, at, {"frame": frames[part["table"]]} | others)
        for at, part in enumerate(parts)
    ]


def _by_part(path: Path) -> dict[int, pd.DataFrame]:
    """The rows of a stored frame by the number of their part; those of no part, with all columns, as ``NO_PART``."""
    rows = pd.read_parquet(path)
    found = {int(at): part.drop(columns=PART) for at, part in rows.groupby(PART, sort=False)}
    return found | {NO_PART: rows.iloc[:0].drop(columns=PART)}


def rows_at(rows: Mapping[int, pd.DataFrame], at: int) -> pd.DataFrame:
    """The rows of one part; none, but all columns, for a part without any."""
    return rows.get(at, rows[NO_PART]).reset_index(drop=True)


def _loaded(
    part: dict[str, Any], at: int, frames: Mapping[str, dict[int, pd.DataFrame]]
) -> TypedRows:
    """One part from its description and its rows."""
    columns = part.pop("columns")
    frame = rows_at(frames["frame"], at)[list(columns)]
    lines, totals = (rows_at(frames[kind], at) for kind in FRAMES[1:])
    listed: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in part.items()}
    types = {c: kind for c, kind in columns.items() if str(frame[c].dtype) != kind}
    typed = frame.astype(types) if types else frame
    return TypedRows(**listed, frame=typed, lines=lines, totals=totals)


def size_of(space: Workspace, source: Source, region: str) -> int:
    """The bytes of a delivery's files."""
    return sum(path.stat().st_size for path in delivered_files(space, source, region))


def read_apart(space: Workspace, region: str, sizes: Mapping[int, int]) -> None:
    """Let other processes read some of the deliveries (year -> bytes) while this one reads its own share.

    They only fill the store. What one of them could not read is read here again, and told here.
    """
    if len(sizes) < 2 or sum(sizes.values()) < WORTH_A_PROCESS:
        return
    own, *others = shares(sizes, os.cpu_count() or 1)
    children = [_start(space, region, years) for years in others]
    try:
        fill_store(space, region, own)
    finally:
        for child in children:
            child.wait()


def shares(sizes: Mapping[int, int], n_processes: int) -> list[list[int]]:
    """Years in groups of about the same size, the largest group first."""
    groups: list[list[int]] = [[] for _ in range(min(n_processes, len(sizes)))]
    for year in sorted(sizes, key=lambda y: (-sizes[y], y)):
        min(groups, key=lambda g: sum(sizes[y] for y in g)).append(year)
    return sorted(groups, key=lambda g: -sum(sizes[y] for y in g))


def _start(space: Workspace, region: str, years: Sequence[int]) -> subprocess.Popen[bytes]:
    """Another process that reads some years: a fresh one, since a script's own start must not run twice."""
    command = [sys.executable, "-m", __name__, str(space.home), str(space.out), region]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*command, *map(str, years)], stdin=quiet, stdout=quiet, stderr=quiet)


def fill_store(space: Workspace, region: str, years: Iterable[int]) -> None:
    """Read and store some deliveries; one that cannot be read is left to whoever asks for it."""
    study = load_study(space)
    for year in years:
        try:
            source = load_source(space, study, region, year)
            ready_rows(space, study, region, source, hash_of(space, source, region))
        except AnalysisError:
            continue


if __name__ == "__main__":
    home, out, asked, *named = sys.argv[1:]
    fill_store(open_workspace(home, out), asked, map(int, named))
