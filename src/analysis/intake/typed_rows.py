"""From the text of one file to typed rows: every mapped column cleaned, every change a ledger line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import messages
from analysis.intake.checking.totals import sum_totals
from analysis.intake.cleaning.cleaners import Hints, clean_column
from analysis.intake.cleaning.identity import IDENTITY_NUMBER, cut_heads
from analysis.intake.cleaning.plausible import check_pairs
from analysis.intake.cleaning.text import plain_number
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.header import TextTable
from analysis.intake.reading.header_units import in_own_unit
from analysis.intake.reading.trial_rows import drop_trials
from analysis.intake.source import FileEntry, variables_of
from analysis.study.objects import Study, Variable

WITHIN = ":"  # stands between a group and the id that is unique only inside it
LABELLED = ("user_missing", "not_asked")
WHO = ("name", "person_number")
MOMENTS = ("date", "month")
NUMBER_HEAD = (
    "number_head"  # what a spreadsheet left of an identity number; used for linking, never kept
)
GROUPED_IDS = ("school_id", "staff_number", "person_number")


@dataclass(frozen=True)
class TypedRows:
    """The typed rows of one sheet, names and numbers still in them: kept in ``identity/`` only.

    ``frame``: one row per record with ``year``, ``source_*`` and the delivered variables. ``lines``: its ledger.
    ``totals``: its total rows beside the sums, see ``checking/totals.py``.
    """

    table: str
    file: str
    sheet: str
    year: int
    frame: pd.DataFrame
    lines: pd.DataFrame
    n_rows_in: int
    unmapped: tuple[str, ...]
    notes: tuple[str, ...] = ()
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)


def type_rows(study: Study, entry: FileEntry, year: int, text: TextTable) -> TypedRows:
    """One text table of the delivery of ``year`` as typed rows; a roster's ``year`` is that of its snapshot."""
    variables = variables_of(study, entry)
    text = without_trials(entry, text, variables)
    columns, changes = _clean_columns(entry, text, variables, year)
    columns |= _constants(study, entry, len(text.frame))
    paired, changes = _checked_pairs(pd.DataFrame(columns), changes, variables)
    frame = _with_origin(paired, entry, year, text)
    asked, notes = mark_not_asked(study, entry, frame, changes)
    lines = join_lines([text.lines, _as_lines(asked, text, variables)])
    return TypedRows(
        table=entry.table,
        file=text.file,
        sheet=text.sheet,
        year=year,
        frame=_group_ids(frame, entry.ids_within),
        lines=lines.assign(table=entry.table, year=year),
        n_rows_in=text.n_rows_in,
        unmapped=text.unmapped,
        notes=notes,
        totals=sum_totals(text, frame, variables, year),
    )


def without_trials(
    entry: FileEntry, text: TextTable, variables: Mapping[str, Variable]
) -> TextTable:
    """The rows without those that somebody entered to try the form out; only answers of a survey can be all 1."""
    who = [h for h, v in variables.items() if v.kind in WHO or v.id == "school_name"]
    asked = [
        header
        for header, variable in variables.items()
        if variable.kind not in MOMENTS and variable.unit != words().durations.unit
    ]
    return drop_trials(text, who, asked if entry.table == "survey" else [])


