"""The command's work: an invented bureau appears in a workspace whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError
from analysis.study.workspace import Workspace
from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper.delivery import TRUTH, generator_mark, write_bureau
from analysis.synthetic.paper.parquet import write_parquet_bureau
from analysis.synthetic.truth.bureau import draw_bureau, draw_parts

SHOWN_FILES = 3


def make_demo(space: Workspace, options: BureauOptions, overwrite: bool = False) -> Path:
    """Make the bureau's deliveries of all years under ``data/raw/<region>``; gives that folder.

    Raises ParameterError if the region is there and ``overwrite`` was not asked for, if the folder holds
    something that was not made here, or if nothing can be written.
    """
    home = space.raw / options.region
    if home.exists():
        _check_replaceable(home, options, overwrite)
    with _staging(space) as stage:
        _write(options, stage)
        _swap_in(stage / options.region, home, stage / "replaced")
    return home


def add_year(space: Workspace, options: BureauOptions) -> Path:
    """Add the delivery of ``options.last_year`` to a bureau made before; gives the new year's folder.

    Earlier folders are not touched. Raises ParameterError if there is no such bureau, if it was made with
    other options or as Parquet, or if the year is there already.
    """
    home = space.raw / options.region
    _check_same_bureau(home, options)
    folder = home / str(options.last_year)
    if options.format == "parquet":
        raise ParameterError("demo_no_parquet_year")
    if folder.exists():
        raise ParameterError("demo_year_exists", region=options.region, year=options.last_year)
    draw = draw_bureau(options)
    with _staging(space) as stage:
        write_bureau(draw, stage, years=[options.last_year])
        new = stage / options.region
        os.replace(new / str(options.last_year), folder)
        os.replace(new / TRUTH, home / TRUTH)
    return folder


def is_stale(folder: Path, options: BureauOptions) -> bool:
    """Whether an invented region was made by another generator or with other options.

    What was not made here never is.
    """
    made = read_made(folder)
    is_same = made.get("options") == json.loads(json.dumps(vars(options)))
    return bool(made) and (not is_same or made.get("generator") != generator_mark())


def read_made(folder: Path) -> dict[str, Any]:
    """What ``truth.json`` says of a folder that this command made; nothing of any other folder."""
    try:
        made = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # no such file, or none of ours
        return {}
    is_ours = isinstance(made, dict) and {"generator", "options"} <= set(made)
    return made if is_ours else {}


def _write(options: BureauOptions, stage: Path) -> None:
    """Draw and write a bureau: as office files, or part by part as Parquet."""
    if options.format == "parquet":
        write_parquet_bureau(draw_parts(options), stage, options)
    else:
        write_bureau(draw_bureau(options), stage)


def _check_replaceable(home: Path, options: BureauOptions, overwrite: bool) -> None:
    if not overwrite:
        raise ParameterError("demo_exists", region=options.region)
    made = read_made(home)
    if not made:
        raise ParameterError("demo_not_ours", region=options.region)
    found = {p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file()}
    # an earlier version did not say what it had written
    foreign = sorted(found - {TRUTH, *made.get("written", found)})
    if foreign:
        shown = ", ".join(foreign[:SHOWN_FILES])
        raise ParameterError("demo_foreign_files", region=options.region, files=shown)


def _check_same_bureau(home: Path, options: BureauOptions) -> None:
    """The bureau must be there and differ from what is asked in its last year only, by one."""
    told = read_made(home)
    if not told:
        raise ParameterError("demo_not_ours", region=options.region)
    made = told["options"]
    asked = dict(vars(options))
    made["last_year"] = made["last_year"] + 1
    for field, value in asked.items():
        if made.get(field) != value:
            raise ParameterError(
                "demo_other_bureau", field=field, asked=value, made=made.get(field, "-")
            )


@contextmanager
def _staging(space: Workspace) -> Iterator[Path]:
    """A folder beside ``data/raw`` on the same disk, gone afterwards whatever happens."""
    try:
        space.raw.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".demo-", dir=space.raw.parent))
    except OSError as error:
        raise ParameterError("demo_unwritable", folder="data/raw", detail=error.strerror) from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage)


def _swap_in(new: Path, home: Path, old: Path) -> None:
    """Put the new folder in place; if that fails the old one comes back."""
    if home.exists():
        os.replace(home, old)
    try:
        os.replace(new, home)
    finally:
        if old.exists() and not home.exists():
            os.replace(old, home)
