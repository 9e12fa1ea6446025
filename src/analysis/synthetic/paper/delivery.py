"""Writes a drawn bureau as its yearly deliveries: files, a ``source.toml`` beside them, and the truth."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.synthetic.paper import entries, forms, questionnaires
from analysis.synthetic.paper.files import write_file
from analysis.synthetic.paper.filled import Filled, as_filled, told
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.layout import named_headers
from analysis.synthetic.paper.office import office_parts
from analysis.synthetic.paper.register import Register, open_register
from analysis.synthetic.paper.toml_text import json_text, toml_text, write_text
from analysis.synthetic.truth.record import Draw

TRUTH = "truth.json"
SOURCE = "source.toml"
# what the county's own summary says of its plan (domain seed S2): practical courses are at least half
STATED = """
[stated."training_modes.practice_share"]
value = 50.0
text = "培训计划提出的"
"""
Entries = Callable[[Draw, Register, int], pd.DataFrame | Filled]
Part = tuple[Form, Entries]


def write_bureau(draw: Draw, raw_folder: Path, years: Iterable[int] = ()) -> list[Path]:
    """Write ``<region>/<year>/…`` for the years (default: all) and ``<region>/truth.json`` under ``raw_folder``.

    The truth tells of the files of all years, also of those that are not written. Gives the files in the order
    they were written.
    """
    home = raw_folder / draw.options.region
    register = open_register(draw)
    wanted = {*(years or draw.options.years)}
    written: list[Path] = []
    dirt: dict[str, Any] = {}
    names: list[str] = []
    for year in draw.options.years:
        filled = [
            (form, as_filled(fill(draw, register, year))) for form, fill in plan_year(draw, year)
        ]
        notes = {f"{year}/{form.file}": told(table, named_headers(form)) for form, table in filled}
        dirt |= {place: note for place, note in notes.items() if note}
        names += [*(f"{year}/{form.file}" for form, _ in filled), f"{year}/{SOURCE}"]
        if year in wanted:
            written += write_year(draw, home / str(year), year, filled)
    return [*written, write_truth(draw, home, {"files": dirt, "written": sorted(names)})]


def write_year(
    draw: Draw, folder: Path, year: int, filled: list[tuple[Form, Filled]]
) -> list[Path]:
    """Write one delivery: its files and the ``source.toml`` that says what their columns are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [write_file(folder, form, table.rows, year) for form, table in filled]
    named = [source_entry(form) for form, _ in filled if form.table]
    source = toml_text(source_values(draw.profile.label, year), named, "files")
    if draw.options.bureau == "county" and any(form.table == "courses" for form, _ in filled):
        source += STATED
    return [*written, write_text(folder / SOURCE, source)]


def write_truth(draw: Draw, folder: Path, paper: Mapping[str, Any] | None = None) -> Path:
    """Write ``truth.json`` of a draw; ``paper``: which files were written, and what does not say the truth in them."""
    return write_told(draw.truth | dict(paper or {}), folder)


def write_told(truth: Mapping[str, Any], folder: Path) -> Path:
    """Write ``truth.json``; only tests, ``verify`` and the honesty runs may read it."""
    return write_text(folder / TRUTH, json_text({**truth, "generator": generator_mark()}))


def generator_mark() -> str:
    """Changes with the source of this room: twelve digits of its SHA-256 (line ends do not count)."""
    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    text = "\0".join(path.read_text(encoding="utf-8") for path in sources)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def plan_year(draw: Draw, year: int) -> list[Part]:
    """The files of one year's delivery with the function that fills each; what the draw lacks has no file."""
    profile = draw.profile
    parts: list[Part] = [
        (forms.roster_form(profile, year), entries.roster_entries),
        (forms.school_form(profile, year), entries.school_entries),
    ]
    if _has(draw.exits, year):
        parts.append((forms.exit_form(profile, year), entries.exit_entries))
    parts += [*_ledgers(draw, year), *_tests(draw, year), *_lists(draw, year)]
    return [*parts, *office_parts(draw, year)]


def _ledgers(draw: Draw, year: int) -> list[Part]:
    """The ledger begins with the autumn before the first school year it covers."""
    first = max(draw.options.first_year, draw.profile.first_ledger_year - 1)
    if year < first or not _has(draw.trainings, year):
        return []
    parts: list[Part] = [(forms.training_form(draw.profile, year), entries.training_entries)]
    is_mentored = (draw.trainings["year"] == year) & (draw.trainings["programme"] == "mentoring")
    if year >= forms.MENTOR_BOOKS and is_mentored.any():
        parts.append((forms.mentor_form(draw.profile, year), entries.mentor_entries))
    return parts


def _tests(draw: Draw, year: int) -> list[Part]:
    """The results of the test, or only the list of those who passed; then the questionnaires, oldest first."""
    profile = draw.profile
    parts: list[Part] = []
    if _has(draw.scores, year) and draw.options.tests == "pass-list":
        parts.append((forms.pass_list_form(profile, year), entries.pass_list_entries))
    elif _has(draw.scores, year):
        parts.append((forms.score_form(profile, year), entries.score_entries))
    if _has(draw.needs, year):
        parts.append(
            (
                forms.need_form(profile, year, questionnaires.need_counts(draw, year)),
                questionnaires.need_entries,
            )
        )
    if _has(draw.survey, year):
        parts.append(
            (
                forms.survey_form(profile, year, questionnaires.survey_counts(draw, year)),
                questionnaires.survey_entries,
            )
        )
    return parts


def _lists(draw: Draw, year: int) -> list[Part]:
    """The hand-kept lists of who entered which programme."""
    profile = draw.profile
    lists: tuple[tuple[pd.DataFrame, Form, Entries], ...] = (
        (draw.rotation, forms.rotation_form(profile, year), entries.rotation_entries),
        (draw.dormitories, forms.dormitory_form(profile, year), entries.dormitory_entries),
        (draw.volunteering, forms.volunteer_form(profile, year), entries.volunteer_entries),
    )
    return [(form, fill) for table, form, fill in lists if _has(table, year)]


def _has(table: pd.DataFrame, year: int) -> bool:
    return bool((table["year"] == year).any()) if "year" in table else False


def source_entry(form: Form) -> dict[str, Any]:
    """One entry of ``source.toml``: the file, and header -> variable for every column that means something."""
    entry: dict[str, Any] = {"table": form.table, "file": form.file}
    if form.sheet and not form.per_school:
        entry["sheet"] = form.sheet
    if form.snapshot:
        entry["snapshot"] = form.snapshot
    mapped = {v: header for v, header in named_headers(form).items() if v not in form.unmapped}
    entry["columns"] = {header: variable for variable, header in mapped.items()}
    if form.answers:
        entry["answers"] = form.answers
    return entry


def source_values(label: str, year: int) -> dict[str, Any]:
    """The top of ``source.toml``: whose delivery it is."""
    return {
        "region_label": label,
        "year": year,
        "producer": "invented by policy-report demo",
        "received": dt.date(year, 12, 31),
        "invented": True,
        "persons": "invented",
        "root": ".",
    }