def _checked_pairs(
    frame: pd.DataFrame, changes: pd.DataFrame, variables: Mapping[str, Variable]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The typed columns without pairs of values that exclude each other, and the changes with these among them."""
    checked, told = check_pairs(frame)
    if told.empty:
        return checked, changes
    headers = {variable.id: header for header, variable in variables.items()}
    told = told.assign(column=told["variable"].map(headers).fillna(""))
    return checked, pd.concat([changes, told], ignore_index=True)


def _clean_columns(
    entry: FileEntry, text: TextTable, variables: Mapping[str, Variable], year: int
) -> tuple[dict[str, pd.Series], pd.DataFrame]:
    """Typed columns by variable name, and all changes with their header and row position."""
    columns, changes = {}, []
    for header, variable in variables.items():
        answers, missing = entry.answers.get(variable.id, {}), text.missing.get(header, {})
        hints = Hints(answers, missing, received=dt.date(year, 12, 31))
        told = in_own_unit(text.frame[header], variable, text.units.get(header, ""))
        cleaned = clean_column(told.texts, variable, hints)
        columns[variable.id] = cleaned.values
        if variable.id == IDENTITY_NUMBER and (heads := cut_heads(told.texts)).notna().any():
            columns[NUMBER_HEAD] = heads.astype("str")
        found = [c for c in (told.changes, cleaned.changes) if not c.empty]
        changes += [c.assign(column=header, variable=variable.id) for c in found]
    empty = pd.DataFrame(columns=["position", "found", "done", "rule", "column", "variable"])
    return columns, pd.concat(changes, ignore_index=True) if changes else empty


def _constants(study: Study, entry: FileEntry, n_rows: int) -> dict[str, pd.Series]:
    """Columns that hold for the whole file, cleaned like any other text."""
    return {
        name: clean_column(
            pd.Series([constant_text(value)] * n_rows, dtype=object), study.variables[name]
        ).values
        for name, value in entry.constants.items()
    }


def constant_text(value: object) -> str:
    """A value of source.toml as the text a file would have held."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return plain_number(value) if isinstance(value, float) else str(value)


def _with_origin(frame: pd.DataFrame, entry: FileEntry, year: int, text: TextTable) -> pd.DataFrame:
    """The rows with the year they speak of and the place they came from."""
    snapshot = entry.snapshot
    out = frame.assign(
        year=snapshot.year if entry.table == "roster" and snapshot else year,
        source_year=year,
        source_file=text.file,
        source_sheet=text.sheet,
        source_row=text.rows,
    )
    return out.assign(snapshot=snapshot.isoformat()) if snapshot else out


def _group_ids(frame: pd.DataFrame, group: str) -> pd.DataFrame:
    """Ids that are unique only inside a group, as ``group:id``."""
    if not group:
        return frame
    prefix = frame[group].fillna("") + WITHIN
    return frame.assign(**{c: prefix + frame[c] for c in GROUPED_IDS if c in frame})


def mark_not_asked(
    study: Study, entry: FileEntry, frame: pd.DataFrame, changes: pd.DataFrame
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Changes in which a whole group holds one declared missing code become ``not_asked``; with a note for each."""
    group = entry.ids_within or ("survey_stratum" if "survey_stratum" in frame else "")
    groups = frame[group].fillna("-") if group else pd.Series("-", index=frame.index)
    declared = changes[changes["rule"] == "user_missing"]
    within = groups.to_numpy()[declared["position"].to_numpy(dtype=int)]
    sizes = groups.value_counts()
    out, notes = changes.copy(), []
    for (variable, _, name), rows in declared.groupby(["variable", "found", within]):
        if len(rows) == sizes[name]:
            out.loc[rows.index, ["rule", "done"]] = ["not_asked", f"{group}={name}"]
            notes.append(_note(study, entry, str(variable), str(name), len(rows)))
    return out, tuple(notes)


def _note(study: Study, entry: FileEntry, variable: str, group: str, n_rows: int) -> str:
    """What a reader must know about a group that was never asked."""
    label = study.variables[variable].label if variable in study.variables else variable
    text = messages()["note_not_asked"]["zh"]
    return text.format(file=entry.file, group=group, n_rows=n_rows, label=label)


def _as_lines(
    changes: pd.DataFrame, text: TextTable, variables: Mapping[str, Variable]
) -> pd.DataFrame:
    """Changes as ledger lines; a declared missing code is told with the label that the file gives it."""
    if changes.empty:
        return write_lines(pd.Series([], dtype=object))
    rows = text.rows.to_numpy()[changes["position"].to_numpy(dtype=int)]
    return write_lines(
        changes["rule"],
        file=text.file,
        sheet=text.sheet,
        row=pd.Series(rows),
        column=changes["column"],
        variable=changes["variable"],
        found=pd.Series(list(_found_texts(changes, text)), dtype=object),
        done=changes["done"],
    )


def _found_texts(changes: pd.DataFrame, text: TextTable) -> Iterator[str]:
    """What was found, with the label of a declared missing code behind it."""
    if not text.missing:
        yield from changes["found"]
        return
    for header, found, rule in zip(
        changes["column"], changes["found"], changes["rule"], strict=True
    ):
        label = text.missing.get(header, {}).get(found, "") if rule in LABELLED else ""
        yield f"{found} {label}".strip()
