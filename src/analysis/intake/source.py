"""``source.toml``: what came in one delivery, from whom, and which header is which variable."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analysis.errors import DataError, nearest, raise_all
from analysis.intake.cleaning.words import words
from analysis.intake.tables import KEYS, columns_of, table_names
from analysis.study.objects import Study, Variable
from analysis.study.workspace import Workspace, check_year

SOURCE_NAME = "source.toml"
Persons = Literal["private", "invented", "public"]
Constant = str | int | float | dt.date
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
TO_FILL = "???"  # begins what a drafted source.toml leaves to be filled in; nothing is read before


class Replicates(BaseModel):
    """Replicate weights of a survey: headers ``prefix1`` to ``prefix<count>``, and how their variance is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    prefix: str
    count: int = Field(gt=1)
    method: Literal["BRR", "JK1", "JKn", "bootstrap"]
    fay: float = Field(default=0.0, ge=0.0, lt=1.0)


class FileEntry(BaseModel):
    """One file (or one sheet of it) that feeds one typed table."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: str
    file: str
    sheet: str = ""
    snapshot: dt.date | None = None
    columns: dict[str, str] = {}  # only headers that are no label and no synonym need a line
    answers: dict[str, dict[str, str]] = {}
    constants: dict[str, Constant] = {}
    survey_replicates: Replicates | None = None
    ids_within: str = (
        ""  # ids are unique only inside this variable's groups: they become ``group:id``
    )


class Correction(BaseModel):
    """One cell that is to be read otherwise: where it stands, what stands there, what is meant, and why.

    ``row``: the number of the row in the sheet. ``to``: empty to empty the cell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str
    sheet: str = ""
    row: int = Field(ge=1)
    column: str
    found: str
    to: str
    reason: Filled


class Stated(BaseModel):
    """A figure that the bureau itself stated in a plan or rule, and how a sentence names that document."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: float
    text: Filled


class Source(BaseModel):
    """One delivery. ``returned``: workbooks that schools sent back, lying beside it or among its files.

    ``stated``: by ``problem.indicator``, what the bureau stated its own figure should be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    region_label: str
    year: int
    producer: str
    received: dt.date
    invented: bool = False
    persons: Persons = "private"
    root: str = "."
    files: tuple[FileEntry, ...]
    corrections: tuple[Correction, ...] = ()
    returned: tuple[str, ...] = ()
    stated: dict[str, Stated] = {}


MODELS: Mapping[str, type[BaseModel]] = {
    "files": FileEntry,
    "corrections": Correction,
    "survey_replicates": Replicates,
    "stated": Stated,
}


def load_source(space: Workspace, study: Study, region: str, year: int) -> Source:
    """The checked ``source.toml`` of one delivery.

    Raises DataError (several at once) naming the file, the key and the nearest right name.
    """
    source = read_source(space, region, year)
    name = f"{region}/{year}/{SOURCE_NAME}"
    raise_all(check_source(study, source, name, year))
    return source


def read_source(space: Workspace, region: str, year: int) -> Source:
    """The description as it is written; raises DataError (several at once) for its form, and for what is to fill in."""
    name = f"{region}/{year}/{SOURCE_NAME}"
    raw = _read(space.delivery(region, year) / SOURCE_NAME, name)
    raise_all(DataError("source_to_fill", file=name, key=key) for key in open_keys(raw))
    return _parse(name, raw)


def open_keys(values: Any, path: str = "") -> Iterator[str]:
    """The keys of a drafted description that somebody still has to fill in."""
    if isinstance(values, str) and values.startswith(TO_FILL):
        yield path
    if isinstance(values, list):
        values = dict(enumerate(values, start=1))
    for key, value in values.items() if isinstance(values, dict) else ():
        yield from open_keys(value, f"{path}.{key}".lstrip("."))


