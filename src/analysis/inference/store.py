"""Estimates kept between notebooks, as JSON beside the typed tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from analysis.errors import RunError
from analysis.inference.record import Arm, Check, Estimate, Point
from analysis.study.workspace import Workspace


def save_estimates(
    space: Workspace, region: str, year: int, name: str, estimates: Sequence[Estimate]
) -> Path:
    """Writes one outcome's (or the problems') estimates; the file is replaced whole."""
    path = _path(space, region, year, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(e) for e in estimates], ensure_ascii=False, indent=1)
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(path)
    return path


def load_estimates(space: Workspace, region: str, year: int, name: str) -> tuple[Estimate, ...]:
    """Reads what ``save_estimates`` wrote; RunError if that step has not run."""
    path = _path(space, region, year, name)
    if not path.exists():
        raise RunError("no_estimates", name=name, region=region, year=year)
    return tuple(read_estimate(row) for row in json.loads(path.read_text(encoding="utf-8")))


def answers_folder(space: Workspace, region: str) -> Path:
    """Where answers are kept between runs by a hash of what they rest on; deleting it costs time, nothing else."""
    return space.processed(region) / "answers"


def _path(space: Workspace, region: str, year: int, name: str) -> Path:
    return space.processed(region) / str(year) / f"estimates-{name}.json"


def read_estimate(row: dict[str, object]) -> Estimate:
    """One record from its JSON form."""
    fields = dict(row)
    fields["arms"] = {k: Arm(**v) for k, v in fields["arms"].items()}  # type: ignore[attr-defined]
    fields["checks"] = tuple(Check(**c) for c in fields["checks"])  # type: ignore[attr-defined]
    fields["series"] = {
        name: tuple(Point(**p) for p in points)
        for name, points in fields.get("series", {}).items()  # type: ignore[attr-defined]
    }
    for name in ("files", "left_out"):
        fields[name] = tuple(fields[name])  # type: ignore[arg-type]
    return Estimate(**fields)  # type: ignore[arg-type]
