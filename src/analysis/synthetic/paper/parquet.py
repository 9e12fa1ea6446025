"""Large bureaus: the true tables in codes as Parquet, part by part, without dirt and without hand-kept lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper import entries, forms
from analysis.synthetic.paper.delivery import SOURCE, source_entry, source_values, write_told
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.register import Register, open_register
from analysis.synthetic.paper.toml_text import toml_text, write_text
from analysis.synthetic.profile import Profile
from analysis.synthetic.truth.record import Draw

MONTHS = ("birth_month", "work_start")
MOMENTS = ("survey_date",)
WHOLE = ("age", "years_teaching", "weekly_lessons")


@dataclass(frozen=True)
class Extract:
    """One table of a delivery: the form whose columns it has, and the draw's table it is taken from.

    ``columns``: variable -> column of that table, where they are called otherwise. ``programme``: the one
    programme of a list.
    """

    name: str
    form: Callable[[Profile, int], Form]
    source: str
    columns: dict[str, str] = field(default_factory=dict)
    programme: str = ""


EXTRACTS = (
    Extract("roster", forms.roster_form, "teachers", {"birth_month": "birth_date"}),
    Extract("trainings", forms.training_form, "trainings"),
    Extract("assessments", forms.score_form, "scores"),
    Extract("needs", forms.need_form, "needs"),
    Extract("survey", forms.survey_form, "survey"),
    Extract(
        "exits", forms.exit_form, "exits", {"exit_reason": "reason", "exit_date": "event_date"}
    ),
    Extract("rotation", forms.rotation_form, "rotation", programme="rotation"),
    Extract(
        "dormitories",
        forms.dormitory_form,
        "dormitories",
        {"start_date": "moved_in_date"},
        "dormitory",
    ),
    Extract(
        "volunteering",
        forms.volunteer_form,
        "volunteering",
        {"start_date": "service_date"},
        "volunteering",
    ),
)


class Files:
    """The open files of all deliveries: a row group for each part, year and table."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.home = home
        self.stack = stack
        self.open: dict[tuple[int, str], pq.ParquetWriter] = {}
        self.forms: dict[tuple[int, str], Form] = {}

    def add(self, year: int, name: str, form: Form, table: pa.Table) -> None:
        """Write one row group; the first of a file opens it."""
        key = (year, name)
        if key not in self.open:
            folder = self.home / str(year)
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{name}.parquet"
            writer = pq.ParquetWriter(path, table.schema, compression="snappy")
            self.open[key] = self.stack.enter_context(writer)
            headers = {variable: variable for variable in table.column_names}
            self.forms[key] = Form(form.table, path.name, headers, snapshot=form.snapshot)
        self.open[key].write_table(table)


def write_parquet_bureau(
    parts: Iterable[Draw], raw_folder: Path, options: BureauOptions
) -> list[Path]:
    """Write ``<region>/<year>/<table>.parquet`` for every part in turn, holding one part at a time.

    Columns are called like the variables, values are codes; ``source.toml`` maps them to themselves, and
    ``truth.json`` holds the truth of each part under ``parts``. Gives the files, those of a year together.
    """
    home = raw_folder / options.region
    truths = []
    with ExitStack() as stack:
        files = Files(home, stack)
        for part in parts:
            for year, name, form, table in part_tables(part):
                files.add(year, name, form, table)
            truths.append(part.truth)
    written = [home / str(year) / f"{name}.parquet" for year, name in sorted(files.open)]
    written += [_write_source(files, options.profile.label, year) for year in options.years]
    names = sorted(path.relative_to(home).as_posix() for path in written)
    truth = {"options": vars(options), "parts": truths, "written": names}
    return [*written, write_told(truth, home)]


def _write_source(files: Files, label: str, year: int) -> Path:
    """The ``source.toml`` of one year, tables in the order of ``EXTRACTS``, schools last."""
    named = [source_entry(form) for (of, _), form in files.forms.items() if of == year]
    text = toml_text(source_values(label, year), named, "files")
    return write_text(files.home / str(year) / SOURCE, text)


def part_tables(draw: Draw) -> Iterator[tuple[int, str, Form, pa.Table]]:
    """Year, name, form and rows of every table of one part; tables without a row are left out."""
    clean = replace(draw, options=replace(draw.options, dirt="none"))
    who = _open_who(open_register(clean))
    for year in draw.options.years:
        for extract in EXTRACTS:
            form = extract.form(draw.profile, year)
            table = _extracted(clean, who, extract, form, year)
            if len(table):
                yield year, extract.name, form, table
        form = forms.school_form(draw.profile, year)
        yield year, "schools", form, _schools(clean, who.register, form, year)