def persons_of(space: Workspace, region: str) -> Persons:
    """Whose data a region's newest delivery holds, before anything else of it is checked.

    Raises ParameterError for an unknown region, DataError for a source.toml that cannot be read.
    """
    year = check_year(space, region, "auto")
    name = f"{region}/{year}/{SOURCE_NAME}"
    return _parse(name, _read(space.delivery(region, year) / SOURCE_NAME, name)).persons


def files_folder(space: Workspace, source: Source, region: str) -> Path:
    """Where the files of a delivery lie."""
    return space.delivery(region, source.year) / source.root


def _read(path: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DataError("source_missing", file=name) from error
    except UnicodeDecodeError as error:
        raise DataError("source_not_utf8", file=name) from error
    except tomllib.TOMLDecodeError as error:
        raise DataError("source_not_toml", file=name, detail=error) from error


def _parse(name: str, raw: Mapping[str, Any]) -> Source:
    try:
        return Source.model_validate(raw)
    except ValidationError as error:
        raise_all(_bad_keys(name, error))
        raise  # a validation error always carries at least one problem


def _bad_keys(name: str, error: ValidationError) -> Iterator[DataError]:
    """Each problem of form as a DataError with the key, what is wrong and the nearest known key."""
    for item in error.errors():
        names = [str(part) for part in item["loc"] if not isinstance(part, int)]
        model = next((MODELS[n] for n in reversed(names[:-1]) if n in MODELS), Source)
        near = nearest(names[-1] if names else "", model.model_fields) or "-"
        key = ".".join(str(part) for part in item["loc"]) or "-"
        yield DataError("source_bad_key", file=name, key=key, detail=item["msg"], nearest=near)


def check_source(study: Study, source: Source, name: str, year: int) -> list[DataError]:
    """Everything a delivery's description names that is not so."""
    errors = [] if source.files else [DataError("source_no_files", file=name)]
    if source.year != year:
        errors.append(DataError("source_wrong_year", file=name, found=source.year, expected=year))
    for entry in source.files:
        errors += _check_table(study, name, entry)
        errors += _check_snapshot(source, name, entry)
    return [*errors, *_check_corrections(source, name), *_check_stated(study, source, name)]


def _check_stated(study: Study, source: Source, name: str) -> Iterator[DataError]:
    """Stated figures of indicators that no problem has, or that are no ratio."""
    known = [f"{p.id}.{i.id}" for p in study.problems.values() for i in p.indicators if i.kind == "ratio"]  # fmt: skip
    for key in source.stated:
        if key not in known:
            near = nearest(key, known) or "-"
            yield DataError("source_unknown_stated", file=name, key=key, nearest=near)


def _check_corrections(source: Source, name: str) -> Iterator[DataError]:
    """Corrections of files that this delivery does not have."""
    files = list(dict.fromkeys(entry.file for entry in source.files))
    for each in (c for c in source.corrections if c.file not in files):
        near = nearest(each.file, files) or "-"
        yield DataError("correction_unknown_file", file=name, delivered=each.file, nearest=near)


def same_snapshots(sources: Mapping[int, Source]) -> Iterator[DataError]:
    """One DataError per roster of a year that an earlier delivery already brought: a year has one snapshot."""
    first: dict[int, tuple[int, str]] = {}
    rosters = [(y, e) for y, s in sources.items() for e in s.files if e.table == "roster"]
    for delivered, entry in rosters:
        if entry.snapshot is None:  # told by check_source
            continue
        year, place = entry.snapshot.year, f"{delivered}/{entry.file} ({entry.snapshot})"
        before, known = first.setdefault(year, (delivered, place))
        if before != delivered:
            yield DataError("source_same_snapshot", year=year, first=known, second=place)


def _check_table(study: Study, name: str, entry: FileEntry) -> list[DataError]:
    tables = table_names(study)
    if entry.table not in tables:
        near = nearest(entry.table, tables) or "-"
        return [
            DataError(
                "source_unknown_table",
                file=name,
                delivered=entry.file,
                table=entry.table,
                nearest=near,
                known=", ".join(tables),
            )
        ]
    return [*_check_names(study, name, entry), *_check_codes(study, name, entry)]


def _check_names(study: Study, name: str, entry: FileEntry) -> Iterator[DataError]:
    """Variables that this table does not have, and variables that two headers claim."""
    known = columns_of(study, entry.table)
    wanted = [*entry.columns.values(), *entry.answers, *entry.constants]
    wanted += [entry.ids_within] if entry.ids_within else []
    for variable in dict.fromkeys(w for w in wanted if w not in known):
        near = nearest(variable, known) or "-"
        yield DataError(
            "source_unknown_variable",
            file=name,
            delivered=entry.file,
            table=entry.table,
            variable=variable,
            nearest=near,
        )
    filled = [*entry.columns.values(), *entry.constants]
    for variable in sorted({v for v in filled if filled.count(v) > 1}):
        yield DataError("source_twice", file=name, delivered=entry.file, variable=variable)


def _check_codes(study: Study, name: str, entry: FileEntry) -> Iterator[DataError]:
    """Answers that lead to a code the variable does not have; an empty code, or a word for it, means missing."""
    missing = {"", *words().skipped, *words().blank}
    for variable, spellings in entry.answers.items():
        entry_codes = study.variables[variable].codes if variable in study.variables else {}
        unknown = {
            c for c in spellings.values() if entry_codes and c not in {*entry_codes, *missing}
        }
        for code in sorted(unknown):
            near = nearest(code, entry_codes) or ", ".join(entry_codes)
            yield DataError(
                "source_unknown_code",
                file=name,
                delivered=entry.file,
                variable=variable,
                code=code,
                nearest=near,
            )


def check_keys(name: str, entry: FileEntry) -> Iterator[DataError]:
    """Each table needs something to know its persons or schools by; told once the headers of the file are known."""
    filled = {*entry.columns.values(), *entry.constants}
    for group in KEYS.get(entry.table, ()):
        if not filled & set(group):
            yield DataError(
                "source_no_key",
                file=name,
                delivered=entry.file,
                table=entry.table,
                expected=" / ".join(group),
            )


def _check_snapshot(source: Source, name: str, entry: FileEntry) -> Iterator[DataError]:
    """A roster needs its date; nothing may be dated after the end of the report year."""
    if entry.table == "roster" and entry.snapshot is None:
        yield DataError("source_no_snapshot", file=name, delivered=entry.file)
    if entry.snapshot is not None and entry.snapshot > dt.date(source.year, 12, 31):
        yield DataError(
            "source_after_year",
            file=name,
            delivered=entry.file,
            found=entry.snapshot,
            expected=f"{source.year}-12-31",
        )
    elif entry.table == "roster" and entry.snapshot and entry.snapshot.year < source.year - 1:
        yield DataError(
            "source_old_snapshot",
            file=name,
            delivered=entry.file,
            found=entry.snapshot,
            expected=f"{source.year - 1}-01-01 – {source.year}-12-31",
        )


def variables_of(study: Study, entry: FileEntry) -> dict[str, Variable]:
    """Header -> variable for every mapped column of one file, replicate weights included."""
    mapped = {header: study.variables[name] for header, name in entry.columns.items()}
    return mapped | replicate_variables(entry)


def replicate_variables(entry: FileEntry) -> dict[str, Variable]:
    """Header -> variable ``survey_rep_<k>`` for the replicate weights of a survey file."""
    reps = entry.survey_replicates
    if reps is None:
        return {}
    return {f"{reps.prefix}{k}": replicate(k) for k in range(1, reps.count + 1)}


def replicate(k: int) -> Variable:
    """The k-th replicate weight: a number that cannot be negative."""
    name = f"survey_rep_{k}"
    return Variable(id=name, label=name, label_en=name, kind="number", low=0.0, tables=("survey",))
