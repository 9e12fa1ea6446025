"""A cleaned delivery on disk: Parquet and one record, without a name or a number of anybody."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import DataError
from analysis.intake.clean import clean_region, current_fingerprint
from analysis.intake.record import Delivery, FileRecord, Verdict
from analysis.intake.source import Replicates, Stated
from analysis.study.objects import Study
from analysis.study.workspace import Workspace

__all__ = [
    "Delivery",
    "FileRecord",
    "Verdict",
    "load_delivery",
    "ready_delivery",
    "save_delivery",
]
RECORD_NAME = "delivery.json"
TABLES_FOLDER = "tables"
CHECKS_FOLDER = "checks"


def delivery_folder(space: Workspace, region: str, year: int) -> Path:
    """Where one cleaned delivery is stored."""
    return space.processed(region) / str(year)


def save_delivery(space: Workspace, delivery: Delivery) -> Path:
    """Write a delivery and return its folder; the record comes last, so a broken write is never taken for one."""
    folder = delivery_folder(space, delivery.region, delivery.year)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".staging-", dir=folder) as name:
        _write(Path(name), delivery)
        _publish(Path(name), folder)
    return folder


def _write(staging: Path, delivery: Delivery) -> None:
    """All files of a delivery into an empty folder."""
    for folder, frames in ((TABLES_FOLDER, delivery.tables), (CHECKS_FOLDER, delivery.checks)):
        (staging / folder).mkdir()
        for name, frame in sorted(frames.items()):
            frame.to_parquet(staging / folder / f"{name}.parquet", index=False)
    delivery.ledger.to_parquet(staging / "ledger.parquet", index=False)
    delivery.links.to_parquet(staging / "links.parquet", index=False)
    text = json.dumps(_record(delivery), ensure_ascii=False, indent=1, sort_keys=True)
    (staging / RECORD_NAME).write_text(text + "\n", encoding="utf-8")


def _publish(staging: Path, folder: Path) -> None:
    """Put staged files in place of the old ones: the old record goes first and the new one comes last."""
    (folder / RECORD_NAME).unlink(missing_ok=True)
    for name in (TABLES_FOLDER, CHECKS_FOLDER):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (TABLES_FOLDER, CHECKS_FOLDER, "ledger.parquet", "links.parquet", RECORD_NAME):
        (staging / name).replace(folder / name)


def _record(delivery: Delivery) -> dict[str, Any]:
    """Everything about a delivery that is not a table."""
    replicates = delivery.survey_replicates
    return {
        "region": delivery.region,
        "label": delivery.label,
        "year": delivery.year,
        "tables": sorted(delivery.tables),
        "checks": sorted(delivery.checks),
        "files": [asdict(record) for record in delivery.files],
        "is_invented": delivery.is_invented,
        "fingerprint": delivery.fingerprint,
        "as_of": delivery.as_of,
        "notes": list(delivery.notes),
        "survey_replicates": replicates.model_dump() if replicates else None,
        "stated": {key: each.model_dump() for key, each in delivery.stated.items()},
    }


def load_delivery(space: Workspace, region: str, year: int) -> Delivery:
    """The stored delivery. Raises DataError if there is none or it cannot be read."""
    folder = delivery_folder(space, region, year)
    record = read_record(space, region, year)
    if record is None:
        raise DataError("delivery_missing", region=region, year=year)
    try:
        tables, checks = (
            {name: pd.read_parquet(folder / part / f"{name}.parquet") for name in record[part]}
            for part in (TABLES_FOLDER, CHECKS_FOLDER)
        )
        ledger = pd.read_parquet(folder / "ledger.parquet")
        links = pd.read_parquet(folder / "links.parquet")
    except (OSError, ValueError) as error:
        raise DataError("delivery_damaged", region=region, year=year, detail=error) from error
    return _from_record(record, tables, checks, ledger, links)


def _from_record(
    record: Mapping[str, Any],
    tables: dict[str, pd.DataFrame],
    checks: dict[str, pd.DataFrame],
    ledger: pd.DataFrame,
    links: pd.DataFrame,
) -> Delivery:
    """A delivery from its stored parts."""
    files = [_file_record(described) for described in record["files"]]
    replicates = record["survey_replicates"]
    return Delivery(
        region=record["region"],
        label=record["label"],
        year=record["year"],
        tables=tables,
        ledger=ledger,
        files=tuple(files),
        links=links,
        is_invented=record["is_invented"],
        fingerprint=record["fingerprint"],
        as_of=record["as_of"],
        notes=tuple(record["notes"]),
        survey_replicates=Replicates(**replicates) if replicates else None,
        stated={key: Stated(**each) for key, each in record.get("stated", {}).items()},
        checks=checks,
    )


def _file_record(described: dict[str, Any]) -> FileRecord:
    """One file's record from its stored form, lists being tuples again."""
    listed = {name: tuple(described[name]) for name in ("unmapped", "holds")}
    reasons = tuple((str(rule), int(n)) for rule, n in described["reasons"])
    return FileRecord(**described | listed | {"reasons": reasons})


def ready_delivery(space: Workspace, study: Study, region: str, year: int) -> Delivery:
    """The stored delivery if nothing it depends on has changed, else a new one, cleaned and stored.

    Raises ParameterError or DataError as ``clean_region`` does; a stored delivery then stays as it was.
    """
    record = read_record(space, region, year)
    if record is None or record["fingerprint"] != current_fingerprint(space, study, region, year):
        save_delivery(space, clean_region(space, study, region, year))
    return load_delivery(space, region, year)


def read_record(space: Workspace, region: str, year: int) -> dict[str, Any] | None:
    """The stored record, or None if there is none or it is not whole."""
    path = delivery_folder(space, region, year) / RECORD_NAME
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return None
    return record
