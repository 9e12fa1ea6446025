"""Writes a drawn bureau as its yearly deliveries: files, a ``source.toml`` beside them, and the truth."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.synthetic.paper import entries, forms
from analysis.synthetic.paper.entries import Register, open_register
from analysis.synthetic.paper.files import toml_text, write_csv, write_text, write_workbook
from analysis.synthetic.paper.forms import Form
from analysis.synthetic.profile import Profile
from analysis.synthetic.truth.record import Draw

TRUTH = "truth.json"
LABEL = "示例县"
Entries = Callable[[Draw, Register, int], pd.DataFrame]


def write_bureau(draw: Draw, raw_folder: Path, years: Iterable[int] = ()) -> list[Path]:
    """Write ``<region>/<year>/…`` for the years (default: all) and ``<region>/truth.json`` under ``raw_folder``.

    Gives the files in the order they were written.
    """
    home = raw_folder / draw.options.region
    register = open_register(draw)
    written: list[Path] = []
    for year in years or draw.options.years:
        written += write_year(draw, register, home / str(year), year)
    return [*written, write_truth(draw, home)]


def write_year(draw: Draw, register: Register, folder: Path, year: int) -> list[Path]:
    """Write one delivery: its files and the ``source.toml`` that says what their columns are."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = plan_year(draw, year)
    written = [_write_file(folder, form, fill(draw, register, year), year) for form, fill in parts]
    source = toml_text(_source_values(year), [source_entry(form) for form, _ in parts], "files")
    return [*written, write_text(folder / "source.toml", source)]


def write_truth(draw: Draw, folder: Path) -> Path:
    """Write ``truth.json``; only tests, ``verify`` and the honesty runs may read it."""
    told = _rounded(draw.truth) | {"generator": generator_mark()}
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    return write_text(folder / TRUTH, text + "\n")


def generator_mark() -> str:
    """Changes with the source of this room: twelve digits of its SHA-256 (line ends do not count)."""
    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    text = "\0".join(path.read_text(encoding="utf-8") for path in sources)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def plan_year(draw: Draw, year: int) -> list[tuple[Form, Entries]]:
    """The files of one year's delivery with the function that fills each."""
    profile, first = draw.profile, draw.options.first_year
    parts: list[tuple[Form, Entries]] = [
        (forms.roster_form(year), entries.roster_entries),
        (forms.school_form(year), entries.school_entries),
    ]
    if year > first:
        parts.append((forms.exit_form(year), entries.exit_entries))
    if _has_ledger(profile, year, first):
        parts.append((forms.training_form(year), entries.training_entries))
    if year > first and year >= profile.first_test_year:
        parts.append((forms.score_form(year), entries.score_entries))
    if year > first and year >= profile.first_survey_year:
        parts.append((forms.survey_form(year), entries.survey_entries))
        parts.append((forms.rotation_form(year), entries.rotation_entries))
    return parts


def _has_ledger(profile: Profile, year: int, first: int) -> bool:
    """The ledger begins with the autumn before the first school year it covers."""
    return year >= max(first, profile.first_ledger_year - 1)


def source_entry(form: Form) -> dict[str, Any]:
    """One entry of ``source.toml``: the file, and header -> variable for every column that means something."""
    entry: dict[str, Any] = {"table": form.table, "file": form.file}
    if form.sheet:
        entry["sheet"] = form.sheet
    if form.snapshot:
        entry["snapshot"] = form.snapshot
    mapped = {v: header for v, header in form.headers.items() if v not in form.unmapped}
    entry["columns"] = {header: variable for variable, header in mapped.items()}
    if form.answers:
        entry["answers"] = form.answers
    return entry


def _source_values(year: int) -> dict[str, Any]:
    return {
        "region_label": LABEL,
        "year": year,
        "producer": "invented by policy-report demo",
        "received": dt.date(year, 12, 31),
        "invented": True,
        "persons": "invented",
        "root": ".",
    }


def _write_file(folder: Path, form: Form, rows: pd.DataFrame, year: int) -> Path:
    table = rows[list(form.headers)].rename(columns=form.headers).assign(**form.extra)
    path = folder / form.file
    if form.encoding:
        return write_csv(path, table, form.encoding)
    return write_workbook(path, table, form.sheet, form.title, _total_row(form, rows), year)


def _total_row(form: Form, rows: pd.DataFrame) -> list[Any]:
    """The row of totals under a table: the word, and the pupils' sum in their column."""
    if not form.has_total:
        return []
    cells: list[Any] = [None] * len(form.headers)
    cells[0] = "合计"
    cells[list(form.headers).index("n_pupils")] = int(rows["n_pupils"].sum())
    return cells


def _rounded(value: Any) -> Any:
    """Numbers to six decimals, so that the last bits of a sum on another machine do not show."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return value
