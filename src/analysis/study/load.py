"""Reads ``study/*.toml``, lays a workspace's entries over ours, and checks everything at once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from analysis.errors import AnalysisError, DataError, nearest, raise_all
from analysis.study.objects import (
    Intervention,
    Measure,
    Outcome,
    Problem,
    Retirement,
    Scale,
    Study,
    Variable,
)
from analysis.study.references import check_references
from analysis.study.workspace import PROJECT, Workspace

KINDS: dict[str, type[BaseModel]] = {
    "variables": Variable,
    "interventions": Intervention,
    "outcomes": Outcome,
    "problems": Problem,
}
# tables of entries inside the file of another kind
WITHIN: dict[str, type[BaseModel]] = {"scales": Scale, "measures": Measure}
HOMES = {"scales": "outcomes", "measures": "interventions"}
Entries = dict[str, dict[str, Any]]


def load_study(space: Workspace) -> Study:
    """The study of a workspace: our entries, overlaid by its own, all checked.

    Raises DataError (or several at once) naming file, entry and key for anything that is wrong.
    """
    return read_study(PROJECT / "study", space.study)


def read_study(ours: Path, own: Path) -> Study:
    """A study from two folders, the entries of ``own`` laid over those of ``ours``; raises as ``load_study``."""
    raw = {kind: _overlaid(ours, own, kind) for kind in KINDS}
    retirement = raw["outcomes"].pop("retirement", {})
    raw |= {kind: raw[home].pop(kind, {}) for kind, home in HOMES.items()}
    parsed, errors = _parse_all(raw)
    raise_all(errors)
    study = Study(**parsed, retirement={k: Retirement(**v) for k, v in retirement.items()})
    raise_all(check_references(study))
    return study


def study_files(space: Workspace) -> list[Path]:
    """The files a study is made of, ours first, then the workspace's own."""
    folders = [PROJECT / "study", space.study]
    return [p for f in dict.fromkeys(folders) for p in sorted(f.glob("*.toml"))]


def study_hash(space: Workspace) -> str:
    """One hash over all study files in order."""
    digest = hashlib.sha256()
    for path in study_files(space):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _overlaid(ours: Path, own_folder: Path, kind: str) -> Entries:
    """Entries of one file, the workspace's replacing ours of the same id; its ``drop`` list removes ours."""
    entries = _read(ours / f"{kind}.toml")
    if own_folder == ours:
        return entries
    own = _read(own_folder / f"{kind}.toml")
    dropped: list[str] = list(own.pop("drop", []))
    known = {*entries, *(name for k in WITHIN for name in entries.get(k, {}))}
    raise_all(
        DataError("study_drop_unknown", file=f"{kind}.toml", name=n, nearest=nearest(n, known))
        for n in dropped
        if n not in known
    )
    ours_left = _without(entries, dropped)
    within = {
        k: _without(ours_left.get(k, {}), dropped) | own.get(k, {})
        for k in WITHIN
        if k in ours_left or k in own
    }
    return ours_left | own | within


def _without(table: Entries, dropped: list[str]) -> Entries:
    """The entries that are not dropped."""
    return {k: v for k, v in table.items() if k not in dropped}


def _read(path: Path) -> Entries:
    """One TOML file, or nothing if the workspace has none; DataError if it is not TOML."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("study_not_toml", file=path.name, detail=error) from error


def _parse_all(raw: Mapping[str, Entries]) -> tuple[dict[str, Any], list[AnalysisError]]:
    """Entries as objects by kind, with every validation problem found."""
    models = KINDS | WITHIN
    parsed: dict[str, dict[str, BaseModel]] = {kind: {} for kind in models}
    errors: list[AnalysisError] = []
    for kind, entries in raw.items():
        for name, entry in entries.items():
            try:
                parsed[kind][name] = models[kind].model_validate(_with_ids(kind, name, entry))
            except ValidationError as error:
                errors += _explain(kind, name, error)
    return parsed, errors


def _with_ids(kind: str, name: str, entry: Any) -> Any:
    """The entry with its TOML key as ``id``, and those of its definitions."""
    if not isinstance(entry, dict):
        return entry
    out = {"id": name, **entry}
    if kind == "outcomes" and isinstance(entry.get("definitions"), dict):
        out["definitions"] = {k: {"id": k, **v} for k, v in entry["definitions"].items()}
    return out


def _explain(kind: str, name: str, error: ValidationError) -> Iterator[AnalysisError]:
    """Each validation problem as a DataError with file, entry, key and the nearest known key."""
    known = (KINDS | WITHIN)[kind].model_fields
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"]) or "-"
        yield DataError(
            "study_bad_entry",
            file=f"{HOMES.get(kind, kind)}.toml",
            entry=name,
            key=key,
            detail=item["msg"],
            nearest=nearest(key.split(".")[-1], known) or "-",
        )