@dataclass(frozen=True)
class Who:
    """The register with its texts as they are written; ``index`` gives the place of a person in ``people``."""

    register: Register
    index: np.ndarray
    people: dict[str, pa.Array]


def _open_who(register: Register) -> Who:
    persons = register.people.index.to_numpy()
    index: np.ndarray = np.full(int(persons.max()) + 1, -1)
    index[persons] = np.arange(len(persons))
    texts = {c: pa.array(register.people[c].to_numpy(), pa.string()) for c in register.people}
    return Who(register, index, texts)


def _extracted(draw: Draw, who: Who, extract: Extract, form: Form, year: int) -> pa.Table:
    """The rows of one year, with the columns of a form that the draw or the register hold."""
    source: pd.DataFrame = getattr(draw, extract.source)
    at = np.flatnonzero(source["year"] == year) if "year" in source else np.array([], dtype=int)
    if not len(at):
        return pa.table({})
    arrays: dict[str, Any] = {}
    for variable in (v for v in form.headers if v not in form.unmapped):
        column = extract.columns.get(variable, variable)
        if variable == "programme" and extract.programme:
            arrays[variable] = _coded(np.zeros(len(at), dtype=int), [extract.programme])
        elif variable in who.people:
            arrays[variable] = _texts(who, variable, source, at)
        elif variable == "school_name":  # names are unique within a part only
            ids = who.register.schools["school_id"]
            arrays["school_id"] = _coded(source["school"].to_numpy()[at], ids)
        elif column in source:
            arrays[variable] = column_array(variable, source[column].iloc[at])
    return pa.table(arrays)


def _texts(who: Who, variable: str, source: pd.DataFrame, at: np.ndarray) -> pa.Array:
    """Names or numbers of people; an answer sheet whose number nobody could match has none."""
    places = who.index[source["person"].to_numpy()[at]]
    if "is_linkable" not in source:
        return who.people[variable].take(pa.array(places))
    is_known = source["is_linkable"].to_numpy(dtype=bool)[at]
    return who.people[variable].take(pa.array(places, mask=~is_known))


def _schools(draw: Draw, register: Register, form: Form, year: int) -> pa.Table:
    """The school ledger: names, pupils and pilots as delivered, everything else in codes."""
    ledger = entries.school_entries(draw, register, year).rows
    schools = draw.schools.loc[ledger["school"]]
    arrays: dict[str, Any] = {}
    for variable in (v for v in form.headers if v not in form.unmapped):
        is_coded = variable in schools and variable not in ("district", "subsidy_grade")
        column = schools[variable] if is_coded else ledger[variable]
        arrays[variable] = column_array(variable, column)
    return pa.table(arrays)


def column_array(variable: str, column: pd.Series) -> pa.Array:
    """One column in codes: flags as yes and no, months as 2024-09, days as dates, missing cells as missing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _coded(column.cat.codes.to_numpy(), column.cat.categories)
    if column.dtype.kind == "b":
        return _coded(column.to_numpy().astype(int), ["no", "yes"])
    if column.dtype.kind == "M":
        return _dates(variable, column.to_numpy())
    if variable in WHOLE:
        return pa.array(np.floor(column.to_numpy()), from_pandas=True).cast(pa.int32())
    if column.dtype.kind in "iuf":
        return pa.array(column.to_numpy(), from_pandas=True)
    return pa.array(column, from_pandas=True).cast(pa.string())


def _dates(variable: str, values: np.ndarray) -> pa.Array:
    if variable in MOMENTS:
        return pa.array(values.astype("datetime64[ms]"))
    if variable not in MONTHS:
        return pa.array(values.astype("datetime64[D]"))
    months, found = pd.factorize(values.astype("datetime64[M]").astype("datetime64[s]"))
    return _coded(months, np.asarray(found).astype("datetime64[M]").astype(str))


def _coded(codes: np.ndarray, words: Any) -> pa.Array:
    """Words by position, written once; -1 is missing."""
    index = pa.array(codes.astype("int32"), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(index, pa.array([str(w) for w in words], pa.string()))
